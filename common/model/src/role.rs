//! Which files are the product and which only support it, by their paths.
//!
//! Linking, the graph and the texts all ask here, so that one rule decides for all of them.

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Product,
    Test,
    Benchmark,
    Example,
}

const TEST_FOLDERS: &[&str] = &[
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
    "e2e",
];
const BENCHMARK_FOLDERS: &[&str] = &["bench", "benches", "benchmark", "benchmarks"];
const EXAMPLE_FOLDERS: &[&str] = &["example", "examples", "demo", "demos"];

impl Role {
    /// Returns the role of the file at a path of the repository, with `/` between its parts.
    pub fn of(file_path: &str) -> Self {
        let (folders, file_name) = file_path.rsplit_once('/').unwrap_or(("", file_path));
        let lies_in = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
        if lies_in(BENCHMARK_FOLDERS) {
            Self::Benchmark
        } else if lies_in(EXAMPLE_FOLDERS) {
            Self::Example
        } else if lies_in(TEST_FOLDERS) || is_test_name(file_name) {
            Self::Test
        } else {
            Self::Product
        }
    }

    /// Tells whether the file only supports the product: tests, benchmarks and examples.
    pub fn is_support(self) -> bool {
        self != Self::Product
    }
}

fn is_test_name(file_name: &str) -> bool {
    let stem = file_name.split('.').next().unwrap_or_default();
    matches!(stem, "conftest" | "tests")
        // `package/test.py` is what a Python package offers to those who test with it.
        || stem == "test" && !file_name.ends_with(".py")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || [".test.", ".spec.", ".stories."].iter().any(|mark| file_name.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_say_what_a_file_is_for() {
        for path in [
            "tests/http.rs",
            "pkg/server/server_test.go",
            "src/test_parse.py",
            "web/src/App.spec.tsx",
            "conftest.py",
            "fixtures/app.js",
        ] {
            assert_eq!(Role::of(path), Role::Test, "{path}");
        }
        for path in [
            "src/http.rs",
            "src/werkzeug/test.py",
            "src/testing_ground.rs",
            "latest/api.py",
            "src/contest.py",
            "attest.go",
            "",
        ] {
            assert_eq!(Role::of(path), Role::Product, "{path}");
        }
        assert_eq!(Role::of("examples/basic/main.rs"), Role::Example);
        assert_eq!(Role::of("benches/tests/walk.rs"), Role::Benchmark);
        assert!(Role::of("examples/a.py").is_support() && !Role::of("src/a.py").is_support());
    }
}
