//! A durable queue in a folder that one process holds at a time.
//!
//! A message is a file from its sending to its acknowledgement. Delays, visibility and counts of
//! receipts live in memory: a process that opens the folder knows that no other is at work, so every
//! message it finds is visible at once.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pipeline::port::{QueueError, QueueName, Receipt, Received};
use pipeline::{Clock, Queue, StageName, Timestamp};

use crate::queue::messages::{Buried, MessageId, Messages};

/// Messages are ids, a few hundred bytes; a longer file was not written by this queue.
const MAX_MESSAGE_BYTES: u64 = 65_536;

/// Keeps messages as files in a folder, which stays locked as long as the queue lives.
#[derive(Debug)]
pub struct LocalQueue<C> {
    clock: C,
    held: Arc<Held>,
}

/// Why a folder cannot be opened as a queue.
#[derive(Debug, thiserror::Error)]
pub enum OpenQueueError {
    #[error("another process works in `{folder}`; wait for it or end it")]
    InUse { folder: PathBuf },
    #[error("cannot use `{folder}` as a queue: {source}")]
    Unusable { folder: PathBuf, source: io::Error },
}

#[derive(Debug)]
struct Held {
    folder: PathBuf,
    messages: Mutex<Messages>,
    /// Locked until it is closed, which a crash does too.
    _lock: File,
}

impl<C: Clock> LocalQueue<C> {
    /// Opens the queue in `folder`, which is made where it does not exist.
    pub fn open(folder: &Path, clock: C) -> Result<Self, OpenQueueError> {
        let unusable = |source| OpenQueueError::Unusable { folder: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(unusable)?;
        let lock = File::options().create(true).append(true).open(folder.join("lock")).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenQueueError::InUse { folder: folder.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let mut messages = Messages::default();
        for queue in every_queue() {
            load(&folder.join(queue.to_string()), queue, &mut messages).map_err(unusable)?;
        }
        let held = Held { folder: folder.to_owned(), messages: Mutex::new(messages), _lock: lock };
        Ok(Self { clock, held: Arc::new(held) })
    }

    /// Runs blocking work on a thread of its own.
    async fn blocking<T: Send + 'static>(
        &self,
        queue: QueueName,
        work: impl FnOnce(&Held) -> io::Result<T> + Send + 'static,
    ) -> Result<T, QueueError> {
        let held = Arc::clone(&self.held);
        let done =
            tokio::task::spawn_blocking(move || work(&held)).await.unwrap_or_else(|error| Err(error.into()));
        done.map_err(|error| QueueError::Refused { queue, reason: error.to_string() })
    }
}

impl<C: Clock> Queue for LocalQueue<C> {
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
        let (body, visible_at) = (body.to_owned(), self.clock.now().plus(delay));
        self.blocking(queue, move |held| held.send(queue, body, visible_at)).await
    }

    async fn receive(&self, queue: QueueName, visibility: Duration) -> Result<Option<Received>, QueueError> {
        let now = self.clock.now();
        let buried = self.held.lock().bury(queue, now);
        if !buried.is_empty() {
            self.blocking(queue, move |held| held.move_files(&buried)).await?;
        }
        Ok(self.held.lock().receive(queue, now, visibility))
    }

    async fn acknowledge(&self, queue: QueueName, receipt: &Receipt) -> Result<(), QueueError> {
        let Some(id) = self.held.lock().acknowledge(queue, receipt) else { return Ok(()) };
        self.blocking(queue, move |held| remove(&held.path_of(queue, id))).await
    }

    async fn extend(
        &self,
        queue: QueueName,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        let visible_at = self.clock.now().plus(visibility);
        self.held.lock().extend(queue, receipt, visible_at);
        Ok(())
    }

    async fn depth(&self, queue: QueueName) -> Result<u64, QueueError> {
        Ok(self.held.lock().depth(queue))
    }
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path_of(&self, queue: QueueName, id: MessageId) -> PathBuf {
        self.folder.join(queue.to_string()).join(format!("{id:016}"))
    }

    /// Writes the file before the message can be received: what was handed out once survives a crash.
    fn send(&self, queue: QueueName, body: String, visible_at: Timestamp) -> io::Result<()> {
        let id = self.lock().next_id();
        let path = self.path_of(queue, id);
        let folder = self.folder.join(queue.to_string());
        fs::create_dir_all(&folder)?;
        let temporary = path.with_extension("part");
        let mut file = File::create(&temporary)?;
        file.write_all(body.as_bytes())?;
        file.sync_data()?;
        fs::rename(&temporary, &path)?;
        File::open(&folder)?.sync_data()?;
        self.lock().insert(queue, id, body, visible_at);
        Ok(())
    }

    fn move_files(&self, buried: &[Buried]) -> io::Result<()> {
        for Buried { from, to, id } in buried {
            fs::create_dir_all(self.folder.join(to.to_string()))?;
            fs::rename(self.path_of(*from, *id), self.path_of(*to, *id))?;
        }
        Ok(())
    }
}

fn every_queue() -> impl Iterator<Item = QueueName> {
    StageName::ALL.into_iter().flat_map(|stage| [QueueName::work(stage), QueueName::dead(stage)])
}

/// Reads the messages of one queue; what is no message of ours, or half of one, is removed.
fn load(folder: &Path, queue: QueueName, messages: &mut Messages) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let id = entry.file_name().to_str().and_then(|name| name.parse::<MessageId>().ok());
        let n_bytes = entry.metadata()?.len();
        match id {
            Some(id) if (1..=MAX_MESSAGE_BYTES).contains(&n_bytes) => {
                let body = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
                messages.insert(queue, id, body, Timestamp::default());
            }
            _ => remove(&entry.path())?,
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
