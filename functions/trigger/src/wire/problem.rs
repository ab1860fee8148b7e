//! Errors as RFC 9457 has them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why a request was not done; the body of every answer of status 400 and above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// Path of the page about the code, below the website.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// What the code means, in a few words.
    pub title: String,
    pub status: u16,
    /// What is wrong with this very request.
    pub detail: String,
    /// The path that was asked for.
    pub instance: String,
    /// Stable snake_case word; `GET /v1/errors` lists them all.
    pub code: String,
    /// What to do about it.
    pub help: String,
    /// As in the header `x-request-id`.
    pub request_id: String,
    /// The fields that are wrong, where it is about fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldProblem {
    /// JSON pointer into the body, or the parameter's name.
    pub pointer: String,
    pub detail: String,
}
