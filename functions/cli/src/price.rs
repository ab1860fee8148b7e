//! `doctown price`: the cost of a job, or the price table.

use pipeline::Tenant;
use pipeline::receipt::{JobPrice, JobReceipt, PriceTable, receipt};
use runtime::config::Config;
use serde::Serialize;

use crate::events::parse_job;
use crate::failure::{Exit, Failure};
use crate::output::{data, json, table, thousands, usd};
use crate::reading::{self, block_on, no_such_job};

/// The table that this program was built with.
const PRICES: &str = include_str!("../../../infra/prices.json");

/// What a job took and costs.
#[derive(Debug, Serialize)]
struct Priced {
    receipt: JobReceipt,
    price: JobPrice,
}

pub(crate) fn price(job: Option<&str>, config: &Config, as_json: bool) -> Result<(), Failure> {
    let prices: PriceTable = serde_json::from_str(PRICES).map_err(anyhow::Error::from)?;
    let Some(job) = job else {
        tell_prices(&prices, as_json);
        return Ok(());
    };
    let job = parse_job(job, "doctown submit")?;
    let receipt = block_on(async {
        let ports = reading::ports(config).await?;
        receipt(&ports, &Tenant::local(), &job).await.map_err(|error| no_such_job(&error))
    })?;
    let price =
        prices.price(&receipt).map_err(|reason| Failure::new(Exit::Failed, "price_missing", reason))?;
    match as_json {
        true => json("price", &Priced { receipt, price }),
        false => tell_job(&receipt, &price, &prices),
    }
    Ok(())
}

fn tell_prices(prices: &PriceTable, as_json: bool) {
    if as_json {
        return json("price", prices);
    }
    let rows: Vec<_> = prices
        .stages
        .iter()
        .map(|(stage, kind)| {
            let nano = prices.workers.get(kind).copied().unwrap_or(0);
            vec![stage.to_string(), kind.clone(), format!("{:.9}", nano as f64 / 1e9)]
        })
        .collect();
    data(&table(&["stage", "worker", "USD per second"], &rows));
    data(&format!("{:.9} USD for the requests of one unit", prices.requests_per_unit as f64 / 1e9));
    data(&format!("as of {}: {}", prices.as_of, prices.sources.join("; ")));
}

fn tell_job(receipt: &JobReceipt, price: &JobPrice, prices: &PriceTable) {
    let rows: Vec<_> = receipt
        .stages
        .iter()
        .map(|used| {
            vec![
                used.stage.to_string(),
                thousands(used.n_units),
                thousands(used.n_tries),
                format!("{:.2}", used.worker_ms as f64 / 1e3),
                prices.stages.get(&used.stage).cloned().unwrap_or_default(),
            ]
        })
        .collect();
    data(&table(&["stage", "units", "tries", "worker s", "worker"], &rows));
    data(&format!(
        "{} USD: {} compute, {} requests, {} tokens; prices as of {}",
        usd(price.total_micro_usd),
        usd(price.compute_micro_usd),
        usd(price.requests_micro_usd),
        usd(price.tokens_micro_usd),
        price.prices_as_of
    ));
    if price.uncertain_micro_usd > 0 {
        data(&format!(
            "up to {} USD more for answers that were lost or not counted",
            usd(price.uncertain_micro_usd)
        ));
    }
    if !receipt.billable {
        data(&format!("not billed: the job is {}", receipt.phase));
    }
}
