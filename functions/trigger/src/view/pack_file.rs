//! A pack's file that is kept open, so that what was verified is what is given.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

/// An open file, and how it was when it was opened. Another file under its name changes nothing here.
#[derive(Debug)]
pub struct PackFile {
    file: File,
    opened_as: Stamp,
}

/// What changes when somebody writes into a file.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    size_bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self { size_bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

impl PackFile {
    /// Opens a plain file.
    pub fn open(path: &Path) -> io::Result<Self> {
        // A pipe would have to be waited for, and can be read once only.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no plain file"));
        }
        let file = File::open(path)?;
        let opened_as = Stamp::of(&file.metadata()?);
        Ok(Self { file, opened_as })
    }

    /// How large it was when it was opened.
    pub fn size_bytes(&self) -> u64 {
        self.opened_as.size_bytes
    }

    /// Tells whether nobody wrote into it since it was opened.
    pub fn is_unchanged(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| Stamp::of(&metadata) == self.opened_as)
    }

    /// Reads it from its beginning; any number of readers may do so at once.
    pub fn reader(&self) -> PackReader<'_> {
        PackReader { file: self, at: 0 }
    }

    /// Reads a piece that lies within the file.
    pub(crate) fn piece(&self, at: u64, n_bytes: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; n_bytes];
        PackReader { file: self, at }.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// A place in an open pack.
#[derive(Debug)]
pub struct PackReader<'a> {
    file: &'a PackFile,
    at: u64,
}

impl Read for PackReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = read_at(&self.file.file, buffer, self.at)?;
        self.at += n_read as u64;
        Ok(n_read)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_under_its_name_changes_nothing_and_a_write_into_it_is_seen() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, other) = (folder.path().join("a.docpack"), folder.path().join("b.docpack"));
        std::fs::write(&path, "first").expect("a file");
        std::fs::write(&other, "second").expect("a file");
        let pack = PackFile::open(&path).expect("it is there");
        std::fs::rename(&other, &path).expect("files can be renamed");
        let mut text = String::new();
        pack.reader().read_to_string(&mut text).expect("it is open");
        assert_eq!((text.as_str(), pack.is_unchanged()), ("first", true));

        let pack = PackFile::open(&path).expect("it is there");
        File::options()
            .append(true)
            .open(&path)
            .and_then(|mut file| io::Write::write_all(&mut file, b"!"))
            .expect("a write");
        assert!(!pack.is_unchanged());
    }

    #[test]
    fn a_folder_is_no_pack() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(PackFile::open(folder.path()).is_err());
    }
}
