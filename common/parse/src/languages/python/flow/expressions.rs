//! What an expression gives, in terms of its parts.

use model::flow::{Argument, ArgumentKind, Expression, ExpressionIdx, Part};

use crate::tape::NodeIdx;

use super::super::shapes;
use super::kinds::Kind;
use super::{Lowering, UNASKED};

/// A longer text is no key.
const MAX_KEY_BYTES: usize = 64;
/// A list with more elements than this is data.
const MAX_PARTS: usize = 256;
/// `a.b["c"]` with more steps is not followed as one path.
const MAX_STEPS: usize = 4;

impl Lowering<'_, '_> {
    pub(super) fn expression(&mut self, idx: NodeIdx, kind: Kind) {
        let expression = match kind {
            Kind::Attribute => self.attribute(idx),
            Kind::Subscript => self.subscript(idx),
            Kind::Through => self.children(idx).first().map(|inner| Expression::AnyOf(vec![self.of(*inner)])),
            Kind::Conditional => self.conditional(idx),
            Kind::Boolean => self.boolean(idx),
            Kind::List => Some(self.list(idx)),
            Kind::Dictionary => Some(self.dictionary(idx)),
            Kind::Text | Kind::Integer | Kind::Negated => self.constant(idx),
            Kind::Binary => self.joined(idx),
            _ => None,
        };
        if let Some(expression) = expression {
            self.set(idx, expression);
        }
    }

    pub(super) fn identifier(&mut self, idx: NodeIdx) {
        let asked = self.expressions[idx as usize];
        if asked == UNASKED {
            return;
        }
        let node = *self.pass.tape.node(idx);
        let name = self.name_of(idx);
        self.mention(idx, name);
        self.names.read(asked, name, (self.state.scope, self.state.region), node.start, None);
    }

    /// Notes a use of a name that may change what lies under its keys.
    fn mention(&mut self, idx: NodeIdx, name: u32) {
        let pass = self.pass;
        let Some(parent) = pass.tape.parent(idx) else { return };
        let at = pass.tape.node(idx).start;
        match self.kind(parent) {
            Some(Kind::Subscript) if pass.child(parent, "value") == Some(idx) => {
                if self.key(parent).is_none() {
                    self.names.mention(name, at, None);
                }
            }
            Some(Kind::Attribute) => {
                let path = self.path(parent).map(|(_, path)| self.name(&path));
                self.names.mention(name, at, path);
            }
            _ => self.names.mention(name, at, None),
        }
    }

    fn attribute(&mut self, idx: NodeIdx) -> Option<Expression> {
        let object = self.pass.child(idx, "object")?;
        let of = self.of(object);
        let name = self.pass.child(idx, "attribute")?;
        let name = self.name_of(name);
        self.read_path(idx);
        Some(Expression::Member(of, name))
    }

    fn subscript(&mut self, idx: NodeIdx) -> Option<Expression> {
        let value = self.pass.child(idx, "value")?;
        let of = self.of(value);
        let key = self.only_key(idx);
        if let Some(slice) = key.filter(|key| self.pass.is_kind(*key, "slice")) {
            return Some(self.slice(of, slice));
        }
        let key = match key {
            Some(key) => self.of(key),
            None => self.add(Expression::Unknown),
        };
        self.read_path(idx);
        Some(Expression::Item(of, key))
    }

    fn only_key(&self, idx: NodeIdx) -> Option<NodeIdx> {
        let value = self.pass.child(idx, "value")?;
        let mut keys = self.children(idx).into_iter().filter(|child| *child > value);
        keys.next().filter(|_| keys.next().is_none())
    }

    fn slice(&mut self, of: ExpressionIdx, slice: NodeIdx) -> Expression {
        let text = self.pass.text(slice);
        let mut ends = text.split(':').map(str::trim);
        let (from, to) = (ends.next().unwrap_or_default(), ends.next().unwrap_or_default());
        let bound = |text: &str, otherwise| if text.is_empty() { Some(otherwise) } else { text.parse().ok() };
        match (bound(from, 0), to.strip_prefix('-').map(str::trim).and_then(|text| text.parse().ok())) {
            (Some(from), Some(n_left)) if ends.next().is_none() => {
                Expression::Slice { of, from, n_left: Some(n_left), to: None }
            }
            (Some(from), None) if to.is_empty() && ends.next().is_none() => {
                Expression::Slice { of, from, n_left: Some(0), to: None }
            }
            (Some(from), None) if to.parse::<u32>().is_ok() && ends.next().is_none() => {
                Expression::Slice { of, from, n_left: None, to: to.parse().ok() }
            }
            _ => Expression::List(vec![Part { value: of, is_spread: true }]),
        }
    }

    fn conditional(&mut self, idx: NodeIdx) -> Option<Expression> {
        // The condition stands between the two.
        let parts = self.children(idx);
        let (first, last) = (*parts.first()?, *parts.last()?);
        Some(Expression::AnyOf(vec![self.of(first), self.of(last)]))
    }

    fn boolean(&mut self, idx: NodeIdx) -> Option<Expression> {
        let (left, right) = (self.pass.child(idx, "left")?, self.pass.child(idx, "right")?);
        let right = self.of(right);
        if !self.pass.has_token(idx, "or") {
            return Some(Expression::AnyOf(vec![right]));
        }
        Some(Expression::AnyOf(vec![self.of(left), right]))
    }

    pub(super) fn list(&mut self, idx: NodeIdx) -> Expression {
        let nodes = self.children(idx);
        if nodes.len() > MAX_PARTS {
            return Expression::Unknown;
        }
        Expression::List(nodes.into_iter().map(|node| self.part(node)).collect())
    }

    fn part(&mut self, node: NodeIdx) -> Part {
        let spread = (self.kind(node) == Some(Kind::Splat)).then(|| self.children(node));
        match spread.and_then(|inner| inner.first().copied()) {
            Some(inner) => Part { value: self.of(inner), is_spread: true },
            None => Part { value: self.of(node), is_spread: false },
        }
    }

    fn dictionary(&mut self, idx: NodeIdx) -> Expression {
        let nodes = self.children(idx);
        if nodes.len() > MAX_PARTS {
            return Expression::Unknown;
        }
        let mut parts = Vec::with_capacity(nodes.len());
        for node in nodes {
            let (key, value) = (self.pass.child(node, "key"), self.pass.child(node, "value"));
            if let (Some(key), Some(value)) = (key, value) {
                parts.push((Some(self.of(key)), self.of(value)));
            } else if let Some(inner) = self.children(node).first() {
                parts.push((None, self.of(*inner)));
            }
        }
        Expression::Table(parts)
    }

    fn constant(&mut self, idx: NodeIdx) -> Option<Expression> {
        if self.kind(idx) == Some(Kind::Text) {
            let text = shapes::string_text(self.pass, idx).filter(|text| text.len() <= MAX_KEY_BYTES)?;
            return Some(Expression::Text(self.name(&text)));
        }
        self.pass.text(idx).parse().ok().map(Expression::Number)
    }

    /// `a + b` of lists.
    fn joined(&mut self, idx: NodeIdx) -> Option<Expression> {
        let pass = self.pass;
        let (left, right) = (pass.child(idx, "left")?, pass.child(idx, "right")?);
        let between = pass.source.text(pass.tape.node(left).end, pass.tape.node(right).start);
        if between.trim() != "+" {
            return None;
        }
        let spread = |value| Part { value, is_spread: true };
        Some(Expression::List(vec![spread(self.of(left)), spread(self.of(right))]))
    }

    pub(super) fn call(&mut self, idx: NodeIdx) {
        let pass = self.pass;
        let (Some(function), Some(list)) = (pass.child(idx, "function"), pass.child(idx, "arguments")) else {
            return;
        };
        let is_plain = matches!(self.kind(function), Some(Kind::Identifier | Kind::Attribute));
        let site = self.site(function, is_plain || pass.path(function).is_some());
        let arguments = self.arguments(list);
        if arguments.is_empty()
            && self.kind(function) == Some(Kind::Identifier)
            && pass.text(function) == "super"
        {
            if let Some(class) = self.state.class {
                self.set(idx, Expression::Super(class));
            }
            return;
        }
        let callee = self.of(function);
        self.set(idx, Expression::Call { callee, arguments, site });
        self.updated(idx, function, list);
    }

    fn arguments(&mut self, list: NodeIdx) -> Vec<Argument> {
        let pass = self.pass;
        if !pass.is_kind(list, "argument_list") {
            return vec![Argument { kind: ArgumentKind::Positional, value: self.of(list) }];
        }
        let nodes = self.children(list);
        let mut arguments = Vec::with_capacity(nodes.len());
        for node in nodes {
            let inner = pass.tape.children(node).next();
            let (kind, value) = if pass.is_kind(node, "keyword_argument") {
                let (Some(name), Some(value)) = (pass.child(node, "name"), pass.child(node, "value")) else {
                    continue;
                };
                (ArgumentKind::Named(self.name_of(name)), value)
            } else if pass.is_kind(node, "list_splat") {
                let Some(inner) = inner else { continue };
                (ArgumentKind::List, inner)
            } else if pass.is_kind(node, "dictionary_splat") {
                let Some(inner) = inner else { continue };
                (ArgumentKind::Table, inner)
            } else {
                (ArgumentKind::Positional, node)
            };
            arguments.push(Argument { kind, value: self.of(value) });
        }
        arguments
    }

    /// `d.update({"a": f})` puts a value under a constant key like an assignment.
    fn updated(&mut self, idx: NodeIdx, function: NodeIdx, list: NodeIdx) {
        let pass = self.pass;
        let Some(object) =
            pass.child(function, "object").filter(|_| self.kind(function) == Some(Kind::Attribute))
        else {
            return;
        };
        let is_update = pass.child(function, "attribute").is_some_and(|name| pass.text(name) == "update");
        let Some((_, path)) = self.path(object).filter(|_| is_update) else { return };
        let [table] = self.children(list)[..] else { return };
        if self.kind(table) != Some(Kind::Dictionary) {
            return;
        }
        for pair in self.children(table) {
            let (Some(key), Some(value)) = (pass.child(pair, "key"), pass.child(pair, "value")) else {
                continue;
            };
            if let Some(key) = self.key_text(key) {
                let value = self.of(value);
                self.bind_path(format!("{path}{key}"), pass.tape.node(idx).end, Some(value));
            }
        }
    }

    fn read_path(&mut self, idx: NodeIdx) {
        if let Some((root, path)) = self.path(idx) {
            let asked = self.of(idx);
            let (path, root) = (self.name(&path), self.name_of(root));
            let at = self.pass.tape.node(idx).start;
            self.names.read(asked, path, (self.state.scope, self.state.region), at, Some(root));
        }
    }

    pub(super) fn bind_path(&mut self, path: String, at: u32, value: Option<ExpressionIdx>) {
        let path = self.name(&path);
        self.names.bind((self.state.scope, self.state.region), path, at, value, false);
    }

    /// `x.y` and `x["y"]` as one text, with the name that it begins with.
    pub(super) fn path(&self, idx: NodeIdx) -> Option<(NodeIdx, String)> {
        let pass = self.pass;
        let mut steps = [idx; MAX_STEPS];
        let mut n_steps = 0;
        let mut root = idx;
        loop {
            let inner = match self.kind(root)? {
                Kind::Identifier => break,
                Kind::Attribute => "object",
                Kind::Subscript => "value",
                _ => return None,
            };
            *steps.get_mut(n_steps)? = root;
            n_steps += 1;
            root = pass.child(root, inner)?;
        }
        let mut path = pass.text(root).into_owned();
        for &step in steps[..n_steps].iter().rev() {
            if self.kind(step) == Some(Kind::Attribute) {
                path.push('.');
                path.push_str(&pass.text(pass.child(step, "attribute")?));
            } else {
                path.push_str(&self.key(step)?);
            }
        }
        Some((root, path))
    }

    fn key(&self, subscript: NodeIdx) -> Option<String> {
        self.key_text(self.only_key(subscript)?)
    }

    fn key_text(&self, key: NodeIdx) -> Option<String> {
        let pass = self.pass;
        match self.kind(key)? {
            Kind::Text => shapes::string_text(pass, key)
                .filter(|text| text.len() <= MAX_KEY_BYTES)
                .map(|text| format!("[{text:?}]")),
            Kind::Integer => Some(format!("[{}]", pass.text(key))),
            _ => None,
        }
    }
}
