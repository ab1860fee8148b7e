//! The configured store, opened for reading jobs.

use std::future::Future;
use std::sync::Arc;

use pipeline::port::StoreError;
use pipeline::{Coordinator, PipelineError};
use runtime::config::{Config, Secret, StoreConfig};
use runtime::store::AnyStore;
use runtime::{DirectoryStore, LocalPorts, MemoryQueue, SystemClock};

use crate::failure::{Exit, Failure};

/// Readers send no messages, so the queue is an empty one in memory.
pub(crate) type ReadPorts = LocalPorts<AnyStore, MemoryQueue<SystemClock>>;

/// Opens the store.
pub(crate) async fn ports(config: &Config) -> Result<ReadPorts, Failure> {
    let store = match &config.store {
        StoreConfig::Folder(folder) => {
            AnyStore::Directory(DirectoryStore::open(folder).map_err(|error| {
                Failure::new(Exit::Failed, "store_unavailable", error.to_string())
                    .with_help("`doctown config show` names the folder")
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
    let message = format!("the store is bucket `{bucket}`, and this program was built without S3");
    Err(Failure::new(Exit::Usage, "built_without_aws", message)
        .with_help("build the program with `--features aws`, or set DOCTOWN_STORE to a folder"))
}

/// Reports a store that cannot be read.
pub(crate) fn unreadable(error: &dyn std::error::Error) -> Failure {
    Failure::new(Exit::UpstreamDown, "store_unavailable", error.to_string())
        .with_help("`doctown config show` names the store")
}

/// Reports a job that does not exist or cannot be read, or a store that gives no answer.
pub(crate) fn no_such_job(error: &PipelineError) -> Failure {
    match error {
        PipelineError::NoSuchJob { .. } => Failure::new(Exit::InputRefused, "no_such_job", error.to_string())
            .with_help(
                "`doctown jobs` lists unfinished jobs; a newer run of the same build replaces an older one",
            ),
        error => of_job_in_store(error),
    }
}

/// Reports which object of a job cannot be used and what to do, or a store that gives no answer.
pub(crate) fn of_job_in_store(error: &PipelineError) -> Failure {
    let failure = |code, help| Failure::new(Exit::Failed, code, error.to_string()).with_help(help);
    match error {
        PipelineError::StateDamaged { job, .. } => failure(
            "state_damaged",
            format!(
                "put a whole copy of `jobs/local/{job}/state.json` back; without one, `doctown cancel {job}` ends a job in a bucket, and `doctown build` begins again in a folder"
            ),
        ),
        PipelineError::OtherSchema { .. } => {
            failure("state_of_other_version", "use the version of doctown that made the job".to_owned())
        }
        PipelineError::Damaged { .. } | PipelineError::Store(StoreError::Damaged { .. }) => {
            failure("artifact_damaged", "`doctown retry JOB` makes the job again from the start".to_owned())
        }
        error => unreadable(error),
    }
}

/// Runs asynchronous work to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let host = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    host.map_err(|error| Failure::new(Exit::Failed, "no_runtime", error.to_string()))?.block_on(work)
}
