//! The parts of Stripe's objects that are read.

use accounts::{Dispute, Payment, StripeEvent, Subscription};
use serde::Deserialize;
use serde_json::Value;

use crate::state::Prices;

/// Events that say that a plan may be another one now. They begin with one of these.
const KINDS: [&str; 6] =
    ["checkout.session.", "customer.subscription.", "customer.deleted", "invoice.", "charge.", "refund."];

#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    pub(crate) data: Vec<T>,
}

/// An object by its id, or whole.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Reference {
    Id(String),
    Whole { id: String },
}

impl Reference {
    pub(crate) fn id(self) -> String {
        match self {
            Self::Id(id) | Self::Whole { id } => id,
        }
    }
}

/// A customer; one that was deleted has nothing but its id.
#[derive(Debug, Deserialize)]
pub(crate) struct CustomerObject {
    #[serde(default)]
    pub(crate) metadata: std::collections::BTreeMap<String, String>,
}

/// A page at Stripe that a browser is sent to.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub(crate) url: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct CreatedObject {
    pub(crate) id: String,
}

/// A price.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PriceObject {
    pub(crate) id: String,
    pub(crate) unit_amount: Option<u64>,
    pub(crate) currency: String,
    pub(crate) recurring: Option<Recurring>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Recurring {
    pub(crate) interval: String,
    pub(crate) interval_count: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Item {
    price: PriceObject,
    current_period_start: Option<u64>,
    current_period_end: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SubscriptionObject {
    id: String,
    status: String,
    created: u64,
    #[serde(default)]
    cancel_at_period_end: bool,
    cancel_at: Option<u64>,
    // Where they stood before 2025-03-31.
    current_period_start: Option<u64>,
    current_period_end: Option<u64>,
    items: List<Item>,
    /// Whole, because it is asked for so.
    latest_invoice: Option<Value>,
}

impl SubscriptionObject {
    /// Reads what is kept of it. Beside the item of its plan it may have one of a meter.
    pub(crate) fn read(self, prices: &Prices) -> Option<Subscription> {
        let items = &self.items.data;
        let of_plan = items.iter().find(|item| prices.plan_of(&item.price.id).is_some());
        let item = of_plan.or_else(|| items.first())?.clone();
        let recurring = item.price.recurring;
        let period_start = item.current_period_start.or(self.current_period_start).unwrap_or(self.created);
        let period_end = item.current_period_end.or(self.current_period_end).unwrap_or(self.created);
        let invoiced = self.latest_invoice.as_ref().and_then(|invoice| invoice.get("created")?.as_u64());
        let invoiced = invoiced.unwrap_or(period_start);
        let is_late = matches!(self.status.as_str(), "past_due" | "unpaid");
        let ends_at = self.cancel_at.or(self.cancel_at_period_end.then_some(period_end));
        Some(Subscription {
            id: self.id,
            price: item.price.id,
            status: self.status,
            amount: item.price.unit_amount,
            currency: item.price.currency,
            period: recurring.as_ref().map_or_else(|| "month".to_owned(), |it| it.interval.clone()),
            n_periods: recurring.map_or(1, |it| it.interval_count.max(1)),
            started_at: self.created * 1_000,
            period_end: period_end * 1_000,
            cancel_at_period_end: self.cancel_at_period_end,
            ends_at: ends_at.map(|at| at * 1_000),
            unpaid_since: is_late.then_some(invoiced * 1_000),
        })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChargeObject {
    pub(crate) id: String,
    pub(crate) customer: Option<Reference>,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) disputed: bool,
    amount: u64,
    #[serde(default)]
    amount_refunded: u64,
    currency: String,
    created: u64,
}

impl ChargeObject {
    pub(crate) fn read(self, dispute: Option<DisputeObject>) -> Payment {
        Payment {
            charge: self.id,
            amount: self.amount,
            amount_refunded: self.amount_refunded,
            currency: self.currency,
            paid_at: self.created * 1_000,
            dispute: dispute.map(|it| Dispute { status: it.status, opened_at: it.created * 1_000 }),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct DisputeObject {
    pub(crate) status: String,
    pub(crate) created: u64,
}

/// An invoice, for the person who pays it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Invoice {
    pub id: String,
    pub number: Option<String>,
    /// Stripe's word: `draft`, `open`, `paid`, `uncollectible` or `void`.
    pub status: Option<String>,
    /// In the smallest unit of the currency.
    pub total: i64,
    pub currency: String,
    /// Seconds since 1970.
    pub created: u64,
    /// Page on which it is shown and paid.
    pub hosted_invoice_url: Option<String>,
    pub invoice_pdf: Option<String>,
}

#[derive(Deserialize)]
struct EventObject {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: u64,
    data: EventData,
}

#[derive(Deserialize)]
struct EventData {
    object: Value,
}

/// Reads of an event whom it concerns; `None` for one that changes no plan.
pub(crate) fn read_event(body: &[u8]) -> Result<Option<StripeEvent>, serde_json::Error> {
    let event: EventObject = serde_json::from_slice(body)?;
    if !KINDS.iter().any(|kind| event.kind.starts_with(kind)) {
        return Ok(None);
    }
    let id_at = |name: &str| {
        let reference: Reference = serde_json::from_value(event.data.object.get(name)?.clone()).ok()?;
        Some(reference.id())
    };
    let customer = match event.kind.as_str() {
        "customer.deleted" => id_at("id"),
        _ => id_at("customer"),
    };
    let charge = if customer.is_none() { id_at("charge") } else { None };
    let created = event.created * 1_000;
    Ok(Some(StripeEvent { id: event.id, kind: event.kind, created, customer, charge }))
}
