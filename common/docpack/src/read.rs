//! Archive to records, for packs from anyone.
//!
//! [`read`] checks every size and digest that the manifest states, and nothing about what the records
//! say; [`crate::verify()`] does that too.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::archive::{Archive, EntryHeader};
use crate::contents::{About, Contents, Docpack};
use crate::digest::Digest;
use crate::embeddings::{Embeddings, EmbeddingsError};
use crate::entries::{self, SCHEMA_MAJOR, part_of};
use crate::records::{
    Ambiguous, Bodies, Edge, Graph, Manifest, Nodes, Overviews, SourceIndex, SourceMap, Tour, Unresolved,
};
use crate::source_texts::{SourceTexts, SourceTextsError};
use crate::vectors::{Vectors, VectorsError};
use crate::write::PackIndex;

/// How much a reader takes in before it gives up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadLimits {
    /// Of the manifest.
    pub manifest_bytes: u64,
    /// Of every entry but the manifest and the vectors.
    pub entry_bytes: u64,
    /// Of `embeddings.bin` and of `vectors.bin`.
    pub embeddings_bytes: u64,
    /// Of all entries together.
    pub total_bytes: u64,
    /// The manifest included.
    pub n_entries: usize,
    /// Values in one JSON entry; a small value costs up to ten times its bytes in memory.
    pub n_values: usize,
}

impl Default for ReadLimits {
    /// Twice what the writer makes of the largest repository that is taken in by default.
    fn default() -> Self {
        Self {
            manifest_bytes: 4_000_000,
            entry_bytes: 128_000_000,
            embeddings_bytes: 2_000_000_000,
            total_bytes: 4_000_000_000,
            n_entries: 10_000,
            n_values: 16_000_000,
        }
    }
}

impl ReadLimits {
    pub(crate) fn of(&self, path: &str) -> u64 {
        match path {
            entries::MANIFEST => self.manifest_bytes,
            entries::EMBEDDINGS | entries::VECTORS => self.embeddings_bytes,
            _ => self.entry_bytes,
        }
    }
}

/// Why a pack cannot be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants and their fields mean")]
pub enum ReadError {
    #[error("this is not a docpack: {detail}")]
    NotADocpack { detail: &'static str },
    #[error("the pack ends too early; fetch it again")]
    Truncated,
    #[error("the pack's compression is damaged ({detail}); fetch it again")]
    GzipCorrupt { detail: String },
    #[error("the pack's archive is malformed: {detail}")]
    TarMalformed { detail: &'static str },
    #[error("bytes that are not the pack's follow its end")]
    TrailingBytes,
    #[error("entry `{entry}` has a path that could lead out of the pack")]
    EntryPath { entry: String },
    #[error("entry `{entry}` is a link, a folder or a device, only files are allowed")]
    EntryType { entry: String },
    #[error("entry `{entry}` occurs twice")]
    EntryDuplicate { entry: String },
    #[error("entry `{entry}` is {size_bytes} bytes, the limit is {limit_bytes}")]
    EntryTooLarge { entry: String, size_bytes: u64, limit_bytes: u64 },
    #[error("the entries are more than {limit_bytes} bytes together")]
    TooLarge { limit_bytes: u64 },
    #[error("the pack has more than {limit} entries")]
    TooManyEntries { limit: usize },
    #[error("the pack is empty, it lacks `manifest.json`")]
    ManifestMissing,
    #[error("the first entry is `{entry}`, it must be `manifest.json`")]
    ManifestNotFirst { entry: String },
    #[error("schema version `{found}` is newer than docpack/{SCHEMA_MAJOR}; open it with {tool} or newer")]
    TooNew { found: String, tool: String },
    #[error("schema version `{found}` is not one of docpack/{SCHEMA_MAJOR}")]
    SchemaVersion { found: String },
    #[error("entry `{entry}` is missing")]
    EntryMissing { entry: String },
    #[error("entry `{entry}` is {size_bytes} bytes, the manifest says {stated_bytes}")]
    EntrySize { entry: String, size_bytes: u64, stated_bytes: u64 },
    #[error("entry `{entry}` differs from its digest in the manifest")]
    EntryDigest { entry: String },
    #[error("entry `{entry}` is not the JSON of its schema: {detail}")]
    JsonMalformed { entry: String, detail: String },
    #[error("entry `{entry}` holds more than {limit} values")]
    TooManyValues { entry: String, limit: usize },
    #[error(
        "entry `{entry}` is not in the form of this version; `doctown verify` tells whether the pack is whole"
    )]
    LookupMalformed { entry: &'static str },
    #[error(transparent)]
    Embeddings(#[from] EmbeddingsError),
    #[error(transparent)]
    Vectors(#[from] VectorsError),
    #[error(transparent)]
    SourceTexts(#[from] SourceTextsError),
    #[error("cannot read the pack")]
    Io(#[source] std::io::Error),
}

impl ReadError {
    /// Returns the error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotADocpack { .. } => "not_a_docpack",
            Self::Truncated => "truncated",
            Self::GzipCorrupt { .. } => "gzip_corrupt",
            Self::TarMalformed { .. } => "tar_malformed",
            Self::TrailingBytes => "trailing_bytes",
            Self::EntryPath { .. } => "entry_path_unsafe",
            Self::EntryType { .. } => "entry_type_forbidden",
            Self::EntryDuplicate { .. } => "entry_duplicate",
            Self::EntryTooLarge { .. } => "entry_too_large",
            Self::TooLarge { .. } => "docpack_too_large",
            Self::TooManyEntries { .. } => "too_many_entries",
            Self::ManifestMissing => "manifest_missing",
            Self::ManifestNotFirst { .. } => "manifest_not_first",
            Self::TooNew { .. } => "docpack_too_new",
            Self::SchemaVersion { .. } => "schema_version_unknown",
            Self::EntryMissing { .. } => "entry_missing",
            Self::EntrySize { .. } => "entry_size_mismatch",
            Self::EntryDigest { .. } => "entry_digest_mismatch",
            Self::JsonMalformed { .. } => "json_malformed",
            Self::TooManyValues { .. } => "too_many_values",
            Self::LookupMalformed { .. } => "lookup_malformed",
            Self::Embeddings(_) => "embeddings_malformed",
            Self::Vectors(_) => "vectors_malformed",
            Self::SourceTexts(_) => "source_malformed",
            Self::Io(_) => "io",
        }
    }
}

/// Reads a whole pack and checks every entry's size and digest.
///
/// Entries that this version does not know are kept as bytes when the manifest lists them, dropped
/// otherwise; unknown fields of known records are passed over.
pub fn read<R: Read>(input: R, limits: &ReadLimits) -> Result<Docpack, ReadError> {
    let mut archive = Archive::new(input, *limits)?;
    let (manifest, _) = first_entry(&mut archive)?;
    let stated = stated_entries(&manifest);
    let mut parts = Parts::new(*limits);
    while let Some(header) = archive.next()? {
        let Some(stated) = stated.get(header.path.as_str()) else {
            archive.skip(&header)?;
            continue;
        };
        check_size(&header, stated)?;
        let bytes = archive.body(&header)?;
        check_digest(&header, &bytes, stated)?;
        parts.add(&header.path, bytes)?;
    }
    if let Some(entry) = stated.keys().find(|path| !parts.taken.contains(**path)) {
        return Err(ReadError::EntryMissing { entry: (*entry).to_owned() });
    }
    let contents = parts.finish(&manifest)?;
    Ok(Docpack { manifest, contents })
}

/// Reads the manifest alone, from the pack's first bytes.
pub fn read_manifest<R: Read>(input: R, limits: &ReadLimits) -> Result<Manifest, ReadError> {
    Ok(first_entry(&mut Archive::new(input, *limits)?)?.0)
}

/// Reads the manifest and the bytes of the entries that `wanted` names, parts included, digests checked.
///
/// Stops at the last of them, so what follows is not looked at. An entry that the pack lacks is an error.
pub fn read_entries<R: Read>(
    input: R,
    limits: &ReadLimits,
    wanted: &[&str],
) -> Result<(Manifest, BTreeMap<String, Vec<u8>>), ReadError> {
    let mut archive = Archive::new(input, *limits)?;
    let (manifest, _) = first_entry(&mut archive)?;
    let mut stated = stated_entries(&manifest);
    stated.retain(|path, _| wanted.contains(&part_of(path).entry));
    if let Some(entry) = wanted.iter().find(|entry| !stated.contains_key(**entry)) {
        return Err(ReadError::EntryMissing { entry: (*entry).to_owned() });
    }
    let mut found = BTreeMap::new();
    while found.len() < stated.len() {
        let Some(header) = archive.next()? else {
            let lacking = stated.keys().find(|path| !found.contains_key(**path));
            return Err(ReadError::EntryMissing { entry: lacking.copied().unwrap_or_default().to_owned() });
        };
        match stated.get(header.path.as_str()) {
            None => archive.skip(&header)?,
            Some(stated) => {
                check_size(&header, stated)?;
                let bytes = archive.body(&header)?;
                check_digest(&header, &bytes, stated)?;
                found.insert(header.path, bytes);
            }
        }
    }
    Ok((manifest, found))
}

/// Reads one entry from its own gzip member, as `PACK.index` gives it.
pub fn read_member<R: Read>(input: R, limits: &ReadLimits) -> Result<(String, Vec<u8>), ReadError> {
    let mut archive = Archive::new(input, *limits)?;
    let header = archive.next()?.ok_or(ReadError::NotADocpack { detail: "it holds no entry" })?;
    let bytes = archive.body(&header)?;
    Ok((header.path, bytes))
}

/// Reads the text of one file; of the rest only the manifest and the list of the texts are inflated.
///
/// `None` where the pack has no text of the file. Sizes and digests of what is read are checked.
pub fn read_text<R: Read + Seek>(
    mut input: R,
    limits: &ReadLimits,
    index: &PackIndex,
    file_path: &str,
) -> Result<Option<String>, ReadError> {
    input.seek(SeekFrom::Start(0)).map_err(ReadError::Io)?;
    let (manifest, _) = first_entry(&mut Archive::new(&mut input, *limits)?)?;
    if !manifest.optional.has_source {
        return Ok(None);
    }
    let mut entry = |path: &str| {
        let missing = || ReadError::EntryMissing { entry: path.to_owned() };
        let place = index.entries.iter().find(|entry| entry.path == path).ok_or_else(missing)?;
        entry_at(&mut input, limits, &manifest, path, (place.offset, place.length))
    };
    let texts: SourceIndex = parse_json(entries::SOURCE_INDEX, &entry(entries::SOURCE_INDEX)?)?;
    let Some(text) = texts.find(file_path) else { return Ok(None) };
    let part = text.entry();
    let bytes = entry(&part)?;
    let not_utf8 = |_| SourceTextsError::NotUtf8 { part: part.clone() };
    let outside = || SourceTextsError::Outside { file_path: file_path.to_owned(), part: part.clone() };
    let whole = std::str::from_utf8(&bytes).map_err(not_utf8)?;
    Ok(Some(text.within(whole).ok_or_else(outside)?.to_owned()))
}

/// Reads an entry from its bytes in the pack, its size and digest checked.
pub(crate) fn entry_at<R: Read + Seek>(
    input: &mut R,
    limits: &ReadLimits,
    manifest: &Manifest,
    path: &str,
    (start, length): (u64, u64),
) -> Result<Vec<u8>, ReadError> {
    let missing = || ReadError::EntryMissing { entry: path.to_owned() };
    let stated = *stated_entries(manifest).get(path).ok_or_else(missing)?;
    input.seek(SeekFrom::Start(start)).map_err(ReadError::Io)?;
    let mut archive = Archive::new(input.take(length), *limits)?;
    let header = archive.next()?.filter(|header| header.path == path).ok_or_else(missing)?;
    check_size(&header, &stated)?;
    let bytes = archive.body(&header)?;
    check_digest(&header, &bytes, &stated)?;
    Ok(bytes)
}

/// Reads the manifest, its version before anything else of it.
pub(crate) fn first_entry<R: Read>(archive: &mut Archive<R>) -> Result<(Manifest, Vec<u8>), ReadError> {
    let header = archive.next()?.ok_or(ReadError::ManifestMissing)?;
    if header.path != entries::MANIFEST {
        return Err(ReadError::ManifestNotFirst { entry: header.path });
    }
    let bytes = archive.body(&header)?;
    check_version(&bytes)?;
    let manifest = parse_json(entries::MANIFEST, &bytes)?;
    Ok((manifest, bytes))
}

fn check_version(manifest: &[u8]) -> Result<(), ReadError> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: String,
        #[serde(default)]
        generator: serde_json::Value,
    }
    let version: Version = parse_json(entries::MANIFEST, manifest)?;
    let found = version.schema_version;
    match version_numbers(&found) {
        Some((SCHEMA_MAJOR, _)) => Ok(()),
        Some((newer, _)) if newer > SCHEMA_MAJOR => {
            let word = |name: &str| version.generator.get(name).and_then(|word| word.as_str()).map(printable);
            let tool = match (word("name"), word("version")) {
                (Some(name), Some(version)) => format!("`{name} {version}`"),
                _ => "the tool that wrote it".to_owned(),
            };
            Err(ReadError::TooNew { found: printable(&found), tool })
        }
        _ => Err(ReadError::SchemaVersion { found: printable(&found) }),
    }
}

/// Reads the numbers of `docpack/1.0`.
pub(crate) fn version_numbers(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.strip_prefix("docpack/")?.split_once('.')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let are_numbers = is_number(major) && is_number(minor);
    major.parse().ok().zip(minor.parse().ok()).filter(|_| are_numbers)
}

/// Cuts a stranger's text down to what a terminal may be shown.
fn printable(text: &str) -> String {
    const MAX_SHOWN_CHARS: usize = 40;
    text.chars().filter(|char| char.is_ascii_graphic()).take(MAX_SHOWN_CHARS).collect()
}

pub(crate) fn parse_json<T: DeserializeOwned>(entry: &str, bytes: &[u8]) -> Result<T, ReadError> {
    serde_json::from_slice(bytes)
        .map_err(|error| ReadError::JsonMalformed { entry: entry.to_owned(), detail: error.to_string() })
}

/// What the manifest states of one entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stated<'m> {
    pub(crate) size_bytes: u64,
    pub(crate) sha256: &'m str,
}

pub(crate) fn stated_entries(manifest: &Manifest) -> BTreeMap<&str, Stated<'_>> {
    let stated = |entry: &crate::records::EntryDigest| entry.bytes;
    manifest
        .entries
        .iter()
        .map(|entry| (entry.path.as_str(), Stated { size_bytes: stated(entry), sha256: &entry.sha256 }))
        .collect()
}

/// Compares the header's size with the manifest's, before any memory is taken for the entry.
pub(crate) fn check_size(header: &EntryHeader, stated: &Stated<'_>) -> Result<(), ReadError> {
    let (size_bytes, stated_bytes) = (header.size_bytes, stated.size_bytes);
    if size_bytes == stated_bytes {
        return Ok(());
    }
    Err(ReadError::EntrySize { entry: header.path.clone(), size_bytes, stated_bytes })
}

pub(crate) fn check_digest(header: &EntryHeader, bytes: &[u8], stated: &Stated<'_>) -> Result<(), ReadError> {
    if Digest::of(bytes).hex() == stated.sha256 {
        return Ok(());
    }
    Err(ReadError::EntryDigest { entry: header.path.clone() })
}

/// What the entries of a pack gave so far.
pub(crate) struct Parts {
    limits: ReadLimits,
    pub(crate) taken: BTreeSet<String>,
    json: BTreeMap<&'static str, Vec<u8>>,
    source_map: Option<SourceMap>,
    nodes: Option<Nodes>,
    graph: Option<Graph>,
    bodies: Option<Bodies>,
    embeddings: Option<Vec<u8>>,
    vectors: Option<Vectors>,
    /// `source/0000.txt` and so on.
    texts: Vec<Vec<u8>>,
    others: BTreeMap<String, Vec<u8>>,
}

/// Records of some entries of a pack.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "each is called like its entry")]
pub struct Records {
    pub source_map: Option<SourceMap>,
    pub nodes: Option<Nodes>,
    pub graph: Option<Graph>,
    pub overviews: Option<Overviews>,
    pub bodies: Option<Bodies>,
    pub tour: Option<Tour>,
    pub source: Option<SourceTexts>,
    pub embeddings: Option<Embeddings>,
    pub vectors: Option<Vectors>,
}

/// The lists of `graph.json` that go on in later parts.
#[derive(Deserialize)]
struct GraphLists {
    ambiguous: Vec<Ambiguous>,
    edges: Vec<Edge>,
    unresolved: Vec<Unresolved>,
}

impl Parts {
    pub(crate) fn new(limits: ReadLimits) -> Self {
        Self {
            limits,
            taken: BTreeSet::new(),
            json: BTreeMap::new(),
            source_map: None,
            nodes: None,
            graph: None,
            bodies: None,
            embeddings: None,
            vectors: None,
            texts: Vec::new(),
            others: BTreeMap::new(),
        }
    }

    /// Takes one entry or part; parts must come in order.
    pub(crate) fn add(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), ReadError> {
        let part = part_of(path);
        if entries::is_typed(path) && path.ends_with(".json") {
            self.check_n_values(path, &bytes)?;
        }
        let before = entries::part_path(part.entry, part.number.saturating_sub(1));
        if part.number > 0 && !self.taken.contains(&before) {
            return Err(ReadError::EntryMissing { entry: before });
        }
        self.taken.insert(path.to_owned());
        match part.entry {
            entries::SOURCE_MAP => append_source_map(&mut self.source_map, parse_json(path, &bytes)?),
            entries::NODES => append_nodes(&mut self.nodes, parse_json(path, &bytes)?),
            entries::GRAPH => match &mut self.graph {
                None => self.graph = Some(parse_json(path, &bytes)?),
                Some(graph) => append_graph(graph, parse_json(path, &bytes)?),
            },
            entries::BODIES => {
                let part: Bodies = parse_json(path, &bytes)?;
                self.bodies.get_or_insert_default().bodies.extend(part.bodies);
            }
            entries::EMBEDDINGS => self.embeddings = Some(bytes),
            entries::VECTORS => self.vectors = Some(Vectors::from_bytes(&bytes)?),
            entry if let Some(number) = entries::source_part_of(entry) => self.add_text(number, bytes)?,
            entry if entries::is_derived(entry) => {}
            entry => match SMALL.iter().find(|known| **known == entry) {
                Some(known) => drop(self.json.insert(known, bytes)),
                None => drop(self.others.insert(path.to_owned(), bytes)),
            },
        }
        Ok(())
    }

    /// Puts the records together; an entry that is required and was not added is an error.
    pub(crate) fn finish(mut self, manifest: &Manifest) -> Result<Contents, ReadError> {
        let missing = |entry: &str| ReadError::EntryMissing { entry: entry.to_owned() };
        let embeddings = self.embeddings()?;
        let symbol_contexts = self.optional(entries::SYMBOL_CONTEXTS)?;
        let insights = self.optional(entries::INSIGHTS)?;
        let tour = self.optional(entries::TOUR)?;
        let source = self.source()?;
        let contents = Contents {
            about: About::of(manifest),
            layout: self.required(entries::LAYOUT)?,
            quality: self.required(entries::QUALITY)?,
            clusters: self.required(entries::CLUSTERS)?,
            overviews: self.required(entries::OVERVIEWS)?,
            source_map: self.source_map.ok_or_else(|| missing(entries::SOURCE_MAP))?,
            nodes: self.nodes.ok_or_else(|| missing(entries::NODES))?,
            graph: self.graph.ok_or_else(|| missing(entries::GRAPH))?,
            bodies: self.bodies,
            insights,
            symbol_contexts,
            embeddings,
            vectors: self.vectors,
            tour,
            source,
            others: self.others,
        };
        if let Some(vectors) = &contents.vectors {
            vectors.check_count(contents.n_chunks())?;
        }
        Ok(contents)
    }

    fn source(&mut self) -> Result<Option<SourceTexts>, ReadError> {
        let missing = || ReadError::EntryMissing { entry: entries::SOURCE_INDEX.to_owned() };
        let texts = std::mem::take(&mut self.texts);
        match self.json.remove(entries::SOURCE_INDEX) {
            None if texts.is_empty() => Ok(None),
            None => Err(missing()),
            Some(index) => {
                Ok(Some(SourceTexts::from_entries(parse_json(entries::SOURCE_INDEX, &index)?, texts)?))
            }
        }
    }

    /// Takes a part of the texts; they must come in order.
    fn add_text(&mut self, number: usize, bytes: Vec<u8>) -> Result<(), ReadError> {
        if number != self.texts.len() {
            return Err(ReadError::EntryMissing { entry: entries::source_part_path(self.texts.len()) });
        }
        self.texts.push(bytes);
        Ok(())
    }

    /// Gives what was added; the rest is `None`.
    pub(crate) fn records(mut self) -> Result<Records, ReadError> {
        Ok(Records {
            embeddings: self.embeddings()?,
            source: self.source()?,
            tour: self.optional(entries::TOUR)?,
            overviews: self.optional(entries::OVERVIEWS)?,
            source_map: self.source_map,
            nodes: self.nodes,
            graph: self.graph,
            bodies: self.bodies,
            vectors: self.vectors,
        })
    }

    fn embeddings(&mut self) -> Result<Option<Embeddings>, ReadError> {
        let missing = |entry: &str| ReadError::EntryMissing { entry: entry.to_owned() };
        match (self.embeddings.take(), self.json.remove(entries::EMBEDDINGS_INDEX)) {
            (None, None) => Ok(None),
            (Some(bytes), Some(index)) => {
                Ok(Some(Embeddings::from_entries(&bytes, &parse_json(entries::EMBEDDINGS_INDEX, &index)?)?))
            }
            (None, Some(_)) => Err(missing(entries::EMBEDDINGS)),
            (Some(_), None) => Err(missing(entries::EMBEDDINGS_INDEX)),
        }
    }

    fn optional<T: DeserializeOwned>(&mut self, entry: &'static str) -> Result<Option<T>, ReadError> {
        self.json.remove(entry).map(|bytes| parse_json(entry, &bytes)).transpose()
    }

    fn required<T: DeserializeOwned>(&mut self, entry: &'static str) -> Result<T, ReadError> {
        let bytes = self.json.remove(entry).ok_or(ReadError::EntryMissing { entry: entry.to_owned() })?;
        parse_json(entry, &bytes)
    }

    /// Counts commas: every value but the first of a list or an object has one before it.
    fn check_n_values(&self, path: &str, bytes: &[u8]) -> Result<(), ReadError> {
        let limit = self.limits.n_values;
        let n_commas: usize = bytes
            .chunks(255)
            .map(|chunk| usize::from(chunk.iter().map(|byte| u8::from(*byte == b',')).sum::<u8>()))
            .sum();
        if n_commas < limit {
            Ok(())
        } else {
            Err(ReadError::TooManyValues { entry: path.to_owned(), limit })
        }
    }
}

/// JSON entries that are never cut into parts and are parsed at the end.
const SMALL: [&str; 9] = [
    entries::LAYOUT,
    entries::QUALITY,
    entries::CLUSTERS,
    entries::OVERVIEWS,
    entries::INSIGHTS,
    entries::SYMBOL_CONTEXTS,
    entries::EMBEDDINGS_INDEX,
    entries::TOUR,
    entries::SOURCE_INDEX,
];

fn append_source_map(whole: &mut Option<SourceMap>, part: SourceMap) {
    match whole {
        None => *whole = Some(part),
        Some(whole) => {
            whole.files.extend(part.files);
            whole.skipped.extend(part.skipped);
            whole.documents.extend(part.documents);
        }
    }
}

fn append_nodes(whole: &mut Option<Nodes>, part: Nodes) {
    match whole {
        None => *whole = Some(part),
        Some(whole) => whole.symbols.extend(part.symbols),
    }
}

fn append_graph(whole: &mut Graph, part: GraphLists) {
    whole.ambiguous.extend(part.ambiguous);
    whole.edges.extend(part.edges);
    whole.unresolved.extend(part.unresolved);
}
