//! What the units of one job share: the money that each holds, and why all of them stop.
//!
//! A unit opens with its own part of the limit, draws what others gave back, and closes with what it spent.

use std::collections::BTreeMap;
use std::time::Duration;

use pipeline::port::{Ports, Version};
use pipeline::{StageError, UnitRun};
use serde::{Deserialize, Serialize};

/// Version of [`Account`].
const ACCOUNT_SCHEMA: &str = "doctown.account/1";
/// Units that change the account at once are few; so many refusals mean that the store is broken.
const MAX_SWAPS: u32 = 200;
/// Longest wait between two looks at money that another unit holds.
const MAX_WAIT: Duration = Duration::from_secs(60);
/// A unit that was killed never closes. With the waits above this is a quarter of an hour.
const MAX_WAITS: u32 = 20;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    schema: String,
    units: BTreeMap<String, Held>,
    /// Why no unit asks any more.
    stop: Option<String>,
}

/// One unit's money, in millionths of a US dollar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Held {
    /// What it may spend while it is open, what it spent afterwards; more than its part where a call cost more.
    micro_usd: u64,
    is_open: bool,
    n_waits: u32,
}

/// What a unit got of the money that is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Draw {
    Drawn,
    /// Others hold money that they may give back; look again after this time.
    Later(Duration),
    Exhausted,
}

/// What a unit begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) micro_usd: u64,
    pub(crate) stop: Option<String>,
}

impl Account {
    /// Opens a unit with its part, as far as the others leave it; one that waited draws question by question.
    fn open(&mut self, unit: &str, part: u64, limit: u64) -> Opened {
        let free = self.free(limit);
        let held = self.units.entry(unit.to_owned()).or_default();
        let wanted = if held.n_waits == 0 { part } else { 0 };
        held.micro_usd = held.micro_usd.max(wanted.min(held.micro_usd.saturating_add(free)));
        held.is_open = true;
        Opened { micro_usd: held.micro_usd, stop: self.stop.clone() }
    }

    fn draw(&mut self, unit: &str, micro_usd: u64, limit: u64) -> Draw {
        let is_free = micro_usd <= self.free(limit);
        let can_become_free = micro_usd <= self.free_at_best(unit, limit);
        let held = self.units.entry(unit.to_owned()).or_default();
        if is_free {
            held.micro_usd = held.micro_usd.saturating_add(micro_usd);
            return Draw::Drawn;
        }
        if can_become_free && held.n_waits < MAX_WAITS {
            return Draw::Later(Duration::from_secs(1 << held.n_waits.min(6)).min(MAX_WAIT));
        }
        Draw::Exhausted
    }

    fn close(&mut self, unit: &str, spent: u64, is_waiting: bool) {
        let held = self.units.entry(unit.to_owned()).or_default();
        held.micro_usd = spent;
        held.is_open = false;
        held.n_waits += u32::from(is_waiting);
    }

    /// Notes that an open unit spent more than its part.
    fn overspend(&mut self, unit: &str, spent: u64) {
        let held = self.units.entry(unit.to_owned()).or_default();
        held.micro_usd = held.micro_usd.max(spent);
    }

    /// Tells whether the units spent more than all of them have.
    fn is_overdrawn(&self, limit: u64) -> bool {
        self.held(|_, _| true) > u128::from(limit)
    }

    fn free(&self, limit: u64) -> u64 {
        remaining(limit, self.held(|_, _| true))
    }

    /// What would be free if every other open unit gave back all that it holds.
    fn free_at_best(&self, unit: &str, limit: u64) -> u64 {
        remaining(limit, self.held(|name, held| name == unit || !held.is_open))
    }

    fn held(&self, counts: impl Fn(&str, &Held) -> bool) -> u128 {
        let counted = self.units.iter().filter(|(name, held)| counts(name, held));
        counted.map(|(_, held)| u128::from(held.micro_usd)).sum()
    }
}

fn remaining(limit: u64, held: u128) -> u64 {
    u64::try_from(u128::from(limit).saturating_sub(held)).unwrap_or(u64::MAX)
}

/// A unit's view of its job's account; without a limit only the stop counts.
pub(crate) struct Purse {
    limit: Option<u64>,
}

impl Purse {
    pub(crate) fn new(limit: Option<u64>) -> Self {
        Self { limit }
    }

    pub(crate) fn limit(&self) -> Option<u64> {
        self.limit
    }

    pub(crate) async fn open<P: Ports>(&self, unit: &UnitRun<P>, part: u64) -> Result<Opened, StageError> {
        let (name, limit) = (unit.unit().to_string(), self.limit.unwrap_or(u64::MAX));
        change(unit, |account| account.open(&name, part, limit)).await
    }

    pub(crate) async fn draw<P: Ports>(&self, unit: &UnitRun<P>, micro_usd: u64) -> Result<Draw, StageError> {
        let (name, limit) = (unit.unit().to_string(), self.limit.unwrap_or(u64::MAX));
        change(unit, |account| account.draw(&name, micro_usd, limit)).await
    }

    /// Tells the other units at once that a call cost more than this one had.
    pub(crate) async fn overspend<P: Ports>(&self, unit: &UnitRun<P>, spent: u64) -> Result<(), StageError> {
        let name = unit.unit().to_string();
        change(unit, |account| account.overspend(&name, spent)).await
    }

    /// Tells whether all money is gone, whatever part of it this unit still has.
    pub(crate) async fn is_overdrawn<P: Ports>(&self, unit: &UnitRun<P>) -> Result<bool, StageError> {
        let Some(limit) = self.limit else { return Ok(false) };
        Ok(read(unit).await?.0.is_overdrawn(limit))
    }

    pub(crate) async fn close<P: Ports>(
        &self,
        unit: &UnitRun<P>,
        spent: u64,
        is_waiting: bool,
    ) -> Result<(), StageError> {
        let name = unit.unit().to_string();
        change(unit, |account| account.close(&name, spent, is_waiting)).await
    }

    /// Stops the other units too, as soon as they begin.
    pub(crate) async fn stop<P: Ports>(&self, unit: &UnitRun<P>, code: &str) -> Result<(), StageError> {
        change(unit, |account| {
            account.stop.get_or_insert_with(|| code.to_owned());
        })
        .await
    }
}

/// Applies a change until nobody else changed the account meanwhile.
async fn change<P: Ports, T>(
    unit: &UnitRun<P>,
    mut apply: impl FnMut(&mut Account) -> T,
) -> Result<T, StageError> {
    for _ in 0..MAX_SWAPS {
        let (before, version) = read(unit).await?;
        let mut account = before.clone();
        let result = apply(&mut account);
        account.schema = ACCOUNT_SCHEMA.to_owned();
        if account == before {
            return Ok(result);
        }
        let bytes = serde_json::to_vec(&account)
            .map_err(|error| StageError::reject("account_not_json", error.to_string()))?;
        if unit.put_account(bytes, version).await? {
            return Ok(result);
        }
    }
    Err(StageError::retry("account_busy", format!("the account changed {MAX_SWAPS} times meanwhile")))
}

async fn read<P: Ports>(unit: &UnitRun<P>) -> Result<(Account, Option<Version>), StageError> {
    let Some((bytes, version)) = unit.get_account().await? else { return Ok((Account::default(), None)) };
    let account: Account = serde_json::from_slice(&bytes)
        .map_err(|error| StageError::reject("artifact_damaged", format!("the job's account: {error}")))?;
    Ok((account, Some(version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_unit_leaves_serves_the_others() {
        let mut account = Account::default();
        assert_eq!(account.open("a", 60, 100).micro_usd, 60);
        assert_eq!(account.open("b", 40, 100).micro_usd, 40);
        assert_eq!(
            account.draw("b", 10, 100),
            Draw::Later(Duration::from_secs(1)),
            "`a` may leave something"
        );
        account.close("a", 20, false);
        assert_eq!(account.draw("b", 10, 100), Draw::Drawn);
        assert_eq!(account.draw("b", 40, 100), Draw::Exhausted, "30 are left and nobody else holds any");
    }

    #[test]
    fn what_one_unit_overspends_the_others_lack() {
        let mut account = Account::default();
        assert_eq!(account.open("a", 50, 100).micro_usd, 50);
        account.close("a", 1_000, false);
        assert_eq!(account.open("b", 50, 100).micro_usd, 0);
        assert_eq!(account.draw("b", 1, 100), Draw::Exhausted);
    }

    #[test]
    fn what_an_open_unit_overspends_stops_the_others_at_once() {
        let mut account = Account::default();
        account.open("a", 50, 100);
        account.open("b", 50, 100);
        assert!(!account.is_overdrawn(100));
        account.overspend("a", 1_000);
        assert!(account.is_overdrawn(100));
        account.close("a", 1_000, true);
        assert_eq!(account.draw("b", 1, 100), Draw::Exhausted, "nothing that is given back would be enough");
    }

    #[test]
    fn units_that_wait_for_each_other_come_to_an_end() {
        let mut account = Account::default();
        for unit in ["a", "b"] {
            account.open(unit, 50, 100);
            account.close(unit, 45, true);
        }
        assert_eq!(account.open("a", 50, 100).micro_usd, 45, "it draws by question now");
        assert_eq!(account.open("b", 50, 100).micro_usd, 45);
        assert_eq!(account.draw("a", 8, 100), Draw::Drawn);
        assert!(matches!(account.draw("b", 8, 100), Draw::Later(_)));
        account.close("a", 46, false);
        assert_eq!(account.draw("b", 8, 100), Draw::Drawn);
    }

    #[test]
    fn a_unit_that_never_closes_is_not_waited_for_for_ever() {
        let mut account = Account::default();
        account.open("killed", 100, 100);
        for _ in 0..MAX_WAITS {
            account.open("b", 0, 100);
            assert!(matches!(account.draw("b", 1, 100), Draw::Later(_)));
            account.close("b", 0, true);
        }
        account.open("b", 0, 100);
        assert_eq!(account.draw("b", 1, 100), Draw::Exhausted);
    }
}
