//! The client of an endpoint's API.

use std::time::Duration;

use runtime::config::{Config, RunpodApiSettings};
use runtime::runpod_api::{Endpoint, EndpointError, JobRequest, JobState, Policy};
use runtime::testserver::{Answer, Route, Script, TestServer};
use serde_json::json;

use crate::runpod::server;

fn api(base_url: &str) -> RunpodApiSettings {
    let pairs =
        [("DOCTOWN_HOME", "/d"), ("RUNPOD_API_KEY", "rp-key"), ("RUNPOD_ENDPOINT_BASE_URL", base_url)];
    Config::from_pairs(pairs).unwrap().runpod_api.unwrap()
}

/// An endpoint that answers so, one call after another.
fn endpoint(answers: impl IntoIterator<Item = Answer>) -> (TestServer, Endpoint) {
    let server = server(Script::default().then(Route::Other, answers));
    let endpoint = Endpoint::new(&api(&server.url("/v2/")), "ep-1").unwrap();
    (server, endpoint)
}

fn status(word: &str) -> Answer {
    Answer::json(&json!({"id": "j-1-u1", "status": word}))
}

fn job() -> JobRequest {
    JobRequest { input: json!({"unit": 1}), webhook: None, policy: None }
}

#[tokio::test]
async fn a_job_is_sent_followed_and_cancelled() {
    let done = json!({"id": "j-1-u1", "status": "COMPLETED", "output": {"a": 1}, "delayTime": 17,
        "executionTime": 2.5, "workerId": "w", "something": "new"});
    let failed = json!({"id": "j-1-u1", "status": "FAILED", "error": "{\"error_type\":\"x\"}"});
    let counts = json!({"jobs": {"inQueue": 3, "retried": 0}, "workers": {"idle": 1, "by_region": {}}});
    let (server, endpoint) = endpoint([
        status("IN_QUEUE"),
        Answer::json(&done),
        Answer::json(&failed),
        status("CANCELLED"),
        Answer::json(&counts),
    ]);
    let policy = Policy {
        execution_timeout: Duration::from_secs(60),
        ttl: Duration::from_secs(3_600),
        low_priority: false,
    };
    let webhook = Some("https://example.org/hook".to_owned());
    let sent = endpoint.run(&JobRequest { webhook, policy: Some(policy), ..job() }).await.unwrap();
    assert_eq!((sent.id.as_str(), &sent.state), ("j-1-u1", &JobState::InQueue));
    let done = endpoint.status("j-1-u1").await.unwrap();
    assert_eq!((&done.output, done.state.is_final()), (&Some(json!({"a": 1})), true));
    assert_eq!((done.delay_ms, done.execution_ms, done.worker_id.as_deref()), (Some(17), Some(2), Some("w")));
    let failed = endpoint.status("j/1").await.unwrap();
    assert_eq!((failed.state, failed.output, failed.error.is_some()), (JobState::Failed, None, true));
    assert_eq!(endpoint.cancel("j-1-u1").await.unwrap().state, JobState::Cancelled);
    let health = endpoint.health().await.unwrap();
    assert_eq!((health.jobs["inQueue"], health.workers.len()), (3, 1));

    let told: Vec<String> =
        server.requests().iter().map(|call| format!("{} {}", call.method, call.path)).collect();
    assert_eq!(
        told,
        [
            "POST /v2/ep-1/run",
            "GET /v2/ep-1/status/j-1-u1",
            "GET /v2/ep-1/status/j/1",
            "POST /v2/ep-1/cancel/j-1-u1",
            "GET /v2/ep-1/health",
        ]
    );
    let run = &server.requests()[0];
    let policy = json!({"executionTimeout": 60_000, "ttl": 3_600_000, "lowPriority": false});
    let wanted = json!({"input": {"unit": 1}, "webhook": "https://example.org/hook", "policy": policy});
    assert_eq!(run.json(), wanted);
    assert_eq!(run.header("content-type"), Some("application/json"));
    assert!(server.requests().iter().all(|call| call.header("authorization") == Some("Bearer rp-key")));
}

#[tokio::test]
async fn every_word_is_a_state() {
    for (word, state, is_final) in [
        ("IN_QUEUE", JobState::InQueue, false),
        ("IN_PROGRESS", JobState::InProgress, false),
        ("RUNNING", JobState::InProgress, false),
        ("COMPLETED", JobState::Completed, true),
        ("FAILED", JobState::Failed, true),
        ("CANCELLED", JobState::Cancelled, true),
        ("TIMED_OUT", JobState::TimedOut, true),
        ("PAUSED", JobState::Other("PAUSED".to_owned()), false),
    ] {
        let (_server, endpoint) = endpoint([status(word)]);
        let told = endpoint.status("j").await.unwrap().state;
        assert_eq!((&told, told.is_final()), (&state, is_final), "{word}");
    }
}

#[tokio::test]
async fn every_failure_is_a_decision() {
    let refused = |reason: &str| EndpointError::Refused { reason: reason.to_owned() };
    let unavailable = |reason: &str| EndpointError::Unavailable { reason: reason.to_owned() };
    let throttled = |seconds| EndpointError::Throttled { after: Duration::from_secs(seconds) };
    for (answer, error) in [
        (Answer::status(429).with_header("Retry-After", "7"), throttled(7)),
        (Answer::status(429), throttled(10)),
        (Answer::status(404), EndpointError::NotFound),
        (Answer::status(401), EndpointError::NotAuthorised),
        (Answer::status(403), EndpointError::NotAuthorised),
        (Answer::status(400).with_body("no input, rp-key"), refused("status 400: no input, [hidden]")),
        (
            Answer::status(413).with_body("x".repeat(500)),
            refused(&format!("status 413: {}", "x".repeat(300))),
        ),
        (Answer::status(502).with_body("later"), unavailable("status 502: later")),
        (Answer::status(302).with_header("Location", "/"), unavailable("status 302: ")),
        (Answer::status(408), unavailable("status 408")),
    ] {
        let (_server, endpoint) = endpoint([answer]);
        assert_eq!(endpoint.run(&job()).await.unwrap_err(), error);
    }
    for unclear in [Answer::lost(), Answer::status(200), Answer::json(&json!({"id": 7}))] {
        let (_server, endpoint) = endpoint([unclear]);
        let error = endpoint.run(&job()).await.unwrap_err();
        assert!(matches!(error, EndpointError::Unavailable { .. }), "{error}");
    }
}

#[tokio::test]
async fn ids_cannot_lead_elsewhere() {
    let (server, endpoint) = endpoint([status("FAILED")]);
    for id in ["", ".", ".."] {
        assert!(matches!(endpoint.status(id).await, Err(EndpointError::Refused { .. })), "`{id}`");
        assert!(Endpoint::new(&api("http://x"), id).is_err());
    }
    assert!(server.requests().is_empty());
    endpoint.cancel("a/../../b?c#d").await.unwrap();
    assert_eq!(server.requests()[0].path, "/v2/ep-1/cancel/a/../../b?c#d", "as it is read after decoding");
    assert!(server.requests()[0].query.is_empty());
}

#[test]
fn a_client_needs_a_key() {
    let settings = Config::from_pairs([("DOCTOWN_HOME", "/d")]).unwrap();
    assert_eq!((settings.runpod, settings.runpod_api), (None, None));
    let api = Config::from_pairs([("DOCTOWN_HOME", "/d"), ("RUNPOD_API_KEY", "k\n")]).unwrap().runpod_api;
    let api = api.unwrap();
    assert_eq!((api.base_url.as_str(), api.key.expose()), ("https://api.runpod.ai/v2", "k"));
    assert_eq!(serde_json::to_value(job()).unwrap(), json!({"input": {"unit": 1}}));
}
