//! Summaries by a model: what is asked, checked, kept, paid for, and what remains when it fails.

use std::collections::BTreeMap;
use std::time::Duration;

use docpack::ReadLimits;
use docpack::records::Symbol;
use llm::testserver::{Question, Scenario, Script, TestServer, Wait};
use serde_json::Value;

use crate::program::{Ran, SMALL, World};

/// Known to the table of prices, so that a budget can hold.
pub(crate) const PRICED: &str = "gpt-4o-mini";

/// Says of each subject something that is true, by the blocks of the question: what it calls, and what it is for.
pub(crate) fn truthful(question: &Question) -> String {
    answers(question, |block| {
        let name = block.of("Symbol: ");
        let calls = block.of("Calls: ").map(|callee| claim("calls", callee));
        let sentence = match name {
            Some(name) => format!("Stands for what `{name}` is needed for."),
            None => "Holds a part of this code.".to_owned(),
        };
        (calls.into_iter().collect(), sentence)
    })
}

/// Says something that no graph holds.
fn lying(question: &Question) -> String {
    answers(question, |_| {
        let sentence = "Calls `obliterate_everything` before it returns.".to_owned();
        (vec![claim("calls", "obliterate_everything")], sentence)
    })
}

fn claim(kind: &str, name: &str) -> Value {
    serde_json::json!({"kind": kind, "name": name, "value": "", "when": ""})
}

/// What a question says of one subject.
struct Block<'q>(&'q str);

impl<'q> Block<'q> {
    /// The first name in backticks of the line that begins so.
    fn of(&self, label: &str) -> Option<&'q str> {
        let line = self.0.lines().find_map(|line| line.strip_prefix(label))?;
        line.split('`').nth(1)
    }
}

/// Answers for every handle.
fn answers(question: &Question, answer: impl Fn(Block<'_>) -> (Vec<Value>, String)) -> String {
    let blocks = question.user.split("\n## ").enumerate().filter_map(|(idx, block)| {
        let block = if idx == 0 { block.split_once("## ")?.1 } else { block };
        let (handle, text) = block.split_once('\n')?;
        let (claims, sentence) = answer(Block(text));
        Some(serde_json::json!({"id": handle.trim(), "claims": claims, "sentence": sentence}))
    });
    serde_json::json!({ "answers": blocks.collect::<Vec<_>>() }).to_string()
}

pub(crate) struct Model {
    pub(crate) server: TestServer,
    pub(crate) world: World,
}

impl Model {
    pub(crate) fn new(script: Script) -> Self {
        let server = TestServer::start(script).expect("a port of loopback is free");
        let world = World::new().with("DOCTOWN_LLM_BASE_URL", &server.base_url());
        world.write("small", SMALL);
        Self { server, world }
    }

    pub(crate) fn build(&self, more: &[&str]) -> Ran {
        let mut arguments = vec!["build", "small", "--no-embeddings", "--json", "--quiet", "-o", "p.docpack"];
        arguments.extend(more);
        self.world.run(&arguments)
    }

    pub(crate) fn pack(&self) -> docpack::Docpack {
        let bytes = std::fs::read(self.world.path("p.docpack")).expect("the pack was written");
        docpack::read(bytes.as_slice(), &ReadLimits::default()).expect("the pack is whole")
    }
}

/// (written by the model, put together) of the symbols.
pub(crate) fn sources(symbols: &[Symbol]) -> (usize, usize) {
    let by_model = |symbol: &&Symbol| symbol.documentation.as_ref().is_some_and(|it| it.source == "model");
    let n_model = symbols.iter().filter(by_model).count();
    (n_model, symbols.len() - n_model)
}

pub(crate) fn json(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str::<Value>(&ran.stdout).expect("stdout is JSON")["data"].clone()
}

#[test]
fn a_model_writes_and_a_second_build_asks_nothing_and_is_equal() {
    let model = Model::new(Script::answering(truthful));
    let built = json(&model.build(&["--model", PRICED, "--yes"]));
    assert_eq!(built["status"], "completed");
    let pack = model.pack();
    let (n_model, n_extractive) = sources(&pack.contents.nodes.symbols);
    assert!(n_model > 5 && n_extractive > 0, "{n_model} by the model, {n_extractive} without");
    // Where neither the model nor the code has something to say, nothing is said.
    for said in pack.contents.nodes.symbols.iter().filter_map(|symbol| symbol.documentation.as_ref()) {
        let is_free = said.summary.contains("Stands for what");
        let expected = match said.source.as_str() {
            "model" if is_free => "unchecked",
            "model" => "verified",
            _ => "extractive",
        };
        assert_eq!(said.verdict, expected, "{}", said.summary);
        assert!(said.verdict != "verified" || said.evidence.iter().any(|it| it.starts_with("calls:sym_")));
    }
    let summaries = &pack.contents.quality.summaries;
    assert!(summaries.unchecked > 0 && summaries.unchecked < summaries.model, "{summaries:?}");
    assert_eq!(pack.contents.quality.summaries.model as usize, n_model);
    let (n_asked, first) = (model.server.n_requests(), std::fs::read(model.world.path("p.docpack")).unwrap());
    assert!(n_asked > 0);

    let price = json(&model.world.run(&["price", built["job"].as_str().unwrap(), "--json"]));
    assert!(price["price"]["tokens_micro_usd"].as_u64().unwrap() > 0, "{price}");
    let audit = model.world.run(&["audit", built["job"].as_str().unwrap()]);
    let lines: Vec<Value> = audit.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["cache_hit"] == false), "{}", audit.stdout);
    assert!(lines.iter().any(|line| line["outcome"] == "ok" && line["call"]["usage"].is_object()));
    assert!(lines.iter().any(|line| line["n_held"].as_u64() > Some(0) && line["n_held"] == line["n_claims"]));

    let again = json(&model.build(&["--model", PRICED, "--yes", "--fresh"]));
    assert_ne!(again["job"], built["job"]);
    assert_eq!(model.server.n_requests(), n_asked, "every reply is kept");
    assert!(std::fs::read(model.world.path("p.docpack")).unwrap() == first);
    let price = json(&model.world.run(&["price", again["job"].as_str().unwrap(), "--json"]));
    assert_eq!(price["price"]["tokens_micro_usd"], 0);
}

#[test]
fn what_the_graph_contradicts_is_asked_for_once_more_and_never_packed() {
    let model = Model::new(Script::answering(lying));
    let built = json(&model.build(&["--model", PRICED, "--yes"]));
    assert_eq!(built["status"], "partial", "a model that only lies is not asked on");
    assert_eq!(built["manifest"]["missing"][0]["code"], "llm_nothing_usable");
    let pack = model.pack();
    assert_eq!(sources(&pack.contents.nodes.symbols).0, 0);
    assert!(pack.contents.quality.summaries.rejected > 0);
    let audit = model.world.run(&["audit", built["job"].as_str().unwrap()]).stdout;
    assert!(audit.contains(r#""step":"again""#) && audit.contains("findings"), "{audit}");
    assert!(!audit.contains("shorter"), "what was answered is not asked for a third time: {audit}");
}

#[test]
fn nothing_is_asked_before_somebody_agrees_and_the_budget_holds() {
    let model = Model::new(Script::answering(truthful));
    let refused = model.build(&["--model", PRICED]);
    assert_eq!(refused.code, 6, "{}", refused.stderr);
    assert!(refused.stderr.contains("approval_needed"), "{}", refused.stderr);
    let refused = model.build(&["--model", PRICED, "--budget", "0.000001"]);
    assert_eq!(refused.code, 6, "{}", refused.stderr);
    assert!(refused.stderr.contains("budget_exceeded"), "{}", refused.stderr);
    assert_eq!(model.server.n_requests(), 0);

    let estimate =
        json(&model.world.run(&["estimate", "small", "--no-embeddings", "--model", PRICED, "--json"]));
    let worst = estimate["cost_micro_usd"].as_u64().unwrap();
    assert!(estimate["n_requests"].as_u64().unwrap() > 0 && worst > 0, "{estimate}");
    assert_eq!(model.server.n_requests(), 0);

    // So little that the first question does not fit: the words are extractive, and the pack says why.
    let built = json(&model.build(&["--model", PRICED, "--budget", "0.000001", "--yes"]));
    assert_eq!(built["status"], "partial");
    assert_eq!(built["manifest"]["missing"][0]["code"], "budget_exceeded");
    assert_eq!(model.server.n_requests(), 0);

    let built = json(&model.build(&["--model", PRICED, "--budget", "1"]));
    assert_eq!(built["status"], "completed");
    let price = json(&model.world.run(&["price", built["job"].as_str().unwrap(), "--json"]));
    let spent = price["price"]["tokens_micro_usd"].as_u64().unwrap();
    assert!(spent > 0 && spent <= worst, "{spent} of {worst}");
}

#[test]
fn whatever_the_server_does_there_is_a_pack() {
    let quick = Scenario::RateLimited(Wait::Milliseconds(1));
    // Scenario, status of the build, code of what is missing.
    let table = [
        (Scenario::Unauthorised, "partial", Some("llm_unauthorised")),
        (Scenario::UnauthorisedInteger, "partial", Some("llm_unauthorised")),
        (Scenario::PaymentRequired, "partial", Some("llm_quota")),
        (Scenario::QuotaExhausted, "partial", Some("llm_quota")),
        (Scenario::NotJson, "partial", Some("llm_bad_reply")),
        (Scenario::Empty, "partial", Some("llm_nothing_usable")),
        (Scenario::Refusal, "partial", Some("llm_nothing_usable")),
        (Scenario::ContentFilter, "partial", Some("llm_nothing_usable")),
        (Scenario::ModelUnknown, "partial", Some("llm_model_unknown")),
        (Scenario::ContextTooLong, "partial", Some("llm_context_too_long")),
    ];
    for (scenario, status, missing) in table {
        let model = Model::new(Script::answering(truthful).usually(scenario.clone()));
        let built = json(&model.build(&["--model", PRICED, "--yes"]));
        let codes: Vec<_> = built["manifest"]["missing"].as_array().unwrap().iter().collect();
        let code = codes.first().and_then(|missing| missing["code"].as_str());
        assert_eq!((built["status"].as_str().unwrap(), code), (status, missing), "{scenario:?}");
        assert_eq!(sources(&model.pack().contents.nodes.symbols).0, 0, "{scenario:?}");
    }
    // What passes by is waited for; what is cut or wrapped is read as far as it goes.
    for scenario in [quick, Scenario::ServerError, Scenario::ProseAroundJson, Scenario::CutByLength] {
        let model = Model::new(Script::answering(truthful).then([scenario.clone()]));
        let built = json(&model.build(&["--model", PRICED, "--yes"]));
        assert_eq!(built["status"], "completed", "{scenario:?}");
        assert!(sources(&model.pack().contents.nodes.symbols).0 > 5, "{scenario:?}");
    }
}

#[test]
fn another_model_stands_in() {
    let script = Script::answering(truthful).for_model("gone-model", Scenario::ModelUnknown);
    let model = Model::new(script);
    let built = json(&model.build(&["--model", "gone-model", "--model", PRICED, "--yes"]));
    assert_eq!(built["status"], "completed");
    assert!(sources(&model.pack().contents.nodes.symbols).0 > 5);
}

#[test]
fn the_pack_holds_the_questions_where_that_is_asked_for() {
    let model = Model::new(Script::answering(truthful));
    json(&model.build(&["--model", PRICED, "--yes", "--contexts", "--one-per-request"]));
    let pack = model.pack();
    let kept = pack.contents.symbol_contexts.expect("contexts were asked for");
    let questions = kept["questions"].as_array().expect("a model was asked");
    assert_eq!(questions.len(), model.server.n_requests());
    let asked: BTreeMap<String, usize> = model
        .server
        .requests()
        .iter()
        .map(|it| (String::from_utf8_lossy(&it.body).into_owned(), 1))
        .collect();
    assert_eq!(asked.len(), questions.len(), "no question is asked twice");
}

#[test]
fn a_slow_model_is_given_as_many_tries_as_it_takes() {
    let script = Script::answering(truthful).with_latency(Duration::from_millis(250));
    let model = Model::new(script.clone());
    let arguments = ["--model", PRICED, "--yes", "--one-per-request"];
    json(&model.build(&arguments));
    let (n_asked, pack) = (model.server.n_requests(), std::fs::read(model.world.path("p.docpack")).unwrap());
    assert!(n_asked > 8, "{n_asked} questions");
    let slow = Model::new(script);
    let world = slow.world.with("DOCTOWN_LLM_TURN_SECONDS", "1").with("DOCTOWN_LLM_PARALLEL", "1");
    let slow = Model { world, ..slow };
    let built = json(&slow.build(&arguments));
    assert_eq!((built["status"].as_str(), slow.server.n_requests()), (Some("completed"), n_asked));
    assert!(std::fs::read(slow.world.path("p.docpack")).unwrap() == pack);
    let audit = slow.world.run(&["audit", built["job"].as_str().unwrap()]).stdout;
    assert!(audit.contains(r#""attempt":2"#), "{audit}");
}

#[test]
fn templates_and_servers_are_checked_before_anything_is_read() {
    let model = Model::new(Script::answering(truthful));
    std::fs::write(model.world.path("t.txt"), "Tell of {nmae}.").unwrap();
    let refused = model.build(&["--model", PRICED, "--yes", "--template", "t.txt"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("nmae"), "{}", refused.stderr);
    let world = World::new();
    world.write("small", SMALL);
    let refused = world.run(&["build", "small", "--no-embeddings", "--model", PRICED]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("model_not_configured"), "{}", refused.stderr);
    let refused =
        world.run(&["build", "small", "--no-embeddings", "--model", PRICED, "--base-url", "nonsense"]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
}

#[test]
fn secrets_reach_neither_model_nor_pack() {
    let secret = ["ghp", "_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].concat();
    let source = format!(
        "//- /a.py\ndef connect(key=\"{secret}\"):\n    \"\"\"Connects with {secret}.\"\"\"\n    token = \"{secret}\"\n    return token\n"
    );
    let model = Model::new(Script::answering(truthful));
    model.world.write("leaky", &source);
    let ran = model.world.run(&[
        "build",
        "leaky",
        "--no-embeddings",
        "--model",
        PRICED,
        "--yes",
        "--contexts",
        "--quiet",
        "-o",
        "p.docpack",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let pack = model.pack();
    assert!(pack.contents.quality.secrets_redacted.values().sum::<u32>() > 0);
    let whole = serde_json::to_string(&pack.contents.nodes).unwrap()
        + &serde_json::to_string(&pack.contents.symbol_contexts).unwrap();
    assert!(!whole.contains(&secret) && whole.contains("[REDACTED:"));
    assert!(
        model
            .server
            .requests()
            .iter()
            .all(|request| !String::from_utf8_lossy(&request.body).contains(&secret))
    );
    assert_eq!(model.world.run(&["verify", "p.docpack"]).code, 0);
}

/// What a small real model says is mostly refused; the calls, their counts and the check are real.
#[test]
fn a_real_model_is_asked_and_checked() {
    let Ok(base_url) = std::env::var("DOCTOWN_CHAT_URL") else {
        // Left out: `scripts/chat-model` sets the variable.
        return;
    };
    // One thread computes: two questions at once are each half as fast.
    let world = World::new().with("DOCTOWN_LLM_BASE_URL", &base_url).with("DOCTOWN_LLM_PARALLEL", "1");
    world.write("small", "//- /greet.py\ndef greet(name):\n    return name\n");
    let arguments =
        ["build", "small", "--no-embeddings", "--model", "smollm2", "--json", "--quiet", "-o", "p.docpack"];
    let built = json(&world.run(&arguments));
    assert_eq!(built["status"], "completed", "a model of one's own costs nothing, so nobody is asked");
    let audit = world.run(&["audit", built["job"].as_str().unwrap()]).stdout;
    let lines: Vec<Value> = audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!lines.is_empty());
    assert!(lines.iter().any(|line| line["call"]["usage"]["output_tokens"].as_u64() > Some(0)), "{audit}");
    assert_eq!(world.run(&["verify", "p.docpack"]).code, 0);
    let again = json(&world.run(&[&arguments[..], &["--fresh"]].concat()));
    assert_eq!(
        again["manifest"]["docpack_id"], built["manifest"]["docpack_id"],
        "kept replies are the same words"
    );
}

#[test]
fn an_estimate_needs_no_key_and_leaves_no_job() {
    let world = World::new();
    world.write("small", SMALL);
    let told = world.run(&["estimate", "small", "--no-embeddings", "--model", PRICED]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    let cost = told.stdout.lines().find(|line| line.starts_with("cost: ")).expect("a cost");
    assert!(
        cost.contains(" to ") && cost.contains(" USD expected") && !cost.starts_with("cost: 0 to"),
        "{cost}"
    );
    assert_eq!(world.run(&["jobs"]).stdout, "");
    let quick =
        world.run(&["estimate", "small", "--no-embeddings", "--model", PRICED, "--by-size", "--json"]);
    let quick = json(&quick);
    let of = |name: &str| quick[name].as_u64().expect("a number");
    assert!(of("error_micro_usd") < of("expected_micro_usd"), "a range does not begin at nothing: {quick}");
}
