//! How values move through one file: expressions, what they are stored in, and who calls them.
//!
//! Names are already looked up: a use of a name is [`Expression::AnyOf`] what may have been bound to it there.

use crate::facts::{ImportIdx, SymbolIdx};

/// Index of an expression in [`Flow::expressions`].
pub type ExpressionIdx = u32;
/// Index of a text in [`Flow::names`].
pub type NameIdx = u32;
/// Index of a site in [`Flow::sites`].
pub type SiteIdx = u32;
/// Index of a function in [`Flow::functions`].
pub type FunctionIdx = u32;

/// What moves in one file; empty for languages that are not followed so far.
#[derive(Debug, Default, PartialEq)]
pub struct Flow {
    pub names: Vec<String>,
    pub expressions: Vec<Expression>,
    pub stores: Vec<Store>,
    pub functions: Vec<Function>,
    pub sites: Vec<FlowSite>,
    /// What the names of a module or class stand for once its body has run.
    pub members: Vec<(SymbolIdx, NameIdx, ExpressionIdx)>,
}

/// What one expression gives, in terms of others.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Unknown,
    AnyOf(Vec<ExpressionIdx>),
    /// A function or class of this file.
    Symbol(SymbolIdx),
    /// A function without a symbol.
    Lambda(FunctionIdx),
    Import(ImportIdx),
    /// A name that nothing in the file binds.
    Global(NameIdx),
    Text(NameIdx),
    Number(i64),
    Member(ExpressionIdx, NameIdx),
    /// The base classes, seen from the class whose body holds the expression.
    Super(SymbolIdx),
    Item(ExpressionIdx, ExpressionIdx),
    /// Elements from one position on, without so many at the end.
    Slice {
        of: ExpressionIdx,
        from: u32,
        n_left: Option<u32>,
        to: Option<u32>,
    },
    /// What a loop over it gives, one after another.
    Element(ExpressionIdx, SiteIdx),
    List(Vec<Part>),
    /// Keys and values; a part without a key is spread.
    Table(Vec<(Option<ExpressionIdx>, ExpressionIdx)>),
    /// Any number of this, in unknown order.
    ListOf(ExpressionIdx),
    /// Any number of this, under unknown keys.
    TableOf(ExpressionIdx),
    Call {
        callee: ExpressionIdx,
        arguments: Vec<Argument>,
        site: SiteIdx,
    },
    /// A definition behind a decorator: what the call gives, else the definition as it is.
    Decorated {
        call: ExpressionIdx,
        definition: ExpressionIdx,
    },
    /// The value of what has a written type: of objects that says what they are, of functions nothing.
    Declared {
        of: ExpressionIdx,
        is_callable: bool,
    },
    /// A class that is raised is made.
    Raised(ExpressionIdx, SiteIdx),
    /// Set by calls of its function; the default where a call leaves it out.
    Parameter(Option<ExpressionIdx>),
}

/// An element of a list, or several of them spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub value: ExpressionIdx,
    pub is_spread: bool,
}

/// What a call hands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    pub kind: ArgumentKind,
    pub value: ExpressionIdx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArgumentKind {
    Positional,
    Named(NameIdx),
    /// `*list`
    List,
    /// `**table`
    Table,
}

/// A value put into something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Member { of: ExpressionIdx, name: NameIdx, value: ExpressionIdx },
    Item { of: ExpressionIdx, key: ExpressionIdx, value: ExpressionIdx },
}

/// A function: what it takes and what it gives.
#[derive(Debug, Default, PartialEq)]
pub struct Function {
    /// None for one without a name.
    pub symbol: Option<SymbolIdx>,
    pub parameters: Vec<Parameter>,
    pub results: Vec<ExpressionIdx>,
    pub yields: Vec<ExpressionIdx>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: NameIdx,
    pub kind: ParameterKind,
    pub value: ExpressionIdx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    Positional,
    NamedOnly,
    /// `*rest`
    List,
    /// `**rest`
    Table,
}

/// Where something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowSite {
    /// The innermost symbol around it.
    pub from: SymbolIdx,
    pub line: u32,
    pub byte_start: u32,
    /// The file's references list the call as well.
    pub is_reference: bool,
}
