//! All symbols of a repository in one order, with their edges as indices.

use std::collections::{BTreeMap, BTreeSet};

use docpack::{ChunkId, EdgeKind, Language, Role, SymbolId, SymbolKind};
use model::facts::Symbol;
use model::ingest::{DocumentRecord, FileRecord, Skipped};
use model::resolution::{Edge, Resolution};
use model::role::is_support;

/// Deeper nesting is not followed; parents come from facts and could go round in circles.
const MAX_ANCESTORS: usize = 256;

/// The facts of one repository, ordered by symbol id, as every function here reads them.
pub struct Repository<'a> {
    /// In path order.
    pub(crate) files: Vec<&'a FileRecord>,
    /// In id order; a position in it is a node.
    pub(crate) nodes: Vec<Node<'a>>,
    /// By source, target, kind; `related` left out.
    pub(crate) links: Vec<Link<'a>>,
    /// By parent; each list in source order.
    pub(crate) children: BTreeMap<u32, Vec<u32>>,
    pub(crate) resolution: &'a Resolution,
    /// The node of each symbol of each file.
    node_of: Vec<Vec<u32>>,
    /// Languages that files of the repository use which nobody read: templates, notebooks, generated code.
    used_unread: BTreeSet<Language>,
    /// Texts about the code, in path order.
    pub(crate) documents: &'a [DocumentRecord],
}

pub(crate) struct Node<'a> {
    pub(crate) symbol: &'a Symbol,
    pub(crate) file: u32,
    pub(crate) parent: Option<u32>,
    pub(crate) role: Role,
    /// Part of tests, benchmarks or examples.
    pub(crate) is_support: bool,
}

pub(crate) struct Link<'a> {
    pub(crate) source: u32,
    pub(crate) target: u32,
    pub(crate) kind: EdgeKind,
    pub(crate) edge: &'a Edge,
}

impl Link<'_> {
    /// The number of places where it is written, at least one.
    pub(crate) fn n_sites(&self) -> u32 {
        u32::try_from(self.edge.sites.len()).unwrap_or(u32::MAX).max(1)
    }
}

impl<'a> Repository<'a> {
    /// Orders symbols and edges; of equal ids the first in path order counts.
    ///
    /// Edges to or from unknown symbols, and parents that do not exist, are left out.
    pub fn new(files: impl IntoIterator<Item = &'a FileRecord>, resolution: &'a Resolution) -> Self {
        let mut files: Vec<&FileRecord> = files.into_iter().collect();
        files.sort_by(|a, b| a.file_path.cmp(&b.file_path));
        let places = symbol_places(&files);
        let mut node_of: Vec<Vec<u32>> =
            files.iter().map(|file| vec![u32::MAX; file.symbols.len()]).collect();
        for (node, &(_, file, index)) in (0_u32..).zip(&places) {
            node_of[file][index] = node;
        }
        let nodes: Vec<Node<'a>> = places
            .iter()
            .map(|&(_, file, index)| {
                let symbol = &files[file].symbols[index];
                let role = symbol.role.as_ref().unwrap_or(&files[file].role).role;
                let parent = symbol.parent.and_then(|parent| node_of[file].get(parent as usize)).copied();
                Node {
                    symbol,
                    file: file as u32,
                    parent: parent.filter(|&it| it != u32::MAX),
                    role,
                    is_support: is_support(role),
                }
            })
            .collect();
        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (node, entry) in (0_u32..).zip(&nodes) {
            if let Some(parent) = entry.parent.filter(|&parent| parent != node) {
                children.entry(parent).or_default().push(node);
            }
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|&node| (nodes[node as usize].symbol.byte_range, node));
        }
        let mut repository = Self {
            files,
            nodes,
            links: Vec::new(),
            children,
            resolution,
            node_of,
            used_unread: BTreeSet::new(),
            documents: &[],
        };
        repository.links = repository.ordered_links();
        repository
    }

    /// Notes the files that were not parsed, so that callers in them are not taken to be missing.
    pub fn with_skipped(mut self, skipped: &[Skipped]) -> Self {
        self.used_unread = skipped.iter().flat_map(languages_used).copied().collect();
        self
    }

    /// Notes the texts about the code.
    pub fn with_documents(mut self, documents: &'a [DocumentRecord]) -> Self {
        self.documents = documents;
        self
    }

    /// Tells whether a file that nobody read may use the exported symbols of a node's language.
    pub(crate) fn is_used_unread(&self, node: u32) -> bool {
        self.used_unread.contains(&self.language(node))
    }

    fn ordered_links(&self) -> Vec<Link<'a>> {
        let mut links: Vec<Link<'a>> = self
            .resolution
            .edges
            .iter()
            .filter(|edge| edge.kind != EdgeKind::Related)
            .filter_map(|edge| {
                let (source, target) = (self.find(edge.source)?, self.find(edge.target)?);
                Some(Link { source, target, kind: edge.kind, edge })
            })
            .collect();
        links.sort_by_key(|link| (link.source, link.target, link.kind));
        links.dedup_by_key(|link| (link.source, link.target, link.kind));
        links
    }

    /// Returns the number of distinct symbols.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Tells whether there is no symbol.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn find(&self, id: SymbolId) -> Option<u32> {
        self.nodes.binary_search_by_key(&id, |node| node.symbol.id).ok().map(|node| node as u32)
    }

    pub(crate) fn node(&self, node: u32) -> &Node<'a> {
        &self.nodes[node as usize]
    }

    pub(crate) fn symbol(&self, node: u32) -> &'a Symbol {
        self.nodes[node as usize].symbol
    }

    pub(crate) fn id(&self, node: u32) -> SymbolId {
        self.nodes[node as usize].symbol.id
    }

    pub(crate) fn file(&self, node: u32) -> &'a FileRecord {
        self.files[self.nodes[node as usize].file as usize]
    }

    pub(crate) fn language(&self, node: u32) -> Language {
        self.file(node).language
    }

    pub(crate) fn folder(&self, node: u32) -> &'a str {
        folder_of(&self.file(node).file_path)
    }

    pub(crate) fn all(&self) -> std::ops::Range<u32> {
        0..self.nodes.len() as u32
    }

    pub(crate) fn children(&self, node: u32) -> &[u32] {
        self.children.get(&node).map_or(&[], Vec::as_slice)
    }

    /// The nodes of one file in the order of its facts.
    pub(crate) fn nodes_of_file(&self, file: usize) -> impl Iterator<Item = u32> + '_ {
        self.node_of[file].iter().copied().filter(|&node| node != u32::MAX)
    }

    /// Enclosing symbols, innermost first.
    pub(crate) fn ancestors(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(self.node(node).parent, |&at| self.node(at).parent).take(MAX_ANCESTORS)
    }

    /// The symbol that stands for the whole file.
    pub(crate) fn is_file_symbol(&self, node: u32) -> bool {
        self.node(node).parent.is_none() && self.symbol(node).kind == SymbolKind::Module
    }

    /// Chunks with the symbol that owns each.
    pub(crate) fn owned_chunks(&self) -> impl Iterator<Item = (u32, ChunkId)> + '_ {
        self.files.iter().zip(&self.node_of).flat_map(|(file, node_of)| {
            file.chunks.iter().filter_map(|chunk| {
                let owner = *node_of.get(*chunk.symbols.first()? as usize)?;
                (owner != u32::MAX).then_some((owner, chunk.chunk_id))
            })
        })
    }
}

/// The languages whose code a skipped file may call, by its extension.
///
/// Copies of other packages call nothing of this one, so they do not count.
fn languages_used(skipped: &Skipped) -> &'static [Language] {
    const SCRIPTS: &[Language] = &[Language::JavaScript, Language::TypeScript];
    if !matches!(
        skipped.reason.as_str(),
        "unsupported_language" | "generated" | "too_large" | "not_utf8" | "unreadable"
    ) {
        return &[];
    }
    match skipped.file_path.rsplit_once('.').map_or("", |(_, end)| end) {
        "vue" | "svelte" | "astro" | "mdx" | "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" => {
            SCRIPTS
        }
        "ipynb" | "py" | "pyi" | "pyx" => &[Language::Python],
        "go" => &[Language::Go],
        "rs" => &[Language::Rust],
        _ => &[],
    }
}

/// Every symbol as id, file and index, ascending, one per id.
fn symbol_places(files: &[&FileRecord]) -> Vec<(SymbolId, usize, usize)> {
    let mut places: Vec<(SymbolId, usize, usize)> = files
        .iter()
        .enumerate()
        .flat_map(|(file, record)| {
            record.symbols.iter().enumerate().map(move |(index, symbol)| (symbol.id, file, index))
        })
        .collect();
    places.sort_unstable();
    places.dedup_by_key(|place| place.0);
    places
}

/// The folder of a path, `.` for the root.
pub(crate) fn folder_of(file_path: &str) -> &str {
    file_path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}
