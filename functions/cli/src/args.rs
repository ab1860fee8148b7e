//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pipeline::options::{self, BuildOptions, Clustering, Limits, Precision};

use crate::failure::Failure;

/// Computes an understanding of a repository and packs it into one verifiable file.
#[derive(Debug, Parser)]
#[command(name = "doctown", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 ok, 1 failed, 2 usage, 3 input refused, 4 not authorised, 5 upstream down, \
                        6 budget, 7 verification failed, 130 interrupted."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print data as JSON on stdout.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say less on stderr; twice says nothing but errors.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) quiet: u8,
    /// Show log lines on stderr; twice shows more.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build a docpack of a repository, folder or archive.
    Build(BuildArgs),
    /// Say what a build's summaries will take of a language model: tokens, money, time.
    Estimate(EstimateArgs),
    /// Show what is in a docpack.
    Inspect(InspectArgs),
    /// Recompute every digest, id and count of a docpack; exit 7 when anything is off.
    Verify { pack: PathBuf },
    /// Explore a docpack in the browser; no other machine can.
    View(ViewArgs),
    /// Write a docpack in another form.
    Export(ExportArgs),
    /// Run one stage alone.
    Stage(StageArgs),
    /// Print the events of a job.
    Events {
        /// The job's id, as `build` prints it.
        job: String,
    },
    /// Print what a job asked of language models, a line of JSON for each question.
    Audit {
        /// The job's id, as `build` prints it.
        job: String,
    },
    /// Work on units of jobs in S3 and SQS until interrupted.
    #[cfg(feature = "aws")]
    Worker(WorkerArgs),
    /// Make a job in S3 and SQS for the workers there, and print its id.
    #[cfg(feature = "aws")]
    Submit(SubmitArgs),
    /// Agree to what a job's summaries will cost.
    #[cfg(feature = "aws")]
    Approve(ApproveArgs),
    /// End a job in S3.
    #[cfg(feature = "aws")]
    Cancel {
        /// The job's id, as `submit` prints it.
        job: String,
    },
    /// Make a job that is over once more; what was cached makes it cheap.
    #[cfg(feature = "aws")]
    Retry {
        /// The job's id, as `submit` prints it.
        job: String,
    },
    /// Send dead letters back to their queues.
    #[cfg(feature = "aws")]
    Redrive(RedriveArgs),
    /// Say what is built at set times.
    #[cfg(feature = "aws")]
    Schedule {
        #[command(subcommand)]
        action: ScheduleAction,
    },
    /// Serve the HTTP API and the website, and work on what they are asked for, until interrupted.
    Serve(ServeArgs),
    /// Look after the index of jobs and docpacks.
    Ledger {
        #[command(subcommand)]
        action: LedgerAction,
    },
    /// Tell how far a job is.
    Status(StatusArgs),
    /// List the jobs that are not over, or all of one repository.
    Jobs(JobsArgs),
    /// Draw when each stage of a job worked.
    Timeline {
        /// The job's id.
        job: String,
    },
    /// Check what the store holds of jobs against what must always be true; exit 7 when anything is off.
    Fsck(FsckArgs),
    /// Print what a job took and costs, or the prices.
    Price {
        /// The job's id; without one, the table of prices.
        job: Option<String>,
    },
    /// Print the stages, their queues and limits.
    Plan,
    /// Check what a build needs: the model, the runtime library, the store.
    Doctor,
    /// Print a completion script.
    Completions { shell: clap_complete::Shell },
    /// Show the configuration.
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
}

#[cfg(feature = "aws")]
#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleAction {
    /// Store a list of schedules in the place of the one before.
    Set { file: PathBuf },
    /// Print the stored list.
    Show,
    /// Submit what is due now, and send lost messages again, as the schedule's process does each minute.
    Tick,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerAction {
    /// Bring the index up to date from the store alone; an empty or lost one is made anew.
    Rebuild,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,
    /// Address; others than this machine's own reach it only through another than the default.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: std::net::IpAddr,
    /// Serve this build of the website instead of the one in the program.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) site: Option<PathBuf>,
    /// Also make docpacks of folders and archives of this machine; only at a loopback address.
    #[arg(long)]
    pub(crate) allow_local: bool,
    /// Load no embedding model: jobs with vectors are refused, and search goes by words.
    #[arg(long)]
    pub(crate) no_embeddings: bool,
    /// Threads that parse and embed [default: one per core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Print every setting and where it came from, secrets hidden.
    Show,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// URL, `owner/repo[@ref]`, folder, .zip or .tar.gz.
    pub(crate) source: String,
    /// Where to write the pack [default: NAME.docpack here].
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
    /// Threads that parse and embed [default: one per core]; changes nothing in the pack.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Start anew even when an earlier run of the same build can be resumed or reused.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Also write PACK.index, the offsets of the entries for range reads.
    #[arg(long)]
    pub(crate) index: bool,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) approval: ApprovalArgs,
}

/// Who may spend how much.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ApprovalArgs {
    /// Spend at most this on the model, in US dollars; more asks, or ends with exit code 6.
    #[arg(long, value_name = "USD", value_parser = crate::prose::parse_usd)]
    pub(crate) budget: Option<u64>,
    /// Agree to the estimate, or to the budget, without being asked.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// Where the model is.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ServerArgs {
    /// Base URL of an OpenAI-compatible server [default: DOCTOWN_LLM_BASE_URL].
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EstimateArgs {
    /// URL, `owner/repo[@ref]`, folder, .zip or .tar.gz.
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Threads that parse and embed [default: one per core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Go by the size of a folder's source alone: at once, and half or twice as much is usual.
    #[arg(long)]
    pub(crate) by_size: bool,
}

/// How a language model writes summaries.
#[derive(Debug, Args)]
pub(crate) struct ProseArgs {
    /// Have this model write summaries; more of them stand in for it in their order.
    #[arg(long = "model", value_name = "NAME")]
    pub(crate) models: Vec<String>,
    /// Ask by the template in this file.
    #[arg(long, value_name = "FILE", requires = "models")]
    pub(crate) template: Option<PathBuf>,
    /// Give the model the style wishes in this file.
    #[arg(long, value_name = "FILE", requires = "models")]
    pub(crate) style_guide: Option<PathBuf>,
    /// Ask about one symbol at a time.
    #[arg(long, requires = "models")]
    pub(crate) one_per_request: bool,
    /// Ask through the provider's batch endpoint: half the price, within a day.
    #[arg(long, requires = "models")]
    pub(crate) batch: bool,
}

/// The table of options as flags.
#[derive(Debug, Args)]
pub(crate) struct OptionArgs {
    /// Branch, tag or commit.
    #[arg(long = "ref", value_name = "REF")]
    pub(crate) git_ref: Option<String>,
    /// Only files that match this glob; may be repeated.
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// No file that matches this glob; may be repeated.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Skip larger files.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_FILE_BYTES)]
    pub(crate) max_file_bytes: u64,
    /// Refuse a larger source.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_TOTAL_BYTES)]
    pub(crate) max_total_bytes: u64,
    /// Refuse a source of more files.
    #[arg(long, value_name = "N", default_value_t = options::DEFAULT_MAX_FILES)]
    pub(crate) max_files: u64,
    /// Refuse a folder or archive of more entries of any kind.
    #[arg(long, value_name = "N", default_value_t = options::DEFAULT_MAX_ENTRIES)]
    pub(crate) max_entries: u64,
    /// Refuse a longer download.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_DOWNLOAD_BYTES)]
    pub(crate) max_download_bytes: u64,
    /// Refuse an archive that inflates to more.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_DECOMPRESSED_BYTES)]
    pub(crate) max_decompressed_bytes: u64,
    /// Refuse an archive that inflates to more than this many times its size.
    #[arg(long, value_name = "N", default_value_t = options::DEFAULT_MAX_RATIO)]
    pub(crate) max_ratio: u64,
    /// Also read what is taken for vendored, generated or minified code, build output or lock files.
    #[arg(long)]
    pub(crate) keep_all: bool,
    /// Leave vectors out: no model is needed, nothing is related by meaning.
    #[arg(long)]
    pub(crate) no_embeddings: bool,
    /// The numbers the model computes with [default: int8].
    #[arg(long, value_enum)]
    pub(crate) precision: Option<PrecisionArg>,
    /// How symbols are grouped [default: communities].
    #[arg(long, value_enum)]
    pub(crate) clustering: Option<ClusteringArg>,
    /// Pack what each summary was written from.
    #[arg(long)]
    pub(crate) contexts: bool,
    #[command(flatten)]
    pub(crate) prose: ProseArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PrecisionArg {
    Fp32,
    Int8,
}

impl PrecisionArg {
    pub(crate) fn to_precision(self) -> Precision {
        match self {
            Self::Fp32 => Precision::Fp32,
            Self::Int8 => Precision::Int8,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ClusteringArg {
    Communities,
    Kmeans,
    Hdbscan,
}

impl OptionArgs {
    pub(crate) fn to_options(&self) -> Result<BuildOptions, Failure> {
        let defaults = BuildOptions::default();
        Ok(BuildOptions {
            git_ref: self.git_ref.clone(),
            include: self.include.clone(),
            exclude: self.exclude.clone(),
            keep_all: self.keep_all,
            limits: Limits {
                max_file_bytes: self.max_file_bytes,
                max_total_bytes: self.max_total_bytes,
                max_files: self.max_files,
                max_entries: self.max_entries,
                max_download_bytes: self.max_download_bytes,
                max_decompressed_bytes: self.max_decompressed_bytes,
                max_ratio: self.max_ratio,
            },
            embeddings: !self.no_embeddings,
            precision: self.precision.map_or(defaults.precision, PrecisionArg::to_precision),
            clustering: self.clustering.map_or(defaults.clustering, |clustering| match clustering {
                ClusteringArg::Communities => Clustering::Communities,
                ClusteringArg::Kmeans => Clustering::Kmeans,
                ClusteringArg::Hdbscan => Clustering::Hdbscan,
            }),
            contexts: self.contexts,
            prose: self.prose.to_options()?,
            approve: false,
        })
    }
}

#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Stages to work on, separated by commas [default: all].
    #[arg(long, value_name = "STAGES", value_delimiter = ',')]
    pub(crate) stages: Vec<String>,
    /// Units at once.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) concurrency: usize,
    /// Seconds between looks for lost messages; 0 leaves it to other workers.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) reap_every: u64,
    /// Embed in these numbers.
    #[arg(long, value_enum)]
    pub(crate) precision: Option<PrecisionArg>,
    /// Take no job with vectors: no model is needed.
    #[arg(long)]
    pub(crate) no_embeddings: bool,
}

#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// URL, `owner/repo[@ref]`, or a folder or archive that every worker can read.
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
    /// Wait for `doctown approve` before summaries are written; with a model that is so unless `--yes` is given.
    #[arg(long, conflicts_with = "yes")]
    pub(crate) approve: bool,
    /// Agree to what the model will cost, or to `--budget`, without having seen the estimate.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Spend at most this on the model, in US dollars [default: what the estimate says].
    #[arg(long, value_name = "USD", value_parser = crate::prose::parse_usd)]
    pub(crate) budget: Option<u64>,
    /// Who asks.
    #[arg(long, value_name = "NAME", default_value = "local")]
    pub(crate) owner: String,
}

#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// The job's id, as `submit` prints it.
    pub(crate) job: String,
    /// Digest of the estimate that was read; refused if the job has another.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) estimate: Option<String>,
    /// Spend at most this, in US dollars [default: what the estimate says].
    #[arg(long, value_name = "USD", value_parser = crate::prose::parse_usd)]
    pub(crate) budget: Option<u64>,
}

#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct RedriveArgs {
    /// Only this stage's [default: all].
    #[arg(long, value_name = "STAGE")]
    pub(crate) stage: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct JobsArgs {
    /// Jobs of this repository, those that are over included.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) repo: Option<String>,
    /// Only jobs that this owner asked for.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct FsckArgs {
    /// The jobs' ids [default: all that are not over].
    pub(crate) jobs: Vec<String>,
    /// Also read and hash every artifact.
    #[arg(long)]
    pub(crate) deep: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The job's id, as `submit` prints it.
    pub(crate) job: String,
    /// Wait until the job is over.
    #[arg(long)]
    pub(crate) wait: bool,
    /// Where to write the pack once there is one.
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    pub(crate) pack: PathBuf,
    #[arg(value_enum, default_value_t = View::Manifest)]
    pub(crate) view: View,
    /// Show only symbols, edges and files whose name or path contains this.
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Rows shown; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    Manifest,
    Symbols,
    Edges,
    Clusters,
    Files,
    Quality,
    Overview,
}

#[derive(Debug, Args)]
pub(crate) struct ViewArgs {
    pub(crate) pack: PathBuf,
    /// Port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub(crate) port: u16,
    /// Open no browser; none is opened either where `CI` is set or there is no screen.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Serve this build of the website instead of the one in the program.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) site: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    pub(crate) pack: PathBuf,
    /// As one page that holds explorer and pack, and opens from disk without a network.
    #[arg(long, required = true)]
    pub(crate) html: bool,
    /// Where to write it, `-` for stdout [default: NAME.html here].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Put the pack into this build of the page instead of the one in the program.
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StageArgs {
    /// ingest, embed, assemble, generate or pack.
    pub(crate) name: String,
    /// A queue message or a direct request; `-` reads stdin.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// Folder of the store [default: the configured one].
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
}
