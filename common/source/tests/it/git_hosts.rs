//! Other git hosts over smart HTTP, answered by real git.

use std::io::{BufRead as _, Write as _};
use std::time::Duration;

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

/// Reads within a time that a host which drips bytes would pass by far.
fn in_time(url: &str, limits: SourceLimits, config: &SourceConfig) -> SourceError {
    let started = std::time::Instant::now();
    let error = read(url, None, limits, filters(), config).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}: {error}", started.elapsed());
    error
}

fn dripping(kind: &str) -> Answer {
    Answer::body(kind, vec![b'0'; 64]).dripping(Duration::from_millis(20))
}

#[test]
fn a_list_of_refs_that_drips_is_ended() {
    let server = TestServer::start().unwrap();
    let kind = "application/x-git-upload-pack-advertisement";
    let url = server.git_url("slow");
    for (hurry, reason) in [
        (SourceLimits { answers_timeout: Duration::from_millis(700), ..limits() }, "longer than 0.7 s"),
        (SourceLimits { min_speed_window: Duration::from_millis(300), ..limits() }, "bytes per second"),
    ] {
        server.script("/git/slow/info/refs", vec![dripping(kind)]);
        let error = in_time(&url, hurry, &server.config());
        assert_eq!(error.code(), "upstream_unavailable");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn short_answers_of_one_source_have_one_time_together() {
    let host = host();
    let path = "/git/ada/demo.git/info/refs";
    // Each redirect comes at once; the last answer drips.
    host.server
        .script(path, vec![Answer::redirect(302, path), Answer::redirect(302, path), dripping("text/plain")]);
    let hurry = SourceLimits { answers_timeout: Duration::from_millis(500), ..limits() };
    let error = in_time(&host.server.git_url("ada/demo.git"), hurry, &host.server.config());
    // The kind of answer is wrong too, which may be seen before the time is up.
    assert!(["upstream_unavailable", "upstream_protocol"].contains(&error.code()), "{error}");
}

#[test]
fn a_pack_that_drips_is_ended() {
    let host = host();
    let url = host.server.git_url("ada/demo.git");
    let hurry = SourceLimits { download_timeout: Duration::from_millis(500), ..limits() };
    let kind = "application/x-git-upload-pack-result";
    host.server.speak_old("ada/demo.git");
    host.server.script("/git/ada/demo.git/git-upload-pack", vec![dripping(kind)]);
    let error = in_time(&url, hurry, &host.server.config());
    assert_eq!(error.code(), "upstream_unavailable", "{error}");
    assert!(error.to_string().contains("took longer than 0.5 s"), "{error}");
}

/// A proxy that answers every request with `status`, and notes what it was asked.
fn proxy(status: &'static str) -> (u16, std::sync::mpsc::Receiver<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            std::io::BufReader::new(&stream).read_line(&mut line).unwrap();
            drop(stream.write_all(format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").as_bytes()));
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    (port, asked)
}

fn through(proxy_url: String) -> SourceConfig {
    SourceConfig { proxy_url: Some(proxy_url), ..SourceConfig::default() }
}

#[test]
fn a_proxy_with_a_name_of_this_network_is_used() {
    let (port, asked) = proxy("502 Bad Gateway");
    let error =
        in_time("https://repo.invalid/a/b.git", limits(), &through(format!("http://localhost:{port}")));
    assert_eq!(asked.recv().unwrap(), "CONNECT repo.invalid:443 HTTP/1.1\r\n");
    assert_eq!(error.code(), "proxy_unavailable", "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("cannot reach `repo.invalid` through the proxy `localhost:{port}`")),
        "{text}"
    );
}

#[test]
fn a_proxy_that_is_not_there_is_named_and_its_password_is_not() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = in_time(
        "https://repo.invalid/a/b.git",
        limits(),
        &through(format!("http://ada:s3cret@127.0.0.1:{port}")),
    );
    assert_eq!(error.code(), "proxy_unavailable", "{error}");
    assert!(
        error.to_string().contains(&format!("`127.0.0.1:{port}`")) && !error.to_string().contains("s3cret"),
        "{error}"
    );
    assert_eq!(
        in_time("https://repo.invalid/a/b.git", limits(), &through("http://".to_owned())).code(),
        "proxy_invalid"
    );
}

#[test]
fn a_private_address_is_refused_through_a_proxy_too() {
    let (port, asked) = proxy("200 OK");
    let config = through(format!("http://127.0.0.1:{port}"));
    for url in [
        "https://localhost/a/b.git",
        "https://10.0.0.1/a/b.git",
        "https://[::1]/a/b.git",
        "https://169.254.169.254/a/b.git",
    ] {
        let error = in_time(url, limits(), &config);
        assert_eq!(error.code(), "host_not_allowed", "{url}: {error}");
    }
    assert!(asked.try_recv().is_err(), "the proxy was asked for a private address");
}

#[test]
fn a_damaged_repository_is_blamed_on_its_host() {
    let folder = tempfile::tempdir().unwrap();
    commit_all(folder.path(), &[("a.rs", b"fn a() {}")]);
    // A tree that names a folder whose object does not exist.
    let missing = "1234567890123456789012345678901234567890";
    let line = format!("040000 tree {missing}\tsrc\n");
    let tree = {
        use std::process::{Command, Stdio};
        let mut child = Command::new("git")
            .args(["mktree", "--missing"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
    };
    let commit = git(folder.path(), &["commit-tree", &tree, "-m", "broken"]);
    let server = TestServer::start().unwrap();
    server.add_git("broken.git", folder.path());
    git(folder.path(), &["update-ref", "refs/heads/main", &commit]);
    let error = read(&server.git_url("broken.git"), None, limits(), filters(), &server.config()).unwrap_err();
    assert_ne!(error.code(), "source_unreadable", "{error}");
    assert!(["upstream_protocol", "upstream_unavailable"].contains(&error.code()), "{error}");
}
