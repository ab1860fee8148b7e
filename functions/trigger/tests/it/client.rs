//! A client that shows every byte of an answer, and can hang up in the middle of one.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// What hangs fails the test instead of hanging it.
const TIMEOUT: Duration = Duration::from_secs(120);

/// An answer that was read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Every header of a name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.header(name).lines().collect()
    }

    /// The code of a problem, which must be whole.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        for field in ["type", "title", "detail", "instance", "code", "help", "request_id"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {problem}");
        }
        assert_eq!(problem["status"], self.status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Asks and reads the answer to its end.
pub(crate) fn ask(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut reader = begin(address, method, path, headers, body);
    let (status, headers) = head(&mut reader);
    let mut body = Vec::new();
    if method != "HEAD" && !matches!(status, 204 | 304) {
        match headers.get("content-length") {
            Some(length) => {
                let length: u64 = length.parse().unwrap();
                reader.take(length).read_to_end(&mut body).unwrap();
            }
            None => {
                while let Some(chunk) = chunk(&mut reader) {
                    body.extend(chunk)
                }
            }
        }
    }
    Answer { status, headers, body }
}

/// Sends a request and returns what reads the answer.
pub(crate) fn begin(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        request.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    // A body that is refused early may find nobody who reads it.
    let _ = stream.write_all(body);
    BufReader::new(stream)
}

/// Reads status and headers.
pub(crate) fn head(reader: &mut BufReader<TcpStream>) -> (u16, BTreeMap<String, String>) {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        // Those of one name are told apart by lines.
        let told: &mut String = headers.entry(name.to_ascii_lowercase()).or_default();
        if !told.is_empty() {
            told.push('\n');
        }
        told.push_str(value.trim());
    }
    (status.unwrap_or_else(|| panic!("no status in {line:?}")), headers)
}

/// Reads one chunk of a chunked body; `None` at its end.
pub(crate) fn chunk(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let length = usize::from_str_radix(line.trim(), 16).ok().filter(|length| *length > 0)?;
    let mut bytes = vec![0; length + 2];
    reader.read_exact(&mut bytes).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

/// One event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) data: String,
}

/// Follows a stream until it ends, or until so many events were read; then hangs up.
pub(crate) fn follow(address: SocketAddr, path: &str, after: Option<&str>, limit: usize) -> (u16, Vec<Told>) {
    let mut headers = vec![("accept", "text/event-stream")];
    headers.extend(after.map(|after| ("last-event-id", after)));
    let mut reader = begin(address, "GET", path, &headers, b"");
    let (status, headers) = head(&mut reader);
    let mut told = Vec::new();
    if status != 200 {
        return (status, told);
    }
    assert_eq!(headers.get("content-type").map(String::as_str), Some("text/event-stream"));
    let mut text = String::new();
    while told.len() < limit {
        let Some(bytes) = chunk(&mut reader) else { break };
        text.push_str(&String::from_utf8(bytes).expect("a stream is UTF-8"));
        while let Some((block, rest)) = text.split_once("\n\n") {
            let field = |name: &str| {
                let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
                line.unwrap_or_default().to_owned()
            };
            if block.lines().any(|line| line.starts_with("data")) && told.len() < limit {
                told.push(Told { id: field("id"), kind: field("event"), data: field("data") });
            }
            text = rest.to_owned();
        }
    }
    (status, told)
}
