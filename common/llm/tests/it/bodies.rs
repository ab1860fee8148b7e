//! What is sent, byte for byte where it matters.

use llm::testserver::{Script, TestServer};
use llm::{Api, Budget, ChatRequest, Endpoint, Schema};
use serde_json::value::RawValue;

use crate::support::{MODEL, SCHEMA, ask, chat, endpoint, request, serve};

fn last_body(server: &TestServer) -> String {
    server.requests().last().expect("there was a request").text()
}

#[tokio::test]
async fn a_schema_keeps_the_order_in_which_it_is_written() {
    let server = serve(Script::default());
    ask(&chat(endpoint(&server))).await.expect("an answer");
    let expected = format!(
        r#"{{"model":"{MODEL}","messages":[{{"role":"system","content":"Answer in one sentence."}},{{"role":"user","content":"What does `fn add(a: u8, b: u8) -> u8` do?"}}],"temperature":0,"max_tokens":100,"response_format":{{"type":"json_schema","json_schema":{{"name":"summary","strict":true,"schema":{SCHEMA}}}}}}}"#
    );
    assert_eq!(last_body(&server), expected);
}

#[tokio::test]
async fn an_answer_keeps_the_order_too() {
    let server = serve(Script::default());
    let reply = ask(&chat(endpoint(&server))).await.expect("an answer");
    assert_eq!(reply.text, r#"{"summary":"Adds what it is given.","confidence":"low"}"#);
    assert_eq!(reply.response_model.as_deref(), Some("gpt-4o-mini-2024-07-18"));
    assert_eq!(reply.response_id.as_deref(), Some("chatcmpl-test000001"));
}

#[tokio::test]
async fn the_scripted_server_answers_for_each_id_that_it_is_told() {
    const FREE: &str = r#"{"type":"object","properties":{"summaries":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"sure":{"type":"string","enum":["no","yes"]}}}}}}"#;
    let listed = FREE.replace(r#""id":{"type":"string"}"#, r#""id":{"type":"string","enum":["y","x"]}"#);
    let server = serve(Script::default());
    let chat = chat(endpoint(&server));
    let both = [
        (FREE, r#"{"summaries":[{"id":"sym_b","sure":"no"},{"id":"sym_a1","sure":"no"}]}"#),
        (listed.as_str(), r#"{"summaries":[{"id":"y","sure":"no"},{"id":"x","sure":"no"}]}"#),
    ];
    for (schema, expected) in both {
        let schema = Schema::parse("summaries", schema).expect("a schema");
        let asked = ChatRequest::new("", "Of sym_b, `sym_a1` and sym_b.", 99).with_schema(schema);
        let reply = chat.ask(&asked, 0, &Budget::unlimited()).await.expect("an answer");
        assert_eq!(reply.text, expected);
    }
}

#[tokio::test]
async fn each_kind_of_server_gets_its_own_members_address_and_key() {
    let openai = serve(Script::default());
    let chat_openai = chat(endpoint(&openai).with_api(Api::OpenAi).with_key("sk-1"));
    let asked = ChatRequest::new("", "Why?", 9).with_seed(4);
    chat_openai.ask(&asked, 0, &Budget::unlimited()).await.expect("an answer");
    let seen = openai.requests().pop().expect("a request");
    assert_eq!(
        (seen.path.as_str(), seen.header("authorization")),
        ("/v1/chat/completions", Some("Bearer sk-1"))
    );
    let body = r#"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Why?"}],"temperature":0,"seed":4,"max_completion_tokens":9}"#;
    assert_eq!(seen.text(), body);

    let azure = serve(Script::default());
    let base = azure.base_url().replace("/v1", "/");
    let api = Api::Azure { api_version: "2024-10-21".to_owned() };
    let deployment = Endpoint::new(&base, ["summaries/2?"]).expect("a URL").with_api(api).with_key("k-2");
    let asked = chat(deployment).ask(&request(), 0, &Budget::unlimited()).await;
    asked.expect("an answer");
    let seen = azure.requests().pop().expect("a request");
    assert_eq!(seen.path, "/openai/deployments/summaries%2F2%3F/chat/completions");
    assert_eq!(seen.query, "api-version=2024-10-21");
    assert_eq!((seen.header("api-key"), seen.header("authorization")), (Some("k-2"), None));

    let local = serve(Script::default());
    let no_cache = RawValue::from_string("false".to_owned()).expect("JSON");
    let endpoint = endpoint(&local).with_extra("cache_prompt", no_cache);
    ask(&chat(endpoint)).await.expect("an answer");
    assert!(last_body(&local).ends_with(r#","cache_prompt":false}"#));
    assert_eq!(local.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn models_that_choose_how_they_sample_are_not_told() {
    let server = serve(Script::default());
    let reasoning = Endpoint::new(&server.base_url(), ["gpt-5-mini"]).expect("a URL");
    let asked = ChatRequest::new("", "Why?", 9).with_seed(4);
    chat(reasoning).ask(&asked, 0, &Budget::unlimited()).await.expect("an answer");
    assert!(!last_body(&server).contains("temperature") && !last_body(&server).contains("seed"));
}

#[test]
fn a_digest_changes_with_everything_that_shapes_the_answer() {
    let base = || ChatRequest::new("ab", "c", 10);
    let schema = |name: &str, json: &str| Schema::parse(name, json).expect("a schema");
    let requests = [
        base(),
        ChatRequest::new("a", "bc", 10),
        ChatRequest::new("ab", "c", 11),
        base().with_seed(1),
        base().with_schema(schema("s", "{}")),
        base().with_schema(schema("t", "{}")),
        base().with_schema(schema("s", r#"{"type":"object"}"#)),
    ];
    let mut digests: Vec<String> = requests.iter().map(ChatRequest::digest).collect();
    assert_eq!(digests[0], base().digest());
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), requests.len());
}

#[test]
fn a_reply_may_be_kept_under_a_digest_of_all_that_it_depends_on() {
    let endpoint = |url: &str, model: &str| Endpoint::new(url, [model]).expect("a URL");
    let no_cache = RawValue::from_string("false".to_owned()).expect("JSON");
    let one = endpoint("http://127.0.0.1:1/v1", "m");
    let others = [
        endpoint("http://127.0.0.1:2/v1", "m"),
        endpoint("http://127.0.0.1:1/v1", "n"),
        one.clone().with_extra("cache_prompt", no_cache),
        one.clone().with_api(Api::OpenAi),
        one.clone().with_api(Api::Azure { api_version: "1".to_owned() }),
    ];
    let digest = |endpoint: Endpoint, request| chat(endpoint).digest(&request, 0).expect("it can be written");
    let base = digest(one.clone(), request());
    assert_eq!(base, digest(one.clone().with_key("k"), request()), "a new key gets the same replies");
    let mut digests: Vec<String> = others.into_iter().map(|other| digest(other, request())).collect();
    digests.push(digest(one, request().with_seed(1)));
    digests.push(base);
    digests.sort();
    digests.dedup();
    // Azure and OpenAI write the same body, and one server is not both.
    assert_eq!(digests.len(), 6);
}

#[test]
fn what_is_no_schema_is_refused() {
    for (name, json) in [("a b", "{}"), ("", "{}"), ("s", "[1]"), ("s", "{"), ("s", "\"x\"")] {
        assert!(Schema::parse(name, json).is_err(), "{name} {json}");
    }
}
