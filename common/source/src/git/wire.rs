//! Git's packet lines, and what upload-pack says in them.

use std::io::{self, BufRead, Read};

use crate::archive::gauge::Fault;
use crate::failure::SourceError;

/// Four hex digits can say no more.
const MAX_PACKET_BYTES: usize = 65_520;

/// One packet line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Packet {
    Data(Vec<u8>),
    Flush,
    Delimiter,
    /// The end of the stream, or git's own mark for it.
    End,
}

pub(crate) fn read_packet(reader: &mut dyn BufRead) -> io::Result<Packet> {
    if reader.fill_buf()?.is_empty() {
        return Ok(Packet::End);
    }
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = std::str::from_utf8(&length).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
    match length {
        Some(0) => Ok(Packet::Flush),
        Some(1) => Ok(Packet::Delimiter),
        Some(2) => Ok(Packet::End),
        Some(length @ 4..=MAX_PACKET_BYTES) => {
            let mut data = vec![0; length - 4];
            reader.read_exact(&mut data)?;
            Ok(Packet::Data(data))
        }
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "not a packet line")),
    }
}

/// Appends a packet line with a newline, as git writes text.
pub(crate) fn push_line(out: &mut Vec<u8>, line: &str) {
    out.extend_from_slice(format!("{:04x}{line}\n", line.len() + 5).as_bytes());
}

pub(crate) fn push_flush(out: &mut Vec<u8>) {
    out.extend_from_slice(b"0000");
}

pub(crate) fn push_delimiter(out: &mut Vec<u8>) {
    out.extend_from_slice(b"0001");
}

/// A branch, tag or HEAD on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RemoteRef {
    pub(crate) name: String,
    pub(crate) hash: String,
    /// What HEAD points to.
    pub(crate) target: Option<String>,
}

/// What the first answer of a server says about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Greeting {
    /// Refs are asked for; these are its capabilities.
    V2 { capabilities: Vec<String> },
    /// Refs came at once.
    V0 { refs: Vec<RemoteRef> },
}

pub(crate) fn read_greeting(mut bytes: &[u8]) -> io::Result<Greeting> {
    let mut lines = Vec::new();
    loop {
        match read_packet(&mut bytes)? {
            Packet::Data(data) => lines.push(text_of(&data)),
            Packet::Flush | Packet::Delimiter => {}
            Packet::End => break,
        }
    }
    if lines.first().is_some_and(|line| line.starts_with("# service=")) {
        lines.remove(0);
    }
    if lines.first().is_some_and(|line| line == "version 2") {
        return Ok(Greeting::V2 { capabilities: lines.split_off(1) });
    }
    Ok(Greeting::V0 { refs: v0_refs(&lines) })
}

fn v0_refs(lines: &[String]) -> Vec<RemoteRef> {
    let capabilities = lines.first().and_then(|line| line.split_once('\0')).map_or("", |(_, words)| words);
    let head = capabilities.split(' ').find_map(|word| word.strip_prefix("symref=HEAD:"));
    let mut refs = Vec::new();
    for line in lines {
        let line = line.split('\0').next().unwrap_or_default();
        let Some((hash, name)) = line.split_once(' ') else { continue };
        // `^{}` lines peel tags, and one stands alone where there are no refs at all.
        if !name.ends_with("^{}") && name.starts_with(['r', 'H']) {
            let target = head.filter(|_| name == "HEAD").map(str::to_owned);
            refs.push(RemoteRef { name: name.to_owned(), hash: hash.to_owned(), target });
        }
    }
    refs
}

/// Reads the answer to `ls-refs`.
pub(crate) fn read_refs(mut bytes: &[u8]) -> io::Result<Vec<RemoteRef>> {
    let mut refs = Vec::new();
    while let Packet::Data(data) = read_packet(&mut bytes)? {
        let line = text_of(&data);
        let mut words = line.split(' ');
        let (Some(hash), Some(name)) = (words.next(), words.next()) else { continue };
        let target = words.find_map(|word| word.strip_prefix("symref-target:")).map(str::to_owned);
        refs.push(RemoteRef { name: name.to_owned(), hash: hash.to_owned(), target });
    }
    Ok(refs)
}

fn text_of(data: &[u8]) -> String {
    String::from_utf8_lossy(data).trim_end_matches('\n').to_owned()
}

/// The pack inside the answer to a fetch, without its packet lines and progress messages.
pub(crate) struct PackStream<R> {
    inner: R,
    pending: Vec<u8>,
    position: usize,
    is_over: bool,
    fault: Fault,
    host: String,
}

impl<R: BufRead> PackStream<R> {
    /// Reads up to the first byte of the pack; `None` when the server sent a message instead.
    pub(crate) fn begin(mut inner: R, host: &str, fault: Fault) -> io::Result<Result<Self, String>> {
        loop {
            match read_packet(&mut inner)? {
                Packet::Data(data) if data.starts_with(b"ERR ") => return Ok(Err(text_of(&data[4..]))),
                Packet::Data(data) if matches!(data.as_slice(), b"packfile\n" | b"NAK\n") => break,
                Packet::End => return Ok(Err("no pack in the answer".to_owned())),
                Packet::Data(_) | Packet::Flush | Packet::Delimiter => {}
            }
        }
        let (pending, host) = (Vec::new(), host.to_owned());
        Ok(Ok(Self { inner, pending, position: 0, is_over: false, fault, host }))
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        match read_packet(&mut self.inner)? {
            Packet::Data(data) => match data.split_first() {
                Some((1, _)) => (self.pending, self.position) = (data, 1),
                Some((3, message)) => {
                    return Err(self.fault.raise(SourceError::protocol(&self.host, text_of(message))));
                }
                _ => {}
            },
            Packet::Delimiter => {}
            Packet::Flush | Packet::End => self.is_over = true,
        }
        Ok(())
    }
}

impl<R: BufRead> Read for PackStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.position >= self.pending.len() && !self.is_over {
            self.next_chunk()?;
        }
        let rest = &self.pending[self.position.min(self.pending.len())..];
        let n = rest.len().min(buffer.len());
        buffer[..n].copy_from_slice(&rest[..n]);
        self.position += n;
        Ok(n)
    }
}
