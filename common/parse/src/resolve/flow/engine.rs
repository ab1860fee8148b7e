//! Places, the operations that wait for them, and the loop that runs until nothing grows.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroU32;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use model::flow::SiteIdx;

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::solver::Solver;
use crate::resolve::words::Word;

use super::assume::Decorated;
use super::contents::{Contents, Put, Reader};
use super::handed::{AllHanded, HandedIdx};
use super::interner::Interner;
use super::operations::Operation;
use super::packed::PackedFlow;
use super::values::{Function, Held, Key, KeyIdx, Place, Spot, Value, Via};
use super::{SiteKey, Target, Targets};

/// Operations and values handled, for each place there was at first; real programs need some twenty.
const STEPS_PER_PLACE: u64 = 100;
const MIN_STEPS: u64 = 100_000;
/// What is made stays, so it counts as more than what is looked at once.
const STEPS_PER_MADE: u64 = 4;
/// Rounds in which what nothing reached is given what it is without.
const MAX_ROUNDS: u32 = 4;

pub(super) type OperationIdx = u32;
/// What a slice leaves out: from where it goes, how many it leaves at the end, and up to where.
pub(super) type Cut = (u32, Option<u32>, Option<u32>);

pub(super) struct Engine<'s, 'r> {
    pub(super) solver: &'s mut Solver<'r>,
    /// By file.
    pub(super) flows: &'s mut [PackedFlow],
    /// Before each file: the places of expressions, sites and functions.
    bases: Vec<(Place, u32, u32)>,
    pub(super) contents: Contents,
    /// Places of expressions that can hold nothing.
    dead: Vec<bool>,
    pub(super) operations: Vec<Operation>,
    pub(super) queue: VecDeque<OperationIdx>,
    is_queued: Vec<bool>,
    steps_left: u64,
    key_numbers: Interner<Key>,
    pub(super) elements: HashMap<(Place, KeyIdx), Place>,
    /// Under which keys a container holds something, in the order in which they came.
    pub(super) keys: HashMap<Place, Vec<KeyIdx>>,
    /// Operations that read every key of a container.
    pub(super) watchers: HashMap<Place, Vec<OperationIdx>>,
    pub(super) lengths: HashMap<Place, u32>,
    pub(super) fields: HashMap<(Sym, Word, bool), Place>,
    pub(super) members: HashMap<(Sym, Word), Place>,
    pub(super) functions: HashMap<Sym, Function>,
    ends: HashMap<Function, (Place, Place)>,
    pub(super) handed: AllHanded,
    cuts: Vec<Cut>,
    /// Calls that have been joined to a function, with the class of the object they are for.
    joined: HashSet<(OperationIdx, Function, Option<NonZeroU32>)>,
    /// Containers and keys that an operation has dealt with.
    seen_keys: HashSet<(OperationIdx, Place, KeyIdx)>,
    /// Values that an operation has dealt with.
    done: HashSet<(OperationIdx, u32)>,
    /// Keys that nothing is known of.
    pub(super) unknown_keys: HashSet<Place>,
    /// How often functions of the language have called back at a site.
    pub(super) n_called_back: HashMap<u32, u32>,
    pub(super) decorated: Vec<Decorated>,
    /// Callees, and where they are called.
    pub(super) calls: Vec<(Place, u32)>,
    targets: BTreeMap<u32, Targets>,
}

impl<'s, 'r> Engine<'s, 'r> {
    pub(super) fn new(solver: &'s mut Solver<'r>, flows: &'s mut [PackedFlow]) -> Self {
        let mut bases = Vec::with_capacity(flows.len());
        let (mut n_places, mut n_sites, mut n_functions) = (0, 0, 0);
        for flow in flows.iter() {
            bases.push((n_places, n_sites, n_functions));
            n_places += flow.n_expressions();
            n_sites += flow.n_sites();
            n_functions += flow.functions().len() as u32;
        }
        Self {
            solver,
            flows,
            bases,
            contents: Contents::new(n_places),
            dead: vec![false; n_places as usize],
            operations: Vec::new(),
            queue: VecDeque::new(),
            is_queued: Vec::new(),
            steps_left: MIN_STEPS + STEPS_PER_PLACE * u64::from(n_places),
            key_numbers: Interner::new(),
            elements: HashMap::new(),
            keys: HashMap::new(),
            watchers: HashMap::new(),
            lengths: HashMap::new(),
            fields: HashMap::new(),
            members: HashMap::new(),
            functions: HashMap::new(),
            ends: HashMap::new(),
            handed: AllHanded::default(),
            cuts: Vec::new(),
            joined: HashSet::new(),
            seen_keys: HashSet::new(),
            done: HashSet::new(),
            unknown_keys: HashSet::new(),
            n_called_back: HashMap::new(),
            decorated: Vec::new(),
            calls: Vec::new(),
            targets: BTreeMap::new(),
        }
    }

    /// Runs to the end over some of the files; nothing is known when the steps do not suffice.
    pub(super) fn run(
        mut self,
        known: &HashMap<SiteKey, Sym>,
        files: &[FileIdx],
    ) -> BTreeMap<SiteKey, Targets> {
        if !self.work(known, files) {
            return BTreeMap::new();
        }
        for (callee, site) in &self.calls {
            if self.is_over(*callee) {
                self.targets.remove(site);
            }
        }
        let targets = std::mem::take(&mut self.targets);
        targets.into_iter().map(|(site, targets)| (self.site_key(site), targets)).collect()
    }

    /// Loads files and moves values until none moves; false when the steps are used up.
    pub(super) fn work(&mut self, known: &HashMap<SiteKey, Sym>, files: &[FileIdx]) -> bool {
        for file in files {
            self.load_names(*file);
        }
        for &file in files {
            let flow = self.flows[file as usize].unpack();
            self.mark_dead(file, &flow, known);
            self.load(file, &flow);
        }
        for _ in 0..MAX_ROUNDS {
            if !self.settle() {
                return false;
            }
            if !self.assume(known) {
                break;
            }
        }
        self.settle()
    }

    /// Runs operations until no place grows; false when the steps are used up.
    fn settle(&mut self) -> bool {
        while let Some(idx) = self.queue.pop_front() {
            self.is_queued[idx as usize] = false;
            if !self.spend(1) {
                return false;
            }
            self.apply(idx, self.operations[idx as usize]);
        }
        self.steps_left > 0
    }

    /// Takes from the steps that are left; false when none are.
    pub(super) fn spend(&mut self, n: u64) -> bool {
        self.steps_left = self.steps_left.saturating_sub(n);
        self.steps_left > 0
    }

    pub(super) fn base(&self, file: FileIdx) -> Place {
        self.bases[file as usize].0
    }

    pub(super) fn spot(&self, file: FileIdx, site: SiteIdx) -> Spot {
        Spot::new(self.bases[file as usize].1 + site)
    }

    pub(super) fn site_key(&self, site: u32) -> SiteKey {
        let file = self.bases.partition_point(|(_, first, _)| *first <= site) - 1;
        (file as FileIdx, site - self.bases[file].1)
    }

    pub(super) fn function(&self, file: FileIdx, idx: u32) -> Function {
        Function(NonZeroU32::MIN.saturating_add(self.bases[file as usize].2 + idx))
    }

    /// The file of a function, and its index there.
    pub(super) fn function_at(&self, function: Function) -> (FileIdx, u32) {
        let number = function.0.get() - 1;
        let file = self.bases.partition_point(|(.., first)| *first <= number) - 1;
        (file as FileIdx, number - self.bases[file].2)
    }

    pub(super) fn flow_word(&self, file: FileIdx, name: u32) -> Word {
        self.flows[file as usize].word(name)
    }

    pub(super) fn add_place(&mut self) -> Place {
        self.spend(STEPS_PER_MADE);
        self.contents.add_place()
    }

    pub(super) fn set_dead(&mut self, place: Place) {
        self.dead[place as usize] = true;
    }

    pub(super) fn is_dead(&self, place: Place) -> bool {
        self.dead.get(place as usize).is_some_and(|is_dead| *is_dead)
    }

    /// Has an operation run whenever what it reads grows; one that never will is left out.
    pub(super) fn add_operation(&mut self, operation: Operation) {
        let (first, second) = operation.inputs();
        if self.is_dead(first) && second.is_none_or(|second| self.is_dead(second)) {
            return;
        }
        self.spend(STEPS_PER_MADE);
        if let Operation::Copy { from, to } = operation
            && self.is_empty(from)
        {
            return self.contents.add_reader(from, Reader::Copy(to));
        }
        let idx = self.push(operation);
        let mut has_input = self.add_reader(first, idx);
        if let Some(second) = second {
            has_input |= self.add_reader(second, idx);
        }
        if let Operation::Leave { call, .. } = operation {
            for at in 0..self.handed.arguments(call).len() {
                has_input |= self.add_reader(self.handed.arguments(call)[at].1, idx);
            }
        }
        // It runs when a value arrives.
        if has_input {
            self.enqueue(idx);
        }
    }

    fn push(&mut self, operation: Operation) -> OperationIdx {
        self.operations.push(operation);
        self.is_queued.push(false);
        self.operations.len() as OperationIdx - 1
    }

    /// Tells whether there is something to read.
    fn add_reader(&mut self, place: Place, reader: OperationIdx) -> bool {
        if !self.is_dead(place) {
            self.contents.add_reader(place, Reader::Operation(reader));
        }
        !self.contents.is_empty(place)
    }

    pub(super) fn enqueue(&mut self, idx: OperationIdx) {
        if !std::mem::replace(&mut self.is_queued[idx as usize], true) {
            self.queue.push_back(idx);
        }
    }

    pub(super) fn add(&mut self, place: Place, value: Value, through: impl Into<Via>) {
        debug_assert!(!self.is_dead(place), "what is dead is given nothing");
        let put = self.contents.put(place, (value, through.into()));
        self.has_put(place, put);
    }

    /// Adds what another place holds, come by a way that may be another.
    pub(super) fn add_held(&mut self, place: Place, number: u32, via: Via) {
        debug_assert!(!self.is_dead(place), "what is dead is given nothing");
        let number = self.contents.through(number, via);
        let put = self.contents.put_number(place, number);
        self.has_put(place, put);
    }

    /// Has the readers of a place run if something arrived there.
    fn has_put(&mut self, place: Place, put: Put) {
        if put == Put::Old {
            return;
        }
        self.steps_left = self.steps_left.saturating_sub(1);
        let mut behind = None;
        while let Some((at, reader)) = self.contents.next_reader(place, behind) {
            let reader = match reader {
                Reader::Operation(reader) => reader,
                Reader::Copy(to) => {
                    let reader = self.push(Operation::Copy { from: place, to });
                    self.contents.set_reader(at, reader);
                    reader
                }
            };
            self.enqueue(reader);
            behind = Some(at);
        }
    }

    /// A place whose values arrive in another as one choice of several.
    pub(super) fn choice(&mut self, to: Place) -> Place {
        let from = self.add_place();
        self.add_operation(Operation::Choose { from, to });
        from
    }

    /// What a place holds now, whatever is added to it in the meantime.
    pub(super) fn held(&self, place: Place) -> Vec<Held> {
        self.contents.held(place).collect()
    }

    /// The number of what a place holds, and what it is.
    pub(super) fn held_at(&self, place: Place, at: usize) -> Option<(u32, Held)> {
        self.contents.number_at(place, at).map(|number| (number, self.contents.held_of(number)))
    }

    pub(super) fn n_held(&self, place: Place) -> usize {
        self.contents.n_held(place)
    }

    pub(super) fn is_empty(&self, place: Place) -> bool {
        self.contents.is_empty(place)
    }

    pub(super) fn is_over(&self, place: Place) -> bool {
        self.contents.is_over(place)
    }

    /// Tells whether an operation meets a value for the first time.
    pub(super) fn is_first(&mut self, idx: OperationIdx, value: Value) -> bool {
        self.done.insert((idx, self.contents.number(value)))
    }

    /// Tells whether an operation meets a key of a container for the first time.
    pub(super) fn is_first_key(&mut self, idx: OperationIdx, container: Place, key: Key) -> bool {
        self.seen_keys.insert((idx, container, self.key_numbers.intern(key)))
    }

    /// Tells whether a call is joined to a function for the first time.
    pub(super) fn is_first_join(
        &mut self,
        idx: OperationIdx,
        function: Function,
        receiver: Option<Value>,
    ) -> bool {
        let receiver = receiver.map(|receiver| self.receiver_number(receiver));
        self.joined.insert((idx, function, receiver))
    }

    pub(super) fn receiver_number(&mut self, receiver: Value) -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(self.contents.number(receiver))
    }

    /// For each value that an operation meets for the first time: where what comes of it goes, and the call.
    pub(super) fn begin(
        &mut self,
        idx: OperationIdx,
        (value, via): Held,
        to: Place,
        site: Option<Spot>,
    ) -> Option<(Place, Option<Spot>)> {
        if !self.is_first(idx, value) {
            return None;
        }
        let to = if via.is_choice { self.choice(to) } else { to };
        Some((to, site.map(|site| site.through(via))))
    }

    /// Where what is made of each element of a loop goes: it is one of each as well.
    pub(super) fn kept_each(&mut self, via: Via, to: Place) -> Place {
        if !via.is_each {
            return to;
        }
        let from = self.add_place();
        self.add_operation(Operation::Loop { from, to });
        from
    }

    pub(super) fn key_number(&mut self, key: Key) -> KeyIdx {
        self.key_numbers.intern(key)
    }

    pub(super) fn key(&self, number: KeyIdx) -> Key {
        self.key_numbers.get(number)
    }

    pub(super) fn cut(&mut self, cut: Cut) -> u32 {
        self.cuts.push(cut);
        self.cuts.len() as u32 - 1
    }

    pub(super) fn cut_of(&self, idx: u32) -> Cut {
        self.cuts[idx as usize]
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

    /// What a call hands over, by the operation that it is.
    pub(super) fn handed_by(&self, idx: OperationIdx) -> Option<HandedIdx> {
        match self.operations[idx as usize] {
            Operation::Call { handed, .. } => Some(handed),
            _ => None,
        }
    }

    /// Notes what a call leads to; `callee` is what is called, which for a class is not its constructor.
    pub(super) fn note(&mut self, site: Option<Spot>, symbol: Sym, callee: Sym) {
        let Some(site) = site else { return };
        let targets = self.targets.entry(site.site()).or_default();
        let reach = site.reach();
        match targets.binary_search_by_key(&symbol, |target| target.symbol) {
            Ok(at) => targets[at].reach = targets[at].reach.max(reach),
            Err(at) => {
                // Most calls have one target.
                targets.reserve_exact(usize::from(targets.is_empty()));
                targets.insert(at, Target { symbol, callee, reach, is_next: site.is_next() });
            }
        }
    }
}
