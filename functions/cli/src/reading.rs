//! A store to read jobs from, whichever is configured.

use std::future::Future;
use std::sync::Arc;

use pipeline::{Coordinator, PipelineError};
use runtime::config::{Config, Secret, StoreConfig};
use runtime::store::AnyStore;
use runtime::{DirectoryStore, LocalPorts, MemoryQueue, SystemClock};

use crate::failure::{Exit, Failure};

/// Nothing is sent by what only reads.
pub(crate) type ReadPorts = LocalPorts<AnyStore, MemoryQueue<SystemClock>>;

/// Opens the store.
pub(crate) async fn ports(config: &Config) -> Result<ReadPorts, Failure> {
    let store = match &config.store {
        StoreConfig::Folder(folder) => {
            AnyStore::Directory(DirectoryStore::open(folder).map_err(|error| {
                Failure::new(Exit::Failed, "store_unavailable", error.to_string())
                    .with_help("`doctown config show` tells which folder is meant")
            })?)
        }
        StoreConfig::S3 { bucket, prefix, path_style, keys } => {
            s3(bucket, prefix, *path_style, keys.as_ref()).await?
        }
    };
    Ok(LocalPorts { store, queue: MemoryQueue::new(SystemClock), clock: SystemClock, observer: None })
}

/// Opens the store to look at jobs in.
pub(crate) async fn coordinator(config: &Config) -> Result<Coordinator<ReadPorts>, Failure> {
    Ok(Coordinator::new(Arc::new(ports(config).await?), "reader"))
}

#[cfg(feature = "aws")]
async fn s3(
    bucket: &str,
    prefix: &str,
    path_style: bool,
    keys: Option<&(String, Secret)>,
) -> Result<AnyStore, Failure> {
    let sdk = runtime::aws::sdk_config().await;
    let client = runtime::aws::s3_client(&sdk, path_style, keys);
    Ok(AnyStore::S3(runtime::store::S3Store::new(client, bucket, prefix)))
}

#[cfg(not(feature = "aws"))]
async fn s3(
    bucket: &str,
    _prefix: &str,
    _path_style: bool,
    _keys: Option<&(String, Secret)>,
) -> Result<AnyStore, Failure> {
    let message = format!("this program was built without S3, and the store is bucket `{bucket}`");
    Err(Failure::new(Exit::Usage, "built_without_aws", message).with_help("build it with `--features aws`"))
}

/// Tells of a store that cannot be read.
pub(crate) fn unreadable(error: &dyn std::error::Error) -> Failure {
    Failure::new(Exit::UpstreamDown, "store_unavailable", error.to_string())
        .with_help("`doctown config show` tells which store is meant")
}

/// Tells of a job that is not there, or of a store that cannot be read.
pub(crate) fn no_such_job(error: &PipelineError) -> Failure {
    match error {
        PipelineError::NoSuchJob { .. } => Failure::new(Exit::InputRefused, "no_such_job", error.to_string())
            .with_help("`doctown jobs` lists the jobs that are not over; a newer run of the same build takes the place of an older one"),
        error => unreadable(error),
    }
}

/// Runs what waits for a store.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let host = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    host.map_err(|error| Failure::new(Exit::Failed, "no_runtime", error.to_string()))?.block_on(work)
}
