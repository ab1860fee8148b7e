//! The same files give the same entries and digest, whichever way they came.

use docpack::Digest;
use doctown_source::config::SourceConfig;
use doctown_source::entry::Entry;
use doctown_source::testserver::{Repository, TestServer, tar_gz};

use crate::support::{Files, commit_all, filters, limits, read, write_files, zip};

/// In byte order of full paths, which differs from the order of names folder by folder.
const FILES: Files<'static> = &[
    (".github/check.py", b"print('hidden folders count')"),
    ("README.md", b"# Demo"),
    ("a-b.rs", b"fn dash() {}"),
    ("a.rs", b"mod a;"),
    ("a/b.rs", b"fn b() {}"),
    ("a/b/c.rs", b"fn c() {}"),
    ("a0.rs", b"fn zero() {}"),
    ("docs/logo.png", b"\x89PNG\0"),
    ("node_modules/x/index.js", b"x"),
    ("src/caf\u{e9}.py", b"def f(): pass"),
];

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

fn digest_and_entries(text: &str, config: &SourceConfig) -> (Digest, Vec<Entry>) {
    let (read, mut entries) = read(text, None, limits(), filters(), config).unwrap();
    assert_eq!(read.totals.n_files, 7, "seven files in the fixture are source");
    let files = entries.iter().filter(|entry| matches!(entry, Entry::File { .. })).map(Entry::path);
    assert!(files.is_sorted(), "{text} is not in path order");
    entries.sort_by(|a, b| a.path().cmp(b.path()));
    (read.revision.tree_digest, entries)
}

#[test]
fn folder_archives_git_and_github_agree() {
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let server = TestServer::start().unwrap();
    let config = server.config();

    write_files(&scratch.path().join("plain"), FILES);
    std::fs::write(path("demo.tar.gz"), tar_gz("demo-1.0", FILES)).unwrap();
    let backwards: Vec<_> = FILES.iter().rev().copied().collect();
    std::fs::write(path("demo.zip"), zip("demo-1.0/", &backwards)).unwrap();
    std::fs::create_dir(path("checkout")).unwrap();
    commit_all(&scratch.path().join("checkout"), FILES);
    server.add_git("demo.git", &scratch.path().join("checkout"));
    server.add(Repository::empty("ada/demo").commit(SHA, "2024-01-01T00:00:00Z", &["main"], FILES));

    let expected = digest_and_entries(&path("plain"), &config);
    for other in [
        path("demo.tar.gz"),
        path("demo.zip"),
        path("checkout"),
        server.git_url("demo.git"),
        "ada/demo".into(),
    ] {
        assert_eq!(digest_and_entries(&other, &config), expected, "{other}");
    }
}

#[test]
fn order_in_an_archive_leaves_the_digest_alone() {
    let scratch = tempfile::tempdir().unwrap();
    let mut digests = Vec::new();
    let backwards: Vec<_> = FILES.iter().rev().copied().collect();
    for files in [FILES, &backwards] {
        let path = scratch.path().join("x.tgz");
        std::fs::write(&path, tar_gz("x", files)).unwrap();
        let (read, _) =
            read(path.to_str().unwrap(), None, limits(), filters(), &SourceConfig::default()).unwrap();
        digests.push(read.revision.tree_digest);
    }
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn the_digest_has_one_documented_form() {
    let scratch = tempfile::tempdir().unwrap();
    write_files(scratch.path(), &[("b.rs", b"two"), ("a.rs", b"one")]);
    let text = scratch.path().to_str().unwrap();
    let (read, _) = read(text, None, limits(), filters(), &SourceConfig::default()).unwrap();
    let mut hashed = b"doctown-tree/1\n".to_vec();
    for (path, bytes) in [("a.rs", b"one"), ("b.rs", b"two")] {
        hashed.extend(4u64.to_le_bytes());
        hashed.extend(3u64.to_le_bytes());
        hashed.extend(path.as_bytes());
        hashed.extend(Digest::of(bytes).0);
    }
    assert_eq!(read.revision.tree_digest, Digest::of(&hashed));
}
