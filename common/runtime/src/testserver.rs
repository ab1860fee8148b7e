//! A RunPod control plane on this machine that answers as a script says.
//!
//! For tests, of this crate and of those above it. It notes every request, holds a poll open as the real
//! one does, and knows nothing of jobs: what is taken and what is answered is the script's.
//! RunPod's own worker can be run against it too, which is what `scripts/check-runpod` does.

mod answer;
mod request;
mod scenarios;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use answer::{Answer, When};
pub use request::{Request, Route};
pub use scenarios::{GPU, SCENARIOS, Scenario, scenario};

/// Longer than anything that a test waits for takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server does, route by route.
#[derive(Debug, Clone)]
pub struct Script {
    /// Given out one a request; afterwards the route's usual answer follows.
    pub answers: BTreeMap<Route, VecDeque<Answer>>,
    /// How long a poll for which nothing is left stays open.
    pub idle: Duration,
}

/// A running server; it stops when it is dropped.
pub struct TestServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    script: Script,
    requests: Vec<Request>,
    open_gates: BTreeSet<String>,
    n_connections: usize,
    is_over: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self { answers: BTreeMap::new(), idle: Duration::from_millis(100) }
    }
}

impl Script {
    /// Adds answers to a route.
    pub fn then(mut self, route: Route, answers: impl IntoIterator<Item = Answer>) -> Self {
        self.answers.entry(route).or_default().extend(answers);
        self
    }
}

impl TestServer {
    /// Listens on a free port of the loopback address.
    pub fn start(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let state = State {
            script,
            requests: Vec::new(),
            open_gates: BTreeSet::new(),
            n_connections: 0,
            is_over: false,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let server = Arc::clone(&shared);
        let thread = std::thread::spawn(move || accept(&listener, &server));
        Ok(Self { address, shared, thread: Some(thread) })
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the variables that RunPod would set, with templates as it writes them.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let template = |path: &str| self.url(&format!("/v2/ep123/{path}?gpu={}", GPU.replace(' ', "+")));
        vec![
            ("RUNPOD_WEBHOOK_GET_JOB", template("job-take/$ID")),
            ("RUNPOD_WEBHOOK_POST_OUTPUT", template("job-done/$RUNPOD_POD_ID/$ID")),
            ("RUNPOD_WEBHOOK_POST_STREAM", template("job-stream/$RUNPOD_POD_ID/$ID")),
            ("RUNPOD_WEBHOOK_PING", template("ping/$RUNPOD_POD_ID")),
            ("RUNPOD_AI_API_KEY", "wk-secret".to_owned()),
            ("RUNPOD_POD_ID", "pod-abc".to_owned()),
            ("RUNPOD_POD_HOSTNAME", "host-1".to_owned()),
            ("RUNPOD_ENDPOINT_ID", "ep123".to_owned()),
        ]
    }

    /// Lets answers go that wait for this gate, now and later.
    pub fn open(&self, gate: &str) {
        self.shared.lock().open_gates.insert(gate.to_owned());
        self.shared.changed.notify_all();
    }

    /// Returns all requests so far, in the order in which they came.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.lock().requests.clone()
    }

    /// Returns the requests of one route so far.
    pub fn of(&self, route: Route) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.route == route).collect()
    }

    /// Waits until this many requests of a route came, and returns them.
    ///
    /// # Panics
    /// When they do not come within a minute.
    pub fn wait_for(&self, route: Route, n_requests: usize) -> Vec<Request> {
        self.wait_until(|requests| n_of(requests, route) >= n_requests);
        self.of(route)
    }

    /// Waits until the requests that came are as wanted.
    ///
    /// # Panics
    /// When they are not within a minute.
    pub fn wait_until(&self, is_wanted: impl Fn(&[Request]) -> bool) {
        let is_missing = |state: &mut State| !is_wanted(&state.requests);
        let waited = self.shared.changed.wait_timeout_while(self.shared.lock(), PATIENCE, is_missing);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        let seen: Vec<String> = state.requests.iter().map(Request::to_string).collect();
        drop(state);
        assert!(!timeout.timed_out(), "what was awaited did not come, but\n{}", seen.join("\n"));
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
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

    /// Notes a request and chooses its answer.
    fn note(&self, request: Request) -> Answer {
        let mut state = self.lock();
        let route = request.route;
        state.requests.push(request);
        let scripted = state.script.answers.get_mut(&route).and_then(VecDeque::pop_front);
        let answer = scripted.unwrap_or_else(|| Answer::usual(route, state.script.idle));
        drop(state);
        self.changed.notify_all();
        answer
    }

    /// Waits until an answer may go; tells whether the server still runs.
    fn wait_until(&self, when: &When) -> bool {
        let ready = |state: &State| match when {
            When::Now => true,
            When::Seen(route, n_requests) => n_of(&state.requests, *route) >= *n_requests,
            When::Opened(gate) => state.open_gates.contains(gate),
            When::After(_) => false,
        };
        let limit = if let When::After(wait) = when { *wait } else { Duration::MAX };
        let until = Instant::now().checked_add(limit);
        let mut state = self.lock();
        while !state.is_over && !ready(&state) {
            let left = until.map_or(PATIENCE, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        !state.is_over
    }
}

fn n_of(requests: &[Request], route: Route) -> usize {
    requests.iter().filter(|request| request.route == route).count()
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        let mut state = shared.lock();
        if state.is_over {
            return;
        }
        state.n_connections += 1;
        let connection = state.n_connections;
        drop(state);
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        // A client that hangs up early is part of many tests.
        std::thread::spawn(move || drop(serve(stream, connection, &shared)));
    }
}

/// Answers one connection's requests, one after another.
fn serve(mut stream: TcpStream, connection: usize, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some(request) = request::read(&mut reader, connection)? {
        let answer = shared.note(request);
        for when in &answer.when {
            if !shared.wait_until(when) {
                return Ok(());
            }
        }
        if answer.is_lost {
            return Ok(());
        }
        answer.write(&mut stream)?;
    }
    Ok(())
}
