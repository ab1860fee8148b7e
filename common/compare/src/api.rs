//! What users of the code notice: exported symbols that came, went or changed, with a verdict.

use std::collections::BTreeSet;
use std::fmt;

use docpack::records::Symbol;
use docpack::{Language, SymbolKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::changes::{SignatureChange, SymbolRef};
use crate::matching::Pairs;
use crate::rules::{self, Seen};
use crate::side::Side;

/// Bases that are followed to find where a member went; a cycle would never end.
const MAX_BASES: usize = 64;

/// What users of the code notice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "ApiChanges")]
pub struct Api {
    /// The worst verdict; absent if nothing changed.
    pub verdict: Option<Verdict>,
    /// Breaking changes first, then by name.
    pub changes: Vec<ApiChange>,
}

impl Api {
    /// Counts the changes of a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.changes.iter().filter(|change| change.verdict == verdict).count()
    }
}

/// Whether users of the code must change theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Code that used it may stop working.
    Breaking,
    /// It depends on what cannot be read from a signature.
    Unknown,
    /// Code that used it works as before.
    Compatible,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Breaking => "breaking",
            Self::Unknown => "unknown",
            Self::Compatible => "compatible",
        })
    }
}

/// One exported symbol that changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ApiChange {
    /// The worst of its reasons.
    pub verdict: Verdict,
    /// The name by which users reach it.
    pub name: String,
    /// In the older pack; absent if it is new.
    pub before: Option<SymbolRef>,
    /// In the newer pack; absent if it is gone.
    pub after: Option<SymbolRef>,
    /// Why, the worst first.
    pub reasons: Vec<Reason>,
}

/// Why a change has its verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[schemars(rename = "VerdictReason")]
pub struct Reason {
    /// Of this reason alone.
    pub verdict: Verdict,
    /// A stable word for programs.
    pub code: &'static str,
    /// For people; names of code are between backticks.
    pub text: String,
}

impl Reason {
    pub(crate) fn breaking(code: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Breaking, code, text: text.into() }
    }

    pub(crate) fn unknown(code: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Unknown, code, text: text.into() }
    }

    pub(crate) fn compatible(code: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Compatible, code, text: text.into() }
    }
}

/// Lists exported symbols whose heads differ, in either direction.
pub(crate) fn signatures(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Vec<SignatureChange> {
    let is_changed = |(old, new): &(usize, usize)| {
        let is_public = before.is_public(*old) || after.is_public(*new);
        is_public && rules::head(before.symbols[*old]) != rules::head(after.symbols[*new])
    };
    let change = |(old, new): (usize, usize)| SignatureChange {
        before: SymbolRef::of(before.symbols[old]),
        after: SymbolRef::of(after.symbols[new]),
    };
    let mut changes: Vec<_> = pairs.both().filter(is_changed).map(change).collect();
    changes.sort();
    changes
}

/// Judges the way from one pack to the other.
pub(crate) fn api(before: &Side<'_>, after: &Side<'_>, pairs: &Pairs) -> Api {
    let judge = Judge { before, after, pairs };
    let mut changes: Vec<ApiChange> = judge.gone_or_changed();
    changes.extend(judge.added());
    changes.sort();
    Api { verdict: changes.first().map(|it| it.verdict), changes }
}

struct Judge<'j, 'p> {
    before: &'j Side<'p>,
    after: &'j Side<'p>,
    pairs: &'j Pairs,
}

impl Judge<'_, '_> {
    fn gone_or_changed(&self) -> Vec<ApiChange> {
        // Members of what is gone are gone with it.
        let gone: BTreeSet<usize> = (0..self.before.symbols.len())
            .filter(|old| self.before.is_public(*old) && self.is_gone(*old))
            .collect();
        let mut changes = Vec::new();
        for old in (0..self.before.symbols.len()).filter(|old| self.before.is_public(*old)) {
            let around = [self.before.owners[old], self.before.parents[old]];
            if around.into_iter().flatten().any(|around| gone.contains(&around)) {
                continue;
            }
            let symbol = self.before.symbols[old];
            let new = self.pairs.of_before[old];
            let reasons = match new {
                _ if gone.contains(&old) => vec![self.why_gone(old)],
                Some(new) => {
                    let mut reasons = self.lost_names(old);
                    if symbol.kind != SymbolKind::Module {
                        reasons.extend(rules::judge(&seen(self.before, old), &seen(self.after, new)));
                    }
                    reasons
                }
                None => self.replaced(old),
            };
            changes.extend(change(
                &name_of(self.before, old),
                Some(symbol),
                new.map(|it| self.after.symbols[it]),
                reasons,
            ));
        }
        changes
    }

    /// Tells whether no name of a symbol leads anywhere now.
    fn is_gone(&self, old: usize) -> bool {
        let symbol = self.before.symbols[old];
        let names = self.before.names.public(old);
        !names.iter().any(|name| self.reached(symbol, name).is_some()) && !self.is_inherited(old)
    }

    /// Finds what a name leads to in the newer pack.
    fn reached(&self, symbol: &Symbol, name: &str) -> Option<usize> {
        let mut found = self.after.names.reached(symbol.language.as_str(), name);
        let is_visible = |at: &usize| {
            // In Rust and Go privacy is enforced; elsewhere it is a convention.
            let is_enforced =
                matches!(symbol.language.known(), Some(Language::Rust | Language::Go | Language::TypeScript));
            !is_enforced || !self.after.names.public(*at).is_empty()
        };
        found.find(is_visible)
    }

    /// Tells whether the newer pack left a file out: as generated or too large, for example.
    fn is_unread(&self, path: &str) -> bool {
        self.after.pack.source_map.skipped.iter().any(|it| it.file_path == path)
    }

    fn why_gone(&self, old: usize) -> Reason {
        let symbol = self.before.symbols[old];
        match self.pairs.of_before[old].map(|new| (new, self.after.symbols[new])) {
            None if self.is_unread(&symbol.file_path) => {
                Reason::unknown("not_read", "its file was not read for the newer pack")
            }
            None => Reason::breaking("removed", "removed"),
            Some((_, now)) if now.qualified_name != symbol.qualified_name => {
                Reason::breaking("moved", format!("is now `{}`", now.qualified_name))
            }
            Some(_) => Reason::breaking("not_exported", "can no longer be reached from outside"),
        }
    }

    /// Names that a symbol had and nothing has now.
    fn lost_names(&self, old: usize) -> Vec<Reason> {
        let symbol = self.before.symbols[old];
        let owner = self.before.owners[old];
        // Members lose the names that their type loses, and say nothing new.
        let is_member = owner
            .is_some_and(|owner| self.before.symbols[owner].kind.known().is_some_and(SymbolKind::is_type));
        let lost = self.before.names.public(old).iter().filter(|name| self.reached(symbol, name).is_none());
        let reason =
            |name: &String| Reason::breaking("name_lost", format!("can no longer be reached as `{name}`"));
        if is_member { Vec::new() } else { lost.take(1).map(reason).collect() }
    }

    /// A symbol without a partner whose names lead to something: what that is may differ in kind.
    fn replaced(&self, old: usize) -> Vec<Reason> {
        let symbol = self.before.symbols[old];
        let names = self.before.names.public(old);
        let found = names.iter().find_map(|name| self.reached(symbol, name));
        let Some(found) = found else {
            return vec![Reason::compatible("inherited", "is now inherited from a base")];
        };
        // Of several definitions of one name, as on two platforms or as overloads, one is left.
        let same_place = self.pairs.of_after[found]
            .is_some_and(|it| self.before.symbols[it].qualified_name == symbol.qualified_name && it != old);
        if same_place {
            let of_types = matches!(symbol.language.known(), Some(Language::TypeScript));
            let text = "one of several definitions is gone";
            return if of_types { vec![Reason::unknown("overload_removed", text)] } else { Vec::new() };
        }
        rules::judge(&seen(self.before, old), &seen(self.after, found))
    }

    /// Tells whether a base of the member's class has a member of its name.
    fn is_inherited(&self, old: usize) -> bool {
        let symbol = self.before.symbols[old];
        let is_class_based = matches!(
            symbol.language.known(),
            Some(Language::Python | Language::TypeScript | Language::JavaScript)
        );
        let is_type =
            |owner: &usize| self.before.symbols[*owner].kind.known().is_some_and(SymbolKind::is_type);
        let owner = self.before.owners[old].filter(is_type).and_then(|owner| self.pairs.of_before[owner]);
        let (Some(owner), true) = (owner, is_class_based) else { return false };
        let mut open = vec![owner];
        let mut seen = BTreeSet::from([owner]);
        while let Some(class) = open.pop() {
            let mut members = self.after.children[class].iter().map(|child| self.after.symbols[*child]);
            if members.any(|member| member.name == symbol.name) {
                return true;
            }
            let bases = self.after.bases.get(&self.after.symbols[class].id).into_iter().flatten();
            for base in bases.filter_map(|it| self.after.by_id.get(it)) {
                if seen.len() < MAX_BASES && seen.insert(*base) {
                    open.push(*base);
                }
            }
        }
        false
    }

    fn added(&self) -> Vec<ApiChange> {
        let is_new = |new: &usize| self.after.is_public(*new) && self.pairs.of_after[*new].is_none();
        let came: BTreeSet<usize> = (0..self.after.symbols.len()).filter(is_new).collect();
        let mut changes = Vec::new();
        for new in &came {
            let around = [self.after.owners[*new], self.after.parents[*new]];
            if around.into_iter().flatten().any(|around| came.contains(&around)) {
                continue;
            }
            let symbol = self.after.symbols[*new];
            let owner = self.after.owners[*new];
            let old_owner =
                owner.and_then(|owner| self.pairs.of_after[owner]).map(|it| seen(self.before, it));
            let reason = rules::judge_added(&seen(self.after, *new), old_owner.as_ref());
            changes.extend(change(&name_of(self.after, *new), None, Some(symbol), vec![reason]));
        }
        // What was internal and can be reached now.
        for (old, new) in
            self.pairs.both().filter(|it| self.after.is_public(it.1) && !self.before.is_public(it.0))
        {
            let owner = self.after.owners[new];
            let is_carried = owner.is_some_and(|owner| {
                self.pairs.of_after[owner].is_none_or(|it| !self.before.is_public(it))
                    && self.after.is_public(owner)
            });
            if !is_carried && self.before.is_product(old) {
                let reason = Reason::compatible("exported", "can now be reached from outside");
                let (was, is) = (self.before.symbols[old], self.after.symbols[new]);
                changes.extend(change(&name_of(self.after, new), Some(was), Some(is), vec![reason]));
            }
        }
        changes
    }
}

fn change(
    name: &str,
    before: Option<&Symbol>,
    after: Option<&Symbol>,
    mut reasons: Vec<Reason>,
) -> Option<ApiChange> {
    reasons.sort();
    reasons.dedup();
    let (before, after) = (before.map(SymbolRef::of), after.map(SymbolRef::of));
    Some(ApiChange { verdict: reasons.first()?.verdict, name: name.to_owned(), before, after, reasons })
}

/// The shortest name by which users reach a symbol.
fn name_of(side: &Side<'_>, at: usize) -> String {
    let shortest = side.names.public(at).iter().min_by_key(|name| (name.len(), name.as_str()));
    shortest.unwrap_or(&side.symbols[at].qualified_name).clone()
}

fn seen<'s>(side: &'s Side<'_>, at: usize) -> Seen<'s> {
    Seen {
        symbol: side.symbols[at],
        owner: side.owners[at].map(|owner| side.symbols[owner]),
        members: side.children[at].iter().map(|child| side.symbols[*child]).collect(),
        owner_members: side.owners[at]
            .map(|owner| side.children[owner].iter().map(|child| side.symbols[*child]).collect())
            .unwrap_or_default(),
        traits: side.traits(at),
    }
}
