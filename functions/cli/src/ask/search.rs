//! `doctown search`.

use docpack::Contents;
use docpack::records::Nodes;
use embed::Embedder;
use search::{Found, Hit, Index, Kind, MAX_NEAR, Query, Records, Vectors, each_document};
use serde_json::{Value, json};

use super::args::SearchArgs;
use super::pack;
use super::rows::{Roles, count};
use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::inspect::read;
use crate::output::{self, table};

/// What an answer says of one document.
struct Shown {
    kind: Kind,
    id: String,
    qualified_name: String,
    path: String,
    symbol_kind: String,
    role: String,
    words: String,
}

pub(crate) fn search(args: &SearchArgs, cli: &Cli) -> Result<(), Failure> {
    let (path, words) = pack::named(&args.words, args.pack.pack.as_deref(), 1, cli.quiet > 0)?;
    let text = words.join(" ");
    let docpack = read(&path)?;
    let nodes = &docpack.contents.nodes;
    let roles = Roles::known(&args.pack.role, |role| {
        nodes.symbols.iter().any(|symbol| symbol.role.as_ref().is_some_and(|found| found.as_str() == role))
    })?;
    let (mut index, mut documents) = (Index::default(), Vec::new());
    each_document(Records::of(&docpack.contents), &mut |document| {
        index.add(document);
        documents.push(Shown {
            kind: document.kind,
            id: document.id.to_string(),
            qualified_name: document.qualified_name.to_string(),
            path: document.path.to_string(),
            symbol_kind: document.symbol_kind.to_string(),
            role: document.role.to_string(),
            words: if document.summary.is_empty() { &document.documentation } else { &document.summary }
                .to_string(),
        });
    });
    let limit = if args.pack.limit == 0 { documents.len() } else { args.pack.limit };
    let is_wanted = |place: u32| documents.get(place as usize).is_some_and(|it| roles.has_word(&it.role));
    let query = Query::parse(&text);
    let near = near(&docpack.contents, query.has_meaning(), &text, is_wanted)?;
    let found = index.search(&query, &near, is_wanted, limit);
    match cli.json {
        true => output::json("search", &answer_json(&text, &found, &documents, nodes)),
        false if found.hits.is_empty() => return Err(nothing(&text)),
        false => output::data(&answer_text(&found, &documents, nodes)),
    }
    Ok(())
}

/// Finds the symbols nearest to a text that has a meaning, where the embedder inside the program made the pack's vectors.
pub(super) fn near(
    contents: &Contents,
    has_meaning: bool,
    text: &str,
    is_wanted: impl Fn(u32) -> bool,
) -> Result<Vec<(u32, f64)>, Failure> {
    let Some(model) = contents.about.embedding_model.as_ref().filter(|_| has_meaning) else {
        return Ok(Vec::new());
    };
    let embedder = Embedder::built_in();
    if embedder.class().model_digest != model.digest {
        return Ok(Vec::new());
    }
    let embedded = embedder.embed(&[text], &|| false).map_err(|error| stage_embed::start_error(&error))?;
    let vectors = Vectors::of(contents).unwrap_or_default();
    Ok(vectors.nearest(embedded.vectors.as_slice(), MAX_NEAR, is_wanted))
}

fn nothing(text: &str) -> Failure {
    Failure::new(Exit::Failed, "nothing_found", format!("nothing in the pack fits `{text}`"))
        .with_help("use other words, or the beginning of a name")
}

/// Returns the line of a symbol; files and folders have none.
fn line(hit: &Hit, nodes: &Nodes) -> Option<u32> {
    nodes.symbols.get(hit.document as usize).map(|symbol| symbol.line_range.start)
}

fn answer_json(text: &str, found: &Found, documents: &[Shown], nodes: &Nodes) -> Value {
    let rows = found.hits.iter().filter_map(|hit| {
        let it = documents.get(hit.document as usize)?;
        Some(json!({
            "kind": it.kind,
            "id": it.id,
            "qualified_name": it.qualified_name,
            "symbol_kind": Some(&it.symbol_kind).filter(|kind| !kind.is_empty()),
            "role": it.role,
            "file_path": it.path,
            "line": line(hit, nodes),
            "tier": hit.tier,
            "score": hit.score,
            "fields": hit.fields,
            "similarity": hit.similarity,
            "summary": it.words,
        }))
    });
    json!({"query": text, "total": found.n_matches, "rows": rows.collect::<Vec<_>>()})
}

fn answer_text(found: &Found, documents: &[Shown], nodes: &Nodes) -> String {
    let rows: Vec<_> = found
        .hits
        .iter()
        .filter_map(|hit| {
            let it = documents.get(hit.document as usize)?;
            let kind = match it.kind {
                Kind::Symbol => it.symbol_kind.as_str(),
                Kind::File => "file",
                Kind::Folder => "folder",
                Kind::Section => "section",
            };
            let place =
                line(hit, nodes).map_or_else(|| it.path.clone(), |line| format!("{}:{line}", it.path));
            let words = it.words.lines().next().unwrap_or_default();
            Some(vec![kind.to_owned(), it.qualified_name.clone(), place, it.role.clone(), words.to_owned()])
        })
        .collect();
    format!(
        "{}\n{}",
        table(&["kind", "name", "where", "role", "summary"], &rows),
        count(rows.len(), found.n_matches, "match", "matches")
    )
}
