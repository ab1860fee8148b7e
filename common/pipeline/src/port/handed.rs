//! Values that a stage leaves in memory for later stages of the same process, beside what it writes.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::key::ObjectKey;

/// Bytes of JSON whose values are kept at once; in memory they take about twice as many. What is beyond is read from
/// the store again.
const MAX_BYTES: u64 = 512 << 20;

/// What was handed over and not taken yet, by the artifact that it is the value of.
///
/// Nobody may rely on finding anything here: the store has it all.
#[derive(Debug, Default)]
pub struct HandedOver(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    /// Each with the bytes of its JSON.
    values: BTreeMap<(ObjectKey, TypeId), (u64, Box<dyn Any + Send>)>,
    n_bytes: u64,
}

impl HandedOver {
    /// Keeps the value of an artifact, unless too much is kept already.
    pub fn keep<T: Send + 'static>(&self, key: ObjectKey, n_bytes: u64, value: T) {
        let mut held = self.lock();
        if held.n_bytes.saturating_add(n_bytes) <= MAX_BYTES {
            held.n_bytes += n_bytes;
            let replaced = held.values.insert((key, TypeId::of::<T>()), (n_bytes, Box::new(value)));
            held.n_bytes -= replaced.map_or(0, |(n_bytes, _)| n_bytes);
        }
    }

    /// Takes the value of an artifact; nobody finds it here again.
    pub fn take<T: 'static>(&self, key: &ObjectKey) -> Option<T> {
        let mut held = self.lock();
        let (n_bytes, value) = held.values.remove(&(key.clone(), TypeId::of::<T>()))?;
        held.n_bytes -= n_bytes;
        value.downcast().ok().map(|value| *value)
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        // Every change is one insertion or removal, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> ObjectKey {
        ObjectKey::from_listed(&format!("local/{name}")).expect("a plain name")
    }

    #[test]
    fn a_value_is_taken_once_and_by_its_type() {
        let handed = HandedOver::default();
        handed.keep(key("job-1"), 10, vec![1_u32]);
        assert_eq!(handed.take::<String>(&key("job-1")), None);
        assert_eq!(handed.take::<Vec<u32>>(&key("job-2")), None);
        assert_eq!(handed.take(&key("job-1")), Some(vec![1_u32]));
        assert_eq!(handed.take::<Vec<u32>>(&key("job-1")), None);
    }

    #[test]
    fn no_more_is_kept_than_the_limit_allows() {
        let handed = HandedOver::default();
        handed.keep(key("job-1"), MAX_BYTES, 1_u32);
        handed.keep(key("job-2"), 1, 2_u32);
        assert_eq!(handed.take::<u32>(&key("job-2")), None);
        assert_eq!(handed.take(&key("job-1")), Some(1_u32));
        handed.keep(key("job-2"), 1, 2_u32);
        handed.keep(key("job-2"), 1, 3_u32);
        assert_eq!(handed.take(&key("job-2")), Some(3_u32));
    }
}
