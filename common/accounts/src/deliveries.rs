//! What the GitHub App was told: each delivery once, worked on until it has an outcome.

use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::{Accounts, AccountsError, signed};

/// A delivery whose signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// GitHub's name of the delivery; a delivery that is sent again has the same.
    pub guid: String,
    pub event: String,
    pub installation: Option<u64>,
    pub repository: Option<u64>,
    /// SHA-256 of the body as it came.
    pub body_sha256: String,
    /// The event, as JSON.
    pub body: String,
}

/// What became of a delivery that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is new, and kept.
    New,
    /// It was there already.
    Again,
    /// Another delivery had this guid: this one is no delivery of GitHub's.
    OtherBody,
}

/// A delivery that somebody works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub guid: String,
    pub event: String,
    pub body: String,
    pub received_at: u64,
    /// This one included.
    pub attempts: u64,
    /// Names this attempt: whoever began a later one has another.
    pub leased_until: u64,
}

impl Accounts {
    /// Keeps a delivery, once.
    pub async fn add_delivery(&self, new: &NewDelivery, now: u64) -> Result<Added, AccountsError> {
        let number = |number: Option<u64>| number.map(signed);
        let added = query(
            "INSERT INTO account_deliveries (guid, event, installation, repository, received_at, body_sha256, \
             body, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $5) ON CONFLICT (guid) DO NOTHING",
        )
        .bind(&new.guid)
        .bind(&new.event)
        .bind(number(new.installation))
        .bind(number(new.repository))
        .bind(signed(now))
        .bind(&new.body_sha256)
        .bind(&new.body)
        .execute(&self.pool)
        .await?;
        if added.rows_affected() > 0 {
            return Ok(Added::New);
        }
        let row = query("SELECT body_sha256 FROM account_deliveries WHERE guid = $1")
            .bind(&new.guid)
            .fetch_one(&self.pool)
            .await?;
        let is_same = row.try_get::<String, _>("body_sha256")? == new.body_sha256;
        Ok(if is_same { Added::Again } else { Added::OtherBody })
    }

    /// Reports whether a delivery came.
    pub async fn has_delivery(&self, guid: &str) -> Result<bool, AccountsError> {
        let row = query("SELECT 1 FROM account_deliveries WHERE guid = $1").bind(guid);
        Ok(row.fetch_optional(&self.pool).await?.is_some())
    }

    /// Takes the delivery that has waited longest, for as long as `lease_ms`. Of several processes one gets it.
    pub async fn take_delivery(&self, now: u64, lease_ms: u64) -> Result<Option<Delivery>, AccountsError> {
        loop {
            let row = query(
                "SELECT guid, event, body, received_at, attempts, due_at FROM account_deliveries \
                 WHERE done_at IS NULL AND due_at <= $1 ORDER BY received_at, guid LIMIT 1",
            )
            .bind(signed(now))
            .fetch_optional(&self.pool)
            .await?;
            let Some(row) = row else { return Ok(None) };
            let delivery = read(&row, now + lease_ms)?;
            let taken = query(
                "UPDATE account_deliveries SET due_at = $3, attempts = $4 \
                 WHERE guid = $1 AND due_at = $2 AND attempts = $5 AND done_at IS NULL",
            )
            .bind(&delivery.guid)
            .bind(row.try_get::<i64, _>("due_at")?)
            .bind(signed(delivery.leased_until))
            .bind(signed(delivery.attempts))
            .bind(row.try_get::<i64, _>("attempts")?)
            .execute(&self.pool)
            .await?;
            // Another process was faster: there may be others.
            if taken.rows_affected() > 0 {
                return Ok(Some(delivery));
            }
        }
    }

    /// Notes what became of a delivery, and forgets what it said. The guid and the digest stay.
    pub async fn finish_delivery(
        &self,
        delivery: &Delivery,
        outcome: &str,
        now: u64,
    ) -> Result<(), AccountsError> {
        query(
            "UPDATE account_deliveries SET outcome = $2, done_at = $3, body = NULL \
             WHERE guid = $1 AND done_at IS NULL AND attempts = $4",
        )
        .bind(&delivery.guid)
        .bind(outcome)
        .bind(signed(now))
        .bind(signed(delivery.attempts))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives a delivery back until a time, or keeps it for longer, and notes why.
    pub async fn delay_delivery(
        &self,
        delivery: &Delivery,
        outcome: &str,
        due_at: u64,
    ) -> Result<(), AccountsError> {
        query(
            "UPDATE account_deliveries SET due_at = $3, outcome = $2 \
             WHERE guid = $1 AND done_at IS NULL AND attempts = $4",
        )
        .bind(&delivery.guid)
        .bind(outcome)
        .bind(signed(due_at))
        .bind(signed(delivery.attempts))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Returns what became of a delivery; `None` where it never came or is still worked on.
    pub async fn delivery_outcome(&self, guid: &str) -> Result<Option<String>, AccountsError> {
        let row = query("SELECT outcome FROM account_deliveries WHERE guid = $1 AND done_at IS NOT NULL")
            .bind(guid)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("outcome")).transpose()?)
    }

    /// Lets one process do something that was last done before `before`; reports whether that is this one.
    pub async fn take_round(&self, name: &str, before: u64, now: u64) -> Result<bool, AccountsError> {
        let taken = query(
            "INSERT INTO account_rounds (name, done_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET \
             done_at = excluded.done_at WHERE account_rounds.done_at < $3",
        );
        let taken = taken.bind(name).bind(signed(now)).bind(signed(before)).execute(&self.pool).await?;
        Ok(taken.rows_affected() > 0)
    }

    /// Notes when something was done last, so that it is done again sooner or later than it would be.
    pub async fn set_round(&self, name: &str, done_at: u64) -> Result<(), AccountsError> {
        query(
            "INSERT INTO account_rounds (name, done_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET \
             done_at = excluded.done_at",
        )
        .bind(name)
        .bind(signed(done_at))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

fn read(row: &AnyRow, leased_until: u64) -> Result<Delivery, sqlx::Error> {
    Ok(Delivery {
        guid: row.try_get("guid")?,
        event: row.try_get("event")?,
        body: row.try_get::<Option<String>, _>("body")?.unwrap_or_default(),
        received_at: row.try_get::<i64, _>("received_at")?.unsigned_abs(),
        attempts: row.try_get::<i64, _>("attempts")?.unsigned_abs() + 1,
        leased_until,
    })
}
