//! With whose right a repository is read.
//!
//! A job of one person's own server is read as that server is configured. A job of the tenant `public` is read only
//! while GitHub shows the repository to everybody. A job of an account is read with the token of its owner, never with
//! the operator's: the owner may see the repository now, or the job fails. A job that a push started is read with a
//! token of the GitHub App's installation, made for that one repository when the reading begins.

use std::sync::Arc;
use std::time::Duration;

use accounts::{Accounts, AccountsError, Grant, GrantState, SecretKeys};
use github::{App, AppKey, GithubError, Permissions};
use pipeline::{InstalledSource, StageError, Tenant};
use runtime::config::{AccountsConfig, ApiConfig, GithubAppConfig};
use runtime::host::StartError;
use source::config::{SourceConfig, Token};
use source::limits::SourceLimits;
use source::sign_in::{PersonTokens, SignInApp, SignInError};
use tokio::sync::OnceCell;

/// Between looks whether another process has refreshed a token, and how many there are.
const WAIT: Duration = Duration::from_millis(500);
const MAX_WAITS: u32 = 20;

/// Why somebody's token cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The person never let Doctown read private repositories, or took that back.
    #[error("Doctown has no valid permission of this person to read private repositories")]
    NoGrant,
    /// This server has no keys to seal tokens with.
    #[error("this server reads no private repositories")]
    Off,
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// Another process has been refreshing the token for too long.
    #[error("the person's token is being refreshed")]
    Busy,
}

impl AccessError {
    fn of_stage(self) -> StageError {
        let message = self.to_string();
        match self {
            Self::NoGrant => StageError::reject("access_revoked", message),
            Self::Off | Self::Accounts(AccountsError::Seal(_)) => {
                StageError::reject("private_not_supported", message)
            }
            Self::SignIn(SignInError::Source(error)) if !error.is_retryable() => {
                StageError::reject(error.code(), message)
            }
            Self::Accounts(_) | Self::SignIn(_) | Self::Busy => {
                StageError::retry("accounts_unavailable", message)
            }
        }
    }
}

/// Reads the tokens of people who let Doctown read their repositories, and keeps them fresh.
#[derive(Debug, Clone)]
pub struct Grants {
    accounts: Accounts,
    keys: SecretKeys,
    app: SignInApp,
}

impl Grants {
    /// Takes accounts that are open already; `None` without keys to seal tokens with.
    pub fn new(accounts: Accounts, keys: Option<SecretKeys>, app: SignInApp) -> Option<Self> {
        Some(Self { accounts, keys: keys?, app })
    }

    /// Returns the operator's keys, which seal whatever has to be read again.
    pub fn keys(&self) -> &SecretKeys {
        &self.keys
    }

    /// Stores the tokens of somebody who signed in.
    pub async fn put(&self, account: &str, tokens: PersonTokens, now: u64) -> Result<(), AccessError> {
        Ok(self.accounts.put_grant(&self.keys, account, &grant_of(tokens, now), now).await?)
    }

    /// Returns a token of somebody that lasts for a while, refreshed where it is due.
    pub async fn token(&self, account: &str, config: &SourceConfig, now: u64) -> Result<Token, AccessError> {
        for _ in 0..MAX_WAITS {
            let stale = match self.accounts.grant(&self.keys, account, now).await? {
                GrantState::Absent => return Err(AccessError::NoGrant),
                GrantState::Fresh(grant) => return token_of(&grant),
                GrantState::Refresh(grant) => grant,
                GrantState::Refreshing => {
                    tokio::time::sleep(WAIT).await;
                    continue;
                }
            };
            return self.refresh(account, stale, config, now).await;
        }
        Err(AccessError::Busy)
    }

    async fn refresh(
        &self,
        account: &str,
        stale: Grant,
        config: &SourceConfig,
        now: u64,
    ) -> Result<Token, AccessError> {
        let Some(refresh_token) = stale.refresh_token else {
            self.accounts.remove_grant(account).await?;
            return Err(AccessError::NoGrant);
        };
        let (app, config) = (self.app.clone(), config.clone());
        let asking = tokio::task::spawn_blocking(move || {
            app.refresh(&refresh_token, &config, &SourceLimits::default())
        });
        match asking.await.map_err(|_| AccessError::Busy)? {
            Ok(tokens) => {
                let fresh = grant_of(tokens, now);
                self.accounts.put_grant(&self.keys, account, &fresh, now).await?;
                token_of(&fresh)
            }
            // The person revoked the App, or did not come for half a year.
            Err(SignInError::Refused { .. }) => {
                self.accounts.remove_grant(account).await?;
                Err(AccessError::NoGrant)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn grant_of(tokens: PersonTokens, now: u64) -> Grant {
    Grant {
        access_token: tokens.access_token,
        access_expires_at: tokens
            .expires_in_s
            .map(|seconds| now.saturating_add(seconds.saturating_mul(1_000))),
        refresh_token: tokens.refresh_token,
    }
}

fn token_of(grant: &Grant) -> Result<Token, AccessError> {
    Token::new(&grant.access_token).ok_or(AccessError::NoGrant)
}

/// Reads the keys that an operator set.
pub fn secret_keys(config: &AccountsConfig) -> Result<Option<SecretKeys>, StartError> {
    let parse = |text: &str| {
        text.parse().map_err(|error: accounts::SealError| {
            StartError::new("secret_keys_malformed", error.to_string())
                .with_help("`openssl rand -base64 32` makes a key; set DOCTOWN_SECRET_KEYS to `1:KEY`")
        })
    };
    config.secret_keys.as_ref().map(|keys| parse(keys.expose())).transpose()
}

/// Returns the App that people sign in with; GitHub sends them back to `callback_path`.
pub fn sign_in_app(config: &AccountsConfig, callback_path: &str) -> Result<SignInApp, StartError> {
    let blank = || StartError::new("client_secret_blank", "DOCTOWN_GITHUB_CLIENT_SECRET is blank");
    Ok(SignInApp {
        web_url: config.github_web_url.clone(),
        client_id: config.client_id.clone(),
        client_secret: Token::new(config.client_secret.expose()).ok_or_else(blank)?,
        callback_url: format!("{}{callback_path}", config.public_url),
    })
}

/// Makes the GitHub App that the settings name.
pub fn github_app(config: &GithubAppConfig, source: &SourceConfig) -> Result<App, StartError> {
    let text = config.key.expose();
    let refused = |reason: String| {
        StartError::new("github_app_key_malformed", format!("the private key of the GitHub App: {reason}"))
            .with_help("set DOCTOWN_GITHUB_APP_KEY to the text of the .pem file that GitHub gave out, or to its path")
    };
    let pem = match text.contains("-----BEGIN ") {
        true => text.to_owned(),
        false => std::fs::read_to_string(text.trim()).map_err(|error| refused(error.to_string()))?,
    };
    let key = AppKey::parse(&pem).map_err(|error| refused(error.to_string()))?;
    Ok(App::new(config.client_id.clone(), key, source.clone()))
}

/// Makes a token that reads one repository of an installation, and a configuration that reads with it. Blocks.
pub fn read_installed(
    app: &App,
    installed: InstalledSource,
    source: &SourceConfig,
) -> Result<SourceConfig, GithubError> {
    let InstalledSource { installation, repository } = installed;
    let token = app.token(installation, Some(repository), Permissions::ReadContents)?;
    Ok(SourceConfig { github_token: Some(token), public_only: false, local_paths: false, ..source.clone() })
}

/// Reads a repository with tokens of an installation.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    app: App,
    installed: InstalledSource,
    source: SourceConfig,
}

impl Installed {
    /// Makes a token. Blocks.
    pub(crate) fn config(&self) -> Result<SourceConfig, StageError> {
        read_installed(&self.app, self.installed, &self.source).map_err(|error| {
            let (code, message) = (error.code(), error.to_string());
            match error.is_retryable() {
                true => StageError::retry(code, message),
                false => StageError::reject(code, message),
            }
        })
    }
}

/// How a job's repository is read.
#[derive(Debug, Clone)]
pub(crate) enum Reading {
    With(Box<SourceConfig>),
    /// With a token that is made when the reading begins.
    Installed(Box<Installed>),
}

/// What accounts of people are read from.
#[derive(Debug, Clone)]
enum People {
    /// The process knows no accounts.
    Nobody,
    Known(Option<Grants>),
    /// Opened for the first job of an account: most workers never see one.
    Later(Arc<Later>),
}

#[derive(Debug)]
struct Later {
    address: String,
    keys: SecretKeys,
    app: SignInApp,
    opened: OnceCell<Grants>,
}

/// Decides with whose right a job's repository is read.
#[derive(Debug, Clone)]
pub struct Access {
    source: SourceConfig,
    people: People,
    app: Option<App>,
}

impl Access {
    /// Reads everything as the process is configured: all jobs are one person's.
    pub fn own(source: SourceConfig) -> Self {
        Self { source, people: People::Nobody, app: None }
    }

    /// Reads jobs of accounts with these grants; `None` reads none of their private repositories.
    pub fn with_grants(source: SourceConfig, grants: Option<Grants>) -> Self {
        Self { source, people: People::Known(grants), app: None }
    }

    /// Reads jobs that pushes started with tokens of this App.
    pub fn with_app(self, app: Option<App>) -> Self {
        Self { app, ..self }
    }

    /// Takes what a process's settings say of accounts.
    pub fn from_config(source: SourceConfig, api: &ApiConfig) -> Result<Self, StartError> {
        let Some(config) = &api.accounts else { return Ok(Self::own(source)) };
        let app = config.github_app.as_ref().map(|app| github_app(app, &source)).transpose()?;
        let Some(keys) = secret_keys(config)? else {
            return Ok(Self::with_grants(source, None).with_app(app));
        };
        let address = config.database_url.as_ref().or(api.database_url.as_ref()).ok_or_else(|| {
            StartError::new("no_accounts_database", "private repositories need the database of accounts")
                .with_help("set DOCTOWN_ACCOUNTS_URL, or DATABASE_URL where both are one database")
        })?;
        let later = Later {
            address: address.expose().to_owned(),
            keys,
            app: sign_in_app(config, "")?,
            opened: OnceCell::new(),
        };
        Ok(Self { source, people: People::Later(Arc::new(later)), app })
    }

    /// Returns how the repository of a tenant's job is read now.
    pub(crate) async fn source_of(
        &self,
        tenant: &Tenant,
        installed: Option<InstalledSource>,
        now: u64,
    ) -> Result<Reading, StageError> {
        let with = |source| Ok(Reading::With(Box::new(source)));
        if *tenant == Tenant::local() {
            return with(self.source.clone());
        }
        let is_of_all = *tenant == Tenant::public() || matches!(self.people, People::Nobody);
        if is_of_all {
            return with(SourceConfig { public_only: true, ..self.source.clone() });
        }
        if let Some(installed) = installed {
            let off = || StageError::reject("private_not_supported", "this server is no GitHub App");
            let app = self.app.clone().ok_or_else(off)?;
            return Ok(Reading::Installed(Box::new(Installed {
                app,
                installed,
                source: self.source.clone(),
            })));
        }
        let grants = match &self.people {
            People::Nobody => Err(AccessError::Off),
            People::Known(grants) => grants.as_ref().ok_or(AccessError::Off),
            People::Later(later) => later.grants().await,
        };
        let config = match grants {
            Ok(grants) => read_as(grants, tenant.as_str(), &self.source, now).await,
            Err(error) => Err(error),
        };
        config.map_err(AccessError::of_stage).and_then(with)
    }
}

/// Returns a configuration that reads what somebody may see, and nothing that only the operator may.
pub async fn read_as(
    grants: &Grants,
    account: &str,
    source: &SourceConfig,
    now: u64,
) -> Result<SourceConfig, AccessError> {
    let token = grants.token(account, source, now).await?;
    Ok(SourceConfig { github_token: Some(token), public_only: false, local_paths: false, ..source.clone() })
}

impl Later {
    async fn grants(&self) -> Result<&Grants, AccessError> {
        let opened = self.opened.get_or_try_init(|| async {
            let accounts = Accounts::open(&self.address).await?;
            Ok::<_, AccessError>(Grants { accounts, keys: self.keys.clone(), app: self.app.clone() })
        });
        opened.await
    }
}

#[cfg(test)]
mod tests {
    use source::testserver::{APP_KEY, CLIENT_ID, Repository, TestInstallation, TestServer};

    use super::*;

    const NOW: u64 = 1_795_536_000_000;

    /// A server with two private repositories that the App is installed on, and how jobs read the first.
    fn world() -> (TestServer, Access, InstalledSource, u64) {
        let server = TestServer::start().expect("loopback ports are free");
        let mut ids = Vec::new();
        for name in ["acme/secret", "acme/other"] {
            let mut made = Repository::empty(name);
            made.private = true;
            ids.push(made.id);
            server.add(made);
        }
        let repositories = ids.iter().copied().collect();
        server.install(TestInstallation { id: 7, repositories, ..TestInstallation::default() });
        let key = AppKey::parse(APP_KEY).expect("it is a key");
        let app = App::new(CLIENT_ID, key, server.config());
        let access = Access::with_grants(server.config(), None).with_app(Some(app));
        (server, access, InstalledSource { installation: 7, repository: ids[0] }, ids[1])
    }

    fn reading(access: &Access, tenant: &str, installed: InstalledSource) -> Result<Reading, StageError> {
        let tenant = tenant.parse().expect("it is a tenant");
        let host = tokio::runtime::Builder::new_current_thread().build().expect("it needs nothing");
        host.block_on(access.source_of(&tenant, Some(installed), NOW))
    }

    #[test]
    fn each_reading_has_a_token_of_its_own_for_one_repository() {
        let (server, access, installed, other) = world();
        let Ok(Reading::Installed(reading)) = reading(&access, "a-1", installed) else { panic!("no token") };
        assert_eq!(server.given_tokens().len(), 0, "it is made when the reading begins");
        reading.config().expect("the installation reaches it");
        reading.config().expect("the installation reaches it");
        let given = server.given_tokens();
        assert_eq!(given.len(), 2);
        for token in given {
            let ids = token.repositories.expect("it is narrowed");
            assert!(ids == [installed.repository].into() && !ids.contains(&other));
            assert_eq!(token.permissions, [("contents".to_owned(), "read".to_owned())].into());
        }
    }

    #[test]
    fn an_installation_that_reaches_nothing_any_more_has_a_clear_code() {
        let (server, access, installed, _) = world();
        let code = || {
            let Ok(Reading::Installed(reading)) = reading(&access, "a-1", installed) else {
                panic!("no token")
            };
            reading.config().expect_err("it is refused").code()
        };
        server.change_installation(7, |it| it.is_suspended = true);
        assert_eq!(code(), "installation_suspended");
        server.change_installation(7, |it| {
            it.is_suspended = false;
            it.repositories.clear();
        });
        assert_eq!(code(), "repository_not_installed");
        server.uninstall(7);
        assert_eq!(code(), "installation_removed");
    }

    #[test]
    fn a_public_job_is_read_as_everybody_may_whatever_installation_it_names() {
        let (server, access, installed, _) = world();
        let Ok(Reading::With(config)) = reading(&access, "public", installed) else { panic!("a token") };
        assert!(config.public_only && server.given_tokens().is_empty());
        let without = Access::with_grants(server.config(), None);
        let refused = reading(&without, "a-1", installed).expect_err("it is no App");
        assert_eq!(refused.code(), "private_not_supported");
    }
}
