//! Signs of life, and of unfitness.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use runtime::host::runpod::report_unhealthy;
use runtime::testserver::{Answer, Route, Script, When};
use serde_json::json;

use crate::runpod::by_mode::ByMode;
use crate::runpod::{Answered, By, server, server_with, settings, settings_with, start};

#[test]
fn pings_go_on_while_every_core_and_every_thread_of_the_worker_is_busy() {
    let jobs: Vec<_> = (0..4).map(|n| json!({"id": format!("j{n}"), "input": n})).collect();
    let server = server_with([Answer::json(&json!(jobs))]);
    let is_over = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&is_over);
    // The worker has two threads; four such jobs leave none of them for anything else.
    let handler = By(move |_, _| -> Answered {
        let flag = Arc::clone(&flag);
        Box::pin(async move {
            while !flag.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
            Ok(json!("done"))
        })
    });
    let n_cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let spinning: Vec<_> = (0..n_cores)
        .map(|_| {
            let flag = Arc::clone(&is_over);
            std::thread::spawn(move || {
                while !flag.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        })
        .collect();
    let running = start(&settings_with(&server, &[("DOCTOWN_CONCURRENCY", "4")]), handler);
    server.wait_until(|requests| requests.iter().any(|ping| ping.parameter("job_id").is_some()));
    let n_pings = server.of(Route::Ping).len();
    let pings = server.wait_for(Route::Ping, n_pings + 20);
    assert_eq!(pings.last().unwrap().parameter("job_id"), Some("j0,j1,j2,j3"));
    assert!(server.of(Route::Done).is_empty());
    is_over.store(true, Ordering::Relaxed);
    server.wait_for(Route::Done, 4);
    running.end().unwrap();
    spinning.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn a_job_is_named_until_its_result_was_accepted() {
    let held = Answer::status(200).when(When::Opened("accepted".to_owned()));
    let script = Script::default().then(Route::Take, [Answer::job("one", json!({"mode": "ok"}))]);
    let server = server(script.then(Route::Done, [held]));
    let running = start(&settings(&server), ByMode);
    server.wait_for(Route::Done, 1);
    let pings = server.wait_for(Route::Ping, server.of(Route::Ping).len() + 2);
    let ping = pings.last().unwrap();
    assert_eq!(ping.parameter("job_id"), Some("one"));
    assert_eq!(ping.parameter("runpod_version"), Some("1.12.0"));
    assert_eq!(ping.parameter("gpu"), Some("NVIDIA GeForce RTX 4090"));
    assert_eq!(ping.header("authorization"), Some("wk-secret"));
    server.open("accepted");
    let all = server.of(Route::Ping).len();
    assert_eq!(server.wait_for(Route::Ping, all + 3).last().unwrap().parameter("job_id"), None);
    running.end().unwrap();
}

#[test]
fn pings_that_fail_are_followed_by_others() {
    let failures = [Answer::status(500), Answer::lost(), Answer::status(401), Answer::status(429)];
    let server = server(Script::default().then(Route::Ping, failures));
    let mut settings = settings(&server);
    settings.ping.as_mut().unwrap().interval = Duration::from_secs(600);
    let running = start(&settings, ByMode);
    // The fifth is accepted, and the next one would come in ten minutes.
    server.wait_for(Route::Ping, 5);
    running.end().unwrap();
    assert_eq!(server.of(Route::Ping).len(), 6, "the last ping is the sixth");
}

#[test]
fn an_interval_is_kept_within_reason() {
    let server = server_with([]);
    for (given, kept) in [("0", 1), ("999", 1), ("10000", 10), ("99999999", 60)] {
        let pairs = server.environment();
        let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
        let pairs = pairs.chain([("DOCTOWN_HOME", "/d"), ("RUNPOD_PING_INTERVAL", given)]);
        let settings = runtime::config::Config::from_pairs(pairs).unwrap().runpod.unwrap();
        assert_eq!(settings.ping.unwrap().interval, Duration::from_secs(kept), "{given}");
    }
}

#[tokio::test]
async fn a_worker_says_that_it_is_unfit() {
    let server = server_with([]);
    let reason = format!("the model is not what it should be, says wk-secret: {}", "x".repeat(1_000));
    report_unhealthy(&settings(&server), "model digest", &reason).await;
    let pings = server.of(Route::Ping);
    let ping = &pings[0];
    let told = |name| ping.parameter(name).unwrap().to_owned();
    assert_eq!((pings.len(), ping.path.as_str(), told("gpu").len()), (1, "/v2/ep123/ping/pod-abc", 23));
    assert_eq!([told("status"), told("check")], ["unhealthy", "model digest"]);
    assert!(told("reason").starts_with("the model is not what it should be, says [hidden]: xxx"));
    assert_eq!(told("reason").chars().count(), 256);
    let settings = settings_with(&server, &[("RUNPOD_WEBHOOK_PING", " ")]);
    report_unhealthy(&settings, "model digest", "nobody listens").await;
    assert_eq!(server.of(Route::Ping).len(), 1);
}
