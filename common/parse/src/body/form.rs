//! How a language says what its kinds of node do: an operation, and which field is which part of it.

use crate::compile::{FIRST_CHILD, Field};
use crate::pass::Pass;
use crate::table::Token;
use crate::tape::NodeIdx;

use super::code::{Op, Slot};

/// Instead of a field's name: the children that no other entry names.
pub(crate) const REST: &str = "";

/// Decides by more than a node's kind what it does.
pub(crate) type Decide = fn(&Pass<'_>, NodeIdx) -> Op;

/// What a kind of node does, and what its children are to it.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) op: Op,
    /// By field; [`REST`] for all other children, which else are a [`Slot::Part`].
    pub(crate) slots: &'static [(&'static str, Slot)],
    /// Takes the place of `op`.
    pub(crate) decide: Option<Decide>,
}

impl Form {
    /// A kind that the table says nothing of.
    pub(crate) const UNKNOWN: Self = Self::new(Op::Unknown, &[]);

    pub(crate) const fn new(op: Op, slots: &'static [(&'static str, Slot)]) -> Self {
        Self { op, slots, decide: None }
    }
}

/// Tells `and` from `or` by the token between the operands.
pub(crate) fn logical(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    let is_logical = |child: &NodeIdx| pass.rule(*child).token == Some(Token::Logical);
    match pass.tape.children(idx).find(is_logical).map(|token| pass.text(token)).as_deref() {
        Some("&&" | "and") => Op::And,
        Some(_) => Op::Or,
        None => Op::Unknown,
    }
}

/// Children that a form can name by their position.
const N_POSITIONS: u16 = 3;

/// No form has more entries; `every_table_compiles` checks it.
pub(crate) const MAX_SLOTS: usize = 5;

/// A [`Form`] with ids for names.
#[derive(Clone, Copy)]
pub(crate) struct CompiledForm {
    pub(crate) op: Op,
    pub(crate) decide: Option<Decide>,
    pub(crate) slots: [(Field, Slot); MAX_SLOTS],
    pub(crate) rest: Slot,
}

impl CompiledForm {
    pub(crate) const UNKNOWN: Self =
        Self { op: Op::Unknown, decide: None, slots: [(0, Slot::Part); MAX_SLOTS], rest: Slot::Part };

    /// Tells whether a field holds what is in a slot.
    pub(crate) fn names(&self, slot: Slot, field: Field) -> bool {
        field != 0 && self.slots.contains(&(field, slot))
    }

    /// Tells what a child is: by its field, or by its position among the children, of which three have names.
    pub(crate) fn slot(&self, field: Field, position: u16) -> Slot {
        let by_position = if position < N_POSITIONS { FIRST_CHILD - position } else { 0 };
        let names = |wanted: Field| wanted != 0 && (wanted == field || wanted == by_position);
        self.slots.iter().find(|(wanted, _)| names(*wanted)).map_or(self.rest, |(_, slot)| *slot)
    }
}
