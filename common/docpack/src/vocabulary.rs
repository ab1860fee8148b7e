//! The words every stage and every reader share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::open::Word;

macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`.")] #[doc = ""] $(#[$variant_doc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the word used in every file and interface.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Finds the value with this exact word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl Word for $name {
            const ALL: &'static [Self] = Self::ALL;
            const NAME: &'static str = stringify!($name);

            fn as_str(self) -> &'static str {
                self.as_str()
            }

            fn from_word(word: &str) -> Option<Self> {
                Self::from_word(word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

word_enum! {
    /// A programming language that is parsed.
    Language {
        Rust = "rust",
        Python = "python",
        /// TypeScript, `.tsx` included.
        TypeScript = "typescript",
        /// JavaScript, `.jsx` included.
        JavaScript = "javascript",
        Go = "go",
    }
}

word_enum! {
    /// What a symbol is.
    SymbolKind {
        Module = "module",
        Function = "function",
        Method = "method",
        Constructor = "constructor",
        Class = "class",
        Struct = "struct",
        Enum = "enum",
        EnumVariant = "enum_variant",
        Union = "union",
        Trait = "trait",
        Interface = "interface",
        Impl = "impl",
        Field = "field",
        Property = "property",
        Constant = "constant",
        Static = "static",
        Variable = "variable",
        TypeAlias = "type_alias",
        Macro = "macro",
    }
}

impl SymbolKind {
    /// Tells whether the symbol has a body that runs.
    pub fn is_callable(self) -> bool {
        matches!(self, Self::Function | Self::Method | Self::Constructor | Self::Macro)
    }

    /// Tells whether the symbol is a type with members of its own.
    pub fn is_type(self) -> bool {
        matches!(
            self,
            Self::Class
                | Self::Struct
                | Self::Enum
                | Self::Union
                | Self::Trait
                | Self::Interface
                | Self::TypeAlias
        )
    }
}

word_enum! {
    /// What one step of a body does.
    StepKind {
        Call = "call",
        Return = "return",
        Yield = "yield",
        /// Raises, throws or panics.
        Raise = "raise",
        /// Hands an error of another call on: `?` in Rust.
        Propagate = "propagate",
        /// Sets a field, an element, or a variable of a scope around the body.
        Write = "write",
        /// Waits for what is no call: `await task`, `<-done`.
        Await = "await",
        /// Reads a value from outside without a call: `process.env.HOME`.
        Read = "read",
    }
}

word_enum! {
    /// What decides whether, or how often, steps of a body run.
    ConditionKind {
        If = "if",
        /// The condition with this text did not hold.
        Otherwise = "otherwise",
        /// Once for each turn; the text is what is looped over, or the loop's condition.
        Loop = "loop",
        /// One arm of a `match`, `switch` or `select`; the text is the value, `:`, and the pattern.
        Case = "case",
        /// The text is what is caught.
        Catch = "catch",
        /// Runs whatever happens: `finally`, `defer`.
        Finally = "finally",
        /// Inside a function without a name, which may run later or never.
        Closure = "closure",
    }
}

word_enum! {
    /// What a call does to the world outside of the program's memory.
    Effect {
        FileRead = "file_read",
        FileWrite = "file_write",
        Network = "network",
        Database = "database",
        Process = "process",
        Log = "log",
        Clock = "clock",
        Random = "random",
        /// Reads or sets a variable of the environment.
        Environment = "environment",
        /// Takes a lock, or waits for one.
        Lock = "lock",
        /// Starts a thread, task or goroutine.
        Spawn = "spawn",
    }
}

word_enum! {
    /// What a literal stands for.
    LiteralKind {
        /// An HTTP status code.
        Status = "status",
        /// An HTTP method.
        Method = "method",
        /// A path of a URL that is served.
        Route = "route",
        /// The name of an HTTP header.
        Header = "header",
        /// The name of a command-line option or a setting.
        Option = "option",
        /// The name of a variable of the environment.
        Environment = "environment",
        /// A statement of SQL, by its first word and its tables.
        Sql = "sql",
        /// The address of another machine.
        Url = "url",
        /// A text that a person reads, as of an error.
        Text = "text",
        Number = "number",
    }
}

word_enum! {
    /// How one symbol stands to another.
    EdgeKind {
        Calls = "calls",
        Imports = "imports",
        Contains = "contains",
        References = "references",
        ReferencesType = "references_type",
        Implements = "implements",
        Extends = "extends",
        /// Similar in meaning; carries a weight.
        Related = "related",
        /// Changed together in history; carries a weight.
        CoChanged = "co_changed",
    }
}

word_enum! {
    /// How an edge was found.
    Evidence {
        /// The name is bound in an enclosing scope of the same file.
        Scope = "scope",
        /// An import statement leads to the target.
        Import = "import",
        /// A written or inferred type leads to the target.
        Type = "type",
        /// A base class or implemented interface leads to the target.
        Hierarchy = "hierarchy",
        /// The value was followed through assignments.
        Flow = "flow",
        /// One of several implementations behind a trait or interface.
        Dispatch = "dispatch",
        /// Vectors are close.
        Similarity = "similarity",
        /// Commits touch both.
        History = "history",
    }
}

word_enum! {
    /// Who may see a symbol.
    Visibility {
        Public = "public",
        /// Visible within the crate, package or module that holds it.
        Internal = "internal",
        Protected = "protected",
        Private = "private",
    }
}

word_enum! {
    /// What a file or a symbol is for.
    Role {
        /// Code of the library or program itself.
        Product = "product",
        Test = "test",
        Example = "example",
        Benchmark = "benchmark",
        /// Written by a program.
        Generated = "generated",
        /// Builds, releases or maintains the repository.
        Script = "script",
        Configuration = "configuration",
        Documentation = "documentation",
    }
}

word_enum! {
    /// What a section of the tour is about.
    Topic {
        /// What the repository is.
        Purpose = "purpose",
        /// What the authors' documentation explains.
        Documentation = "documentation",
        /// Its parts, and which of them use which.
        Layout = "layout",
        /// Entry points, commands, routes and the public interface.
        Start = "start",
        /// The types that most of the code is about.
        Types = "types",
        /// Settings and variables of the environment.
        Configuration = "configuration",
        /// What is raised, where, and who catches it.
        Errors = "errors",
        Tests = "tests",
        /// Where the repository can be extended.
        Extension = "extension",
        Glossary = "glossary",
        /// Where to start reading.
        Reading = "reading",
    }
}

word_enum! {
    /// A question that the facts of a pack answer.
    InsightFamily {
        /// What the repository is for.
        Purpose = "purpose",
        /// What happens from its entry points on.
        Flow = "flow",
        /// What can fail, and who deals with it.
        Errors = "errors",
        /// What can be set.
        Configuration = "configuration",
        /// Where it can be extended.
        Extension = "extension",
        /// The types that the code is about.
        DataModel = "data_model",
        /// What may break, and where.
        Risks = "risks",
    }
}

word_enum! {
    /// What a step of a flow does.
    FlowStepKind {
        /// Calls a symbol of the repository.
        Call = "call",
        /// Calls one of several symbols of the repository.
        Uncertain = "uncertain",
        /// Calls a value; what runs is known only when the program runs.
        Dynamic = "dynamic",
        /// Hands a callable of the repository to something that may call it.
        HandOver = "hand_over",
        /// Calls a library.
        External = "external",
        Return = "return",
        Yield = "yield",
        /// Raises, throws or panics.
        Raise = "raise",
        Write = "write",
    }
}

/// Bytes of a file, 0-based and half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ByteRange {
    /// The first byte.
    pub start: u32,
    /// The byte past the last.
    pub end: u32,
}

impl ByteRange {
    /// Tells whether `other` lies within this range.
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the number of bytes.
    pub fn len(&self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Tells whether the range holds nothing.
    pub fn is_empty(&self) -> bool {
        self.end <= self.start
    }
}

/// Lines of a file, 1-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct LineRange {
    /// The first line.
    pub start: u32,
    /// The last line.
    pub end: u32,
}
