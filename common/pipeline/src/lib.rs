//! Jobs, stages and the attempt loop: messages arrive at least once, effects happen exactly once.
//!
//! In: a request and a queue's messages. Out: artifacts, markers and a state document in a store,
//! whose content is the same under any schedule, any fault and any number of workers.
//! The store is the source of truth; messages, leases and events are hints.
//!
//! This crate is asynchronous but tied to no runtime: it names no executor, no file system, no
//! network, no environment and no clock of its own. Those are [`port`]s, and their adapters live in
//! `runtime`. It does not know what a stage computes.
//!
//! # Invariants
//! - A write that a store confirmed stays; a marker never changes.
//! - A phase begins only when every unit of the sealed list before it has a marker.
//! - A terminal phase is final.
//! - When no message is left and nothing runs, the job has ended.
//! - Every object's name comes from [`ArtifactKey`] and begins with its tenant.

pub mod attempt;
mod audit;
pub mod breaker;
#[cfg(feature = "contract")]
pub mod contract;
pub mod error;
pub mod event;
pub mod fsck;
pub mod id;
pub mod job;
pub mod key;
pub mod message;
pub mod options;
pub mod plan;
pub mod port;
pub mod receipt;
mod retried;
pub mod stage;
pub mod state;
pub mod tags;
pub mod time;

pub use attempt::{AttemptEnd, AttemptLimits, Worker};
pub use audit::{read_audit, read_question_audit};
pub use error::{PipelineError, StageError};
pub use event::{Envelope, Event};
pub use id::{JobFamily, JobId, Tenant, TraceId, UnitId};
pub use job::{Coordinator, Makers, NewJob};
pub use key::{ArtifactKey, ArtifactRef};
pub use message::{Message, QueueGroup};
pub use options::{
    BuildOptions, BuildRequest, Clustering, EmbedderName, InstalledSource, Limits, Precision, ProseOptions,
};
pub use plan::{PLAN, Phase, StageName, release, release_versions, tool};
pub use port::{ArtifactStore, Clock, Ports, Queue};
pub use stage::{CancelFlag, Only, Stage, Stages, UnitOutput, UnitRun};
pub use state::{DocpackRef, Estimate, PinnedEmbedder, StateDocument, UnitResult};
pub use tags::Tags;
pub use time::Timestamp;
