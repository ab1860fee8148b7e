//! Questions in a batch: for half the price, over the end of a process, and stopped with their job.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use llm::testserver::{BatchEnd, BatchScript, Script};
use serde_json::{Value, json};

use crate::prose::{Model, PRICED, json as read, truthful};
use crate::serve::Server;

/// A build with batches that are looked at each second.
const BUILD: [&str; 11] = [
    "build",
    "small",
    "--no-embeddings",
    "--json",
    "--quiet",
    "-o",
    "p.docpack",
    "--model",
    PRICED,
    "--yes",
    "--batch",
];
/// Two units order a batch each: the symbols', and the whole's.
const N_BATCHES: usize = 2;

fn model(script: BatchScript) -> Model {
    let model = Model::new(Script::answering(truthful).with_batch(script));
    Model { world: model.world.with("DOCTOWN_LLM_BATCH_POLL_SECONDS", "1"), ..model }
}

/// Batches that the server was asked for.
fn orders(model: &Model) -> usize {
    posts(model, "/batches")
}

fn posts(model: &Model, end: &str) -> usize {
    let requests = model.server.requests();
    requests.iter().filter(|it| it.method == "POST" && it.path.ends_with(end)).count()
}

/// Waits until the server got so many requests whose paths end so.
fn wait_for(model: &Model, end: &str, n: usize) {
    let started = Instant::now();
    while posts(model, end) < n {
        assert!(started.elapsed() < Duration::from_secs(60), "{} of {n} `{end}`", posts(model, end));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Kills a build once it has ordered and noted its batches.
fn kill_after_orders(model: &Model) {
    let mut killed: Child = model.world.command(&BUILD).stdout(Stdio::null()).spawn().unwrap();
    wait_for(model, "/batches", N_BATCHES);
    // The order is noted right after it was made.
    std::thread::sleep(Duration::from_millis(500));
    assert!(killed.try_wait().unwrap().is_none(), "it waits for its batches");
    killed.kill().unwrap();
    killed.wait().unwrap();
}

#[test]
fn a_batch_says_the_same_for_half_the_price_and_outlives_the_process() {
    let tokens = |model: &Model, built: &Value| {
        let price = read(&model.world.run(&["price", built["job"].as_str().unwrap(), "--json"]));
        price["price"]["tokens_micro_usd"].as_u64().unwrap()
    };
    let direct = Model::new(Script::answering(truthful));
    let built = read(&direct.build(&["--model", PRICED, "--yes"]));
    let (full, pack) = (tokens(&direct, &built), std::fs::read(direct.world.path("p.docpack")).unwrap());

    let model = model(BatchScript { n_polls: 4, ..BatchScript::default() });
    kill_after_orders(&model);
    let built = read(&model.world.run(&BUILD));
    assert_eq!(
        (built["status"].as_str(), orders(&model)),
        (Some("completed"), N_BATCHES),
        "nothing is ordered twice"
    );
    assert!(std::fs::read(model.world.path("p.docpack")).unwrap() == pack);
    let half = tokens(&model, &built);
    // What is asked again is asked directly, at the full price.
    assert!(half * 2 >= full && half * 10 < full * 6, "{half} is about half of {full}");
    let audit = model.world.run(&["audit", built["job"].as_str().unwrap()]).stdout;
    assert!(audit.contains(r#""step":"batch""#), "{audit}");
}

#[test]
fn a_batch_that_fails_is_not_asked_for_at_twice_the_price() {
    let model = model(BatchScript { end: BatchEnd::Failed, ..BatchScript::default() });
    let built = read(&model.world.run(&BUILD));
    assert_eq!(built["status"], "partial");
    assert_eq!(built["manifest"]["missing"][0]["code"], "llm_batch_failed");
    assert!(model.server.requests().iter().all(|request| !request.path.ends_with("/chat/completions")));
}

#[test]
fn cancelling_a_job_of_a_server_stops_its_batches() {
    let model = model(BatchScript { n_polls: usize::MAX, ..BatchScript::default() });
    let server = Server::start(&model.world);
    let prose = json!({"models": [PRICED], "batch": true, "budget_micro_usd": 1_000_000});
    let order =
        json!({"repo_url": model.world.path("small"), "options": {"embeddings": false, "prose": prose}});
    let job = server.json("POST", "/v1/jobs", &order.to_string());
    let job = job["job"]["job_id"].as_str().unwrap_or_else(|| panic!("{job}")).to_owned();
    let started = Instant::now();
    while server.json("GET", &format!("/v1/jobs/{job}"), "")["phase"] != "awaiting_approval" {
        assert!(started.elapsed() < Duration::from_secs(60), "it is never estimated");
        std::thread::sleep(Duration::from_millis(20));
    }
    server.json("POST", &format!("/v1/jobs/{job}/approve"), "{}");
    wait_for(&model, "/batches", N_BATCHES);
    let cancelled = server.json("POST", &format!("/v1/jobs/{job}/cancel"), "");
    assert_eq!(cancelled["phase"], "cancelled", "{cancelled}");
    wait_for(&model, "/cancel", N_BATCHES);
    assert_eq!(orders(&model), N_BATCHES);
}

#[test]
fn a_build_that_begins_anew_stops_the_batches_of_the_last_one() {
    let model = model(BatchScript { n_polls: usize::MAX, ..BatchScript::default() });
    kill_after_orders(&model);
    let fresh = [&BUILD[..], &["--fresh"]].concat();
    let mut again = model.world.command(&fresh).stdout(Stdio::null()).spawn().unwrap();
    wait_for(&model, "/cancel", N_BATCHES);
    again.kill().unwrap();
    again.wait().unwrap();
    let of = |n: usize| format!("/v1/batches/batch_{n}/cancel");
    let requests = model.server.requests();
    assert!((1..=N_BATCHES).all(|n| requests.iter().any(|it| it.path == of(n))), "the first build's own");
}
