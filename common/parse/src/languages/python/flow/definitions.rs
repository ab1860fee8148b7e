//! Functions, classes, lambdas and comprehensions: what they bind and what surrounds their bodies.

use model::flow::{
    Argument, ArgumentKind, Expression, ExpressionIdx, Function, FunctionIdx, Parameter, ParameterKind,
};

use crate::tape::NodeIdx;

use super::kinds::Kind;
use super::names::ScopeKind;
use super::{Lowering, State};

impl Lowering<'_, '_> {
    pub(super) fn function(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let node = *pass.tape.node(idx);
        let symbol = self.definitions.get(&node.start).copied();
        let definition = self.add(symbol.map_or(Expression::Unknown, Expression::Symbol));
        self.bind_definition(idx, definition);
        let Some(body) = pass.child(idx, "body") else { return };
        let function = self.open_function(symbol, (node.start, node.end), body);
        self.parameters(pass.child(idx, "parameters"), function, body);
    }

    /// `name = lambda …` is a function of that name.
    pub(super) fn lambda(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let node = *pass.tape.node(idx);
        let parent = pass.tape.parent(idx).filter(|parent| self.kind(*parent) == Some(Kind::Assignment));
        let symbol = parent.and_then(|parent| self.definitions.get(&pass.tape.node(parent).start).copied());
        let Some(body) = pass.child(idx, "body") else { return };
        let result = self.of(body);
        let function = self.open_function(symbol, (node.start, node.end), body);
        self.flow.functions[function as usize].results.push(result);
        self.set(idx, symbol.map_or(Expression::Lambda(function), Expression::Symbol));
        self.parameters(pass.child(idx, "parameters"), function, body);
    }

    fn open_function(&mut self, symbol: Option<u32>, range: (u32, u32), body: NodeIdx) -> FunctionIdx {
        let function = self.flow.functions.len() as FunctionIdx;
        self.flow.functions.push(Function { symbol, ..Function::default() });
        let around = self.state;
        let (scope, region) =
            self.names.open(ScopeKind::Function, Some(around.scope), None, around.region, range);
        let symbol = symbol.unwrap_or(around.symbol);
        self.bodies.insert(body, State { symbol, scope, region, function: Some(function), ..around });
        function
    }

    fn parameters(&mut self, list: Option<NodeIdx>, function: FunctionIdx, body: NodeIdx) {
        let Some(inside) = self.bodies.get(&body).copied() else { return };
        let at = self.pass.tape.node(body).start;
        let mut kind = ParameterKind::Positional;
        for node in list.map_or(Vec::new(), |list| self.children(list)) {
            if self.pass.is_kind(node, "keyword_separator") {
                kind = ParameterKind::NamedOnly;
                continue;
            }
            let Some((name, own)) = self.parameter(node) else { continue };
            let default = self.pass.child(node, "value").map(|value| self.of(value));
            let value = self.add(Expression::Parameter(default));
            let bound = self.declared(node, value);
            let name = self.name_of(name);
            self.names.bind((inside.scope, inside.region), name, at, Some(bound), false);
            let kind_of = own.unwrap_or(kind);
            self.flow.functions[function as usize].parameters.push(Parameter { name, kind: kind_of, value });
            if own == Some(ParameterKind::List) {
                kind = ParameterKind::NamedOnly;
            }
        }
    }

    /// The name of a parameter, and its kind where it takes several values.
    fn parameter(&self, node: NodeIdx) -> Option<(NodeIdx, Option<ParameterKind>)> {
        let pass = self.pass;
        let mut node = node;
        if pass.is_kind(node, "typed_parameter") {
            node = pass.tape.children(node).next()?;
        } else if pass.is_kind(node, "default_parameter") || pass.is_kind(node, "typed_default_parameter") {
            node = pass.child(node, "name")?;
        }
        if pass.is_kind(node, "identifier") {
            return Some((node, None));
        }
        let kind = if pass.is_kind(node, "list_splat_pattern") {
            ParameterKind::List
        } else if pass.is_kind(node, "dictionary_splat_pattern") {
            ParameterKind::Table
        } else {
            return None;
        };
        Some((pass.tape.children(node).next()?, Some(kind)))
    }

    pub(super) fn class(&mut self, idx: NodeIdx) {
        let node = *self.pass.tape.node(idx);
        let symbol = self.definitions.get(&node.start).copied();
        let definition = self.add(symbol.map_or(Expression::Unknown, Expression::Symbol));
        self.bind_definition(idx, definition);
        let Some(body) = self.pass.child(idx, "body") else { return };
        let around = self.state;
        let range = (node.start, node.end);
        let (scope, region) =
            self.names.open(ScopeKind::Class, Some(around.scope), symbol, around.region, range);
        let symbol = symbol.unwrap_or(around.symbol);
        self.bodies.insert(body, State { symbol, class: Some(symbol), scope, region, ..around });
    }

    /// Binds what is left of a definition once its decorators have been called, the innermost first.
    fn bind_definition(&mut self, idx: NodeIdx, definition: ExpressionIdx) {
        let pass = self.pass;
        let Some(name) = pass.child(idx, "name") else { return };
        let parent = pass.tape.parent(idx).filter(|parent| self.kind(*parent) == Some(Kind::Decorated));
        let mut value = definition;
        for decorator in parent.map_or(Vec::new(), |parent| self.decorators(parent)).into_iter().rev() {
            let Some(by) = self.children(decorator).first().copied() else { continue };
            let callee = self.of(by);
            let site = self.site(by, false);
            let arguments = vec![Argument { kind: ArgumentKind::Positional, value }];
            let call = self.add(Expression::Call { callee, arguments, site });
            value = self.add(Expression::Decorated { call, definition: value });
        }
        let name = self.name_of(name);
        let at = pass.tape.node(idx).end;
        self.names.bind((self.state.scope, self.state.region), name, at, Some(value), true);
    }

    /// What decorators name is read before the definition that they stand above.
    pub(super) fn decorated(&mut self, idx: NodeIdx) {
        for decorator in self.decorators(idx) {
            if let Some(by) = self.children(decorator).first() {
                self.of(*by);
            }
        }
    }

    fn decorators(&self, idx: NodeIdx) -> Vec<NodeIdx> {
        let pass = self.pass;
        pass.tape.children(idx).filter(|child| pass.is_kind(*child, "decorator")).collect()
    }

    /// A comprehension runs where it stands, with names of its own.
    pub(super) fn comprehension(&mut self, idx: NodeIdx) {
        if let Some(body) = self.pass.child(idx, "body") {
            let pair = self.pass.child(body, "value").filter(|_| self.pass.is_kind(body, "pair"));
            let element = self.of(pair.unwrap_or(body));
            let expression = if pair.is_some() { Expression::TableOf } else { Expression::ListOf };
            self.set(idx, expression(element));
        }
        // The first iterable is read in the scope around.
        let clause = self.pass.child_of_kind(idx, "for_in_clause");
        if let Some(first) = clause.and_then(|clause| self.pass.child(clause, "right")) {
            self.bodies.insert(first, self.state);
        }
        self.push(idx);
        let start = self.pass.tape.node(idx).start;
        self.state.scope = self.names.open_inside(self.state.scope, self.state.region, start);
    }
}
