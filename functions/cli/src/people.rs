//! `doctown accounts`: what the operator of a server does with the accounts of its people.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use ::ledger::address_of;
use accounts::{Accounts, AccountsError, BackupError, User, WithdrawnBy, plans};
use pipeline::{Clock, Tenant};
use runtime::SystemClock;
use runtime::config::{AccountsConfig, Config};
use serde::Serialize;
use source::spec::SourceSpec;

use crate::args::AccountsAction;
use crate::failure::{Exit, Failure};
use crate::output::{data, json, plural, talk};
use crate::reading::{self, block_on};
use crate::{ledger, margin, setting};

pub(crate) fn accounts(action: &AccountsAction, config: &Config, as_json: bool) -> Result<(), Failure> {
    let config = &with_secrets(config)?;
    block_on(async {
        let settings = settings(config)?;
        let accounts = Accounts::open(&address(settings, config)?).await.map_err(|error| unusable(&error))?;
        match action {
            AccountsAction::Backup { file } => backup(&accounts, file, as_json).await,
            AccountsAction::Restore { file } => restore(&accounts, file, as_json).await,
            AccountsAction::Rekey => rekey(&accounts, settings, as_json).await,
            AccountsAction::Plan { login, plan } => set_plan(&accounts, login, plan, as_json).await,
            AccountsAction::Margin { month } => {
                margin::margin(&accounts, month.as_deref(), config, as_json).await
            }
            AccountsAction::Delete { login, yes } => delete(&accounts, login, *yes, config, as_json).await,
            AccountsAction::Withdraw { repo } => {
                let address = repository(repo, config)?;
                accounts
                    .withdraw(&address, WithdrawnBy::Operator, SystemClock.now().0)
                    .await
                    .map_err(|error| unusable(&error))?;
                shown_again(&accounts, &address, false, config, as_json).await
            }
            AccountsAction::Reinstate { repo } => {
                let address = repository(repo, config)?;
                match accounts.withdrawal(&address).await.map_err(|error| unusable(&error))? {
                    Some(_) => accounts.reinstate(&address).await.map_err(|error| unusable(&error))?,
                    None => return Err(not_withdrawn(&address)),
                }
                shown_again(&accounts, &address, true, config, as_json).await
            }
        }
    })
}

/// Reads the secrets that variables only name.
#[cfg(feature = "aws")]
fn with_secrets(_: &Config) -> Result<Config, Failure> {
    Ok(Config::from_env_with_secrets()?)
}

#[cfg(not(feature = "aws"))]
fn with_secrets(config: &Config) -> Result<Config, Failure> {
    Ok(config.clone())
}

fn settings(config: &Config) -> Result<&AccountsConfig, Failure> {
    config.api.accounts.as_ref().ok_or_else(|| {
        Failure::new(Exit::Usage, "accounts_off", "this machine is not set up for accounts")
            .with_help("set the variables that the server has, DOCTOWN_ACCOUNTS=github among them")
    })
}

/// Returns the address of the accounts' database: its own, the ledger's, or a file in the home, which is made.
pub(crate) fn address(settings: &AccountsConfig, config: &Config) -> Result<String, Failure> {
    if let Some(address) = settings.database_url.as_ref().or(config.api.database_url.as_ref()) {
        return Ok(address.expose().to_owned());
    }
    std::fs::create_dir_all(&config.home).map_err(|error| unwritable(&config.home, &error))?;
    Ok(database::address_of(&config.home.join("accounts.sqlite")))
}

#[derive(Serialize)]
struct Copied {
    n_rows: u64,
    file: PathBuf,
}

async fn backup(accounts: &Accounts, file: &Path, as_json: bool) -> Result<(), Failure> {
    // Written beside it first: a backup that was cut short never looks like one.
    let unfinished = file.with_extension("unfinished");
    let mut out = BufWriter::new(create_private(&unfinished).map_err(|error| unwritable(file, &error))?);
    let n_rows = accounts.backup(&mut out).await.map_err(|error| of_backup(file, &error))?;
    let written = out.into_inner().map_err(std::io::IntoInnerError::into_error);
    let synced = written.and_then(|out| out.sync_all()).and_then(|()| std::fs::rename(&unfinished, file));
    synced.map_err(|error| unwritable(file, &error))?;
    tell("accounts backup", n_rows, file, as_json, "written to");
    Ok(())
}

async fn restore(accounts: &Accounts, file: &Path, as_json: bool) -> Result<(), Failure> {
    let from = File::open(file).map_err(|error| {
        Failure::new(Exit::Usage, "input_unreadable", format!("cannot read `{}`: {error}", file.display()))
    })?;
    let n_rows = accounts.restore(BufReader::new(from)).await.map_err(|error| of_backup(file, &error))?;
    tell("accounts restore", n_rows, file, as_json, "restored from");
    Ok(())
}

fn tell(command: &str, n_rows: u64, file: &Path, as_json: bool, what: &str) {
    match as_json {
        true => json(command, &Copied { n_rows, file: file.to_owned() }),
        false => data(&format!("{} {what} {}", plural(n_rows, "row", "rows"), file.display())),
    }
}

/// Creates a file that only its owner can read.
fn create_private(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

#[derive(Serialize)]
struct Rekeyed {
    n_sealed: u64,
}

async fn rekey(accounts: &Accounts, settings: &AccountsConfig, as_json: bool) -> Result<(), Failure> {
    let keys = stage_ingest::secret_keys(settings)?.ok_or_else(|| {
        Failure::new(Exit::Usage, "no_secret_keys", "there are no keys to seal tokens with")
            .with_help("set DOCTOWN_SECRET_KEYS as the server has it, the new key first")
    })?;
    let n_sealed = accounts.rekey(&keys).await.map_err(|error| unusable(&error))?;
    match as_json {
        true => json("accounts rekey", &Rekeyed { n_sealed }),
        false => data(&format!(
            "{} sealed with the first key; keys after it can be removed",
            plural(n_sealed, "token", "tokens")
        )),
    }
    Ok(())
}

#[derive(Serialize)]
struct Planned<'a> {
    account: &'a str,
    login: &'a str,
    plan: &'a str,
}

async fn set_plan(accounts: &Accounts, login: &str, plan: &str, as_json: bool) -> Result<(), Failure> {
    if !plans().contains_key(plan) {
        let known: Vec<&str> = plans().keys().map(String::as_str).collect();
        let message = format!("there is no plan `{plan}`");
        return Err(Failure::new(Exit::Usage, "no_such_plan", message)
            .with_help(format!("the plans are {}", known.join(", "))));
    }
    let user = person(accounts, login).await?;
    accounts.set_plan(&user.id, plan).await.map_err(|error| unusable(&error))?;
    // A subscription to a better plan still counts.
    let user = person(accounts, login).await?;
    let plan = user.plan.as_str();
    match as_json {
        true => json("accounts plan", &Planned { account: &user.id, login: &user.login, plan }),
        false => data(&format!("{} ({}) is on the plan {plan}", user.login, user.id)),
    }
    Ok(())
}

async fn person(accounts: &Accounts, login: &str) -> Result<User, Failure> {
    let user = accounts.user_of_login(login).await.map_err(|error| unusable(&error))?;
    user.ok_or_else(|| {
        Failure::new(Exit::Usage, "no_such_person", format!("nobody called `{login}` has signed in"))
            .with_help("the name is the one at GitHub; the person has to sign in once")
    })
}

#[derive(Serialize)]
struct Deleted {
    account: String,
    login: String,
    n_cancelled_jobs: usize,
}

async fn delete(
    accounts: &Accounts,
    login: &str,
    is_confirmed: bool,
    config: &Config,
    as_json: bool,
) -> Result<(), Failure> {
    let User { id, login, .. } = person(accounts, login).await?;
    let account: Tenant = id.parse().map_err(|_| {
        Failure::new(Exit::Failed, "account_damaged", format!("`{id}` cannot be the name of an account"))
    })?;
    if !is_confirmed {
        let message = format!("this deletes {login} ({id}), with all jobs, keys, links and private packs");
        return Err(Failure::new(Exit::Usage, "not_confirmed", message)
            .with_help(format!("`doctown accounts delete {login} --yes` does it; it cannot be undone")));
    }
    let ledger = ledger::open(config).await?;
    let coordinator = reading::coordinator(config).await?;
    let stripe = config.api.accounts.as_ref().and_then(|settings| settings.stripe.as_ref());
    let billing = trigger::open_billing(stripe, accounts)?;
    let removed = trigger::remove_account(&coordinator, &ledger, accounts, billing.as_ref(), &account).await;
    let n_cancelled_jobs = removed.map_err(|error| unfinished(&error, &login))?;
    if n_cancelled_jobs > 0 {
        let wait = trigger::WORKERS_STOP_WITHIN;
        talk(&format!("waiting {} s for the workers of running jobs to stop", wait.as_secs()));
        SystemClock.sleep(wait).await;
        let rest = coordinator.remove_tenant(&account).await;
        rest.map_err(|error| unfinished(&error.into(), &login))?;
    }
    match as_json {
        true => json("accounts delete", &Deleted { account: id, login, n_cancelled_jobs }),
        false => data(&format!("{login} ({id}) is deleted")),
    }
    Ok(())
}

fn unfinished(error: &trigger::RemovalError, login: &str) -> Failure {
    let message = format!("the account is not deleted: {error}");
    Failure::new(Exit::UpstreamDown, "removal_unfinished", message)
        .with_help(format!("`doctown accounts delete {login} --yes` goes on where this stopped"))
}

fn repository(text: &str, config: &Config) -> Result<String, Failure> {
    let refused = |reason: String| {
        Failure::new(Exit::Usage, "repository_unknown", format!("`{text}`: {reason}"))
            .with_help("give the address of a repository, such as https://github.com/OWNER/REPO")
    };
    let source = setting::source_config(&config.source)?;
    let spec = SourceSpec::parse(text, &source).map_err(|error| refused(error.to_string()))?;
    let url = spec.repo_url(&source).ok_or_else(|| refused("it is not a repository's address".to_owned()))?;
    Ok(address_of(&url))
}

fn not_withdrawn(address: &str) -> Failure {
    Failure::new(Exit::Usage, "no_such_withdrawal", format!("{address} was not withdrawn"))
        .with_help("its packs are shown to everybody who may read them")
}

#[derive(Serialize)]
struct Shown<'a> {
    repo_url: &'a str,
    is_withdrawn: bool,
}

/// Writes into the ledger who is shown a repository's packs now, and says so.
async fn shown_again(
    accounts: &Accounts,
    address: &str,
    is_shown: bool,
    config: &Config,
    as_json: bool,
) -> Result<(), Failure> {
    let ledger = ledger::open(config).await?;
    trigger::refresh_sharing_of(&ledger, accounts, address).await.map_err(|error| {
        Failure::new(Exit::UpstreamDown, "ledger_unavailable", error.to_string())
            .with_help("run the command again; until then the packs are shown as before")
    })?;
    match (as_json, is_shown) {
        (true, _) => {
            let action = if is_shown { "accounts reinstate" } else { "accounts withdraw" };
            json(action, &Shown { repo_url: address, is_withdrawn: !is_shown });
        }
        (false, true) => data(&format!("{address}: its packs are shown again")),
        (false, false) => data(&format!("{address}: its packs are shown to nobody")),
    }
    Ok(())
}

fn unusable(error: &AccountsError) -> Failure {
    match error {
        AccountsError::Seal(_) => Failure::new(Exit::Usage, "secret_keys_unfit", error.to_string())
            .with_help("DOCTOWN_SECRET_KEYS needs every key that tokens were sealed with"),
        _ => Failure::new(Exit::UpstreamDown, "accounts_unavailable", error.to_string())
            .with_help("DOCTOWN_ACCOUNTS_URL names the database of accounts"),
    }
}

fn of_backup(file: &Path, error: &BackupError) -> Failure {
    match error {
        BackupError::Accounts(error) => unusable(error),
        BackupError::File(error) => unwritable(file, error),
        BackupError::Line { .. } => Failure::new(Exit::InputRefused, "backup_damaged", error.to_string())
            .with_help("use another backup; nothing was changed"),
        BackupError::NotEmpty => Failure::new(Exit::InputRefused, "accounts_not_empty", error.to_string())
            .with_help("restore into a new database, and let DOCTOWN_ACCOUNTS_URL name it"),
    }
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    let message = format!("cannot read or write `{}`: {error}", file.display());
    Failure::new(Exit::Failed, "file_unusable", message)
}
