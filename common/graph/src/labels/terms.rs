//! The labels that a cluster could have, best first.

use std::collections::{BTreeMap, BTreeSet};

use super::weights::{Weights, file_stem, last_part, own_name};
use crate::words::{is_subject, is_telling, split_identifier, stem};

/// Names of each sort that are considered.
const MAX_FILES: usize = 3;
const MAX_FOLDERS: usize = 4;
const MAX_TYPES: usize = 3;
const MAX_WORDS: usize = 6;
/// A folder with less of the cluster is no term of it.
const MIN_FOLDER_SHARE: f64 = 0.3;
/// Words of one term, and of a label.
const MAX_TERM_WORDS: usize = 3;
/// What a term of each sort is worth: files are named for what is in them, words only occur.
const FILE_WORTH: f64 = 1.1;
const FOLDER_WORTH: f64 = 1.0;
const TYPE_WORTH: f64 = 1.0;
const WORD_WORTH: f64 = 0.9;
/// What a second term costs, nested in the first or beside it.
const NESTED_WORTH: f64 = 0.97;
const BESIDE_WORTH: f64 = 0.85;
/// Two names of symbols side by side say less than the file or folder that they stand in.
const BESIDE_NAMES_WORTH: f64 = 0.7;
/// How much the share that is covered and the share of the rest that is not decide.
const COVERAGE_POWER: f64 = 0.9;
const SPECIFIC_POWER: f64 = 0.35;
const SPECIFIC_BASE: f64 = 0.15;
/// What a label gains that names the most central type of its cluster.
const TOP_BONUS: f64 = 1.15;
/// What each word beyond the first costs.
const WORD_COST: f64 = 0.06;

/// How deep types, functions and words lie; folders are outermost.
const NAME_DEPTH: u8 = 2;

/// A possible label.
pub(super) struct Candidate {
    pub(super) text: String,
    /// The share of the cluster's weight that stands under its words.
    pub(super) coherence: f64,
    score: f64,
}

/// A name out of the code as words.
struct Term {
    text: String,
    stems: BTreeSet<String>,
    worth: f64,
    /// Folders are around files, files around types and words.
    depth: u8,
}

/// A term, with what is asked of it for each pair that it is part of.
struct Placed {
    term: Term,
    /// Whether each node of the cluster stands under all of its stems.
    covers: Vec<bool>,
    covered: f64,
    everywhere: f64,
}

impl Term {
    fn new(words: Vec<String>, worth: f64, depth: u8) -> Option<Self> {
        let stems: BTreeSet<String> = words.iter().map(|it| stem(it)).collect();
        let is_fit = !words.is_empty() && words.len() <= MAX_TERM_WORDS;
        is_fit.then(|| Self { text: words.join(" "), stems, worth, depth })
    }

    fn named(words: Vec<String>, worth: f64, depth: u8) -> Option<Self> {
        // What is in `utils` is said by what is in it.
        let is_heap = words.iter().all(|word| !is_subject(word));
        Self::new(words, worth, depth).filter(|_| !is_heap)
    }
}

/// The labels of a cluster by score; only those that name `top`, where there is one.
pub(super) fn candidates(weights: &Weights<'_>, nodes: &[u32], top: Option<u32>) -> Vec<Candidate> {
    let cluster =
        Cluster { weights, nodes, total: weights.sum(nodes).max(1e-9), top: top_stems(weights, nodes) };
    let terms: Vec<Placed> = cluster.terms(top).into_iter().map(|term| cluster.placed(term)).collect();
    let mut found: Vec<Candidate> = Vec::new();
    for (at, first) in terms.iter().enumerate() {
        found.push(cluster.alone(first));
        for second in &terms[at + 1..] {
            if first.term.stems.is_disjoint(&second.term.stems) {
                found.extend(cluster.together(first, second));
            }
        }
    }
    if let Some(top) = top {
        let wanted: BTreeSet<String> = name_stems(weights, top);
        found.retain(|it| split_identifier(&it.text).iter().any(|word| wanted.contains(&stem(word))));
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.text.cmp(&b.text)));
    found
}

fn name_stems(weights: &Weights<'_>, node: u32) -> BTreeSet<String> {
    split_identifier(own_name(weights.repository, node)).iter().map(|word| stem(word)).collect()
}

/// The stems of the heaviest exported name.
fn top_stems(weights: &Weights<'_>, nodes: &[u32]) -> BTreeSet<String> {
    heaviest(weights, nodes).first().map(|&node| name_stems(weights, node)).unwrap_or_default()
}

/// Types and functions, heaviest first.
fn heaviest(weights: &Weights<'_>, nodes: &[u32]) -> Vec<u32> {
    let is_named = |node: &u32| {
        let kind = weights.repository.symbol(*node).kind;
        kind.is_type() || kind == docpack::SymbolKind::Function
    };
    let mut found: Vec<u32> = nodes.iter().copied().filter(is_named).collect();
    found.sort_by(|&a, &b| weights.of_node(b).total_cmp(&weights.of_node(a)).then(a.cmp(&b)));
    found
}

struct Cluster<'a> {
    weights: &'a Weights<'a>,
    nodes: &'a [u32],
    total: f64,
    top: BTreeSet<String>,
}

impl Cluster<'_> {
    fn terms(&self, top: Option<u32>) -> Vec<Term> {
        let mut terms: Vec<Term> = Vec::new();
        let mut add = |term: Option<Term>| {
            let Some(term) = term else { return };
            if terms.iter().all(|it| it.stems != term.stems) {
                terms.push(term);
            }
        };
        let weights = self.weights;
        let file = |node: u32| Some(file_stem(&weights.repository.file(node).file_path));
        for (name, _) in self.heaviest_of(|node| file(node).into_iter()).into_iter().take(MAX_FILES) {
            add(Term::named(weights.telling_words(name), FILE_WORTH, 1));
        }
        let folders = self.heaviest_of(|node| weights.folders(node).map(last_part));
        for (name, weight) in folders.into_iter().take(MAX_FOLDERS) {
            if weight >= MIN_FOLDER_SHARE * self.total {
                add(Term::named(weights.telling_words(name), FOLDER_WORTH, 0));
            }
        }
        let types = heaviest(weights, self.nodes).into_iter().take(MAX_TYPES);
        for node in top.into_iter().chain(types) {
            add(Term::new(split_identifier(own_name(weights.repository, node)), TYPE_WORTH, NAME_DEPTH));
        }
        self.words().into_iter().for_each(|word| add(Term::new(vec![word], WORD_WORTH, NAME_DEPTH)));
        terms
    }

    /// Names with the weight of the nodes that have them, heaviest first.
    fn heaviest_of<'n, I: Iterator<Item = &'n str>>(&self, names: impl Fn(u32) -> I) -> Vec<(&'n str, f64)> {
        let mut weight_of: BTreeMap<&str, f64> = BTreeMap::new();
        for &node in self.nodes {
            names(node).for_each(|name| *weight_of.entry(name).or_default() += self.weights.of_node(node));
        }
        let mut sorted: Vec<(&str, f64)> = weight_of.into_iter().collect();
        sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        sorted
    }

    /// Words of names that many of the nodes share and few others have.
    fn words(&self) -> Vec<String> {
        let mut forms: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
        for &node in self.nodes {
            for word in split_identifier(own_name(self.weights.repository, node))
                .into_iter()
                .filter(|it| is_telling(it))
            {
                *forms.entry(stem(&word)).or_default().entry(word).or_default() += self.weights.of_node(node);
            }
        }
        let mut under: BTreeMap<&str, f64> = BTreeMap::new();
        for &node in self.nodes {
            let stems = self.weights.stems(node).iter();
            stems.for_each(|stem| *under.entry(stem).or_default() += self.weights.of_node(node));
        }
        let worth = |stem: &str| {
            let everywhere = self.weights.everywhere(&BTreeSet::from([stem.to_owned()]));
            under.get(stem).copied().unwrap_or_default() / self.total
                * (1.0 + self.weights.total() / everywhere.max(1e-9)).ln()
        };
        let mut ranked: Vec<(f64, String)> = forms
            .iter()
            .filter_map(|(stem, forms)| {
                let form = forms.iter().reduce(|best, it| if it.1 > best.1 { it } else { best })?;
                Some((worth(stem), form.0.clone()))
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        ranked.into_iter().take(MAX_WORDS).map(|it| it.1).collect()
    }

    fn placed(&self, term: Term) -> Placed {
        let covers: Vec<bool> =
            self.nodes.iter().map(|&node| term.stems.is_subset(self.weights.stems(node))).collect();
        let (covered, everywhere) = (self.share(|at| covers[at]), self.weights.everywhere(&term.stems));
        Placed { covers, covered, everywhere, term }
    }

    fn alone(&self, placed: &Placed) -> Candidate {
        let Placed { term, covered, everywhere, .. } = placed;
        let specific = covered * self.total / everywhere.max(1e-9);
        self.candidate(term.text.clone(), term.worth, *covered, specific, &term.stems)
    }

    /// Two terms, the outer one first where one lies within the other, else joined by `and`.
    fn together(&self, first: &Placed, second: &Placed) -> Option<Candidate> {
        let (around, within) =
            if first.term.depth <= second.term.depth { (first, second) } else { (second, first) };
        let (outer, inner) = (&around.term, &within.term);
        let stems: BTreeSet<String> = outer.stems.union(&inner.stems).cloned().collect();
        let (of_outer, of_inner) = (around.covered, within.covered);
        let both = self.share(|at| around.covers[at] && within.covers[at]);
        let any = (of_outer + of_inner - both).min(1.0);
        let worth = outer.worth.min(inner.worth);
        let is_nested = both >= 0.5 * of_inner.min(of_outer) && both > 0.0;
        let n_words = outer.stems.len() + inner.stems.len();
        if is_nested {
            let coherence = (any + of_inner.min(of_outer)) / 2.0;
            let specific = both * self.total / self.weights.everywhere(&stems).max(1e-9);
            let text = format!("{} {}", outer.text, inner.text);
            return (n_words <= MAX_TERM_WORDS)
                .then(|| self.candidate(text, worth * NESTED_WORTH, coherence, specific, &stems));
        }
        let everywhere = around.everywhere + within.everywhere;
        let (more, less) = if of_outer >= of_inner { (outer, inner) } else { (inner, outer) };
        let text = format!("{} and {}", more.text, less.text);
        let is_of_names = outer.depth == NAME_DEPTH && inner.depth == NAME_DEPTH;
        let beside = if is_of_names { BESIDE_NAMES_WORTH } else { BESIDE_WORTH };
        let is_balanced = of_inner.min(of_outer) >= 0.15;
        (is_balanced && n_words <= MAX_TERM_WORDS).then(|| {
            self.candidate(text, worth * beside, any, any * self.total / everywhere.max(1e-9), &stems)
        })
    }

    fn candidate(
        &self,
        text: String,
        worth: f64,
        coherence: f64,
        specific: f64,
        stems: &BTreeSet<String>,
    ) -> Candidate {
        let bonus = if stems.is_disjoint(&self.top) { 1.0 } else { TOP_BONUS };
        let cost = 1.0 - WORD_COST * (stems.len().saturating_sub(1)) as f64;
        let specific = (SPECIFIC_BASE + specific.clamp(0.0, 1.0)).powf(SPECIFIC_POWER);
        Candidate { text, coherence, score: worth * bonus * cost * coherence.powf(COVERAGE_POWER) * specific }
    }

    /// The share of the cluster's weight of the nodes at these places.
    fn share(&self, is_covered: impl Fn(usize) -> bool) -> f64 {
        let covered = (0..self.nodes.len()).filter(|&at| is_covered(at));
        covered.map(|at| self.weights.of_node(self.nodes[at])).sum::<f64>() / self.total
    }
}
