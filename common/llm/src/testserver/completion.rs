//! Questions as the server reads them, and completions as it writes them.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::request::{ChatRequest, Schema};
use crate::tokens::TokenCounter;

/// A chat request, for those who answer it.
#[derive(Debug, Clone)]
pub struct Question {
    pub model: String,
    pub system: String,
    pub user: String,
    /// As it came, its properties in the order in which they were sent.
    pub schema: Option<String>,
    pub max_output_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Body {
    model: String,
    messages: Vec<Message>,
    max_tokens: Option<u64>,
    max_completion_tokens: Option<u64>,
    response_format: Option<ResponseFormat>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    content: String,
}

#[derive(Deserialize)]
struct ResponseFormat {
    json_schema: Option<JsonSchema>,
}

#[derive(Deserialize)]
struct JsonSchema {
    schema: Box<RawValue>,
}

impl Question {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let body: Body = serde_json::from_slice(body).ok()?;
        let said = |role: &str| {
            let texts = body.messages.iter().filter(|message| message.role == role);
            texts.map(|message| message.content.as_str()).collect::<Vec<_>>().join("\n")
        };
        let (system, user) = (said("system"), said("user"));
        let schema = body.response_format.and_then(|format| format.json_schema);
        let schema = schema.map(|schema| schema.schema.get().to_owned());
        let max_output_tokens = body.max_completion_tokens.or(body.max_tokens);
        Some(Self { model: body.model, system, user, schema, max_output_tokens })
    }

    /// Returns the completion that says this, counted as OpenAI counts.
    pub(super) fn completion(&self, content: &Value, refusal: &Value, finish: &str, number: usize) -> Value {
        let counter = TokenCounter::for_model(&self.model);
        let output = content.as_str().or(refusal.as_str()).map_or(0, |text| counter.count(text));
        let input = self.input_tokens(&counter);
        json!({
            "id": format!("chatcmpl-test{number:06}"),
            "object": "chat.completion",
            "created": 1_700_000_000,
            "model": format!("{}-2024-07-18", self.model),
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": content, "refusal": refusal, "annotations": []},
                "logprobs": null,
                "finish_reason": finish,
            }],
            "usage": {
                "prompt_tokens": input,
                "completion_tokens": output,
                "total_tokens": input + output,
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "completion_tokens_details": {"reasoning_tokens": 0, "accepted_prediction_tokens": 0},
            },
            "service_tier": "default",
            "system_fingerprint": "fp_test",
        })
    }

    fn input_tokens(&self, counter: &TokenCounter) -> u64 {
        let request = ChatRequest::new(self.system.as_str(), self.user.as_str(), 0);
        let schema = self.schema.as_deref().and_then(|schema| Schema::parse("schema", schema).ok());
        counter.count_request(&match schema {
            Some(schema) => request.with_schema(schema),
            None => request,
        })
    }
}
