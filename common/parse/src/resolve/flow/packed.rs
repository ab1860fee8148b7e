//! A file's flow between parsing and linking: a few bytes for each expression, read once.
//!
//! A repository has some five hundred expressions for each file, and all files wait for the last one.

use model::facts::SymbolIdx;
use model::flow::{
    Argument, ArgumentKind, Expression, ExpressionIdx, Flow, FlowSite, NameIdx, ParameterKind, Part, SiteIdx,
    Store,
};

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

    /// Reads what operations are made of; it can be read once.
    pub(super) fn unpack(&mut self) -> Unpacked {
        let code = std::mem::take(&mut self.code);
        if code.is_empty() {
            return Unpacked::default();
        }
        let mut code = Reader { bytes: code.iter() };
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

    /// Drops what only loading needs.
    pub(super) fn close(&mut self) {
        self.words = Box::default();
        self.members = Box::default();
    }
}

/// Numbers of seven bits a byte, the last with the high bit clear.
#[derive(Debug, Default)]
struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    fn wide(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    fn number(&mut self, number: u32) {
        self.wide(u64::from(number));
    }

    fn optional(&mut self, number: Option<u32>) {
        self.wide(number.map_or(0, |number| u64::from(number) + 1));
    }

    fn list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u32);
        list.iter().for_each(|item| write(self, item));
    }

    fn tagged<const N: usize>(&mut self, tag: u8, numbers: [u32; N]) {
        self.bytes.push(tag);
        numbers.into_iter().for_each(|number| self.number(number));
    }

    fn store(&mut self, store: &Store) {
        match *store {
            Store::Member { of, name, value } => self.tagged(0, [of, name, value]),
            Store::Item { of, key, value } => self.tagged(1, [of, key, value]),
        }
    }

    fn argument(&mut self, argument: &Argument) {
        match argument.kind {
            ArgumentKind::Positional => self.tagged(0, [argument.value]),
            ArgumentKind::Named(name) => self.tagged(1, [argument.value, name]),
            ArgumentKind::List => self.tagged(2, [argument.value]),
            ArgumentKind::Table => self.tagged(3, [argument.value]),
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match *expression {
            Expression::Unknown => self.tagged(0, []),
            Expression::AnyOf(ref of) => {
                self.tagged(1, []);
                self.list(of, |code, idx| code.number(*idx));
            }
            Expression::Symbol(idx) => self.tagged(2, [idx]),
            Expression::Lambda(idx) => self.tagged(3, [idx]),
            Expression::Import(idx) => self.tagged(4, [idx]),
            Expression::Global(name) => self.tagged(5, [name]),
            Expression::Text(name) => self.tagged(6, [name]),
            Expression::Number(number) => {
                self.tagged(7, []);
                // Small negative numbers are short as well.
                self.wide(((number << 1) ^ (number >> 63)) as u64);
            }
            Expression::Member(of, name) => self.tagged(8, [of, name]),
            Expression::Super(idx) => self.tagged(9, [idx]),
            Expression::Item(of, key) => self.tagged(10, [of, key]),
            Expression::Slice { of, from, n_left, to } => {
                self.tagged(11, [of, from]);
                self.optional(n_left);
                self.optional(to);
            }
            Expression::Element(of, site) => self.tagged(12, [of, site]),
            Expression::List(ref parts) => {
                self.tagged(13, []);
                self.list(parts, |code, part| code.tagged(u8::from(part.is_spread), [part.value]));
            }
            Expression::Table(ref pairs) => {
                self.tagged(14, []);
                self.list(pairs, |code, (key, value)| {
                    code.optional(*key);
                    code.number(*value);
                });
            }
            Expression::ListOf(of) => self.tagged(15, [of]),
            Expression::TableOf(of) => self.tagged(16, [of]),
            Expression::Call { callee, ref arguments, site } => {
                self.tagged(17, [callee, site]);
                self.list(arguments, Self::argument);
            }
            Expression::Decorated { call, definition } => self.tagged(18, [call, definition]),
            Expression::Declared { of, is_callable } => self.tagged(19, [of, u32::from(is_callable)]),
            Expression::Raised(of, site) => self.tagged(20, [of, site]),
            Expression::Parameter(default) => {
                self.tagged(21, []);
                self.optional(default);
            }
        }
    }
}

/// Reads what a [`Writer`] of this process wrote.
struct Reader<'c> {
    bytes: std::slice::Iter<'c, u8>,
}

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or_default()
    }

    fn wide(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn number(&mut self) -> u32 {
        self.wide() as u32
    }

    fn optional(&mut self) -> Option<u32> {
        self.wide().checked_sub(1).map(|number| number as u32)
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| read(self)).collect()
    }

    fn store(&mut self) -> Store {
        match self.byte() {
            0 => Store::Member { of: self.number(), name: self.number(), value: self.number() },
            _ => Store::Item { of: self.number(), key: self.number(), value: self.number() },
        }
    }

    fn argument(&mut self) -> Argument {
        let (tag, value) = (self.byte(), self.number());
        let kind = match tag {
            0 => ArgumentKind::Positional,
            1 => ArgumentKind::Named(self.number()),
            2 => ArgumentKind::List,
            _ => ArgumentKind::Table,
        };
        Argument { kind, value }
    }

    fn expression(&mut self) -> Expression {
        match self.byte() {
            0 => Expression::Unknown,
            1 => Expression::AnyOf(self.list(Self::number)),
            2 => Expression::Symbol(self.number()),
            3 => Expression::Lambda(self.number()),
            4 => Expression::Import(self.number()),
            5 => Expression::Global(self.number()),
            6 => Expression::Text(self.number()),
            7 => {
                let number = self.wide();
                Expression::Number((number >> 1) as i64 ^ -((number & 1) as i64))
            }
            8 => Expression::Member(self.number(), self.number()),
            9 => Expression::Super(self.number()),
            10 => Expression::Item(self.number(), self.number()),
            11 => Expression::Slice {
                of: self.number(),
                from: self.number(),
                n_left: self.optional(),
                to: self.optional(),
            },
            12 => Expression::Element(self.number(), self.number()),
            13 => Expression::List(self.list(|code| {
                let is_spread = code.byte() == 1;
                Part { value: code.number(), is_spread }
            })),
            14 => Expression::Table(self.list(|code| (code.optional(), code.number()))),
            15 => Expression::ListOf(self.number()),
            16 => Expression::TableOf(self.number()),
            17 => {
                let (callee, site) = (self.number(), self.number());
                Expression::Call { callee, arguments: self.list(Self::argument), site }
            }
            18 => Expression::Decorated { call: self.number(), definition: self.number() },
            19 => Expression::Declared { of: self.number(), is_callable: self.number() == 1 },
            20 => Expression::Raised(self.number(), self.number()),
            _ => Expression::Parameter(self.optional()),
        }
    }
}

#[cfg(test)]
mod tests {
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
