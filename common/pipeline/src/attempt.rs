//! The one loop that every host runs: a message in, at most one unit of work, a message out.

use std::sync::Arc;

use crate::job::Coordinator;
use crate::port::Ports;
use crate::stage::{CancelFlag, Stages};

/// Works on units of the stages it was given.
pub struct Worker<P, S> {
    pub(crate) coordinator: Coordinator<P>,
    pub(crate) stages: S,
    pub(crate) stop: CancelFlag,
}

impl<P: Ports, S: Stages> Worker<P, S> {
    /// Makes a worker; `name` differs between processes and between starts of one.
    pub fn new(ports: Arc<P>, stages: S, name: impl Into<String>) -> Self {
        Self { coordinator: Coordinator::new(ports, name), stages, stop: CancelFlag::default() }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The job is over.
    Over,
}
