//! What can come back of a request.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::testserver::{Answerer, Question};

const HUGE_BYTES: usize = 10 << 20;
const PAGE: &str = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const REFUSAL: &str = "I'm sorry, I can't assist with that.";

/// One way to answer, or not to.
#[derive(Debug, Clone, PartialEq)]
pub enum Scenario {
    Answer,
    /// 401 in OpenAI's shape.
    Unauthorised,
    /// 401 in llama.cpp's shape: the code is a number.
    UnauthorisedInteger,
    PaymentRequired,
    /// 429 that waiting does not mend.
    QuotaExhausted,
    RateLimited(Wait),
    ServerError,
    ServerErrorPage,
    /// Answers so late that the client is gone.
    Slow(Duration),
    /// Closes the connection in the middle of an answer.
    ResetMidBody,
    /// Closes the connection without an answer.
    Closed,
    NotJson,
    ProseAroundJson,
    /// Ends in the middle, with `finish_reason` `length`.
    CutByLength,
    Empty,
    /// An answer of 10 MB.
    Huge,
    Refusal,
    ContentFilter,
    ModelUnknown,
    ContextTooLong,
    /// 200 with an error in it, as some gateways answer.
    HiddenError,
    /// Anything else.
    Raw {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
}

/// How a rate limit says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    Untold,
    Seconds(u64),
    Milliseconds(u64),
    /// A date so many seconds after the server's.
    Date(u64),
    /// OpenAI's `x-ratelimit-reset-requests`.
    Reset(u64),
}

/// What is written, and how.
pub(super) struct Answer {
    status: u16,
    content_type: &'static str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    pub(super) latency: Duration,
    /// How much of the body is sent before the connection is closed; all of it where it is `None`.
    cut_at: Option<usize>,
}

/// Scenarios that need no further word, by the name under which a command line gives them.
const NAMED: [(&str, Scenario); 24] = [
    ("answer", Scenario::Answer),
    ("unauthorised", Scenario::Unauthorised),
    ("unauthorised-integer", Scenario::UnauthorisedInteger),
    ("payment-required", Scenario::PaymentRequired),
    ("quota-exhausted", Scenario::QuotaExhausted),
    ("rate-limited", Scenario::RateLimited(Wait::Untold)),
    ("rate-limited-seconds", Scenario::RateLimited(Wait::Seconds(1))),
    ("rate-limited-date", Scenario::RateLimited(Wait::Date(1))),
    ("rate-limited-long", Scenario::RateLimited(Wait::Seconds(3600))),
    ("server-error", Scenario::ServerError),
    ("server-error-page", Scenario::ServerErrorPage),
    ("slow", Scenario::Slow(Duration::from_secs(600))),
    ("reset-mid-body", Scenario::ResetMidBody),
    ("closed", Scenario::Closed),
    ("not-json", Scenario::NotJson),
    ("prose-around-json", Scenario::ProseAroundJson),
    ("cut-by-length", Scenario::CutByLength),
    ("empty", Scenario::Empty),
    ("huge", Scenario::Huge),
    ("refusal", Scenario::Refusal),
    ("content-filter", Scenario::ContentFilter),
    ("model-unknown", Scenario::ModelUnknown),
    ("context-too-long", Scenario::ContextTooLong),
    ("hidden-error", Scenario::HiddenError),
];

impl Scenario {
    /// Returns the names that [`Scenario::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED.iter().map(|(name, _)| *name)
    }

    /// Finds a scenario by its name.
    pub fn named(name: &str) -> Option<Self> {
        NAMED.iter().find(|(known, _)| *known == name).map(|(_, scenario)| scenario.clone())
    }

    pub(super) fn play(&self, question: &Question, answerer: &Answerer, number: usize) -> Answer {
        let text = || answerer(question);
        let completion = |content: Value, refusal: Value, finish: &str| {
            Answer::json(&question.completion(&content, &refusal, finish, number))
        };
        let say = |text: String| completion(Value::from(text), Value::Null, "stop");
        match self {
            Self::Answer => say(text()),
            Self::Slow(latency) => say(text()).after(*latency),
            Self::ResetMidBody => say(text()).cut_in_half(),
            Self::Closed => Answer::closed(),
            Self::ProseAroundJson => {
                say(format!("Here is the answer:\n```json\n{}\n```\nI hope this helps!", text()))
            }
            Self::CutByLength => {
                let text = text();
                let half: String = text.chars().take(text.chars().count() / 2).collect();
                completion(Value::from(half), Value::Null, "length")
            }
            Self::Empty => completion(Value::from(""), Value::Null, "stop"),
            Self::Huge => {
                // Blanks, because counting the tokens of so much text would take longer than sending it.
                let mut answer = say(text());
                answer.body.splice(..0, std::iter::repeat_n(b' ', HUGE_BYTES));
                answer
            }
            Self::Refusal => completion(Value::Null, Value::from(REFUSAL), "stop"),
            Self::ContentFilter => completion(Value::from(""), Value::Null, "content_filter"),
            Self::Raw { status, headers, body } => {
                Answer { headers: headers.clone(), ..Answer::text(*status, "application/json", body) }
            }
            Self::NotJson => Answer::text(200, "text/plain", "upstream connect error, please try later"),
            Self::ServerErrorPage => Answer::text(502, "text/html", PAGE),
            _ => self.refuse(question),
        }
    }

    fn refuse(&self, question: &Question) -> Answer {
        match self {
            Self::Unauthorised => {
                let message = "Incorrect API key provided: sk-te**********1234.";
                Answer::error(401, "invalid_request_error", Some("invalid_api_key"), message)
            }
            Self::UnauthorisedInteger => Answer::json(
                &json!({"error": {"code": 401, "message": "Invalid API Key", "type": "authentication_error"}}),
            )
            .with_status(401),
            Self::PaymentRequired => {
                Answer::json(&json!({"error": {"code": 402, "message": "Insufficient credits"}})).with_status(402)
            }
            Self::QuotaExhausted => {
                let message = "You exceeded your current quota, please check your plan and billing details.";
                Answer::error(429, "insufficient_quota", Some("insufficient_quota"), message)
            }
            Self::RateLimited(wait) => {
                let message = "Rate limit reached for requests per min (RPM): Limit 3, Used 3, Requested 1.";
                wait.told(Answer::error(429, "requests", Some("rate_limit_exceeded"), message))
            }
            Self::ModelUnknown => {
                let message = format!("The model `{}` does not exist or you do not have access to it.", question.model);
                Answer::error(404, "invalid_request_error", Some("model_not_found"), &message)
            }
            Self::ContextTooLong => {
                let message = "This model's maximum context length is 128000 tokens.";
                Answer::error(400, "invalid_request_error", Some("context_length_exceeded"), message)
            }
            Self::HiddenError => {
                Answer::json(&json!({"error": {"code": 502, "message": "Provider returned error"}}))
            }
            _ => Answer::error(500, "server_error", None, "The server had an error while processing your request."),
        }
    }
}

impl Wait {
    fn told(self, answer: Answer) -> Answer {
        let seconds = |seconds: u64| SystemTime::now() + Duration::from_secs(seconds);
        match self {
            Self::Untold => answer,
            Self::Seconds(wait) => answer.with_header("Retry-After", wait.to_string()),
            Self::Milliseconds(wait) => answer.with_header("retry-after-ms", wait.to_string()),
            Self::Reset(wait) => answer
                .with_header("x-ratelimit-remaining-requests", "0".to_owned())
                .with_header("x-ratelimit-reset-requests", format!("{wait}s")),
            Self::Date(wait) => answer
                .with_header("Date", httpdate::fmt_http_date(seconds(0)))
                .with_header("Retry-After", httpdate::fmt_http_date(seconds(wait))),
        }
    }
}

impl Answer {
    pub(super) fn json(value: &Value) -> Self {
        Self::text(200, "application/json", &value.to_string())
    }

    pub(super) fn text(status: u16, content_type: &'static str, body: &str) -> Self {
        let (headers, body) = (Vec::new(), body.as_bytes().to_vec());
        Self { status, content_type, headers, body, latency: Duration::ZERO, cut_at: None }
    }

    /// Closes the connection instead.
    pub(super) fn closed() -> Self {
        Self { cut_at: Some(0), ..Self::text(0, "", "") }
    }

    pub(super) fn error(status: u16, kind: &str, code: Option<&str>, message: &str) -> Self {
        let error = json!({"error": {"message": message, "type": kind, "param": null, "code": code}});
        Self::json(&error).with_status(status)
    }

    fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    fn with_header(mut self, name: &str, value: String) -> Self {
        self.headers.push((name.to_owned(), value));
        self
    }

    fn cut_in_half(self) -> Self {
        Self { cut_at: Some(self.body.len() / 2), ..self }
    }

    pub(super) fn after(self, latency: Duration) -> Self {
        Self { latency: self.latency + latency, ..self }
    }

    /// Returns what is written, and whether the connection goes on after it.
    pub(super) fn bytes(&self) -> (Vec<u8>, bool) {
        if self.status == 0 {
            return (Vec::new(), false);
        }
        let mut head =
            format!("HTTP/1.1 {} Scripted\r\nContent-Type: {}\r\n", self.status, self.content_type);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body[..self.cut_at.unwrap_or(self.body.len())]);
        (bytes, self.cut_at.is_none())
    }
}
