//! One question outside of any job: estimated, paid within a budget, kept so that it is asked once, and audited.

use docpack::Digest;
use llm::{Budget, CallRecord, ChatRequest, ErrorKind, Schema};
use pipeline::key::ObjectKey;
use pipeline::port::{ArtifactStore, PutMode, StoreError};
use pipeline::{ArtifactKey, Estimate, StageError, Tenant, Timestamp};
use serde::Serialize;

use crate::audit::AuditLine;
use crate::kept::KeptReply;
use crate::terms::{SEED, Terms};

/// Tells the replies of questions from those of jobs, which are read by other rules.
const ANSWER_SCHEMA: &str = "doctown.answer/1";
/// Time that an answer takes at a usual speed.
const USUAL_MS: u64 = 4_000;
/// The same question is asked so often in one millisecond at most; more would overwrite each other's audit.
const MAX_AT_ONCE: u64 = 100;

/// A question and the form of its answer.
#[derive(Debug, Clone)]
pub struct SingleQuestion<'a> {
    /// The pack that it is about, for the audit.
    pub docpack_id: Digest,
    /// Changes with the words around the question.
    pub template_version: u32,
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
pub struct SingleAnswer<T> {
    pub answer: T,
    pub is_cached: bool,
    /// `None` for an answer out of the cache.
    pub call: Option<CallRecord>,
}

/// A reply that its caller has read and checked.
#[derive(Debug, Clone)]
pub struct Checked<T> {
    pub answer: T,
    /// It has the form that was asked for.
    pub is_readable: bool,
    pub n_claims: usize,
    /// Of these, those that the evidence shows.
    pub n_held: usize,
}

/// A question that is ready to be asked of the first model of its terms.
pub struct Prepared<'a, S> {
    terms: &'a Terms,
    store: &'a S,
    tenant: &'a Tenant,
    request: ChatRequest,
    expected_output_tokens: u32,
    key: ObjectKey,
    digest: Digest,
    kept: Option<KeptReply>,
    line: AuditLine,
}

impl<'a, S: ArtifactStore> Prepared<'a, S> {
    /// Takes secrets out of the question, and looks whether it was asked before.
    pub async fn new(
        terms: &'a Terms,
        question: &SingleQuestion<'_>,
        store: &'a S,
        tenant: &'a Tenant,
        now: Timestamp,
    ) -> Result<Self, StageError> {
        let schema = Schema::parse(question.schema_name, question.schema)
            .map_err(|error| StageError::reject("schema_unusable", error.to_string()))?;
        let mut secrets = insight::secrets::SecretCounts::default();
        let user = insight::secrets::redact(question.user, &mut secrets);
        let request = ChatRequest::new(question.system, user, question.max_output_tokens)
            .with_schema(schema)
            .with_seed(SEED);
        let digest = terms.chat.digest(&request, 0);
        let digest = digest.map_err(|error| StageError::reject(error.code(), error.to_string()))?;
        let digest = Digest::of(format!("{ANSWER_SCHEMA}\n{digest}").as_bytes());
        let key = ArtifactKey::ReplyCache { question: &digest }.of(tenant);
        let kept = match store.get(&key).await {
            Ok(object) => KeptReply::read(&object.bytes),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(unavailable(&error)),
        };
        let mut line = AuditLine::of_reader(question.docpack_id, now, digest, question.template_version);
        line.secrets = secrets.into_iter().map(|(rule, n)| (rule.to_owned(), u64::from(n))).collect();
        let expected_output_tokens = question.expected_output_tokens;
        Ok(Self { terms, store, tenant, request, expected_output_tokens, key, digest, kept, line })
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

    /// Asks for at most so much, in millionths of a US dollar, keeps the reply, and has it read and checked.
    ///
    /// Whatever comes of it, the audit gets its line.
    ///
    /// # Errors
    /// That of the model under its own code; a store that cannot keep the reply.
    pub async fn ask<T>(
        mut self,
        limit_micro_usd: u64,
        check: impl FnOnce(&str) -> Checked<T>,
    ) -> Result<SingleAnswer<T>, StageError> {
        let heard = self.heard(limit_micro_usd).await;
        let answered = heard.and_then(|kept| {
            let checked = check(readable(&kept)?);
            self.line.n_claims = checked.n_claims;
            self.line.n_held = checked.n_held;
            self.line.n_usable = usize::from(checked.n_held > 0);
            let is_refuted = checked.n_claims > 0 && checked.n_held == 0;
            self.line.outcome = if checked.is_readable && !is_refuted { "ok" } else { "rejected" };
            Ok(checked.answer)
        });
        self.write_line().await?;
        let (is_cached, call) = (self.line.cache_hit, self.line.call);
        answered.map(|answer| SingleAnswer { answer, is_cached, call })
    }

    /// Takes the reply out of the cache, or asks for it and keeps it, a refusal too.
    async fn heard(&mut self, limit_micro_usd: u64) -> Result<KeptReply, StageError> {
        if let Some(kept) = self.kept.take() {
            self.line.cache_hit = true;
            return Ok(kept);
        }
        // Without a price there is nothing that a limit could be compared with, and it was agreed to.
        let chat = &self.terms.chat;
        let budget = chat.price(0).map_or_else(Budget::unlimited, |_| Budget::of_micro_usd(limit_micro_usd));
        let result = chat.ask(&self.request, 0, &budget).await;
        self.line.call = Some(chat.record(&self.request, 0, &result));
        let reply = result.map_err(|error| StageError::reject(error.code(), error.to_string()))?;
        let kept = KeptReply::of(&reply, "ask".to_owned(), self.digest.hex());
        match self.store.put(&self.key, kept.bytes()?, PutMode::Create).await {
            Ok(_) | Err(StoreError::AlreadyExists { .. }) => Ok(kept),
            Err(error) => Err(unavailable(&error)),
        }
    }

    async fn write_line(&self) -> Result<(), StageError> {
        let crate::audit::Asker::Reader { asked_at, .. } = &self.line.asker else { return Ok(()) };
        let line = serde_json::to_vec(&self.line)
            .map_err(|error| StageError::reject("audit_not_json", error.to_string()))?;
        for later in 0..MAX_AT_ONCE {
            let asked_at = Timestamp(asked_at.0.saturating_add(later));
            let key = ArtifactKey::QuestionAudit { asked_at, question: &self.digest }.of(self.tenant);
            match self.store.put(&key, line.clone(), PutMode::Create).await {
                Ok(_) => return Ok(()),
                Err(StoreError::AlreadyExists { .. }) => {}
                Err(error) => return Err(unavailable(&error)),
            }
        }
        Ok(())
    }
}

/// Returns the text of a reply that is an answer.
fn readable(kept: &KeptReply) -> Result<&str, StageError> {
    let none = |kind: ErrorKind, message: &str| Err(StageError::reject(kind.code(), message));
    match kept {
        kept if kept.is_refused => none(ErrorKind::Refused, "the model declines to answer"),
        kept if !kept.is_whole => none(ErrorKind::ReplyCut, "the answer ended at its longest length"),
        kept if kept.text.trim().is_empty() => none(ErrorKind::EmptyReply, "the answer has no text"),
        kept => Ok(&kept.text),
    }
}

fn unavailable(error: &StoreError) -> StageError {
    StageError::reject("store_unavailable", error.to_string())
}
