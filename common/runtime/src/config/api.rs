//! Settings of the HTTP API.

use crate::config::environment::Environment;
use crate::config::{ConfigError, SWITCH, Secret, StripeConfig};

/// How people sign in.
#[derive(Debug, Clone)]
pub struct AccountsConfig {
    /// Address of the database of accounts; that of the ledger without it.
    pub database_url: Option<Secret>,
    /// Where people reach the server, without a trailing slash.
    pub public_url: String,
    pub github_web_url: String,
    pub client_id: String,
    pub client_secret: Secret,
    /// Seals people's tokens, so that their private repositories can be read; without it those are left alone.
    pub secret_keys: Option<Secret>,
    /// The App where it acts by itself: it is told of pushes, and reads repositories that it is installed on.
    pub github_app: Option<GithubAppConfig>,
    /// `None` where no plans are sold.
    pub stripe: Option<StripeConfig>,
}

/// A GitHub App that acts by itself: it names itself by its client id.
#[derive(Debug, Clone)]
pub struct GithubAppConfig {
    pub client_id: String,
    /// A PEM text, or the file that holds it.
    pub key: Secret,
    /// Separated by commas, the newest first; without them no delivery is taken.
    pub webhook_secrets: Option<Secret>,
}

/// Whether people have accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Off,
    Open,
    GitHub,
}

const WORDS: [(&str, Word); 3] = [("off", Word::Off), ("open", Word::Open), ("github", Word::GitHub)];

fn address(text: String) -> String {
    text.trim_end_matches('/').to_owned()
}

impl AccountsConfig {
    fn read(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        if environment.word("DOCTOWN_ACCOUNTS", &WORDS)? != Word::GitHub {
            return Ok(None);
        }
        let missing = |name| ConfigError::Missing { name, reason: "`DOCTOWN_ACCOUNTS` is `github`" };
        let wanted = |name| environment.any_of(&[name]).ok_or_else(|| missing(name));
        let client_id = wanted("DOCTOWN_GITHUB_CLIENT_ID")?;
        let github_app = environment.any_of(&["DOCTOWN_GITHUB_APP_KEY"]).map(|key| GithubAppConfig {
            client_id: client_id.trim().to_owned(),
            key: Secret::new(key),
            webhook_secrets: environment.any_of(&["DOCTOWN_GITHUB_WEBHOOK_SECRETS"]).map(Secret::new),
        });
        Ok(Some(Self {
            database_url: environment.any_of(&["DOCTOWN_ACCOUNTS_URL"]).map(Secret::new),
            public_url: address(wanted("DOCTOWN_PUBLIC_URL")?),
            github_web_url: address(environment.or_default("DOCTOWN_GITHUB_WEB_URL")),
            client_id,
            client_secret: Secret::new(wanted("DOCTOWN_GITHUB_CLIENT_SECRET")?),
            secret_keys: environment.any_of(&["DOCTOWN_SECRET_KEYS"]).map(Secret::new),
            github_app,
            stripe: StripeConfig::read(environment)?,
        }))
    }
}

/// How e-mail is sent.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// Address of the SMTP server, with name and password.
    pub smtp_url: Secret,
    /// Who it comes from: an address, or `NAME <ADDRESS>`.
    pub from: String,
}

impl MailConfig {
    fn read(environment: &Environment) -> Result<Option<Self>, ConfigError> {
        let Some(smtp_url) = environment.any_of(&["DOCTOWN_SMTP_URL"]) else { return Ok(None) };
        let (name, reason) = ("DOCTOWN_MAIL_FROM", "`DOCTOWN_SMTP_URL` is set");
        let from = environment.any_of(&[name]).ok_or(ConfigError::Missing { name, reason })?;
        Ok(Some(Self { smtp_url: Secret::new(smtp_url), from }))
    }
}

/// How the API is served.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Address of the ledger; a file in the home without it.
    pub database_url: Option<Secret>,
    /// `None` where everything is one person's.
    pub accounts: Option<AccountsConfig>,
    /// GitHub's website, without a trailing slash.
    pub github_web_url: String,
    /// `None` where no e-mail is sent.
    pub mail: Option<MailConfig>,
    /// Whether the operator said that everybody who reaches the server may use it as its owner.
    pub is_open: bool,
    /// Origins whose pages may call; `*` for any.
    pub cors_origins: Vec<String>,
    /// For one address; 0 sets no limit.
    pub reads_per_minute: u32,
    pub writes_per_minute: u32,
    /// Proxies that append the address they see to `x-forwarded-for`.
    pub n_trusted_proxies: usize,
    pub max_streams: usize,
    /// Whether everybody who reaches the API may build what the process's GitHub token can read.
    pub allow_private: bool,
    /// Whether clients are sent to the bucket for archives.
    pub redirect_downloads: bool,
}

impl ApiConfig {
    pub(super) fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let number = |name, max| environment.number(name, 0..=max);
        Ok(Self {
            database_url: environment.any_of(&["DATABASE_URL"]).map(Secret::new),
            accounts: AccountsConfig::read(environment)?,
            github_web_url: address(environment.or_default("DOCTOWN_GITHUB_WEB_URL")),
            mail: MailConfig::read(environment)?,
            is_open: environment.word("DOCTOWN_ACCOUNTS", &WORDS)? == Word::Open,
            cors_origins: environment.list("DOCTOWN_CORS_ORIGINS").unwrap_or_default(),
            reads_per_minute: number("DOCTOWN_READS_PER_MINUTE", 10_000_000)? as u32,
            writes_per_minute: number("DOCTOWN_WRITES_PER_MINUTE", 10_000_000)? as u32,
            n_trusted_proxies: number("DOCTOWN_TRUSTED_PROXIES", 16)? as usize,
            allow_private: environment.word("DOCTOWN_ALLOW_PRIVATE", &SWITCH)?,
            redirect_downloads: environment.word("DOCTOWN_REDIRECT_DOWNLOADS", &SWITCH)?,
            max_streams: number("DOCTOWN_MAX_STREAMS", 100_000)? as usize,
        })
    }
}
