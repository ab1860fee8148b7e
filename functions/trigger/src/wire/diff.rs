//! Two docpacks compared.

use compare::{Comparison, Counts};
use schemars::JsonSchema;
use serde::Serialize;

/// What changed from one docpack to another.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Difference {
    /// How much of everything there is, whatever was cut.
    pub counts: Counts,
    /// Whether a list was cut.
    pub is_cut: bool,
    #[serde(flatten)]
    pub comparison: Comparison,
}
