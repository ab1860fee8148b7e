//! What files and symbols are for, and why: the one rule that linking, the graph, the texts and the pack ask.
//!
//! A file's role follows from the first of these that says something: its path, the names that tools give
//! to their files, the marker of a generator, and folders of scripts and documents. What its code or a
//! manifest says of it is added where those are read, in the crate `parse`.

use std::borrow::Cow;

use docpack::Role;
use serde::{Deserialize, Serialize};

/// A role and why it was given: a code, a colon, and what was found, such as `path:tests/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FoundRole {
    pub role: Role,
    pub reason: Cow<'static, str>,
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
const EXAMPLE_FOLDERS: &[&str] = &["example", "examples", "_example", "_examples", "demo", "demos"];
const DOCUMENT_FOLDERS: &[&str] = &["doc", "docs", "docs_src", "documentation"];
/// Folders of what is run by hand or by a build, where a file says by its first line that it is run.
const SCRIPT_FOLDERS: &[&str] = &["script", "scripts", "tool", "tools", "bin", "hack"];
/// At the root these hold nothing else.
const ROOT_SCRIPT_FOLDERS: &[&str] = &["script", "scripts", "hack"];
/// A folder of the product's own: what is named after a tool's settings here is the product's.
const SOURCE_FOLDERS: &[&str] = &["src", "app", "lib"];
const CONFIGURATIONS: &[&str] =
    &["setup.py", "noxfile.py", "fabfile.py", "dodo.py", "gulpfile.js", "Gruntfile.js"];

/// Longer attributes are cut in a reason.
const MAX_ATTRIBUTE_CHARS: usize = 60;
/// Marker lines of generators stand near the top, after a licence at most.
const MARKER_LINES: usize = 40;
/// Longer lines are data or output of a tool; the longest hand-written ones are a few hundred bytes.
const MAX_LINE_BYTES: usize = 64 << 10;
/// Bytes per line on average, from which on a file counts as minified.
const MINIFIED_MEAN_LINE_BYTES: usize = 500;
/// Shorter files are cheap whatever they are.
const MINIFIED_FLOOR_BYTES: usize = 4 << 10;

/// Tells whether the code only supports the product: tests, benchmarks and examples.
pub fn is_support(role: Role) -> bool {
    matches!(role, Role::Test | Role::Benchmark | Role::Example)
}

impl Default for FoundRole {
    fn default() -> Self {
        Self { role: Role::Product, reason: Cow::Borrowed("default") }
    }
}

impl FoundRole {
    /// Gives a role for a reason.
    pub fn new(role: Role, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { role, reason: reason.into() }
    }

    /// Finds the role of a source file by its path, with `/` between its parts, and its text.
    pub fn of_file(file_path: &str, text: &str) -> Self {
        support(file_path)
            .or_else(|| generated(text))
            .or_else(|| configuration(file_path))
            .or_else(|| script(file_path, text))
            .or_else(|| documentation(file_path).filter(|_| !is_compiled(file_path)))
            .unwrap_or_default()
    }

    /// Finds the role of a text about the code: what its path supports, else documentation.
    pub fn of_document(file_path: &str) -> Self {
        let (_, file_name) = split(file_path);
        let by_name = || match file_name.rsplit_once('.') {
            Some((_, ending)) => Self::new(Role::Documentation, format!("name:*.{ending}")),
            None => Self::new(Role::Documentation, format!("name:{file_name}")),
        };
        in_support_folder(file_path).or_else(|| documentation(file_path)).unwrap_or_else(by_name)
    }

    /// Finds the role that an attribute or decorator gives to what it stands before, and to all within it.
    pub fn of_attribute(attribute: &str) -> Option<Self> {
        let (path, rest) = attribute_parts(attribute);
        let is_test = matches!(path, "test" | "rstest" | "test_case")
            || path.ends_with("::test")
            || path.starts_with("pytest.")
            || path == "cfg" && is_test_only(rest);
        let role = match path {
            _ if is_test => Role::Test,
            "bench" => Role::Benchmark,
            _ => return None,
        };
        let shown: String = attribute.chars().take(MAX_ATTRIBUTE_CHARS).collect();
        Some(Self::new(role, format!("attribute:{shown}")))
    }

    /// Tells whether nothing was found that gives a role.
    pub fn is_default(&self) -> bool {
        self.reason == "default"
    }

    /// Tells whether the code only supports the product.
    pub fn is_support(&self) -> bool {
        is_support(self.role)
    }
}

/// Tells by its path alone whether a file, or a folder with `/` at its end, only supports the product, and how.
pub fn support(file_path: &str) -> Option<FoundRole> {
    let by_name = || test_name(split(file_path).1).map(|reason| FoundRole::new(Role::Test, reason));
    in_support_folder(file_path).or_else(by_name)
}

/// What a Python package holds under `testing` is what others test with, like its `test.py`.
fn is_offered(file_path: &str, folder: &str) -> bool {
    folder == "testing" && file_path.ends_with(".py") && !file_path.starts_with("testing/")
}

fn in_support_folder(file_path: &str) -> Option<FoundRole> {
    let kinds =
        [(Role::Benchmark, BENCHMARK_FOLDERS), (Role::Example, EXAMPLE_FOLDERS), (Role::Test, TEST_FOLDERS)];
    let named = kinds.iter().find_map(|(role, names)| {
        let folders = split(file_path).0.split('/');
        let folder = folders.into_iter().find(|it| names.contains(it) && !is_offered(file_path, it))?;
        Some(FoundRole::new(*role, format!("path:{folder}/")))
    });
    named.or_else(|| {
        let mut folders = split(file_path).0.split('/');
        folders.find_map(|folder| Some(FoundRole::new(by_ending(folder)?, format!("path:{folder}/"))))
    })
}

/// Finds the role that the end of a folder's name gives: `integration_test`, `smoke-tests`, `name-demo`.
///
/// A package `name-test` is what others test with, and a product.
fn by_ending(folder: &str) -> Option<Role> {
    let ends = |ends: &[&str]| ends.iter().any(|end| folder.ends_with(end));
    if ends(&["_test", "_tests", "-tests"]) {
        return Some(Role::Test);
    }
    ends(&["-demo", "-demos", "_demo", "_demos", "-example", "-examples", "_examples"])
        .then_some(Role::Example)
}

/// Tells whether a Rust condition such as `(all(test, unix))` holds in builds of tests alone.
pub fn is_test_only(condition: &str) -> bool {
    let condition: String = condition.chars().filter(|c| !c.is_whitespace()).collect();
    let condition = condition.trim_end_matches(']');
    let all = condition.strip_prefix("(all(").and_then(|rest| rest.strip_suffix("))"));
    condition == "(test)" || all.is_some_and(|all| all.split(',').any(|part| part == "test"))
}

/// Splits an attribute or decorator as written into its path and what stands behind it, brackets included.
pub fn attribute_parts(attribute: &str) -> (&str, &str) {
    let inner = attribute.trim_start_matches(['#', '!', '[', '@', ' ']);
    let (path, rest) = inner.split_at(inner.find(['(', '=', '{', '[', ']']).unwrap_or(inner.len()));
    (path.trim(), rest)
}

/// Finds the test convention that a file's name follows.
fn test_name(file_name: &str) -> Option<String> {
    let (stem, endings) = file_name.split_once('.').unwrap_or((file_name, ""));
    let marks = [".test.", ".spec.", ".stories."];
    if matches!(stem, "conftest" | "tests")
        // `package/test.py` is what a Python package offers to those who test with it.
        || stem == "test" && !file_name.ends_with(".py")
    {
        return Some(format!("name:{file_name}"));
    }
    if stem.starts_with("test_") {
        return Some(format!("name:test_*.{endings}"));
    }
    if let Some(end) = ["_test", "_tests"].iter().find(|end| stem.ends_with(**end)) {
        return Some(format!("name:*{end}.{endings}"));
    }
    marks.iter().find(|mark| file_name.contains(**mark)).map(|mark| format!("name:*{mark}*"))
}

fn generated(text: &str) -> Option<FoundRole> {
    let reason = if is_minified(text) { "header:minified" } else { generator_mark(text)? };
    Some(FoundRole::new(Role::Generated, reason))
}

/// Finds the settings of a tool that are written as code.
fn configuration(file_path: &str) -> Option<FoundRole> {
    let (folders, file_name) = split(file_path);
    let is_listed = CONFIGURATIONS.contains(&file_name);
    let is_of_documents = file_name == "conf.py" && folder_in(file_path, DOCUMENT_FOLDERS).is_some();
    if is_listed || is_of_documents {
        return Some(FoundRole::new(Role::Configuration, format!("name:{file_name}")));
    }
    let ending = file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_script = ["js", "cjs", "mjs", "ts", "cts", "mts"].contains(&ending);
    if !is_script || folders.split('/').any(|folder| SOURCE_FOLDERS.contains(&folder)) {
        return None;
    }
    let is_rc = file_name.starts_with('.') && file_name.ends_with(&format!("rc.{ending}"));
    let mark = [".config.", ".conf.", ".setup."].into_iter().find(|mark| file_name.contains(mark));
    let shown = mark.map(|mark| format!("name:*{mark}{ending}"));
    shown
        .or_else(|| is_rc.then(|| format!("name:.*rc.{ending}")))
        .map(|reason| FoundRole::new(Role::Configuration, reason))
}

fn script(file_path: &str, text: &str) -> Option<FoundRole> {
    let first = file_path.split_once('/').map_or("", |(first, _)| first);
    if ROOT_SCRIPT_FOLDERS.contains(&first) {
        return Some(FoundRole::new(Role::Script, format!("path:{first}/")));
    }
    if let Some(folder) = split(file_path).0.split('/').find(|folder| is_hidden(folder)) {
        return Some(FoundRole::new(Role::Script, format!("path:{folder}/")));
    }
    let folder = folder_in(file_path, SCRIPT_FOLDERS).filter(|_| text.starts_with("#!"))?;
    Some(FoundRole::new(Role::Script, format!("header:#! in {folder}/")))
}

/// A hidden folder holds what tools and services run, such as `.github`.
fn is_hidden(folder: &str) -> bool {
    folder.starts_with('.') && !matches!(folder, "." | "..")
}

fn documentation(file_path: &str) -> Option<FoundRole> {
    let folder = folder_in(file_path, DOCUMENT_FOLDERS)?;
    let is_top = file_path.starts_with(&format!("{folder}/"));
    is_top.then(|| FoundRole::new(Role::Documentation, format!("path:{folder}/")))
}

/// Code of a compiled language among the documents is a package of that name, such as one that writes manuals.
fn is_compiled(file_path: &str) -> bool {
    file_path.ends_with(".go") || file_path.ends_with(".rs")
}

/// Splits a path into its folders and the file's name.
fn split(file_path: &str) -> (&str, &str) {
    file_path.rsplit_once('/').unwrap_or(("", file_path))
}

/// Finds the outermost folder of a path that has one of the names.
fn folder_in<'a>(file_path: &'a str, names: &[&str]) -> Option<&'a str> {
    split(file_path).0.split('/').find(|folder| names.contains(folder))
}

/// Tells whether a file's lines are too long to have been written by hand.
pub fn is_minified(text: &str) -> bool {
    if text.len() < MINIFIED_FLOOR_BYTES {
        return false;
    }
    let mut n_lines = 0;
    let mut longest = 0;
    for line in text.split('\n') {
        n_lines += 1;
        longest = longest.max(line.len());
    }
    longest > MAX_LINE_BYTES || text.len() / n_lines > MINIFIED_MEAN_LINE_BYTES
}

/// Finds a mark that generators agree on, in comment lines near the top only.
pub fn generator_mark(text: &str) -> Option<&'static str> {
    let lines = text.lines().take(MARKER_LINES).map(str::trim_start);
    lines.filter(|line| is_comment(line)).find_map(mark_of)
}

fn is_comment(line: &str) -> bool {
    ["//", "#", "/*", "*", "--", "<!--", "'''", "\"\"\""].iter().any(|start| line.starts_with(start))
}

fn mark_of(line: &str) -> Option<&'static str> {
    if has_at_generated(line) {
        return Some("header:@generated");
    }
    if line.contains("ode generated") && line.contains("DO NOT EDIT") {
        return Some("header:Code generated … DO NOT EDIT");
    }
    [
        ("<auto-generated", "header:<auto-generated>"),
        ("Generated by the protocol buffer compiler", "header:Generated by the protocol buffer compiler"),
        ("automatically generated by rust-bindgen", "header:automatically generated by rust-bindgen"),
    ]
    .into_iter()
    .find_map(|(mark, reason)| line.contains(mark).then_some(reason))
}

/// `@generated` as a word of its own: not in an e-mail address and not in a sentence's backticks.
fn has_at_generated(line: &str) -> bool {
    line.split(|c: char| c.is_whitespace() || c == '*' || c == '/').any(|word| {
        word.strip_prefix("@generated")
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> (Role, String) {
        let found = FoundRole::of_file(path, text);
        (found.role, found.reason.into_owned())
    }

    #[test]
    fn paths_say_what_a_file_supports() {
        for (path, reason) in [
            ("tests/http.rs", "path:tests/"),
            ("pkg/server/server_test.go", "name:*_test.go"),
            ("src/test_parse.py", "name:test_*.py"),
            ("web/src/App.spec.tsx", "name:*.spec.*"),
            ("conftest.py", "name:conftest.py"),
            ("fixtures/app.js", "path:fixtures/"),
            ("src/trio/testing/tests/clock.py", "path:tests/"),
            ("testing/clock.py", "path:testing/"),
        ] {
            assert_eq!(found(path, ""), (Role::Test, reason.to_owned()), "{path}");
        }
        for path in [
            "src/http.rs",
            "src/werkzeug/test.py",
            "src/trio/testing/clock.py",
            "src/testing_ground.rs",
            "latest/api.py",
            "src/contest.py",
            "attest.go",
            "",
        ] {
            assert_eq!(found(path, ""), (Role::Product, "default".to_owned()), "{path}");
        }
        assert_eq!(found("examples/basic/main.rs", "").0, Role::Example);
        assert_eq!(found("benches/tests/walk.rs", "").0, Role::Benchmark);
        assert!(support("benches/").is_some() && support("src/").is_none());
    }

    #[test]
    fn names_and_folders_tell_settings_scripts_and_documents() {
        for (path, text, role, reason) in [
            ("vite.config.ts", "", Role::Configuration, "name:*.config.ts"),
            ("web/.eslintrc.cjs", "", Role::Configuration, "name:.*rc.cjs"),
            ("setup.py", "", Role::Configuration, "name:setup.py"),
            ("docs/conf.py", "", Role::Configuration, "name:conf.py"),
            ("docs/_ext/links.py", "", Role::Documentation, "path:docs/"),
            ("scripts/release.py", "", Role::Script, "path:scripts/"),
            (".github/review/main.go", "", Role::Script, "path:.github/"),
            ("packages/a/tools/release.js", "#!/usr/bin/env node\n", Role::Script, "header:#! in tools/"),
            ("tools/release.py", "if __name__ == '__main__':\n    main()\n", Role::Product, "default"),
            ("src/app/app.config.ts", "", Role::Product, "default"),
            ("src/conf.py", "", Role::Product, "default"),
            ("doc/man.go", "", Role::Product, "default"),
            ("src/docs/render.py", "", Role::Product, "default"),
        ] {
            assert_eq!(found(path, text), (role, reason.to_owned()), "{path}");
        }
    }

    #[test]
    fn generators_leave_a_mark_near_the_top() {
        let go = "// Code generated by stringer. DO NOT EDIT.\npackage a\n";
        assert_eq!(found("a.go", go).1, "header:Code generated … DO NOT EDIT");
        assert_eq!(found("a.ts", "/** @generated */\n").1, "header:@generated");
        assert_eq!(found("a.js", &"x=1;".repeat(2_000)).1, "header:minified");
        assert_eq!(found("a.ts", "// Mail me at me@generated.org.\n").0, Role::Product);
        // Who wrote a test does not change what it is for.
        assert_eq!(found("tests/a.go", go).0, Role::Test);
    }

    #[test]
    fn attributes_mark_test_code() {
        let role = |attribute| FoundRole::of_attribute(attribute).map(|found| found.role);
        for test in [
            "#[test]",
            "#[tokio::test(flavor = \"x\")]",
            "#[cfg(test)]",
            "#[cfg(all(unix, test))]",
            "@pytest.fixture",
        ] {
            assert_eq!(role(test), Some(Role::Test), "{test}");
        }
        assert_eq!(role("#[bench]"), Some(Role::Benchmark));
        for other in
            ["#[cfg(not(test))]", "#[cfg(any(test, feature = \"x\"))]", "#[derive(Debug)]", "@app.test"]
        {
            assert_eq!(role(other), None, "{other}");
        }
    }

    #[test]
    fn a_document_is_documentation_unless_it_lies_with_tests() {
        let found = |path| FoundRole::of_document(path);
        assert_eq!(found("README.md"), FoundRole::new(Role::Documentation, "name:*.md"));
        assert_eq!(found("README"), FoundRole::new(Role::Documentation, "name:README"));
        assert_eq!(found("docs/a.rst"), FoundRole::new(Role::Documentation, "path:docs/"));
        assert_eq!(found("tests/data/a.md"), FoundRole::new(Role::Test, "path:tests/"));
    }
}
