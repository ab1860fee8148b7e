//! Chunks on their way to the embedder: gathered to batches worth sending.

/// Fewer are sent only when the first has waited [`FLUSH_AFTER_MS`], or at the end.
pub const MIN_BATCH_CHUNKS: usize = 16;
/// A batch this large is sent at once: about 0.5 MB of text, and some seconds of one core.
pub const MAX_BATCH_CHUNKS: usize = 256;
/// No item waits longer for others to join it.
pub const FLUSH_AFTER_MS: u64 = 500;

/// Gathers items into batches; the clock is whatever the caller passes.
///
/// A batch leaves when it holds `full_at` items or when its first one has waited [`FLUSH_AFTER_MS`].
/// Items leave in the order they came.
#[derive(Debug)]
pub struct Batcher<T> {
    items: Vec<T>,
    full_at: usize,
    first_at_ms: u64,
}

impl<T> Batcher<T> {
    /// Makes an empty one; `full_at` is brought within 16 and 256.
    pub fn new(full_at: usize) -> Self {
        let full_at = full_at.clamp(MIN_BATCH_CHUNKS, MAX_BATCH_CHUNKS);
        Self { items: Vec::with_capacity(full_at), full_at, first_at_ms: 0 }
    }

    /// Adds an item and returns the batch that it filled.
    pub fn push(&mut self, item: T, now_ms: u64) -> Option<Vec<T>> {
        if self.items.is_empty() {
            self.first_at_ms = now_ms;
        }
        self.items.push(item);
        if self.items.len() >= self.full_at { self.flush() } else { None }
    }

    /// Returns the batch whose first item has waited long enough.
    pub fn poll(&mut self, now_ms: u64) -> Option<Vec<T>> {
        if self.due_at_ms()? <= now_ms { self.flush() } else { None }
    }

    /// Tells when [`Self::poll`] would give a batch; nothing when there is no item.
    pub fn due_at_ms(&self) -> Option<u64> {
        if self.items.is_empty() { None } else { Some(self.first_at_ms.saturating_add(FLUSH_AFTER_MS)) }
    }

    /// Returns what is there, however little.
    pub fn flush(&mut self) -> Option<Vec<T>> {
        if self.items.is_empty() {
            return None;
        }
        Some(std::mem::replace(&mut self.items, Vec::with_capacity(self.full_at)))
    }
}
