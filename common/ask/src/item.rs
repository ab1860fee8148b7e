//! Evidence as it is shown.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Flow, FlowStep, Quote, Symbol};
use docpack::{FlowStepKind, SymbolId};
use tour::Guide;
use tour::text::clip;

use crate::Records;
use crate::answer::{Item, ItemKind};
use crate::excerpt::{best_sentences, of_comment};
use crate::index::{CATCH, REMARKS, Unit, has_value, headings, is_value, own_text};
use crate::rank::Candidate;
use crate::terms::{Held, Terms};

/// Steps of one body that are shown.
const MAX_STEPS: usize = 6;
/// Steps of a flow that are shown.
const MAX_FLOW_STEPS: usize = 10;
/// A longer signature is no longer read.
const MAX_SIGNATURE_CHARS: usize = 160;
/// A block of code is shown to here.
const MAX_CODE_CHARS: usize = 240;
/// A text of the tour is shown to here.
const MAX_TEXT_CHARS: usize = 520;
/// Calls are followed no deeper by a flow.
const MAX_DEPTH: usize = 16;

/// Writes candidates as items.
pub(crate) struct Writer<'a> {
    pub(crate) records: &'a Records<'a>,
    pub(crate) terms: &'a Terms,
    pub(crate) guide: &'a Guide<'a>,
    /// How well symbols fit the question.
    pub(crate) symbols: &'a BTreeMap<SymbolId, f64>,
}

impl Writer<'_> {
    pub(crate) fn item(&self, it: &Candidate) -> Option<Item> {
        let item = match &it.unit {
            Unit::Symbol(at) => self.symbol(&self.records.nodes.symbols[*at]),
            Unit::Passage { .. } => self.passage(&it.unit)?,
            Unit::Statement { section, item } => self.statement(*section, *item)?,
        };
        Some(Item { words: self.terms.told(&it.held), score: rounded(it.score), ..item })
    }

    fn symbol(&self, symbol: &Symbol) -> Item {
        let quote = symbol.doc_comment.as_deref().and_then(|comment| of_comment(comment, self.terms));
        let quote = quote.map(|text| Quote {
            text,
            file_path: symbol.file_path.clone(),
            line: symbol.line_range.start,
        });
        let all = self.guide.steps(symbol.id);
        let steps = self.best(&all, MAX_STEPS);
        let has_words = (quote.is_some() || !steps.is_empty()) && !has_value(symbol);
        let signature = shown_signature(symbol, self.records);
        Item {
            symbol_id: Some(symbol.id),
            symbol_kind: Some(symbol.kind.clone()),
            quote,
            text: Some(signature).filter(|text| !has_words && !text.is_empty()),
            left_out: (all.len() - steps.len()) as u32,
            steps,
            ..blank(ItemKind::Symbol, self.name(symbol), &symbol.file_path, symbol.line_range.start)
        }
    }

    fn name(&self, symbol: &Symbol) -> String {
        self.guide.name(symbol.id).unwrap_or_else(|| symbol.qualified_name.clone())
    }

    fn passage(&self, unit: &Unit) -> Option<Item> {
        let Unit::Passage { document, section, passage } = unit else { return None };
        let document = &self.records.source_map.documents[*document];
        let path = &document.file_path;
        let line =
            passage.as_ref().map(|it| it.line).or(section.map(|at| document.sections[at].line)).unwrap_or(1);
        let text = self.records.source.and_then(|source| source.get(path));
        let own = passage.as_ref().and_then(|it| text?.get(it.start..it.end));
        let quoted = own.map(|own| match passage.as_ref().is_some_and(|it| it.is_code) {
            true => clip(&own.split_whitespace().collect::<Vec<_>>().join(" "), MAX_CODE_CHARS),
            false => best_sentences(own, self.terms),
        });
        let quoted = quoted.filter(|text| !text.is_empty());
        if own.is_some() && quoted.is_none() {
            return None;
        }
        let quote = quoted.map(|text| Quote { text, file_path: path.clone(), line });
        Some(Item { quote, ..blank(ItemKind::Passage, headings(document, *section), path, line) })
    }

    fn statement(&self, section: usize, item: usize) -> Option<Item> {
        let section = self.records.tour?.sections.get(section)?;
        let item = section.items.get(item)?;
        let place = item.evidence.iter().find_map(|it| Some((it.file_path.clone()?, it.line)));
        let quoted = item.quote.as_ref().map(|it| (it.file_path.clone(), Some(it.line)));
        let (path, line) = quoted.or(place)?;
        let symbol_id = item.evidence.iter().find_map(|it| it.symbol_id);
        Some(Item {
            symbol_id,
            quote: item.quote.as_ref().map(short),
            text: Some(clip(&item.text, MAX_TEXT_CHARS)).filter(|text| !text.is_empty()),
            ..blank(ItemKind::Statement, section.title.clone(), &path, line.unwrap_or(1))
        })
    }

    pub(crate) fn flow(&self, flow: &Flow, score: f64) -> Item {
        let steps = self.best(&flow.steps, MAX_FLOW_STEPS);
        let start = self.records.nodes.symbols.iter().find(|symbol| symbol.id == flow.symbol_id);
        let (path, line) = start.map_or((String::new(), 1), |it| (it.file_path.clone(), it.line_range.start));
        let held = steps.iter().fold(self.terms.held(&flow.title), |held, step| held.or(&self.held(step)));
        Item {
            symbol_id: Some(flow.symbol_id),
            symbol_kind: start.map(|symbol| symbol.kind.clone()),
            quote: flow.quote.as_ref().map(short),
            left_out: flow.left_out.saturating_add((flow.steps.len() - steps.len()) as u32),
            steps,
            words: self.terms.told(&held),
            score: rounded(score),
            ..blank(ItemKind::Flow, flow.title.replace('`', ""), &path, line)
        }
    }

    pub(crate) fn held(&self, step: &FlowStep) -> Held {
        let condition = step.condition.as_deref().unwrap_or_default();
        let caught = if condition.contains("after `") { CATCH } else { "" };
        self.terms.held(&format!("{} {condition} {caught}", step.text))
    }

    /// Keeps the steps that fit the question best, each with the calls that lead to it, in their order.
    fn best(&self, steps: &[FlowStep], limit: usize) -> Vec<FlowStep> {
        let mut order: Vec<(f64, usize)> =
            steps.iter().enumerate().map(|(at, step)| (self.worth(step), at)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut kept: BTreeSet<usize> = BTreeSet::new();
        for (_, at) in order {
            let wanted: BTreeSet<usize> = leading_to(steps, at).into_iter().chain([at]).collect();
            if kept.union(&wanted).count() <= limit {
                kept.extend(wanted);
            }
        }
        kept.into_iter().map(|at| steps[at].clone()).collect()
    }

    fn worth(&self, step: &FlowStep) -> f64 {
        let of_kind = match step.kind.known() {
            Some(FlowStepKind::Raise) => 0.15,
            Some(FlowStepKind::Call | FlowStepKind::HandOver | FlowStepKind::Uncertain) => 0.1,
            Some(FlowStepKind::External | FlowStepKind::Return | FlowStepKind::Yield) => 0.08,
            Some(FlowStepKind::Dynamic) => 0.06,
            _ => 0.03,
        };
        let target = step.target_id.and_then(|id| self.symbols.get(&id)).copied().unwrap_or_default();
        of_kind + self.terms.worth(&self.held(step)) + 0.5 * target - 0.02 * f64::from(step.depth)
    }
}

/// Takes the signature of a symbol, or the line of a value with the remark above it.
fn shown_signature(symbol: &Symbol, records: &Records<'_>) -> String {
    let value = if has_value(symbol) { own_text(symbol, records) } else { "" };
    let value = if is_value(symbol) { value } else { without_remark(value) };
    let shown = if value.is_empty() { &symbol.signature } else { value };
    clip(&shown.split_whitespace().collect::<Vec<_>>().join(" "), MAX_SIGNATURE_CHARS)
}

/// Leaves out the remark before a definition, which is shown as its comment.
fn without_remark(definition: &str) -> &str {
    let mut rest = definition;
    while REMARKS.iter().any(|mark| rest.trim_start().starts_with(mark)) {
        let Some(end) = rest.find('\n') else { break };
        rest = &rest[end + 1..];
    }
    rest
}

/// Lists the steps around one, each of which calls what the next one stands in.
fn leading_to(steps: &[FlowStep], at: usize) -> Vec<usize> {
    let mut depth = steps[at].depth;
    let mut found = Vec::new();
    for before in (0..at).rev() {
        if steps[before].depth < depth {
            depth = steps[before].depth;
            found.push(before);
        }
        if depth == 0 || found.len() >= MAX_DEPTH {
            break;
        }
    }
    found
}

fn blank(kind: ItemKind, title: String, file_path: &str, line: u32) -> Item {
    Item {
        kind,
        title,
        symbol_id: None,
        symbol_kind: None,
        file_path: file_path.to_owned(),
        line,
        quote: None,
        text: None,
        steps: Vec::new(),
        left_out: 0,
        words: Vec::new(),
        score: 0.0,
    }
}

/// Cuts a quote of the tour; packs of others may hold longer ones than ours.
fn short(quote: &Quote) -> Quote {
    Quote { text: clip(&quote.text, MAX_TEXT_CHARS), ..quote.clone() }
}

fn rounded(score: f64) -> f64 {
    (score * 1e6).round() / 1e6
}
