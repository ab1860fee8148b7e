//! Questions about a repository as data, and what their answers have in common.
//!
//! A family is a folder with `family.json`: a question, the kinds of claims that answer it, what their values are,
//! and why some are told and others are not. Whoever has the facts fills a [`Form`] with claims; the answer of
//! somebody else, as of a model, has the family's [`schema()`] and is decided claim by claim by [`check()`].
//! This crate computes no fact, asks nobody and reads no file.
//!
//! ```
//! use docpack::InsightFamily;
//! use docpack::records::{InsightValue, TourEvidence};
//! use doctown_families::{Claim, Form};
//!
//! let place = TourEvidence { file_path: Some("src/parse.rs".to_owned()), line: Some(3), ..TourEvidence::default() };
//! let mut form = Form::new(InsightFamily::Risks);
//! form.group("complex", [Claim::new("parse", "`parse` has 40 decisions.").at(place).valued(40)]);
//! let insight = form.finish().unwrap();
//! assert_eq!(insight.groups[0].claims[0].id, "risks.complex.1");
//! assert_eq!(insight.groups[0].claims[0].value, Some(InsightValue::Number(40)));
//! ```

mod check;
mod family;
mod form;
mod render;
mod schema;

pub use check::{Answered, Judged, MAX_ANSWERED, Refused, answer_of, check};
pub use family::{Family, Kind};
pub use form::{Claim, Form};
pub use render::{plain, sheet};
pub use schema::schema;
