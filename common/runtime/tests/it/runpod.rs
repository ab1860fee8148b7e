//! The RunPod worker against a control plane that answers as each test says.

mod by_mode;
mod ending;
mod endpoint;
mod heartbeat;
mod jobs;
mod results;
mod takes;
mod transcript;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use pipeline::CancelFlag;
use runtime::config::{Config, RunpodSettings};
use runtime::host::runpod::{HandlerError, JobContext, RunpodError, RunpodHandler, RunpodJob, work};
use runtime::testserver::{Answer, Request, Route, Script, TestServer};
use serde_json::Value;

/// Waits between requests are this many times shorter than on RunPod.
const QUICKENED: u32 = 50;

/// What a function answers that has more than one way to.
type Answered = Pin<Box<dyn Future<Output = Result<Value, HandlerError>> + Send>>;

/// A handler from a function.
struct By<F>(F);

impl<F, A> RunpodHandler for By<F>
where
    F: Fn(RunpodJob, JobContext) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Value, HandlerError>> + Send,
{
    fn run(
        &self,
        job: RunpodJob,
        context: JobContext,
    ) -> impl Future<Output = Result<Value, HandlerError>> + Send {
        (self.0)(job, context)
    }
}

/// A worker on a thread of its own.
struct Running {
    stop: CancelFlag,
    thread: JoinHandle<Result<(), RunpodError>>,
}

impl Running {
    /// Asks the worker to end and waits until it has.
    fn end(self) -> Result<(), RunpodError> {
        self.stop.set();
        self.join()
    }

    fn join(self) -> Result<(), RunpodError> {
        self.thread.join().expect("the worker does not panic")
    }
}

fn server(script: Script) -> TestServer {
    TestServer::start(script).expect("a port is free")
}

/// A server that hands these jobs out and then has no more.
fn server_with(takes: impl IntoIterator<Item = Answer>) -> TestServer {
    server(Script::default().then(Route::Take, takes))
}

/// The settings of a worker of this server, quickened.
fn settings(server: &TestServer) -> RunpodSettings {
    settings_with(server, &[])
}

fn settings_with(server: &TestServer, changes: &[(&str, &str)]) -> RunpodSettings {
    let given = server.environment();
    let pairs = given.iter().map(|(name, value)| (*name, value.as_str()));
    let pairs = pairs.chain([("DOCTOWN_HOME", "/d")]).chain(changes.iter().copied());
    let config = Config::from_pairs(pairs).expect("the server's environment can be read");
    let mut settings = config.runpod.expect("a place to take jobs is set");
    settings.waits = settings.waits.quickened(QUICKENED);
    if let Some(ping) = &mut settings.ping {
        ping.interval = Duration::from_millis(20);
    }
    settings
}

fn start<H: RunpodHandler>(settings: &RunpodSettings, handler: H) -> Running {
    let (settings, stop) = (settings.clone(), CancelFlag::default());
    let flag = stop.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("threads can be made");
        let working = runtime.spawn(async move { work(&settings, Arc::new(handler), flag).await });
        runtime.block_on(working).expect("the worker does not panic")
    });
    Running { stop, thread }
}

/// Waits for some more signs of life: whatever the worker looks at by the clock, it has looked at by then.
fn let_time_pass(server: &TestServer) {
    server.wait_for(Route::Ping, server.of(Route::Ping).len() + 15);
}

/// The results of a job, without its progress.
fn results_of(server: &TestServer, job: &str) -> Vec<Request> {
    let done = server.of(Route::Done).into_iter().filter(|request| request.last_segment() == job);
    done.filter(|request| request.json()["status"] != "IN_PROGRESS").collect()
}

/// What an error says, read from the text that it is sent as.
fn error_of(request: &Request) -> Value {
    let body = request.json();
    assert!(body.get("output").is_none(), "a failure has no output: {body}");
    let text = body["error"].as_str().expect("an error is text");
    assert!(text.len() <= 8_192, "an error has {} bytes", text.len());
    serde_json::from_str(text).expect("the text is JSON")
}

fn code_of(request: &Request) -> String {
    error_of(request)["error_type"].as_str().expect("an error has a type").to_owned()
}
