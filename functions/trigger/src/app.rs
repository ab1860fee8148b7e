//! What all requests share.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use accounts::{Accounts, ApiKey, Session};
use billing::{Billing, BillingSettings, Meter};
use docpack::Digest;
use ledger::Ledger;
use pipeline::key::ObjectKey;
use pipeline::receipt::PriceTable;
use pipeline::{
    BuildOptions, Coordinator, EmbedderName, Envelope, JobId, Makers, PinnedEmbedder, Ports, Tenant,
    Timestamp,
};
use runtime::AnyPorts;
use runtime::config::{AccountsConfig, ApiConfig, StripeConfig};
use runtime::host::StartError;
use secrecy::SecretString;
use source::config::SourceConfig;
use source::sign_in::SignInApp;
use stage_ingest::Grants;
use tokio::sync::{Mutex, Notify, OnceCell, Semaphore, watch};
use writing::Writer;

use crate::caller::Caller;
use crate::codes;
use crate::connections;
use crate::explore::packs::Packs;
use crate::failure::{Answered, Failure};
use crate::feeds::Feeds;
use crate::http::rate::Rates;
use crate::job_view::JobViews;
use crate::looks::{LookLimits, Looks};
use crate::metrics::Metrics;
use crate::notices::Mailer;
use crate::pushes::{self, PushApp, PushLimits};
use crate::recent::Recent;
use crate::schedules;
use crate::site::Site;
use crate::sync::Others;

/// Requests with one idempotency key wait for each other; this many keys do not meet.
const KEY_LOCKS: usize = 64;
/// An entry that is sent takes at most 4 MB: a piece of the archive, one of its own, and what the client has not read.
const MAX_ENTRIES: usize = 64;
/// Deliveries of more than a megabyte; each can take 25 MB.
const MAX_LARGE_DELIVERIES: usize = 4;
/// Shorter than what clients wait for an answer.
const ENTRY_WAIT: Duration = Duration::from_secs(10);
/// Every public repository is looked at once a day.
const REPOSITORY_LOOK_AGE: Duration = Duration::from_secs(24 * 3_600);
const REPOSITORY_LOOK_EVERY: Duration = Duration::from_secs(60);
const SCHEDULES_EVERY: Duration = Duration::from_secs(20);
const READMIT_EVERY: Duration = Duration::from_secs(60);
const NOTICE_EVERY: Duration = Duration::from_secs(2);
const BILLING_EVERY: Duration = Duration::from_secs(60);

/// Turns queries into vectors, as the chunks of packs were, and compares them with what was found.
pub trait QueryEmbedder: Send + Sync + 'static {
    /// Returns the vectors of texts by the weights of this digest: vectors of others cannot be compared.
    ///
    /// Blocks while a model is loaded or computes.
    fn embed(&self, weights: Digest, texts: &[String]) -> Result<Vec<Vec<f32>>, QueryError>;
    /// Names the weights that compare a query with the best hits once more.
    fn second(&self) -> Option<Digest>;
}

/// Why a query has no vector.
#[derive(Debug)]
pub enum QueryError {
    /// No embedder here has these weights.
    OtherModel,
    /// The model's files are missing.
    ModelMissing,
    /// It was not computed, for this reason.
    Failed(String),
}

/// Who computes the vectors of new jobs.
pub enum Embedders {
    /// This process; `None` without a model.
    Own(Option<PinnedEmbedder>),
    /// Whichever embed worker announced itself last.
    Announced,
}

/// What does not change while the process runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origins whose pages may call; `*` for any.
    pub cors_origins: Vec<String>,
    /// Requests of one address a minute; 0 sets no limit.
    pub reads_per_minute: u32,
    pub writes_per_minute: u32,
    pub n_trusted_proxies: usize,
    pub max_streams: usize,
    /// Entries of docpacks that are sent at the same time, and how long another waits before it is refused.
    pub max_entries: usize,
    pub entry_wait: Duration,
    /// Looks at repositories before their jobs are made.
    pub looks: LookLimits,
    /// How long a job may take before it fails.
    pub time_limit: Duration,
    /// Between two looks at a job that is followed.
    pub look_every: Duration,
    /// Whether other processes of this machine add finished jobs to the store: each list then looks for them.
    pub shares_store: bool,
    /// Whether downloads are left to a store that can presign addresses.
    pub redirect_downloads: bool,
    /// A website's build, in the place of the one in the program.
    pub site: Option<PathBuf>,
    /// Until the headers of a request are there.
    pub header_timeout: Duration,
    /// How old the last look at a public repository may be before it is looked at again: it may have turned private.
    pub repository_look_age: Duration,
    /// Between two rounds of such looks.
    pub repository_look_every: Duration,
    /// Between two looks whether whoever follows a stream may still do so.
    pub readmit_every: Duration,
    /// Between two looks for ends of jobs that are to be told, and for messages that are due.
    pub notice_every: Duration,
    /// Sends e-mail; `None` where none is sent.
    pub mailer: Option<Mailer>,
    pub pushes: PushLimits,
    /// Between two looks for schedules that are due; zero leaves them to other processes.
    pub schedules_every: Duration,
    /// Between two rounds of what is to be asked at Stripe.
    pub billing_every: Duration,
}

impl Settings {
    /// Takes what the environment sets, for a process without a website of its own.
    pub fn of(config: &ApiConfig, time_limit: Duration, look_every: Duration) -> Result<Self, StartError> {
        Ok(Self {
            cors_origins: config.cors_origins.clone(),
            reads_per_minute: config.reads_per_minute,
            writes_per_minute: config.writes_per_minute,
            n_trusted_proxies: config.n_trusted_proxies,
            max_streams: config.max_streams,
            max_entries: MAX_ENTRIES,
            entry_wait: ENTRY_WAIT,
            looks: LookLimits::default(),
            time_limit,
            look_every,
            shares_store: false,
            redirect_downloads: false,
            site: None,
            header_timeout: connections::HEADER_TIMEOUT,
            repository_look_age: REPOSITORY_LOOK_AGE,
            repository_look_every: REPOSITORY_LOOK_EVERY,
            readmit_every: READMIT_EVERY,
            notice_every: NOTICE_EVERY,
            mailer: match &config.mail {
                Some(mail) => Some(Mailer::new(mail.smtp_url.expose(), &mail.from)?),
                None => None,
            },
            pushes: PushLimits::default(),
            schedules_every: SCHEDULES_EVERY,
            billing_every: BILLING_EVERY,
        })
    }
}

/// Tells whether the process's GitHub token is kept to public repositories.
///
/// Requests are made by anybody who reaches the server, and the token is the operator's: only on the operator's
/// own machine are the two the same person.
pub fn is_public_only(config: &ApiConfig, listens_at: IpAddr) -> bool {
    let is_own_machine = is_own_machine(config, listens_at);
    // People read private repositories with their own right.
    config.accounts.is_some() || (!config.allow_private && !is_own_machine)
}

fn is_own_machine(config: &ApiConfig, listens_at: IpAddr) -> bool {
    listens_at.is_loopback() && config.n_trusted_proxies == 0
}

/// Refuses to open a server to others that takes everybody for its owner, unless the operator said so.
pub fn check_exposure(config: &ApiConfig, listens_at: IpAddr) -> Result<(), StartError> {
    if config.accounts.is_some() || config.is_open || is_own_machine(config, listens_at) {
        return Ok(());
    }
    let message = format!("everybody who reaches {listens_at} could build, read and delete everything");
    Err(StartError::new("server_exposed", message).with_help(
        "set DOCTOWN_ACCOUNTS to `github` so that people sign in, or to `open` if this is what you want",
    ))
}

/// Reads the table of prices that the program was built with.
pub fn prices() -> Option<PriceTable> {
    serde_json::from_str(include_str!("../../../infra/prices.json")).ok()
}

/// People with accounts, and how they sign in.
#[derive(Clone)]
pub struct People {
    pub accounts: Accounts,
    pub sign_in: SignInApp,
    /// Their tokens for GitHub; `None` where private repositories are left alone.
    pub grants: Option<Grants>,
    /// The GitHub App where it acts by itself; `None` where only people act.
    pub app: Option<PushApp>,
    /// Sells plans; `None` where none are sold.
    pub billing: Option<Billing>,
}

/// Makes ready to sell plans, where the environment has a key for Stripe.
pub fn open_billing(
    config: Option<&StripeConfig>,
    accounts: &Accounts,
) -> Result<Option<Billing>, StartError> {
    let Some(config) = config else { return Ok(None) };
    let prices = config.prices.parse().map_err(|error: billing::PricesError| {
        StartError::new("prices_invalid", error.to_string())
            .with_help("DOCTOWN_STRIPE_PRICES is PLAN=PRICE pairs, such as `creator=price_1,team=price_2`")
    })?;
    let meter = config.meter.as_deref().map(|text| match text.split_once('=') {
        Some((event, price)) => Meter { event_name: event.to_owned(), price: Some(price.to_owned()) },
        None => Meter { event_name: text.to_owned(), price: None },
    });
    let settings = BillingSettings {
        url: config.url.clone(),
        key: SecretString::from(config.key.expose()),
        webhook_secrets: config.webhook_secrets.iter().map(|it| SecretString::from(it.expose())).collect(),
        prices,
        meter,
    };
    let billing = Billing::new(settings, accounts.clone());
    billing.map(Some).map_err(|error| StartError::new("billing_unusable", error.to_string()))
}

impl People {
    /// Opens the accounts that the environment names; `fallback` is the address where it names none.
    ///
    /// `source` says how GitHub is reached.
    pub async fn open(
        config: &AccountsConfig,
        fallback: &str,
        source: &SourceConfig,
    ) -> Result<Self, StartError> {
        let address = config.database_url.as_ref().map_or(fallback, |address| address.expose());
        let sign_in = stage_ingest::sign_in_app(config, CALLBACK_PATH)?;
        let keys = stage_ingest::secret_keys(config)?;
        let accounts = Accounts::open(address).await.map_err(|error| {
            StartError::new("accounts_unavailable", error.to_string())
                .with_help("DOCTOWN_ACCOUNTS_URL names the database of accounts")
        })?;
        let app = config.github_app.as_ref().map(|app| PushApp::of(app, source)).transpose()?;
        let billing = open_billing(config.stripe.as_ref(), &accounts)?;
        let grants = Grants::new(accounts.clone(), keys, sign_in.clone());
        Ok(Self { grants, accounts, sign_in, app, billing })
    }
}

impl People {
    /// Returns where people reach the website, without a trailing slash.
    pub(crate) fn public_url(&self) -> &str {
        let callback_url = &self.sign_in.callback_url;
        callback_url.strip_suffix(CALLBACK_PATH).unwrap_or(callback_url)
    }
}

/// Where GitHub sends people back to.
pub const CALLBACK_PATH: &str = "/v1/sign-in/callback";

/// What an API is made of.
pub struct Parts {
    pub coordinator: Coordinator<AnyPorts>,
    pub ledger: Ledger,
    /// `None` for a server of one person, who needs no account.
    pub people: Option<People>,
    pub source: SourceConfig,
    pub embedders: Embedders,
    pub query_embedder: Option<Arc<dyn QueryEmbedder>>,
    pub writer: Option<Arc<Writer>>,
    pub prices: Option<PriceTable>,
    pub settings: Settings,
}

/// What every request of an account asks of the databases.
#[derive(Debug, Default)]
pub(crate) struct RecentPeople {
    /// By the digest of what the request showed.
    pub(crate) sessions: Recent<Digest, Session>,
    pub(crate) keys: Recent<Digest, ApiKey>,
    /// Owners of jobs, by the account that ordered them.
    pub(crate) owners: Recent<(Tenant, JobId), Tenant>,
}

impl RecentPeople {
    /// Forgets everything, so that what was ended a moment ago lets nobody in.
    pub(crate) fn clear(&self) {
        self.sessions.clear();
        self.keys.clear();
        self.owners.clear();
    }
}

/// The API of one process; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    parts: Parts,
    started_at: Timestamp,
    rates: Rates,
    metrics: Metrics,
    feeds: Feeds,
    views: JobViews,
    packs: Packs,
    looks: Looks,
    others: Mutex<Others>,
    checked: Mutex<HashSet<ObjectKey>>,
    site: Arc<Site>,
    key_locks: Vec<Mutex<()>>,
    account_locks: Vec<Mutex<()>>,
    recent: RecentPeople,
    stopping: watch::Sender<bool>,
    n_streams: AtomicUsize,
    deliveries: Arc<Notify>,
    large_deliveries: Semaphore,
    install_url: OnceCell<String>,
}

impl App {
    /// Puts an API together; nothing listens yet.
    pub fn new(parts: Parts) -> Self {
        let settings = &parts.settings;
        let started_at = pipeline::Clock::now(parts.coordinator.ports().clock());
        Self(Arc::new(Inner {
            started_at,
            rates: Rates::new(settings.reads_per_minute, settings.writes_per_minute),
            metrics: Metrics::new(),
            feeds: Feeds::new(settings.look_every),
            views: JobViews::default(),
            packs: Packs::new(settings.max_entries),
            looks: Looks::new(settings.looks),
            others: Mutex::default(),
            checked: Mutex::default(),
            site: Arc::new(Site::new(settings.site.clone())),
            key_locks: (0..KEY_LOCKS).map(|_| Mutex::new(())).collect(),
            recent: RecentPeople::default(),
            account_locks: (0..KEY_LOCKS).map(|_| Mutex::new(())).collect(),
            stopping: watch::Sender::new(false),
            n_streams: AtomicUsize::new(0),
            deliveries: Arc::default(),
            large_deliveries: Semaphore::new(MAX_LARGE_DELIVERIES),
            install_url: OnceCell::new(),
            parts,
        }))
    }

    /// Sees an event of this process, so that streams need not wait for the next look.
    pub fn observe(&self, event: &Envelope) {
        if let Some(job) = event.subject.split('/').next().and_then(|job| job.parse().ok()) {
            self.0.feeds.nudge(&job);
        }
    }

    pub(crate) fn coordinator(&self) -> &Coordinator<AnyPorts> {
        &self.0.parts.coordinator
    }

    pub(crate) fn ports(&self) -> &AnyPorts {
        self.coordinator().ports()
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.0.parts.ledger
    }

    pub(crate) fn source(&self) -> &SourceConfig {
        &self.0.parts.source
    }

    pub(crate) fn writer(&self) -> Option<&Arc<Writer>> {
        self.0.parts.writer.as_ref()
    }

    pub(crate) fn prices(&self) -> Option<&PriceTable> {
        self.0.parts.prices.as_ref()
    }

    pub(crate) fn query_embedder(&self) -> Option<&Arc<dyn QueryEmbedder>> {
        self.0.parts.query_embedder.as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// Returns who asks without saying who it is.
    pub(crate) fn unnamed(&self) -> Caller {
        if self.accounts().is_some() { Caller::default() } else { Caller::everyone() }
    }

    pub(crate) fn accounts(&self) -> Option<&Accounts> {
        self.0.parts.people.as_ref().map(|people| &people.accounts)
    }

    /// Returns who asked for what a moment ago.
    pub(crate) fn recent(&self) -> &RecentPeople {
        &self.0.recent
    }

    pub(crate) fn grants(&self) -> Option<&Grants> {
        self.people()?.grants.as_ref()
    }

    pub(crate) fn billing(&self) -> Option<&Billing> {
        self.people()?.billing.as_ref()
    }

    pub(crate) fn people(&self) -> Option<&People> {
        self.0.parts.people.as_ref()
    }

    /// Returns the GitHub App of a server that has one.
    pub(crate) fn push_app(&self) -> Option<&PushApp> {
        self.people()?.app.as_ref()
    }

    /// Wakes whoever works on deliveries.
    pub(crate) fn deliveries(&self) -> &Notify {
        &self.0.deliveries
    }

    /// Places for deliveries that take much memory.
    pub(crate) fn large_deliveries(&self) -> &Semaphore {
        &self.0.large_deliveries
    }

    /// Returns where people install the App; `None` while GitHub does not say.
    pub(crate) async fn install_url(&self) -> Option<&str> {
        let github = self.push_app()?.app.clone();
        let asking = self.0.install_url.get_or_try_init(|| async {
            let identity = tokio::task::spawn_blocking(move || github.identity()).await.ok();
            identity.and_then(Result::ok).map(|app| format!("{}/installations/new", app.html_url)).ok_or(())
        });
        asking.await.ok().map(String::as_str)
    }

    /// Works on deliveries and pushes that are due, once; [`crate::serve`] does so all the time.
    pub async fn work_on_pushes(&self) {
        if let Err(failure) = pushes::round(self).await {
            tracing::warn!(code = failure.code, "pushes are worked on later: {}", failure.detail);
        }
    }

    /// Works on schedules that are due, once; [`crate::serve`] does so all the time.
    pub async fn work_on_schedules(&self) {
        if let Err(failure) = schedules::round(self).await {
            tracing::warn!(code = failure.code, "schedules are looked at later: {}", failure.detail);
        }
    }

    pub(crate) fn started_at(&self) -> Timestamp {
        self.0.started_at
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn feeds(&self) -> &Feeds {
        &self.0.feeds
    }

    pub(crate) fn views(&self) -> &JobViews {
        &self.0.views
    }

    pub(crate) fn packs(&self) -> &Packs {
        &self.0.packs
    }

    pub(crate) fn looks(&self) -> &Looks {
        &self.0.looks
    }

    pub(crate) fn others(&self) -> &Mutex<Others> {
        &self.0.others
    }

    /// Archives whose bytes this process found to be what their digest says.
    pub(crate) fn checked(&self) -> &Mutex<HashSet<ObjectKey>> {
        &self.0.checked
    }

    pub(crate) fn site(&self) -> &Arc<Site> {
        &self.0.site
    }

    /// Returns the lock of an idempotency key.
    pub(crate) fn key_lock(&self, key: &str) -> &Mutex<()> {
        &self.0.key_locks[place_of_lock(key)]
    }

    /// Returns the lock under which jobs of an account are counted and made. It is taken after that of a key.
    pub(crate) fn account_lock(&self, account: &str) -> &Mutex<()> {
        &self.0.account_locks[place_of_lock(account)]
    }

    /// Says that nothing new is begun, and ends the streams.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.0.stopping.borrow()
    }

    /// Waits for the order to stop.
    pub(crate) async fn stopped(&self) {
        // The sender lives as long as the app, so an error cannot come.
        let _ = self.0.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Takes a place for a stream, if there is one.
    pub(crate) fn begin_stream(&self) -> Option<StreamPlace> {
        let before = self.0.n_streams.fetch_add(1, Ordering::Relaxed);
        let place = StreamPlace(self.clone());
        self.0.metrics.streams(before + 1);
        (before < self.settings().max_streams).then_some(place)
    }

    /// Finds what new jobs compute their vectors with.
    pub(crate) async fn embedder(&self, options: &BuildOptions) -> Answered<Option<PinnedEmbedder>> {
        if !options.embeddings {
            return Ok(None);
        }
        let found = match &self.0.parts.embedders {
            Embedders::Own(embedder) => embedder
                .clone()
                .filter(|own| options.embedder.is_none_or(|name| name == EmbedderName::of_model(&own.model))),
            Embedders::Announced => {
                self.coordinator().announced(options).await?.map(|announced| announced.embedder)
            }
        };
        let absent = || Failure::new(codes::NO_EMBEDDER, "no such embedder is loaded or was ever started");
        found.map(Some).ok_or_else(absent)
    }

    /// Says what a repeated job is made by.
    pub(crate) async fn makers(&self, options: &BuildOptions) -> Answered<Makers> {
        Ok(Makers {
            stage_versions: pipeline::release_versions(),
            embedder: self.embedder(options).await?,
            time_limit: self.settings().time_limit,
        })
    }
}

fn place_of_lock(name: &str) -> usize {
    let [first, ..] = Digest::of(name.as_bytes()).0;
    usize::from(first) % KEY_LOCKS
}

/// A stream's place among those that may be open; given back when it is dropped.
pub(crate) struct StreamPlace(App);

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let before = self.0.0.n_streams.fetch_sub(1, Ordering::Relaxed);
        self.0.0.metrics.streams(before - 1);
    }
}

#[cfg(test)]
mod tests {
    use runtime::config::Config;

    #[test]
    fn the_token_reads_private_repositories_for_its_owner_only() {
        let config = |pairs: &[(&str, &str)]| {
            let home = [("HOME", "/home/ada")];
            Config::from_pairs(home.iter().chain(pairs).copied()).expect("these settings are fine").api
        };
        let is_public_only = |pairs: &[(&str, &str)], address: &str| {
            super::is_public_only(&config(pairs), address.parse().expect("an address"))
        };
        assert!(!is_public_only(&[], "127.0.0.1") && !is_public_only(&[], "::1"));
        assert!(is_public_only(&[], "0.0.0.0") && is_public_only(&[], "192.0.2.1"));
        // A proxy at the same machine lets others in.
        assert!(is_public_only(&[("DOCTOWN_TRUSTED_PROXIES", "1")], "127.0.0.1"));
        assert!(!is_public_only(&[("DOCTOWN_ALLOW_PRIVATE", "true")], "0.0.0.0"));
        let with_accounts = [
            ("DOCTOWN_ACCOUNTS", "github"),
            ("DOCTOWN_PUBLIC_URL", "https://doctown.example"),
            ("DOCTOWN_GITHUB_CLIENT_ID", "Iv1.a"),
            ("DOCTOWN_GITHUB_CLIENT_SECRET", "secret"),
            ("DOCTOWN_ALLOW_PRIVATE", "true"),
        ];
        assert!(is_public_only(&with_accounts, "127.0.0.1"));
    }

    #[test]
    fn a_server_is_open_to_others_only_when_its_operator_says_so() {
        let check = |pairs: &[(&str, &str)], address: &str| {
            let home = [("HOME", "/home/ada")];
            let config =
                Config::from_pairs(home.iter().chain(pairs).copied()).expect("these settings are fine");
            super::check_exposure(&config.api, address.parse().expect("an address"))
                .map_err(|it| it.code.to_string())
        };
        let exposed = || Err("server_exposed".to_owned());
        assert_eq!(check(&[], "127.0.0.1"), Ok(()));
        assert_eq!(check(&[], "0.0.0.0"), exposed());
        assert_eq!(check(&[("DOCTOWN_TRUSTED_PROXIES", "1")], "127.0.0.1"), exposed());
        assert_eq!(check(&[("DOCTOWN_ACCOUNTS", "open")], "0.0.0.0"), Ok(()));
    }
}
