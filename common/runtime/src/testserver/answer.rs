//! What a script answers with, and when.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::testserver::Route;

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub content_type: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// Waited for one after the other.
    pub when: Vec<When>,
    /// Whether the connection is closed instead.
    pub is_lost: bool,
}

/// What an answer waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    Now,
    After(Duration),
    /// Until this many requests of a route have come.
    Seen(Route, usize),
    /// Until the test opens a gate.
    Opened(String),
}

impl Answer {
    /// Answers with a status alone.
    pub fn status(status: u16) -> Self {
        let (headers, body, when) = (Vec::new(), Vec::new(), Vec::new());
        Self { status, content_type: "application/json", headers, body, when, is_lost: false }
    }

    /// Answers with 200 and JSON.
    pub fn json(value: &Value) -> Self {
        Self::status(200).with_body(value.to_string())
    }

    /// Hands out one job.
    pub fn job(id: &str, input: Value) -> Self {
        Self::json(&json!({"id": id, "input": input, "webhook": null, "extra": "x"}))
    }

    /// Closes the connection without an answer.
    pub fn lost() -> Self {
        Self { is_lost: true, ..Self::status(0) }
    }

    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub fn with_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Waits for this too.
    pub fn when(mut self, when: When) -> Self {
        self.when.push(when);
        self
    }

    /// What a route answers when the script has no more to say.
    pub(super) fn usual(route: Route, idle: Duration) -> Self {
        match route {
            Route::Take | Route::Stop => Self::status(204).when(When::After(idle)),
            Route::Done | Route::Stream | Route::Ping => Self::status(200),
            Route::Other => Self::status(404),
        }
    }

    pub(super) fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        let mut head =
            format!("HTTP/1.1 {} Scripted\r\nContent-Type: {}\r\n", self.status, self.content_type);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        // 204 has no body, and a length there is an error.
        if self.status != 204 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        let mut bytes = (head + "\r\n").into_bytes();
        bytes.extend_from_slice(&self.body);
        stream.write_all(&bytes)
    }
}
