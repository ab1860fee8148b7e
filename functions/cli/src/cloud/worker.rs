//! `doctown worker`: all stages, or some, of jobs in S3 and SQS.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pipeline::port::Ports;
use pipeline::{
    CancelFlag, Clock, PinnedEmbedder, StageError, StageName, Stages, UnitOutput, UnitRun, Worker,
};
use runtime::SystemClock;
use runtime::cloud;
use runtime::config::Config;
use runtime::host::Signals;
use runtime::host::serve::{LONG_POLL, ServeParams, serve};
use runtime::metrics::Metrics;
use stage_ingest::Access;

use crate::args::WorkerArgs;
use crate::cloud::{block_on, unusable};
use crate::failure::Failure;
use crate::output::talk;
use crate::prose;
use crate::setting;
use crate::stage::parse_stage;
use crate::stages::LocalStages;

/// Least time between two looks at a queue that was empty.
const IDLE: Duration = Duration::from_millis(50);

/// Works on units until interrupted; what then still runs goes back to its queue.
pub(crate) fn worker(args: &WorkerArgs, config: &Config) -> Result<(), Failure> {
    let chosen = chosen_stages(&args.stages)?;
    let with_secrets = Config::from_env_with_secrets()?;
    let precision = args.precision.map_or(config.embed.precision, crate::args::PrecisionArg::to_precision);
    let embedder = match chosen.contains(&StageName::Embed) && !args.no_embeddings {
        true => {
            let wanted = args.embedder.map(crate::args::EmbedderArg::to_name);
            Some(setting::embedder(config, wanted, precision, config.embed.n_threads)?)
        }
        false => None,
    };
    let writer = prose::writer(&with_secrets, None)?;
    let source = setting::source_config(&with_secrets.source)?;
    let access = Access::from_config(source, &with_secrets.api)?;
    let stages = LocalStages::new(access, embedder, writer, config.embed.n_threads);
    let stages = Chosen { chosen, stages: stages.for_many_jobs() };
    block_on(async {
        let metrics = Metrics::new(config.telemetry.embedded_metrics.then(|| config.environment.clone()));
        let observing = Arc::clone(&metrics);
        let ports = cloud::open(&with_secrets, Some(Box::new(move |event| observing.observe(event)))).await?;
        let name = format!("worker-{}-{}", std::process::id(), SystemClock.now());
        let worker = Arc::new(Worker::new(Arc::new(ports), stages, name).with_lease(config.host.lease));
        if let Some(embedder) = worker.stages().embedder() {
            let announced = worker.coordinator().announce(&embedder).await;
            announced.map_err(|error| unusable(&error))?;
        }
        let params = ServeParams {
            n_concurrent: args.concurrency,
            look: LONG_POLL,
            idle: IDLE,
            reap_every: (args.reap_every > 0).then(|| Duration::from_secs(args.reap_every)),
            drain: CancelFlag::default(),
            grace: config.host.grace,
            watch: metrics,
        };
        let listening = tokio::spawn(Signals::listen().set(params.drain.clone(), worker.stop_flag().clone()));
        talk("working; press Ctrl-C to finish running units and stop, twice to stop at once");
        serve(&worker, &params).await;
        listening.abort();
        Ok(())
    })
}

fn chosen_stages(names: &[String]) -> Result<BTreeSet<StageName>, Failure> {
    if names.is_empty() {
        return Ok(StageName::ALL.into_iter().collect());
    }
    names.iter().map(|name| parse_stage(name)).collect()
}

/// Some of the stages of this program.
struct Chosen {
    chosen: BTreeSet<StageName>,
    stages: LocalStages,
}

impl Stages for Chosen {
    fn version(&self, stage: StageName) -> Option<String> {
        self.stages.version(stage).filter(|_| self.chosen.contains(&stage))
    }

    fn embedder(&self) -> Option<PinnedEmbedder> {
        self.stages.embedder()
    }

    async fn run<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<UnitOutput, StageError> {
        self.stages.run(stage, unit).await
    }

    async fn let_go<P: Ports>(&self, stage: StageName, unit: &UnitRun<P>) -> Result<(), StageError> {
        self.stages.let_go(stage, unit).await
    }
}
