//! Which code supports the rest: tests, benchmarks, examples.

use model::facts::Symbol;

use crate::names::attribute_parts;

/// What the code under a support path is, as a label says it.
pub(crate) fn support_word(file_path: &str) -> &'static str {
    let has = |words: &[&str]| file_path.split(['/', '_', '.']).any(|part| words.contains(&part));
    if has(&["bench", "benches", "benchmark", "benchmarks"]) {
        return "benchmarks";
    }
    if has(&["example", "examples", "demo", "demos"]) { "examples" } else { "tests" }
}

/// Tells whether the symbol itself opens test code.
pub(crate) fn is_support_symbol(symbol: &Symbol) -> bool {
    symbol.attributes.iter().any(|attribute| {
        let (path, rest) = attribute_parts(attribute);
        let is_test = matches!(path, "test" | "bench" | "rstest" | "test_case") || path.ends_with("::test");
        is_test || path == "cfg" && rest.starts_with("(test)") || path.starts_with("pytest.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_give_the_word_of_a_label() {
        assert_eq!(support_word("benches/walk.rs"), "benchmarks");
        assert_eq!(support_word("src/walk_test.go"), "tests");
    }
}
