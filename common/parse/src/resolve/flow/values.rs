//! What can be in a place.

use std::num::NonZeroU32;

use crate::resolve::repository::{FileIdx, FolderIdx, Sym};
use crate::resolve::words::Word;

use super::Reach;

/// Index of a place in the engine.
pub(super) type Place = u32;

/// A function, numbered through all files; from one on, so that there is room for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Function(pub(super) NonZeroU32);

/// A call, numbered through all files, and how what is called there came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot(NonZeroU32);

const CHOICE_BIT: u32 = 1;
const LOOP_BIT: u32 = 2;
const NEXT_BIT: u32 = 4;
const N_BITS: u32 = 3;

impl Spot {
    pub(super) fn new(site: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(site << N_BITS))
    }

    pub(super) fn site(self) -> u32 {
        (self.0.get() - 1) >> N_BITS
    }

    pub(super) fn reach(self) -> Reach {
        match self.0.get() - 1 {
            bits if bits & CHOICE_BIT != 0 => Reach::Choice,
            bits if bits & LOOP_BIT != 0 => Reach::Each,
            _ => Reach::One,
        }
    }

    /// The second call of an iteration, which asks for one more element.
    pub(super) fn as_next(self) -> Self {
        Self(NonZeroU32::MIN.saturating_add((self.0.get() - 1) | NEXT_BIT))
    }

    pub(super) fn is_next(self) -> bool {
        (self.0.get() - 1) & NEXT_BIT != 0
    }

    /// The same call for what came this way as well.
    pub(super) fn through(self, via: Via) -> Self {
        let choice = if via.is_choice { CHOICE_BIT } else { 0 };
        let each = if via.is_each { LOOP_BIT } else { 0 };
        Self(NonZeroU32::MIN.saturating_add((self.0.get() - 1) | choice | each))
    }
}

/// A value, and how it came.
pub(super) type Held = (Value, Via);

/// How a value came to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Via {
    /// The function through whose parameters it came last.
    pub(super) function: Option<Function>,
    /// It is one of several of which a branch, or a key that is not known, takes one.
    pub(super) is_choice: bool,
    /// It is an element of what a loop goes through, so that all others are met as well.
    pub(super) is_each: bool,
}

impl From<Option<Function>> for Via {
    fn from(function: Option<Function>) -> Self {
        Self { function, is_choice: false, is_each: false }
    }
}

/// A definition, object or constant that moves through a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Value {
    /// A function or class.
    Code(Sym),
    Lambda(Function),
    /// A function that gets an object, or a class, as its first parameter.
    Bound {
        method: Sym,
        receiver: Sym,
        of_class: bool,
    },
    Instance(Sym),
    /// What the bases of a class give to its objects.
    Super(Sym),
    /// What calling a function that yields gives.
    Generator(Function),
    /// A list or table, by the place that made it.
    Container(Place, Shape),
    /// A method of a container.
    Method(Place, Shape, Method),
    Module(FileIdx),
    Folder(FolderIdx),
    Text(Word),
    Number(i64),
    /// A module that the language comes with.
    Library(Library),
    Known(Known),
    /// `functools.partial(…)`, by the operation that made it.
    Partial(u32),
}

impl Value {
    /// Tells whether it may be what something lies under.
    pub(super) fn is_key(self) -> bool {
        matches!(self, Self::Text(_) | Self::Number(_))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shape {
    List,
    Table,
}

/// A [`Key`] as the engine numbers them.
pub(super) type KeyIdx = u32;

/// Where in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    Text(Word),
    Number(i64),
    /// Put there under a key that is not known.
    Any,
    /// Everything that was put there.
    All,
}

/// Methods of lists and tables that move what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Method {
    Append,
    Insert,
    Extend,
    Pop,
    Get,
    SetDefault,
    Update,
    Values,
    Items,
    Copy,
    Sort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Library {
    Functools,
    Itertools,
    Builtins,
}

/// Functions of the language that call or pass on what they get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Known {
    Map,
    Filter,
    Sorted,
    /// `min` and `max`
    Best,
    Reduce,
    Partial,
    /// Gives a decorator that keeps the function.
    Wraps,
    /// What it wraps is what counts.
    StandsFor,
    /// A decorator that keeps the function, or gives one.
    Keeps,
    Next,
    Iter,
    /// A new list of the same elements.
    List,
    /// A new table.
    Table,
    Enumerate,
    Zip,
    Chain,
    GetAttr,
    SetAttr,
}

impl Method {
    pub(super) fn named(name: &str, shape: Shape) -> Option<Self> {
        Some(match (name, shape) {
            ("append" | "add" | "appendleft", Shape::List) => Self::Append,
            ("insert", Shape::List) => Self::Insert,
            ("extend" | "update" | "extendleft", Shape::List) => Self::Extend,
            ("pop" | "popleft", _) => Self::Pop,
            ("sort", Shape::List) => Self::Sort,
            ("get", Shape::Table) => Self::Get,
            ("setdefault", Shape::Table) => Self::SetDefault,
            ("update", Shape::Table) => Self::Update,
            ("values", Shape::Table) => Self::Values,
            ("items", Shape::Table) => Self::Items,
            ("copy", _) => Self::Copy,
            _ => return None,
        })
    }
}

impl Library {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "functools" => Self::Functools,
            "itertools" => Self::Itertools,
            "builtins" => Self::Builtins,
            _ => return None,
        })
    }
}

impl Known {
    pub(super) fn of(library: Library, name: &str) -> Option<Self> {
        Some(match (library, name) {
            (Library::Functools, "partial") => Self::Partial,
            (Library::Functools, "reduce") => Self::Reduce,
            (Library::Functools, "wraps") => Self::Wraps,
            (Library::Functools, "update_wrapper") => Self::StandsFor,
            (Library::Functools, "lru_cache" | "cache" | "singledispatch") => Self::Keeps,
            (Library::Itertools, "chain") => Self::Chain,
            (Library::Itertools, "starmap") => Self::Map,
            (Library::Itertools, "islice" | "cycle") => Self::List,
            (Library::Builtins, "map") => Self::Map,
            (Library::Builtins, "filter") => Self::Filter,
            (Library::Builtins, "sorted") => Self::Sorted,
            (Library::Builtins, "min" | "max") => Self::Best,
            (Library::Builtins, "next") => Self::Next,
            (Library::Builtins, "iter") => Self::Iter,
            (Library::Builtins, "list" | "tuple" | "set" | "frozenset" | "reversed") => Self::List,
            (Library::Builtins, "dict") => Self::Table,
            (Library::Builtins, "enumerate") => Self::Enumerate,
            (Library::Builtins, "zip") => Self::Zip,
            (Library::Builtins, "getattr") => Self::GetAttr,
            (Library::Builtins, "setattr") => Self::SetAttr,
            _ => return None,
        })
    }
}
