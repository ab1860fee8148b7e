//! Plans that are paid for at Stripe.
//!
//! In: what Stripe sends and answers, and the time. Out: which plan each account has paid for, written to the accounts.
//! An event is never believed: its id is kept, then Stripe is asked, and what it answers is written. So any order of
//! events and any repetition lead to the same state, and what was not done before a process ended is done by the next.

mod client;
mod object;
mod signature;
mod state;
#[cfg(feature = "test-server")]
pub mod testserver;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use accounts::{Accounts, AccountsError, Customer, Look, Payment, StripeEvent, Subscription, User};
use secrecy::SecretString;
use sha2::{Digest, Sha256};

pub use client::StripeError;
pub use object::Invoice;
#[cfg(feature = "test-server")]
pub use signature::sign;
pub use signature::{SignatureError, TOLERANCE_S};
pub use state::{Paid, Prices, PricesError, grace_until, is_over, paid_plan};

use client::{Stripe, hex};

const DAY_MS: u64 = 24 * 3_600_000;
/// Every customer is looked at once a day, whatever events came.
const LOOK_EVERY_MS: u64 = DAY_MS;
/// After something changes by itself, so that Stripe's clock has come there too.
const CHANGE_MARGIN_MS: u64 = 60_000;
/// When a look that failed is repeated.
const RETRY_MS: u64 = 10 * 60_000;
/// Events that stay open for longer are left to the daily look.
const EVENT_AGE_MS: u64 = 7 * DAY_MS;
/// Longer than Stripe repeats an event.
const EVENT_KEPT_MS: u64 = 30 * DAY_MS;
const MAX_EVENTS: u32 = 500;
const MAX_LOOKS: u32 = 60;
const MAX_METERED: u32 = 500;
/// A job that came to nothing is taken back within this time.
const METER_AFTER_MS: u64 = 60_000;
/// Stripe knows an identifier again for 24 hours; a job that waited longer could be counted twice.
const METER_WITHIN_MS: u64 = 23 * 3_600_000;
/// How long the amount of a price is kept.
const PRICE_AGE_MS: u64 = 3_600_000;
/// How long what an account bought is shown without asking Stripe again.
const SHOWN_AGE_MS: u64 = 5_000;
/// Stripe's webhook and people's browsers wait longer than this.
const PATIENCE: Duration = Duration::from_secs(12);

/// Settings for selling plans.
#[derive(Debug, Clone)]
pub struct BillingSettings {
    /// Where Stripe's API is; `https://api.stripe.com`.
    pub url: String,
    pub key: SecretString,
    /// Secrets of the webhook's signatures: any of them is taken, so that one can be replaced.
    pub webhook_secrets: Vec<SecretString>,
    pub prices: Prices,
    pub meter: Option<Meter>,
}

/// A meter at Stripe that counts jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// The event name of the meter.
    pub event_name: String,
    /// A metered price that checkouts add to the plan's.
    pub price: Option<String>,
}

/// Why something was not bought, or not written.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    #[error(transparent)]
    Stripe(#[from] StripeError),
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Stripe signed something that is no event.
    #[error("the event cannot be read: {0}")]
    Event(#[from] serde_json::Error),
    #[error("`{0}` is no price of a plan")]
    NoSuchPrice(String),
    #[error("the account has a subscription already")]
    Subscribed,
    #[error("the account has bought nothing yet")]
    NotACustomer,
    /// An account with a subscription cannot be deleted by a process that cannot end it.
    #[error("the account has a subscription, and no key for Stripe is set")]
    Off,
}

/// A price at which a plan is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub plan: String,
    pub price: String,
    /// In the smallest unit of the currency; `None` where Stripe did not say.
    pub amount: Option<u64>,
    pub currency: Option<String>,
    /// `month` or `year`, for the most part.
    pub period: Option<String>,
    pub n_periods: u64,
}

/// What an account bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    pub is_customer: bool,
    /// Whether Stripe answered; otherwise it is as of the last look.
    pub is_current: bool,
    /// The newest first.
    pub subscriptions: Vec<Subscription>,
    pub payments: Vec<Payment>,
    pub invoices: Vec<Invoice>,
}

/// Sells plans; cheap to clone.
#[derive(Debug, Clone)]
pub struct Billing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    stripe: Stripe,
    accounts: Accounts,
    settings: BillingSettings,
    /// By id, and until when.
    offers: Mutex<HashMap<String, (Offer, u64)>>,
    /// Invoices by account, and the time of the look that they belong to.
    invoices: Mutex<HashMap<String, (Vec<Invoice>, u64)>>,
}

impl Billing {
    /// Makes ready to ask Stripe; asks nothing yet.
    pub fn new(settings: BillingSettings, accounts: Accounts) -> Result<Self, StripeError> {
        let stripe = Stripe::new(&settings.url, settings.key.clone())?;
        Ok(Self(Arc::new(Inner {
            stripe,
            accounts,
            settings,
            offers: Mutex::default(),
            invoices: Mutex::default(),
        })))
    }

    fn stripe(&self) -> &Stripe {
        &self.0.stripe
    }

    fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }

    /// Finds the plan of a price.
    pub fn plan_of(&self, price: &str) -> Option<&str> {
        self.0.settings.prices.plan_of(price)
    }

    /// Lists what is sold, with the amounts that Stripe has.
    pub async fn offers(&self, now: u64) -> Vec<Offer> {
        let mut offers = Vec::new();
        for (plan, price) in self.0.settings.prices.pairs() {
            offers.push(self.offer(plan, price, now).await);
        }
        offers
    }

    async fn offer(&self, plan: &str, price: &str, now: u64) -> Offer {
        let kept = || self.0.offers.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept().get(price).filter(|(_, until)| now < *until).cloned();
        if let Some((offer, _)) = found {
            return offer;
        }
        let mut offer = Offer {
            plan: plan.to_owned(),
            price: price.to_owned(),
            amount: None,
            currency: None,
            period: None,
            n_periods: 1,
        };
        match self.stripe().price(price).await {
            Ok(found) => {
                offer.amount = found.unit_amount;
                offer.currency = Some(found.currency);
                offer.n_periods = found.recurring.as_ref().map_or(1, |it| it.interval_count.max(1));
                offer.period = found.recurring.map(|it| it.interval);
                kept().insert(price.to_owned(), (offer.clone(), now + PRICE_AGE_MS));
            }
            Err(error) => tracing::warn!(price, "the amount of a price is unknown: {error}"),
        }
        offer
    }

    /// Tells what an account bought, as Stripe says now; as of the last look if it gives no answer.
    pub async fn bought(&self, account: &str, now: u64) -> Result<Bought, BillingError> {
        let customer = self.accounts().customer(account).await?;
        let mut bought = Bought {
            is_customer: customer.is_some(),
            is_current: true,
            subscriptions: Vec::new(),
            payments: Vec::new(),
            invoices: Vec::new(),
        };
        let Some(customer) = customer else { return Ok(bought) };
        match self.invoices(&customer, now).await {
            Ok(invoices) => bought.invoices = invoices,
            Err(BillingError::Stripe(error)) => {
                tracing::warn!("what an account bought is shown as of the last look: {error}");
                bought.is_current = false;
            }
            Err(error) => return Err(error),
        }
        bought.subscriptions = self.accounts().subscriptions(account).await?;
        bought.payments = self.accounts().payments(account).await?;
        Ok(bought)
    }

    /// Looks at Stripe and lists the invoices, no more often than every few seconds for an account.
    async fn invoices(&self, customer: &Customer, now: u64) -> Result<Vec<Invoice>, BillingError> {
        let kept = || self.0.invoices.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |looked_at: u64| now < looked_at + SHOWN_AGE_MS;
        // A later look, by whichever process, may have followed a new invoice.
        let found = kept()
            .get(&customer.account)
            .filter(|(_, looked_at)| *looked_at == customer.looked_at && is_fresh(*looked_at))
            .map(|(invoices, _)| invoices.clone());
        if let Some(invoices) = found {
            return Ok(invoices);
        }
        let asking = async {
            self.look(&customer.account, now).await?;
            Ok(self.stripe().invoices(&customer.customer).await?)
        };
        let invoices = within(PATIENCE, asking).await?;
        let mut kept = kept();
        kept.retain(|_, (_, looked_at)| is_fresh(*looked_at));
        kept.insert(customer.account.clone(), (invoices.clone(), now));
        Ok(invoices)
    }

    /// Returns the address of the page on which somebody pays for a plan. `back` is where they come back to.
    pub async fn checkout(
        &self,
        user: &User,
        price: &str,
        back: &str,
        now: u64,
    ) -> Result<String, BillingError> {
        if self.plan_of(price).is_none() {
            return Err(BillingError::NoSuchPrice(price.to_owned()));
        }
        let known = self.accounts().customer(&user.id).await?;
        let customer = match known {
            Some(known) => {
                self.look(&user.id, now).await?;
                known.customer
            }
            None => {
                let made =
                    self.stripe().create_customer(&user.id, &user.login, user.email.as_deref()).await?;
                self.accounts().put_customer(&user.id, &made, now).await?
            }
        };
        if !self.accounts().subscriptions(&user.id).await?.iter().all(is_over) {
            return Err(BillingError::Subscribed);
        }
        let meter_price = self.0.settings.meter.as_ref().and_then(|meter| meter.price.as_deref());
        let page = self.stripe().checkout(&customer, &user.id, price, meter_price, back).await?;
        self.accounts().expect_payment(&user.id, now).await?;
        Ok(page)
    }

    /// Returns the address of the page on which somebody changes or ends what they bought.
    pub async fn portal(&self, account: &str, back: &str) -> Result<String, BillingError> {
        let customer = self.accounts().customer(account).await?.ok_or(BillingError::NotACustomer)?;
        Ok(self.stripe().portal(&customer.customer, back).await?)
    }

    /// Takes in what the webhook was sent: checks who signed it, keeps the event, then does what it stands for.
    ///
    /// Once it is kept it is not lost: what Stripe gives no answer to now is done by [`Self::catch_up`].
    pub async fn receive(&self, body: &[u8], signature: &str, now: u64) -> Result<(), BillingError> {
        signature::check(signature, body, &self.0.settings.webhook_secrets, now / 1_000)?;
        let Some(event) = object::read_event(body)? else { return Ok(()) };
        if !self.accounts().keep_event(&event, now).await? {
            return Ok(());
        }
        if let Err(error) = within(PATIENCE, self.work_on(&event, now)).await {
            tracing::warn!(event = event.id, kind = event.kind, "an event waits to be done: {error}");
        }
        Ok(())
    }

    async fn work_on(&self, event: &StripeEvent, now: u64) -> Result<(), BillingError> {
        let customer = self.customer_of(event, now).await?;
        if let Some(customer) = &customer {
            self.look(&customer.account, now).await?;
        }
        let customer = customer.as_ref().map(|it| it.customer.as_str());
        Ok(self.accounts().finish_event(&event.id, customer, now).await?)
    }

    /// Finds whom an event is about; nobody if it is somebody whom Doctown did not make a customer.
    async fn customer_of(&self, event: &StripeEvent, now: u64) -> Result<Option<Customer>, BillingError> {
        let customer = match (&event.customer, &event.charge) {
            (Some(customer), _) => customer.clone(),
            (None, Some(charge)) => match self.stripe().charge(charge).await {
                Ok(charge) => match charge.customer {
                    Some(customer) => customer.id(),
                    None => return Ok(None),
                },
                Err(error) if error.is_absent() => return Ok(None),
                Err(error) => return Err(error.into()),
            },
            (None, None) => return Ok(None),
        };
        if let Some(known) = self.accounts().customer_of_stripe(&customer).await? {
            return Ok(Some(known));
        }
        // A process may end after it made a customer, and a backup may be older than one.
        let made_for = match self.stripe().customer(&customer).await {
            Ok(found) => found.metadata.get("account").cloned(),
            Err(error) if error.is_absent() => None,
            Err(error) => return Err(error.into()),
        };
        let Some(account) = made_for else { return Ok(None) };
        if self.accounts().user(&account).await?.is_none() {
            return Ok(None);
        }
        self.accounts().put_customer(&account, &customer, now).await?;
        Ok(self.accounts().customer_of_stripe(&customer).await?)
    }

    /// Asks Stripe what an account bought and writes it, with the plan that follows; `false` for no customer.
    pub async fn look(&self, account: &str, now: u64) -> Result<bool, BillingError> {
        let Some(customer) = self.accounts().customer(account).await? else { return Ok(false) };
        let Some(number) = self.accounts().begin_look(account).await? else { return Ok(false) };
        let (subscriptions, payments) = match self.ask(&customer.customer).await {
            Err(error) if error.is_absent() => (Vec::new(), Vec::new()),
            found => found?,
        };
        let paid = paid_plan(&subscriptions, &payments, &self.0.settings.prices, now);
        let unknown = subscriptions.iter().find(|it| !is_over(it) && self.plan_of(&it.price).is_none());
        if let Some(subscription) = unknown {
            tracing::warn!(price = subscription.price, "a subscription has a price of no plan");
        }
        let daily = now + LOOK_EVERY_MS;
        let due_at = paid.changes_at.map_or(daily, |at| daily.min(at + CHANGE_MARGIN_MS));
        let look = Look { subscriptions, payments, paid_plan: paid.plan, due_at };
        // Where a later look was written before, it saw all that this one was to see.
        self.accounts().write_look(account, number, &look, now).await?;
        Ok(true)
    }

    async fn ask(&self, customer: &str) -> Result<(Vec<Subscription>, Vec<Payment>), StripeError> {
        let subscriptions = self.stripe().subscriptions(customer).await?;
        let read = subscriptions.into_iter().filter_map(|it| it.read(&self.0.settings.prices));
        let subscriptions = read.collect();
        let mut payments = Vec::new();
        for charge in self.stripe().charges(customer).await? {
            if charge.status != "succeeded" {
                continue;
            }
            let disputes = if charge.disputed { self.stripe().disputes(&charge.id).await? } else { vec![] };
            let newest = disputes.into_iter().max_by_key(|dispute| dispute.created);
            payments.push(charge.read(newest));
        }
        Ok((subscriptions, payments))
    }

    /// Does what earlier processes left: events that are not done, and looks that are due.
    pub async fn catch_up(&self, now: u64) -> Result<(), BillingError> {
        let since = now.saturating_sub(EVENT_AGE_MS);
        let mut looked: BTreeMap<String, bool> = BTreeMap::new();
        for event in self.accounts().open_events(since, MAX_EVENTS).await? {
            let customer = match self.customer_of(&event, now).await {
                Err(BillingError::Stripe(error)) => {
                    tracing::warn!(event = event.id, "an event waits to be done: {error}");
                    continue;
                }
                found => found?,
            };
            if let Some(Customer { account, .. }) = &customer {
                // All of these events were kept before, so one look does them all.
                let is_done = match looked.get(account) {
                    Some(is_done) => *is_done,
                    None => self.look(account, now).await.is_ok(),
                };
                looked.insert(account.clone(), is_done);
                if !is_done {
                    continue;
                }
            }
            let customer = customer.as_ref().map(|it| it.customer.as_str());
            self.accounts().finish_event(&event.id, customer, now).await?;
        }
        self.accounts().forget_events(now.saturating_sub(EVENT_KEPT_MS)).await?;
        for account in self.accounts().due_looks(now, MAX_LOOKS).await? {
            if let Err(error) = self.look(&account, now).await {
                tracing::warn!("a customer will be looked at again: {error}");
                self.accounts().put_off_look(&account, now + RETRY_MS).await?;
            }
        }
        Ok(())
    }

    /// Tells the meter of the jobs that were counted since it was last told, each once; returns how many.
    pub async fn meter(&self, now: u64) -> Result<u64, BillingError> {
        let Some(meter) = &self.0.settings.meter else { return Ok(0) };
        let (since, until) = (now.saturating_sub(METER_WITHIN_MS), now.saturating_sub(METER_AFTER_MS));
        let mut n_told = 0;
        for it in self.accounts().unmetered(since, until, MAX_METERED).await? {
            let identifier = hex(&Sha256::digest(format!("{}\n{}", it.account, it.job).as_bytes()));
            let at_s = it.charged_at / 1_000;
            match self.stripe().meter(&meter.event_name, &it.customer, &identifier, at_s).await {
                Ok(()) => n_told += 1,
                // One that can never be told must not hold up the others.
                Err(error @ StripeError::Refused { .. }) => {
                    tracing::error!(job = it.job, "a job is not metered: {error}");
                }
                Err(error) => return Err(error.into()),
            }
            self.accounts().set_metered(&it.account, &it.job, now).await?;
        }
        Ok(n_told)
    }

    /// Ends every subscription of an account at Stripe, at once.
    pub async fn end(&self, account: &str) -> Result<(), BillingError> {
        let Some(customer) = self.accounts().customer(account).await? else { return Ok(()) };
        let (found, _) = match self.ask(&customer.customer).await {
            Err(error) if error.is_absent() => return Ok(()),
            found => found?,
        };
        for subscription in found.iter().filter(|it| !is_over(it) || it.status == "incomplete") {
            match self.stripe().cancel(&subscription.id).await {
                Err(error) if error.is_absent() => {}
                ended => ended?,
            }
        }
        Ok(())
    }
}

/// Gives up waiting for Stripe after a while; what was begun can be done again.
async fn within<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, BillingError>>,
) -> Result<T, BillingError> {
    let late = |_| StripeError::Unavailable("no answer in time".to_owned());
    tokio::time::timeout(patience, work).await.map_err(late)?
}

/// Ends an account's subscriptions before the account goes. Without billing an account that has one must stay.
pub async fn end_before_removal(
    billing: Option<&Billing>,
    accounts: &Accounts,
    account: &str,
) -> Result<(), BillingError> {
    match billing {
        Some(billing) => billing.end(account).await,
        None if accounts.subscriptions(account).await?.iter().all(is_over) => Ok(()),
        None => Err(BillingError::Off),
    }
}
