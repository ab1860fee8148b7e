//! Compares two docpacks of one repository: symbols, exported signatures, calls, groups, quality and packages.
//!
//! In: the records of two packs. Out: a [`Comparison`]: [`Changes`], which are the same seen from either side,
//! and [`Api`], the verdict on going from the first pack to the second. A pack compared with itself has no changes.
//! Every list is sorted, and the order of the records does not matter.
//! This crate does not know where a pack comes from.
//!
//! ```
//! # extern crate doctown_compare as compare;
//! use compare::{Pack, compare};
//! # fn show(before: &docpack::Docpack, after: &docpack::Docpack) {
//! let comparison = compare(&Pack::of(before), &Pack::of(after));
//! for change in &comparison.api.changes {
//!     println!("{}: {}", change.verdict, change.name);
//! }
//! # }
//! ```

mod api;
mod calls;
mod changes;
mod gate;
mod groups;
mod html;
mod markdown;
mod matching;
mod names;
mod numbers;
mod rules;
mod side;
mod similar;
mod summary;
mod text;
mod told;

pub use api::{Api, ApiChange, Reason, Verdict};
pub use changes::{
    Call, CallChange, CallChanges, CallTotals, Changes, Comparison, ComplexityChange, CouplingChange,
    GroupChange, LanguageCalls, MovedSymbol, PackageChange, SignatureChange, SymbolChanges, SymbolRef,
    UnresolvedCall, Version,
};
pub use gate::{Broken, Gate, broken, failed};
pub use html::html;
pub use markdown::markdown;
pub use side::Pack;
pub use summary::{Counts, MAX_SUMMARY_CHARS, Summary, counts, summary};
pub use text::text;

use matching::Pairs;
use side::Side;

/// Compares two packs; `before` is the older one.
pub fn compare(before: &Pack<'_>, after: &Pack<'_>) -> Comparison {
    let (older, newer) = (Side::of(before), Side::of(after));
    let pairs = Pairs::of(&older, &newer);
    let changes = Changes {
        symbols: changes::symbols(&older, &newer, &pairs),
        signatures: api::signatures(&older, &newer, &pairs),
        calls: calls::calls(&older, &newer, &pairs),
        groups: groups::groups(&older, &newer, &pairs),
        complexity: numbers::complexity(&older, &newer, &pairs),
        coupling: numbers::coupling(before.graph, after.graph),
        languages: numbers::languages(&older, &newer),
        packages: numbers::packages(&older, &newer),
    };
    Comparison {
        before: Version::of(before),
        after: Version::of(after),
        api: api::api(&older, &newer, &pairs),
        changes,
    }
}
