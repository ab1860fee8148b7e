//! What the pack defines, for look-ups by id and path.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Code, Findings};
use crate::contents::Docpack;
use crate::entries;
use crate::ids::{ChunkId, ClusterId, SymbolId};
use crate::records::{Cluster, SourceFile, Symbol};

/// Look-ups over one pack; nothing iterates over a hash map.
pub(super) struct Known<'d> {
    /// In ascending id order, whatever order they came in.
    symbols: Vec<&'d Symbol>,
    files: HashMap<&'d str, &'d SourceFile>,
    clusters: BTreeMap<ClusterId, &'d Cluster>,
    chunks: BTreeSet<ChunkId>,
}

impl<'d> Known<'d> {
    /// Indexes the records; equal ids and wrong orders are found on the way.
    pub(super) fn new(docpack: &'d Docpack, findings: &mut Findings) -> Self {
        let contents = &docpack.contents;
        let mut symbols: Vec<&Symbol> = contents.nodes.symbols.iter().collect();
        in_order(&symbols, |symbol| symbol.id, entries::NODES, "symbols", findings);
        symbols.sort_by_key(|symbol| symbol.id);
        let mut files = HashMap::with_capacity(contents.source_map.files.len());
        let mut chunks = BTreeSet::new();
        in_order(
            &contents.source_map.files,
            |file| file.file_path.as_str(),
            entries::SOURCE_MAP,
            "files",
            findings,
        );
        for file in &contents.source_map.files {
            if files.insert(file.file_path.as_str(), file).is_some() {
                duplicate(&file.file_path, entries::SOURCE_MAP, findings);
            }
            for chunk in &file.chunks {
                if !chunks.insert(chunk.chunk_id) {
                    duplicate(&chunk.chunk_id.to_string(), entries::SOURCE_MAP, findings);
                }
            }
        }
        for pair in symbols.windows(2).filter(|pair| pair[0].id == pair[1].id) {
            duplicate(&pair[0].id.to_string(), entries::NODES, findings);
        }
        let mut clusters = BTreeMap::new();
        for cluster in &contents.clusters.clusters {
            if clusters.insert(cluster.cluster_id, cluster).is_some() {
                duplicate(&cluster.cluster_id.to_string(), entries::CLUSTERS, findings);
            }
        }
        Self { symbols, files, clusters, chunks }
    }

    /// Returns the symbols in ascending id order.
    pub(super) fn symbols(&self) -> &[&'d Symbol] {
        &self.symbols
    }

    /// Finds a symbol's place in [`Self::symbols`].
    pub(super) fn place(&self, id: SymbolId) -> Option<usize> {
        self.symbols.binary_search_by_key(&id, |symbol| symbol.id).ok()
    }

    pub(super) fn symbol(&self, id: SymbolId) -> Option<&'d Symbol> {
        self.symbols.get(self.place(id)?).copied()
    }

    pub(super) fn file(&self, path: &str) -> Option<&'d SourceFile> {
        self.files.get(path).copied()
    }

    pub(super) fn cluster(&self, id: ClusterId) -> Option<&'d Cluster> {
        self.clusters.get(&id).copied()
    }

    pub(super) fn has_chunk(&self, id: &ChunkId) -> bool {
        self.chunks.contains(id)
    }

    /// Reports a symbol that a record names and the pack lacks.
    pub(super) fn expect_symbol(&self, id: SymbolId, entry: &str, findings: &mut Findings) {
        if self.place(id).is_none() {
            findings.add(Code::DanglingSymbol, entry, || format!("`{id}` is not in `{}`", entries::NODES));
        }
    }
}

fn duplicate(what: &str, entry: &str, findings: &mut Findings) {
    findings.add(Code::DuplicateId, entry, || format!("`{what}` occurs twice"));
}

/// Reports the first place where `key` falls; equals are left to the check for duplicates.
pub(super) fn in_order<'t, T, K: Ord>(
    list: &'t [T],
    key: impl Fn(&'t T) -> K,
    entry: &str,
    name: &str,
    findings: &mut Findings,
) {
    if let Some(at) = list.windows(2).position(|pair| key(&pair[0]) > key(&pair[1])) {
        findings.add(Code::NotSorted, entry, || format!("`{name}` falls at element {}", at + 1));
    }
}
