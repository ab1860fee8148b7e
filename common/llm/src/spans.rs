//! Spans with the names of OpenTelemetry's semantic conventions for GenAI; the one place that knows them.
//!
//! The conventions are in development and have no version yet. Content attributes are left out on purpose.

use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::body::{TEMPERATURE, takes_sampling};
use crate::endpoint::Endpoint;
use crate::failure::ChatError;
use crate::reply::ChatReply;
use crate::request::ChatRequest;

/// Opens the span of one call, which covers all its attempts.
pub(crate) fn chat(endpoint: &Endpoint, model: &str, request: &ChatRequest) -> Span {
    let is_told = takes_sampling(model);
    info_span!(
        "chat",
        otel.name = format!("chat {model}"),
        otel.kind = "client",
        otel.status_code = Empty,
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = endpoint.provider(),
        gen_ai.request.model = model,
        gen_ai.request.max_tokens = request.max_output_tokens,
        gen_ai.request.temperature = is_told.then(|| f64::from(TEMPERATURE)),
        gen_ai.request.seed = request.seed.filter(|_| is_told),
        gen_ai.output.type = if request.schema.is_some() { "json" } else { "text" },
        server.address = endpoint.base_url().host_str(),
        server.port = endpoint.base_url().port_or_known_default(),
        gen_ai.response.id = Empty,
        gen_ai.response.model = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.usage.cache_read.input_tokens = Empty,
        gen_ai.usage.reasoning.output_tokens = Empty,
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// Notes how the call ended.
pub(crate) fn note(span: &Span, result: &Result<ChatReply, ChatError>) {
    match result {
        Ok(reply) => note_reply(span, reply),
        Err(error) => {
            span.record("error.type", error.code());
            span.record("otel.status_code", "ERROR");
            span.record("http.request.resend_count", error.n_tries.saturating_sub(1));
            if let Some(status) = error.status {
                span.record("http.response.status_code", status);
            }
        }
    }
}

fn note_reply(span: &Span, reply: &ChatReply) {
    span.record("gen_ai.response.finish_reasons", reply.finish.as_str());
    span.record("http.request.resend_count", reply.n_tries.saturating_sub(1));
    if let Some(id) = &reply.response_id {
        span.record("gen_ai.response.id", id);
    }
    if let Some(model) = &reply.response_model {
        span.record("gen_ai.response.model", model);
    }
    if let Some(usage) = reply.usage {
        span.record("gen_ai.usage.input_tokens", usage.input_tokens);
        span.record("gen_ai.usage.output_tokens", usage.output_tokens);
        span.record("gen_ai.usage.cache_read.input_tokens", usage.cached_input_tokens);
        span.record("gen_ai.usage.reasoning.output_tokens", usage.reasoning_tokens);
    }
}
