//! The frame: gzip members around a tar of regular files. Nothing in it is believed before it is checked.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

use crate::entries;
use crate::read::{ReadError, ReadLimits};
use crate::write::BLOCK_BYTES;

/// Other tools pad a tar with zeros, to 10 KiB and rarely more; longer runs are a bomb.
const MAX_TRAILING_ZEROS: u64 = 1_000_000;

/// Memory is reserved up to here on a header's word; beyond it, only as bytes arrive.
const MAX_RESERVED_BYTES: u64 = 8_000_000;

/// One entry's name and size, from its tar header.
#[derive(Debug)]
pub(crate) struct EntryHeader {
    pub(crate) path: String,
    pub(crate) size_bytes: u64,
}

/// Walks the entries in order; each header is followed by one call of `body` or `skip`.
pub(crate) struct Archive<R: Read> {
    tar: MultiGzDecoder<BufReader<R>>,
    limits: ReadLimits,
    seen: BTreeSet<String>,
    total_bytes: u64,
}

impl<R: Read> Archive<R> {
    /// Checks that the input begins as gzip does.
    pub(crate) fn new(input: R, limits: ReadLimits) -> Result<Self, ReadError> {
        let mut input = BufReader::with_capacity(1 << 16, input);
        let first = input.fill_buf().map_err(ReadError::Io)?;
        match first {
            [] => Err(ReadError::NotADocpack { detail: "it is empty" }),
            [0x1f, 0x8b, ..] => {
                Ok(Self { tar: MultiGzDecoder::new(input), limits, seen: BTreeSet::new(), total_bytes: 0 })
            }
            _ => Err(ReadError::NotADocpack { detail: "it has no gzip header" }),
        }
    }

    /// Reads the next header; `None` after the end marker, with nothing but zeros behind it.
    pub(crate) fn next(&mut self) -> Result<Option<EntryHeader>, ReadError> {
        let block = self.block()?;
        if block == [0; BLOCK_BYTES] {
            if self.block()? != [0; BLOCK_BYTES] {
                return Err(malformed("one block of zeros where the end has two"));
            }
            self.expect_only_zeros()?;
            return Ok(None);
        }
        let header = parse_header(&block)?;
        self.check(&header)?;
        Ok(Some(header))
    }

    /// Reads the bytes of the entry whose header came last.
    pub(crate) fn body(&mut self, header: &EntryHeader) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::with_capacity(header.size_bytes.min(MAX_RESERVED_BYTES) as usize);
        (&mut self.tar).take(header.size_bytes).read_to_end(&mut bytes).map_err(frame_error)?;
        if bytes.len() as u64 != header.size_bytes {
            return Err(ReadError::Truncated);
        }
        self.padding(header)?;
        Ok(bytes)
    }

    /// Passes over the bytes of the entry whose header came last.
    pub(crate) fn skip(&mut self, header: &EntryHeader) -> Result<(), ReadError> {
        let mut body = (&mut self.tar).take(header.size_bytes);
        let n_skipped = std::io::copy(&mut body, &mut std::io::sink()).map_err(frame_error)?;
        if n_skipped != header.size_bytes {
            return Err(ReadError::Truncated);
        }
        self.padding(header)
    }

    fn check(&mut self, header: &EntryHeader) -> Result<(), ReadError> {
        let (path, size_bytes) = (&header.path, header.size_bytes);
        let limit_bytes = self.limits.of(path);
        if size_bytes > limit_bytes {
            return Err(ReadError::EntryTooLarge { entry: path.clone(), size_bytes, limit_bytes });
        }
        self.total_bytes = self.total_bytes.saturating_add(size_bytes);
        if self.total_bytes > self.limits.total_bytes {
            return Err(ReadError::TooLarge { limit_bytes: self.limits.total_bytes });
        }
        if self.seen.len() == self.limits.n_entries {
            return Err(ReadError::TooManyEntries { limit: self.limits.n_entries });
        }
        if !self.seen.insert(path.clone()) {
            return Err(ReadError::EntryDuplicate { entry: path.clone() });
        }
        Ok(())
    }

    fn block(&mut self) -> Result<[u8; BLOCK_BYTES], ReadError> {
        let mut block = [0; BLOCK_BYTES];
        self.tar.read_exact(&mut block).map_err(frame_error)?;
        Ok(block)
    }

    fn padding(&mut self, header: &EntryHeader) -> Result<(), ReadError> {
        let n_padding = (BLOCK_BYTES as u64 - header.size_bytes % BLOCK_BYTES as u64) % BLOCK_BYTES as u64;
        let mut padding = Vec::with_capacity(BLOCK_BYTES);
        (&mut self.tar).take(n_padding).read_to_end(&mut padding).map_err(frame_error)?;
        if padding.len() as u64 != n_padding {
            return Err(ReadError::Truncated);
        }
        if padding.iter().any(|byte| *byte != 0) {
            return Err(malformed("bytes other than zero pad an entry"));
        }
        Ok(())
    }

    fn expect_only_zeros(&mut self) -> Result<(), ReadError> {
        let mut rest = (&mut self.tar).take(MAX_TRAILING_ZEROS + 1);
        let mut n_zeros = 0;
        let mut buffer = [0; 8 * BLOCK_BYTES];
        loop {
            match rest.read(&mut buffer).map_err(trailing_error)? {
                0 => return Ok(()),
                n => {
                    n_zeros += n as u64;
                    if n_zeros > MAX_TRAILING_ZEROS || buffer[..n].iter().any(|byte| *byte != 0) {
                        return Err(ReadError::TrailingBytes);
                    }
                }
            }
        }
    }
}

fn malformed(detail: &'static str) -> ReadError {
    ReadError::TarMalformed { detail }
}

/// Sorts what the decoder says into damage to the pack and trouble of the input.
fn frame_error(error: std::io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::UnexpectedEof => ReadError::Truncated,
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            ReadError::GzipCorrupt { detail: error.to_string() }
        }
        _ => ReadError::Io(error),
    }
}

/// Behind the end marker anything that is not gzip is a stranger's.
fn trailing_error(error: std::io::Error) -> ReadError {
    match frame_error(error) {
        error @ (ReadError::Io(_) | ReadError::Truncated) => error,
        _ => ReadError::TrailingBytes,
    }
}

/// Takes a regular file's header apart; links, devices and name extensions are refused, not followed.
fn parse_header(block: &[u8; BLOCK_BYTES]) -> Result<EntryHeader, ReadError> {
    let header = tar::Header::from_byte_slice(block);
    if header.cksum().ok() != Some(checksum(block)) {
        return Err(malformed("a header's checksum is wrong"));
    }
    let ustar = header.as_ustar().ok_or(malformed("a header is not of the ustar form"))?;
    if ustar.prefix[0] != 0 {
        return Err(malformed("a name is longer than 100 bytes"));
    }
    let name = ustar.name.split(|byte| *byte == 0).next().unwrap_or_default();
    let path = String::from_utf8_lossy(name).into_owned();
    if !matches!(header.entry_type(), tar::EntryType::Regular) {
        return Err(ReadError::EntryType { entry: path });
    }
    if !entries::is_safe_path(&path) {
        return Err(ReadError::EntryPath { entry: path });
    }
    let size_bytes = header.entry_size().map_err(|_| malformed("a header's size is not a number"))?;
    Ok(EntryHeader { path, size_bytes })
}

/// Sums the header's bytes as tar does, its own field read as blanks.
fn checksum(block: &[u8; BLOCK_BYTES]) -> u32 {
    const FIELD: std::ops::Range<usize> = 148..156;
    block.iter().enumerate().map(|(at, byte)| if FIELD.contains(&at) { 32 } else { u32::from(*byte) }).sum()
}
