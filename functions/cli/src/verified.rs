//! Packs that are verified before use, through the same file handle that is read afterwards.

use std::io::BufReader;
use std::path::Path;

use docpack::{Digest, Docpack, ReadLimits};
use preview::{Facts, Records, Words};
use trigger::view::PackFile;

use crate::failure::{Exit, Failure};
use crate::inspect;
use crate::shorthand::PACK_ENDING;

/// A pack that passed verification.
pub(crate) struct VerifiedPack {
    pub(crate) file: PackFile,
    /// Name without its folder.
    pub(crate) file_name: String,
    pub(crate) id: Digest,
    /// What it is called and about.
    pub(crate) words: Words,
}

pub(crate) fn open(path: &Path) -> Result<PackFile, Failure> {
    inspect::check_is_file(path)?;
    PackFile::open(path).map_err(|error| inspect::unreadable(path, &error))
}

/// Verifies an open pack; fails as `doctown verify` does.
pub(crate) fn verify(path: &Path, file: PackFile) -> Result<VerifiedPack, Failure> {
    let read = docpack::verify::read_verified(BufReader::new(file.reader()), &ReadLimits::default());
    let pack = match read {
        Ok(pack) => pack,
        Err(violations) => return Err(inspect::violated(path, &violations)),
    };
    if !file.is_unchanged() {
        return Err(changed(path));
    }
    let file_name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let words = words(&pack, file_name.strip_suffix(PACK_ENDING).unwrap_or(&file_name));
    Ok(VerifiedPack { file, file_name, id: pack.manifest.docpack_id, words })
}

fn words(pack: &Docpack, name: &str) -> Words {
    let Docpack { manifest, contents } = pack;
    Facts::of(Records { name, manifest, quality: &contents.quality, tour: contents.tour.as_ref() }).pack()
}

/// Reports a pack that changed while it was read.
pub(crate) fn changed(path: &Path) -> Failure {
    Failure::new(Exit::Failed, "pack_changed", format!("`{}` changed while it was read", path.display()))
        .with_help("run the same command again once nothing writes to the file")
}
