//! `/v1/me/billing`: what an account pays for; and `/v1/stripe/webhook`, where Stripe tells that something happened.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use billing::{Billing, Bought, Invoice, Offer, grace_until, is_over};
use pipeline::Timestamp;

use crate::app::App;
use crate::caller::Caller;
use crate::codes;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::http::read::json;
use crate::routes::me::of;
use crate::routes::sign_in::people;
use crate::wire;

/// Stripe's largest events are invoices with many lines.
const MAX_EVENT_BYTES: usize = 1_000_000;
/// Where people come back to.
const SETTINGS_PATH: &str = "/settings";

fn billing(app: &App) -> Answered<&Billing> {
    app.billing().ok_or_else(|| Failure::new(codes::NO_BILLING, "no plans are sold here"))
}

pub(super) async fn get(State(app): State<App>, caller: Caller) -> Answered<Json<wire::Billing>> {
    let (billing, account) = (billing(&app)?, caller.person()?.account.as_str());
    let now = now(&app).0;
    let bought = billing.bought(account, now).await?;
    let user = of(&app)?.user(account).await?;
    let user = user.ok_or_else(|| Failure::new(codes::INVALID_CREDENTIALS, "the account was deleted"))?;
    let offers = billing.offers(now).await;
    Ok(Json(shown(billing, user.plan, bought, offers)))
}

fn shown(billing: &Billing, plan: String, bought: Bought, offers: Vec<Offer>) -> wire::Billing {
    let subscriptions = bought.subscriptions.iter().map(|it| wire::SubscriptionSummary {
        plan: billing.plan_of(&it.price).map(str::to_owned),
        price: it.price.clone(),
        status: it.status.clone(),
        is_over: is_over(it),
        amount: it.amount,
        currency: it.currency.clone(),
        period: it.period.clone(),
        n_periods: it.n_periods,
        period_end: Timestamp(it.period_end),
        ends_at: it.ends_at.map(Timestamp),
        grace_until: grace_until(it).map(Timestamp),
    });
    let payments = bought.payments.iter().filter(|it| it.amount_refunded > 0 || it.dispute.is_some());
    let payments = payments.map(|it| wire::PaymentSummary {
        amount: it.amount,
        amount_refunded: it.amount_refunded,
        currency: it.currency.clone(),
        paid_at: Timestamp(it.paid_at),
        dispute: it.dispute.as_ref().map(|dispute| dispute.status.clone()),
    });
    wire::Billing {
        plan,
        is_customer: bought.is_customer,
        is_current: bought.is_current,
        subscriptions: subscriptions.collect(),
        changed_payments: payments.collect(),
        invoices: bought.invoices.into_iter().map(invoice).collect(),
        offers: offers.into_iter().map(offer).collect(),
    }
}

fn invoice(it: Invoice) -> wire::InvoiceSummary {
    wire::InvoiceSummary {
        number: it.number,
        status: it.status,
        total: it.total,
        currency: it.currency,
        created_at: Timestamp(it.created * 1_000),
        page_url: it.hosted_invoice_url,
        pdf_url: it.invoice_pdf,
    }
}

fn offer(it: Offer) -> wire::Offer {
    let limits = accounts::plan(&it.plan);
    wire::Offer {
        limits: limits.into(),
        plan: it.plan,
        price: it.price,
        amount: it.amount,
        currency: it.currency,
        period: it.period,
        n_periods: it.n_periods,
    }
}

pub(super) async fn checkout(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answered<Json<wire::BillingPage>> {
    let (billing, account) = (billing(&app)?, caller.person()?.account.as_str());
    let wanted: wire::CheckoutRequest = json(&headers, body, None).await?;
    let user = of(&app)?.user(account).await?;
    let user = user.ok_or_else(|| Failure::new(codes::INVALID_CREDENTIALS, "the account was deleted"))?;
    let url = billing.checkout(&user, &wanted.price, &back(&app)?, now(&app).0).await?;
    Ok(Json(wire::BillingPage { url }))
}

pub(super) async fn portal(State(app): State<App>, caller: Caller) -> Answered<Json<wire::BillingPage>> {
    let (billing, account) = (billing(&app)?, caller.person()?.account.as_str());
    let url = billing.portal(account, &back(&app)?).await?;
    Ok(Json(wire::BillingPage { url }))
}

/// Writes where people come back to: an address of ours, whatever the request names.
fn back(app: &App) -> Answered<String> {
    Ok(format!("{}{SETTINGS_PATH}", people(app)?.public_url()))
}

pub(super) async fn webhook(State(app): State<App>, headers: HeaderMap, body: Body) -> Answered<StatusCode> {
    let billing = billing(&app)?;
    let body = to_bytes(body, MAX_EVENT_BYTES)
        .await
        .map_err(|_| Failure::new(codes::BODY_TOO_LARGE, format!("the limit is {MAX_EVENT_BYTES} bytes")))?;
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    billing.receive(&body, signature.unwrap_or_default(), now(&app).0).await?;
    Ok(StatusCode::NO_CONTENT)
}
