//! A request's body, member by member: no map in between, so that a schema keeps its order.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::endpoint::{Api, Endpoint};
use crate::failure::{ChatError, ErrorKind};
use crate::request::{ChatRequest, Schema};

/// Models that choose for themselves how they sample, and refuse to be told.
const SELF_SAMPLING: [&str; 4] = ["o1", "o3", "o4", "gpt-5"];

/// The same question asked twice should get the same answer.
pub(crate) const TEMPERATURE: u8 = 0;

/// Tells whether a model takes a temperature and a seed.
pub(crate) fn takes_sampling(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    !SELF_SAMPLING.iter().any(|prefix| name.starts_with(prefix))
}

/// Writes the body once, for all its attempts.
pub(crate) fn write(
    endpoint: &Endpoint,
    model: &str,
    request: &ChatRequest,
) -> Result<Box<RawValue>, ChatError> {
    if request.is_empty() {
        return Err(ChatError::new(ErrorKind::BadRequest, "there is no question in the request"));
    }
    serde_json::value::to_raw_value(&Body { endpoint, model, request })
        .map_err(|error| ChatError::new(ErrorKind::BadRequest, format!("the request is no JSON: {error}")))
}

struct Body<'a> {
    endpoint: &'a Endpoint,
    model: &'a str,
    request: &'a ChatRequest,
}

#[derive(serde::Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(serde::Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: JsonSchema<'a>,
}

#[derive(serde::Serialize)]
struct JsonSchema<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a RawValue,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let request = self.request;
        let mut body = serializer.serialize_map(None)?;
        body.serialize_entry("model", self.model)?;
        body.serialize_entry("messages", &messages(request))?;
        if takes_sampling(self.model) {
            body.serialize_entry("temperature", &TEMPERATURE)?;
            if let Some(seed) = request.seed {
                body.serialize_entry("seed", &seed)?;
            }
        }
        let limit = match self.endpoint.api {
            Api::Compatible => "max_tokens",
            Api::OpenAi | Api::Azure { .. } => "max_completion_tokens",
        };
        body.serialize_entry(limit, &request.max_output_tokens)?;
        if let Some(schema) = &request.schema {
            body.serialize_entry("response_format", &response_format(schema))?;
        }
        for (name, value) in &self.endpoint.extra {
            body.serialize_entry(name, value)?;
        }
        body.end()
    }
}

fn messages(request: &ChatRequest) -> Vec<Message<'_>> {
    let all = [
        Message { role: "system", content: &request.system },
        Message { role: "user", content: &request.user },
    ];
    all.into_iter().filter(|message| !message.content.is_empty()).collect()
}

fn response_format(schema: &Schema) -> ResponseFormat<'_> {
    let json_schema = JsonSchema { name: schema.name(), strict: true, schema: schema.raw() };
    ResponseFormat { r#type: "json_schema", json_schema }
}
