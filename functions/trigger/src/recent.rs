//! A small cache for answers that stay valid for a moment.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long another process's change may go unnoticed.
const KEPT: Duration = Duration::from_secs(2);
const MAX_KEPT: usize = 10_000;

/// Answers of a database that are asked for with every request, such as whose a session is.
///
/// Whoever changes what they depend on in this process clears them.
#[derive(Debug)]
pub(crate) struct Recent<K, V>(Mutex<HashMap<K, (Instant, V)>>);

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        self.kept().get(key).filter(|(at, _)| at.elapsed() < KEPT).map(|(_, value)| value.clone())
    }

    pub(crate) fn put(&self, key: K, value: V) {
        let mut kept = self.kept();
        if kept.len() >= MAX_KEPT {
            kept.retain(|_, (at, _)| at.elapsed() < KEPT);
        }
        if kept.len() < MAX_KEPT {
            kept.insert(key, (Instant::now(), value));
        }
    }

    pub(crate) fn clear(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<K, (Instant, V)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_until_they_are_cleared() {
        let recent = Recent::default();
        recent.put("a", 1);
        assert_eq!((recent.get(&"a"), recent.get(&"b")), (Some(1), None));
        recent.clear();
        assert_eq!(recent.get(&"a"), None);
    }
}
