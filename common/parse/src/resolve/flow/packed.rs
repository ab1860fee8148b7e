//! A file's flow between parsing and linking: a few bytes for each expression, read once.
//!
//! A repository has some five hundred expressions for each file, and all files wait for the last one.

use model::facts::SymbolIdx;
use model::flow::{Expression, ExpressionIdx, Flow, FlowSite, NameIdx, ParameterKind, SiteIdx, Store};

use crate::resolve::flow::code::{Reader, Writer};
use crate::resolve::words::{Word, Words};

/// What linking needs of a [`Flow`], in little room.
#[derive(Debug, Default)]
pub(crate) struct PackedFlow {
    n_expressions: u32,
    /// Stores, then what functions give, then expressions.
    code: Box<[u8]>,
    /// The words of its names.
    words: Box<[Word]>,
    pub(super) members: Box<[(SymbolIdx, NameIdx, ExpressionIdx)]>,
    functions: Box<[Function]>,
    parameters: Box<[Parameter]>,
    sites: Box<[FlowSite]>,
    /// Those for which no call expression stands, once the others have been asked for.
    silent: Vec<(SiteIdx, FlowSite)>,
    n_sites: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Function {
    pub(super) symbol: Option<SymbolIdx>,
    pub(super) has_yields: bool,
    first_parameter: u32,
    n_parameters: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) name: Word,
    pub(super) kind: ParameterKind,
    pub(super) value: ExpressionIdx,
}

/// What a file is loaded from; dropped as soon as it is.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    pub(super) expressions: Vec<Expression>,
    pub(super) stores: Vec<Store>,
    /// By function: results and yields.
    pub(super) ends: Vec<(Vec<ExpressionIdx>, Vec<ExpressionIdx>)>,
}

impl PackedFlow {
    pub(crate) fn new(flow: &Flow, words: &mut Words) -> Self {
        let words: Box<[Word]> = flow.names.iter().map(|name| words.word(name)).collect();
        let mut code = Writer::default();
        code.list(&flow.stores, Writer::store);
        for function in &flow.functions {
            code.list(&function.results, |code, idx| code.number(*idx));
            code.list(&function.yields, |code, idx| code.number(*idx));
        }
        flow.expressions.iter().for_each(|expression| code.expression(expression));
        let mut parameters = Vec::new();
        let functions = flow.functions.iter().map(|function| {
            let first_parameter = parameters.len() as u32;
            parameters.extend(function.parameters.iter().map(|own| Parameter {
                name: words[own.name as usize],
                kind: own.kind,
                value: own.value,
            }));
            Function {
                symbol: function.symbol,
                has_yields: !function.yields.is_empty(),
                first_parameter,
                n_parameters: function.parameters.len() as u32,
            }
        });
        Self {
            n_expressions: flow.expressions.len() as u32,
            functions: functions.collect(),
            parameters: parameters.into(),
            code: code.bytes.into(),
            members: flow.members.as_slice().into(),
            sites: flow.sites.as_slice().into(),
            silent: Vec::new(),
            n_sites: flow.sites.len() as u32,
            words,
        }
    }

    pub(super) fn n_expressions(&self) -> u32 {
        self.n_expressions
    }

    pub(super) fn n_sites(&self) -> u32 {
        self.n_sites
    }

    pub(super) fn word(&self, name: NameIdx) -> Word {
        self.words[name as usize]
    }

    pub(super) fn functions(&self) -> &[Function] {
        &self.functions
    }

    pub(super) fn parameters(&self, function: u32) -> &[Parameter] {
        let Function { first_parameter: first, n_parameters: n, .. } = self.functions[function as usize];
        &self.parameters[first as usize..(first + n) as usize]
    }

    /// Hands out the sites, and keeps those that are no reference.
    pub(super) fn take_sites(&mut self) -> Box<[FlowSite]> {
        let sites = std::mem::take(&mut self.sites);
        let silent = (0..).zip(&sites).filter(|(_, site)| !site.is_reference);
        self.silent = silent.map(|(idx, site)| (idx, *site)).collect();
        self.silent.shrink_to_fit();
        sites
    }

    /// A site for which no call expression stands.
    pub(crate) fn silent_site(&self, site: SiteIdx) -> Option<FlowSite> {
        let at = self.silent.binary_search_by_key(&site, |(idx, _)| *idx).ok()?;
        Some(self.silent[at].1)
    }

    /// Reads what operations are made of.
    pub(super) fn unpack(&self) -> Unpacked {
        if self.code.is_empty() {
            return Unpacked::default();
        }
        let mut code = Reader { bytes: self.code.iter() };
        Unpacked {
            stores: code.list(Reader::store),
            ends: self
                .functions
                .iter()
                .map(|_| (code.list(Reader::number), code.list(Reader::number)))
                .collect(),
            expressions: (0..self.n_expressions).map(|_| code.expression()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::flow::{Argument, ArgumentKind, Part};

    use super::*;

    #[test]
    fn what_was_packed_is_read_as_it_was() {
        let argument = |kind| Argument { kind, value: 300 };
        let kinds =
            [ArgumentKind::Positional, ArgumentKind::Named(1), ArgumentKind::List, ArgumentKind::Table];
        let flow = Flow {
            names: vec!["a".to_owned(), "b".to_owned()],
            expressions: vec![
                Expression::Unknown,
                Expression::AnyOf(vec![0, 127, 128, u32::MAX]),
                Expression::Symbol(1),
                Expression::Lambda(2),
                Expression::Import(3),
                Expression::Global(0),
                Expression::Text(1),
                Expression::Number(-1),
                Expression::Number(i64::MIN),
                Expression::Number(i64::MAX),
                Expression::Member(5, 1),
                Expression::Super(6),
                Expression::Item(7, 8),
                Expression::Slice { of: 1, from: 2, n_left: Some(0), to: None },
                Expression::Slice { of: 1, from: 2, n_left: None, to: Some(u32::MAX) },
                Expression::Element(1, 2),
                Expression::List(vec![
                    Part { value: 1, is_spread: false },
                    Part { value: 2, is_spread: true },
                ]),
                Expression::Table(vec![(Some(0), 1), (None, 2)]),
                Expression::ListOf(3),
                Expression::TableOf(4),
                Expression::Call { callee: 1, arguments: kinds.map(argument).to_vec(), site: 9 },
                Expression::Decorated { call: 1, definition: 2 },
                Expression::Declared { of: 1, is_callable: true },
                Expression::Raised(1, 2),
                Expression::Parameter(None),
                Expression::Parameter(Some(0)),
            ],
            stores: vec![Store::Member { of: 1, name: 0, value: 2 }, Store::Item { of: 1, key: 2, value: 3 }],
            functions: vec![model::flow::Function {
                results: vec![1, 2],
                yields: vec![3],
                ..Default::default()
            }],
            ..Flow::default()
        };
        let read = PackedFlow::new(&flow, &mut Words::default()).unpack();
        assert_eq!(read.expressions, flow.expressions);
        assert_eq!(read.stores, flow.stores);
        assert_eq!(read.ends, [(vec![1, 2], vec![3])]);
    }
}
