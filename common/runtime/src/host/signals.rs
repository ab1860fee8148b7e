//! Being told to stop: once to finish what runs, twice to leave it.

use pipeline::CancelFlag;

/// Waits for a signal, for ever where the system gives no notice of it. A macro, for on Windows each has its type.
macro_rules! received {
    ($signal:expr) => {
        async {
            match $signal {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        }
    };
}

/// SIGTERM is how a platform ends a process, Ctrl-C how a person does; on Windows a closed window takes the place
/// of the first.
pub struct Signals {
    terminate: Option<system::Terminate>,
    interrupt: Option<system::Interrupt>,
}

impl Signals {
    /// Listens from now on; must be called within a runtime.
    pub fn listen() -> Self {
        Self { terminate: system::terminate(), interrupt: system::interrupt() }
    }

    /// Waits for one of them.
    pub async fn next(&mut self) {
        let Self { terminate, interrupt } = self;
        tokio::select! { () = received!(terminate) => {} () = received!(interrupt) => {} }
    }

    /// Sets the first flag at the first signal and the second at the next.
    pub async fn set(mut self, drain: CancelFlag, stop: CancelFlag) {
        self.next().await;
        drain.set();
        self.next().await;
        stop.set();
    }
}

#[cfg(unix)]
mod system {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) type Terminate = Signal;
    pub(super) type Interrupt = Signal;

    pub(super) fn terminate() -> Option<Terminate> {
        signal(SignalKind::terminate()).ok()
    }

    pub(super) fn interrupt() -> Option<Interrupt> {
        signal(SignalKind::interrupt()).ok()
    }
}

#[cfg(windows)]
mod system {
    use tokio::signal::windows::{CtrlC, CtrlClose, ctrl_c, ctrl_close};

    pub(super) type Terminate = CtrlClose;
    pub(super) type Interrupt = CtrlC;

    pub(super) fn terminate() -> Option<Terminate> {
        ctrl_close().ok()
    }

    pub(super) fn interrupt() -> Option<Interrupt> {
        ctrl_c().ok()
    }
}
