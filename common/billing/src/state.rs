//! Which plan an account has paid for: from what Stripe says and the time, and from nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use accounts::{Payment, Subscription, better_plan, plans};
use serde::Deserialize;

const DAY_MS: u64 = 24 * 3_600_000;
/// The plan of whoever pays nothing.
pub(crate) const FREE: &str = "free";

/// What Stripe's words mean for a plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    /// How long a plan stays after an invoice that could not be paid.
    grace_days: u64,
    statuses: BTreeMap<String, Meaning>,
    /// Statuses of subscriptions beside which another one can begin.
    over: BTreeSet<String>,
    disputes: BTreeMap<String, Meaning>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Meaning {
    Plan,
    Grace,
    Free,
}

static RULES: LazyLock<Rules> =
    LazyLock::new(|| serde_json::from_str(include_str!("rules.json")).expect("a test reads the table"));

/// Why prices cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricesError {
    #[error("`{0}` is no `PLAN=PRICE`")]
    Form(String),
    #[error("`{0}` is no plan that can be bought; there are {known}", known = buyable())]
    Plan(String),
    #[error("the price `{0}` is given twice")]
    Twice(String),
    #[error("there is no price")]
    None,
}

fn buyable() -> String {
    let names: Vec<&str> = plans().keys().map(String::as_str).filter(|name| *name != FREE).collect();
    names.join(", ")
}

/// Which price at Stripe stands for which plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prices(Vec<(String, String)>);

impl std::str::FromStr for Prices {
    type Err = PricesError;

    /// Reads `PLAN=PRICE` pairs between commas. A plan may have several prices, by the month and by the year.
    fn from_str(text: &str) -> Result<Self, PricesError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (plan, price) = part
                .split_once('=')
                .map(|(plan, price)| (plan.trim(), price.trim()))
                .filter(|(plan, price)| !plan.is_empty() && !price.is_empty())
                .ok_or_else(|| PricesError::Form(part.to_owned()))?;
            if plan == FREE || !plans().contains_key(plan) {
                return Err(PricesError::Plan(plan.to_owned()));
            }
            if pairs.iter().any(|(_, known)| known == price) {
                return Err(PricesError::Twice(price.to_owned()));
            }
            pairs.push((plan.to_owned(), price.to_owned()));
        }
        (!pairs.is_empty()).then_some(Self(pairs)).ok_or(PricesError::None)
    }
}

impl Prices {
    /// Finds the plan of a price.
    pub fn plan_of(&self, price: &str) -> Option<&str> {
        self.0.iter().find(|(_, known)| known == price).map(|(plan, _)| plan.as_str())
    }

    /// Returns every plan and price, as they were given.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(plan, price)| (plan.as_str(), price.as_str()))
    }
}

/// The plan that an account pays for at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    pub plan: String,
    /// When this may change without anything happening at Stripe; milliseconds since 1970.
    pub changes_at: Option<u64>,
}

/// Finds the best plan that the subscriptions pay for now. A word of Stripe's that is in no table pays for nothing.
pub fn paid_plan(subscriptions: &[Subscription], payments: &[Payment], prices: &Prices, now: u64) -> Paid {
    let mut paid = Paid { plan: FREE.to_owned(), changes_at: None };
    for subscription in subscriptions {
        let (Some(plan), true) = (prices.plan_of(&subscription.price), is_undisputed(subscription, payments))
        else {
            continue;
        };
        let grace_until = grace_until(subscription);
        let holds = match RULES.statuses.get(&subscription.status) {
            Some(Meaning::Plan) => true,
            Some(Meaning::Grace) => grace_until.is_some_and(|until| now < until),
            Some(Meaning::Free) | None => false,
        };
        if !holds {
            continue;
        }
        paid.plan = better_plan(&paid.plan, plan).to_owned();
        let changes = [grace_until, subscription.ends_at, Some(subscription.period_end)];
        let next = changes.into_iter().flatten().filter(|at| *at > now).min();
        paid.changes_at = [paid.changes_at, next].into_iter().flatten().min();
    }
    paid
}

/// Returns when the plan of a subscription ends whose invoice was not paid; `None` where all is paid.
pub fn grace_until(subscription: &Subscription) -> Option<u64> {
    let is_grace = RULES.statuses.get(&subscription.status) == Some(&Meaning::Grace);
    let since = subscription.unpaid_since.unwrap_or(subscription.period_end);
    is_grace.then(|| since.saturating_add(RULES.grace_days * DAY_MS))
}

/// Reports whether a subscription is over, so that another one can begin.
pub fn is_over(subscription: &Subscription) -> bool {
    RULES.over.contains(&subscription.status)
}

/// Reports whether nobody took back what was paid since a subscription began.
///
/// The bank takes the money when a dispute is opened, not when it is lost. A later subscription is paid anew, so an
/// earlier dispute does not count against it.
fn is_undisputed(subscription: &Subscription, payments: &[Payment]) -> bool {
    let disputes = payments.iter().filter_map(|payment| payment.dispute.as_ref());
    let mut since = disputes.filter(|dispute| dispute.opened_at >= subscription.started_at);
    since.all(|dispute| RULES.disputes.get(&dispute.status) == Some(&Meaning::Plan))
}

#[cfg(test)]
mod tests {
    use accounts::Dispute;

    use super::*;

    const NOW: u64 = 1_795_536_000_000;

    fn prices() -> Prices {
        "creator=price_c,creator=price_cy,team=price_t".parse().expect("they are prices")
    }

    fn subscription(price: &str, status: &str) -> Subscription {
        Subscription {
            id: "sub_1".to_owned(),
            price: price.to_owned(),
            status: status.to_owned(),
            amount: Some(1_900),
            currency: "usd".to_owned(),
            period: "month".to_owned(),
            n_periods: 1,
            started_at: NOW - 40 * DAY_MS,
            period_end: NOW + 20 * DAY_MS,
            cancel_at_period_end: false,
            ends_at: None,
            unpaid_since: None,
        }
    }

    fn disputed(status: &str, opened_at: u64) -> Payment {
        Payment {
            charge: "ch_1".to_owned(),
            amount: 1_900,
            amount_refunded: 0,
            currency: "usd".to_owned(),
            paid_at: NOW - 40 * DAY_MS,
            dispute: Some(Dispute { status: status.to_owned(), opened_at }),
        }
    }

    #[test]
    fn a_status_gives_the_plan_of_its_price_or_none() {
        for (price, status, unpaid_days, plan) in [
            ("price_c", "active", None, "creator"),
            ("price_cy", "active", None, "creator"),
            ("price_t", "active", None, "team"),
            ("price_t", "trialing", None, "team"),
            ("price_t", "past_due", Some(0), "team"),
            ("price_t", "past_due", Some(6), "team"),
            ("price_t", "past_due", Some(7), "free"),
            ("price_t", "unpaid", Some(1), "free"),
            ("price_t", "paused", None, "free"),
            ("price_t", "incomplete", None, "free"),
            ("price_t", "incomplete_expired", None, "free"),
            ("price_t", "canceled", None, "free"),
            ("price_t", "a new word", None, "free"),
            ("price_of_something_else", "active", None, "free"),
        ] {
            let unpaid_since = unpaid_days.map(|days| NOW - days * DAY_MS);
            let it = Subscription { unpaid_since, ..subscription(price, status) };
            assert_eq!(paid_plan(&[it], &[], &prices(), NOW).plan, plan, "{price} {status} {unpaid_days:?}");
        }
    }

    #[test]
    fn a_dispute_takes_the_plan_of_what_began_before_it_unless_it_is_won() {
        for (status, days_ago, plan) in [
            ("warning_needs_response", 1, "team"),
            ("warning_under_review", 1, "team"),
            ("warning_closed", 1, "team"),
            ("prevented", 1, "team"),
            ("needs_response", 1, "free"),
            ("under_review", 1, "free"),
            ("won", 1, "team"),
            ("lost", 1, "free"),
            ("a new word", 1, "free"),
            ("lost", 41, "team"),
        ] {
            let dispute = disputed(status, NOW - days_ago * DAY_MS);
            let paid = paid_plan(&[subscription("price_t", "active")], &[dispute], &prices(), NOW);
            assert_eq!(paid.plan, plan, "{status} {days_ago}");
        }
        let refunded = Payment { amount_refunded: 1_900, dispute: None, ..disputed("", 0) };
        let paid = paid_plan(&[subscription("price_t", "active")], &[refunded], &prices(), NOW);
        assert_eq!(paid.plan, "team", "a refund ends no subscription");
    }

    #[test]
    fn of_several_subscriptions_the_best_counts_whatever_their_order() {
        let mut some = [
            subscription("price_c", "active"),
            subscription("price_t", "canceled"),
            subscription("price_t", "active"),
        ];
        for _ in 0..3 {
            assert_eq!(paid_plan(&some, &[], &prices(), NOW).plan, "team");
            some.rotate_left(1);
        }
        assert_eq!(paid_plan(&[], &[], &prices(), NOW), Paid { plan: "free".to_owned(), changes_at: None });
    }

    #[test]
    fn it_is_known_when_a_plan_changes_by_itself() {
        let active = subscription("price_t", "active");
        let changes_at =
            |it: &Subscription| paid_plan(std::slice::from_ref(it), &[], &prices(), NOW).changes_at;
        assert_eq!(changes_at(&active), Some(active.period_end));
        let late = Subscription { unpaid_since: Some(NOW - DAY_MS), ..subscription("price_t", "past_due") };
        assert_eq!((changes_at(&late), grace_until(&late)), (Some(NOW + 6 * DAY_MS), Some(NOW + 6 * DAY_MS)));
        let ending = Subscription { ends_at: Some(NOW + 5), ..active };
        assert_eq!((changes_at(&ending), grace_until(&ending)), (Some(NOW + 5), None));
    }

    #[test]
    fn prices_are_read_or_refused_by_name() {
        assert_eq!(prices().plan_of("price_cy"), Some("creator"));
        let refused = |text: &str| text.parse::<Prices>().expect_err("it is refused");
        assert_eq!(refused(" , "), PricesError::None);
        assert_eq!(refused("creator"), PricesError::Form("creator".to_owned()));
        assert_eq!(refused("free=price_1"), PricesError::Plan("free".to_owned()));
        assert_eq!(refused("creator=p,team=p"), PricesError::Twice("p".to_owned()));
        let message = refused("gold=price_1").to_string();
        assert_eq!(message, "`gold` is no plan that can be bought; there are creator, team");
    }
}
