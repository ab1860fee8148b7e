//! A Python file as a flow of values: one walk over the tape, without recursion.
//!
//! An expression is what its node gives; nodes that nothing asks for stay unread, but every call is listed.

mod definitions;
mod expressions;
mod kinds;
mod names;
mod shorten;
mod statements;

use std::sync::Arc;

use docpack::SymbolKind;
use foldhash::{HashMap, HashMapExt};
use model::facts::{BindingTarget, ImportIdx, SymbolIdx};
use model::flow::{Expression, ExpressionIdx, Flow, FlowSite, FunctionIdx, NameIdx, SiteIdx};

use crate::pass::Pass;
use crate::tape::NodeIdx;

use kinds::Kind;
use names::{Names, RegionIdx, ScopeIdx};

/// A file with more nodes than this is data.
const MAX_NODES: u32 = 1_000_000;

/// No expression was asked of this node.
const UNASKED: ExpressionIdx = ExpressionIdx::MAX;

/// What surrounds a node.
#[derive(Debug, Clone, Copy)]
struct State {
    symbol: SymbolIdx,
    /// The class whose body holds the node, methods included.
    class: Option<SymbolIdx>,
    scope: ScopeIdx,
    region: RegionIdx,
    function: Option<FunctionIdx>,
}

struct Lowering<'p, 'a> {
    pass: &'p Pass<'a>,
    flow: Flow,
    /// By node.
    expressions: Vec<ExpressionIdx>,
    names: Names,
    name_ids: HashMap<String, NameIdx>,
    state: State,
    frames: Vec<(NodeIdx, State)>,
    /// Bodies that are yet to come, with what surrounds their statements.
    bodies: HashMap<NodeIdx, State>,
    /// Functions and classes by the start of their node.
    definitions: HashMap<u32, SymbolIdx>,
    /// Imports that bind a name, in source order.
    imports: Vec<(u32, ImportIdx)>,
}

/// Reads the flow of a file whose other facts are complete.
pub(super) fn read(pass: &mut Pass<'_>) {
    if pass.tape.len() > MAX_NODES {
        return;
    }
    let flow = Lowering::new(pass).run();
    pass.facts.flow = Arc::new(flow);
}

impl<'p, 'a> Lowering<'p, 'a> {
    fn new(pass: &'p Pass<'a>) -> Self {
        let symbols = &pass.facts.symbols;
        let is_code = |idx: SymbolIdx| {
            let kind = symbols[idx as usize].kind;
            kind.is_callable() || kind.is_type() && kind != SymbolKind::TypeAlias
        };
        let definitions = pass.facts.bindings.iter().filter_map(|binding| match binding.target {
            BindingTarget::Symbol(idx) if is_code(idx) => Some((binding.byte_start, idx)),
            _ => None,
        });
        let imports = pass.facts.imports.iter().enumerate();
        let mut imports: Vec<(u32, ImportIdx)> = imports
            .filter(|(_, import)| import.local_name.is_some())
            .map(|(idx, import)| (import.byte_start, idx as ImportIdx))
            .collect();
        imports.sort_unstable();
        let mut names = Names::default();
        let (scope, region) = names.open_module();
        Self {
            pass,
            flow: Flow::default(),
            expressions: vec![UNASKED; pass.tape.len() as usize],
            names,
            name_ids: HashMap::new(),
            state: State { symbol: 0, class: None, scope, region, function: None },
            frames: Vec::new(),
            bodies: HashMap::new(),
            definitions: definitions.collect(),
            imports,
        }
    }

    fn run(mut self) -> Flow {
        for idx in 0..self.pass.tape.len() {
            while let Some((_, saved)) = self.frames.pop_if(|(after, _)| *after <= idx) {
                self.state = saved;
            }
            if let Some(body) = self.bodies.remove(&idx) {
                self.push(idx);
                self.state = body;
            }
            self.enter(idx);
        }
        let names = std::mem::take(&mut self.names);
        names.resolve(&mut self.flow);
        shorten::shorten(&mut self.flow);
        // It stays until all files are linked.
        self.flow.expressions.shrink_to_fit();
        self.flow.names.shrink_to_fit();
        self.flow.sites.shrink_to_fit();
        self.flow
    }

    fn enter(&mut self, idx: NodeIdx) {
        let Some(kind) = kinds::kind(self.pass, idx) else { return };
        match kind {
            Kind::Function => self.function(idx),
            Kind::Class => self.class(idx),
            Kind::Decorated => self.decorated(idx),
            Kind::Lambda => self.lambda(idx),
            Kind::Comprehension => self.comprehension(idx),
            Kind::Import => self.import(idx),
            Kind::Global | Kind::Nonlocal => self.elsewhere(idx, kind == Kind::Global),
            Kind::Delete => self.delete(idx),
            Kind::Assignment => self.assignment(idx),
            Kind::Augmented => self.augmented(idx),
            Kind::For | Kind::ForClause => self.each(idx, kind == Kind::For),
            Kind::Return => self.returned(idx),
            Kind::Yield => self.yielded(idx),
            Kind::Raise => self.raised(idx),
            Kind::Block => self.block(idx),
            Kind::Alias => self.alias(idx),
            Kind::Named => self.named(idx),
            Kind::Call => self.call(idx),
            Kind::Identifier => self.identifier(idx),
            other => {
                if self.expressions[idx as usize] != UNASKED {
                    self.expression(idx, other);
                }
            }
        }
    }

    /// Keeps the current state until a node ends.
    fn push(&mut self, idx: NodeIdx) {
        self.frames.push((self.pass.tape.node(idx).after, self.state));
    }

    /// The expression that a node is; it is read when the walk comes to it.
    fn of(&mut self, node: NodeIdx) -> ExpressionIdx {
        if self.expressions[node as usize] == UNASKED {
            self.expressions[node as usize] = self.add(Expression::Unknown);
        }
        self.expressions[node as usize]
    }

    fn add(&mut self, expression: Expression) -> ExpressionIdx {
        self.flow.expressions.push(expression);
        self.flow.expressions.len() as ExpressionIdx - 1
    }

    fn set(&mut self, node: NodeIdx, expression: Expression) {
        let idx = self.of(node);
        self.flow.expressions[idx as usize] = expression;
    }

    fn name(&mut self, text: &str) -> NameIdx {
        if let Some(idx) = self.name_ids.get(text) {
            return *idx;
        }
        let idx = self.flow.names.len() as NameIdx;
        self.flow.names.push(text.to_owned());
        self.name_ids.insert(text.to_owned(), idx);
        idx
    }

    fn name_of(&mut self, node: NodeIdx) -> NameIdx {
        let text = self.pass.text(node);
        self.name(&text)
    }

    fn site(&mut self, node: NodeIdx, is_reference: bool) -> SiteIdx {
        let byte_start =
            if is_reference { self.pass.name_start(node) } else { self.pass.tape.node(node).start };
        let line = self.pass.source.line(byte_start);
        self.flow.sites.push(FlowSite { from: self.state.symbol, line, byte_start, is_reference });
        self.flow.sites.len() as SiteIdx - 1
    }

    fn children(&self, idx: NodeIdx) -> Vec<NodeIdx> {
        let pass = self.pass;
        let is_part = |child: &NodeIdx| !pass.is_comment(*child) && pass.rule(*child).token.is_none();
        pass.tape.children(idx).filter(is_part).collect()
    }

    fn kind(&self, idx: NodeIdx) -> Option<Kind> {
        kinds::kind(self.pass, idx)
    }
}
