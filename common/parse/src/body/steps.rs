//! What a body does, step by step, read out of its code.

use docpack::{ConditionKind, StepKind};
use model::body::{Body, MAX_STEPS, Step};
use model::facts::{ReferenceKind, SymbolIdx};

use crate::pass::Pass;

use super::callees::Callees;
use super::code::{Code, CodeIdx, Op, Slot};
use super::conditions::{Conditions, Under, Wording};
use super::effects::Raises;

/// What becomes of an expression's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Value,
    Awaited,
    /// Nothing: it is a statement.
    Statement,
    /// The body gives it.
    Tail,
}

/// What is left to do, the next one last.
#[derive(Debug, Clone, Copy)]
enum Task {
    Read(CodeIdx, Under, Place),
    Emit(Emit, CodeIdx, Under),
    /// Writes a condition down, whether or not a step follows under it.
    Note(Under),
}

/// A step that follows once the parts of its node have run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emit {
    Call {
        is_awaited: bool,
    },
    /// A call that runs beside the function.
    Spawned,
    /// The value of the node, or the parts of a `return` in [`Slot::Value`].
    Return,
    Yield,
    Raise,
    Propagate,
    Await,
    /// A value of the environment that is read without a call.
    Access,
    /// The node is the target; the other one says what it is set to.
    Write {
        by: CodeIdx,
    },
}

/// Reads the bodies of a file, one after another.
pub(super) struct Reader<'p, 'a> {
    pub(super) pass: &'p Pass<'a>,
    pub(super) code: &'p Code,
    pub(super) callees: &'p Callees<'p>,
    pub(super) symbol: SymbolIdx,
    tasks: Vec<Task>,
    pub(super) conditions: Conditions,
    pub(super) steps: Vec<Step>,
    /// Names that the body declares to belong to a scope around it.
    pub(super) outer: Vec<String>,
}

impl<'p, 'a> Reader<'p, 'a> {
    pub(super) fn new(pass: &'p Pass<'a>, code: &'p Code, callees: &'p Callees<'p>) -> Self {
        Self {
            pass,
            code,
            callees,
            symbol: 0,
            tasks: Vec::new(),
            conditions: Conditions::default(),
            steps: Vec::new(),
            outer: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, symbol: SymbolIdx, root: CodeIdx) -> Body {
        self.symbol = symbol;
        self.outer.clear();
        let is_cut = self.read_steps(root);
        self.tasks.clear();
        let conditions = self.conditions.take();
        Body { conditions, steps: self.steps.drain(..).collect(), is_cut }
    }

    /// Tells whether something was left out.
    fn read_steps(&mut self, root: CodeIdx) -> bool {
        let place = if self.gives_its_value(root) { Place::Tail } else { Place::Statement };
        self.tasks.push(Task::Read(root, None, place));
        while let Some(task) = self.tasks.pop() {
            if self.steps.len() >= MAX_STEPS {
                return self.has_step(task);
            }
            let n_before = self.tasks.len();
            let is_written = match task {
                Task::Read(node, under, place) => {
                    self.enter(node, under, place);
                    Ok(())
                }
                Task::Emit(emit, node, under) => self.emit(emit, node, under),
                Task::Note(under) => self.place(under).map(drop),
            };
            if is_written.is_err() {
                return true;
            }
            self.tasks[n_before..].reverse();
        }
        false
    }

    /// Tells whether the value of a body is what its function returns.
    fn gives_its_value(&self, root: CodeIdx) -> bool {
        match self.code.op(root) {
            Op::Block => false,
            Op::ValueBlock => self.pass.facts.symbols[self.symbol as usize].return_type.is_some(),
            _ => self.symbol != 0,
        }
    }

    /// Tells whether anything may still be left to say.
    fn has_step(&self, task: Task) -> bool {
        let is_step = |task: &Task| match task {
            Task::Emit(..) | Task::Note(..) => true,
            Task::Read(node, ..) => self.code.parts(*node).next().is_some(),
        };
        is_step(&task) || self.tasks.iter().any(is_step)
    }

    pub(super) fn then(&mut self, node: CodeIdx, under: Under, place: Place) {
        self.tasks.push(Task::Read(node, under, place));
    }

    fn then_emit(&mut self, emit: Emit, node: CodeIdx, under: Under) {
        self.tasks.push(Task::Emit(emit, node, under));
    }

    fn then_parts(&mut self, node: CodeIdx, under: Under, place: Place) {
        let parts = self.code.parts(node).filter(|part| self.code.node(*part).slot != Slot::Nothing);
        self.tasks.extend(parts.map(|part| Task::Read(part, under, place)));
    }

    fn then_parts_in(&mut self, node: CodeIdx, slot: Slot, under: Under, place: Place) {
        let parts = self.code.parts_in(node, slot);
        self.tasks.extend(parts.map(|part| Task::Read(part, under, place)));
    }

    fn enter(&mut self, node: CodeIdx, under: Under, place: Place) {
        let op = self.code.op(node);
        match op {
            Op::Definition | Op::Skip => {}
            Op::Closure | Op::Comprehension if place == Place::Tail => self.given(node, under),
            Op::Block => self.then_parts(node, under, Place::Statement),
            Op::ValueBlock => self.value_block(node, under, place),
            Op::If => self.decision(node, under, place),
            Op::Loop => self.repeated(node, under),
            Op::Comprehension => self.comprehension(node, under),
            Op::Switch => self.switch(node, under, place),
            Op::Catch => self.within(ConditionKind::Catch, Wording::Parts(node, Slot::Pattern), node, under),
            Op::Finally => self.within(ConditionKind::Finally, Wording::Nothing, node, under),
            Op::Closure => self.within(ConditionKind::Closure, Wording::Nothing, node, under),
            Op::Return => self.returned(node, under),
            Op::Raise => self.raised(node, under),
            Op::Assert => self.asserted(node, under),
            Op::Assign | Op::Update | Op::Delete => self.set(node, under),
            Op::Defer => {
                let within = self.conditions.open(ConditionKind::Finally, Wording::Nothing, node, under);
                self.then_parts(node, within, Place::Statement);
            }
            Op::Spawn => self.spawned(node, under),
            Op::Outer => self.names_outside(node),
            Op::And | Op::Or if matches!(place, Place::Statement | Place::Tail) => {
                self.guarded(node, under, place);
            }
            _ if place == Place::Tail => self.given(node, under),
            _ => self.expression(node, op, under, place),
        }
    }

    fn expression(&mut self, node: CodeIdx, op: Op, under: Under, place: Place) {
        match op {
            Op::Call | Op::New => self.call(node, under, place == Place::Awaited),
            Op::Await => match self.code.only(node, Slot::Value) {
                Some(call) if self.code.op(call) == Op::Call => self.then(call, under, Place::Awaited),
                _ => {
                    self.then_parts(node, under, Place::Value);
                    self.then_emit(Emit::Await, node, under);
                }
            },
            Op::Propagate => {
                self.then_parts(node, under, Place::Value);
                self.then_emit(Emit::Propagate, node, under);
            }
            Op::Yield => {
                self.then_parts(node, under, Place::Value);
                self.then_emit(Emit::Yield, node, under);
            }
            Op::Member | Op::Item => {
                self.then_parts(node, under, Place::Value);
                if self.callees.reads_outside(self, node) {
                    self.then_emit(Emit::Access, node, under);
                }
            }
            _ => self.then_parts(node, under, Place::Value),
        }
    }

    /// A value that the body gives: its parts run, then it is returned.
    fn given(&mut self, node: CodeIdx, under: Under) {
        self.then(node, under, Place::Value);
        if !self.raises(node) {
            self.then_emit(Emit::Return, node, under);
        }
    }

    fn value_block(&mut self, node: CodeIdx, under: Under, place: Place) {
        self.then_parts(node, under, Place::Statement);
        let last = self.code.parts(node).last().filter(|last| !self.is_ended(node, *last));
        if let (Place::Tail, Some(_), Some(Task::Read(_, _, last_place))) =
            (place, last, self.tasks.last_mut())
        {
            *last_place = Place::Tail;
        }
    }

    /// Tells whether a semicolon takes away the value of a block's last expression.
    fn is_ended(&self, block: CodeIdx, last: CodeIdx) -> bool {
        let tape = &self.pass.tape;
        let (from, to) = (tape.node(self.code.node(last).at).end, tape.node(self.code.node(block).at).end);
        let behind = self.pass.source.bytes().get(from as usize..to as usize).unwrap_or_default();
        behind.trim_ascii_start().starts_with(b";")
    }

    /// `if`, with further conditions as alternatives beside each other or within each other.
    fn decision(&mut self, node: CodeIdx, under: Under, place: Place) {
        let code = self.code;
        let alternatives: Vec<CodeIdx> = code.parts_in(node, Slot::Otherwise).collect();
        self.then_parts_in(node, Slot::Part, under, Place::Value);
        let mut otherwise = self.branch(node, under, place);
        let n_alternatives = alternatives.len();
        for (n, alternative) in alternatives.into_iter().enumerate() {
            // The last one has its own alternatives below it, if any.
            if n + 1 < n_alternatives && code.op(alternative) == Op::If {
                otherwise = self.branch(alternative, otherwise, place);
            } else {
                self.then(alternative, otherwise, place);
            }
        }
    }

    /// Reads a condition and what runs where it holds; returns what holds where it does not.
    fn branch(&mut self, node: CodeIdx, under: Under, place: Place) -> Under {
        let wording = Wording::Parts(node, Slot::Condition);
        self.then_parts_in(node, Slot::Condition, under, Place::Value);
        let holds = self.conditions.open(ConditionKind::If, wording, node, under);
        self.then_parts_in(node, Slot::Then, holds, place);
        self.conditions.open(ConditionKind::Otherwise, wording, node, under)
    }

    fn repeated(&mut self, node: CodeIdx, under: Under) {
        let turn =
            self.conditions.open(ConditionKind::Loop, Wording::Parts(node, Slot::Condition), node, under);
        for part in self.code.parts(node) {
            match self.code.node(part).slot {
                Slot::Body => self.then(part, turn, Place::Statement),
                Slot::Update | Slot::Nothing => {}
                Slot::Otherwise => self.then(part, under, Place::Statement),
                _ => self.then(part, under, Place::Value),
            }
        }
        self.then_parts_in(node, Slot::Update, turn, Place::Statement);
    }

    fn comprehension(&mut self, node: CodeIdx, under: Under) {
        let mut under = under;
        for clause in self.code.parts_in(node, Slot::Clause) {
            self.then_parts_in(clause, Slot::Condition, under, Place::Value);
            let kind = if self.code.op(clause) == Op::If { ConditionKind::If } else { ConditionKind::Loop };
            under = self.conditions.open(kind, Wording::Parts(clause, Slot::Condition), clause, under);
        }
        self.then_parts_in(node, Slot::Body, under, Place::Value);
    }

    fn switch(&mut self, node: CodeIdx, under: Under, place: Place) {
        let code = self.code;
        let is_body = |part: CodeIdx| code.node(part).slot == Slot::Body;
        self.tasks.extend(
            code.parts(node).filter(|part| !is_body(*part)).map(|part| Task::Read(part, under, Place::Value)),
        );
        let mut first = None;
        for case in self.cases_of(node) {
            let since = *first.get_or_insert(case);
            if !matches!(code.op(case), Op::Case | Op::OpenCase) {
                self.then(case, under, place);
            } else if code.op(case) == Op::Case || code.part(case, Slot::Body).is_some() {
                let wording = Wording::Cases { switch: node, first: since, last: case };
                let chosen = self.conditions.open(ConditionKind::Case, wording, case, under);
                self.then_parts_in(case, Slot::Pattern, under, Place::Value);
                self.then_parts_in(case, Slot::Body, chosen, place);
            } else {
                // It goes on in the next one.
                continue;
            }
            first = None;
        }
    }

    /// Lists the cases of a switch, also where a block holds them.
    fn cases_of(&self, node: CodeIdx) -> Vec<CodeIdx> {
        let block = self.code.only(node, Slot::Body).filter(|body| self.code.op(*body) == Op::Block);
        match block {
            Some(block) => self.code.parts(block).collect(),
            None => self.code.parts_in(node, Slot::Body).collect(),
        }
    }

    /// Reads what stands under a condition that is known by its place alone.
    fn within(&mut self, kind: ConditionKind, wording: Wording, node: CodeIdx, under: Under) {
        let within = self.conditions.open(kind, wording, node, under);
        if kind == ConditionKind::Catch {
            // An error that is caught and forgotten is worth knowing too.
            self.tasks.push(Task::Note(within));
        }
        self.tasks.extend(
            self.code
                .parts(node)
                .filter(|part| self.code.node(*part).slot == Slot::Body)
                .map(|part| Task::Read(part, within, Place::Statement)),
        );
    }

    fn returned(&mut self, node: CodeIdx, under: Under) {
        match self.code.only(node, Slot::Value) {
            Some(value) => self.then(value, under, Place::Tail),
            None => {
                self.then_parts(node, under, Place::Value);
                self.then_emit(Emit::Return, node, under);
            }
        }
    }

    /// What is raised is made by the raise; its arguments run before.
    fn raised(&mut self, node: CodeIdx, under: Under) {
        for part in self.code.parts(node) {
            let is_made =
                self.code.node(part).slot == Slot::Value && matches!(self.code.op(part), Op::Call | Op::New);
            match is_made {
                true => self.operands(part, under),
                false => self.then(part, under, Place::Value),
            }
        }
        self.then_emit(Emit::Raise, node, under);
    }

    fn asserted(&mut self, node: CodeIdx, under: Under) {
        let fails = self.fails(node, under);
        self.then_parts_in(node, Slot::Condition, under, Place::Value);
        self.then_parts_in(node, Slot::Argument, fails, Place::Value);
        self.then_emit(Emit::Raise, node, fails);
    }

    /// Opens the condition under which an assertion raises.
    fn fails(&mut self, node: CodeIdx, under: Under) -> Under {
        let wording = match (self.code.op(node), self.raises_when(node)) {
            (Op::Assert, _) => Wording::Parts(node, Slot::Condition),
            (_, Some(Raises::UnlessFirst)) => {
                self.code.part(node, Slot::Argument).map_or(Wording::Nothing, Wording::Whole)
            }
            (_, Some(Raises::UnlessAll)) => Wording::Parts(node, Slot::Argument),
            _ => return under,
        };
        self.conditions.open(ConditionKind::Otherwise, wording, node, under)
    }

    /// `a && f()`: the second operand runs under the first one.
    fn guarded(&mut self, node: CodeIdx, under: Under, place: Place) {
        let kind = if self.code.op(node) == Op::And { ConditionKind::If } else { ConditionKind::Otherwise };
        let wording = Wording::Parts(node, Slot::Condition);
        self.then_parts_in(node, Slot::Condition, under, Place::Value);
        let within = self.conditions.open(kind, wording, node, under);
        let right = if place == Place::Tail { Place::Value } else { Place::Statement };
        self.then_parts_in(node, Slot::Then, within, right);
        if place == Place::Tail {
            self.then_emit(Emit::Return, node, under);
        }
    }

    /// Reads what a call needs: the object it is a method of, then its arguments; closures run later.
    fn operands(&mut self, node: CodeIdx, under: Under) {
        if let Some(function) = self.code.part(node, Slot::Function) {
            self.then_parts(function, under, Place::Value);
        }
        for argument in self.code.parts_in(node, Slot::Argument) {
            if self.closure_of(argument).is_none() {
                self.then(argument, under, Place::Value);
            }
        }
    }

    fn call(&mut self, node: CodeIdx, under: Under, is_awaited: bool) {
        let function = self.code.part(node, Slot::Function);
        if let Some(function) = function.filter(|function| self.code.op(*function) == Op::Closure) {
            // It runs where it stands.
            self.then_parts_in(node, Slot::Argument, under, Place::Value);
            self.then_parts_in(function, Slot::Body, under, Place::Statement);
            return;
        }
        self.operands(node, under);
        if self.is_silent(node) {
            return;
        }
        let raised = if self.raises(node) { Emit::Raise } else { Emit::Call { is_awaited } };
        let fails = if raised == Emit::Raise { self.fails(node, under) } else { under };
        self.then_emit(raised, node, fails);
        // A closure runs during the call or behind it.
        for argument in self.code.parts_in(node, Slot::Argument) {
            if let Some(closure) = self.closure_of(argument) {
                self.then(closure, under, Place::Value);
            }
        }
    }

    /// Tells whether a call is of the language's own, and says nothing that its arguments do not: `len(x)`.
    fn is_silent(&self, call: CodeIdx) -> bool {
        let function = self.code.part(call, Slot::Function).filter(|_| self.code.op(call) == Op::Call);
        function.filter(|function| self.code.op(*function) == Op::Name).is_some_and(|function| {
            let text = self.pass.text(self.code.node(function).at);
            self.pass.table.words.is_silent(&text) && !self.callees.is_bound(&text)
        })
    }

    /// A closure as an argument, also as a named one.
    fn closure_of(&self, argument: CodeIdx) -> Option<CodeIdx> {
        match self.code.op(argument) {
            Op::Closure => Some(argument),
            Op::Named => {
                self.code.part(argument, Slot::Value).filter(|value| self.code.op(*value) == Op::Closure)
            }
            _ => None,
        }
    }

    fn spawned(&mut self, node: CodeIdx, under: Under) {
        let Some(call) = self.code.part(node, Slot::Value) else { return };
        let function = self.code.part(call, Slot::Function);
        let closure = function.filter(|function| self.code.op(*function) == Op::Closure);
        match closure {
            Some(_) => self.then_parts_in(call, Slot::Argument, under, Place::Value),
            None => self.operands(call, under),
        }
        self.then_emit(Emit::Spawned, call, under);
        if let Some(closure) = closure {
            self.then(closure, under, Place::Value);
        }
    }

    fn set(&mut self, node: CodeIdx, under: Under) {
        self.then_parts_in(node, Slot::Value, under, Place::Value);
        let mut targets: Vec<CodeIdx> = self.code.parts_in(node, Slot::Target).collect();
        targets.reverse();
        while let Some(target) = targets.pop() {
            match self.code.op(target) {
                Op::Member | Op::Item => {
                    self.then_parts(target, under, Place::Value);
                    self.then_emit(Emit::Write { by: node }, target, under);
                }
                Op::Name if self.is_outside(target) => {
                    self.then_emit(Emit::Write { by: node }, target, under);
                }
                Op::List => {
                    let n_targets = targets.len();
                    targets.extend(self.code.parts(target));
                    targets[n_targets..].reverse();
                }
                _ => {}
            }
        }
    }

    /// Tells whether a name that is set belongs to a scope around the body.
    fn is_outside(&self, name: CodeIdx) -> bool {
        let text = self.pass.text(self.code.node(name).at);
        let range = self.pass.facts.symbols[self.symbol as usize].byte_range;
        self.symbol != 0
            && (self.outer.iter().any(|outer| *outer == text)
                || !self.callees.is_bound_within(&text, range)
                    && (self.pass.table.source.binds_name)(&text)
                    && self.pass.table.source.blank_name != Some(&text))
    }

    fn names_outside(&mut self, node: CodeIdx) {
        let names = self.code.parts(node).map(|name| self.pass.text(self.code.node(name).at).into_owned());
        self.outer.extend(names);
    }

    /// Tells whether a call ends what is around it: `panic!(…)`.
    pub(super) fn raises(&self, call: CodeIdx) -> bool {
        self.raises_when(call).is_some()
    }

    fn raises_when(&self, call: CodeIdx) -> Option<Raises> {
        let function = self.code.part(call, Slot::Function).filter(|_| self.code.op(call) == Op::Call)?;
        let text = self.pass.text(self.code.node(function).at);
        let is_macro = self.is_macro(call);
        let mut all = self.pass.table.source.body.raises.iter();
        let fits = |known: &str| match known.strip_suffix('!') {
            Some(name) => is_macro && name == text,
            None => !is_macro && known == text,
        };
        all.find(|(known, _)| fits(known)).map(|(_, when)| *when)
    }

    pub(super) fn is_macro(&self, call: CodeIdx) -> bool {
        let refer = self.pass.rule(self.code.node(call).at).rule.refer;
        refer.is_some_and(|refer| refer.kind == ReferenceKind::MacroCall)
    }

    pub(super) fn step_kind(emit: Emit) -> StepKind {
        match emit {
            Emit::Call { .. } | Emit::Spawned => StepKind::Call,
            Emit::Return => StepKind::Return,
            Emit::Yield => StepKind::Yield,
            Emit::Raise => StepKind::Raise,
            Emit::Propagate => StepKind::Propagate,
            Emit::Await => StepKind::Await,
            Emit::Access => StepKind::Read,
            Emit::Write { .. } => StepKind::Write,
        }
    }
}
