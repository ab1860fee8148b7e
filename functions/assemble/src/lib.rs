//! The assemble stage: turns facts, resolution and vectors into the assembly.
//!
//! In: the outputs of ingest and embed. Out: an [`AssembleOutput`] that names the assembly, and the
//! sealed list of generate units: shards of symbol contexts, one for the repository as a whole, and one of standing
//! questions if the job asks a model those.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use docpack::records::{Insight, Quality};
use docpack::{ChunkId, SymbolId};
use graph::{AssembleParams, Repository, RepositoryNotes, Vectors};
use insight::secrets::{SecretCounts, redact};
use model::assembly::{AssembleOutput, Assembly};
use model::context::{GenerateInput, RepositoryContext, SymbolContext};
use model::ingest::{ChunkShard, DocumentRecord, Facts, IngestOutput};
use model::vectors::VectorShard;
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{
    AssemblyClusterCreated, AssemblyCompleted, AssemblyGraphCompleted, AssemblyStarted,
};
use pipeline::options::{Clustering, ProseOptions};
use pipeline::port::Ports;
use pipeline::{Estimate, Stage, StageError, StageName, UnitOutput, UnitRun};
use writing::{Terms, Writer};

/// Contexts of one generate unit; about 2 MB.
const MAX_SHARD_CONTEXTS: usize = 1_024;
/// The same where a model writes: a slow one needs a second or two for each.
const MAX_SHARD_PROMPTS: usize = 128;
/// Source told of one symbol; a prompt has room for less.
const MAX_SOURCE_BYTES: usize = 8_000;
/// Read beyond it, so that no secret is cut in two before it is looked for.
const MAX_SECRET_BYTES: usize = 4_096;

/// Clusters, ranks, places and describes symbols.
#[derive(Clone, Default)]
pub struct AssembleStage {
    /// Knows what a model would be asked, and what that costs.
    writer: Option<Arc<Writer>>,
}

impl AssembleStage {
    /// Estimates by this writer where a job wants a model.
    pub fn new(writer: Option<Arc<Writer>>) -> Self {
        Self { writer }
    }

    fn terms(&self, prose: Option<&ProseOptions>) -> Result<Option<Arc<Terms>>, StageError> {
        let (Some(prose), Some(writer)) = (prose, &self.writer) else { return Ok(None) };
        Ok(Some(Arc::new(writer.terms(prose)?)))
    }
}

/// What the blocking part reads.
struct Input {
    facts: Facts,
    vectors: Option<Vectors>,
    notes: RepositoryNotes,
    params: AssembleParams,
    /// Whether a model is to answer standing questions.
    asks_insights: bool,
    /// By symbol, where a model is to write.
    sources: Option<BTreeMap<SymbolId, String>>,
}

/// What it gives.
struct Assembled {
    assembly: Assembly,
    units: Vec<GenerateInput>,
    n_contexts: u32,
}

impl Stage for AssembleStage {
    const NAME: StageName = StageName::Assemble;

    fn version(&self) -> String {
        pipeline::release()
    }

    async fn run<P: Ports>(&self, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let started = unit.now();
        let prose = unit.options().prose.clone();
        // Before the work: templates that cannot be used are told at once.
        let terms = self.terms(prose.as_ref())?;
        let input = read_input(unit).await?;
        let n_vectors = input.vectors.as_ref().map_or(0, Vectors::len) as u64;
        let n_symbols: usize = input.facts.files.iter().map(|file| file.symbols.len()).sum();
        unit.emit(AssemblyStarted { n_symbols: n_symbols as u64, n_vectors });
        let n_edges = input.facts.resolution.edges.len();

        let assembling = tokio::task::spawn_blocking(move || (assemble(&input), input.facts));
        let (assembled, facts) =
            assembling.await.map_err(|error| StageError::retry("assemble_panicked", error.to_string()))?;
        let assembled = assembled?;
        publish::leave_facts(unit, facts).await?;
        let n_edges = (n_edges + assembled.assembly.related.len()) as u64;
        unit.emit(AssemblyGraphCompleted {
            status: CompletionStatus::Success,
            n_nodes: n_symbols as u64,
            n_edges,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        let n_clusters = assembled.assembly.clusters.len();
        for cluster in &assembled.assembly.clusters {
            unit.emit(AssemblyClusterCreated {
                cluster_id: cluster.cluster_id,
                label: cluster.label.clone(),
                n_members: cluster.members.len() as u64,
            });
        }
        let finished = write_output(unit, assembled, prose.as_ref(), terms.as_ref()).await?;
        unit.emit(AssemblyCompleted {
            status: CompletionStatus::Success,
            n_clusters: n_clusters as u64,
            n_edges,
            n_shards: finished.sealed_units.len() as u64,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        Ok(finished)
    }
}

async fn read_input<P: Ports>(unit: &UnitRun<P>) -> Result<Input, StageError> {
    let facts = publish::facts(unit).await?;
    let vectors = if unit.options().embeddings { Some(read_vectors(unit).await?) } else { None };
    let notes = RepositoryNotes {
        name: name_of(&facts.ingest),
        readme_lead: facts.ingest.readme.clone(),
        description: facts.ingest.description.clone(),
        folder_leads: facts.documents.iter().filter_map(folder_lead).collect(),
    };
    let clustering = match unit.options().clustering {
        Clustering::Communities => graph::Clustering::Communities,
        Clustering::Kmeans => graph::Clustering::Kmeans,
        Clustering::Hdbscan => graph::Clustering::Hdbscan,
    };
    let params = AssembleParams { clustering, seed: graph::DEFAULT_SEED };
    let sources = if unit.options().prose.is_some() { Some(read_sources(unit, &facts).await?) } else { None };
    let vectors = vectors.filter(|vectors| !vectors.is_empty());
    let asks_insights = unit.options().prose.as_ref().is_some_and(|prose| prose.insights);
    Ok(Input { facts, vectors, notes, params, asks_insights, sources })
}

/// The folder of a README with what that says of it.
fn folder_lead(document: &DocumentRecord) -> Option<(String, String)> {
    let (folder, name) = document.file_path.rsplit_once('/')?;
    let is_readme = name.to_ascii_lowercase().starts_with("readme");
    Some((folder.to_owned(), document.lead.clone().filter(|_| is_readme)?))
}

/// Reads the text of each symbol: its own chunks in order, those of what is nested in it left out.
async fn read_sources<P: Ports>(
    unit: &UnitRun<P>,
    facts: &Facts,
) -> Result<BTreeMap<SymbolId, String>, StageError> {
    let chunks = facts.files.iter().flat_map(|file| file.chunks.iter().map(move |chunk| (file, chunk)));
    let mut owners: BTreeMap<ChunkId, SymbolId> = BTreeMap::new();
    for (file, chunk) in chunks {
        if let Some(owner) = chunk.symbols.first().and_then(|idx| file.symbols.get(*idx as usize)) {
            owners.insert(chunk.chunk_id, owner.id);
        }
    }
    let mut sources: BTreeMap<SymbolId, String> = BTreeMap::new();
    for shard in &facts.ingest.texts {
        let shard: ChunkShard = unit.get_json_named(StageName::Ingest, shard).await?;
        for chunk in shard.chunks {
            let Some(owner) = owners.get(&chunk.chunk_id) else { continue };
            let source = sources.entry(*owner).or_default();
            if source.len() < MAX_SOURCE_BYTES {
                source.push_str(&chunk.text);
                source.truncate(source.floor_char_boundary(MAX_SOURCE_BYTES + MAX_SECRET_BYTES));
            }
        }
    }
    let mut counts = SecretCounts::new();
    for source in sources.values_mut() {
        if let Cow::Owned(clean) = redact(source, &mut counts) {
            *source = clean;
        }
        source.truncate(source.floor_char_boundary(MAX_SOURCE_BYTES));
    }
    Ok(sources)
}

/// Reads the vectors of every shard that has them; a lost shard leaves its symbols without.
async fn read_vectors<P: Ports>(unit: &UnitRun<P>) -> Result<Vectors, StageError> {
    let mut whole = VectorShard::default();
    for result in unit.outputs_of(StageName::Embed).await? {
        let Ok(output) = result.output else { continue };
        let shard = match unit.taken(&output) {
            Some(shard) => shard,
            None => VectorShard::from_bytes(&unit.get_bytes(&output).await?)
                .map_err(|error| StageError::reject("vectors_malformed", error.to_string()))?,
        };
        whole.append(shard);
    }
    Vectors::new(whole.chunk_ids, whole.n_dimensions, whole.rows)
        .map_err(|error| StageError::reject("vectors_malformed", error.to_string()))
}

/// The last part of the repository's address; a local folder has no name that others know.
fn name_of(ingest: &IngestOutput) -> Option<String> {
    let name = ingest.source.repo_url.as_deref()?.trim_end_matches('/').rsplit('/').next()?;
    (!name.is_empty()).then(|| name.trim_end_matches(".git").to_owned())
}

fn assemble(input: &Input) -> Result<Assembled, StageError> {
    let facts = &input.facts;
    let repository = Repository::new(&facts.files, &facts.resolution)
        .with_skipped(&facts.ingest.skipped)
        .with_documents(&facts.documents);
    let assembly = graph::assemble(&repository, input.vectors.as_ref(), &input.params)
        .map_err(|error| StageError::reject("clustering_refused", error.to_string()))?;
    let mut units = Vec::new();
    let mut shard: Vec<SymbolContext> = Vec::new();
    let mut n_contexts = 0;
    let max_shard = if input.sources.is_some() { MAX_SHARD_PROMPTS } else { MAX_SHARD_CONTEXTS };
    let mut about = graph::repository_context(&repository, &assembly, input.notes.clone());
    let mut told = named(&about).filter(|_| input.sources.is_some()).collect::<BTreeSet<_>>();
    for mut context in graph::contexts(&repository, &assembly) {
        n_contexts += 1;
        context.source = input.sources.as_ref().and_then(|sources| sources.get(&context.id).cloned());
        if told.remove(&context.id) {
            about.summaries.extend(insight::summarise(&context).map(|summary| (summary.id, summary.text)));
        }
        shard.push(context);
        if shard.len() == max_shard {
            units.push(GenerateInput::Symbols(std::mem::take(&mut shard)));
        }
    }
    if !shard.is_empty() {
        units.push(GenerateInput::Symbols(shard));
    }
    units.push(GenerateInput::Repository(Box::new(about)));
    if input.asks_insights {
        units.push(GenerateInput::Insights(insights(facts, &assembly)));
    }
    Ok(Assembled { assembly, units, n_contexts })
}

/// Answers standing questions as the pack stage will, for a model to choose among the claims.
fn insights(facts: &Facts, assembly: &Assembly) -> Vec<Insight> {
    let mut documents = facts.documents.clone();
    let texts = publish::texts(&mut documents);
    let bodies = publish::bodies(&facts.files);
    let skipped = facts.ingest.skipped.clone();
    let records = tour::Records {
        nodes: &publish::nodes(facts.files.clone(), assembly, Vec::new()),
        graph: &publish::graph(facts.resolution.clone(), assembly),
        source_map: &publish::source_map(&facts.files, skipped, documents, &assembly.named_in),
        bodies: bodies.as_ref(),
        texts: &texts,
    };
    let quality =
        Quality { languages: publish::languages(&facts.files, &facts.resolution), ..Quality::default() };
    tour::tour_and_insights(&records, &quality).1.families
}

/// The symbols that are named where the whole is told of.
fn named(about: &RepositoryContext) -> impl Iterator<Item = SymbolId> {
    let modules = about.modules.iter().flat_map(|module| &module.central);
    let clusters = about.clusters.iter().flat_map(|cluster| &cluster.central);
    modules.chain(clusters).chain(&about.central).chain(&about.entry_points).map(|named| named.id)
}

async fn write_output<P: Ports>(
    unit: &UnitRun<P>,
    assembled: Assembled,
    prose: Option<&ProseOptions>,
    terms: Option<&Arc<Terms>>,
) -> Result<UnitOutput, StageError> {
    let mut sealed_units = Vec::with_capacity(assembled.units.len());
    let (estimate, unit_costs) = match prose {
        Some(prose) => {
            for input in &assembled.units {
                sealed_units.push(unit.put_json(input).await?.unit_id());
            }
            let inputs = sealed_units.iter().map(ToString::to_string).zip(assembled.units).collect();
            writing::estimate(unit, terms, inputs, prose).await?
        }
        // Summaries are taken from the source, which costs nothing but the time of a worker.
        None => {
            for input in assembled.units {
                sealed_units.push(unit.hand_over(input).await?.unit_id());
            }
            let n_symbols = u64::from(assembled.n_contexts);
            let free = Estimate { n_units: sealed_units.len() as u32, n_symbols, ..Estimate::default() };
            (free, BTreeMap::new())
        }
    };
    let n_clusters = assembled.assembly.clusters.len();
    let output = AssembleOutput {
        unit_costs,
        assembly: unit.hand_over(assembled.assembly).await?.digest,
        n_clusters: n_clusters as u32,
        n_contexts: assembled.n_contexts,
    };
    let mut finished = UnitOutput::new(unit.put_json(&output).await?);
    finished.estimate = Some(estimate);
    finished.sealed_units = sealed_units;
    finished.stats = BTreeMap::from([
        ("clusters".to_owned(), n_clusters as u64),
        ("contexts".to_owned(), u64::from(assembled.n_contexts)),
    ]);
    Ok(finished)
}
