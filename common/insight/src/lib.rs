//! Symbol contexts to words, without a model.
//!
//! In: what graph computed about one symbol ([`model::context::SymbolContext`]) or about the whole
//! repository. Out: one or two sentences that only repeat what the author wrote or what was
//! computed. Nothing is inferred from how code looks, so nothing here can be wrong unless a fact is.
//! It deliberately knows no language model, no network and no file.
//!
//! ```
//! let lead = doctown_insight::lead_sentence("Opens the store.\n\nFails when it is locked.");
//! assert_eq!(lead.as_deref(), Some("Opens the store."));
//! ```

mod overview;
mod prose;
mod summary;
mod wording;

pub use overview::{architecture_overview, module_overview, overviews};
pub use prose::{lead_sentence, readme_lead};
pub use summary::{MAX_SUMMARY_CHARS, summarise};
