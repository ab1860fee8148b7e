//! Programs that a package installs, as its manifest names them.

use crate::code::Code;

/// What the reason of a file's role begins with where a manifest installs it.
const INSTALLED: &str = "manifest:program ";

/// A program by the name that its users type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installed<'a> {
    pub(crate) name: &'a str,
    /// The callable that runs, or the file.
    pub(crate) at: usize,
}

/// Lists the installed programs; the shortest name is that of the package itself.
pub(crate) fn installed<'a>(code: &Code<'a>) -> Vec<Installed<'a>> {
    let mut found = Vec::new();
    for file in code.files() {
        let reason = file.role_reason.as_deref().unwrap_or_default();
        for word in reason.strip_prefix(INSTALLED).into_iter().flat_map(str::split_whitespace) {
            let (name, callable) = word.split_once('=').unwrap_or((word, ""));
            found.extend(entry(code, &file.file_path, callable).map(|at| Installed { name, at }));
        }
    }
    found.sort_by_key(|it| (it.name.len(), it.name, it.at));
    found
}

/// Finds where a program starts: the named callable, what a named object is told to run, `main`, or the file.
fn entry(code: &Code<'_>, path: &str, callable: &str) -> Option<usize> {
    let module = code.module_of(path)?;
    let wanted = if callable.is_empty() { "main" } else { callable };
    let own = code.members(module).iter().copied().filter(|at| code.is_callable(*at));
    let imported = code.leaving(module).iter().map(|link| link.other);
    let imported = imported.filter(|at| code.is_callable(*at) && !callable.is_empty());
    let is_wanted = |at: &usize| code.symbols[*at].name == wanted;
    // `app.meta` runs what `@app.meta.default` decorates.
    let decorates = |attribute: &String| {
        let rest = attribute.trim_start_matches('@').strip_prefix(callable);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '(']))
    };
    let is_decorated =
        |at: &usize| !callable.is_empty() && code.symbols[*at].attributes.iter().any(decorates);
    let found = own.clone().chain(imported).find(is_wanted).or_else(|| own.clone().find(is_decorated));
    found.or(Some(module)).filter(|at| code.is_ours(*at))
}
