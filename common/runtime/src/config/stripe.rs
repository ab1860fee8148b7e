//! Settings of billing: what plans cost at Stripe, and how it is asked.

use crate::config::environment::Environment;
use crate::config::{ConfigError, Secret};

/// How plans are sold.
#[derive(Debug, Clone)]
pub struct StripeConfig {
    /// Without a trailing slash.
    pub url: String,
    pub key: Secret,
    /// Any of them signs what the webhook is sent.
    pub webhook_secrets: Vec<Secret>,
    /// `PLAN=PRICE` pairs between commas.
    pub prices: String,
    /// `EVENT` or `EVENT=PRICE`.
    pub meter: Option<String>,
}

impl StripeConfig {
    /// Reads it where there is a key: without one nothing is sold.
    pub(super) fn read(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let Some(key) = environment.any_of(&["DOCTOWN_STRIPE_KEY"]) else { return Ok(None) };
        let missing = |name| ConfigError::Missing { name, reason: "`DOCTOWN_STRIPE_KEY` is" };
        let secrets = environment.list("DOCTOWN_STRIPE_WEBHOOK_SECRETS").unwrap_or_default();
        if secrets.is_empty() {
            return Err(missing("DOCTOWN_STRIPE_WEBHOOK_SECRETS"));
        }
        let prices = environment.any_of(&["DOCTOWN_STRIPE_PRICES"]);
        Ok(Some(Self {
            url: environment.or_default("DOCTOWN_STRIPE_URL").trim_end_matches('/').to_owned(),
            key: Secret::new(key),
            webhook_secrets: secrets.into_iter().map(Secret::new).collect(),
            prices: prices.ok_or_else(|| missing("DOCTOWN_STRIPE_PRICES"))?,
            meter: environment.any_of(&["DOCTOWN_STRIPE_METER"]),
        }))
    }
}
