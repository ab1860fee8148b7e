//! The assemble stage: facts, resolution and vectors to the computed understanding.
//!
//! In: everything ingest and embed wrote. Out: an [`AssembleOutput`] that names the assembly, and the
//! sealed list of generate units: shards of symbol contexts, and one for the repository as a whole.

use std::collections::BTreeMap;

use graph::{AssembleParams, Repository, RepositoryNotes, Vectors};
use model::assembly::{AssembleOutput, Assembly};
use model::context::{GenerateInput, SymbolContext};
use model::ingest::{FactsSegment, FileRecord, IngestOutput};
use model::resolution::Resolution;
use model::vectors::VectorShard;
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{
    AssemblyClusterCreated, AssemblyCompleted, AssemblyGraphCompleted, AssemblyStarted,
};
use pipeline::options::Clustering;
use pipeline::port::Ports;
use pipeline::{Estimate, Stage, StageError, StageName, UnitOutput, UnitRun};

/// Contexts of one generate unit; about 2 MB.
const MAX_SHARD_CONTEXTS: usize = 1_024;

/// Clusters, ranks, places and describes symbols.
#[derive(Debug, Clone, Copy, Default)]
pub struct AssembleStage;

/// What the blocking part reads.
struct Input {
    files: Vec<FileRecord>,
    resolution: Resolution,
    vectors: Option<Vectors>,
    notes: RepositoryNotes,
    params: AssembleParams,
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
        let input = read_input(unit).await?;
        let n_vectors = input.vectors.as_ref().map_or(0, Vectors::len) as u64;
        let n_symbols: usize = input.files.iter().map(|file| file.symbols.len()).sum();
        unit.emit(AssemblyStarted { n_symbols: n_symbols as u64, n_vectors });
        let n_edges = input.resolution.edges.len();

        let assembling = tokio::task::spawn_blocking(move || assemble(&input));
        let assembled =
            assembling.await.map_err(|error| StageError::retry("assemble_panicked", error.to_string()))??;
        let n_edges = (n_edges + assembled.assembly.related.len()) as u64;
        unit.emit(AssemblyGraphCompleted {
            status: CompletionStatus::Success,
            n_nodes: n_symbols as u64,
            n_edges,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        for cluster in &assembled.assembly.clusters {
            unit.emit(AssemblyClusterCreated {
                cluster_id: cluster.cluster_id,
                label: cluster.label.clone(),
                n_members: cluster.members.len() as u64,
            });
        }
        let finished = write_output(unit, &assembled).await?;
        unit.emit(AssemblyCompleted {
            status: CompletionStatus::Success,
            n_clusters: assembled.assembly.clusters.len() as u64,
            n_edges,
            n_shards: finished.sealed_units.len() as u64,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        Ok(finished)
    }
}

async fn read_input<P: Ports>(unit: &UnitRun<P>) -> Result<Input, StageError> {
    let ingest: IngestOutput = unit.output_json_of(StageName::Ingest).await?;
    let mut files = Vec::with_capacity(ingest.n_files as usize);
    for segment in &ingest.segments {
        let segment: FactsSegment = unit.get_json_named(StageName::Ingest, segment).await?;
        files.extend(segment.files);
    }
    let mut resolution = Resolution::default();
    for part in &ingest.resolution {
        resolution.append(unit.get_json_named(StageName::Ingest, part).await?);
    }
    let vectors = if unit.options().embeddings { Some(read_vectors(unit).await?) } else { None };
    let notes = RepositoryNotes { name: name_of(&ingest), readme_lead: ingest.readme };
    let clustering = match unit.options().clustering {
        Clustering::Communities => graph::Clustering::Communities,
        Clustering::Kmeans => graph::Clustering::Kmeans,
        Clustering::Hdbscan => graph::Clustering::Hdbscan,
    };
    let params = AssembleParams { clustering, seed: graph::DEFAULT_SEED };
    Ok(Input { files, resolution, vectors: vectors.filter(|vectors| !vectors.is_empty()), notes, params })
}

/// Reads the vectors of every shard that has them; a lost shard leaves its symbols without.
async fn read_vectors<P: Ports>(unit: &UnitRun<P>) -> Result<Vectors, StageError> {
    let mut whole = VectorShard::default();
    for result in unit.outputs_of(StageName::Embed).await? {
        let Ok(output) = result.output else { continue };
        let shard = VectorShard::from_bytes(&unit.get_bytes(&output).await?)
            .map_err(|error| StageError::reject("vectors_malformed", error.to_string()))?;
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
    let repository = Repository::new(&input.files, &input.resolution);
    let assembly = graph::assemble(&repository, input.vectors.as_ref(), &input.params)
        .map_err(|error| StageError::reject("clustering_refused", error.to_string()))?;
    let mut units = Vec::new();
    let mut shard: Vec<SymbolContext> = Vec::new();
    let mut n_contexts = 0;
    for context in graph::contexts(&repository, &assembly) {
        n_contexts += 1;
        shard.push(context);
        if shard.len() == MAX_SHARD_CONTEXTS {
            units.push(GenerateInput::Symbols(std::mem::take(&mut shard)));
        }
    }
    if !shard.is_empty() {
        units.push(GenerateInput::Symbols(shard));
    }
    let about = graph::repository_context(&repository, &assembly, input.notes.clone());
    units.push(GenerateInput::Repository(Box::new(about)));
    Ok(Assembled { assembly, units, n_contexts })
}

async fn write_output<P: Ports>(unit: &UnitRun<P>, assembled: &Assembled) -> Result<UnitOutput, StageError> {
    let mut sealed_units = Vec::with_capacity(assembled.units.len());
    for input in &assembled.units {
        sealed_units.push(unit.put_json(input).await?.unit_id());
    }
    let n_clusters = assembled.assembly.clusters.len();
    let output = AssembleOutput {
        assembly: unit.put_json(&assembled.assembly).await?.digest,
        n_clusters: n_clusters as u32,
        n_contexts: assembled.n_contexts,
    };
    let mut finished = UnitOutput::new(unit.put_json(&output).await?);
    // Summaries are taken from the source, which costs nothing but the time of a worker.
    finished.estimate = Some(Estimate {
        n_units: sealed_units.len() as u32,
        n_symbols: u64::from(assembled.n_contexts),
        ..Estimate::default()
    });
    finished.sealed_units = sealed_units;
    finished.stats = BTreeMap::from([
        ("clusters".to_owned(), n_clusters as u64),
        ("contexts".to_owned(), u64::from(assembled.n_contexts)),
    ]);
    Ok(finished)
}
