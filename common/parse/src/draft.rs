//! A symbol before it is entered: what the table found, for the language's `shape` to complete.

use docpack::{ByteRange, SymbolKind, Visibility};
use model::facts::{
    BindingTarget, Complexity, Parameter, ReferenceKind, Scope, ScopeKind, Symbol, SymbolIdx,
};

use crate::body::Mark;
use crate::body::code::Slot;
use crate::pass::Pass;
use crate::prose;
use crate::table::{Branch, Define};
use crate::tape::NodeIdx;

/// What is known of a definition when it is met.
#[derive(Clone)]
pub(crate) struct Draft {
    /// The definition's own node.
    pub(crate) node: NodeIdx,
    /// The node whose range is the symbol's: the definition or what wraps it.
    pub(crate) outer: NodeIdx,
    pub(crate) name: String,
    pub(crate) name_node: Option<NodeIdx>,
    pub(crate) kind: SymbolKind,
    pub(crate) scope: Option<ScopeKind>,
    pub(crate) body: Option<NodeIdx>,
    /// Stands before the signature: the keyword of a declaration that the node is only a part of.
    pub(crate) signature_word: &'static str,
    /// Where the signature ends, when not at the body.
    pub(crate) signature_end: Option<u32>,
    pub(crate) value: Option<NodeIdx>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) return_type: Option<String>,
    /// The declared type's node, for what holds a value.
    pub(crate) type_node: Option<NodeIdx>,
    pub(crate) generics: Vec<String>,
    pub(crate) modifiers: Vec<String>,
    pub(crate) visibility: Visibility,
    pub(crate) exported: bool,
    /// Nodes naming what is extended or implemented.
    pub(crate) bases: Vec<(ReferenceKind, NodeIdx)>,
    pub(crate) doc: Option<String>,
    pub(crate) attributes: Vec<NodeIdx>,
    /// First byte of an attached comment or attribute.
    pub(crate) first_byte: Option<u32>,
    /// Takes the parent's place before the name: a receiver type.
    pub(crate) qualifier: Option<String>,
    /// Takes this symbol's place before its members' names: an impl's target.
    pub(crate) member_prefix: Option<String>,
    /// The parameter that is a value of the type around it, where nothing says so.
    pub(crate) receiver: Option<NodeIdx>,
    /// The name of the type, anywhere in the file, that is to be the parent.
    pub(crate) owner: Option<String>,
    /// Whether the name is bound in the surrounding scope.
    pub(crate) bound: bool,
    /// Set by `shape` when this is no definition after all.
    pub(crate) cancelled: bool,
}

impl Draft {
    /// A bare draft; everything else is for the caller to fill in.
    pub(crate) fn new(node: NodeIdx, name: String, kind: SymbolKind) -> Self {
        Self {
            node,
            outer: node,
            name,
            name_node: None,
            kind,
            scope: None,
            body: None,
            signature_word: "",
            signature_end: None,
            value: None,
            parameters: Vec::new(),
            return_type: None,
            type_node: None,
            generics: Vec::new(),
            modifiers: Vec::new(),
            visibility: Visibility::Public,
            exported: true,
            bases: Vec::new(),
            doc: None,
            attributes: Vec::new(),
            first_byte: None,
            qualifier: None,
            member_prefix: None,
            receiver: None,
            owner: None,
            bound: true,
            cancelled: false,
        }
    }
}

impl Pass<'_> {
    /// Makes the draft that a table entry describes; `None` where broken code left out the name.
    pub(crate) fn draft(&mut self, node: NodeIdx, outer: NodeIdx, define: &Define) -> Option<Draft> {
        let fields = self.rule(node).define;
        let name_node = self.tape.child(node, fields.name);
        let name = name_node.map(|name| self.text(name).into_owned()).unwrap_or_default();
        if name.is_empty() && fields.name != 0 {
            return None;
        }
        let kind = if self.parent_is_type() { define.member_kind } else { define.kind };
        let mut draft = Draft::new(node, name, kind);
        draft.outer = outer;
        draft.name_node = name_node;
        draft.scope = define.scope;
        draft.body = self.tape.child(node, fields.body);
        draft.value = self.tape.child(node, fields.value);
        draft.parameters = self.parameters_of(self.tape.child(node, fields.parameters));
        let returns = self.tape.child(node, fields.returns);
        draft.return_type = returns.map(|returns| self.line_of(returns));
        draft.type_node = returns;
        draft.generics = self.texts_of_children(self.tape.child(node, fields.generics));
        Some(draft)
    }

    /// Tells whether the innermost symbol is a type, so that functions are its methods.
    pub(crate) fn parent_is_type(&self) -> bool {
        let kind = self.facts.symbols[self.state.symbol as usize].kind;
        kind.is_type() || kind == SymbolKind::Impl
    }

    /// Enters a symbol and makes it current until its outer node ends.
    pub(crate) fn add(&mut self, mut draft: Draft) -> SymbolIdx {
        let idx = self.facts.symbols.len() as SymbolIdx;
        let parent = self.state.symbol;
        let qualified_name = self.qualify(&draft);
        if let Some(name) = draft.name_node {
            self.tape.take(name);
        }
        if draft.bound {
            self.bind(draft.name.clone(), self.tape.node(draft.node).start, BindingTarget::Symbol(idx));
            self.bind_value(&draft);
        }
        let symbol = self.symbol(&mut draft, qualified_name);
        let callable = symbol.kind.is_callable();
        let runs = callable && draft.kind != SymbolKind::Macro && draft.body.is_some();
        self.prefixes.push(draft.member_prefix.take());
        self.owners.extend(draft.owner.take().map(|owner| (idx, owner)));
        let complexity = runs.then_some(Complexity { cyclomatic: 1, cognitive: 0 });
        self.facts.symbols.push(Symbol { parent: Some(parent), complexity, ..symbol });
        self.mark(&draft, idx);
        self.push_frame(draft.outer);
        self.state.symbol = idx;
        if callable {
            self.state.callable = Some(idx);
            self.state.nesting = 0;
        }
        for &attribute in &draft.attributes {
            self.refer_attribute(attribute, parent);
            if attribute > draft.outer {
                self.runs_outside(attribute);
            }
        }
        self.enter_scope_of(&draft, idx);
        for &(kind, base) in &draft.bases {
            self.refer_base(kind, base);
        }
        idx
    }

    /// Notes where a callable's body is, and what does not run where a callable or type is defined.
    fn mark(&mut self, draft: &Draft, symbol: SymbolIdx) {
        let is_callable = draft.kind.is_callable();
        if is_callable || draft.kind.is_type() {
            self.marks.push((draft.node, Mark::Definition));
        }
        if let Some(body) = draft.body.filter(|_| is_callable && draft.kind != SymbolKind::Macro) {
            self.marks.push((body, Mark::Body(symbol)));
        }
    }

    fn enter_scope_of(&mut self, draft: &Draft, idx: SymbolIdx) {
        // A function that is a function's whole body has names of its own.
        if let Some(body) = draft.body.filter(|body| !matches!(self.rule(*body).rule.branch, Branch::Nest)) {
            self.tape.nodes[body as usize].is_body = true;
        }
        let Some(kind) = draft.scope else { return };
        self.push_frame(draft.node);
        let scope = self.open_scope(Scope { kind, parent: Some(self.state.scope), symbol: Some(idx) });
        self.facts.symbols[idx as usize].scope = Some(scope);
        self.state.scope = scope;
        if let Some(receiver) = draft.receiver {
            self.tape.take(receiver);
            let target = BindingTarget::Parameter { type_path: Some("Self".to_owned()) };
            self.bind(self.text(receiver).into_owned(), self.tape.node(receiver).start, target);
        }
    }

    /// A value's type and initialiser are bound again under the same name, right behind the symbol.
    fn bind_value(&mut self, draft: &Draft) {
        if draft.kind.is_callable() || draft.kind.is_type() {
            return;
        }
        let constructed = draft.value.and_then(|value| self.constructed_type(value));
        let type_path = draft.type_node.and_then(|node| self.declared_type(node)).or(constructed);
        let value = draft.value.and_then(|value| self.value_path(value));
        let is_unknown = draft.value.is_some_and(|value| (self.table.source.may_hold_code)(self, value));
        if type_path.is_some() || value.is_some() || is_unknown {
            let at = self.tape.node(draft.node).start;
            self.bind(draft.name.clone(), at, BindingTarget::Local { type_path, value });
        }
    }

    fn qualify(&self, draft: &Draft) -> String {
        let prefix = draft.qualifier.as_deref().unwrap_or_else(|| self.member_prefix());
        if prefix.is_empty() {
            return draft.name.clone();
        }
        let separator = self.table.source.separator;
        let mut name = String::with_capacity(prefix.len() + separator.len() + draft.name.len());
        name.push_str(prefix);
        name.push_str(separator);
        name.push_str(&draft.name);
        name
    }

    /// What stands before the names of the current symbol's members.
    pub(crate) fn member_prefix(&self) -> &str {
        let current = self.state.symbol as usize;
        self.prefixes[current].as_deref().unwrap_or(&self.facts.symbols[current].qualified_name)
    }

    /// Makes the symbol, which takes the draft's texts.
    fn symbol(&self, draft: &mut Draft, qualified_name: String) -> Symbol {
        let (node, outer) = (self.tape.node(draft.node), self.tape.node(draft.outer));
        let start = draft.first_byte.unwrap_or(outer.start).min(outer.start);
        let byte_range = ByteRange { start, end: outer.end.max(node.end) };
        let body = draft.body.map(|body| self.tape.node(body));
        let value_start = draft.value.map(|value| self.tape.node(value).start);
        let end = draft.signature_end.or(body.map(|body| body.start)).or(value_start).unwrap_or(node.end);
        let of_kind = |wanted| draft.bases.iter().filter(move |(kind, _)| *kind == wanted);
        let mut modifiers = std::mem::take(&mut draft.modifiers);
        modifiers.sort_unstable();
        modifiers.dedup();
        Symbol {
            id: self.unset_id,
            name: std::mem::take(&mut draft.name),
            qualified_name,
            kind: draft.kind,
            byte_range,
            line_range: self.source.lines(byte_range),
            body_range: body.map(|body| ByteRange { start: body.start, end: body.end }),
            signature: draft.signature_word.to_owned() + &self.signature(draft.node, end),
            parameters: std::mem::take(&mut draft.parameters),
            return_type: draft.return_type.take(),
            generics: std::mem::take(&mut draft.generics),
            modifiers,
            visibility: draft.visibility,
            exported: draft.exported,
            bases: of_kind(ReferenceKind::Extends).map(|(_, node)| self.line_of(*node)).collect(),
            implements: of_kind(ReferenceKind::Implements).map(|(_, node)| self.line_of(*node)).collect(),
            doc_comment: draft.doc.take(),
            attributes: draft.attributes.iter().map(|node| self.line_of(*node)).collect(),
            parent: None,
            scope: None,
            complexity: None,
            split_points: Vec::new(),
            body_digest: None,
            role: None,
            body: None,
        }
    }

    /// The head of a definition on one line, comments left out.
    pub(crate) fn signature(&self, node: NodeIdx, end: u32) -> String {
        let mut line = self.line_between(self.source, self.tape.node(node).start, end).into_owned();
        let kept = line
            .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '{' | ';' | '=' | ':' | ','))
            .len();
        line.truncate(kept);
        line
    }

    /// A node's text on one line.
    pub(crate) fn line_of(&self, node: NodeIdx) -> String {
        prose::line_of(self.text(node)).into_owned()
    }

    fn texts_of_children(&self, list: Option<NodeIdx>) -> Vec<String> {
        let Some(list) = list else { return Vec::new() };
        let named = self.tape.children(list).filter(|child| !self.is_comment(*child));
        named.filter(|child| self.rule(*child).token.is_none()).map(|child| self.line_of(child)).collect()
    }

    pub(crate) fn parameters_of(&self, list: Option<NodeIdx>) -> Vec<Parameter> {
        let Some(list) = list else { return Vec::new() };
        self.tape.children(list).flat_map(|child| self.parameters_in(child)).collect()
    }

    /// The default value of a parameter, which its form names.
    fn default_of(&self, node: NodeIdx) -> Option<String> {
        let form = &self.rule(node).form;
        let value =
            self.tape.children(node).find(|child| form.names(Slot::Value, self.tape.node(*child).field));
        value.map(|value| self.short(value))
    }

    /// The parameters of one node as its `bind` rule reads them: one for each name, `_` where only a type
    /// is written; without a rule, the node as it stands.
    fn parameters_in(&self, node: NodeIdx) -> Vec<Parameter> {
        let rule = self.rule(node);
        let Some(bind) = rule.rule.bind.filter(|bind| bind.parameter) else {
            let binds = rule.rule.bind.is_none() && !self.is_comment(node) && !self.names_in(node).is_empty();
            let default = self.default_of(node);
            return binds
                .then(|| Parameter { name: self.line_of(node), type_name: None, default })
                .into_iter()
                .collect();
        };
        let type_name = self.tape.child(node, rule.bind.type_name).map(|node| self.line_of(node));
        let first =
            if bind.pattern.is_empty() { Some(node) } else { self.tape.child(node, rule.bind.pattern) };
        let Some(first) = first else {
            let unnamed = type_name.map(|type_name| Parameter {
                name: "_".to_owned(),
                type_name: Some(type_name),
                default: None,
            });
            return unnamed.into_iter().collect();
        };
        let more = self.tape.children_in(node, rule.bind.pattern).filter(|pattern| *pattern > first);
        let default = self.default_of(node);
        let named = |pattern| Parameter {
            name: self.line_of(pattern),
            type_name: type_name.clone(),
            default: default.clone(),
        };
        std::iter::once(first).chain(more).map(named).collect()
    }
}
