//! The one engine that reads every language: a single pass over a file's tape.

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use docpack::{ByteRange, SymbolId, SymbolKind};
use model::facts::{BindingTarget, Complexity, FileFacts, Scope, ScopeIdx, ScopeKind, SymbolIdx};

use crate::assigned::Assignment;
use crate::body::{self, Mark};
use crate::compile::{KindRule, Table};
use crate::digest::digest_bodies;
use crate::draft::Draft;
use crate::narrowing::Narrowing;
use crate::source::Source;
use crate::table::{Define, Trivia};
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
    pub(crate) in_type: bool,
}

struct Frame {
    after: NodeIdx,
    saved: State,
}

/// One file being read; hooks see all of it.
pub(crate) struct Pass<'a> {
    pub(crate) table: &'a Table,
    pub(crate) source: &'a Source<'a>,
    /// The same text, of the same length, with what nobody may see masked; texts of bodies are taken from it.
    pub(crate) shown: &'a Source<'a>,
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
    /// What names at the top of the file stand for last, for languages that give to them members later.
    pub(crate) defined: HashMap<String, SymbolIdx>,
    /// The types of definitions that repeat another's, for languages that let them.
    pub(crate) repeated_types: HashMap<NodeIdx, NodeIdx>,
    /// The node that the walk has come to.
    pub(crate) current: NodeIdx,
    pub(crate) narrowings: Vec<Narrowing>,
    /// What names are set to after they were declared.
    pub(crate) assignments: Vec<Assignment>,
    /// Definitions and bodies by their nodes.
    pub(crate) marks: Vec<(NodeIdx, Mark)>,
    frames: Vec<Frame>,
    /// Nodes that see names as another scope does than the one they stand in.
    seen_from: HashMap<NodeIdx, ScopeIdx>,
    /// Nodes inside a definition that run where it stands: what decorates it, its default values.
    outside: HashSet<NodeIdx>,
    /// All comments, in source order.
    comments: Vec<NodeIdx>,
    /// Comments and attributes that may belong to the next definition.
    pub(crate) trivia: Vec<NodeIdx>,
    /// Below this node the parts of a path already recorded are passed over.
    pub(crate) path_after: NodeIdx,
    /// The node behind the last comment: a cut goes before the comment, not here.
    pub(crate) behind_comment: NodeIdx,
    max_symbols: usize,
    /// Strings that document a definition, in order.
    pub(crate) documentation: Vec<ByteRange>,
}

impl<'a> Pass<'a> {
    /// Prepares a pass; `facts` holds the file's own symbol and scope.
    pub(crate) fn new(
        table: &'a Table,
        source: &'a Source<'a>,
        shown: &'a Source<'a>,
        tape: Tape,
        facts: FileFacts,
        limit: usize,
    ) -> Self {
        let unset_id = facts.symbols[0].id;
        let is_comment = |idx: &NodeIdx| table.keep(tape.node(*idx).kind).comment;
        let comments = (0..tape.len()).filter(is_comment).collect();
        let state = State { symbol: 0, scope: 0, callable: None, nesting: 0, in_type: false };
        Self {
            table,
            source,
            shown,
            tape,
            facts,
            state,
            unset_id,
            prefixes: vec![None],
            owners: Vec::new(),
            assigned: HashSet::new(),
            defined: HashMap::new(),
            repeated_types: HashMap::new(),
            current: 0,
            narrowings: Vec::new(),
            assignments: Vec::new(),
            marks: vec![(0, Mark::Body(0))],
            frames: Vec::new(),
            seen_from: HashMap::new(),
            outside: HashSet::new(),
            comments,
            trivia: Vec::new(),
            path_after: 0,
            behind_comment: 0,
            max_symbols: limit,
            documentation: Vec::new(),
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
        self.bind_assignments();
        self.adopt();
        name_symbols(&mut self.facts);
        self.documentation.sort_unstable();
        digest_bodies(self.source.bytes(), &self.tape.tokens, &self.documentation, &mut self.facts.symbols);
        self.facts.references.sort_by_key(|reference| (reference.byte_start, reference.kind));
        for (symbol, body) in body::read(&self) {
            self.facts.symbols[symbol as usize].body = Some(Box::new(body));
        }
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
        if !self.outside.is_empty() && self.outside.remove(&idx) {
            self.push_frame(idx);
            self.leave_symbol();
        }
        if !self.seen_from.is_empty()
            && let Some(scope) = self.seen_from.remove(&idx)
        {
            self.push_frame(idx);
            self.state.scope = scope;
        }
        self.current = idx;
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
            && !self.tape.node(idx).is_body
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
        let blank = self.table.source.blank_name;
        let mut more = self.further_names(&draft);
        more.retain(|name| blank != Some(self.text(*name).as_ref()));
        if blank == Some(draft.name.as_str()) {
            let Some(name) = more.first().copied() else { return false };
            draft.name = self.text(name).into_owned();
            draft.name_node = Some(more.remove(0));
        }
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

    pub(crate) fn enter_scope(&mut self, idx: NodeIdx, kind: ScopeKind) {
        self.push_frame(idx);
        self.state.scope = self.open_scope(Scope { kind, parent: Some(self.state.scope), symbol: None });
    }

    /// Saves the state until a node ends; what follows may change it.
    pub(crate) fn push_frame(&mut self, node: NodeIdx) {
        self.frames.push(Frame { after: self.tape.node(node).after, saved: self.state });
    }

    /// Lets a node that is yet to come belong to what is around the current symbol.
    pub(crate) fn runs_outside(&mut self, node: NodeIdx) {
        self.outside.insert(node);
    }

    /// Lets a node that is yet to come see the names of the current scope.
    pub(crate) fn sees_from_here(&mut self, node: NodeIdx) {
        self.seen_from.insert(node, self.state.scope);
    }

    /// Lists the comments that begin between two bytes.
    pub(crate) fn comments_in(&self, start: u32, end: u32) -> impl Iterator<Item = &Node> {
        let first = self.comments.partition_point(|comment| self.tape.node(*comment).start < start);
        let comments = self.comments[first..].iter().map(|comment| self.tape.node(*comment));
        comments.take_while(move |comment| comment.start < end)
    }

    fn leave_symbol(&mut self) {
        let symbol = &self.facts.symbols[self.state.symbol as usize];
        let Some(parent) = symbol.parent else { return };
        if symbol.scope == Some(self.state.scope) {
            self.state.scope = self.facts.scopes[self.state.scope as usize].parent.unwrap_or(0);
        }
        self.state.symbol = parent;
    }

    pub(crate) fn open_scope(&mut self, scope: Scope) -> ScopeIdx {
        self.facts.scopes.push(scope);
        self.facts.scopes.len() as ScopeIdx - 1
    }

    pub(crate) fn complexity(&mut self) -> Option<&mut Complexity> {
        let callable = self.state.callable?;
        self.facts.symbols[callable as usize].complexity.as_mut()
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

    /// Hands symbols to the type, else the value at the top, that they name as owner, when this file defines it.
    fn adopt(&mut self) {
        if self.owners.is_empty() {
            return;
        }
        let mut types: HashMap<String, SymbolIdx> = HashMap::new();
        for (idx, symbol) in self.facts.symbols.iter().enumerate().filter(|(_, symbol)| symbol.kind.is_type())
        {
            types.entry(symbol.name.clone()).or_insert(idx as SymbolIdx);
        }
        for binding in self.facts.bindings.iter().filter(|binding| binding.scope == 0) {
            if let BindingTarget::Symbol(idx) = binding.target {
                types.entry(binding.name.clone()).or_insert(idx);
            }
        }
        for (idx, owner) in std::mem::take(&mut self.owners) {
            if let Some(&parent) = types.get(&owner).filter(|parent| **parent != idx) {
                self.facts.symbols[idx as usize].parent = Some(parent);
            }
        }
    }
}

/// Derives every symbol's id from what the facts say of it; equals are numbered in file order.
pub fn name_symbols(facts: &mut FileFacts) {
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
