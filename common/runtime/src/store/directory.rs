//! A store in a folder, correct between threads and processes of one machine.
//!
//! A write goes to a temporary file which is then renamed, under a lock that all writers of the key
//! share, so a reader sees the old object or the new one and needs no lock. What is created or
//! swapped survives a power cut; what is overwritten (leases, caches, hints) may be lost to one,
//! which its readers allow for.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use docpack::Digest;
use pipeline::ArtifactStore;
use pipeline::key::{KeyPrefix, ObjectKey};
use pipeline::port::{Object, PutMode, StoreError, Version};

use crate::store::memory::check_mode;
use crate::store::sealed_file::{self, Found, TAG_BYTES};

/// Temporary files older than this belong to a process that is gone: no write takes an hour.
const STALE_TEMPORARY: Duration = Duration::from_secs(3_600);
/// Locks for all keys: making such a file takes longer than most writes, and few writers meet on one.
const N_LOCKS: u8 = 32;
/// Times a write is begun anew when a folder is removed beside it; each time another writer got on.
const MAX_FOLDER_RACES: u32 = 100;

/// Keeps objects as files below a folder.
#[derive(Debug, Clone)]
pub struct DirectoryStore(Arc<Folders>);

/// The folder cannot be used as a store.
#[derive(Debug, thiserror::Error)]
#[error("cannot use `{folder}` as a store: {source}")]
pub struct OpenStoreError {
    folder: PathBuf,
    source: io::Error,
}

#[derive(Debug)]
struct Folders {
    objects: PathBuf,
    locks: PathBuf,
    temporary: PathBuf,
    n_writes: AtomicU64,
}

impl DirectoryStore {
    /// Opens the store in `folder`, which is made where it does not exist.
    pub fn open(folder: &Path) -> Result<Self, OpenStoreError> {
        let folders = Folders {
            objects: folder.join("objects"),
            locks: folder.join("locks"),
            temporary: folder.join("temporary"),
            n_writes: AtomicU64::new(0),
        };
        let prepare = || -> io::Result<()> {
            for folder in [&folders.objects, &folders.locks, &folders.temporary] {
                fs::create_dir_all(folder)?;
            }
            folders.sweep_temporary()
        };
        prepare().map_err(|source| OpenStoreError { folder: folder.to_owned(), source })?;
        Ok(Self(Arc::new(folders)))
    }

    /// Runs blocking work on a thread of its own.
    async fn blocking<T: Send + 'static>(
        &self,
        key: &str,
        work: impl FnOnce(&Folders) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let folders = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || work(&folders)).await;
        done.unwrap_or_else(|error| {
            Err(StoreError::Unknown { key: key.to_owned(), reason: error.to_string() })
        })
    }
}

impl ArtifactStore for DirectoryStore {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        let name = key.clone();
        let read = move |folders: &Folders| found(&name, sealed_file::read(&folders.path_of(&name)));
        self.blocking(key.as_str(), read).await
    }

    async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        let name = key.clone();
        let read =
            move |folders: &Folders| found(&name, sealed_file::read_range(&folders.path_of(&name), range));
        self.blocking(key.as_str(), read).await
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        let name = key.clone();
        self.blocking(key.as_str(), move |folders| folders.put(&name, &bytes, &mode)).await
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        let text = prefix.as_str().trim_end_matches('/').to_owned();
        let list = move |folders: &Folders| {
            let mut keys = Vec::new();
            let listed = folders.list(&text, &mut keys);
            keys.sort();
            listed.map(|()| keys).map_err(|error| refused(&text, &error))
        };
        self.blocking(prefix.as_str(), list).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        let name = key.clone();
        let delete =
            move |folders: &Folders| folders.delete(&name).map_err(|error| refused(name.as_str(), &error));
        self.blocking(key.as_str(), delete).await
    }
}

impl Folders {
    fn path_of(&self, key: &ObjectKey) -> PathBuf {
        self.objects.join(key.as_str())
    }

    fn put(&self, key: &ObjectKey, bytes: &[u8], mode: &PutMode) -> Result<Version, StoreError> {
        let failed = |error: io::Error| refused(key.as_str(), &error);
        let path = self.path_of(key);
        // A first look without the lock saves writing what is refused anyway.
        if *mode == PutMode::Create {
            check_mode(key, mode, sealed_file::read_version(&path).map_err(failed)?.as_ref())?;
        }
        let (temporary, tag) = self.temporary_file();
        let durable = *mode != PutMode::Overwrite;
        // What is named by its content was hashed to be named; were it wrong, no reader would take the content.
        let digest = key.content_digest().unwrap_or_else(|| Digest::of(bytes));
        let written = sealed_file::write(&temporary, tag, bytes, &digest, durable);
        let moved = written.map_err(failed).and_then(|()| self.place(key, &path, &temporary, mode));
        if moved.is_err() {
            // Left for the sweep when it cannot be removed.
            let _ = fs::remove_file(&temporary);
        }
        moved.map(|()| sealed_file::version_of(&tag))
    }

    /// Renames a finished file into its place, if the mode allows.
    fn place(
        &self,
        key: &ObjectKey,
        path: &Path,
        temporary: &Path,
        mode: &PutMode,
    ) -> Result<(), StoreError> {
        let failed = |error: io::Error| refused(key.as_str(), &error);
        let _lock = self.lock(key).map_err(failed)?;
        let present = sealed_file::read_version(path).map_err(failed)?;
        check_mode(key, mode, present.as_ref())?;
        rename_into(temporary, path).map_err(failed)?;
        if *mode == PutMode::Overwrite { Ok(()) } else { sync_folder_of(path).map_err(failed) }
    }

    fn delete(&self, key: &ObjectKey) -> io::Result<()> {
        let path = self.path_of(key);
        let _lock = self.lock(key)?;
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        // Folders that became empty go too; one that is not empty ends the climb.
        let above = path.ancestors().skip(1).take_while(|folder| **folder != self.objects);
        for folder in above {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Collects the names below a folder; what vanishes meanwhile is left out.
    fn list(&self, prefix: &str, keys: &mut Vec<ObjectKey>) -> io::Result<()> {
        let mut folders = vec![prefix.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.objects.join(&folder)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let entry = entry?;
                let Some(name) = entry.file_name().to_str().map(|name| format!("{folder}/{name}")) else {
                    continue;
                };
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(name),
                    Ok(_) => keys.extend(ObjectKey::from_listed(&name)),
                    Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Takes the lock that all writers of a key share; closing the file frees it, also at a crash.
    fn lock(&self, key: &ObjectKey) -> io::Result<File> {
        let stripe = Digest::of(key.as_str().as_bytes()).0[0] % N_LOCKS;
        let file =
            File::options().create(true).append(true).open(self.locks.join(format!("{stripe:02x}")))?;
        file.lock()?;
        Ok(file)
    }

    /// Names a new temporary file and the version it will have; both are used once.
    fn temporary_file(&self) -> (PathBuf, [u8; TAG_BYTES]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let process = u64::from(std::process::id());
        // The address tells apart two stores of one process.
        let store = std::ptr::from_ref(self).addr() as u64;
        let count = self.n_writes.fetch_add(1, Ordering::Relaxed);
        let mut tag = [0; TAG_BYTES];
        tag[..8].copy_from_slice(&(now as u64).to_be_bytes());
        tag[8..16].copy_from_slice(&(process << 40 ^ store).to_be_bytes());
        tag[16..].copy_from_slice(&count.to_be_bytes());
        (self.temporary.join(sealed_file::version_of(&tag).0), tag)
    }

    /// Removes what writers that were killed left behind.
    fn sweep_temporary(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.temporary)? {
            let entry = entry?;
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            if modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > STALE_TEMPORARY)) {
                // Another process may be sweeping too.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}

/// Renames a file, making the folder above as often as a deletion beside removes it.
fn rename_into(temporary: &Path, path: &Path) -> io::Result<()> {
    for _ in 0..MAX_FOLDER_RACES {
        match fs::rename(temporary, path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
            }
            done => return done,
        }
    }
    fs::rename(temporary, path)
}

/// Makes a rename survive a power cut.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent().map(File::open) {
        Some(Ok(folder)) => folder.sync_data(),
        _ => Ok(()),
    }
}

fn found<T>(key: &ObjectKey, read: io::Result<Found<T>>) -> Result<T, StoreError> {
    match read {
        Ok(Found::Whole(content)) => Ok(content),
        Ok(Found::Nothing) => Err(StoreError::NotFound { key: key.clone() }),
        Ok(Found::Damaged) => Err(StoreError::Damaged {
            key: key.to_string(),
            reason: "its content does not have the digest it was written with".to_owned(),
        }),
        Err(error) => Err(refused(key.as_str(), &error)),
    }
}

fn refused(key: &str, error: &io::Error) -> StoreError {
    StoreError::Refused { key: key.to_owned(), reason: error.to_string() }
}
