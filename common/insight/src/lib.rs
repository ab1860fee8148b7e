//! Contexts to words: prompts for a model, its replies as checked records, and summaries without one.
//!
//! In: what graph computed about one symbol ([`model::context::SymbolContext`]) or about the whole
//! repository, and what a model replied. Out: requests with their schema and worst case
//! ([`prompt`]), answers read and mended ([`reply`]), a verdict on each
//! ([`check`]), and one or two sentences that only repeat what the author wrote or what was computed
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
