//! `/v1/docpacks/{docpack_id}/search`: names in tiers, then words and meaning.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use docpack::{Language, SymbolKind};
use globset::{GlobBuilder, GlobMatcher};

use crate::app::{App, QueryEmbedder};
use crate::caller::Caller;
use crate::codes;
use crate::contract::MAX_HITS;
use crate::explore::Explored;
use crate::explore::search::{Filter, PathFilter, SearchedHits, Wanted, vectors};
use crate::failure::{Answered, Failure};
use crate::http::read::Query;
use crate::wire::{Ranking, SearchResults};

const DEFAULT_HITS: u32 = 20;
const MAX_QUERY_CHARS: usize = 500;

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    RawQuery(raw): RawQuery,
) -> Answered<Json<SearchResults>> {
    let query = Query::of(raw.as_deref())?;
    let limit = query.count("limit", MAX_HITS, DEFAULT_HITS)?;
    let text = query.text("q", MAX_QUERY_CHARS)?;
    let text = text.ok_or_else(|| Failure::field(codes::INVALID_PARAMETER, "q", "it is missing"))?.to_owned();
    let filter = Filter {
        kinds: query.words("kind", 300, SymbolKind::from_word)?,
        languages: query.words("language", 100, Language::from_word)?,
        path: query.text("path", 500)?.map(path_filter).transpose()?,
        clusters: query.words("cluster", 500, |word| word.parse().ok())?,
    };
    let row = caller.docpack(&app, &id).await?;
    let explored = app.packs().explored(&app, &row).await?;
    let embedder = app.query_embedder().cloned();
    let found = tokio::task::spawn_blocking(move || {
        let query = ::search::Query::parse(&text);
        let embedder = embedder.as_deref();
        let (vector, semantic_absent) = match query.has_meaning() {
            true => vector_of(&explored, embedder, &text),
            false => (None, Some("identifier")),
        };
        let wanted =
            Wanted { query: &query, text: &text, vector: vector.as_deref(), filter, limit: limit as usize };
        let SearchedHits { hits, n_matches, rerank_absent } = explored.search(&wanted, embedder);
        let ranking = Ranking {
            lexical: true,
            semantic: vector.is_some(),
            semantic_absent: semantic_absent.map(str::to_owned),
            reranked: rerank_absent.is_none(),
            rerank_absent: rerank_absent.map(str::to_owned),
        };
        SearchResults { query: text, ranking, n_matches, hits }
    });
    Ok(Json(found.await.map_err(Failure::internal)?))
}

/// Computes the query's vector, or says why the vectors take no part.
pub(super) fn vector_of(
    explored: &Arc<Explored>,
    embedder: Option<&dyn QueryEmbedder>,
    text: &str,
) -> (Option<Vec<f32>>, Option<&'static str>) {
    let Some(model) = explored.model() else { return (None, Some("pack_without_vectors")) };
    let Some(embedder) = embedder else { return (None, Some("no_embedder")) };
    match vectors(embedder, model, &[text.to_owned()]) {
        Ok(vectors) => (vectors.into_iter().next(), None),
        Err(reason) => (None, Some(reason)),
    }
}

/// A glob where it looks like one, else the beginning of a path.
fn path_filter(text: &str) -> Answered<PathFilter> {
    if !text.contains(['*', '?', '[', '{']) {
        return Ok(PathFilter::Prefix(text.to_owned()));
    }
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    let glob: GlobMatcher = glob
        .map_err(|error| Failure::field(codes::INVALID_PARAMETER, "path", error.kind().to_string()))?
        .compile_matcher();
    Ok(PathFilter::Glob(glob))
}
