//! A zip, by its central directory, in path order.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::TopFolder;
use super::gauge::bomb_limit;
use crate::entry::SkipReason;
use crate::failure::SourceError;
use crate::intake::Intake;
use crate::limits::SourceLimits;
use crate::path::SourcePath;

/// No path is longer.
const MAX_LINK_BYTES: u64 = 4_096;
/// The part of a Unix mode that tells files from links and devices.
const MODE_KIND: u32 = 0o170_000;
const MODE_REGULAR: u32 = 0o100_000;

struct Member {
    index: usize,
    raw: Vec<u8>,
    size_bytes: u64,
    is_directory: bool,
    special: Option<SkipReason>,
}

pub(crate) fn read<R: Read + Seek>(reader: R, intake: &mut Intake<'_>) -> Result<(), SourceError> {
    let limits = intake.limits().clone();
    let mut archive = ZipArchive::new(reader).map_err(SourceError::malformed)?;
    // The crate keeps the last of equal names; which one is meant is not ours to guess.
    if archive.has_duplicate_names() {
        return Err(SourceError::ArchiveDuplicate { path: None });
    }
    let members = list(&mut archive, &limits)?;
    let strip = top_folder(&members, &limits);
    for member in members.iter().filter(|member| !member.is_directory) {
        let raw = match &strip {
            Some(folder) => strip_folder(&member.raw, folder, &limits),
            None => member.raw.clone(),
        };
        let Some(path) = intake.admit(&raw)? else { continue };
        match member.special {
            Some(SkipReason::Symlink) => intake.link(path, &link_text(&mut archive, member))?,
            Some(reason) => intake.skip(path, reason)?,
            None => read_member(&mut archive, member, path, intake)?,
        }
    }
    Ok(())
}

/// A link's content is where it leads; what cannot be read leads nowhere.
fn link_text<R: Read + Seek>(archive: &mut ZipArchive<R>, member: &Member) -> Vec<u8> {
    let mut text = Vec::new();
    let read = archive.by_index(member.index).map(|file| file.take(MAX_LINK_BYTES).read_to_end(&mut text));
    if matches!(read, Ok(Ok(_))) { text } else { Vec::new() }
}

fn read_member<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    member: &Member,
    path: String,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    match archive.by_index(member.index) {
        Ok(mut file) => intake
            .file(path, member.size_bytes, &mut file)
            .map_err(|error| error.or_body(SourceError::malformed)),
        // Encrypted, or compressed in a way that needs a library this build leaves out.
        Err(ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) => {
            intake.skip(path, SkipReason::Unreadable)
        }
        Err(error) => Err(SourceError::malformed(error)),
    }
}

/// Lists the directory in byte order of names, refusing what claims to inflate past the limits.
fn list<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    limits: &SourceLimits,
) -> Result<Vec<Member>, SourceError> {
    if archive.len() as u64 > limits.max_entries {
        return Err(SourceError::TooManyFiles { limit: limits.max_entries });
    }
    let mut members = Vec::with_capacity(archive.len());
    let (mut n_compressed, mut n_inflated) = (0u64, 0u64);
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index).map_err(SourceError::malformed)?;
        n_compressed = n_compressed.saturating_add(file.compressed_size());
        n_inflated = n_inflated.saturating_add(file.size());
        let special = special_kind(file.is_symlink(), file.unix_mode());
        let raw = file.name_raw().to_vec();
        let is_directory = raw.ends_with(b"/");
        members.push(Member { index, raw, size_bytes: file.size(), is_directory, special });
    }
    if let Some(limit_bytes) =
        bomb_limit(n_compressed, n_inflated, limits.max_decompressed_bytes, limits.max_ratio)
    {
        return Err(SourceError::ArchiveBomb { compressed_bytes: n_compressed, limit_bytes });
    }
    members.sort_by(|a, b| a.raw.cmp(&b.raw).then(a.index.cmp(&b.index)));
    Ok(members)
}

fn special_kind(is_symlink: bool, mode: Option<u32>) -> Option<SkipReason> {
    let kind = mode.unwrap_or(0) & MODE_KIND;
    if is_symlink {
        Some(SkipReason::Symlink)
    } else {
        (kind != 0 && kind != MODE_REGULAR).then_some(SkipReason::SpecialFile)
    }
}

fn top_folder(members: &[Member], limits: &SourceLimits) -> Option<String> {
    let mut top = TopFolder::default();
    for member in members {
        if let SourcePath::Clean(path) = SourcePath::parse(&member.raw, limits) {
            top.see(&path, member.is_directory);
        }
    }
    top.shared()
}

fn strip_folder(raw: &[u8], folder: &str, limits: &SourceLimits) -> Vec<u8> {
    let SourcePath::Clean(path) = SourcePath::parse(raw, limits) else {
        return raw.to_vec();
    };
    let stripped = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    stripped.unwrap_or(&path).as_bytes().to_vec()
}
