//! What is told about each symbol to whoever puts it into words.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use docpack::{EdgeKind, Language, SymbolKind};
use model::assembly::Assembly;
use model::context::{MAX_LISTED, MAX_RELATED, Neighbour, SymbolContext};
use model::facts::{Import, Imported};
use model::resolution::UnresolvedReason;

use crate::names::{impl_target, last_name};
use crate::open_calls::OpenCalls;
use crate::packages::is_third_party;
use crate::repository::Repository;
use crate::standing::Standings;

/// Computes the context of every symbol, in path order and in each file in source order.
///
/// The assembly must be that of the same repository; symbols it lacks count as not central.
pub fn contexts<'a>(
    repository: &'a Repository<'_>,
    assembly: &'a Assembly,
) -> impl Iterator<Item = SymbolContext> + 'a {
    let surroundings = Surroundings::new(repository, assembly);
    (0..repository.files.len())
        .flat_map(|file| repository.nodes_of_file(file))
        .map(move |node| surroundings.context(node))
}

/// What the contexts of all symbols are read from.
pub(crate) struct Surroundings<'a> {
    repository: &'a Repository<'a>,
    centrality: Vec<f64>,
    label_of: Vec<Option<&'a str>>,
    /// By caller and by callee, each with the number of sites.
    calls: BTreeMap<u32, Vec<(u32, u32)>>,
    called_by: BTreeMap<u32, Vec<(u32, u32)>>,
    related: BTreeMap<u32, Vec<u32>>,
    external: BTreeMap<u32, Vec<&'a str>>,
    open_calls: OpenCalls<'a>,
    standings: Standings<'a>,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn new(repository: &'a Repository<'_>, assembly: &'a Assembly) -> Self {
        let (mut calls, mut called_by) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for link in repository.links.iter().filter(|link| link.kind == EdgeKind::Calls) {
            calls.entry(link.source).or_default().push((link.target, link.n_sites()));
            called_by.entry(link.target).or_default().push((link.source, link.n_sites()));
        }
        let mut related: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for edge in &assembly.related {
            if let (Some(source), Some(target)) = (repository.find(edge.source), repository.find(edge.target))
            {
                related.entry(source).or_default().push(target);
            }
        }
        let centrality = centrality(repository, assembly);
        Self {
            standings: Standings::new(repository, &centrality),
            centrality,
            label_of: label_of(repository, assembly),
            calls,
            called_by,
            related,
            external: external_packages(repository),
            open_calls: OpenCalls::new(repository),
            repository,
        }
    }

    fn context(&self, node: u32) -> SymbolContext {
        let repository = self.repository;
        let (symbol, file) = (repository.symbol(node), repository.file(node));
        let (calls, n_calls) = self.listed(self.calls.get(&node));
        let (called_by, n_called_by) = self.listed(self.called_by.get(&node));
        let members = self.members(node);
        SymbolContext {
            id: symbol.id,
            name: symbol.name.clone(),
            qualified_name: symbol.qualified_name.clone(),
            kind: symbol.kind,
            language: file.language,
            file_path: file.file_path.clone(),
            role: repository.node(node).role,
            n_lines: symbol.line_range.end.saturating_sub(symbol.line_range.start).saturating_add(1),
            signature: symbol.signature.clone(),
            parameters: symbol.parameters.clone(),
            return_type: symbol.return_type.clone(),
            modifiers: symbol.modifiers.clone(),
            attributes: symbol.attributes.clone(),
            visibility: symbol.visibility,
            exported: symbol.exported,
            bases: symbol.bases.clone(),
            implements: symbol.implements.clone(),
            doc_comment: self.standings.comment(node).map(str::to_owned),
            parent: self.parent(node).map(|parent| neighbour(repository, parent)),
            n_members: members.len() as u32,
            members: self.neighbours(members.into_iter().take(MAX_LISTED)),
            calls,
            n_calls,
            called_by,
            n_called_by,
            n_called_by_support: self.n_support(self.called_by.get(&node)),
            callers_complete: !self.open_calls.could_mean(node),
            external: self.external_of(node),
            imports: imported_modules(&file.imports),
            related: self
                .neighbours(self.related.get(&node).into_iter().flatten().copied().take(MAX_RELATED)),
            cluster_label: self.label_of[node as usize].map(str::to_owned),
            centrality: self.centrality[node as usize],
            complexity: symbol.complexity,
            body: symbol.body.clone(),
            standing: self.standings.of(node),
            source: None,
        }
    }

    fn neighbours(&self, nodes: impl Iterator<Item = u32>) -> Vec<Neighbour> {
        nodes.map(|node| neighbour(self.repository, node)).collect()
    }

    /// Most sites first, then most central; tests after the rest.
    fn listed(&self, ends: Option<&Vec<(u32, u32)>>) -> (Vec<Neighbour>, u32) {
        let mut ends = ends.cloned().unwrap_or_default();
        let n_ends = ends.len() as u32;
        ends.sort_by(|a, b| {
            let key = |it: &(u32, u32)| (self.repository.node(it.0).is_support, Reverse(it.1));
            key(a).cmp(&key(b)).then_with(|| self.by_centrality(a.0, b.0))
        });
        (self.neighbours(ends.into_iter().map(|end| end.0).take(MAX_LISTED)), n_ends)
    }

    fn n_support(&self, ends: Option<&Vec<(u32, u32)>>) -> u32 {
        let ends = ends.into_iter().flatten();
        ends.filter(|(node, _)| self.repository.node(*node).is_support).count() as u32
    }

    pub(crate) fn by_centrality(&self, a: u32, b: u32) -> std::cmp::Ordering {
        self.centrality[b as usize].total_cmp(&self.centrality[a as usize]).then(a.cmp(&b))
    }

    pub(crate) fn centrality(&self, node: u32) -> f64 {
        self.centrality[node as usize]
    }

    /// Direct members, most central first; as central ones stay in source order.
    fn members(&self, node: u32) -> Vec<u32> {
        let mut members = self.repository.children(node).to_vec();
        members.sort_by(|&a, &b| self.centrality[b as usize].total_cmp(&self.centrality[a as usize]));
        members
    }

    fn parent(&self, node: u32) -> Option<u32> {
        self.repository.node(node).parent.filter(|&parent| !self.repository.is_file_symbol(parent))
    }

    fn external_of(&self, node: u32) -> Vec<String> {
        let packages = self.external.get(&node).into_iter().flatten();
        packages.take(MAX_LISTED).map(|&package| package.to_owned()).collect()
    }
}

fn centrality(repository: &Repository<'_>, assembly: &Assembly) -> Vec<f64> {
    let mut centrality = vec![0.0; repository.len()];
    for metrics in &assembly.metrics {
        if let Some(node) = repository.find(metrics.id) {
            centrality[node as usize] = metrics.centrality;
        }
    }
    centrality
}

pub(crate) fn label_of<'a>(repository: &Repository<'_>, assembly: &'a Assembly) -> Vec<Option<&'a str>> {
    let mut labels = vec![None; repository.len()];
    for cluster in &assembly.clusters {
        for node in cluster.members.iter().filter_map(|&id| repository.find(id)) {
            labels[node as usize] = Some(cluster.label.as_str());
        }
    }
    labels
}

/// Third-party packages that each symbol's calls lead to, most sites first, then by name.
fn external_packages<'a>(repository: &'a Repository<'_>) -> BTreeMap<u32, Vec<&'a str>> {
    let mut sites: BTreeMap<u32, BTreeMap<&str, usize>> = BTreeMap::new();
    for (node, package, n_sites) in external_uses(repository) {
        *sites.entry(node).or_default().entry(package).or_default() += n_sites;
    }
    let by_use = |packages: BTreeMap<&'a str, usize>| {
        let mut packages: Vec<(&str, usize)> = packages.into_iter().collect();
        packages.sort_by_key(|it| Reverse(it.1));
        packages.into_iter().map(|it| it.0).collect()
    };
    sites.into_iter().map(|(node, packages)| (node, by_use(packages))).collect()
}

/// Uses of third-party packages: the symbol, the package, the number of lines.
pub(crate) fn external_uses<'a>(
    repository: &'a Repository<'_>,
) -> impl Iterator<Item = (u32, &'a str, usize)> {
    let external =
        repository.resolution.unresolved.iter().filter(|it| it.reason == UnresolvedReason::External);
    external.filter_map(|it| {
        let (node, package) = (repository.find(it.source)?, it.package.as_deref()?);
        is_third_party(repository.language(node), package).then_some((node, package, it.lines.len().max(1)))
    })
}

/// The modules that imports lead to, in source order, each once.
fn imported_modules(imports: &[Import]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let modules = imports.iter().map(module_path).filter(|path| !path.is_empty() && seen.insert(*path));
    modules.take(MAX_LISTED).map(str::to_owned).collect()
}

fn module_path(import: &Import) -> &str {
    let Imported::Name(name) = &import.what else { return &import.path };
    let module = import.path.strip_suffix(name.as_str()).unwrap_or(&import.path);
    let trimmed = module.trim_end_matches([':', '.', '#', '/']);
    // `from . import x` has nothing but dots before the name.
    if trimmed.is_empty() { &import.path } else { trimmed }
}

/// Names a symbol from another one's context.
pub(crate) fn neighbour(repository: &Repository<'_>, node: u32) -> Neighbour {
    let symbol = repository.symbol(node);
    Neighbour {
        id: symbol.id,
        name: symbol.name.clone(),
        display_name: display_name(repository, node),
        kind: symbol.kind,
        file_path: repository.file(node).file_path.clone(),
    }
}

/// `Type.method` for members, `module.name` for free functions and values, the bare name otherwise.
fn display_name(repository: &Repository<'_>, node: u32) -> String {
    let symbol = repository.symbol(node);
    let separator = if repository.language(node) == Language::Rust { "::" } else { "." };
    let Some(parent) = repository.node(node).parent.map(|parent| repository.symbol(parent)) else {
        return symbol.name.clone();
    };
    let holder = match parent.kind {
        SymbolKind::Impl => impl_target(&parent.name),
        SymbolKind::Module if symbol.kind.is_type() || symbol.kind == SymbolKind::Impl => "",
        SymbolKind::Module => last_name(parent.name.strip_suffix(".__init__").unwrap_or(&parent.name)),
        _ => parent.name.as_str(),
    };
    if holder.is_empty() { symbol.name.clone() } else { format!("{holder}{separator}{}", symbol.name) }
}
