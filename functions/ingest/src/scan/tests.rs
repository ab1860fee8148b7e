use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use source::config::SourceConfig;
use source::filter::{FilterParams, Filters};
use source::limits::SourceLimits;
use source::spec::SourceSpec;
use tempfile::TempDir;

use super::{Counts, FirstGap, MAX_PARTLY_READ_TOLD, Scan, ScanParams, Scanned, scan};

/// Scans a folder; gives all that is ready while it runs, and what is known at the end.
fn scan_all(folder: &Path, n_threads: usize) -> (Vec<Scanned>, Scan) {
    let config = SourceConfig::default();
    let spec = SourceSpec::parse(folder.to_str().expect("temporary paths are UTF-8"), &config).unwrap();
    let filters = Filters::new(&FilterParams::default()).unwrap();
    let opened = source::open(&spec, None, SourceLimits::default(), filters, &config).unwrap();
    let params = ScanParams { n_threads, max_file_bytes: 1_000_000, max_files: 10_000, keeps_source: true };
    let mut scanned = Vec::new();
    let sink = |item| {
        scanned.push(item);
        ControlFlow::Continue(())
    };
    let scan = scan(opened, &params, sink).unwrap();
    (scanned, scan)
}

/// Scans a folder; gives the files that were told to be read in part, and what was counted.
fn partly_read(folder: &Path, n_threads: usize) -> (Vec<(String, FirstGap)>, Counts) {
    let (scanned, scan) = scan_all(folder, n_threads);
    let told = scanned.into_iter().filter_map(|item| match item {
        Scanned::File { file_path, gap: Some(gap), .. } => Some((file_path, gap)),
        _ => None,
    });
    (told.collect(), scan.counts)
}

/// Everything of a scan that is written to the store, as JSON.
fn written(scanned: &[Scanned], scan: &Scan) -> String {
    let mut json = format!("{:?} {:?}", scan.readme, scan.description);
    for item in scanned {
        json += &match item {
            Scanned::Shard(shard) => serde_json::to_string(shard),
            Scanned::Segment(segment) => serde_json::to_string(segment),
            Scanned::Source(segment) => serde_json::to_string(segment),
            Scanned::Resolution(part) => serde_json::to_string(part),
            Scanned::File { .. } | Scanned::Skipped(_) => Ok(String::new()),
        }
        .unwrap();
    }
    json
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in files {
        fs::write(folder.path().join(path), bytes).unwrap();
    }
    folder
}

fn syntax_error(n_places: u64, line: u32) -> FirstGap {
    FirstGap { code: "syntax_error".to_owned(), n_places, line: Some(line) }
}

#[test]
fn a_broken_file_is_told_with_its_places_and_the_first_line() {
    let broken = b"def whole():\n    return 1\n\n\ndef half(:\n    return (\n";
    let folder = folder(&[("a.py", b"x = 1\n"), ("b.py", broken)]);
    let (told, counts) = partly_read(folder.path(), 2);
    assert_eq!(told, [("b.py".to_owned(), syntax_error(2, 5))]);
    assert_eq!((counts.n_files, counts.n_files_with_errors, counts.n_files_partly_read), (2, 1, 1));
}

#[test]
fn a_file_that_is_not_utf_8_is_left_out_whole() {
    let folder = folder(&[("a.py", b"def whole():\n    return 1\n\nx = \xff\xfe\n"), ("b.py", b"x = 1\n")]);
    let (told, counts) = partly_read(folder.path(), 1);
    assert_eq!(told, []);
    assert_eq!((counts.n_files, counts.n_files_partly_read), (1, 0));
}

#[test]
fn what_is_missing_at_the_end_lies_in_the_last_line() {
    let folder = folder(&[("a.go", b"package a\n\nfunc F() {\n")]);
    let (told, _) = partly_read(folder.path(), 1);
    let lines: Vec<_> = told.iter().map(|(_, gap)| gap.line).collect();
    assert!(matches!(lines[..], [Some(1..=3)]), "{lines:?}");
}

#[test]
fn the_first_500_of_1_000_broken_files_are_told_in_order_whatever_the_threads() {
    let names: Vec<String> = (0..1_000).map(|n| format!("f{n:04}.py")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"def f(:\n"[..])).collect();
    let folder = folder(&files);
    let (told, counts) = partly_read(folder.path(), 1);
    let paths: Vec<&str> = told.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, names[..MAX_PARTLY_READ_TOLD as usize]);
    assert_eq!(counts.n_files_partly_read, 1_000);
    assert_eq!(partly_read(folder.path(), 4).0, told);
}

#[test]
fn a_secret_in_a_function_body_is_in_no_artifact() {
    // Put together here, so that this file holds no secret.
    let token = ["gh", "p_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].concat();
    let password = ["kX9", "vQ2mZ7", "pL4w"].concat();
    let python = format!(
        "\"\"\"Talks to the host with {token}.\"\"\"\n\n\ndef connect(password=\"{password}\"):\n    \
         \"\"\"Connects.\"\"\"\n    token = \"{token}\"\n    self.token = \"{token}\"\n    \
         if password == \"{password}\":\n        raise ValueError(\"{filler} {token}\")\n    \
         return open(token, \"{password}\")\n",
        // So long that the text is cut within the secret.
        filler = "x".repeat(90)
    );
    let readme = format!("{}\n{token}\n", "word ".repeat(1_598));
    let folder = folder(&[("a.py", python.as_bytes()), ("README.md", readme.as_bytes())]);
    let (scanned, scan) = scan_all(folder.path(), 1);
    let written = written(&scanned, &scan);
    for secret in [&token, &password] {
        assert!(!written.contains(&secret[..10]), "{written}");
    }
    // Bodies and default values are read from the masked text.
    let stars = "*".repeat(password.len());
    assert!(written.contains(&format!("\"default\":\"\\\"{stars}\\\"\"")), "{written}");
    assert!(written.contains(&format!("\"text\":\"password == \\\"{stars}\\\"\"")), "{written}");
    // The comment names the rule; the text that is embedded keeps its length.
    assert!(written.contains("Talks to the host with [REDACTED:github-token]."), "{written}");
    assert!(written.contains(&format!("token = \\\"{}\\\"", "*".repeat(token.len()))), "{written}");
    assert!(written.contains("4 of rule `github-token`"), "{written}");
}

#[test]
fn no_artifact_holds_a_secret_of_a_signature_a_default_or_a_docstring() {
    // Put together here, so that this file holds no secret.
    let secret = ["Tr0ub4d", "or-3"].concat();
    for (path, text) in [
        ("a.py", "def f(pwd=\"@\"):\n    return pwd\n"),
        ("a.py", "def f():\n    \"\"\"Log in with password @ first.\"\"\"\n"),
        ("a.ts", "export function f(pass = '@') { return pass }\n"),
        ("a.ts", "export const url = 'https://api.internal/x?access_token=@@@';\n"),
        ("a.rs", "fn f() { Client::new(\"user\", \"@\"); }\n"),
        ("a.go", "package a\n\nfunc f() { conn.Login(\"user\", \"@\") }\n"),
    ] {
        let text = text.replace('@', &secret);
        let source = folder(&[(path, text.as_bytes())]);
        let (scanned, scan) = scan_all(source.path(), 1);
        let written = written(&scanned, &scan);
        assert!(!written.contains(&secret[..9]), "{path}: {written}");
    }
}

#[cfg(unix)]
#[test]
fn a_readme_that_is_a_link_within_the_source_is_read() {
    let source = folder(&[]);
    fs::create_dir(source.path().join("axum")).unwrap();
    fs::write(source.path().join("axum/README.md"), "# axum\n\nA web framework.\n").unwrap();
    std::os::unix::fs::symlink("axum/README.md", source.path().join("README.md")).unwrap();
    assert_eq!(scan_all(source.path(), 2).1.readme.as_deref(), Some("# axum\n\nA web framework.\n"));
    let outside = folder(&[("README.md", b"# secret\n")]);
    let source = folder(&[]);
    std::os::unix::fs::symlink(outside.path().join("README.md"), source.path().join("README.md")).unwrap();
    assert_eq!(scan_all(source.path(), 2).1.readme, None);
    let source = folder(&[]);
    std::os::unix::fs::symlink("../README.md", source.path().join("README.md")).unwrap();
    assert_eq!(scan_all(source.path(), 2).1.readme, None);
}
