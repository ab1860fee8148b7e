//! How Python names modules and what `import` brings in.

use model::facts::{Export, Import, ImportIdx, Imported};

use crate::binding::CONDITIONAL_STAR;
use crate::pass::Pass;
use crate::tape::NodeIdx;

/// The module a file is: dotted, without a leading `src/`; `__init__` is its package.
pub(super) fn module_path(file_path: &str) -> String {
    let path = file_path.strip_prefix("src/").unwrap_or(file_path);
    let path = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyi")).unwrap_or(path);
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.last() == Some(&"__init__") {
        parts.pop();
    }
    parts.join(".")
}

/// What one name of an import statement brings in.
struct Taken {
    path: String,
    module: String,
    what: Imported,
    local_name: Option<String>,
}

/// `import a.b` binds `a`; `import a.b as c` binds `c`.
pub(super) fn import(pass: &mut Pass<'_>, idx: NodeIdx) {
    let raw = pass.line_of(idx);
    let names: Vec<_> = pass.tape.children(idx).filter(|child| !pass.is_comment(*child)).collect();
    for name in names {
        let (module, alias) = name_and_alias(pass, name);
        let top = module.split('.').next().unwrap_or_default().to_owned();
        let local_name = Some(alias.unwrap_or(top));
        record(pass, name, &raw, Taken { path: module.clone(), module, what: Imported::Module, local_name });
    }
}

/// `from a import b as c`, also relative, also `*`.
pub(super) fn from_import(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(module_node) = pass.child(idx, "module_name") else { return };
    let module: String = pass.text(module_node).split_whitespace().collect();
    let absolute = absolute(pass, &module);
    let raw = pass.line_of(idx);
    let children: Vec<_> = pass.tape.children(idx).filter(|child| *child != module_node).collect();
    for child in children {
        if pass.is_kind(child, "wildcard_import") {
            let taken = Taken {
                path: absolute.clone(),
                module: module.clone(),
                what: Imported::Star,
                local_name: None,
            };
            let import = record(pass, child, &raw, taken);
            if !is_at_top(pass, idx) {
                let name = CONDITIONAL_STAR.to_owned();
                pass.facts.exports.push(Export { name, local: None, import: Some(import) });
            }
        } else if !pass.is_comment(child) {
            let (name, alias) = name_and_alias(pass, child);
            let path = if absolute.is_empty() { name.clone() } else { format!("{absolute}.{name}") };
            let local_name = Some(alias.unwrap_or_else(|| name.clone()));
            record(
                pass,
                child,
                &raw,
                Taken { path, module: module.clone(), what: Imported::Name(name), local_name },
            );
        }
    }
}

/// `from __future__ import …` changes the compiler and binds nothing anyone calls.
pub(super) fn future(pass: &mut Pass<'_>, idx: NodeIdx) {
    let raw = pass.line_of(idx);
    let module = "__future__".to_owned();
    let taken = Taken { path: module.clone(), module, what: Imported::SideEffect, local_name: None };
    record(pass, idx, &raw, taken);
}

fn name_and_alias(pass: &Pass<'_>, node: NodeIdx) -> (String, Option<String>) {
    let text = |node: NodeIdx| pass.text(node).split_whitespace().collect::<String>();
    if pass.is_kind(node, "aliased_import") {
        let name = pass.child(node, "name").map(text).unwrap_or_default();
        return (name, pass.child(node, "alias").map(text));
    }
    (text(node), None)
}

/// Resolves leading dots against the package of the file.
fn absolute(pass: &Pass<'_>, module: &str) -> String {
    let rest = module.trim_start_matches('.');
    let n_dots = module.len() - rest.len();
    if n_dots == 0 {
        return module.to_owned();
    }
    let file_module = &pass.facts.symbols[0].qualified_name;
    let mut package: Vec<&str> = file_module.split('.').collect();
    let n_up = if is_package(pass) { n_dots - 1 } else { n_dots };
    package.truncate(package.len().saturating_sub(n_up));
    package.extend(Some(rest).filter(|rest| !rest.is_empty()));
    package.join(".")
}

/// Tells whether the file is a package's own, whose imports are its interface.
fn is_package(pass: &Pass<'_>) -> bool {
    let file_name = pass.facts.file_path.rsplit('/').next().unwrap_or_default();
    file_name.starts_with("__init__.")
}

/// Tells whether a statement is run whenever its module is.
fn is_at_top(pass: &Pass<'_>, statement: NodeIdx) -> bool {
    pass.tape.parent(statement).is_none_or(|parent| pass.is_kind(parent, "module"))
}

fn record(pass: &mut Pass<'_>, node: NodeIdx, raw: &str, taken: Taken) -> ImportIdx {
    let byte_start = pass.tape.node(node).start;
    let own_alias = pass.is_kind(node, "aliased_import")
        && matches!((&taken.what, &taken.local_name), (Imported::Name(name), Some(local)) if name == local);
    let import = Import {
        raw: raw.to_owned(),
        path: taken.path,
        module: taken.module,
        what: taken.what,
        local_name: taken.local_name.filter(|name| !name.is_empty()),
        reexported: own_alias || is_package(pass),
        line: pass.source.line(byte_start),
        byte_start,
        scope: pass.state.scope,
    };
    pass.import(import)
}
