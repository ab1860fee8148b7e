//! One or two words per cluster that tell it from the others.

use std::collections::{BTreeMap, BTreeSet};

use docpack::SymbolKind;

use crate::clusters::Grouping;
use crate::names::impl_target;
use crate::repository::{Repository, folder_of};
use crate::support::support_word;
use crate::words::{is_common, is_subject, is_telling, singular, split_identifier, stem};

/// What a word weighs in a file's and in a folder's name, times the root of the symbols there.
const FILE_NAME_WEIGHT: f64 = 3.0;
const FOLDER_NAME_WEIGHT: f64 = 1.5;
/// A folder with this share of all symbols is the whole repository.
const ROOT_SHARE: f64 = 0.8;
/// Folders around a file that are read.
const MAX_FOLDERS: usize = 8;
/// What a word weighs in the first sentence of a doc comment.
const DOC_WEIGHT: f64 = 0.4;
/// What words of tests weigh in a cluster that is not of tests.
const SUPPORT_WEIGHT: f64 = 0.2;
/// From this share of a cluster's symbols one file speaks for it.
const MAIN_FILE_SHARE: f64 = 0.6;
/// Characters of a doc comment that are read.
const MAX_DOC_CHARS: usize = 200;
/// Words considered for a label, best first.
const MAX_CANDIDATES: usize = 12;
/// A second word is worth a place from this share of the first one's score.
const SECOND_WORD_SHARE: f64 = 0.3;
/// What remains of that share for the name of a folder: it says where a single word belongs.
const FOLDER_EASE: f64 = 0.4;
/// By how much more a word must come from folders to be the broader one of two.
const MIN_BROADER: f64 = 0.25;
/// How much more two words are worth together when identifiers have them side by side.
const SIDE_BY_SIDE_BONUS: f64 = 2.0;
/// Clusters with at least this share of tests, benchmarks and examples are named for it.
const SUPPORT_SHARE: f64 = 0.85;

/// Labels every group; no two are equal.
pub(crate) fn labels(repository: &Repository<'_>, grouping: &Grouping) -> Vec<String> {
    let root = Root::new(repository);
    let bags: Vec<Bag> = grouping.members.iter().map(|nodes| Bag::new(repository, &root, nodes)).collect();
    let mean_total = bags.iter().map(Bag::total).sum::<f64>() / bags.len().max(1) as f64;
    let mut everywhere: BTreeMap<&str, f64> = BTreeMap::new();
    for (stem, word) in bags.iter().flat_map(|bag| &bag.words) {
        *everywhere.entry(stem).or_default() += word.weight;
    }
    let mut taken = BTreeSet::new();
    let of_one = |bag: &Bag| {
        let ranked = bag.ranked(|stem| (1.0 + mean_total / everywhere[stem].max(1e-9)).ln());
        first_free(bag, &ranked, &everywhere, &mut taken)
    };
    bags.iter().map(of_one).collect()
}

/// The folder that holds nearly everything; its name tells nothing within the repository.
struct Root<'a>(&'a str);

impl<'a> Root<'a> {
    fn new(repository: &Repository<'a>) -> Self {
        let mut n_symbols: BTreeMap<&str, usize> = BTreeMap::new();
        for file in &repository.files {
            folders_around(&file.file_path)
                .for_each(|folder| *n_symbols.entry(folder).or_default() += file.symbols.len());
        }
        let holds_all = |it: &(&str, usize)| it.1 as f64 >= ROOT_SHARE * repository.len() as f64;
        let folders = n_symbols.into_iter().filter(holds_all).map(|it| it.0);
        Self(folders.max_by_key(|path| path.len()).unwrap_or("."))
    }

    /// The folders around a file that lie within the root.
    fn folders_within<'p>(&self, path: &'p str) -> impl Iterator<Item = &'p str> {
        folders_around(path).take_while(move |folder| folder.len() > self.0.len())
    }
}

/// The folders around a file, innermost first, without the repository itself.
fn folders_around(path: &str) -> impl Iterator<Item = &str> {
    let around = std::iter::successors(Some(folder_of(path)), |at| Some(folder_of(at)));
    around.take_while(|at| *at != ".").take(MAX_FOLDERS)
}

/// The words of one group by stem.
#[derive(Default)]
struct Bag {
    words: BTreeMap<String, Word>,
    /// Stems that stand side by side in identifiers, in that order.
    pairs: BTreeMap<(String, String), f64>,
    n_symbols: usize,
    /// What sort of support the group is, where it is.
    support: Option<&'static str>,
    /// What to fall back on where no word tells anything.
    folder_name: String,
}

#[derive(Default)]
struct Word {
    weight: f64,
    /// The part of the weight that folders gave.
    folder_weight: f64,
    forms: BTreeMap<String, f64>,
    /// The last symbol that had it, and how many had.
    last_symbol: Option<u32>,
    n_symbols: usize,
}

/// Where a word of a place stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    File,
    Folder,
}

impl Bag {
    fn new(repository: &Repository<'_>, root: &Root<'_>, nodes: &[u32]) -> Self {
        let n_support = nodes.iter().filter(|&&node| repository.node(node).is_support).count();
        let is_support = n_support as f64 >= SUPPORT_SHARE * nodes.len() as f64;
        let support = is_support.then(|| support_sort(repository, nodes));
        let mut bag = Self { n_symbols: nodes.len(), support, ..Self::default() };
        let mut symbols_of_file: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for &node in nodes {
            let is_minor = repository.node(node).is_support && !is_support;
            bag.add_symbol(repository, node, if is_minor { SUPPORT_WEIGHT } else { 1.0 });
            symbols_of_file.entry(&repository.file(node).file_path).or_default().push(node);
        }
        let mut symbols_of_folder: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (path, in_file) in symbols_of_file {
            bag.add_place(file_stem(path), Place::File, &in_file);
            for folder in root.folders_within(path) {
                symbols_of_folder.entry(folder).or_default().extend(&in_file);
            }
        }
        // The innermost of the folders that hold most.
        let holds_most = |it: &(&&str, &Vec<u32>)| it.1.len() * 2 > nodes.len();
        let main_folder =
            symbols_of_folder.iter().filter(holds_most).map(|it| *it.0).max_by_key(|path| path.len());
        bag.folder_name = split_identifier(last_part(main_folder.unwrap_or_default())).join(" ");
        for (folder, nodes) in symbols_of_folder {
            bag.add_place(last_part(folder), Place::Folder, &nodes);
        }
        bag
    }

    fn total(&self) -> f64 {
        self.words.values().map(|word| word.weight).sum()
    }

    fn add_symbol(&mut self, repository: &Repository<'_>, node: u32, weight: f64) {
        let symbol = repository.symbol(node);
        let weight = weight * kind_weight(symbol.kind);
        if !repository.is_file_symbol(node) {
            let name = if symbol.kind == SymbolKind::Impl { impl_target(&symbol.name) } else { &symbol.name };
            self.add_words(&split_identifier(name), weight, Some(node));
        }
        if let Some(doc) = &symbol.doc_comment {
            let sentence: String = doc.chars().take(MAX_DOC_CHARS).collect();
            let sentence = sentence.split(['.', '\n']).find(|it| !it.trim().is_empty()).unwrap_or_default();
            let words: BTreeSet<String> =
                sentence.split_whitespace().filter(|it| is_prose(it)).flat_map(split_identifier).collect();
            for word in words {
                self.add_words(&[word], weight * DOC_WEIGHT, Some(node));
            }
        }
    }

    /// Adds the words of a file's or folder's name for the symbols in it.
    ///
    /// In a group that is mostly one file, its name counts even where it would tell nothing elsewhere.
    fn add_place(&mut self, name: &str, place: Place, nodes: &[u32]) {
        let is_main = place == Place::File && nodes.len() as f64 >= MAIN_FILE_SHARE * self.n_symbols as f64;
        let mut words = split_identifier(name);
        words.retain(|word| is_telling(word) || is_main && is_subject(word));
        let weight = if place == Place::File { FILE_NAME_WEIGHT } else { FOLDER_NAME_WEIGHT };
        let weight = weight * (nodes.len() as f64).sqrt();
        self.add_telling(&words, weight, None);
        for word in &words {
            let Some(word) = self.words.get_mut(&stem(word)) else { continue };
            nodes.iter().for_each(|&node| word.seen_at(node));
            if place == Place::Folder {
                word.folder_weight += weight;
            }
        }
    }

    fn add_words(&mut self, words: &[String], weight: f64, symbol: Option<u32>) {
        words.split(|word| !is_telling(word)).for_each(|run| self.add_telling(run, weight, symbol));
    }

    /// Adds words that stand side by side.
    fn add_telling(&mut self, words: &[String], weight: f64, symbol: Option<u32>) {
        let mut before: Option<String> = None;
        for form in words {
            let stem = stem(form);
            let word = self.words.entry(stem.clone()).or_default();
            word.weight += weight;
            *word.forms.entry(form.clone()).or_default() += weight;
            if let Some(symbol) = symbol {
                word.seen_at(symbol);
            }
            if let Some(before) = before.replace(stem.clone()) {
                *self.pairs.entry((before, stem)).or_default() += weight;
            }
        }
    }

    /// Stems by class-based TF-IDF times the root of the share of symbols that have them.
    fn ranked(&self, rarity: impl Fn(&str) -> f64) -> Vec<(f64, &str)> {
        let total = self.total().max(1e-9);
        // A word of one symbol names that symbol, not its cluster.
        let n_least = if self.n_symbols < 6 { 1 } else { 2 };
        let mut ranked: Vec<(f64, &str)> = self
            .words
            .iter()
            .filter(|(_, word)| word.n_symbols >= n_least)
            .map(|(stem, word)| {
                let share = word.n_symbols as f64 / self.n_symbols.max(1) as f64;
                (word.weight / total * rarity(stem) * share.sqrt(), stem.as_str())
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        ranked.truncate(MAX_CANDIDATES);
        ranked
    }

    fn pair_weight(&self, first: &str, second: &str) -> f64 {
        self.pairs.get(&(first.to_owned(), second.to_owned())).copied().unwrap_or_default()
    }

    /// The words that go well with `first`, best first, each with its score.
    fn seconds<'a>(&self, first: (f64, &'a str), ranked: &[(f64, &'a str)]) -> Vec<&'a str> {
        let least = first.0 * SECOND_WORD_SHARE;
        let mut seconds: Vec<(f64, &str)> = ranked
            .iter()
            .filter(|it| it.1 != first.1)
            .map(|&(score, stem)| {
                let together = self.pair_weight(first.1, stem).max(self.pair_weight(stem, first.1));
                let share = together / self.words[stem].weight.min(self.words[first.1].weight).max(1e-9);
                (score * (1.0 + SIDE_BY_SIDE_BONUS * share), stem)
            })
            .filter(|&(score, stem)| {
                score >= least * if self.folder_share(stem) > 0.5 { FOLDER_EASE } else { 1.0 }
            })
            .collect();
        seconds.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        seconds.into_iter().map(|it| it.1).collect()
    }

    fn folder_share(&self, stem: &str) -> f64 {
        self.words.get(stem).map_or(0.0, |word| word.folder_weight / word.weight.max(1e-9))
    }

    /// The broader word first, else as identifiers order them, else the commoner; what is done comes last.
    fn phrase(&self, first: &str, second: &str, everywhere: &BTreeMap<&str, f64>) -> String {
        let (ahead, behind) = (self.pair_weight(first, second), self.pair_weight(second, first));
        let is_action = |stem: &str| action(self.form(stem)).is_some();
        let is_doer = |stem: &str| singular(self.form(stem)).ends_with("er");
        let broader = self.folder_share(second) - self.folder_share(first);
        let is_turned = match (is_action(first), is_action(second)) {
            (true, false) => true,
            (false, true) => false,
            // `xml serializer`, unless identifiers have it as `serializer xml`.
            _ if is_doer(first) != is_doer(second) && ahead == behind => is_doer(first),
            _ if broader.abs() > MIN_BROADER => broader > 0.0,
            _ if ahead != behind => behind > ahead,
            _ => everywhere[second] > everywhere[first],
        };
        let (front, back) = if is_turned { (second, first) } else { (first, second) };
        let back = self.form(back);
        format!("{} {}", self.modifier(front), action(back).unwrap_or(back))
    }

    /// The form of a stem before another word: `form widget` of a folder `forms`.
    fn modifier(&self, stem: &str) -> &str {
        let form = self.form(stem);
        let one = form.strip_suffix('s').unwrap_or(form);
        // A name such as `geos` stays, though somebody once wrote `geo`.
        let is_usual =
            |word: &Word| word.forms.get(one).is_some_and(|weight| weight * 3.0 >= word.forms[form]);
        let is_word = is_common(one) || self.words.get(stem).is_some_and(is_usual);
        if is_word { one } else { form }
    }

    /// The form of a stem that the cluster uses most; singular and active forms are preferred.
    fn form(&self, stem: &str) -> &str {
        let Some(word) = self.words.get(stem) else { return "" };
        let worth = |form: &str, weight: f64| {
            let is_plural = form.ends_with('s') && word.forms.contains_key(&form[..form.len() - 1]);
            weight * if form.ends_with("ed") { 0.3 } else { 1.0 } * if is_plural { 0.6 } else { 1.0 }
        };
        let mut best: Option<(f64, &str)> = None;
        for (form, &weight) in &word.forms {
            if best.is_none_or(|(most, _)| worth(form, weight) > most) {
                best = Some((worth(form, weight), form));
            }
        }
        best.map_or("", |it| it.1)
    }
}

impl Word {
    fn seen_at(&mut self, symbol: u32) {
        if self.last_symbol.replace(symbol) != Some(symbol) {
            self.n_symbols += 1;
        }
    }
}

/// The first label that no group before took, by the stems it is made of.
fn first_free(
    bag: &Bag,
    ranked: &[(f64, &str)],
    everywhere: &BTreeMap<&str, f64>,
    taken: &mut BTreeSet<Vec<String>>,
) -> String {
    let mut candidates: Vec<String> = Vec::new();
    for &first in ranked {
        let single = bag.form(first.1).to_owned();
        if let Some(sort) = bag.support {
            candidates.push(format!("{single} {sort}"));
            continue;
        }
        candidates.extend(
            bag.seconds(first, ranked).into_iter().map(|second| bag.phrase(first.1, second, everywhere)),
        );
        candidates.push(single);
    }
    let fallback = match (bag.folder_name.is_empty(), bag.support) {
        (false, None) => bag.folder_name.clone(),
        (false, Some(sort)) if !sort.contains(bag.folder_name.as_str()) => {
            format!("{} {sort}", bag.folder_name)
        }
        (_, Some(sort)) => sort.to_owned(),
        (true, None) => "mixed code".to_owned(),
    };
    candidates.push(fallback.clone());
    let mut stems_of = |label: &str| {
        let mut stems: Vec<String> = label.split(' ').map(stem).collect();
        stems.sort_unstable();
        taken.insert(stems)
    };
    let free = candidates.into_iter().find(|label| stems_of(label));
    free.unwrap_or_else(|| {
        let base = ranked.first().map_or(fallback, |first| bag.form(first.1).to_owned());
        let mut numbered = (2..).map(|number| format!("{base} {number}"));
        numbered.find(|label| stems_of(label)).expect("numbers do not run out")
    })
}

/// Tests, benchmarks or examples, whichever most of the symbols are.
fn support_sort(repository: &Repository<'_>, nodes: &[u32]) -> &'static str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &node in nodes {
        *counts.entry(support_word(repository.node(node).role)).or_default() += 1;
    }
    counts.into_iter().max_by_key(|it| it.1).map_or("tests", |it| it.0)
}

fn kind_weight(kind: SymbolKind) -> f64 {
    match kind {
        kind if kind.is_type() => 3.0,
        SymbolKind::Function | SymbolKind::Module | SymbolKind::Macro => 2.0,
        SymbolKind::Method | SymbolKind::Constructor | SymbolKind::Constant | SymbolKind::Static => 1.0,
        _ => 0.5,
    }
}

/// Leaves out links, paths and code that doc comments carry.
fn is_prose(word: &str) -> bool {
    !word.contains("://") && !word.contains('/') && !word.starts_with(['@', ':', '<', '#'])
}

/// The file's name without its ending; its folder's where the file speaks for the folder.
fn file_stem(path: &str) -> &str {
    let name = last_part(path);
    match name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or(name) {
        "mod" | "lib" | "main" | "index" | "__init__" | "__main__" | "doc" => last_part(folder_of(path)),
        stem => stem,
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What doing it is called: `http parsing` reads better than `http parse`.
fn action(verb: &str) -> Option<&'static str> {
    ACTIONS.iter().find(|it| it.0 == verb).map(|it| it.1)
}

const ACTIONS: &[(&str, &str)] = &[
    ("authenticate", "authentication"),
    ("authorize", "authorization"),
    ("cluster", "clustering"),
    ("compile", "compilation"),
    ("compress", "compression"),
    ("decode", "decoding"),
    ("decompress", "decompression"),
    ("decrypt", "decryption"),
    ("deserialize", "deserialization"),
    ("download", "downloads"),
    ("encode", "encoding"),
    ("encrypt", "encryption"),
    ("escape", "escaping"),
    ("lex", "lexing"),
    ("lint", "linting"),
    ("migrate", "migrations"),
    ("parse", "parsing"),
    ("render", "rendering"),
    ("retry", "retries"),
    ("sanitize", "sanitizing"),
    ("schedule", "scheduling"),
    ("search", "search"),
    ("serialize", "serialization"),
    ("sign", "signing"),
    ("stream", "streams"),
    ("tokenize", "tokenizing"),
    ("traverse", "traversal"),
    ("upload", "uploads"),
    ("validate", "validation"),
];
