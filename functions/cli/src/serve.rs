//! `doctown serve`: API, website, workers and schedules in one process.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use docpack::Digest;
use embed::{EmbedError, Embedder};
use pipeline::options::{EmbedderName, Precision};
use pipeline::{CancelFlag, Clock, Coordinator, Envelope, Worker};
use runtime::config::{Config, EmbedConfig};
use runtime::host::local::LocalFolders;
use runtime::host::serve::{ServeParams, serve as work};
use runtime::host::{Signals, Unwatched};
use runtime::queue::AnyQueue;
use runtime::store::AnyStore;
use runtime::{AnyPorts, DirectoryStore, LocalPorts, LocalQueue, SystemClock};
use stage_ingest::Access;
use tokio::net::TcpListener;
use trigger::{App, Embedders, Parts, People, QueryEmbedder, QueryError, Settings};

use crate::args::{EmbedderArg, ServeArgs};
use crate::failure::{self, Exit, Failure};
use crate::output::talk;
use crate::reading::block_on;
use crate::stages::LocalStages;
use crate::{ledger, prose, schedules, setting};

/// Units at once: ingest and an embed unit overlap, and one more keeps the model busy at a unit's end.
const CONCURRENT_UNITS: usize = 3;
/// How long a job may take before it fails.
const TIME_LIMIT: Duration = Duration::from_secs(24 * 3_600);
/// Between two looks at a job that is followed; events of this process wake a look by themselves.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Between two looks for a message: what an idle server costs, and how long a job waits to begin.
const IDLE: Duration = Duration::from_millis(50);
/// Between two looks for lost messages; the first is at the start.
const REAP_EVERY: Duration = Duration::from_secs(30);
/// Between looks whether to stop.
pub(crate) const STOP_LOOK: Duration = Duration::from_millis(100);

pub(crate) fn serve(args: &ServeArgs, config: &Config) -> Result<(), Failure> {
    if args.allow_local && !args.host.is_loopback() {
        let message = format!(
            "`--allow-local` lets others read this machine's files while `--host {}` admits them",
            args.host
        );
        return Err(Failure::new(Exit::Usage, "local_paths_exposed", message)
            .with_help("leave out one of the two flags"));
    }
    let n_threads = args.threads.unwrap_or(config.embed.n_threads).max(1);
    let wanted = args.embedder.map(EmbedderArg::to_name);
    let embedder = match args.no_embeddings {
        true => None,
        false => Some(setting::local_embedder(config, wanted, config.embed.precision, n_threads)?),
    };
    let mut source = setting::source_config(&config.source)?;
    source.local_paths = args.allow_local;
    source.public_only = trigger::is_public_only(&config.api, args.host);
    let writer = prose::writer(config, None)?;
    trigger::check_exposure(&config.api, args.host)?;
    block_on(async {
        let people = people(config).await?;
        let access = match &people {
            Some(people) => {
                let app = people.app.as_ref().map(|it| it.app.clone());
                Access::with_grants(source.clone(), people.grants.clone()).with_app(app)
            }
            None => Access::own(source.clone()),
        };
        let stages = LocalStages::new(access, embedder.clone(), writer.clone(), n_threads).for_many_jobs();
        let ledger = ledger::open(config).await?;
        let watching: Arc<OnceLock<App>> = Arc::default();
        let ports = Arc::new(open_ports(config, Arc::clone(&watching))?);
        let worker = Arc::new(Worker::new(Arc::clone(&ports), stages, name("serve")));
        let pinned = embedder.as_ref().map(|embedder| stage_embed::pinned(embedder.class()));
        let schedules = Coordinator::new(Arc::clone(&ports), name("schedule"));
        let app = App::new(Parts {
            coordinator: Coordinator::new(ports, name("api")),
            ledger,
            people,
            source: source.clone(),
            embedders: Embedders::Own(pinned.clone()),
            query_embedder: embedder.map(|own| {
                let (config, loaded) = (config.embed.clone(), Mutex::default());
                Arc::new(Queries { own, config, loaded }) as Arc<dyn QueryEmbedder>
            }),
            writer,
            prices: trigger::prices(),
            settings: Settings {
                site: args.site.clone(),
                // `doctown build` writes to the same store.
                shares_store: true,
                ..Settings::of(&config.api, TIME_LIMIT, LOOK_EVERY)?
            },
        });
        // The first to see an event is set once: the app needs the ports that it watches.
        let _ = watching.set(app.clone());
        let address = SocketAddr::new(args.host, args.port);
        let listener = TcpListener::bind(address).await.map_err(|error| port_taken(address, &error))?;
        let listens_at = listener.local_addr().unwrap_or(address);
        resume(&worker).await?;
        let drain = CancelFlag::default();
        let listening = tokio::spawn(Signals::listen().set(drain.clone(), worker.stop_flag().clone()));
        talk(&format!(
            "http://{listens_at} (press Ctrl-C to stop; unfinished jobs resume at the next start)"
        ));
        let params = ServeParams {
            n_concurrent: CONCURRENT_UNITS,
            look: Duration::ZERO,
            idle: IDLE,
            reap_every: Some(REAP_EVERY),
            drain: drain.clone(),
            grace: config.host.grace,
            watch: Arc::new(Unwatched),
        };
        let stop = stopped(drain.clone(), worker.stop_flag().clone());
        let scheduling = tokio::spawn(schedules::keep(schedules, source, pinned, drain));
        let served = trigger::serve(app, listener, stop, config.host.grace);
        let (served, ()) = tokio::join!(served, work(&worker, &params));
        listening.abort();
        scheduling.abort();
        served.map_err(|error| port_taken(listens_at, &error))
    })
}

/// Opens the accounts where people have some; they lie beside the ledger.
pub(crate) async fn people(config: &Config) -> Result<Option<People>, Failure> {
    let Some(accounts) = &config.api.accounts else { return Ok(None) };
    let fallback = crate::people::address(accounts, config)?;
    let source = setting::source_config(&config.source)?;
    Ok(Some(People::open(accounts, &fallback, &source).await?))
}

fn name(what: &str) -> String {
    format!("{what}-{}-{}", std::process::id(), SystemClock.now())
}

fn open_ports(config: &Config, watching: Arc<OnceLock<App>>) -> Result<AnyPorts, Failure> {
    let folder = setting::store_folder(config)?;
    let store = DirectoryStore::open(folder).map_err(|error| failure::store_unusable(&error))?;
    let queue = LocalFolders::of_store(folder).served_queue();
    let queue = LocalQueue::open(&queue, SystemClock).map_err(|error| failure::of_queue(&error))?;
    let observer = move |event: &Envelope| {
        if let Some(app) = watching.get() {
            app.observe(event);
        }
    };
    Ok(LocalPorts {
        store: AnyStore::Directory(store),
        queue: AnyQueue::Local(queue),
        clock: SystemClock,
        observer: Some(Box::new(observer)),
    })
}

/// Goes on with what an earlier server left, as one who knows that nobody else is at work on it.
async fn resume(worker: &Worker<AnyPorts, LocalStages>) -> Result<(), Failure> {
    let coordinator = worker.coordinator();
    let unreadable = |error: pipeline::PipelineError| {
        Failure::new(Exit::Failed, "store_unavailable", error.to_string()).with_help("run `doctown doctor`")
    };
    for (tenant, job) in coordinator.all_active_jobs().await.map_err(unreadable)? {
        // A job that this version cannot read is left alone, as the reaper does.
        match coordinator.recover(&tenant, &job).await {
            Ok(_) | Err(pipeline::PipelineError::NoSuchJob { .. }) => {}
            Err(error) if error.is_of_one_job() => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    Ok(())
}

async fn stopped(drain: CancelFlag, stop: CancelFlag) {
    while !drain.is_set() && !stop.is_set() {
        tokio::time::sleep(STOP_LOOK).await;
    }
}

pub(crate) fn port_taken(address: SocketAddr, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, "port_unavailable", format!("cannot listen at {address}: {error}"))
        .with_help("choose another with `--port PORT`; 0 picks a free one")
}

/// Embeds queries for packs of any embedder; a model is loaded when the first question needs it.
struct Queries {
    /// That of this server's own jobs.
    own: Arc<Embedder>,
    config: EmbedConfig,
    loaded: Mutex<Option<Arc<Embedder>>>,
}

impl Queries {
    fn embedder(&self, weights: Digest) -> Result<Arc<Embedder>, QueryError> {
        if self.own.class().model_digest == weights {
            return Ok(Arc::clone(&self.own));
        }
        let built_in = Embedder::built_in();
        if built_in.class().model_digest == weights {
            return Ok(Arc::new(built_in));
        }
        let precision = [Precision::Int8, Precision::Fp32]
            .into_iter()
            .find(|precision| embed::model_digest(stage_embed::precision_of(*precision)) == weights);
        let precision = precision.ok_or(QueryError::OtherModel)?;
        let mut loaded = self.loaded.lock().map_err(|_| QueryError::Failed("it broke down".to_owned()))?;
        if let Some(embedder) = loaded.as_ref().filter(|it| it.class().model_digest == weights) {
            return Ok(Arc::clone(embedder));
        }
        let wanted = Some(EmbedderName::Minilm);
        let embedder = stage_embed::load_embedder(&self.config, wanted, precision, self.config.n_threads);
        let embedder = embedder.map_err(|error| match error {
            EmbedError::ModelMissing { .. } => QueryError::ModelMissing,
            error => QueryError::Failed(error.to_string()),
        })?;
        Ok(Arc::clone(loaded.insert(embedder)))
    }
}

impl QueryEmbedder for Queries {
    fn embed(&self, weights: Digest, texts: &[String]) -> Result<Vec<Vec<f32>>, QueryError> {
        let embedded = self.embedder(weights)?.embed(texts, &|| false);
        let embedded = embedded.map_err(|error| QueryError::Failed(error.to_string()))?;
        Ok(embedded.vectors.rows().map(<[f32]>::to_vec).collect())
    }

    fn second(&self) -> Option<Digest> {
        Some(embed::model_digest(stage_embed::precision_of(self.config.precision)))
    }
}
