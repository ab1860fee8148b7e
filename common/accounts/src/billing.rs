//! What accounts bought at Stripe, as it was when Stripe was last looked at.
//!
//! Stripe's events come late, twice and in any order, so none of them is believed: an event says whom to look at, and
//! what is written is what Stripe answers then. Looks are numbered before they ask. Whoever began later asked later,
//! so what an earlier look found never replaces what a later one found.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row, query};

use crate::{Accounts, AccountsError, better_plan, signed};

/// Before Stripe is asked whether a checkout was paid, where no event told it.
const CHECKOUT_LOOK_MS: u64 = 10 * 60_000;

/// An account that Stripe knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    pub account: String,
    /// Its id at Stripe.
    pub customer: String,
    /// The plan that its subscriptions pay for.
    pub paid_plan: String,
    /// Milliseconds since 1970; 0 before the first look.
    pub looked_at: u64,
}

/// A subscription at Stripe. Times are in milliseconds since 1970, amounts in the smallest unit of the currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub id: String,
    /// The price of its plan.
    pub price: String,
    /// Stripe's word.
    pub status: String,
    pub amount: Option<u64>,
    pub currency: String,
    /// `day`, `week`, `month` or `year`.
    pub period: String,
    /// Periods between two invoices.
    pub n_periods: u64,
    pub started_at: u64,
    /// When the time that was paid for ends.
    pub period_end: u64,
    pub cancel_at_period_end: bool,
    /// When it ends for good, where that was decided.
    pub ends_at: Option<u64>,
    /// When the invoice was made that is not paid.
    pub unpaid_since: Option<u64>,
}

/// A payment at Stripe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The id of its charge.
    pub charge: String,
    pub amount: u64,
    pub amount_refunded: u64,
    pub currency: String,
    pub paid_at: u64,
    pub dispute: Option<Dispute>,
}

/// A payment that its payer contests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Stripe's word.
    pub status: String,
    pub opened_at: u64,
}

/// What an event of Stripe's says: that something happened, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripeEvent {
    pub id: String,
    pub kind: String,
    /// Milliseconds since 1970.
    pub created: u64,
    pub customer: Option<String>,
    /// The charge, of an event that names no customer.
    pub charge: Option<String>,
}

/// What one look at Stripe found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub subscriptions: Vec<Subscription>,
    pub payments: Vec<Payment>,
    pub paid_plan: String,
    /// When to look again.
    pub due_at: u64,
}

/// A job that was counted and that the meter does not know yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmetered {
    pub account: String,
    pub customer: String,
    pub job: String,
    pub charged_at: u64,
}

impl Accounts {
    /// Notes which customer an account is, and returns the one that it is: the first that was noted stays.
    pub async fn put_customer(
        &self,
        account: &str,
        customer: &str,
        now: u64,
    ) -> Result<String, AccountsError> {
        query(
            "INSERT INTO account_customers (account, customer, paid_plan, looks_begun, look_written, \
             looked_at, due_at) VALUES ($1, $2, 'free', 0, 0, 0, $3) ON CONFLICT (account) DO NOTHING",
        )
        .bind(account)
        .bind(customer)
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        let kept = self.customer(account).await?;
        Ok(kept.map_or_else(|| customer.to_owned(), |kept| kept.customer))
    }

    /// Finds the customer that an account is.
    pub async fn customer(&self, account: &str) -> Result<Option<Customer>, AccountsError> {
        self.customer_where("SELECT * FROM account_customers WHERE account = $1", account).await
    }

    /// Finds the account of a customer.
    pub async fn customer_of_stripe(&self, customer: &str) -> Result<Option<Customer>, AccountsError> {
        self.customer_where("SELECT * FROM account_customers WHERE customer = $1", customer).await
    }

    async fn customer_where(
        &self,
        statement: &'static str,
        id: &str,
    ) -> Result<Option<Customer>, AccountsError> {
        let row = query(statement).bind(id).fetch_optional(&self.pool).await?;
        let read = |row: &AnyRow| {
            Ok::<_, sqlx::Error>(Customer {
                account: row.try_get("account")?,
                customer: row.try_get("customer")?,
                paid_plan: row.try_get("paid_plan")?,
                looked_at: number(row, "looked_at")?,
            })
        };
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// Has Stripe looked at soon, whether or not an event comes: somebody went there to pay.
    pub async fn expect_payment(&self, account: &str, now: u64) -> Result<(), AccountsError> {
        let due = signed(now + CHECKOUT_LOOK_MS);
        let sooner = query("UPDATE account_customers SET due_at = $2 WHERE account = $1 AND due_at > $2");
        sooner.bind(account).bind(due).execute(&self.pool).await?;
        Ok(())
    }

    /// Keeps an event; `false` if it was kept before and is done.
    pub async fn keep_event(&self, event: &StripeEvent, now: u64) -> Result<bool, AccountsError> {
        query(
            "INSERT INTO account_stripe_events (id, type, created, customer, charge, received_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&event.id)
        .bind(&event.kind)
        .bind(signed(event.created))
        .bind(&event.customer)
        .bind(&event.charge)
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        let open = query("SELECT 1 FROM account_stripe_events WHERE id = $1 AND done_at IS NULL");
        Ok(open.bind(&event.id).fetch_optional(&self.pool).await?.is_some())
    }

    /// Notes that what an event stands for is written, and of which customer of ours it was; `None` of none.
    pub async fn finish_event(
        &self,
        id: &str,
        customer: Option<&str>,
        now: u64,
    ) -> Result<(), AccountsError> {
        query(
            "UPDATE account_stripe_events SET done_at = $2, customer = $3, charge = NULL \
             WHERE id = $1 AND done_at IS NULL",
        )
        .bind(id)
        .bind(signed(now))
        .bind(customer)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Forgets events that were received before a moment: Stripe does not send them again.
    pub async fn forget_events(&self, before: u64) -> Result<(), AccountsError> {
        let old = query("DELETE FROM account_stripe_events WHERE received_at < $1");
        old.bind(signed(before)).execute(&self.pool).await?;
        Ok(())
    }

    /// Lists events that are not done, the oldest first, of those that were received after a moment.
    pub async fn open_events(&self, since: u64, limit: u32) -> Result<Vec<StripeEvent>, AccountsError> {
        let rows = query(
            "SELECT * FROM account_stripe_events WHERE done_at IS NULL AND received_at > $1 \
             ORDER BY received_at, id LIMIT $2",
        )
        .bind(signed(since))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        let read = |row: &AnyRow| {
            Ok::<_, sqlx::Error>(StripeEvent {
                id: row.try_get("id")?,
                kind: row.try_get("type")?,
                created: number(row, "created")?,
                customer: row.try_get("customer")?,
                charge: row.try_get("charge")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Begins a look at Stripe and returns its number; `None` where the account is no customer.
    pub async fn begin_look(&self, account: &str) -> Result<Option<u64>, AccountsError> {
        let row = query(
            "UPDATE account_customers SET looks_begun = looks_begun + 1 WHERE account = $1 RETURNING looks_begun",
        )
        .bind(account)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|row| number(&row, "looks_begun")).transpose()?)
    }

    /// Writes what a look found, with the plan that follows from it; `false` if a later look was written before, or
    /// the account is gone.
    pub async fn write_look(
        &self,
        account: &str,
        number: u64,
        look: &Look,
        now: u64,
    ) -> Result<bool, AccountsError> {
        let mut change = self.pool.begin().await?;
        hold(&mut change, account).await?;
        let written = query(
            "UPDATE account_customers SET look_written = $2, paid_plan = $3, looked_at = $4, due_at = $5 \
             WHERE account = $1 AND look_written < $2",
        )
        .bind(account)
        .bind(signed(number))
        .bind(&look.paid_plan)
        .bind(signed(now))
        .bind(signed(look.due_at))
        .execute(&mut *change)
        .await?;
        if written.rows_affected() == 0 {
            return Ok(false);
        }
        query("DELETE FROM account_subscriptions WHERE account = $1")
            .bind(account)
            .execute(&mut *change)
            .await?;
        for subscription in &look.subscriptions {
            put_subscription(&mut change, account, subscription).await?;
        }
        for payment in &look.payments {
            put_payment(&mut change, account, payment).await?;
        }
        apply_plan(&mut change, account).await?;
        change.commit().await?;
        Ok(true)
    }

    /// Lists accounts that Stripe is to be asked about again, those that wait longest first.
    pub async fn due_looks(&self, now: u64, limit: u32) -> Result<Vec<String>, AccountsError> {
        let due =
            "SELECT account FROM account_customers WHERE due_at <= $1 ORDER BY due_at, account LIMIT $2";
        let rows = sqlx::query_scalar(due).bind(signed(now)).bind(i64::from(limit));
        Ok(rows.fetch_all(&self.pool).await?)
    }

    /// Puts a look that failed off, so that others have their turn.
    pub async fn put_off_look(&self, account: &str, until: u64) -> Result<(), AccountsError> {
        let later = query("UPDATE account_customers SET due_at = $2 WHERE account = $1");
        later.bind(account).bind(signed(until)).execute(&self.pool).await?;
        Ok(())
    }

    /// Lists an account's subscriptions, the newest first.
    pub async fn subscriptions(&self, account: &str) -> Result<Vec<Subscription>, AccountsError> {
        let rows = query(
            "SELECT * FROM account_subscriptions WHERE account = $1 \
             ORDER BY started_at DESC, stripe_subscription_id",
        )
        .bind(account)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(read_subscription).collect::<Result<_, _>>()?)
    }

    /// Lists an account's payments, the newest first.
    pub async fn payments(&self, account: &str) -> Result<Vec<Payment>, AccountsError> {
        let rows = query(
            "SELECT * FROM account_payments WHERE account = $1 ORDER BY paid_at DESC, stripe_charge_id",
        )
        .bind(account)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(read_payment).collect::<Result<_, _>>()?)
    }

    /// Lists jobs of customers that were counted within a time and that the meter does not know yet.
    pub async fn unmetered(
        &self,
        since: u64,
        until: u64,
        limit: u32,
    ) -> Result<Vec<Unmetered>, AccountsError> {
        let rows = query(
            "SELECT e.account, c.customer, e.job, e.charged_at FROM account_usage_entries e \
             JOIN account_customers c ON c.account = e.account WHERE e.metered_at IS NULL \
             AND e.charged_at > $1 AND e.charged_at <= $2 ORDER BY e.charged_at, e.account, e.job LIMIT $3",
        )
        .bind(signed(since))
        .bind(signed(until))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        let read = |row: &AnyRow| {
            Ok::<_, sqlx::Error>(Unmetered {
                account: row.try_get("account")?,
                customer: row.try_get("customer")?,
                job: row.try_get("job")?,
                charged_at: number(row, "charged_at")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Notes that the meter knows a job.
    pub async fn set_metered(&self, account: &str, job: &str, now: u64) -> Result<(), AccountsError> {
        query("UPDATE account_usage_entries SET metered_at = $3 WHERE account = $1 AND job = $2")
            .bind(account)
            .bind(job)
            .bind(signed(now))
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

/// Makes whoever else changes an account's plan wait until the change is over.
pub(crate) async fn hold(change: &mut AnyConnection, account: &str) -> Result<(), sqlx::Error> {
    let held = query("UPDATE account_users SET plan = plan WHERE id = $1").bind(account);
    held.execute(change).await.map(drop)
}

/// Sets an account's plan to the better one of what the operator gave and what is paid for.
pub(crate) async fn apply_plan(change: &mut AnyConnection, account: &str) -> Result<(), sqlx::Error> {
    let row = query(
        "SELECT u.granted_plan, c.paid_plan FROM account_users u \
         LEFT JOIN account_customers c ON c.account = u.id WHERE u.id = $1",
    )
    .bind(account)
    .fetch_optional(&mut *change)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let (granted, paid): (String, Option<String>) = (row.try_get("granted_plan")?, row.try_get("paid_plan")?);
    let plan = paid.map_or(granted.clone(), |paid| better_plan(&granted, &paid).to_owned());
    let set = query("UPDATE account_users SET plan = $2 WHERE id = $1").bind(account).bind(plan);
    set.execute(change).await.map(drop)
}

async fn put_subscription(
    change: &mut AnyConnection,
    account: &str,
    it: &Subscription,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO account_subscriptions (stripe_subscription_id, account, price, status, amount, currency, \
         period, n_periods, started_at, period_end, cancel_at_period_end, ends_at, unpaid_since) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&it.id)
    .bind(account)
    .bind(&it.price)
    .bind(&it.status)
    .bind(it.amount.map(signed))
    .bind(&it.currency)
    .bind(&it.period)
    .bind(signed(it.n_periods))
    .bind(signed(it.started_at))
    .bind(signed(it.period_end))
    .bind(i64::from(it.cancel_at_period_end))
    .bind(it.ends_at.map(signed))
    .bind(it.unpaid_since.map(signed))
    .execute(change)
    .await
    .map(drop)
}

async fn put_payment(change: &mut AnyConnection, account: &str, it: &Payment) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO account_payments (stripe_charge_id, account, amount, amount_refunded, currency, paid_at, \
         dispute_status, disputed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (stripe_charge_id) DO UPDATE SET amount = excluded.amount, \
         amount_refunded = excluded.amount_refunded, dispute_status = excluded.dispute_status, \
         disputed_at = excluded.disputed_at",
    )
    .bind(&it.charge)
    .bind(account)
    .bind(signed(it.amount))
    .bind(signed(it.amount_refunded))
    .bind(&it.currency)
    .bind(signed(it.paid_at))
    .bind(it.dispute.as_ref().map(|dispute| dispute.status.clone()))
    .bind(it.dispute.as_ref().map(|dispute| signed(dispute.opened_at)))
    .execute(change)
    .await
    .map(drop)
}

fn number(row: &AnyRow, column: &str) -> Result<u64, sqlx::Error> {
    Ok(row.try_get::<i64, _>(column)?.unsigned_abs())
}

fn optional(row: &AnyRow, column: &str) -> Result<Option<u64>, sqlx::Error> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(i64::unsigned_abs))
}

pub(crate) fn read_subscription(row: &AnyRow) -> Result<Subscription, sqlx::Error> {
    Ok(Subscription {
        id: row.try_get("stripe_subscription_id")?,
        price: row.try_get("price")?,
        status: row.try_get("status")?,
        amount: optional(row, "amount")?,
        currency: row.try_get("currency")?,
        period: row.try_get("period")?,
        n_periods: number(row, "n_periods")?,
        started_at: number(row, "started_at")?,
        period_end: number(row, "period_end")?,
        cancel_at_period_end: number(row, "cancel_at_period_end")? > 0,
        ends_at: optional(row, "ends_at")?,
        unpaid_since: optional(row, "unpaid_since")?,
    })
}

fn read_payment(row: &AnyRow) -> Result<Payment, sqlx::Error> {
    let status: Option<String> = row.try_get("dispute_status")?;
    let opened_at = optional(row, "disputed_at")?.unwrap_or_default();
    Ok(Payment {
        charge: row.try_get("stripe_charge_id")?,
        amount: number(row, "amount")?,
        amount_refunded: number(row, "amount_refunded")?,
        currency: row.try_get("currency")?,
        paid_at: number(row, "paid_at")?,
        dispute: status.map(|status| Dispute { status, opened_at }),
    })
}
