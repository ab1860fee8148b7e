//! The one table of options: command-line flags, requests, schedules and state documents share it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tags::Tags;

/// Files past this size are skipped and listed: real source is smaller, generated code is not.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 1_000_000;
/// Sources past this total are refused: memory and time of a build grow with it.
pub const DEFAULT_MAX_TOTAL_BYTES: u64 = 100_000_000;
/// Sources of more files are refused; the largest public single-language repositories stay below.
pub const DEFAULT_MAX_FILES: u64 = 100_000;
/// Entries of any kind in a folder or an archive; the largest monorepos that build in minutes have fewer.
pub const DEFAULT_MAX_ENTRIES: u64 = 200_000;
/// Bytes that an archive or a git pack may bring over the network.
pub const DEFAULT_MAX_DOWNLOAD_BYTES: u64 = 1_000_000_000;
/// Bytes that an archive may inflate to, wanted or not.
pub const DEFAULT_MAX_DECOMPRESSED_BYTES: u64 = 2 << 30;
/// Bytes that an archive may inflate to for each that it has; source code deflates to about a fifth.
pub const DEFAULT_MAX_RATIO: u64 = 200;

/// Time that a model's provider takes at most for a batch.
pub const BATCH_WINDOW: Duration = Duration::from_secs(24 * 3_600);

/// What to make a docpack of, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildRequest {
    /// The repository's address, or a local folder or archive, in the form that the source crate normalised.
    pub source: String,
    #[serde(default)]
    pub options: BuildOptions,
    /// What every event of the job carries as `meta.tags`; no output depends on it.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// With whose right a private repository is read; without it, with that of the person whose job it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installed: Option<InstalledSource>,
}

/// An installation of the GitHub App that reaches the repository, by GitHub's numbers. A token is made for each try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstalledSource {
    pub installation: u64,
    pub repository: u64,
}

impl BuildRequest {
    /// Makes a request without tags.
    pub fn new(source: impl Into<String>, options: BuildOptions) -> Self {
        Self { source: source.into(), options, tags: Tags::default(), installed: None }
    }
}

/// How a docpack is made; every field has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BuildOptions {
    /// Branch, tag or commit; the repository's default branch without it.
    pub git_ref: Option<String>,
    /// Only files that match one of these globs; every file when empty.
    pub include: Vec<String>,
    /// No file that matches one of these globs.
    pub exclude: Vec<String>,
    /// Also what is taken for vendored, generated or minified code, build output or a lock file.
    pub keep_all: bool,
    pub limits: Limits,
    /// Whether chunks become vectors; without them nothing is related by meaning.
    pub embeddings: bool,
    /// What turns chunks into vectors; without it, what the machine that builds prefers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedder: Option<EmbedderName>,
    pub precision: Precision,
    pub clustering: Clustering,
    /// How the pack holds vectors.
    #[serde(skip_serializing_if = "VectorFormat::is_int8")]
    pub vectors: VectorFormat,
    /// Whether the pack holds the text of the files that were read, secrets masked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub source: bool,
    /// Whether the pack holds what each summary was written from.
    pub contexts: bool,
    /// Who writes summaries; without it they are taken from the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prose: Option<ProseOptions>,
    /// Whether generation waits until its estimate is approved; no output depends on it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub approve: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            git_ref: None,
            include: Vec::new(),
            exclude: Vec::new(),
            keep_all: false,
            limits: Limits::default(),
            embeddings: true,
            embedder: None,
            precision: Precision::default(),
            clustering: Clustering::default(),
            vectors: VectorFormat::default(),
            source: false,
            contexts: false,
            prose: None,
            approve: false,
        }
    }
}

impl BuildOptions {
    /// Returns how long a job may take that takes `usual` otherwise: a batch has a day of its own.
    pub fn time_limit(&self, usual: Duration) -> Duration {
        let is_batch = self.prose.as_ref().is_some_and(|prose| prose.batch);
        if is_batch { usual + BATCH_WINDOW } else { usual }
    }

    /// Leaves away what no output depends on: who agreed to what, how much could have been spent, and how fast.
    pub fn of_the_output(&self) -> Self {
        let prose = self.prose.clone();
        let prose = prose.map(|prose| ProseOptions { budget_micro_usd: None, batch: false, ..prose });
        Self { approve: false, prose, ..self.clone() }
    }
}

/// How a language model writes summaries. Its address and key belong to the worker, not to the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProseOptions {
    /// The first is wanted, the others stand in for it in this order.
    pub models: Vec<String>,
    /// Text with named placeholders that takes the place of the product's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Wishes for the style, given to the model as the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style_guide: Option<String>,
    /// Whether each symbol gets a question of its own; several share one without it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_per_request: bool,
    /// Whether first questions go through the provider's batch endpoint: half the price, within a day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub batch: bool,
    /// Whether the model is also asked the standing questions of `insights.json`, up to seven.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub insights: bool,
    /// Most that may be spent, in millionths of a US dollar; without it what the estimate says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_micro_usd: Option<u64>,
}

impl ProseOptions {
    /// Takes one model and nothing else: the product's own template, no budget, no batch.
    pub fn of_model(model: impl Into<String>) -> Self {
        Self {
            models: vec![model.into()],
            template: None,
            style_guide: None,
            one_per_request: false,
            batch: false,
            insights: false,
            budget_micro_usd: None,
        }
    }
}

/// How much source is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Larger files are skipped and listed.
    pub max_file_bytes: u64,
    /// A larger source is refused with `repo_too_large`.
    pub max_total_bytes: u64,
    /// A source of more files is refused with `repo_too_large`.
    pub max_files: u64,
    /// A folder or an archive of more entries is refused with `too_many_files`.
    pub max_entries: u64,
    /// A longer download is refused with `repo_too_large`.
    pub max_download_bytes: u64,
    /// An archive that inflates to more is refused with `archive_bomb`.
    pub max_decompressed_bytes: u64,
    /// An archive that inflates to more than this many times its size is refused with `archive_bomb`.
    pub max_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: DEFAULT_MAX_FILE_BYTES,
            max_total_bytes: DEFAULT_MAX_TOTAL_BYTES,
            max_files: DEFAULT_MAX_FILES,
            max_entries: DEFAULT_MAX_ENTRIES,
            max_download_bytes: DEFAULT_MAX_DOWNLOAD_BYTES,
            max_decompressed_bytes: DEFAULT_MAX_DECOMPRESSED_BYTES,
            max_ratio: DEFAULT_MAX_RATIO,
        }
    }
}

/// What turns chunks into vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmbedderName {
    /// A table of word vectors inside the program, which needs no model.
    Static,
    /// The network all-MiniLM-L6-v2.
    Minilm,
}

impl EmbedderName {
    /// Returns the word used in documents and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Minilm => "minilm",
        }
    }

    /// Returns which one has this model, as an announced embedder names it.
    pub fn of_model(model: &str) -> Self {
        if model == Self::Static.as_str() { Self::Static } else { Self::Minilm }
    }
}

/// The numbers that the network computes with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Fp32,
    /// Twice as fast; a tenth of the nearest neighbours differ, and search finds as much.
    #[default]
    Int8,
}

impl Precision {
    /// Returns the word used in documents and interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fp32 => "fp32",
            Self::Int8 => "int8",
        }
    }
}

/// How numbers of vectors are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VectorFormat {
    /// One byte for each number, and a scale for each vector: a quarter of the size, and search finds as much.
    #[default]
    Int8,
    /// As the model gave them, beside the others.
    F32,
}

impl VectorFormat {
    fn is_int8(&self) -> bool {
        *self == Self::Int8
    }
}

/// How symbols are grouped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clustering {
    /// Communities of the graph of calls and nearest neighbours.
    #[default]
    Communities,
    Kmeans,
    Hdbscan,
}
