//! Words and meaning, fused by reciprocal rank.

use std::collections::{HashMap, HashSet};

use docpack::records::Symbol;
use docpack::{ClusterId, Language, SymbolKind};
use globset::GlobMatcher;

use crate::explore::{Explored, SymbolIdx};
use crate::wire::SearchHit;

/// Of each ranking so many take part.
const MAX_RANKED: usize = 200;
/// The usual constant: how little the first places differ.
const RANK_OFFSET: f64 = 60.0;
/// Vectors of unrelated texts are as near as this.
const MIN_SIMILARITY: f64 = 0.15;

/// Which symbols are wanted; an empty list wants all.
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
    pub(crate) text: &'a str,
    /// The query's vector, where vectors take part.
    pub(crate) vector: Option<&'a [f32]>,
    pub(crate) filter: Filter,
    pub(crate) limit: usize,
}

impl Filter {
    fn takes(&self, symbol: &Symbol) -> bool {
        let path = match &self.path {
            None => true,
            Some(PathFilter::Prefix(prefix)) => symbol.file_path.starts_with(prefix.as_str()),
            Some(PathFilter::Glob(glob)) => glob.is_match(&symbol.file_path),
        };
        path && (self.kinds.is_empty() || self.kinds.iter().any(|kind| symbol.kind == *kind))
            && (self.languages.is_empty() || self.languages.iter().any(|word| symbol.language == *word))
            && (self.clusters.is_empty() || symbol.cluster_id.is_some_and(|id| self.clusters.contains(&id)))
    }
}

/// Where a symbol stands in each list of finds.
#[derive(Default)]
struct Ranks {
    lexical: Option<u32>,
    semantic: Option<u32>,
    similarity: Option<f64>,
}

impl Explored {
    /// Returns the best hits, and how many symbols match at all.
    pub(crate) fn search(&self, wanted: &Wanted<'_>) -> (Vec<SearchHit>, u64) {
        let takes = |idx: SymbolIdx| wanted.filter.takes(self.symbol(idx));
        let mut lexical: Vec<(SymbolIdx, f32)> =
            self.lexical.scores(wanted.text).into_iter().filter(|(idx, _)| takes(*idx)).collect();
        let central = |idx: SymbolIdx| self.symbol(idx).centrality;
        lexical.sort_by(|a, b| {
            b.1.total_cmp(&a.1).then(central(b.0).total_cmp(&central(a.0))).then(a.0.cmp(&b.0))
        });
        let near = match (wanted.vector, &self.vectors) {
            (Some(vector), Some(vectors)) => vectors.nearest(vector, MAX_RANKED, takes),
            _ => Vec::new(),
        };
        let near: Vec<_> = near.into_iter().filter(|(_, similarity)| *similarity >= MIN_SIMILARITY).collect();
        let matching: HashSet<SymbolIdx> =
            lexical.iter().map(|(idx, _)| *idx).chain(near.iter().map(|(idx, _)| *idx)).collect();
        lexical.truncate(MAX_RANKED);
        let lexical: Vec<SymbolIdx> = lexical.into_iter().map(|(idx, _)| idx).collect();
        (self.fused(&lexical, &near, wanted.limit), matching.len() as u64)
    }

    fn fused(&self, lexical: &[SymbolIdx], near: &[(SymbolIdx, f64)], limit: usize) -> Vec<SearchHit> {
        let mut ranks: HashMap<SymbolIdx, Ranks> = HashMap::new();
        for (rank, idx) in (1..).zip(lexical) {
            ranks.entry(*idx).or_default().lexical = Some(rank);
        }
        for (rank, (idx, similarity)) in (1..).zip(near) {
            let ranked = ranks.entry(*idx).or_default();
            (ranked.semantic, ranked.similarity) = (Some(rank), Some(*similarity));
        }
        let part = |rank: Option<u32>| rank.map_or(0.0, |rank| 1.0 / (RANK_OFFSET + f64::from(rank)));
        let mut fused: Vec<_> = ranks
            .into_iter()
            .map(|(idx, Ranks { lexical, semantic, similarity })| {
                let score = ((part(lexical) + part(semantic)) * 1e6).round() / 1e6;
                (idx, score, lexical, semantic, similarity)
            })
            .collect();
        fused.sort_by(|a, b| {
            b.1.total_cmp(&a.1)
                .then(a.2.unwrap_or(u32::MAX).cmp(&b.2.unwrap_or(u32::MAX)))
                .then(a.0.cmp(&b.0))
        });
        let best = fused.into_iter().take(limit);
        best.map(|(idx, score, lexical_rank, semantic_rank, similarity)| SearchHit {
            symbol: self.summary(idx),
            score,
            lexical_rank,
            semantic_rank,
            similarity,
        })
        .collect()
    }
}
