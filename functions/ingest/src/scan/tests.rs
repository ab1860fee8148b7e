use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use source::config::SourceConfig;
use source::filter::{FilterParams, Filters};
use source::limits::SourceLimits;
use source::spec::SourceSpec;
use tempfile::TempDir;

use super::{Counts, FirstGap, MAX_PARTLY_READ_TOLD, ScanParams, Scanned, scan};

/// Scans a folder; gives the files that were told to be read in part, and what was counted.
fn partly_read(folder: &Path, n_threads: usize) -> (Vec<(String, FirstGap)>, Counts) {
    let config = SourceConfig::default();
    let spec = SourceSpec::parse(folder.to_str().expect("temporary paths are UTF-8"), &config).unwrap();
    let filters = Filters::new(&FilterParams::default()).unwrap();
    let opened = source::open(&spec, None, SourceLimits::default(), filters, &config).unwrap();
    let params = ScanParams { n_threads, max_file_bytes: 1_000_000, max_files: 10_000 };
    let mut told = Vec::new();
    let sink = |item| {
        if let Scanned::File { file_path, gap: Some(gap), .. } = item {
            told.push((file_path, gap));
        }
        ControlFlow::Continue(())
    };
    let counts = scan(opened, &params, sink).unwrap().counts;
    (told, counts)
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
