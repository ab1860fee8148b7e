//! What is known of a value in a part of a function: behind `isinstance(x, A)` the `x` is an A.

use std::ops::Range;

use docpack::Language;
use model::facts::ScopeIdx;

use crate::pass::Pass;
use crate::path;
use crate::tape::NodeIdx;

/// More that is known at one place is generated.
const MAX_NARROWINGS: usize = 64;
/// What stands in these may run at any time; an arrow is taken to run where it stands.
const ENDS: &[&str] = &[
    "function_definition",
    "class_definition",
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "class",
    "method_definition",
];
/// Nodes between a use and the condition that are looked at.
const MAX_ABOVE: usize = 64;

/// A condition nested deeper says nothing.
const MAX_DEPTH: usize = 16;
/// More classes in one condition are not told apart.
const MAX_CLASSES: usize = 8;
/// What one condition says of more values than this is left out.
const MAX_SAID: usize = 16;

/// A value's path, and the types of which it is one: `A|b.B`.
pub(crate) type Said = (String, String);

/// How a language reads one node of a condition.
pub(crate) enum Condition {
    Inner(NodeIdx),
    Not(NodeIdx),
    And(NodeIdx, NodeIdx),
    Or(NodeIdx, NodeIdx),
    Test(Said),
    Other,
}

pub(crate) type Reader = fn(&Pass<'_>, NodeIdx) -> Condition;

/// Notes what holds in some nodes where a condition is true, or is not.
pub(crate) fn narrow_by(
    pass: &mut Pass<'_>,
    read: Reader,
    (condition, is_true): (NodeIdx, bool),
    nodes: Range<NodeIdx>,
) {
    for said in said(pass, read, (condition, is_true), MAX_DEPTH) {
        pass.narrow(said, nodes.clone());
    }
}

/// The body of `while` is read where the condition is true.
pub(crate) fn while_loop(pass: &mut Pass<'_>, read: Reader, idx: NodeIdx) {
    if let (Some(condition), Some(body)) = (pass.child(idx, "condition"), pass.child(idx, "body")) {
        narrow_by(pass, read, (condition, true), body..pass.tape.node(body).after);
    }
}

/// The right side of `and` is read where the left is true, that of `or` where it is not.
pub(crate) fn both_sides(pass: &mut Pass<'_>, read: Reader, idx: NodeIdx) {
    let (left, right, is_or) = match read(pass, idx) {
        Condition::And(left, right) => (left, right, false),
        Condition::Or(left, right) => (left, right, true),
        _ => return,
    };
    narrow_by(pass, read, (left, !is_or), right..pass.tape.node(right).after);
}

/// What follows a statement in its block.
pub(crate) fn rest_behind(pass: &Pass<'_>, idx: NodeIdx) -> Range<NodeIdx> {
    let block = pass.tape.parent(idx).map(|block| pass.tape.node(block).after);
    let from = pass.tape.node(idx).after;
    from..block.unwrap_or(from)
}

/// What is known when a condition is true, or when it is not.
fn said(pass: &Pass<'_>, read: Reader, (condition, is_true): (NodeIdx, bool), depth: usize) -> Vec<Said> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let (left, right, is_or) = match read(pass, condition) {
        Condition::Inner(inner) => return said(pass, read, (inner, is_true), depth),
        Condition::Not(inner) => return said(pass, read, (inner, !is_true), depth),
        Condition::Test(test) if is_true => return vec![test],
        Condition::Test(_) | Condition::Other => return Vec::new(),
        Condition::And(left, right) => (left, right, false),
        Condition::Or(left, right) => (left, right, true),
    };
    let left = said(pass, read, (left, is_true), depth);
    let right = said(pass, read, (right, is_true), depth);
    if is_or == is_true { one_of(left, right) } else { all_of(left, right) }
}

fn all_of(mut left: Vec<Said>, right: Vec<Said>) -> Vec<Said> {
    left.extend(right);
    left.truncate(MAX_SAID);
    left
}

/// Of what either says, that which both say of one value.
fn one_of(left: Vec<Said>, right: Vec<Said>) -> Vec<Said> {
    let joined = |(path, types): Said| {
        let (_, others) = right.iter().find(|(other, _)| *other == path)?;
        let types = format!("{types}|{others}");
        (types.split('|').count() <= MAX_CLASSES).then_some((path, types))
    };
    left.into_iter().filter_map(joined).collect()
}

/// A value, by its path, and the types of which it is one.
#[derive(Debug)]
pub(crate) struct Narrowing {
    path: String,
    types: String,
    nodes: Range<NodeIdx>,
    scope: ScopeIdx,
}

impl Pass<'_> {
    /// Notes what holds in these nodes, all behind the current one.
    pub(crate) fn narrow(&mut self, (path, types): (String, String), nodes: Range<NodeIdx>) {
        let current = self.current;
        self.narrowings.retain(|known| known.nodes.end > current);
        if self.narrowings.len() < MAX_NARROWINGS && !nodes.is_empty() {
            self.narrowings.push(Narrowing { path, types, nodes, scope: self.state.scope });
        }
    }

    /// Forgets what is known of a name, or of what a path leads to, from the end of the current node on.
    pub(crate) fn widen(&mut self, set: &str) {
        let (current, scope) = (self.current, self.state.scope);
        let after = self.tape.node(current).after;
        // Where blocks have names of their own, one of them may hide what was tested.
        let has_blocks = matches!(self.table.source.language, Language::JavaScript | Language::TypeScript);
        for known in self.narrowings.iter_mut().filter(|known| has_blocks || known.scope == scope) {
            if known.nodes.start <= current && begins_with(&known.path, set) {
                known.nodes.end = known.nodes.end.min(after);
            }
        }
    }

    /// A path with what is known of its beginning.
    pub(crate) fn with_known(&self, idx: NodeIdx, path: String) -> String {
        let holds = |known: &&Narrowing| {
            known.nodes.contains(&idx) && begins_with(&path, &known.path) && self.is_same(idx, known)
        };
        // Of two conditions the last one counts.
        let known = self.narrowings.iter().rev().filter(holds).max_by_key(|known| known.path.len());
        let Some(known) = known else { return path };
        let last = self.narrowings.iter().rev().filter(holds).find(|other| other.path == known.path);
        let types = last.map_or("", |known| known.types.as_str());
        let (before, behind) = path.split_at(known.path.len());
        format!("{before}{}{behind}", path::narrowed(types))
    }

    /// Tells whether nothing between a use and the condition binds the name anew.
    fn is_same(&self, idx: NodeIdx, known: &Narrowing) -> bool {
        let root = known.path.split('.').next().unwrap_or_default();
        let mut inner = idx;
        for _ in 0..MAX_ABOVE {
            let Some(outer) = self.tape.parent(inner).filter(|outer| *outer >= known.nodes.start) else {
                return true;
            };
            if ENDS.iter().any(|kind| self.is_kind(outer, kind)) {
                return false;
            }
            let is_loop = self.is_kind(outer, "for_statement") && self.child(outer, "body") <= Some(inner);
            let binds = |node: NodeIdx| self.names_in(node).iter().any(|name| self.text(*name) == root);
            let bound = if is_loop {
                self.child(outer, "left").is_some_and(binds)
            } else if self.is_kind(outer, "lambda") {
                self.child(outer, "parameters").is_some_and(binds)
            } else {
                let clauses = self.tape.children(outer).filter(|child| self.is_kind(*child, "for_in_clause"));
                clauses.filter_map(|clause| self.child(clause, "left")).any(binds)
            };
            if bound {
                return false;
            }
            inner = outer;
        }
        false
    }
}

/// Tells whether a path is this one, or goes on from it.
fn begins_with(path: &str, beginning: &str) -> bool {
    path.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '(']))
}
