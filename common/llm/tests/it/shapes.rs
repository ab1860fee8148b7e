//! Answers in the shapes that OpenAI documents and that other servers use.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use llm::testserver::{Scenario, Script};
use llm::{Budget, ChatError, ChatReply, Endpoint, Finish, PriceTable, RetryParams, TokenCounter, Usage};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::support::{MODEL, chat, request, serve};

#[derive(Deserialize)]
struct Fixture {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Box<RawValue>,
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"))
}

async fn reply_to(name: &str) -> Result<ChatReply, ChatError> {
    ask(name, &Budget::unlimited()).await
}

async fn ask(name: &str, budget: &Budget) -> Result<ChatReply, ChatError> {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let fixture: Fixture = serde_json::from_str(&text).expect("a fixture has a status, headers and a body");
    let headers = fixture.headers.into_iter().collect();
    let shape = Scenario::Raw { status: fixture.status, headers, body: fixture.body.get().to_owned() };
    let server = serve(Script::default().usually(shape));
    let once = RetryParams { max_attempts: 1, ..RetryParams::default() };
    let endpoint = Endpoint::new(&server.base_url(), [MODEL]).expect("a URL").with_retry(once);
    chat(endpoint).ask(&request(), 0, budget).await
}

#[tokio::test]
async fn a_completion_is_read_whole() {
    let reply = reply_to("openai_completion").await.expect("a completion");
    assert_eq!(reply.text, r#"{"summary":"Adds two bytes.","confidence":"high"}"#);
    assert_eq!((&reply.finish, reply.refusal.as_ref(), reply.n_tries), (&Finish::Stop, None, 1));
    assert_eq!(reply.response_id.as_deref(), Some("chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT"));
    assert_eq!(reply.response_model.as_deref(), Some("gpt-4o-mini-2024-07-18"));
    let usage =
        Usage { input_tokens: 1311, output_tokens: 42, cached_input_tokens: 1024, reasoning_tokens: 0 };
    assert_eq!(reply.usage, Some(usage));
    // 287 tokens at 0.15, 1,024 at 0.075 and 42 at 0.60 dollars per million: 145.05 millionths.
    assert_eq!(reply.cost_micro_usd, Some(146));
}

#[tokio::test]
async fn thinking_until_the_end_of_the_limit_is_a_cut_answer() {
    let reply = reply_to("openai_reasoning_completion").await.expect("a completion");
    assert_eq!(reply.usage.map(|usage| usage.reasoning_tokens), Some(128));
    assert_eq!(reply.answer().expect_err("it has no text").code(), "llm_reply_cut");
}

#[tokio::test]
async fn a_refusal_is_paid_but_is_no_answer() {
    let reply = reply_to("openai_refusal").await.expect("a completion");
    assert_eq!(reply.refusal.as_deref(), Some("I'm sorry, I cannot assist with that request."));
    assert_eq!(reply.answer().expect_err("it is a refusal").code(), "llm_refused");
    assert_eq!(reply.usage.map(|usage| (usage.input_tokens, usage.output_tokens)), Some((81, 11)));
}

#[tokio::test]
async fn where_a_server_does_not_count_the_worst_case_is_charged() {
    let budget = Budget::of_micro_usd(1_000_000);
    let reply = ask("no_usage_completion", &budget).await.expect("a completion");
    assert_eq!((reply.usage, reply.cost_micro_usd, reply.answer().is_ok()), (None, None, true));
    let price = PriceTable::published().price(MODEL).expect("it has a price");
    let input = TokenCounter::for_model(MODEL).at_most(&request());
    assert_eq!(budget.spent(), price.worst_case(input, 100));
}

/// Name, code, and the wait in milliseconds that it asks for.
const ERRORS: [(&str, &str, Option<u64>); 25] = [
    ("openai_401_key", "llm_unauthorised", None),
    ("openai_403_region", "llm_unauthorised", None),
    ("openai_403_model", "llm_model_unknown", None),
    ("azure_400_filter", "llm_refused", None),
    ("openai_429_quota", "llm_quota", None),
    ("openai_429_rate", "llm_rate_limited", Some(19_612)),
    ("openai_404_model", "llm_model_unknown", None),
    ("openai_400_context", "llm_context_too_long", None),
    ("openai_400_schema", "llm_bad_request", None),
    ("openai_400_parameter", "llm_bad_request", None),
    ("openai_500", "llm_unavailable", None),
    ("openai_503", "llm_unavailable", Some(2000)),
    ("azure_404_deployment", "llm_model_unknown", None),
    ("azure_401", "llm_unauthorised", None),
    ("azure_429", "llm_rate_limited", Some(6000)),
    ("llama_cpp_401", "llm_unauthorised", None),
    ("llama_cpp_400_context", "llm_context_too_long", None),
    ("llama_cpp_503_loading", "llm_unavailable", None),
    ("ollama_404_model", "llm_model_unknown", None),
    ("ollama_404_model_word", "llm_model_unknown", None),
    ("vllm_404_model", "llm_model_unknown", None),
    ("vllm_400_context", "llm_context_too_long", None),
    ("gateway_402_credits", "llm_quota", None),
    ("gateway_200_error", "llm_rate_limited", None),
    ("fastapi_404", "llm_wrong_url", None),
];

#[tokio::test]
async fn each_error_has_its_code_its_status_and_its_wait() {
    for (name, code, wait_ms) in ERRORS {
        let error = reply_to(name).await.expect_err(name);
        assert_eq!(
            (error.code(), error.retry_after),
            (code, wait_ms.map(Duration::from_millis)),
            "{name}: {error}"
        );
        let status = name.split('_').find_map(|word| word.parse().ok()).expect("a name has a status");
        let status = if status == 200 { 429 } else { status };
        assert_eq!(error.status, Some(status), "{name}");
    }
}

#[test]
fn every_fixture_is_read_by_a_test() {
    let read: Vec<&str> = ERRORS.iter().map(|(name, ..)| *name).collect();
    let replies =
        ["openai_completion", "openai_reasoning_completion", "openai_refusal", "no_usage_completion"];
    for entry in folder().read_dir().expect("there are fixtures").flatten() {
        let file = entry.file_name().into_string().expect("a plain name");
        let name = file.trim_end_matches(".json");
        assert!(read.contains(&name) || replies.contains(&name), "no test reads `{file}`");
    }
}
