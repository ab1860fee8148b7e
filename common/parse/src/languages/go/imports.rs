//! How Go names packages and what `import` brings in.

use model::facts::{Import, Imported};

use crate::pass::Pass;
use crate::tape::NodeIdx;

/// The package a file belongs to is its folder; the root's name is in its package clause.
pub(super) fn module_path(file_path: &str) -> String {
    file_path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// Records one import of a group.
pub(super) fn import_spec(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(path) = pass.child(idx, "path").map(|path| pass.text(path).trim_matches(['"', '`']).to_owned())
    else {
        return;
    };
    let name = pass.child(idx, "name").map(|name| pass.text(name).into_owned());
    let (what, local_name) = match name.as_deref() {
        Some(".") => (Imported::Star, None),
        Some("_") => (Imported::SideEffect, None),
        Some(alias) => (Imported::Module, Some(alias.to_owned())),
        None => (Imported::Module, Some(package_name(&path).to_owned())),
    };
    let byte_start = pass.tape.node(idx).start;
    let import = Import {
        raw: format!("import {}", pass.line_of(idx)),
        module: path.clone(),
        path,
        what,
        local_name,
        reexported: false,
        line: pass.source.line(byte_start),
        byte_start,
        scope: pass.state.scope,
    };
    pass.import(import);
}

/// Guesses a package's name as tools do: the last part of its path that is not a version, without `.v2` and `go-`.
fn package_name(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let name = if is_version(last) { parts.next().unwrap_or(last) } else { last };
    let name = name.rsplit_once('.').filter(|(_, suffix)| is_version(suffix)).map_or(name, |(name, _)| name);
    let name = name.strip_prefix("go-").unwrap_or(name);
    name.strip_suffix("-go").or_else(|| name.strip_suffix(".go")).unwrap_or(name)
}
