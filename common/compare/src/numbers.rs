//! Numbers of both packs side by side: complexity, coupling, what became of calls, packages.

use std::collections::{BTreeMap, BTreeSet};

use docpack::EdgeKind;
use docpack::records::Graph;

use crate::changes::{CallTotals, ComplexityChange, CouplingChange, LanguageCalls, PackageChange};
use crate::matching::Pairs;
use crate::side::Side;

/// Lists callables of both packs whose complexity differs.
pub(crate) fn complexity(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Vec<ComplexityChange> {
    let change = |(old, new): (usize, usize)| {
        let (older, newer) = (before.symbols[old], after.symbols[new]);
        let (was, is) = (older.complexity?, newer.complexity?);
        (was != is).then(|| ComplexityChange::of(older, newer, was, is))
    };
    let mut changes: Vec<_> = pairs.both().filter_map(change).collect();
    changes.sort();
    changes
}

/// Lists pairs of folders with more or fewer references than before.
pub(crate) fn coupling(before: &Graph, after: &Graph) -> Vec<CouplingChange> {
    let mut weights: BTreeMap<(&str, &str), (u32, u32)> = BTreeMap::new();
    for it in &before.metrics.coupling {
        weights.entry((&it.from, &it.to)).or_default().0 += it.weight;
    }
    for it in &after.metrics.coupling {
        weights.entry((&it.from, &it.to)).or_default().1 += it.weight;
    }
    let changed = weights.into_iter().filter(|(_, (before, after))| before != after);
    let change = |((from, to), (before, after)): ((&str, &str), (u32, u32))| CouplingChange {
        from: from.to_owned(),
        to: to.to_owned(),
        before,
        after,
    };
    changed.map(change).collect()
}

/// Lists the languages whose calls were counted differently.
pub(crate) fn languages(before: &Side<'_>, after: &Side<'_>) -> Vec<LanguageCalls> {
    let (old, new) = (totals(before), totals(after));
    let languages: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let of =
        |totals: &BTreeMap<&str, CallTotals>, language| totals.get(language).copied().unwrap_or_default();
    let both = languages.into_iter().map(|language| LanguageCalls {
        language: language.to_owned(),
        before: of(&old, language),
        after: of(&new, language),
    });
    both.filter(|it| it.before != it.after).collect()
}

fn totals<'p>(side: &Side<'p>) -> BTreeMap<&'p str, CallTotals> {
    let mut totals: BTreeMap<&str, CallTotals> = BTreeMap::new();
    let graph = side.pack.graph;
    let mut add = |source, n: usize, count: fn(&mut CallTotals) -> &mut u32| {
        let Some(at) = side.by_id.get(&source) else { return };
        let of_language = totals.entry(side.symbols[*at].language.as_str()).or_default();
        of_language.n_calls += n as u32;
        *count(of_language) += n as u32;
    };
    for edge in graph.edges.iter().filter(|edge| edge.kind == EdgeKind::Calls) {
        add(edge.source, edge.sites.len(), |it| &mut it.n_resolved);
    }
    for it in &graph.ambiguous {
        add(it.source, 1, |it| &mut it.n_ambiguous);
    }
    for it in &graph.unresolved {
        match it.reason.as_str() {
            "external" => add(it.source, it.lines.len(), |it| &mut it.n_external),
            _ => add(it.source, it.lines.len(), |it| &mut it.n_unresolved),
        }
    }
    totals
}

/// Lists packages that only one version calls.
pub(crate) fn packages(before: &Side<'_>, after: &Side<'_>) -> Vec<PackageChange> {
    let called = |side: &Side<'_>| {
        let mut called: BTreeMap<String, u32> = BTreeMap::new();
        for it in &side.pack.graph.unresolved {
            if let Some(package) = &it.package {
                *called.entry(package.clone()).or_default() += it.lines.len() as u32;
            }
        }
        called
    };
    let (old, new) = (called(before), called(after));
    let packages: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let change = |package: &String| PackageChange {
        package: package.clone(),
        n_calls_before: old.get(package).copied().unwrap_or(0),
        n_calls_after: new.get(package).copied().unwrap_or(0),
    };
    let one_sided = |it: &PackageChange| (it.n_calls_before == 0) != (it.n_calls_after == 0);
    packages.into_iter().map(change).filter(one_sided).collect()
}
