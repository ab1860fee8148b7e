//! The fields of the records whose words later versions may add to.

use crate::contents::Contents;
use crate::entries::{BODIES, GRAPH, INSIGHTS, NODES, QUALITY, SOURCE_MAP, TOUR};
use crate::open::{Open, Word};
use crate::records::{Body, Edge, SourceFile, Symbol};

/// A word that this version does not define, and where it stands.
pub(crate) struct UnknownWord<'c> {
    pub(crate) entry: &'static str,
    pub(crate) field: &'static str,
    pub(crate) word: &'c str,
}

/// Calls `found` for each word of the contents that this version does not define.
pub(crate) fn each_unknown<'c>(contents: &'c Contents, found: &mut impl FnMut(UnknownWord<'c>)) {
    for row in &contents.quality.languages {
        word(&row.language, QUALITY, "language", found);
    }
    for file in &contents.source_map.files {
        of_file(file, found);
    }
    for document in &contents.source_map.documents {
        word(&document.role, SOURCE_MAP, "role", found);
    }
    for symbol in &contents.nodes.symbols {
        of_symbol(symbol, found);
    }
    for edge in &contents.graph.edges {
        of_edge(edge, found);
    }
    for body in contents.bodies.iter().flat_map(|bodies| &bodies.bodies) {
        of_body(body, found);
    }
    for insight in contents.insights.iter().flat_map(|insights| &insights.families) {
        word(&insight.family, INSIGHTS, "family", found);
    }
    for section in contents.tour.iter().flat_map(|tour| &tour.sections) {
        word(&section.topic, TOUR, "topic", found);
    }
    for step in contents.tour.iter().flat_map(|tour| &tour.flows).flat_map(|flow| &flow.steps) {
        word(&step.kind, TOUR, "kind", found);
    }
}

fn of_body<'c>(body: &'c Body, found: &mut impl FnMut(UnknownWord<'c>)) {
    for condition in &body.conditions {
        word(&condition.kind, BODIES, "conditions.kind", found);
    }
    for step in &body.steps {
        word(&step.kind, BODIES, "steps.kind", found);
        if let Some(effect) = &step.effect {
            word(effect, BODIES, "effect", found);
        }
        for literal in &step.literals {
            word(&literal.kind, BODIES, "literals.kind", found);
        }
    }
}

fn of_file<'c>(file: &'c SourceFile, found: &mut impl FnMut(UnknownWord<'c>)) {
    word(&file.language, SOURCE_MAP, "language", found);
    if let Some(role) = &file.role {
        word(role, SOURCE_MAP, "role", found);
    }
}

fn of_symbol<'c>(symbol: &'c Symbol, found: &mut impl FnMut(UnknownWord<'c>)) {
    word(&symbol.kind, NODES, "kind", found);
    word(&symbol.language, NODES, "language", found);
    word(&symbol.visibility, NODES, "visibility", found);
    if let Some(role) = &symbol.role {
        word(role, NODES, "role", found);
    }
}

fn of_edge<'c>(edge: &'c Edge, found: &mut impl FnMut(UnknownWord<'c>)) {
    word(&edge.kind, GRAPH, "kind", found);
    word(&edge.evidence, GRAPH, "evidence", found);
}

fn word<'c, T: Word>(
    word: &'c Open<T>,
    entry: &'static str,
    field: &'static str,
    found: &mut impl FnMut(UnknownWord<'c>),
) {
    if word.known().is_none() {
        found(UnknownWord { entry, field, word: word.as_str() });
    }
}
