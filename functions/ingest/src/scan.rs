//! A source to facts, chunks and resolved references: read in one thread, parsed in many, collected in order.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use docpack::{ByteRange, Digest, Language, Role};
use insight::secrets::{Secret, SecretCounts, redact};
use model::facts::{FileFacts, Finding, gaps};
use model::ingest::{
    ChunkShard, DocumentRecord, FactsSegment, MAX_DESCRIPTION_CHARS, MAX_PAGE_CHARS, MAX_README_CHARS,
    Redaction, Skipped, SourceRevision, SourceSegment, SourceText,
};
use model::resolution::Resolution;
use model::role::FoundRole;
use parse::chunk::{self, ChunkParams};
use parse::documents;
use parse::manifests::Manifests;
use parse::resolve::Linker;
use parse::{ParseLimits, parse, parse_masked};
use source::OpenedSource;
use source::entry::Entry;
use source::failure::SourceError;

use crate::cut::{Cut, Cutter};
use crate::languages::Kinds;
use crate::redact::{findings, mask, masked, redact_facts, secrets_in};
use crate::window::Window;

/// Files between reading and collecting: enough to keep every thread busy past one slow file.
const WINDOW_FILES: u64 = 64;
/// Parsing recurses nowhere in our code; the grammars' scanners are C and get what a main thread has.
const STACK_BYTES: usize = 8 << 20;
/// Records of the resolution per object; about 1 MB.
const MAX_PART_RECORDS: usize = 4_096;
/// Files read in part that are told one by one; the others are counted.
const MAX_PARTLY_READ_TOLD: u64 = 500;
/// Documents that are read; of a site of more, those behind are listed as left out.
const MAX_DOCUMENTS: u64 = 5_000;
/// READMEs of folders that are kept while a source is read: a link at the root leads to one of the first.
const MAX_FOLDER_READMES: usize = 500;
/// Where a repository introduces itself, best first, however it is capitalised.
const README_NAMES: [&str; 4] = ["readme.md", "readme.rst", "readme.txt", "readme"];

/// Something that is ready while the scan still runs.
pub(crate) enum Scanned {
    Shard(ChunkShard),
    Segment(FactsSegment),
    Source(SourceSegment),
    Resolution(Resolution),
    /// Only the first files with a gap bring it along; the counts have them all.
    File {
        file_path: String,
        n_symbols: u64,
        gap: Option<FirstGap>,
    },
    Skipped(Skipped),
}

/// The first thing of a file that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FirstGap {
    pub(crate) code: String,
    pub(crate) n_places: u64,
    pub(crate) line: Option<u32>,
}

impl FirstGap {
    fn of(facts: &FileFacts) -> Option<Self> {
        let gap = gaps(&facts.findings, facts.n_error_nodes).next()?;
        Some(Self { code: gap.code.to_owned(), n_places: gap.n_places.into(), line: gap.line })
    }
}

/// What is known once every file was seen.
pub(crate) struct Scan {
    pub(crate) revision: SourceRevision,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) readme: Option<String>,
    pub(crate) description: Option<String>,
    /// Files that have another role than their facts say, by path.
    pub(crate) roles: Vec<(String, FoundRole)>,
    pub(crate) counts: Counts,
    /// Files that were not parsed, by language or format.
    pub(crate) unparsed: Kinds,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) n_files: u64,
    pub(crate) n_symbols: u64,
    pub(crate) n_chunks: u64,
    pub(crate) n_bytes: u64,
    pub(crate) n_error_nodes: u64,
    pub(crate) n_files_with_errors: u64,
    /// Those with syntax errors among them.
    pub(crate) n_files_partly_read: u64,
    pub(crate) languages: BTreeMap<Language, LanguageCounts>,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LanguageCounts {
    pub(crate) n_files: u64,
    pub(crate) n_symbols: u64,
    pub(crate) n_bytes: u64,
}

impl Counts {
    fn add(&mut self, facts: &FileFacts) {
        let (n_symbols, n_error_nodes) = (facts.symbols.len() as u64, u64::from(facts.n_error_nodes));
        self.n_files += 1;
        self.n_symbols += n_symbols;
        self.n_chunks += facts.chunks.len() as u64;
        self.n_bytes += facts.size_bytes;
        self.n_error_nodes += n_error_nodes;
        self.n_files_with_errors += u64::from(n_error_nodes > 0);
        self.n_files_partly_read += u64::from(facts.findings.iter().any(Finding::is_gap));
        let language = self.languages.entry(facts.language).or_default();
        language.n_files += 1;
        language.n_symbols += n_symbols;
        language.n_bytes += facts.size_bytes;
    }
}

#[derive(Debug)]
pub(crate) enum ScanError {
    Source(SourceError),
    /// More files than the limit.
    TooManyFiles,
    /// The sink wanted no more.
    Stopped,
}

pub(crate) struct ScanParams {
    pub(crate) n_threads: usize,
    pub(crate) max_file_bytes: u64,
    pub(crate) max_files: u64,
    /// Whether the texts are handed on.
    pub(crate) keeps_source: bool,
}

/// What reading hands to a parsing thread.
struct Task {
    seq: u64,
    /// `None` for a document.
    language: Option<Language>,
    file_path: String,
    bytes: Vec<u8>,
}

/// A file as a parsing thread leaves it.
struct ReadFile {
    content: Content,
    source: Option<SourceText>,
}

enum Content {
    Code(Box<FileFacts>),
    /// With its text, secrets named, where it may introduce the repository.
    Document(Box<DocumentRecord>, Option<String>),
}

/// What the collector hears, in any order.
enum Heard {
    Read(u64, ReadFile),
    Skipped(Skipped),
    /// A README's path and that of the file it stands for.
    Link(String, String),
    Manifest(String, String),
}

/// Reads, parses and links a whole source; `sink` sees everything in the order of the source.
pub(crate) fn scan(
    opened: OpenedSource,
    params: &ScanParams,
    sink: impl FnMut(Scanned) -> ControlFlow<()> + Send,
) -> Result<Scan, ScanError> {
    let window = Window::new(WINDOW_FILES);
    let limits = ParseLimits {
        max_bytes: usize::try_from(params.max_file_bytes).unwrap_or(usize::MAX),
        ..ParseLimits::default()
    };
    let (task_sender, task_receiver) = sync_channel::<Task>(WINDOW_FILES as usize);
    let (heard_sender, heard_receiver) = sync_channel::<Heard>(WINDOW_FILES as usize);
    let tasks = Mutex::new(task_receiver);
    thread::scope(|scope| {
        for _ in 0..params.n_threads.max(1) {
            let (tasks, heard) = (&tasks, heard_sender.clone());
            let spawned = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, move || parse_all(tasks, &heard, &limits, params.keeps_source));
            spawned.map_err(|error| ScanError::Source(no_thread(&error)))?;
        }
        let collecting = scope.spawn(|| Collector::new(sink).run(heard_receiver, &window));
        let read = read_all(opened, params, &window, task_sender, heard_sender);
        let collected = collecting.join().expect("the collector does not panic: it only moves values");
        let revision = read?;
        collected.map(|collected| collected.into_scan(revision)).ok_or(ScanError::Stopped)
    })
}

fn no_thread(error: &std::io::Error) -> SourceError {
    SourceError::Unreadable { what: "the source in parallel".to_owned(), reason: error.to_string() }
}

/// Feeds the parsing threads; ends early when the window is closed.
fn read_all(
    opened: OpenedSource,
    params: &ScanParams,
    window: &Window,
    tasks: SyncSender<Task>,
    heard: SyncSender<Heard>,
) -> Result<SourceRevision, ScanError> {
    let (mut seq, mut n_code) = (0, 0);
    let mut too_many = false;
    let n_documents = Cell::new(0);
    let is_wanted = |path: &str, head: &[u8]| is_wanted(path, head, &n_documents);
    let read = opened.read(&is_wanted, &mut |entry| {
        let sent = match entry {
            Entry::Skipped { path, reason } => heard
                .send(Heard::Skipped(Skipped { file_path: path, reason: reason.as_str().to_owned() }))
                .is_ok(),
            Entry::Link { path, target } => heard.send(Heard::Link(path, target)).is_ok(),
            Entry::File { path, bytes, .. } => match parse::detect(&path, &bytes) {
                Some(_) if n_code >= params.max_files => {
                    too_many = true;
                    false
                }
                None if Manifests::is_manifest(&path) => {
                    heard.send(Heard::Manifest(path, String::from_utf8_lossy(&bytes).into_owned())).is_ok()
                }
                language => {
                    seq += 1;
                    n_code += u64::from(language.is_some());
                    window.enter(seq - 1)
                        && tasks.send(Task { seq: seq - 1, language, file_path: path, bytes }).is_ok()
                }
            },
        };
        if sent { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    match (too_many, read) {
        (true, _) => Err(ScanError::TooManyFiles),
        (false, read) => read.map(|read| read.revision).map_err(ScanError::Source),
    }
}

/// Tells how good a place for an introduction a file is; less is better.
fn readme_rank(path: &str) -> Option<usize> {
    README_NAMES.iter().position(|name| path.eq_ignore_ascii_case(name))
}

/// Tells whether a file introduces its folder.
fn is_readme(path: &str) -> bool {
    readme_rank(path.rsplit_once('/').map_or(path, |(_, name)| name)).is_some()
}

/// Source files, the manifests that linking reads, the README and the first of the other documents.
fn is_wanted(path: &str, head: &[u8], n_documents: &Cell<u64>) -> bool {
    if parse::detect(path, head).is_some() || Manifests::is_manifest(path) || readme_rank(path).is_some() {
        return true;
    }
    let is_document = documents::is_document(path) && n_documents.get() < MAX_DOCUMENTS;
    n_documents.set(n_documents.get() + u64::from(is_document));
    is_document
}

fn parse_all(
    tasks: &Mutex<Receiver<Task>>,
    heard: &SyncSender<Heard>,
    limits: &ParseLimits,
    keeps_source: bool,
) {
    loop {
        // The lock is held while waiting; the others wait for the lock instead, which is the same.
        let next = tasks.lock().expect("receiving does not panic").recv();
        let Ok(mut task) = next else { return };
        let (content, redactions) = match task.language {
            Some(language) => {
                let (facts, secrets) = read_code(&mut task, language, limits);
                (Content::Code(Box::new(facts)), secrets)
            }
            None => read_document(&mut task),
        };
        let source = keeps_source.then(|| source_text(task.file_path, task.bytes, redactions)).flatten();
        if heard.send(Heard::Read(task.seq, ReadFile { content, source })).is_err() {
            return;
        }
    }
}

/// Takes the masked text; one that is not UTF-8 is left out.
fn source_text(file_path: String, bytes: Vec<u8>, secrets: Vec<Secret>) -> Option<SourceText> {
    let redaction = |secret: Secret| Redaction {
        byte_range: ByteRange { start: secret.range.start as u32, end: secret.range.end as u32 },
        rule: secret.rule.to_owned(),
    };
    let redactions = secrets.into_iter().map(redaction).collect();
    Some(SourceText { file_path, text: String::from_utf8(bytes).ok()?, redactions })
}

fn read_code(task: &mut Task, language: Language, limits: &ParseLimits) -> (FileFacts, Vec<Secret>) {
    let read = catch_unwind(AssertUnwindSafe(|| read_file(task, language, limits)));
    read.unwrap_or_else(|_| {
        let facts = crashed(task, language, limits);
        (facts, mask(&mut task.bytes))
    })
}

fn read_document(task: &mut Task) -> (Content, Vec<Secret>) {
    let sha256 = Digest::of(&task.bytes);
    // The overview quotes the introduction, where a rule's name reads better than stars.
    let introduction = is_readme(&task.file_path).then(|| {
        redact(&String::from_utf8_lossy(&task.bytes), &mut SecretCounts::new())
            .chars()
            .take(MAX_README_CHARS)
            .collect()
    });
    let secrets = mask(&mut task.bytes);
    let text = String::from_utf8_lossy(&task.bytes);
    let lead = if is_readme(&task.file_path) {
        insight::introduction(Some(&text), None)
    } else {
        insight::lead_sentence(&text)
    };
    let role = FoundRole::of_document(&task.file_path);
    let max_chars = match role.role {
        _ if is_readme(&task.file_path) => MAX_README_CHARS,
        Role::Documentation => MAX_PAGE_CHARS,
        _ => 0,
    };
    let beginning = std::str::from_utf8(&task.bytes).ok().filter(|_| max_chars > 0);
    let document = DocumentRecord {
        lead,
        file_path: task.file_path.clone(),
        size_bytes: task.bytes.len() as u64,
        sha256,
        role,
        sections: std::str::from_utf8(&task.bytes)
            .map(|text| documents::sections(&task.file_path, text))
            .unwrap_or_default(),
        findings: findings(&task.file_path, &secrets),
        beginning: beginning.map(|text| text.chars().take(max_chars).collect()),
    };
    (Content::Document(Box::new(document), introduction), secrets)
}

/// Parses the text as it stands, for masking can break code; what bodies quote and chunks are cut from the masked
/// text.
fn read_file(task: &mut Task, language: Language, limits: &ParseLimits) -> (FileFacts, Vec<Secret>) {
    let secrets = secrets_in(&task.bytes);
    let mut facts = if secrets.is_empty() {
        parse(language, &task.file_path, &task.bytes, limits)
    } else {
        let masked = masked(&task.bytes, &secrets);
        let mut facts = parse_masked(language, &task.file_path, &task.bytes, &masked, limits);
        redact_facts(&task.bytes, &secrets, &mut facts);
        task.bytes = masked;
        facts
    };
    facts.chunks = chunk::chunks(&task.bytes, &facts, &ChunkParams::STANDARD);
    (facts, secrets)
}

/// A defect of ours costs the file it shows in, not the build: the file stays, with a finding.
fn crashed(task: &Task, language: Language, limits: &ParseLimits) -> FileFacts {
    let mut facts = parse(language, &task.file_path, b"", limits);
    facts.size_bytes = task.bytes.len() as u64;
    facts.sha256 = Digest::of(&task.bytes);
    facts.findings.push(Finding {
        code: "parser_crashed".to_owned(),
        file_path: task.file_path.clone(),
        line: None,
        message: "the file could not be read because of a defect in the parser".to_owned(),
    });
    facts
}

/// Puts results back into the order of the source and hands them on.
struct Collector<F> {
    sink: F,
    linker: Linker,
    cutter: Cutter,
    waiting: BTreeMap<u64, ReadFile>,
    next: u64,
    found: Collected,
}

#[derive(Default)]
struct Collected {
    skipped: Vec<Skipped>,
    readme: Option<(String, String)>,
    /// Where the README at the root leads, where it is a link, and how good a name it has.
    readme_link: Option<(Option<usize>, String)>,
    /// The first introductions of folders, by path: a link at the root may lead to one.
    folder_readmes: BTreeMap<String, String>,
    description: Option<String>,
    roles: Vec<(String, FoundRole)>,
    counts: Counts,
    unparsed: Kinds,
}

impl Collected {
    fn into_scan(mut self, revision: SourceRevision) -> Scan {
        self.skipped.sort();
        let linked = self.readme_link.and_then(|(_, target)| self.folder_readmes.remove(&target));
        // A cut through a secret would leave a part that no rule knows.
        let told =
            |text: &str| redact(text, &mut SecretCounts::new()).chars().take(MAX_DESCRIPTION_CHARS).collect();
        Scan {
            revision,
            readme: self.readme.map(|(_, text)| text).or(linked),
            description: self.description.map(|text| told(&text)),
            skipped: self.skipped,
            roles: self.roles,
            counts: self.counts,
            unparsed: self.unparsed,
        }
    }
}

impl<F: FnMut(Scanned) -> ControlFlow<()>> Collector<F> {
    fn new(sink: F) -> Self {
        Self {
            sink,
            linker: Linker::new(),
            cutter: Cutter::default(),
            waiting: BTreeMap::new(),
            next: 0,
            found: Collected::default(),
        }
    }

    /// Runs until every sender is gone; `None` when the sink wanted no more.
    fn run(mut self, heard: Receiver<Heard>, window: &Window) -> Option<Collected> {
        for item in heard {
            if self.hear(item, window).is_break() {
                window.close();
                return None;
            }
        }
        self.finish().is_continue().then_some(self.found)
    }

    fn hear(&mut self, item: Heard, window: &Window) -> ControlFlow<()> {
        match item {
            Heard::Read(seq, file) => {
                self.waiting.insert(seq, file);
                self.drain()?;
                window.advance(self.next);
            }
            Heard::Skipped(skipped) => {
                self.found.unparsed.add(&skipped.file_path);
                self.found.skipped.push(skipped.clone());
                (self.sink)(Scanned::Skipped(skipped))?;
            }
            Heard::Link(path, target) => {
                let rank = readme_rank(&path);
                if rank.is_some() && self.found.readme_link.as_ref().is_none_or(|it| rank < it.0) {
                    self.found.readme_link = Some((rank, target));
                }
            }
            Heard::Manifest(path, text) => {
                self.found.unparsed.add(&path);
                self.linker.add_manifest(&path, &text);
            }
        }
        ControlFlow::Continue(())
    }

    fn drain(&mut self) -> ControlFlow<()> {
        while let Some(file) = self.waiting.remove(&self.next) {
            self.next += 1;
            let mut cuts = Vec::new();
            file.source.into_iter().for_each(|source| self.cutter.add_source(source, &mut cuts));
            self.hand_over(cuts)?;
            match file.content {
                Content::Code(facts) => self.collect(*facts)?,
                Content::Document(document, introduction) => self.collect_document(*document, introduction),
            }
        }
        ControlFlow::Continue(())
    }

    fn collect_document(&mut self, document: DocumentRecord, introduction: Option<String>) {
        let path = &document.file_path;
        self.found.unparsed.add(path);
        if let Some(text) = introduction {
            self.collect_readme(path, text);
        }
        self.cutter.add_document(document);
    }

    /// The best name at the root counts, whatever the order of the source.
    fn collect_readme(&mut self, path: &str, text: String) {
        let rank = |name: &str| (readme_rank(name), name.to_owned());
        let is_better = self.found.readme.as_ref().is_none_or(|(other, _)| rank(path) < rank(other));
        if readme_rank(path).is_some() && is_better {
            self.found.readme = Some((path.to_owned(), text));
        } else if readme_rank(path).is_none() && self.found.folder_readmes.len() < MAX_FOLDER_READMES {
            self.found.folder_readmes.insert(path.to_owned(), text);
        }
    }

    fn collect(&mut self, facts: FileFacts) -> ControlFlow<()> {
        self.linker.add_file(&facts);
        let (file_path, n_symbols) = (facts.file_path.clone(), facts.symbols.len() as u64);
        self.found.counts.add(&facts);
        let is_told = self.found.counts.n_files_partly_read <= MAX_PARTLY_READ_TOLD;
        let gap = FirstGap::of(&facts).filter(|_| is_told);
        let mut cuts = Vec::new();
        self.cutter.add(facts, &mut cuts);
        self.hand_over(cuts)?;
        (self.sink)(Scanned::File { file_path, n_symbols, gap })
    }

    fn hand_over(&mut self, cuts: Vec<Cut>) -> ControlFlow<()> {
        for cut in cuts {
            (self.sink)(match cut {
                Cut::Shard(shard) => Scanned::Shard(shard),
                Cut::Segment(segment) => Scanned::Segment(segment),
                Cut::Source(segment) => Scanned::Source(segment),
            })?;
        }
        ControlFlow::Continue(())
    }

    fn finish(&mut self) -> ControlFlow<()> {
        let mut cuts = Vec::new();
        self.cutter.finish(&mut cuts);
        self.hand_over(cuts)?;
        let linker = std::mem::replace(&mut self.linker, Linker::new());
        self.found.description = linker.description().map(str::to_owned);
        let mut links = linker.finish();
        self.found.roles = std::mem::take(&mut links.roles);
        links.parts(MAX_PART_RECORDS).try_for_each(|part| (self.sink)(Scanned::Resolution(part)))
    }
}

#[cfg(test)]
mod tests;
