//! Time, as a parameter.

use std::future::Future;
use std::time::Duration;

use crate::time::Timestamp;

/// Tells the time and waits.
pub trait Clock: Send + Sync + 'static {
    /// Returns the present moment; it may jump.
    fn now(&self) -> Timestamp;

    /// Waits; dropping the future ends the wait.
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send;
}
