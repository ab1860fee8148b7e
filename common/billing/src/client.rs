//! Questions to Stripe. Each is one request; one that got no answer is asked once more.

use std::time::Duration;

use reqwest::{Method, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use url::form_urlencoded::Serializer;

use crate::object::{
    ChargeObject, CreatedObject, CustomerObject, DisputeObject, Invoice, List, Page, PriceObject,
    SubscriptionObject,
};

/// Names the form of the answers. Stripe keeps it for good, whatever the account's own version is.
const STRIPE_VERSION: &str = "2025-03-31.basil";
const USER_AGENT: &str = concat!("doctown/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(500);
/// A list of a hundred subscriptions has about 500 kB.
const MAX_ANSWER_BYTES: usize = 8_000_000;

/// Why Stripe did not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StripeError {
    /// Asking again may help.
    #[error("Stripe gave no answer: {0}")]
    Unavailable(String),
    #[error("Stripe refused it with {status}: {message}")]
    Refused {
        status: u16,
        /// Stripe's word, where it has one.
        code: String,
        message: String,
    },
    #[error("Stripe's answer cannot be read: {0}")]
    Unreadable(String),
}

impl StripeError {
    /// Reports whether what was asked about does not exist at Stripe.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. })
            || matches!(self, Self::Refused { code, .. } if code == "resource_missing")
    }
}

#[derive(Deserialize)]
struct Problem {
    error: ProblemBody,
}

#[derive(Deserialize)]
struct ProblemBody {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// Stripe's API.
#[derive(Debug, Clone)]
pub(crate) struct Stripe {
    http: reqwest::Client,
    /// Without a trailing slash.
    url: String,
    key: SecretString,
}

type Pairs<'p> = &'p [(&'p str, &'p str)];

impl Stripe {
    pub(crate) fn new(url: &str, key: SecretString) -> Result<Self, StripeError> {
        // Fails when another part of the process chose a provider first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .build()
            .map_err(|error| StripeError::Unavailable(reason(error)))?;
        Ok(Self { http, url: url.trim_end_matches('/').to_owned(), key })
    }

    /// Makes a customer. Asked twice within a day, Stripe returns the same one.
    pub(crate) async fn create_customer(
        &self,
        account: &str,
        login: &str,
        email: Option<&str>,
    ) -> Result<String, StripeError> {
        let mut fields = vec![("metadata[account]", account), ("name", login)];
        fields.extend(email.map(|email| ("email", email)));
        let made: CreatedObject = self.post("customers", &fields, Some(&key_of("customer", &fields))).await?;
        Ok(made.id)
    }

    pub(crate) async fn customer(&self, id: &str) -> Result<CustomerObject, StripeError> {
        self.get(&format!("customers/{}", plain(id)?), &[]).await
    }

    /// Returns the address of a page on which a customer pays for a subscription.
    pub(crate) async fn checkout(
        &self,
        customer: &str,
        account: &str,
        price: &str,
        meter_price: Option<&str>,
        back: &str,
    ) -> Result<String, StripeError> {
        let done = format!("{back}?billing=done");
        let mut fields = vec![
            ("mode", "subscription"),
            ("customer", customer),
            ("client_reference_id", account),
            ("line_items[0][price]", price),
            ("line_items[0][quantity]", "1"),
            ("subscription_data[metadata][account]", account),
            ("success_url", done.as_str()),
            ("cancel_url", back),
        ];
        fields.extend(meter_price.map(|price| ("line_items[1][price]", price)));
        let page: Page = self.post("checkout/sessions", &fields, None).await?;
        Ok(page.url)
    }

    /// Returns the address of a page on which a customer changes or ends what it bought.
    pub(crate) async fn portal(&self, customer: &str, back: &str) -> Result<String, StripeError> {
        let fields = [("customer", customer), ("return_url", back)];
        let page: Page = self.post("billing_portal/sessions", &fields, None).await?;
        Ok(page.url)
    }

    /// Lists a customer's subscriptions, those that are over included.
    pub(crate) async fn subscriptions(&self, customer: &str) -> Result<Vec<SubscriptionObject>, StripeError> {
        let query = [
            ("customer", customer),
            ("status", "all"),
            ("limit", "100"),
            ("expand[]", "data.latest_invoice"),
        ];
        let list: List<SubscriptionObject> = self.get("subscriptions", &query).await?;
        Ok(list.data)
    }

    pub(crate) async fn charges(&self, customer: &str) -> Result<Vec<ChargeObject>, StripeError> {
        let list: List<ChargeObject> =
            self.get("charges", &[("customer", customer), ("limit", "100")]).await?;
        Ok(list.data)
    }

    pub(crate) async fn charge(&self, id: &str) -> Result<ChargeObject, StripeError> {
        self.get(&format!("charges/{}", plain(id)?), &[]).await
    }

    pub(crate) async fn disputes(&self, charge: &str) -> Result<Vec<DisputeObject>, StripeError> {
        let list: List<DisputeObject> = self.get("disputes", &[("charge", charge)]).await?;
        Ok(list.data)
    }

    /// Lists a customer's newest invoices.
    pub(crate) async fn invoices(&self, customer: &str) -> Result<Vec<Invoice>, StripeError> {
        let list: List<Invoice> = self.get("invoices", &[("customer", customer), ("limit", "24")]).await?;
        Ok(list.data)
    }

    pub(crate) async fn price(&self, id: &str) -> Result<PriceObject, StripeError> {
        self.get(&format!("prices/{}", plain(id)?), &[]).await
    }

    /// Ends a subscription at once.
    pub(crate) async fn cancel(&self, subscription: &str) -> Result<(), StripeError> {
        let path = format!("subscriptions/{}", plain(subscription)?);
        let _: CreatedObject = self.ask(Method::DELETE, &path, &[], None).await?;
        Ok(())
    }

    /// Counts one at a meter. Stripe counts an identifier once a day, and refuses it when it comes again.
    pub(crate) async fn meter(
        &self,
        event_name: &str,
        customer: &str,
        identifier: &str,
        at_s: u64,
    ) -> Result<(), StripeError> {
        let at = at_s.to_string();
        let fields = [
            ("event_name", event_name),
            ("identifier", identifier),
            ("timestamp", at.as_str()),
            ("payload[stripe_customer_id]", customer),
            ("payload[value]", "1"),
        ];
        let key = key_of("meter", &fields);
        let answer: Result<serde_json::Value, _> =
            self.post("billing/meter_events", &fields, Some(&key)).await;
        match answer {
            Err(StripeError::Refused { code, message, .. })
                if code == "duplicate_meter_event" || message.contains("already exists with identifier") =>
            {
                Ok(())
            }
            answer => answer.map(drop),
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: Pairs<'_>) -> Result<T, StripeError> {
        self.ask(Method::GET, path, query, None).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        fields: Pairs<'_>,
        key: Option<&str>,
    ) -> Result<T, StripeError> {
        self.ask(Method::POST, path, fields, key).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        pairs: Pairs<'_>,
        key: Option<&str>,
    ) -> Result<T, StripeError> {
        // A request without an idempotency key could take effect twice.
        let may_repeat = method != Method::POST || key.is_some();
        match self.ask_once(method.clone(), path, pairs, key).await {
            Err(StripeError::Unavailable(_)) if may_repeat => {
                tokio::time::sleep(PAUSE).await;
                self.ask_once(method, path, pairs, key).await
            }
            answer => answer,
        }
    }

    async fn ask_once<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        pairs: Pairs<'_>,
        key: Option<&str>,
    ) -> Result<T, StripeError> {
        let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
        let is_post = method == Method::POST;
        let mut address = format!("{}/v1/{path}", self.url);
        if !is_post && !form.is_empty() {
            address = format!("{address}?{form}");
        }
        let mut request = self
            .http
            .request(method, address)
            .header("authorization", format!("Bearer {}", self.key.expose_secret()))
            .header("stripe-version", STRIPE_VERSION);
        if is_post {
            request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let response = request.send().await.map_err(|error| StripeError::Unavailable(reason(error)))?;
        let status = response.status();
        let body = read(response).await?;
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|error| StripeError::Unreadable(format!("{path}: {error}")));
        }
        let said = serde_json::from_slice::<Problem>(&body).ok().map(|problem| problem.error);
        let message = said.as_ref().and_then(|said| said.message.clone());
        let message = message.unwrap_or_else(|| format!("it answered {status}"));
        if status.is_server_error()
            || status == StatusCode::TOO_MANY_REQUESTS
            || status == StatusCode::CONFLICT
        {
            return Err(StripeError::Unavailable(message));
        }
        let code = said.and_then(|said| said.code).unwrap_or_default();
        Err(StripeError::Refused { status: status.as_u16(), code, message })
    }
}

/// Refuses an id that would lead to another path; none of Stripe's does.
fn plain(id: &str) -> Result<&str, StripeError> {
    let is_plain = !id.is_empty()
        && id.len() <= 255
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let refused = || StripeError::Unreadable("an id of Stripe's has unexpected characters".to_owned());
    is_plain.then_some(id).ok_or_else(refused)
}

/// Names a request by what it says, so that it is done once however often it is sent.
fn key_of(what: &str, fields: Pairs<'_>) -> String {
    let form = Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("doctown-{what}-{}", hex(&Sha256::digest(form.as_bytes())))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, StripeError> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| StripeError::Unavailable(reason(error)))? {
        if body.len() + part.len() > MAX_ANSWER_BYTES {
            return Err(StripeError::Unreadable(format!("it is longer than {MAX_ANSWER_BYTES} bytes")));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Says what went wrong, down to the cause, without the address.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = inner.to_string();
        cause = inner.source();
    }
    text
}
