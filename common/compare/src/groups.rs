//! Groups of both packs, matched by the members that they share.

use std::collections::{BTreeMap, BTreeSet};

use docpack::{ClusterId, SymbolId};

use crate::calls::{Place, place_after, place_before};
use crate::changes::GroupChange;
use crate::matching::Pairs;
use crate::side::Side;

/// Groups that share less than this of their members are different groups.
const MIN_OVERLAP: f64 = 0.3;

type Members = BTreeMap<ClusterId, BTreeSet<Place>>;

pub(crate) fn groups(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Vec<GroupChange> {
    let old = members(before, |id| place_before(before, pairs, id));
    let new = members(after, |id| place_after(after, pairs, id));
    let mut left: BTreeSet<ClusterId> = old.keys().copied().collect();
    let mut free: BTreeSet<ClusterId> = new.keys().copied().collect();
    let mut changes = Vec::new();
    for (overlap, was, is) in alike(&old, &new) {
        if !left.contains(&was) || !free.contains(&is) {
            continue;
        }
        left.remove(&was);
        free.remove(&is);
        let (older, newer) = (&old[&was], &new[&is]);
        let change = GroupChange {
            before: Some(label(before, was)),
            after: Some(label(after, is)),
            overlap,
            n_before: older.len() as u32,
            n_after: newer.len() as u32,
            n_joined: newer.difference(older).count() as u32,
            n_left: older.difference(newer).count() as u32,
        };
        if change.before != change.after || change.n_joined + change.n_left > 0 {
            changes.push(change);
        }
    }
    let alone = |n| GroupChange {
        before: None,
        after: None,
        overlap: 0.0,
        n_before: 0,
        n_after: n,
        n_joined: 0,
        n_left: 0,
    };
    for was in left {
        let n = old[&was].len() as u32;
        changes.push(GroupChange {
            before: Some(label(before, was)),
            n_before: n,
            n_after: 0,
            n_left: n,
            ..alone(0)
        });
    }
    for is in free {
        let n = new[&is].len() as u32;
        changes.push(GroupChange { after: Some(label(after, is)), n_joined: n, ..alone(n) });
    }
    changes.sort_by(|a, b| a.order().cmp(&b.order()));
    changes
}

fn members(side: &Side<'_>, place: impl Fn(SymbolId) -> Option<Place>) -> Members {
    let mut members = Members::new();
    for symbol in &side.symbols {
        if let (Some(cluster), Some(place)) = (symbol.cluster_id, place(symbol.id)) {
            members.entry(cluster).or_default().insert(place);
        }
    }
    members
}

fn label(side: &Side<'_>, id: ClusterId) -> String {
    side.pack.labels.get(&id).copied().unwrap_or_default().to_owned()
}

/// Pairs of groups by the share of members in common, the largest first.
fn alike(old: &Members, new: &Members) -> Vec<(f64, ClusterId, ClusterId)> {
    let mut shared: BTreeMap<(ClusterId, ClusterId), usize> = BTreeMap::new();
    let home: BTreeMap<Place, ClusterId> =
        new.iter().flat_map(|(id, members)| members.iter().map(|it| (*it, *id))).collect();
    for (was, members) in old {
        for is in members.iter().filter_map(|member| home.get(member)) {
            *shared.entry((*was, *is)).or_default() += 1;
        }
    }
    let overlap = |((was, is), n): ((ClusterId, ClusterId), usize)| {
        let share = n as f64 / (old[&was].len() + new[&is].len() - n) as f64;
        // Rounded, so that a tie is one on every machine.
        ((share * 1e6).round() / 1e6, was, is)
    };
    let mut pairs: Vec<_> = shared.into_iter().map(overlap).filter(|it| it.0 >= MIN_OVERLAP).collect();
    let ids = |it: &(f64, ClusterId, ClusterId)| (it.1.min(it.2), it.1.max(it.2));
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(ids(a).cmp(&ids(b))));
    pairs
}
