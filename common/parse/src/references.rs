//! Uses of names: calls, types, bases, decorators, values handed over.

use model::facts::{Reference, ReferenceKind, SymbolIdx};

use crate::compile::{KindRule, PathFields};
use crate::pass::Pass;
use crate::path;
use crate::tape::NodeIdx;

impl Pass<'_> {
    pub(crate) fn enter_reference(&mut self, idx: NodeIdx, rule: &KindRule) {
        if let Some(refer) = rule.rule.refer {
            if refer.field.is_empty() {
                self.refer_itself(refer.kind, idx);
            } else if let Some(named) = self.tape.child(idx, rule.refer) {
                self.refer(refer.kind, named);
                if refer.kind == ReferenceKind::Construct {
                    self.take_named(named);
                }
            }
            return;
        }
        if !matches!(rule.path, PathFields::Name | PathFields::Join(..)) {
            return;
        }
        if self.state.in_type {
            self.refer_itself(ReferenceKind::Type, idx);
        } else if let Some(parent) = self.tape.parent(idx)
            && self.rule(parent).hands_over(self.tape.node(idx).field)
        {
            self.refer(ReferenceKind::Value, idx);
        }
    }

    fn refer_itself(&mut self, kind: ReferenceKind, idx: NodeIdx) {
        if idx >= self.path_after {
            self.path_after = self.tape.node(idx).after;
            self.refer(kind, idx);
        }
    }

    /// Records a use of what a node names, if it names anything.
    pub(crate) fn refer(&mut self, kind: ReferenceKind, node: NodeIdx) {
        let is_literal = |path: &String| path.starts_with('{') && path.ends_with('}');
        if let Some(path) = self.path(node).filter(|path| !is_literal(path)) {
            self.refer_path(kind, path, self.name_start(node));
        }
    }

    /// Records a use of a path; type parameters of the surrounding symbols are no use of anything.
    pub(crate) fn refer_path(&mut self, kind: ReferenceKind, path: String, byte_start: u32) {
        if kind == ReferenceKind::Type && (path == "_" || self.is_type_parameter(&path)) {
            return;
        }
        let line = self.source.line(byte_start);
        let (from, scope) = (self.state.symbol, self.state.scope);
        self.facts.references.push(Reference { kind, from, scope, path, line, byte_start });
    }

    /// Tells whether a path begins at a type parameter: `T`, `T::Item`.
    fn is_type_parameter(&self, path: &str) -> bool {
        let first = path.split(self.table.source.separator).next().unwrap_or(path);
        let mut symbol = Some(self.state.symbol);
        while let Some(idx) = symbol {
            let current = &self.facts.symbols[idx as usize];
            if current.generics.iter().any(|generic| declares(generic, first)) {
                return true;
            }
            symbol = current.parent;
        }
        false
    }

    /// Records what the head of the current symbol extends or implements.
    pub(crate) fn refer_base(&mut self, kind: ReferenceKind, node: NodeIdx) {
        if let Some(path) = self.type_path(node) {
            self.refer_path(kind, path, self.name_start(node));
        }
        self.take_named(node);
    }

    /// Keeps a name just recorded from being a plain type reference as well; its type arguments are.
    fn take_named(&mut self, node: NodeIdx) {
        let mut idx = node;
        loop {
            self.tape.take(idx);
            match self.rule(idx).path {
                PathFields::Through(field) => match path::part(&self.tape, idx, field) {
                    Some(inner) => idx = inner,
                    None => return,
                },
                PathFields::Join(..) => {
                    self.path_after = self.tape.node(idx).after;
                    return;
                }
                _ => return,
            }
        }
    }

    /// Records a decorator; when it is called, the code around the definition calls it.
    pub(crate) fn refer_attribute(&mut self, attribute: NodeIdx, around: SymbolIdx) {
        let Some(named) = self.tape.children(attribute).next() else { return };
        match self.rule(named).path {
            PathFields::Suffix(inner, _) => {
                self.tape.take(named);
                if let Some(inner) = path::part(&self.tape, named, inner) {
                    let decorated = std::mem::replace(&mut self.state.symbol, around);
                    self.refer(ReferenceKind::Call, inner);
                    self.state.symbol = decorated;
                }
            }
            _ => self.refer(ReferenceKind::Decorator, named),
        }
    }
}

/// Tells whether a type parameter as written (`T: Clone`, `const N: usize`) declares a name.
fn declares(generic: &str, name: &str) -> bool {
    let generic = generic.strip_prefix("const ").unwrap_or(generic);
    generic
        .strip_prefix(name)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}
