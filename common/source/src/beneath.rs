//! Files beneath one folder, reached without ever following a link.
//!
//! Every part of a path is opened relative to the folder before it, so nothing outside the folder can
//! be read through a link, and a folder that is swapped for a link after it was listed gains nothing:
//! either the folder is still open, or the link is refused.
//! Only regular files are opened, and no open or read waits: a FIFO or a device is an error.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// What a name stands for; a link is what it is, not where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Folder,
    File,
    Link,
    Special,
}

/// Metadata of a file, read without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    pub(crate) kind: Kind,
    pub(crate) size_bytes: u64,
    /// Since the epoch; zero for a time before it.
    pub(crate) modified_s: u64,
    pub(crate) modified_ns: u32,
}

/// An open folder that everything is reached from.
///
/// Paths are bytes with `/` between the parts; the empty path is the folder itself.
#[derive(Debug)]
pub(crate) struct Root {
    path: PathBuf,
    #[cfg(unix)]
    folder: std::os::fd::OwnedFd,
    /// The folders on the way that was taken last, by name: most files are beside the one before.
    #[cfg(unix)]
    trail: std::sync::Mutex<Vec<on_unix::Opened>>,
}

impl Root {
    /// Returns where the folder was when it was opened, for names in messages and ignore rules.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the full form of a path below the folder; it is never opened.
    pub(crate) fn full(&self, path: &[u8]) -> PathBuf {
        if path.is_empty() { self.path.clone() } else { self.path.join(shown(path)) }
    }

    /// Reads a small regular file whole; `None` when it has more than `limit_bytes`.
    pub(crate) fn read_small(&self, path: &[u8], limit_bytes: u64) -> io::Result<Option<Vec<u8>>> {
        use io::Read as _;
        let mut bytes = Vec::new();
        self.open_file(path)?.take(limit_bytes + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit_bytes).then_some(bytes))
    }
}

/// Splits a path; a part that could leave the folder is an error.
fn parts(path: &[u8]) -> io::Result<Vec<&[u8]>> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
    let is_plain = |part: &&[u8]| !matches!(*part, b"" | b"." | b"..") && !part.contains(&0);
    if parts.iter().all(is_plain) { Ok(parts) } else { Err(refused("the path is not a plain one")) }
}

fn refused(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, reason)
}

fn not_a_file() -> io::Error {
    refused("it is not a regular file")
}

#[cfg(unix)]
fn shown(path: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(path))
}

#[cfg(unix)]
mod on_unix {
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
    use std::sync::{Arc, Mutex, PoisonError};

    use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, readlinkat, statat};

    use super::*;

    const FOLDER: OFlags =
        OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
    /// Does not wait for the other end of a FIFO, and takes no terminal.
    const FILE: OFlags = OFlags::RDONLY
        .union(OFlags::NOFOLLOW)
        .union(OFlags::NONBLOCK)
        .union(OFlags::NOCTTY)
        .union(OFlags::CLOEXEC);

    /// Folders kept open; those below are opened each time.
    const MAX_TRAIL: usize = 32;

    /// A folder by its name in the one before.
    pub(super) type Opened = (Vec<u8>, Arc<OwnedFd>);

    impl Root {
        /// Opens the folder; its own path may lead through links, which are the user's.
        pub(crate) fn open(path: &Path) -> io::Result<Self> {
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
            let folder = openat(CWD, path, flags, Mode::empty())?;
            Ok(Self { path: path.to_owned(), folder, trail: Mutex::default() })
        }

        /// Opens the folder that the parts lead to; `None` for this folder itself.
        ///
        /// A folder that was opened before stays the same, even if its name stands for a link by now.
        fn folder_at(&self, parts: &[&[u8]]) -> io::Result<Option<Arc<OwnedFd>>> {
            let mut trail = self.trail.lock().unwrap_or_else(PoisonError::into_inner);
            let n_known = trail.iter().zip(parts).take_while(|((name, _), part)| name == *part).count();
            trail.truncate(n_known);
            let mut at = trail.last().map(|(_, folder)| Arc::clone(folder));
            for part in &parts[n_known..] {
                let from = at.as_ref().map_or(self.folder.as_fd(), |folder| folder.as_fd());
                let folder = Arc::new(openat(from, *part, FOLDER, Mode::empty())?);
                if trail.len() < MAX_TRAIL {
                    trail.push((part.to_vec(), Arc::clone(&folder)));
                }
                at = Some(folder);
            }
            Ok(at)
        }

        /// Does something with the last part of a path in its open folder.
        fn at<T>(
            &self,
            path: &[u8],
            act: impl FnOnce(BorrowedFd<'_>, &[u8]) -> rustix::io::Result<T>,
        ) -> io::Result<T> {
            let parts = parts(path)?;
            let (name, above) = parts.split_last().ok_or_else(not_a_file)?;
            let folder = self.folder_at(above)?;
            Ok(act(folder.as_ref().map_or(self.folder.as_fd(), |folder| folder.as_fd()), name)?)
        }

        pub(crate) fn stat(&self, path: &[u8]) -> io::Result<Stat> {
            let stat = self.at(path, |folder, name| statat(folder, name, AtFlags::SYMLINK_NOFOLLOW))?;
            Ok(Stat {
                kind: kind_of(FileType::from_raw_mode(stat.st_mode)),
                size_bytes: u64::try_from(stat.st_size).unwrap_or(0),
                modified_s: u64::try_from(stat.st_mtime).unwrap_or(0),
                modified_ns: u32::try_from(stat.st_mtime_nsec).unwrap_or(0),
            })
        }

        /// Opens a regular file.
        pub(crate) fn open_file(&self, path: &[u8]) -> io::Result<File> {
            // Looked at first, because opening a device may do something to it; looked at again when
            // it is open, because another file may have taken the name.
            let opened = self.at(path, |folder, name| {
                let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
                match FileType::from_raw_mode(stat.st_mode) {
                    FileType::RegularFile => openat(folder, name, FILE, Mode::empty()).map(Some),
                    _ => Ok(None),
                }
            })?;
            let file = File::from(opened.ok_or_else(not_a_file)?);
            if file.metadata()?.is_file() { Ok(file) } else { Err(not_a_file()) }
        }

        /// Returns the text of a link.
        pub(crate) fn link_text(&self, path: &[u8]) -> io::Result<Vec<u8>> {
            Ok(self.at(path, |folder, name| readlinkat(folder, name, Vec::new()))?.into_bytes())
        }

        /// Lists a folder, at most `limit` names and one more.
        pub(crate) fn entries(&self, path: &[u8], limit: u64) -> io::Result<Vec<(Vec<u8>, Kind)>> {
            let parts = parts(path)?;
            let folder = self.folder_at(&parts)?;
            let folder = folder.as_ref().map_or(self.folder.as_fd(), |folder| folder.as_fd());
            let mut entries = Vec::new();
            for entry in Dir::read_from(folder)? {
                let entry = entry?;
                let name = entry.file_name().to_bytes();
                if matches!(name, b"." | b"..") {
                    continue;
                }
                let kind = match entry.file_type() {
                    // Some file systems do not say.
                    FileType::Unknown => match statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
                        Ok(stat) => FileType::from_raw_mode(stat.st_mode),
                        Err(_) => continue,
                    },
                    known => known,
                };
                entries.push((name.to_vec(), kind_of(kind)));
                if entries.len() as u64 > limit {
                    break;
                }
            }
            Ok(entries)
        }
    }

    fn kind_of(kind: FileType) -> Kind {
        match kind {
            FileType::Directory => Kind::Folder,
            FileType::RegularFile => Kind::File,
            FileType::Symlink => Kind::Link,
            _ => Kind::Special,
        }
    }
}

#[cfg(not(unix))]
fn shown(path: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}

/// Without relative opens every part is looked at before the file is opened.
///
/// A file swapped for a link in between would be followed; making links needs a privilege on Windows.
#[cfg(not(unix))]
mod elsewhere {
    use std::time::UNIX_EPOCH;

    use super::*;

    impl Root {
        pub(crate) fn open(path: &Path) -> io::Result<Self> {
            std::fs::read_dir(path)?;
            Ok(Self { path: path.to_owned() })
        }

        /// Returns the full path once no part of it but the last can be a link.
        fn checked(&self, path: &[u8]) -> io::Result<PathBuf> {
            let parts = parts(path)?;
            let mut full = self.path.clone();
            for (idx, part) in parts.iter().enumerate() {
                full.push(std::str::from_utf8(part).map_err(|_| refused("the path is not UTF-8"))?);
                if idx + 1 < parts.len() && !full.symlink_metadata()?.is_dir() {
                    return Err(refused("a part of the path is a link"));
                }
            }
            Ok(full)
        }

        pub(crate) fn stat(&self, path: &[u8]) -> io::Result<Stat> {
            let metadata = self.checked(path)?.symlink_metadata()?;
            let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            Ok(Stat {
                kind: kind_of(metadata.file_type()),
                size_bytes: metadata.len(),
                modified_s: modified.unwrap_or_default().as_secs(),
                modified_ns: modified.unwrap_or_default().subsec_nanos(),
            })
        }

        pub(crate) fn open_file(&self, path: &[u8]) -> io::Result<File> {
            let full = self.checked(path)?;
            if !full.symlink_metadata()?.is_file() {
                return Err(not_a_file());
            }
            let file = File::open(full)?;
            if file.metadata()?.is_file() { Ok(file) } else { Err(not_a_file()) }
        }

        pub(crate) fn link_text(&self, path: &[u8]) -> io::Result<Vec<u8>> {
            Ok(std::fs::read_link(self.checked(path)?)?.as_os_str().as_encoded_bytes().to_vec())
        }

        pub(crate) fn entries(&self, path: &[u8], limit: u64) -> io::Result<Vec<(Vec<u8>, Kind)>> {
            let full = self.checked(path)?;
            if !path.is_empty() && !full.symlink_metadata()?.is_dir() {
                return Err(refused("it is not a folder"));
            }
            let mut entries = Vec::new();
            for entry in std::fs::read_dir(full)? {
                let entry = entry?;
                let name = entry.file_name().as_encoded_bytes().to_vec();
                entries.push((name, kind_of(entry.file_type()?)));
                if entries.len() as u64 > limit {
                    break;
                }
            }
            Ok(entries)
        }
    }

    fn kind_of(kind: std::fs::FileType) -> Kind {
        match () {
            () if kind.is_symlink() => Kind::Link,
            () if kind.is_dir() => Kind::Folder,
            () if kind.is_file() => Kind::File,
            () => Kind::Special,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_is_reached_through_a_link() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("secret"), "s").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("real")).unwrap();
        std::fs::write(folder.path().join("real/a"), "a").unwrap();
        symlink(outside.path(), folder.path().join("linked")).unwrap();
        symlink("real/a", folder.path().join("file")).unwrap();
        let root = Root::open(folder.path()).unwrap();
        assert_eq!(root.read_small(b"real/a", 1).unwrap(), Some(b"a".to_vec()));
        assert_eq!(root.read_small(b"real/a", 0).unwrap(), None);
        for path in [
            "linked/secret",
            "linked",
            "file",
            "real/../real/a",
            "../secret",
            "/etc/passwd",
            "./real/a",
            "real//a",
            "real",
            "",
        ] {
            assert!(root.open_file(path.as_bytes()).is_err(), "{path}");
        }
        assert!(root.stat(b"linked/secret").is_err());
        assert!(root.entries(b"linked", 10).is_err());
        assert_eq!(root.stat(b"linked").unwrap().kind, Kind::Link);
        assert_eq!(root.link_text(b"file").unwrap(), b"real/a");
    }

    #[test]
    fn what_becomes_a_link_after_it_was_listed_leads_nowhere_else() {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("a"), "secret").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        std::fs::write(folder.path().join("d/a"), "a").unwrap();
        std::fs::create_dir(folder.path().join("e")).unwrap();
        let root = Root::open(folder.path()).unwrap();
        assert_eq!(root.entries(b"d", 10).unwrap(), [(b"a".to_vec(), Kind::File)]);
        std::fs::rename(folder.path().join("d"), folder.path().join("gone")).unwrap();
        symlink(outside.path(), folder.path().join("d")).unwrap();
        // The folder that was listed is still open; once it is not, the link is refused.
        assert_eq!(root.read_small(b"d/a", 9).unwrap(), Some(b"a".to_vec()));
        assert!(root.entries(b"e", 10).unwrap().is_empty());
        assert!(root.open_file(b"d/a").is_err());
        // The folder itself is held open, so that another one under its name is not read.
        let name = folder.path().join("gone");
        assert_eq!(Root::open(&name).unwrap().read_small(b"a", 9).unwrap(), Some(b"a".to_vec()));
    }

    #[test]
    fn devices_and_pipes_are_no_files_and_nothing_waits_for_them() {
        let root = Root::open(Path::new("/dev")).unwrap();
        assert_eq!(root.stat(b"null").unwrap().kind, Kind::Special);
        assert!(root.open_file(b"null").is_err() && root.open_file(b"zero").is_err());
    }
}
