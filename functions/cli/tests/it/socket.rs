//! Asks a server of this machine over a socket, and shows all of its answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What hangs fails the test instead of hanging it.
const TIMEOUT: Duration = Duration::from_secs(120);

/// An answer that was read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case, with the line of the status.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }
}

/// Asks by the server's own address, or by the name that is given.
pub(crate) fn ask(address: &str, host: Option<&str>, method: &str, path: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(TIMEOUT)).expect("a socket has one");
    let host = host.unwrap_or(address);
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    let rest = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all((head + &rest).as_bytes()).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("headers end");
    let body = answer.split_off(end + 4);
    let head = String::from_utf8_lossy(&answer).to_ascii_lowercase();
    Answer { status: head[9..12].parse().expect("a status"), head, body }
}
