//! Under which conditions a vector was computed, and the key under which it may be kept.

use std::fmt;

use docpack::Digest;
use serde::{Deserialize, Serialize};

use crate::batches::GPU_TOKEN_BUDGET;
use crate::model::PINNED;
use crate::table::Table;

/// Name of the embedder inside the program, as the manifest of a docpack gives it.
pub(crate) const STATIC_NAME: &str = "static";

/// Everything that a vector's bytes depend on beside its text.
///
/// Two embedders of equal class give equal bytes for equal texts, except on a GPU, where neighbours in a
/// batch change the last bits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedderClass {
    pub model: String,
    /// Of the network's file, so different for each precision; or of the table.
    pub model_digest: Digest,
    pub tokenizer_digest: Digest,
    pub dimensions: u32,
    pub max_tokens: u32,
    pub precision: Precision,
    pub provider: Provider,
    pub batch_mode: BatchMode,
    /// `onnxruntime` and its version, or `table`.
    pub runtime: String,
    /// Instruction set that the runtime chooses its kernels by, such as `x86-64-v4+vnni`; `any` for a table.
    pub cpu: String,
}

impl EmbedderClass {
    pub(crate) fn of_network(precision: Precision, provider: Provider, max_tokens: usize) -> Self {
        Self {
            model: PINNED.name.clone(),
            model_digest: PINNED.weights.of(precision).digest(),
            tokenizer_digest: PINNED.tokenizer.digest(),
            dimensions: PINNED.dimensions as u32,
            max_tokens: max_tokens as u32,
            precision,
            provider,
            batch_mode: BatchMode::of(provider),
            runtime: format!("onnxruntime {}", PINNED.runtime.version),
            cpu: cpu_level().to_owned(),
        }
    }

    pub(crate) fn of_table(table: &Table) -> Self {
        Self {
            model: STATIC_NAME.to_owned(),
            model_digest: table.digest,
            tokenizer_digest: table.words_digest,
            dimensions: table.dimensions as u32,
            max_tokens: table.max_tokens as u32,
            precision: Precision::Int8,
            provider: Provider::Cpu,
            batch_mode: BatchMode::Single,
            runtime: "table".to_owned(),
            cpu: "any".to_owned(),
        }
    }

    /// Derives the class's own digest, over its fields as JSON in declared order.
    pub fn digest(&self) -> Digest {
        Digest::of(&serde_json::to_vec(self).expect("a struct of words and numbers is always JSON"))
    }
}

/// How the network's weights are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// As trained.
    Fp32,
    /// Matrix products in eight bits: twice as fast, and a tenth of the nearest neighbours change.
    Int8,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fp32 => "fp32",
            Self::Int8 => "int8",
        })
    }
}

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Cpu,
    Cuda,
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
        })
    }
}

/// How many texts the network sees at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchMode {
    /// One, without padding: a vector depends on its text alone.
    Single,
    /// As many as a budget of padded tokens holds, longest first.
    TokenBudget,
}

impl BatchMode {
    fn of(provider: Provider) -> Self {
        match provider {
            Provider::Cpu => Self::Single,
            Provider::Cuda => Self::TokenBudget,
        }
    }

    /// Returns the padded tokens that fill a batch, `None` where texts run one by one.
    pub fn token_budget(self) -> Option<usize> {
        match self {
            Self::Single => None,
            Self::TokenBudget => Some(GPU_TOKEN_BUDGET),
        }
    }
}

/// Names the instruction set by the levels of the x86-64 ABI; eight-bit products have kernels of their own.
#[cfg(target_arch = "x86_64")]
fn cpu_level() -> &'static str {
    macro_rules! has {
        ($($feature:tt),+) => { true $(&& std::arch::is_x86_feature_detected!($feature))+ };
    }
    if has!("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl") {
        return if has!("avx512vnni") { "x86-64-v4+vnni" } else { "x86-64-v4" };
    }
    if has!("avx2", "fma", "bmi1", "bmi2", "f16c", "lzcnt", "movbe") {
        return if has!("avxvnni") { "x86-64-v3+vnni" } else { "x86-64-v3" };
    }
    if has!("sse4.2", "popcnt") { "x86-64-v2" } else { "x86-64" }
}

#[cfg(not(target_arch = "x86_64"))]
fn cpu_level() -> &'static str {
    std::env::consts::ARCH
}
