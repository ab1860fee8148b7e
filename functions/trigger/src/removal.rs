//! Removes an account and everything that is its alone.

use std::time::Duration;

use accounts::Accounts;
use billing::{Billing, BillingError};
use ledger::Ledger;
use pipeline::{Coordinator, PipelineError, Ports, Tenant};

use crate::sharing::{SharingError, refresh};

/// How long a cancelled job's workers may go on writing: until their next heartbeat, and their time to return.
pub const WORKERS_STOP_WITHIN: Duration = pipeline::attempt::VISIBILITY;

/// Why an account was not removed, or not wholly; what is gone already stays gone.
#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    #[error(transparent)]
    Store(#[from] PipelineError),
    #[error(transparent)]
    Sharing(#[from] SharingError),
    #[error("its subscription is not ended: {0}")]
    Billing(#[from] BillingError),
}

impl From<accounts::AccountsError> for RemovalError {
    fn from(error: accounts::AccountsError) -> Self {
        Self::Sharing(error.into())
    }
}

impl From<ledger::LedgerError> for RemovalError {
    fn from(error: ledger::LedgerError) -> Self {
        Self::Sharing(error.into())
    }
}

/// Ends an account's subscriptions, and removes its objects, its rows in the ledger and its rows among the accounts.
///
/// The account goes last: until then its owner can ask again. Returns how many of its jobs were cancelled for it. If
/// there were any, their workers may write for [`WORKERS_STOP_WITHIN`] more; [`Coordinator::remove_tenant`] then removes
/// the rest.
pub async fn remove_account<P: Ports>(
    coordinator: &Coordinator<P>,
    ledger: &Ledger,
    accounts: &Accounts,
    billing: Option<&Billing>,
    account: &Tenant,
) -> Result<usize, RemovalError> {
    // First of all: nobody pays for an account that is gone.
    billing::end_before_removal(billing, accounts, account.as_str()).await?;
    let public = Tenant::public();
    let shared = ledger.docpacks_ordered(account.as_str(), public.as_str()).await?;
    let running = coordinator.active_jobs(account).await?;
    for job in &running {
        match coordinator.cancel(account, job).await {
            // An entry of the index without a job.
            Err(PipelineError::NoSuchJob { .. }) => {}
            cancelled => drop(cancelled?),
        }
    }
    coordinator.remove_tenant(account).await?;
    ledger.remove_owner(account.as_str()).await?;
    for docpack in shared {
        refresh(ledger, accounts, public.as_str(), &docpack).await?;
    }
    accounts.delete_user(account.as_str()).await?;
    Ok(running.len())
}
