//! What an account pays for, and what is sold.

use pipeline::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PlanLimits;

/// What an account bought. Amounts are in the smallest unit of their currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Billing {
    /// The plan that the account has: the better one of what is paid for and of what the operator gave.
    pub plan: String,
    /// Whether there is anything to manage at Stripe.
    pub is_customer: bool,
    /// Whether Stripe answered just now; otherwise all is as of the last look, without invoices.
    pub is_current: bool,
    /// The newest first, those that are over included.
    pub subscriptions: Vec<SubscriptionSummary>,
    /// Payments that were refunded or disputed, the newest first.
    pub changed_payments: Vec<PaymentSummary>,
    /// The newest 24.
    pub invoices: Vec<InvoiceSummary>,
    /// What is sold.
    pub offers: Vec<Offer>,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscriptionSummary {
    /// Null if its price is that of no plan.
    pub plan: Option<String>,
    pub price: String,
    /// Stripe's word, such as `active` or `past_due`.
    pub status: String,
    /// Whether another one can begin.
    pub is_over: bool,
    pub amount: Option<u64>,
    pub currency: String,
    /// `day`, `week`, `month` or `year`.
    pub period: String,
    /// Periods between two invoices.
    pub n_periods: u64,
    /// When the time that was paid for ends.
    pub period_end: Timestamp,
    /// When it ends for good, if that was decided.
    pub ends_at: Option<Timestamp>,
    /// Until when the plan stays although an invoice is not paid.
    pub grace_until: Option<Timestamp>,
}

/// A payment that was refunded or disputed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentSummary {
    pub amount: u64,
    pub amount_refunded: u64,
    pub currency: String,
    pub paid_at: Timestamp,
    /// Stripe's word, such as `needs_response` or `won`.
    pub dispute: Option<String>,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvoiceSummary {
    pub number: Option<String>,
    /// Stripe's word, such as `paid` or `open`.
    pub status: Option<String>,
    pub total: i64,
    pub currency: String,
    pub created_at: Timestamp,
    /// Where it is shown and paid.
    pub page_url: Option<String>,
    pub pdf_url: Option<String>,
}

/// A price at which a plan is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Offer {
    pub plan: String,
    /// Names it in `POST /v1/me/billing/checkout`.
    pub price: String,
    /// Null while Stripe does not say.
    pub amount: Option<u64>,
    pub currency: Option<String>,
    pub period: Option<String>,
    pub n_periods: u64,
    pub limits: PlanLimits,
}

/// What is to be bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckoutRequest {
    /// The price of an offer.
    #[schemars(length(min = 1, max = 255))]
    pub price: String,
}

/// A page at Stripe that a browser is to be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BillingPage {
    pub url: String,
}
