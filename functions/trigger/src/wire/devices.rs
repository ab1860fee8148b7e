//! Signing in a program that has no browser.

use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A program that asks to be signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// What the program calls itself, such as `doctown on my-laptop`: 1 to 100 characters.
    #[schemars(length(min = 1, max = 100))]
    pub client_name: String,
    /// What its key may do: at least one of `jobs:read`, `jobs:write`, `packs:read` and `packs:write`.
    #[schemars(length(min = 1, max = 4))]
    pub scopes: Vec<String>,
}

/// The codes of a request to be signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceCodes {
    /// The program's own secret, with which it asks for its key.
    pub device_code: String,
    /// What the user types, such as `BCDF-GHJK`.
    pub user_code: String,
    /// Where the user types it.
    pub verification_url: String,
    /// The same page with the code filled in.
    pub verification_url_complete: String,
    pub expires_at: Timestamp,
    /// Least time between two requests for the key.
    pub interval_seconds: u32,
}

/// A program that asks for its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceTokenRequest {
    pub device_code: String,
}

/// A program that waits, as its user sees it before deciding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DeviceSummary {
    pub user_code: String,
    /// What the program calls itself; nobody has checked it.
    pub client_name: String,
    pub scopes: Vec<String>,
    pub requested_at: Timestamp,
    pub expires_at: Timestamp,
}
