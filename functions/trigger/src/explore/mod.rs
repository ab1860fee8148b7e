//! A docpack in memory, as it is looked through: search, neighbours, likeness.

pub(crate) mod deflated;
mod detail;
pub(crate) mod entry;
pub(crate) mod members;
pub(crate) mod packs;
pub(crate) mod search;

use std::collections::HashMap;

use ::search::{Index, Records, Vectors, each_document};
use docpack::records::{Ambiguous, Edge, EmbeddingModel, Source, Symbol, Unresolved};
use docpack::{ClusterId, Contents, Digest, Docpack, SymbolId};
use tokio::sync::OwnedSemaphorePermit;

use crate::explore::search::Found;
use crate::wire::SymbolSummary;

/// A symbol's place in the list of symbols.
pub(crate) type SymbolIdx = u32;

/// A pack's records with what finds them quickly.
pub(crate) struct Explored {
    symbols: Vec<Symbol>,
    by_id: HashMap<SymbolId, SymbolIdx>,
    edges: Vec<Edge>,
    /// Edges that leave, and edges that reach each symbol.
    outgoing: HashMap<SymbolId, Vec<u32>>,
    incoming: HashMap<SymbolId, Vec<u32>>,
    members: HashMap<SymbolId, Vec<SymbolIdx>>,
    ambiguous: HashMap<SymbolId, Vec<Ambiguous>>,
    unresolved: HashMap<SymbolId, Vec<Unresolved>>,
    labels: HashMap<ClusterId, String>,
    source: Source,
    model: Option<EmbeddingModel>,
    vectors: Option<Vectors>,
    index: Index,
    /// What the index holds behind the symbols: files, folders and sections.
    others: Vec<Found>,
    /// Taken for as long as anybody looks through it.
    _room: OwnedSemaphorePermit,
}

impl Explored {
    /// Makes the indexes of a pack, in the room that was taken for it.
    pub(crate) fn of(pack: Docpack, room: OwnedSemaphorePermit) -> Self {
        let Docpack { manifest, contents } = pack;
        let (index, others) = indexed(&contents);
        let vectors = Vectors::of(&contents);
        let symbols = contents.nodes.symbols;
        let by_id: HashMap<SymbolId, SymbolIdx> = (0..).zip(&symbols).map(|(idx, it)| (it.id, idx)).collect();
        let edges = contents.graph.edges;
        let (mut outgoing, mut incoming) = (HashMap::new(), HashMap::new());
        for (idx, edge) in (0..).zip(&edges) {
            outgoing.entry(edge.source).or_insert_with(Vec::new).push(idx);
            incoming.entry(edge.target).or_insert_with(Vec::new).push(idx);
        }
        let mut members: HashMap<SymbolId, Vec<SymbolIdx>> = HashMap::new();
        for (idx, symbol) in (0..).zip(&symbols) {
            if let Some(parent) = symbol.parent {
                members.entry(parent).or_default().push(idx);
            }
        }
        let labels = contents.clusters.clusters.into_iter().map(|it| (it.cluster_id, it.label)).collect();
        Self {
            index,
            others,
            by_id,
            outgoing,
            incoming,
            members,
            ambiguous: grouped(contents.graph.ambiguous, |it| it.source),
            unresolved: grouped(contents.graph.unresolved, |it| it.source),
            labels,
            source: manifest.source,
            model: manifest.embedding_model,
            vectors,
            edges,
            symbols,
            _room: room,
        }
    }

    /// Names the weights that made the pack's vectors.
    pub(crate) fn model(&self) -> Option<Digest> {
        self.vectors.as_ref().and(self.model.as_ref()).map(|model| model.digest)
    }

    fn symbol(&self, idx: SymbolIdx) -> &Symbol {
        &self.symbols[idx as usize]
    }

    fn summary(&self, idx: SymbolIdx) -> SymbolSummary {
        let symbol = self.symbol(idx);
        SymbolSummary {
            id: symbol.id.to_string(),
            name: symbol.name.clone(),
            qualified_name: symbol.qualified_name.clone(),
            kind: symbol.kind.clone(),
            language: symbol.language.clone(),
            file_path: symbol.file_path.clone(),
            line_range: symbol.line_range,
            signature: symbol.signature.clone(),
            cluster_id: symbol.cluster_id.map(|cluster| cluster.to_string()),
            centrality: symbol.centrality,
            summary: symbol.documentation.as_ref().map(|it| it.summary.clone()),
        }
    }
}

/// Makes the index of everything that can be found, and what it finds beside symbols.
fn indexed(contents: &Contents) -> (Index, Vec<Found>) {
    let (mut index, mut others) = (Index::default(), Vec::new());
    each_document(Records::of(contents), &mut |document| {
        index.add(document);
        others.extend(Found::of(document));
    });
    (index, others)
}

fn grouped<T>(items: Vec<T>, source: impl Fn(&T) -> SymbolId) -> HashMap<SymbolId, Vec<T>> {
    let mut groups: HashMap<SymbolId, Vec<T>> = HashMap::new();
    for item in items {
        groups.entry(source(&item)).or_default().push(item);
    }
    groups
}
