//! The API as a process of its own: store and queues in a cloud, a ledger that several processes share.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use ledger::Ledger;
use pipeline::{Clock, Coordinator};
use runtime::host::StartError;
use runtime::host::task::{self, Task};
use runtime::{SystemClock, cloud};
use tokio::net::TcpListener;
use writing::Writer;

use crate::{App, Embedders, Parts, People, Settings, serve, sync};

/// How long a job may take before it fails.
const TIME_LIMIT: Duration = Duration::from_secs(6 * 3_600);
/// Between two looks at a job that is followed: each is some requests to the store.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between looks whether to stop.
const STOP_LOOK: Duration = Duration::from_millis(200);

/// Runs the process until it is told to stop.
pub fn main() -> ExitCode {
    task::main_at_own_port(work)
}

async fn work(task: Arc<Task>) -> Result<(), StartError> {
    let config = &task.config;
    let listen = config.host.listen.ok_or_else(|| {
        StartError::new("no_port", "the API needs a port")
            .with_help("set PORT, and DOCTOWN_LISTEN where it matters")
    })?;
    crate::check_exposure(&config.api, listen.ip())?;
    let database = config.api.database_url.as_ref().ok_or_else(|| {
        StartError::new("no_ledger", "the API needs a ledger that its processes share")
            .with_help("set DATABASE_URL to `postgres://USER:PASSWORD@HOST/DATABASE`")
    })?;
    let ports = cloud::open_any(config, None).await?;
    let ledger = Ledger::open(database.expose())
        .await
        .map_err(|error| StartError::new("ledger_unavailable", error.to_string()))?;
    let people = match &config.api.accounts {
        None => None,
        Some(accounts) => {
            let source = stage_ingest::source_config(&config.source)?;
            Some(People::open(accounts, database.expose(), &source).await?)
        }
    };
    let name = format!("api-{}-{}", std::process::id(), SystemClock.now());
    let writer =
        Writer::from_config(&config.llm).map_err(|error| StartError::new(error.code(), error.to_string()))?;
    let mut source = stage_ingest::source_config(&config.source)?;
    // Strangers type the addresses here.
    source.local_paths = false;
    source.public_only = crate::is_public_only(&config.api, listen.ip());
    let app = App::new(Parts {
        coordinator: Coordinator::new(Arc::new(ports), name),
        ledger,
        people,
        source,
        embedders: Embedders::Announced,
        query_embedder: None,
        writer,
        prices: crate::prices(),
        settings: Settings {
            redirect_downloads: config.api.redirect_downloads,
            ..Settings::of(&config.api, TIME_LIMIT, LOOK_EVERY)?
        },
    });
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        StartError::new("port_unavailable", format!("cannot listen at {listen}: {error}"))
    })?;
    let listens_at = listener.local_addr().unwrap_or(listen);
    tracing::info!("the API listens at {listens_at}");
    task.is_ready();
    let filling = tokio::spawn(sync::fill_if_empty(app.clone()));
    let drain = task.drain.clone();
    let stop = async move {
        while !drain.is_set() {
            tokio::time::sleep(STOP_LOOK).await;
        }
    };
    let served = serve(app, listener, stop, config.host.grace).await;
    filling.abort();
    served.map_err(|error| StartError::new("port_unavailable", error.to_string()))
}
