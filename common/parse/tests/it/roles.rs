//! What files and symbols are for, and why.

use doctown_parse::resolve::Linker;

use crate::languages::read;

/// The file's role, then every symbol that has another one.
fn roles(file_path: &str, text: &str) -> Vec<String> {
    let facts = read(file_path, text);
    let file = std::iter::once(("file", &facts.role));
    let symbols = facts.symbols.iter().filter_map(|it| Some((it.name.as_str(), it.role.as_ref()?)));
    file.chain(symbols).map(|(name, found)| format!("{name}: {} {}", found.role, found.reason)).collect()
}

/// The roles that linking gives to files whose own text says something else.
fn settled(files: &[(&str, &str)]) -> Vec<String> {
    let mut linker = Linker::new();
    for (path, text) in files {
        match doctown_parse::detect(path, text.as_bytes()) {
            Some(_) => linker.add_file(&read(path, text)),
            None => linker.add_manifest(path, text),
        }
    }
    let roles = linker.finish().roles;
    roles.iter().map(|(path, found)| format!("{path}: {} {}", found.role, found.reason)).collect()
}

#[test]
fn rust_attributes_mark_tests_and_all_they_hold() {
    let text = "fn f() {}\n#[cfg(test)]\nmod tests {\n    fn helper() {}\n    #[test]\n    fn works() {}\n}\n#[bench]\nfn speed() {}\n";
    assert_eq!(
        roles("src/a.rs", text),
        [
            "file: product default",
            "tests: test attribute:#[cfg(test)]",
            "helper: test attribute:#[cfg(test)]",
            "works: test attribute:#[test]",
            "speed: benchmark attribute:#[bench]",
        ]
    );
    assert_eq!(roles("tests/a.rs", "#[test]\nfn works() {}\n"), ["file: test path:tests/"]);
}

#[test]
fn go_names_mark_benchmarks_and_examples_in_files_of_tests() {
    let text =
        "package a\n\nfunc TestA() {}\nfunc BenchmarkA() {}\nfunc ExampleA() {}\nfunc Examplesque() {}\n";
    assert_eq!(
        roles("a_test.go", text),
        [
            "file: test name:*_test.go",
            "BenchmarkA: benchmark name:Benchmark*",
            "ExampleA: example name:Example*",
        ]
    );
    assert_eq!(roles("a.go", text), ["file: product default"]);
}

#[test]
fn a_python_class_with_tests_is_a_test_wherever_it_stands() {
    let text = "class TestA:\n    def test_b(self): pass\n\n\nclass C(unittest.TestCase):\n    def test_d(self): pass\n\n\nclass TestCase:\n    def run(self): pass\n\n\ndef test_connection(): pass\n\n\n@pytest.fixture\ndef db(): pass\n";
    assert_eq!(
        roles("src/a.py", text),
        [
            "file: product default",
            "TestA: test name:Test*",
            "test_b: test name:Test*",
            "C: test base:unittest.TestCase",
            "test_d: test base:unittest.TestCase",
            "db: test attribute:@pytest.fixture",
        ]
    );
}

#[test]
fn a_script_that_declares_tests_is_a_test() {
    let global = "describe('a', () => {\n  it('works', () => {});\n});\n";
    assert_eq!(roles("src/a.js", global), ["file: test calls:describe"]);
    let imported = "import { test } from 'node:test';\ntest('works', () => {});\n";
    assert_eq!(roles("src/a.ts", imported), ["file: test calls:test"]);
    let own = "function describe() {}\nfunction it() {}\ndescribe(it());\n";
    assert_eq!(roles("src/a.js", own), ["file: product default"]);
    let other = "import { test } from './regex';\ntest('works');\n";
    assert_eq!(roles("src/a.js", other), ["file: product default"]);
}

#[test]
fn manifests_and_modules_of_tests_give_files_their_role() {
    let cargo = "[package]\nname = \"a\"\n[[test]]\nname = \"it\"\npath = \"it/main.rs\"\n[[example]]\nname = \"x\"\npath = \"tests/x.rs\"\n";
    assert_eq!(
        settled(&[
            ("Cargo.toml", cargo),
            ("build.rs", "fn main() {}\n"),
            ("it/main.rs", "mod more;\n"),
            ("it/more.rs", "fn f() {}\n"),
            ("src/lib.rs", "#[cfg(test)]\nmod checks;\nmod net;\n"),
            ("src/checks.rs", "mod deep;\n"),
            ("src/checks/deep.rs", "fn f() {}\n"),
            ("src/net.rs", "fn f() {}\n"),
            ("tests/x.rs", "fn main() {}\n"),
        ]),
        [
            "build.rs: script manifest:build",
            "it/main.rs: test manifest:[[test]]",
            "it/more.rs: test manifest:[[test]]",
            "src/checks.rs: test attribute:#[cfg(test)]",
            "src/checks/deep.rs: test attribute:#[cfg(test)]",
            "tests/x.rs: example manifest:[[example]]",
        ]
    );
}

#[test]
fn files_that_a_manifest_installs_as_programs_are_product_and_say_so() {
    let python = "[project]\nname = \"a\"\n[project.scripts]\na = \"a.cli:run\"\nad = \"a.cli:serve\"\n";
    let npm = r#"{"name":"@x/b","bin":"./bin/b.js","scripts":{}}"#;
    let tool = "[package]\nname = \"t\"\npublish = false\n";
    assert_eq!(
        settled(&[
            ("pyproject.toml", python),
            ("package.json", npm),
            ("c/Cargo.toml", "[package]\nname = \"c\"\n[[bin]]\nname = \"cc\"\npath = \"src/cc.rs\"\n"),
            ("t/Cargo.toml", tool),
            ("src/a/cli.py", "def run(): pass\n"),
            ("bin/b.js", "#!/usr/bin/env node\nrun()\n"),
            ("c/src/cc.rs", "fn main() {}\n"),
            ("t/src/main.rs", "fn main() {}\n"),
        ]),
        [
            "bin/b.js: product manifest:program b",
            "c/src/cc.rs: product manifest:program cc",
            "src/a/cli.py: product manifest:program a=run ad=serve",
        ]
    );
}

#[test]
fn modules_that_the_product_compiles_are_product_whatever_their_folder_is_called() {
    assert_eq!(
        settled(&[
            ("Cargo.toml", "[package]\nname = \"timer\"\n"),
            ("src/main.rs", "mod benchmark;\nfn main() {}\n"),
            ("src/benchmark/mod.rs", "mod executor;\npub mod test;\n#[cfg(test)]\nmod demo;\n"),
            ("src/benchmark/executor.rs", "pub fn f() {}\n"),
            ("src/benchmark/demo.rs", "fn f() {}\n"),
            ("src/benchmark/test.rs", "pub fn f() {}\n"),
            ("benches/speed.rs", "mod inner;\nfn main() {}\n"),
            ("benches/inner.rs", "fn f() {}\n"),
        ]),
        [
            "src/benchmark/executor.rs: product module:src/main.rs",
            "src/benchmark/mod.rs: product module:src/main.rs",
            "src/benchmark/test.rs: product module:src/main.rs",
            "src/main.rs: product manifest:program timer",
        ]
    );
}

#[test]
fn a_rust_file_for_tests_alone_is_no_module_of_the_product() {
    assert_eq!(
        settled(&[
            ("Cargo.toml", "[package]\nname = \"a\"\n"),
            ("src/main.rs", "mod tests;\nmod bench;\nfn main() {}\n"),
            ("src/tests/mod.rs", "#![cfg(test)]\n\nmod helpers;\n"),
            ("src/tests/helpers.rs", "pub fn helper() {}\n"),
            ("src/bench/mod.rs", "pub fn run() {}\n"),
        ]),
        ["src/bench/mod.rs: product module:src/main.rs", "src/main.rs: product manifest:program a"]
    );
    assert_eq!(roles("src/util.rs", "#![cfg(test)]\nfn f() {}\n"), ["file: test attribute:#![cfg(test)]"]);
}
