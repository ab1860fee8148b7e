//! What this Stripe knows, and what happens there.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::Delivery;

const MONTH_S: u64 = 30 * 24 * 3_600;

type Objects = BTreeMap<String, Value>;

#[derive(Default)]
pub(super) struct State {
    pub(super) url: String,
    pub(super) customers: Objects,
    pub(super) prices: Objects,
    pub(super) sessions: Objects,
    pub(super) portals: Objects,
    pub(super) subscriptions: Objects,
    pub(super) invoices: Objects,
    pub(super) charges: Objects,
    pub(super) disputes: Objects,
    /// By identifier.
    pub(super) meter_events: Objects,
    /// What was made by a named request.
    pub(super) made: BTreeMap<String, Value>,
    /// Events that were not delivered yet.
    pub(super) waiting: Vec<Delivery>,
    pub(super) n_requests: u64,
    /// So many requests from now on are answered with 500.
    pub(super) n_failing: u32,
    pub(super) n_made: u64,
}

pub(super) fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_default().to_owned()
}

pub(super) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs())
}

impl State {
    pub(super) fn id(&mut self, prefix: &str) -> String {
        self.n_made += 1;
        format!("{prefix}_{}", self.n_made)
    }

    pub(super) fn add_price(&mut self, id: &str, amount: u64, interval: &str) {
        let price = json!({
            "id": id, "object": "price", "currency": "usd", "unit_amount": amount,
            "recurring": {"interval": interval, "interval_count": 1},
        });
        self.prices.insert(id.to_owned(), price);
    }

    pub(super) fn subscriptions_of(&self, customer: &str) -> Vec<(String, &Value)> {
        let all = self.subscriptions.iter();
        all.filter(|(_, it)| it["customer"] == customer).map(|(id, it)| (id.clone(), it)).collect()
    }

    pub(super) fn price_of(&self, subscription: &str) -> String {
        text(&self.subscriptions[subscription]["items"]["data"][0]["price"], "id")
    }

    /// Tells that something happened, with the object as it is now.
    fn tell(&mut self, kind: &str, object: Value) {
        let id = self.id("evt");
        let body = json!({
            "id": id, "object": "event", "api_version": "2025-03-31.basil", "created": now_s(),
            "livemode": false, "type": kind, "data": {"object": object},
        });
        self.waiting.push(Delivery { id, kind: kind.to_owned(), body: body.to_string().into_bytes() });
    }

    fn change(&mut self, subscription: &str, fields: Value) {
        let it = self.subscriptions.get_mut(subscription).expect("the subscription exists");
        for (name, value) in fields.as_object().expect("fields") {
            it[name] = value.clone();
        }
        let it = it.clone();
        let kind = if it["status"] == "canceled" { "deleted" } else { "updated" };
        self.tell(&format!("customer.subscription.{kind}"), it);
    }

    /// Makes an invoice of a subscription and has it paid, or not.
    fn invoice(&mut self, subscription: &str, is_paid: bool) {
        let (id, charge, at) = (self.id("in"), self.id("ch"), now_s());
        let it = &self.subscriptions[subscription];
        let customer = it["customer"].clone();
        let amount = it["items"]["data"][0]["price"]["unit_amount"].clone();
        let invoice = json!({
            "id": id, "object": "invoice", "customer": customer, "number": format!("DOC-{}", self.invoices.len() + 1),
            "status": if is_paid { "paid" } else { "open" }, "total": amount, "currency": "usd", "created": at,
            "hosted_invoice_url": format!("{}/invoices/{id}", self.url),
            "invoice_pdf": format!("{}/invoices/{id}/pdf", self.url),
            "parent": {"subscription_details": {"subscription": subscription}},
        });
        self.invoices.insert(id.clone(), invoice.clone());
        self.subscriptions.get_mut(subscription).expect("the subscription exists")["latest_invoice"] =
            json!(id);
        let status = if is_paid { "succeeded" } else { "failed" };
        self.charges.insert(
            charge.clone(),
            json!({
                "id": charge, "object": "charge", "customer": customer, "amount": amount, "amount_refunded": 0,
                "currency": "usd", "created": at, "status": status, "paid": is_paid, "disputed": false,
                "refunded": false,
            }),
        );
        self.tell(if is_paid { "invoice.paid" } else { "invoice.payment_failed" }, invoice);
    }

    /// Ends a checkout: somebody paid.
    pub(super) fn pay(&mut self, session: &str) -> Option<String> {
        let paid = self.sessions.get_mut(session)?;
        if paid["status"] == "complete" {
            return Some(text(paid, "success_url"));
        }
        let (customer, price, account) = (text(paid, "customer"), text(paid, "price"), text(paid, "account"));
        let id = self.id("sub");
        let at = now_s();
        let item = json!({
            "id": format!("si_{id}"), "price": self.prices[&price].clone(),
            "current_period_start": at, "current_period_end": at + MONTH_S,
        });
        let subscription = json!({
            "id": id, "object": "subscription", "customer": customer, "status": "active", "created": at,
            "cancel_at_period_end": false, "cancel_at": null, "items": {"object": "list", "data": [item]},
            "latest_invoice": null, "metadata": {"account": account},
        });
        self.subscriptions.insert(id.clone(), subscription.clone());
        let paid = self.sessions.get_mut(session)?;
        paid["status"] = json!("complete");
        paid["subscription"] = json!(id);
        let paid = paid.clone();
        self.tell("customer.subscription.created", subscription);
        self.invoice(&id, true);
        self.tell("checkout.session.completed", paid.clone());
        Some(text(&paid, "success_url"))
    }

    /// Does to a subscription what a person, Stripe or a bank does.
    pub(super) fn act(&mut self, subscription: &str, action: &str, of: &str) {
        let item = &self.subscriptions[subscription]["items"]["data"][0];
        let (start, end) = (item["current_period_start"].as_u64(), item["current_period_end"].as_u64());
        let (start, end) = (start.unwrap_or_default(), end.unwrap_or_default());
        let period = |price: Value, start: u64, end: u64| {
            let item = json!({
                "id": "si", "price": price, "current_period_start": start, "current_period_end": end,
            });
            json!({"object": "list", "data": [item]})
        };
        let price = item["price"].clone();
        match action {
            "change" => {
                let next = self.prices[of].clone();
                self.change(subscription, json!({"items": period(next, start, end)}));
                self.invoice(subscription, true);
            }
            "cancel" => self.change(subscription, json!({"cancel_at_period_end": true, "cancel_at": end})),
            "keep" => self.change(subscription, json!({"cancel_at_period_end": false, "cancel_at": null})),
            "end-period" if self.subscriptions[subscription]["cancel_at_period_end"] == true => {
                self.change(subscription, json!({"status": "canceled", "ended_at": now_s()}));
            }
            "end-period" => {
                self.change(subscription, json!({"items": period(price, end, end + MONTH_S)}));
                self.invoice(subscription, true);
            }
            "fail-renewal" => {
                self.invoice(subscription, false);
                self.change(
                    subscription,
                    json!({"status": "past_due", "items": period(price, end, end + MONTH_S)}),
                );
            }
            "pay-late" => {
                self.invoice(subscription, true);
                self.change(subscription, json!({"status": "active"}));
            }
            "give-up" => self.change(subscription, json!({"status": "canceled", "ended_at": now_s()})),
            "refund" => {
                let charge = self.last_charge(subscription);
                let it = self.charges.get_mut(&charge).expect("a charge");
                it["amount_refunded"] = it["amount"].clone();
                it["refunded"] = json!(true);
                let it = it.clone();
                self.tell("charge.refunded", it);
            }
            "dispute" => {
                let (charge, id) = (self.last_charge(subscription), self.id("du"));
                self.charges.get_mut(&charge).expect("a charge")["disputed"] = json!(true);
                // Stripe names no customer here.
                let dispute = json!({
                    "id": id, "object": "dispute", "charge": charge, "status": "needs_response",
                    "created": now_s(), "reason": "fraudulent",
                });
                self.disputes.insert(id, dispute.clone());
                self.tell("charge.dispute.created", dispute);
            }
            "win" | "lose" => {
                let charge = self.last_charge(subscription);
                let status = if action == "win" { "won" } else { "lost" };
                let found = self.disputes.values_mut().find(|it| it["charge"] == *charge).expect("a dispute");
                found["status"] = json!(status);
                let found = found.clone();
                self.tell("charge.dispute.closed", found);
            }
            _ => panic!("`{action}` never happens at Stripe"),
        }
    }

    /// Finds the newest payment of a subscription's customer.
    fn last_charge(&self, subscription: &str) -> String {
        let customer = &self.subscriptions[subscription]["customer"];
        let paid = self.charges.values().filter(|it| it["customer"] == *customer && it["paid"] == true);
        let number = |it: &Value| text(it, "id").trim_start_matches("ch_").parse::<u64>().unwrap_or_default();
        paid.max_by_key(|it| number(it)).map(|it| text(it, "id")).expect("somebody paid")
    }
}
