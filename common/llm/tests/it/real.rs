//! A real model behind a real server, where `DOCTOWN_CHAT_URL` names one: `scripts/chat-model` starts it.

use std::io::Write;

use llm::{Budget, Chat, ChatRequest, Endpoint, Finish, PriceTable, Schema};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::support::SCHEMA;

const QUESTION: &str =
    "Summarise in one short sentence: fn parse_header(raw: &str) -> Result<Header, ParseError>";

/// The server that the environment names, as it names its only model.
fn local() -> Option<Chat> {
    let Ok(base_url) = std::env::var("DOCTOWN_CHAT_URL") else {
        let notice = "SKIPPED: no DOCTOWN_CHAT_URL; `scripts/chat-model` starts a server\n";
        std::io::stderr().write_all(notice.as_bytes()).expect("stderr is open");
        return None;
    };
    let no_cache = RawValue::from_string("false".to_owned()).expect("JSON");
    let endpoint = Endpoint::new(&base_url, ["SmolLM2-135M-Instruct"]).expect("it is a URL");
    let endpoint = endpoint.with_parallel(1).with_extra("cache_prompt", no_cache);
    Some(Chat::new(endpoint, PriceTable::published()).expect("the endpoint is usable"))
}

fn question(max_output_tokens: u32) -> ChatRequest {
    let schema = Schema::parse("summary", SCHEMA).expect("it is a schema");
    ChatRequest::new("You describe functions.", QUESTION, max_output_tokens).with_schema(schema).with_seed(1)
}

#[tokio::test]
async fn a_real_model_answers_in_the_form_of_the_schema() {
    let Some(chat) = local() else { return };
    let budget = Budget::of_micro_usd(0);
    let reply = chat.ask(&question(200), 0, &budget).await.expect("the server answers");
    assert_eq!((reply.finish.clone(), reply.n_tries), (Finish::Stop, 1), "{}", reply.text);
    let answer: Value = serde_json::from_str(reply.answer().expect("it is whole")).expect("it is JSON");
    assert!(
        answer["summary"].is_string()
            && ["low", "high"].contains(&answer["confidence"].as_str().expect("a word"))
    );
    let at = |name: &str| reply.text.find(&format!("\"{name}\"")).expect("both are there");
    assert!(at("summary") < at("confidence"), "in the order of the schema: {}", reply.text);
    let usage = reply.usage.expect("the server counts");
    assert!(usage.input_tokens > 20 && usage.output_tokens > 5, "{usage:?}");
    assert_eq!((reply.cost_micro_usd, budget.spent()), (Some(0), 0));
    let again = chat.ask(&question(200), 0, &budget).await.expect("the server answers");
    assert_eq!(again.text, reply.text, "without its cache the server says the same again");
}

#[tokio::test]
async fn a_real_model_that_runs_out_of_tokens_says_so() {
    let Some(chat) = local() else { return };
    let reply = chat.ask(&question(4), 0, &Budget::unlimited()).await.expect("the server answers");
    assert_eq!(reply.finish, Finish::Length);
    assert_eq!(reply.usage.map(|usage| usage.output_tokens), Some(4));
    assert_eq!(reply.answer().expect_err("it is cut").code(), "llm_reply_cut");
}

#[tokio::test]
async fn a_real_server_refuses_what_does_not_fit_its_context() {
    let Some(chat) = local() else { return };
    let long = ChatRequest::new("", "word ".repeat(9_000), 10);
    let error = chat.ask(&long, 0, &Budget::unlimited()).await.expect_err("its context has 4,096 tokens");
    assert_eq!((error.code(), error.status, error.n_tries), ("llm_context_too_long", Some(400), 1));
}
