//! What statements bind, store, give back and loop over.

use model::flow::{Expression, ExpressionIdx, Part, Store};

use crate::tape::NodeIdx;

use super::kinds::Kind;
use super::{Lowering, UNASKED};

impl Lowering<'_, '_> {
    pub(super) fn import(&mut self, idx: NodeIdx) {
        let node = *self.pass.tape.node(idx);
        let first = self.imports.partition_point(|(at, _)| *at < node.start);
        let own = self.imports[first..].iter().take_while(|(at, _)| *at < node.end);
        for import in own.map(|(_, import)| *import).collect::<Vec<_>>() {
            let Some(name) = &self.pass.facts.imports[import as usize].local_name else { continue };
            let name = self.name(name);
            let value = self.add(Expression::Import(import));
            self.names.bind((self.state.scope, self.state.region), name, node.end, Some(value), true);
        }
    }

    pub(super) fn elsewhere(&mut self, idx: NodeIdx, to_module: bool) {
        for node in self.children(idx) {
            let name = self.name_of(node);
            self.names.send_elsewhere(self.state.scope, name, to_module);
        }
    }

    /// What is deleted is bound to nothing.
    pub(super) fn delete(&mut self, idx: NodeIdx) {
        let end = self.pass.tape.node(idx).end;
        let mut open = self.children(idx);
        while let Some(node) = open.pop() {
            match self.kind(node) {
                Some(Kind::Identifier) => self.bind(node, end, None),
                Some(Kind::Attribute | Kind::Subscript) => {
                    if let Some((_, path)) = self.path(node) {
                        self.bind_path(path, end, None);
                    }
                }
                Some(Kind::List) => open.extend(self.children(node)),
                _ => {}
            }
        }
    }

    fn bind(&mut self, name: NodeIdx, at: u32, value: Option<ExpressionIdx>) {
        let name = self.name_of(name);
        self.names.bind((self.state.scope, self.state.region), name, at, value, false);
    }

    pub(super) fn assignment(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) else { return };
        let given = self.of(right);
        let value = self.declared(idx, given);
        let end = pass.tape.node(idx).end;
        if self.expressions[idx as usize] != UNASKED {
            self.set(idx, Expression::AnyOf(vec![value]));
        }
        self.assign(left, value, end);
    }

    /// What is in a parameter or variable of a node that may have a written type.
    pub(super) fn declared(&mut self, idx: NodeIdx, of: ExpressionIdx) -> ExpressionIdx {
        let Some(written) = self.pass.child(idx, "type") else { return of };
        let is_callable = self.pass.text(written).contains("Callable");
        self.add(Expression::Declared { of, is_callable })
    }

    /// Puts a value, or the parts of it, into what stands at the left.
    fn assign(&mut self, target: NodeIdx, value: ExpressionIdx, at: u32) {
        let mut open = vec![(target, value)];
        while let Some((target, value)) = open.pop() {
            match self.kind(target) {
                Some(Kind::Identifier) => self.bind(target, at, Some(value)),
                Some(Kind::Attribute | Kind::Subscript) => self.store(target, value, at),
                Some(Kind::Pattern | Kind::List) => self.unpack(target, value, &mut open),
                Some(Kind::Through) => {
                    open.extend(self.children(target).first().map(|inner| (*inner, value)))
                }
                _ => {}
            }
        }
    }

    fn unpack(&mut self, target: NodeIdx, value: ExpressionIdx, open: &mut Vec<(NodeIdx, ExpressionIdx)>) {
        let targets = self.children(target);
        let star = targets.iter().position(|target| self.kind(*target) == Some(Kind::Splat));
        let n_targets = targets.len();
        for (at, target) in targets.into_iter().enumerate() {
            if star == Some(at) {
                let rest = Expression::Slice {
                    of: value,
                    from: at as u32,
                    n_left: Some((n_targets - at - 1) as u32),
                    to: None,
                };
                let rest = self.add(rest);
                open.extend(self.children(target).first().map(|inner| (*inner, rest)));
                continue;
            }
            let is_behind = star.is_some_and(|star| at > star);
            let position = if is_behind { at as i64 - n_targets as i64 } else { at as i64 };
            let key = self.add(Expression::Number(position));
            let item = self.add(Expression::Item(value, key));
            open.push((target, item));
        }
    }

    fn store(&mut self, target: NodeIdx, value: ExpressionIdx, at: u32) {
        let pass = self.pass;
        let store = if self.kind(target) == Some(Kind::Attribute) {
            let (Some(object), Some(name)) = (pass.child(target, "object"), pass.child(target, "attribute"))
            else {
                return;
            };
            Store::Member { of: self.of(object), name: self.name_of(name), value }
        } else {
            let Some(object) = pass.child(target, "value") else { return };
            let of = self.of(object);
            let key = self.children(target).into_iter().find(|child| *child > object);
            let key = match key {
                Some(key) => self.of(key),
                None => self.add(Expression::Unknown),
            };
            Store::Item { of, key, value }
        };
        self.flow.stores.push(store);
        if let Some((_, path)) = self.path(target) {
            self.bind_path(path, at, Some(value));
        }
    }

    /// `x += [f]` gives a longer list.
    pub(super) fn augmented(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) else { return };
        let is_list = matches!(self.kind(right), Some(Kind::List));
        if self.kind(left) != Some(Kind::Identifier) {
            return;
        }
        let end = pass.tape.node(idx).end;
        if !is_list {
            return self.bind(left, end, None);
        }
        let parts = [self.of(left), self.of(right)].map(|value| Part { value, is_spread: true });
        let value = self.add(Expression::List(parts.to_vec()));
        self.bind(left, end, Some(value));
    }

    pub(super) fn each(&mut self, idx: NodeIdx, is_statement: bool) {
        let pass = self.pass;
        let (Some(left), Some(right)) = (pass.child(idx, "left"), pass.child(idx, "right")) else { return };
        let of = self.of(right);
        let site = self.site(right, false);
        let element = self.add(Expression::Element(of, site));
        let outer = self.state;
        let mut at = pass.tape.parent(idx).map_or(0, |parent| pass.tape.node(parent).start);
        if let Some(body) = pass.child(idx, "body").filter(|_| is_statement) {
            let node = *pass.tape.node(body);
            self.state.region = self.names.open_region(outer.region, (node.start, node.end), true, None);
            at = node.start;
            self.bodies.insert(body, self.state);
        }
        self.assign(left, element, at);
        self.state = outer;
    }

    pub(super) fn returned(&mut self, idx: NodeIdx) {
        self.names.leave(self.state.region);
        let (Some(function), Some(value)) = (self.state.function, self.children(idx).first().copied()) else {
            return;
        };
        let value = self.of(value);
        self.flow.functions[function as usize].results.push(value);
    }

    pub(super) fn yielded(&mut self, idx: NodeIdx) {
        let Some(function) = self.state.function else { return };
        let value = match self.children(idx).first().copied() {
            Some(inner) => {
                let value = self.of(inner);
                let node = *self.pass.tape.node(idx);
                let is_from =
                    self.pass.source.text(node.start, self.pass.tape.node(inner).start).contains("from");
                if is_from {
                    let site = self.site(inner, false);
                    self.add(Expression::Element(value, site))
                } else {
                    value
                }
            }
            None => self.add(Expression::Unknown),
        };
        self.flow.functions[function as usize].yields.push(value);
    }

    /// `raise Error` makes an `Error`.
    pub(super) fn raised(&mut self, idx: NodeIdx) {
        self.names.leave(self.state.region);
        let Some(inner) = self.children(idx).first().copied() else { return };
        if matches!(self.kind(inner), Some(Kind::Identifier | Kind::Attribute)) {
            let of = self.of(inner);
            let site = self.site(inner, false);
            self.add(Expression::Raised(of, site));
        }
    }

    /// A block that may not run, or run again, is a region of its own.
    pub(super) fn block(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let Some(parent) = pass.tape.parent(idx) else { return };
        let is = |kind: &str| pass.is_kind(parent, kind);
        if is("function_definition") || is("class_definition") || is("for_statement") || is("with_statement")
        {
            return;
        }
        let choice = if is("if_statement") {
            Some(parent)
        } else if is("elif_clause") || is("else_clause") || is("case_clause") {
            let of = pass.tape.parent(parent);
            of.filter(|of| pass.is_kind(*of, "if_statement") || is("case_clause"))
        } else {
            None
        };
        self.push(idx);
        let node = *pass.tape.node(idx);
        let is_loop = is("while_statement");
        self.state.region =
            self.names.open_region(self.state.region, (node.start, node.end), is_loop, choice);
    }

    /// `with … as x` and `except E as x` bind what is not followed.
    pub(super) fn alias(&mut self, idx: NodeIdx) {
        let Some(alias) = self.pass.child(idx, "alias") else { return };
        let at = self.pass.tape.node(idx).end;
        for name in self.pass.names_in(alias) {
            self.bind(name, at, None);
        }
    }

    pub(super) fn named(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let (Some(name), Some(value)) = (pass.child(idx, "name"), pass.child(idx, "value")) else { return };
        let value = self.of(value);
        if self.expressions[idx as usize] != UNASKED {
            self.set(idx, Expression::AnyOf(vec![value]));
        }
        let scope = self.names.outside_comprehensions(self.state.scope);
        let name = self.name_of(name);
        let at = pass.tape.node(idx).end;
        self.names.bind((scope, self.state.region), name, at, Some(value), false);
    }
}
