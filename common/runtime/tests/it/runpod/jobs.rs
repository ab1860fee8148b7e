//! What happens while a job runs: progress, pieces of its result, and being stopped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runtime::host::runpod::{JobContext, RunpodJob, StreamError};
use runtime::testserver::{Answer, Request, Route, Script, TestServer, When};
use serde_json::{Value, json};

use crate::runpod::{Answered, By, let_time_pass, results_of, server, server_with, settings, start};

/// A server that stops `job` once it runs, and then hands out another.
fn stopping(job: &str) -> TestServer {
    let signal = Answer::json(&json!({"jobsToStop": [job, "unknown", 7]}));
    let signal = signal.when(When::Opened("runs".to_owned()));
    let takes = [Answer::job(job, json!("long")), Answer::job("next", json!("short"))];
    server(Script::default().then(Route::Take, takes).then(Route::Stop, [signal]))
}

/// Runs `long` for the long job; checks that it is stopped, not answered, and the next one is.
fn check_stopped(
    stopped_job: Option<Duration>,
    long: impl Fn(JobContext, Arc<TestServer>) -> Answered + Send + Sync + 'static,
) {
    let server = Arc::new(stopping("stop-me"));
    let gate = Arc::clone(&server);
    let handler = By(move |job: RunpodJob, context: JobContext| -> Answered {
        if job.input == "short" {
            return Box::pin(async { Ok(json!("done")) });
        }
        long(context, Arc::clone(&gate))
    });
    let mut settings = settings(&server);
    settings.waits.stopped_job = stopped_job.unwrap_or(Duration::from_secs(600));
    let running = start(&settings, handler);
    server.wait_for(Route::Done, 1);
    let_time_pass(&server);
    let pings = server.of(Route::Ping);
    assert_eq!(pings.last().unwrap().parameter("job_id"), None, "pings drop a stopped job");
    running.end().unwrap();
    assert!(results_of(&server, "stop-me").is_empty(), "a stopped job has no result");
    assert_eq!(results_of(&server, "next").len(), 1);
}

#[test]
fn a_stopped_job_is_cancelled_in_the_middle_of_its_work() {
    check_stopped(None, |context, gate| {
        let work = move || {
            gate.open("runs");
            while !context.cancel_flag().is_set() {
                std::hint::spin_loop();
            }
            json!("what was reached so far")
        };
        Box::pin(async move { Ok(tokio::task::spawn_blocking(work).await.unwrap()) })
    });
}

#[test]
fn a_stopped_job_that_does_not_look_is_left_behind() {
    check_stopped(Some(Duration::from_millis(50)), |_, gate| {
        gate.open("runs");
        Box::pin(std::future::pending())
    });
}

#[test]
fn a_stopped_job_may_come_again() {
    let signal = Answer::json(&json!({"jobsToStop": ["again"]})).when(When::Opened("runs".to_owned()));
    let takes = [Answer::job("again", json!(0)), Answer::job("again", json!(1))];
    let server = Arc::new(server(Script::default().then(Route::Take, takes).then(Route::Stop, [signal])));
    let gate = Arc::clone(&server);
    let handler = By(move |job: RunpodJob, context: JobContext| -> Answered {
        gate.open("runs");
        Box::pin(async move {
            while job.input == 0 && !context.cancel_flag().is_set() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            Ok(json!({ "run": job.input }))
        })
    });
    let running = start(&settings(&server), handler);
    server.wait_for(Route::Done, 1);
    running.end().unwrap();
    let results: Vec<Value> = results_of(&server, "again").iter().map(Request::json).collect();
    assert_eq!(results, [json!({"output": {"run": 1}})]);
}

#[test]
fn of_a_flood_of_progress_the_latest_is_sent_before_the_result() {
    const N_WORDS: usize = 20_000;
    let server = server_with([Answer::job("flood", json!(null))]);
    let handler = By(|_, context: JobContext| -> Answered {
        let work = move || (0..N_WORDS).for_each(|n| context.progress(json!({ "n": n })));
        Box::pin(async move {
            tokio::task::spawn_blocking(work).await.unwrap();
            Ok(json!("done"))
        })
    });
    let settings = settings(&server);
    let began = Instant::now();
    let running = start(&settings, handler);
    server.wait_until(|requests| requests.iter().any(|request| request.json()["output"] == "done"));
    let took = began.elapsed();
    let_time_pass(&server);
    running.end().unwrap();
    let done = server.of(Route::Done);
    let (result, words) = done.split_last().unwrap();
    assert_eq!(result.json(), json!({"output": "done"}), "nothing follows a result");
    assert_eq!(words.last().unwrap().json()["output"]["n"], N_WORDS - 1, "the last word is not lost");
    let numbers: Vec<u64> = words.iter().map(|word| word.json()["output"]["n"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted() && words.iter().all(|word| word.json()["status"] == "IN_PROGRESS"));
    // One at once, one at the end, and one for each spacing in between.
    let most = 2 + took.as_millis() / settings.waits.progress_spacing.as_millis();
    assert!(words.len() as u128 <= most, "{} words, {most} are allowed", words.len());
}

#[test]
fn progress_that_does_not_arrive_holds_nothing_up() {
    let never = Answer::status(200).when(When::Opened("never".to_owned()));
    let script = Script::default().then(Route::Take, [Answer::job("one", json!(null))]);
    let server = server(script.then(Route::Done, [never]));
    let mut settings = settings(&server);
    settings.waits.progress = Duration::from_millis(50);
    let handler = By(|_, context: JobContext| -> Answered {
        context.progress(json!(1));
        Box::pin(async { Ok(json!("done")) })
    });
    let running = start(&settings, handler);
    server.wait_for(Route::Done, 2);
    running.end().unwrap();
    assert_eq!(results_of(&server, "one").len(), 1);
}

#[test]
fn pieces_arrive_in_order_and_before_the_result() {
    const N_PIECES: usize = 40;
    let script = Script::default().then(Route::Take, [Answer::job("s", json!(null))]);
    let server = server(script.then(Route::Stream, [Answer::status(500), Answer::lost()]));
    let handler = By(|_, context: JobContext| -> Answered {
        Box::pin(async move {
            for n in 0..N_PIECES {
                context.stream(json!(n)).await.unwrap();
            }
            Ok(json!([]))
        })
    });
    let running = start(&settings(&server), handler);
    let done = server.wait_for(Route::Done, 1);
    running.end().unwrap();
    assert_eq!((done[0].json(), done[0].parameter("isStream")), (json!({"output": []}), Some("true")));
    let mut pieces: Vec<Value> =
        server.of(Route::Stream).iter().map(|piece| piece.json()["output"].clone()).collect();
    let wanted: Vec<Value> = (0..N_PIECES).map(|n| json!(n)).collect();
    assert_eq!(pieces.drain(..3).collect::<Vec<_>>(), vec![json!(0); 3], "two failures of the first");
    assert_eq!(pieces, wanted[1..]);
    assert!(server.of(Route::Stream).iter().all(|piece| piece.parameter("isStream") == Some("false")));
}

#[test]
fn a_handler_learns_that_its_pieces_are_lost() {
    let script = Script::default().then(Route::Take, [Answer::job("s", json!(null))]);
    let server = server(script.then(Route::Stream, [Answer::status(400)]));
    let errors = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&errors);
    let handler = By(move |_, context: JobContext| -> Answered {
        let told = Arc::clone(&told);
        Box::pin(async move {
            let large = context.stream(json!("x".repeat(1_000_000))).await.unwrap_err();
            let mut last = Ok(());
            while last.is_ok() {
                last = context.stream(json!(1)).await;
            }
            told.lock().unwrap().extend([large, last.unwrap_err()]);
            Ok(json!("all of it"))
        })
    });
    let running = start(&settings(&server), handler);
    let done = server.wait_for(Route::Done, 1);
    running.end().unwrap();
    assert_eq!(done[0].json()["output"], "all of it");
    assert_eq!(server.of(Route::Stream).len(), 1, "nothing is sent after a lost piece");
    let errors = errors.lock().unwrap();
    assert!(matches!(&errors[..], [StreamError::TooLarge(_), StreamError::Broken]), "{errors:?}");
}

#[test]
fn a_handler_that_blocks_its_thread_takes_no_other_with_it() {
    let is_over = Arc::new(AtomicBool::new(false));
    let takes = [Answer::json(&json!([{"id": "blocks", "input": true}, {"id": "free", "input": false}]))];
    let server = server_with(takes);
    let flag = Arc::clone(&is_over);
    let handler = By(move |job: RunpodJob, _| -> Answered {
        let flag = Arc::clone(&flag);
        Box::pin(async move {
            while job.input == true && !flag.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(json!("done"))
        })
    });
    let mut settings = settings(&server);
    settings.n_concurrent = 2;
    let running = start(&settings, handler);
    server.wait_for(Route::Done, 1);
    assert_eq!(results_of(&server, "free").len(), 1);
    is_over.store(true, Ordering::Relaxed);
    server.wait_for(Route::Done, 2);
    running.end().unwrap();
}
