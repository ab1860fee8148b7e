//! `doctown accounts margin`: what jobs of a month cost, against what accounts pay.

use std::collections::BTreeMap;

use ::ledger::AccountCost;
use accounts::{Accounts, AccountsError, Dispute, Payment, Subscription, month_bounds, month_of};
use pipeline::Clock;
use runtime::SystemClock;
use runtime::config::Config;
use serde::Serialize;

use crate::failure::{Exit, Failure};
use crate::ledger;
use crate::output::{data, json, table};

/// Millionths of a US dollar in a cent.
const MICRO_PER_CENT: u64 = 10_000;

#[derive(Debug, Serialize)]
struct Report {
    month: String,
    accounts: Vec<Row>,
    total: Total,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Row {
    account: String,
    login: String,
    plan: String,
    /// Jobs that the plan counted.
    n_jobs: u64,
    n_unpriced_jobs: u64,
    cost_micro_usd: u64,
    /// A month of the subscriptions that ran in it; null where one is not in US dollars.
    price_micro_usd: Option<u64>,
    /// Paid in the month, less what was refunded or is disputed; null where a payment is not in US dollars.
    paid_micro_usd: Option<u64>,
    margin_micro_usd: Option<i64>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Total {
    n_jobs: u64,
    cost_micro_usd: u64,
    price_micro_usd: u64,
    paid_micro_usd: u64,
    margin_micro_usd: i64,
}

pub(crate) async fn margin(
    accounts: &Accounts,
    month: Option<&str>,
    config: &Config,
    as_json: bool,
) -> Result<(), Failure> {
    let month = month.map_or_else(|| month_of(SystemClock.now().0).0, str::to_owned);
    let (from, until) = month_bounds(&month).ok_or_else(|| {
        Failure::new(Exit::Usage, "month_invalid", format!("`{month}` is no month"))
            .with_help("write it as YEAR-MONTH, such as 2026-11")
    })?;
    let ledger = ledger::open(config).await?;
    let costs = ledger.costs(from, until).await.map_err(|error| {
        Failure::new(Exit::UpstreamDown, "ledger_unavailable", error.to_string())
            .with_help("DATABASE_URL names the ledger")
    })?;
    let costs: BTreeMap<String, AccountCost> =
        costs.into_iter().map(|cost| (cost.account.clone(), cost)).collect();
    let rows = rows(accounts, &month, (from, until), &costs).await.map_err(|error| {
        Failure::new(Exit::UpstreamDown, "accounts_unavailable", error.to_string())
            .with_help("DOCTOWN_ACCOUNTS_URL names the database of accounts")
    })?;
    let report = Report { total: total(&rows), month, accounts: rows };
    match as_json {
        true => json("accounts margin", &report),
        false => tell(&report),
    }
    Ok(())
}

async fn rows(
    accounts: &Accounts,
    month: &str,
    times: (u64, u64),
    costs: &BTreeMap<String, AccountCost>,
) -> Result<Vec<Row>, AccountsError> {
    let mut rows = Vec::new();
    for found in accounts.accounts_of_month(month).await? {
        let cost = costs.get(&found.account);
        let subscriptions = accounts.subscriptions(&found.account).await?;
        let payments = accounts.payments(&found.account).await?;
        let cost_micro_usd = cost.map_or(0, |cost| cost.cost_micro_usd);
        let price_micro_usd = price(&subscriptions, times);
        rows.push(Row {
            n_jobs: found.jobs,
            n_unpriced_jobs: cost.map_or(0, |cost| cost.n_unpriced),
            cost_micro_usd,
            price_micro_usd,
            paid_micro_usd: paid(&payments, times),
            margin_micro_usd: price_micro_usd.map(|price| difference(price, cost_micro_usd)),
            account: found.account,
            login: found.login,
            plan: found.plan,
        });
    }
    rows.sort_by(|one, other| {
        (one.margin_micro_usd, &one.account).cmp(&(other.margin_micro_usd, &other.account))
    });
    Ok(rows)
}

/// Adds up a month of each subscription that ran in it.
fn price(subscriptions: &[Subscription], (from, until): (u64, u64)) -> Option<u64> {
    let mut sum = 0;
    for it in subscriptions {
        let pays = matches!(it.status.as_str(), "active" | "past_due");
        if !pays || it.started_at >= until || it.ends_at.is_some_and(|at| at < from) {
            continue;
        }
        if it.currency != "usd" {
            return None;
        }
        let micro = it.amount?.saturating_mul(MICRO_PER_CENT);
        sum += match it.period.as_str() {
            "day" => micro * 365 / 12,
            "week" => micro * 52 / 12,
            "year" => micro / 12,
            _ => micro,
        } / it.n_periods.max(1);
    }
    Some(sum)
}

fn paid(payments: &[Payment], (from, until): (u64, u64)) -> Option<u64> {
    let mut sum = 0;
    for it in payments.iter().filter(|it| (from..until).contains(&it.paid_at)) {
        if it.currency != "usd" {
            return None;
        }
        if !it.dispute.as_ref().is_some_and(is_taken_back) {
            sum += it.amount.saturating_sub(it.amount_refunded).saturating_mul(MICRO_PER_CENT);
        }
    }
    Some(sum)
}

/// Reports whether the bank has the money: of a dispute that is open, or lost.
fn is_taken_back(dispute: &Dispute) -> bool {
    matches!(dispute.status.as_str(), "needs_response" | "under_review" | "lost")
}

fn difference(one: u64, other: u64) -> i64 {
    i64::try_from(i128::from(one) - i128::from(other)).unwrap_or(i64::MIN)
}

fn total(rows: &[Row]) -> Total {
    let mut total = Total::default();
    for row in rows {
        total.n_jobs += row.n_jobs;
        total.cost_micro_usd += row.cost_micro_usd;
        total.price_micro_usd += row.price_micro_usd.unwrap_or(0);
        total.paid_micro_usd += row.paid_micro_usd.unwrap_or(0);
    }
    total.margin_micro_usd = difference(total.price_micro_usd, total.cost_micro_usd);
    total
}

fn tell(report: &Report) {
    let dollars = |micro: u64| format!("{:.2}", micro as f64 / 1e6);
    let signed = |micro: i64| format!("{:.2}", micro as f64 / 1e6);
    let unknown = || "?".to_owned();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for it in &report.accounts {
        rows.push(vec![
            it.login.clone(),
            it.plan.clone(),
            it.n_jobs.to_string(),
            dollars(it.cost_micro_usd),
            it.price_micro_usd.map_or_else(unknown, dollars),
            it.paid_micro_usd.map_or_else(unknown, dollars),
            it.margin_micro_usd.map_or_else(unknown, signed),
        ]);
    }
    let all = &report.total;
    rows.push(vec![
        "all".to_owned(),
        String::new(),
        all.n_jobs.to_string(),
        dollars(all.cost_micro_usd),
        dollars(all.price_micro_usd),
        dollars(all.paid_micro_usd),
        signed(all.margin_micro_usd),
    ]);
    data(&format!("{}, in US dollars", report.month));
    data(&table(&["account", "plan", "jobs", "cost", "price", "paid", "margin"], &rows));
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOVEMBER: (u64, u64) = (1_793_491_200_000, 1_796_083_200_000);

    fn subscription(period: &str, n_periods: u64) -> Subscription {
        Subscription {
            id: "sub_1".to_owned(),
            price: "price_1".to_owned(),
            status: "active".to_owned(),
            amount: Some(12_000),
            currency: "usd".to_owned(),
            period: period.to_owned(),
            n_periods,
            started_at: NOVEMBER.0 - 1,
            period_end: NOVEMBER.1,
            cancel_at_period_end: false,
            ends_at: None,
            unpaid_since: None,
        }
    }

    #[test]
    fn a_price_counts_by_the_month_and_only_while_it_is_paid() {
        for (it, micro) in [
            (subscription("month", 1), 120_000_000),
            (subscription("month", 3), 40_000_000),
            (subscription("year", 1), 10_000_000),
            (subscription("week", 1), 520_000_000),
            (Subscription { status: "canceled".to_owned(), ..subscription("month", 1) }, 0),
            (Subscription { started_at: NOVEMBER.1, ..subscription("month", 1) }, 0),
            (Subscription { ends_at: Some(NOVEMBER.0 - 1), ..subscription("month", 1) }, 0),
        ] {
            assert_eq!(price(std::slice::from_ref(&it), NOVEMBER), Some(micro), "{it:?}");
        }
        let euro = Subscription { currency: "eur".to_owned(), ..subscription("month", 1) };
        assert_eq!(price(&[euro], NOVEMBER), None);
    }

    #[test]
    fn what_was_refunded_or_is_disputed_is_not_paid() {
        let payment = |refunded, status: Option<&str>| Payment {
            charge: "ch_1".to_owned(),
            amount: 1_900,
            amount_refunded: refunded,
            currency: "usd".to_owned(),
            paid_at: NOVEMBER.0,
            dispute: status.map(|status| Dispute { status: status.to_owned(), opened_at: 0 }),
        };
        for (it, micro) in [
            (payment(0, None), 19_000_000),
            (payment(400, None), 15_000_000),
            (payment(0, Some("won")), 19_000_000),
            (payment(0, Some("needs_response")), 0),
            (payment(0, Some("lost")), 0),
            (Payment { paid_at: NOVEMBER.1, ..payment(0, None) }, 0),
        ] {
            assert_eq!(paid(std::slice::from_ref(&it), NOVEMBER), Some(micro), "{it:?}");
        }
    }
}
