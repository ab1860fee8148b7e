//! A query over a pack: which documents are wanted, and what the hits tell.

use ::search::{Document, Hit, Kind, MAX_COMPARED, MAX_NEAR, Query, compared, compared_text};
use docpack::records::Symbol;
use docpack::{ClusterId, Digest, Language, SymbolKind};
use globset::GlobMatcher;

use crate::app::{QueryEmbedder, QueryError};
use crate::explore::{Explored, SymbolIdx};
use crate::wire::{SearchHit, SearchKind, SymbolSummary};

/// Which documents are wanted; an empty list wants all.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) kinds: Vec<SymbolKind>,
    pub(crate) languages: Vec<Language>,
    pub(crate) path: Option<PathFilter>,
    pub(crate) clusters: Vec<ClusterId>,
}

/// Which paths are wanted.
pub(crate) enum PathFilter {
    Prefix(String),
    Glob(GlobMatcher),
}

/// What is looked for.
pub(crate) struct Wanted<'a> {
    pub(crate) query: &'a Query,
    /// As typed.
    pub(crate) text: &'a str,
    /// The query's vector, where vectors take part.
    pub(crate) vector: Option<&'a [f32]>,
    pub(crate) filter: Filter,
    pub(crate) limit: usize,
}

/// What was found.
pub(crate) struct SearchedHits {
    pub(crate) hits: Vec<SearchHit>,
    /// Of all documents.
    pub(crate) n_matches: u64,
    /// Why no second model compared the hits.
    pub(crate) rerank_absent: Option<&'static str>,
}

/// A file, folder or section, which the index holds behind the symbols.
pub(super) struct Found {
    kind: SearchKind,
    name: String,
    path: String,
    line: Option<u32>,
}

impl Found {
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let kind = match document.kind {
            Kind::Symbol => return None,
            Kind::File => SearchKind::File,
            Kind::Folder => SearchKind::Folder,
            Kind::Section => SearchKind::Section,
        };
        let line = document.id.rsplit_once('#').filter(|_| kind == SearchKind::Section);
        Some(Self {
            kind,
            line: line.and_then(|(_, line)| line.parse().ok()),
            name: document.name.clone().into_owned(),
            path: document.path.clone().into_owned(),
        })
    }
}

impl Filter {
    fn takes_path(&self, path: &str) -> bool {
        match &self.path {
            None => true,
            Some(PathFilter::Prefix(prefix)) => path.starts_with(prefix.as_str()),
            Some(PathFilter::Glob(glob)) => glob.is_match(path),
        }
    }

    fn takes(&self, symbol: &Symbol) -> bool {
        self.takes_path(&symbol.file_path)
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| symbol.kind == *kind))
            && (self.languages.is_empty() || self.languages.iter().any(|word| symbol.language == *word))
            && (self.clusters.is_empty() || symbol.cluster_id.is_some_and(|id| self.clusters.contains(&id)))
    }

    /// Tells whether only symbols can be wanted: nothing else has a kind, a language or a cluster.
    fn takes_symbols_only(&self) -> bool {
        !(self.kinds.is_empty() && self.languages.is_empty() && self.clusters.is_empty())
    }
}

impl Explored {
    /// Finds the best hits; where `embedder` has a second model, it compares them with the query once more.
    pub(crate) fn search(&self, wanted: &Wanted<'_>, embedder: Option<&dyn QueryEmbedder>) -> SearchedHits {
        let is_wanted = |place: SymbolIdx| match self.other(place) {
            None => wanted.filter.takes(self.symbol(place)),
            Some(other) => !wanted.filter.takes_symbols_only() && wanted.filter.takes_path(&other.path),
        };
        let near = match (wanted.vector, &self.vectors) {
            (Some(vector), Some(vectors)) => vectors.nearest(vector, MAX_NEAR, is_wanted),
            _ => Vec::new(),
        };
        let found = self.index.search(wanted.query, &near, is_wanted, wanted.limit.max(MAX_COMPARED));
        let (found, rerank_absent) = match self.cosines(wanted, embedder, &found) {
            Ok(cosines) => (self.index.reranked(wanted.query, found, &cosines), None),
            Err(reason) => (found, Some(reason)),
        };
        let hits = found.hits.into_iter().take(wanted.limit).map(|hit| self.told(hit)).collect();
        SearchedHits { hits, n_matches: found.n_matches as u64, rerank_absent }
    }

    /// Compares the best hits with the query by the second model, or says why not.
    fn cosines(
        &self,
        wanted: &Wanted<'_>,
        embedder: Option<&dyn QueryEmbedder>,
        found: &::search::Found,
    ) -> Result<Vec<(SymbolIdx, f64)>, &'static str> {
        if !wanted.query.has_meaning() {
            return Err("identifier");
        }
        let Some((embedder, weights)) = embedder.and_then(|it| Some((it, it.second()?))) else {
            return Err("no_embedder");
        };
        if self.model() == Some(weights) {
            // It made the vectors that were searched.
            return Err("same_model");
        }
        let places = compared(found, self.nodes.symbols.len());
        if places.is_empty() {
            return Err("nothing_to_compare");
        }
        let unread = self.compared.unread(&places);
        let mut texts: Vec<String> = unread.iter().map(|place| self.compared_text(*place)).collect();
        texts.push(wanted.text.to_owned());
        let mut vectors = vectors(embedder, weights, &texts)?;
        let asked = vectors.pop().unwrap_or_default();
        self.compared.add(unread.into_iter().zip(vectors));
        Ok(self.compared.cosines(&places, &asked))
    }

    fn compared_text(&self, place: SymbolIdx) -> String {
        let symbol = self.symbol(place);
        let file = self.texts.as_ref().and_then(|texts| texts.get(&symbol.file_path));
        let range = symbol.byte_range.start as usize..symbol.byte_range.end as usize;
        let own = file.and_then(|text| text.get(range)).unwrap_or(&symbol.signature);
        compared_text(&symbol.file_path, &symbol.qualified_name, own)
    }

    /// What stands behind the symbols in the index.
    fn other(&self, place: SymbolIdx) -> Option<&Found> {
        self.others.get((place as usize).checked_sub(self.nodes.symbols.len())?)
    }

    fn told(&self, hit: Hit) -> SearchHit {
        let other = self.other(hit.document);
        let symbol = other.is_none().then(|| self.summary(hit.document));
        let of_symbol = |text: fn(&SymbolSummary) -> &String| symbol.as_ref().map(|it| text(it).clone());
        SearchHit {
            kind: other.map_or(SearchKind::Symbol, |it| it.kind),
            name: other.map(|it| it.name.clone()).or(of_symbol(|it| &it.name)).unwrap_or_default(),
            path: other.map(|it| it.path.clone()).or(of_symbol(|it| &it.file_path)).unwrap_or_default(),
            line: other.and_then(|it| it.line),
            symbol,
            tier: hit.tier.into(),
            score: hit.score,
            fields: hit.fields.into_iter().map(Into::into).collect(),
            similarity: hit.similarity,
        }
    }
}

/// Computes vectors, or says with a stable word why there are none.
pub(crate) fn vectors(
    embedder: &dyn QueryEmbedder,
    weights: Digest,
    texts: &[String],
) -> Result<Vec<Vec<f32>>, &'static str> {
    embedder.embed(weights, texts).map_err(|error| match error {
        QueryError::OtherModel => "other_model",
        QueryError::ModelMissing => "model_missing",
        QueryError::Failed(reason) => {
            tracing::warn!("a query was not embedded: {reason}");
            "embedding_failed"
        }
    })
}
