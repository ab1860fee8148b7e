//! Which code supports the rest: tests, benchmarks, examples.

use model::facts::Symbol;

use crate::names::attribute_parts;

/// Folders whose code is not the repository's own subject.
const SUPPORT_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "__tests__",
    "__mocks__",
    "spec",
    "specs",
    "testing",
    "testdata",
    "test_data",
    "testutil",
    "testutils",
    "fixtures",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "example",
    "examples",
    "demo",
    "demos",
    "e2e",
];

/// What the code under a support path is, as a label says it.
pub(crate) fn support_word(file_path: &str) -> &'static str {
    let has = |words: &[&str]| file_path.split(['/', '_', '.']).any(|part| words.contains(&part));
    if has(&["bench", "benches", "benchmark", "benchmarks"]) {
        return "benchmarks";
    }
    if has(&["example", "examples", "demo", "demos"]) { "examples" } else { "tests" }
}

/// Tells from the path alone whether a file holds tests, benchmarks or examples.
pub(crate) fn is_support_path(file_path: &str) -> bool {
    let mut parts = file_path.split('/').rev();
    let file_name = parts.next().unwrap_or_default();
    let stem = file_name.split('.').next().unwrap_or_default();
    parts.any(|folder| SUPPORT_FOLDERS.contains(&folder))
        || matches!(stem, "conftest" | "tests" | "test")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || file_name.contains(".test.")
        || file_name.contains(".spec.")
        || file_name.contains(".stories.")
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
    fn paths_tell_support_from_subject() {
        for path in [
            "tests/http.rs",
            "pkg/server/server_test.go",
            "src/test_parse.py",
            "web/src/App.spec.tsx",
            "conftest.py",
            "examples/basic/main.rs",
        ] {
            assert!(is_support_path(path), "{path}");
        }
        for path in
            ["src/http.rs", "src/testing_ground.rs", "latest/api.py", "src/contest.py", "attest.go", ""]
        {
            assert!(!is_support_path(path), "{path}");
        }
        assert_eq!(support_word("benches/walk.rs"), "benchmarks");
        assert_eq!(support_word("src/walk_test.go"), "tests");
    }
}
