//! What was worked out about a pack, kept in the home so that the next question does not wait for it again.
//!
//! Every file may be deleted at any time. A folder that cannot be written costs time, never an answer.

use std::fs::{self, File, FileTimes, Metadata};
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use docpack::Digest;
use runtime::config::Config;
use search::bytes::{Reader, Writer};

/// In the home.
const FOLDER: &str = "cache";
/// All files together: the indexes of some forty packs of 12,000 symbols. Those unused for longest make room.
const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// One file; a pack of two million symbols needs more, and is indexed anew for each question.
const MAX_FILE_BYTES: u64 = MAX_BYTES / 2;
const DIGEST_BYTES: usize = 32;

/// A folder of files that each hold what one program made of one pack.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    /// Names the program that runs, whose rules another one need not share.
    program: String,
}

impl Cache {
    /// Finds the folder; `None` where no home is known.
    pub(super) fn of(config: Option<&Config>) -> Option<Self> {
        let program = std::env::current_exe().and_then(fs::metadata).ok()?;
        let changed = modified(&program).duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let (version, n_bytes) = (env!("CARGO_PKG_VERSION"), program.len());
        let program = format!("{version} {n_bytes} {}", changed.as_nanos());
        Some(Self { folder: config?.home.join(FOLDER), program })
    }

    /// Reads what this program kept under a name; `None` where it is missing, damaged or another program's.
    pub(super) fn read<T>(&self, name: &str, parse: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let path = self.folder.join(name);
        let bytes = fs::read(&path).ok()?;
        let (digest, kept) = bytes.split_at_checked(DIGEST_BYTES)?;
        if Digest::of(kept).0 != digest {
            return None;
        }
        let mut input = Reader::new(kept);
        let is_own = input.text()? == self.program;
        let found = is_own.then(|| parse(&mut input))?.filter(|_| input.is_at_end());
        if found.is_some() {
            // So that it is not the first to go; a file that cannot be touched is still good.
            let _ = File::options()
                .append(true)
                .open(&path)
                .and_then(|file| file.set_times(FileTimes::new().set_modified(SystemTime::now())));
        }
        found
    }

    /// Keeps something under a name.
    pub(super) fn keep(&self, name: &str, write: impl FnOnce(&mut Writer)) {
        let mut out = Writer::default();
        out.text(&self.program);
        write(&mut out);
        if out.bytes.len() as u64 > MAX_FILE_BYTES {
            return;
        }
        // The next question does the same work again, and gives the same answer.
        let _ = self.replace(name, &out.bytes);
    }

    /// Writes a file beside the old one first, so that nobody reads half of it.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        self.make_room(bytes.len() as u64)?;
        let path = self.folder.join(name);
        let unfinished = self.folder.join(format!("{name}.{}", std::process::id()));
        fs::write(&unfinished, [Digest::of(bytes).0.as_slice(), bytes].concat())?;
        fs::rename(&unfinished, &path)
    }

    /// Deletes the files that were not used for longest.
    fn make_room(&self, n_bytes: u64) -> io::Result<()> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                files.push((modified(&metadata), metadata.len(), entry.path()));
            }
        }
        files.sort_unstable();
        let mut total: u64 = files.iter().map(|(_, size, _)| size).sum::<u64>() + n_bytes;
        for (_, size, path) in files {
            if total <= MAX_BYTES {
                break;
            }
            fs::remove_file(path)?;
            total -= size;
        }
        Ok(())
    }
}

/// Returns when a file was changed; where the system does not say, long ago.
fn modified(metadata: &Metadata) -> SystemTime {
    metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Names the file for what was made of a pack.
pub(super) fn name(pack: Digest, what: &str) -> String {
    format!("{}.{what}", pack.hex())
}
