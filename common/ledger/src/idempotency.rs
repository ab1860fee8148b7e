//! Idempotency keys: which job a request made, so that the same request sent again has the same one.

use docpack::Digest;
use sqlx::{Row, query};

use crate::jobs::signed;
use crate::{Ledger, LedgerError};

/// What a key stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub request_digest: String,
    pub job_id: String,
    /// What the first answer said beside the job, as JSON.
    pub answer: String,
}

impl Ledger {
    /// Finds what a key stands for, unless it was first used before `since`.
    pub async fn claim(&self, owner: &str, key: &str, since: u64) -> Result<Option<Claim>, LedgerError> {
        let row = query(
            "SELECT request_digest, job_id, answer FROM idempotency_keys \
             WHERE owner = $1 AND name = $2 AND created_at >= $3",
        )
        .bind(owner)
        .bind(hashed(key))
        .bind(signed(since))
        .fetch_optional(&self.pool)
        .await?;
        let claim = row.map(|row| {
            Ok(Claim {
                request_digest: row.try_get("request_digest")?,
                job_id: row.try_get("job_id")?,
                answer: row.try_get("answer")?,
            })
        });
        Ok(claim.transpose().map_err(|error: sqlx::Error| error)?)
    }

    /// Binds a key to a job before the job is made, unless it is bound already; returns what stands.
    ///
    /// The job is made only afterwards and making it twice is harmless, so a crash in between loses nothing.
    pub async fn bind_key(
        &self,
        owner: &str,
        key: &str,
        claim: &Claim,
        now: u64,
        since: u64,
    ) -> Result<Claim, LedgerError> {
        query("DELETE FROM idempotency_keys WHERE created_at < $1")
            .bind(signed(since))
            .execute(&self.pool)
            .await?;
        query(
            "INSERT INTO idempotency_keys (owner, name, request_digest, job_id, answer, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (owner, name) DO NOTHING",
        )
        .bind(owner)
        .bind(hashed(key))
        .bind(&claim.request_digest)
        .bind(&claim.job_id)
        .bind(&claim.answer)
        .bind(signed(now))
        .execute(&self.pool)
        .await?;
        Ok(self.claim(owner, key, since).await?.unwrap_or_else(|| claim.clone()))
    }
}

/// A key may be anybody's secret; only its digest is kept.
fn hashed(key: &str) -> String {
    Digest::of(key.as_bytes()).hex()
}
