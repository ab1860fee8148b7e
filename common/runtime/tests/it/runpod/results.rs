//! Results: what is sent for which end, and that it is sent until it is accepted.

use std::sync::Arc;
use std::time::Duration;

use runtime::config::RunpodSettings;
use runtime::host::runpod::{HandlerError, JobContext, RunpodJob};
use runtime::testserver::{Answer, Request, Route, Script, TestServer, When};
use serde_json::{Value, json};

use crate::runpod::by_mode::ByMode;
use crate::runpod::{
    Answered, By, code_of, error_of, results_of, server, server_with, settings, settings_with, start,
};

fn job(id: &str) -> Answer {
    Answer::job(id, json!({"mode": "ok"}))
}

/// Runs one job by this function and returns its only result.
fn result_of(
    change: impl Fn(&mut RunpodSettings),
    handler: impl Fn(RunpodJob, JobContext) -> Answered + Send + Sync + 'static,
) -> Request {
    let server = server_with([job("one")]);
    let mut settings = settings(&server);
    change(&mut settings);
    let running = start(&settings, By(handler));
    server.wait_for(Route::Done, 1);
    running.end().unwrap();
    let results = results_of(&server, "one");
    assert_eq!(results.len(), 1);
    results[0].clone()
}

fn answering(answer: Result<Value, HandlerError>) -> impl Fn(RunpodJob, JobContext) -> Answered {
    move |_, _| {
        let answer = answer.clone();
        Box::pin(async move { answer })
    }
}

fn failing(message: &str) -> Result<Value, HandlerError> {
    Err(HandlerError { code: "went_wrong".to_owned(), message: message.to_owned(), retryable: true })
}

/// Serves these answers to the results of one job after which another is taken.
fn results_under(answers: Vec<Answer>, change: impl Fn(&mut RunpodSettings)) -> (TestServer, Vec<Request>) {
    let script = Script::default().then(Route::Take, [job("one"), job("two")]).then(Route::Done, answers);
    let server = server(script);
    let mut settings = settings(&server);
    change(&mut settings);
    let running = start(&settings, ByMode);
    server.wait_until(|requests| requests.iter().any(|request| request.last_segment() == "two"));
    running.end().unwrap();
    let results = results_of(&server, "one");
    assert_eq!(results_of(&server, "two").len(), 1, "the next job is not harmed");
    (server, results)
}

#[test]
fn a_result_is_sent_until_it_is_accepted() {
    let failures = vec![
        // Five minutes would be more than all tries may take.
        Answer::status(429).with_header("Retry-After", "300"),
        Answer::status(500),
        Answer::status(502),
        Answer::lost(),
        Answer::status(429).with_header("Retry-After", "0"),
        Answer::status(401),
        Answer::status(307).with_header("Location", "/elsewhere"),
        Answer::status(503),
    ];
    let n_failures = failures.len();
    let (_, results) = results_under(failures, |_| {});
    assert_eq!(results.len(), n_failures + 1);
    for result in &results {
        assert_eq!((&result.body, result.header("x-request-id")), (&results[0].body, Some("one")));
    }
}

#[test]
fn a_result_that_is_never_accepted_is_given_up() {
    let (_, results) = results_under(vec![Answer::status(500); 7], |settings| {
        settings.waits.post_budget = Duration::ZERO;
    });
    assert_eq!(results.len(), 1);
}

#[test]
fn a_refused_result_is_followed_by_a_small_error() {
    for status in [400, 413] {
        let (_, results) = results_under(vec![Answer::status(status), Answer::status(503)], |_| {});
        assert_eq!(results.len(), 3);
        assert_eq!(results[0].json()["output"]["uni"], "é✓");
        assert_eq!(results[1].body, results[2].body);
        assert_eq!(code_of(&results[1]), "result_refused");
    }
    let (_, results) = results_under(vec![Answer::status(400), Answer::status(400)], |_| {});
    assert_eq!(results.len(), 2, "a refused error is given up");
    let (_, results) = results_under(vec![Answer::status(404)], |_| {});
    assert_eq!(results.len(), 1, "a job that is gone needs no other result");
}

#[test]
fn an_empty_answer_is_told_in_words() {
    let result = result_of(|_| {}, answering(Ok(json!({}))));
    assert_eq!(result.json(), json!({"output": {"empty": true}}));
    let result = result_of(|_| {}, answering(Ok(json!({"error": {"code": 3}}))));
    assert_eq!(
        result.json(),
        json!({"output": {"error": {"code": 3}}}),
        "a result is not searched for errors"
    );
}

#[test]
fn an_answer_that_is_too_large_is_an_error() {
    let result = result_of(|_| {}, answering(Ok(json!("x".repeat(1_000_000)))));
    assert_eq!(code_of(&result), "output_too_large");
    assert_eq!(error_of(&result)["doctown"]["retryable"], false);
    // `{"output":""}` has 13 bytes.
    let result = result_of(|_| {}, answering(Ok(json!("x".repeat(1_000_000 - 13)))));
    assert_eq!(result.body.len(), 1_000_000);
}

#[test]
fn an_error_is_text_of_bounded_length() {
    let result = result_of(|_| {}, answering(failing("boom é")));
    let worker = json!({
        "error_type": "went_wrong",
        "error_message": "boom é",
        "error_traceback": "",
        "hostname": "host-1",
        "worker_id": "pod-abc",
        "runpod_version": "1.12.0",
        "doctown": {"code": "went_wrong", "retryable": true},
    });
    assert_eq!(error_of(&result), worker);
    for message in ["é".repeat(100_000), "\u{1}".repeat(100_000), "\"".repeat(8_000)] {
        let result = result_of(|_| {}, answering(failing(&message)));
        let told = error_of(&result)["error_message"].as_str().unwrap().to_owned();
        let begun = told.strip_suffix('…').expect("what is cut ends with a mark");
        assert!(!begun.is_empty() && message.starts_with(begun));
    }
}

#[test]
fn secrets_are_not_told() {
    let message = "PUT https://x/?key=wk-secret&token=wk-secret-longer failed";
    let server = server_with([job("one")]);
    let settings = settings_with(&server, &[("GITHUB_TOKEN", "wk-secret-longer")]);
    let running = start(&settings, By(answering(failing(message))));
    server.wait_for(Route::Done, 1);
    running.end().unwrap();
    let told = error_of(&results_of(&server, "one")[0]);
    assert_eq!(told["error_message"], "PUT https://x/?key=[hidden]&token=[hidden] failed");
    assert!(!format!("{settings:?}").contains("wk-secret"));
}

#[test]
fn a_panic_is_an_error_and_no_end() {
    let server = server_with([Answer::job("bad", json!("panic")), Answer::job("good", json!("work"))]);
    let handler = By(|job: RunpodJob, _| {
        let answer: Answered = Box::pin(async move {
            assert_ne!(job.input, "panic", "no such thing");
            Ok(json!("done"))
        });
        answer
    });
    let running = start(&settings(&server), handler);
    server.wait_for(Route::Done, 2);
    running.end().unwrap();
    let error = error_of(&results_of(&server, "bad")[0]);
    assert_eq!(
        (&error["error_type"], &error["doctown"]["retryable"]),
        (&json!("handler_panicked"), &json!(true))
    );
    assert!(error["error_message"].as_str().unwrap().contains("no such thing"));
    assert_eq!(results_of(&server, "good").len(), 1);
}

#[test]
fn results_at_the_same_time_go_under_their_own_ids() {
    let batch: Vec<Value> = (0..4).map(|n| json!({"id": format!("j{n}"), "input": {"mode": "ok"}})).collect();
    // None is accepted before all were sent; then each fails once.
    let together = Answer::status(503).when(When::Seen(Route::Done, 4));
    let script = Script::default().then(Route::Take, [Answer::json(&json!(batch))]);
    let server = server(script.then(Route::Done, vec![together; 4]));
    let running = start(&settings_with(&server, &[("DOCTOWN_CONCURRENCY", "4")]), ByMode);
    let results = server.wait_for(Route::Done, 8);
    running.end().unwrap();
    for result in &results {
        assert_eq!(result.header("x-request-id"), Some(result.last_segment()));
        assert_eq!(result.header("authorization"), Some("wk-secret"));
    }
    for n in 0..4 {
        assert_eq!(results_of(&server, &format!("j{n}")).len(), 2);
    }
    assert!(server.of(Route::Take).iter().all(|take| take.header("x-request-id").is_none()));
}

#[test]
fn a_handler_may_ask_for_another_worker() {
    let result = result_of(
        |_| {},
        |_, context| {
            Box::pin(async move {
                context.replace_worker();
                Ok(json!({"ok": 1}))
            })
        },
    );
    assert_eq!(result.json(), json!({"output": {"ok": 1}, "stopPod": true}));
}

#[test]
fn a_thread_that_outlives_its_job_is_not_heard() {
    let (kept, keeper) = std::sync::mpsc::channel();
    let kept = Arc::new(std::sync::Mutex::new(kept));
    let server = server_with([job("one"), job("two")]);
    let running = start(
        &settings(&server),
        By(move |_, context: JobContext| {
            kept.lock().unwrap().send(context).unwrap();
            Box::pin(async { Ok(json!("done")) })
        }),
    );
    server.wait_for(Route::Done, 2);
    let (first, _second) = (keeper.recv().unwrap(), keeper.recv().unwrap());
    first.progress(json!("late"));
    let late = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(late.block_on(first.stream(json!("late"))).is_err());
    crate::runpod::let_time_pass(&server);
    running.end().unwrap();
    assert_eq!(server.of(Route::Done).len(), 2);
    assert!(server.of(Route::Stream).is_empty());
}
