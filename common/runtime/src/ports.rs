//! The ports of a process that serves itself.

use pipeline::{ArtifactStore, Clock, Envelope, Ports, Queue};

use crate::clock::SystemClock;
use crate::queue::AnyQueue;
use crate::store::AnyStore;

/// The ports of a process that may stand on a laptop or in a cloud.
pub type AnyPorts = LocalPorts<AnyStore, AnyQueue>;

/// Sees every event as it happens; must return at once.
pub type Observer = Box<dyn Fn(&Envelope) + Send + Sync>;

/// A store, a queue, a clock, and whoever watches.
pub struct LocalPorts<S, Q, C = SystemClock> {
    pub store: S,
    pub queue: Q,
    pub clock: C,
    pub observer: Option<Observer>,
}

impl<S: ArtifactStore, Q: Queue, C: Clock> Ports for LocalPorts<S, Q, C> {
    type Store = S;
    type Queue = Q;
    type Clock = C;

    fn store(&self) -> &S {
        &self.store
    }

    fn queue(&self) -> &Q {
        &self.queue
    }

    fn clock(&self) -> &C {
        &self.clock
    }

    fn observe(&self, event: &Envelope) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    fn traceparent(&self) -> Option<String> {
        crate::telemetry::traceparent()
    }
}
