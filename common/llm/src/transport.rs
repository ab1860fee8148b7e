//! One attempt over HTTP, in place of async-openai's own sending.
//!
//! The built-in one repeats requests by itself, reads bodies of any size, keeps no header of a refusal, and
//! loses the status where an error's code is a number. This one sends once and turns whatever comes back
//! into a [`ChatError`] or a body that is known to be JSON, so that async-openai never has to log one.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_openai::Client;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use reqwest::{Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;

use crate::classify;
use crate::endpoint::{Address, Endpoint, InvalidEndpoint};
use crate::failure::{ChatError, ErrorKind};

/// A reply of 4,000 tokens is 16 KB; what is a hundred times that is no reply.
pub const MAX_REPLY_BYTES: usize = 2 << 20;

/// Says which program calls.
const USER_AGENT: &str = concat!("doctown/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What is read of an answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) max_bytes: usize,
    pub(crate) is_json: bool,
}

#[derive(Clone)]
struct Transport {
    http: reqwest::Client,
    limits: Limits,
    key: SecretString,
}

/// Builds the one HTTP client of an endpoint: it reads no environment and follows no redirect.
pub(crate) fn http(endpoint: &Endpoint) -> Result<reqwest::Client, InvalidEndpoint> {
    // Fails when another part of the process chose a provider first, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let failed = |error: reqwest::Error| InvalidEndpoint::Client { reason: error.without_url().to_string() };
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .retry(reqwest::retry::never())
        .no_proxy();
    let builder = match &endpoint.proxy {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy.as_str()).map_err(failed)?),
        None => builder,
    };
    builder.build().map_err(failed)
}

/// Makes async-openai's client send through this transport.
pub(crate) fn client(
    http: &reqwest::Client,
    address: Address,
    limits: Limits,
    key: SecretString,
) -> Client<Address> {
    let transport = Transport { http: http.clone(), limits, key };
    Client::build(http.clone(), address).with_http_service(transport)
}

/// Takes our own error out of async-openai's.
pub(crate) fn unwrap(error: OpenAIError) -> ChatError {
    match error {
        OpenAIError::Boxed(inner) => match inner.downcast::<ChatError>() {
            Ok(own) => *own,
            Err(_) => ChatError::new(ErrorKind::Unavailable, "the request could not be sent"),
        },
        OpenAIError::Reqwest(error) => lost(error),
        // Its text may quote the body.
        _ => ChatError::new(ErrorKind::BadRequest, "the request could not be written"),
    }
}

impl tower_service::Service<HttpRequestFactory> for Transport {
    type Response = Response;
    type Error = OpenAIError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, OpenAIError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), OpenAIError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: HttpRequestFactory) -> Self::Future {
        let transport = self.clone();
        Box::pin(async move {
            let request = request.build().await?;
            let answer = transport.send(request).await;
            answer.map_err(|error| OpenAIError::Boxed(Box::new(transport.without_key(error))))
        })
    }
}

impl Transport {
    async fn send(&self, request: reqwest::Request) -> Result<Response, ChatError> {
        let response = self.http.execute(request).await.map_err(lost)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.read(response).await?;
        if !status.is_success() {
            return Err(classify::refusal(status, &headers, &body));
        }
        if self.limits.is_json && serde_json::from_slice::<&RawValue>(&body).is_err() {
            let error = ChatError::new(ErrorKind::BadReply, "the reply is not JSON");
            return Err(error.with_status(status.as_u16()).maybe_charged());
        }
        Ok(Response::from(http::Response::new(body)))
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, ChatError> {
        let status = response.status();
        let limit = self.limits.max_bytes;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(lost)? {
            if body.len() + part.len() > limit {
                let error = ChatError::new(
                    ErrorKind::ReplyTooLarge,
                    format!("the reply is longer than {limit} bytes"),
                );
                return Err(error.with_status(status.as_u16()).maybe_charged());
            }
            body.extend_from_slice(&part);
        }
        Ok(body)
    }

    /// Some servers say which key they did not like.
    fn without_key(&self, mut error: ChatError) -> ChatError {
        let key = self.key.expose_secret();
        if !key.is_empty() && error.message.contains(key) {
            error.message = error.message.replace(key, "(key)");
        }
        error
    }
}

/// Reads a request that ended without an answer.
fn lost(error: reqwest::Error) -> ChatError {
    // The address may hold more than a reader needs.
    let error = error.without_url();
    if error.is_builder() {
        return ChatError::new(ErrorKind::BadRequest, error.to_string());
    }
    let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Unavailable };
    let lost = ChatError::new(kind, innermost(&error));
    if error.is_connect() { lost } else { lost.maybe_charged() }
}

fn innermost(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    text
}
