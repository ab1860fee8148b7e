//! What the tests share: fixtures as folders, archives as bytes, reads as text.

use std::fmt::Write as _;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use doctown_source::config::SourceConfig;
use doctown_source::entry::Entry;
use doctown_source::failure::SourceError;
use doctown_source::filter::{FilterParams, Filters};
use doctown_source::limits::SourceLimits;
use doctown_source::spec::SourceSpec;
use doctown_source::{ReadSource, open, read_archive_bytes};

/// Paths and bytes, in the order in which they are packed.
pub(crate) type Files<'a> = &'a [(&'a str, &'a [u8])];

/// What the tests take for source: the caller of this crate decides that, by path and first bytes.
pub(crate) fn is_source(path: &str, head: &[u8]) -> bool {
    let known = [".rs", ".py", ".js", ".ts", ".go"].iter().any(|ending| path.ends_with(ending));
    known || head.starts_with(b"#!/usr/bin/env python")
}

pub(crate) fn filters() -> Filters {
    Filters::new(&FilterParams::default()).unwrap()
}

/// Limits that keep a failing test from waiting.
pub(crate) fn limits() -> SourceLimits {
    SourceLimits::default()
}

/// Reads `text` to its end, collecting the entries.
pub(crate) fn read(
    text: &str,
    git_ref: Option<&str>,
    limits: SourceLimits,
    filters: Filters,
    config: &SourceConfig,
) -> Result<(ReadSource, Vec<Entry>), SourceError> {
    let spec = SourceSpec::parse(text, config)?;
    let mut entries = Vec::new();
    let read = open(&spec, git_ref, limits, filters, config)?.read(&is_source, &mut |entry| {
        entries.push(entry);
        ControlFlow::Continue(())
    })?;
    Ok((read, entries))
}

/// Reads an archive from memory; the text lists what came before an error, and the error.
pub(crate) fn archive_text(bytes: &[u8], is_zip: bool, limits: &SourceLimits) -> String {
    let mut entries = Vec::new();
    let result = read_archive_bytes(bytes, is_zip, limits, &filters(), &is_source, &mut |entry| {
        entries.push(entry);
        ControlFlow::Continue(())
    });
    let mut text = listing(&entries);
    if let Err(error) = result {
        writeln!(text, "{}: {error}", error.code()).unwrap();
    }
    text
}

/// One line per entry: the size of a file, or the reason of a skip.
pub(crate) fn listing(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        match entry {
            Entry::File { path, bytes, .. } => writeln!(text, "{path} ({} bytes)", bytes.len()).unwrap(),
            Entry::Link { path, target } => writeln!(text, "{path} -> {target}").unwrap(),
            Entry::Skipped { path, reason } => writeln!(text, "{path} - {reason}").unwrap(),
        }
    }
    text
}

pub(crate) fn write_files(root: &Path, files: Files<'_>) {
    for (path, bytes) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Runs git in `folder` with fixed names and times, and without the machine's settings.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "Ada").env(format!("GIT_{role}_EMAIL"), "ada@example.org");
        command.env(format!("GIT_{role}_DATE"), "2024-02-29T12:30:45+02:00");
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Makes a repository of one commit and returns its hash.
pub(crate) fn commit_all(folder: &Path, files: Files<'_>) -> String {
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    write_files(folder, files);
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--message=first"]);
    git(folder, &["rev-parse", "HEAD"])
}

pub(crate) fn zip(folder: &str, files: Files<'_>) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(format!("{folder}{path}"), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A tar that says exactly what it is told, in whatever form; [`gzip`] makes it an archive.
#[derive(Default)]
pub(crate) struct RawTar(Vec<u8>);

impl RawTar {
    /// Adds an entry of a type by its letter; the name is cut at 100 bytes.
    pub(crate) fn entry(self, kind: u8, name: &[u8], bytes: &[u8]) -> Self {
        self.claiming(kind, name, bytes.len() as u64, bytes)
    }

    /// Adds an entry whose header claims `size` whatever `bytes` are.
    pub(crate) fn claiming(mut self, kind: u8, name: &[u8], size: u64, bytes: &[u8]) -> Self {
        let mut header = tar::Header::new_ustar();
        let n = name.len().min(100);
        header.as_mut_bytes()[..n].copy_from_slice(&name[..n]);
        header.set_entry_type(tar::EntryType::new(kind));
        header.set_size(size);
        header.set_mode(0o644);
        if kind == b'1' || kind == b'2' {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        self.0.extend_from_slice(header.as_bytes());
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    /// Adds an extended header with one record.
    pub(crate) fn pax(self, key: &str, value: &[u8]) -> Self {
        let body = [b" ", key.as_bytes(), b"=", value, b"\n"].concat();
        let mut length = body.len() + 1;
        while length != body.len() + length.to_string().len() {
            length = body.len() + length.to_string().len();
        }
        let record = [length.to_string().as_bytes(), &body].concat();
        self.entry(b'x', b"PaxHeader", &record)
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        gzip(&self.0)
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
