//! The index of jobs and docpacks, and `doctown ledger`.

use ledger::{Ledger, rebuild};
use runtime::config::Config;
use serde::Serialize;

use crate::args::LedgerAction;
use crate::failure::{Exit, Failure};
use crate::output::{data, json, thousands};
use crate::reading::{self, block_on};
use crate::setting;

#[derive(Debug, Serialize)]
struct Told {
    n_jobs: u64,
    n_docpacks: u64,
    n_left_out: u64,
}

pub(crate) fn ledger(action: &LedgerAction, config: &Config, as_json: bool) -> Result<(), Failure> {
    let LedgerAction::Rebuild = action;
    let source = setting::source_config(&config.source)?;
    let rebuilt = block_on(async {
        let ledger = open(config).await?;
        let coordinator = reading::coordinator(config).await?;
        let name_of = |address: &str| trigger::repository_name(address, &source);
        let prices = trigger::prices();
        let rebuilt = rebuild(&ledger, &coordinator, name_of, prices.as_ref());
        let rebuilt = rebuilt.await.map_err(|error| unusable(&error))?;
        // Who may read what stands in the accounts alone.
        if let Some(people) = crate::serve::people(config).await? {
            trigger::refresh_sharing(&ledger, &people.accounts).await.map_err(|error| {
                Failure::new(Exit::UpstreamDown, "accounts_unavailable", error.to_string())
            })?;
        }
        Ok(rebuilt)
    })?;
    let ledger::Rebuilt { n_jobs, n_docpacks, n_left_out } = rebuilt;
    match as_json {
        true => json("ledger rebuild", &Told { n_jobs, n_docpacks, n_left_out }),
        false => data(&format!(
            "{} jobs, {} docpacks, {} unreadable objects",
            thousands(n_jobs),
            thousands(n_docpacks),
            thousands(n_left_out)
        )),
    }
    Ok(())
}

/// Opens the ledger that is configured: a file beside the store without a word about it.
pub(crate) async fn open(config: &Config) -> Result<Ledger, Failure> {
    let address = match &config.api.database_url {
        Some(address) => address.expose().to_owned(),
        None => {
            std::fs::create_dir_all(&config.home).map_err(|error| {
                Failure::new(
                    Exit::Failed,
                    "ledger_unavailable",
                    format!("`{}`: {error}", config.home.display()),
                )
            })?;
            database::address_of(&config.home.join("ledger.sqlite"))
        }
    };
    Ledger::open(&address).await.map_err(|error| unusable(&error))
}

fn unusable(error: &ledger::LedgerError) -> Failure {
    Failure::new(Exit::UpstreamDown, "ledger_unavailable", error.to_string())
        .with_help("DATABASE_URL names the ledger; the default is `ledger.sqlite` in the home that `doctown config show` names")
}
