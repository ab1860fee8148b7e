//! What parsing learned of one file.

use std::sync::Arc;

use docpack::{
    BodyDigest, ByteRange, ChunkId, Digest, Language, LineRange, SymbolId, SymbolKind, Visibility,
};
use serde::{Deserialize, Serialize};

use crate::body::Body;
use crate::flow::Flow;
use crate::role::FoundRole;

/// Index of a symbol in [`FileFacts::symbols`].
pub type SymbolIdx = u32;
/// Index of a scope in [`FileFacts::scopes`].
pub type ScopeIdx = u32;
/// Index of an import in [`FileFacts::imports`].
pub type ImportIdx = u32;

/// Everything parsing learned of one file; complete without any other file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    pub file_path: String,
    pub language: Language,
    pub size_bytes: u64,
    pub sha256: Digest,
    pub n_lines: u32,
    /// What it is for, as far as the file alone tells.
    pub role: FoundRole,
    /// In source order; `[0]` is always the file's own symbol of kind `module`.
    pub symbols: Vec<Symbol>,
    /// `[0]` is the file's scope; a parent comes before its children.
    pub scopes: Vec<Scope>,
    pub bindings: Vec<Binding>,
    /// One per imported name, star or module: `use a::{b, c}` gives two with the same `raw`.
    pub imports: Vec<Import>,
    pub references: Vec<Reference>,
    pub exports: Vec<Export>,
    pub n_error_nodes: u32,
    pub findings: Vec<Finding>,
    /// In file order.
    pub chunks: Vec<Chunk>,
    /// For linking, which happens where files are read: it is not written.
    #[serde(skip)]
    pub flow: Arc<Flow>,
}

/// A named thing defined in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Symbol {
    pub id: SymbolId,
    pub name: String,
    pub qualified_name: String,
    pub kind: SymbolKind,
    /// The whole node, attributes and attached doc comment included.
    pub byte_range: ByteRange,
    pub line_range: LineRange,
    /// Where the body starts, for what has one; the signature is what precedes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_range: Option<ByteRange>,
    /// One line, whitespace collapsed, no body; part of the id.
    pub signature: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// For a field, variable or constant: its declared type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_type: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generics: Vec<String>,
    /// `async`, `const`, `static`, `abstract`, `generator`, `getter`, `receiver:*T` and the like, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<String>,
    pub visibility: Visibility,
    pub exported: bool,
    /// Base classes, embedded types, extended interfaces, supertraits, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<String>,
    /// Interfaces of a class, trait of an impl block, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub implements: Vec<String>,
    /// Comment markers and common indentation removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_comment: Option<String>,
    /// Decorators and attributes as written, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SymbolIdx>,
    /// The scope this symbol opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeIdx>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complexity: Option<Complexity>,
    /// Starts of the body's statements, for cutting what is too large for one chunk.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split_points: Vec<u32>,
    /// Over its tokens; `None` where the file was not parsed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_digest: Option<BodyDigest>,
    /// Where it has another role than its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<FoundRole>,
    /// What it does, of callables and of the file's own symbol.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Box<Body>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// As written, with secrets masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complexity {
    pub cyclomatic: u32,
    pub cognitive: u32,
}

/// A region in which names are bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    pub kind: ScopeKind,
    pub parent: Option<ScopeIdx>,
    /// The symbol that opened it; blocks belong to none.
    pub symbol: Option<SymbolIdx>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeKind {
    File,
    /// A namespace, `mod` block and the like.
    Module,
    /// A type's members; not searched for bare names unless the language says so.
    Type,
    Function,
    Block,
}

/// The name under which a function's scope binds what the function returns, where no type says so.
pub const RETURNED: &str = "<return>";

/// A name made visible in a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    pub scope: ScopeIdx,
    pub name: String,
    pub byte_start: u32,
    pub target: BindingTarget,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BindingTarget {
    Symbol(SymbolIdx),
    Import(ImportIdx),
    Parameter {
        /// The annotated type as a [`Reference::path`], without generics; in Go and Python as written.
        type_path: Option<String>,
    },
    Local {
        type_path: Option<String>,
        /// The initialiser as a [`Reference::path`]: `Client::new()`, `self.pool`.
        value: Option<String>,
    },
    /// A variable that is declared and set to nothing yet.
    Declared,
    /// What a variable of the binding's scope is set to elsewhere; `None` where that has no path.
    Assigned {
        /// Where the value is read.
        scope: ScopeIdx,
        value: Option<String>,
    },
}

/// One imported name, star or module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The whole statement, whitespace collapsed.
    pub raw: String,
    /// Normalised for the language: `crate::net::Client`, `pkg.mod.name`, `./util#parse`, `github.com/a/b`.
    pub path: String,
    /// The module part as written: `crate::net`, `..mod`, `./util`.
    pub module: String,
    /// What is taken out of the module.
    pub what: Imported,
    /// The name bound in the importing scope, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_name: Option<String>,
    /// Passed on to whoever imports this file (`pub use`, `export … from`).
    pub reexported: bool,
    pub line: u32,
    pub byte_start: u32,
    pub scope: ScopeIdx,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Imported {
    /// The module itself (`import a.b`, `import * as ns`).
    Module,
    Name(String),
    Default,
    /// Every public name.
    Star,
    /// Nothing is bound (`import './x'`, `import _ "x"`).
    SideEffect,
}

/// A name that importers of this file may ask for; in TypeScript and JavaScript there are no others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// `default` for a default export.
    pub name: String,
    /// The local binding it stands for; `None` when only `import` is set.
    pub local: Option<String>,
    /// For `export { a } from`: the import it passes on.
    pub import: Option<ImportIdx>,
}

/// A use of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub kind: ReferenceKind,
    /// The innermost symbol whose body holds it (0 for module level).
    pub from: SymbolIdx,
    pub scope: ScopeIdx,
    /// What is named, as a path: `parse`, `self.client.get`, `Foo::new`, `open().read`, `?.run`.
    /// `.` and `::` as the language writes them, `()` for the result of a call, `[]` for an element,
    /// `{T}` for a value of a written type, `?` for an expression that has no name. In Rust `~(Path)field` is
    /// what a pattern takes out of a value, `^1.0` the first parameter of the closure that is the second argument.
    pub path: String,
    pub line: u32,
    pub byte_start: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    Call,
    /// `new X`, `X {…}`: a call of the type's constructor.
    Construct,
    MacroCall,
    Decorator,
    /// A type named in a signature, annotation or body.
    Type,
    /// A base class or extended interface, named in the head of `from`.
    Extends,
    /// An interface or trait, named in the head of `from`.
    Implements,
    /// A callable handed over or stored, not called.
    Value,
}

/// A contiguous part of a file that is embedded as one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chunk {
    pub chunk_id: ChunkId,
    pub byte_range: ByteRange,
    pub line_range: LineRange,
    /// The symbols it stands for, the owner first.
    pub symbols: Vec<SymbolIdx>,
    pub text_sha256: Digest,
    /// What is embedded.
    pub text: String,
}

/// A non-fatal thing seen in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Stable snake_case: `syntax_error`, `file_too_large`, `parse_too_deep`, `parse_budget_exceeded`,
    /// `too_many_symbols`, `parser_crashed`, `secret_redacted`.
    pub code: String,
    pub file_path: String,
    pub line: Option<u32>,
    pub message: String,
}

impl Finding {
    /// Tells whether something of the file was not read.
    pub fn is_gap(&self) -> bool {
        self.code != "secret_redacted"
    }
}

/// Something of a file that was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap<'a> {
    pub code: &'a str,
    /// How many places; 1 for what concerns the file as a whole.
    pub n_places: u32,
    /// The first of them, where a line can be told.
    pub line: Option<u32>,
}

/// Lists what was not read of a file with these findings.
pub fn gaps(findings: &[Finding], n_error_nodes: u32) -> impl Iterator<Item = Gap<'_>> {
    findings.iter().filter(|finding| finding.is_gap()).map(move |finding| Gap {
        code: &finding.code,
        n_places: if finding.code == "syntax_error" { n_error_nodes } else { 1 },
        line: finding.line,
    })
}
