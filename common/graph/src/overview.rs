//! What is told about the repository as a whole and about its folders.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use docpack::{Language, Role, SymbolKind};
use model::assembly::Assembly;
use model::context::{
    ClusterContext, ExternalUse, LanguageShare, MAX_LISTED, ModuleContext, Neighbour, RepositoryContext,
};
use model::facts::Symbol;
use model::role::{attribute_parts, is_support};

use crate::contexts::{Surroundings, external_uses, label_of, neighbour};
use crate::coupling::is_support_folder;
use crate::repository::{Repository, folder_of};
use crate::words::{split_identifier, stem};

/// Clusters named for each folder.
const MAX_CLUSTER_LABELS: usize = 3;
/// Pairs of folders told; more are noise to a reader and money to a model.
const MAX_COUPLING: usize = 100;
/// Third-party packages told.
const MAX_EXTERNAL: usize = 50;
/// Central symbols told per cluster.
const MAX_CLUSTER_CENTRAL: usize = 5;
/// Central symbols of a folder with their comments, of which one is quoted.
const MAX_DESCRIBED: usize = 3;
/// Symbols of one file among the central ones of a larger whole, so that no file fills the list.
const MAX_CENTRAL_PER_FILE: usize = 3;
/// How much of its most central members' rank a type is credited with: methods are used, types named.
const MEMBER_CREDIT: f64 = 0.5;
/// What internal symbols count against exported ones: everything ends in some small private helper.
const INTERNAL_SHARE: f64 = 0.3;

/// What is known about the repository from outside its code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RepositoryNotes {
    /// The last part of the repository's URL.
    pub name: Option<String>,
    /// First prose paragraph of the README.
    pub readme_lead: Option<String>,
    /// What the manifest at the root says the package is.
    pub description: Option<String>,
    /// What the READMEs of folders say that these are.
    pub folder_leads: BTreeMap<String, String>,
}

/// Computes what is told about the whole; tests, benchmarks and examples are counted, never central.
pub fn repository_context(
    repository: &Repository<'_>,
    assembly: &Assembly,
    notes: RepositoryNotes,
) -> RepositoryContext {
    let summit = Summit::new(repository, assembly);
    RepositoryContext {
        languages: languages(repository),
        n_files: repository.files.len() as u32,
        n_symbols: repository.len() as u32,
        n_edges: (repository.links.len() + assembly.related.len()) as u32,
        modules: modules(repository, assembly, &summit, &notes.folder_leads),
        clusters: clusters(repository, assembly, &summit),
        central: summit.central(repository.all(), MAX_LISTED, MAX_CENTRAL_PER_FILE),
        entry_points: entry_points(repository),
        external: external(repository),
        coupling: assembly
            .coupling
            .iter()
            .filter(|it| !is_support_pair(it))
            .take(MAX_COUPLING)
            .cloned()
            .collect(),
        summaries: BTreeMap::new(),
        name: notes.name,
        readme_lead: notes.readme_lead,
        description: notes.description,
    }
}

/// The order in which symbols are shown.
struct Summit<'a> {
    repository: &'a Repository<'a>,
    /// Centrality with a credit for members, less for what is internal.
    height: Vec<f64>,
}

impl<'a> Summit<'a> {
    fn new(repository: &'a Repository<'_>, assembly: &'a Assembly) -> Self {
        let surroundings = Surroundings::new(repository, assembly);
        let height = repository
            .all()
            .map(|node| {
                let symbol = repository.symbol(node);
                let members = repository.children(node).iter().map(|&member| surroundings.centrality(member));
                let credit =
                    if symbol.kind.is_type() { MEMBER_CREDIT * members.fold(0.0, f64::max) } else { 0.0 };
                let share = if symbol.exported { 1.0 } else { INTERNAL_SHARE };
                share * (surroundings.centrality(node) + credit)
            })
            .collect();
        Self { repository, height }
    }

    /// The highest of `nodes` that a newcomer should know, at most `per_file` of one file.
    fn central(&self, nodes: impl Iterator<Item = u32>, limit: usize, per_file: usize) -> Vec<Neighbour> {
        let mut found: Vec<u32> = nodes.filter(|&node| self.is_shown(node)).collect();
        found.sort_by(|&a, &b| {
            let exported = |node: u32| Reverse(self.repository.symbol(node).exported);
            let by_height = self.height[b as usize].total_cmp(&self.height[a as usize]);
            by_height.then(exported(a).cmp(&exported(b))).then(a.cmp(&b))
        });
        let mut of_file: BTreeMap<u32, usize> = BTreeMap::new();
        found.retain(|&node| {
            let n_shown = of_file.entry(self.repository.node(node).file).or_default();
            *n_shown += 1;
            *n_shown <= per_file
        });
        // A type speaks for its methods; they come in where there is little else.
        let types: BTreeSet<u32> = found.iter().copied().take(limit).collect();
        let speaks = |node: u32| self.repository.ancestors(node).any(|at| types.contains(&at));
        let (members, items): (Vec<u32>, Vec<u32>) = found.into_iter().partition(|&node| speaks(node));
        items.into_iter().chain(members).take(limit).map(|node| neighbour(self.repository, node)).collect()
    }

    fn is_shown(&self, node: u32) -> bool {
        let kind = self.repository.symbol(node).kind;
        is_of_product(self.repository.node(node).role)
            && (kind.is_type() || kind.is_callable() && kind != SymbolKind::Constructor)
    }
}

/// Largest first by lines, then by name.
fn languages(repository: &Repository<'_>) -> Vec<LanguageShare> {
    let mut shares: BTreeMap<Language, (u32, u32)> = BTreeMap::new();
    for file in &repository.files {
        let share = shares.entry(file.language).or_default();
        *share = (share.0 + 1, share.1.saturating_add(file.n_lines));
    }
    let mut shares: Vec<LanguageShare> = shares
        .into_iter()
        .map(|(language, (n_files, n_lines))| LanguageShare { language, n_files, n_lines })
        .collect();
    shares.sort_by_key(|share| Reverse(share.n_lines));
    shares
}

fn clusters(repository: &Repository<'_>, assembly: &Assembly, summit: &Summit<'_>) -> Vec<ClusterContext> {
    let of_one = |cluster: &model::assembly::Cluster| ClusterContext {
        label: cluster.label.clone(),
        n_members: cluster.members.len() as u32,
        central: summit.central(
            cluster.members.iter().filter_map(|&id| repository.find(id)),
            MAX_CLUSTER_CENTRAL,
            MAX_CLUSTER_CENTRAL,
        ),
    };
    assembly.clusters.iter().map(of_one).collect()
}

/// Callables that run first, those nearest to the root first.
fn entry_points(repository: &Repository<'_>) -> Vec<Neighbour> {
    let mut found: Vec<u32> = repository
        .all()
        .filter(|&node| is_of_product(repository.node(node).role) && is_entry_point(repository, node))
        .collect();
    found.sort_by_key(|&node| {
        let path = repository.file(node).file_path.as_str();
        (path.matches('/').count(), path, node)
    });
    found.into_iter().take(MAX_LISTED).map(|node| neighbour(repository, node)).collect()
}

/// Tells whether code of the role is what the repository is for, rather than what builds, checks or explains it.
fn is_of_product(role: Role) -> bool {
    matches!(role, Role::Product | Role::Generated)
}

fn is_entry_point(repository: &Repository<'_>, node: u32) -> bool {
    let symbol = repository.symbol(node);
    let is_top_level = repository.node(node).parent.is_none_or(|parent| repository.is_file_symbol(parent));
    if symbol.kind == SymbolKind::Module {
        return repository.file(node).file_path.ends_with("__main__.py") && is_top_level;
    }
    symbol.kind == SymbolKind::Function && is_top_level && (symbol.name == "main" || is_command(symbol))
}

/// Functions that a command-line framework runs.
fn is_command(symbol: &Symbol) -> bool {
    symbol.attributes.iter().any(|attribute| {
        let (path, _) = attribute_parts(attribute);
        matches!(path, "click.command" | "click.group" | "app.command" | "cli.command" | "typer.command")
    })
}

/// Packages by number of sites, then by name.
fn external(repository: &Repository<'_>) -> Vec<ExternalUse> {
    let mut sites: BTreeMap<&str, usize> = BTreeMap::new();
    for (node, package, n_sites) in external_uses(repository) {
        if !repository.node(node).is_support {
            *sites.entry(package).or_default() += n_sites;
        }
    }
    let mut uses: Vec<ExternalUse> = sites
        .into_iter()
        .map(|(package, n_sites)| ExternalUse { package: package.to_owned(), n_sites: n_sites as u32 })
        .collect();
    uses.sort_by_key(|it| Reverse(it.n_sites));
    uses.truncate(MAX_EXTERNAL);
    uses
}

fn modules(
    repository: &Repository<'_>,
    assembly: &Assembly,
    summit: &Summit<'_>,
    readme_leads: &BTreeMap<String, String>,
) -> Vec<ModuleContext> {
    let labels = label_of(repository, assembly);
    let mut files_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, file) in repository.files.iter().enumerate() {
        files_of.entry(folder_of(&file.file_path)).or_default().push(index);
    }
    files_of
        .iter()
        .map(|(&path, files)| {
            let nodes: Vec<u32> = files.iter().flat_map(|&file| repository.nodes_of_file(file)).collect();
            let doc = module_doc(repository, path, files);
            let is_kind = |test: fn(SymbolKind) -> bool| {
                nodes.iter().filter(|&&node| test(repository.symbol(node).kind)).count() as u32
            };
            let languages: BTreeSet<Language> =
                files.iter().map(|&file| repository.files[file].language).collect();
            let exported = nodes.iter().copied().filter(|&node| repository.symbol(node).exported);
            let central = summit.central(exported, MAX_LISTED, MAX_LISTED);
            ModuleContext {
                path: path.to_owned(),
                languages: languages.into_iter().collect(),
                n_files: files.len() as u32,
                n_symbols: nodes.len() as u32,
                doc_comment: doc.map(|it| it.1.to_owned()),
                doc_file: doc.map(|it| it.0.to_owned()),
                readme_lead: readme_leads.get(path).cloned(),
                described: described(repository, path, &central),
                role: common_role(repository, &nodes),
                central,
                cluster_labels: main_labels(&nodes, &labels),
                depends_on: coupled(assembly, path, |it| (&it.from, &it.to)),
                used_by: coupled(assembly, path, |it| (&it.to, &it.from)),
                n_functions: is_kind(SymbolKind::is_callable),
                n_types: is_kind(SymbolKind::is_type),
            }
        })
        .collect()
}

/// The central symbols of a folder whose author says what they are, first those that bear the folder's name.
fn described(repository: &Repository<'_>, path: &str, central: &[Neighbour]) -> Vec<(Neighbour, String)> {
    let own = stems(path.rsplit('/').next().unwrap_or(path));
    let is_part = |it: &&Neighbour| it.kind.is_type() || it.kind == SymbolKind::Function;
    let comment = |it: &Neighbour| repository.symbol(repository.find(it.id)?).doc_comment.clone();
    let mut found: Vec<(Neighbour, String)> =
        central.iter().filter(is_part).filter_map(|it| Some((it.clone(), comment(it)?))).collect();
    found.sort_by_key(|(symbol, _)| own.is_disjoint(&stems(&symbol.name)));
    found.truncate(MAX_DESCRIBED);
    found
}

fn stems(name: &str) -> BTreeSet<String> {
    split_identifier(name).iter().map(|word| stem(word)).collect()
}

/// What all of the symbols are for; where none is of the product, what most are for.
fn common_role(repository: &Repository<'_>, nodes: &[u32]) -> Option<Role> {
    let mut counts: BTreeMap<Role, usize> = BTreeMap::new();
    for &node in nodes {
        *counts.entry(repository.node(node).role).or_default() += 1;
    }
    let is_one = counts.len() == 1 || counts.keys().all(|role| is_support(*role));
    counts.into_iter().filter(|_| is_one).max_by_key(|it| it.1).map(|it| it.0)
}

/// Folders at the other end of this one's coupling, heaviest first.
fn coupled(
    assembly: &Assembly,
    path: &str,
    ends: impl Fn(&model::assembly::Coupling) -> (&String, &String),
) -> Vec<String> {
    let of_path = assembly.coupling.iter().map(ends).filter(|it| it.0 == path);
    // What tests and examples use is told of them alone.
    let is_told = |other: &str| is_support_folder(path) || !is_support_folder(other);
    of_path.filter(|it| is_told(it.1)).map(|it| it.1.clone()).take(MAX_LISTED).collect()
}

fn is_support_pair(pair: &model::assembly::Coupling) -> bool {
    is_support_folder(&pair.from) || is_support_folder(&pair.to)
}

fn main_labels(nodes: &[u32], labels: &[Option<&str>]) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for label in nodes.iter().filter_map(|&node| labels[node as usize]) {
        *counts.entry(label).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|it| Reverse(it.1));
    counts.into_iter().take(MAX_CLUSTER_LABELS).map(|it| it.0.to_owned()).collect()
}

/// Files that speak for their folder, by how much they do.
const MODULE_FILES: &[&str] = &[
    "lib.rs",
    "mod.rs",
    "__init__.py",
    "doc.go",
    "index.ts",
    "index.tsx",
    "index.js",
    "index.jsx",
    "mod.ts",
    "main.rs",
    "main.go",
    "__main__.py",
];

/// The file that bears the folder's name: `middleware/jwt/jwt.ts`.
fn namesake(repository: &Repository<'_>, path: &str, files: &[usize]) -> Option<usize> {
    let own = path.rsplit('/').next()?;
    let stem_of = |file: usize| repository.files[file].file_path.rsplit('/').next()?.split('.').next();
    files.iter().copied().find(|&file| stem_of(file) == Some(own))
}

/// The doc comment that speaks for a folder, with the file it stands in.
///
/// Only a file that is the folder's own module speaks for it: what another file says is about that file alone.
fn module_doc<'a>(repository: &Repository<'a>, path: &str, files: &[usize]) -> Option<(&'a str, &'a str)> {
    let doc_of = |file: usize| {
        let own = repository.nodes_of_file(file).find(|&node| repository.is_file_symbol(node))?;
        let doc = repository.symbol(own).doc_comment.as_deref()?;
        (!doc.trim().is_empty()).then_some((repository.files[file].file_path.as_str(), doc))
    };
    let named = MODULE_FILES.iter().find_map(|name| {
        let is_named = |file: usize| repository.files[file].file_path.rsplit('/').next() == Some(name);
        files.iter().copied().find(|&file| is_named(file)).and_then(doc_of)
    });
    // Rust also lets `net.rs` speak for the folder `net` beside it.
    let beside = || {
        let beside = format!("{path}.rs");
        let file = repository.files.binary_search_by(|file| file.file_path.as_str().cmp(&beside)).ok()?;
        doc_of(file)
    };
    // In Go any file of a package may say what the package is, in a comment that begins so.
    let package = || {
        let in_go = files.iter().copied().filter(|&file| repository.files[file].language == Language::Go);
        in_go.filter_map(doc_of).find(|it| it.1.trim_start().starts_with("Package "))
    };
    named.or_else(beside).or_else(package).or_else(|| namesake(repository, path, files).and_then(doc_of))
}
