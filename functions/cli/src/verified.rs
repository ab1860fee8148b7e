//! Packs that are verified before use, through the same file handle that is read afterwards.

use std::io::BufReader;
use std::path::Path;

use docpack::{Digest, ReadLimits};
use trigger::view::PackFile;

use crate::failure::{Exit, Failure};
use crate::inspect;

/// A pack that passed verification.
pub(crate) struct VerifiedPack {
    pub(crate) file: PackFile,
    /// Name without its folder.
    pub(crate) file_name: String,
    pub(crate) id: Digest,
}

pub(crate) fn open(path: &Path) -> Result<PackFile, Failure> {
    inspect::check_is_file(path)?;
    PackFile::open(path).map_err(|error| inspect::unreadable(path, &error))
}

/// Verifies an open pack; fails as `doctown verify` does.
pub(crate) fn verify(path: &Path, file: PackFile) -> Result<VerifiedPack, Failure> {
    let read = docpack::verify::read_verified(BufReader::new(file.reader()), &ReadLimits::default());
    let id = match read {
        Ok(pack) => pack.manifest.docpack_id,
        Err(violations) => return Err(inspect::violated(path, &violations)),
    };
    if !file.is_unchanged() {
        return Err(changed(path));
    }
    let file_name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(VerifiedPack { file, file_name, id })
}

/// Reports a pack that changed while it was read.
pub(crate) fn changed(path: &Path) -> Failure {
    Failure::new(Exit::Failed, "pack_changed", format!("`{}` changed while it was read", path.display()))
        .with_help("run the same command again once nothing writes to the file")
}
