//! Places, the operations that wait for them, and the loop that runs until nothing grows.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use model::flow::Flow;

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::solver::Solver;
use crate::resolve::words::Word;

use super::operations::Operation;
use super::values::{Function, Key, Place, Value};
use super::{SiteKey, Targets};

/// A place with more values than this is unknown.
const MAX_VALUES: usize = 24;
/// Operations and values handled, for each place there was at first; real programs need less than ten.
const STEPS_PER_PLACE: u64 = 100;
const MIN_STEPS: u64 = 100_000;
/// Rounds in which what nothing reached is given what it is without.
const MAX_ROUNDS: u32 = 4;

pub(super) type OperationIdx = u32;
/// A site, and whether what is called there is one choice of several.
pub(super) type Spot = (SiteKey, bool);
/// A value, and how it came.
pub(super) type Held = (Value, Via);

/// How a value came to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Via {
    /// The function through whose parameters it came last.
    pub(super) function: Option<Function>,
    /// It is one of several of which a branch, or a key that is not known, takes one.
    pub(super) is_choice: bool,
}

impl From<Option<Function>> for Via {
    fn from(function: Option<Function>) -> Self {
        Self { function, is_choice: false }
    }
}

#[derive(Debug, Default)]
struct PlaceState {
    held: Vec<Held>,
    readers: Vec<OperationIdx>,
    is_over: bool,
}

/// A definition behind a decorator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decorated {
    pub(super) by: Place,
    pub(super) call: Place,
    pub(super) definition: Place,
    pub(super) to: Place,
}

pub(super) struct Engine<'s, 'r> {
    pub(super) solver: &'s mut Solver<'r>,
    /// By file.
    flows: &'s mut [Arc<Flow>],
    bases: Vec<Place>,
    places: Vec<PlaceState>,
    operations: Vec<Operation>,
    queue: VecDeque<OperationIdx>,
    is_queued: Vec<bool>,
    steps_left: u64,
    pub(super) elements: HashMap<(Place, Key), Place>,
    /// Under which keys a container holds something, in the order in which they came.
    pub(super) keys: HashMap<Place, Vec<Key>>,
    /// Operations that read every key of a container.
    pub(super) watchers: HashMap<Place, Vec<OperationIdx>>,
    pub(super) lengths: HashMap<Place, u32>,
    pub(super) fields: HashMap<(Sym, Word, bool), Place>,
    pub(super) members: HashMap<(Sym, Word), Place>,
    pub(super) functions: HashMap<Sym, Function>,
    ends: HashMap<Function, (Place, Place)>,
    /// Calls that have been joined to a function, with the class of the object they are for.
    pub(super) joined: HashSet<(OperationIdx, Function, Option<Value>)>,
    pub(super) done: HashSet<(OperationIdx, Value)>,
    /// Keys that nothing is known of.
    pub(super) unknown_keys: HashSet<Place>,
    /// How often functions of the language have called back at a site.
    pub(super) n_called_back: HashMap<SiteKey, u32>,
    pub(super) decorated: Vec<Decorated>,
    pub(super) calls: Vec<(Place, SiteKey)>,
    targets: BTreeMap<SiteKey, Targets>,
}

impl<'s, 'r> Engine<'s, 'r> {
    pub(super) fn new(solver: &'s mut Solver<'r>, flows: &'s mut [Arc<Flow>]) -> Self {
        let mut bases = Vec::new();
        let mut n_places = 0;
        for flow in flows.iter() {
            bases.push(n_places);
            n_places += flow.expressions.len() as Place;
        }
        let mut places = Vec::new();
        places.resize_with(n_places as usize, PlaceState::default);
        Self {
            solver,
            flows,
            bases,
            places,
            operations: Vec::new(),
            queue: VecDeque::new(),
            is_queued: Vec::new(),
            steps_left: MIN_STEPS + STEPS_PER_PLACE * u64::from(n_places),
            elements: HashMap::new(),
            keys: HashMap::new(),
            watchers: HashMap::new(),
            lengths: HashMap::new(),
            fields: HashMap::new(),
            members: HashMap::new(),
            functions: HashMap::new(),
            ends: HashMap::new(),
            joined: HashSet::new(),
            done: HashSet::new(),
            unknown_keys: HashSet::new(),
            n_called_back: HashMap::new(),
            decorated: Vec::new(),
            calls: Vec::new(),
            targets: BTreeMap::new(),
        }
    }

    /// Runs to the end; nothing is known when the steps do not suffice.
    pub(super) fn run(mut self, known: &HashMap<SiteKey, Sym>) -> BTreeMap<SiteKey, Targets> {
        let n_files = self.solver.repository.files.len() as FileIdx;
        for file in 0..n_files {
            self.load_names(file);
        }
        for file in 0..n_files {
            self.load(file);
            self.unload(file);
        }
        for _ in 0..MAX_ROUNDS {
            if !self.settle() {
                return BTreeMap::new();
            }
            if !self.assume(known) {
                break;
            }
        }
        if !self.settle() {
            return BTreeMap::new();
        }
        let over: Vec<SiteKey> =
            self.calls.iter().filter(|(callee, _)| self.is_over(*callee)).map(|(_, site)| *site).collect();
        for site in over {
            self.targets.remove(&site);
        }
        self.targets
    }

    /// Drops what the operations of a file were made of, unless someone else still holds it.
    fn unload(&mut self, file: FileIdx) {
        if let Some(flow) = Arc::get_mut(&mut self.flows[file as usize]) {
            let (functions, sites) = (std::mem::take(&mut flow.functions), std::mem::take(&mut flow.sites));
            *flow = Flow { functions, sites, ..Flow::default() };
        }
    }

    /// Runs operations until no place grows; false when the steps are used up.
    fn settle(&mut self) -> bool {
        while let Some(idx) = self.queue.pop_front() {
            self.is_queued[idx as usize] = false;
            if !self.spend(1) {
                return false;
            }
            let operation = self.operations[idx as usize].clone();
            self.apply(idx, operation);
        }
        self.steps_left > 0
    }

    fn spend(&mut self, n: u64) -> bool {
        self.steps_left = self.steps_left.saturating_sub(n);
        self.steps_left > 0
    }

    /// Where nothing arrived: a decorator keeps what it decorates, a key may be any, a call leads where other rules say.
    fn assume(&mut self, known: &HashMap<SiteKey, Sym>) -> bool {
        let n_operations = self.operations.len();
        for decorated in std::mem::take(&mut self.decorated) {
            if self.keeps(decorated) {
                self.add_operation(Operation::Copy { from: decorated.definition, to: decorated.to });
            } else {
                self.decorated.push(decorated);
            }
        }
        for (callee, site) in std::mem::take(&mut self.calls) {
            let of_ours = known
                .get(&site)
                .filter(|target| !self.solver.repository.symbol(**target).traits.is_decorated);
            match of_ours.filter(|_| self.held(callee).is_empty() && !self.is_over(callee)) {
                Some(target) => {
                    self.calls.push((callee, site));
                    self.assume_target(callee, *target);
                }
                None => self.calls.push((callee, site)),
            }
        }
        let mut unknown = Vec::new();
        for (idx, operation) in self.operations.iter().enumerate() {
            if let Operation::Item { key, of, .. } | Operation::PutItem { key, of, .. } = operation
                && !self.unknown_keys.contains(key)
                && !self.places[*of as usize].held.is_empty()
                && !self.places[*key as usize].held.iter().any(|(value, _)| is_key(*value))
            {
                unknown.push((idx as OperationIdx, *key));
            }
        }
        for (idx, key) in unknown {
            self.unknown_keys.insert(key);
            self.enqueue(idx);
        }
        n_operations < self.operations.len() || !self.queue.is_empty()
    }

    /// What a decorator of ours gives that cannot be followed is taken for the definition; one from outside may give anything.
    fn keeps(&self, decorated: Decorated) -> bool {
        let Decorated { by, call, definition, .. } = decorated;
        let is_plain = |(value, _): &Held| match value {
            Value::Code(sym) => !self.solver.repository.symbol(*sym).traits.is_decorated,
            _ => false,
        };
        let is_silent = self.held(call).is_empty() && !self.is_over(call);
        is_silent && (!self.held(by).is_empty() || self.held(definition).iter().any(is_plain))
    }

    pub(super) fn flow(&self, file: FileIdx) -> Arc<Flow> {
        Arc::clone(&self.flows[file as usize])
    }

    pub(super) fn base(&self, file: FileIdx) -> Place {
        self.bases[file as usize]
    }

    pub(super) fn flow_word(&self, file: FileIdx, name: u32) -> Word {
        self.solver.repository.file(file).flow_words[name as usize]
    }

    pub(super) fn add_place(&mut self) -> Place {
        self.places.push(PlaceState::default());
        self.places.len() as Place - 1
    }

    pub(super) fn add_operation(&mut self, operation: Operation) {
        let idx = self.operations.len() as OperationIdx;
        let mut has_input = false;
        operation.for_each_input(|input| {
            let place = &mut self.places[input as usize];
            place.readers.push(idx);
            has_input |= !place.held.is_empty();
        });
        self.operations.push(operation);
        self.is_queued.push(false);
        // It runs when a value arrives.
        if has_input {
            self.enqueue(idx);
        }
    }

    pub(super) fn enqueue(&mut self, idx: OperationIdx) {
        if !std::mem::replace(&mut self.is_queued[idx as usize], true) {
            self.queue.push_back(idx);
        }
    }

    pub(super) fn add(&mut self, place: Place, value: Value, through: impl Into<Via>) {
        let through = through.into();
        let state = &mut self.places[place as usize];
        if state.is_over || state.held.contains(&(value, through)) {
            return;
        }
        if state.held.len() == MAX_VALUES {
            state.is_over = true;
            state.held.clear();
            return;
        }
        if state.held.is_empty() {
            // Most places hold one value, and there are millions of them.
            state.held.reserve_exact(1);
        }
        state.held.push((value, through));
        self.steps_left = self.steps_left.saturating_sub(1);
        for at in 0..self.places[place as usize].readers.len() {
            let reader = self.places[place as usize].readers[at];
            self.enqueue(reader);
        }
    }

    /// A place whose values arrive in another as one choice of several.
    pub(super) fn choice(&mut self, to: Place) -> Place {
        let from = self.add_place();
        self.add_operation(Operation::Choose { from, to });
        from
    }

    pub(super) fn held(&self, place: Place) -> &[Held] {
        &self.places[place as usize].held
    }

    pub(super) fn is_over(&self, place: Place) -> bool {
        self.places[place as usize].is_over
    }

    /// What a function returns, and what it yields.
    pub(super) fn ends(&mut self, function: Function) -> (Place, Place) {
        if let Some(ends) = self.ends.get(&function) {
            return *ends;
        }
        let ends = (self.add_place(), self.add_place());
        self.ends.insert(function, ends);
        ends
    }

    pub(super) fn operation(&self, idx: OperationIdx) -> &Operation {
        &self.operations[idx as usize]
    }

    pub(super) fn note(&mut self, site: Option<Spot>, target: Sym) {
        if let Some((site, is_choice)) = site {
            *self.targets.entry(site).or_default().entry(target).or_default() |= !is_choice;
        }
    }
}

pub(super) fn is_key(value: Value) -> bool {
    matches!(value, Value::Text(_) | Value::Number(_))
}
