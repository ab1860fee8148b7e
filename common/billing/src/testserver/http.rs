//! Just enough HTTP/1.1 for one request on one connection, in both directions.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use url::Url;

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// Of the query and of the body.
    pub(super) fields: BTreeMap<String, String>,
    pub(super) authorization: String,
    pub(super) idempotency_key: Option<String>,
}

impl Request {
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

/// What is sent back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

impl Answer {
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, kind: "application/json", location: None, body: body.to_string() }
    }

    pub(super) fn page(body: String) -> Self {
        Self { status: 200, kind: "text/html; charset=utf-8", location: None, body }
    }

    pub(super) fn lead(address: &str) -> Self {
        Self { status: 303, kind: "text/plain", location: Some(address.to_owned()), body: String::new() }
    }

    pub(super) fn write(&self, mut stream: &TcpStream) -> io::Result<()> {
        let location = self.location.as_ref().map_or(String::new(), |it| format!("location: {it}\r\n"));
        write!(
            stream,
            "HTTP/1.1 {} Told\r\ncontent-type: {}\r\n{location}content-length: {}\r\nconnection: close\r\n\r\n{}",
            self.status,
            self.kind,
            self.body.len(),
            self.body
        )
    }
}

pub(super) fn read(stream: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let (line, headers) = head(&mut reader)?;
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    let both = format!("{query}&{body}");
    let fields =
        url::form_urlencoded::parse(both.as_bytes()).into_owned().filter(|(name, _)| !name.is_empty());
    Ok(Request {
        method: method.to_owned(),
        path: path.to_owned(),
        fields: fields.collect(),
        authorization: headers.get("authorization").cloned().unwrap_or_default(),
        idempotency_key: headers.get("idempotency-key").cloned(),
    })
}

fn head(reader: &mut impl BufRead) -> io::Result<(String, BTreeMap<String, String>)> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    Ok((first.trim_end().to_owned(), headers))
}

/// Sends a body to a webhook, and returns the status of the answer.
pub(super) fn deliver(address: &str, signature: &str, body: &[u8]) -> io::Result<u16> {
    let url = Url::parse(address).map_err(io::Error::other)?;
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80));
    let mut stream = TcpStream::connect((host, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        stream,
        "POST {} HTTP/1.1\r\nhost: {host}:{port}\r\ncontent-type: application/json\r\n\
         stripe-signature: {signature}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        url.path(),
        body.len()
    )?;
    stream.write_all(body)?;
    let (line, _) = head(&mut BufReader::new(&stream))?;
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| io::Error::other("no status"))
}
