//! Many questions at once through OpenAI's Batch endpoint: half the price, within a day.

mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use async_openai::Client;
use async_openai::error::OpenAIError;
use async_openai::types::InputSource;
use async_openai::types::files::{CreateFileRequest, FileInput, FilePurpose};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::budget::{Budget, Reservation};
use crate::chat::{Chat, give_back};
use crate::endpoint::{Address, InvalidEndpoint};
use crate::failure::{ChatError, ErrorKind};
use crate::line::Repeat;
use crate::prices::Price;
use crate::reply::ChatReply;
use crate::request::ChatRequest;
use crate::tokens::TokenCounter;
use crate::transport::{self, Limits, MAX_REPLY_BYTES};

/// OpenAI takes 200 MB; a file stays in memory here, on its way up and on its way down.
pub const MAX_BATCH_BYTES: usize = 64 << 20;
/// OpenAI's own limit.
pub const MAX_BATCH_REQUESTS: usize = 50_000;

/// The Batch endpoint of one model.
pub struct Batches {
    chat: Chat,
    model: String,
    price: Option<Price>,
    api: Client<Address>,
    files: Client<Address>,
}

/// What a batch is found by again, in this process or in another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(String);

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Being checked, worked on, or written.
    Running,
    Completed,
    /// Refused as a whole; nothing was worked on.
    Failed,
    /// Its day is over; what was answered until then is there.
    Expired,
    Cancelled,
}

/// A batch as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchProgress {
    pub id: BatchId,
    pub state: BatchState,
    pub n_requests: u64,
    pub n_answered: u64,
    pub n_failed: u64,
    output_file: Option<String>,
    error_file: Option<String>,
    /// Why it failed, where it did.
    pub reason: Option<String>,
}

/// Answers by the name of their question.
#[derive(Debug, Clone)]
pub struct BatchAnswers {
    pub replies: BTreeMap<String, Result<ChatReply, ChatError>>,
    /// Of all answers together; `None` without a price, or where one was not counted.
    pub cost_micro_usd: Option<u64>,
}

impl Batches {
    pub fn new(chat: &Chat, model_idx: usize) -> Result<Self, InvalidEndpoint> {
        let endpoint = chat.endpoint();
        let model = endpoint.models().get(model_idx).ok_or(InvalidEndpoint::NoModel)?.clone();
        let client = |limits| {
            let key = endpoint.key.clone().unwrap_or_default();
            Ok(transport::client(&chat.shared.http, endpoint.batch_address()?, limits, key))
        };
        Ok(Self {
            api: client(Limits { max_bytes: MAX_REPLY_BYTES, is_json: true })?,
            files: client(Limits { max_bytes: MAX_BATCH_BYTES, is_json: false })?,
            price: chat.price(model_idx).map(Price::batched),
            chat: chat.clone(),
            model,
        })
    }

    /// Returns what all questions together can cost at most; `None` without a price.
    pub fn worst_case(&self, requests: &BTreeMap<String, ChatRequest>) -> Option<u64> {
        let counter = TokenCounter::for_model(&self.model);
        let costs = requests.values().map(|request| {
            Some(self.price?.worst_case(counter.at_most(request), u64::from(request.max_output_tokens)))
        });
        costs.sum()
    }

    /// Sends all questions, after setting aside what they can cost.
    ///
    /// The reservation is the caller's to settle with [`BatchAnswers::cost_micro_usd`]. The file is sent
    /// again after any failure that may pass; the batch itself is started again only when it certainly was
    /// not, since two would both be paid.
    pub async fn submit(
        &self,
        requests: &BTreeMap<String, ChatRequest>,
        budget: &Budget,
    ) -> Result<(BatchId, Reservation), ChatError> {
        let file = lines::write(self.chat.endpoint(), &self.model, requests)?;
        let worst_case = self.worst_case(requests);
        if worst_case.is_none() && budget.limit().is_some() {
            let message = format!("`{}` has no price, so a budget cannot hold; give its price", self.model);
            return Err(ChatError::new(ErrorKind::PriceUnknown, message));
        }
        let reservation = budget.reserve(worst_case.unwrap_or(0));
        let reservation =
            reservation.map_err(|error| ChatError::new(ErrorKind::BudgetExceeded, error.to_string()))?;
        match self.start(file).await {
            Ok(id) => Ok((id, reservation)),
            Err(error) => {
                give_back(reservation, &error);
                Err(error)
            }
        }
    }

    async fn start(&self, file: Vec<u8>) -> Result<BatchId, ChatError> {
        let source = InputSource::Bytes { filename: "requests.jsonl".to_owned(), bytes: file.into() };
        let upload = CreateFileRequest {
            file: FileInput { source },
            purpose: FilePurpose::Batch,
            ..CreateFileRequest::default()
        };
        let uploaded: Named = self
            .json(Repeat::Transient, || async { self.api.files().create_byot(upload.clone()).await })
            .await
            // A file that nobody may have got costs nothing.
            .map_err(|error| ChatError { may_have_cost: false, ..error })?;
        let order = serde_json::json!({
            "input_file_id": uploaded.id,
            "endpoint": lines::PATH,
            "completion_window": "24h",
        });
        let batch: Named =
            self.json(Repeat::Unsent, || async { self.api.batches().create_byot(&order).await }).await?;
        Ok(BatchId(batch.id))
    }

    /// Looks where a batch stands.
    pub async fn poll(&self, id: &BatchId) -> Result<BatchProgress, ChatError> {
        let wire: Wire =
            self.json(Repeat::Transient, || async { self.api.batches().retrieve_byot(&id.0).await }).await?;
        wire.progress(id)
    }

    /// Looks again and again until nothing more happens.
    pub async fn wait(&self, id: &BatchId, every: Duration) -> Result<BatchProgress, ChatError> {
        loop {
            let progress = self.poll(id).await?;
            if progress.state != BatchState::Running {
                return Ok(progress);
            }
            tokio::time::sleep(every).await;
        }
    }

    /// Stops a batch; what is answered by then is charged and can be fetched.
    pub async fn cancel(&self, id: &BatchId) -> Result<(), ChatError> {
        let cancelled: Result<Named, _> =
            self.json(Repeat::Transient, || async { self.api.batches().cancel_byot(&id.0).await }).await;
        cancelled.map(drop)
    }

    /// Fetches what a batch that is over has for these questions.
    ///
    /// Each named question has an entry: an answer, its own error, or `llm_batch_incomplete`.
    pub async fn answers(
        &self,
        progress: &BatchProgress,
        questions: &BTreeSet<String>,
    ) -> Result<BatchAnswers, ChatError> {
        if progress.state == BatchState::Failed {
            let reason = progress.reason.as_deref().unwrap_or("no reason was given");
            return Err(ChatError::new(ErrorKind::BatchFailed, format!("the batch was refused: {reason}")));
        }
        let mut replies = BTreeMap::new();
        for file in [&progress.output_file, &progress.error_file].into_iter().flatten() {
            let content = self.content(file).await?;
            lines::read(&content, questions, self.price, &mut replies)?;
        }
        let costs = replies.values().flatten().map(|reply| reply.cost_micro_usd);
        let cost_micro_usd = costs.sum();
        for question in questions {
            replies.entry(question.clone()).or_insert_with(|| Err(missing(progress.state)));
        }
        Ok(BatchAnswers { replies, cost_micro_usd })
    }

    async fn content(&self, file: &str) -> Result<Vec<u8>, ChatError> {
        let line = &self.chat.shared.line;
        let attempt = || async {
            let content = self.files.files().content(file).await;
            content.map_err(|error| of_batches(transport::unwrap(error)))
        };
        let bytes = line.call(Repeat::Transient, attempt).await.result?;
        Ok(bytes.into())
    }

    async fn json<T: DeserializeOwned, F>(&self, repeat: Repeat, send: impl Fn() -> F) -> Result<T, ChatError>
    where
        F: Future<Output = Result<Box<RawValue>, OpenAIError>>,
    {
        let attempt = || async {
            let json = send().await.map_err(|error| of_batches(transport::unwrap(error)))?;
            let bad = |_| ChatError::new(ErrorKind::BadReply, "the reply is not about a file or a batch");
            serde_json::from_str(json.get()).map_err(|error| bad(error).maybe_charged())
        };
        self.chat.shared.line.call(repeat, attempt).await.result
    }
}

/// An address that leads nowhere is one of a file or a batch that is not there, or of a server without
/// batches: it says nothing of the address that questions go to.
fn of_batches(error: ChatError) -> ChatError {
    let kind = if error.kind == ErrorKind::WrongUrl { ErrorKind::BatchFailed } else { error.kind };
    ChatError { kind, ..error }
}

fn missing(state: BatchState) -> ChatError {
    let message = match state {
        BatchState::Expired => "the batch's time was over before this question's turn",
        BatchState::Cancelled => "the batch was cancelled before this question's turn",
        BatchState::Running => "the batch is not over",
        BatchState::Completed | BatchState::Failed => "the batch has no answer to this question",
    };
    ChatError::new(ErrorKind::BatchIncomplete, message)
}

impl BatchId {
    /// Takes an id that was kept.
    pub fn kept(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BatchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

#[derive(Deserialize)]
struct Wire {
    status: String,
    output_file_id: Option<String>,
    error_file_id: Option<String>,
    #[serde(default)]
    request_counts: Option<Counts>,
    errors: Option<Errors>,
}

#[derive(Deserialize, Default)]
struct Counts {
    total: u64,
    completed: u64,
    failed: u64,
}

#[derive(Deserialize)]
struct Errors {
    #[serde(default)]
    data: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    message: Option<String>,
}

impl Wire {
    fn progress(self, id: &BatchId) -> Result<BatchProgress, ChatError> {
        let state = match self.status.as_str() {
            "validating" | "in_progress" | "finalizing" | "cancelling" => BatchState::Running,
            "completed" => BatchState::Completed,
            "failed" => BatchState::Failed,
            "expired" => BatchState::Expired,
            "cancelled" => BatchState::Cancelled,
            other => {
                let message = format!("the batch is in a state of its own: `{other}`");
                return Err(ChatError::new(ErrorKind::BadReply, message));
            }
        };
        let counts = self.request_counts.unwrap_or_default();
        let mut reasons = self.errors.into_iter().flat_map(|errors| errors.data);
        Ok(BatchProgress {
            id: id.clone(),
            state,
            n_requests: counts.total,
            n_answered: counts.completed,
            n_failed: counts.failed,
            output_file: self.output_file_id,
            error_file: self.error_file_id,
            reason: reasons.find_map(|reason| reason.message),
        })
    }
}
