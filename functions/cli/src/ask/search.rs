//! `doctown search`.

use docpack::{Digest, ReadError, entries};
use embed::{EmbedError, Embedder};
use runtime::config::Config;
use search::{Found, Kind, MAX_COMPARED, MAX_NEAR, Owner, Query, Vectors, compared};
use serde_json::{Value, json};

use super::args::SearchArgs;
use super::cache::Cache;
use super::compare::Model;
use super::documents::{Searchable, Shown};
use super::pack::{self, InputPack};
use super::rows::{Roles, count};
use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::inspect::refused;
use crate::output::{self, table};

pub(crate) fn search(args: &SearchArgs, cli: &Cli) -> Result<(), Failure> {
    let (path, words) = pack::named(&args.words, args.pack.pack.as_deref(), 1, cli.quiet > 0)?;
    let text = words.join(" ");
    let mut pack = pack::open_path(&path)?;
    let failed = |error: ReadError| refused(&path, &error);
    // Without a valid configuration there is no cache, and nothing else of it is needed here.
    let config = Config::from_env().ok();
    let cache = Cache::of(config.as_ref());
    let searchable = Searchable::of(&mut pack, cache.as_ref()).map_err(failed)?;
    let roles = Roles::known(&args.pack.role, |role| searchable.has_role(role))?;
    let limit = if args.pack.limit == 0 { searchable.len() } else { args.pack.limit };
    let is_wanted = |place: u32| roles.has_word(searchable.role(place));
    let query = Query::parse(&text);
    let model = config.as_ref().filter(|_| !args.no_rerank);
    let model = model.map(|config| Model { config, cache: cache.as_ref(), pack: pack.manifest_digest() });
    let near = match query.has_meaning() {
        true => near(&mut pack, &searchable.owners, &text, model, is_wanted, &failed)?,
        false => Vec::new(),
    };
    let found = searchable.index.search(&query, &near, is_wanted, limit.max(MAX_COMPARED));
    let (mut found, absent) = match again(&mut pack, &searchable, (&query, &text), &found, model) {
        Ok(cosines) => (searchable.index.reranked(&query, found, &cosines), None),
        Err(Absent::Because(code)) => (found, Some(code)),
        Err(Absent::Unreadable(error)) => return Err(failed(error)),
    };
    found.hits.truncate(limit);
    match cli.json {
        true => output::json("search", &answer_json(&text, &found, absent, &searchable)),
        false if found.hits.is_empty() => return Err(nothing(&text)),
        false => output::data(&answer_text(&found, &searchable)),
    }
    Ok(())
}

/// Why the model did not compare the best hits.
enum Absent {
    /// A stable word.
    Because(&'static str),
    Unreadable(ReadError),
}

impl From<EmbedError> for Absent {
    fn from(error: EmbedError) -> Self {
        Self::Because(error.code())
    }
}

impl From<ReadError> for Absent {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

/// Compares the best hits with the query by the embedding model, where it is set up.
fn again(
    pack: &mut InputPack,
    searchable: &Searchable,
    (query, text): (&Query, &str),
    found: &Found,
    model: Option<Model<'_>>,
) -> Result<Vec<(u32, f64)>, Absent> {
    if !query.has_meaning() {
        return Err(Absent::Because("identifier"));
    }
    let symbols = compared(found, searchable.n_symbols());
    let Some(model) = model else { return Err(Absent::Because("turned_off")) };
    if pack.manifest().embedding_model.as_ref().is_some_and(|made| made.digest == model.digest()) {
        // It made the vectors that were searched.
        return Err(Absent::Because("same_model"));
    }
    if symbols.is_empty() {
        return Err(Absent::Because("nothing_to_compare"));
    }
    model.cosines(text, &symbols, |unread| Ok(searchable.texts(pack, unread)?))
}

/// Finds the symbols nearest to a text by the pack's vectors, where the embedder that made them is here.
pub(super) fn near(
    pack: &mut InputPack,
    owners: &[Owner],
    text: &str,
    model: Option<Model<'_>>,
    is_wanted: impl Fn(u32) -> bool,
    failed: &dyn Fn(ReadError) -> Failure,
) -> Result<Vec<(u32, f64)>, Failure> {
    let Some(made) = pack.manifest().embedding_model.as_ref().map(|made| made.digest) else {
        return Ok(Vec::new());
    };
    let Some(vector) = vector(made, text, model)? else { return Ok(Vec::new()) };
    let wanted = [entries::EMBEDDINGS_INDEX, entries::EMBEDDINGS, entries::VECTORS];
    let found = pack.records(&wanted).map_err(failed)?;
    let vectors = Vectors::of_rows(found.embeddings.as_ref(), found.vectors.as_ref(), owners);
    Ok(vectors.unwrap_or_default().nearest(&vector, MAX_NEAR, is_wanted))
}

/// Computes a text's vector by the weights of this digest; `None` where they are not here.
fn vector(weights: Digest, text: &str, model: Option<Model<'_>>) -> Result<Option<Vec<f32>>, Failure> {
    let built_in = Embedder::built_in();
    if built_in.class().model_digest == weights {
        let embedded =
            built_in.embed(&[text], &|| false).map_err(|error| stage_embed::start_error(&error))?;
        return Ok(Some(embedded.vectors.as_slice().to_vec()));
    }
    // A model that is not set up, or not loaded, is absent without harm.
    Ok(model.filter(|model| model.digest() == weights).and_then(|model| model.vector(text).ok().flatten()))
}

fn nothing(text: &str) -> Failure {
    Failure::new(Exit::Failed, "nothing_found", format!("nothing in the pack fits `{text}`"))
        .with_help("use other words, or the beginning of a name")
}

fn answer_json(text: &str, found: &Found, absent: Option<&str>, searchable: &Searchable) -> Value {
    let rows = found.hits.iter().filter_map(|hit| {
        let it = searchable.shown(hit.document)?;
        Some(json!({
            "kind": it.kind,
            "id": it.id,
            "qualified_name": it.qualified_name,
            "symbol_kind": Some(&it.symbol_kind).filter(|kind| !kind.is_empty()),
            "role": searchable.role(hit.document),
            "file_path": it.path,
            "line": it.line,
            "tier": hit.tier,
            "score": hit.score,
            "fields": hit.fields,
            "similarity": hit.similarity,
            "summary": it.words,
        }))
    });
    json!({
        "query": text,
        "total": found.n_matches,
        "reranked": absent.is_none(),
        "rerank_absent": absent,
        "rows": rows.collect::<Vec<_>>(),
    })
}

fn answer_text(found: &Found, searchable: &Searchable) -> String {
    let row = |document: u32, it: Shown| {
        let kind = match it.kind {
            Kind::Symbol => it.symbol_kind.as_str(),
            Kind::File => "file",
            Kind::Folder => "folder",
            Kind::Section => "section",
        };
        let place = it.line.map_or_else(|| it.path.clone(), |line| format!("{}:{line}", it.path));
        let words = it.words.lines().next().unwrap_or_default();
        let role = searchable.role(document).to_owned();
        vec![kind.to_owned(), it.qualified_name.clone(), place, role, words.to_owned()]
    };
    let hits = found.hits.iter();
    let rows: Vec<_> =
        hits.filter_map(|hit| Some(row(hit.document, searchable.shown(hit.document)?))).collect();
    format!(
        "{}\n{}",
        table(&["kind", "name", "where", "role", "summary"], &rows),
        count(rows.len(), found.n_matches, "match", "matches")
    )
}
