//! Questions about a docpack, at the door of the program.

use llm::testserver::{Question, Script, TestServer};
use serde_json::Value;

use crate::program::{Ran, World};
use crate::prose::PRICED;

/// A small web framework with a base class, a subclass that overrides, a value that is called, and tests.
const WEB: &str = r#"//- /web/base.py
"""The base of every application."""


class Scaffold:
    """What applications share."""

    def route(self, rule):
        """Registers a view function.

        The rule is a path.
        """
        return self.add_rule(rule)

    def add_rule(self, rule):
        return check(rule)

    def close(self):
        return 0


def check(rule):
    """Refuses an empty rule."""
    if not rule:
        raise ValueError(rule)
    return rule
//- /web/app.py
from web.base import Scaffold


class App(Scaffold):
    def close(self):
        return 1


def make_app(handler):
    app = App()
    app.route("/")
    handler(app)
    return app


def serve():
    return make_app(print)
//- /tests/test_app.py
from web.app import make_app


def test_app_is_made():
    assert make_app(print)


def test_closes():
    make_app(print).close()
//- /examples/hello.py
from web.app import serve

serve()
"#;

fn world() -> World {
    let world = World::new();
    let web = world.write("web", WEB);
    world.build(&web, "web.docpack", &[]);
    world
}

fn ok(ran: Ran) -> String {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

fn json(world: &World, arguments: &[&str]) -> Value {
    let text = ok(world.run(&[arguments, &["--json"]].concat()));
    let value: Value = serde_json::from_str(&text).expect("stdout is one JSON value");
    assert_eq!(value["command"], arguments[0]);
    value["data"].clone()
}

#[test]
fn every_question_about_the_small_framework_has_its_answer() {
    let world = world();
    for (question, lines) in [
        (
            &["show", "Scaffold.route"][..],
            &["method web.base.Scaffold.route", "def route(self, rule)", "web/app.py:11", "web/base.py:14"][..],
        ),
        (&["callers", "make_app"], &["web/app.py:17 ", "tests/test_app.py:9 ", "3 callers", "complete: "]),
        (&["callees", "make_app"], &["web.base.Scaffold.route", "handler     dynamic"]),
        (&["path", "serve", "check"], &["web/base.py:12 ", "4 steps, as sure as its weakest: 0.9"]),
        (&["impact", "check"], &["product: 4 symbols", "test: 2 symbols", "  tests/test_app.py (2)"]),
        (&["impact", "Scaffold.close", "--depth", "1"], &["web.app.App.close", "overrides"]),
        (&["search", "empty", "rule", "--limit", "1"], &["web.base.check", "1 of "]),
        (
            &["ask", "what is raised for an empty rule?"],
            &[
                "In the code",
                "check (web/base.py:21)",
                "\u{201c}Refuses an empty rule.\u{201d}",
                ":24  if `not rule`: raises `ValueError(rule)`",
            ],
        ),
    ] {
        let shown = ok(world.run(question));
        for line in lines {
            assert!(shown.contains(line), "{question:?} lacks {line:?}: {shown}");
        }
    }
}

#[test]
fn answers_are_the_same_from_the_cache_without_it_and_from_a_damaged_one() {
    let world = world();
    let folder = world.path("home").join("cache");
    let ask = || {
        let search = json(&world, &["search", "web.docpack", "what refuses an empty rule"]);
        (search, json(&world, &["ask", "web.docpack", "what is raised for an empty rule?"]))
    };
    let files = || {
        let entries = std::fs::read_dir(&folder).expect("the cache has a folder");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
        paths.sort();
        paths
    };
    let first = ask();
    let kept: Vec<_> = files().iter().map(|path| std::fs::read(path).expect("a file")).collect();
    assert_eq!(kept.len(), 2, "one of each command");
    assert_eq!(ask(), first);
    for (path, bytes) in files().iter().zip(&kept) {
        let mut damaged = bytes.clone();
        let last = damaged.len() - 1;
        damaged[last] ^= 1;
        std::fs::write(path, damaged).expect("it can be written");
    }
    assert_eq!(ask(), first);
    assert_eq!(std::fs::read(&files()[0]).expect("it was made again"), kept[0]);
    std::fs::remove_dir_all(&folder).expect("it may be deleted");
    std::fs::write(&folder, "a file where the folder was").expect("it can be written");
    assert_eq!(ask(), first);
}

#[test]
fn an_answer_for_programs_has_its_outcome_and_evidence() {
    let world = world();
    let answer = json(&world, &["ask", "web.docpack", "how is a rule added?", "--limit", "2"]);
    assert_eq!((&answer["outcome"], &answer["lacks"]), (&"evidence".into(), &serde_json::json!([])));
    assert!(answer["items"].as_array().is_some_and(|items| items.len() == 2), "{answer}");
    let unknown = json(&world, &["ask", "how does Kubernetes scale pods?"]);
    assert_eq!(unknown["outcome"], "unknown");
    assert!(unknown["unknown_words"].as_array().is_some_and(|words| words.contains(&"kubernetes".into())));
}

/// Chooses the step that raises, and claims something that no evidence says.
fn choosing(question: &Question) -> String {
    let heading = question.user.lines().find(|line| line.contains("] check (")).expect("`check` is evidence");
    let item: u64 = heading[1..heading.find(']').expect("it is numbered")].parse().expect("by a number");
    let raises = serde_json::json!({"kind": "does", "item": item, "line": 24, "quote": ""});
    let lie =
        serde_json::json!({"kind": "says", "item": item, "line": 0, "quote": "Deletes all rules at once."});
    serde_json::json!({"claims": [raises, lie], "missing": []}).to_string()
}

#[test]
fn a_model_chooses_among_the_evidence_and_the_same_question_is_paid_once() {
    let server = TestServer::start(Script::answering(choosing)).expect("a port of loopback is free");
    let world = World::new().with("DOCTOWN_LLM_BASE_URL", &server.base_url());
    let web = world.write("web", WEB);
    world.build(&web, "web.docpack", &[]);
    let asked = ["ask", "web.docpack", "what is raised for an empty rule?", "--model", PRICED];
    let refused = world.run(&asked);
    assert_eq!((refused.code, server.n_requests()), (6, 0), "{}", refused.stderr);
    assert!(refused.stderr.contains("error[approval_needed]"), "{}", refused.stderr);
    let shown = ok(world.run(&[&asked[..], &["--budget", "0.5"]].concat()));
    let first = shown.lines().next().unwrap_or_default();
    assert!(first.starts_with("`check` raises `ValueError(rule)` if `not rule`. ["), "{shown}");
    assert!(shown.contains("1 claim is left out: not in the evidence.") && shown.contains("In the code"));
    assert!(!shown.contains("Deletes all rules"), "{shown}");
    let again = json(&world, &[&asked[..], &["--yes"]].concat());
    assert_eq!((&again["is_cached"], server.n_requests()), (&true.into(), 1), "{again}");
    assert_eq!((&again["composed"]["n_claims"], &again["composed"]["n_held"]), (&2.into(), &1.into()));
    assert_eq!(again["composed"]["sentences"][0]["line"], 24);
}

#[test]
fn the_audit_has_a_line_for_each_question_to_a_model_and_tells_replays_from_calls() {
    let server = TestServer::start(Script::answering(choosing)).expect("a port of loopback is free");
    let world = World::new().with("DOCTOWN_LLM_BASE_URL", &server.base_url());
    let web = world.write("web", WEB);
    world.build(&web, "web.docpack", &[]);
    let asked = ["ask", "web.docpack", "what is raised for an empty rule?", "--model", PRICED];
    assert_eq!((world.run(&asked).code, ok(world.run(&["audit"])).as_str()), (6, ""), "nothing was sent");
    for _ in 0..2 {
        ok(world.run(&[&asked[..], &["--yes"]].concat()));
    }
    let audit = ok(world.run(&["audit"]));
    let lines: Vec<Value> = audit.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let [first, second] = lines.as_slice() else { panic!("{audit}") };
    for line in [first, second] {
        assert_eq!(
            (&line["n_claims"], &line["n_held"], &line["outcome"]),
            (&2.into(), &1.into(), &"ok".into())
        );
        assert!(line["correlation_id"].as_str().is_some_and(|id| id.starts_with("ask/")), "{line}");
        assert!(line["docpack_id"].as_str().is_some_and(|id| id.starts_with("sha256:")), "{line}");
    }
    assert_eq!(first["question"], second["question"]);
    assert_eq!((&first["cache_hit"], &second["cache_hit"]), (&false.into(), &true.into()));
    let call = &first["call"];
    assert!(call["cost_micro_usd"].as_u64() > Some(0) && call["usage"]["input_tokens"].as_u64() > Some(0));
    assert!(call["prompt_digest"].is_string() && second["call"].is_null(), "{audit}");
    assert!(!audit.contains("empty rule"), "neither question nor reply is kept: {audit}");
}

#[test]
fn a_failed_question_and_one_that_costs_too_much_are_audited_under_their_cause() {
    let refusing = |_: &Question| "no answer".to_owned();
    let server = TestServer::start(Script::answering(refusing)).expect("a port of loopback is free");
    let world = World::new().with("DOCTOWN_LLM_BASE_URL", &server.base_url());
    let web = world.write("web", WEB);
    world.build(&web, "web.docpack", &[]);
    let asked = ["ask", "web.docpack", "what is raised for an empty rule?", "--model", PRICED, "--yes"];
    let poor = world.run(&[&asked[..], &["--budget", "0.000001"]].concat());
    assert_eq!((poor.code, server.n_requests()), (6, 0), "{}", poor.stderr);
    assert!(poor.stderr.contains("error[budget_exceeded]"), "{}", poor.stderr);
    assert!(ok(world.run(&asked)).starts_with("UNKNOWN: "));
    let audit = ok(world.run(&["audit"]));
    let lines: Vec<Value> = audit.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let [first, second] = lines.as_slice() else { panic!("{audit}") };
    assert_eq!(
        (&first["outcome"], &first["call"]["error_code"]),
        (&"failed".into(), &"budget_exceeded".into())
    );
    assert_eq!((&second["outcome"], &second["call"]["outcome"]), (&"rejected".into(), &"answered".into()));
}

#[test]
fn a_model_without_claims_that_hold_says_unknown() {
    let nothing = |_: &Question| r#"{"claims": [], "missing": ["rule"]}"#.to_owned();
    let server = TestServer::start(Script::answering(nothing)).expect("a port of loopback is free");
    let world = World::new().with("DOCTOWN_LLM_BASE_URL", &server.base_url());
    let web = world.write("web", WEB);
    world.build(&web, "web.docpack", &[]);
    let asked = ["ask", "web.docpack", "what is raised for an empty rule?", "--model", PRICED, "--yes"];
    let shown = ok(world.run(&asked));
    assert!(shown.starts_with("UNKNOWN: the model found no answer"), "{shown}");
    assert!(shown.contains("The evidence says nothing about: rule."), "{shown}");
}

#[test]
fn a_question_that_asks_nothing_or_too_much_is_refused() {
    let world = world();
    for (question, code) in [("?", "question_empty"), (&*"why ".repeat(200), "question_too_long")] {
        let ran = world.run(&["ask", "web.docpack", question]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("error[{code}]")), "{}", ran.stderr);
    }
}

#[test]
fn the_pack_is_the_first_word_the_option_or_the_only_one_around() {
    let world = world();
    let shown = ok(world.run(&["show", "web.docpack", "serve"]));
    assert_eq!(ok(world.run(&["show", "serve"])), shown);
    assert_eq!(ok(world.run(&["show", "serve", "--pack", "web.docpack"])), shown);
    let below = world.command(&["show", "serve"]).current_dir(world.path("web/tests")).output();
    let below = below.expect("the program was built for this test");
    assert_eq!(String::from_utf8_lossy(&below.stdout), shown);
    assert!(
        String::from_utf8_lossy(&below.stderr).contains("web.docpack"),
        "the pack of another folder is named"
    );
    let both = world.run(&["show", "web.docpack", "serve", "--pack", "web.docpack"]);
    assert!(both.code == 2 && both.stderr.contains("error[usage]"), "{}", both.stderr);
    let alone = world.run(&["show", "web.docpack"]);
    assert!(alone.code == 2 && alone.stderr.contains("is missing"), "{}", alone.stderr);
    std::fs::copy(world.path("web.docpack"), world.path("other.docpack")).expect("files can be copied");
    let several = world.run(&["show", "serve"]);
    assert!(
        several.code == 2
            && several.stderr.contains("error[pack_not_given]")
            && several.stderr.contains("`other.docpack`, `web.docpack`"),
        "{}",
        several.stderr
    );
    let none = World::new().run(&["show", "serve"]);
    assert!(none.code == 2 && none.stderr.contains("doctown build ."), "{}", none.stderr);
}

#[test]
fn a_symbol_is_named_by_its_id_its_place_or_an_end_of_its_name() {
    let world = world();
    let shown = json(&world, &["show", "web.base.check"]);
    let id = shown["symbol"]["id"].as_str().expect("a symbol has an id");
    for name in [id, "check", "base.check", "web/base.py:22", "base.py:24"] {
        assert_eq!(json(&world, &["show", name]), shown, "{name}");
    }
    let inherited = world.run(&["show", "App.route"]);
    assert!(inherited.stderr.contains("`web.app.App` inherits it"), "{}", inherited.stderr);
    assert!(ok(inherited).contains("method web.base.Scaffold.route"));
}

#[test]
fn several_symbols_of_one_name_are_listed_with_their_ids() {
    let world = world();
    let ran = world.run(&["callers", "close"]);
    assert!(ran.code == 1 && ran.stdout.is_empty(), "{}", ran.stdout);
    let lines = ran.stderr.lines().filter(|line| line.contains("sym_")).count();
    assert!(
        ran.stderr.contains("error[symbol_ambiguous]: `close` means 2 symbols") && lines == 2,
        "{}",
        ran.stderr
    );
    let ran = world.run(&["callers", "close", "--json"]);
    let error: Value = serde_json::from_str(&ran.stderr).expect("the error is JSON");
    let id = error["error"]["candidates"][0]["id"].as_str().expect("a candidate has an id").to_owned();
    assert_eq!(json(&world, &["callers", &id])["symbol"]["name"], "close");
}

#[test]
fn a_name_that_is_not_there_gets_suggestions() {
    let world = world();
    let ran = world.run(&["show", "make_ap"]);
    assert!(
        ran.code == 1
            && ran.stderr.contains("error[symbol_not_found]: no symbol is called `make_ap`")
            && ran.stderr.contains("web.app.make_app"),
        "{}",
        ran.stderr
    );
}

#[test]
fn rows_are_limited_and_chosen_by_role() {
    let world = world();
    let callers = |more: &[&str]| json(&world, &[&["callers", "make_app"], more].concat())["callers"].clone();
    let roles = |callers: &Value| -> Vec<String> {
        let rows = callers["rows"].as_array().expect("rows are a list").iter();
        rows.map(|row| row["symbol"]["role"].as_str().expect("a role is a word").to_owned()).collect()
    };
    let all = callers(&[]);
    assert_eq!(roles(&all), ["product", "test", "test"], "tests come last");
    let tests = callers(&["--role", "test"]);
    assert_eq!((roles(&tests).len(), &tests["total"]), (2, &Value::from(2)));
    let one = callers(&["--limit", "1"]);
    assert_eq!((roles(&one).len(), &one["total"]), (1, &Value::from(3)));
    let wrong = world.run(&["callers", "make_app", "--role", "tests"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("error[role_unknown]"), "{}", wrong.stderr);
}

#[test]
fn impact_names_the_tests_to_run() {
    let world = world();
    let impact = json(&world, &["impact", "check"]);
    let groups = impact["groups"].as_array().expect("groups are a list");
    assert_eq!(groups.last().map(|group| &group["role"]), Some(&Value::from("test")));
    assert_eq!(impact["test_files"], serde_json::json!([{"file_path": "tests/test_app.py", "symbols": 2}]));
    let near = json(&world, &["impact", "check", "--depth", "1"]);
    assert_eq!(near["total"], 1, "{near}");
    let sure = json(&world, &["impact", "check", "--min-confidence", "1"]);
    assert!(sure["total"].as_u64() < impact["total"].as_u64(), "{sure}");
}

#[test]
fn a_path_that_leads_only_the_other_way_is_told() {
    let world = world();
    let steps = json(&world, &["path", "serve", "check"]);
    let steps = steps["steps"].as_array().expect("steps are a list").iter();
    let names: Vec<_> = steps.map(|step| step["to"]["symbol"]["name"].clone()).collect();
    assert_eq!(names, ["make_app", "route", "add_rule", "check"]);
    let ran = world.run(&["path", "check", "serve"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("error[no_path]") && ran.stderr.contains("4 steps"),
        "{}",
        ran.stderr
    );
}

#[test]
fn search_takes_words_without_quotes_and_ends_with_1_where_nothing_fits() {
    let world = world();
    let found = json(&world, &["search", "empty", "rule"]);
    assert_eq!(found["rows"][0]["qualified_name"], "web.base.check", "{found}");
    let ran = world.run(&["search", "qqqq"]);
    assert!(ran.code == 1 && ran.stderr.contains("error[nothing_found]"), "{}", ran.stderr);
}

#[test]
fn names_of_a_strange_pack_send_no_commands_to_the_terminal() {
    let world = world();
    let bytes = std::fs::read(world.path("web.docpack")).expect("the pack was built");
    let mut contents = docpack::read(bytes.as_slice(), &docpack::ReadLimits::default()).unwrap().contents;
    let evil = "\u{1b}[2J\n\u{9b}1A\u{202e}cod";
    for symbol in &mut contents.nodes.symbols {
        symbol.qualified_name.push_str(evil);
        symbol.signature.push_str(evil);
        symbol.doc_comment = Some(evil.to_owned());
    }
    let mut pack = Vec::new();
    docpack::write(&contents, &mut pack).unwrap();
    std::fs::write(world.path("evil.docpack"), pack).unwrap();
    let is_command = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    for question in [
        &["show", "check"][..],
        &["callers", "make_app"],
        &["callees", "make_app"],
        &["path", "serve", "check"],
        &["impact", "check"],
        &["search", "check"],
        &["show", "close"],
        &["show", "make_ap"],
    ] {
        for more in [&["--pack", "evil.docpack"][..], &["--pack", "evil.docpack", "--json"]] {
            let ran = world.run(&[question, more].concat());
            let shown = ran.stdout + &ran.stderr;
            assert!(!shown.is_empty() && !shown.contains(is_command), "{question:?}: {shown:?}");
        }
    }
}
