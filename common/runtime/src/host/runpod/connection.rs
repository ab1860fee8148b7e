//! The connections to the control plane, and the headers that every request carries.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder};
use tokio::sync::Notify;
use tracing::info;

use crate::config::RunpodSettings;
use crate::host::runpod::RunpodError;
use crate::http;

/// FlashBoot lets a process sleep; no peer keeps a connection open longer than this unseen.
const CLOCK_JUMP: Duration = Duration::from_secs(60);
/// How often the clock is looked at; far less than what counts as a jump.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A connection whose peer is gone is found out in about a minute, also where no answer is due.
const KEEPALIVE: Duration = Duration::from_secs(15);

/// Sends requests; clones share their connections.
#[derive(Clone)]
pub(super) struct Connection {
    key: Option<HeaderValue>,
    connect: Duration,
    pool: Arc<Pool>,
}

struct Pool {
    open: Mutex<Open>,
    jumped: Notify,
}

struct Open {
    client: Client,
    seen_at: SystemTime,
}

impl Connection {
    pub(super) fn new(settings: &RunpodSettings) -> Result<Self, RunpodError> {
        let key = settings.key.as_ref().map(|key| HeaderValue::from_str(key.expose())).transpose();
        let mut key = key.map_err(|error| RunpodError::Unusable {
            name: "RUNPOD_AI_API_KEY",
            reason: error.to_string(),
        })?;
        if let Some(key) = &mut key {
            key.set_sensitive(true);
        }
        let connect = settings.waits.connect;
        let client =
            new_client(connect).map_err(|error| RunpodError::CannotStart { reason: format!("{error:?}") })?;
        let open = Mutex::new(Open { client, seen_at: SystemTime::now() });
        Ok(Self { key, connect, pool: Arc::new(Pool { open, jumped: Notify::new() }) })
    }

    /// Begins a GET.
    pub(super) fn get(&self, url: &str, timeout: Duration) -> RequestBuilder {
        self.with_key(self.client().get(url)).timeout(timeout)
    }

    /// Begins a long poll; like RunPod's own worker it names a content type without having content.
    pub(super) fn poll(&self, url: &str, timeout: Duration) -> RequestBuilder {
        self.get(url, timeout).header(CONTENT_TYPE, "application/json")
    }

    /// Begins a POST of JSON, which goes under another content type, and under its job's id.
    pub(super) fn post(&self, url: &str, job_id: &str, body: Vec<u8>, timeout: Duration) -> RequestBuilder {
        let mut request = self.client().post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        request = request.header("charset", "utf-8");
        if let Ok(id) = HeaderValue::from_str(job_id) {
            request = request.header("X-Request-ID", id);
        }
        self.with_key(request).body(body).timeout(timeout)
    }

    /// Returns once the process is found to have slept: what waits for an answer then waits for nothing.
    pub(super) async fn jumped(&self) {
        self.pool.jumped.notified().await;
    }

    /// Looks at the clock for ever.
    pub(super) async fn watch_clock(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            self.look(SystemTime::now());
        }
    }

    /// Drops the connections that are open if the clock jumped since the last look.
    fn look(&self, now: SystemTime) {
        let mut open = self.pool.open.lock().unwrap_or_else(PoisonError::into_inner);
        let gap = now.duration_since(open.seen_at).unwrap_or_else(|error| error.duration());
        open.seen_at = now;
        if gap <= CLOCK_JUMP {
            return;
        }
        info!(gap_s = gap.as_secs(), "the clock jumped by {} s, connections are made anew", gap.as_secs());
        // A client was made before, so one can be made; otherwise the old one still serves.
        if let Ok(client) = new_client(self.connect) {
            open.client = client;
        }
        self.pool.jumped.notify_waiters();
    }

    fn client(&self) -> Client {
        self.look(SystemTime::now());
        self.pool.open.lock().unwrap_or_else(PoisonError::into_inner).client.clone()
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.key {
            Some(key) => request.header(AUTHORIZATION, key.clone()),
            None => request,
        }
    }
}

fn new_client(connect: Duration) -> Result<Client, reqwest::Error> {
    http::client_builder().connect_timeout(connect).tcp_keepalive(KEEPALIVE).build()
}

#[cfg(all(test, feature = "test-server"))]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::testserver::{Script, TestServer};

    #[tokio::test]
    async fn connections_are_kept_until_the_clock_jumps() {
        let server = TestServer::start(Script::default()).expect("a port is free");
        let set = server.environment();
        let pairs = set.iter().map(|(name, value)| (*name, value.as_str())).chain([("DOCTOWN_HOME", "/d")]);
        let settings = Config::from_pairs(pairs).expect("it can be read").runpod.expect("it is set");
        let connection = Connection::new(&settings).expect("a client can be made");
        let url = server.url("/ping/pod");
        let began = SystemTime::now();
        // Waking up two minutes later, then a correction of the clock back to where it was.
        for now in [0, 30, 60, 180, 190, 0] {
            connection.look(began + Duration::from_secs(now));
            let client = connection.pool.open.lock().expect("nobody panicked").client.clone();
            let answer = client.get(&url).send().await.expect("the server answers");
            answer.bytes().await.expect("the answer is whole");
        }
        let of: Vec<usize> = server.requests().iter().map(|request| request.connection).collect();
        assert_eq!(of, [1, 1, 1, 2, 2, 3]);
    }
}
