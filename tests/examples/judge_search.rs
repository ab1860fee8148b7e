//! Answers queries over one pack, for `scripts/judge-search`.
//!
//! Reads a JSON list of queries, writes a JSON list of their hits by words and, with a model, by meaning too.

use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use docpack::{Contents, ReadLimits, SourceTexts};
use embed::{EmbedParams, Embedder, ModelFiles, Precision, ProviderChoice, max_tokens};
use search::{Document, Index, MAX_NEAR, Query, Records, Vectors, each_document};
use serde::Serialize;

const USAGE: &str = "usage: judge_search PACK [model=FOLDER] [source=FOLDER] < QUERIES > HITS";
const N_HITS: usize = 10;

/// The hits of one query.
#[derive(Serialize)]
struct Answer {
    by_words: Vec<Shown>,
    by_meaning: Option<Vec<Shown>>,
}

#[derive(Clone, Serialize)]
struct Shown {
    kind: String,
    name: String,
    path: String,
    role: String,
}

struct Bench {
    index: Index,
    shown: Vec<Shown>,
    vectors: Vectors,
    embedder: Option<Embedder>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (pack, options) = args.split_first().ok_or(USAGE)?;
    let option = |name: &str| options.iter().find_map(|option| option.strip_prefix(name)).map(PathBuf::from);
    let contents = docpack::read(File::open(pack)?, &ReadLimits::default())?.contents;
    let mut contents = contents;
    if let Some(folder) = option("source=") {
        contents.source = Some(texts(&folder, &contents)?);
    }
    let bench = Bench::of(&contents, option("model=").as_deref())?;
    let mut typed = String::new();
    std::io::stdin().read_to_string(&mut typed)?;
    let queries: Vec<String> = serde_json::from_str(&typed)?;
    let answers = queries.iter().map(|query| bench.answer(query)).collect::<Result<Vec<_>, _>>()?;
    Ok(writeln!(std::io::stdout(), "{}", serde_json::to_string(&answers)?)?)
}

/// The source text from the folder that the pack was built from, for programs that write none into the pack.
fn texts(folder: &Path, contents: &Contents) -> Result<SourceTexts, Box<dyn Error>> {
    let mut texts = SourceTexts::default();
    for file in &contents.source_map.files {
        if let Ok(text) = std::fs::read_to_string(folder.join(&file.file_path)) {
            texts.push(file.file_path.clone(), &text, Vec::new())?;
        }
    }
    Ok(texts)
}

/// Loads what made the pack's vectors.
fn embedder(contents: &Contents, model: &Path) -> Result<Embedder, Box<dyn Error>> {
    let table = Embedder::built_in();
    let made_by = contents.about.embedding_model.as_ref().map(|model| model.name.as_str());
    if made_by == Some(table.class().model.as_str()) {
        return Ok(table);
    }
    let (precision, provider) = (Precision::Int8, ProviderChoice::Cpu);
    let params = EmbedParams { precision, n_sessions: 1, provider, max_tokens: max_tokens() };
    Ok(Embedder::load(&ModelFiles::in_folder(model), params)?)
}

impl Bench {
    fn of(contents: &Contents, model: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        let (mut index, mut shown) = (Index::default(), Vec::new());
        each_document(Records::of(contents), &mut |document| {
            index.add(document);
            shown.push(Shown::of(document));
        });
        let vectors = Vectors::of(contents).unwrap_or_default();
        let embedder = model.map(|folder| embedder(contents, folder)).transpose()?;
        Ok(Self { index, shown, vectors, embedder })
    }

    fn answer(&self, typed: &str) -> Result<Answer, Box<dyn Error>> {
        let query = Query::parse(typed);
        let by_meaning = match &self.embedder {
            Some(embedder) if query.has_meaning() => {
                let embedded = embedder.embed(&[typed], &|| false)?;
                Some(
                    self.hits(&query, &self.vectors.nearest(embedded.vectors.as_slice(), MAX_NEAR, |_| true)),
                )
            }
            Some(_) => Some(self.hits(&query, &[])),
            None => None,
        };
        Ok(Answer { by_words: self.hits(&query, &[]), by_meaning })
    }

    fn hits(&self, query: &Query, near: &[(u32, f64)]) -> Vec<Shown> {
        let found = self.index.search(query, near, |_| true, N_HITS);
        found.hits.iter().filter_map(|hit| self.shown.get(hit.document as usize)).cloned().collect()
    }
}

impl Shown {
    fn of(document: &Document<'_>) -> Self {
        let kind = if document.symbol_kind.is_empty() { "file" } else { &document.symbol_kind };
        Self {
            kind: kind.to_owned(),
            name: document.qualified_name.clone().into_owned(),
            path: document.path.clone().into_owned(),
            role: document.role.clone().into_owned(),
        }
    }
}
