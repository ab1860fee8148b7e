//! Clients of S3 and SQS, set up the way that the adapters rely on.

use std::error::Error;
use std::time::Duration;

use aws_config::meta::region::RegionProviderChain;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::config::{Credentials, RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::config::Secret;

/// To a connection; a server that is there answers in a fraction of it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Of one try: the longest receive waits 20 s, and a try that hangs must be over before its unit's lease is.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// Tries of the SDK itself, for throttling and lost connections; the attempt loop has its own above.
const MAX_ATTEMPTS: u32 = 3;
/// Where no region is set: servers of S3's kind ignore it.
const DEFAULT_REGION: &str = "us-east-1";

/// What both clients share: credentials, region and endpoint come from the SDK's own variables.
pub async fn sdk_config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .region(RegionProviderChain::default_provider().or_else(DEFAULT_REGION))
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS))
        .load()
        .await
}

/// Makes a client of S3.
///
/// `path_style` puts the bucket's name into the path, as servers without a domain of their own need it.
/// Checksums are sent only where an operation demands one: R2 knows fewer of them than S3.
///
/// `keys` take the place of the SDK's own credentials, for a bucket of another provider than the queues.
pub fn s3_client(sdk: &SdkConfig, path_style: bool, keys: Option<&(String, Secret)>) -> aws_sdk_s3::Client {
    let mut config = aws_sdk_s3::config::Builder::from(sdk);
    if let Some((id, key)) = keys {
        config = config.credentials_provider(Credentials::new(id, key.expose(), None, None, "doctown"));
    }
    let config = config
        .force_path_style(path_style)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
    aws_sdk_s3::Client::from_conf(config.build())
}

/// Says in a line why a call failed, without what the SDK keeps for its own developers.
pub(crate) fn reason<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let is_timeout = match error {
        SdkError::TimeoutError(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_timeout(),
        _ => false,
    };
    match (status, error.code()) {
        (Some(status), Some(code)) => match error.message().filter(|text| !text.is_empty()) {
            Some(text) => format!("{text} ({code}, HTTP {status})"),
            None => format!("{code} (HTTP {status})"),
        },
        (Some(status), None) => format!("HTTP {status}"),
        _ if is_timeout => "no answer in time".to_owned(),
        _ => {
            let mut cause: &dyn Error = error;
            while let Some(deeper) = cause.source() {
                cause = deeper;
            }
            format!("the server cannot be reached: {cause}")
        }
    }
}

/// Makes a client of SQS.
pub fn sqs_client(sdk: &SdkConfig) -> aws_sdk_sqs::Client {
    aws_sdk_sqs::Client::new(sdk)
}
