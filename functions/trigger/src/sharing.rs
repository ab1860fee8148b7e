//! Whether everybody may read a docpack: accounts are the truth, the ledger is what lists are made of.

use accounts::{Accounts, AccountsError, Visibility};
use ledger::{Cursor, DocpackFilter, Ledger, LedgerError, Whose, address_of};
use pipeline::Tenant;

use crate::wire::VisibilityWord;

/// Why it was not found out or written.
#[derive(Debug, thiserror::Error)]
pub enum SharingError {
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Docpacks that are looked at together.
const PAGE: u32 = 100;

/// Tells who may read what an account ordered; everybody, of a public repository, until the account says otherwise.
pub(crate) async fn visibility_of(
    accounts: &Accounts,
    account: &str,
    owner: &str,
    docpack: &str,
) -> Result<Visibility, SharingError> {
    Ok(accounts.visibility(account, owner, docpack).await?.unwrap_or_else(|| unsaid(owner)))
}

/// Returns who may read a docpack of this tenant until its account says otherwise.
pub(crate) fn unsaid(owner: &str) -> Visibility {
    match owner == Tenant::public().as_str() {
        true => Visibility::Public,
        false => Visibility::Private,
    }
}

pub(crate) fn word_of(visibility: Visibility) -> VisibilityWord {
    match visibility {
        Visibility::Private => VisibilityWord::Private,
        Visibility::Unlisted => VisibilityWord::Unlisted,
        Visibility::Public => VisibilityWord::Public,
    }
}

/// Writes into the ledger whether everybody may read a docpack: where one of those who ordered it shares it with all,
/// and its repository was not withdrawn.
pub(crate) async fn refresh(
    ledger: &Ledger,
    accounts: &Accounts,
    owner: &str,
    docpack: &str,
) -> Result<(), SharingError> {
    let Some(row) = ledger.docpack(owner, docpack).await? else { return Ok(()) };
    if owner != Tenant::public().as_str() {
        return Ok(());
    }
    let address = address_of(row.repo_url.as_deref().unwrap_or_default());
    let is_withdrawn = !address.is_empty() && accounts.withdrawal(&address).await?.is_some();
    let mut is_public = false;
    if !is_withdrawn {
        for account in ledger.accounts_of_docpack(owner, docpack).await? {
            is_public |= visibility_of(accounts, &account, owner, docpack).await? == Visibility::Public;
        }
    }
    Ok(ledger.set_readers(owner, docpack, is_public, is_withdrawn).await?)
}

/// Does so for every docpack of a public repository, after it was withdrawn or given back.
pub async fn refresh_at(ledger: &Ledger, accounts: &Accounts, address: &str) -> Result<(), SharingError> {
    let public = Tenant::public();
    for docpack in ledger.docpacks_at(public.as_str(), address).await? {
        refresh(ledger, accounts, public.as_str(), &docpack).await?;
    }
    Ok(())
}

/// Does so for every docpack, after the ledger was filled from the store.
pub async fn refresh_all(ledger: &Ledger, accounts: &Accounts) -> Result<(), SharingError> {
    let public = Tenant::public();
    let mut after: Option<Cursor> = None;
    loop {
        let whose = Whose::Owner(public.as_str());
        let rows = ledger.docpacks(whose, &DocpackFilter::default(), after.as_ref(), PAGE).await?;
        for row in &rows {
            refresh(ledger, accounts, &row.owner, &row.id).await?;
        }
        match rows.last() {
            Some(last) => after = Some(Cursor { created_at: last.created_at, id: last.id.clone() }),
            None => return Ok(()),
        }
    }
}
