//! The ports of a process that serves itself.

use pipeline::port::HandedOver;
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

/// The ports of a process in which every stage of a job runs: the stages hand values to each other.
pub struct OneProcess<P> {
    ports: P,
    handed_over: HandedOver,
}

impl<P> OneProcess<P> {
    pub fn new(ports: P) -> Self {
        Self { ports, handed_over: HandedOver::default() }
    }
}

impl<P: Ports> Ports for OneProcess<P> {
    type Store = P::Store;
    type Queue = P::Queue;
    type Clock = P::Clock;

    fn store(&self) -> &P::Store {
        self.ports.store()
    }

    fn queue(&self) -> &P::Queue {
        self.ports.queue()
    }

    fn clock(&self) -> &P::Clock {
        self.ports.clock()
    }

    fn handed_over(&self) -> Option<&HandedOver> {
        Some(&self.handed_over)
    }

    fn observe(&self, event: &Envelope) {
        self.ports.observe(event);
    }

    fn traceparent(&self) -> Option<String> {
        self.ports.traceparent()
    }
}
