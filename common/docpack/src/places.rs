//! `places.json`: where each entry's gzip members lie, so that one member can be read alone.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use flate2::bufread::MultiGzDecoder;
use serde::{Deserialize, Serialize};

use crate::archive::Archive;
use crate::entries;
use crate::read::{ReadError, ReadLimits, check_digest, check_size, entry_at, parse_json, stated_entries};
use crate::records::Manifest;
use crate::write::{BLOCK_BYTES, end_marker};

/// A gzip member holds this much of an entry's tar bytes, but for the last one: 3 ms to inflate, and 0.3 %
/// larger in all than a single member.
pub(crate) const MEMBER_BYTES: usize = 1_048_576;

/// The entry is looked for in this much of a pack's end; the largest pack needs a tenth of it.
const MAX_TAIL_BYTES: u64 = 1_000_000;

/// What every gzip member of the writer begins with.
const MEMBER_START: [u8; 8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];

/// The entry's record.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Places {
    /// In archive order, without the manifest and this entry.
    pub(crate) entries: Vec<Place>,
    /// What each member inflates to, but for the last one of an entry.
    pub(crate) inflated_bytes: u64,
}

/// One entry's gzip members.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) path: String,
    /// The compressed size of each.
    pub(crate) members: Vec<u64>,
}

/// Where the entries of a pack lie.
#[derive(Debug)]
pub(crate) struct Located {
    inflated_bytes: u64,
    /// The start of each entry in the pack, and the sizes of its members.
    entries: BTreeMap<String, (u64, Vec<u64>)>,
}

impl Located {
    /// Finds the places at the end of a pack; `None` where it has none or its end is missing.
    pub(crate) fn find<R: Read + Seek>(
        input: &mut R,
        limits: &ReadLimits,
        manifest: &Manifest,
    ) -> Result<Option<Self>, ReadError> {
        let stated = stated_entries(manifest);
        let (Some(stated), Ok(marker)) = (stated.get(entries::PLACES), end_marker()) else { return Ok(None) };
        let n_bytes = input.seek(SeekFrom::End(0)).map_err(ReadError::Io)?;
        let n_tail = n_bytes.min(MAX_TAIL_BYTES);
        input.seek(SeekFrom::Start(n_bytes - n_tail)).map_err(ReadError::Io)?;
        let mut tail = Vec::new();
        input.take(n_tail).read_to_end(&mut tail).map_err(ReadError::Io)?;
        let Some(before) = tail.strip_suffix(marker.as_slice()) else { return Ok(None) };
        let Some(at) = before.windows(MEMBER_START.len()).rposition(|bytes| bytes == MEMBER_START) else {
            return Ok(None);
        };
        let mut archive = Archive::new(&before[at..], *limits)?;
        let Some(header) = archive.next()?.filter(|header| header.path == entries::PLACES) else {
            return Ok(None);
        };
        check_size(&header, stated)?;
        let bytes = archive.body(&header)?;
        check_digest(&header, &bytes, stated)?;
        let places: Places = parse_json(entries::PLACES, &bytes)?;
        Ok(Self::of(places, n_bytes - n_tail + at as u64))
    }

    /// Counts the members back from where the entry itself begins.
    fn of(places: Places, end: u64) -> Option<Self> {
        let mut found = BTreeMap::new();
        let mut start = end;
        for place in places.entries.into_iter().rev() {
            let size = place.members.iter().try_fold(0_u64, |sum, size| sum.checked_add(*size))?;
            start = start.checked_sub(size)?;
            found.insert(place.path, (start, place.members));
        }
        let is_readable = places.inflated_bytes >= BLOCK_BYTES as u64;
        is_readable.then_some(Self { inflated_bytes: places.inflated_bytes, entries: found })
    }

    /// Reads an entry, its digest checked.
    pub(crate) fn entry<R: Read + Seek>(
        &self,
        input: &mut R,
        limits: &ReadLimits,
        manifest: &Manifest,
        path: &str,
    ) -> Result<Vec<u8>, ReadError> {
        let missing = || ReadError::EntryMissing { entry: path.to_owned() };
        let (start, members) = self.entries.get(path).ok_or_else(missing)?;
        entry_at(input, limits, manifest, path, (*start, members.iter().sum()))
    }

    /// Reads bytes of an entry from the members that hold them; no digest covers a part of an entry.
    pub(crate) fn bytes<R: Read + Seek>(
        &self,
        input: &mut R,
        path: &str,
        range: std::ops::Range<u64>,
    ) -> Result<Vec<u8>, ReadError> {
        let (start, members) =
            self.entries.get(path).ok_or_else(|| ReadError::EntryMissing { entry: path.to_owned() })?;
        // The tar header comes before the entry's bytes.
        let (from, to) = (range.start + BLOCK_BYTES as u64, range.end + BLOCK_BYTES as u64);
        let first = (from / self.inflated_bytes) as usize;
        let last = (to.saturating_sub(1) / self.inflated_bytes) as usize;
        let wanted = members.get(first..=last).ok_or(ReadError::Truncated)?;
        let before: u64 = members[..first].iter().sum();
        input.seek(SeekFrom::Start(start + before)).map_err(ReadError::Io)?;
        let compressed = std::io::BufReader::new(input.take(wanted.iter().sum()));
        let skipped = from - first as u64 * self.inflated_bytes;
        let mut inflated = MultiGzDecoder::new(compressed).take(skipped + (to - from));
        let mut bytes = Vec::new();
        let damaged = |error: std::io::Error| ReadError::GzipCorrupt { detail: error.to_string() };
        inflated.read_to_end(&mut bytes).map_err(damaged)?;
        if (bytes.len() as u64) < skipped + (to - from) {
            return Err(ReadError::Truncated);
        }
        Ok(bytes.split_off(skipped as usize))
    }
}
