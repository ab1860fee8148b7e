//! Makes a tour of a repository: one page for a reader who sees the code for the first time.
//!
//! In: the records of a pack and the beginnings of its documents. Out: a [`Tour`]: the repository's purpose in
//! its authors' words, its parts, entry points, flows, types, settings, errors, tests, extension points and
//! terms, and what its documentation explains, each statement with the symbols, files and lines that support it.
//! Only facts are read: no vectors, clusters, centrality or written summaries, so the tour is the same on
//! every machine. [`tour_and_insights`] answers standing questions with the same computations.
//! This crate invents nothing, calls no model and depends on no language's syntax.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use docpack::records::{Graph, GraphMetrics, Nodes, SourceMap};
//!
//! let graph = Graph {
//!     confidence_floor: 0.9,
//!     edges: Vec::new(),
//!     ambiguous: Vec::new(),
//!     unresolved: Vec::new(),
//!     metrics: GraphMetrics::default(),
//! };
//! let records = doctown_tour::Records {
//!     nodes: &Nodes::default(),
//!     graph: &graph,
//!     source_map: &SourceMap::default(),
//!     bodies: None,
//!     texts: &BTreeMap::new(),
//! };
//! assert_eq!(doctown_tour::tour(&records), docpack::records::Tour::default());
//! ```

mod behind;
mod code;
mod command_line;
mod diagram;
mod documentation;
mod errors;
mod extension;
mod failures;
mod flow;
mod glossary;
mod guide;
mod held;
mod insights;
mod item;
mod layout;
mod parts;
mod passages;
mod programs;
mod purpose;
mod rank;
mod reading;
mod render;
mod satisfies;
mod settings;
mod start;
mod tests_of;
pub mod text;
mod topics;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Bodies, Graph, Insights, Nodes, Quality, SourceMap, Tour, TourSection};

pub use crate::guide::Guide;
pub use crate::render::{markdown, plain};

use crate::behind::Behind;
use crate::code::Code;
use crate::held::Held;
use crate::parts::Parts;
use crate::passages::Passages;
use crate::rank::Ranks;
use crate::satisfies::Satisfies;

/// What a tour is made of.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// The symbols.
    pub nodes: &'a Nodes,
    /// The edges; those of likeness and of history are not followed.
    pub graph: &'a Graph,
    /// The files and documents.
    pub source_map: &'a SourceMap,
    /// What callables do; without it, flows know calls only.
    pub bodies: Option<&'a Bodies>,
    /// The beginnings of documents by path, with secrets masked.
    pub texts: &'a BTreeMap<String, String>,
}

/// What every section looks at.
pub(crate) struct View<'a> {
    pub(crate) code: Code<'a>,
    pub(crate) parts: Parts<'a>,
    pub(crate) ranks: Ranks,
    pub(crate) passages: Passages<'a>,
    /// Who writes the fields that calls go through.
    pub(crate) held: Held<'a>,
    /// Which types of Go satisfy which interfaces.
    pub(crate) satisfies: Satisfies,
    /// How much happens behind each callable.
    pub(crate) behind: Behind,
    /// Names of the methods and fields of the repository's types.
    pub(crate) methods: BTreeSet<&'a str>,
}

impl<'a> View<'a> {
    fn new(records: &'a Records<'a>) -> Self {
        let code = Code::new(records);
        let parts = Parts::new(&code);
        let ranks = Ranks::new(&code, &parts);
        let passages = Passages::new(&code, &ranks);
        let members = code.ours().filter(|at| code.owner_type(*at).is_some());
        let methods = members.map(|at| code.symbols[at].name.as_str()).collect();
        let held = Held::new(&code);
        let satisfies = Satisfies::new(&code);
        let behind = Behind::new(&code);
        Self { methods, held, satisfies, behind, code, parts, ranks, passages }
    }
}

/// Makes the tour of a pack.
pub fn tour(records: &Records<'_>) -> Tour {
    let view = View::new(records);
    let start = start::find(&view);
    let flows = flow::flows(&view, &start);
    page(&view, &start, flows)
}

/// Makes the tour of a pack, and answers the questions of [`families`] out of the same computations.
///
/// `quality` says how much of the graph is known.
pub fn tour_and_insights(records: &Records<'_>, quality: &Quality) -> (Tour, Insights) {
    let view = View::new(records);
    let start = start::find(&view);
    let flows = flow::flows(&view, &start);
    let insights = insights::insights(&view, &start, &flows, quality);
    (page(&view, &start, flows), insights)
}

fn page(view: &View<'_>, start: &start::Start, flows: Vec<docpack::records::Flow>) -> Tour {
    let sections: [Option<TourSection>; 11] = [
        purpose::section(view),
        documentation::section(view),
        layout::section(view),
        start::section(view, start),
        types::section(view),
        settings::section(view),
        errors::section(view),
        tests_of::section(view),
        extension::section(view),
        glossary::section(view),
        reading::section(view, &flows),
    ];
    Tour { sections: sections.into_iter().flatten().collect(), flows }
}
