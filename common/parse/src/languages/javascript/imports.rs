//! How JavaScript names modules, and what `import` and `require` bring in.

use model::facts::{Import, ImportIdx, Imported, ReferenceKind};

use crate::pass::Pass;
use crate::resolve::imported_module;
use crate::tape::NodeIdx;

/// Endings that are not part of a module's name, longest first.
const EXTENSIONS: &[&str] =
    &[".d.mts", ".d.cts", ".d.ts", ".mts", ".cts", ".tsx", ".jsx", ".mjs", ".cjs", ".ts", ".js"];

/// A file's path without its ending; `index` is its folder.
pub(in crate::languages) fn module_path(file_path: &str) -> String {
    let stem = EXTENSIONS.iter().find_map(|extension| file_path.strip_suffix(extension)).unwrap_or(file_path);
    stem.strip_suffix("/index").unwrap_or(stem).to_owned()
}

/// What one import takes out of a module.
pub(super) struct Taken {
    pub(super) what: Imported,
    pub(super) local_name: Option<String>,
    pub(super) reexported: bool,
}

impl Taken {
    pub(super) fn new(what: Imported, local_name: Option<String>) -> Self {
        Self { what, local_name, reexported: false }
    }
}

/// Records one import out of `module`; `node` is the statement.
pub(super) fn record(pass: &mut Pass<'_>, node: NodeIdx, module: &str, taken: Taken) -> ImportIdx {
    let path = match &taken.what {
        Imported::Name(name) => format!("{module}#{name}"),
        Imported::Default => format!("{module}#default"),
        Imported::Module | Imported::Star | Imported::SideEffect => module.to_owned(),
    };
    let byte_start = pass.tape.node(node).start;
    let import = Import {
        raw: pass.line_of(node),
        path,
        module: module.to_owned(),
        what: taken.what,
        local_name: taken.local_name,
        reexported: taken.reexported,
        line: pass.source.line(byte_start),
        byte_start,
        scope: pass.state.scope,
    };
    pass.import(import)
}

/// `default` is a name like any other in a list of names.
pub(super) fn imported(name: String) -> Imported {
    if name == "default" { Imported::Default } else { Imported::Name(name) }
}

/// A name as written, or what is inside its quotes.
pub(super) fn plain(pass: &Pass<'_>, node: NodeIdx) -> String {
    pass.text(node).trim_matches(['"', '\'', '`']).to_owned()
}

pub(super) fn import_statement(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let Some(clause) = pass.child_of_kind(idx, "import_require_clause") {
        return import_require(pass, idx, clause);
    }
    let Some(module) = pass.child(idx, "source").map(|source| plain(pass, source)) else { return };
    let Some(clause) = pass.child_of_kind(idx, "import_clause") else {
        record(pass, idx, &module, Taken::new(Imported::SideEffect, None));
        return;
    };
    let parts: Vec<_> = pass.tape.children(clause).collect();
    for part in parts {
        if pass.is_kind(part, "identifier") {
            let name = pass.text(part).into_owned();
            take_all(pass, part);
            record(pass, idx, &module, Taken::new(Imported::Default, Some(name)));
        } else if pass.is_kind(part, "namespace_import") {
            let name = pass.child_of_kind(part, "identifier").map(|name| pass.text(name).into_owned());
            record(pass, idx, &module, Taken::new(Imported::Module, name));
        } else if pass.is_kind(part, "named_imports") {
            named_imports(pass, idx, &module, part);
        }
    }
}

fn named_imports(pass: &mut Pass<'_>, statement: NodeIdx, module: &str, list: NodeIdx) {
    let specifiers: Vec<_> =
        pass.tape.children(list).filter(|part| pass.is_kind(*part, "import_specifier")).collect();
    for specifier in specifiers {
        let Some(name) = pass.child(specifier, "name").map(|name| plain(pass, name)) else { continue };
        let alias = pass.child(specifier, "alias").map(|alias| pass.text(alias).into_owned());
        let local_name = alias.unwrap_or_else(|| name.clone());
        record(pass, statement, module, Taken::new(imported(name), Some(local_name)));
    }
}

/// `import fs = require("fs")`.
fn import_require(pass: &mut Pass<'_>, idx: NodeIdx, clause: NodeIdx) {
    let name = pass.child_of_kind(clause, "identifier").map(|name| pass.text(name).into_owned());
    if let Some(module) = pass.child(clause, "source").map(|source| plain(pass, source)) {
        record(pass, idx, &module, Taken::new(Imported::Module, name));
    }
}

/// `super(…)`, and `require("x")` and `import("x")` where no variable takes what they give.
pub(super) fn call(pass: &mut Pass<'_>, idx: NodeIdx) {
    if let Some(function) = pass.child(idx, "function").filter(|function| pass.is_kind(*function, "super")) {
        let byte_start = pass.tape.node(function).start;
        pass.refer_path(ReferenceKind::Call, "super".to_owned(), byte_start);
    }
    let Some(module) = required(pass, idx) else { return };
    let what = match pass.tape.parent(idx) {
        Some(parent) if pass.is_kind(parent, "expression_statement") => Imported::SideEffect,
        _ => Imported::Module,
    };
    record(pass, idx, &module, Taken::new(what, None));
}

/// Records the module of an `import("x").T` that stands as one name.
pub(in crate::languages) fn imported_type(pass: &mut Pass<'_>, idx: NodeIdx) {
    let text = pass.text(idx);
    if let Some((module, _)) = imported_module(&text) {
        let module = module.to_owned();
        record(pass, idx, &module, Taken::new(Imported::Module, None));
    }
}

/// Reads the module out of `require("x")` or `import("x")`.
pub(super) fn required(pass: &Pass<'_>, call: NodeIdx) -> Option<String> {
    if !pass.is_kind(call, "call_expression") {
        return None;
    }
    let function = pass.child(call, "function")?;
    let is_require = pass.is_kind(function, "identifier") && pass.text(function) == "require";
    if !is_require && !pass.is_kind(function, "import") {
        return None;
    }
    let arguments = pass.child(call, "arguments")?;
    let module = pass.tape.children(arguments).next().filter(|first| pass.is_kind(*first, "string"))?;
    Some(plain(pass, module))
}

/// `const x = require("x")`, `const { a, b: c } = await import("x")`, `const y = require("x").y`.
///
/// Tells whether the variable was one of these.
pub(super) fn required_variable(pass: &mut Pass<'_>, declarator: NodeIdx) -> bool {
    let Some((call, module, member)) = required_value(pass, declarator) else { return false };
    let Some(pattern) = pass.child(declarator, "name") else { return false };
    pass.tape.take(call);
    let taken = match (pass.is_kind(pattern, "identifier"), member) {
        (true, Some(member)) => vec![Taken::new(imported(member), Some(pass.text(pattern).into_owned()))],
        (true, None) => vec![Taken::new(Imported::Module, Some(pass.text(pattern).into_owned()))],
        (false, _) => members_taken(pass, pattern),
    };
    take_all(pass, pattern);
    let statement = pass.tape.parent(declarator).unwrap_or(declarator);
    for taken in taken {
        record(pass, statement, &module, taken);
    }
    true
}

fn required_value(pass: &Pass<'_>, declarator: NodeIdx) -> Option<(NodeIdx, String, Option<String>)> {
    let mut value = pass.child(declarator, "value")?;
    let mut member = None;
    if pass.is_kind(value, "member_expression") {
        member = pass.child(value, "property").map(|property| pass.text(property).into_owned());
        value = pass.child(value, "object")?;
    }
    while pass.is_kind(value, "await_expression") || pass.is_kind(value, "parenthesized_expression") {
        value = pass.tape.children(value).next()?;
    }
    required(pass, value).map(|module| (value, module, member))
}

fn members_taken(pass: &Pass<'_>, pattern: NodeIdx) -> Vec<Taken> {
    let mut taken = Vec::new();
    for part in pass.tape.children(pattern) {
        if pass.is_kind(part, "shorthand_property_identifier_pattern") {
            let name = pass.text(part).into_owned();
            taken.push(Taken::new(imported(name.clone()), Some(name)));
        } else if let Some(key) =
            pass.is_kind(part, "pair_pattern").then(|| pass.child(part, "key")).flatten()
        {
            let local = pass.child(part, "value").filter(|value| pass.is_kind(*value, "identifier"));
            let local = local.map(|local| pass.text(local).into_owned());
            taken.push(Taken::new(imported(plain(pass, key)), local));
        }
    }
    taken
}

/// Keeps the names below a node from being read as uses.
fn take_all(pass: &mut Pass<'_>, node: NodeIdx) {
    for idx in node..pass.tape.node(node).after {
        pass.tape.take(idx);
    }
}
