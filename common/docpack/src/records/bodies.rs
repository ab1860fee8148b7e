//! `bodies.json`: what callables do, step by step.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::SymbolId;
use crate::open::Open;
use crate::vocabulary::{ConditionKind, Effect, LiteralKind, StepKind};

/// Steps of one body; those beyond are left out.
pub const MAX_STEPS: usize = 256;
/// Conditions of one body.
pub const MAX_CONDITIONS: usize = 128;
/// Arguments listed of one call.
pub const MAX_ARGUMENTS: usize = 8;
/// Literals listed of one step.
pub const MAX_LITERALS: usize = 8;
/// A text that is longer is cut at a character and ends in `…`.
pub const MAX_TEXT_BYTES: usize = 120;

/// `bodies.json`: what callables do, step by step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bodies {
    /// In ascending order of the symbol's id.
    pub bodies: Vec<Body>,
}

/// What one callable does, or one file when it is loaded.
///
/// A nested symbol has a body of its own; a function without a symbol belongs to the body around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Body {
    /// The symbol in `nodes.json`.
    pub symbol_id: SymbolId,
    /// At most 128; a condition comes before those within it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// At most 256, in the order in which they run where nothing jumps.
    pub steps: Vec<Step>,
    /// Steps or conditions beyond the limits were left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub cut: bool,
}

/// What decides whether, or how often, steps run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    /// What sort of decision it is.
    pub kind: Open<ConditionKind>,
    /// As written, spaces collapsed, at most 120 bytes and `…`; of an `otherwise` what does not hold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// 1-based.
    pub line: u32,
    /// The condition around it, by its place in `conditions`, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
}

/// One thing that a body does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// What it does.
    pub kind: Open<StepKind>,
    /// The innermost condition, by its place in `conditions`, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<u32>,
    /// 1-based.
    pub line: u32,
    /// 0-based; of a call the same as its edge's site.
    pub byte_start: u32,
    /// The called path, what is returned or raised, or the target of a write, as written; at most 120 bytes and `…`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Of a call or a raised value, as written, each at most 120 bytes and `…`; at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// What is written into the target, at most 120 bytes and `…`; of an update what follows it, `+= 1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What a call of a library that is known does to the world outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Open<Effect>>,
    /// At most 8. Literals that mean something to a reader: a status code, a route, the name of a header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub literals: Vec<Literal>,
    /// The step waits for the result.
    #[serde(default, skip_serializing_if = "is_false")]
    pub awaited: bool,
}

/// A literal of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Literal {
    /// What it stands for.
    pub kind: Open<LiteralKind>,
    /// Without its quotes.
    pub text: String,
}

fn is_false(flag: &bool) -> bool {
    !flag
}
