//! What the tests have in common: a quick endpoint and its server.

use std::time::Duration;

use llm::testserver::{Scenario, Script, TestServer};
use llm::{Budget, Chat, ChatReply, ChatRequest, Endpoint, PriceTable, RetryParams, Schema};

pub(crate) const MODEL: &str = "gpt-4o-mini";
pub(crate) const SCHEMA: &str = r#"{"type":"object","properties":{"summary":{"type":"string"},"confidence":{"type":"string","enum":["low","high"]}},"required":["summary","confidence"],"additionalProperties":false}"#;

/// Waits in milliseconds where the real ones are in seconds.
pub(crate) const QUICK: RetryParams = RetryParams {
    max_attempts: 3,
    first_wait: Duration::from_millis(2),
    max_wait: Duration::from_millis(8),
    max_retry_after: Duration::from_secs(3),
    jitter_seed: 7,
};

pub(crate) fn serve(script: Script) -> TestServer {
    TestServer::start(script).expect("a loopback port is free")
}

pub(crate) fn endpoint(server: &TestServer) -> Endpoint {
    Endpoint::new(&server.base_url(), [MODEL]).expect("it is a URL").with_retry(QUICK)
}

/// Gives a server that never answers little time, and every other one all that a busy machine needs.
pub(crate) fn endpoint_for(server: &TestServer, scenario: &Scenario) -> Endpoint {
    let is_slow = matches!(scenario, Scenario::Slow(_));
    endpoint(server).with_timeout(Duration::from_millis(if is_slow { 100 } else { 60_000 }))
}

pub(crate) fn chat(endpoint: Endpoint) -> Chat {
    Chat::new(endpoint, PriceTable::published()).expect("the endpoint is usable")
}

pub(crate) fn request() -> ChatRequest {
    let schema = Schema::parse("summary", SCHEMA).expect("it is a schema");
    ChatRequest::new("Answer in one sentence.", "What does `fn add(a: u8, b: u8) -> u8` do?", 100)
        .with_schema(schema)
}

pub(crate) async fn ask(chat: &Chat) -> Result<ChatReply, llm::ChatError> {
    chat.ask(&request(), 0, &Budget::unlimited()).await
}
