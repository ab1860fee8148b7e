//! What of the money a unit may spend.

use std::collections::BTreeMap;

use model::assembly::{AssembleOutput, UnitCost};
use pipeline::port::Ports;
use pipeline::{StageError, StageName, UnitRun};

use crate::terms::Terms;

/// Returns what the whole job may spend, `None` where nothing costs anything, and this unit's part of it.
///
/// All parts together are no more than the whole.
pub(crate) async fn of<P: Ports>(unit: &UnitRun<P>, terms: &Terms) -> Result<(Option<u64>, u64), StageError> {
    let limit = unit.state().spending_limit_micro_usd().unwrap_or(0);
    if limit == 0 && terms.is_free() {
        // A model of one's own, or one whose price nobody gave and which was agreed to without it.
        return Ok((None, 0));
    }
    let assembled: AssembleOutput = unit.output_json_of(StageName::Assemble).await?;
    let own = match assembled.unit_costs.is_empty() {
        // Whoever made the units could not count: each gets as much as the others.
        true => limit / n_units(unit).max(1),
        false => shares(limit, &assembled.unit_costs).get(unit.unit().as_str()).copied().unwrap_or(0),
    };
    Ok((Some(limit), own))
}

fn n_units<P: Ports>(unit: &UnitRun<P>) -> u64 {
    unit.state().sealed.get(&StageName::Generate).map_or(1, |list| u64::from(list.n_units))
}

/// Divides a limit: first what each unit needs to ask at all, in the order of their names, then the rest by what
/// else they can cost.
fn shares(limit: u64, costs: &BTreeMap<String, UnitCost>) -> BTreeMap<&str, u64> {
    let mut left = limit;
    let mut shares: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, cost) in costs {
        let needed = if cost.dearest_micro_usd <= left { cost.dearest_micro_usd } else { 0 };
        left -= needed;
        shares.insert(name, needed);
    }
    // A unit that cannot ask its dearest question leaves the rest to those that can.
    let open = |name: &str, cost: &UnitCost| match shares[name] >= cost.dearest_micro_usd {
        true => cost.worst_micro_usd.saturating_sub(shares[name]),
        false => 0,
    };
    let opens: Vec<u64> = costs.iter().map(|(name, cost)| open(name, cost)).collect();
    let whole: u128 = opens.iter().map(|&open| u128::from(open)).sum();
    for (share, open) in shares.values_mut().zip(opens) {
        let part = (u128::from(left) * u128::from(open)).checked_div(whole).unwrap_or(0);
        *share = share.saturating_add(u64::try_from(part).unwrap_or(u64::MAX));
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(of: &[(u64, u64)]) -> BTreeMap<String, UnitCost> {
        let cost = |&(worst_micro_usd, dearest_micro_usd)| UnitCost { worst_micro_usd, dearest_micro_usd };
        of.iter().enumerate().map(|(at, it)| (format!("u{at}"), cost(it))).collect()
    }

    fn divided(limit: u64, of: &[(u64, u64)]) -> Vec<u64> {
        shares(limit, &costs(of)).into_values().collect()
    }

    #[test]
    fn no_unit_is_left_without_its_first_question_while_others_have_more_than_theirs() {
        // Of a limit of two fifths of the worst case, one question of 100 asked twice would get 80.
        assert_eq!(divided(400, &[(800, 100), (200, 100)]), [275, 125]);
        assert_eq!(divided(1_000, &[(800, 100), (200, 100)]), [800, 200]);
    }

    #[test]
    fn what_does_not_reach_for_all_goes_to_the_first_by_name() {
        assert_eq!(divided(150, &[(200, 100), (200, 100)]), [150, 0]);
        assert_eq!(divided(0, &[(200, 100), (200, 100)]), [0, 0]);
    }

    #[test]
    fn what_is_kept_takes_nothing_from_what_is_new() {
        assert_eq!(divided(100, &[(0, 0), (200, 100)]), [0, 100]);
        assert_eq!(divided(100, &[(0, 0), (0, 0)]), [0, 0]);
    }

    proptest::proptest! {
        #[test]
        fn parts_are_never_more_than_the_whole(
            limit in proptest::prelude::any::<u64>(),
            of in proptest::collection::vec((0u64.., 0u64..), 0..20),
        ) {
            let of: Vec<(u64, u64)> = of.into_iter().map(|(a, b)| (a.max(b), a.min(b))).collect();
            let sum: u128 = divided(limit, &of).into_iter().map(u128::from).sum();
            proptest::prop_assert!(sum <= u128::from(limit));
        }
    }
}
