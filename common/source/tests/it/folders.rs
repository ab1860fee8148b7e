//! Folders and checkouts: what is listed, and what is said of the commit.

use std::path::Path;

use doctown_source::config::SourceConfig;
use doctown_source::entry::Entry;
use doctown_source::failure::SourceError;
use model::ingest::SourceRevision;

use crate::support::{Files, commit_all, filters, git, limits, listing, read, write_files};

fn entries_of(folder: &Path) -> (SourceRevision, Vec<Entry>) {
    let text = folder.to_str().unwrap();
    let (read, entries) = read(text, None, limits(), filters(), &SourceConfig::default()).unwrap();
    (read.revision, entries)
}

fn is_dirty(folder: &Path) -> bool {
    entries_of(folder).0.dirty
}

const FILES: Files<'static> = &[
    (".gitignore", b"/generated/\n*.log.py\n"),
    ("lib.rs", b"fn a() {}"),
    ("src/b.rs", b"fn b() {}"),
    ("src/.gitignore", b"local.rs\n"),
];

#[test]
fn ignored_files_are_not_seen() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), FILES);
    write_files(
        folder.path(),
        &[("generated/x.rs", b"x"), ("a.log.py", b"x"), ("src/local.rs", b"x"), ("target/x.rs", b"x")],
    );
    let (revision, entries) = entries_of(folder.path());
    insta::assert_snapshot!(listing(&entries), @r"
    .gitignore - unsupported_language
    lib.rs (9 bytes)
    src/.gitignore - unsupported_language
    src/b.rs (9 bytes)
    target/ - ignored_directory
    ");
    assert_eq!((revision.repo_url, revision.commit_hash, revision.dirty), (None, None, false));
    assert_eq!(revision.commit_time, "1970-01-01T00:00:00Z");
}

#[cfg(unix)]
#[test]
fn links_are_listed_and_never_followed() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), &[("a.rs", b"fn a() {}")]);
    std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("passwd.rs")).unwrap();
    std::os::unix::fs::symlink(".", folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("demo/README.md", folder.path().join("README.md")).unwrap();
    let (_, entries) = entries_of(folder.path());
    insta::assert_snapshot!(listing(&entries), @r"
    README.md - symlink
    README.md -> demo/README.md
    a.rs (9 bytes)
    etc - symlink
    loop - symlink
    passwd.rs - symlink
    ");
}

#[test]
fn a_checkout_names_its_commit_branch_and_remote() {
    let folder = tempfile::tempdir().unwrap();
    let hash = commit_all(folder.path(), FILES);
    git(folder.path(), &["remote", "add", "origin", "https://ada:secret@github.com/ada/demo.git"]);
    let (revision, _) = entries_of(folder.path());
    assert_eq!(revision.repo_url.as_deref(), Some("https://github.com/ada/demo"));
    assert_eq!(revision.git_ref.as_deref(), Some("main"));
    assert_eq!(revision.commit_hash, Some(hash));
    assert_eq!(revision.commit_time, "2024-02-29T10:30:45Z");
    assert!(!revision.dirty);
}

#[test]
fn remotes_are_written_in_one_form_and_local_ones_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    commit_all(folder.path(), FILES);
    git(folder.path(), &["remote", "add", "origin", "x"]);
    for (remote, expected) in [
        ("git@github.com:ada/demo.git", Some("https://github.com/ada/demo")),
        ("ssh://git@example.org:2222/ada/demo.git", Some("https://example.org/ada/demo")),
        ("https://example.org:8443/ada/demo/", Some("https://example.org:8443/ada/demo")),
        ("/home/ada/demo", None),
        ("../demo", None),
        ("file:///home/ada/demo", None),
    ] {
        git(folder.path(), &["remote", "set-url", "origin", remote]);
        assert_eq!(entries_of(folder.path()).0.repo_url.as_deref(), expected, "{remote}");
    }
}

#[test]
fn changed_added_removed_and_staged_files_make_a_checkout_dirty() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    commit_all(root, FILES);
    assert!(!is_dirty(root));

    std::fs::write(root.join("lib.rs"), "fn z() {}").unwrap();
    assert!(is_dirty(root), "same length, other text");
    std::fs::write(root.join("lib.rs"), "fn a() {}").unwrap();
    assert!(!is_dirty(root), "written again with the same text");

    std::fs::write(root.join("new.rs"), "fn n() {}").unwrap();
    assert!(is_dirty(root), "untracked");
    git(root, &["add", "new.rs"]);
    assert!(is_dirty(root), "staged");
    git(root, &["rm", "--quiet", "--force", "new.rs"]);
    assert!(!is_dirty(root));

    std::fs::write(root.join("src/local.rs"), "fn l() {}").unwrap();
    assert!(!is_dirty(root), "ignored");
    std::fs::remove_file(root.join("src/b.rs")).unwrap();
    assert!(is_dirty(root), "removed");
}

#[test]
fn tracked_files_count_although_a_rule_ignores_them() {
    let folder = tempfile::tempdir().unwrap();
    commit_all(folder.path(), &[(".gitignore", b"*.py\n"), ("kept.py", b"x = 1")]);
    write_files(folder.path(), &[("stray.py", b"x = 2")]);
    let (revision, entries) = entries_of(folder.path());
    insta::assert_snapshot!(listing(&entries), @r"
    .gitignore - unsupported_language
    kept.py (5 bytes)
    ");
    assert!(!revision.dirty);
}

#[test]
fn a_folder_inside_a_checkout_speaks_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let hash = commit_all(folder.path(), FILES);
    std::fs::write(folder.path().join("lib.rs"), "changed outside").unwrap();
    let (revision, entries) = entries_of(&folder.path().join("src"));
    insta::assert_snapshot!(listing(&entries), @r"
    .gitignore - unsupported_language
    b.rs (9 bytes)
    ");
    assert_eq!((revision.commit_hash, revision.dirty), (Some(hash), false));

    write_files(folder.path(), &[("generated/x.rs", b"fn x() {}")]);
    let (revision, _) = entries_of(&folder.path().join("generated"));
    assert_eq!(revision.commit_hash, None, "git tracks nothing in there");
}

#[test]
fn submodules_are_listed_and_not_entered() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    commit_all(&inner, &[("a.rs", b"fn a() {}")]);
    commit_all(folder.path(), &[("b.rs", b"fn b() {}")]);
    let (revision, entries) = entries_of(folder.path());
    insta::assert_snapshot!(listing(&entries), @r"
    b.rs (9 bytes)
    inner/ - submodule
    ");
    assert!(!revision.dirty);
}

#[test]
fn a_ref_is_read_from_objects_not_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let first = commit_all(folder.path(), &[("a.rs", b"fn first() {}")]);
    git(folder.path(), &["tag", "--annotate", "v1", "--message=one"]);
    write_files(folder.path(), &[("a.rs", b"fn second() {}"), ("b.rs", b"fn b() {}")]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message=second"]);
    let text = folder.path().to_str().unwrap();
    for git_ref in ["v1", &first] {
        let (read, entries) =
            read(text, Some(git_ref), limits(), filters(), &SourceConfig::default()).unwrap();
        assert_eq!(listing(&entries), "a.rs (13 bytes)\n");
        assert_eq!(read.revision.commit_hash.as_deref(), Some(first.as_str()));
    }
    let error = read(text, Some("nope"), limits(), filters(), &SourceConfig::default()).unwrap_err();
    assert_eq!(error.code(), "ref_not_found");
}

#[test]
fn a_repository_without_commits_is_read_as_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    write_files(folder.path(), &[("a.rs", b"fn a() {}")]);
    let (revision, entries) = entries_of(folder.path());
    assert_eq!(listing(&entries), "a.rs (9 bytes)\n");
    assert_eq!(revision.commit_hash, None);
}

#[test]
fn the_caller_can_stop() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), FILES);
    let config = SourceConfig::default();
    let spec = doctown_source::spec::SourceSpec::parse(folder.path().to_str().unwrap(), &config).unwrap();
    let opened = doctown_source::open(&spec, None, limits(), filters(), &config).unwrap();
    let error = opened.read(&|_, _| true, &mut |_| std::ops::ControlFlow::Break(())).unwrap_err();
    assert_eq!(error.code(), "interrupted");
}

#[cfg(unix)]
fn fifo(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Reads on another thread; a read that waits for ever fails the test instead of hanging it.
#[cfg(unix)]
fn entries_in_time(folder: &Path) -> Result<(SourceRevision, Vec<Entry>), SourceError> {
    let (sender, done) = std::sync::mpsc::channel();
    let text = folder.to_str().unwrap().to_owned();
    std::thread::spawn(move || {
        let answer = read(&text, None, limits(), filters(), &SourceConfig::default());
        drop(sender.send(answer.map(|(read, entries)| (read.revision, entries))));
    });
    done.recv_timeout(std::time::Duration::from_secs(20)).expect("nothing in a folder makes its reader wait")
}

#[cfg(unix)]
#[test]
fn ignore_files_that_are_links_pipes_or_devices_hold_no_rules() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), &[("a.rs", b"fn a() {}"), ("b/b.rs", b"fn b() {}"), ("rules", b"*.rs\n")]);
    let ignore = folder.path().join(".gitignore");
    for target in ["/dev/zero", "/dev/stdin", "rules"] {
        std::os::unix::fs::symlink(target, &ignore).unwrap();
        let (_, entries) = entries_in_time(folder.path()).unwrap();
        let shown = listing(&entries);
        assert!(shown.starts_with(".gitignore - symlink\na.rs (9 bytes)\nb/b.rs (9 bytes)\n"), "{shown}");
        std::fs::remove_file(&ignore).unwrap();
    }
    fifo(&ignore);
    fifo(&folder.path().join("b/.gitignore"));
    let (_, entries) = entries_in_time(folder.path()).unwrap();
    insta::assert_snapshot!(listing(&entries), @r"
    .gitignore - special_file
    a.rs (9 bytes)
    b/.gitignore - special_file
    b/b.rs (9 bytes)
    rules - unsupported_language
    ");
}

#[test]
fn ignore_rules_have_a_size_that_memory_can_hold() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "some/folder/*.name\n".repeat(6_000);
    write_files(folder.path(), &[("a.rs", b"fn a() {}"), ("b/.gitignore", rules.as_bytes())]);
    let error = read(folder.path().to_str().unwrap(), None, limits(), filters(), &SourceConfig::default());
    let error = error.unwrap_err();
    assert_eq!((error.code(), error.class().exit_code()), ("ignore_rules_too_large", 3));
    assert!(error.to_string().contains("`b/.gitignore`"), "{error}");
    // What holds for one folder counts together; beside each other there may be any number.
    let half = "some/folder/*.name\n".repeat(3_000);
    let both = [("b/.gitignore", half.as_bytes()), ("c/.gitignore", half.as_bytes())];
    write_files(folder.path(), &both);
    assert_eq!(entries_of(folder.path()).1.len(), 3);
    write_files(folder.path(), &[("b/d/.gitignore", half.as_bytes())]);
    let text = folder.path().to_str().unwrap();
    let error = read(text, None, limits(), filters(), &SourceConfig::default()).unwrap_err();
    assert_eq!(error.code(), "ignore_rules_too_large");
}

#[cfg(unix)]
#[test]
fn a_tracked_folder_that_became_a_link_lets_nothing_outside_in() {
    let outside = tempfile::tempdir().unwrap();
    write_files(outside.path(), &[("secret.py", b"OUTSIDE_SECRET = 1\n")]);
    let folder = tempfile::tempdir().unwrap();
    commit_all(folder.path(), &[("a.py", b"x = 1\n"), ("d/secret.py", b"INSIDE = 1\n")]);
    std::fs::remove_dir_all(folder.path().join("d")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("d")).unwrap();
    let (revision, entries) = entries_of(folder.path());
    assert_eq!(listing(&entries), "a.py (6 bytes)\nd - symlink\n");
    assert!(revision.dirty);
}

#[cfg(unix)]
#[test]
fn a_repository_folder_with_pipes_in_it_is_refused_at_once() {
    for name in ["HEAD", "config", "index", "packed-refs", "refs/heads/main", "commondir"] {
        let folder = tempfile::tempdir().unwrap();
        commit_all(folder.path(), FILES);
        let path = folder.path().join(".git").join(name);
        drop(std::fs::remove_file(&path));
        fifo(&path);
        let error = entries_in_time(folder.path()).unwrap_err();
        assert_eq!(error.code(), "source_unreadable", "{name}");
        let named = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(error.to_string().contains(&format!("`{named}` is neither a file")), "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), &[("a.rs", b"fn a() {}")]);
    fifo(&folder.path().join(".git"));
    assert_eq!(entries_in_time(folder.path()).unwrap_err().code(), "source_unreadable");
}

#[test]
fn a_large_tracked_file_that_changed_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    commit_all(folder.path(), &[("a.rs", b"fn a() {}"), ("big.bin", b"small")]);
    // Sparse: reading it would take a terabyte of memory, or an hour of hashing.
    let big = std::fs::File::create(folder.path().join("big.bin")).unwrap();
    big.set_len(1 << 40).unwrap();
    let started = std::time::Instant::now();
    assert!(is_dirty(folder.path()));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn a_worktree_is_a_checkout_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let main = folder.path().join("main");
    std::fs::create_dir(&main).unwrap();
    let hash = commit_all(&main, FILES);
    git(&main, &["worktree", "add", "--quiet", "../tree"]);
    let (revision, entries) = entries_of(&folder.path().join("tree"));
    assert_eq!((revision.commit_hash, revision.dirty), (Some(hash), false));
    assert!(listing(&entries).contains("lib.rs (9 bytes)"));
}

#[test]
fn rules_above_a_folder_and_of_the_repository_hold_inside_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    commit_all(root, &[(".gitignore", b"*.log.py\n/part/top.rs\n"), ("part/a.rs", b"fn a() {}")]);
    std::fs::write(root.join(".git/info/exclude"), "excluded.rs\nkept.rs\n").unwrap();
    let local: Files<'_> = &[
        ("part/b.log.py", b"x"),
        ("part/top.rs", b"x"),
        ("part/excluded.rs", b"x"),
        ("part/kept.rs", b"fn k() {}"),
        ("part/.gitignore", b"!kept.rs\n"),
    ];
    write_files(root, local);
    let (_, entries) = entries_of(&root.join("part"));
    assert_eq!(listing(&entries), ".gitignore - unsupported_language\na.rs (9 bytes)\nkept.rs (9 bytes)\n");
}
