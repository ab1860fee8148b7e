//! `doctown stage`: one stage alone, on a queue message or a direct request.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use pipeline::{AttemptLimits, BuildOptions, StageName, Worker};
use runtime::config::Config;
use runtime::host::Unwatched;
use runtime::host::once::{self, OnceAnswer, OnceError, OnceRequest, OnceStatus};
use runtime::{DirectoryStore, LocalPorts, LocalQueue, SystemClock};
use stage_ingest::Access;

use crate::args::{Cli, StageArgs};
use crate::failure::{self, Exit, Failure};
use crate::output;
use crate::setting;
use crate::stages::LocalStages;

pub(crate) fn stage(args: &StageArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let wanted = parse_stage(&args.name)?;
    let request = OnceRequest::parse(&read_input(&args.input)?).map_err(|error| once_failure(&error))?;
    let (stage, options) = match &request {
        OnceRequest::Unit(message) => (message.stage, BuildOptions::default()),
        OnceRequest::Direct(direct) => (direct.stage, direct.request.options.clone()),
    };
    if stage != wanted {
        return Err(Failure::new(
            Exit::Usage,
            "other_stage",
            format!("the input is for stage `{stage}`, not `{wanted}`"),
        ));
    }
    let n_threads = config.embed.n_threads;
    let embedder = match stage {
        StageName::Embed => Some(setting::embedder(config, options.embedder, options.precision, n_threads)?),
        _ => None,
    };
    let stages = LocalStages::new(
        Access::own(setting::source_config(&config.source)?),
        embedder,
        crate::prose::writer(config, None)?,
        n_threads,
    );
    let host = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Failed, "no_runtime", error.to_string()))?;
    let store = match &args.store {
        Some(folder) => folder,
        None => setting::store_folder(config)?,
    };
    let answer = host.block_on(run(request, stages, store, args.store.is_some()))?;
    tell(&answer, cli.json)
}

/// Finds the stage that a word names.
pub(crate) fn parse_stage(name: &str) -> Result<StageName, Failure> {
    StageName::from_word(name).ok_or_else(|| {
        let names: Vec<_> = StageName::ALL.iter().map(|stage| stage.as_str()).collect();
        Failure::new(Exit::Usage, "no_such_stage", format!("`{name}` is not a stage"))
            .with_help(format!("the stages are {}", names.join(", ")))
    })
}

/// A direct request runs in memory unless a store is named; a message needs the job's store.
async fn run(
    request: OnceRequest,
    stages: LocalStages,
    store: &Path,
    in_store: bool,
) -> Result<OnceAnswer, Failure> {
    let answer = match request {
        OnceRequest::Direct(direct) if !in_store => once::run_direct(stages, *direct, None).await,
        OnceRequest::Direct(direct) => once::run_direct_in(open(store)?, stages, *direct, None).await,
        OnceRequest::Unit(message) => {
            let queue = LocalQueue::open(&store.join("queues").join("once"), SystemClock)
                .map_err(|error| Failure::new(Exit::Failed, "store_unavailable", error.to_string()))?;
            let ports = LocalPorts { store: open(store)?, queue, clock: SystemClock, observer: None };
            let worker = Worker::new(Arc::new(ports), stages, "once");
            once::run_unit(&worker, &message, &AttemptLimits::default(), &Unwatched).await
        }
    };
    answer.map_err(|error| once_failure(&error))
}

fn open(folder: &Path) -> Result<DirectoryStore, Failure> {
    DirectoryStore::open(folder)
        .map_err(|error| Failure::new(Exit::Failed, "store_unavailable", error.to_string()))
}

fn read_input(path: &Path) -> Result<String, Failure> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    read.map_err(|error| {
        Failure::new(
            Exit::InputRefused,
            "input_unreadable",
            format!("cannot read `{}`: {error}", path.display()),
        )
        .with_help("functions/STAGE/sample.json has a sample for each stage")
    })
}

fn once_failure(error: &OnceError) -> Failure {
    match error {
        OnceError::Malformed { .. } | OnceError::Incomplete { .. } => {
            Failure::new(Exit::InputRefused, "input_malformed", error.to_string())
                .with_help("functions/STAGE/sample.json has a sample for each stage")
        }
        OnceError::NotReady | OnceError::Pipeline(_) => {
            Failure::new(Exit::Failed, "store_unavailable", error.to_string())
        }
    }
}

fn tell(answer: &OnceAnswer, json: bool) -> Result<(), Failure> {
    if json {
        output::json("stage", answer);
    } else {
        let text = serde_json::to_string_pretty(answer).unwrap_or_default();
        output::exact(&text);
    }
    match (&answer.error, answer.status) {
        (Some(error), _) => Err(failure::of_job(&error.code, &error.message)),
        (None, OnceStatus::Failed) => Err(Failure::new(Exit::Failed, "stage_failed", "the stage failed")),
        (None, _) => Ok(()),
    }
}
