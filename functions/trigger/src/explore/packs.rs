//! Docpacks that were asked for a moment ago. How much memory they take is bounded, whatever is asked.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use compare::Comparison;
use docpack::ReadLimits;
use docpack::records::Manifest;
use ledger::DocpackRow;
use pipeline::key::ObjectKey;
use pipeline::{ArtifactStore, Ports};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::App;
use crate::codes;
use crate::explore::Explored;
use crate::explore::deflated::Deflated;
use crate::explore::members::{Member, Members, Pieces};
use crate::explore::previews::Previewed;
use crate::failure::{Answered, Failure};
use crate::once::Once;

/// Manifests that are kept; each is below 4 MB, most below 10 kB.
const MAX_PACKS: usize = 64;
/// Manifests that are read at the same time.
const MAX_OPENING: usize = 8;
/// Inflating, deflating and parsing at the same time: each takes a core.
const MAX_WORKING: usize = 2;
/// Packs whose records are in memory for search; room is what bounds them, this bounds the list.
const MAX_EXPLORED: usize = 64;
/// Entries, as the manifests state them, of all packs whose records are in memory or are being read.
const MAX_EXPLORED_BYTES: u64 = 1_000_000_000;
/// Packs whose previews are kept, with a picture of some 50 kB and words of some 50 kB each.
const MAX_PREVIEWED: usize = 64;
/// Room is counted in these.
const UNIT_BYTES: u64 = 1_000;

/// Something that is made once by whoever asks first, under the name of the pack it is of.
type Recent<T> = Mutex<Vec<(String, Arc<Once<T>>)>>;

/// The packs in memory, the one used last at the end.
pub(crate) struct Packs {
    kept: Recent<Arc<Pack>>,
    explored: Recent<Arc<Explored>>,
    previewed: Recent<Arc<Previewed>>,
    deflated: Arc<Deflated>,
    opening: Arc<Semaphore>,
    working: Arc<Semaphore>,
    /// For the records of packs.
    room: Arc<Semaphore>,
    /// For entries that are being sent.
    places: Arc<Semaphore>,
}

/// One pack: what its manifest says, and where its entries lie.
pub(crate) struct Pack {
    pub(crate) manifest: Manifest,
    key: ObjectKey,
    size_bytes: u64,
    members: Arc<tokio::sync::Mutex<Members>>,
}

/// What the manifest says of an entry.
pub(crate) struct Stated {
    pub(crate) sha256: String,
    /// `None` of the manifest, which says nothing of itself.
    pub(crate) size_bytes: Option<u64>,
}

impl Packs {
    /// Keeps nothing yet; so many entries may be sent at the same time.
    pub(crate) fn new(max_entries: usize) -> Self {
        Self {
            kept: Mutex::default(),
            explored: Mutex::default(),
            previewed: Mutex::default(),
            deflated: Arc::default(),
            opening: Arc::new(Semaphore::new(MAX_OPENING)),
            working: Arc::new(Semaphore::new(MAX_WORKING)),
            room: Arc::new(Semaphore::new((MAX_EXPLORED_BYTES / UNIT_BYTES) as usize)),
            places: Arc::new(Semaphore::new(max_entries)),
        }
    }

    /// Reads a pack's manifest, or finds it kept; who asks meanwhile waits for the same reading.
    pub(crate) async fn pack(&self, app: &App, row: &DocpackRow) -> Answered<Arc<Pack>> {
        let cell = recent(&self.kept, &row.storage_url, MAX_PACKS);
        let (app, row, opening) = (app.clone(), row.clone(), Arc::clone(&self.opening));
        let open = || async move {
            let _place = opening.acquire_owned().await.map_err(Failure::internal)?;
            Pack::open(&app, &row).await.map(Arc::new)
        };
        cell.get(open).await
    }

    /// Returns a pack's records and indexes, made once.
    pub(crate) async fn explored(&self, app: &App, row: &DocpackRow) -> Answered<Arc<Explored>> {
        let pack = self.pack(app, row).await?;
        let n_bytes: u64 = pack.manifest.entries.iter().map(|entry| entry.bytes).sum();
        if n_bytes > MAX_EXPLORED_BYTES {
            let detail = format!("its entries have {n_bytes} bytes, the limit is {MAX_EXPLORED_BYTES}");
            return Err(Failure::new(codes::DOCPACK_TOO_LARGE, detail));
        }
        let cell = recent(&self.explored, &row.storage_url, MAX_EXPLORED);
        let (app, name) = (app.clone(), row.storage_url.clone());
        let make = || async move {
            let room = app.packs().room_for(n_bytes, &name).await?;
            let archive = pack.archive(&app, 0..pack.size_bytes);
            app.packs()
                .blocking(move || {
                    let pack =
                        docpack::read(archive, &ReadLimits::default()).map_err(|error| error.to_string())?;
                    Ok(Arc::new(Explored::of(pack, room)))
                })
                .await
        };
        cell.get(make).await
    }

    /// Compares two packs. Room for both is taken at once: two requests that each hold one would wait for ever.
    pub(crate) async fn compared(
        &self,
        app: &App,
        before: &DocpackRow,
        after: &DocpackRow,
    ) -> Answered<Comparison> {
        let (older, newer) = (self.pack(app, before).await?, self.pack(app, after).await?);
        let entries = || older.manifest.entries.iter().chain(&newer.manifest.entries);
        let n_bytes: u64 = entries().map(|entry| entry.bytes).sum();
        if n_bytes > MAX_EXPLORED_BYTES {
            let detail = format!("their entries have {n_bytes} bytes, the limit is {MAX_EXPLORED_BYTES}");
            return Err(Failure::new(codes::DOCPACK_TOO_LARGE, detail));
        }
        let room = self.room_for(n_bytes, "").await?;
        let archives = [&older, &newer].map(|pack| pack.archive(app, 0..pack.size_bytes));
        self.blocking(move || {
            let _room = room;
            let [older, newer] = archives.map(|archive| docpack::read(archive, &ReadLimits::default()));
            let (older, newer) = (older.map_err(|it| it.to_string())?, newer.map_err(|it| it.to_string())?);
            Ok(compare::compare(&compare::Pack::of(&older), &compare::Pack::of(&newer)))
        })
        .await
    }

    /// Returns what links to a pack show, read once.
    pub(crate) async fn previewed(&self, app: &App, row: &DocpackRow) -> Answered<Arc<Previewed>> {
        let pack = self.pack(app, row).await?;
        let cell = recent(&self.previewed, &row.storage_url, MAX_PREVIEWED);
        let (app, row) = (app.clone(), row.clone());
        cell.get(|| async move { Previewed::open(&app, &row, pack).await.map(Arc::new) }).await
    }

    /// Takes room for a pack's records, in the place of those that were used longest ago.
    async fn room_for(&self, n_bytes: u64, name: &str) -> Answered<OwnedSemaphorePermit> {
        let n_units = n_bytes.div_ceil(UNIT_BYTES) as u32;
        loop {
            if let Ok(room) = Arc::clone(&self.room).try_acquire_many_owned(n_units) {
                return Ok(room);
            }
            let mut explored = self.explored.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(first) = explored.iter().position(|(other, _)| other != name) else { break };
            explored.remove(first);
        }
        // What is still looked through gives its room back in a moment.
        Arc::clone(&self.room).acquire_many_owned(n_units).await.map_err(Failure::internal)
    }

    /// Takes a place for an entry that is sent, and waits for one for as long as the settings say.
    pub(crate) async fn place(&self, app: &App) -> Answered<OwnedSemaphorePermit> {
        let taking = Arc::clone(&self.places).acquire_owned();
        match tokio::time::timeout(app.settings().entry_wait, taking).await {
            Ok(place) => place.map_err(Failure::internal),
            Err(_) => {
                let detail = format!("{} entries are being sent", app.settings().max_entries);
                Err(Failure::new(codes::TOO_MANY_ENTRIES_SENT, detail).retry_after(5))
            }
        }
    }

    pub(crate) fn deflated(&self) -> &Arc<Deflated> {
        &self.deflated
    }

    /// Runs what takes a core, when one is free; what was begun goes on though nobody waits for it, and keeps
    /// others from its core until it is done.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Answered<T> {
        let place = Arc::clone(&self.working).acquire_owned().await.map_err(Failure::internal)?;
        let working = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        working.await.map_err(Failure::internal)?.map_err(Failure::internal)
    }
}

/// Finds the cell of a pack, or makes one in the place of the one used longest ago.
fn recent<T: Clone>(cells: &Recent<T>, name: &str, max: usize) -> Arc<Once<T>> {
    let mut cells = cells.lock().unwrap_or_else(PoisonError::into_inner);
    let found = cells.iter().position(|(other, _)| other == name).map(|at| cells.remove(at));
    let (name, cell) = found.unwrap_or_else(|| (name.to_owned(), Arc::default()));
    cells.push((name, Arc::clone(&cell)));
    if cells.len() > max {
        cells.remove(0);
    }
    cell
}

impl Pack {
    async fn open(app: &App, row: &DocpackRow) -> Answered<Self> {
        let key = ObjectKey::from_listed(&row.storage_url);
        let key = key.ok_or_else(|| Failure::internal("the ledger names no object"))?;
        let manifest = ledger::manifest(app.ports().store(), &key).await?.ok_or_else(|| {
            Failure::new(codes::NO_SUCH_DOCPACK, "the docpack is no longer in the store, or damaged there")
        })?;
        Ok(Self { manifest, key, size_bytes: row.size_bytes, members: Arc::default() })
    }

    /// Returns what the manifest states of an entry; the manifest's digest is the pack's id.
    pub(crate) fn stated(&self, path: &str) -> Option<Stated> {
        if path == docpack::entries::MANIFEST {
            return Some(Stated { sha256: self.manifest.docpack_id.hex(), size_bytes: None });
        }
        let entry = self.manifest.entries.iter().find(|entry| entry.path == path)?;
        Some(Stated { sha256: entry.sha256.clone(), size_bytes: Some(entry.bytes) })
    }

    /// Finds where an entry lies; what is learned on the way is kept, though nobody waits for it any more.
    pub(crate) async fn member(&self, app: &App, path: &str) -> Answered<Member> {
        let mut members = Arc::clone(&self.members).lock_owned().await;
        if let Some(member) = members.get(path) {
            return Ok(member);
        }
        let archive = self.archive(app, members.n_scanned()..self.size_bytes);
        let path = path.to_owned();
        app.packs()
            .blocking(move || {
                let found = members.scan_to(archive, &path).map_err(|error| error.to_string())?;
                found.ok_or_else(|| format!("`{path}` is not in the archive"))
            })
            .await
    }

    /// Reads the archive piece by piece, on a thread that may block.
    pub(crate) fn archive(&self, app: &App, bytes: Range<u64>) -> Pieces {
        let (app, key, runtime) = (app.clone(), self.key.clone(), Handle::current());
        let read = move |range| {
            let reading = app.ports().store().get_range(&key, range);
            runtime.block_on(reading).map_err(std::io::Error::other)
        };
        Pieces::new(Box::new(read), bytes)
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn records_of_packs_share_one_room() {
        let packs = Packs::new(1);
        let first = packs.room_for(600_000_000, "a").await.expect("all of it is free");
        let mut second = Box::pin(packs.room_for(600_000_000, "b"));
        assert!(second.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(first);
        assert!(second.await.is_ok());
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_core_until_it_is_done() {
        let packs = Packs::new(1);
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let work = move || wait.recv().map_err(|error| error.to_string());
        let mut asking = Box::pin(packs.blocking(work));
        assert!(asking.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        drop(asking);
        assert_eq!(packs.working.available_permits(), MAX_WORKING - 1);
        go.send(()).expect("the work waits");
        let all = packs.working.acquire_many(MAX_WORKING as u32).await;
        assert!(all.is_ok());
    }
}
