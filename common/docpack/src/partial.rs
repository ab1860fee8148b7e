//! A pack that is read in part: its manifest, its rows, single symbols.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use serde::de::DeserializeOwned;

use crate::archive::Archive;
use crate::digest::Digest;
use crate::entries::{self, part_of, part_path};
use crate::lookup::{Lookup, Stored, SymbolRow};
use crate::places::Located;
use crate::read::{
    Parts, ReadError, ReadLimits, Records, check_digest, check_size, first_entry, parse_json, stated_entries,
};
use crate::records::{Bodies, Edge, Manifest, Nodes, SourceIndex, SourceMap, Symbol};
use crate::scan::{Cursor, ScanError};
use crate::vocabulary::ByteRange;

/// The entries that rows are made from.
const ROWS: [&str; 3] = [entries::SOURCE_MAP, entries::NODES, entries::GRAPH];
/// What stands in a part of `nodes.json` before its first symbol.
const BEFORE_SYMBOLS: &str = "{\"symbols\":[";
const AFTER_SYMBOLS: &str = "]}";

/// A pack of which parts are read when they are asked for.
///
/// A large pack holds its rows and the places of its entries; of others the entries with symbols and
/// relations are read whole.
#[derive(Debug)]
pub struct Pack<R> {
    input: R,
    limits: ReadLimits,
    manifest: Manifest,
    manifest_digest: Digest,
    located: Option<Located>,
    symbols: Symbols,
}

/// Where the records of symbols come from.
#[derive(Debug)]
enum Symbols {
    Unread,
    Whole(Nodes),
    /// The part of `nodes.json` that holds each symbol, and the bytes there.
    Placed(Vec<(usize, std::ops::Range<u64>)>),
}

/// What is done with each entry that is read.
type Take<'t> = dyn FnMut(&str, Vec<u8>) -> Result<(), ReadError> + 't;

impl<R: Read + Seek> Pack<R> {
    /// Reads the manifest, and the places of the entries where the pack has them.
    pub fn open(mut input: R, limits: ReadLimits) -> Result<Self, ReadError> {
        input.seek(SeekFrom::Start(0)).map_err(ReadError::Io)?;
        let (manifest, bytes) = first_entry(&mut Archive::new(&mut input, limits)?)?;
        let located = Located::find(&mut input, &limits, &manifest)?;
        let manifest_digest = Digest::of(&bytes);
        Ok(Self { input, limits, manifest, manifest_digest, located, symbols: Symbols::Unread })
    }

    /// Returns the digest of the manifest as it is written, which no pack of other contents shares.
    ///
    /// Unlike the `docpack_id`, which is the manifest's own word, it needs no check.
    pub fn manifest_digest(&self) -> Digest {
        self.manifest_digest
    }

    /// Returns the manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Tells whether single entries can be read without those before them.
    pub fn is_indexed(&self) -> bool {
        self.located.is_some()
    }

    /// Reads one JSON entry that is never divided into parts, such as [`entries::QUALITY`].
    pub fn record<T: DeserializeOwned>(&mut self, entry: &str) -> Result<T, ReadError> {
        parse_json(entry, &self.entry(entry)?)
    }

    /// Reads the bytes of one entry, its digest checked.
    pub fn entry(&mut self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(located) = &self.located {
            return located.entry(&mut self.input, &self.limits, &self.manifest, path);
        }
        let mut found = None;
        self.walk(&|entry| entry == path, &mut |_, bytes| {
            found = Some(bytes);
            Ok(())
        })?;
        found.ok_or_else(|| missing(path))
    }

    /// Reads the rows of the symbols and relations.
    pub fn lookup(&mut self) -> Result<Lookup, ReadError> {
        self.rows(Stored::from_bytes)
    }

    /// Reads the rows of the symbols; where the pack holds rows, those of relations are left out.
    pub fn symbol_rows(&mut self) -> Result<Lookup, ReadError> {
        self.rows(Stored::symbols_from_bytes)
    }

    fn rows(&mut self, read: fn(&[u8]) -> Option<Stored>) -> Result<Lookup, ReadError> {
        if let Some(bytes) = self.stored_rows()? {
            let malformed = || ReadError::LookupMalformed { entry: entries::LOOKUP };
            let stored = read(&bytes).ok_or_else(malformed)?;
            self.symbols = Symbols::Placed(self.placed(&stored.record_bytes).ok_or_else(malformed)?);
            return Ok(stored.lookup);
        }
        let found = self.records(&ROWS)?;
        let source_map = found.source_map.ok_or_else(|| missing(entries::SOURCE_MAP))?;
        let nodes = found.nodes.ok_or_else(|| missing(entries::NODES))?;
        let graph = found.graph.ok_or_else(|| missing(entries::GRAPH))?;
        let lookup = Lookup::of(&source_map, &nodes, &graph);
        self.symbols = Symbols::Whole(nodes);
        Ok(lookup)
    }

    /// Reads the parts of a JSON entry, in order, as a record with the fields that are needed.
    pub fn parts<T: DeserializeOwned>(&mut self, entry: &str) -> Result<Vec<T>, ReadError> {
        let mut parts = Vec::new();
        self.walk(&|path| path == entry, &mut |path, bytes| {
            parts.push(parse_json(path, &bytes)?);
            Ok(())
        })?;
        Ok(parts)
    }

    /// Reads edges by their places in [`Lookup::edges`]; the others are stepped over.
    pub fn edges(&mut self, lookup: &Lookup, places: &[usize]) -> Result<BTreeMap<usize, Edge>, ReadError> {
        let mut records: BTreeMap<usize, Vec<u8>> = places.iter().map(|place| (*place, Vec::new())).collect();
        let mut at = 0;
        self.walk(&|path| path == entries::GRAPH, &mut |path, bytes| {
            let step = each_element(&bytes, b"edges", &mut |record| {
                if let Some(kept) = records.get_mut(&at) {
                    kept.extend_from_slice(record);
                }
                at += 1;
            });
            step.map_err(|error| ReadError::JsonMalformed {
                entry: path.to_owned(),
                detail: error.to_string(),
            })
        })?;
        let edge = |(at, record): (usize, Vec<u8>)| {
            let edge: Edge = parse_json(entries::GRAPH, &record)?;
            let row = lookup.edges().get(at);
            let source = row.and_then(|row| lookup.symbols().get(row.source as usize));
            if source.is_none_or(|source| source.id != edge.source) {
                // Rows leave out edges of such symbols, so places differ.
                let detail = "an edge names a symbol that the pack lacks".to_owned();
                return Err(ReadError::JsonMalformed { entry: entries::GRAPH.to_owned(), detail });
            }
            Ok((at, edge))
        };
        records.into_iter().map(edge).collect()
    }

    /// Reads the records of the entries that are named; those that the pack lacks are `None`.
    ///
    /// [`entries::SOURCE_INDEX`] stands for the source text too.
    pub fn records(&mut self, wanted: &[&str]) -> Result<Records, ReadError> {
        let has_text = wanted.contains(&entries::SOURCE_INDEX);
        let is_wanted =
            |entry: &str| wanted.contains(&entry) || has_text && entries::source_part_of(entry).is_some();
        let mut parts = Parts::new(self.limits);
        self.walk(&is_wanted, &mut |path, bytes| parts.add(path, bytes))?;
        parts.records()
    }

    /// Reads what all callables do; `None` where the pack does not say it.
    pub fn bodies(&mut self) -> Result<Option<Bodies>, ReadError> {
        Ok(self.records(&[entries::BODIES])?.bodies)
    }

    /// Reads all files and documents.
    pub fn source_map(&mut self) -> Result<SourceMap, ReadError> {
        self.records(&[entries::SOURCE_MAP])?.source_map.ok_or_else(|| missing(entries::SOURCE_MAP))
    }

    /// Reads all symbols.
    pub fn nodes(&mut self) -> Result<Nodes, ReadError> {
        self.records(&[entries::NODES])?.nodes.ok_or_else(|| missing(entries::NODES))
    }

    /// Reads `lookup.bin`; a later version may write it in another form, or not at all.
    fn stored_rows(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        let is_there = self.manifest.entries.iter().any(|entry| entry.path == entries::LOOKUP);
        if !self.is_indexed() || !is_there {
            return Ok(None);
        }
        Ok(Some(self.entry(entries::LOOKUP)?).filter(|bytes| Stored::is_of_this_form(bytes)))
    }

    /// Returns a symbol of the rows that [`Self::lookup`] gave.
    pub fn symbol(&mut self, row: &SymbolRow) -> Result<Symbol, ReadError> {
        let missing = || missing(entries::NODES);
        let at = row.record as usize;
        let symbol = match (&self.symbols, &self.located) {
            (Symbols::Whole(nodes), _) => nodes.symbols.get(at).cloned().ok_or_else(missing)?,
            (Symbols::Placed(places), Some(located)) => {
                let (part, range) = places.get(at).ok_or_else(missing)?;
                let path = part_path(entries::NODES, *part);
                let bytes = located.bytes(&mut self.input, &path, range.clone())?;
                parse_json(&path, &bytes)?
            }
            _ => return Err(missing()),
        };
        if symbol.id == row.id { Ok(symbol) } else { Err(missing()) }
    }

    /// Returns bytes of a file's text; `None` where the pack does not have them as whole characters.
    pub fn source(&mut self, file_path: &str, range: ByteRange) -> Result<Option<String>, ReadError> {
        if !self.manifest.optional.has_source {
            return Ok(None);
        }
        let index: SourceIndex = self.record(entries::SOURCE_INDEX)?;
        let Some(file) = index.find(file_path).filter(|file| range.end <= file.bytes) else {
            return Ok(None);
        };
        let offset = u64::from(file.offset);
        let place = offset + u64::from(range.start)..offset + u64::from(range.end);
        let bytes = match &self.located {
            Some(located) => located.bytes(&mut self.input, &file.entry(), place)?,
            None => {
                let part = self.entry(&file.entry())?;
                part.get(place.start as usize..place.end as usize).unwrap_or_default().to_vec()
            }
        };
        Ok(String::from_utf8(bytes).ok())
    }

    /// Finds where each symbol's record lies, from the length of each and the size of each part.
    fn placed(&self, record_bytes: &[u32]) -> Option<Vec<(usize, std::ops::Range<u64>)>> {
        let parts = self.manifest.entries.iter().filter(|entry| part_of(&entry.path).entry == entries::NODES);
        let mut ends = parts.map(|part| part.bytes.checked_sub(AFTER_SYMBOLS.len() as u64));
        let (mut part, mut end) = (0, ends.next()??);
        let mut at = BEFORE_SYMBOLS.len() as u64;
        let mut places = Vec::with_capacity(record_bytes.len());
        for n_bytes in record_bytes {
            if at >= end {
                (part, end) = (part + 1, ends.next()??);
                at = BEFORE_SYMBOLS.len() as u64;
            }
            let next = at.checked_add(u64::from(*n_bytes))?;
            places.push((part, at..next));
            // A comma stands between two records.
            at = next + 1;
        }
        Some(places)
    }

    /// Reads the entries that are wanted, parts included, in archive order and with their digests checked.
    fn walk(&mut self, is_wanted: &dyn Fn(&str) -> bool, take: &mut Take<'_>) -> Result<(), ReadError> {
        let Some(located) = &self.located else { return self.walk_all(is_wanted, take) };
        let paths = self.manifest.entries.iter().map(|entry| entry.path.as_str());
        for path in paths.filter(|path| is_wanted(part_of(path).entry)) {
            take(path, located.entry(&mut self.input, &self.limits, &self.manifest, path)?)?;
        }
        Ok(())
    }

    /// Goes through the archive up to the last entry that is wanted.
    fn walk_all(&mut self, is_wanted: &dyn Fn(&str) -> bool, take: &mut Take<'_>) -> Result<(), ReadError> {
        self.input.seek(SeekFrom::Start(0)).map_err(ReadError::Io)?;
        let mut archive = Archive::new(&mut self.input, self.limits)?;
        first_entry(&mut archive)?;
        let mut stated = stated_entries(&self.manifest);
        stated.retain(|path, _| is_wanted(part_of(path).entry));
        while !stated.is_empty() {
            let Some(header) = archive.next()? else {
                let lacking = stated.keys().next().copied().unwrap_or_default();
                return Err(ReadError::EntryMissing { entry: lacking.to_owned() });
            };
            match stated.remove(header.path.as_str()) {
                None => archive.skip(&header)?,
                Some(stated) => {
                    check_size(&header, &stated)?;
                    let bytes = archive.body(&header)?;
                    check_digest(&header, &bytes, &stated)?;
                    take(&header.path, bytes)?;
                }
            }
        }
        Ok(())
    }
}

fn missing(entry: &str) -> ReadError {
    ReadError::EntryMissing { entry: entry.to_owned() }
}

/// Calls `each` with the elements of one list of an object, as they are written.
fn each_element(bytes: &[u8], list: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), ScanError> {
    let mut cursor = Cursor::new(bytes);
    cursor.expect(b'{')?;
    let mut previous = None;
    while let Some(key) = cursor.next_key(previous)? {
        previous = Some(key);
        if key != list {
            cursor.value()?;
            continue;
        }
        cursor.expect(b'[')?;
        let mut n_read = 0;
        while cursor.next_element(n_read)? {
            each(cursor.value()?);
            n_read += 1;
        }
    }
    Ok(())
}
