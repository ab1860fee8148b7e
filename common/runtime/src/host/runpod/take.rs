//! Long polls of the control plane, and what a take brings.

use reqwest::{Response, StatusCode};
use serde_json::Value;
use tracing::warn;

use crate::host::runpod::RunpodJob;
use crate::host::runpod::pace::Poll;
use crate::host::runpod::worker::Parts;
use crate::http::{read_body, reason, retry_after};

/// Largest answer: a job's input may have 20 MB, and a batch is rarely full of such.
const MAX_POLL_BYTES: usize = 64_000_000;
/// Longest id; RunPod's have about 45 bytes.
const MAX_ID_BYTES: usize = 512;

/// One element of what a take brought.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Element {
    Job(RunpodJob),
    /// Something with an id, which at least can be answered.
    Incomplete {
        id: String,
    },
}

impl Element {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Job(job) => &job.id,
            Self::Incomplete { id } => id,
        }
    }
}

impl Parts {
    /// Asks for jobs once.
    pub(super) async fn take(&self, n_free: usize) -> Poll<Vec<Element>> {
        let url = self.templates.take(n_free, !self.claims.ids().is_empty());
        match self.poll(&url).await {
            Poll::Found(body) => elements(&body),
            poll => poll.without_body(),
        }
    }

    /// Sends one long poll.
    pub(super) async fn poll(&self, url: &str) -> Poll<Vec<u8>> {
        let timeout = self.settings.waits.poll;
        let answer = async {
            match self.connection.poll(url, timeout).send().await {
                Ok(response) => answered(response).await,
                Err(error) => Poll::Failed { reason: reason(error) },
            }
        };
        tokio::select! {
            poll = answer => poll,
            () = self.connection.jumped() => Poll::Failed { reason: "the process slept".to_owned() },
        }
    }
}

impl Poll<Vec<u8>> {
    /// Passes everything but a body on.
    pub(super) fn without_body<T>(self) -> Poll<T> {
        match self {
            Self::Found(_) | Self::Nothing => Poll::Nothing,
            Self::NotReady => Poll::NotReady,
            Self::Throttled { after } => Poll::Throttled { after },
            Self::NotAuthorised => Poll::NotAuthorised,
            Self::Failed { reason } => Poll::Failed { reason },
        }
    }
}

async fn answered(response: Response) -> Poll<Vec<u8>> {
    match response.status() {
        StatusCode::NO_CONTENT => Poll::Nothing,
        StatusCode::BAD_REQUEST => Poll::NotReady,
        StatusCode::TOO_MANY_REQUESTS => Poll::Throttled { after: retry_after(&response) },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Poll::NotAuthorised,
        status if status.is_success() => match read_body(response, MAX_POLL_BYTES).await {
            Ok(body) => Poll::Found(body),
            Err(reason) => Poll::Failed { reason },
        },
        status => Poll::Failed { reason: format!("status {}", status.as_u16()) },
    }
}

/// Reads one job or a list of them; each element stands for itself.
fn elements(body: &[u8]) -> Poll<Vec<Element>> {
    let values = match serde_json::from_slice(body) {
        Ok(Value::Array(values)) => values,
        Ok(Value::Null) => return Poll::Nothing,
        Ok(value) => vec![value],
        Err(error) => return Poll::Failed { reason: format!("the answer is no JSON: {error}") },
    };
    if values.is_empty() {
        return Poll::Nothing;
    }
    let n_values = values.len();
    let elements: Vec<Element> = values.into_iter().filter_map(element).collect();
    if elements.len() < n_values {
        warn!("{} of {n_values} jobs have no usable id and cannot be answered", n_values - elements.len());
    }
    if elements.is_empty() {
        return Poll::Failed { reason: "no job has a usable id".to_owned() };
    }
    Poll::Found(elements)
}

fn element(value: Value) -> Option<Element> {
    let Value::Object(mut fields) = value else { return None };
    let Some(Value::String(id)) = fields.remove("id") else { return None };
    // An id is a segment of an address, and these would name another segment.
    if id.is_empty() || id == "." || id == ".." || id.len() > MAX_ID_BYTES {
        return None;
    }
    Some(match fields.remove("input") {
        Some(input) => Element::Job(RunpodJob { id, input }),
        None => Element::Incomplete { id },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Vec<String> {
        let Poll::Found(elements) = elements(body.as_bytes()) else { return Vec::new() };
        let tell = |element: &Element| match element {
            Element::Job(RunpodJob { id, input }) => format!("{id} {input}"),
            Element::Incomplete { id } => format!("{id} incomplete"),
        };
        elements.iter().map(tell).collect()
    }

    #[test]
    fn every_element_stands_for_itself() {
        assert_eq!(found(r#"{"id":"a","input":{"x":1},"webhook":null}"#), [r#"a {"x":1}"#]);
        assert_eq!(
            found(r#"[{"id":"a","input":null},{"id":"b"},7,{"input":1}]"#),
            ["a null", "b incomplete"]
        );
        for nothing in [r#"{"id":7,"input":1}"#, r#"{"id":"..","input":1}"#, r#"{"id":""}"#, "[7]", "x", ""] {
            assert!(matches!(elements(nothing.as_bytes()), Poll::Failed { .. }), "{nothing}");
        }
        for nothing in ["[]", "null"] {
            assert_eq!(elements(nothing.as_bytes()), Poll::Nothing);
        }
    }
}
