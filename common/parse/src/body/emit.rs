//! One step written down: its text, arguments, place, effect and literals.

use std::borrow::Cow;

use docpack::{ByteRange, Effect, StepKind};
use model::body::{Condition, MAX_ARGUMENTS, Step};
use model::facts::Reference;

use crate::path;
use crate::tape::NodeIdx;

use super::code::{CodeIdx, Op, Slot};
use super::conditions::{Pending, TooMany, Under, Wording};
use super::effects::Sink;
use super::literals;
use super::steps::{Emit, Reader};
use super::text;

impl<'a> Reader<'_, 'a> {
    pub(super) fn emit(&mut self, emit: Emit, node: CodeIdx, under: Under) -> Result<(), TooMany> {
        let mut step = match emit {
            Emit::Call { is_awaited } => self.called(node, StepKind::Call, is_awaited),
            Emit::Spawned => Step { effect: Some(Effect::Spawn), ..self.called(node, StepKind::Call, false) },
            Emit::Raise => self.raise(node),
            Emit::Propagate => Step { text: self.propagated(node), ..self.step(node, StepKind::Propagate) },
            Emit::Write { by } => self.written(node, by),
            Emit::Access => self.accessed(node),
            Emit::Return | Emit::Yield | Emit::Await => self.given_text(node, Self::step_kind(emit)),
        };
        step.under = self.place(under)?;
        self.steps.push(step);
        Ok(())
    }

    /// Gives a condition its place in the body.
    pub(super) fn place(&mut self, under: Under) -> Result<Option<u32>, TooMany> {
        let mut conditions = std::mem::take(&mut self.conditions);
        let place = conditions.write(under, |pending| self.condition(pending));
        self.conditions = conditions;
        place
    }

    fn at(&self, node: CodeIdx) -> NodeIdx {
        self.code.node(node).at
    }

    fn range(&self, node: CodeIdx) -> ByteRange {
        let node = self.pass.tape.node(self.at(node));
        ByteRange { start: node.start, end: node.end }
    }

    /// A step that begins where its node does.
    fn step(&self, node: CodeIdx, kind: StepKind) -> Step {
        self.step_at(self.range(node).start, kind)
    }

    fn step_at(&self, byte_start: u32, kind: StepKind) -> Step {
        Step {
            kind,
            under: None,
            line: self.pass.source.line(byte_start),
            byte_start,
            text: String::new(),
            arguments: Vec::new(),
            value: None,
            effect: None,
            literals: Vec::new(),
            is_awaited: false,
        }
    }

    /// A node as written; of a closure its head.
    pub(super) fn text(&self, node: CodeIdx) -> Cow<'a, str> {
        let range = self.range(node);
        let body = self.code.part(node, Slot::Body).filter(|_| self.code.op(node) == Op::Closure);
        match body.map(|body| self.range(body)) {
            Some(body) if body.end > body.start => {
                let head = text::short(self.pass, range.start, body.start);
                Cow::Owned(text::open_ended(head))
            }
            _ => text::short(self.pass, range.start, range.end),
        }
    }

    /// What the parts in a slot span, as written.
    fn text_of(&self, node: CodeIdx, slot: Slot) -> Cow<'a, str> {
        let mut parts = self.code.parts_in(node, slot);
        let Some(first) = parts.next() else { return Cow::default() };
        match parts.last() {
            None => self.text(first),
            Some(last) => text::short(self.pass, self.range(first).start, self.range(last).end),
        }
    }

    fn condition(&self, pending: Pending) -> Condition {
        let text = match pending.wording {
            Wording::Nothing => String::new(),
            Wording::Whole(node) => self.text(node).into_owned(),
            Wording::Parts(node, slot) => self.text_of(node, slot).into_owned(),
            Wording::Cases { switch, first, last } => self.cases(switch, first, last),
        };
        let line = self.pass.source.line(self.range(pending.node).start);
        Condition { kind: pending.kind, text, line, within: None }
    }

    /// `value: pattern`; the pattern alone where there is no value, `default` where there is no pattern.
    fn cases(&self, switch: CodeIdx, first: CodeIdx, last: CodeIdx) -> String {
        let value = self.text_of(switch, Slot::Value);
        let mut patterns: Vec<Cow<'_, str>> = Vec::new();
        let mut n_bytes = 0;
        let mut case = first;
        while case <= last && n_bytes < model::body::MAX_TEXT_BYTES {
            let pattern = self.text_of(case, Slot::Pattern);
            let pattern = if pattern.is_empty() { "default".into() } else { pattern };
            n_bytes += pattern.len();
            patterns.push(pattern);
            case = self.code.node(case).after;
        }
        let patterns = patterns.join(", ");
        let cases = if value.is_empty() { patterns } else { format!("{value}: {patterns}") };
        text::cut(cases.into(), case <= last).into_owned()
    }

    fn called(&self, node: CodeIdx, kind: StepKind, is_awaited: bool) -> Step {
        let (byte_start, reference) = self.called_name(node);
        let mut step = self.step_at(byte_start, kind);
        step.text = self.callee_text(node, reference);
        step.arguments = self.arguments(node);
        step.is_awaited = is_awaited;
        let sink = reference.and_then(|reference| self.callees.sink(reference));
        step.effect = sink.map(|sink| self.effect(sink, &step.arguments));
        step.literals = literals::of_call(self, node, &step);
        step
    }

    /// Where the name of what is called begins, and the reference that lies there.
    fn called_name(&self, node: CodeIdx) -> (u32, Option<&Reference>) {
        let at = self.at(node);
        let named = self.pass.tape.child(at, self.pass.rule(at).refer);
        let start = match (named, self.code.part(node, Slot::Function)) {
            (Some(named), _) => self.pass.name_start(named),
            (None, Some(function)) => self.range(function).start,
            (None, None) => self.range(node).start,
        };
        (start, self.callees.reference(start))
    }

    /// The called path: calls on the way without their arguments.
    fn callee_text(&self, node: CodeIdx, reference: Option<&Reference>) -> String {
        let plain = |path: &str| !path.contains(['?', '{', '~', '^', '[']) && !self.pass.is_masked();
        let path = reference.map(|reference| path::as_written(&reference.path)).filter(|path| plain(path));
        let text = match path {
            Some(path) => text::cut(path, false),
            None => self.code.part(node, Slot::Function).map(|part| self.text(part)).unwrap_or_default(),
        };
        if self.is_macro(node) { format!("{text}!") } else { text.into_owned() }
    }

    fn arguments(&self, node: CodeIdx) -> Vec<String> {
        let arguments = self.code.parts_in(node, Slot::Argument).take(MAX_ARGUMENTS);
        arguments.map(|part| self.text(part).into_owned()).collect()
    }

    fn effect(&self, sink: &Sink, arguments: &[String]) -> Effect {
        let writes = |argument: &String| {
            let mode = argument.rsplit('=').next().unwrap_or(argument);
            let mode = text::unquoted(mode);
            mode != argument && mode.len() <= 3 && mode.contains(['w', 'a', 'x', '+'])
        };
        match sink.by_mode && arguments.iter().skip(1).any(writes) {
            true => Effect::FileWrite,
            false => sink.effect,
        }
    }

    fn raise(&self, node: CodeIdx) -> Step {
        let made = match self.code.op(node) {
            Op::Call => Some(node),
            _ => self
                .code
                .part(node, Slot::Value)
                .filter(|value| matches!(self.code.op(*value), Op::Call | Op::New)),
        };
        let mut step = match made {
            Some(made) => self.called(made, StepKind::Raise, false),
            None => self.step(node, StepKind::Raise),
        };
        step.effect = None;
        if made.is_none() {
            step.arguments = self.arguments(node);
            step.text = match self.code.op(node) {
                Op::Assert => self.first_word(node),
                _ => self.text_of(node, Slot::Value).into_owned(),
            };
            step.literals = literals::of_call(self, node, &step);
        }
        step
    }

    /// The keyword that a statement begins with.
    fn first_word(&self, node: CodeIdx) -> String {
        let range = self.range(node);
        let text = self.pass.source.text(range.start, range.end);
        text.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '!')).collect()
    }

    /// The call that may fail, by its path alone.
    fn propagated(&self, node: CodeIdx) -> String {
        let mut value = node;
        while let Some(inner) = self
            .code
            .part(value, Slot::Value)
            .filter(|_| matches!(self.code.op(value), Op::Propagate | Op::Await))
        {
            value = inner;
        }
        match self.code.op(value) {
            Op::Call => self.callee_text(value, self.called_name(value).1),
            _ => self.text(value).into_owned(),
        }
    }

    fn given_text(&self, node: CodeIdx, kind: StepKind) -> Step {
        let has_parts = matches!(self.code.op(node), Op::Return | Op::Yield | Op::Await);
        let mut step = self.step(node, kind);
        let text = if has_parts { self.text_of(node, Slot::Value) } else { self.text(node) };
        step.text = text.into_owned();
        step.literals = literals::of_value(self, node);
        step
    }

    fn accessed(&self, node: CodeIdx) -> Step {
        let mut step = self.step(node, StepKind::Read);
        step.text = self.text(node).into_owned();
        step.effect = self.callees.value_of(self, node);
        step.literals = literals::of_access(self, node, step.effect);
        step
    }

    fn written(&self, target: CodeIdx, by: CodeIdx) -> Step {
        let mut step = self.step(target, StepKind::Write);
        step.text = self.text(target).into_owned();
        if matches!(self.code.op(target), Op::Member | Op::Item) {
            step.effect = self.callees.value_of(self, target);
        }
        step.value = match self.code.op(by) {
            Op::Assign => {
                let value =
                    self.code.only(by, Slot::Target).map(|_| self.text_of(self.last_of(by), Slot::Value));
                value.map(Cow::into_owned)
            }
            Op::Update => Some(self.update(target, by)),
            _ => None,
        };
        step.value = step.value.filter(|value| !value.is_empty());
        step.literals = literals::of_write(self, target, by, step.effect);
        step
    }

    /// The last of assignments in a row, `a = b = value`.
    fn last_of(&self, assignment: CodeIdx) -> CodeIdx {
        let mut last = assignment;
        while let Some(value) =
            self.code.only(last, Slot::Value).filter(|value| self.code.op(*value) == Op::Assign)
        {
            last = value;
        }
        last
    }

    /// What follows the target: `+= 1`, `++`.
    fn update(&self, target: CodeIdx, by: CodeIdx) -> String {
        let (target, whole) = (self.range(target), self.range(by));
        let behind = text::short(self.pass, target.end, whole.end);
        match behind.trim() {
            "" => text::short(self.pass, whole.start, target.start).trim().to_owned(),
            behind => behind.to_owned(),
        }
    }
}
