//! How Rust names modules and what `use` brings in.

use model::facts::{Import, Imported};
use model::role::is_test_only;

use crate::draft::Draft;
use crate::pass::Pass;
use crate::tape::NodeIdx;

/// Paths of one `mod`, of which builds choose.
const MAX_PATHS: usize = 16;

/// The module a file is: `src/` starts the crate, whose folder names it; `lib`, `main` and `mod` add nothing.
pub(super) fn module_path(file_path: &str) -> String {
    let mut parts: Vec<&str> = file_path.split('/').filter(|part| !part.is_empty()).collect();
    if let Some(file) = parts.last_mut() {
        *file = file.strip_suffix(".rs").unwrap_or(file);
    }
    let collapses = parts.last().is_some_and(|file| matches!(*file, "lib" | "main" | "mod"));
    let mut names: Vec<String> = Vec::new();
    match parts.iter().rposition(|part| *part == "src") {
        Some(at) => {
            let folder = at.checked_sub(1).and_then(|folder| parts.get(folder));
            names.push(folder.map_or_else(|| "crate".to_owned(), |folder| folder.replace('-', "_")));
            names.extend(parts[at + 1..].iter().map(|part| part.replace('-', "_")));
        }
        None => names.extend(parts.iter().map(|part| part.replace('-', "_"))),
    }
    if collapses && names.len() > 1 {
        names.pop();
    }
    names.join("::")
}

/// Records one import per name of a `use` tree, in source order.
pub(super) fn use_declaration(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(argument) = pass.child(idx, "argument") else { return };
    let raw = pass.line_of(idx);
    let reexported = pass.child_of_kind(idx, "visibility_modifier").is_some();
    let mut open = vec![(argument, String::new())];
    while let Some((node, prefix)) = open.pop() {
        if pass.is_kind(node, "use_list") {
            let items: Vec<_> = pass.tape.children(node).filter(|item| !pass.is_comment(*item)).collect();
            open.extend(items.into_iter().rev().map(|item| (item, prefix.clone())));
        } else if pass.is_kind(node, "scoped_use_list") {
            let path = pass.child(node, "path").map(|path| path_text(pass, path)).unwrap_or_default();
            open.extend(pass.child(node, "list").map(|list| (list, join(&prefix, &path))));
        } else {
            let leaf = leaf(pass, node, &prefix);
            let import = Leaf { raw: &raw, reexported, node }.import(pass, leaf);
            pass.import(import);
        }
    }
}

/// Records `extern crate a as b`.
pub(super) fn extern_crate(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(name) = pass.child(idx, "name").map(|name| pass.text(name).into_owned()) else { return };
    let alias = pass.child(idx, "alias").map(|alias| pass.text(alias).into_owned());
    let reexported = pass.child_of_kind(idx, "visibility_modifier").is_some();
    let raw = pass.line_of(idx);
    let taken = Taken { module: name.clone(), what: Imported::Module, local_name: alias.or(Some(name)) };
    let import = Leaf { raw: &raw, reexported, node: idx }.import(pass, taken);
    pass.import(import);
}

/// Records `mod name;`, which makes another file's module known here; where that lies, and that it is for tests
/// alone, may stand before it.
pub(super) fn module_file(pass: &mut Pass<'_>, draft: &Draft) {
    let name = &draft.name;
    let attributes = draft.attributes.iter().map(|attribute| pass.line_of(*attribute));
    let matters = |text: &String| {
        let text = text.replace(' ', "");
        text.starts_with("#[path=\"")
            || text.starts_with("#[cfg_attr(") && text.contains("path=\"")
            || text.strip_prefix("#[cfg").is_some_and(is_test_only)
    };
    let attributes: Vec<String> = attributes.filter(matters).take(MAX_PATHS).collect();
    let line = pass.line_of(draft.node);
    let raw = if attributes.is_empty() { line } else { format!("{} {line}", attributes.join(" ")) };
    let taken =
        Taken { module: format!("self::{name}"), what: Imported::Module, local_name: Some(name.to_owned()) };
    let import = Leaf { raw: &raw, reexported: draft.exported, node: draft.node }.import(pass, taken);
    pass.import(import);
}

struct Leaf<'a> {
    raw: &'a str,
    reexported: bool,
    node: NodeIdx,
}

struct Taken {
    module: String,
    what: Imported,
    local_name: Option<String>,
}

impl Leaf<'_> {
    fn import(&self, pass: &Pass<'_>, taken: Taken) -> Import {
        let path = match &taken.what {
            Imported::Name(name) => join(&taken.module, name),
            _ => taken.module.clone(),
        };
        let byte_start = pass.tape.node(self.node).start;
        Import {
            raw: self.raw.to_owned(),
            path,
            module: taken.module,
            what: taken.what,
            local_name: taken.local_name.filter(|name| name != "_"),
            reexported: self.reexported,
            line: pass.source.line(byte_start),
            byte_start,
            scope: pass.state.scope,
        }
    }
}

/// Reads one end of a `use` tree.
fn leaf(pass: &Pass<'_>, node: NodeIdx, prefix: &str) -> Taken {
    if pass.is_kind(node, "use_wildcard") {
        let path = pass.tape.children(node).next().map(|path| path_text(pass, path)).unwrap_or_default();
        return Taken { module: join(prefix, &path), what: Imported::Star, local_name: None };
    }
    let (path, alias) = if pass.is_kind(node, "use_as_clause") {
        let alias = pass.child(node, "alias").map(|alias| pass.text(alias).into_owned());
        (pass.child(node, "path").map(|path| path_text(pass, path)).unwrap_or_default(), alias)
    } else {
        (path_text(pass, node), None)
    };
    named(join(prefix, &path), alias)
}

fn named(full: String, alias: Option<String>) -> Taken {
    let full = full.strip_suffix("::self").map(|module| (module.to_owned(), true)).unwrap_or((full, false));
    match (full.1, full.0.rsplit_once("::")) {
        (false, Some((module, name))) => Taken {
            module: module.to_owned(),
            what: Imported::Name(name.to_owned()),
            local_name: alias.or_else(|| Some(name.to_owned())),
        },
        _ => {
            let last = full.0.rsplit("::").next().unwrap_or_default().to_owned();
            Taken { module: full.0, what: Imported::Module, local_name: alias.or(Some(last)) }
        }
    }
}

/// A path as written, without blanks and a leading `::`.
fn path_text(pass: &Pass<'_>, node: NodeIdx) -> String {
    let text: String = pass.text(node).split_whitespace().collect();
    text.strip_prefix("::").map(str::to_owned).unwrap_or(text)
}

fn join(prefix: &str, path: &str) -> String {
    match (prefix.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => prefix.to_owned(),
        _ => format!("{prefix}::{path}"),
    }
}
