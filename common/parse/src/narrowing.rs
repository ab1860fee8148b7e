//! What is known of a value in a part of a function: behind `isinstance(x, A)` the `x` is an A.

use std::ops::Range;

use model::facts::ScopeIdx;

use crate::pass::Pass;
use crate::path;
use crate::tape::NodeIdx;

/// More that is known at one place is generated.
const MAX_NARROWINGS: usize = 64;
/// Nodes between a use and the condition that are looked at.
const MAX_ABOVE: usize = 64;

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
        for known in self.narrowings.iter_mut().filter(|known| known.scope == scope) {
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
            if self.is_kind(outer, "function_definition") || self.is_kind(outer, "class_definition") {
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
