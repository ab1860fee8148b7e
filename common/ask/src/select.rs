//! From candidates to the few that are shown.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Flow, Symbol};
use docpack::{Role, SymbolId, SymbolKind};
use tour::Guide;

use crate::Records;
use crate::answer::{Answer, Item, ItemKind, Outcome};
use crate::index::{Index, Unit};
use crate::item::Writer;
use crate::question::{Form, Question};
use crate::rank::{Candidate, Ranked, Ranker};
use crate::terms::{Held, Terms};

/// Items of an answer where nobody asks for more: they fit on one screen.
pub const DEFAULT_ITEMS: usize = 8;
/// More items are a list to search in, not an answer.
pub const MAX_ITEMS: usize = 50;
/// Of eight items, so many may be of a kind.
const SHARES: [(ItemKind, usize); 4] =
    [(ItemKind::Passage, 3), (ItemKind::Flow, 1), (ItemKind::Symbol, 4), (ItemKind::Statement, 1)];
/// A short answer may have as many of one kind; a flow there is once.
const LEAST_ROOM: usize = 2;
/// An item that fits less than this share of the best of its kind is no evidence.
const MIN_SHARE: f64 = 0.35;
/// Passages are read first and take the most room, so that the weaker ones are left out sooner.
const MIN_PASSAGE_SHARE: f64 = 0.5;
/// Symbols beyond their share of the items fit at least so well.
const FURTHER_SHARE: f64 = 0.6;
/// One item of an answer holds more than this share of the question.
const MIN_WORTH: f64 = 0.5;
/// Passages of one section say the same.
const MAX_OF_SECTION: usize = 1;
/// Symbols from which a flow is followed.
const MAX_STARTS: usize = 6;
/// Of a flow's symbols, so many count beside the best: a long flow passes through many by chance.
const MAX_COUNTED: usize = 4;
const FLOW_SHARE: f64 = 0.45;
/// What the start of a flow counts once more.
const START_SHARE: f64 = 0.25;
/// A flow passes through as many symbols that fit, and holds this share of the question.
const MIN_PASSED: usize = 2;
const MIN_FLOW_WORTH: f64 = 0.35;
/// What of a flow's score stays whatever its steps say.
const LEAST_FLOW_SHARE: f64 = 0.5;
/// What the documentation counts more than code where instructions are asked for, and a flow where a way is.
const INSTRUCTIONS_WEIGHT: f64 = 2.0;
const WAY_WEIGHT: f64 = 1.3;
/// What a flow counts more than a symbol that fits as well: it shows the symbol at work.
const FLOW_WEIGHT: f64 = 1.1;
/// What a flow counts where instructions or a value are asked for: most of its steps are neither.
const UNASKED_FLOW_WEIGHT: f64 = 0.5;
/// Items beside a weak answer.
const MAX_NEAREST: usize = 3;

/// Answers a question with evidence; `near` are symbols whose vectors are near that of the question.
pub fn answer(
    records: &Records<'_>,
    index: &Index,
    question: &Question,
    near: &[(u32, f64)],
    limit: usize,
) -> Answer {
    let terms = Terms::of(question, index);
    let ranker = Ranker::new(records, index, &terms);
    let ranked = ranker.ranked(question, near);
    let texts = BTreeMap::new();
    let of_tour = tour::Records {
        nodes: records.nodes,
        graph: records.graph,
        source_map: records.source_map,
        bodies: records.bodies,
        texts: &texts,
    };
    let guide = Guide::new(&of_tour);
    let writer = Writer { records, terms: &terms, guide: &guide, symbols: &ranked.symbols };
    let selection = Selection { records, ranked: &ranked, writer: &writer, terms: &terms };
    let (mut items, carried) = selection.items(limit.clamp(1, MAX_ITEMS));
    let outcome = if carried > MIN_WORTH { Outcome::Evidence } else { Outcome::Unknown };
    if outcome == Outcome::Unknown {
        items.sort_by(|a, b| b.score.total_cmp(&a.score));
        items.truncate(MAX_NEAREST);
    }
    let items = in_order(items, question.form());
    let (question, unknown_words) = (question.text.clone(), terms.unknown());
    Answer { question, outcome, unknown_words, items, lacks: records.lacks() }
}

struct Selection<'a> {
    records: &'a Records<'a>,
    ranked: &'a Ranked,
    writer: &'a Writer<'a>,
    terms: &'a Terms,
}

impl Selection<'_> {
    /// Chooses and writes the items, and returns how much of the question the fullest of them holds.
    fn items(&self, limit: usize) -> (Vec<Item>, f64) {
        let flow = self.best_flow();
        let mut chosen: Vec<&Candidate> = Vec::new();
        let mut room: BTreeMap<ItemKind, usize> = SHARES
            .iter()
            .map(|(kind, n)| (*kind, (n * limit).div_ceil(DEFAULT_ITEMS).max(LEAST_ROOM)))
            .collect();
        let mut best: BTreeMap<ItemKind, f64> = BTreeMap::new();
        for it in &self.ranked.candidates {
            let kind = kind_of(&it.unit);
            let best = *best.entry(kind).or_insert(it.score);
            let left = room.entry(kind).or_default();
            let n_flows = usize::from(flow.is_some());
            let is_full = *left == 0 || chosen.len() + n_flows >= limit;
            let fits =
                it.score >= best * least_share(kind) && self.terms.worth(&it.held) >= least_worth(kind);
            if !is_full && fits && self.is_new(it, &chosen, flow.as_ref()) {
                *left -= 1;
                chosen.push(it);
            }
        }
        // What passages and statements leave free goes to further symbols that fit well.
        let n_flows = usize::from(flow.is_some());
        for it in &self.ranked.candidates {
            let is_symbol = kind_of(&it.unit) == ItemKind::Symbol;
            let least = best.get(&ItemKind::Symbol).map_or(f64::MAX, |best| best * FURTHER_SHARE);
            let is_chosen = chosen.iter().any(|other| std::ptr::eq(*other, it));
            let fits = is_symbol && !is_chosen && it.score >= least;
            if fits && chosen.len() + n_flows < limit && self.is_new(it, &chosen, flow.as_ref()) {
                chosen.push(it);
            }
        }
        // Words that are scattered over several items answer nothing together.
        let of_flow = flow.iter().map(|(_, flow)| self.held_by(flow));
        let held = chosen.iter().map(|it| it.held.clone()).chain(of_flow);
        let carried = held.map(|held| self.terms.share(&held)).fold(0.0, f64::max);
        let mut items: Vec<Item> = chosen.iter().filter_map(|it| self.writer.item(it)).collect();
        items.extend(flow.map(|(score, flow)| self.writer.flow(&flow, score)));
        (items, carried)
    }

    fn is_new(&self, it: &Candidate, chosen: &[&Candidate], flow: Option<&(f64, Flow)>) -> bool {
        match &it.unit {
            Unit::Symbol(at) => {
                let symbol = &self.records.nodes.symbols[*at];
                let is_telling = !matches!(symbol.kind.known(), Some(SymbolKind::Impl | SymbolKind::Module));
                let is_start = flow.is_some_and(|(_, flow)| flow.symbol_id == symbol.id);
                let is_shown = |other: &&Candidate| matches!(other.unit, Unit::Symbol(other) if is_twin(symbol, &self.records.nodes.symbols[other]));
                is_telling && !is_start && !chosen.iter().any(is_shown)
            }
            Unit::Passage { document, section, .. } => {
                let is_same = |other: &&&Candidate| matches!(&other.unit, Unit::Passage { document: d, section: s, .. } if d == document && s == section);
                chosen.iter().filter(is_same).count() < MAX_OF_SECTION
            }
            Unit::Statement { section, item } => !self.is_told(*section, *item, chosen, flow),
        }
    }

    /// Tells whether a statement is a detail, or about a symbol that speaks for itself.
    fn is_told(
        &self,
        section: usize,
        item: usize,
        chosen: &[&Candidate],
        flow: Option<&(f64, Flow)>,
    ) -> bool {
        let Some(item) = self.records.tour.map(|tour| &tour.sections[section].items[item]) else {
            return true;
        };
        let symbols = &self.records.nodes.symbols;
        let is_chosen = |id: SymbolId| {
            let is_symbol = |it: &&Candidate| matches!(it.unit, Unit::Symbol(at) if symbols[at].id == id);
            chosen.iter().any(is_symbol) || flow.is_some_and(|(_, flow)| flow.symbol_id == id)
        };
        item.depth > 0 || item.evidence.iter().filter_map(|it| it.symbol_id).any(is_chosen)
    }

    /// Finds the flow whose symbols fit the question best: of the tour, or from one of the best symbols.
    fn best_flow(&self) -> Option<(f64, Flow)> {
        let of_tour = self.records.tour.iter().flat_map(|tour| tour.flows.iter().cloned());
        let starts = self.ranked.candidates.iter().filter_map(|it| match it.unit {
            Unit::Symbol(at) => Some(&self.records.nodes.symbols[at]),
            _ => None,
        });
        let is_product = |role: Option<&docpack::Open<Role>>| role.is_none_or(|role| *role == Role::Product);
        let acts = |symbol: &&Symbol| !self.writer.guide.steps(symbol.id).is_empty();
        let starts = starts.filter(|symbol| is_product(symbol.role.as_ref()));
        let own = starts.filter(acts).take(MAX_STARTS).filter_map(|symbol| self.writer.guide.flow(symbol.id));
        let mut best: Option<(f64, Flow)> = None;
        for flow in of_tour.chain(own) {
            let score = self.flow_score(&flow);
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                best = Some((score, flow));
            }
        }
        let least = self.ranked.candidates.first().map_or(0.0, |it| it.score) * MIN_SHARE;
        best.filter(|(score, _)| *score > least && *score > 0.0)
    }

    fn held_by(&self, flow: &Flow) -> Held {
        let steps = flow.steps.iter().map(|step| self.writer.held(step));
        steps.fold(self.terms.held(&flow.title), |held, step| held.or(&step))
    }

    fn flow_score(&self, flow: &Flow) -> f64 {
        let through = flow.steps.iter().filter_map(|step| step.target_id).chain([flow.symbol_id]);
        let distinct: BTreeSet<SymbolId> = through.collect();
        let mut scores: Vec<f64> =
            distinct.iter().filter_map(|id| self.ranked.symbols.get(id)).copied().collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        let worth = self.terms.worth(&self.held_by(flow));
        if scores.len() < MIN_PASSED || worth < MIN_FLOW_WORTH {
            return 0.0;
        }
        // A walk from a symbol that fits is better than one that only passes through it.
        let own = self.ranked.symbols.get(&flow.symbol_id).copied().unwrap_or_default();
        let passed = own * START_SHARE + scores.iter().take(MAX_COUNTED).sum::<f64>();
        passed * FLOW_SHARE * (LEAST_FLOW_SHARE + worth)
    }
}

/// Tells whether two symbols look the same in an answer: overloads, a getter and its setter, or an asynchronous copy
/// with the same comment.
fn is_twin(one: &Symbol, other: &Symbol) -> bool {
    let is_same = one.file_path == other.file_path && one.qualified_name == other.qualified_name;
    one.name == other.name && (is_same || !first_line(one).is_empty() && first_line(one) == first_line(other))
}

fn first_line(symbol: &Symbol) -> &str {
    let comment = symbol.doc_comment.as_deref().unwrap_or_default().trim();
    comment.split('\n').next().unwrap_or_default()
}

/// Puts items of one kind together, the best first, and the kind with the best item first.
fn in_order(mut items: Vec<Item>, form: Form) -> Vec<Item> {
    let mut best: BTreeMap<ItemKind, f64> = BTreeMap::new();
    for item in &items {
        let best = best.entry(item.kind).or_default();
        *best = best.max(item.score * weight(form, item.kind));
    }
    // Statements are the shortest, and repeat what others say.
    let place = |kind: ItemKind| (kind == ItemKind::Statement, -best[&kind]);
    items.sort_by(|a, b| {
        let (a_place, b_place) = (place(a.kind), place(b.kind));
        let of_kind = a_place.0.cmp(&b_place.0).then(a_place.1.total_cmp(&b_place.1));
        of_kind.then(a.kind.cmp(&b.kind)).then(b.score.total_cmp(&a.score))
    });
    items
}

/// Returns what a kind of evidence counts for a form of question, when kinds are put in order.
fn weight(form: Form, kind: ItemKind) -> f64 {
    match (form, kind) {
        (Form::HowTo, ItemKind::Passage) => INSTRUCTIONS_WEIGHT,
        (Form::Way, ItemKind::Flow) => WAY_WEIGHT,
        (Form::HowTo | Form::Value, ItemKind::Flow) => UNASKED_FLOW_WEIGHT,
        (_, ItemKind::Flow) => FLOW_WEIGHT,
        _ => 1.0,
    }
}

fn least_share(kind: ItemKind) -> f64 {
    if kind == ItemKind::Passage { MIN_PASSAGE_SHARE } else { MIN_SHARE }
}

/// Returns how much of the question an item has to hold: a text that shares one word is about something else.
fn least_worth(kind: ItemKind) -> f64 {
    match kind {
        ItemKind::Symbol | ItemKind::Flow => 0.25,
        ItemKind::Passage => 0.4,
        ItemKind::Statement => 0.5,
    }
}

fn kind_of(unit: &Unit) -> ItemKind {
    match unit {
        Unit::Symbol(_) => ItemKind::Symbol,
        Unit::Passage { .. } => ItemKind::Passage,
        Unit::Statement { .. } => ItemKind::Statement,
    }
}
