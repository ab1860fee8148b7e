//! What a file's code says of its role, and of the roles of its symbols.

use docpack::{Language, Role, SymbolKind};
use model::facts::{BindingTarget, FileFacts, ReferenceKind, Symbol, SymbolIdx};
use model::role::FoundRole;

use crate::source::decoded;

/// Symbols nested deeper than this inherit from no one; no such code was seen.
const MAX_ANCESTORS: usize = 64;

/// A Rust file that is compiled for tests alone says so in its own text.
const TESTS_ONLY: &str = "#![cfg(test)]";
/// Begins the reason of a role that the code itself says it has.
pub(crate) const BY_ATTRIBUTE: &str = "attribute:";

/// Packages whose `test`, `it` and `describe` declare tests.
const TEST_PACKAGES: &[&str] = &[
    "vitest",
    "@jest/globals",
    "mocha",
    "jasmine",
    "node:test",
    "bun:test",
    "@playwright/test",
    "ava",
    "tape",
    "tap",
    "uvu",
    "qunit",
    "@japa/runner",
];

/// Gives the file and its symbols their roles, as far as the file alone tells.
pub(crate) fn find_roles(facts: &mut FileFacts, text: &[u8]) {
    let text = decoded(text);
    facts.role = FoundRole::of_file(&facts.file_path, &text);
    if facts.language == Language::Rust && text.lines().any(|line| line.trim() == TESTS_ONLY) {
        facts.role = FoundRole::new(Role::Test, format!("{BY_ATTRIBUTE}{TESTS_ONLY}"));
    }
    if facts.role.is_default()
        && matches!(facts.language, Language::TypeScript | Language::JavaScript)
        && let Some(reason) = test_calls(facts)
    {
        facts.role = FoundRole::new(Role::Test, reason);
    }
    let own: Vec<Option<FoundRole>> =
        (0..facts.symbols.len()).map(|idx| role_of(facts, idx as SymbolIdx)).collect();
    if own.iter().all(Option::is_none) {
        return;
    }
    for idx in 0..facts.symbols.len() {
        let up = |at: &SymbolIdx| facts.symbols[*at as usize].parent;
        let mut above = std::iter::successors(Some(idx as SymbolIdx), up).take(MAX_ANCESTORS);
        let found = above.find_map(|at| own[at as usize].clone());
        facts.symbols[idx].role = found.filter(|found| found.role != facts.role.role);
    }
}

/// Finds the role that a symbol's own head gives to it and to all that it holds.
fn role_of(facts: &FileFacts, idx: SymbolIdx) -> Option<FoundRole> {
    let symbol = &facts.symbols[idx as usize];
    let by_name = || match facts.language {
        Language::Go => go_test(facts, symbol),
        Language::Python => python_test_class(facts, idx),
        _ => None,
    };
    symbol.attributes.iter().find_map(|attribute| FoundRole::of_attribute(attribute)).or_else(by_name)
}

/// `go test` runs functions of `_test.go` files by their names.
fn go_test(facts: &FileFacts, symbol: &Symbol) -> Option<FoundRole> {
    if symbol.kind != SymbolKind::Function || !facts.file_path.ends_with("_test.go") {
        return None;
    }
    let is_named = |prefix: &str| {
        let rest = symbol.name.strip_prefix(prefix)?;
        (!rest.starts_with(|c: char| c.is_lowercase())).then_some(())
    };
    is_named("Benchmark")
        .map(|()| FoundRole::new(Role::Benchmark, "name:Benchmark*"))
        .or_else(|| is_named("Example").map(|()| FoundRole::new(Role::Example, "name:Example*")))
}

/// A class of tests is named or derived as one and has a test: `TestCase` itself, which others derive from, has none.
fn python_test_class(facts: &FileFacts, idx: SymbolIdx) -> Option<FoundRole> {
    let symbol = &facts.symbols[idx as usize];
    if symbol.kind != SymbolKind::Class {
        return None;
    }
    let base = symbol.bases.iter().find(|base| base.ends_with("TestCase"));
    let reason = match base {
        Some(base) => format!("base:{base}"),
        None if symbol.name.starts_with("Test") => "name:Test*".to_owned(),
        None => return None,
    };
    let is_test = |other: &&Symbol| other.parent == Some(idx) && other.name.starts_with("test_");
    facts.symbols.iter().find(is_test).map(|_| FoundRole::new(Role::Test, reason))
}

/// Finds the calls at the top of a file that declare tests to a framework.
fn test_calls(facts: &FileFacts) -> Option<String> {
    let calls = |name: &str| {
        let is_call =
            |path: &str| path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        facts.references.iter().any(|it| it.kind == ReferenceKind::Call && it.from == 0 && is_call(&it.path))
    };
    let bound_to = |name: &str| {
        facts.bindings.iter().find(|binding| binding.scope == 0 && binding.name == name).map(|it| &it.target)
    };
    let names = ["describe", "test", "it", "suite"];
    let from_package = names.into_iter().find(|name| match bound_to(name) {
        Some(BindingTarget::Import(import)) => {
            let module = facts.imports.get(*import as usize).map_or("", |import| &import.module);
            TEST_PACKAGES.contains(&module) && calls(name)
        }
        _ => false,
    });
    let is_global = |name: &&str| bound_to(name).is_none() && calls(name);
    let global = || {
        // What a runner defines for all files comes as a pair: a group and a test in it.
        let group = ["describe", "suite"].into_iter().find(is_global)?;
        facts.references.iter().any(|it| matches!(it.path.as_str(), "it" | "test")).then_some(group)
    };
    from_package.or_else(global).map(|name| format!("calls:{name}"))
}
