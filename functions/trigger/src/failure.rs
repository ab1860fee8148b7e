//! A request that is not done, until it becomes a problem document at the door.

use accounts::AccountsError;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use billing::{BillingError, StripeError};
use ledger::LedgerError;
use pipeline::port::{QueueError, StoreError};
use pipeline::{PipelineError, Timestamp};
use source::failure::{FailureClass, SourceError};
use source::sign_in::SignInError;
use stage_ingest::AccessError;

use crate::codes::{self, Code};
use crate::removal::RemovalError;
use crate::sharing::SharingError;
use crate::wire::FieldProblem;

/// Why a request was not done.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) title: Box<str>,
    pub(crate) help: &'static str,
    pub(crate) detail: Box<str>,
    pub(crate) errors: Vec<FieldProblem>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// What handlers answer with.
pub(crate) type Answered<T = Response> = Result<T, Failure>;

impl Failure {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code: code.word,
            status: code.status,
            title: code.title.into(),
            help: code.help,
            detail: detail.into().into(),
            errors: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// Names a field or parameter that is wrong.
    pub(crate) fn field(code: Code, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let (pointer, detail) = (pointer.into(), detail.into());
        let mut failure = Self::new(code, format!("`{pointer}`: {detail}"));
        failure.errors.push(FieldProblem { pointer, detail });
        failure
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: impl ToString) -> Self {
        self.headers.extend(HeaderValue::from_str(&value.to_string()).ok().map(|value| (name, value)));
        self
    }

    /// Asks the client to come back.
    pub(crate) fn retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, seconds)
    }

    /// Something that should not be; the log has it, the client gets a word.
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!("a request failed: {error}");
        Self::new(codes::INTERNAL, "the log has more under the request id")
    }

    pub(crate) fn unavailable(error: impl std::fmt::Display) -> Self {
        tracing::warn!("store, queue or ledger gave no answer: {error}");
        Self::new(codes::STORE_UNAVAILABLE, "store, queue or ledger gave no answer").retry_after(5)
    }

    /// A repository that cannot be read.
    pub(crate) fn of_source(error: &SourceError) -> Self {
        let failure = Self {
            code: error.code(),
            status: source_status(error.code(), error.class()),
            title: title_of(error.code()).into(),
            help: error.help().browser,
            detail: error.to_string().into(),
            errors: vec![],
            headers: vec![],
        };
        match error.retry_after_ms() {
            Some(ms) => failure.retry_after(ms.div_ceil(1_000)),
            None => failure,
        }
    }
}

/// The status that a code of the reader is answered with.
pub(crate) fn source_status(code: &str, class: FailureClass) -> u16 {
    match (code, class) {
        ("repo_not_found" | "ref_not_found" | "path_not_found", _) => 404,
        (_, FailureClass::Refused | FailureClass::Usage | FailureClass::Unauthorized) => 422,
        (_, FailureClass::Upstream | FailureClass::Failed) => 502,
    }
}

/// A code in words: these have no title of their own.
pub(crate) fn title_of(code: &str) -> String {
    code.replace('_', " ")
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::of_source(&error)
    }
}

impl From<PipelineError> for Failure {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::NoSuchJob { .. } => Self::new(codes::NO_SUCH_JOB, error.to_string()),
            PipelineError::NotAwaitingApproval { .. } => {
                Self::new(codes::NOT_AWAITING_APPROVAL, error.to_string())
            }
            PipelineError::OtherEstimate { .. } => Self::new(codes::OTHER_ESTIMATE, error.to_string()),
            PipelineError::NotOver { .. } => Self::new(codes::JOB_NOT_OVER, error.to_string()),
            PipelineError::StateDamaged { .. } => Self::new(codes::STATE_DAMAGED, error.to_string()),
            PipelineError::OtherSchema { .. } => Self::new(codes::STATE_OF_OTHER_VERSION, error.to_string()),
            PipelineError::Damaged { .. } => Self::internal(error),
            PipelineError::Store(StoreError::Refused { .. } | StoreError::Damaged { .. })
            | PipelineError::Queue(QueueError::Refused { .. }) => Self::internal(error),
            _ => Self::unavailable(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        PipelineError::from(error).into()
    }
}

impl From<AccountsError> for Failure {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::OverQuota { used, limit, resets_at } => {
                let until = Timestamp(resets_at);
                Self::new(
                    codes::QUOTA_EXCEEDED,
                    format!("{used} of {limit} jobs are used; the next month begins at {until}"),
                )
                .with_header(HeaderName::from_static("ratelimit-reset"), until)
            }
            AccountsError::TooManyKeys { .. } => Self::new(codes::TOO_MANY_KEYS, error.to_string()),
            AccountsError::TooManyDevices => {
                Self::new(codes::TOO_MANY_DEVICES, error.to_string()).retry_after(60)
            }
            AccountsError::TooManyWrongCodes { wait_ms } => {
                Self::new(codes::RATE_LIMIT_EXCEEDED, error.to_string()).retry_after(wait_ms.div_ceil(1_000))
            }
            AccountsError::NoRandomness | AccountsError::NoSecret | AccountsError::Seal(_) => {
                Self::internal(error)
            }
            AccountsError::Database(error) => Self::unavailable(error),
        }
    }
}

impl From<AccessError> for Failure {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::NoGrant | AccessError::Off => {
                Self::new(codes::REPOSITORY_ACCESS_REQUIRED, error.to_string())
            }
            AccessError::Accounts(error) => error.into(),
            AccessError::SignIn(SignInError::Source(error)) => error.into(),
            AccessError::SignIn(SignInError::Refused { .. }) | AccessError::Busy => Self::unavailable(error),
        }
    }
}

impl From<SharingError> for Failure {
    fn from(error: SharingError) -> Self {
        match error {
            SharingError::Accounts(error) => error.into(),
            SharingError::Ledger(error) => error.into(),
        }
    }
}

impl From<RemovalError> for Failure {
    fn from(error: RemovalError) -> Self {
        match error {
            RemovalError::Store(error) => error.into(),
            RemovalError::Sharing(error) => error.into(),
            RemovalError::Billing(error) => error.into(),
        }
    }
}

impl From<BillingError> for Failure {
    fn from(error: BillingError) -> Self {
        match error {
            BillingError::Accounts(error) => error.into(),
            BillingError::Stripe(StripeError::Unavailable(_)) => {
                tracing::warn!("{error}");
                Self::new(codes::BILLING_UNAVAILABLE, "Stripe gave no answer").retry_after(10)
            }
            BillingError::Stripe(_) => Self::internal(error),
            BillingError::Signature(error) => Self::new(codes::INVALID_SIGNATURE, error.to_string()),
            BillingError::Event(error) => Self::new(codes::INVALID_REQUEST, error.to_string()),
            BillingError::NoSuchPrice(_) => Self::field(codes::INVALID_FIELD, "/price", error.to_string()),
            BillingError::Subscribed => Self::new(codes::ALREADY_SUBSCRIBED, error.to_string()),
            BillingError::NotACustomer => Self::new(codes::NOT_A_CUSTOMER, error.to_string()),
            BillingError::Off => Self::new(codes::SUBSCRIPTION_RUNS, error.to_string()),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Pipeline(error) => error.into(),
            error => Self::unavailable(error),
        }
    }
}

impl IntoResponse for Failure {
    /// The body is written where path and request id are known: see `http::door`.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        for (name, value) in &self.headers {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response.extensions_mut().insert(self);
        response
    }
}
