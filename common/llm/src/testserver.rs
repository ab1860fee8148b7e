//! A server on this machine that answers as OpenAI's does, or fails as a script says.
//!
//! For tests, of this crate and of those above it: answers come from a closure that sees the question, faults
//! from [`Scenario`]s, one a request or by the model's name. It counts tokens with the real vocabulary, keeps
//! what was asked, and knows how many requests it had at once.
//! `examples/chat-server.rs` serves it on a port.

mod batches;
mod completion;
mod request;
mod sample;
mod scenario;

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use batches::{BatchEnd, BatchScript, Order};
pub use completion::Question;
pub use request::Request;
pub use scenario::{Scenario, Wait};

use crate::tokens::TokenCounter;
use batches::Batches;
use scenario::Answer;

/// Older requests are forgotten, so that a server can run for long.
const USUALLY_KEPT: usize = 20_000;

/// Makes the text of an answer.
pub type Answerer = Arc<dyn Fn(&Question) -> String + Send + Sync>;

/// What the server does.
#[derive(Clone)]
pub struct Script {
    /// Given out one a chat request, before anything else.
    pub scenarios: VecDeque<Scenario>,
    /// For requests that name one of these models.
    pub by_model: BTreeMap<String, Scenario>,
    /// For all others.
    pub usual: Scenario,
    pub answerer: Answerer,
    /// Between a chat request and its answer.
    pub latency: Duration,
    pub batch: BatchScript,
    /// Requests that [`TestServer::requests`] can return; older ones are forgotten.
    pub n_kept: usize,
}

impl Default for Script {
    /// Answers each question with the smallest text that its schema allows, at once.
    fn default() -> Self {
        Self {
            scenarios: VecDeque::new(),
            by_model: BTreeMap::new(),
            usual: Scenario::Answer,
            answerer: Arc::new(sample::answer),
            latency: Duration::ZERO,
            batch: BatchScript::default(),
            n_kept: USUALLY_KEPT,
        }
    }
}

impl Script {
    /// Answers with what a closure makes of the question.
    pub fn answering(answerer: impl Fn(&Question) -> String + Send + Sync + 'static) -> Self {
        Self { answerer: Arc::new(answerer), ..Self::default() }
    }

    /// Answers with the smallest text that the schema allows, and with this sentence for each text in it.
    ///
    /// `{name}` in it becomes the first name in backticks below the heading of the answer's id.
    pub fn saying(sentence: &str) -> Self {
        Self::saying_now_and_then(sentence, "", 0)
    }

    /// Answers likewise, with another sentence for each n-th text; 0 is never.
    pub fn saying_now_and_then(sentence: &str, other: &str, every: u64) -> Self {
        let (sentence, other, n_texts) = (sentence.to_owned(), other.to_owned(), AtomicU64::new(0));
        Self::answering(move |question| {
            let next = || {
                let n = n_texts.fetch_add(1, Ordering::Relaxed) + 1;
                if n.checked_rem(every) == Some(0) { other.as_str() } else { sentence.as_str() }
            };
            sample::answer_with(question, &next)
        })
    }

    /// Plays these for the next requests.
    pub fn then(mut self, scenarios: impl IntoIterator<Item = Scenario>) -> Self {
        self.scenarios.extend(scenarios);
        self
    }

    /// Plays this for every request that has nothing else.
    pub fn usually(self, usual: Scenario) -> Self {
        Self { usual, ..self }
    }

    /// Plays this for requests that name a model.
    pub fn for_model(mut self, model: &str, scenario: Scenario) -> Self {
        self.by_model.insert(model.to_owned(), scenario);
        self
    }

    pub fn with_latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    pub fn with_batch(self, batch: BatchScript) -> Self {
        Self { batch, ..self }
    }
}

/// A running server; it stops when it is dropped.
pub struct TestServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    over: Condvar,
}

struct State {
    script: Script,
    requests: VecDeque<Request>,
    n_requests: usize,
    n_running: usize,
    most_running: usize,
    batches: Batches,
    is_over: bool,
}

impl TestServer {
    /// Listens on a free port of the loopback address.
    pub fn start(script: Script) -> io::Result<Self> {
        Self::start_on(0, script)
    }

    /// Listens on this port of the loopback address.
    pub fn start_on(port: u16, script: Script) -> io::Result<Self> {
        // Read now, so that the first answer is as quick as the others.
        TokenCounter::for_model("gpt-4o-mini").count("");
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let state = State {
            script,
            requests: VecDeque::new(),
            n_requests: 0,
            n_running: 0,
            most_running: 0,
            batches: Batches::default(),
            is_over: false,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), over: Condvar::new() });
        let server = Arc::clone(&shared);
        let thread = std::thread::spawn(move || accept(&listener, &server));
        Ok(Self { address, shared, thread: Some(thread) })
    }

    /// Returns the base URL, as clients want it.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Returns how many requests came so far.
    pub fn n_requests(&self) -> usize {
        self.shared.lock().n_requests
    }

    /// Returns the most requests that were under way at once.
    pub fn most_parallel(&self) -> usize {
        self.shared.lock().most_running
    }

    /// Returns all requests that are kept, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.lock().requests.iter().cloned().collect()
    }

    /// Plays these for the next requests, after what is still to be played.
    pub fn then(&self, scenarios: impl IntoIterator<Item = Scenario>) {
        self.shared.lock().script.scenarios.extend(scenarios);
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.over.notify_all();
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            // A panic there has shown itself as a failed request already.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, unless the server stops; tells whether it still runs.
    fn wait(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut state = self.lock();
        while !state.is_over {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.over.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        !state.is_over
    }

    fn note(&self, request: &Request) {
        let mut state = self.lock();
        state.n_requests += 1;
        state.n_running += 1;
        state.most_running = state.most_running.max(state.n_running);
        state.requests.push_back(request.clone());
        while state.requests.len() > state.script.n_kept {
            state.requests.pop_front();
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        if !request.path.ends_with("/chat/completions") {
            let mut state = self.lock();
            let (script, answerer) = (state.script.batch.clone(), Arc::clone(&state.script.answerer));
            return state.batches.answer(request, &script, &answerer);
        }
        let Some(question) = Question::read(&request.body) else {
            return Answer::error(400, "invalid_request_error", None, "the body is no chat request");
        };
        let mut state = self.lock();
        let named = state.script.by_model.get(&question.model).cloned();
        let usual = state.script.usual.clone();
        let scenario = state.script.scenarios.pop_front().or(named).unwrap_or(usual);
        let (answerer, latency) = (Arc::clone(&state.script.answerer), state.script.latency);
        let number = state.n_requests;
        drop(state);
        scenario.play(&question, &answerer, number).after(latency)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.lock().is_over {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        // A client that hangs up early is part of many tests.
        std::thread::spawn(move || drop(serve(stream, &shared)));
    }
}

/// Answers one connection's requests, one after another.
fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = request::read(&mut reader)? {
        shared.note(&request);
        let answer = shared.answer(&request);
        let still_runs = shared.wait(answer.latency);
        shared.lock().n_running -= 1;
        if !still_runs {
            return Ok(());
        }
        let (bytes, is_whole) = answer.bytes();
        stream.write_all(&bytes)?;
        if !is_whole {
            return Ok(());
        }
    }
    Ok(())
}
