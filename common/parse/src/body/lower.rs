//! A file's tape as code: one walk, in which the table says what each kind of node does.

use std::iter::Peekable;
use std::vec::IntoIter;

use model::facts::SymbolIdx;

use crate::pass::Pass;
use crate::table::Trivia;
use crate::tape::NodeIdx;

use super::code::{Code, CodeIdx, Node, Op, Slot};
use super::form::CompiledForm;

/// What a node of the tape is to symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// The body of a callable.
    Body(SymbolIdx),
    /// A definition whose head does not run with the code around it.
    Definition,
}

/// A node of the tape whose children the walk is at.
struct Frame<'a> {
    after: NodeIdx,
    form: &'a CompiledForm,
    /// The node made of it, which ends where the frame does.
    node: Option<CodeIdx>,
    /// What the node is to the one around it; parts that take its place are the same.
    slot: Slot,
    n_children: u16,
    /// Inside a definition nothing is lowered but the bodies.
    runs: bool,
}

struct Lowering<'p, 'a> {
    pass: &'p Pass<'a>,
    code: Code,
    frames: Vec<Frame<'a>>,
    marks: Peekable<IntoIter<(NodeIdx, Mark)>>,
}

/// Lowers a file whose definitions are known.
pub(crate) fn lower(pass: &Pass<'_>) -> Code {
    let mut marks = pass.marks.clone();
    // Of what several symbols share, the first has the body.
    marks.sort_unstable();
    marks.dedup_by_key(|(node, _)| *node);
    Lowering { pass, code: Code::default(), frames: Vec::new(), marks: marks.into_iter().peekable() }.run()
}

impl<'a> Lowering<'_, 'a> {
    fn run(mut self) -> Code {
        let mut idx = 0;
        while idx < self.pass.tape.len() {
            self.leave(idx);
            idx = self.enter(idx);
        }
        self.leave(NodeIdx::MAX);
        self.code
    }

    fn leave(&mut self, idx: NodeIdx) {
        while let Some(frame) = self.frames.pop_if(|frame| frame.after <= idx) {
            if let Some(node) = frame.node {
                self.code.nodes[node as usize].after = self.code.nodes.len() as CodeIdx;
            }
        }
    }

    /// Lowers one node; returns where the walk goes on.
    fn enter(&mut self, idx: NodeIdx) -> NodeIdx {
        let pass = self.pass;
        let rule = pass.rule(idx);
        while self.marks.next_if(|(node, _)| *node < idx).is_some() {}
        let mark = self.marks.next_if(|(node, _)| *node == idx).map(|(_, mark)| mark);
        let runs = self.frames.last().is_none_or(|frame| frame.runs);
        if rule.token.is_some() || rule.rule.trivia == Trivia::Comment {
            return idx + 1;
        }
        let slot = self.slot(idx);
        if let Some(Mark::Body(symbol)) = mark {
            self.code.bodies.push((symbol, self.code.nodes.len() as CodeIdx));
        } else if !runs {
            return idx + 1;
        }
        let op = match (mark, rule.form.decide) {
            (Some(Mark::Definition), _) => Op::Definition,
            (_, Some(decide)) => decide(pass, idx),
            (_, None) => rule.form.op,
        };
        match op {
            Op::Skip => return pass.tape.node(idx).after,
            // A body is a node, whatever it is.
            Op::Through if mark.is_none() => self.push(idx, None, &rule.form, slot, true),
            op => {
                let op = if op == Op::Through { Op::Block } else { op };
                let node = self.code.nodes.len() as CodeIdx;
                self.code.nodes.push(Node { op, slot, at: idx, after: node + 1 });
                if pass.tape.node(idx).after > idx + 1 {
                    self.push(idx, Some(node), &rule.form, slot, op != Op::Definition);
                }
            }
        }
        idx + 1
    }

    fn push(&mut self, idx: NodeIdx, node: Option<CodeIdx>, form: &'a CompiledForm, slot: Slot, runs: bool) {
        let after = self.pass.tape.node(idx).after;
        self.frames.push(Frame { after, form, node, slot, n_children: 0, runs });
    }

    /// What the next child of the current node is to it.
    fn slot(&mut self, idx: NodeIdx) -> Slot {
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.runs) else { return Slot::Part };
        let position = frame.n_children;
        frame.n_children = position.saturating_add(1);
        match (frame.node, frame.form.slot(self.pass.tape.node(idx).field, position)) {
            // Its parts are what it is, unless its own form knows better.
            (None, Slot::Part) => frame.slot,
            (_, slot) => slot,
        }
    }
}
