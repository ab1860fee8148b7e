//! Deflated entries that were sent a moment ago.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Of all together, those that are being sent or gathered among them.
const MAX_BYTES: usize = 64 << 20;
/// Longer ones would push out too many others.
const MAX_ONE_BYTES: usize = 16 << 20;
/// Memory is counted in these.
const UNIT_BYTES: usize = 1 << 10;

/// A deflated entry, and the room that it takes for as long as anybody holds it.
#[derive(Debug)]
pub(crate) struct Deflation {
    pub(crate) pieces: Vec<Bytes>,
    room: OwnedSemaphorePermit,
}

impl Deflation {
    pub(crate) fn n_bytes(&self) -> usize {
        self.pieces.iter().map(Bytes::len).sum()
    }
}

/// Deflated entries by digest, the one used last at the end.
pub(crate) struct Deflated {
    kept: Mutex<VecDeque<(String, Arc<Deflation>)>>,
    room: Arc<Semaphore>,
    max_one_bytes: usize,
}

impl Default for Deflated {
    fn default() -> Self {
        Self::new(MAX_BYTES, MAX_ONE_BYTES)
    }
}

impl Deflated {
    fn new(max_bytes: usize, max_one_bytes: usize) -> Self {
        Self { kept: Mutex::default(), room: Arc::new(Semaphore::new(max_bytes / UNIT_BYTES)), max_one_bytes }
    }

    /// Finds what an entry deflates to.
    pub(crate) fn find(&self, sha256: &str) -> Option<Arc<Deflation>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(name, _)| name == sha256)?;
        let found = kept.remove(at)?;
        let deflation = Arc::clone(&found.1);
        kept.push_back(found);
        Some(deflation)
    }

    /// Begins to gather an entry; `None` where there is no room for the smallest.
    pub(crate) fn gather(&self) -> Option<Deflation> {
        Some(Deflation { pieces: Vec::new(), room: self.take(1)? })
    }

    /// Adds a piece; `None` where the entry gets too long for the room there is.
    pub(crate) fn add(&self, mut gathered: Deflation, piece: &Bytes) -> Option<Deflation> {
        if gathered.n_bytes() + piece.len() > self.max_one_bytes {
            return None;
        }
        gathered.room.merge(self.take(piece.len().div_ceil(UNIT_BYTES))?);
        gathered.pieces.push(piece.clone());
        Some(gathered)
    }

    /// Keeps an entry that is whole.
    pub(crate) fn keep(&self, sha256: &str, deflation: Deflation) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().all(|(name, _)| name != sha256) {
            kept.push_back((sha256.to_owned(), Arc::new(deflation)));
        }
    }

    /// Takes room, in the place of those that were used longest ago.
    fn take(&self, n_units: usize) -> Option<OwnedSemaphorePermit> {
        let n_units = u32::try_from(n_units).ok()?;
        loop {
            if let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(n_units) {
                return Some(room);
            }
            // Room of one that is being sent is free once it is sent.
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop_front()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(deflated: &Deflated, n_bytes: usize) -> Option<Deflation> {
        deflated.add(deflated.gather()?, &Bytes::from(vec![7; n_bytes]))
    }

    #[test]
    fn room_is_taken_from_those_used_longest_ago_and_never_exceeded() {
        let deflated = Deflated::new(10 << 10, 8 << 10);
        for name in ["a", "b"] {
            deflated.keep(name, entry(&deflated, 3 << 10).expect("there is room"));
        }
        assert!(deflated.find("a").is_some());
        deflated.keep("c", entry(&deflated, 3 << 10).expect("b makes room"));
        assert!(deflated.find("b").is_none());
        let sent = (deflated.find("a"), deflated.find("c"));
        assert!(sent.0.is_some() && sent.1.is_some());
        // Both are pushed out, but their room is not free before they are sent.
        assert!(entry(&deflated, 6 << 10).is_none());
        drop(sent);
        assert!(entry(&deflated, 6 << 10).is_some());
        assert!(entry(&deflated, 9 << 10).is_none());
    }
}
