//! Taking jobs: what comes, in which form, and how often is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use runtime::host::runpod::RunpodError;
use runtime::testserver::{Answer, Request, Route, Script};
use serde_json::{Value, json};

use crate::runpod::by_mode::ByMode;
use crate::runpod::{By, code_of, results_of, server, server_with, settings, settings_with, start};

fn job(id: &str) -> Value {
    json!({"id": id, "input": {"mode": "ok"}})
}

/// Runs a worker whose every take is answered so, and checks that it asks at most once per shortest wait.
fn check_no_hot_loop(name: &str, answer: &Answer) {
    let server = server_with(vec![answer.clone(); 10_000]);
    let mut settings = settings(&server);
    settings.waits = runtime::config::RunpodWaits::default().quickened(20);
    let began = Instant::now();
    let running = start(&settings, ByMode);
    server.wait_for(Route::Take, 4);
    running.end().unwrap();
    // A second between takes is the least on RunPod; a slow machine only makes it more.
    let most = 1 + began.elapsed().as_millis() / (Duration::from_secs(1) / 20).as_millis();
    let n_takes = server.of(Route::Take).len() as u128;
    assert!(n_takes <= most, "{name}: {n_takes} takes, {most} are allowed");
}

#[test]
fn failing_takes_are_kept_apart() {
    for (name, answer) in [
        ("no content", Answer::status(204)),
        ("not ready", Answer::status(400)),
        ("broken", Answer::status(500)),
        ("no such worker", Answer::status(404)),
        ("moved", Answer::status(302).with_header("Location", "/elsewhere")),
        ("lost", Answer::lost()),
        ("a page", Answer::status(200).with_type("text/html").with_body("<html>")),
        ("empty", Answer::status(200)),
        ("half of it", Answer::status(200).with_body(r#"{"id":"a","#)),
        ("no id", Answer::json(&json!({"input": 1}))),
        ("nothing", Answer::json(&json!([]))),
    ] {
        check_no_hot_loop(name, &answer);
    }
}

#[test]
fn a_job_is_taken_after_every_kind_of_failure() {
    let server = server_with([
        Answer::status(500),
        Answer::status(400),
        Answer::status(429).with_header("Retry-After", "0"),
        Answer::status(401),
        Answer::lost(),
        Answer::status(200).with_body("{bad"),
        Answer::json(&job("late")),
    ]);
    let running = start(&settings(&server), ByMode);
    server.wait_for(Route::Done, 1);
    running.end().unwrap();
    assert_eq!(results_of(&server, "late").len(), 1);
}

#[test]
fn a_key_that_stays_refused_ends_the_worker() {
    let server = server_with(vec![Answer::status(401); 10_000]);
    let mut settings = settings(&server);
    settings.waits.not_authorised = Duration::from_millis(300);
    let ended = start(&settings, ByMode).join();
    assert!(matches!(ended, Err(RunpodError::NotAuthorised { .. })), "{ended:?}");
    assert!(server.of(Route::Take).len() > 1, "one refusal is not the end");
}

#[test]
fn a_bad_element_harms_no_other() {
    let batch = json!([job("good"), {"id": "bare"}, 7, {"input": 1}, {"id": "", "input": 1}, job("also")]);
    let server = server_with([Answer::json(&batch), Answer::json(&job("next"))]);
    let running = start(&settings_with(&server, &[("DOCTOWN_CONCURRENCY", "6")]), ByMode);
    server.wait_for(Route::Done, 4);
    running.end().unwrap();
    for id in ["good", "also", "next"] {
        assert_eq!(results_of(&server, id)[0].json()["output"]["echo"]["mode"], "ok");
    }
    assert_eq!(code_of(&results_of(&server, "bare")[0]), "job_incomplete");
}

#[test]
fn a_job_that_comes_twice_runs_once() {
    let batch = json!([job("a"), job("a"), job("b")]);
    let server = server_with([Answer::json(&batch), Answer::json(&job("b")), Answer::json(&job("c"))]);
    let n_runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&n_runs);
    let all_here = Arc::new(tokio::sync::Barrier::new(3));
    let handler = By(move |_, _| {
        counted.fetch_add(1, Ordering::SeqCst);
        let all_here = Arc::clone(&all_here);
        // None is done before all three are here, so the second `b` meets the first.
        Box::pin(async move {
            all_here.wait().await;
            Ok(json!("done"))
        })
    });
    let running = start(&settings_with(&server, &[("DOCTOWN_CONCURRENCY", "5")]), handler);
    server.wait_for(Route::Done, 3);
    running.end().unwrap();
    assert_eq!(n_runs.load(Ordering::SeqCst), 3, "one run each of a, b and c");
    for id in ["a", "b", "c"] {
        assert_eq!(results_of(&server, id).len(), 1, "{id}");
    }
}

#[test]
fn more_jobs_than_were_asked_for_wait_their_turn() {
    let batch: Vec<Value> = (0..6).map(|n| job(&format!("j{n}"))).collect();
    let server = server_with([Answer::json(&json!(batch))]);
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let at_once = Arc::clone(&most);
    let handler = By(move |_, _| {
        let (now, at_once) = (Arc::clone(&now), Arc::clone(&at_once));
        Box::pin(async move {
            at_once.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(json!("done"))
        })
    });
    let running = start(&settings_with(&server, &[("DOCTOWN_CONCURRENCY", "2")]), handler);
    server.wait_for(Route::Done, 6);
    running.end().unwrap();
    assert_eq!(most.load(Ordering::SeqCst), 2);
    let first = &server.of(Route::Take)[0];
    assert_eq!((first.parameter("batch_size"), first.path.contains("/job-take-batch/")), (Some("2"), true));
}

#[test]
fn a_slot_that_frees_is_offered_at_once() {
    use Route::{Done, Take};
    // A take without jobs stays open far longer than this test lasts.
    let script = Script { idle: Duration::from_secs(600), ..Script::default() };
    let server = server(script.then(Take, ["a", "b", "c"].map(|id| Answer::json(&job(id)))));
    let mut settings = settings(&server);
    settings.waits.open_take = Duration::ZERO;
    let running = start(&settings, ByMode);
    let takes = server.wait_for(Take, 4);
    running.end().unwrap();
    let routes = server.requests().into_iter().map(|request| request.route);
    let order: Vec<Route> = routes.filter(|route| matches!(route, Take | Done)).collect();
    assert_eq!(order, [Take, Done, Take, Done, Take, Done, Take]);
    let is_idle = |take: &Request| take.parameter("job_in_progress") == Some("0");
    assert!(takes.iter().all(is_idle), "a job is over once its result was accepted");
}

#[test]
fn addresses_may_have_any_form() {
    let server = server_with([Answer::json(&job("a/b c"))]);
    let (take, done) = (server.url("/v2/e/job-take/$RUNPOD_POD_ID?"), server.url("/v2/e/job-done/$ID"));
    let changes = [
        ("RUNPOD_WEBHOOK_GET_JOB", take.as_str()),
        ("RUNPOD_WEBHOOK_POST_OUTPUT", done.as_str()),
        ("RUNPOD_POD_ID", "pod 1"),
    ];
    let running = start(&settings_with(&server, &changes), ByMode);
    let done = server.wait_for(Route::Done, 1);
    let stop = server.wait_for(Route::Stop, 1);
    running.end().unwrap();
    let told = |request: &Request| request.to_string();
    assert_eq!(told(&server.of(Route::Take)[0]), "GET /v2/e/job-take/pod 1?job_in_progress=0");
    assert_eq!(told(&stop[0]), "GET /v2/e/job-stop/pod 1?");
    assert_eq!((done[0].path.as_str(), done[0].query.len()), ("/v2/e/job-done/a/b c", 1));
}

#[test]
fn without_a_known_word_in_an_address_jobs_come_one_by_one() {
    // Also an empty answer to a take is among them, since takes and results are not told apart here.
    let answers = vec![Answer::status(200); 1_000];
    let first = Answer::json(&json!({"id": "x", "input": {"mode": "stream"}}));
    let server = server(Script::default().then(Route::Other, [first]).then(Route::Other, answers));
    let (take, done) = (server.url("/mine/$ID"), server.url("/result/$RUNPOD_POD_ID/$ID?x=$ID"));
    let stream = server.url("/piece/$ID?");
    let changes = [
        ("RUNPOD_WEBHOOK_GET_JOB", take.as_str()),
        ("RUNPOD_WEBHOOK_POST_OUTPUT", done.as_str()),
        ("RUNPOD_WEBHOOK_POST_STREAM", stream.as_str()),
        ("DOCTOWN_CONCURRENCY", "4"),
    ];
    let running = start(&settings_with(&server, &changes), ByMode);
    server.wait_until(|requests| requests.iter().any(|request| request.path.starts_with("/result/")));
    running.end().unwrap();
    let others: Vec<String> = server.of(Route::Other).iter().map(Request::to_string).collect();
    assert_eq!(others[0], "GET /mine/pod-abc?job_in_progress=0");
    let posts: Vec<&String> = others.iter().filter(|request| request.starts_with("POST")).collect();
    assert_eq!(
        posts,
        [
            r#"POST /piece/x?isStream=false {"output":{"piece":0}}"#,
            r#"POST /piece/x?isStream=false {"output":{"piece":1}}"#,
            r#"POST /result/pod-abc/x?x=x&isStream=true {"output":[]}"#,
        ]
    );
    assert!(others.iter().all(|request| !request.contains("batch_size")));
    assert!(server.of(Route::Stop).is_empty());
}

#[test]
fn what_cannot_be_an_address_is_refused_at_the_start() {
    let server = server_with([]);
    for (name, template) in [
        ("RUNPOD_WEBHOOK_GET_JOB", "nowhere/job-take/$ID"),
        ("RUNPOD_WEBHOOK_POST_OUTPUT", "ftp://host/$ID"),
        ("RUNPOD_WEBHOOK_PING", "http://"),
    ] {
        let ended = start(&settings_with(&server, &[(name, template)]), ByMode).join();
        assert!(
            matches!(&ended, Err(RunpodError::Unusable { name: named, .. }) if *named == name),
            "{ended:?}"
        );
    }
    assert!(server.requests().is_empty());
}
