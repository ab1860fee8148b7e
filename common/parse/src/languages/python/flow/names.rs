//! Which bindings a use of a name may see: scopes from the inside out, and the last one in straight-line code.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt};
use model::facts::SymbolIdx;
use model::flow::{Expression, ExpressionIdx, Flow, NameIdx};

pub(super) type ScopeIdx = u32;
pub(super) type RegionIdx = u32;

/// A name bound more often than this in one scope is followed no further.
const MAX_BINDINGS: usize = 64;
/// Uses of one name between a store and a read that are looked at.
const MAX_MENTIONS: usize = 64;
/// Regions around a binding that are compared.
const MAX_REGIONS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    /// Runs later than what surrounds it.
    Function,
    /// Runs where it stands.
    Comprehension,
}

#[derive(Debug)]
struct Scope {
    kind: ScopeKind,
    parent: Option<ScopeIdx>,
    /// Whose members the names are.
    owner: Option<SymbolIdx>,
    root: RegionIdx,
    start: u32,
    /// Where its definition stands.
    defined_in: RegionIdx,
    /// Names that `global` and `nonlocal` send elsewhere.
    elsewhere: HashMap<NameIdx, ScopeIdx>,
}

/// Statements that run one after another, all or none.
#[derive(Debug, Clone, Copy)]
struct Region {
    parent: Option<RegionIdx>,
    start: u32,
    end: u32,
    is_loop: bool,
    /// Of the regions of one choice, only one runs.
    choice: Option<u32>,
    /// Control does not go on behind it.
    leaves: bool,
}

#[derive(Debug, Clone, Copy)]
struct Bind {
    at: u32,
    region: RegionIdx,
    value: Option<ExpressionIdx>,
    /// A `def`, `class` or `import`.
    is_definition: bool,
    /// Bound by a function inside, at an unknown time.
    is_remote: bool,
}

#[derive(Debug)]
struct Read {
    expression: ExpressionIdx,
    name: NameIdx,
    scope: ScopeIdx,
    region: RegionIdx,
    at: u32,
    /// For `x.y` and `x["y"]`: the name that it begins with.
    root: Option<NameIdx>,
}

/// Scopes, regions, and what is bound and read in them.
#[derive(Debug, Default)]
pub(super) struct Names {
    scopes: Vec<Scope>,
    regions: Vec<Region>,
    binds: BTreeMap<(ScopeIdx, NameIdx), Vec<Bind>>,
    reads: Vec<Read>,
    /// Where a name stands other than before a constant key, and the path that it begins there.
    mentions: HashMap<NameIdx, Vec<(u32, Option<NameIdx>)>>,
}

impl Names {
    pub(super) fn open_module(&mut self) -> (ScopeIdx, RegionIdx) {
        self.open(ScopeKind::Module, None, Some(0), 0, (0, u32::MAX))
    }

    /// Opens a scope with straight-line code of its own.
    pub(super) fn open(
        &mut self,
        kind: ScopeKind,
        parent: Option<ScopeIdx>,
        owner: Option<SymbolIdx>,
        defined_in: RegionIdx,
        (start, end): (u32, u32),
    ) -> (ScopeIdx, RegionIdx) {
        let root = self.regions.len() as RegionIdx;
        let outer = (kind == ScopeKind::Class).then_some(defined_in);
        self.regions.push(Region { parent: outer, start, end, is_loop: false, choice: None, leaves: false });
        let elsewhere = HashMap::new();
        self.scopes.push(Scope { kind, parent, owner, root, start, defined_in, elsewhere });
        (self.scopes.len() as ScopeIdx - 1, root)
    }

    /// Opens the scope of what runs where it stands.
    pub(super) fn open_inside(&mut self, parent: ScopeIdx, region: RegionIdx, start: u32) -> ScopeIdx {
        self.scopes.push(Scope {
            kind: ScopeKind::Comprehension,
            parent: Some(parent),
            owner: None,
            root: region,
            start,
            defined_in: region,
            elsewhere: HashMap::new(),
        });
        self.scopes.len() as ScopeIdx - 1
    }

    pub(super) fn open_region(
        &mut self,
        parent: RegionIdx,
        (start, end): (u32, u32),
        is_loop: bool,
        choice: Option<u32>,
    ) -> RegionIdx {
        self.regions.push(Region { parent: Some(parent), start, end, is_loop, choice, leaves: false });
        self.regions.len() as RegionIdx - 1
    }

    pub(super) fn leave(&mut self, region: RegionIdx) {
        self.regions[region as usize].leaves = true;
    }

    pub(super) fn send_elsewhere(&mut self, scope: ScopeIdx, name: NameIdx, to_module: bool) {
        let mut target = self.scopes[scope as usize].parent;
        while let Some(outer) = target.filter(|outer| {
            let kind = self.scopes[*outer as usize].kind;
            if to_module { *outer != 0 } else { kind != ScopeKind::Function }
        }) {
            target = self.scopes[outer as usize].parent;
        }
        self.scopes[scope as usize].elsewhere.insert(name, target.unwrap_or(0));
    }

    pub(super) fn bind(
        &mut self,
        (scope, region): (ScopeIdx, RegionIdx),
        name: NameIdx,
        at: u32,
        value: Option<ExpressionIdx>,
        is_definition: bool,
    ) {
        let elsewhere = self.scopes[scope as usize].elsewhere.get(&name).copied();
        let bind = Bind { at, region, value, is_definition, is_remote: elsewhere.is_some() };
        self.binds.entry((elsewhere.unwrap_or(scope), name)).or_default().push(bind);
    }

    /// A name that a comprehension binds by `:=` belongs to the scope around it.
    pub(super) fn outside_comprehensions(&self, scope: ScopeIdx) -> ScopeIdx {
        let mut scope = scope;
        while self.scopes[scope as usize].kind == ScopeKind::Comprehension {
            scope = self.scopes[scope as usize].parent.unwrap_or(0);
        }
        scope
    }

    pub(super) fn read(
        &mut self,
        expression: ExpressionIdx,
        name: NameIdx,
        (scope, region): (ScopeIdx, RegionIdx),
        at: u32,
        root: Option<NameIdx>,
    ) {
        self.reads.push(Read { expression, name, scope, region, at, root });
    }

    pub(super) fn mention(&mut self, name: NameIdx, at: u32, path: Option<NameIdx>) {
        self.mentions.entry(name).or_default().push((at, path));
    }

    /// Replaces every use of a name by what may have been bound to it.
    pub(super) fn resolve(mut self, flow: &mut Flow) {
        for binds in self.binds.values_mut() {
            binds.sort_by_key(|bind| bind.at);
        }
        for read in &self.reads {
            let found = match read.root {
                Some(root) => self.stored(read, root).map(|value| value.into_iter().collect()),
                None => self.seen(read),
            };
            match found {
                Some(values) => flow.expressions[read.expression as usize] = Expression::AnyOf(values),
                None if read.root.is_none() => {
                    flow.expressions[read.expression as usize] = Expression::Global(read.name);
                }
                None => {}
            }
        }
        for ((scope, name), binds) in &self.binds {
            let scope = &self.scopes[*scope as usize];
            let Some(owner) = scope.owner else { continue };
            let values = self.reaching(binds, scope.root, u32::MAX, true);
            flow.expressions.push(Expression::AnyOf(values));
            flow.members.push((owner, *name, flow.expressions.len() as ExpressionIdx - 1));
        }
    }

    /// What a name may stand for; `None` where nothing in the file binds it.
    fn seen(&self, read: &Read) -> Option<Vec<ExpressionIdx>> {
        let mut next = Some(read.scope);
        // The place and region from which the current scope is seen, once a function lies between.
        let mut later: Option<(u32, RegionIdx)> = None;
        let mut is_inside = false;
        while let Some(idx) = next {
            let scope = &self.scopes[idx as usize];
            if let Some(elsewhere) = scope.elsewhere.get(&read.name) {
                later = later.or(Some((scope.start, scope.defined_in)));
                next = Some(*elsewhere);
                if *elsewhere == idx {
                    return None;
                }
                continue;
            }
            let is_visible = scope.kind != ScopeKind::Class || later.is_none() && !is_inside;
            is_inside |= scope.kind == ScopeKind::Comprehension;
            if let Some(binds) = self.binds.get(&(idx, read.name)).filter(|_| is_visible) {
                return Some(match later {
                    Some((from, here)) => self.seen_later(binds, scope.root, from, here),
                    None => self.reaching(binds, read.region, read.at, false),
                });
            }
            if scope.kind == ScopeKind::Function {
                later = Some((scope.start, scope.defined_in));
            }
            next = scope.parent;
        }
        None
    }

    /// What a function sees that is defined at `from` and runs at any time after that.
    fn seen_later(&self, binds: &[Bind], root: RegionIdx, from: u32, here: RegionIdx) -> Vec<ExpressionIdx> {
        let last = binds.iter().rev().find(|bind| bind.is_definition && bind.region == root);
        let since = last.map_or(0, |bind| bind.at);
        let mut found = self.reached(binds, here, from, false);
        if binds.len() <= MAX_BINDINGS {
            found.extend(binds.iter().filter(|bind| bind.at > from));
        }
        values(found.into_iter().filter(|bind| bind.at >= since || bind.is_remote))
    }

    fn reaching(&self, binds: &[Bind], region: RegionIdx, at: u32, is_end: bool) -> Vec<ExpressionIdx> {
        values(self.reached(binds, region, at, is_end).into_iter())
    }

    /// The bindings that may be the last one before a place.
    fn reached<'b>(&self, binds: &'b [Bind], region: RegionIdx, at: u32, is_end: bool) -> Vec<&'b Bind> {
        if binds.len() > MAX_BINDINGS {
            return Vec::new();
        }
        let is_before = |bind: &Bind| bind.at <= at && !bind.is_remote;
        let is_sure = |bind: &&Bind| is_before(bind) && self.is_within(region, bind.region);
        let last = binds.iter().rev().find(is_sure);
        let since = last.map_or(0, |bind| bind.at);
        let again = self.outermost_loop(region, since);
        let may = |bind: &&Bind| {
            if bind.is_remote {
                return true;
            }
            if bind.at > at {
                return again.is_some_and(|(start, end)| start <= bind.at && bind.at <= end);
            }
            let is_same = last.is_some_and(|last| std::ptr::eq(*bind, last));
            let in_between = bind.at >= since
                && !self.is_within(region, bind.region)
                && (is_end && !self.is_left(bind.region, region) || self.leads_to(bind.region, region));
            is_same || in_between
        };
        binds.iter().filter(may).collect()
    }

    fn leads_to(&self, from: RegionIdx, to: RegionIdx) -> bool {
        !self.is_left(from, to) && !self.is_other_choice(from, to)
    }

    fn around(&self, region: RegionIdx) -> impl Iterator<Item = RegionIdx> + '_ {
        let next = |idx: &RegionIdx| self.regions[*idx as usize].parent;
        std::iter::successors(Some(region), next).take(MAX_REGIONS)
    }

    fn is_within(&self, inner: RegionIdx, outer: RegionIdx) -> bool {
        self.around(inner).any(|idx| idx == outer)
    }

    /// Tells whether a region between the two ends by leaving the function.
    fn is_left(&self, from: RegionIdx, to: RegionIdx) -> bool {
        let own = |idx: &RegionIdx| !self.is_within(to, *idx);
        self.around(from).take_while(own).any(|idx| self.regions[idx as usize].leaves)
    }

    fn is_other_choice(&self, from: RegionIdx, to: RegionIdx) -> bool {
        let other = |idx: RegionIdx| {
            let choice = self.regions[idx as usize].choice;
            choice.is_some()
                && self.around(to).any(|of| of != idx && self.regions[of as usize].choice == choice)
        };
        self.around(from).any(other)
    }

    /// The range of the outermost loop around a region that begins behind `since`.
    fn outermost_loop(&self, region: RegionIdx, since: u32) -> Option<(u32, u32)> {
        let loops = self.around(region).map(|idx| self.regions[idx as usize]).filter(|region| region.is_loop);
        loops.filter(|region| region.start > since || since == 0).last().map(|found| (found.start, found.end))
    }

    /// What was put under a constant key or attribute just before, with nothing in between that may have changed it.
    fn stored(&self, read: &Read, root: NameIdx) -> Option<Option<ExpressionIdx>> {
        let binds = self.binds.get(&(read.scope, read.name))?;
        let found = self.reached(binds, read.region, read.at, false);
        let [bind] = found.as_slice() else { return None };
        if bind.at > read.at || !self.is_within(read.region, bind.region) {
            return None;
        }
        let is_rebound = |bound: &[Bind]| bound.iter().any(|other| bind.at < other.at && other.at <= read.at);
        if self.binds.get(&(read.scope, root)).is_some_and(|bound| is_rebound(bound)) {
            return None;
        }
        let mentions = self.mentions.get(&root).map_or(&[][..], Vec::as_slice);
        let first = mentions.partition_point(|(at, _)| *at < bind.at);
        let between = mentions[first..].iter().take_while(|(at, _)| *at < read.at);
        let is_still = between
            .take(MAX_MENTIONS + 1)
            .enumerate()
            .all(|(n, (_, path))| n < MAX_MENTIONS && *path == Some(read.name));
        is_still.then_some(bind.value)
    }
}

fn values<'b>(binds: impl Iterator<Item = &'b Bind>) -> Vec<ExpressionIdx> {
    let mut values: Vec<ExpressionIdx> = binds.filter_map(|bind| bind.value).collect();
    values.sort_unstable();
    values.dedup();
    values
}
