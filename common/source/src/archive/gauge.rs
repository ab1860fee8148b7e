//! Readers that count: what came in, what it inflated to, and when that is too much.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::rc::Rc;

use crate::failure::SourceError;
use crate::limits::{RATIO_FLOOR_BYTES, SourceLimits};

/// Where a reader leaves the typed error that an [`io::Error`] on its way up would lose.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fault(Rc<RefCell<Option<SourceError>>>);

impl Fault {
    pub(crate) fn raise(&self, error: SourceError) -> io::Error {
        let text = error.to_string();
        *self.0.borrow_mut() = Some(error);
        io::Error::other(text)
    }

    pub(crate) fn take(&self) -> Option<SourceError> {
        self.0.borrow_mut().take()
    }
}

/// Counts the bytes that pass.
pub(crate) struct Counted<R> {
    inner: R,
    n_bytes: Rc<Cell<u64>>,
}

impl<R: Read> Counted<R> {
    pub(crate) fn new(inner: R) -> (Self, Rc<Cell<u64>>) {
        let n_bytes = Rc::new(Cell::new(0));
        (Self { inner, n_bytes: Rc::clone(&n_bytes) }, n_bytes)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.n_bytes.set(self.n_bytes.get() + n as u64);
        Ok(n)
    }
}

/// Ends a stream that inflates past the limits, before what it holds is looked at.
pub(crate) struct BombGuard<R> {
    inner: R,
    n_compressed: Rc<Cell<u64>>,
    n_inflated: u64,
    max_inflated: u64,
    max_ratio: u64,
    fault: Fault,
}

impl<R: Read> BombGuard<R> {
    pub(crate) fn new(inner: R, n_compressed: Rc<Cell<u64>>, limits: &SourceLimits, fault: Fault) -> Self {
        Self {
            inner,
            n_compressed,
            n_inflated: 0,
            max_inflated: limits.max_decompressed_bytes,
            max_ratio: limits.max_ratio,
            fault,
        }
    }
}

impl<R: Read> Read for BombGuard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.n_inflated += n as u64;
        match bomb_limit(self.n_compressed.get(), self.n_inflated, self.max_inflated, self.max_ratio) {
            None => Ok(n),
            Some(limit_bytes) => Err(self
                .fault
                .raise(SourceError::ArchiveBomb { compressed_bytes: self.n_compressed.get(), limit_bytes })),
        }
    }
}

/// Returns the limit that `n_inflated` bytes break, if they do.
pub(crate) fn bomb_limit(
    n_compressed: u64,
    n_inflated: u64,
    max_inflated: u64,
    max_ratio: u64,
) -> Option<u64> {
    let ratio_limit = n_compressed.saturating_mul(max_ratio).max(RATIO_FLOOR_BYTES);
    let limit = max_inflated.min(ratio_limit);
    (n_inflated > limit).then_some(limit)
}
