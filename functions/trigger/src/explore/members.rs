//! Where a docpack's entries lie in its archive: each begins a gzip member, and a long one takes several.

use std::collections::BTreeMap;
use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;

use flate2::bufread::{GzDecoder, MultiGzDecoder};

/// Read from the store at once.
pub(crate) const PIECE_BYTES: u64 = 1 << 20;
/// A tar's header.
const HEADER_BYTES: usize = 512;
/// The reader of docpacks takes no more entries.
const MAX_MEMBERS: usize = 10_000;

/// Reads a range of an object; it may block.
pub(crate) type ReadRange = Box<dyn FnMut(Range<u64>) -> io::Result<Vec<u8>> + Send>;

/// An archive that is read piece by piece.
pub(crate) struct Pieces {
    read: ReadRange,
    /// What is not read yet.
    rest: Range<u64>,
    piece: Vec<u8>,
    n_used: usize,
}

impl Pieces {
    pub(crate) fn new(read: ReadRange, bytes: Range<u64>) -> Self {
        Self { read, rest: bytes, piece: Vec::new(), n_used: 0 }
    }

    /// Returns the place in the archive of the next byte.
    fn position(&self) -> u64 {
        self.rest.start - (self.piece.len() - self.n_used) as u64
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.n_used == self.piece.len() && !self.rest.is_empty() {
            let wanted = self.rest.start..self.rest.end.min(self.rest.start + PIECE_BYTES);
            // Let go first, so that there is never more than one.
            self.piece = Vec::new();
            self.n_used = 0;
            let piece = (self.read)(wanted.clone())?;
            if piece.len() as u64 != wanted.end - wanted.start {
                return Err(io::Error::other("the store has less of the archive than the ledger says"));
            }
            self.piece = piece;
            self.rest.start = wanted.end;
        }
        Ok(self.piece.get(self.n_used..).unwrap_or_default())
    }

    fn consume(&mut self, n_bytes: usize) {
        self.n_used = (self.n_used + n_bytes).min(self.piece.len());
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.fill_buf()?.read(buffer)?;
        self.consume(n_read);
        Ok(n_read)
    }
}

impl Seek for Pieces {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.rest.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.position().checked_add_signed(by),
        };
        let at = at.ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
        self.rest.start = at.min(self.rest.end);
        (self.piece, self.n_used) = (Vec::new(), 0);
        Ok(self.rest.start)
    }
}

/// An entry's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Of its gzip members in the archive.
    pub(crate) at: Range<u64>,
    /// The entry's own size.
    pub(crate) size_bytes: u64,
}

impl Member {
    /// Reads the entry's bytes from its member.
    pub(crate) fn open(&self, mut archive: Pieces) -> io::Result<EntryBytes<Pieces>> {
        archive.rest = self.at.clone();
        let mut members = MultiGzDecoder::new(archive);
        members.read_exact(&mut [0; HEADER_BYTES])?;
        Ok(members.take(self.size_bytes))
    }
}

/// The bytes of one entry.
pub(crate) type EntryBytes<R> = io::Take<MultiGzDecoder<R>>;

/// The entries that were passed, from the archive's beginning.
#[derive(Debug, Default)]
pub(crate) struct Members {
    found: BTreeMap<String, Member>,
    n_scanned: u64,
}

impl Members {
    /// Returns where the next scan begins.
    pub(crate) fn n_scanned(&self) -> u64 {
        self.n_scanned
    }

    /// Finds an entry among those that were passed.
    pub(crate) fn get(&self, path: &str) -> Option<Member> {
        self.found.get(path).cloned()
    }

    /// Goes on behind what was passed until the entry is found, or the archive ends.
    ///
    /// `archive` begins where the last scan ended. What is passed is inflated, and nothing of it kept.
    pub(crate) fn scan_to(&mut self, mut archive: Pieces, path: &str) -> io::Result<Option<Member>> {
        while self.found.len() < MAX_MEMBERS && !archive.fill_buf()?.is_empty() {
            let begin = archive.position();
            let mut member = GzDecoder::new(archive);
            let mut header = [0; HEADER_BYTES];
            member.read_exact(&mut header)?;
            let named = name_and_size(&header);
            let size_bytes = named.as_ref().map_or(0, |(_, size_bytes)| *size_bytes);
            archive = skip(member, size_bytes.next_multiple_of(HEADER_BYTES as u64))?;
            self.n_scanned = archive.position();
            if header == [0; HEADER_BYTES] {
                break;
            }
            let (name, size_bytes) = named
                .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "a member begins with no entry"))?;
            let found = Member { at: begin..self.n_scanned, size_bytes };
            let is_it = name == path;
            self.found.insert(name, found.clone());
            if is_it {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Inflates what is left of an entry, in this member and those behind it.
fn skip(mut member: GzDecoder<Pieces>, n_bytes: u64) -> io::Result<Pieces> {
    let mut n_left = n_bytes.saturating_sub(io::copy(&mut member, &mut io::sink())?);
    while n_left > 0 {
        member = GzDecoder::new(member.into_inner());
        match io::copy(&mut member, &mut io::sink())? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            n_read => n_left = n_left.saturating_sub(n_read),
        }
    }
    Ok(member.into_inner())
}

/// Reads the two fields of a tar's header that are needed here.
fn name_and_size(header: &[u8; HEADER_BYTES]) -> Option<(String, u64)> {
    let text = |field: Range<usize>| {
        let field = header.get(field)?.split(|byte| *byte == 0).next()?;
        std::str::from_utf8(field).ok()
    };
    let size_bytes = u64::from_str_radix(text(124..136)?.trim(), 8).ok()?;
    Some((text(0..100)?.to_owned(), size_bytes))
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// Packs entries as the writer of docpacks does: each begins a member, and a long one takes several.
    pub(crate) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (path, body) in entries {
            let mut header = [0_u8; HEADER_BYTES];
            header[..path.len()].copy_from_slice(path.as_bytes());
            header[124..136].copy_from_slice(format!("{:011o}\0", body.len()).as_bytes());
            let mut entry = [&header[..], *body].concat();
            entry.resize(entry.len().next_multiple_of(HEADER_BYTES), 0);
            for part in entry.chunks(1 << 20) {
                let mut member = GzEncoder::new(Vec::new(), Compression::fast());
                member.write_all(part).expect("memory takes it");
                bytes.extend(member.finish().expect("memory takes it"));
            }
        }
        let mut end = GzEncoder::new(Vec::new(), Compression::fast());
        end.write_all(&[0; 1_024]).expect("memory takes it");
        bytes.extend(end.finish().expect("memory takes it"));
        bytes
    }

    /// An archive in memory; counts what is read of it.
    pub(crate) fn pieces(archive: &Arc<Vec<u8>>, from: u64, n_read: &Arc<AtomicU64>) -> Pieces {
        let (bytes, n_read) = (Arc::clone(archive), Arc::clone(n_read));
        let read = move |range: Range<u64>| {
            assert!(range.end - range.start <= PIECE_BYTES);
            n_read.fetch_add(range.end - range.start, Ordering::SeqCst);
            Ok(bytes[range.start as usize..range.end as usize].to_vec())
        };
        Pieces::new(Box::new(read), from..archive.len() as u64)
    }

    #[test]
    fn entries_are_found_once_and_read_by_their_own_bytes() {
        // Nothing that deflates.
        let noise: Vec<u8> = (0..100_000_u32).flat_map(|n| docpack::Digest::of(&n.to_le_bytes()).0).collect();
        let entries: [(&str, &[u8]); 3] = [("a.json", b"{}"), ("noise.bin", &noise), ("z.json", b"[1]")];
        let archive = Arc::new(archive(&entries));
        let n_read = Arc::default();
        let mut members = Members::default();
        assert_eq!(members.get("z.json"), None);
        let first = members.scan_to(pieces(&archive, 0, &n_read), "a.json").expect("it is read");
        assert_eq!(first.map(|it| (it.at.start, it.size_bytes)), Some((0, 2)));
        assert_eq!(n_read.load(Ordering::SeqCst), PIECE_BYTES);
        let from = members.n_scanned();
        assert!(members.scan_to(pieces(&archive, from, &n_read), "z.json").expect("it is read").is_some());
        for (path, expected) in entries {
            let member = members.get(path).expect("it was passed");
            n_read.store(0, Ordering::SeqCst);
            let mut body = Vec::new();
            let mut entry = member.open(pieces(&archive, 0, &n_read)).expect("it is read");
            entry.read_to_end(&mut body).expect("it is read");
            assert_eq!(body, expected, "{path}");
            assert!(n_read.load(Ordering::SeqCst) <= member.at.end - member.at.start, "{path}");
        }
        let from = members.n_scanned();
        assert_eq!(members.scan_to(pieces(&archive, from, &n_read), "b.json").expect("it is read"), None);
        assert_eq!(members.n_scanned(), archive.len() as u64);
        assert_eq!(
            members.scan_to(pieces(&archive, archive.len() as u64, &n_read), "b.json").expect("at the end"),
            None
        );
    }

    #[test]
    fn an_archive_is_read_on_from_where_it_is_sought() {
        let archive = Arc::new((0..=255).collect::<Vec<u8>>());
        let mut pieces = pieces(&archive, 0, &Arc::default());
        let mut next = |to: SeekFrom| {
            let mut bytes = [0; 2];
            pieces.seek(to).and_then(|at| pieces.read_exact(&mut bytes).map(|()| (at, bytes)))
        };
        assert_eq!(next(SeekFrom::Start(10)).ok(), Some((10, [10, 11])));
        assert_eq!(next(SeekFrom::Current(-3)).ok(), Some((9, [9, 10])));
        assert_eq!(next(SeekFrom::End(-2)).ok(), Some((254, [254, 255])));
        assert!(next(SeekFrom::End(0)).is_err() && next(SeekFrom::Start(1_000)).is_err());
    }

    #[test]
    fn an_archive_that_is_cut_is_an_error() {
        let whole = archive(&[("a.json", b"{\"a\": 1}")]);
        let cut = Arc::new(whole[..30].to_vec());
        assert!(Members::default().scan_to(pieces(&cut, 0, &Arc::default()), "a.json").is_err());
    }
}
