//! Being told to stop: once to finish what runs, twice to leave it.

use pipeline::CancelFlag;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM is how a platform ends a process, Ctrl-C how a person does.
pub struct Signals {
    terminate: Option<Signal>,
    interrupt: Option<Signal>,
}

impl Signals {
    /// Listens from now on; must be called within a runtime.
    pub fn listen() -> Self {
        Self {
            terminate: signal(SignalKind::terminate()).ok(),
            interrupt: signal(SignalKind::interrupt()).ok(),
        }
    }

    /// Waits for one of them.
    pub async fn next(&mut self) {
        tokio::select! { () = received(&mut self.terminate) => {} () = received(&mut self.interrupt) => {} }
    }

    /// Sets the first flag at the first signal and the second at the next.
    pub async fn set(mut self, drain: CancelFlag, stop: CancelFlag) {
        self.next().await;
        drain.set();
        self.next().await;
        stop.set();
    }
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}
