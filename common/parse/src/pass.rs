//! The one engine that reads every language: a single pass over a file's tape.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use docpack::{SymbolId, SymbolKind};
use model::facts::{
    Binding, BindingTarget, Complexity, FileFacts, Import, ImportIdx, Reference, ReferenceKind, Scope,
    ScopeIdx, ScopeKind, SymbolIdx,
};

use crate::compile::{KindRule, PathFields, Table};
use crate::draft::Draft;
use crate::path;
use crate::prose;
use crate::source::Source;
use crate::table::{Bind, Define, Trivia};
use crate::tape::{Node, NodeIdx, Tape};

/// Bodies up to this size are never cut, so their statements need not be listed.
const MIN_SPLIT_BYTES: u32 = 3 * 1024;

/// What surrounds the current node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) symbol: SymbolIdx,
    pub(crate) scope: ScopeIdx,
    /// The innermost callable, to which branches are counted.
    pub(crate) callable: Option<SymbolIdx>,
    pub(crate) nesting: u32,
    in_type: bool,
}

struct Frame {
    after: NodeIdx,
    saved: State,
}

/// One file being read; hooks see all of it.
pub(crate) struct Pass<'a> {
    pub(crate) table: &'a Table,
    pub(crate) source: &'a Source<'a>,
    pub(crate) tape: Tape,
    pub(crate) facts: FileFacts,
    pub(crate) state: State,
    pub(crate) unset_id: SymbolId,
    /// By symbol: what stands before its members' names, where that is not its own qualified name.
    pub(crate) prefixes: Vec<Option<String>>,
    /// Symbols whose parent is a type named here, wherever in the file it stands.
    pub(crate) owners: Vec<(SymbolIdx, String)>,
    /// Names a symbol has as members already, for languages that define by assignment.
    assigned: HashSet<(SymbolIdx, String)>,
    frames: Vec<Frame>,
    /// Comments and attributes that may belong to the next definition.
    trivia: Vec<NodeIdx>,
    /// Below this node the parts of a path already recorded are passed over.
    path_after: NodeIdx,
    /// The node behind the last comment: a cut goes before the comment, not here.
    behind_comment: NodeIdx,
    max_symbols: usize,
}

impl<'a> Pass<'a> {
    /// Prepares a pass; `facts` holds the file's own symbol and scope.
    pub(crate) fn new(
        table: &'a Table,
        source: &'a Source<'a>,
        tape: Tape,
        facts: FileFacts,
        limit: usize,
    ) -> Self {
        let unset_id = facts.symbols[0].id;
        let state = State { symbol: 0, scope: 0, callable: None, nesting: 0, in_type: false };
        Self {
            table,
            source,
            tape,
            facts,
            state,
            unset_id,
            prefixes: vec![None],
            owners: Vec::new(),
            assigned: HashSet::new(),
            frames: Vec::new(),
            trivia: Vec::new(),
            path_after: 0,
            behind_comment: 0,
            max_symbols: limit,
        }
    }

    /// Reads the whole tape; returns the facts and whether the symbol limit cut them short.
    pub(crate) fn run(mut self) -> (FileFacts, bool) {
        let mut idx = 0;
        let mut full = false;
        while idx < self.tape.len() && !full {
            self.leave_frames(idx);
            self.enter(idx);
            full = self.facts.symbols.len() >= self.max_symbols;
            idx += 1;
        }
        self.leave_frames(NodeIdx::MAX);
        let finish = self.table.source.finish;
        finish(&mut self);
        self.adopt();
        self.derive_ids();
        self.facts.references.sort_by_key(|reference| (reference.byte_start, reference.kind));
        (self.facts, full)
    }

    fn leave_frames(&mut self, idx: NodeIdx) {
        while let Some(frame) = self.frames.pop_if(|frame| frame.after <= idx) {
            self.state = frame.saved;
        }
    }

    fn enter(&mut self, idx: NodeIdx) {
        let table = self.table;
        let node = *self.tape.node(idx);
        let rule = table.rule(node.kind);
        if self.state.callable.is_some() {
            self.mark_split(idx);
        }
        if !rule.active {
            return;
        }
        if rule.rule.trivia != Trivia::None {
            self.enter_trivia(idx, rule);
        }
        if node.taken {
            return;
        }
        if let Some(hook) = rule.rule.hook {
            hook(self, idx);
        }
        if rule.wraps != 0 || rule.rule.wraps_only {
            self.enter_wrapper(idx);
        }
        let defined = rule.rule.define.as_ref().is_some_and(|define| self.enter_define(idx, idx, define));
        if let Some(kind) = rule.rule.scope
            && !node.is_body
        {
            self.enter_scope(idx, kind);
        }
        if let Some(bind) = rule.rule.bind
            && !defined
        {
            self.enter_bind(idx, rule, bind);
        }
        if rule.rule.parameters {
            self.enter_parameters(idx);
        }
        self.enter_reference(idx, rule);
        self.enter_branch(idx, rule);
        if rule.rule.type_region {
            self.push_frame(idx);
            self.state.in_type = true;
        }
    }

    fn mark_split(&mut self, idx: NodeIdx) {
        let Some(parent) = self.tape.parent(idx).map(|parent| self.tape.node(parent)) else { return };
        if parent.end - parent.start < MIN_SPLIT_BYTES || !self.table.rule(parent.kind).rule.statements {
            return;
        }
        let callable = self.state.callable.unwrap_or(0) as usize;
        if idx != self.behind_comment && self.facts.symbols[callable].body_range.is_some() {
            self.facts.symbols[callable].split_points.push(self.tape.node(idx).start);
        }
    }

    fn enter_trivia(&mut self, idx: NodeIdx, rule: &KindRule) {
        self.trivia.push(idx);
        if rule.rule.trivia == Trivia::Comment {
            self.behind_comment = self.tape.node(idx).after;
            let text = self.text(idx);
            if (self.table.source.is_inner_doc)(&text) {
                self.add_doc(self.state.symbol, &text);
            }
        }
    }

    fn enter_wrapper(&mut self, idx: NodeIdx) {
        let Some(inner) = self.wrapped(idx).filter(|inner| !self.tape.node(*inner).taken) else { return };
        if let Some(define) = &self.rule(inner).rule.define
            && (define.when)(self, inner)
        {
            self.tape.take(inner);
            self.enter_define(inner, idx, define);
        }
    }

    /// Follows wrappers within wrappers to the definition inside.
    fn wrapped(&self, idx: NodeIdx) -> Option<NodeIdx> {
        let mut inner = idx;
        loop {
            let rule = self.rule(inner);
            inner = match rule.rule.wraps_only {
                true => self.only_definition(inner)?,
                false => self.tape.child(inner, rule.wraps)?,
            };
            if self.rule(inner).rule.define.is_some() {
                return Some(inner);
            }
        }
    }

    fn only_definition(&self, idx: NodeIdx) -> Option<NodeIdx> {
        let defines = |rule: &KindRule| rule.rule.define.is_some() || rule.rule.wraps_only;
        let mut found = self.tape.children(idx).filter(|child| defines(self.rule(*child)));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Enters what a node defines; tells whether it was a definition after all.
    fn enter_define(&mut self, node: NodeIdx, outer: NodeIdx, define: &Define) -> bool {
        if !(define.when)(self, node) {
            return false;
        }
        let Some(mut draft) = self.draft(node, outer, define) else { return false };
        self.attach_trivia(&mut draft);
        (define.shape)(self, &mut draft);
        if draft.cancelled {
            return false;
        }
        let more = self.further_names(&draft);
        if more.is_empty() {
            self.add(draft);
            return true;
        }
        let around = self.state;
        self.add(draft.clone());
        let inside = self.state;
        for name in more {
            self.state = around;
            let text = self.text(name).into_owned();
            self.add(Draft { name: text, name_node: Some(name), attributes: Vec::new(), ..draft.clone() });
        }
        self.state = inside;
        true
    }

    /// Finds the names after the first of a definition that has several: `a, b int`.
    fn further_names(&self, draft: &Draft) -> Vec<NodeIdx> {
        let Some(first) = draft.name_node.map(|name| *self.tape.node(name)) else { return Vec::new() };
        let is_name = |node: &Node| node.field == first.field && node.kind == first.kind;
        let siblings = self.tape.children(draft.node).filter(|child| is_name(self.tape.node(*child)));
        siblings.filter(|child| Some(*child) > draft.name_node).collect()
    }

    fn enter_scope(&mut self, idx: NodeIdx, kind: ScopeKind) {
        self.push_frame(idx);
        self.state.scope = self.open_scope(Scope { kind, parent: Some(self.state.scope), symbol: None });
    }

    /// Gives a draft the comments and attributes right before it, and the attributes inside it.
    pub(crate) fn attach_trivia(&mut self, draft: &mut Draft) {
        let mut next = draft.outer;
        let parent = self.tape.node(draft.outer).parent;
        let mut docs = Vec::new();
        while let Some(idx) = self.trivia.pop() {
            let node = *self.tape.node(idx);
            if node.after != next || node.parent != parent {
                break;
            }
            if self.rule(idx).rule.trivia == Trivia::Attribute {
                draft.attributes.push(idx);
            } else if self.is_doc_for(idx, next) {
                docs.push(idx);
            } else {
                break;
            }
            draft.first_byte = Some(node.start);
            next = idx;
        }
        self.trivia.clear();
        draft.attributes.reverse();
        self.attach_inner_attributes(draft);
        if !docs.is_empty() {
            let text: Vec<_> = docs.iter().rev().map(|doc| self.text(*doc)).collect();
            let lines: Vec<&str> = text.iter().map(|text| text.trim_end()).collect();
            draft.doc = prose::clean_comment(&lines.join("\n"));
        }
    }

    fn attach_inner_attributes(&self, draft: &mut Draft) {
        let is_attribute = |child: &NodeIdx| self.rule(*child).rule.trivia == Trivia::Attribute;
        draft.attributes.extend(self.tape.children(draft.outer).filter(is_attribute));
        if draft.outer != draft.node {
            draft.attributes.extend(self.tape.children(draft.node).filter(is_attribute));
        }
    }

    fn is_doc_for(&self, comment: NodeIdx, next: NodeIdx) -> bool {
        let node = self.tape.node(comment);
        if !(self.table.source.is_doc)(&self.text(comment)) || !self.source.starts_line(node.start) {
            return false;
        }
        let last = node.end.saturating_sub(u32::from(self.text(comment).ends_with('\n')));
        !self.table.source.docs_touch
            || self.source.line(self.tape.node(next).start) <= self.source.line(last) + 1
    }

    /// Adds a comment or docstring to what a symbol's doc comment already says.
    pub(crate) fn add_doc(&mut self, symbol: SymbolIdx, comment: &str) {
        let Some(text) = prose::clean_comment(comment) else { return };
        match &mut self.facts.symbols[symbol as usize].doc_comment {
            Some(doc) => {
                doc.push('\n');
                doc.push_str(&text);
            }
            none => *none = Some(text),
        }
    }

    fn enter_bind(&mut self, idx: NodeIdx, rule: &KindRule, bind: Bind) {
        let pattern =
            if bind.pattern.is_empty() { Some(idx) } else { self.tape.child(idx, rule.bind.pattern) };
        let Some(pattern) = pattern else { return };
        let type_node = self.tape.child(idx, rule.bind.type_name);
        let more: Vec<_> =
            self.tape.children_in(idx, rule.bind.pattern).filter(|child| *child > pattern).collect();
        let value_node = self.tape.child(idx, rule.bind.value).filter(|_| more.is_empty());
        self.bind_pattern(pattern, type_node, value_node, bind);
        for pattern in more {
            self.bind_pattern(pattern, type_node, None, bind);
        }
    }

    fn enter_parameters(&mut self, list: NodeIdx) {
        let bare = |child: &NodeIdx| {
            let rule = &self.rule(*child).rule;
            rule.bind.is_none() && rule.trivia == Trivia::None && !self.tape.node(*child).taken
        };
        let patterns: Vec<_> = self.tape.children(list).filter(bare).collect();
        for pattern in patterns {
            self.bind_pattern(pattern, None, None, Bind::parameter("", ""));
        }
    }

    /// Binds every name of a pattern; a type and a value only where the pattern is one name.
    pub(crate) fn bind_pattern(
        &mut self,
        pattern: NodeIdx,
        type_node: Option<NodeIdx>,
        value: Option<NodeIdx>,
        bind: Bind,
    ) {
        let names = self.names_in(pattern);
        let whole = names.len() == 1 && self.is_whole_pattern(pattern, names[0]);
        for name in names {
            self.tape.take(name);
            let target = if whole { self.target_of(type_node, value, bind) } else { unknown_target(bind) };
            let text = self.text(name).into_owned();
            self.bind(text, self.tape.node(name).start, target);
        }
    }

    fn target_of(&self, type_node: Option<NodeIdx>, value: Option<NodeIdx>, bind: Bind) -> BindingTarget {
        let type_path = type_node.and_then(|node| self.type_path(node));
        if bind.parameter {
            return BindingTarget::Parameter { type_path };
        }
        let constructed = || value.filter(|_| !bind.element).and_then(|value| self.constructed_type(value));
        let mut value_path = value.and_then(|node| self.path(node));
        if let (true, Some(path)) = (bind.element, &mut value_path) {
            path.push_str("[]");
        }
        BindingTarget::Local { type_path: type_path.or_else(constructed), value: value_path }
    }

    fn is_whole_pattern(&self, pattern: NodeIdx, name: NodeIdx) -> bool {
        let mut idx = pattern;
        while idx != name {
            let PathFields::Through(field) = self.rule(idx).path else { return false };
            match path::part(&self.tape, idx, field) {
                Some(inner) => idx = inner,
                None => return false,
            }
        }
        true
    }

    /// Finds the names that a pattern binds: leaves that are names, members and elements of other things left out.
    pub(crate) fn names_in(&self, pattern: NodeIdx) -> Vec<NodeIdx> {
        let mut names = Vec::new();
        let mut open = vec![pattern];
        while let Some(idx) = open.pop() {
            match self.rule(idx).path {
                PathFields::Join(..) | PathFields::Suffix(..) => {}
                PathFields::Name if (self.table.source.binds_name)(&self.text(idx)) => names.push(idx),
                PathFields::Name => {}
                // The other fields hold a default value.
                PathFields::Through(field) if field != 0 => open.extend(path::part(&self.tape, idx, field)),
                _ => {
                    let n_open = open.len();
                    open.extend(self.tape.children(idx));
                    open[n_open..].reverse();
                }
            }
        }
        names
    }

    fn enter_reference(&mut self, idx: NodeIdx, rule: &KindRule) {
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
        if let Some(path) = self.path(node) {
            self.refer_path(kind, path, self.tape.node(node).start);
        }
    }

    /// Records a use of a path; type parameters of the surrounding symbols are no use of anything.
    pub(crate) fn refer_path(&mut self, kind: ReferenceKind, path: String, byte_start: u32) {
        if kind == ReferenceKind::Type && self.is_type_parameter(&path) {
            return;
        }
        let line = self.source.line(byte_start);
        let (from, scope) = (self.state.symbol, self.state.scope);
        self.facts.references.push(Reference { kind, from, scope, path, line, byte_start });
    }

    fn is_type_parameter(&self, path: &str) -> bool {
        let mut symbol = Some(self.state.symbol);
        while let Some(idx) = symbol {
            let current = &self.facts.symbols[idx as usize];
            if current.generics.iter().any(|generic| declares(generic, path)) {
                return true;
            }
            symbol = current.parent;
        }
        false
    }

    /// Records what the head of the current symbol extends or implements.
    pub(crate) fn refer_base(&mut self, kind: ReferenceKind, node: NodeIdx) {
        if let Some(path) = self.type_path(node) {
            self.refer_path(kind, path, self.tape.node(node).start);
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

    /// Records a decorator; when it is called, the call is the decorator.
    pub(crate) fn refer_attribute(&mut self, attribute: NodeIdx) {
        let Some(named) = self.tape.children(attribute).next() else { return };
        match self.rule(named).path {
            PathFields::Suffix(inner, _) => {
                self.tape.take(named);
                if let Some(inner) = path::part(&self.tape, named, inner) {
                    self.refer(ReferenceKind::Decorator, inner);
                }
            }
            _ => self.refer(ReferenceKind::Decorator, named),
        }
    }

    /// Derives every symbol's id; equals are numbered in file order.
    fn derive_ids(&mut self) {
        let facts = &mut self.facts;
        let mut seen: HashMap<(&str, SymbolKind, &str), u32> = HashMap::with_capacity(facts.symbols.len());
        let mut ids = Vec::with_capacity(facts.symbols.len());
        for symbol in &facts.symbols {
            let key = (symbol.qualified_name.as_str(), symbol.kind, symbol.signature.as_str());
            let ordinal = seen.entry(key).and_modify(|n| *n += 1).or_insert(0);
            ids.push(SymbolId::derive(facts.language, &facts.file_path, key.0, key.1, key.2, *ordinal));
        }
        for (symbol, id) in facts.symbols.iter_mut().zip(ids) {
            symbol.id = id;
        }
    }

    /// Hands symbols to the type they name as owner, when this file defines it.
    fn adopt(&mut self) {
        let is_owner =
            |name: &str, symbol: &model::facts::Symbol| symbol.kind.is_type() && symbol.name == name;
        let mut types: HashMap<String, SymbolIdx> = HashMap::new();
        for (idx, symbol) in self.facts.symbols.iter().enumerate() {
            if is_owner(&symbol.name, symbol) && !types.contains_key(&symbol.name) {
                types.insert(symbol.name.clone(), idx as SymbolIdx);
            }
        }
        for (idx, owner) in std::mem::take(&mut self.owners) {
            if let Some(&parent) = types.get(&owner) {
                self.facts.symbols[idx as usize].parent = Some(parent);
            }
        }
    }
}

/// What hooks ask and say.
impl<'a> Pass<'a> {
    pub(crate) fn rule(&self, idx: NodeIdx) -> &'a KindRule {
        self.table.rule(self.tape.node(idx).kind)
    }

    pub(crate) fn text(&self, idx: NodeIdx) -> Cow<'a, str> {
        let node = self.tape.node(idx);
        self.source.text(node.start, node.end)
    }

    pub(crate) fn child(&self, idx: NodeIdx, field: &str) -> Option<NodeIdx> {
        self.tape.child(idx, self.table.field(field))
    }

    pub(crate) fn is_kind(&self, idx: NodeIdx, kind: &str) -> bool {
        self.table.is(self.tape.node(idx).kind, kind)
    }

    pub(crate) fn child_of_kind(&self, idx: NodeIdx, kind: &str) -> Option<NodeIdx> {
        self.tape.children(idx).find(|child| self.is_kind(*child, kind))
    }

    /// Tells whether a token that the table lists stands directly in a node.
    pub(crate) fn has_token(&self, idx: NodeIdx, token: &str) -> bool {
        let is_token = |child: &NodeIdx| self.rule(*child).token.is_some() && self.is_kind(*child, token);
        self.tape.children(idx).any(|child| is_token(&child))
    }

    pub(crate) fn is_comment(&self, idx: NodeIdx) -> bool {
        self.rule(idx).rule.trivia == Trivia::Comment
    }

    pub(crate) fn path(&self, idx: NodeIdx) -> Option<String> {
        path::render(self.table, &self.tape, self.source, idx)
    }

    /// Reads a type's path, without its arguments.
    pub(crate) fn type_path(&self, idx: NodeIdx) -> Option<String> {
        let named = (self.table.source.named_type)(self, idx)?;
        let mut path = self.path(named)?;
        while path.ends_with("[]") {
            path.truncate(path.len() - 2);
        }
        Some(path)
    }

    /// Finds the type of which an expression makes a value: `Foo {…}`, `&Foo{}`, `new Foo()`.
    pub(crate) fn constructed_type(&self, value: NodeIdx) -> Option<String> {
        let mut idx = value;
        loop {
            let rule = self.rule(idx);
            match (rule.rule.refer, rule.path) {
                (Some(refer), _) if refer.kind == ReferenceKind::Construct => {
                    return self.tape.child(idx, rule.refer).and_then(|named| self.path(named));
                }
                (_, PathFields::Through(field)) => idx = path::part(&self.tape, idx, field)?,
                _ => return None,
            }
        }
    }

    /// Tells whether this is the first assignment to a member of a symbol.
    pub(crate) fn is_first_assignment(&mut self, owner: SymbolIdx, name: &str) -> bool {
        self.assigned.insert((owner, name.to_owned()))
    }

    /// Enters a symbol that holds nothing: what follows belongs to the symbol around it.
    pub(crate) fn add_leaf(&mut self, draft: Draft) -> SymbolIdx {
        let (n_frames, state) = (self.frames.len(), self.state);
        let idx = self.add(draft);
        self.frames.truncate(n_frames);
        self.state = state;
        idx
    }

    /// Saves the state until a node ends; what follows may change it.
    pub(crate) fn push_frame(&mut self, node: NodeIdx) {
        self.frames.push(Frame { after: self.tape.node(node).after, saved: self.state });
    }

    pub(crate) fn open_scope(&mut self, scope: Scope) -> ScopeIdx {
        self.facts.scopes.push(scope);
        self.facts.scopes.len() as ScopeIdx - 1
    }

    pub(crate) fn bind(&mut self, name: String, byte_start: u32, target: BindingTarget) {
        self.facts.bindings.push(Binding { scope: self.state.scope, name, byte_start, target });
    }

    /// Records an import and binds its local name.
    pub(crate) fn import(&mut self, import: Import) -> ImportIdx {
        let idx = self.facts.imports.len() as ImportIdx;
        if let Some(name) = &import.local_name {
            self.bind(name.clone(), import.byte_start, BindingTarget::Import(idx));
        }
        self.facts.imports.push(import);
        idx
    }

    pub(crate) fn complexity(&mut self) -> Option<&mut Complexity> {
        let callable = self.state.callable?;
        self.facts.symbols[callable as usize].complexity.as_mut()
    }
}

fn unknown_target(bind: Bind) -> BindingTarget {
    if bind.parameter {
        BindingTarget::Parameter { type_path: None }
    } else {
        BindingTarget::Local { type_path: None, value: None }
    }
}

/// Tells whether a type parameter as written (`T: Clone`, `const N: usize`) declares a name.
fn declares(generic: &str, name: &str) -> bool {
    let generic = generic.strip_prefix("const ").unwrap_or(generic);
    generic
        .strip_prefix(name)
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}
