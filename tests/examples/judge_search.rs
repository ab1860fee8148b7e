//! Answers queries over one pack, for `scripts/judge-search`.
//!
//! Reads a JSON list of queries, writes a JSON list of their hits by words and, with a model, by meaning too.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use docpack::{Contents, ReadLimits, SourceTexts};
use embed::{EmbedParams, Embedder, ModelFiles, Precision, ProviderChoice, max_tokens};
use search::{
    Document, Found, Index, MAX_COMPARED, MAX_NEAR, Query, Records, Vectors, compared, compared_text,
    each_document,
};
use serde::Serialize;

const USAGE: &str = "usage: judge_search PACK [model=FOLDER] [source=FOLDER] [again=FOLDER] < QUERIES > HITS";
const N_HITS: usize = 10;

/// The hits of one query.
#[derive(Serialize)]
struct Answer {
    by_words: Vec<Shown>,
    by_meaning: Option<Vec<Shown>>,
    /// By meaning, the best of them compared by the model of the folder `again`.
    again: Option<Vec<Shown>>,
}

#[derive(Clone, Serialize)]
struct Shown {
    kind: String,
    name: String,
    path: String,
    role: String,
}

struct Bench<'c> {
    contents: &'c Contents,
    index: Index,
    shown: Vec<Shown>,
    vectors: Vectors,
    embedder: Option<Embedder>,
    again: Option<Again>,
}

/// A model, and what it made of symbols that were asked about before.
struct Again {
    embedder: Embedder,
    known: RefCell<HashMap<u32, Vec<f32>>>,
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
    let bench = Bench::of(&contents, option("model=").as_deref(), option("again=").as_deref())?;
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
    loaded(model)
}

fn loaded(model: &Path) -> Result<Embedder, Box<dyn Error>> {
    let (precision, provider) = (Precision::Int8, ProviderChoice::Cpu);
    let params = EmbedParams { precision, n_sessions: 1, provider, max_tokens: max_tokens() };
    Ok(Embedder::load(&ModelFiles::in_folder(model), params)?)
}

fn embed(embedder: &Embedder, text: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    Ok(embedder.embed(&[text], &|| false)?.vectors.as_slice().to_vec())
}

impl<'c> Bench<'c> {
    fn of(
        contents: &'c Contents,
        model: Option<&Path>,
        again: Option<&Path>,
    ) -> Result<Self, Box<dyn Error>> {
        let (mut index, mut shown) = (Index::default(), Vec::new());
        each_document(Records::of(contents), &mut |document| {
            index.add(document);
            shown.push(Shown::of(document));
        });
        let vectors = Vectors::of(contents).unwrap_or_default();
        let embedder = model.map(|folder| embedder(contents, folder)).transpose()?;
        let again = again.map(loaded).transpose()?;
        let again = again.map(|embedder| Again { embedder, known: RefCell::default() });
        Ok(Self { contents, index, shown, vectors, embedder, again })
    }

    fn answer(&self, typed: &str) -> Result<Answer, Box<dyn Error>> {
        let query = Query::parse(typed);
        let near = match &self.embedder {
            Some(embedder) if query.has_meaning() => {
                self.vectors.nearest(&embed(embedder, typed)?, MAX_NEAR, |_| true)
            }
            _ => Vec::new(),
        };
        let by_words = self.found(&query, &[]);
        let by_meaning = self.found(&query, &near);
        let again = match &self.again {
            Some(again) if query.has_meaning() => {
                Some(self.again(again, &query, typed, by_meaning.clone())?)
            }
            Some(_) => Some(by_meaning.clone()),
            None => None,
        };
        Ok(Answer {
            by_words: self.hits(&by_words),
            by_meaning: self.embedder.as_ref().map(|_| self.hits(&by_meaning)),
            again: again.map(|found| self.hits(&found)),
        })
    }

    fn found(&self, query: &Query, near: &[(u32, f64)]) -> Found {
        self.index.search(query, near, |_| true, MAX_COMPARED)
    }

    fn again(
        &self,
        again: &Again,
        query: &Query,
        typed: &str,
        found: Found,
    ) -> Result<Found, Box<dyn Error>> {
        let asked = embed(&again.embedder, typed)?;
        let mut cosines = Vec::new();
        for place in compared(&found, self.contents.nodes.symbols.len()) {
            let mut known = again.known.borrow_mut();
            let vector = match known.entry(place) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let symbol = &self.contents.nodes.symbols[place as usize];
                    let text = self.contents.source.as_ref().and_then(|text| text.get(&symbol.file_path));
                    let range = symbol.byte_range.start as usize..symbol.byte_range.end as usize;
                    let own = text.and_then(|text| text.get(range)).unwrap_or(&symbol.signature);
                    let text = compared_text(&symbol.file_path, &symbol.qualified_name, own);
                    new.insert(embed(&again.embedder, &text)?)
                }
            };
            cosines.push((place, f64::from(asked.iter().zip(vector).map(|(a, b)| a * *b).sum::<f32>())));
        }
        Ok(self.index.reranked(query, found, &cosines))
    }

    fn hits(&self, found: &Found) -> Vec<Shown> {
        let best = found.hits.iter().take(N_HITS);
        best.filter_map(|hit| self.shown.get(hit.document as usize)).cloned().collect()
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
