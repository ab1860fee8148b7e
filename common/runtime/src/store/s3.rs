//! A store in an S3 bucket or one of its kind (R2, LocalStack), by conditional writes.

use std::ops::Range;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use docpack::Digest;
use pipeline::ArtifactStore;
use pipeline::key::{ArtifactKey, KeyPrefix, ObjectKey};
use pipeline::port::store::MAX_OBJECT_BYTES;
use pipeline::port::{Object, PutMode, StoreError, Version};
use pipeline::{JobId, Tenant};

use crate::aws;

/// Larger objects go up in parts of this size; 10,000 parts of it are more than an object may have.
const PART_BYTES: usize = 16 << 20;
/// The object's own field that holds the SHA-256 of its bytes. Checksums of the protocol differ from server
/// to server, and state documents and markers have no digest in their names.
const DIGEST_FIELD: &str = "sha256";
/// A presigned address is good for this long unless the caller says otherwise.
///
/// Short, because it outlives whatever is withdrawn or revoked meanwhile.
pub const DEFAULT_PRESIGN: Duration = Duration::from_secs(600);

/// Keeps objects in a bucket, each under `prefix` and its key.
#[derive(Debug, Clone)]
pub struct S3Store {
    client: Client,
    bucket: String,
    /// Empty, or ending in a slash.
    prefix: String,
}

/// A bucket cannot serve as a store.
#[derive(Debug, thiserror::Error)]
pub enum UnfitStoreError {
    #[error("bucket `{bucket}` cannot be used: {reason}")]
    Unusable { bucket: String, reason: String },
    /// State documents change by compare-and-swap only, so such a store loses jobs.
    #[error("bucket `{bucket}` does not honour conditional writes: {what}")]
    NoCompareAndSwap { bucket: String, what: &'static str },
}

impl S3Store {
    /// Makes a store; nothing is asked of the bucket yet.
    pub fn new(client: Client, bucket: impl Into<String>, prefix: &str) -> Self {
        let prefix = prefix.trim_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Self { client, bucket: bucket.into(), prefix }
    }

    /// Checks that the bucket can be written and that conditional writes are honoured.
    ///
    /// # Errors
    /// `NoCompareAndSwap` for a server that answers a failed condition with success.
    pub async fn probe(&self, name: &JobId) -> Result<(), UnfitStoreError> {
        let key = ArtifactKey::Probe { name }.of(&Tenant::local());
        let outcome = self.probe_with(&key).await;
        // What is left behind is a few bytes under a key of its own.
        let _ = self.delete(&key).await;
        outcome
    }

    async fn probe_with(&self, key: &ObjectKey) -> Result<(), UnfitStoreError> {
        let unusable = |error: StoreError| UnfitStoreError::Unusable {
            bucket: self.bucket.clone(),
            reason: error.to_string(),
        };
        let ignored = |what| UnfitStoreError::NoCompareAndSwap { bucket: self.bucket.clone(), what };
        let first = self.put(key, b"1".to_vec(), PutMode::Overwrite).await.map_err(unusable)?;
        match self.put(key, b"2".to_vec(), PutMode::Create).await {
            Ok(_) => return Err(ignored("an object was created twice")),
            Err(StoreError::AlreadyExists { .. }) => {}
            Err(error) => return Err(unusable(error)),
        }
        self.put(key, b"2".to_vec(), PutMode::Update(first.clone())).await.map_err(unusable)?;
        match self.put(key, b"3".to_vec(), PutMode::Update(first)).await {
            Ok(_) => Err(ignored("an object was replaced by a writer who had read an older one")),
            Err(StoreError::Precondition { .. }) => Ok(()),
            Err(error) => Err(unusable(error)),
        }
    }

    /// Makes an address under which this one object can be read without credentials for a while.
    ///
    /// Browsers save it under `file_name`, which must be plain enough for a header.
    pub async fn presign_get(
        &self,
        key: &ObjectKey,
        file_name: &str,
        lifetime: Duration,
    ) -> Result<String, StoreError> {
        let refused = |reason: String| StoreError::Refused { key: key.to_string(), reason };
        let presigning =
            PresigningConfig::expires_in(lifetime).map_err(|error| refused(error.to_string()))?;
        let request = self.client.get_object().bucket(&self.bucket).key(self.name(key));
        let request = request.response_content_disposition(format!("attachment; filename=\"{file_name}\""));
        request
            .presigned(presigning)
            .await
            .map(|request| request.uri().to_owned())
            .map_err(|error| failed(key, &error))
    }

    fn name(&self, key: &ObjectKey) -> String {
        format!("{}{key}", self.prefix)
    }

    async fn put_whole(
        &self,
        key: &ObjectKey,
        bytes: Vec<u8>,
        mode: &PutMode,
    ) -> Result<Version, StoreError> {
        let request = self.client.put_object().bucket(&self.bucket).key(self.name(key));
        let request = request.metadata(DIGEST_FIELD, Digest::of(&bytes).hex());
        let request = match mode {
            PutMode::Overwrite => request,
            PutMode::Create => request.if_none_match("*"),
            PutMode::Update(version) => request.if_match(&version.0),
        };
        let written = request.body(ByteStream::from(bytes)).send().await;
        let written = written.map_err(|error| unwritten(key, mode, &error))?;
        version(key, written.e_tag())
    }

    /// Nothing is to be seen of the object before the last call, which carries the condition.
    async fn put_in_parts(
        &self,
        key: &ObjectKey,
        bytes: &[u8],
        mode: &PutMode,
    ) -> Result<Version, StoreError> {
        let name = self.name(key);
        let begun = self.client.create_multipart_upload().bucket(&self.bucket).key(&name);
        let begun = begun.metadata(DIGEST_FIELD, Digest::of(bytes).hex()).send().await;
        let upload = begun.map_err(|error| failed(key, &error))?.upload_id.unwrap_or_default();
        let written = self.put_parts(key, bytes, mode, &upload).await;
        if written.is_err() {
            // The bucket's lifecycle removes what this leaves.
            let abort = self.client.abort_multipart_upload().bucket(&self.bucket).key(&name);
            let _ = abort.upload_id(&upload).send().await;
        }
        written
    }

    async fn put_parts(
        &self,
        key: &ObjectKey,
        bytes: &[u8],
        mode: &PutMode,
        upload: &str,
    ) -> Result<Version, StoreError> {
        let name = self.name(key);
        let mut parts = Vec::new();
        for (number, part) in (1..).zip(bytes.chunks(PART_BYTES)) {
            let request = self.client.upload_part().bucket(&self.bucket).key(&name).upload_id(upload);
            let sent = request.part_number(number).body(ByteStream::from(part.to_vec())).send().await;
            let tag = sent.map_err(|error| failed(key, &error))?.e_tag;
            parts.push(CompletedPart::builder().part_number(number).set_e_tag(tag).build());
        }
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let request = self.client.complete_multipart_upload().bucket(&self.bucket).key(&name);
        let request = request.upload_id(upload).multipart_upload(parts);
        let request = match mode {
            PutMode::Overwrite => request,
            PutMode::Create => request.if_none_match("*"),
            PutMode::Update(version) => request.if_match(&version.0),
        };
        let written = request.send().await.map_err(|error| unwritten(key, mode, &error))?;
        version(key, written.e_tag())
    }
}

impl ArtifactStore for S3Store {
    async fn get(&self, key: &ObjectKey) -> Result<Object, StoreError> {
        let request = self.client.get_object().bucket(&self.bucket).key(self.name(key));
        let found = request.send().await.map_err(|error| unread(key, &error))?;
        let version = version(key, found.e_tag())?;
        let written = found.metadata().and_then(|fields| fields.get(DIGEST_FIELD)).cloned();
        let bytes = found.body.collect().await.map_err(|error| unknown(key, error.to_string()))?.to_vec();
        // A damaged read is none, and is repeated.
        if written.is_some_and(|written| written != Digest::of(&bytes).hex()) {
            return Err(unknown(key, "what was read is not what was written".to_owned()));
        }
        Ok(Object { bytes, version })
    }

    async fn get_range(&self, key: &ObjectKey, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        // HTTP knows no empty range; asking for one byte tells whether there is an object.
        let last = range.end.max(range.start + 1) - 1;
        let request = self.client.get_object().bucket(&self.bucket).key(self.name(key));
        let found = match request.range(format!("bytes={}-{last}", range.start)).send().await {
            Err(error) if status(&error) == Some(416) => return Ok(Vec::new()),
            found => found.map_err(|error| unread(key, &error))?,
        };
        let bytes = found.body.collect().await.map_err(|error| unknown(key, error.to_string()))?;
        let mut bytes = bytes.to_vec();
        bytes.truncate(usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    async fn put(&self, key: &ObjectKey, bytes: Vec<u8>, mode: PutMode) -> Result<Version, StoreError> {
        if bytes.len() as u64 > MAX_OBJECT_BYTES {
            let reason = format!("{} bytes, the limit is {MAX_OBJECT_BYTES}", bytes.len());
            return Err(StoreError::Refused { key: key.to_string(), reason });
        }
        match bytes.len() > PART_BYTES {
            true => self.put_in_parts(key, &bytes, &mode).await,
            false => self.put_whole(key, bytes, &mode).await,
        }
    }

    async fn list(&self, prefix: &KeyPrefix) -> Result<Vec<ObjectKey>, StoreError> {
        let request = self.client.list_objects_v2().bucket(&self.bucket);
        let mut pages = request.prefix(format!("{}{}", self.prefix, prefix.as_str())).into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                let reason = aws::reason(&error);
                StoreError::Unknown { key: prefix.as_str().to_owned(), reason }
            })?;
            let names = page.contents().iter().filter_map(|object| object.key()?.strip_prefix(&self.prefix));
            keys.extend(names.filter_map(ObjectKey::from_listed));
        }
        keys.sort();
        Ok(keys)
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StoreError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(self.name(key));
        match request.send().await {
            Err(error) if status(&error) != Some(404) => Err(failed(key, &error)),
            _ => Ok(()),
        }
    }
}

type Failure<E> = SdkError<E, HttpResponse>;

fn status<E>(error: &Failure<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

fn version(key: &ObjectKey, tag: Option<&str>) -> Result<Version, StoreError> {
    tag.map(|tag| Version(tag.to_owned())).ok_or_else(|| unknown(key, "the answer has no ETag".to_owned()))
}

fn unknown(key: &ObjectKey, reason: String) -> StoreError {
    StoreError::Unknown { key: key.to_string(), reason }
}

fn unread<E>(key: &ObjectKey, error: &Failure<E>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let is_absent = status(error) == Some(404) && error.code() != Some("NoSuchBucket");
    if is_absent { StoreError::NotFound { key: key.clone() } } else { failed(key, error) }
}

fn unwritten<E>(key: &ObjectKey, mode: &PutMode, error: &Failure<E>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match (status(error), mode) {
        (Some(412), PutMode::Create) => StoreError::AlreadyExists { key: key.clone() },
        (Some(412), _) => StoreError::Precondition { key: key.clone() },
        // A condition on an object that is gone.
        (Some(404), PutMode::Update(_)) if error.code() != Some("NoSuchBucket") => {
            StoreError::Precondition { key: key.clone() }
        }
        _ => failed(key, error),
    }
}

/// 409 is a conflict of two writes under way: neither a yes nor a no.
fn failed<E>(key: &ObjectKey, error: &Failure<E>) -> StoreError
where
    E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let reason = aws::reason(error);
    let is_final =
        matches!(status(error), Some(400..=499)) && !matches!(status(error), Some(408 | 409 | 429));
    match is_final || matches!(error, SdkError::ConstructionFailure(_)) {
        true => StoreError::Refused { key: key.to_string(), reason },
        false => StoreError::Unknown { key: key.to_string(), reason },
    }
}
