//! Which docpack a question is about, and its rows.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use docpack::partial::Pack;
use docpack::{ReadError, ReadLimits};
use query::Map;

use crate::failure::{Exit, Failure};
use crate::inspect::{check_is_file, refused, unreadable};
use crate::output::talk;
use crate::shorthand::PACK_ENDING;

/// Folders above the current one that are searched for a pack.
const MAX_FOLDERS: usize = 64;
/// Packs that a message names.
const MAX_NAMED: usize = 5;

/// The bytes of a pack.
pub(crate) trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// A pack that is read in part.
pub(crate) type InputPack = Pack<Box<dyn Input>>;

/// A docpack that is asked.
pub(crate) struct Opened {
    pub(crate) path: PathBuf,
    pub(crate) pack: InputPack,
    pub(crate) map: Map,
}

/// Opens the pack that a command names or finds, and returns it with the words that are not its path.
pub(crate) fn open<'w>(
    words: &'w [String],
    pack: Option<&Path>,
    n_words: usize,
    is_quiet: bool,
) -> Result<(Opened, &'w [String]), Failure> {
    let (path, rest) = named(words, pack, n_words, is_quiet)?;
    let mut pack = open_path(&path)?;
    let lookup = pack.lookup().map_err(|error| refused(&path, &error))?;
    Ok((Opened { path, pack, map: Map::new(lookup) }, rest))
}

/// Opens the pack that is named, or the nearest one.
pub(crate) fn opened(pack: Option<&Path>, is_quiet: bool) -> Result<(PathBuf, InputPack), Failure> {
    let (path, _) = named(&[], pack, 0, is_quiet)?;
    let opened = open_path(&path)?;
    Ok((path, opened))
}

/// Opens the pack that the first word names, or the nearest one, and returns it with the other words.
pub(crate) fn opened_by(
    words: &[String],
    is_quiet: bool,
) -> Result<(PathBuf, InputPack, &[String]), Failure> {
    let (path, rest) = named(words, None, 0, is_quiet)?;
    let opened = open_path(&path)?;
    Ok((path, opened, rest))
}

/// Opens a pack for reading in part; half of one is refused.
pub(crate) fn open_path(path: &Path) -> Result<InputPack, Failure> {
    let failed = |error: ReadError| refused(path, &error);
    let mut pack = Pack::open(input(path)?, ReadLimits::default()).map_err(failed)?;
    let last = pack.manifest().entries.last().map(|entry| entry.path.clone());
    if let Some(last) = last.filter(|_| !pack.is_indexed()) {
        // The places of entries stand at the end of a pack. One that has none is small, and is looked through.
        pack.entry(&last).map_err(failed)?;
    }
    Ok(pack)
}

/// Finds the pack: the first word if it ends in `.docpack`, else `--pack`, else the nearest one.
///
/// Returns the other words too, of which there are at least `n_words`.
pub(crate) fn named<'w>(
    words: &'w [String],
    pack: Option<&Path>,
    n_words: usize,
    is_quiet: bool,
) -> Result<(PathBuf, &'w [String]), Failure> {
    let usage = |message: String| {
        let help = "put the .docpack file first, or name it with `--pack FILE`";
        Err(Failure::new(Exit::Usage, "usage", message).with_help(help))
    };
    let (first, rest) = match words {
        [first, rest @ ..] if first.ends_with(PACK_ENDING) => (Some(Path::new(first)), rest),
        words => (None, words),
    };
    match (first, pack) {
        (Some(first), Some(_)) => usage(format!("`{}` and `--pack` both name a pack", first.display())),
        (Some(first), None) if rest.len() < n_words => {
            usage(format!("`{}` is a pack; what to look for in it is missing", first.display()))
        }
        (Some(path), None) | (None, Some(path)) => Ok((path.to_owned(), rest)),
        (None, None) => Ok((nearest(is_quiet)?, rest)),
    }
}

/// Opens a file for reading in part; a pipe is read whole first.
fn input(path: &Path) -> Result<Box<dyn Input>, Failure> {
    check_is_file(path)?;
    let failed = |error: std::io::Error| unreadable(path, &error);
    let file = File::open(path).map_err(failed)?;
    if path.is_file() {
        return Ok(Box::new(BufReader::new(file)));
    }
    let mut bytes = Vec::new();
    file.take(ReadLimits::default().total_bytes).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Box::new(Cursor::new(bytes)))
}

/// Finds the only pack of the current folder, or of the nearest folder above that has one.
fn nearest(is_quiet: bool) -> Result<PathBuf, Failure> {
    let none = || {
        Failure::new(Exit::Usage, "pack_not_given", "there is no .docpack file in this folder or above it")
            .with_help("build one with `doctown build .`, or name one with `--pack FILE`")
    };
    let here = std::env::current_dir().map_err(|_| none())?;
    for folder in here.ancestors().take(MAX_FOLDERS) {
        let found = packs_in(folder);
        match found.as_slice() {
            [] => {}
            [only] if folder == here => {
                return Ok(only.file_name().map_or_else(|| only.clone(), PathBuf::from));
            }
            [only] => {
                if !is_quiet {
                    talk(&format!("reading {}", only.display()));
                }
                return Ok(only.clone());
            }
            several => return Err(several_packs(folder, several)),
        }
    }
    Err(none())
}

fn several_packs(folder: &Path, packs: &[PathBuf]) -> Failure {
    let names = packs.iter().filter_map(|path| path.file_name());
    let mut named: Vec<_> =
        names.take(MAX_NAMED).map(|name| format!("`{}`", name.to_string_lossy())).collect();
    if packs.len() > MAX_NAMED {
        named.push(format!("and {} more", packs.len() - MAX_NAMED));
    }
    let message = format!("`{}` has several packs: {}", folder.display(), named.join(", "));
    Failure::new(Exit::Usage, "pack_not_given", message)
        .with_help("put one of them before the symbol, or name it with `--pack FILE`")
}

/// Lists the packs of a folder by name; a folder that cannot be read has none.
fn packs_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_pack = |path: &PathBuf| path.to_string_lossy().ends_with(PACK_ENDING) && path.is_file();
    let mut found: Vec<_> = paths.filter(is_pack).collect();
    found.sort();
    found
}
