//! Sends questions to language models: one call with its retries, tokens, price, budget and audit record.
//!
//! In: an [`Endpoint`] of any OpenAI-compatible server, a [`ChatRequest`], and a [`Budget`]. Out: a
//! [`ChatReply`] with its usage and cost, or a [`ChatError`] with a stable code that says whether a
//! retry makes sense. [`Batches`] asks many questions at once through OpenAI's Batch endpoint.
//!
//! Calls go out through async-openai with raw JSON bodies, so that a schema keeps the order of its
//! properties, and through our own transport, so that statuses, waits and foreign error shapes are kept.
//! Nothing else here retries, reads the environment, or knows a job, a store or a prompt's content.
//! Prompts, replies and keys never reach a log.
//!
//! ```no_run
//! use doctown_llm::{Budget, Chat, ChatRequest, Endpoint, PriceTable};
//!
//! # async fn ask() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoint = Endpoint::new("http://127.0.0.1:8080/v1", ["gpt-4o-mini"])?;
//! let chat = Chat::new(endpoint, PriceTable::published())?;
//! let request = ChatRequest::new("One sentence.", "What does `fn add(a: u8, b: u8)` do?", 100);
//! let reply = chat.ask(&request, 0, &Budget::of_micro_usd(50_000)).await?;
//! println!("{} for {:?} micro-USD", reply.answer()?, reply.cost_micro_usd);
//! # Ok(())
//! # }
//! ```

mod audit;
mod backoff;
mod batch;
mod body;
mod breaker;
mod budget;
mod chat;
mod classify;
mod endpoint;
mod failure;
mod line;
mod pace;
mod prices;
mod reply;
mod request;
mod spans;
#[cfg(feature = "test-server")]
pub mod testserver;
mod tokens;
mod transport;

pub use audit::{CallParams, CallRecord, Outcome};
pub use batch::{
    BatchAnswers, BatchId, BatchProgress, BatchState, Batches, MAX_BATCH_BYTES, MAX_BATCH_REQUESTS,
};
pub use budget::{Budget, BudgetExceeded, Reservation};
pub use chat::Chat;
pub use endpoint::{Api, Endpoint, InvalidEndpoint, MAX_PARALLEL};
pub use failure::{ChatError, ErrorKind};
pub use line::RetryParams;
pub use prices::{InvalidPrices, Price, PriceTable};
pub use reply::{ChatReply, Finish, Usage};
pub use request::{ChatRequest, InvalidSchema, Schema};
pub use secrecy::SecretString;
pub use tokens::{TextSizes, TokenCounter};
pub use transport::MAX_REPLY_BYTES;
pub use url::Url;
