//! What symbols weigh in a label, and the words that each of them stands under.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use docpack::{Role, SymbolKind};

use crate::names::impl_target;
use crate::repository::{Repository, folder_of};
use crate::words::{split_identifier, stem};

/// A type is what people name a part by; values and files are named after it.
const TYPE_WEIGHT: f64 = 3.0;
const FUNCTION_WEIGHT: f64 = 1.5;
const METHOD_WEIGHT: f64 = 1.0;
const OTHER_WEIGHT: f64 = 0.4;
/// What a symbol has in any case, beside the root of its centrality.
const BASE_WEIGHT: f64 = 0.05;
/// What a type is credited with of its most central member: methods are used, types named.
const MEMBER_CREDIT: f64 = 0.5;
/// What internal symbols count against exported ones.
const INTERNAL_SHARE: f64 = 0.4;
/// What scripts, settings and generated code count against the product.
const ASIDE_SHARE: f64 = 0.2;
/// A folder with this share of all weight is the whole repository.
const ROOT_SHARE: f64 = 0.8;
/// Folders around a file that are read.
const MAX_FOLDERS: usize = 8;

/// The weights of all symbols, and the words each is known by.
#[derive(Clone)]
pub(super) struct Weights<'a> {
    pub(super) repository: &'a Repository<'a>,
    weight: Vec<f64>,
    total: f64,
    names: Rc<Names<'a>>,
}

/// The words that symbols are known by.
struct Names<'a> {
    /// Stems of the symbol's name, its file's and its folders'.
    stems: Vec<BTreeSet<String>>,
    /// The symbols that stand under each stem.
    nodes: BTreeMap<String, Vec<u32>>,
    /// Folders that hold nearly everything; their names tell nothing within the repository.
    roots: BTreeSet<&'a str>,
    /// Stems that nearly everything stands under, such as the repository's name in those of its packages.
    common: BTreeSet<String>,
}

impl<'a> Weights<'a> {
    pub(super) fn new(repository: &'a Repository<'a>, centrality: &[f64]) -> Self {
        let weight: Vec<f64> = repository.all().map(|node| weight(repository, centrality, node)).collect();
        let total = weight.iter().sum::<f64>().max(1e-9);
        let roots = roots(repository, &weight, total);
        let stems: Vec<BTreeSet<String>> =
            repository.all().map(|node| stems(repository, &roots, node)).collect();
        let mut nodes: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (node, stems) in (0_u32..).zip(&stems) {
            stems.iter().for_each(|stem| nodes.entry(stem.clone()).or_default().push(node));
        }
        let sum = |nodes: &[u32]| nodes.iter().map(|&node| weight[node as usize]).sum::<f64>();
        let common = nodes.iter().filter(|it| sum(it.1) >= ROOT_SHARE * total);
        let common = common.map(|it| it.0.clone()).collect();
        Self { repository, weight, total, names: Rc::new(Names { stems, nodes, roots, common }) }
    }

    /// The same where each of these symbols weighs as much, and no other anything.
    pub(super) fn even(&self, nodes: &[u32]) -> Self {
        let mut weight = vec![0.0; self.weight.len()];
        nodes.iter().for_each(|&node| weight[node as usize] = kind_weight(self.repository.symbol(node).kind));
        Self { total: weight.iter().sum::<f64>().max(1e-9), weight, ..self.clone() }
    }

    pub(super) fn of_node(&self, node: u32) -> f64 {
        self.weight[node as usize]
    }

    pub(super) fn stems(&self, node: u32) -> &BTreeSet<String> {
        &self.names.stems[node as usize]
    }

    /// The share of the nodes that stand under a word of the label.
    pub(super) fn share_named(&self, nodes: &[u32], label: &str) -> f64 {
        let words: Vec<String> =
            split_identifier(label).iter().map(|it| stem(it)).filter(|it| it != "and").collect();
        let is_named = |node: &&u32| words.iter().any(|word| self.stems(**node).contains(word));
        nodes.iter().filter(is_named).count() as f64 / nodes.len().max(1) as f64
    }

    /// The words of a name that tell one part of the repository from another.
    pub(super) fn telling_words(&self, name: &str) -> Vec<String> {
        let mut words = split_identifier(name);
        words.retain(|word| !self.names.common.contains(&stem(word)));
        words
    }

    pub(super) fn sum(&self, nodes: &[u32]) -> f64 {
        nodes.iter().map(|&node| self.of_node(node)).sum()
    }

    pub(super) fn total(&self) -> f64 {
        self.total
    }

    /// What all symbols weigh that stand under each of the stems.
    pub(super) fn everywhere(&self, stems: &BTreeSet<String>) -> f64 {
        let under = |stem: &String| self.names.nodes.get(stem).map_or(&[][..], Vec::as_slice);
        let rarest = stems.iter().map(under).min_by_key(|nodes| nodes.len()).unwrap_or_default();
        // All nodes under a single stem have it; comparing sets of words took a twentieth of a large build.
        let is_under = |node: &&u32| stems.len() == 1 || stems.is_subset(self.stems(**node));
        rarest.iter().filter(is_under).map(|&node| self.of_node(node)).sum()
    }

    /// The exported type of the product that weighs most.
    pub(super) fn top_type(&self) -> Option<u32> {
        let is_type = |node: &u32| {
            let symbol = self.repository.symbol(*node);
            symbol.kind.is_type() && symbol.exported && self.repository.node(*node).role == Role::Product
        };
        self.repository
            .all()
            .filter(is_type)
            .max_by(|&a, &b| self.of_node(a).total_cmp(&self.of_node(b)).then(b.cmp(&a)))
    }

    /// The folders around a symbol that lie within the repository's main folder, outermost last.
    pub(super) fn folders(&self, node: u32) -> impl Iterator<Item = &'a str> {
        folders_around(&self.repository.file(node).file_path).filter(|it| !self.names.roots.contains(it))
    }

    /// The name of the innermost folder that holds most of the nodes.
    pub(super) fn folder_name(&self, nodes: &[u32]) -> Option<String> {
        let mut weight_of: BTreeMap<&str, f64> = BTreeMap::new();
        for &node in nodes {
            self.folders(node).for_each(|folder| *weight_of.entry(folder).or_default() += self.of_node(node));
        }
        let half = self.sum(nodes) / 2.0;
        let main = weight_of.into_iter().filter(|it| it.1 > half).max_by_key(|it| it.0.len())?;
        let words = split_identifier(last_part(main.0)).join(" ");
        (!words.is_empty()).then_some(words)
    }
}

fn weight(repository: &Repository<'_>, centrality: &[f64], node: u32) -> f64 {
    let (symbol, role) = (repository.symbol(node), repository.node(node).role);
    let of_role = match role {
        Role::Product => 1.0,
        Role::Test | Role::Benchmark | Role::Example => return 0.0,
        _ => ASIDE_SHARE,
    };
    let members = repository.children(node).iter().map(|&member| centrality[member as usize]);
    let credit = if symbol.kind.is_type() { MEMBER_CREDIT * members.fold(0.0, f64::max) } else { 0.0 };
    let exported = if symbol.exported { 1.0 } else { INTERNAL_SHARE };
    kind_weight(symbol.kind)
        * of_role
        * exported
        * (BASE_WEIGHT + (centrality[node as usize] + credit).sqrt())
}

fn kind_weight(kind: SymbolKind) -> f64 {
    match kind {
        kind if kind.is_type() => TYPE_WEIGHT,
        SymbolKind::Function | SymbolKind::Macro => FUNCTION_WEIGHT,
        SymbolKind::Method | SymbolKind::Constructor => METHOD_WEIGHT,
        _ => OTHER_WEIGHT,
    }
}

fn roots<'a>(repository: &Repository<'a>, weight: &[f64], total: f64) -> BTreeSet<&'a str> {
    let mut weight_of: BTreeMap<&str, f64> = BTreeMap::new();
    for node in repository.all() {
        let path = repository.file(node).file_path.as_str();
        folders_around(path)
            .for_each(|folder| *weight_of.entry(folder).or_default() += weight[node as usize]);
    }
    weight_of.into_iter().filter(|it| it.1 >= ROOT_SHARE * total).map(|it| it.0).collect()
}

fn stems(repository: &Repository<'_>, roots: &BTreeSet<&str>, node: u32) -> BTreeSet<String> {
    let path = repository.file(node).file_path.as_str();
    let folders = folders_around(path).filter(|it| !roots.contains(it)).map(last_part);
    let name = own_name(repository, node);
    let words = folders.chain([file_stem(path), name]).flat_map(split_identifier);
    words.map(|word| stem(&word)).collect()
}

/// The symbol's name, the type's of a block that implements it; a file has none beside its path.
pub(super) fn own_name<'a>(repository: &Repository<'a>, node: u32) -> &'a str {
    let symbol = repository.symbol(node);
    match symbol.kind {
        SymbolKind::Module => "",
        SymbolKind::Impl => impl_target(&symbol.name),
        _ => &symbol.name,
    }
}

/// The folders around a file, innermost first, without the repository itself.
fn folders_around(path: &str) -> impl Iterator<Item = &str> {
    let around = std::iter::successors(Some(folder_of(path)), |at| Some(folder_of(at)));
    around.take_while(|at| *at != ".").take(MAX_FOLDERS)
}

/// The file's name without its ending; its folder's where the file speaks for the folder.
pub(super) fn file_stem(path: &str) -> &str {
    let name = last_part(path);
    match name.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or(name) {
        "mod" | "lib" | "main" | "index" | "__init__" | "__main__" | "doc" => last_part(folder_of(path)),
        stem => stem,
    }
}

pub(super) fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
