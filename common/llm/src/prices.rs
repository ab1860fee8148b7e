//! What tokens cost, in whole millionths of a dollar.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::reply::Usage;

const PUBLISHED: &str = include_str!("../prices.json");
const MILLION: u128 = 1_000_000;

/// Names the rows that a user gave, where a record names the table.
pub(crate) const GIVEN: &str = "given";

/// Prices by model, with the day on which they were read.
#[derive(Debug, Clone)]
pub struct PriceTable {
    as_of: String,
    source: String,
    default_model: String,
    local: Price,
    rows: BTreeMap<String, Price>,
    given: BTreeMap<String, Price>,
}

/// Micro-USD per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub input: u64,
    pub cached_input: u64,
    pub output: u64,
    /// Of the price above, what is charged; the Batch endpoint takes less.
    percent: u64,
    batch_percent: u64,
}

/// A price table that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the price table is not usable: {reason}")]
pub struct InvalidPrices {
    reason: String,
}

#[derive(Deserialize)]
struct File {
    as_of: String,
    source: String,
    default_model: String,
    local_model: String,
    batch_percent: u64,
    models: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    model: String,
    input: u64,
    cached_input: u64,
    output: u64,
}

impl PriceTable {
    /// Returns the table that comes with this crate.
    pub fn published() -> Self {
        Self::parse(PUBLISHED).expect("prices.json is whole: tests/it/prices.rs reads it")
    }

    /// Reads a table in the form of `prices.json`.
    pub fn parse(json: &str) -> Result<Self, InvalidPrices> {
        let invalid = |reason: String| InvalidPrices { reason };
        let file: File = serde_json::from_str(json).map_err(|error| invalid(error.to_string()))?;
        if file.batch_percent > 100 {
            return Err(invalid(format!("a batch takes {} % of a price", file.batch_percent)));
        }
        let mut rows = BTreeMap::new();
        for row in file.models {
            let Row { model, input, cached_input, output } = row;
            let price =
                Price { input, cached_input, output, percent: 100, batch_percent: file.batch_percent };
            if rows.insert(model.clone(), price).is_some() {
                return Err(invalid(format!("`{model}` stands twice")));
            }
        }
        let local = rows.get(&file.local_model).copied();
        let local = local.ok_or_else(|| invalid(format!("no row for `{}`", file.local_model)))?;
        if !rows.contains_key(&file.default_model) {
            return Err(invalid(format!("no row for `{}`", file.default_model)));
        }
        let File { as_of, source, default_model, .. } = file;
        Ok(Self { as_of, source, default_model, local, rows, given: BTreeMap::new() })
    }

    /// Adds or replaces the price of one model.
    pub fn with_price(mut self, model: &str, price: Price) -> Self {
        self.given.insert(model.to_owned(), price);
        self
    }

    /// Returns the price of a model, of its dated snapshots too; `None` where it is not known.
    pub fn price(&self, model: &str) -> Option<Price> {
        let found = |name: &str| self.given.get(name).or_else(|| self.rows.get(name));
        let bare = model.strip_prefix("openai/").unwrap_or(model);
        found(model).or_else(|| found(bare)).or_else(|| found(undated(bare))).copied()
    }

    /// Returns the price of models on this machine.
    pub fn local(&self) -> Price {
        self.local
    }

    /// Names the model that is meant where none is named.
    pub fn default_model(&self) -> &str {
        &self.default_model
    }

    /// Returns the day on which the published prices were read.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the version for a record: the day, or `given` for a user's own price.
    pub fn version_for(&self, model: &str) -> &str {
        if self.given.contains_key(model) { GIVEN } else { &self.as_of }
    }
}

impl Price {
    /// A price of nothing.
    pub const FREE: Self = Self::per_million(0, 0, 0);

    /// Makes a price from micro-USD per million tokens.
    pub const fn per_million(input: u64, cached_input: u64, output: u64) -> Self {
        Self { input, cached_input, output, percent: 100, batch_percent: 50 }
    }

    /// Returns the price of the same tokens through the Batch endpoint.
    pub fn batched(self) -> Self {
        Self { percent: self.batch_percent, ..self }
    }

    /// Returns what a usage costs, rounded up to a whole millionth of a dollar.
    pub fn cost(&self, usage: &Usage) -> u64 {
        let cached = usage.cached_input_tokens.min(usage.input_tokens);
        self.sum(usage.input_tokens - cached, cached, usage.output_tokens)
    }

    /// Returns the most that a request can cost: nothing cached, and the longest answer.
    pub fn worst_case(&self, input_tokens: u64, max_output_tokens: u64) -> u64 {
        // Somebody's own table may ask more for cached tokens than for others.
        let input = self.input.max(self.cached_input);
        Self { input, ..*self }.sum(input_tokens, 0, max_output_tokens)
    }

    fn sum(&self, fresh: u64, cached: u64, output: u64) -> u64 {
        let parts = [(fresh, self.input), (cached, self.cached_input), (output, self.output)];
        let full = parts.iter().fold(0_u128, |sum, (tokens, price)| {
            sum.saturating_add(u128::from(*tokens) * u128::from(*price))
        });
        let charged = full.saturating_mul(u128::from(self.percent));
        u64::try_from(charged.div_ceil(100 * MILLION)).unwrap_or(u64::MAX)
    }
}

/// `gpt-4o-mini-2024-07-18` is `gpt-4o-mini`.
fn undated(model: &str) -> &str {
    let Some(at) = model.len().checked_sub("-2024-07-18".len()) else { return model };
    let Some((name, date)) = model.split_at_checked(at) else { return model };
    let is_date = date.bytes().enumerate().all(|(i, byte)| match i {
        0 | 5 | 8 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if is_date { name } else { model }
}
