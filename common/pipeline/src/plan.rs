//! The stages in order, and what each may do: the single source for hosts, progress and documentation.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::state::{PinnedEmbedder, STATE_SCHEMA_VERSION};

/// Tries of one unit before its outcome is an error; a try that was interrupted does not count.
pub const MAX_ATTEMPTS: u32 = 3;

/// One step of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageName {
    Ingest,
    Embed,
    Assemble,
    Generate,
    Pack,
}

/// Where a job stands; later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Queued,
    Ingest,
    Embed,
    Assemble,
    AwaitingApproval,
    Generate,
    Pack,
    Completed,
    Partial,
    Failed,
    Cancelled,
}

/// What the plan says of one stage.
#[derive(Debug)]
pub struct StagePlan {
    pub stage: StageName,
    /// Stages whose outputs it reads.
    pub inputs: &'static [StageName],
    /// What one unit leaves behind, in a few words.
    pub output: &'static str,
    /// The stage that seals the list of units, where there are many; else the stage is one unit.
    pub fan_out_from: Option<StageName>,
    /// The queue's name before environment and version are added.
    pub queue: &'static str,
    /// The phase that the stage's units make up.
    pub phase: Phase,
    /// The earliest phase in which a unit may run.
    pub may_run_from: Phase,
    /// Whether a lost unit fails the job; a lost optional one makes it partial.
    pub required: bool,
    /// Wall clock after which one try is given up.
    pub time_limit: Duration,
    pub max_attempts: u32,
}

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// Every stage in order. Time limits are some twenty times what the largest allowed source takes on two slow cores.
pub const PLAN: [StagePlan; 5] = [
    StagePlan {
        stage: StageName::Ingest,
        inputs: &[],
        output: "facts of every file, resolved references, shards of chunks",
        fan_out_from: None,
        queue: "ingest",
        phase: Phase::Ingest,
        may_run_from: Phase::Ingest,
        required: true,
        time_limit: minutes(60),
        max_attempts: MAX_ATTEMPTS,
    },
    StagePlan {
        stage: StageName::Embed,
        inputs: &[StageName::Ingest],
        output: "a vector per chunk of one shard",
        fan_out_from: Some(StageName::Ingest),
        queue: "embed",
        phase: Phase::Embed,
        may_run_from: Phase::Ingest,
        required: false,
        time_limit: minutes(15),
        max_attempts: MAX_ATTEMPTS,
    },
    StagePlan {
        stage: StageName::Assemble,
        inputs: &[StageName::Ingest, StageName::Embed],
        output: "graph, metrics, clusters, layout, shards of symbol contexts",
        fan_out_from: None,
        queue: "assemble",
        phase: Phase::Assemble,
        may_run_from: Phase::Assemble,
        required: true,
        time_limit: minutes(60),
        max_attempts: MAX_ATTEMPTS,
    },
    StagePlan {
        stage: StageName::Generate,
        inputs: &[StageName::Assemble],
        output: "summaries of one shard of symbols",
        fan_out_from: Some(StageName::Assemble),
        queue: "generate",
        phase: Phase::Generate,
        may_run_from: Phase::Generate,
        required: false,
        time_limit: minutes(15),
        max_attempts: MAX_ATTEMPTS,
    },
    StagePlan {
        stage: StageName::Pack,
        inputs: &[StageName::Ingest, StageName::Embed, StageName::Assemble, StageName::Generate],
        output: "the docpack",
        fan_out_from: None,
        queue: "pack",
        phase: Phase::Pack,
        may_run_from: Phase::Pack,
        required: true,
        time_limit: minutes(30),
        max_attempts: MAX_ATTEMPTS,
    },
];

/// Names the code of this release: of every stage that names none of its own.
pub fn release() -> String {
    format!("{}+{}", env!("CARGO_PKG_VERSION"), model::VERSION)
}

/// Names everything beside a request that decides what its docpack is: the release, and the embedder.
pub fn tool(embedder: Option<&PinnedEmbedder>) -> String {
    let class = embedder.map_or("none".to_owned(), |embedder| embedder.class.to_string());
    format!("{}.{STATE_SCHEMA_VERSION} {class}", release())
}

/// Returns the version of every stage of this release, for whoever makes jobs without running them.
pub fn release_versions() -> BTreeMap<StageName, String> {
    StageName::ALL.into_iter().map(|stage| (stage, release())).collect()
}

impl StageName {
    /// Every stage, in the order of the plan.
    pub const ALL: [Self; 5] = [Self::Ingest, Self::Embed, Self::Assemble, Self::Generate, Self::Pack];

    /// Returns the word used in keys, queues and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Embed => "embed",
            Self::Assemble => "assemble",
            Self::Generate => "generate",
            Self::Pack => "pack",
        }
    }

    /// Finds the stage with this exact word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == word)
    }

    /// Returns the stage's row of [`PLAN`].
    pub fn plan(self) -> &'static StagePlan {
        let [ingest, embed, assemble, generate, pack] = &PLAN;
        match self {
            Self::Ingest => ingest,
            Self::Embed => embed,
            Self::Assemble => assemble,
            Self::Generate => generate,
            Self::Pack => pack,
        }
    }

    /// Finds the stage whose unit list this one seals.
    pub fn seals(self) -> Option<Self> {
        PLAN.iter().find(|row| row.fan_out_from == Some(self)).map(|row| row.stage)
    }
}

impl std::fmt::Display for StageName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Phase {
    /// Tells whether the job is over; such a phase never changes.
    pub fn is_terminal(self) -> bool {
        self >= Self::Completed
    }

    /// Finds the stage whose units make up the phase.
    pub fn stage(self) -> Option<StageName> {
        PLAN.iter().find(|row| row.phase == self).map(|row| row.stage)
    }

    /// Returns the word used in documents and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Ingest => "ingest",
            Self::Embed => "embed",
            Self::Assemble => "assemble",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Generate => "generate",
            Self::Pack => "pack",
            Self::Completed => "completed",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
