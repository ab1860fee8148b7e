//! One object in one file: a fixed head that says what follows, then the bytes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use docpack::Digest;
use pipeline::port::{Object, Version};

/// `doctown1`, the version tag, the content's size and SHA-256: 8 + 24 + 8 + 32 bytes.
const HEAD_BYTES: usize = 72;
const MAGIC: &[u8; 8] = b"doctown1";
/// Bytes of a version tag: moment, process, count.
pub(super) const TAG_BYTES: usize = 24;

/// What a file turned out to be.
pub(super) enum Found<T> {
    Whole(T),
    /// No file, or one that a power cut left without its content.
    Nothing,
    /// A file whose content is not what was written.
    Damaged,
}

/// Writes a new file whose content has this digest; with `durable`, it survives a power cut once this returns.
pub(super) fn write(
    path: &Path,
    tag: [u8; TAG_BYTES],
    bytes: &[u8],
    digest: &Digest,
    durable: bool,
) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    head.extend_from_slice(MAGIC);
    head.extend_from_slice(&tag);
    head.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
    head.extend_from_slice(&digest.0);
    file.write_all(&head)?;
    file.write_all(bytes)?;
    if durable { file.sync_data() } else { Ok(()) }
}

/// Reads a file whole and checks its content.
pub(super) fn read(path: &Path) -> io::Result<Found<Object>> {
    let Some((head, mut file)) = open(path)? else { return Ok(Found::Nothing) };
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if bytes.len() as u64 != head.n_bytes {
        return Ok(Found::Nothing);
    }
    if Digest::of(&bytes) != head.digest {
        return Ok(Found::Damaged);
    }
    Ok(Found::Whole(Object { bytes, version: head.version }))
}

/// Reads part of a file's content, unchecked.
pub(super) fn read_range(path: &Path, range: Range<u64>) -> io::Result<Found<Vec<u8>>> {
    let Some((head, mut file)) = open(path)? else { return Ok(Found::Nothing) };
    let start = range.start.min(head.n_bytes);
    let n_bytes = range.end.min(head.n_bytes).saturating_sub(start);
    file.seek(SeekFrom::Start(HEAD_BYTES as u64 + start))?;
    let mut bytes = Vec::new();
    file.take(n_bytes).read_to_end(&mut bytes)?;
    Ok(Found::Whole(bytes))
}

/// Reads a file's version only.
pub(super) fn read_version(path: &Path) -> io::Result<Option<Version>> {
    Ok(open(path)?.map(|(head, _)| head.version))
}

struct Head {
    version: Version,
    n_bytes: u64,
    digest: Digest,
}

/// Opens a file behind its head, `None` when there is no file or no whole head.
fn open(path: &Path) -> io::Result<Option<(Head, File)>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut head = [0; HEAD_BYTES];
    match file.read_exact(&mut head) {
        Ok(()) => Ok(parse_head(&head).map(|head| (head, file))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

fn parse_head(head: &[u8; HEAD_BYTES]) -> Option<Head> {
    let (magic, rest) = head.split_first_chunk::<8>()?;
    let (tag, rest) = rest.split_first_chunk::<TAG_BYTES>()?;
    let (n_bytes, digest) = rest.split_first_chunk::<8>()?;
    let digest: [u8; 32] = digest.try_into().ok()?;
    (magic == MAGIC).then(|| Head {
        version: version_of(tag),
        n_bytes: u64::from_le_bytes(*n_bytes),
        digest: Digest(digest),
    })
}

/// Writes a version tag as text.
pub(super) fn version_of(tag: &[u8; TAG_BYTES]) -> Version {
    Version(tag.iter().map(|byte| format!("{byte:02x}")).collect())
}
