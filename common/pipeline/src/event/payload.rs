//! The types of events and what each carries.

use docpack::{ChunkId, ClusterId, Digest, SymbolId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::{Phase, StageName};
use crate::state::{JobError, Missing};
use crate::time::Timestamp;

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident = $text:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })+) => {
        /// What happened; `type` and `data` of an envelope.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(tag = "type", content = "data")]
        pub enum Event {
            $($(#[$doc])* #[serde(rename = $text)] $name($name),)+
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

            impl From<$name> for Event {
                fn from(payload: $name) -> Self {
                    Self::$name(payload)
                }
            }
        )+

        impl Event {
            /// Every event's type, in the order of a build.
            pub const TYPES: &'static [&'static str] = &[$($text,)+];

            /// Returns the event's type.
            pub fn type_name(&self) -> &'static str {
                match self { $(Self::$name(_) => $text,)+ }
            }

            /// Returns the JSON Schema of every payload, by type.
            pub fn schemas() -> Vec<(&'static str, schemars::Schema)> {
                vec![$(($text, schemars::schema_for!($name)),)+]
            }
        }
    };
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompletionStatus {
    Success,
    Partial,
    Failed,
}

events! {
    /// A job was accepted.
    JobCreated = "job.created.v1" {
        parent: Option<String>,
    }
    /// A job entered a phase.
    JobPhaseChanged = "job.phase_changed.v1" {
        from: Phase,
        to: Phase,
    }
    /// Ingest began to read the source.
    IngestStarted = "ingest.started.v1" {
        commit_hash: Option<String>,
        /// What is known before reading, where the source tells.
        size_bytes: Option<u64>,
    }
    /// Files were read and parsed; several files may share one event.
    IngestFileDetected = "ingest.file_detected.v1" {
        n_files: u64,
        n_symbols: u64,
        /// The last of them.
        file_path: String,
    }
    /// A file was left out.
    IngestFileSkipped = "ingest.file_skipped.v1" {
        file_path: String,
        reason: String,
    }
    /// Something of a file was not read; the rest of it was. A try tells of the first 500 such files.
    IngestFilePartlyRead = "ingest.file_partly_read.v1" {
        file_path: String,
        /// Why: `syntax_error`, or a limit such as `too_many_symbols`.
        code: String,
        /// How many places; 1 for what concerns the file as a whole.
        n_places: u64,
        /// 1-based, of the first place; null where no line can be told.
        line: Option<u32>,
    }
    /// Chunks were cut; they share one shard.
    IngestChunkCreated = "ingest.chunk_created.v1" {
        n_chunks: u64,
        /// The unit that will embed them; null for chunks that are not embedded.
        shard: Option<String>,
    }
    /// Ingest ended.
    IngestCompleted = "ingest.completed.v1" {
        status: CompletionStatus,
        n_files: u64,
        n_skipped: u64,
        n_symbols: u64,
        n_chunks: u64,
        n_shards: u64,
        duration_ms: u64,
    }
    /// A shard's embedding began.
    EmbeddingStarted = "embedding.started.v1" {
        n_chunks: u64,
    }
    /// A batch was handed to the model.
    EmbeddingBatchStarted = "embedding.batch_started.v1" {
        batch_idx: u64,
        n_chunks: u64,
    }
    /// Vectors are there; several chunks share one event.
    EmbeddingChunkVector = "embedding.chunk_vector.v1" {
        n_chunks: u64,
        #[schemars(with = "Vec<String>")]
        chunk_ids: Vec<ChunkId>,
    }
    /// A batch came back from the model.
    EmbeddingBatchCompleted = "embedding.batch_completed.v1" {
        status: CompletionStatus,
        batch_idx: u64,
        n_chunks: u64,
        duration_ms: u64,
    }
    /// A shard's embedding ended.
    EmbeddingCompleted = "embedding.completed.v1" {
        status: CompletionStatus,
        n_chunks: u64,
        n_cached: u64,
        n_tokens: u64,
        duration_ms: u64,
    }
    /// Assembly began.
    AssemblyStarted = "assembly.started.v1" {
        n_symbols: u64,
        n_vectors: u64,
    }
    /// A cluster was found and labelled.
    AssemblyClusterCreated = "assembly.cluster_created.v1" {
        #[schemars(with = "String")]
        cluster_id: ClusterId,
        label: String,
        n_members: u64,
    }
    /// The graph is whole.
    AssemblyGraphCompleted = "assembly.graph_completed.v1" {
        status: CompletionStatus,
        n_nodes: u64,
        n_edges: u64,
        duration_ms: u64,
    }
    /// Assembly ended.
    AssemblyCompleted = "assembly.completed.v1" {
        status: CompletionStatus,
        n_clusters: u64,
        n_edges: u64,
        n_shards: u64,
        duration_ms: u64,
    }
    /// A shard's summaries began.
    GenerationStarted = "generation.started.v1" {
        n_symbols: u64,
    }
    /// Where a batch of questions stands at the model's provider.
    GenerationBatch = "generation.batch.v1" {
        batch: String,
        n_requests: u64,
        n_answered: u64,
        n_failed: u64,
    }
    /// Symbols were put into words; several share one event.
    GenerationSymbolDocumented = "generation.symbol_documented.v1" {
        n_symbols: u64,
        #[schemars(with = "Vec<String>")]
        symbol_ids: Vec<SymbolId>,
        /// Of the unit so far; 0 without a model.
        n_tokens: u64,
        /// Of the unit so far, in millionths of a US dollar.
        cost_micro_usd: u64,
    }
    /// A shard's summaries ended.
    GenerationCompleted = "generation.completed.v1" {
        status: CompletionStatus,
        n_symbols: u64,
        n_tokens: u64,
        /// Price of the tokens in millionths of a US dollar; 0 without a model.
        cost_micro_usd: u64,
        duration_ms: u64,
        /// Requests to a model, those repeated included.
        n_requests: u64,
        /// Replies that were kept from before.
        n_cached: u64,
        /// Requests that brought no answer.
        n_errors: u64,
    }
    /// Packing began.
    PackStarted = "pack.started.v1" {
        n_symbols: u64,
    }
    /// Packing ended.
    PackCompleted = "pack.completed.v1" {
        status: CompletionStatus,
        #[schemars(with = "String")]
        docpack_id: Digest,
        size_bytes: u64,
        n_skipped_files: u64,
        duration_ms: u64,
    }
    /// A try gave no sign of life for longer than its lease: its worker was killed, or cut off.
    UnitTryLost = "unit.try_lost.v1" {
        stage: StageName,
        unit: String,
        try_number: u32,
        /// Tries of the unit so far that count, this one included.
        n_tries: u32,
        /// The unit is given up once so many were lost or failed.
        max_tries: u32,
        last_seen_at: Timestamp,
    }
    /// A job is over.
    JobCompleted = "job.completed.v1" {
        status: CompletionStatus,
        /// The terminal phase; tells failed from cancelled.
        phase: Phase,
        #[schemars(with = "Option<String>")]
        docpack_id: Option<Digest>,
        missing: Vec<Missing>,
        error: Option<JobError>,
        /// At least so long, where clocks disagree.
        duration_ms: u64,
        /// By how much the workers' clocks disagree, at least; 0 where nothing shows it.
        clock_skew_ms: u64,
    }
}
