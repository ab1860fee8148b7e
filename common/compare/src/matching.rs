//! Which symbol of one pack is which of the other.
//!
//! Each step pairs what the steps before left, and gives the same pairs if the packs are swapped.

use std::collections::BTreeMap;

use docpack::SymbolKind;
use docpack::records::Symbol;

use crate::side::Side;
use crate::similar;

/// Less alike symbols are one that went and one that came.
const MIN_SIMILARITY: f64 = 0.8;
/// Comparisons of one search for renamed symbols, a second of work; past it, only equal names are compared.
const MAX_COMPARED: usize = 2_000_000;

/// Symbols of both packs by their partners.
pub(crate) struct Pairs {
    pub(crate) of_before: Vec<Option<usize>>,
    pub(crate) of_after: Vec<Option<usize>>,
    similarity: BTreeMap<usize, f64>,
}

impl Pairs {
    pub(crate) fn of(before: &Side<'_>, after: &Side<'_>) -> Self {
        let mut pairs = Self {
            of_before: vec![None; before.symbols.len()],
            of_after: vec![None; after.symbols.len()],
            similarity: BTreeMap::new(),
        };
        for (old, symbol) in before.symbols.iter().enumerate() {
            if let Some(new) = after.by_id.get(&symbol.id) {
                pairs.join(old, *new);
            }
        }
        let place = |it: &Symbol| (word(it), it.file_path.clone(), it.qualified_name.clone());
        pairs.join_groups(before, after, |side, at| {
            let symbol = side.symbols[at];
            Some((place(symbol), symbol.kind.clone()))
        });
        pairs.join_only(before, after, |side, at| Some(place(side.symbols[at])));
        pairs.join_only(before, after, |side, at| {
            let symbol = side.symbols[at];
            Some((word(symbol), symbol.qualified_name.clone(), symbol.kind.clone()))
        });
        pairs.join_only(before, after, |side, at| {
            let name = side.names.public(at).first()?;
            Some((word(side.symbols[at]), name.clone(), side.symbols[at].kind.clone()))
        });
        pairs.join_only(before, after, |side, at| moved_key(side.symbols[at]));
        pairs.carry(before, after);
        pairs.join_similar(before, after, is_container);
        pairs.carry(before, after);
        pairs.join_similar(before, after, |kind| kind.is_callable());
        pairs
    }

    /// Lists the pairs by the older symbol's place.
    pub(crate) fn both(&self) -> impl Iterator<Item = (usize, usize)> {
        self.of_before.iter().enumerate().filter_map(|(old, new)| Some((old, (*new)?)))
    }

    pub(crate) fn similarity(&self, old: usize) -> f64 {
        self.similarity.get(&old).copied().unwrap_or(1.0)
    }

    fn join(&mut self, old: usize, new: usize) {
        self.of_before[old] = Some(new);
        self.of_after[new] = Some(old);
    }

    /// Groups what has no partner yet by a key; `None` keeps a symbol out.
    fn grouped<K: Ord>(
        &self,
        before: &Side<'_>,
        after: &Side<'_>,
        key: impl Fn(&Side<'_>, usize) -> Option<K>,
    ) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut groups: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for old in (0..self.of_before.len()).filter(|old| self.of_before[*old].is_none()) {
            if let Some(key) = key(before, old) {
                groups.entry(key).or_default().0.push(old);
            }
        }
        for new in (0..self.of_after.len()).filter(|new| self.of_after[*new].is_none()) {
            if let Some(key) = key(after, new) {
                groups.entry(key).or_default().1.push(new);
            }
        }
        groups.into_values().filter(|(old, new)| !old.is_empty() && !new.is_empty()).collect()
    }

    /// Joins symbols that are the only ones with their key.
    fn join_only<K: Ord>(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        key: impl Fn(&Side<'_>, usize) -> Option<K>,
    ) {
        for (old, new) in self.grouped(before, after, key) {
            if let ([old], [new]) = (old.as_slice(), new.as_slice()) {
                self.join(*old, *new);
            }
        }
    }

    /// Joins symbols of one key: equal signatures first, then equal bodies, then in their order.
    fn join_groups<K: Ord>(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        key: impl Fn(&Side<'_>, usize) -> Option<K>,
    ) {
        for (old, new) in self.grouped(before, after, key) {
            self.join_in_order(before, after, &old, &new, |it| Some(it.signature.clone()));
            self.join_in_order(before, after, &old, &new, |it| {
                it.body_digest.map(|digest| digest.to_string())
            });
            self.join_in_order(before, after, &old, &new, |_| Some(String::new()));
        }
    }

    fn join_in_order(
        &mut self,
        before: &Side<'_>,
        after: &Side<'_>,
        old: &[usize],
        new: &[usize],
        value: impl Fn(&Symbol) -> Option<String>,
    ) {
        let mut open: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for new in new.iter().rev().filter(|new| self.of_after[**new].is_none()) {
            if let Some(value) = value(after.symbols[*new]) {
                open.entry(value).or_default().push(*new);
            }
        }
        for old in old.iter().filter(|old| self.of_before[**old].is_none()).copied().collect::<Vec<_>>() {
            let partners = value(before.symbols[old]).and_then(|value| open.get_mut(&value));
            if let Some(new) = partners.and_then(Vec::pop) {
                self.join(old, new);
            }
        }
    }

    /// Joins members of joined symbols by kind and name, until nothing is left to join.
    fn carry(&mut self, before: &Side<'_>, after: &Side<'_>) {
        loop {
            let n_open = self.of_before.iter().filter(|it| it.is_none()).count();
            let joined = self.of_after.clone();
            let partner = |side: &Side<'_>, at: usize| {
                let above = side.parents[at].or(side.owners[at])?;
                // Both sides name the symbol around a member by its place in the older pack.
                if std::ptr::eq(side, before) { Some(above) } else { joined[above] }
            };
            self.join_groups(before, after, |side, at| {
                let symbol = side.symbols[at];
                Some((partner(side, at)?, symbol.kind.clone(), symbol.name.clone()))
            });
            if self.of_before.iter().filter(|it| it.is_none()).count() == n_open {
                return;
            }
        }
    }

    /// Joins the most alike symbols of some kinds.
    fn join_similar(&mut self, before: &Side<'_>, after: &Side<'_>, wanted: impl Fn(SymbolKind) -> bool) {
        let groups = self.grouped(before, after, |side, at| {
            let symbol = side.symbols[at];
            symbol.kind.known().filter(|kind| wanted(*kind)).map(|kind| (word(symbol), kind))
        });
        let mut found = Vec::new();
        for (old, new) in groups {
            let is_too_much = old.len().saturating_mul(new.len()) > MAX_COMPARED;
            let sketches = |side: &Side<'_>, places: &[usize]| -> Vec<_> {
                places.iter().map(|at| similar::Sketch::of(side, *at)).collect()
            };
            let (old_sketches, new_sketches) = (sketches(before, &old), sketches(after, &new));
            for (old, a) in old.iter().zip(&old_sketches) {
                for (new, b) in new.iter().zip(&new_sketches) {
                    let (older, newer) = (before.symbols[*old], after.symbols[*new]);
                    let same_name = older.name == newer.name;
                    if is_too_much && !same_name {
                        continue;
                    }
                    let Some(score) = a.similarity(b).filter(|score| *score >= MIN_SIMILARITY) else {
                        continue;
                    };
                    // Rounded, and in the end by ids whose order does not depend on the direction.
                    let score = (score * 1e6).round() / 1e6;
                    let ids = (older.id.min(newer.id), older.id.max(newer.id));
                    let same_file = older.file_path == newer.file_path;
                    found.push((score, same_name, same_file, ids, *old, *new));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then((b.1, b.2).cmp(&(a.1, a.2))).then(a.3.cmp(&b.3)));
        for (score, _, _, _, old, new) in found {
            if self.of_before[old].is_none() && self.of_after[new].is_none() {
                self.join(old, new);
                self.similarity.insert(old, score);
            }
        }
    }
}

fn word(symbol: &Symbol) -> String {
    symbol.language.as_str().to_owned()
}

/// Names what a moved symbol keeps: its name, its head and its tokens.
fn moved_key(symbol: &Symbol) -> Option<(String, String, String, String, String)> {
    let kind = symbol.kind.known()?;
    let can_move = kind.is_callable() || kind.is_type() || kind == SymbolKind::Constant;
    let digest = symbol.body_digest.filter(|_| can_move)?.to_string();
    Some((word(symbol), kind.as_str().to_owned(), symbol.name.clone(), symbol.signature.clone(), digest))
}

fn is_container(kind: SymbolKind) -> bool {
    kind.is_type() || kind == SymbolKind::Module
}
