//! Archives, read entry by entry and never unpacked.
//!
//! The entry policy is ours: the `tar` crate's own `unpack` answers Ok to climbing and absolute
//! names, devices, duplicates and links that leave the folder.

pub(crate) mod gauge;
mod pax;
pub(crate) mod tarball;
pub(crate) mod zipped;

use std::fs::File;
use std::path::Path;

use crate::failure::SourceError;
use crate::intake::Intake;

/// Which archive format a file name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArchiveFormat {
    TarGz,
    Zip,
}

impl ArchiveFormat {
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if name.ends_with(".zip") {
            return Some(Self::Zip);
        }
        (name.ends_with(".tar.gz") || name.ends_with(".tgz")).then_some(Self::TarGz)
    }
}

/// Reads a local archive; its one top folder, if all entries share it, is no part of the paths.
pub(crate) fn read_file(
    path: &Path,
    format: ArchiveFormat,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    let open = || File::open(path).map_err(|error| SourceError::unreadable("the archive", error));
    match format {
        ArchiveFormat::TarGz => tarball::read_twice(open, intake),
        ArchiveFormat::Zip => zipped::read(open()?, intake),
    }
}

/// Reads an archive of either format from memory, as [`read_file`] does from disk.
///
/// For fuzzing and tests: the same code without a file.
pub(crate) fn read_bytes(
    bytes: &[u8],
    format: ArchiveFormat,
    intake: &mut Intake<'_>,
) -> Result<(), SourceError> {
    match format {
        ArchiveFormat::TarGz => tarball::read_twice(|| Ok(bytes), intake),
        ArchiveFormat::Zip => zipped::read(std::io::Cursor::new(bytes), intake),
    }
}

/// The one folder that everything lies in, found by seeing every path once.
#[derive(Debug, Default)]
pub(crate) struct TopFolder {
    name: Option<String>,
    is_shared: bool,
    has_entries: bool,
}

impl TopFolder {
    /// Takes a clean path of a file or folder into account.
    pub(crate) fn see(&mut self, path: &str, is_directory: bool) {
        let (top, has_more) = match path.split_once('/') {
            Some((top, _)) => (top, true),
            None => (path, is_directory),
        };
        if !self.has_entries {
            self.name = Some(top.to_owned());
            self.is_shared = true;
        }
        self.has_entries = true;
        self.is_shared &= has_more && self.name.as_deref() == Some(top);
    }

    pub(crate) fn shared(self) -> Option<String> {
        self.name.filter(|_| self.is_shared)
    }
}
