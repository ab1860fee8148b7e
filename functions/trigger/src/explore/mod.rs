//! A docpack in memory, as it is looked through: search, neighbours, likeness.

mod compared;
pub(crate) mod deflated;
mod detail;
pub(crate) mod entry;
pub(crate) mod members;
pub(crate) mod packs;
pub(crate) mod previews;
pub(crate) mod search;

use std::collections::HashMap;
use std::sync::OnceLock;

use ::search::{Index, MAX_NEAR, Records, Vectors, each_document};
use docpack::records::{Bodies, EmbeddingModel, Graph, Nodes, Source, SourceMap, Symbol, Tour};
use docpack::{ClusterId, Contents, Digest, Docpack, SourceTexts, SymbolId};
use tokio::sync::OwnedSemaphorePermit;

use crate::explore::compared::Compared;
use crate::explore::search::Found;
use crate::wire::SymbolSummary;

/// A symbol's place in the list of symbols.
pub(crate) type SymbolIdx = u32;

/// A pack's records with what finds them quickly.
pub(crate) struct Explored {
    nodes: Nodes,
    by_id: HashMap<SymbolId, SymbolIdx>,
    graph: Graph,
    /// Edges that leave, and edges that reach each symbol.
    outgoing: HashMap<SymbolId, Vec<u32>>,
    incoming: HashMap<SymbolId, Vec<u32>>,
    members: HashMap<SymbolId, Vec<SymbolIdx>>,
    ambiguous: HashMap<SymbolId, Vec<u32>>,
    unresolved: HashMap<SymbolId, Vec<u32>>,
    source_map: SourceMap,
    bodies: Option<Bodies>,
    tour: Option<Tour>,
    texts: Option<SourceTexts>,
    labels: HashMap<ClusterId, String>,
    source: Source,
    model: Option<EmbeddingModel>,
    vectors: Option<Vectors>,
    compared: Compared,
    index: Index,
    /// Made for the first question.
    evidence: OnceLock<ask::Index>,
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
        let (nodes, graph) = (contents.nodes, contents.graph);
        let by_id: HashMap<SymbolId, SymbolIdx> =
            (0..).zip(&nodes.symbols).map(|(idx, it)| (it.id, idx)).collect();
        let (mut outgoing, mut incoming) = (HashMap::new(), HashMap::new());
        for (idx, edge) in (0..).zip(&graph.edges) {
            outgoing.entry(edge.source).or_insert_with(Vec::new).push(idx);
            incoming.entry(edge.target).or_insert_with(Vec::new).push(idx);
        }
        let mut members: HashMap<SymbolId, Vec<SymbolIdx>> = HashMap::new();
        for (idx, symbol) in (0..).zip(&nodes.symbols) {
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
            ambiguous: grouped(&graph.ambiguous, |it| it.source),
            unresolved: grouped(&graph.unresolved, |it| it.source),
            source_map: contents.source_map,
            bodies: contents.bodies,
            tour: contents.tour,
            texts: contents.source,
            evidence: OnceLock::new(),
            labels,
            source: manifest.source,
            model: manifest.embedding_model,
            vectors,
            compared: Compared::default(),
            graph,
            nodes,
            _room: room,
        }
    }

    /// Names the weights that made the pack's vectors.
    pub(crate) fn model(&self) -> Option<Digest> {
        self.vectors.as_ref().and(self.model.as_ref()).map(|model| model.digest)
    }

    /// Answers a question with evidence; `vector` is the question's, where vectors take part.
    pub(crate) fn answer(
        &self,
        question: &ask::Question,
        vector: Option<&[f32]>,
        limit: usize,
    ) -> ask::Answer {
        let records = ask::Records {
            nodes: &self.nodes,
            graph: &self.graph,
            source_map: &self.source_map,
            bodies: self.bodies.as_ref(),
            tour: self.tour.as_ref(),
            source: self.texts.as_ref(),
        };
        let near = match (vector, &self.vectors) {
            (Some(vector), Some(vectors)) => vectors.nearest(vector, MAX_NEAR, |_| true),
            _ => Vec::new(),
        };
        let index = self.evidence.get_or_init(|| ask::Index::of(&records));
        ask::answer(&records, index, question, &near, limit)
    }

    fn symbol(&self, idx: SymbolIdx) -> &Symbol {
        &self.nodes.symbols[idx as usize]
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

/// Lists by symbol the places of what leaves it.
fn grouped<T>(items: &[T], source: impl Fn(&T) -> SymbolId) -> HashMap<SymbolId, Vec<u32>> {
    let mut groups: HashMap<SymbolId, Vec<u32>> = HashMap::new();
    for (place, item) in (0..).zip(items) {
        groups.entry(source(item)).or_default().push(place);
    }
    groups
}
