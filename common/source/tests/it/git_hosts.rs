//! Other git hosts over smart HTTP, answered by real git.

use doctown_source::ReadSource;
use doctown_source::config::SourceConfig;
use doctown_source::entry::Entry;
use doctown_source::failure::SourceError;
use doctown_source::limits::SourceLimits;
use doctown_source::testserver::{Answer, TestServer};
use tempfile::TempDir;

use crate::support::{commit_all, filters, git, limits, listing, read, write_files};

struct Host {
    server: TestServer,
    folder: TempDir,
    first: String,
    second: String,
}

/// Two commits, a branch with a slash, an annotated tag, and a file past the limit.
fn host() -> Host {
    let folder = tempfile::tempdir().unwrap();
    let first =
        commit_all(folder.path(), &[("a.rs", b"fn first() {}"), ("tool", b"#!/usr/bin/env python\n")]);
    git(folder.path(), &["tag", "--annotate", "v1", "--message=one"]);
    git(folder.path(), &["branch", "feature/one"]);
    write_files(folder.path(), &[("a.rs", b"fn second() {}"), ("big.rs", &vec![b'/'; 1_500_000])]);
    git(folder.path(), &["add", "--all"]);
    git(folder.path(), &["commit", "--quiet", "--message=second"]);
    let second = git(folder.path(), &["rev-parse", "HEAD"]);
    let server = TestServer::start().unwrap();
    server.add_git("ada/demo.git", folder.path());
    Host { server, folder, first, second }
}

impl Host {
    fn get(&self, git_ref: Option<&str>) -> Result<(ReadSource, Vec<Entry>), SourceError> {
        read(&self.server.git_url("ada/demo.git"), git_ref, limits(), filters(), &self.server.config())
    }
}

#[test]
fn the_default_branch_is_fetched_without_history() {
    let host = host();
    let (read, entries) = host.get(None).unwrap();
    assert_eq!(listing(&entries), "a.rs (14 bytes)\nbig.rs - too_large\ntool (22 bytes)\n");
    assert_eq!(read.revision.git_ref.as_deref(), Some("main"));
    assert_eq!(read.revision.commit_hash.as_deref(), Some(host.second.as_str()));
    assert_eq!(read.revision.commit_time, "2024-02-29T10:30:45Z");
    let url = read.revision.repo_url.unwrap();
    assert!(url.ends_with("/git/ada/demo"), "{url}");
}

#[test]
fn branches_tags_and_hashes_are_found() {
    let host = host();
    for git_ref in ["v1", "feature/one", &host.first] {
        let (read, entries) = host.get(Some(git_ref)).unwrap();
        assert_eq!(read.revision.commit_hash.as_deref(), Some(host.first.as_str()), "{git_ref}");
        assert_eq!(listing(&entries), "a.rs (13 bytes)\ntool (22 bytes)\n");
    }
    let page = format!("{}/-/tree/feature/one/src", host.server.git_url("ada/demo.git"));
    let (read, _) = read(&page, None, limits(), filters(), &host.server.config()).unwrap();
    assert_eq!(read.revision.git_ref.as_deref(), Some("feature/one"));
}

#[test]
fn a_hash_wins_over_a_branch_that_is_spelled_like_it() {
    let host = host();
    git(host.folder.path(), &["update-ref", &format!("refs/heads/{}", host.first), &host.second]);
    let (read, _) = host.get(Some(&host.first)).unwrap();
    assert_eq!(read.revision.commit_hash.as_deref(), Some(host.first.as_str()));
}

#[test]
fn the_older_protocol_serves_as_well() {
    let host = host();
    let old = tempfile::tempdir().unwrap();
    git(old.path(), &["clone", "--quiet", "--bare", host.folder.path().to_str().unwrap(), "."]);
    host.server.add_git("old.git", old.path());
    host.server.speak_old("old.git");
    let text = host.server.git_url("old.git");
    for (git_ref, hash) in
        [(None, &host.second), (Some("v1"), &host.first), (Some("feature/one"), &host.first)]
    {
        let (read, _) = read(&text, git_ref, limits(), filters(), &host.server.config()).unwrap();
        assert_eq!(read.revision.commit_hash.as_ref(), Some(hash), "{git_ref:?}");
    }
}

#[test]
fn what_is_missing_has_its_own_code() {
    let host = host();
    let empty = tempfile::tempdir().unwrap();
    git(empty.path(), &["init", "--quiet", "--bare"]);
    host.server.add_git("empty.git", empty.path());
    let config = host.server.config();
    let code = |name: &str, git_ref| {
        read(&host.server.git_url(name), git_ref, limits(), filters(), &config).unwrap_err().code()
    };
    assert_eq!(code("nothing.git", None), "repo_not_found");
    assert_eq!(code("empty.git", None), "repo_empty");
    assert_eq!(code("ada/demo.git", Some("nothing")), "ref_not_found");
    assert_eq!(code("ada/demo.git", Some("3333333333333333333333333333333333333333")), "ref_not_found");
}

#[test]
fn links_and_submodules_stay_what_they_are() {
    let host = host();
    let root = host.folder.path();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", root.join("link.rs")).unwrap();
    git(root, &["add", "--all"]);
    git(root, &["update-index", "--add", "--cacheinfo", &format!("160000,{},sub", host.first)]);
    git(root, &["commit", "--quiet", "--message=third"]);
    let (_, entries) = host.get(None).unwrap();
    assert!(listing(&entries).contains("link.rs - symlink\nsub/ - submodule\n"), "{}", listing(&entries));
}

#[test]
fn hosts_that_are_no_git_hosts_are_told_apart() {
    let host = host();
    let greeting = "/git/ada/demo.git/info/refs";
    for (answer, code) in [
        (Answer::body("text/html", b"<html>".to_vec()), "upstream_protocol"),
        (Answer::body("application/x-git-upload-pack-advertisement", b"zzzz".to_vec()), "upstream_protocol"),
        (Answer::status(401), "unauthorized"),
        (Answer::status(503), "upstream_unavailable"),
        (Answer::status(429).header("retry-after", "9"), "rate_limited"),
    ] {
        host.server.script(greeting, vec![answer]);
        assert_eq!(host.get(None).unwrap_err().code(), code);
    }
}

#[test]
fn a_damaged_pack_may_be_tried_again() {
    let host = host();
    let pack = |body: &[u8]| Answer::body("application/x-git-upload-pack-result", body.to_vec());
    let refs = format!("003d{} refs/heads/main\n0000", host.second);
    for (answer, code) in [
        (pack(b"000dpackfile\n000aPACK!"), "upstream_unavailable"),
        (pack(b"000dpackfile\n0013\x03out of memory\n"), "upstream_protocol"),
        (pack(b"0013ERR not our ref"), "ref_not_found"),
        (pack(b""), "upstream_protocol"),
    ] {
        host.server.script("/git/ada/demo.git/git-upload-pack", vec![pack(refs.as_bytes()), answer]);
        let error = host.get(Some("main")).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
    }
}

#[test]
fn a_fetch_ends_at_its_limit() {
    let host = host();
    let small = SourceLimits { max_download_bytes: 100, ..limits() };
    let error = read(&host.server.git_url("ada/demo.git"), None, small, filters(), &host.server.config())
        .unwrap_err();
    assert_eq!(error.code(), "repo_too_large");
}

#[test]
fn a_local_server_is_reached_only_when_the_configuration_names_it() {
    let host = host();
    let error =
        read(&host.server.git_url("ada/demo.git"), None, limits(), filters(), &SourceConfig::default())
            .unwrap_err();
    assert_eq!(error.code(), "scheme_not_allowed");
    assert!(host.server.requests().is_empty());
}
