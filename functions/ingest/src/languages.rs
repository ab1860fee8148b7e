//! Names of languages by file ending, to say what a repository without source code holds.

use std::collections::BTreeMap;

use docpack::Language;
use model::ingest::Skipped;
use source::entry::SkipReason;
use source::failure::SourceError;

/// More kinds than this are added up as other files.
const MAX_NAMED: usize = 6;
const OTHER: &str = "other";

/// Languages and formats that are not read, by the endings of their files.
const BY_ENDING: &[(&str, &[&str])] = &[
    ("Astro", &["astro"]),
    ("C", &["c", "h"]),
    ("C#", &["cs"]),
    ("C++", &["cc", "cpp", "cxx", "hh", "hpp", "hxx"]),
    ("CSS", &["css", "less", "sass", "scss"]),
    ("Clojure", &["clj", "cljc", "cljs"]),
    ("Dart", &["dart"]),
    ("Elixir", &["ex", "exs"]),
    ("Erlang", &["erl", "hrl"]),
    ("F#", &["fs", "fsi", "fsx"]),
    ("Fortran", &["f", "f90", "f95"]),
    ("HTML", &["htm", "html"]),
    ("Haskell", &["hs"]),
    ("JSON", &["json", "jsonc"]),
    ("Java", &["java"]),
    ("Julia", &["jl"]),
    ("Jupyter notebook", &["ipynb"]),
    ("Kotlin", &["kt", "kts"]),
    ("Lua", &["lua"]),
    ("Markdown", &["markdown", "md", "mdx"]),
    ("OCaml", &["ml", "mli"]),
    ("Objective-C", &["m", "mm"]),
    ("PHP", &["php"]),
    ("Perl", &["pl", "pm"]),
    ("PowerShell", &["ps1"]),
    ("R", &["r"]),
    ("Ruby", &["rb"]),
    ("SQL", &["sql"]),
    ("Scala", &["sbt", "scala"]),
    ("Shell", &["bash", "fish", "sh", "zsh"]),
    ("Solidity", &["sol"]),
    ("Svelte", &["svelte"]),
    ("Swift", &["swift"]),
    ("TOML", &["toml"]),
    ("Terraform", &["hcl", "tf"]),
    ("Vue", &["vue"]),
    ("XML", &["xml"]),
    ("YAML", &["yaml", "yml"]),
    ("Zig", &["zig"]),
    ("text", &["adoc", "rst", "txt"]),
];

/// Counts files by the language or format that their names imply.
#[derive(Debug, Default)]
pub(crate) struct Kinds(BTreeMap<&'static str, u64>);

impl Kinds {
    pub(crate) fn add(&mut self, path: &str) {
        // A path that ends in `/` stands for a folder.
        if !path.ends_with('/') {
            *self.0.entry(kind_of(path)).or_default() += 1;
        }
    }

    /// Says what was found instead of source code, the most frequent kind first.
    pub(crate) fn no_source_code(&self, skipped: &[Skipped]) -> SourceError {
        let mut kinds: Vec<_> = self.0.iter().filter(|(kind, _)| **kind != OTHER).collect();
        kinds.sort_by_key(|(kind, n_files)| (std::cmp::Reverse(**n_files), **kind));
        let n_rest: u64 = kinds.iter().skip(MAX_NAMED).map(|(_, n_files)| **n_files).sum();
        let n_other = self.0.get(OTHER).copied().unwrap_or(0) + n_rest;
        let mut found: Vec<_> =
            kinds.iter().take(MAX_NAMED).map(|(kind, n_files)| files(kind, **n_files)).collect();
        found.extend((n_other > 0).then(|| files(OTHER, n_other)));
        let mut found = match found.is_empty() {
            true => "the source has no files".to_owned(),
            false => format!("found {}", listed(&found)),
        };
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        let is_choice = |skipped: &&Skipped| skipped.reason != SkipReason::UnsupportedLanguage.as_str();
        for skipped in skipped.iter().filter(is_choice) {
            *reasons.entry(&skipped.reason).or_default() += 1;
        }
        if !reasons.is_empty() {
            let reasons: Vec<_> =
                reasons.iter().map(|(reason, n)| format!("{n} as {}", reason.replace('_', " "))).collect();
            found.push_str(&format!(" (left out: {})", listed(&reasons)));
        }
        let read: Vec<_> = Language::ALL.iter().map(|language| name_of(*language).to_owned()).collect();
        SourceError::NoSourceCode { found, read: listed(&read) }
    }
}

fn kind_of(path: &str) -> &'static str {
    if let Some(language) = parse::detect(path, b"") {
        return name_of(language);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let known = BY_ENDING.iter().find(|(_, endings)| endings.contains(&ending.as_str()));
    known.map_or(OTHER, |(kind, _)| kind)
}

fn name_of(language: Language) -> &'static str {
    match language {
        Language::Rust => "Rust",
        Language::Python => "Python",
        Language::TypeScript => "TypeScript",
        Language::JavaScript => "JavaScript",
        Language::Go => "Go",
    }
}

fn files(kind: &str, n_files: u64) -> String {
    let files = if n_files == 1 { "file" } else { "files" };
    format!("{n_files} {kind} {files}")
}

/// Writes `a, b and c`.
fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(paths: &[&str], skipped: &[(&str, SkipReason)]) -> String {
        let mut kinds = Kinds::default();
        paths.iter().for_each(|path| kinds.add(path));
        let skipped: Vec<_> = skipped
            .iter()
            .map(|(path, reason)| Skipped {
                file_path: (*path).to_owned(),
                reason: reason.as_str().to_owned(),
            })
            .collect();
        kinds.no_source_code(&skipped).to_string()
    }

    const READ: &str = "Doctown reads Rust, Python, TypeScript, JavaScript and Go";

    #[test]
    fn languages_are_named_with_the_most_frequent_first() {
        let paths = ["README.md", "a.css", "b.scss", "src/Main.java", "LICENSE", "logo.png"];
        assert_eq!(
            told(&paths, &[]),
            format!(
                "no source code to read: found 2 CSS files, 1 Java file, 1 Markdown file and 2 other files; {READ}"
            )
        );
        assert_eq!(told(&[], &[]), format!("no source code to read: the source has no files; {READ}"));
    }

    #[test]
    fn code_that_was_filtered_out_is_named_with_the_reason() {
        let skipped = [
            ("a.py", SkipReason::NotIncluded),
            ("dist/", SkipReason::IgnoredDirectory),
            ("x.md", SkipReason::UnsupportedLanguage),
        ];
        assert_eq!(
            told(&["a.py", "dist/", "x.md"], &skipped),
            format!(
                "no source code to read: found 1 Markdown file and 1 Python file \
                 (left out: 1 as ignored directory and 1 as not included); {READ}"
            )
        );
    }

    #[test]
    fn endings_are_listed_once_and_none_is_of_a_language_that_is_read() {
        let mut seen = std::collections::BTreeSet::new();
        for ending in BY_ENDING.iter().flat_map(|(_, endings)| *endings) {
            assert!(seen.insert(ending), "`{ending}` is listed twice");
            assert_eq!(parse::detect(&format!("x.{ending}"), b""), None, "`{ending}` is read");
        }
    }
}
