//! The pack stage: writes the outputs of all stages to one docpack.
//!
//! In: the outputs of all stages. Out: the archive, stored under its id. `publish` maps the
//! internal model to the public records.

mod quality;

use std::collections::BTreeMap;

use docpack::records::{Generator, InsightWords, Insights, Missing, Source, Tour};
use docpack::{About, Contents, Digest, Embeddings};
use model::assembly::{AssembleOutput, Assembly};
use model::context::{GenerateInput, GenerateOutput, OverviewSet, Question, Summary, Words};
use model::ingest::{DocumentRecord, Facts, FileRecord, IngestOutput, SourceSegment, SourceText};
use model::resolution::Resolution;
use model::vectors::VectorShard;
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{PackCompleted, PackStarted};
use pipeline::options::VectorFormat;
use pipeline::port::Ports;
use pipeline::{Stage, StageError, StageName, UnitOutput, UnitRun};

/// Writes the docpack.
#[derive(Debug, Clone, Copy, Default)]
pub struct PackStage;

/// Everything that goes into one pack, in internal form.
pub(crate) struct Parts {
    pub(crate) ingest: IngestOutput,
    pub(crate) files: Vec<FileRecord>,
    pub(crate) documents: Vec<DocumentRecord>,
    /// In path order; empty where the pack is to hold no text.
    pub(crate) sources: Vec<SourceText>,
    pub(crate) resolution: Resolution,
    pub(crate) assembly: Assembly,
    pub(crate) summaries: Vec<Summary>,
    pub(crate) overviews: Option<OverviewSet>,
    /// What a model said of standing questions.
    pub(crate) insight_words: Vec<InsightWords>,
    pub(crate) vectors: Option<VectorShard>,
    pub(crate) contexts: Vec<GenerateInput>,
    /// What a model was asked, where the pack is to hold it.
    pub(crate) questions: Vec<Question>,
    /// Answers that the check refused for good.
    pub(crate) n_rejected: u32,
}

impl Stage for PackStage {
    const NAME: StageName = StageName::Pack;

    fn version(&self) -> String {
        pipeline::release()
    }

    async fn run<P: Ports>(&self, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let started = unit.now();
        let parts = read_parts(unit).await?;
        let n_symbols: usize = parts.files.iter().map(|file| file.symbols.len()).sum();
        let n_skipped_files = parts.ingest.skipped.len() as u64;
        unit.emit(PackStarted { n_symbols: n_symbols as u64 });
        let about = about(unit, &parts.ingest)?;
        let is_partial = !about.missing.is_empty();
        let format = unit.options().vectors;
        let packing = tokio::task::spawn_blocking(move || pack(parts, about, format));
        let (docpack_id, bytes) =
            packing.await.map_err(|error| StageError::retry("pack_panicked", error.to_string()))??;
        let docpack = unit.put_docpack(docpack_id, &bytes).await?;
        unit.emit(PackCompleted {
            status: if is_partial { CompletionStatus::Partial } else { CompletionStatus::Success },
            docpack_id,
            size_bytes: docpack.size_bytes,
            n_skipped_files,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        let mut finished = UnitOutput::new(unit.put_json(&docpack).await?);
        finished.stats = BTreeMap::from([("bytes".to_owned(), docpack.size_bytes)]);
        finished.docpack = Some(docpack);
        Ok(finished)
    }
}

fn about<P: Ports>(unit: &UnitRun<P>, ingest: &IngestOutput) -> Result<About, StageError> {
    let revision = &ingest.source;
    let options = unit.options().of_the_output();
    let lost = unit.state().missing.iter();
    let mut missing: Vec<_> = lost
        .map(|missing| Missing { what: what_of(missing.stage).to_owned(), code: missing.code.clone() })
        .collect();
    missing.sort();
    missing.dedup();
    Ok(About {
        created_at: revision.commit_time.clone(),
        source: Source {
            repo_url: revision.repo_url.clone(),
            git_ref: revision.git_ref.clone(),
            commit_hash: revision.commit_hash.clone(),
            tree_digest: revision.tree_digest,
            dirty: revision.dirty,
        },
        generator: Generator { name: "doctown".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        options: serde_json::to_value(&options)
            .map_err(|e| StageError::reject("options_not_json", e.to_string()))?,
        embedding_model: unit
            .state()
            .embedder
            .as_ref()
            .filter(|_| options.embeddings)
            .map(publish::embedding_model),
        missing,
    })
}

/// Names what a lost unit of a stage leaves out of the pack.
fn what_of(stage: StageName) -> &'static str {
    match stage {
        StageName::Embed => "embeddings",
        StageName::Generate => "summaries",
        _ => "facts",
    }
}

async fn read_parts<P: Ports>(unit: &UnitRun<P>) -> Result<Parts, StageError> {
    let Facts { ingest, files, documents, resolution } = publish::facts(unit).await?;
    let sources = read_sources(unit, &ingest).await?;
    let assembled: AssembleOutput = unit.output_json_of(StageName::Assemble).await?;
    let assembly = unit.get_json_named(StageName::Assemble, &assembled.assembly).await?;
    let (mut summaries, mut overviews, mut contexts) = (Vec::new(), None, Vec::new());
    let mut insight_words = Vec::new();
    let (mut questions, mut n_rejected) = (Vec::new(), 0);
    for result in unit.outputs_of(StageName::Generate).await? {
        let input = match result.unit.input_digest() {
            Some(input) if unit.options().contexts || result.output.is_err() => {
                Some(unit.get_json_named::<GenerateInput>(StageName::Assemble, &input).await?)
            }
            _ => None,
        };
        let words = match result.output {
            Ok(output) => {
                let mut output: GenerateOutput = unit.get_json(&output).await?;
                questions.append(&mut output.questions);
                n_rejected += output.n_rejected;
                Some(output.words)
            }
            // A unit that was lost costs a model's words, not those that are taken from the source.
            Err(_) => input.as_ref().map(insight::extractive),
        };
        match words {
            Some(Words::Symbols(mut shard)) => summaries.append(&mut shard),
            Some(Words::Repository(set)) => overviews = Some(*set),
            Some(Words::Insights(words)) => insight_words = words,
            None => {}
        }
        contexts.extend(input.filter(|_| unit.options().contexts));
    }
    let vectors = if unit.options().embeddings { Some(read_vectors(unit).await?) } else { None };
    Ok(Parts {
        ingest,
        files,
        documents,
        sources,
        resolution,
        assembly,
        summaries,
        overviews,
        insight_words,
        vectors,
        contexts,
        questions,
        n_rejected,
    })
}

async fn read_sources<P: Ports>(
    unit: &UnitRun<P>,
    ingest: &IngestOutput,
) -> Result<Vec<SourceText>, StageError> {
    let segments = unit.get_all_json_named(StageName::Ingest, &ingest.sources).await?;
    let mut sources: Vec<_> = segments.into_iter().flat_map(|segment: SourceSegment| segment.files).collect();
    sources.sort_by(|a, b| a.file_path.cmp(&b.file_path));
    Ok(sources)
}

async fn read_vectors<P: Ports>(unit: &UnitRun<P>) -> Result<VectorShard, StageError> {
    let mut whole = VectorShard::default();
    for result in unit.outputs_of(StageName::Embed).await? {
        let Ok(output) = result.output else { continue };
        let shard = VectorShard::from_bytes(&unit.get_bytes(&output).await?)
            .map_err(|error| StageError::reject("vectors_malformed", error.to_string()))?;
        whole.append(shard);
    }
    Ok(whole)
}

fn pack(mut parts: Parts, about: About, format: VectorFormat) -> Result<(Digest, Vec<u8>), StageError> {
    let vectors = parts.vectors.take().filter(|vectors| !vectors.chunk_ids.is_empty());
    let mut contents = contents(parts, about)?;
    contents.sort();
    if let Some(vectors) = vectors {
        add_vectors(&mut contents, vectors, format)?;
    }
    let mut bytes = Vec::new();
    let written = docpack::write(&contents, &mut bytes)
        .map_err(|error| StageError::reject("docpack_unwritable", error.to_string()))?;
    Ok((written.manifest.docpack_id, bytes))
}

/// Adds a row for each chunk, which needs the chunks in their final order.
fn add_vectors(
    contents: &mut Contents,
    vectors: VectorShard,
    format: VectorFormat,
) -> Result<(), StageError> {
    let malformed = |reason: String| StageError::reject("vectors_malformed", reason);
    let vectors = vectors.sorted();
    let small = publish::vectors(&contents.source_map, &vectors);
    contents.vectors = Some(small.map_err(|error| malformed(error.to_string()))?);
    if format == VectorFormat::F32 {
        let floats = Embeddings::new(vectors.n_dimensions as u32, vectors.chunk_ids, vectors.rows);
        contents.embeddings = Some(floats.map_err(|error| malformed(error.to_string()))?);
    }
    Ok(())
}

fn contents(mut parts: Parts, about: About) -> Result<Contents, StageError> {
    let quality = quality::quality(&parts);
    let symbol_contexts = (!parts.contexts.is_empty())
        .then(|| publish::contexts(&parts.contexts, &parts.questions))
        .transpose();
    let symbol_contexts =
        symbol_contexts.map_err(|e| StageError::reject("contexts_not_json", e.to_string()))?;
    let source = publish::source_texts(parts.sources)
        .map_err(|error| StageError::reject("docpack_unwritable", error.to_string()))?;
    let texts = publish::texts(&mut parts.documents);
    let mut contents = Contents {
        about,
        layout: publish::layout(&parts.assembly),
        quality,
        clusters: publish::clusters(&parts.assembly),
        overviews: publish::overviews(parts.overviews),
        source_map: publish::source_map(
            &parts.files,
            parts.ingest.skipped,
            parts.documents,
            &parts.assembly.named_in,
        ),
        bodies: publish::bodies(&parts.files),
        nodes: publish::nodes(parts.files, &parts.assembly, parts.summaries),
        graph: publish::graph(parts.resolution, &parts.assembly),
        symbol_contexts,
        embeddings: None,
        vectors: None,
        insights: None,
        tour: None,
        source,
        others: BTreeMap::new(),
    };
    let (tour, mut insights) = tour_and_insights(&contents, &texts);
    insights.words = held(parts.insight_words, &insights);
    contents.tour = Some(tour).filter(|tour| !tour.sections.is_empty());
    contents.insights = Some(insights).filter(|insights| !insights.families.is_empty());
    Ok(contents)
}

/// Keeps a model's words that rest on nothing but claims of the pack.
fn held(mut words: Vec<InsightWords>, insights: &Insights) -> Vec<InsightWords> {
    words.retain(|words| {
        let insight = insights.family(words.family.as_str());
        let is_there = |id: &String| insight.is_some_and(|insight| insight.claims().any(|it| it.id == *id));
        words.claims.iter().all(is_there)
    });
    words
}

/// Introduces the records, and answers questions by them; `texts` are the beginnings of documents by path.
fn tour_and_insights(contents: &Contents, texts: &BTreeMap<String, String>) -> (Tour, Insights) {
    let records = tour::Records {
        nodes: &contents.nodes,
        graph: &contents.graph,
        source_map: &contents.source_map,
        bodies: contents.bodies.as_ref(),
        texts,
    };
    tour::tour_and_insights(&records, &contents.quality)
}
