//! Answers questions about a repository with evidence from its docpack.
//!
//! In: the [`Records`] of a pack, an [`Index`] of them and a [`Question`]. Out: an [`Answer`]: the authors' words,
//! the flow through the best matches, symbols with the steps of their bodies, and statements of the tour, each with its
//! file and line. If the evidence is too weak, the answer says so and names the words that occur nowhere.
//! Every text is quoted, or written from facts of the pack. A model may choose among the evidence: [`prompt`] writes
//! its request, and [`compose`] keeps the claims of its reply that the evidence contains. This crate calls no
//! model and does no I/O; the caller supplies the documents near a question's vector.
//!
//! ```
//! use ask::{Question, QuestionError};
//! # extern crate doctown_ask as ask;
//! assert!(Question::parse("What happens when no route matches?").is_ok());
//! assert_eq!(Question::parse(" ").err(), Some(QuestionError::Empty));
//! ```

mod answer;
mod compose;
mod excerpt;
mod index;
mod item;
mod passage;
mod question;
mod rank;
mod render;
mod select;
mod stored;
mod terms;

use docpack::Contents;
use docpack::SourceTexts;
use docpack::records::{Bodies, Graph, Nodes, SourceMap, Tour};

pub use answer::{Answer, Item, ItemKind, Lack, Outcome};
pub use compose::{
    Composed, MAX_CLAIMS, MAX_OUTPUT_TOKENS, PROMPT_VERSION, Prompt, SCHEMA_NAME, Sentence, compose, prompt,
};
pub use index::Index;
pub use question::{MAX_QUESTION_CHARS, Question, QuestionError};
pub use render::plain;
pub use select::{DEFAULT_ITEMS, MAX_ITEMS, answer};

/// The part of a pack that answers are taken from.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    pub nodes: &'a Nodes,
    pub graph: &'a Graph,
    pub source_map: &'a SourceMap,
    /// What callables do; packs before 1.2 have none.
    pub bodies: Option<&'a Bodies>,
    pub tour: Option<&'a Tour>,
    /// Where the pack holds the source text; without it, documents are known by their headings only.
    pub source: Option<&'a SourceTexts>,
}

impl<'a> Records<'a> {
    /// Takes from a pack what answers need.
    pub fn of(contents: &'a Contents) -> Self {
        Self {
            nodes: &contents.nodes,
            graph: &contents.graph,
            source_map: &contents.source_map,
            bodies: contents.bodies.as_ref(),
            tour: contents.tour.as_ref(),
            source: contents.source.as_ref(),
        }
    }

    fn lacks(&self) -> Vec<Lack> {
        let lacks = [
            (self.bodies.is_none(), Lack::Bodies),
            (self.tour.is_none(), Lack::Tour),
            (self.source.is_none(), Lack::Source),
        ];
        lacks.into_iter().filter(|(is_lacking, _)| *is_lacking).map(|(_, lack)| lack).collect()
    }
}
