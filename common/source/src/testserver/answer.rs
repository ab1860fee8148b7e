//! Just enough HTTP/1.1 for one request on one connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// Without the query.
    pub path: String,
    pub query: String,
    pub authorization: Option<String>,
    pub git_protocol: Option<String>,
    pub body: Vec<u8>,
}

/// What is sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Whole,
    /// Half of the body, then the end of the connection.
    CutOff,
    /// Half of the body, then silence until the client hangs up.
    Stalled,
    /// One byte after each pause, for ever: the body is sent again and again.
    Dripping(Duration),
}

impl Answer {
    /// An answer without a body.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), ending: Ending::Whole }
    }

    /// An answer of type `content_type`.
    pub fn body(content_type: &str, body: Vec<u8>) -> Self {
        Self { body, ..Self::status(200) }.header("content-type", content_type)
    }

    /// The same answer with a body.
    pub fn with_body(self, body: Vec<u8>) -> Self {
        Self { body, ..self }
    }

    /// A redirect.
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("location", location)
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends half of the body and closes the connection.
    pub fn cut_off(self) -> Self {
        Self { ending: Ending::CutOff, ..self }
    }

    /// Sends half of the body and nothing more.
    pub fn stalled(self) -> Self {
        Self { ending: Ending::Stalled, ..self }
    }

    /// Sends one byte after each pause, for ever.
    pub fn dripping(self, pause: Duration) -> Self {
        Self { ending: Ending::Dripping(pause), ..self }
    }

    pub(super) fn write(&self, mut stream: &TcpStream) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let length = match self.ending {
            Ending::Dripping(_) => u64::from(u32::MAX),
            _ => self.body.len() as u64,
        };
        head.push_str(&format!("content-length: {length}\r\nconnection: close\r\n\r\n"));
        stream.write_all(head.as_bytes())?;
        if let Ending::Dripping(pause) = self.ending {
            return drip(stream, &self.body, pause);
        }
        if self.ending == Ending::Whole {
            return stream.write_all(&self.body);
        }
        stream.write_all(&self.body[..self.body.len() / 2])?;
        stream.flush()?;
        if self.ending == Ending::Stalled {
            stream.read_to_end(&mut Vec::new())?;
        }
        Ok(())
    }
}

/// Ends when the client hangs up.
fn drip(mut stream: &TcpStream, body: &[u8], pause: Duration) -> io::Result<()> {
    for byte in body.iter().cycle() {
        stream.write_all(&[*byte])?;
        stream.flush()?;
        std::thread::sleep(pause);
    }
    Ok(())
}

pub(super) fn read_request(stream: &TcpStream) -> io::Result<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let (path, query) = (path.to_owned(), query.to_owned());
    let (mut authorization, mut git_protocol, mut n_body) = (None, None, 0);
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => authorization = Some(value.to_owned()),
            "git-protocol" => git_protocol = Some(value.to_owned()),
            "content-length" => n_body = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = Vec::new();
    reader.take(n_body).read_to_end(&mut body)?;
    Ok(Request { method, path, query, authorization, git_protocol, body })
}
