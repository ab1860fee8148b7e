//! A few words per cluster that a maintainer of the code would recognise.
//!
//! A label is made of the author's own terms: the names of files, of folders and of the most central types. Each
//! possible label is scored by how much of the cluster it covers and how little of the rest. What counts is the weight
//! of symbols in the graph, not their number; tests, examples and benchmarks weigh nothing in a cluster of the product.
//! The constants were chosen with `scripts/judge-labels`, whose figures stand in `tests/bench/README.md`.

mod terms;
mod weights;

use std::collections::BTreeSet;

use crate::clusters::Grouping;
use crate::repository::Repository;
use crate::support::support_word;
use crate::words::{split_identifier, stem};

use terms::{Candidate, candidates};
use weights::Weights;

/// Labels below this coherence say too little of the cluster: it is shown under its folder's name.
const MIN_COHERENCE: f64 = 0.35;
/// Below this share of the product, and fewer symbols, a cluster is one of tests, benchmarks or examples.
const PRODUCT_SHARE: f64 = 0.1;
const MIN_PRODUCT_SYMBOLS: usize = 5;

/// The share of such a cluster that must bear the words of its few symbols of the product to be named after them: of
/// the tests around flask's configuration a quarter do, of the examples that axum's `Html` is used in a hundredth.
const MIN_NAMED_SHARE: f64 = 0.15;

/// Labels every group; no two are equal.
pub(crate) fn labels(repository: &Repository<'_>, grouping: &Grouping, centrality: &[f64]) -> Vec<String> {
    let weights = Weights::new(repository, centrality);
    let top = weights.top_type();
    let mut taken = Taken::default();
    // The cluster of the most central type is named first, so that nothing takes its words.
    let mut order: Vec<usize> = (0..grouping.members.len()).collect();
    order.sort_by_key(|&at| top.is_none_or(|top| grouping.group_of[top as usize] as usize != at));
    let mut labels = vec![String::new(); order.len()];
    for at in order {
        let nodes = &grouping.members[at];
        let own_top = top.filter(|&top| grouping.group_of[top as usize] as usize == at);
        labels[at] = label(&weights, nodes, own_top, &mut taken);
    }
    labels
}

fn label(weights: &Weights<'_>, nodes: &[u32], top: Option<u32>, taken: &mut Taken) -> String {
    let product: Vec<u32> =
        nodes.iter().copied().filter(|&node| !weights.repository.node(node).is_support).collect();
    let is_mostly_support = (product.len() as f64) < PRODUCT_SHARE * nodes.len() as f64;
    let is_of_product = !product.is_empty() && (product.len() >= MIN_PRODUCT_SYMBOLS || !is_mostly_support);
    if is_of_product {
        let mut found = candidates(weights, &product, top);
        // The few symbols of the product speak for the many that support it only where these bear their name.
        found.retain(|it| {
            top.is_some() || !is_mostly_support || weights.share_named(nodes, &it.text) >= MIN_NAMED_SHARE
        });
        if found.is_empty() {
            return support_label(weights, nodes, taken);
        }
        let coherent = found.iter().filter(|it| it.coherence >= MIN_COHERENCE || top.is_some());
        let texts: Vec<String> = coherent.map(|it| it.text.clone()).collect();
        return taken
            .first_free(texts, || weights.folder_name(&product).unwrap_or_else(|| "mixed code".to_owned()));
    }
    support_label(weights, nodes, taken)
}

/// The label of a cluster of tests, examples or benchmarks.
fn support_label(weights: &Weights<'_>, nodes: &[u32], taken: &mut Taken) -> String {
    let sort = support_sort(weights.repository, nodes);
    let even = weights.even(nodes);
    let texts: Vec<String> = candidates(&even, nodes, None).iter().map(|it| with_sort(it, sort)).collect();
    taken.first_free(texts, || sort.to_owned())
}

/// The words of a cluster of tests, with what it is: `session tests`.
fn with_sort(candidate: &Candidate, sort: &str) -> String {
    let of_sort = stem(sort);
    let words: Vec<&str> = candidate.text.split(' ').filter(|word| stem(word) != of_sort).collect();
    if words.is_empty() { sort.to_owned() } else { format!("{} {sort}", words.join(" ")) }
}

/// Tests, benchmarks or examples, whichever most of the symbols are.
fn support_sort(repository: &Repository<'_>, nodes: &[u32]) -> &'static str {
    let mut counts: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for &node in nodes.iter().filter(|&&node| repository.node(node).is_support) {
        *counts.entry(support_word(repository.node(node).role)).or_default() += 1;
    }
    counts.into_iter().max_by_key(|it| it.1).map_or("tests", |it| it.0)
}

/// The labels that are given, each by the stems of its words.
#[derive(Default)]
struct Taken(BTreeSet<Vec<String>>);

impl Taken {
    fn first_free(&mut self, mut texts: Vec<String>, fallback: impl Fn() -> String) -> String {
        texts.push(fallback());
        if let Some(free) = texts.iter().find(|text| self.take(text)) {
            return free.clone();
        }
        let base = texts[0].clone();
        let mut numbered = (2..).map(|number| format!("{base} {number}"));
        numbered.find(|text| self.take(text)).expect("numbers do not run out")
    }

    fn take(&mut self, text: &str) -> bool {
        let number = text.rsplit(' ').next().filter(|it| it.parse::<u32>().is_ok()).map(str::to_owned);
        let words = split_identifier(text)
            .iter()
            .map(|it| stem(it))
            .filter(|it| it != "and")
            .collect::<BTreeSet<_>>();
        self.0.insert(words.into_iter().chain(number).collect())
    }
}
