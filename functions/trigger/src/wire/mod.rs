//! What goes over the wire: the bodies of requests and answers, whose schemas make up the OpenAPI document.

mod account;
mod billing;
mod devices;
mod diff;
mod docpacks;
mod health;
mod jobs;
mod notices;
mod problem;
mod repositories;
mod schedules;
mod search;
mod sharing;
mod symbols;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::search::{
    Ranking, SearchField, SearchHit, SearchKind, SearchResults, SearchTier, SymbolSummary,
};
pub use account::{
    ApiKeySummary, ApiKeys, MadeKey, Me, MemberSummary, Members, MonthUsage, NewKeyRequest, NewMemberRequest,
    PlanLimits, PrivateRepositories, SessionSummary, Sessions,
};
pub use billing::{
    Billing, BillingPage, CheckoutRequest, InvoiceSummary, Offer, PaymentSummary, SubscriptionSummary,
};
pub use devices::{DeviceCodes, DeviceRequest, DeviceSummary, DeviceTokenRequest};
pub use diff::Difference;
pub use docpacks::{Docpack, DocpackLinks, DocpackStatus, DocpackSummary};
pub use health::{Check, ErrorCode, ErrorCodes, Health, Origin, Readiness};
pub use jobs::{
    ApproveRequest, EstimateBasis, EventPage, Job, JobCost, JobEstimate, JobFailure, JobLinks, JobRequest,
    JobStatistics, JobSummary, LanguageCounts, PhaseTime, StageProgress, StageState, StreamedEvent,
    SubmittedJob,
};
pub use notices::{
    MailWishesRequest, MessageSummary, Messages, NewWebhookRequest, Notifications, SigningSecret,
    WebhookEvent, WebhookSummary, Webhooks,
};
pub use problem::{FieldProblem, Problem};
pub use repositories::{BuiltBranch, InstalledRepositories, RepositoryChoice, RepositorySummary};
pub use schedules::{ScheduleEvery, ScheduleRequest, ScheduleSummary, Schedules};
pub use sharing::{
    CommonsSort, LinkSummary, MadeLink, NewLinkRequest, Sharing, VisibilityRequest, VisibilityWord,
    WithdrawalRequest, WithdrawalSummary, Withdrawals,
};
pub use symbols::{AmbiguousCall, ClusterName, Neighbour, PossibleTarget, Similar, SymbolDetail};

/// Most items of one page.
pub const MAX_PAGE_ITEMS: u32 = 100;
/// Items of a page where none is asked for.
pub const DEFAULT_PAGE_ITEMS: u32 = 20;

/// A part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page begins; null on the last one. Opaque, also in the header `Link`.
    pub next_cursor: Option<String>,
}
