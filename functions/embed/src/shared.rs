//! Texts of several units, also of several jobs, in one batch: what a GPU needs to be busy.

use std::sync::Arc;
use std::time::Duration;

use embed::{Batcher, EmbedError, Embedder, FLUSH_AFTER_MS, MAX_BATCH_CHUNKS};
use pipeline::CancelFlag;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// Texts that wait for a batch; two full ones, so that one is gathered while one is computed.
const MAX_WAITING: usize = 2 * MAX_BATCH_CHUNKS;

/// One unit's vectors, in the order of its texts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Computed {
    pub(crate) vectors: Vec<Vec<f32>>,
    pub(crate) n_tokens: u64,
    /// The batches whose first text was this unit's: each batch is told of once.
    pub(crate) batches: Vec<BatchDone>,
}

/// One run of the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BatchDone {
    pub(crate) n_chunks: u64,
    pub(crate) duration_ms: u64,
}

/// Why a unit has no vectors; an error of a batch is that of every unit in it.
pub(crate) type BatchError = Arc<EmbedError>;

/// Gathers the texts of all units of this process; clones feed the same batches.
#[derive(Clone)]
pub(crate) struct SharedBatches {
    items: mpsc::Sender<Item>,
}

/// One text on its way.
struct Item {
    text: String,
    cancel: CancelFlag,
    /// Is told the size of the batch that this text is the first of, when the model begins with it.
    began: mpsc::UnboundedSender<u64>,
    done: oneshot::Sender<Result<ItemDone, BatchError>>,
}

struct ItemDone {
    vector: Vec<f32>,
    n_tokens: u64,
    /// Told with the first text of the batch.
    batch: Option<BatchDone>,
}

impl SharedBatches {
    /// Starts gathering for this embedder; ends when the last clone is dropped. Must be called in a runtime.
    pub(crate) fn start(embedder: Arc<Embedder>) -> Self {
        let (items, waiting) = mpsc::channel(MAX_WAITING);
        tokio::spawn(gather(waiting, move |texts: Vec<String>| {
            embedder.embed(&texts, &|| false).map(|embedded| {
                let n_tokens = embedded.n_tokens as u64;
                (embedded.vectors.rows().map(<[f32]>::to_vec).collect(), n_tokens)
            })
        }));
        Self { items }
    }

    /// Has texts embedded, in whatever batches they come to lie; `began` is told of each batch whose first
    /// text is one of them.
    pub(crate) async fn embed(
        &self,
        texts: Vec<String>,
        cancel: &CancelFlag,
        began: mpsc::UnboundedSender<u64>,
    ) -> Result<Computed, BatchError> {
        let mut waiting = Vec::with_capacity(texts.len());
        for text in texts {
            let (done, answer) = oneshot::channel();
            let item = Item { text, cancel: cancel.clone(), began: began.clone(), done };
            self.items.send(item).await.map_err(|_| lost())?;
            waiting.push(answer);
        }
        let mut computed =
            Computed { vectors: Vec::with_capacity(waiting.len()), n_tokens: 0, batches: Vec::new() };
        for answer in waiting {
            let ItemDone { vector, n_tokens, batch } = answer.await.map_err(|_| lost())??;
            computed.vectors.push(vector);
            computed.n_tokens += n_tokens;
            computed.batches.extend(batch);
        }
        Ok(computed)
    }
}

fn lost() -> BatchError {
    Arc::new(EmbedError::InferenceFailed { reason: "the batch was lost".to_owned() })
}

/// Takes texts as they come, and computes a batch when it is full or its first text has waited long enough.
async fn gather<F>(mut waiting: mpsc::Receiver<Item>, compute: F)
where
    F: Fn(Vec<String>) -> Result<(Vec<Vec<f32>>, u64), EmbedError> + Clone + Send + 'static,
{
    let started = Instant::now();
    let now_ms = || started.elapsed().as_millis() as u64;
    let mut batcher = Batcher::new(MAX_BATCH_CHUNKS);
    loop {
        let due = batcher.due_at_ms().map_or(FLUSH_AFTER_MS, |due| due.saturating_sub(now_ms()));
        let batch = tokio::select! {
            item = waiting.recv() => match item {
                Some(item) => batcher.push(item, now_ms()),
                None => match batcher.flush() {
                    Some(rest) => { run(rest, &compute).await; return }
                    None => return,
                },
            },
            () = tokio::time::sleep(Duration::from_millis(due)) => batcher.poll(now_ms()),
        };
        if let Some(batch) = batch {
            run(batch, &compute).await;
        }
    }
}

async fn run<F>(batch: Vec<Item>, compute: &F)
where
    F: Fn(Vec<String>) -> Result<(Vec<Vec<f32>>, u64), EmbedError> + Clone + Send + 'static,
{
    let (mut batch, stopped): (Vec<Item>, Vec<Item>) =
        batch.into_iter().partition(|item| !item.cancel.is_set());
    for item in stopped {
        let _ = item.done.send(Err(Arc::new(EmbedError::Cancelled)));
    }
    let Some(first) = batch.first() else { return };
    // A unit that no longer listens was given up.
    let _ = first.began.send(batch.len() as u64);
    let texts = batch.iter_mut().map(|item| std::mem::take(&mut item.text)).collect();
    let (started, compute) = (Instant::now(), compute.clone());
    let computed = match tokio::task::spawn_blocking(move || compute(texts)).await {
        Ok(computed) => computed.map_err(Arc::new),
        Err(panic) => Err(Arc::new(EmbedError::InferenceFailed { reason: panic.to_string() })),
    };
    let done = BatchDone { n_chunks: batch.len() as u64, duration_ms: started.elapsed().as_millis() as u64 };
    match computed {
        Ok((vectors, n_tokens)) => {
            let n_items = batch.len() as u64;
            for (idx, (item, vector)) in (0..).zip(batch.into_iter().zip(vectors)) {
                // Tokens are known of the batch alone: each text is told its share, the first the rest too.
                let share = n_tokens / n_items + if idx == 0 { n_tokens % n_items } else { 0 };
                let batch = (idx == 0).then_some(done);
                let _ = item.done.send(Ok(ItemDone { vector, n_tokens: share, batch }));
            }
        }
        Err(error) => batch.into_iter().for_each(|item| drop(item.done.send(Err(Arc::clone(&error))))),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Gathers for a model that gives each text its length, and notes the sizes of its batches.
    fn shared(sizes: &Arc<Mutex<Vec<usize>>>) -> SharedBatches {
        let (items, waiting) = mpsc::channel(MAX_WAITING);
        let sizes = Arc::clone(sizes);
        tokio::spawn(gather(waiting, move |texts: Vec<String>| {
            sizes.lock().unwrap().push(texts.len());
            if texts.iter().any(|text| text == "bad") {
                return Err(EmbedError::InferenceFailed { reason: "bad".to_owned() });
            }
            Ok((texts.iter().map(|text| vec![text.len() as f32]).collect(), texts.len() as u64 * 10))
        }));
        SharedBatches { items }
    }

    /// Tells nobody when batches begin.
    fn untold() -> mpsc::UnboundedSender<u64> {
        mpsc::unbounded_channel().0
    }

    fn texts(n: usize, len: usize) -> Vec<String> {
        vec!["x".repeat(len); n]
    }

    #[tokio::test(start_paused = true)]
    async fn units_share_batches_and_get_their_own_vectors() {
        let sizes = Arc::default();
        let batches = shared(&sizes);
        let never = CancelFlag::default();
        let (one, two, three) = tokio::join!(
            batches.embed(texts(100, 1), &never, untold()),
            batches.embed(texts(100, 2), &never, untold()),
            batches.embed(texts(100, 3), &never, untold())
        );
        for (len, computed) in [(1.0, one), (2.0, two), (3.0, three)] {
            assert!(computed.unwrap().vectors.iter().all(|vector| *vector == [len]));
        }
        assert_eq!(*sizes.lock().unwrap(), [256, 44], "a full batch, and the rest when it has waited");
    }

    #[tokio::test(start_paused = true)]
    async fn every_batch_is_told_of_once_and_every_token_is_counted() {
        let sizes = Arc::default();
        let batches = shared(&sizes);
        let never = CancelFlag::default();
        let (one, two) = tokio::join!(
            batches.embed(texts(300, 1), &never, untold()),
            batches.embed(texts(7, 2), &never, untold())
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        let told: u64 = one.batches.iter().chain(&two.batches).map(|batch| batch.n_chunks).sum();
        assert_eq!((told, one.n_tokens + two.n_tokens), (307, 3_070));
    }

    #[tokio::test(start_paused = true)]
    async fn a_unit_hears_of_its_batches_before_the_model_is_done() {
        let sizes = Arc::default();
        let batches = shared(&sizes);
        let (began, mut begun) = mpsc::unbounded_channel();
        let never = CancelFlag::default();
        let computing = batches.embed(texts(300, 1), &never, began);
        tokio::pin!(computing);
        let first = tokio::select! {
            biased;
            first = begun.recv() => first,
            _ = &mut computing => None,
        };
        assert_eq!(first, Some(256));
        computing.await.unwrap();
        assert_eq!((begun.recv().await, begun.recv().await), (Some(44), None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_unit_that_is_cancelled_leaves_the_others_alone() {
        let sizes = Arc::default();
        let batches = shared(&sizes);
        let (never, cancelled) = (CancelFlag::default(), CancelFlag::default());
        cancelled.set();
        let (one, two) = tokio::join!(
            batches.embed(texts(3, 1), &never, untold()),
            batches.embed(texts(3, 2), &cancelled, untold())
        );
        assert!(one.is_ok());
        assert!(matches!(*two.unwrap_err(), EmbedError::Cancelled));
        assert_eq!(*sizes.lock().unwrap(), [3]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_that_fails_fails_its_units_and_no_later_one() {
        let sizes = Arc::default();
        let batches = shared(&sizes);
        let never = CancelFlag::default();
        let failed = batches.embed(vec!["bad".to_owned()], &never, untold()).await;
        assert!(matches!(*failed.unwrap_err(), EmbedError::InferenceFailed { .. }));
        assert!(batches.embed(texts(1, 1), &never, untold()).await.is_ok());
        assert_eq!(batches.embed(Vec::new(), &never, untold()).await.unwrap().vectors.len(), 0);
    }
}
