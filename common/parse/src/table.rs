//! The vocabulary in which a language is written down: node kinds and what each one means.

use docpack::{Language, SymbolKind};
use model::facts::{ReferenceKind, ScopeKind};

use crate::body::code::{Op, Slot};
use crate::body::effects::BodyWords;
use crate::body::form::{Decide, Form};
use crate::draft::Draft;
use crate::pass::Pass;
use crate::path::{Reading, Tree};
use crate::splice::Splice;
use crate::tape::NodeIdx;

/// One language: its kinds, and the conventions that no syntax tree shows.
pub(crate) struct LanguageTable {
    pub(crate) language: Language,
    pub(crate) grammar: fn() -> tree_sitter::Language,
    /// Named node kinds.
    pub(crate) kinds: &'static [(&'static str, Rule)],
    /// Anonymous tokens that a rule or a hook looks at; all others are left out of the tape.
    pub(crate) tokens: &'static [(&'static str, Token)],
    /// Stands between a qualified name and a member's name.
    pub(crate) separator: &'static str,
    /// The file's own qualified name, from its path alone.
    pub(crate) module_path: fn(file_path: &str) -> String,
    /// The word before a module's name in its signature.
    pub(crate) module_word: &'static str,
    /// Tells whether a comment documents the definition after it.
    pub(crate) is_doc: fn(comment: &str) -> bool,
    /// Tells whether a comment documents what is around it.
    pub(crate) is_inner_doc: fn(comment: &str) -> bool,
    /// Blank lines that may stand between a comment and the definition.
    pub(crate) max_doc_gap: u32,
    /// Finds what a type is a value of, behind what may be left off: `Client` in `Optional[Client]`.
    pub(crate) named_type: fn(&Pass<'_>, NodeIdx) -> Option<NodeIdx>,
    /// Tells whether a name in a pattern binds a variable.
    pub(crate) binds_name: fn(name: &str) -> bool,
    /// A name that names nothing.
    pub(crate) blank_name: Option<&'static str>,
    /// Gives a text of the same length that the grammar may read with fewer errors, if there is one.
    pub(crate) mended: fn(text: &[u8]) -> Option<Vec<u8>>,
    /// Runs when the whole file has been read.
    /// Tells whether a variable's value matters to its calls although it has no path.
    pub(crate) may_hold_code: fn(&Pass<'_>, NodeIdx) -> bool,
    pub(crate) finish: fn(&mut Pass<'_>),
    /// What bodies call that ends them, or reaches the world outside.
    pub(crate) body: BodyWords,
}

/// What an anonymous token means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// Hooks ask for it by [`Pass::has_token`].
    Word,
    /// `else` where the grammar has no node for it.
    Else,
    /// `&&`, `||` and the like inside a [`Rule::logical`] node.
    Logical,
}

/// A named function that does what the table cannot say.
pub(crate) type Hook = fn(&mut Pass<'_>, NodeIdx);

/// How an expression reads where its kind alone does not tell.
pub(crate) type Reader = fn(&Tree<'_>, NodeIdx) -> Reading;

/// What one kind of node means; every part is optional.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) define: Option<Define>,
    /// The field with the definition that this node wraps: its range becomes the symbol's.
    pub(crate) wraps: &'static str,
    /// The same for the only definition directly inside: `const f = …` without a second name.
    pub(crate) wraps_only: bool,
    pub(crate) scope: Option<ScopeKind>,
    pub(crate) bind: Option<Bind>,
    pub(crate) refer: Option<Refer>,
    pub(crate) path: Path,
    /// Takes the place of `path`.
    pub(crate) reader: Option<Reader>,
    pub(crate) values: Values,
    pub(crate) branch: Branch,
    pub(crate) logical: bool,
    pub(crate) trivia: Trivia,
    /// Names below it are types.
    pub(crate) type_region: bool,
    /// Its children are parameters; those without a rule of their own bind as they stand.
    pub(crate) parameters: bool,
    /// Its children are statements, between which a long body may be cut.
    pub(crate) statements: bool,
    /// Nothing below it matters.
    pub(crate) opaque: bool,
    /// What it holds is tokens to the grammar, and may be code.
    pub(crate) splice: Option<Splice>,
    pub(crate) hook: Option<Hook>,
    /// What it does in a body.
    pub(crate) form: Form,
}

/// A node that defines a symbol, or one for each of its names. Field names; `""` for what the kind does not have.
#[derive(Clone, Copy)]
pub(crate) struct Define {
    pub(crate) kind: SymbolKind,
    /// The kind instead, directly inside a type.
    pub(crate) member_kind: SymbolKind,
    pub(crate) name: &'static str,
    pub(crate) body: &'static str,
    pub(crate) parameters: &'static str,
    pub(crate) returns: &'static str,
    pub(crate) generics: &'static str,
    /// The initialiser, which the signature leaves out.
    pub(crate) value: &'static str,
    pub(crate) scope: Option<ScopeKind>,
    /// Tells whether the node defines anything where it stands; else it is as if this entry were not there.
    pub(crate) when: fn(&Pass<'_>, NodeIdx) -> bool,
    /// Completes the draft, or cancels it.
    pub(crate) shape: fn(&mut Pass<'_>, &mut Draft),
}

/// Instead of a field's name: the first named child.
pub(crate) const FIRST: &str = "first child";
/// In a form: the second and the third child.
pub(crate) const SECOND: &str = "second child";
pub(crate) const THIRD: &str = "third child";

/// Finds the way from a pattern to a name in it, as a path goes on; `None` where nothing is known.
pub(crate) type Part = fn(&Pass<'_>, pattern: NodeIdx, name: NodeIdx) -> Option<String>;

/// A node whose pattern binds names; `""` as pattern is the node itself, [`FIRST`] its first child.
#[derive(Clone, Copy)]
pub(crate) struct Bind {
    pub(crate) pattern: &'static str,
    pub(crate) type_name: &'static str,
    pub(crate) value: &'static str,
    /// The names are elements of the value, as in a `for` loop.
    pub(crate) element: bool,
    pub(crate) parameter: bool,
    /// The type is kept whole, behind this text, where a path would lose what it is made of.
    pub(crate) whole_type: Option<&'static str>,
    /// The names are visible behind the value, not within it.
    pub(crate) behind_value: bool,
    /// What leads from the value to one of several names: `~()0` for the first of a tuple.
    pub(crate) part: Option<Part>,
}

/// A node that uses a name; `""` is the node itself.
#[derive(Clone, Copy)]
pub(crate) struct Refer {
    pub(crate) kind: ReferenceKind,
    pub(crate) field: &'static str,
}

/// How an expression or type reads as a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Path {
    /// It has no name: `?`.
    Nameless,
    /// Its own text.
    Name,
    /// Its own text, which alone names nothing: `self`, `super`, a built-in type.
    Keyword,
    /// Left part, separator, right part.
    Join(&'static str, &'static str, &'static str),
    /// A part and what follows it: `()`, `[]`.
    Suffix(&'static str, &'static str),
    /// The field's path; `""` is the first named child.
    Through(&'static str),
}

/// Which children stand where a callable may be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    None,
    Any,
    Field(&'static str),
}

/// What a node adds to the complexity of the callable around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Branch {
    None,
    /// A decision: one more path; costs its nesting, and nests what is inside.
    /// Directly under an `else` (or as this field of its own kind) it continues the chain.
    Decision {
        chained_as: &'static str,
    },
    /// Costs its nesting and nests, while its arms are the decisions: `match`, `switch`.
    Switch,
    /// One more path, at no reader's cost: a `case`, `?`.
    Path,
    /// The same where the arms are exhaustive, so that the first adds none.
    Arm,
    /// A loop without a condition: the reader's cost only.
    Loop,
    /// Another turn of the same decision: `else`; adds no path.
    Else,
    /// Another turn with a condition: `elif`.
    ElseIf,
    /// Nests only: a closure.
    Nest,
}

/// What stands before a definition and belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trivia {
    None,
    Comment,
    Attribute,
}

impl Rule {
    pub(crate) const EMPTY: Self = Self {
        define: None,
        wraps: "",
        wraps_only: false,
        scope: None,
        bind: None,
        refer: None,
        path: Path::Nameless,
        reader: None,
        values: Values::None,
        branch: Branch::None,
        logical: false,
        trivia: Trivia::None,
        type_region: false,
        parameters: false,
        statements: false,
        opaque: false,
        splice: None,
        hook: None,
        form: Form::UNKNOWN,
    };

    pub(crate) const fn define(mut self, define: Define) -> Self {
        self.define = Some(define);
        self
    }

    pub(crate) const fn wraps(mut self, field: &'static str) -> Self {
        self.wraps = field;
        self
    }

    pub(crate) const fn wraps_only(mut self) -> Self {
        self.wraps_only = true;
        self
    }

    pub(crate) const fn scope(mut self, kind: ScopeKind) -> Self {
        self.scope = Some(kind);
        self
    }

    pub(crate) const fn bind(mut self, bind: Bind) -> Self {
        self.bind = Some(bind);
        self
    }

    pub(crate) const fn refer(mut self, kind: ReferenceKind, field: &'static str) -> Self {
        self.refer = Some(Refer { kind, field });
        self
    }

    pub(crate) const fn path(mut self, path: Path) -> Self {
        self.path = path;
        self
    }

    pub(crate) const fn reads(mut self, reader: Reader) -> Self {
        self.reader = Some(reader);
        self
    }

    pub(crate) const fn values(mut self, values: Values) -> Self {
        self.values = values;
        self
    }

    pub(crate) const fn branch(mut self, branch: Branch) -> Self {
        self.branch = branch;
        self
    }

    pub(crate) const fn logical(mut self) -> Self {
        self.logical = true;
        self
    }

    pub(crate) const fn trivia(mut self, trivia: Trivia) -> Self {
        self.trivia = trivia;
        self
    }

    pub(crate) const fn type_region(mut self) -> Self {
        self.type_region = true;
        self
    }

    pub(crate) const fn parameters(mut self) -> Self {
        self.parameters = true;
        self
    }

    pub(crate) const fn statements(mut self) -> Self {
        self.statements = true;
        self
    }

    pub(crate) const fn opaque(mut self) -> Self {
        self.opaque = true;
        self
    }

    pub(crate) const fn splice(mut self, splice: Splice) -> Self {
        self.splice = Some(splice);
        self
    }

    pub(crate) const fn hook(mut self, hook: Hook) -> Self {
        self.hook = Some(hook);
        self
    }

    pub(crate) const fn form(mut self, op: Op, slots: &'static [(&'static str, Slot)]) -> Self {
        self.form = Form::new(op, slots);
        self
    }

    /// The same where more than the kind tells what the node does.
    pub(crate) const fn form_by(mut self, decide: Decide, slots: &'static [(&'static str, Slot)]) -> Self {
        self.form = Form { decide: Some(decide), ..Form::new(Op::Unknown, slots) };
        self
    }
}

impl Define {
    /// A symbol with the usual field names, no scope, and nothing for `shape` to do.
    pub(crate) const fn new(kind: SymbolKind) -> Self {
        Self {
            kind,
            member_kind: kind,
            name: "name",
            body: "",
            parameters: "",
            returns: "",
            generics: "",
            value: "",
            scope: None,
            when: |_, _| true,
            shape: no_shape,
        }
    }
}

impl Bind {
    pub(crate) const fn parameter(pattern: &'static str, type_name: &'static str) -> Self {
        Self {
            pattern,
            type_name,
            value: "",
            element: false,
            parameter: true,
            behind_value: false,
            part: None,
            whole_type: None,
        }
    }

    pub(crate) const fn local(pattern: &'static str, type_name: &'static str, value: &'static str) -> Self {
        Self {
            pattern,
            type_name,
            value,
            element: false,
            parameter: false,
            behind_value: false,
            part: None,
            whole_type: None,
        }
    }

    pub(crate) const fn element(pattern: &'static str, value: &'static str) -> Self {
        Self {
            pattern,
            type_name: "",
            value,
            element: true,
            parameter: false,
            behind_value: false,
            part: None,
            whole_type: None,
        }
    }

    pub(crate) const fn parts(mut self, part: Part) -> Self {
        self.part = Some(part);
        self
    }

    pub(crate) const fn behind_value(mut self) -> Self {
        self.behind_value = true;
        self
    }

    pub(crate) const fn whole_type(mut self, before: &'static str) -> Self {
        self.whole_type = Some(before);
        self
    }
}

fn no_shape(_: &mut Pass<'_>, _: &mut Draft) {}
