//! What the tour cites, against the records.

use super::known::Known;
use super::{Code, Findings};
use crate::contents::Contents;
use crate::entries::TOUR;
use crate::ids::SymbolId;
use crate::records::{Flow, FlowStep, Quote, TourEvidence, TourItem};

/// Checks that every symbol, edge, file and line of the tour exists.
pub(super) fn check(contents: &Contents, known: &Known<'_>, findings: &mut Findings) {
    let Some(tour) = &contents.tour else { return };
    let cited = Cited::new(contents, known, TOUR);
    for item in tour.sections.iter().flat_map(|section| &section.items) {
        cited.item(item, findings);
    }
    for flow in &tour.flows {
        cited.flow(flow, findings);
    }
}

/// What an entry may cite: symbols, edges, files and lines.
pub(super) struct Cited<'a, 'd> {
    contents: &'a Contents,
    known: &'a Known<'d>,
    /// The entry that cites.
    entry: &'static str,
}

impl<'a, 'd> Cited<'a, 'd> {
    pub(super) fn new(contents: &'a Contents, known: &'a Known<'d>, entry: &'static str) -> Self {
        Self { contents, known, entry }
    }

    fn item(&self, item: &TourItem, findings: &mut Findings) {
        self.quote(item.quote.as_ref(), findings);
        for evidence in &item.evidence {
            self.evidence(evidence, findings);
        }
        if item.evidence.is_empty() && item.quote.is_none() {
            findings.add(Code::ValueOutOfRange, self.entry, || format!("`{}` has no evidence", item.text));
        }
    }

    pub(super) fn evidence(&self, evidence: &TourEvidence, findings: &mut Findings) {
        for id in evidence.symbol_id.iter().chain(&evidence.target_id) {
            self.known.expect_symbol(*id, self.entry, findings);
        }
        if let Some((source, target)) = evidence.symbol_id.zip(evidence.target_id) {
            self.edge(source, target, findings);
        }
        if let Some(path) = &evidence.file_path {
            self.place(path, evidence.line, findings);
        }
    }

    pub(super) fn quote(&self, quote: Option<&Quote>, findings: &mut Findings) {
        if let Some(quote) = quote {
            self.place(&quote.file_path, Some(quote.line), findings);
        }
    }

    fn flow(&self, flow: &Flow, findings: &mut Findings) {
        self.known.expect_symbol(flow.symbol_id, self.entry, findings);
        self.quote(flow.quote.as_ref(), findings);
        for step in &flow.steps {
            self.step(step, findings);
        }
        for item in &flow.ends {
            self.item(item, findings);
        }
    }

    fn step(&self, step: &FlowStep, findings: &mut Findings) {
        for id in std::iter::once(step.symbol_id).chain(step.target_id) {
            self.known.expect_symbol(id, self.entry, findings);
        }
        self.quote(step.quote.as_ref(), findings);
        self.place(&step.file_path, Some(step.line), findings);
    }

    /// An edge may be certain or a candidate.
    fn edge(&self, source: SymbolId, target: SymbolId, findings: &mut Findings) {
        let edges = &self.contents.graph.edges;
        // Edges out of order are reported elsewhere, and then found one by one.
        let from = edges.partition_point(|edge| (edge.source, edge.target) < (source, target));
        let is_there = |edge: &crate::records::Edge| edge.source == source && edge.target == target;
        if !edges.get(from).is_some_and(is_there) && !edges.iter().any(is_there) {
            findings.add(Code::DanglingSymbol, self.entry, || {
                format!("no edge leads from `{source}` to `{target}`")
            });
        }
    }

    fn place(&self, path: &str, line: Option<u32>, findings: &mut Findings) {
        let map = &self.contents.source_map;
        let lines = match self.known.file(path) {
            Some(file) => file.lines.max(1),
            None if map.documents.iter().any(|document| document.file_path == path) => u32::MAX,
            None if line.is_none() && self.is_folder(path) => return,
            None => {
                return findings.add(Code::DanglingFile, self.entry, || {
                    format!("`{path}` is not in `{}`", crate::entries::SOURCE_MAP)
                });
            }
        };
        if line.is_some_and(|line| line == 0 || line > lines) {
            findings.add(Code::RangeOutsideFile, self.entry, || format!("`{path}` has no line {line:?}"));
        }
    }

    fn is_folder(&self, path: &str) -> bool {
        let map = &self.contents.source_map;
        let files = map.files.iter().map(|file| &file.file_path);
        let mut paths = files.chain(map.documents.iter().map(|document| &document.file_path));
        path.is_empty() || paths.any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }
}
