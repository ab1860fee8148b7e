//! Docpacks that were read a moment ago.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use docpack::records::Manifest;
use docpack::{ReadLimits, read, read_entries, read_manifest};
use flate2::Compression;
use flate2::write::GzEncoder;
use ledger::DocpackRow;
use pipeline::key::ObjectKey;
use pipeline::{ArtifactStore, Ports};
use tokio::sync::{OnceCell, Semaphore};

use crate::app::App;
use crate::codes;
use crate::explore::Explored;
use crate::failure::{Answered, Failure};

/// Archives that are kept, together; indexes take some ten times as much beside them.
const MAX_KEPT_BYTES: u64 = 64_000_000;
/// Packs that are taken apart at the same time: each takes a core and memory.
const MAX_READING: usize = 2;
/// Entries of one pack that are kept deflated.
const MAX_DEFLATED: usize = 32;

/// A pack that is read once, by whoever asks first.
type Cell = Arc<OnceCell<Arc<Pack>>>;

/// The packs in memory, the one used last at the end.
pub(crate) struct Packs {
    kept: Mutex<Vec<(String, Cell, u64)>>,
    reading: Arc<Semaphore>,
}

/// One pack in memory.
pub(crate) struct Pack {
    pub(crate) manifest: Manifest,
    archive: Bytes,
    explored: OnceCell<Arc<Explored>>,
    deflated: Mutex<HashMap<String, Bytes>>,
    reading: Arc<Semaphore>,
}

impl Default for Packs {
    fn default() -> Self {
        Self { kept: Mutex::default(), reading: Arc::new(Semaphore::new(MAX_READING)) }
    }
}

impl Packs {
    /// Reads a pack, or finds it kept; who asks meanwhile waits for the same reading.
    pub(crate) async fn pack(&self, app: &App, row: &DocpackRow) -> Answered<Arc<Pack>> {
        let cell = self.cell(&row.storage_url, row.size_bytes);
        let reading = Arc::clone(&self.reading);
        let pack =
            cell.get_or_try_init(|| async { Pack::read(app, row, reading).await.map(Arc::new) }).await?;
        Ok(Arc::clone(pack))
    }

    fn cell(&self, name: &str, size_bytes: u64) -> Cell {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(other, ..)| other == name).map(|at| kept.remove(at));
        let (name, cell, size_bytes) = found.unwrap_or_else(|| (name.to_owned(), Arc::default(), size_bytes));
        kept.push((name, Arc::clone(&cell), size_bytes));
        while kept.len() > 1 && kept.iter().map(|(.., bytes)| bytes).sum::<u64>() > MAX_KEPT_BYTES {
            kept.remove(0);
        }
        cell
    }
}

impl Pack {
    async fn read(app: &App, row: &DocpackRow, reading: Arc<Semaphore>) -> Answered<Self> {
        let key = ObjectKey::from_listed(&row.storage_url);
        let key = key.ok_or_else(|| Failure::internal("the ledger names no object"))?;
        let archive = match app.ports().store().get(&key).await {
            Ok(object) => Bytes::from(object.bytes),
            Err(pipeline::port::StoreError::NotFound { .. }) => {
                return Err(Failure::new(codes::NO_SUCH_DOCPACK, "the docpack is no longer in the store"));
            }
            Err(error) => return Err(error.into()),
        };
        let manifest = read_manifest(archive.as_ref(), &ReadLimits::default()).map_err(Failure::internal)?;
        Ok(Self { manifest, archive, explored: OnceCell::new(), deflated: Mutex::default(), reading })
    }

    /// Returns the digest of an entry that the manifest lists; the manifest's own is the pack's.
    pub(crate) fn digest_of(&self, path: &str) -> Option<String> {
        if path == docpack::entries::MANIFEST {
            return Some(self.manifest.docpack_id.hex());
        }
        let entry = self.manifest.entries.iter().find(|entry| entry.path == path)?;
        Some(entry.sha256.clone())
    }

    /// Reads one entry.
    pub(crate) async fn entry(&self, path: &str) -> Answered<Bytes> {
        if path == docpack::entries::MANIFEST {
            let text = docpack::canonical::to_vec(&self.manifest).map_err(Failure::internal)?;
            return Ok(Bytes::from(text));
        }
        let (archive, path) = (self.archive.clone(), path.to_owned());
        self.blocking(move || {
            let entry = docpack::entries::entry_of(&path).to_owned();
            let (_, mut found) = read_entries(archive.as_ref(), &ReadLimits::default(), &[&entry])
                .map_err(|error| error.to_string())?;
            found.remove(&path).map(Bytes::from).ok_or_else(|| format!("`{path}` is not in the archive"))
        })
        .await
    }

    /// Deflates an entry, or finds it kept.
    pub(crate) async fn deflated(&self, path: &str, bytes: Bytes) -> Answered<Bytes> {
        let kept = self.deflated.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let deflated = self
            .blocking(move || {
                let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
                encoder.write_all(&bytes).and_then(|()| encoder.finish()).map_err(|error| error.to_string())
            })
            .await?;
        let deflated = Bytes::from(deflated);
        let mut all = self.deflated.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MAX_DEFLATED {
            all.insert(path.to_owned(), deflated.clone());
        }
        Ok(deflated)
    }

    /// Returns the pack's records and indexes, made once.
    pub(crate) async fn explored(&self) -> Answered<Arc<Explored>> {
        let make = || async {
            let archive = self.archive.clone();
            self.blocking(move || {
                let pack =
                    read(archive.as_ref(), &ReadLimits::default()).map_err(|error| error.to_string())?;
                Ok(Arc::new(Explored::of(pack)))
            })
            .await
        };
        Ok(Arc::clone(self.explored.get_or_try_init(make).await?))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Answered<T> {
        let _place = self.reading.acquire().await.map_err(Failure::internal)?;
        let done = tokio::task::spawn_blocking(work).await.map_err(Failure::internal)?;
        done.map_err(Failure::internal)
    }
}
