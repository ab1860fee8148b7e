//! `doctown price`: the cost of a job, or the price table.

use pipeline::Tenant;
use pipeline::receipt::{JobPrice, JobReceipt, PriceTable, RequestPrices, receipt};
use runtime::config::Config;
use serde::Serialize;

use crate::events::parse_job;
use crate::failure::{Exit, Failure};
use crate::output::{data, json, table, thousands, usd};
use crate::reading::{self, block_on, no_such_job};

/// The table that this program was built with.
const PRICES: &str = include_str!("../../../infra/prices.json");

/// What a job took and costs.
#[derive(Debug, Serialize)]
struct Priced {
    receipt: JobReceipt,
    price: JobPrice,
}

pub(crate) fn price(job: Option<&str>, config: &Config, as_json: bool) -> Result<(), Failure> {
    let prices: PriceTable = serde_json::from_str(PRICES).map_err(anyhow::Error::from)?;
    let Some(job) = job else {
        tell_prices(&prices, as_json);
        return Ok(());
    };
    let job = parse_job(job, "doctown submit")?;
    let receipt = block_on(async {
        let ports = reading::ports(config).await?;
        receipt(&ports, &Tenant::local(), &job).await.map_err(|error| no_such_job(&error))
    })?;
    let price =
        prices.price(&receipt).map_err(|reason| Failure::new(Exit::Failed, "price_missing", reason))?;
    match as_json {
        true => json("price", &Priced { receipt, price }),
        false => tell_job(&receipt, &price, &prices),
    }
    Ok(())
}

fn tell_prices(prices: &PriceTable, as_json: bool) {
    if as_json {
        return json("price", prices);
    }
    let rows: Vec<_> = prices
        .stages
        .iter()
        .map(|(stage, kind)| {
            let nano = prices.workers.get(kind).copied().unwrap_or(0);
            vec![stage.to_string(), kind.clone(), format!("{:.9}", nano as f64 / 1e9)]
        })
        .collect();
    data(&table(&["stage", "worker", "USD per second"], &rows));
    let RequestPrices { write, read, message } = prices.requests;
    let rows: Vec<_> = [("write or list", write), ("read", read), ("message", message)]
        .iter()
        .map(|(what, nano)| vec![(*what).to_owned(), format!("{:.9}", *nano as f64 / 1e9)])
        .collect();
    data(&table(&["request", "USD"], &rows));
    data(&format!("as of {}: {}", prices.as_of, prices.sources.join("; ")));
}

fn tell_job(receipt: &JobReceipt, price: &JobPrice, prices: &PriceTable) {
    let rows: Vec<_> = receipt
        .stages
        .iter()
        .map(|used| {
            vec![
                used.stage.to_string(),
                thousands(used.n_units),
                thousands(used.n_tries),
                format!("{:.2}", used.worker_ms as f64 / 1e3),
                prices.stages.get(&used.stage).cloned().unwrap_or_default(),
            ]
        })
        .collect();
    data(&table(&["stage", "units", "tries", "worker s", "worker"], &rows));
    data(&format!(
        "{} USD: {} compute, {} requests, {} tokens; prices as of {}",
        usd(price.total_micro_usd),
        usd(price.compute_micro_usd),
        usd(price.requests_micro_usd),
        usd(price.tokens_micro_usd),
        price.prices_as_of
    ));
    if price.uncertain_micro_usd > 0 {
        data(&format!(
            "up to {} USD more for answers that were lost or not counted",
            usd(price.uncertain_micro_usd)
        ));
    }
    if !receipt.billable {
        data(&format!("not billed: the job is {}", receipt.phase));
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use pipeline::key::{KeyPrefix, ObjectKey};
    use pipeline::port::{Object, PutMode, QueueError, QueueName, Receipt, Received, StoreError, Version};
    use pipeline::{
        ArtifactStore, BuildOptions, BuildRequest, JobFamily, NewJob, Phase, Queue, Worker, release_versions,
    };
    use runtime::host::local::run_job;
    use runtime::{LocalPorts, MemoryQueue, MemoryStore, SystemClock};
    use source::config::SourceConfig;
    use stage_ingest::Access;

    use super::*;
    use crate::stages::LocalStages;

    /// Calls of either port, each of which is one request to a service.
    #[derive(Default)]
    struct Counts {
        n_writes: AtomicU64,
        n_reads: AtomicU64,
        n_messages: AtomicU64,
    }

    fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    struct CountedStore(MemoryStore, Arc<Counts>);

    impl ArtifactStore for CountedStore {
        async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
            count(&self.1.n_reads);
            self.0.get(key).await
        }

        async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
            count(&self.1.n_reads);
            self.0.get_range(key, range).await
        }

        async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
            count(&self.1.n_writes);
            self.0.put(key, bytes, mode).await
        }

        async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
            count(&self.1.n_writes);
            self.0.list(prefix).await
        }

        async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
            self.0.delete(key).await
        }
    }

    struct CountedQueue(MemoryQueue<SystemClock>, Arc<Counts>);

    impl Queue for CountedQueue {
        async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), QueueError> {
            count(&self.1.n_messages);
            self.0.send(queue, body, delay).await
        }

        /// What finds nothing is the worker's to pay, not a job's.
        async fn receive(
            &self,
            queue: QueueName,
            visibility: Duration,
        ) -> Result<Option<Received>, QueueError> {
            let received = self.0.receive(queue, visibility).await?;
            if received.is_some() {
                count(&self.1.n_messages);
            }
            Ok(received)
        }

        async fn acknowledge(&self, queue: QueueName, receipt: &Receipt) -> Result<(), QueueError> {
            count(&self.1.n_messages);
            self.0.acknowledge(queue, receipt).await
        }

        async fn extend(
            &self,
            queue: QueueName,
            receipt: &Receipt,
            visibility: Duration,
        ) -> Result<(), QueueError> {
            count(&self.1.n_messages);
            self.0.extend(queue, receipt, visibility).await
        }

        async fn depth(&self, queue: QueueName) -> Result<u64, QueueError> {
            self.0.depth(queue).await
        }
    }

    #[test]
    fn a_job_is_priced_at_the_requests_that_it_makes() {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        for n in 0..12 {
            let text = format!("def f{n}(x):\n    \"\"\"Adds {n}.\"\"\"\n    return x + {n}\n");
            std::fs::write(folder.path().join(format!("part_{n}.py")), text).expect("files can be written");
        }
        let source = folder.path().canonicalize().expect("it exists");
        let options = BuildOptions { embeddings: false, ..BuildOptions::default() };
        let request = BuildRequest::new(source.to_str().expect("temporary paths are UTF-8"), options);
        let job = JobFamily::derive(&Tenant::local(), &request.source, &request.options, "price").run(1);
        let new = NewJob {
            tenant: Tenant::local(),
            owner: "local".to_owned(),
            queue_group: pipeline::QueueGroup::default(),
            trace_id: job.trace_id(),
            job: job.clone(),
            request,
            source_fingerprint: None,
            parent: None,
            stage_versions: release_versions(),
            embedder: None,
            time_limit: Duration::from_secs(3_600),
        };
        let counts = Arc::new(Counts::default());
        let ports = LocalPorts {
            store: CountedStore(MemoryStore::default(), Arc::clone(&counts)),
            queue: CountedQueue(MemoryQueue::new(SystemClock), Arc::clone(&counts)),
            clock: SystemClock,
            observer: None,
        };
        let stages = LocalStages::new(Access::own(SourceConfig::default()), None, None, 1);
        let worker = Arc::new(Worker::new(Arc::new(ports), stages, "price"));
        let prices: PriceTable = serde_json::from_str(PRICES).expect("it is the table of infra/");
        let (counted, priced) = block_on(async {
            worker.coordinator().submit(new).await.expect("memory takes every job");
            let state = run_job(&worker, &Tenant::local(), &job, 1).await.expect("it ends");
            assert_eq!(state.phase, Phase::Completed, "{:?}", state.error);
            let of = |counter: &AtomicU64, nano: u64| counter.load(Ordering::Relaxed) * nano;
            let counted = of(&counts.n_writes, prices.requests.write)
                + of(&counts.n_reads, prices.requests.read)
                + of(&counts.n_messages, prices.requests.message);
            let ports = worker.coordinator().ports();
            let receipt = receipt(&**ports, &Tenant::local(), &job).await.expect("it is over");
            Ok((counted, prices.price(&receipt).expect("every stage has a price").requests_micro_usd * 1_000))
        })
        .expect("memory does not fail");
        let off = priced.abs_diff(counted) * 100 / counted;
        assert!(off <= 15, "{priced} priced, {counted} counted, in billionths: {off} % off");
    }
}
