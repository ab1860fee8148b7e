//! The ports of a process in a cloud: a bucket and a set of queues, checked before they are used.

use pipeline::{BuildOptions, Clock, JobFamily, Tenant};

use crate::aws;
use crate::clock::SystemClock;
use crate::config::{Config, StoreConfig};
use crate::host::StartError;
use crate::ports::{AnyPorts, LocalPorts, Observer};
use crate::queue::{AnyQueue, SqsQueue};
use crate::store::{AnyStore, S3Store};

/// A store in a bucket, queues in SQS.
pub type CloudPorts = LocalPorts<S3Store, SqsQueue>;

/// Opens bucket and queues; `wait` bounds how long a receive waits for a message.
///
/// # Errors
/// `store_not_shared` where no bucket is configured, `store_unavailable` where bucket or queues cannot be
/// used, `store_no_cas` where the bucket does not honour conditional writes.
pub async fn open(config: &Config, observer: Option<Observer>) -> Result<CloudPorts, StartError> {
    let StoreConfig::S3 { bucket, prefix, path_style, keys } = &config.store else {
        return Err(StartError::new("store_not_shared", format!("`{}` is no bucket", config.store))
            .with_help("set DOCTOWN_STORE to `s3://BUCKET/PREFIX`"));
    };
    let unavailable = |error: &dyn std::error::Error| {
        StartError::new("store_unavailable", error.to_string())
            .with_help("`doctown config show` tells which bucket and queues are meant")
    };
    let sdk = aws::sdk_config().await;
    let store = S3Store::new(aws::s3_client(&sdk, *path_style, keys.as_ref()), bucket, prefix);
    // A name of this moment, so that two probes do not meet.
    let moment = format!("{}-{}", std::process::id(), SystemClock.now());
    let probed = JobFamily::derive(&Tenant::local(), "probe", &BuildOptions::default(), &moment).run(1);
    let probing = store.probe(&probed);
    let opening = SqsQueue::open(aws::sqs_client(&sdk), &config.environment);
    let (probe, queue) = tokio::join!(probing, opening);
    probe.map_err(|error| match error {
        crate::store::UnfitStoreError::NoCompareAndSwap { .. } => {
            StartError::new("store_no_cas", error.to_string())
                .with_help("choose a store with conditional writes: S3, R2 or another that honours If-Match")
        }
        error => unavailable(&error),
    })?;
    let queue = queue.map_err(|error| unavailable(&error))?;
    Ok(LocalPorts { store, queue, clock: SystemClock, observer })
}

/// As [`open`], for what works on a laptop too.
pub async fn open_any(config: &Config, observer: Option<Observer>) -> Result<AnyPorts, StartError> {
    let LocalPorts { store, queue, clock, observer } = open(config, observer).await?;
    Ok(LocalPorts { store: AnyStore::S3(store), queue: AnyQueue::Sqs(queue), clock, observer })
}
