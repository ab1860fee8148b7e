//! Contents to archive: equal contents become equal bytes.
//!
//! The manifest stands first and holds the digests of all that follows, so every entry is made and
//! compressed before the first byte goes out. Uncompressed, one part at a time is held in memory.

use std::io::Write;

use flate2::{Compression, GzBuilder};
use serde::{Deserialize, Serialize};

use crate::canonical::{self, Canonical, CanonicalError};
use crate::contents::Contents;
use crate::digest::Digest;
use crate::entries::{self, MAX_PART_BYTES, MAX_PARTS, SCHEMA_VERSION};
use crate::layers::{self, LayerDigests, LayerHasher};
use crate::lookup::{Lookup, Stored};
use crate::places::{MEMBER_BYTES, Place, Places};
use crate::records::{Checksum, EntryDigest, Manifest};
use crate::scan::{Cursor, ScanError};
use crate::vectors::VectorsError;
use crate::words;

/// JSON and texts are deflated at this level: 6 takes a fifth longer for 1 % less, 4 gives 4 % more.
const JSON_LEVEL: u32 = 5;

/// A pack whose symbols and graph have fewer bytes is read whole in a tenth of a second, and has no lookup.
const LOOKUP_FROM_BYTES: usize = 8_000_000;

/// Tar works in blocks of this size.
pub(crate) const BLOCK_BYTES: usize = 512;

/// Why contents cannot be written.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants and their fields mean")]
pub enum WriteError {
    #[error("`{entry}` cannot be written: {source}")]
    Canonical { entry: String, source: CanonicalError },
    #[error("`{entry}` is not canonical JSON: {detail}")]
    NotCanonical { entry: String, detail: String },
    #[error("`{entry}` cannot be an entry of its own: {reason}")]
    EntryName { entry: String, reason: &'static str },
    #[error("`{word}` is not a word of {SCHEMA_VERSION} for `{field}` in `{entry}` (word_unknown)")]
    WordUnknown { entry: &'static str, field: &'static str, word: String },
    #[error("`{entry}` needs more than {MAX_PARTS} parts of {MAX_PART_BYTES} bytes")]
    TooManyParts { entry: String },
    #[error(transparent)]
    Vectors(#[from] VectorsError),
    #[error("cannot write the pack")]
    Io(#[from] std::io::Error),
}

/// What was written, and where in the archive each entry lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// As it stands in the pack.
    pub manifest: Manifest,
    /// Where the entries lie.
    pub index: PackIndex,
}

/// Where each entry's gzip member lies in the pack; kept beside it for range reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackIndex {
    /// In archive order.
    pub entries: Vec<IndexedEntry>,
}

/// The compressed bytes of one entry: a gzip member with the tar header, the entry and its padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedEntry {
    /// The entry.
    pub path: String,
    /// Where its gzip member starts in the pack.
    pub offset: u64,
    /// How many bytes the member has.
    pub length: u64,
}

impl PackIndex {
    /// Writes the index as canonical JSON, for the file `PACK.index`.
    pub fn to_json(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical::to_vec(self)
    }
}

/// Writes a pack; memory holds the compressed pack and one uncompressed part.
pub fn write<W: Write>(contents: &Contents, out: W) -> Result<Written, WriteError> {
    write_as(contents, out, MAX_PART_BYTES, LOOKUP_FROM_BYTES)
}

/// Writes a pack whose parts end at `part_bytes`; packs for use keep to [`MAX_PART_BYTES`].
pub fn write_in_parts<W: Write>(
    contents: &Contents,
    out: W,
    part_bytes: usize,
) -> Result<Written, WriteError> {
    write_as(contents, out, part_bytes, LOOKUP_FROM_BYTES)
}

/// Writes a pack in parts and with a lookup, which [`write()`] adds to large packs only.
pub fn write_with_lookup<W: Write>(
    contents: &Contents,
    out: W,
    part_bytes: usize,
) -> Result<Written, WriteError> {
    write_as(contents, out, part_bytes, 0)
}

fn write_as<W: Write>(
    contents: &Contents,
    mut out: W,
    part_bytes: usize,
    lookup_from_bytes: usize,
) -> Result<Written, WriteError> {
    check_words(contents)?;
    let mut packer = Packer { part_bytes, ..Packer::default() };
    packer.entries(contents)?;
    packer.lookup(contents, lookup_from_bytes)?;
    let manifest = manifest(contents, packer.layers.finish(), packer.digests)?;
    let manifest_json = json(entries::MANIFEST, &manifest)?;
    let first = PackedEntry::new(entries::MANIFEST, &manifest_json, JSON_LEVEL)?;
    let mut index = PackIndex::default();
    let mut offset = 0;
    for entry in std::iter::once(first).chain(packer.packed) {
        out.write_all(&entry.bytes)?;
        let length = entry.bytes.len() as u64;
        index.entries.push(IndexedEntry { path: entry.path, offset, length });
        offset += length;
    }
    out.write_all(&end_marker()?)?;
    out.flush()?;
    Ok(Written { manifest, index })
}

/// Refuses words that this version does not define: who writes it must know what it means.
fn check_words(contents: &Contents) -> Result<(), WriteError> {
    let mut first = None;
    words::each_unknown(contents, &mut |unknown| {
        first.get_or_insert(WriteError::WordUnknown {
            entry: unknown.entry,
            field: unknown.field,
            word: unknown.word.to_owned(),
        });
    });
    first.map_or(Ok(()), Err)
}

fn json<T: Serialize + ?Sized>(entry: &str, value: &T) -> Result<Vec<u8>, WriteError> {
    canonical::to_vec(value).map_err(|source| WriteError::Canonical { entry: entry.to_owned(), source })
}

fn manifest(
    contents: &Contents,
    layers: LayerDigests,
    entries: Vec<EntryDigest>,
) -> Result<Manifest, WriteError> {
    let about = contents.about.clone();
    let mut missing = about.missing;
    missing.sort();
    missing.dedup();
    let unset = Digest([0; 32]);
    let mut manifest = Manifest {
        schema_version: SCHEMA_VERSION.to_owned(),
        docpack_id: unset,
        facts_digest: layers.facts,
        semantics_digest: layers.semantics,
        prose_digest: layers.prose,
        created_at: about.created_at,
        source: about.source,
        generator: about.generator,
        options: about.options,
        statistics: contents.statistics(),
        optional: contents.optional(),
        checksum: Checksum { algorithm: "sha256".to_owned(), value: unset },
        entries,
        embedding_model: about.embedding_model,
        missing,
    };
    let id = layers::docpack_id(&json(entries::MANIFEST, &manifest)?)
        .map_err(|error| refused(entries::MANIFEST, &error))?;
    manifest.docpack_id = id;
    manifest.checksum.value = id;
    Ok(manifest)
}

fn refused(entry: &str, error: &ScanError) -> WriteError {
    WriteError::NotCanonical { entry: entry.to_owned(), detail: error.to_string() }
}

/// Collects entries in archive order.
#[derive(Default)]
struct Packer {
    part_bytes: usize,
    packed: Vec<PackedEntry>,
    digests: Vec<EntryDigest>,
    layers: LayerHasher,
    /// Of each symbol in `nodes.json`.
    record_bytes: Vec<u32>,
    /// Of the symbols and the graph.
    n_graph_bytes: usize,
}

/// The compressed bytes of one entry, in as many gzip members as it needs.
struct PackedEntry {
    path: String,
    bytes: Vec<u8>,
    member_bytes: Vec<u64>,
}

impl Packer {
    fn entries(&mut self, contents: &Contents) -> Result<(), WriteError> {
        self.json(entries::LAYOUT, &contents.layout)?;
        self.json(entries::QUALITY, &contents.quality)?;
        self.json(entries::CLUSTERS, &contents.clusters)?;
        self.json(entries::OVERVIEWS, &contents.overviews)?;
        self.source_map(contents)?;
        self.nodes(contents)?;
        self.graph(contents)?;
        if let Some(bodies) = &contents.bodies {
            let list = List::new(entries::BODIES, "bodies", &bodies.bodies)?;
            self.lists(entries::BODIES, &[list], &[])?;
        }
        let known_after = entries::place(entries::INSIGHTS);
        let mut others: Vec<_> = contents.others.iter().collect();
        others.sort_by_key(|(path, _)| entries::place(path));
        let (before, after) =
            others.split_at(others.partition_point(|(path, _)| entries::place(path) < known_after));
        self.others(before)?;
        if let Some(insights) = &contents.insights {
            self.json(entries::INSIGHTS, insights)?;
        }
        if let Some(symbol_contexts) = &contents.symbol_contexts {
            self.json(entries::SYMBOL_CONTEXTS, symbol_contexts)?;
        }
        if let Some(embeddings) = &contents.embeddings {
            self.json(entries::EMBEDDINGS_INDEX, &embeddings.index())?;
            self.add(entries::EMBEDDINGS, &embeddings.to_bytes(), 0)?;
        }
        if let Some(vectors) = &contents.vectors {
            vectors.check_count(contents.n_chunks())?;
            self.add(entries::VECTORS, &vectors.to_bytes(), 0)?;
        }
        if let Some(tour) = &contents.tour {
            self.json(entries::TOUR, tour)?;
        }
        if let Some(source) = &contents.source {
            self.json(entries::SOURCE_INDEX, source.index())?;
            for (number, text) in source.parts().iter().enumerate() {
                self.add(&entries::source_part_path(number), text.as_bytes(), JSON_LEVEL)?;
            }
        }
        self.others(after)
    }

    fn source_map(&mut self, contents: &Contents) -> Result<(), WriteError> {
        let entry = entries::SOURCE_MAP;
        let map = &contents.source_map;
        let mut lists =
            vec![List::new(entry, "files", &map.files)?, List::new(entry, "skipped", &map.skipped)?];
        if !map.documents.is_empty() {
            lists.insert(0, List::new(entry, "documents", &map.documents)?);
        }
        self.lists(entry, &lists, &[])
    }

    fn nodes(&mut self, contents: &Contents) -> Result<(), WriteError> {
        let symbols = List::new(entries::NODES, "symbols", &contents.nodes.symbols)?;
        self.record_bytes = symbols.lengths();
        self.n_graph_bytes += symbols.bytes.len();
        self.lists(entries::NODES, &[symbols], &[])
    }

    fn graph(&mut self, contents: &Contents) -> Result<(), WriteError> {
        let (entry, graph) = (entries::GRAPH, &contents.graph);
        let lists = [
            List::new(entry, "ambiguous", &graph.ambiguous)?,
            List::new(entry, "edges", &graph.edges)?,
            List::new(entry, "unresolved", &graph.unresolved)?,
        ];
        self.n_graph_bytes += lists.iter().map(|list| list.bytes.len()).sum::<usize>();
        let first_only = [
            ("confidence_floor", json(entry, &graph.confidence_floor)?),
            ("metrics", json(entry, &graph.metrics)?),
        ];
        self.lists(entry, &lists, &first_only)
    }

    fn others(&mut self, others: &[(&String, &Vec<u8>)]) -> Result<(), WriteError> {
        for (path, bytes) in others {
            let refuse = |reason| Err(WriteError::EntryName { entry: (*path).clone(), reason });
            if entries::is_typed(path) {
                return refuse("a record of the contents makes it");
            }
            if !entries::is_safe_path(path) {
                return refuse(
                    "allowed are words of a-z, 0-9, `_`, `-`, `.` with `/` between, 100 bytes in all",
                );
            }
            if path.ends_with(".json") {
                let mut cursor = Cursor::new(bytes);
                let checked = cursor.value().map(drop).and_then(|()| cursor.finish());
                checked.map_err(|error| refused(path, &error))?;
            }
            self.add(path, bytes, JSON_LEVEL)?;
        }
        Ok(())
    }

    fn json<T: Serialize + ?Sized>(&mut self, path: &str, value: &T) -> Result<(), WriteError> {
        self.add(path, &json(path, value)?, JSON_LEVEL)
    }

    /// Writes lists, in key order, into as many parts as they need; `first_only` goes into the first.
    fn lists(
        &mut self,
        entry: &str,
        lists: &[List],
        first_only: &[(&'static str, Vec<u8>)],
    ) -> Result<(), WriteError> {
        // How many elements of each list are written.
        let mut taken = vec![0; lists.len()];
        for number in 0.. {
            if number > MAX_PARTS {
                return Err(WriteError::TooManyParts { entry: entry.to_owned() });
            }
            let mut members: Vec<(&str, &[u8])> = Vec::new();
            if number == 0 {
                members.extend(first_only.iter().map(|(key, value)| (*key, value.as_slice())));
            }
            let mut room = self.part_bytes.saturating_sub(members.iter().map(|(_, value)| value.len()).sum());
            let mut is_empty = true;
            for (list, taken) in lists.iter().zip(&mut taken) {
                let (elements, end) = list.run(*taken, room, is_empty);
                is_empty &= *taken == end;
                room = if end < list.ends.len() { 0 } else { room.saturating_sub(elements.len()) };
                *taken = end;
                members.push((list.key, elements));
            }
            members.sort_unstable_by_key(|(key, _)| *key);
            let arrays: Vec<&str> = lists.iter().map(|list| list.key).collect();
            self.add(&entries::part_path(entry, number), &part_json(&members, &arrays), JSON_LEVEL)?;
            if lists.iter().zip(&taken).all(|(list, taken)| *taken == list.ends.len()) {
                break;
            }
        }
        Ok(())
    }

    fn add(&mut self, path: &str, bytes: &[u8], level: u32) -> Result<(), WriteError> {
        self.layers.add(path, bytes).map_err(|error| refused(path, &error))?;
        self.digests.push(EntryDigest {
            path: path.to_owned(),
            bytes: bytes.len() as u64,
            sha256: Digest::of(bytes).hex(),
        });
        self.packed.push(PackedEntry::new(path, bytes, level)?);
        Ok(())
    }

    /// Adds what a reader of single symbols needs, to a pack that takes long to read whole.
    fn lookup(&mut self, contents: &Contents, from_bytes: usize) -> Result<(), WriteError> {
        let is_sorted = contents.nodes.symbols.is_sorted_by(|a, b| a.id < b.id);
        if self.n_graph_bytes < from_bytes || !is_sorted {
            return Ok(());
        }
        let lookup = lookup_of(contents, std::mem::take(&mut self.record_bytes));
        self.add(entries::LOOKUP, &lookup, JSON_LEVEL)?;
        let places = self.packed.iter();
        let places = places.map(|it| Place { path: it.path.clone(), members: it.member_bytes.clone() });
        let places = Places { entries: places.collect(), inflated_bytes: MEMBER_BYTES as u64 };
        self.json(entries::PLACES, &places)
    }
}

impl PackedEntry {
    /// Compresses the tar header, the bytes and their padding, in members that each can be read alone.
    fn new(path: &str, bytes: &[u8], level: u32) -> Result<Self, std::io::Error> {
        let header = header(path, bytes.len() as u64)?;
        let n_padding = bytes.len().next_multiple_of(BLOCK_BYTES) - bytes.len();
        let padding = &[0; BLOCK_BYTES][..n_padding];
        let (first, rest) = bytes.split_at(bytes.len().min(MEMBER_BYTES - BLOCK_BYTES));
        let chunks: Vec<_> = rest.chunks(MEMBER_BYTES).collect();
        let mut entry = Self { path: path.to_owned(), bytes: Vec::new(), member_bytes: Vec::new() };
        entry.member(&[header.as_bytes(), first, if chunks.is_empty() { padding } else { &[] }], level)?;
        for (at, chunk) in chunks.iter().enumerate() {
            let is_last = at + 1 == chunks.len();
            entry.member(&[chunk, if is_last { padding } else { &[] }], level)?;
        }
        Ok(entry)
    }

    fn member(&mut self, pieces: &[&[u8]], level: u32) -> Result<(), std::io::Error> {
        let member = gzip(pieces, level)?;
        self.member_bytes.push(member.len() as u64);
        self.bytes.extend(member);
        Ok(())
    }
}

/// Makes the `lookup.bin` of a pack, for a verifier.
pub(crate) fn lookup_bytes(contents: &Contents) -> Result<Vec<u8>, WriteError> {
    let symbols = List::new(entries::NODES, "symbols", &contents.nodes.symbols)?;
    Ok(lookup_of(contents, symbols.lengths()))
}

fn lookup_of(contents: &Contents, record_bytes: Vec<u32>) -> Vec<u8> {
    let lookup = Lookup::of(&contents.source_map, &contents.nodes, &contents.graph);
    Stored { lookup, record_bytes }.to_bytes()
}

/// The elements of one array, written and joined by commas.
struct List {
    key: &'static str,
    bytes: Vec<u8>,
    /// Where each element ends.
    ends: Vec<usize>,
}

impl List {
    fn new<T: Serialize>(entry: &str, key: &'static str, elements: &[T]) -> Result<Self, WriteError> {
        let mut bytes = Vec::new();
        let mut ends = Vec::with_capacity(elements.len());
        let mut json = Canonical::new(&mut bytes);
        for (at, element) in elements.iter().enumerate() {
            if at > 0 {
                json.push(b',');
            }
            json.append(element)
                .map_err(|source| WriteError::Canonical { entry: entry.to_owned(), source })?;
            ends.push(json.len());
        }
        Ok(Self { key, bytes, ends })
    }

    fn lengths(&self) -> Vec<u32> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| end + 1));
        self.ends.iter().zip(starts).map(|(end, start)| (end - start) as u32).collect()
    }

    /// Takes elements from `first` while they fit, at least one if `at_least_one`; gives where it stopped.
    fn run(&self, first: usize, room: usize, at_least_one: bool) -> (&[u8], usize) {
        let Some(last) = self.ends.len().checked_sub(1).filter(|last| first <= *last) else {
            return (&[], first);
        };
        let start = if first == 0 { 0 } else { self.ends[first - 1] + 1 };
        let fitting = first + self.ends[first..=last].partition_point(|end| end - start <= room);
        let end = if fitting == first && at_least_one { first + 1 } else { fitting };
        if end == first { (&[], first) } else { (&self.bytes[start..self.ends[end - 1]], end) }
    }
}

/// Joins members in key order; those named in `arrays` get their brackets here.
fn part_json(members: &[(&str, &[u8])], arrays: &[&str]) -> Vec<u8> {
    let size: usize = members.iter().map(|(key, value)| key.len() + value.len() + 6).sum();
    let mut bytes = Vec::with_capacity(size + 2);
    for (at, (key, value)) in members.iter().enumerate() {
        bytes.push(if at == 0 { b'{' } else { b',' });
        let (open, close): (&[u8], &[u8]) = if arrays.contains(key) { (b"[", b"]") } else { (b"", b"") };
        for piece in [b"\"", key.as_bytes(), b"\":", open, value, close] {
            bytes.extend_from_slice(piece);
        }
    }
    bytes.push(b'}');
    bytes
}

fn header(path: &str, size_bytes: u64) -> Result<tar::Header, std::io::Error> {
    let mut header = tar::Header::new_ustar();
    header.set_path(path)?;
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_size(size_bytes);
    header.set_cksum();
    Ok(header)
}

/// Returns the last gzip member of every pack: the two blocks of zeros that end a tar.
pub(crate) fn end_marker() -> Result<Vec<u8>, std::io::Error> {
    gzip(&[&[0; 2 * BLOCK_BYTES]], JSON_LEVEL)
}

fn gzip(pieces: &[&[u8]], level: u32) -> Result<Vec<u8>, std::io::Error> {
    // 255: no operating system is named, so that every one writes the same header.
    let mut encoder =
        GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::new(level));
    for piece in pieces {
        encoder.write_all(piece)?;
    }
    encoder.finish()
}
