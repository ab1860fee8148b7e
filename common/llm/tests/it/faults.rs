//! Each fault of an endpoint: what comes out, and how many requests it took.

use std::time::Duration;

use llm::testserver::{Scenario, Script, Wait};
use llm::{Budget, ChatError, ErrorKind};

use crate::support::{ask, chat, endpoint, endpoint_for, request, serve};

struct Fault {
    scenario: Scenario,
    /// Of an answer that is whole, or the code of the error.
    outcome: &'static str,
    n_requests: usize,
    is_endpoint_gone: bool,
    /// Whether the provider may have charged for it.
    may_have_cost: bool,
    status: Option<u16>,
}

fn fault(scenario: Scenario, outcome: &'static str, n_requests: usize, status: Option<u16>) -> Fault {
    Fault { scenario, outcome, n_requests, is_endpoint_gone: false, may_have_cost: false, status }
}

fn gone(fault: Fault) -> Fault {
    Fault { is_endpoint_gone: true, ..fault }
}

fn charged(fault: Fault) -> Fault {
    Fault { may_have_cost: true, ..fault }
}

fn raw(status: u16, body: &str) -> Scenario {
    Scenario::Raw { status, headers: Vec::new(), body: body.to_owned() }
}

/// Played for every request, so that trying again does not help.
fn lasting() -> Vec<Fault> {
    let limited = |wait| fault(Scenario::RateLimited(wait), "llm_rate_limited", 3, Some(429));
    vec![
        fault(Scenario::Answer, "answer", 1, None),
        gone(fault(Scenario::Unauthorised, "llm_unauthorised", 1, Some(401))),
        gone(fault(Scenario::UnauthorisedInteger, "llm_unauthorised", 1, Some(401))),
        gone(fault(Scenario::PaymentRequired, "llm_quota", 1, Some(402))),
        gone(fault(Scenario::QuotaExhausted, "llm_quota", 1, Some(429))),
        limited(Wait::Untold),
        limited(Wait::Milliseconds(20)),
        limited(Wait::Seconds(0)),
        // A server that wants an hour is not waited for.
        Fault { n_requests: 1, ..limited(Wait::Seconds(3600)) },
        fault(Scenario::ServerError, "llm_unavailable", 3, Some(500)),
        fault(Scenario::ServerErrorPage, "llm_unavailable", 3, Some(502)),
        fault(Scenario::HiddenError, "llm_unavailable", 3, Some(502)),
        charged(fault(Scenario::Slow(Duration::from_secs(60)), "llm_timeout", 3, None)),
        charged(fault(Scenario::ResetMidBody, "llm_unavailable", 3, None)),
        charged(fault(Scenario::Closed, "llm_unavailable", 3, None)),
        charged(fault(Scenario::NotJson, "llm_bad_reply", 3, Some(200))),
        charged(fault(Scenario::Huge, "llm_reply_too_large", 1, Some(200))),
        // Whether prose is an answer is for whoever asked: it may hold one.
        fault(Scenario::ProseAroundJson, "answer", 1, None),
        fault(Scenario::CutByLength, "llm_reply_cut", 1, None),
        fault(Scenario::Empty, "llm_empty_reply", 1, None),
        fault(Scenario::Refusal, "llm_refused", 1, None),
        fault(Scenario::ContentFilter, "llm_refused", 1, None),
        fault(Scenario::ModelUnknown, "llm_model_unknown", 1, Some(404)),
        fault(Scenario::ContextTooLong, "llm_context_too_long", 1, Some(400)),
        charged(fault(raw(200, "{}"), "llm_bad_reply", 3, Some(200))),
        charged(fault(raw(200, r#"{"choices":[]}"#), "llm_bad_reply", 3, Some(200))),
        charged(fault(raw(200, "[1]"), "llm_bad_reply", 3, Some(200))),
        gone(fault(raw(302, ""), "llm_wrong_url", 1, Some(302))),
        gone(fault(raw(404, "<html>nothing here</html>"), "llm_wrong_url", 1, Some(404))),
        fault(raw(408, ""), "llm_timeout", 3, Some(408)),
        fault(raw(418, "{}"), "llm_bad_request", 1, Some(418)),
        charged(fault(raw(504, ""), "llm_unavailable", 3, Some(504))),
    ]
}

#[tokio::test]
async fn each_fault_has_its_code_and_its_number_of_requests() {
    for fault in lasting() {
        let server = serve(Script::default().usually(fault.scenario.clone()));
        let chat = chat(endpoint_for(&server, &fault.scenario));
        let asked = ask(&chat).await;
        let whole = asked.as_ref().map_err(Clone::clone).and_then(|reply| reply.answer().map(str::to_owned));
        let outcome = whole.as_ref().map_or_else(ChatError::code, |_| "answer");
        let name = format!("{:?}", fault.scenario);
        assert_eq!((outcome, server.n_requests()), (fault.outcome, fault.n_requests), "{name}");
        let error = asked.err();
        let told = error.as_ref().map(|error| (error.status, error.may_have_cost));
        let expected = error.as_ref().map(|_| (fault.status, fault.may_have_cost));
        assert_eq!(told, expected, "{name}: {error:?}");
        assert_eq!(error.as_ref().map_or(1, |error| error.n_tries as usize), fault.n_requests, "{name}");
        assert_eq!(chat.gone().is_some(), fault.is_endpoint_gone, "{name}");
    }
}

#[tokio::test]
async fn a_passing_fault_is_asked_again_and_the_tries_are_told() {
    let passing = [
        (Scenario::RateLimited(Wait::Untold), 2),
        (Scenario::RateLimited(Wait::Date(1)), 1),
        (Scenario::RateLimited(Wait::Reset(1)), 1),
        (Scenario::ServerError, 2),
        (Scenario::ServerErrorPage, 2),
        (Scenario::ResetMidBody, 2),
        (Scenario::NotJson, 2),
        (Scenario::Closed, 2),
    ];
    for (scenario, n_times) in passing {
        let server = serve(Script::default().then(vec![scenario.clone(); n_times]));
        let reply =
            ask(&chat(endpoint(&server))).await.unwrap_or_else(|error| panic!("{scenario:?}: {error}"));
        assert_eq!((reply.n_tries as usize, server.n_requests()), (n_times + 1, n_times + 1), "{scenario:?}");
        assert!(reply.answer().is_ok());
    }
}

#[tokio::test]
async fn after_a_wrong_key_nobody_asks_any_more() {
    let server = serve(Script::default().then([Scenario::Unauthorised]));
    let chat = chat(endpoint(&server));
    for _ in 0..5 {
        let error = ask(&chat).await.expect_err("the key is wrong");
        assert_eq!(error.kind, ErrorKind::Unauthorised);
    }
    assert_eq!(server.n_requests(), 1, "the second request would have been answered");
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unavailable_and_costs_nothing() {
    let server = serve(Script::default());
    let nobody = endpoint(&server);
    drop(server);
    let budget = Budget::of_micro_usd(1_000_000);
    let error = chat(nobody).ask(&request(), 0, &budget).await.expect_err("nobody listens");
    assert_eq!((error.code(), error.n_tries, error.may_have_cost), ("llm_unavailable", 3, false));
    assert_eq!((budget.spent(), budget.reserved()), (0, 0));
}

#[tokio::test]
async fn an_empty_question_is_not_sent() {
    let server = serve(Script::default());
    let nothing = llm::ChatRequest::new("", "  ", 10);
    let asked = chat(endpoint(&server)).ask(&nothing, 0, &Budget::unlimited()).await;
    assert_eq!(asked.expect_err("there is no question").code(), "llm_bad_request");
    assert_eq!(server.n_requests(), 0);
}

#[tokio::test]
async fn what_a_server_says_shows_neither_prompt_nor_key() {
    let body = r#"{"error":{"message":"bad input: What does `fn add(a: u8, b: u8) -> u8` do?","code":400}}"#;
    let echo = Scenario::Raw { status: 400, headers: Vec::new(), body: body.to_owned() };
    let key = r#"{"error":{"message":"no such key: sk-very-secret","code":401}}"#;
    let key = Scenario::Raw { status: 401, headers: Vec::new(), body: key.to_owned() };
    let server = serve(Script::default().then([echo, key]));
    let chat = chat(endpoint(&server).with_key("sk-very-secret"));
    let error = ask(&chat).await.expect_err("it is refused");
    assert!(!error.to_string().contains("fn add"), "{error}");
    let error = ask(&chat).await.expect_err("it is refused");
    assert_eq!(error.to_string(), "llm_unauthorised: no such key: (key)");
}

#[test]
fn codes_are_stable_words_and_differ() {
    let mut codes: Vec<&str> = ErrorKind::ALL.iter().map(|kind| kind.code()).collect();
    let is_word = |code: &&str| code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    assert!(codes.iter().all(is_word), "{codes:?}");
    let n_codes = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), n_codes);
}

#[test]
fn the_readme_lists_every_code() {
    let readme = include_str!("../../README.md");
    for kind in ErrorKind::ALL {
        assert!(readme.contains(&format!("`{}`", kind.code())), "README.md lacks `{}`", kind.code());
    }
}

#[tokio::test]
async fn what_an_endpoint_that_has_answered_refuses_is_no_reason_to_leave_it() {
    let raw = |status| Scenario::Raw { status, headers: Vec::new(), body: "<html>no</html>".to_owned() };
    let cases = [(404, "llm_unavailable", 3), (403, "llm_bad_request", 1)];
    for (status, code, n_requests) in cases {
        let answers = std::iter::once(Scenario::Answer).chain(std::iter::repeat_n(raw(status), n_requests));
        let server = serve(Script::default().then(answers));
        let chat = chat(endpoint(&server));
        ask(&chat).await.expect("the first question is answered");
        assert_eq!(ask(&chat).await.expect_err("the way is lost").code(), code);
        assert_eq!((chat.gone(), server.n_requests()), (None, 1 + n_requests), "{status}");
        ask(&chat).await.expect("the next one is answered again");
    }
}

#[tokio::test]
async fn other_models_of_an_endpoint_stand_in_the_same_line() {
    let server = serve(Script::default().usually(Scenario::Unauthorised));
    let one = chat(endpoint(&server));
    let other = one.with_models(["gpt-4o"], llm::PriceTable::published()).expect("a name");
    assert_eq!(ask(&one).await.expect_err("the key is wrong").code(), "llm_unauthorised");
    assert_eq!(ask(&other).await.expect_err("and for all").code(), "llm_unauthorised");
    assert_eq!(server.n_requests(), 1);
}

#[tokio::test]
async fn absurd_counts_are_cut() {
    let body = format!(
        r#"{{"choices":[{{"message":{{"content":"yes"}},"finish_reason":"stop"}}],"usage":{{"prompt_tokens":{0},"completion_tokens":{0}}}}}"#,
        u64::MAX
    );
    let server = serve(Script::default().usually(Scenario::Raw { status: 200, headers: Vec::new(), body }));
    let reply = ask(&chat(endpoint(&server))).await.expect("it is a chat completion");
    let usage = reply.usage.expect("it counts");
    assert_eq!((usage.input_tokens, usage.output_tokens), (100_000_000, 100_000_000));
}
