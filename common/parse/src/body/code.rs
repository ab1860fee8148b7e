//! The one form of statements and expressions that bodies of all languages are lowered into.
//!
//! A node says what it does ([`Op`]) and what it is to the node around it ([`Slot`]); nothing in here knows a
//! language. The nodes lie in one list, parents first, so that it can be walked without recursion.

use model::facts::SymbolIdx;

use crate::tape::NodeIdx;

/// Index of a node in [`Code::nodes`].
pub(crate) type CodeIdx = u32;

/// What a statement or expression does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// Its parts run in order; nothing else is known of it.
    Unknown,
    /// Not a node of its own: its parts take its place.
    Through,
    /// Nothing within it runs where it stands: a type, an import, a comment.
    Skip,
    /// Statements.
    Block,
    /// Statements, of which the last is the value where nothing ends it.
    ValueBlock,
    /// A definition that has a body of its own.
    Definition,
    /// A function without a symbol.
    Closure,

    Name,
    /// A field of a value.
    Member,
    /// An element of a value.
    Item,
    Text,
    Number,
    List,
    /// Keys with values, each a [`Op::Named`].
    Table,
    /// A value under a name or key: a named argument, an entry of a table.
    Named,

    Call,
    /// Makes an object of a class: `new Client()`.
    New,
    Await,
    /// The second operand counts where the first one holds: `&&`.
    And,
    /// The second operand counts where the first one does not hold: `||`, `??`.
    Or,
    /// Hands an error on, or goes on with the value.
    Propagate,
    Yield,
    /// Sets what stands on the left.
    Assign,
    /// Sets what stands on the left by what it was: `+=`, `++`.
    Update,
    Delete,
    /// Names that belong to a scope around the body.
    Outer,

    Return,
    Raise,
    /// Raises where the condition does not hold.
    Assert,
    If,
    Loop,
    /// An expression for each turn of its clauses.
    Comprehension,
    Switch,
    Case,
    /// A case that goes on in the next one where nothing is in it.
    OpenCase,
    Catch,
    Finally,
    /// A call that runs when the function ends.
    Defer,
    /// A call that runs beside the function.
    Spawn,
}

/// What a part is to the node that it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Runs where it stands.
    Part,
    /// What is called.
    Function,
    Argument,
    Name,
    Value,
    /// What is set, or deleted.
    Target,
    Condition,
    Then,
    Otherwise,
    Body,
    /// Runs behind the body of each turn.
    Update,
    /// What a value is compared with.
    Pattern,
    /// A loop or condition of a comprehension.
    Clause,
    /// Runs never: what a pattern binds, a type.
    Nothing,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) op: Op,
    pub(crate) slot: Slot,
    /// Where it stands on the tape.
    pub(crate) at: NodeIdx,
    /// The first node behind this one's parts.
    pub(crate) after: CodeIdx,
}

/// The code of one file.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(crate) nodes: Vec<Node>,
    /// Which node is whose body.
    pub(crate) bodies: Vec<(SymbolIdx, CodeIdx)>,
}

impl Code {
    pub(crate) fn node(&self, idx: CodeIdx) -> Node {
        self.nodes[idx as usize]
    }

    pub(crate) fn op(&self, idx: CodeIdx) -> Op {
        self.node(idx).op
    }

    /// Lists the parts of a node in source order.
    pub(crate) fn parts(&self, idx: CodeIdx) -> impl Iterator<Item = CodeIdx> + '_ {
        let end = self.node(idx).after;
        let mut next = idx + 1;
        std::iter::from_fn(move || {
            let part = (next < end).then_some(next)?;
            next = self.node(part).after;
            Some(part)
        })
    }

    pub(crate) fn parts_in(&self, idx: CodeIdx, slot: Slot) -> impl Iterator<Item = CodeIdx> + '_ {
        self.parts(idx).filter(move |part| self.node(*part).slot == slot)
    }

    pub(crate) fn part(&self, idx: CodeIdx, slot: Slot) -> Option<CodeIdx> {
        self.parts_in(idx, slot).next()
    }

    /// Returns the part in a slot where there is one and no other.
    pub(crate) fn only(&self, idx: CodeIdx, slot: Slot) -> Option<CodeIdx> {
        let mut parts = self.parts_in(idx, slot);
        parts.next().filter(|_| parts.next().is_none())
    }
}
