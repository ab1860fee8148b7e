//! One question outside of any job: estimated, paid within a budget, and kept, so that it is asked once.

use docpack::Digest;
use llm::{Budget, CallRecord, ChatRequest, Schema};
use pipeline::key::ObjectKey;
use pipeline::port::{ArtifactStore, PutMode, StoreError};
use pipeline::{ArtifactKey, Estimate, StageError, Tenant};
use serde::{Deserialize, Serialize};

use crate::terms::{SEED, Terms};

/// Version of [`KeptAnswer`]; another one is asked for anew.
const ANSWER_SCHEMA: &str = "doctown.answer/1";
/// Time that an answer takes at a usual speed.
const USUAL_MS: u64 = 4_000;

/// A question and the form of its answer.
#[derive(Debug, Clone)]
pub struct SingleQuestion<'a> {
    pub system: &'a str,
    pub user: &'a str,
    pub schema_name: &'a str,
    pub schema: &'a str,
    pub max_output_tokens: u32,
    /// What an answer usually takes.
    pub expected_output_tokens: u32,
}

/// What was answered, now or before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SingleAnswer {
    pub text: String,
    pub is_cached: bool,
    /// `None` for an answer out of the cache.
    pub call: Option<CallRecord>,
}

/// A question that is ready to be asked of the first model of its terms.
pub struct Prepared<'t> {
    terms: &'t Terms,
    request: ChatRequest,
    expected_output_tokens: u32,
    key: ObjectKey,
    kept: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct KeptAnswer {
    schema: String,
    text: String,
}

impl<'t> Prepared<'t> {
    /// Takes secrets out of the question, and looks whether it was asked before.
    pub async fn new<S: ArtifactStore>(
        terms: &'t Terms,
        question: &SingleQuestion<'_>,
        store: &S,
        tenant: &Tenant,
    ) -> Result<Self, StageError> {
        let schema = Schema::parse(question.schema_name, question.schema)
            .map_err(|error| StageError::reject("schema_unusable", error.to_string()))?;
        let user = insight::secrets::redact(question.user, &mut insight::secrets::SecretCounts::default());
        let request = ChatRequest::new(question.system, user, question.max_output_tokens)
            .with_schema(schema)
            .with_seed(SEED);
        let digest = terms.chat.digest(&request, 0);
        let digest = digest.map_err(|error| StageError::reject(error.code(), error.to_string()))?;
        let digest = Digest::of(format!("{ANSWER_SCHEMA}\n{digest}").as_bytes());
        let key = ArtifactKey::ReplyCache { question: &digest }.of(tenant);
        let kept = match store.get(&key).await {
            Ok(object) => serde_json::from_slice::<KeptAnswer>(&object.bytes).ok(),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(unavailable(&error)),
        };
        let kept = kept.filter(|kept| kept.schema == ANSWER_SCHEMA).map(|kept| kept.text);
        let expected_output_tokens = question.expected_output_tokens;
        Ok(Self { terms, request, expected_output_tokens, key, kept })
    }

    /// Says what asking costs; nothing where it was asked before.
    pub fn estimate(&self) -> Estimate {
        let Self { terms, request, .. } = self;
        let price = terms.chat.price(0);
        let (input, expected) = (terms.counter.count_request(request), self.expected_output_tokens.into());
        let cost = |input: u64, output: u64| {
            let is_asked = self.kept.is_none();
            price.filter(|_| is_asked).map_or(0, |price| price.worst_case(input, output))
        };
        Estimate {
            n_units: 1,
            n_symbols: 0,
            model: Some(terms.model(0).to_owned()),
            input_tokens: input,
            max_output_tokens: request.max_output_tokens.into(),
            cost_micro_usd: cost(terms.counter.at_most(request), request.max_output_tokens.into()),
            expected_micro_usd: cost(input, expected),
            error_micro_usd: 0,
            expected_output_tokens: expected,
            n_requests: 1,
            n_cached: self.kept.is_some().into(),
            expected_ms: USUAL_MS,
            is_batch: false,
            tokens_are_estimated: terms.counter.is_estimate(),
            prices_as_of: price.map(|_| terms.chat.prices().as_of().to_owned()),
        }
    }

    /// Asks for at most so much, in millionths of a US dollar, and keeps the answer.
    ///
    /// # Errors
    /// That of the model under its own code; a store that cannot keep the answer.
    pub async fn ask<S: ArtifactStore>(
        self,
        store: &S,
        limit_micro_usd: u64,
    ) -> Result<SingleAnswer, StageError> {
        if let Some(text) = self.kept {
            return Ok(SingleAnswer { text, is_cached: true, call: None });
        }
        // Without a price there is nothing that a limit could be compared with, and it was agreed to.
        let budget = self
            .terms
            .chat
            .price(0)
            .map_or_else(Budget::unlimited, |_| Budget::of_micro_usd(limit_micro_usd));
        let result = self.terms.chat.ask(&self.request, 0, &budget).await;
        let call = Some(self.terms.chat.record(&self.request, 0, &result));
        let failed = |error: llm::ChatError| StageError::reject(error.code(), error.to_string());
        let reply = result.map_err(failed)?;
        let text = reply.answer().map_err(failed)?.to_owned();
        let kept = KeptAnswer { schema: ANSWER_SCHEMA.to_owned(), text: text.clone() };
        let bytes = serde_json::to_vec(&kept)
            .map_err(|error| StageError::reject("reply_not_json", error.to_string()))?;
        match store.put(&self.key, bytes, PutMode::Create).await {
            Ok(_) | Err(StoreError::AlreadyExists { .. }) => {
                Ok(SingleAnswer { text, is_cached: false, call })
            }
            Err(error) => Err(unavailable(&error)),
        }
    }
}

fn unavailable(error: &StoreError) -> StageError {
    StageError::reject("store_unavailable", error.to_string())
}
