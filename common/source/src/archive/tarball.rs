//! A gzip-compressed tar, header by header.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use super::gauge::{BombGuard, Counted, Fault};
use super::{TopFolder, pax};
use crate::entry::SkipReason;
use crate::failure::SourceError;
use crate::intake::{Intake, IntakeError};
use crate::limits::SourceLimits;
use crate::path::SourcePath;

/// A long name or a set of extended attributes; real ones are a few hundred bytes.
const MAX_EXTENSION_BYTES: u64 = 1 << 20;

/// Which leading folder is no part of the paths.
pub(crate) enum Strip {
    /// The first part of every path, as hosts add it.
    First,
    /// This folder, which every entry lies in.
    Folder(String),
    Nothing,
}

/// Reads a downloaded tarball, whose every path begins with one folder that the host made up.
pub(crate) fn read_download(
    reader: impl Read,
    host: &str,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    let limits = intake.limits().clone();
    let result = read(reader, &Strip::First, &limits, intake);
    // The host packed it, so damage happened on the way and a second try may help.
    result.map_err(|error| {
        error.or_body(|error| SourceError::unavailable(host, format!("download damaged: {error}")))
    })
}

/// Reads a tarball that can be opened twice: once for its top folder, once for its files.
pub(crate) fn read_twice<R: Read>(
    open: impl Fn() -> Result<R, SourceError>,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    let limits = intake.limits().clone();
    let mut top = TopFolder::default();
    let scanned = walk(open()?, &limits, &mut |member, _body| {
        let is_directory = member.kind == MemberKind::Directory;
        if let SourcePath::Clean(path) = SourcePath::parse(&member.path, &limits) {
            top.see(&path, is_directory);
        }
        Ok(())
    });
    scanned.map_err(|error| error.or_body(SourceError::malformed))?;
    let strip = top.shared().map_or(Strip::Nothing, Strip::Folder);
    read(open()?, &strip, &limits, intake).map_err(|error| error.or_body(SourceError::malformed))
}

fn read(
    reader: impl Read,
    strip: &Strip,
    limits: &SourceLimits,
    intake: &mut Intake<'_>,
) -> Result<(), IntakeError> {
    walk(reader, limits, &mut |member, body| {
        if member.kind == MemberKind::Directory {
            return Ok(());
        }
        let path = strip.apply(&member.path, limits);
        let Some(path) = intake.admit(&path)? else { return Ok(()) };
        match member.kind {
            MemberKind::File => intake.file(path, member.size_bytes, body),
            MemberKind::Symlink => Ok(intake.link(path, &member.link)?),
            MemberKind::Directory | MemberKind::Special => Ok(intake.skip(path, SkipReason::SpecialFile)?),
        }
    })
}

impl Strip {
    /// A path that would be refused stays as it is, so that it is refused and listed in full.
    fn apply(&self, raw: &[u8], limits: &SourceLimits) -> Vec<u8> {
        let SourcePath::Clean(path) = SourcePath::parse(raw, limits) else {
            return raw.to_vec();
        };
        let stripped = match self {
            Self::Nothing => Some(path.as_str()),
            Self::First => path.split_once('/').map(|(_, rest)| rest),
            Self::Folder(folder) => {
                path.strip_prefix(folder.as_str()).and_then(|rest| rest.strip_prefix('/'))
            }
        };
        stripped.unwrap_or(&path).as_bytes().to_vec()
    }
}

struct Member {
    path: Vec<u8>,
    kind: MemberKind,
    size_bytes: u64,
    /// Where a link leads, as its header says.
    link: Vec<u8>,
}

#[derive(PartialEq, Eq)]
enum MemberKind {
    File,
    Directory,
    Symlink,
    Special,
}

type Visit<'a> = &'a mut dyn FnMut(&Member, &mut dyn Read) -> Result<(), IntakeError>;

/// Visits every member, then reads to the very end so that checksums are checked.
fn walk(reader: impl Read, limits: &SourceLimits, visit: Visit<'_>) -> Result<(), IntakeError> {
    let fault = Fault::default();
    let (counted, n_compressed) = Counted::new(reader);
    let inflated = MultiGzDecoder::new(BufReader::with_capacity(64 << 10, counted));
    let guard = BombGuard::new(inflated, n_compressed, limits, fault.clone());
    let mut archive = tar::Archive::new(guard);
    let result = walk_members(&mut archive, limits, visit)
        .and_then(|()| Ok(io::copy(&mut archive.into_inner(), &mut io::sink()).map(drop)?));
    match (result, fault.take()) {
        (Err(IntakeError::Body(_)), Some(refusal)) => Err(refusal.into()),
        (result, _) => result,
    }
}

fn walk_members<R: Read>(
    archive: &mut tar::Archive<R>,
    limits: &SourceLimits,
    visit: Visit<'_>,
) -> Result<(), IntakeError> {
    let mut extension = Extension::default();
    let mut n_headers = 0;
    // Raw, because the crate reads a long name of any size into memory.
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        n_headers += 1;
        // An entry has up to four headers: two long names, its attributes, its own.
        if n_headers > limits.max_entries.saturating_mul(4) {
            return Err(SourceError::TooManyFiles { limit: limits.max_entries }.into());
        }
        if extension.take_in(&mut entry)? {
            continue;
        }
        let member = std::mem::take(&mut extension).describe(entry.header())?;
        visit(&member, &mut entry)?;
    }
    if extension.is_pending() {
        return Err(malformed("it ends after an extended header"));
    }
    Ok(())
}

/// What the headers before an entry say about it.
#[derive(Default)]
struct Extension {
    long_name: Option<Vec<u8>>,
    records: Option<pax::PaxRecords>,
}

impl Extension {
    /// Reads `entry` if it is a header about the next one; returns whether it was.
    fn take_in(&mut self, entry: &mut tar::Entry<'_, impl Read>) -> Result<bool, IntakeError> {
        let kind = entry.header().entry_type();
        if kind.is_gnu_longname() {
            let mut name = read_extension(entry)?;
            name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
            if self.long_name.replace(name).is_some() {
                return Err(malformed("two long names for one entry"));
            }
        } else if kind.is_pax_local_extensions() {
            let records =
                pax::parse(&read_extension(entry)?).ok_or_else(|| malformed("broken extended header"))?;
            if self.records.replace(records).is_some() {
                return Err(malformed("two extended headers for one entry"));
            }
        } else if kind.is_pax_global_extensions() {
            let records =
                pax::parse(&read_extension(entry)?).ok_or_else(|| malformed("broken extended header"))?;
            if records != pax::PaxRecords::default() {
                return Err(malformed("a global header gives a path or a size"));
            }
        } else {
            return Ok(kind.is_gnu_longlink());
        }
        Ok(true)
    }

    fn is_pending(&self) -> bool {
        self.long_name.is_some() || self.records.is_some()
    }

    /// Puts an entry's headers together.
    ///
    /// Two headers that disagree about the size are how one archive shows different files to
    /// different readers, so that is refused rather than decided.
    fn describe(self, header: &tar::Header) -> Result<Member, IntakeError> {
        let records = self.records.unwrap_or_default();
        let size_bytes = header.entry_size()?;
        if records.size_bytes.is_some_and(|said| said != size_bytes) {
            return Err(malformed("an extended header and its entry disagree about the size"));
        }
        let path = match records.path.or(self.long_name) {
            Some(path) => path,
            None => header.path_bytes().into_owned(),
        };
        let kind = kind_of(header.entry_type(), &path)?;
        let link = header.link_name_bytes().map(|it| it.into_owned()).unwrap_or_default();
        Ok(Member { path, kind, size_bytes, link })
    }
}

fn kind_of(kind: tar::EntryType, path: &[u8]) -> Result<MemberKind, IntakeError> {
    if kind.is_gnu_sparse() {
        return Err(malformed("sparse files are not supported"));
    }
    Ok(if kind.is_dir() || (kind.is_file() && path.ends_with(b"/")) {
        MemberKind::Directory
    } else if kind.is_file() || kind.is_contiguous() {
        MemberKind::File
    } else if kind.is_symlink() {
        MemberKind::Symlink
    } else {
        MemberKind::Special
    })
}

fn read_extension(entry: &mut tar::Entry<'_, impl Read>) -> Result<Vec<u8>, IntakeError> {
    if entry.size() > MAX_EXTENSION_BYTES {
        return Err(malformed("an extended header is larger than 1 MiB"));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn malformed(reason: &str) -> IntakeError {
    SourceError::malformed(reason).into()
}
