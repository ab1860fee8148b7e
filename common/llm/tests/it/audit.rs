//! What is kept and shown of a call.

use std::io;
use std::sync::{Arc, Mutex};

use llm::testserver::{Scenario, Script, Wait};
use llm::{CallRecord, Outcome, PriceTable};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::support::{ask, chat, endpoint, request, serve};

#[tokio::test]
async fn a_record_says_what_was_asked_and_what_came() {
    let server = serve(Script::default().then([Scenario::ServerError]));
    let chat = chat(endpoint(&server));
    let asked = request().with_seed(3);
    let result = chat.ask(&asked, 0, &llm::Budget::unlimited()).await;
    let record = chat.record(&asked, 0, &result);
    let mut told = serde_json::to_value(&record).expect("a record is JSON");
    let latency = told.as_object_mut().expect("an object").remove("latency_ms").expect("it took time");
    assert!(latency.is_u64());
    let reply = result.expect("the second attempt is answered");
    let usage = reply.usage.expect("the server counts");
    let expected = json!({
        "provider": "openai_compatible",
        "operation": "chat",
        "server_address": "127.0.0.1",
        "request_model": "gpt-4o-mini",
        "response_model": "gpt-4o-mini-2024-07-18",
        "response_id": "chatcmpl-test000002",
        "params": {
            "max_output_tokens": 100,
            "temperature": 0,
            "seed": 3,
            "schema_name": "summary",
            "schema_digest": asked.schema.as_ref().expect("a schema").digest(),
        },
        "prompt_digest": asked.digest(),
        "finish_reason": "stop",
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "cached_input_tokens": 0,
            "reasoning_tokens": 0,
        },
        "cost_micro_usd": reply.cost_micro_usd,
        "uncertain_micro_usd": 0,
        "price_table": PriceTable::published().as_of(),
        "n_tries": 2,
        "outcome": "answered",
        "error_code": null,
        "http_status": null,
    });
    assert_eq!(told, expected);
    let text = serde_json::to_string(&record).expect("a record is JSON");
    assert_eq!(serde_json::from_str::<CallRecord>(&text).expect("and can be read"), record);
}

#[tokio::test]
async fn each_ending_has_its_outcome() {
    let cases = [
        (Scenario::Answer, Outcome::Answered, None),
        (Scenario::CutByLength, Outcome::Cut, Some("llm_reply_cut")),
        (Scenario::Refusal, Outcome::Refused, Some("llm_refused")),
        (Scenario::Empty, Outcome::Empty, Some("llm_empty_reply")),
        (Scenario::Unauthorised, Outcome::Failed, Some("llm_unauthorised")),
        (Scenario::RateLimited(Wait::Milliseconds(1)), Outcome::Failed, Some("llm_rate_limited")),
    ];
    for (scenario, outcome, code) in cases {
        let server = serve(Script::default().usually(scenario));
        let chat = chat(endpoint(&server));
        let result = ask(&chat).await;
        let record = chat.record(&request(), 0, &result);
        assert_eq!((record.outcome, record.error_code.as_deref()), (outcome, code));
        assert_eq!(record.usage.is_some(), result.is_ok());
        assert_eq!(record.n_tries as usize, server.n_requests());
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn spans_have_the_names_of_the_conventions_and_no_word_of_what_was_said() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(lines.clone())
        .finish();
    let server = serve(Script::default().then([Scenario::ServerError, Scenario::NotJson]));
    let chat = chat(endpoint(&server).with_key("sk-very-secret"));
    {
        let _guard = tracing::subscriber::set_default(subscriber);
        ask(&chat).await.expect("the third attempt is answered");
    }
    let text = String::from_utf8(lines.0.lock().expect("nobody panics").clone()).expect("JSON is UTF-8");
    for secret in ["sk-very-secret", "fn add", "one sentence", "Adds what", "upstream connect"] {
        assert!(!text.contains(secret), "`{secret}` is in the log:\n{text}");
    }
    let events: Vec<Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let again = events.iter().filter(|event| event["fields"]["error.type"].is_string()).count();
    assert_eq!(again, 2, "each further attempt is told");
    let closed = events
        .iter()
        .rev()
        .find(|event| event["fields"]["message"] == "close" && event["span"]["name"] == "chat");
    let span = &closed.expect("the span is closed")["span"];
    let expected = [
        ("otel.name", json!("chat gpt-4o-mini")),
        ("otel.kind", json!("client")),
        ("gen_ai.operation.name", json!("chat")),
        ("gen_ai.provider.name", json!("openai_compatible")),
        ("gen_ai.request.model", json!("gpt-4o-mini")),
        ("gen_ai.request.max_tokens", json!(100)),
        ("gen_ai.request.temperature", json!(0.0)),
        ("gen_ai.output.type", json!("json")),
        ("gen_ai.response.model", json!("gpt-4o-mini-2024-07-18")),
        ("gen_ai.response.finish_reasons", json!("stop")),
        ("server.address", json!("127.0.0.1")),
        ("http.request.resend_count", json!(2)),
    ];
    for (name, value) in expected {
        assert_eq!(span[name], value, "{name} in {span}");
    }
    for name in ["gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "server.port"] {
        assert!(span[name].as_u64().is_some_and(|number| number > 0), "{name} in {span}");
    }
}
