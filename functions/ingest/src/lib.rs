//! The ingest stage: turns a source into facts, chunk shards and resolved references.
//!
//! In: the job's request. Out: an [`IngestOutput`] that names every facts segment and the resolution,
//! and the sealed list of chunk shards. Each shard is one embed unit, which may start while ingest
//! still reads. Memory is bounded by the current shard and the linker's index, not by the size of the
//! source. This crate knows no language, no store and no host.

mod access;
mod config;
mod cut;
mod languages;
mod redact;
mod scan;
mod window;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use model::ingest::{IngestOutput, Skipped};
use pipeline::event::CompletionStatus;
use pipeline::event::payload::{
    IngestChunkCreated, IngestCompleted, IngestFileDetected, IngestFilePartlyRead, IngestFileSkipped,
    IngestStarted,
};
use pipeline::options::BuildOptions;
use pipeline::port::Ports;
use pipeline::{Stage, StageError, StageName, UnitId, UnitOutput, UnitRun};
use source::OpenedSource;
use source::config::SourceConfig;
use source::failure::SourceError;
use source::filter::{FilterParams, Filters};
use source::spec::SourceSpec;
use tokio::sync::mpsc;

use crate::access::Reading;
pub use crate::access::{
    Access, AccessError, Grants, github_app, read_as, read_installed, secret_keys, sign_in_app,
};
pub use crate::config::{source_config, source_limits};
use crate::scan::{FirstGap, Scan, ScanError, ScanParams, Scanned, scan};

/// Shards and segments between the scan and the store; one is about 1 MB.
const WRITE_AHEAD: usize = 8;
/// Files told by one event.
const FILES_PER_EVENT: u64 = 16;

/// Reads, parses, chunks and links a source.
#[derive(Debug, Clone)]
pub struct IngestStage {
    access: Access,
    n_threads: usize,
}

impl IngestStage {
    /// Makes the stage; `n_threads` parse at once and change nothing in the output.
    pub fn new(access: Access, n_threads: usize) -> Self {
        Self { access, n_threads }
    }

    /// Opens and scans on the calling thread, which it blocks.
    fn scan_blocking(&self, request: &Request, out: &mpsc::Sender<Scanned>) -> Result<Scan, StageError> {
        let options = &request.options;
        let opened = request.open()?;
        let params = ScanParams {
            n_threads: self.n_threads,
            max_file_bytes: options.limits.max_file_bytes,
            max_files: options.limits.max_files,
            keeps_source: options.source,
        };
        let sink = |scanned| match out.blocking_send(scanned) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
        let scan = scan(opened, &params, sink).map_err(|error| match error {
            ScanError::Source(error) => stage_error(&error),
            ScanError::TooManyFiles => StageError::reject(
                "repo_too_large",
                format!("source has more than {} files to parse", params.max_files),
            ),
            ScanError::Stopped => StageError::Cancelled,
        })?;
        // A docpack without any symbol would look like a success.
        match scan.counts.n_files {
            0 => Err(stage_error(&scan.unparsed.no_source_code(&scan.skipped))),
            _ => Ok(scan),
        }
    }
}

/// What the blocking part needs of the job.
#[derive(Clone)]
struct Request {
    source: String,
    reading: Reading,
    options: BuildOptions,
}

impl Request {
    /// Opens the source; with a token of an installation once more where GitHub does not take the first.
    fn open(&self) -> Result<OpenedSource, StageError> {
        let opened = match &self.reading {
            Reading::With(config) => self.open_with(config),
            Reading::Installed(installed) => match self.open_with(&installed.config()?) {
                Err(SourceError::Unauthorized { .. }) => self.open_with(&installed.config()?),
                opened => opened,
            },
        };
        opened.map_err(|error| stage_error(&error))
    }

    fn open_with(&self, config: &SourceConfig) -> Result<OpenedSource, SourceError> {
        let spec = SourceSpec::parse(&self.source, config)?;
        let filters = Filters::new(&filter_params(&self.options))?;
        let git_ref = self.options.git_ref.as_deref();
        source::open(&spec, git_ref, source_limits(&self.options), filters, config)
    }
}

impl Stage for IngestStage {
    const NAME: StageName = StageName::Ingest;

    fn version(&self) -> String {
        pipeline::release()
    }

    async fn run<P: Ports>(&self, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        let started = unit.now();
        unit.emit(IngestStarted { commit_hash: unit.state().resolved_commit.clone(), size_bytes: None });
        let asked = &unit.state().request;
        let reading = self.access.source_of(&unit.state().tenant, asked.installed, started.0).await?;
        let request = Request { source: asked.source.clone(), reading, options: unit.options().clone() };
        let (embeds, is_prompted) = (request.options.embeddings, request.options.prose.is_some());
        let (sender, mut scanned) = mpsc::channel(WRITE_AHEAD);
        let stage = self.clone();
        let scanning = tokio::task::spawn_blocking(move || stage.scan_blocking(&request, &sender));

        let mut written = Written::new(embeds, is_prompted);
        while let Some(item) = scanned.recv().await {
            unit.cancel_flag().check()?;
            written.write(unit, item).await?;
        }
        written.tell_files(unit);
        let scan =
            scanning.await.map_err(|error| StageError::retry("ingest_panicked", error.to_string()))??;
        let counts = scan.counts.clone();
        let output = written.finish(unit, scan).await?;
        unit.emit(IngestCompleted {
            status: CompletionStatus::Success,
            n_files: counts.n_files,
            n_skipped: output.n_skipped,
            n_symbols: counts.n_symbols,
            n_chunks: counts.n_chunks,
            n_shards: output.unit.sealed_units.len() as u64,
            duration_ms: unit.now().since(started).as_millis() as u64,
        });
        Ok(output.unit)
    }
}

/// What has been written so far.
struct Written {
    embeds: bool,
    /// Whether a model will read the texts.
    is_prompted: bool,
    shards: Vec<UnitId>,
    texts: Vec<docpack::Digest>,
    segments: Vec<docpack::Digest>,
    resolution: Vec<docpack::Digest>,
    sources: Vec<docpack::Digest>,
    /// Files told by no event yet, their symbols, and the last one's path.
    untold: (u64, u64, String),
}

struct Finished {
    unit: UnitOutput,
    n_skipped: u64,
}

impl Written {
    fn new(embeds: bool, is_prompted: bool) -> Self {
        Self {
            embeds,
            is_prompted,
            shards: Vec::new(),
            texts: Vec::new(),
            segments: Vec::new(),
            resolution: Vec::new(),
            sources: Vec::new(),
            untold: (0, 0, String::new()),
        }
    }

    async fn write<P: Ports>(&mut self, unit: &UnitRun<P>, item: Scanned) -> Result<(), StageError> {
        match item {
            Scanned::Shard(shard) if self.embeds => {
                let n_chunks = shard.chunks.len() as u64;
                let written = unit.hand_over(shard).await?;
                self.texts.push(written.digest);
                let embed = written.unit_id();
                unit.start_unit_early(StageName::Embed, &embed).await?;
                unit.emit(IngestChunkCreated { n_chunks, shard: Some(embed.to_string()) });
                self.shards.push(embed);
            }
            Scanned::Shard(shard) => {
                if self.is_prompted {
                    self.texts.push(unit.put_json(&shard).await?.digest);
                }
                unit.emit(IngestChunkCreated { n_chunks: shard.chunks.len() as u64, shard: None });
            }
            Scanned::Segment(segment) => self.segments.push(unit.hand_over(segment).await?.digest),
            Scanned::Source(segment) => self.sources.push(unit.hand_over(segment).await?.digest),
            Scanned::Resolution(part) => self.resolution.push(unit.hand_over(part).await?.digest),
            Scanned::File { file_path, n_symbols, gap } => {
                if let Some(FirstGap { code, n_places, line }) = gap {
                    let file_path = file_path.clone();
                    unit.emit(IngestFilePartlyRead { file_path, code, n_places, line });
                }
                self.untold = (self.untold.0 + 1, self.untold.1 + n_symbols, file_path);
                if self.untold.0 == FILES_PER_EVENT {
                    self.tell_files(unit);
                }
            }
            Scanned::Skipped(Skipped { file_path, reason }) => {
                unit.emit(IngestFileSkipped { file_path, reason })
            }
        }
        Ok(())
    }

    fn tell_files<P: Ports>(&mut self, unit: &UnitRun<P>) {
        let (n_files, n_symbols, file_path) = std::mem::take(&mut self.untold);
        if n_files > 0 {
            unit.emit(IngestFileDetected { n_files, n_symbols, file_path });
        }
    }

    async fn finish<P: Ports>(self, unit: &UnitRun<P>, scan: Scan) -> Result<Finished, StageError> {
        let n_skipped = scan.skipped.len() as u64;
        let stats = stats(&scan);
        let resolved_commit = scan.revision.commit_hash.clone();
        let output = IngestOutput {
            source: scan.revision,
            segments: self.segments,
            resolution: self.resolution,
            texts: if self.is_prompted { self.texts } else { Vec::new() },
            sources: self.sources,
            skipped: scan.skipped,
            readme: scan.readme,
            description: scan.description,
            roles: scan.roles,
            n_files: scan.counts.n_files as u32,
            n_symbols: scan.counts.n_symbols as u32,
            n_chunks: scan.counts.n_chunks as u32,
        };
        let mut finished = UnitOutput::new(unit.hand_over(output).await?);
        finished.sealed_units = self.shards;
        finished.resolved_commit = resolved_commit;
        finished.stats = stats;
        Ok(Finished { unit: finished, n_skipped })
    }
}

/// Counts for whoever watches the job: `language.LANGUAGE.files`, `skipped.REASON` and the like.
fn stats(scan: &Scan) -> BTreeMap<String, u64> {
    let counts = &scan.counts;
    let mut stats = BTreeMap::from([
        ("files".to_owned(), counts.n_files),
        ("symbols".to_owned(), counts.n_symbols),
        ("chunks".to_owned(), counts.n_chunks),
        ("bytes".to_owned(), counts.n_bytes),
        ("error_nodes".to_owned(), counts.n_error_nodes),
        ("files_with_errors".to_owned(), counts.n_files_with_errors),
        ("files_partly_read".to_owned(), counts.n_files_partly_read),
    ]);
    for (language, counts) in &counts.languages {
        let name = |what: &str| format!("language.{}.{what}", language.as_str());
        stats.insert(name("files"), counts.n_files);
        stats.insert(name("symbols"), counts.n_symbols);
        stats.insert(name("bytes"), counts.n_bytes);
    }
    for skipped in &scan.skipped {
        *stats.entry(format!("skipped.{}", skipped.reason)).or_insert(0) += 1;
    }
    stats
}

fn filter_params(options: &BuildOptions) -> FilterParams {
    FilterParams {
        include: options.include.clone(),
        exclude: options.exclude.clone(),
        keep_all: options.keep_all,
    }
}

/// Tells the attempt loop whether another try may help.
fn stage_error(error: &SourceError) -> StageError {
    let message = error.to_string();
    if error.is_retryable() {
        let after = error.retry_after_ms().map(std::time::Duration::from_millis);
        return StageError::Retry { code: error.code(), message, after };
    }
    StageError::reject(error.code(), message)
}

#[cfg(test)]
mod tests {
    use github::{App, AppKey};
    use pipeline::InstalledSource;
    use source::testserver::{APP_KEY, Answer, CLIENT_ID, Repository, TestInstallation, TestServer};

    use super::*;

    #[test]
    fn a_token_that_is_refused_is_made_again_once() {
        let server = TestServer::start().expect("loopback ports are free");
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let mut secret = Repository::empty("acme/secret").commit(sha, "2024-05-01T12:00:00Z", &["main"], &[]);
        secret.private = true;
        let installed = InstalledSource { installation: 7, repository: secret.id };
        let repositories = [secret.id].into();
        server.add(secret);
        server.install(TestInstallation { id: 7, repositories, ..TestInstallation::default() });
        let app = App::new(CLIENT_ID, AppKey::parse(APP_KEY).expect("it is a key"), server.config());
        let access = Access::with_grants(server.config(), None).with_app(Some(app));
        let host = tokio::runtime::Builder::new_current_thread().build().expect("it needs nothing");
        let tenant = "a-1".parse().expect("it is a tenant");
        let reading = host.block_on(access.source_of(&tenant, Some(installed), 0)).expect("there is an App");
        let (source, options) = ("acme/secret".to_owned(), BuildOptions::default());
        let request = Request { source, reading, options };
        for (n_refused, is_opened, n_tokens) in [(0, true, 1), (1, true, 2), (2, false, 2)] {
            let n_before = server.given_tokens().len();
            server.script("/api/repos/acme/secret", vec![Answer::status(401); n_refused]);
            assert_eq!(request.open().is_ok(), is_opened, "{n_refused} refusals");
            assert_eq!(server.given_tokens().len() - n_before, n_tokens);
        }
    }
}
