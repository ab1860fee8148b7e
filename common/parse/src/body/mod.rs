//! What bodies do: a file's tape is lowered once into code that is the same for all languages, and the steps are
//! read out of it.
//!
//! A language says in its table what each kind of node does (`form.rs`); `lower.rs` walks the tape once and
//! makes the code (`code.rs`); `steps.rs` walks the code of each body in the order in which it runs, and
//! `emit.rs` writes the steps down. Nothing recurses, and nothing behind `lower.rs` knows a language other than
//! by the words of its table (`effects.rs`).

mod callees;
mod conditions;
mod emit;
mod literals;
mod lower;
mod steps;

pub(crate) mod code;
pub(crate) mod effects;
pub(crate) mod form;
pub(crate) mod text;

use model::body::Body;
use model::facts::SymbolIdx;

use crate::pass::Pass;

use callees::Callees;
use code::CodeIdx;
use steps::Reader;

pub(crate) use lower::Mark;

/// A file with more nodes than this is data.
const MAX_NODES: u32 = 1_000_000;

/// Reads what the callables of a file do, and the file itself when it is loaded.
pub(crate) fn read(pass: &Pass<'_>) -> Vec<(SymbolIdx, Body)> {
    if pass.tape.len() == 0 || pass.tape.len() > MAX_NODES {
        return Vec::new();
    }
    let code = lower::lower(pass);
    let callees = Callees::new(&pass.facts, pass.table);
    let mut bodies: Vec<(SymbolIdx, CodeIdx)> = code.bodies.clone();
    bodies.sort_unstable();
    let mut reader = Reader::new(pass, &code, &callees);
    bodies.into_iter().map(|(symbol, root)| (symbol, reader.read(symbol, root))).collect()
}
