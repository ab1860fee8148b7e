//! Linking: one fixture a rule, as one string of files; what comes out is printed for people.

mod assigned;
mod certain;
mod go;
mod go_types;
mod metamorphic;
mod packages;
mod python;
mod python_conditions;
mod python_flow;
mod python_modules;
mod python_patterns;
mod robust;
mod rust;
mod rust_bounds;
mod rust_modules;
mod script;
mod script_comments;
mod script_values;
mod typescript;

use std::collections::BTreeMap;
use std::fmt::Write;

use docpack::{EdgeKind, SymbolId};
use doctown_parse as parse;
use model::facts::FileFacts;
use model::resolution::Resolution;
use parse::manifests::Manifests;
use parse::resolve::Linker;

/// Splits `//- /path` headers and texts.
pub(crate) fn files(fixture: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in fixture.lines() {
        match line.trim_start().strip_prefix("//- /") {
            Some(path) => files.push((path.trim().to_owned(), String::new())),
            None => {
                if let Some((_, text)) = files.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    files
}

/// What linking a set of files gave, with a readable name per symbol.
pub(crate) struct Linked {
    pub(crate) resolution: Resolution,
    names: BTreeMap<SymbolId, String>,
}

pub(crate) fn link(files: &[(String, String)]) -> Linked {
    let mut linker = Linker::new();
    let mut names = BTreeMap::new();
    for (path, text) in files {
        if Manifests::is_manifest(path) {
            linker.add_manifest(path, text);
        }
        if let Some(language) = parse::detect(path, text.as_bytes()) {
            let facts = parse::parse(language, path, text.as_bytes(), &parse::ParseLimits::default());
            names.extend((0..facts.symbols.len()).map(|idx| (facts.symbols[idx].id, display(&facts, idx))));
            linker.add_file(&facts);
        }
    }
    Linked { resolution: linker.finish().to_resolution(), names }
}

/// `path#Type.method`; the file alone for its own symbol.
fn display(facts: &FileFacts, idx: usize) -> String {
    let mut parts = Vec::new();
    let mut current = Some(idx);
    while let Some(idx) = current.filter(|idx| *idx != 0) {
        parts.push(facts.symbols[idx].name.clone());
        current = facts.symbols[idx].parent.map(|parent| parent as usize);
    }
    parts.reverse();
    if parts.is_empty() {
        facts.file_path.clone()
    } else {
        format!("{}#{}", facts.file_path, parts.join("."))
    }
}

impl Linked {
    pub(crate) fn name(&self, id: SymbolId) -> &str {
        self.names.get(&id).map_or("?", String::as_str)
    }

    /// Every edge but `contains`, one a line, in the order of names.
    pub(crate) fn edges(&self) -> String {
        let edges = self.resolution.edges.iter().filter(|edge| edge.kind != EdgeKind::Contains);
        let line = |edge: &model::resolution::Edge| {
            format!(
                "{} {} -> {} ({} {})\n",
                edge.kind,
                self.name(edge.source),
                self.name(edge.target),
                edge.evidence,
                edge.confidence
            )
        };
        sorted(edges.map(line))
    }

    /// Source, kind and target alone, for comparisons.
    pub(crate) fn edge_names(&self) -> Vec<String> {
        let all = self.resolution.edges.iter();
        let mut lines: Vec<String> = all
            .map(|edge| format!("{} {} -> {}", edge.kind, self.name(edge.source), self.name(edge.target)))
            .collect();
        lines.sort();
        lines
    }

    /// Calls alone, as `caller -> callee`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let names = self.edge_names();
        names.iter().filter_map(|edge| edge.strip_prefix("calls ")).map(str::to_owned).collect()
    }

    /// Candidate sets and what stays unresolved.
    pub(crate) fn rest(&self) -> String {
        let mut out = sorted(self.resolution.ambiguous.iter().map(|found| {
            let candidates: Vec<String> = found
                .candidates
                .iter()
                .map(|one| format!("{} {}", self.name(one.id), one.confidence))
                .collect();
            let candidates = sorted_join(candidates);
            format!("ambiguous {} {} in {}\n", found.name, candidates, self.name(found.source))
        }));
        out.push_str(&sorted(self.resolution.unresolved.iter().map(|found| {
            let package =
                found.package.as_deref().map(|package| format!(" of {package}")).unwrap_or_default();
            format!("{} {}{package} in {}\n", found.reason.as_str(), found.name, self.name(found.source))
        })));
        out
    }

    pub(crate) fn counts(&self) -> String {
        let mut out = String::new();
        for calls in &self.resolution.calls {
            let _ = writeln!(
                out,
                "{}: {} resolved, {} ambiguous, {} external, {} unresolved",
                calls.language,
                calls.resolved,
                calls.ambiguous,
                calls.external,
                calls.dynamic + calls.unknown
            );
        }
        out
    }
}

fn sorted(lines: impl Iterator<Item = String>) -> String {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines.concat()
}

fn sorted_join(mut parts: Vec<String>) -> String {
    parts.sort();
    format!("[{}]", parts.join(", "))
}

/// Compares edges, then the rest, of one fixture with the golden file of this name.
pub(crate) fn check(name: &str, fixture: &str) {
    let linked = link(&files(fixture));
    let out = format!("{}--\n{}", linked.edges(), linked.rest());
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "resolve/snapshots"}, {
        insta::assert_snapshot!(name, out);
    });
}
