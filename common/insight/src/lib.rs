//! Turns contexts into texts: prompts for a model, checked records of its replies, and summaries without one.
//!
//! In: graph's results about one symbol ([`model::context::SymbolContext`]) or about the whole
//! repository, and a model's reply. Out: requests with their schema and worst case
//! ([`prompt`]), parsed and repaired answers ([`reply`]), a verdict on each
//! ([`check`]), and one or two sentences that only repeat the author's words or computed facts
//! ([`summarise`], [`overviews`]). Repository text passes [`hygiene`] and [`secrets`] first.
//! It deliberately knows no endpoint, no tokenizer, no price and no file.
//!
//! ```
//! let reply = doctown_insight::reply::read(r#"{"answers":[{"id":"s1","claims":[],"sentence":"Opens the store."}]}"#, &["s1"]);
//! assert_eq!(reply.answers[0].answer.sentence, "Opens the store.");
//! assert!(reply.findings.is_empty());
//! ```

pub mod check;
mod finding;
pub mod hygiene;
mod overview;
pub mod prompt;
pub mod reply;
pub mod secrets;
mod summary;
mod tokens;
mod wording;

pub use finding::{Finding, ask_again};
pub use overview::{architecture_overview, extractive, module_overview, overviews};
pub use prose::{introduction, lead_sentence};
pub use summary::{MAX_SUMMARY_CHARS, summarise};
pub use tokens::{BytesOverFour, CountTokens};
