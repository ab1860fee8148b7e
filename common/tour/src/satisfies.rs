//! Which types of Go satisfy which interfaces: no word in the code says so, the methods do.

use std::collections::HashMap;

use docpack::{EdgeKind, SymbolKind};

use crate::code::Code;

/// The types that have all methods of an interface, in the order of the files.
pub(crate) struct Satisfies(HashMap<usize, Vec<usize>>);

/// A method as an interface asks for it: its name, the types of its parameters and its result.
type Method<'a> = (&'a str, Vec<String>, String);

impl Satisfies {
    pub(crate) fn new(code: &Code<'_>) -> Self {
        let is_go = |at: &usize| code.symbols[*at].language.as_str() == "go";
        let mut methods: HashMap<usize, Vec<Method<'_>>> = HashMap::new();
        let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in code.ours().filter(is_go).filter(|at| code.is_callable(*at)) {
            let Some(owner) = code.owner_type(at) else { continue };
            methods.entry(owner).or_default().push(method(code, at));
            if code.kind(owner) != Some(SymbolKind::Interface) {
                holders.entry(&code.symbols[at].name).or_default().push(owner);
            }
        }
        let interfaces = code.ours().filter(is_go).filter(|at| code.kind(*at) == Some(SymbolKind::Interface));
        let found = interfaces.filter_map(|at| {
            let wanted = wanted(code, &methods, at);
            let rarest = wanted.iter().map(|(name, _, _)| holders.get(name).map_or(&[][..], Vec::as_slice));
            let mut types = rarest.min_by_key(|holders| holders.len())?.to_vec();
            types.sort_unstable();
            types.dedup();
            types.retain(|other| wanted.iter().all(|method| methods[other].contains(method)));
            (!types.is_empty()).then_some((at, types))
        });
        Self(found.collect())
    }

    /// Lists the types that satisfy an interface.
    pub(crate) fn types(&self, interface: usize) -> &[usize] {
        self.0.get(&interface).map_or(&[], Vec::as_slice)
    }
}

fn method<'a>(code: &Code<'a>, at: usize) -> Method<'a> {
    let symbol = code.symbols[at];
    let folder = code.path(at).rsplit('/').nth(1).unwrap_or_default();
    let parameters = symbol.parameters.iter().map(|it| with_packages(it.type_name.as_deref(), folder));
    (&symbol.name, parameters.collect(), with_packages(symbol.return_type.as_deref(), folder))
}

/// Writes a type as other packages do: in `backend`, `*Handle` is `*backend.Handle`.
///
/// A package is taken to be called like its folder, and one that is imported under another name to be another one.
fn with_packages(type_name: Option<&str>, package: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    for c in type_name.unwrap_or_default().chars() {
        let is_begin = !out.ends_with(|c| is_part(c) || c == '.') || out.ends_with("...");
        if c.is_uppercase() && is_begin {
            out.push_str(package);
            out.push('.');
        }
        out.push(c);
    }
    out
}

/// Lists the methods of an interface and of those in it; none where one of them is of a library.
fn wanted<'a>(
    code: &Code<'a>,
    methods: &HashMap<usize, Vec<Method<'a>>>,
    interface: usize,
) -> Vec<Method<'a>> {
    let mut all = methods.get(&interface).cloned().unwrap_or_default();
    let inner = code.leaving(interface).iter().filter(|link| link.kind == EdgeKind::Extends);
    for other in inner.map(|link| link.other).filter(|other| *other != interface) {
        all.extend(methods.get(&other).cloned().unwrap_or_default());
    }
    if code.symbols[interface].bases.iter().any(|base| base.contains('.')) { Vec::new() } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_compared_with_their_packages() {
        let found = |text| with_packages(Some(text), "backend");
        assert_eq!(found("context.Context"), "context.Context");
        assert_eq!(
            found("func(rd *io.Reader, h Handle) error"),
            "func(rd *io.Reader, h backend.Handle) error"
        );
        assert_eq!(found("...Handle"), "...backend.Handle");
        assert_eq!(found("map[string][]ID"), "map[string][]backend.ID");
        assert_eq!(found("[]*proxy.Proxy"), "[]*proxy.Proxy");
    }
}
