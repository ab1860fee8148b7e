//! `doctown build`: a source in, a docpack out.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use docpack::ReadLimits;
use docpack::records::Manifest;
use pipeline::options::BuildOptions;
use pipeline::port::StoreError;
use pipeline::{BuildRequest, CancelFlag, Estimate, Phase, StateDocument};
use runtime::config::Config;
use runtime::host::local::{LocalBuild, LocalFolders, NewBuild, OpenBuildError};
use serde::Serialize;
use source::spec::SourceSpec;
use stage_ingest::Access;
use writing::Writer;

use crate::args::{ApprovalArgs, BuildArgs, Cli, EstimateArgs, PatienceArgs, ServerArgs};
use crate::failure::{self, Exit, Failure};
use crate::output::{self, plural, size, talk};
use crate::patience::Patience;
use crate::progress::{Progress, Show, duration};
use crate::prose;
use crate::setting;
use crate::stages::LocalStages;
use crate::target;

/// Units at once: ingest and an embed unit overlap, and one more keeps the model busy at a unit's end.
const CONCURRENT_UNITS: usize = 3;

/// A finished build, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Built {
    pack: PathBuf,
    job: String,
    size_bytes: u64,
    duration_ms: u64,
    /// `completed` or `partial`.
    status: &'static str,
    manifest: Manifest,
}

pub(crate) fn build(args: &BuildArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let built = built(args, config, cli)?;
    if cli.quiet == 0 && !cli.json {
        talk(&format!("{}\n{}", summary(&built), next_steps(&built.pack)));
    }
    tell(cli, &built);
    Ok(())
}

/// Builds a docpack that is opened next; returns its path.
pub(crate) fn build_pack(args: &BuildArgs, config: &Config, cli: &Cli) -> Result<PathBuf, Failure> {
    let built = built(args, config, cli)?;
    if cli.quiet == 0 && !cli.json {
        talk(&summary(&built));
    }
    tell(cli, &built);
    Ok(built.pack)
}

fn built(args: &BuildArgs, config: &Config, cli: &Cli) -> Result<Built, Failure> {
    let started = Instant::now();
    let options = BuildOptions { source: !args.no_source, ..args.options.to_options()? };
    let mut prepared = prepare(&args.source, options, &args.server, args.threads, config)?;
    let output = output_path(args, &prepared.spec)?;
    let progress = Arc::new(Progress::new(show(cli)));
    let (build, patience) = prepared.open(config, &progress, args.patience)?;
    let built = host()?.block_on(run(&build, &patience, args.fresh, &args.approval, cli.quiet));
    progress.finish();
    let (state, bytes) = built?;
    target::write(&output, &bytes)?;
    if args.index {
        write_index(&output, &bytes)?;
    }
    let manifest = docpack::read_manifest(bytes.as_slice(), &ReadLimits::default())
        .map_err(|error| Failure::new(Exit::Failed, error.code(), error.to_string()))?;
    let status = if state.phase == Phase::Partial { "partial" } else { "completed" };
    Ok(Built {
        pack: output,
        job: state.job.to_string(),
        size_bytes: bytes.len() as u64,
        duration_ms: started.elapsed().as_millis() as u64,
        status,
        manifest,
    })
}

/// Builds up to the point where a model would be asked, and prints what that would take.
///
/// The job is removed afterwards; a build finds its cached results.
pub(crate) fn estimate(args: &EstimateArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    if args.options.prose.models.is_empty() {
        return Err(Failure::new(Exit::Usage, "model_not_named", "`estimate` needs a model")
            .with_help("name it with `--model NAME`"));
    }
    let config = &prose::priced(config);
    let options = args.options.to_options()?;
    let mut prepared = prepare(&args.source, options, &args.server, args.threads, config)?;
    if args.by_size {
        let estimate = prepared.by_size()?;
        tell_estimate(&estimate, cli);
        return Ok(());
    }
    let progress = Arc::new(Progress::new(show(cli)));
    let (build, patience) = prepared.open(config, &progress, args.patience)?;
    let stop = build.stop_flag().clone();
    let state = host()?.block_on(async {
        let listening = tokio::spawn(stop_on_interrupt(stop.clone()));
        let state = build.run(CONCURRENT_UNITS, |_, _| {}).await.map_err(|error| port_failure(&error))?;
        listening.abort();
        // An estimate asks for nothing, so no job is left waiting for an answer.
        if state.phase == Phase::AwaitingApproval {
            build.discard(&state.job).await.map_err(|error| port_failure(&error))?;
        }
        throttled(&build, &patience, &state).await?;
        Ok::<_, Failure>(state)
    });
    progress.finish();
    let state = state?;
    match (&state.estimate, &state.error) {
        (_, Some(error)) => Err(failure::of_job(&error.code, &error.message)),
        (Some(estimate), _) => {
            tell_estimate(estimate, cli);
            Ok(())
        }
        (None, _) => Err(interrupted()),
    }
}

fn tell_estimate(estimate: &Estimate, cli: &Cli) {
    if cli.json { output::json("estimate", estimate) } else { output::data(&prose::told(estimate)) }
}

/// A build that is ready to begin.
struct Prepared {
    spec: SourceSpec,
    writer: Option<Arc<Writer>>,
    stages: Option<LocalStages>,
    new: Option<NewBuild>,
}

fn prepare(
    source: &str,
    mut options: BuildOptions,
    server: &ServerArgs,
    threads: Option<usize>,
    config: &Config,
) -> Result<Prepared, Failure> {
    let n_threads = threads.unwrap_or(config.embed.n_threads).max(1);
    let source_config = setting::source_config(&config.source)?;
    let spec = SourceSpec::parse(source, &source_config).map_err(|error| failure::of_source(&error))?;
    // Nobody is charged before the estimate is read and agreed to.
    options.approve = options.prose.is_some();
    let mut config = config.clone();
    if let Some(base_url) = &server.base_url {
        config.llm.base_url = Some(base_url.clone());
    }
    let writer = prose::writer(&config, options.prose.as_ref())?;
    let embedder = match options.embeddings {
        true => Some(setting::local_embedder(&config, options.embedder, options.precision, n_threads)?),
        false => None,
    };
    let new = NewBuild {
        tool: pipeline::tool(
            embedder.as_ref().map(|embedder| stage_embed::pinned(embedder.class())).as_ref(),
        ),
        source_fingerprint: spec.fingerprint(),
        request: BuildRequest::new(spec.canonical(&source_config), options),
    };
    let stages = LocalStages::new(Access::own(source_config), embedder, writer.clone(), n_threads);
    Ok(Prepared { spec, writer, stages: Some(stages), new: Some(new) })
}

impl Prepared {
    fn open(
        &mut self,
        config: &Config,
        progress: &Arc<Progress>,
        patience: PatienceArgs,
    ) -> Result<(LocalBuild<LocalStages>, Arc<Patience>), Failure> {
        let observer = Arc::clone(progress);
        let folders = LocalFolders::of_store(setting::store_folder(config)?);
        let (stages, new) =
            self.stages.take().zip(self.new.take()).expect("a prepared build is opened once, here");
        let observe = Box::new(move |event: &pipeline::Envelope| observer.on_event(event));
        let build = LocalBuild::open(&folders, stages, new, Some(observe)).map_err(|error| match &error {
            OpenBuildError::Queue(error) => failure::of_queue(error),
            OpenBuildError::Store(error) => failure::store_unusable(error),
        })?;
        let has_token = config.source.github_token.is_some();
        let stop = build.stop_flag().clone();
        let patience = Patience::new(patience.wait, has_token, stop, Arc::clone(progress));
        Ok((build.watched(Arc::<Patience>::clone(&patience)), patience))
    }

    fn by_size(&self) -> Result<Estimate, Failure> {
        let folder = self.spec.local_path().filter(|path| path.is_dir()).ok_or_else(|| {
            Failure::new(Exit::Usage, "size_unknown", "only a folder's size is known before it is read")
                .with_help("leave out `--by-size`")
        })?;
        let request = self.new.as_ref().map(|new| &new.request);
        let prose = request.and_then(|request| request.options.prose.as_ref());
        let (Some(writer), Some(prose)) = (&self.writer, prose) else {
            return Err(Failure::new(Exit::Usage, "model_not_named", "`estimate` needs a model"));
        };
        let terms = writer.terms(prose);
        let terms = terms.map_err(|error| Failure::new(Exit::Usage, error.code(), error.to_string()))?;
        Ok(writing::by_size(Some(source_bytes(folder)), Some(&terms)).writing)
    }
}

/// Bytes of what looks like source by its name.
fn source_bytes(folder: &Path) -> u64 {
    let mut open = vec![folder.to_owned()];
    let mut n_bytes = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, Ok(kind)) = (entry.path(), entry.file_type()) else { continue };
            let name = entry.file_name();
            let is_hidden = name.to_string_lossy().starts_with('.') || name == "node_modules";
            if kind.is_dir() && !is_hidden {
                open.push(path);
            } else if kind.is_file() && parse::detect(&name.to_string_lossy(), b"").is_some() {
                n_bytes += entry.metadata().map_or(0, |data| data.len());
            }
        }
    }
    n_bytes
}

fn host() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, "no_runtime", error.to_string()))
}

fn interrupted() -> Failure {
    Failure::new(Exit::Interrupted, "interrupted", "stopped; finished work is kept")
        .with_help("run the same command again to resume")
}

/// Works until the job is over; the first Ctrl-C stops cleanly, the second at once.
async fn run(
    build: &LocalBuild<LocalStages>,
    patience: &Patience,
    fresh: bool,
    approval: &ApprovalArgs,
    quiet: u8,
) -> Result<(StateDocument, Vec<u8>), Failure> {
    let stop = build.stop_flag().clone();
    let listening = tokio::spawn(stop_on_interrupt(stop.clone()));
    if fresh {
        build.forget_unfinished().await.map_err(|error| port_failure(&error))?;
    }
    let began = |job: &pipeline::JobId, is_resumed: bool| {
        if quiet == 0 {
            let what = if is_resumed { "resuming" } else { "job" };
            talk(&format!("{what} {job}"));
        }
    };
    let mut state = build.run(CONCURRENT_UNITS, began).await.map_err(|error| port_failure(&error))?;
    throttled(build, patience, &state).await?;
    if state.phase == Phase::AwaitingApproval && !stop.is_set() {
        let estimate = state.estimate.clone().unwrap_or_default();
        let limit = prose::limit(&estimate, approval)?;
        if quiet == 0 {
            talk(&prose::told(&estimate));
        }
        let approved = build.approve(&state, limit, CONCURRENT_UNITS).await;
        state = approved.map_err(|error| port_failure(&error))?;
    }
    listening.abort();
    match (&state.phase, &state.result, &state.error) {
        (Phase::Completed | Phase::Partial, Some(docpack), _) => {
            let bytes = build
                .read_docpack(docpack)
                .await
                .map_err(|error| Failure::new(Exit::Failed, "store_unavailable", error.to_string()))?;
            Ok((state, bytes))
        }
        (Phase::Failed, _, Some(error)) => Err(failure::of_job(&error.code, &error.message)),
        _ if stop.is_set() => Err(interrupted()),
        _ => Err(Failure::new(Exit::Failed, "job_ended", format!("job `{}` is {}", state.job, state.phase))),
    }
}

/// Fails a build that stopped because a host throttles for too long; its job is removed.
async fn throttled(
    build: &LocalBuild<LocalStages>,
    patience: &Patience,
    state: &StateDocument,
) -> Result<(), Failure> {
    let Some(failure) = patience.given_up() else { return Ok(()) };
    build.discard(&state.job).await.map_err(|error| port_failure(&error))?;
    Err(failure)
}

async fn stop_on_interrupt(stop: CancelFlag) {
    if tokio::signal::ctrl_c().await.is_ok() {
        talk("stopping; press Ctrl-C again to stop at once");
        stop.set();
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(Exit::Interrupted as i32);
    }
}

fn port_failure(error: &pipeline::PipelineError) -> Failure {
    if let pipeline::PipelineError::Store(StoreError::Refused { .. } | StoreError::Damaged { .. }) = error {
        return failure::store_unusable(error);
    }
    Failure::new(Exit::Failed, "store_unavailable", error.to_string())
        .with_help("run `doctown doctor`, then the same command again")
}

pub(crate) fn show(cli: &Cli) -> Show {
    match (cli.quiet, std::io::stderr().is_terminal()) {
        (1.., _) => Show::Nothing,
        (0, true) => Show::Bars,
        (0, false) => Show::Plain,
    }
}

fn output_path(args: &BuildArgs, spec: &SourceSpec) -> Result<PathBuf, Failure> {
    let path = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.docpack", pack_name(spec))));
    target::check(&path, spec.local_path(), "is the source of the pack")?;
    Ok(path)
}

/// The repository's or folder's own name, made fit for a file.
fn pack_name(spec: &SourceSpec) -> String {
    let name = spec.name();
    let name: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect();
    let name = name.trim_start_matches('.').to_owned();
    if name.is_empty() { "repository".to_owned() } else { name }
}

/// Equal contents are equal bytes, so the offsets of a second writing are those of the first.
fn write_index(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let pack = docpack::read(bytes, &ReadLimits::default())
        .map_err(|error| Failure::new(Exit::Failed, error.code(), error.to_string()))?;
    let json = docpack::write(&pack.contents, std::io::sink())
        .map_err(|error| error.to_string())
        .and_then(|written| written.index.to_json().map_err(|error| error.to_string()))
        .map_err(|reason| Failure::new(Exit::Failed, "index_unwritable", reason))?;
    target::write(&PathBuf::from(format!("{}.index", path.display())), &json)
}

fn tell(cli: &Cli, built: &Built) {
    match cli.json {
        true => output::json("build", built),
        false => output::data(&built.pack.display().to_string()),
    }
}

fn next_steps(pack: &Path) -> String {
    let pack = pack.display();
    format!(
        "next:\n  doctown view {pack}             open it in your browser\n  doctown inspect {pack}          read the overview here\n  doctown search {pack} WORDS     find code by name or by words"
    )
}

fn summary(built: &Built) -> String {
    let counts = &built.manifest.statistics;
    let pack = built.pack.display();
    let mut text = format!(
        "{pack}  {} in {}\n  {}, {}, {}, {}, {}{}\n  {}",
        size(built.size_bytes),
        duration(std::time::Duration::from_millis(built.duration_ms)),
        plural(counts.file_count, "file", "files"),
        plural(counts.symbol_count, "symbol", "symbols"),
        plural(counts.edge_count, "edge", "edges"),
        plural(counts.cluster_count, "cluster", "clusters"),
        plural(counts.chunk_count, "chunk", "chunks"),
        if built.manifest.optional.has_vectors { " with vectors" } else { " without vectors" },
        built.manifest.docpack_id,
    );
    for missing in &built.manifest.missing {
        text.push_str(&format!("\n  missing: {} ({})", missing.what, missing.code));
    }
    text
}
