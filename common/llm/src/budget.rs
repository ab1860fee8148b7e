//! Money that may be spent, reserved before it can be.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// A limit shared by all who spend; clones are the same budget.
#[derive(Clone)]
pub struct Budget {
    purse: Arc<Mutex<Purse>>,
    /// Told whenever a reservation ends.
    freed: Arc<Notify>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Purse {
    limit: Option<u64>,
    spent: u64,
    reserved: u64,
}

/// What does not fit any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{wanted} micro-USD may be needed, {left} are left")]
pub struct BudgetExceeded {
    pub wanted: u64,
    pub left: u64,
}

/// A part of the budget that a request may use up.
///
/// Dropped without a word, it counts as spent in full: the request may have been on its way.
#[must_use = "what is not settled or released counts as spent"]
#[derive(Debug)]
pub struct Reservation {
    budget: Budget,
    amount: u64,
    is_over: bool,
}

impl Budget {
    /// Makes a budget of millionths of a dollar.
    pub fn of_micro_usd(limit: u64) -> Self {
        Self::with(Some(limit))
    }

    /// Makes one that only counts.
    pub fn unlimited() -> Self {
        Self::with(None)
    }

    fn with(limit: Option<u64>) -> Self {
        Self { purse: Arc::new(Mutex::new(Purse { limit, ..Purse::default() })), freed: Arc::default() }
    }

    /// Sets money aside for the worst that a request can cost.
    pub fn reserve(&self, worst_case_micro_usd: u64) -> Result<Reservation, BudgetExceeded> {
        let mut purse = self.lock();
        let left = purse.left();
        if worst_case_micro_usd > left {
            return Err(BudgetExceeded { wanted: worst_case_micro_usd, left });
        }
        purse.reserved = purse.reserved.saturating_add(worst_case_micro_usd);
        drop(purse);
        Ok(Reservation { budget: self.clone(), amount: worst_case_micro_usd, is_over: false })
    }

    /// Sets money aside as soon as requests under way leave enough of what they had set aside.
    ///
    /// # Errors
    /// What is spent leaves too little, whatever becomes of the others.
    pub async fn reserve_when_free(&self, worst_case_micro_usd: u64) -> Result<Reservation, BudgetExceeded> {
        loop {
            // Listening begins before the look, so that nothing that ends between the two is missed.
            let freed = self.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            match self.reserve(worst_case_micro_usd) {
                Ok(reservation) => return Ok(reservation),
                Err(refused) => {
                    let left = self.lock().unspent();
                    if refused.wanted > left {
                        return Err(BudgetExceeded { left, ..refused });
                    }
                }
            }
            freed.await;
        }
    }

    /// Counts what was spent already, even where it is more than what is left.
    pub fn charge(&self, micro_usd: u64) {
        let mut purse = self.lock();
        purse.spent = purse.spent.saturating_add(micro_usd);
    }

    /// Adds to the limit.
    pub fn raise(&self, micro_usd: u64) {
        let mut purse = self.lock();
        purse.limit = purse.limit.map(|limit| limit.saturating_add(micro_usd));
        drop(purse);
        self.freed.notify_waiters();
    }

    /// Returns the limit, `None` where there is none.
    pub fn limit(&self) -> Option<u64> {
        self.lock().limit
    }

    /// Returns what is settled.
    pub fn spent(&self) -> u64 {
        self.lock().spent
    }

    /// Tells whether requests cost more than they were expected to at worst, and more than the limit.
    pub fn is_overspent(&self) -> bool {
        let purse = self.lock();
        purse.limit.is_some_and(|limit| purse.spent > limit)
    }

    /// Returns what requests under way may still use.
    pub fn reserved(&self) -> u64 {
        self.lock().reserved
    }

    /// Returns what is not spent, whatever requests under way may still use; `u64::MAX` without a limit.
    pub fn unspent(&self) -> u64 {
        self.lock().unspent()
    }

    /// Returns what may still be reserved.
    pub fn left(&self) -> u64 {
        self.lock().left()
    }

    fn lock(&self) -> MutexGuard<'_, Purse> {
        self.purse.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lock().fmt(f)
    }
}

impl Purse {
    fn unspent(&self) -> u64 {
        self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.spent))
    }

    fn left(&self) -> u64 {
        let used = self.spent.saturating_add(self.reserved);
        self.limit.map_or(u64::MAX, |limit| limit.saturating_sub(used))
    }
}

impl Reservation {
    /// Returns how much is set aside.
    pub fn amount(&self) -> u64 {
        self.amount
    }

    /// Replaces the worst case by what it really cost.
    pub fn settle(mut self, actual_micro_usd: u64) {
        self.end(actual_micro_usd);
    }

    /// Gives all of it back: nothing was sent, or the provider does not charge for it.
    pub fn release(mut self) {
        self.end(0);
    }

    fn end(&mut self, cost: u64) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        let mut purse = self.budget.lock();
        purse.reserved = purse.reserved.saturating_sub(self.amount);
        purse.spent = purse.spent.saturating_add(cost);
        drop(purse);
        self.budget.freed.notify_waiters();
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.end(self.amount);
    }
}
