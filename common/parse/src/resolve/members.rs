//! Members of types: their own, those attached from elsewhere, and those of their ancestors.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use docpack::{Evidence, Language, SymbolKind};

use crate::resolve::builtins;
use crate::resolve::repository::Sym;
use crate::resolve::solver::{Answer, Found, Place, Solver, Value, Want, confidence};
use crate::resolve::words::{PathIdx, Word};

/// Types with more ancestors than this are generated.
const MAX_ANCESTORS: usize = 128;

/// A base or interface as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    Known(Sym),
    External(Word),
    Unknown,
}

/// A type and what it inherits from, in the order in which members are looked up.
#[derive(Debug)]
pub(crate) struct Ancestors {
    pub(crate) types: Vec<Sym>,
    /// How many of `types` come before the first base that isn't known.
    n_sure: usize,
    /// The first base that lies outside the repository.
    external: Option<Word>,
}

impl Ancestors {
    /// Tells whether all that it inherits from lies in the repository.
    pub(crate) fn is_all_known(&self) -> bool {
        self.n_sure == self.types.len() && self.external.is_none()
    }
}

impl Solver<'_> {
    pub(crate) fn collect_macros(&mut self) {
        let repository = self.repository;
        for sym in repository.symbols().filter(|sym| repository.kind(*sym) == SymbolKind::Macro) {
            self.macros.entry(repository.symbol(sym).name).or_default().push(sym);
        }
    }

    /// Gives the methods of impl blocks and of Go receivers to their types.
    pub(crate) fn attach_members(&mut self) {
        let repository = self.repository;
        let mut attached: BTreeMap<Sym, Vec<(Word, Sym)>> = BTreeMap::new();
        for sym in repository.symbols() {
            let Some(path) = repository.symbol(sym).owner else { continue };
            let Some(target) = self.sole_type(sym, path) else {
                self.attach_to_std(sym, path);
                continue;
            };
            let members = attached.entry(target).or_default();
            if repository.kind(sym) == SymbolKind::Impl {
                members.extend(repository.children(sym));
            } else if repository.parent(sym) != Some(target) {
                members.push((repository.symbol(sym).name, sym));
                self.holders.insert(sym, target);
            }
        }
        for members in attached.values_mut() {
            members.sort_unstable();
        }
        self.attached = attached;
    }

    /// Finds the one type that a path in the head of a symbol names.
    pub(crate) fn sole_type(&mut self, sym: Sym, path: PathIdx) -> Option<Sym> {
        self.refill();
        let answer = self.path(self.place_outside(sym), path, Want::Type);
        let answer: Answer = answer.into_iter().flat_map(|found| self.whole_of(found)).collect();
        let mut types = answer.iter().filter_map(|found| match found.value {
            Value::Symbol(target) if self.repository.kind(target).is_type() => Some(target),
            _ => None,
        });
        let target = types.next().filter(|_| types.next().is_none())?;
        if self.repository.language(sym) == Language::Rust { self.unaliased(target) } else { Some(target) }
    }

    /// The place where a symbol's head is read: outside of its own members, inside its type parameters.
    pub(crate) fn place_outside(&self, sym: Sym) -> Place {
        let symbol = self.repository.symbol(sym);
        let slim = self.repository.file(sym.file);
        let parent_scope = || symbol.parent.and_then(|parent| slim.symbols[parent as usize].scope);
        let own = symbol.scope.filter(|_| !(slim.language == Language::Python && symbol.kind.is_type()));
        let outer = || symbol.scope.and_then(|scope| slim.scopes[scope as usize].parent);
        Place {
            file: sym.file,
            scope: own.or_else(outer).or_else(parent_scope).unwrap_or(0),
            byte_start: u32::MAX,
        }
    }

    pub(crate) fn collect_bases(&mut self) {
        let repository = self.repository;
        for file in 0..repository.files.len() as u32 {
            for (idx, path, _) in &repository.file(file).heads {
                let sym = Sym { file, idx: *idx };
                let base = self.base(sym, *path);
                let heir = self.head_owner(sym);
                if let Base::Known(extended) = base {
                    self.extended.insert(extended);
                }
                let bases = self.bases.entry(heir).or_default();
                if base != Base::Known(heir) && !bases.contains(&base) {
                    bases.push(base);
                }
                if let (Base::Known(implemented), SymbolKind::Impl) = (base, repository.kind(sym)) {
                    self.implemented.extend(repository.children(sym).map(|(name, _)| (implemented, name)));
                }
            }
        }
    }

    /// The type that a head speaks of: for an impl block its target.
    pub(crate) fn head_owner(&mut self, sym: Sym) -> Sym {
        let owner =
            self.repository.symbol(sym).owner.filter(|_| self.repository.kind(sym) == SymbolKind::Impl);
        owner.and_then(|path| self.sole_type(sym, path)).unwrap_or(sym)
    }

    fn base(&mut self, sym: Sym, path: PathIdx) -> Base {
        if let Some(target) = self.sole_type(sym, path) {
            return Base::Known(target);
        }
        let answer = self.path(self.place_outside(sym), path, Want::Type);
        match answer.as_slice() {
            [Found { value: Value::External(package), .. }] => Base::External(*package),
            _ => Base::Unknown,
        }
    }

    pub(crate) fn ancestors(&mut self, sym: Sym) -> Rc<Ancestors> {
        if let Some(known) = self.ancestors.get(&sym) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.linearised(sym));
        self.ancestors.insert(sym, Rc::clone(&found));
        found
    }

    /// Orders a type and its bases so that heirs come before what they inherit and bases keep their order.
    ///
    /// Depth first, keeping the last of each: Python's order wherever that is defined, and the plain
    /// chain for single inheritance.
    fn linearised(&self, sym: Sym) -> Ancestors {
        let mut visits: Vec<Base> = Vec::new();
        let mut open = vec![Base::Known(sym)];
        while let Some(base) = open.pop() {
            if visits.len() == MAX_ANCESTORS {
                break;
            }
            let is_on_cycle = base == Base::Known(sym) && !visits.is_empty();
            if is_on_cycle {
                continue;
            }
            visits.push(base);
            if let Base::Known(known) = base {
                open.extend(self.bases.get(&known).into_iter().flatten().rev());
            }
        }
        let mut seen = BTreeSet::new();
        let mut order: Vec<Base> = Vec::new();
        for base in visits.into_iter().rev() {
            if matches!(base, Base::Known(known) if !seen.insert(known)) {
                continue;
            }
            order.push(base);
        }
        order.reverse();
        let known = |base: &Base| matches!(base, Base::Known(_));
        Ancestors {
            n_sure: order.iter().take_while(|base| known(base)).count(),
            external: order
                .iter()
                .find_map(|base| if let Base::External(package) = base { Some(*package) } else { None }),
            types: order
                .iter()
                .filter_map(|base| if let Base::Known(sym) = base { Some(*sym) } else { None })
                .collect(),
        }
    }

    /// Finds a member of a type; `through` is how the type itself was found.
    pub(crate) fn member(&mut self, sym: Sym, name: Word, want: Want, through: Found) -> Answer {
        if self.repository.language(sym) == Language::Go {
            return self.selector(sym, name, want, through);
        }
        self.member_from(sym, 0, name, want, through)
    }

    /// Finds a member that the bases of a type give.
    pub(crate) fn inherited(&mut self, sym: Sym, name: Word, want: Want, through: Found) -> Answer {
        self.member_from(sym, 1, name, want, through)
    }

    fn member_from(&mut self, sym: Sym, n_skipped: usize, name: Word, want: Want, through: Found) -> Answer {
        if self.is_script(sym.file) && self.text(name) == "constructor" {
            // That of an heir may be meant.
            return vec![Found::dynamic()];
        }
        let ancestors = self.ancestors(sym);
        for (idx, of) in ancestors.types.iter().enumerate().skip(n_skipped) {
            let members = self.members_on(*of, name, want, self.side(*of, through.value));
            if members.is_empty() {
                continue;
            }
            let (evidence, sure) = match (idx, idx < ancestors.n_sure) {
                (0, _) => (through.evidence, through.confidence),
                (_, true) => (Evidence::Hierarchy, confidence::HIERARCHY),
                (_, false) => (Evidence::Hierarchy, confidence::PARTLY_KNOWN_HIERARCHY),
            };
            return members
                .into_iter()
                .map(|member| through.then(Value::Symbol(member), evidence, sure))
                .collect();
        }
        if let Some(package) = ancestors.external {
            return vec![through.then(Value::External(package), Evidence::Hierarchy, confidence::HIERARCHY)];
        }
        let language = self.repository.language(sym);
        if builtins::is_common_method(language, self.text(name)) {
            let namespace = if language == Language::Rust { "std" } else { "builtins" };
            return vec![self.external(namespace)];
        }
        vec![Found::dynamic()]
    }

    /// Tells whether a script's class itself was reached, or a value of it; nothing where both are meant.
    fn side(&self, sym: Sym, through: Value) -> Option<bool> {
        let is_script = self.is_script(sym.file);
        match through {
            _ if !is_script || self.repository.kind(sym) != SymbolKind::Class => None,
            Value::Symbol(_) => Some(true),
            Value::Instance(_) | Value::Bound(_) => Some(false),
            _ => None,
        }
    }

    /// Finds what a type itself defines under a name; one symbol wherever the language lets one win.
    pub(crate) fn own_members(&self, sym: Sym, name: Word, want: Want) -> Vec<Sym> {
        self.members_on(sym, name, want, None)
    }

    /// The same, of static members only, or of others only.
    fn members_on(&self, sym: Sym, name: Word, want: Want, is_static: Option<bool>) -> Vec<Sym> {
        let repository = self.repository;
        let is_reached = |child: &Sym| {
            let traits = repository.symbol(*child).traits;
            traits.is_member && is_static.is_none_or(|is_static| traits.is_static == is_static)
        };
        let own = repository.children_named(sym, name).filter(is_reached);
        let attached = self.attached.get(&sym).map_or(&[][..], |members| {
            let start = members.partition_point(|(word, _)| *word < name);
            let length = members[start..].iter().take_while(|(word, _)| *word == name).count();
            &members[start..start + length]
        });
        let all: Vec<Sym> = own.chain(attached.iter().map(|(_, member)| *member)).collect();
        let all = preferred(all, |member| !repository.symbol(*member).traits.is_setter);
        let all = preferred(all, |member| suits(repository.kind(*member), want));
        let inherent = |member: &Sym| {
            repository.parent(*member).is_none_or(|parent| !repository.symbol(parent).traits.is_trait_impl)
        };
        self.chosen(preferred(all, inherent))
    }

    /// Of several definitions of one name, keeps the one that wins where the language says which.
    pub(crate) fn chosen(&self, all: Vec<Sym>) -> Vec<Sym> {
        let Some(last) = all.last().copied().filter(|_| all.len() > 1) else { return all };
        match self.repository.language(last) {
            Language::Python => vec![last],
            Language::TypeScript | Language::JavaScript => self.without_overloads(all),
            Language::Go => {
                preferred(all, |sym| self.go_packages.sees(self.repository, self.asking, sym.file))
            }
            Language::Rust => all,
        }
    }
}

/// Keeps what fits when anything fits, else everything.
pub(crate) fn preferred<T>(all: Vec<T>, fits: impl Fn(&T) -> bool) -> Vec<T> {
    if all.len() < 2 || !all.iter().any(&fits) {
        return all;
    }
    all.into_iter().filter(fits).collect()
}

/// Tells whether a symbol of this kind can be what is wanted.
pub(crate) fn suits(kind: SymbolKind, want: Want) -> bool {
    match want {
        Want::Callable => {
            (kind.is_callable() && kind != SymbolKind::Macro)
                || matches!(kind, SymbolKind::Class | SymbolKind::Struct | SymbolKind::EnumVariant)
        }
        Want::Type => kind.is_type(),
        Want::Macro => kind == SymbolKind::Macro,
        Want::Holder => !kind.is_callable(),
        Want::Path => kind.is_type() || kind == SymbolKind::Module,
        Want::Any => true,
    }
}
