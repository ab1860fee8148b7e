//! S3 and SQS against real servers, which `scripts/test cloud` starts: LocalStack, then moto.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use pipeline::key::{KeyPrefix, ObjectKey};
use pipeline::port::{Object, PutMode, StoreError, Version};
use pipeline::{ArtifactKey, ArtifactStore, JobId, StageName, Tenant, UnitId, contract};
use runtime::queue::SqsQueue;
use runtime::store::{S3Store, UnfitStoreError};
use runtime::{SystemClock, aws};
use tokio::sync::Mutex;

/// Names of this run differ from those of earlier ones at the same server.
fn unique(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = std::time::UNIX_EPOCH.elapsed().expect("the clock is past 1970").as_nanos();
    format!("{what}-{}-{now}-{count}", std::process::id())
}

/// The server's endpoint; `None`, and a notice, where none was started.
fn endpoint() -> Option<String> {
    let endpoint = std::env::var("AWS_ENDPOINT_URL").ok().filter(|url| url.starts_with("http://127.0.0.1:"));
    if endpoint.is_none() {
        assert!(
            std::env::var_os("CLOUD_TESTS").is_none(),
            "AWS_ENDPOINT_URL names no server on this machine"
        );
        let notice = "SKIPPED: no local server; run scripts/test cloud\n";
        std::io::stderr().write_all(notice.as_bytes()).expect("stderr is open");
    }
    endpoint
}

fn job() -> JobId {
    "job-contract-1".parse().expect("it is a job's name")
}

async fn store() -> S3Store {
    let client = aws::s3_client(&aws::sdk_config().await, true, None);
    let bucket = unique("bucket");
    client.create_bucket().bucket(&bucket).send().await.expect("the server makes buckets");
    S3Store::new(client, bucket, "/some/prefix/")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn s3_store_keeps_the_contract() {
    if endpoint().is_none() {
        return;
    }
    match is_moto() {
        true => contract::store(&InTurn { store: store().await, turn: Mutex::default() }, &job()).await,
        false => contract::store(&store().await, &job()).await,
    }
}

/// moto looks at `If-Match` before it writes and holds nothing in between, so that racing writes both succeed.
fn is_moto() -> bool {
    std::env::var_os("CLOUD_TESTS").is_some_and(|server| server == "moto")
}

/// A store whose writes come one at a time.
struct InTurn {
    store: S3Store,
    turn: Mutex<()>,
}

impl ArtifactStore for InTurn {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        self.store.get(key).await
    }

    async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.store.get_range(key, range).await
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        let _turn = self.turn.lock().await;
        self.store.put(key, bytes, mode).await
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        self.store.list(prefix).await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        self.store.delete(key).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqs_queue_keeps_the_contract() {
    if endpoint().is_some() {
        let client = aws::sqs_client(&aws::sdk_config().await);
        let environment = unique("test");
        let made = SqsQueue::create(client.clone(), &environment).await;
        contract::queue(&made.expect("the server makes queues"), &SystemClock).await;
        let missing = SqsQueue::open(client, &unique("nowhere")).await;
        assert!(missing.is_err_and(|error| error.to_string().contains("nowhere")));
    }
}

#[tokio::test]
async fn a_bucket_is_probed_before_it_is_relied_on() {
    if endpoint().is_some() {
        let store = store().await;
        store.probe(&job()).await.expect("the server honours conditions");
        let key = ArtifactKey::State { job: &job() }.of(&Tenant::local());
        assert!(matches!(store.get(&key).await, Err(StoreError::NotFound { .. })), "nothing is left behind");
        let client = aws::s3_client(&aws::sdk_config().await, true, None);
        let absent = S3Store::new(client, unique("absent"), "").probe(&job()).await;
        assert!(matches!(absent, Err(UnfitStoreError::Unusable { .. })), "{absent:?}");
    }
}

#[tokio::test]
async fn a_large_object_goes_up_in_parts_and_once() {
    if endpoint().is_some() {
        let (store, job, unit) = (store().await, job(), UnitId::whole());
        let key = ArtifactKey::Marker { job: &job, stage: StageName::Pack, unit: &unit }.of(&Tenant::local());
        let bytes: Vec<u8> = (0..40_000_000_u32).map(|n| (n % 251) as u8).collect();
        let version = store.put(&key, bytes.clone(), PutMode::Create).await.expect("creating");
        let again = store.put(&key, bytes.clone(), PutMode::Create).await;
        assert!(matches!(again, Err(StoreError::AlreadyExists { .. })), "{again:?}");
        let read = store.get(&key).await.expect("reading back");
        assert_eq!(read.version, version);
        assert!(read.bytes == bytes);
        let range = store.get_range(&key, 16_777_210..16_777_220).await.expect("a range over two parts");
        assert_eq!(range, bytes[16_777_210..16_777_220]);
    }
}

#[tokio::test]
async fn a_damaged_object_is_not_read() {
    if endpoint().is_some() {
        let client = aws::s3_client(&aws::sdk_config().await, true, None);
        let bucket = unique("bucket");
        client.create_bucket().bucket(&bucket).send().await.expect("the server makes buckets");
        let store = S3Store::new(client.clone(), &bucket, "");
        let key = ArtifactKey::State { job: &job() }.of(&Tenant::local());
        store.put(&key, b"content".to_vec(), PutMode::Create).await.expect("creating");
        let head = client.head_object().bucket(&bucket).key(key.as_str()).send().await.expect("it is there");
        let damaged = client.put_object().bucket(&bucket).key(key.as_str()).set_metadata(head.metadata);
        damaged.body(b"c0ntent".to_vec().into()).send().await.expect("overwriting");
        let read = store.get(&key).await;
        assert!(matches!(read, Err(StoreError::Unknown { .. })), "{read:?}");
    }
}

#[tokio::test]
async fn a_presigned_address_reads_one_object() {
    let Some(endpoint) = endpoint() else { return };
    let store = store().await;
    let key = ArtifactKey::State { job: &job() }.of(&Tenant::local());
    store.put(&key, b"content".to_vec(), PutMode::Overwrite).await.expect("writing");
    let url = store.presign_get(&key, "a.docpack", Duration::from_secs(60)).await.expect("signing");
    let authority = endpoint.strip_prefix("http://").expect("the endpoint is plain http");
    let path = url.strip_prefix(&endpoint).expect("the address is the server's");
    let mut stream = TcpStream::connect(authority).expect("the server listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer is text");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("content"), "{answer}");
    // moto gives a presigned answer no other headers than the object's.
    assert!(is_moto() || answer.contains("attachment; filename=\"a.docpack\""), "{answer}");
}

#[tokio::test]
async fn a_store_that_is_away_is_said_so_in_a_few_words() {
    // A port that was free a moment ago: nobody listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let config = aws_sdk_s3::config::Builder::new()
        .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
        .region(aws_sdk_s3::config::Region::new("us-east-1"))
        .credentials_provider(aws_sdk_s3::config::Credentials::new("id", "key", None, None, "test"))
        .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled())
        .force_path_style(true)
        .endpoint_url(address);
    let store = S3Store::new(aws_sdk_s3::Client::from_conf(config.build()), "bucket", "p");
    let key = ArtifactKey::State { job: &job() }.of(&Tenant::local());
    let Err(StoreError::Unknown { reason, .. }) = store.get(&key).await else { panic!("nobody is there") };
    assert!(reason.starts_with("the server cannot be reached: "), "{reason}");
    assert!(reason.contains("refused") && !reason.contains('{') && reason.len() < 120, "{reason}");
}
