//! The port of a process: health for the platform, metrics for whoever watches, and units by request.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use pipeline::port::QueueName;
use pipeline::{AttemptLimits, Ports, Queue, StageName, Stages};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tracing::info;

use crate::host::StartError;
use crate::host::once::OnceError;
use crate::host::process::Process;

/// Longest request: RunPod takes no longer one.
const MAX_BODY_BYTES: usize = 10_000_000;
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const RETRY_AFTER_SECONDS: &str = "5";

/// A port that is open.
pub(super) struct Server {
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    /// Closes the port once every request that was begun has its answer.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.serving.await;
    }
}

/// Whether a process can work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    Starting,
    Ready,
    /// It ends what it has begun, and begins nothing.
    Draining,
}

/// What is behind a port.
pub(super) trait Door: Send + Sync + 'static {
    fn readiness(&self) -> Readiness;

    /// Writes what is counted, in the OpenMetrics text format.
    fn metrics(&self) -> impl Future<Output = String> + Send;

    /// Answers what was posted.
    fn run(&self, body: &str) -> impl Future<Output = Response> + Send;
}

/// Opens the port and answers until the server is stopped.
pub(super) async fn listen<D: Door>(door: Arc<D>, address: SocketAddr) -> Result<Server, StartError> {
    let refused = |error: std::io::Error| {
        StartError::new("port_unavailable", format!("cannot listen at {address}: {error}"))
    };
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    info!("listening at {}", listener.local_addr().unwrap_or(address));
    let routes = Router::new()
        .route("/health", get(health::<D>))
        .route("/ping", get(health::<D>))
        .route("/metrics", get(metrics::<D>))
        .route("/run", post(run::<D>))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(door);
    let (stop, stopped) = oneshot::channel();
    let serving = tokio::spawn(async move {
        let server = axum::serve(listener, routes).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let _ = server.await;
    });
    Ok(Server { stop, serving })
}

/// 204 while the stage is made, 200 once it can work, 503 once it begins nothing new.
async fn health<D: Door>(State(door): State<Arc<D>>) -> Response {
    let body = |status| json!({"status": status, "version": env!("CARGO_PKG_VERSION")});
    match door.readiness() {
        Readiness::Starting => StatusCode::NO_CONTENT.into_response(),
        Readiness::Ready => answer(StatusCode::OK, &body("ok")),
        Readiness::Draining => answer(StatusCode::SERVICE_UNAVAILABLE, &body("draining")),
    }
}

async fn metrics<D: Door>(State(door): State<Arc<D>>) -> Response {
    ([(header::CONTENT_TYPE, OPENMETRICS)], door.metrics().await).into_response()
}

async fn run<D: Door>(State(door): State<Arc<D>>, body: String) -> Response {
    door.run(&body).await
}

impl<S: Stages> Door for Process<S> {
    fn readiness(&self) -> Readiness {
        match (self.ready.initialized(), self.drain.is_set()) {
            (_, true) => Readiness::Draining,
            (true, false) => Readiness::Ready,
            (false, false) => Readiness::Starting,
        }
    }

    async fn metrics(&self) -> String {
        if let Some(ready) = self.ready.get() {
            let (stages, queue) = (ready.worker.stages(), ready.worker.coordinator().ports().queue());
            let served = StageName::ALL.into_iter().filter(|stage| stages.version(*stage).is_some());
            for name in served.flat_map(|stage| [QueueName::work(stage), QueueName::dead(stage)]) {
                // A queue that does not answer keeps its last figure.
                if let Ok(n_messages) = queue.depth(name).await {
                    self.metrics.set_depth(name, n_messages);
                }
            }
        }
        self.metrics.text()
    }

    /// Runs one unit and answers when it is over.
    async fn run(&self, body: &str) -> Response {
        if self.drain.is_set() {
            return problem(StatusCode::SERVICE_UNAVAILABLE, "draining", "this process begins nothing new");
        }
        match self.handle(body, &AttemptLimits::default()).await {
            Ok(done) => answer(StatusCode::OK, &serde_json::to_value(&done).unwrap_or_default()),
            Err(error) => problem(status_of(&error), error.code(), &error.to_string()),
        }
    }
}

fn status_of(error: &OnceError) -> StatusCode {
    match error {
        OnceError::Malformed { .. } | OnceError::Incomplete { .. } => StatusCode::BAD_REQUEST,
        OnceError::NotReady | OnceError::Pipeline(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Answers as RFC 9457 has it.
pub(super) fn problem(status: StatusCode, code: &str, detail: &str) -> Response {
    let body = json!({"type": "about:blank", "title": code, "status": status.as_u16(), "code": code, "detail": detail});
    let retry: Option<(HeaderName, &str)> =
        (status == StatusCode::SERVICE_UNAVAILABLE).then_some((header::RETRY_AFTER, RETRY_AFTER_SECONDS));
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
    if let Some((name, seconds)) = retry {
        response.headers_mut().insert(name, header::HeaderValue::from_static(seconds));
    }
    response
}
