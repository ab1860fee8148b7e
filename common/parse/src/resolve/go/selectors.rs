//! `x.name` in Go: the shallowest field or method of the type and of what it embeds.

use std::collections::BTreeSet;

use docpack::{Evidence, SymbolKind};

use crate::resolve::members::Base;
use crate::resolve::repository::Sym;
use crate::resolve::solver::{Answer, Found, Question, Solver, Value, Want, confidence};
use crate::resolve::words::Word;

/// Types that one selector may look into; only generated code embeds more.
const MAX_TYPES: usize = 128;

/// A type that is looked into, and whether its methods are left behind: a type defined by another has its fields only.
type Within = (Sym, bool);

impl Solver<'_> {
    /// Finds a field or method; what is embedded deeper counts only where nothing shallower fits.
    pub(crate) fn selector(&mut self, sym: Sym, name: Word, want: Want, through: Found) -> Answer {
        let mut seen = BTreeSet::from([sym]);
        let mut level = vec![(sym, false)];
        let mut outside = None;
        let mut n_levels_known = u32::MAX;
        for depth in 0.. {
            let opened = self.opened(&mut level, &mut seen);
            let found = self.selected(&level, name, want);
            if !found.is_empty() {
                let (evidence, sure) = match depth {
                    0 => (through.evidence, through.confidence),
                    _ if depth <= n_levels_known => (Evidence::Hierarchy, confidence::HIERARCHY),
                    _ => (Evidence::Hierarchy, confidence::PARTLY_KNOWN_HIERARCHY),
                };
                return found.into_iter().map(|value| through.then(value, evidence, sure)).collect();
            }
            let mut next = Vec::new();
            let mut unknown = opened;
            for base in level.iter().flat_map(|(of, _)| self.bases.get(of).into_iter().flatten()) {
                match base {
                    Base::Known(base) if seen.len() < MAX_TYPES && seen.insert(*base) => {
                        next.push((*base, false))
                    }
                    Base::Known(_) => {}
                    Base::External(package) => unknown = unknown.or(Some(Some(*package))),
                    Base::Unknown => unknown = unknown.or(Some(None)),
                }
            }
            if let Some(package) = unknown {
                // Where both have it at one depth the program does not compile, so only what lies deeper is in doubt.
                n_levels_known = n_levels_known.min(depth + 1);
                outside = outside.or(package);
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        match outside {
            Some(package) => {
                vec![through.then(Value::External(package), Evidence::Hierarchy, confidence::HIERARCHY)]
            }
            None => vec![Found::dynamic()],
        }
    }

    /// Adds what the types of a level are made of; gives the package of what lies outside.
    fn opened(&mut self, level: &mut Vec<Within>, seen: &mut BTreeSet<Sym>) -> Option<Option<Word>> {
        let mut unknown = None;
        let mut at = 0;
        while let Some((sym, fields_only)) = level.get(at).copied() {
            at += 1;
            if self.repository.kind(sym) != SymbolKind::TypeAlias {
                continue;
            }
            let is_alias = self.repository.symbol(sym).traits.is_alias;
            for found in self.ask(Question::Underlying(sym)) {
                match found.value {
                    Value::Instance(made_of) if seen.len() < MAX_TYPES && seen.insert(made_of) => {
                        let is_interface = self.repository.kind(made_of) == SymbolKind::Interface;
                        level.push((made_of, fields_only || !(is_alias || is_interface)));
                    }
                    Value::External(package) => unknown = Some(Some(package)),
                    _ => {}
                }
            }
        }
        unknown
    }

    fn selected(&mut self, level: &[Within], name: Word, want: Want) -> Vec<Value> {
        let mut found = Vec::new();
        for (of, fields_only) in level {
            let members = self.own_members(*of, name, want).into_iter();
            let fits = |member: &Sym| !fields_only || self.repository.kind(*member) != SymbolKind::Method;
            found.extend(members.filter(fits).map(Value::Symbol));
            let embedded = self.bases.get(of).into_iter().flatten().filter_map(|base| match base {
                Base::Known(base) if self.repository.symbol(*base).name == name => Some(*base),
                _ => None,
            });
            found.extend(embedded.map(Value::Instance));
        }
        found
    }
}
