//! What a body does, step by step, in one form for all languages.

use docpack::{ConditionKind, Effect, LiteralKind, StepKind};
use serde::{Deserialize, Serialize};

pub use docpack::records::{MAX_ARGUMENTS, MAX_CONDITIONS, MAX_LITERALS, MAX_STEPS, MAX_TEXT_BYTES};

/// The body of a callable, or what a file runs when it is loaded.
///
/// A nested symbol has a body of its own; a function without a symbol belongs to the body around it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// A condition comes before those within it.
    pub conditions: Vec<Condition>,
    /// In the order in which they run where nothing jumps: arguments before their call, the call before its `return`.
    pub steps: Vec<Step>,
    /// Steps or conditions beyond the limits were left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_cut: bool,
}

/// What decides whether, or how often, steps run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub kind: ConditionKind,
    /// As written, spaces collapsed; of an `otherwise` what does not hold, of a `catch` what is caught, else empty.
    pub text: String,
    pub line: u32,
    /// The condition around it, by its place in [`Body::conditions`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<u32>,
}

/// One thing that a body does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub kind: StepKind,
    /// The innermost condition, by its place in [`Body::conditions`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<u32>,
    pub line: u32,
    /// Of a call the same as its reference's, by which its edge is found.
    pub byte_start: u32,
    /// The called path as written, what is returned or raised, or the target of a write; spaces collapsed.
    pub text: String,
    /// Of a call or a raised value, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
    /// What is written into the target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What a call of a library that is known does to the world outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// Literals of the step that mean something to a reader: a status code, a route, the name of a header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub literals: Vec<Literal>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_awaited: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Literal {
    pub kind: LiteralKind,
    /// Without its quotes.
    pub text: String,
}

fn is_false(flag: &bool) -> bool {
    !flag
}
