//! The end of a worker: every job that was taken is answered.

use std::sync::Arc;
use std::time::Duration;

use runtime::host::runpod::{HandlerError, JobContext};
use runtime::testserver::{Answer, Route, Script, TestServer, When};
use serde_json::json;
use tokio::sync::Notify;

use crate::runpod::by_mode::ByMode;
use crate::runpod::{
    Answered, By, Running, code_of, error_of, let_time_pass, results_of, server, server_with, settings, start,
};

/// Longer than anything takes on a busy machine.
const LONG: Duration = Duration::from_secs(600);

fn job(id: &str) -> Answer {
    Answer::job(id, json!({"mode": "ok"}))
}

/// Checks that the worker is done, and that its last word was that it has no job.
fn check_ended(running: Running, server: &TestServer) {
    running.join().unwrap();
    let pings = server.of(Route::Ping);
    // A ping that was given up for the last one may arrive behind it.
    let last = pings.iter().rev().take(2);
    assert!(last.map(|ping| ping.parameter("job_id")).any(|job| job.is_none()), "{pings:?}");
}

#[test]
fn a_job_that_comes_during_the_end_is_run() {
    let server = server_with([job("late").when(When::Opened("late".to_owned()))]);
    let mut settings = settings(&server);
    (settings.grace, settings.waits.open_take) = (LONG, LONG);
    let running = start(&settings, ByMode);
    server.wait_for(Route::Take, 1);
    running.stop.set();
    let_time_pass(&server);
    server.open("late");
    check_ended(running, &server);
    assert_eq!(results_of(&server, "late")[0].json()["output"]["uni"], "é✓");
    assert_eq!(server.of(Route::Take).len(), 1, "no take begins after the stop");
}

#[test]
fn a_batch_that_comes_during_the_end_is_answered_whole() {
    let batch = json!([{"id": "a", "input": 1}, {"id": "b", "input": 2}, {"id": "c"}]);
    let server = server_with([Answer::json(&batch).when(When::Opened("late".to_owned()))]);
    let mut settings = settings(&server);
    (settings.grace, settings.waits.open_take, settings.waits.last_answers) = (LONG, LONG, LONG);
    settings.n_concurrent = 2;
    let running = start(&settings, By(|_, _| -> Answered { Box::pin(std::future::pending()) }));
    server.wait_for(Route::Take, 1);
    running.stop.set();
    server.open("late");
    check_ended(running, &server);
    for (id, code) in [("a", "worker_shutting_down"), ("b", "worker_shutting_down"), ("c", "job_incomplete")]
    {
        let results = results_of(&server, id);
        assert_eq!((results.len(), code_of(&results[0]).as_str()), (1, code), "{id}");
    }
}

#[test]
fn a_take_that_brings_nothing_is_not_waited_for() {
    let server = server(Script { idle: LONG, ..Script::default() });
    let mut settings = settings(&server);
    settings.waits.open_take = Duration::from_millis(50);
    let running = start(&settings, ByMode);
    server.wait_for(Route::Take, 1);
    running.stop.set();
    check_ended(running, &server);
}

#[test]
fn a_job_that_runs_may_finish() {
    let server = server_with([job("one")]);
    let mut settings = settings(&server);
    settings.grace = LONG;
    let finish = Arc::new(Notify::new());
    let finishes = Arc::clone(&finish);
    let handler = By(move |_, context: JobContext| -> Answered {
        let finishes = Arc::clone(&finishes);
        Box::pin(async move {
            finishes.notified().await;
            Ok(json!({ "cancelled": context.cancel_flag().is_set() }))
        })
    });
    let running = start(&settings, handler);
    server.wait_until(|requests| requests.iter().any(|ping| ping.parameter("job_id") == Some("one")));
    running.stop.set();
    let_time_pass(&server);
    finish.notify_one();
    check_ended(running, &server);
    assert_eq!(results_of(&server, "one")[0].json(), json!({"output": {"cancelled": false}}));
}

/// Runs one job into the end of the grace period, and returns its result's error or output.
fn interrupted(handler: impl Fn(JobContext) -> Answered + Send + Sync + 'static) -> serde_json::Value {
    let server = server_with([job("one")]);
    let mut settings = settings(&server);
    // All of the grace period is for answers, so jobs are interrupted at once.
    (settings.grace, settings.waits.last_answers) = (LONG, LONG);
    let running = start(&settings, By(move |_, context| handler(context)));
    server.wait_until(|requests| requests.iter().any(|ping| ping.parameter("job_id") == Some("one")));
    running.stop.set();
    check_ended(running, &server);
    let results = results_of(&server, "one");
    assert_eq!(results.len(), 1);
    match results[0].json().get("output") {
        Some(output) => output.clone(),
        None => error_of(&results[0])["doctown"].clone(),
    }
}

async fn until_cancelled(context: &JobContext) {
    while !context.cancel_flag().is_set() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn a_job_that_does_not_finish_is_answered_all_the_same() {
    let shutting_down = json!({"code": "worker_shutting_down", "retryable": true});
    assert_eq!(interrupted(|_| Box::pin(std::future::pending())), shutting_down);
    // A handler's own words about being cancelled would hide why it was.
    let told = interrupted(|context| {
        Box::pin(async move {
            until_cancelled(&context).await;
            let (code, message) = ("interrupted".to_owned(), "the flag was set".to_owned());
            Err(HandlerError { code, message, retryable: false })
        })
    });
    assert_eq!(told, shutting_down);
    // A result that is there in time is worth more than any of that.
    let told = interrupted(|context| {
        Box::pin(async move {
            until_cancelled(&context).await;
            Ok(json!("just in time"))
        })
    });
    assert_eq!(told, "just in time");
}

#[test]
fn a_result_is_sent_again_also_during_the_end() {
    let script = Script::default().then(Route::Take, [job("one")]);
    let server = server(script.then(Route::Done, vec![Answer::status(503); 5]));
    let mut settings = settings(&server);
    settings.grace = LONG;
    let running = start(&settings, ByMode);
    server.wait_for(Route::Done, 1);
    running.stop.set();
    check_ended(running, &server);
    assert_eq!(results_of(&server, "one").len(), 6);
}

#[test]
fn the_end_does_not_wait_for_a_server_that_is_gone() {
    let script = Script::default().then(Route::Take, [job("one")]);
    let server = server(script.then(Route::Done, vec![Answer::status(503); 10_000]));
    let mut settings = settings(&server);
    settings.grace = Duration::from_secs(1);
    let running = start(&settings, ByMode);
    server.wait_for(Route::Done, 1);
    running.stop.set();
    check_ended(running, &server);
}

#[test]
fn a_stop_that_was_set_before_the_start_takes_nothing() {
    let server = server_with([job("one")]);
    let running = start(&settings(&server), ByMode);
    running.stop.set();
    running.join().unwrap();
    assert!(results_of(&server, "one").len() == server.of(Route::Take).len().min(1));
}
