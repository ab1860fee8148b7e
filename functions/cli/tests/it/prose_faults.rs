//! What goes wrong at a model's server, through whole builds: what lasts, what passes, what cannot be used; and that
//! the next build pays nothing for any of it.

use std::thread;

use llm::testserver::{Question, Scenario, Script, Wait};
use serde_json::{Value, json};

use crate::program::World;
use crate::prose::{Model, PRICED, json, sources, truthful};

/// Builds, and tells the status, why something is missing, and how many symbols the model wrote about.
fn built(model: &Model) -> (String, Option<String>, usize) {
    let built = json(&model.build(&["--model", PRICED, "--yes", "--fresh"]));
    let code = built["manifest"]["missing"][0]["code"].as_str().map(str::to_owned);
    let n_written = sources(&model.pack().contents.nodes.symbols).0;
    (built["status"].as_str().expect("a build has a status").to_owned(), code, n_written)
}

fn bytes(model: &Model) -> Vec<u8> {
    std::fs::read(model.world.path("p.docpack")).expect("the pack was written")
}

fn raw(content_type: &str, body: &str) -> Scenario {
    let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
    Scenario::Raw { status: 200, headers, body: body.to_owned() }
}

/// A page for people, with a status of success.
fn html() -> Scenario {
    raw("text/html", "<html><body><h1>Sign in</h1></body></html>")
}

/// A stream of events, though none was asked for.
fn garbage() -> Scenario {
    raw("text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"Op\"}}]}\n\ndata: {\"cho")
}

#[test]
fn what_lasts_leaves_the_words_of_the_source() {
    // Scenario, code of what is missing: the true cause, also where it used up what was agreed to.
    let table = [
        (Scenario::ServerError, "llm_unavailable"),
        (Scenario::RateLimited(Wait::Milliseconds(1)), "llm_rate_limited"),
        (Scenario::ResetMidBody, "llm_unavailable"),
        (Scenario::Closed, "llm_unavailable"),
        (Scenario::Huge, "llm_reply_too_large"),
        (Scenario::NotJson, "llm_bad_reply"),
        (html(), "llm_bad_reply"),
        (garbage(), "llm_bad_reply"),
    ];
    thread::scope(|scope| {
        for (scenario, code) in table {
            scope.spawn(move || {
                let model = Model::new(Script::answering(truthful).usually(scenario.clone()));
                let expected = ("partial".to_owned(), Some(code.to_owned()), 0);
                assert_eq!(built(&model), expected, "{scenario:?}");
                let pack = model.pack();
                let words =
                    pack.contents.nodes.symbols.iter().filter_map(|symbol| symbol.documentation.as_ref());
                assert!(words.count() > 5, "{scenario:?}");
            });
        }
    });
}

#[test]
fn what_passes_is_waited_for_and_the_next_build_asks_nothing() {
    let passing = [Scenario::ServerError, Scenario::RateLimited(Wait::Milliseconds(1)), Scenario::Closed];
    thread::scope(|scope| {
        for scenario in passing {
            scope.spawn(move || {
                // Longer than the attempts at one question: only another try of the unit gets past it.
                let faults = std::iter::repeat_n(scenario.clone(), 6);
                let model = Model::new(Script::answering(truthful).then(faults));
                let args = ["--model", PRICED, "--budget", "1"];
                let first = json(&model.build(&args));
                assert_eq!(first["status"], "completed", "{scenario:?}: {first}");
                let (n_asked, pack) = (model.server.n_requests(), bytes(&model));
                assert!(sources(&model.pack().contents.nodes.symbols).0 > 5, "{scenario:?}");
                let price = json(&model.world.run(&["price", first["job"].as_str().unwrap(), "--json"]));
                let uncertain = price["price"]["uncertain_micro_usd"].as_u64().unwrap();
                assert_eq!(uncertain > 0, scenario == Scenario::Closed, "{scenario:?}: {price}");
                json(&model.build(&[&args[..], &["--fresh"]].concat()));
                assert_eq!(model.server.n_requests(), n_asked, "{scenario:?}: every reply is kept");
                assert!(bytes(&model) == pack, "{scenario:?}: the packs differ");
            });
        }
    });
}

/// What becomes of a reply's answers.
type Change = fn(&mut Vec<Value>);

/// Changes the answers of a reply that is otherwise true.
fn changed(question: &Question, change: Change) -> String {
    let mut reply: Value = serde_json::from_str(&truthful(question)).expect("it is JSON");
    change(reply["answers"].as_array_mut().expect("a list"));
    reply.to_string()
}

#[test]
fn answers_under_wrong_names_are_nobodys() {
    let wrong = |answers: &mut Vec<Value>| {
        for (at, answer) in answers.iter_mut().enumerate() {
            answer["id"] = json!(format!("x{at}"));
        }
    };
    let twice = |answers: &mut Vec<Value>| {
        let others = answers
            .iter()
            .map(|it| json!({"id": it["id"], "claims": [], "sentence": "Opens the second drawer."}));
        let others: Vec<Value> = others.collect();
        answers.extend(others);
    };
    let half = |answers: &mut Vec<Value>| answers.truncate(answers.len().div_ceil(2));
    let none: Change = Vec::clear;
    // What happens to the answers, whether any is believed.
    let table: [(&str, Change, bool); 4] =
        [("wrong", wrong, false), ("twice", twice, true), ("half", half, true), ("none", none, false)];
    for (name, change, is_believed) in table {
        let model = Model::new(Script::answering(move |question| changed(question, change)));
        let (status, missing, n_written) = built(&model);
        let expected =
            if is_believed { ("completed", None) } else { ("partial", Some("llm_nothing_usable")) };
        assert_eq!((status.as_str(), missing.as_deref()), expected, "{name}");
        let rejected = model.pack().contents.quality.summaries.rejected;
        assert_eq!(rejected == 0, is_believed, "{name}: {rejected} were asked for in vain");
        assert_eq!(n_written > 0, is_believed, "{name}: {n_written} were believed");
        let words = serde_json::to_string(&model.pack().contents.nodes).expect("it is JSON");
        assert!(!words.contains("second drawer"), "{name}: of two answers the first one counts");
        let (n_asked, pack) = (model.server.n_requests(), bytes(&model));
        built(&model);
        assert_eq!(model.server.n_requests(), n_asked, "{name}: every reply is kept");
        assert!(bytes(&model) == pack, "{name}: the packs differ");
    }
}

#[test]
fn a_dear_model_behind_a_free_one_is_agreed_to_first() {
    // Of a server on this machine, a model without a row in the table is free.
    let script = || Script::answering(truthful).for_model("own-model", Scenario::Refusal);
    let models = ["--model", "own-model", "--model", PRICED];
    let model = Model::new(script());
    let refused = model.build(&models);
    assert_eq!((refused.code, model.server.n_requests()), (6, 0), "{}", refused.stderr);
    let built = json(&model.build(&[&models[..], &["--budget", "0.000001", "--yes"]].concat()));
    let price = json(&model.world.run(&["price", built["job"].as_str().unwrap(), "--json"]));
    assert_eq!(price["price"]["tokens_micro_usd"], 0, "{price}");
    let model = Model::new(script());
    let built = json(&model.build(&[&models[..], &["--yes"]].concat()));
    assert_eq!(built["status"], "completed");
    assert!(sources(&model.pack().contents.nodes.symbols).0 > 5);
}

#[test]
fn a_budget_just_above_what_is_likely_is_enough() {
    let model = Model::new(Script::answering(truthful));
    let estimate = ["estimate", "small", "--no-embeddings", "--model", PRICED, "--one-per-request", "--json"];
    let estimate = json(&model.world.run(&estimate));
    let of = |name: &str| estimate[name].as_u64().expect("a number");
    let likely = of("expected_micro_usd") + of("error_micro_usd") + 1;
    assert!(likely < of("cost_micro_usd"), "{estimate}");
    let budget = format!("{:.6}", likely as f64 / 1e6);
    let built = json(&model.build(&["--model", PRICED, "--budget", &budget, "--one-per-request"]));
    assert_eq!(built["status"], "completed", "{built}");
}

#[test]
fn many_models_are_refused() {
    let model = Model::new(Script::answering(truthful));
    let names: Vec<String> = (0..9).map(|n| format!("m{n}")).collect();
    let arguments: Vec<&str> = names.iter().flat_map(|name| ["--model", name.as_str()]).collect();
    let refused = model.build(&arguments);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("models_unusable"), "{}", refused.stderr);
}

#[test]
fn secrets_in_addresses_of_imports_are_not_packed() {
    let world = World::new();
    let secret = ["ghp", "_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].concat();
    let source = format!(
        "//- /a.js\nimport x from \"https://ci:{secret}@example.org/m.js\";\nexport const y = x();\n"
    );
    world.write("leaky", &source);
    let ran = world.run(&["build", "leaky", "--no-embeddings", "--contexts", "--quiet", "-o", "p.docpack"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let pack = std::fs::read(world.path("p.docpack")).expect("the pack was written");
    let pack = docpack::read(pack.as_slice(), &docpack::ReadLimits::default()).expect("the pack is whole");
    let source_map = serde_json::to_string(&pack.contents.source_map).expect("it is JSON");
    let graph = serde_json::to_string(&pack.contents.graph).expect("it is JSON");
    assert!(!source_map.contains(&secret) && !graph.contains(&secret), "{source_map}");
}

#[test]
fn a_model_that_says_nothing_usable_is_not_asked_about_the_rest() {
    // Right JSON of a wrong schema, one symbol a question.
    let script = Script::answering(|_| r#"{"result":"I would be glad to help."}"#.to_owned());
    let model = Model::new(script);
    let functions = (0..300).map(|n| format!("def step_{n}(x):\n    return x + {n}\n\n"));
    model.world.write("many", &format!("//- /many.py\n{}", functions.collect::<String>()));
    let arguments =
        ["build", "many", "--no-embeddings", "--one-per-request", "--model", PRICED, "--yes", "-o"];
    let ran = model.world.run(&[&arguments[..], &["p.docpack"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("llm_nothing_usable"), "it is said where people read: {}", ran.stderr);
    assert!(model.server.n_requests() < 120, "{} of 300 and more", model.server.n_requests());
    assert!(model.pack().contents.quality.summaries.rejected > 0);
}

#[test]
fn what_a_call_costs_beyond_its_worst_case_the_other_units_lack() {
    // A server that says it read and wrote a thousand million tokens.
    let usage =
        json!({"prompt_tokens": 1_000_000_000, "completion_tokens": 0, "total_tokens": 1_000_000_000});
    let message = json!({"role": "assistant", "content": "{\"answers\":[]}"});
    let reply =
        json!({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage});
    let script = Script::answering(truthful).usually(raw("application/json", &reply.to_string()));
    let model = Model::new(script);
    let functions = (0..2_000).map(|n| format!("def step_{n}(x):\n    return x + {n}\n\n"));
    model.world.write("many", &format!("//- /many.py\n{}", functions.collect::<String>()));
    let arguments =
        ["build", "many", "--no-embeddings", "--model", PRICED, "--yes", "--json", "--quiet", "-o"];
    json(&model.world.run(&[&arguments[..], &["p.docpack"]].concat()));
    // Of 20 questions and more. Three units run at once, and each may have some under way when the money goes.
    let n_asked = model.server.n_requests();
    assert!(n_asked <= 6, "{n_asked} questions after the money was gone");
}
