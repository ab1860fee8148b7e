//! A pack that is verified before anything is done with it, through the handle that it is then read by.

use std::io::BufReader;
use std::path::Path;

use docpack::{Digest, ReadLimits};
use trigger::view::PackFile;

use crate::failure::{Exit, Failure};
use crate::inspect;

/// A pack that holds all that it states of itself.
pub(crate) struct VerifiedPack {
    pub(crate) file: PackFile,
    /// As its folder lists it.
    pub(crate) file_name: String,
    pub(crate) id: Digest,
}

pub(crate) fn open(path: &Path) -> Result<PackFile, Failure> {
    PackFile::open(path).map_err(|error| inspect::unreadable(path, &error))
}

/// Verifies an open pack; what is off fails it as `doctown verify` does.
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

/// Tells of a pack that somebody wrote into.
pub(crate) fn changed(path: &Path) -> Failure {
    Failure::new(Exit::Failed, "pack_changed", format!("`{}` was changed while it was read", path.display()))
        .with_help("run the same command again when nothing writes into it")
}
