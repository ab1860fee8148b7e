//! What is kept of each call, for replay, cost and trust; never what was said.

use serde::{Deserialize, Serialize};

use crate::body::{TEMPERATURE, takes_sampling};
use crate::endpoint::Endpoint;
use crate::failure::{ChatError, ErrorKind};
use crate::prices::PriceTable;
use crate::reply::{ChatReply, Finish, Usage};
use crate::request::{ChatRequest, Schema};

/// One call, with all its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// As the semantic conventions of GenAI name providers and operations.
    pub provider: String,
    pub operation: String,
    pub server_address: String,
    pub request_model: String,
    pub response_model: Option<String>,
    pub response_id: Option<String>,
    pub params: CallParams,
    /// Of both texts, the schema, the longest length and the seed.
    pub prompt_digest: String,
    pub finish_reason: Option<String>,
    /// `None` where the server did not count.
    pub usage: Option<Usage>,
    pub cost_micro_usd: Option<u64>,
    /// What may be charged beyond it for attempts that brought nothing, or were not counted.
    #[serde(default)]
    pub uncertain_micro_usd: u64,
    /// The day of the published prices, or `given`.
    pub price_table: String,
    /// Of the attempt that was answered.
    pub latency_ms: Option<u64>,
    pub n_tries: u32,
    pub outcome: Outcome,
    /// The stable code of an error, or of an answer that is none.
    pub error_code: Option<String>,
    pub http_status: Option<u16>,
}

/// What was asked for besides the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallParams {
    pub max_output_tokens: u32,
    /// `None` where the model chooses for itself.
    pub temperature: Option<u8>,
    pub seed: Option<i64>,
    pub schema_name: Option<String>,
    pub schema_digest: Option<String>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered,
    /// Cut at the longest length.
    Cut,
    Refused,
    Empty,
    Failed,
}

impl CallRecord {
    pub(crate) fn new(
        endpoint: &Endpoint,
        prices: &PriceTable,
        model: &str,
        request: &ChatRequest,
        result: &Result<ChatReply, ChatError>,
    ) -> Self {
        let reply = result.as_ref().ok();
        let error = match result {
            Ok(reply) => reply.answer().err(),
            Err(error) => Some(error.clone()),
        };
        Self {
            provider: endpoint.provider().to_owned(),
            operation: "chat".to_owned(),
            server_address: endpoint.base_url().host_str().unwrap_or_default().to_owned(),
            request_model: model.to_owned(),
            response_model: reply.and_then(|reply| reply.response_model.clone()),
            response_id: reply.and_then(|reply| reply.response_id.clone()),
            params: CallParams::of(model, request),
            prompt_digest: request.digest(),
            finish_reason: reply.map(|reply| Finish::as_str(&reply.finish).to_owned()),
            usage: reply.and_then(|reply| reply.usage),
            cost_micro_usd: reply.and_then(|reply| reply.cost_micro_usd),
            uncertain_micro_usd: match result {
                Ok(reply) => reply.uncertain_micro_usd,
                Err(error) => error.uncertain_micro_usd,
            },
            price_table: prices.version_for(model).to_owned(),
            latency_ms: reply.map(|reply| u64::try_from(reply.latency.as_millis()).unwrap_or(u64::MAX)),
            n_tries: reply
                .map_or_else(|| error.as_ref().map_or(0, |error| error.n_tries), |reply| reply.n_tries),
            outcome: Outcome::of(error.as_ref()),
            http_status: error.as_ref().and_then(|error| error.status),
            error_code: error.map(|error| error.code().to_owned()),
        }
    }
}

impl CallParams {
    fn of(model: &str, request: &ChatRequest) -> Self {
        let is_told = takes_sampling(model);
        Self {
            max_output_tokens: request.max_output_tokens,
            temperature: is_told.then_some(TEMPERATURE),
            seed: request.seed.filter(|_| is_told),
            schema_name: request.schema.as_ref().map(|schema| schema.name().to_owned()),
            schema_digest: request.schema.as_ref().map(Schema::digest),
        }
    }
}

impl Outcome {
    fn of(error: Option<&ChatError>) -> Self {
        match error.map(|error| error.kind) {
            None => Self::Answered,
            Some(ErrorKind::ReplyCut) => Self::Cut,
            Some(ErrorKind::Refused) => Self::Refused,
            Some(ErrorKind::EmptyReply) => Self::Empty,
            Some(_) => Self::Failed,
        }
    }
}
