//! Which evidence fits a question: by words and meaning, then by what it is connected with.

use std::collections::{BTreeMap, HashMap};

use docpack::records::{Body, Document, Symbol};
use docpack::{EdgeKind, Role, SymbolId, SymbolKind};
use search::words::each_word;
use search::{Hit, Query, Tier};

use crate::Records;
use crate::index::{Index, Unit, bodies, facts, has_value, headings, is_value, own_text};
use crate::question::{Certainty, Form, Question};
use crate::terms::{Held, Terms};

/// More candidates change nothing among the few that are shown.
const MAX_CANDIDATES: usize = 240;
/// Symbols that one name of the question may mean.
const MAX_NAMED: usize = 6;
/// Vectors of unrelated texts are as near as this.
const LEAST_SIMILARITY: f64 = 0.25;
/// What the nearest symbol gets for its vector, where the best by words gets 1. A vector knows no denial and is
/// near whatever repeats the question's nouns; `tests/bench/ask.md` has the points with 1, as search has it.
const MEANING_SHARE: f64 = 0.5;
/// What of a score stays where nothing of the question is held.
const LEAST_SHARE: f64 = 0.2;
/// What a neighbour's score adds: of a caller or called symbol, and of a text that names the symbol.
const NEIGHBOUR_SHARE: f64 = 0.2;
const NAMING_SHARE: f64 = 0.25;
/// Words of a signature beside the name that say nothing: `pub struct`, `class`, `self`.
const MAX_KEYWORDS: usize = 2;
/// A symbol without a comment and without steps shows its name only.
const SILENT_SHARE: f64 = 0.6;
/// A deprecated symbol only points to the one that replaces it.
const DEPRECATED_SHARE: f64 = 0.5;
/// What a type counts where code's behaviour is asked for: that is in its methods.
const TYPE_SHARE: f64 = 0.7;
/// A value answers a question for one better than code that uses it.
const VALUE_WEIGHT: f64 = 1.3;
/// Old changes are rarely what is asked about.
const CHANGELOG_SHARE: f64 = 0.3;
/// A block of code shows, and prose says.
const CODE_SHARE: f64 = 0.6;
/// A statement of the tour is said again by what it is about.
const STATEMENT_SHARE: f64 = 0.85;

/// Evidence with how well it fits.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) unit: Unit,
    pub(crate) score: f64,
    pub(crate) held: Held,
}

/// Candidates, best first, and the scores of their symbols.
pub(crate) struct Ranked {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) symbols: BTreeMap<SymbolId, f64>,
}

pub(crate) struct Ranker<'a> {
    pub(crate) records: &'a Records<'a>,
    pub(crate) index: &'a Index,
    pub(crate) terms: &'a Terms,
    pub(crate) bodies: HashMap<SymbolId, &'a Body>,
}

impl<'a> Ranker<'a> {
    pub(crate) fn new(records: &'a Records<'a>, index: &'a Index, terms: &'a Terms) -> Self {
        Self { records, index, terms, bodies: bodies(records) }
    }

    pub(crate) fn ranked(&self, question: &Question, near: &[(u32, f64)]) -> Ranked {
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        let found = self.index.words.search(&question.query, &[], |_| true, MAX_CANDIDATES);
        let is_symbol = |place: u32| matches!(self.index.unit(place), Some(Unit::Symbol(_)));
        // A symbol's name outweighs what a text says, so that each is measured by its own best.
        let (symbols, texts) = found.hits.iter().partition::<Vec<&Hit>, _>(|hit| is_symbol(hit.document));
        for hits in [symbols, texts] {
            let of_words = hits.iter().filter(|hit| hit.tier == Tier::Words).map(|hit| hit.score);
            let most = of_words.fold(f64::MIN_POSITIVE, f64::max);
            for hit in hits {
                let score = if hit.tier < Tier::Words { 1.0 } else { hit.score / most };
                scores.insert(hit.document, score.min(1.0));
            }
        }
        let nearest = near.iter().map(|(_, similarity)| *similarity).fold(LEAST_SIMILARITY, f64::max);
        for (place, similarity) in near.iter().filter(|(_, similarity)| *similarity > LEAST_SIMILARITY) {
            let share = (similarity - LEAST_SIMILARITY) / (nearest - LEAST_SIMILARITY);
            *scores.entry(*place).or_default() += MEANING_SHARE * share;
        }
        for (name, certainty) in &question.names {
            self.add_named(name, *certainty, &mut scores);
        }
        if !question.asks_for_tests() {
            scores.retain(|place, _| !self.is_test(*place));
        }
        if !question.asks_for_changes() {
            scores.retain(|place, _| match self.index.unit(*place) {
                Some(Unit::Passage { document, .. }) => !self.is_changelog(document),
                _ => true,
            });
        }
        let scored = scores.into_iter().filter_map(|(place, score)| {
            let unit = self.index.unit(place)?;
            let held = self.terms.held(&self.text(&unit));
            let share = LEAST_SHARE + (1.0 - LEAST_SHARE) * self.terms.worth(&held);
            Some(Candidate { score: score * share * self.factor(&unit, question), unit, held })
        });
        self.with_neighbours(scored.collect())
    }

    /// Raises the symbols that a word of the question names.
    fn add_named(&self, name: &str, certainty: Certainty, scores: &mut BTreeMap<u32, f64>) {
        let is_symbol = |place| matches!(self.index.unit(place), Some(Unit::Symbol(_)));
        let found = self.index.words.search(&Query::parse(name), &[], is_symbol, MAX_NAMED);
        let (worst, share) = match certainty {
            Certainty::Sure => (Tier::SameLetters, 0.8),
            Certainty::Capital => (Tier::Exact, 0.4),
            Certainty::Perhaps => (Tier::ExactIgnoringCase, 0.12),
        };
        for hit in found.hits.iter().filter(|hit| hit.tier <= worst) {
            // The prior of the symbol is its score here: a type before a local of the same name.
            let bonus = share * hit.score.min(1.0);
            *scores.entry(hit.document).or_default() += bonus;
            if certainty == Certainty::Sure
                && let Some(Unit::Symbol(at)) = self.index.unit(hit.document)
            {
                self.add_naming(self.records.nodes.symbols[at].id, bonus, scores);
            }
        }
    }

    /// Raises the passages of sections that name a symbol; one that names few is more about it.
    fn add_naming(&self, id: SymbolId, bonus: f64, scores: &mut BTreeMap<u32, f64>) {
        for (place, unit) in self.index.others() {
            let Unit::Passage { document, section, .. } = unit else { continue };
            let ids = symbols_of(&self.records.source_map.documents[*document], *section);
            if ids.contains(&id) {
                *scores.entry(place).or_default() += bonus / (1.0 + ids.len() as f64).sqrt();
            }
        }
    }

    /// Tells whether a symbol only exercises or shows what others are for.
    fn is_test(&self, place: u32) -> bool {
        let Some(Unit::Symbol(at)) = self.index.unit(place) else { return false };
        let role = self.records.nodes.symbols[at].role.as_ref().and_then(docpack::Open::known);
        matches!(role, Some(Role::Test | Role::Example | Role::Benchmark))
    }

    /// Tells whether a document says what changed in some version.
    fn is_changelog(&self, document: usize) -> bool {
        let document = &self.records.source_map.documents[document];
        let path = document.file_path.to_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        let title = document.sections.first().map(|it| it.title.to_lowercase()).unwrap_or_default();
        ["change", "history", "news", "release", "upgrad", "migrat"].iter().any(|word| name.contains(word))
            || ["changelog", "change log", "release notes"].iter().any(|word| title.contains(word))
    }

    fn factor(&self, unit: &Unit, question: &Question) -> f64 {
        match unit {
            Unit::Symbol(at) => {
                let symbol = &self.records.nodes.symbols[*at];
                let silent = if self.is_silent(symbol) { SILENT_SHARE } else { 1.0 };
                let deprecated = if is_deprecated(symbol) { DEPRECATED_SHARE } else { 1.0 };
                let asked = match question.form() {
                    Form::Value if has_value(symbol) => VALUE_WEIGHT,
                    _ if question.asks_for_behaviour() && is_type(symbol) => TYPE_SHARE,
                    _ => 1.0,
                };
                silent * deprecated * asked
            }
            Unit::Statement { .. } => STATEMENT_SHARE,
            Unit::Passage { document, passage, .. } => {
                let log = if self.is_changelog(*document) { CHANGELOG_SHARE } else { 1.0 };
                let code = if passage.as_ref().is_some_and(|it| it.is_code) { CODE_SHARE } else { 1.0 };
                log * code
            }
        }
    }

    /// Tells whether a symbol has neither a comment nor steps, and its signature says no more than its name.
    fn is_silent(&self, symbol: &Symbol) -> bool {
        let has_steps = self.bodies.get(&symbol.id).is_some_and(|body| !body.steps.is_empty());
        if has_steps || symbol.doc_comment.as_deref().is_some_and(|it| !it.trim().is_empty()) {
            return false;
        }
        let mut n_more = 0;
        let name = symbol.qualified_name.to_lowercase();
        each_word(&symbol.signature, &mut |word| n_more += usize::from(!name.contains(word)));
        let has_value = is_value(symbol) && own_text(symbol, self.records).contains('=');
        n_more <= MAX_KEYWORDS && !symbol.signature.contains('=') && !has_value
    }

    /// Returns everything that a unit says.
    fn text(&self, unit: &Unit) -> String {
        match unit {
            Unit::Symbol(at) => self.symbol_text(&self.records.nodes.symbols[*at]),
            Unit::Passage { document, section, passage } => {
                let document = &self.records.source_map.documents[*document];
                let text = self.records.source.and_then(|source| source.get(&document.file_path));
                let own = passage.as_ref().and_then(|it| text?.get(it.start..it.end)).unwrap_or_default();
                format!("{} {own}", headings(document, *section))
            }
            Unit::Statement { section, item } => {
                let Some(tour) = self.records.tour else { return String::new() };
                let section = &tour.sections[*section];
                let item = &section.items[*item];
                let quote = item.quote.as_ref().map_or("", |quote| &quote.text);
                format!("{} {} {quote}", section.title, item.text)
            }
        }
    }

    fn symbol_text(&self, symbol: &Symbol) -> String {
        let comment = symbol.doc_comment.as_deref().unwrap_or_default();
        let body = match self.bodies.get(&symbol.id) {
            Some(body) => facts(body),
            None => own_text(symbol, self.records).to_owned(),
        };
        format!("{} {} {comment} {body}", symbol.qualified_name, symbol.signature)
    }

    /// Adds to each candidate what it is connected with: callers and called symbols, and texts that name a symbol.
    fn with_neighbours(&self, mut candidates: Vec<Candidate>) -> Ranked {
        let mut own: HashMap<SymbolId, f64> = HashMap::new();
        for it in &candidates {
            if let Unit::Symbol(at) = it.unit {
                own.insert(self.records.nodes.symbols[at].id, it.score);
            }
        }
        let mut gained: HashMap<SymbolId, f64> = HashMap::new();
        let mut gain = |id: SymbolId, score: f64| {
            let best = gained.entry(id).or_default();
            *best = best.max(score);
        };
        let is_call = |kind: &str| kind == EdgeKind::Calls.as_str() || kind == EdgeKind::References.as_str();
        for edge in self.records.graph.edges.iter().filter(|edge| is_call(edge.kind.as_str())) {
            if let Some(score) = own.get(&edge.source) {
                gain(edge.target, score * NEIGHBOUR_SHARE);
            }
            if let Some(score) = own.get(&edge.target) {
                gain(edge.source, score * NEIGHBOUR_SHARE);
            }
        }
        for it in &mut candidates {
            let named = self.named(&it.unit);
            let best =
                named.iter().filter_map(|id| own.get(id)).fold(0.0, |best: f64, score| best.max(*score));
            named.iter().for_each(|id| gain(*id, it.score * NAMING_SHARE));
            it.score += best * NAMING_SHARE;
        }
        let mut symbols = BTreeMap::new();
        for it in &mut candidates {
            if let Unit::Symbol(at) = it.unit {
                let id = self.records.nodes.symbols[at].id;
                it.score += gained.get(&id).copied().unwrap_or_default();
                symbols.insert(id, it.score);
            }
        }
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ranked { candidates, symbols }
    }

    /// Lists the symbols that a text names.
    fn named(&self, unit: &Unit) -> Vec<SymbolId> {
        match unit {
            Unit::Symbol(_) => Vec::new(),
            Unit::Passage { document, section, .. } => {
                symbols_of(&self.records.source_map.documents[*document], *section).to_vec()
            }
            Unit::Statement { section, item } => {
                let item = self.records.tour.map(|tour| &tour.sections[*section].items[*item]);
                item.into_iter().flat_map(|item| &item.evidence).filter_map(|it| it.symbol_id).collect()
            }
        }
    }
}

/// Tells whether a comment begins by calling its symbol deprecated, or has a tag that does.
fn is_deprecated(symbol: &Symbol) -> bool {
    let comment = symbol.doc_comment.as_deref().unwrap_or_default();
    let starts = comment.trim_start().get(..10).is_some_and(|it| it.eq_ignore_ascii_case("deprecated"));
    starts || ["@deprecated", "Deprecated:", ".. deprecated::"].iter().any(|mark| comment.contains(mark))
}

/// Tells whether a symbol is a type.
fn is_type(symbol: &Symbol) -> bool {
    use SymbolKind::{Class, Enum, Interface, Struct, Trait, TypeAlias};
    matches!(symbol.kind.known(), Some(Class | Enum | Interface | Struct | Trait | TypeAlias))
}

fn symbols_of(document: &Document, section: Option<usize>) -> &[SymbolId] {
    section.map_or(&[], |section| &document.sections[section].symbol_ids)
}
