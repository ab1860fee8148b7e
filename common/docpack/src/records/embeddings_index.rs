//! `embeddings_index.json`: where each chunk's vector lies.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::ChunkId;

/// Where each chunk's row starts in `embeddings.bin`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmbeddingsIndex {
    /// Byte offset in `embeddings.bin` by chunk id.
    pub chunks: BTreeMap<ChunkId, u64>,
}
