//! Who besides its owner may read a docpack.

use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may read a docpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisibilityWord {
    /// Those who ordered it.
    Private,
    /// Whoever has a link as well.
    Unlisted,
    /// Everybody; the commons list it.
    Public,
}

/// Who is to be able to read a docpack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VisibilityRequest {
    pub visibility: VisibilityWord,
}

/// How an account shares a docpack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sharing {
    pub visibility: VisibilityWord,
    /// Whether everybody may read it, also because another account shares it.
    pub is_public: bool,
    /// The newest first, those that ended included.
    pub links: Vec<LinkSummary>,
}

/// What a new link is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLinkRequest {
    /// 1 to 365; without it the link works until it is revoked.
    #[serde(default)]
    #[schemars(range(min = 1, max = 365))]
    pub expires_in_days: Option<u32>,
}

/// A link without its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LinkSummary {
    pub id: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A link that was made just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MadeLink {
    /// Sent as the parameter `link` with requests for the docpack; it is shown this once.
    pub token: String,
    pub summary: LinkSummary,
}

/// How the commons are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommonsSort {
    #[default]
    Newest,
    /// By the repository's name.
    Name,
    /// Most symbols first.
    Symbols,
}

/// A repository to withdraw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalRequest {
    /// In any form of its address.
    #[schemars(length(min = 1, max = 2048))]
    pub repo_url: String,
}

/// A repository whose docpacks nobody is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawalSummary {
    /// In lower case.
    pub repo_url: String,
    pub withdrawn_at: Timestamp,
}

/// The repositories that an account withdrew, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Withdrawals {
    pub items: Vec<WithdrawalSummary>,
}
