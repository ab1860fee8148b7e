//! GitHub by its API, against a local server in its place.

use doctown_source::config::{SourceConfig, Token};
use doctown_source::entry::Entry;
use doctown_source::failure::SourceError;
use doctown_source::limits::SourceLimits;
use doctown_source::testserver::{Answer, Repository, TestServer};
use doctown_source::{ReadSource, testserver};

use crate::support::{Files, filters, limits, listing, read};

const MAIN: &str = "1111111111111111111111111111111111111111";
const OLD: &str = "2222222222222222222222222222222222222222";
const DATE: &str = "2024-02-29T10:30:45Z";
const FILES: Files<'static> = &[("src/lib.rs", b"fn a() {}"), ("README.md", b"# Demo")];

fn server() -> TestServer {
    let server = TestServer::start().unwrap();
    let repository = Repository::empty("ada/demo")
        .commit(OLD, "2020-01-01T00:00:00Z", &["v1", "pull/7/head"], &[("old.rs", b"fn old() {}")])
        .commit(MAIN, DATE, &["main", "feature/one"], FILES);
    server.add(repository);
    server
}

fn get(text: &str, server: &TestServer) -> Result<(ReadSource, Vec<Entry>), SourceError> {
    read(text, None, limits(), filters(), &server.config())
}

fn paths(server: &TestServer) -> Vec<String> {
    server.requests().into_iter().map(|request| request.path).collect()
}

#[test]
fn the_default_branch_is_resolved_once_and_downloaded_by_hash() {
    let server = server();
    let (read, entries) = get("ada/demo", &server).unwrap();
    assert_eq!(listing(&entries), "src/lib.rs (9 bytes)\nREADME.md - unsupported_language\n");
    assert_eq!(read.revision.repo_url.as_deref(), Some("https://github.com/ada/demo"));
    assert_eq!(read.revision.git_ref.as_deref(), Some("main"));
    assert_eq!(read.revision.commit_hash.as_deref(), Some(MAIN));
    assert_eq!(read.revision.commit_time, DATE);
    insta::assert_snapshot!(paths(&server).join("\n"), @r"
    /api/repos/ada/demo
    /api/repos/ada/demo/commits/main
    /api/repos/ada/demo/tarball/1111111111111111111111111111111111111111
    /download/ada/demo/1111111111111111111111111111111111111111
    ");
}

#[test]
fn every_way_to_name_a_commit_finds_it() {
    let server = server();
    for (text, hash, git_ref) in [
        ("ada/demo@v1", OLD, "v1"),
        ("ada/demo@feature/one", MAIN, "feature/one"),
        ("https://github.com/ada/demo/tree/feature/one/src/lib.rs", MAIN, "feature/one"),
        ("https://github.com/ada/demo/blob/main/src/lib.rs", MAIN, "main"),
        ("https://github.com/ada/demo/pull/7", OLD, "pull/7/head"),
        (&format!("https://github.com/ada/demo/commit/{OLD}"), OLD, OLD),
        (&format!("ada/demo@{OLD}"), OLD, OLD),
    ] {
        let (read, _) = get(text, &server).unwrap();
        assert_eq!(read.revision.commit_hash.as_deref(), Some(hash), "{text}");
        assert_eq!(read.revision.git_ref.as_deref(), Some(git_ref), "{text}");
    }
    let (read, _) = read("ada/demo@v1", Some("main"), limits(), filters(), &server.config()).unwrap();
    assert_eq!(read.revision.commit_hash.as_deref(), Some(MAIN), "the option wins over the text");
}

#[test]
fn a_renamed_repository_is_known_by_its_new_name() {
    let server = server();
    server.rename("ada/old-name", "ada/demo");
    let (read, _) = get("ada/old-name", &server).unwrap();
    assert_eq!(read.revision.repo_url.as_deref(), Some("https://github.com/ada/demo"));
}

#[test]
fn what_is_missing_has_its_own_code() {
    let server = server();
    server.add(Repository::empty("ada/empty"));
    for (text, code) in [
        ("ada/nothing", "repo_not_found"),
        ("ada/demo@nothing", "ref_not_found"),
        ("ada/demo@3333333333333333333333333333333333333333", "ref_not_found"),
        ("https://github.com/ada/demo/tree/no/such/branch", "ref_not_found"),
        ("ada/empty", "repo_empty"),
    ] {
        let error = get(text, &server).unwrap_err();
        assert_eq!(error.code(), code, "{text}: {error}");
        assert!(!error.is_retryable(), "{text}");
    }
}

#[test]
fn too_large_is_refused_before_the_download() {
    let server = server();
    let with = |name: &str, size_kib, python| {
        let mut repository = Repository::empty(name).commit(MAIN, DATE, &["main"], FILES);
        repository.size_kib = size_kib;
        repository.languages = [("Python".to_owned(), python), ("HTML".to_owned(), 900_000_000)].into();
        repository
    };
    server.add(with("ada/history", 3_000_000, 1_000));
    server.add(with("ada/source", 200_000, 100_000_001));
    server.add(with("ada/fits", 200_000, 100_000_000));
    insta::assert_snapshot!(get("ada/history", &server).unwrap_err(), @"the repository with its history has 3 GB, the limit is 2 GB");
    insta::assert_snapshot!(get("ada/source", &server).unwrap_err(), @"its source has 100 MB, the limit is 100 MB");
    assert!(!paths(&server).iter().any(|path| path.contains("tarball")));
    get("ada/fits", &server).unwrap();
    let raised = SourceLimits { max_total_bytes: 200_000_000, ..limits() };
    read("ada/history", None, raised, filters(), &server.config()).unwrap();
}

#[test]
fn throttling_says_how_long_to_wait() {
    let server = server();
    let far =
        Answer::status(403).header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", "99999999999");
    for (answer, expected_ms) in [
        (Answer::status(403).header("retry-after", "7"), 7_000),
        (Answer::status(429).header("retry-after", "120"), 120_000),
        (Answer::status(429), 60_000),
        (far, 3_600_000),
        (Answer::status(403).header("x-ratelimit-remaining", "0").header("x-ratelimit-reset", "1"), 1_000),
    ] {
        server.script("/api/repos/ada/demo", vec![answer]);
        let error = get("ada/demo", &server).unwrap_err();
        assert_eq!((error.code(), error.retry_after_ms()), ("rate_limited", Some(expected_ms)));
        assert!(error.is_retryable());
    }
    get("ada/demo", &server).unwrap();
}

#[test]
fn other_statuses_are_told_apart() {
    let server = server();
    for (status, code, exit_code) in [
        (401, "unauthorized", 4),
        (403, "unauthorized", 4),
        (404, "repo_not_found", 3),
        (451, "repo_not_found", 3),
        (500, "upstream_unavailable", 5),
        (503, "upstream_unavailable", 5),
        (418, "upstream_protocol", 3),
    ] {
        server.script("/api/repos/ada/demo", vec![Answer::status(status)]);
        let error = get("ada/demo", &server).unwrap_err();
        assert_eq!((error.code(), error.class().exit_code()), (code, exit_code), "status {status}");
    }
}

#[test]
fn odd_answers_are_no_commits() {
    let server = server();
    for body in ["", "[]", "not json", r#"{"full_name":1}"#, "{\"full_name\":"] {
        let answer = Answer::body("application/json", body.as_bytes().to_vec());
        server.script("/api/repos/ada/demo", vec![answer]);
        assert_eq!(get("ada/demo", &server).unwrap_err().code(), "upstream_protocol", "{body}");
    }
    let endless = Answer::body("application/json", vec![b' '; 17_000_000]);
    server.script("/api/repos/ada/demo", vec![endless]);
    assert_eq!(get("ada/demo", &server).unwrap_err().code(), "upstream_protocol");
}

#[test]
fn damage_on_the_way_may_be_tried_again() {
    let server = server();
    let download = format!("/download/ada/demo/{MAIN}");
    let tarball = testserver::tar_gz("ada-demo-1111111", &[("a.rs", &vec![b'\n'; 50_000])]);
    let half = Answer::body("application/x-gzip", tarball[..tarball.len() / 2].to_vec());
    for answer in [
        Answer::body("application/x-gzip", tarball.clone()).cut_off(),
        half,
        Answer::body("application/x-gzip", b"<html>".to_vec()),
        Answer::status(502),
    ] {
        server.script(&download, vec![answer]);
        let error = get("ada/demo", &server).unwrap_err();
        assert_eq!(error.code(), "upstream_unavailable", "{error}");
        assert!(error.is_retryable());
    }
    get("ada/demo", &server).unwrap();
}

#[test]
fn silence_and_trickles_are_ended() {
    let server = server();
    let download = format!("/download/ada/demo/{MAIN}");
    let tarball = testserver::tar_gz("ada-demo-1111111", FILES);
    server.script(&download, vec![Answer::body("application/x-gzip", tarball).stalled()]);
    let patience = SourceLimits { read_timeout: std::time::Duration::from_millis(300), ..limits() };
    let error = read("ada/demo", None, patience, filters(), &server.config()).unwrap_err();
    assert_eq!(error.code(), "upstream_unavailable");

    // Any real speed is too slow for this limit, and any window is over.
    let hurry = SourceLimits {
        min_speed_bytes_per_s: u64::MAX,
        min_speed_window: std::time::Duration::ZERO,
        ..limits()
    };
    let error = read("ada/demo", None, hurry, filters(), &server.config()).unwrap_err();
    assert!(error.to_string().contains("bytes per second"), "{error}");
}

#[test]
fn a_download_ends_at_its_limit() {
    let server = server();
    let small = SourceLimits { max_download_bytes: 10, ..limits() };
    let error = read("ada/demo", None, small, filters(), &server.config()).unwrap_err();
    assert_eq!(error.code(), "repo_too_large");
    assert!(error.to_string().starts_with("the download so far has "), "{error}");
}

#[test]
fn the_token_goes_to_the_api_and_nowhere_else() {
    let server = server();
    let config = SourceConfig { github_token: Token::new("s3cret\n"), ..server.config() };
    assert!(!format!("{config:?}").contains("s3cret"));
    read("ada/demo", None, limits(), filters(), &config).unwrap();
    for request in server.requests() {
        let expected = request.path.starts_with("/api/").then_some("Bearer s3cret");
        assert_eq!(request.authorization.as_deref(), expected, "{}", request.path);
    }
}

#[test]
fn redirects_go_only_where_they_may() {
    let server = server();
    let tarball = format!("/api/repos/ada/demo/tarball/{MAIN}");
    for (target, code) in [
        ("http://169.254.169.254/latest", "scheme_not_allowed"),
        ("https://169.254.169.254/latest", "host_not_allowed"),
        ("https://example.org/x.tar.gz", "host_not_allowed"),
        ("file:///etc/passwd", "scheme_not_allowed"),
        ("http://127.0.0.1:1/x", "scheme_not_allowed"),
    ] {
        server.script(&tarball, vec![Answer::redirect(302, target)]);
        let error = get("ada/demo", &server).unwrap_err();
        assert_eq!(error.code(), code, "{target}: {error}");
    }
    server.script(&tarball, vec![Answer::redirect(302, &tarball); 20]);
    let error = get("ada/demo", &server).unwrap_err();
    assert!(error.to_string().contains("more than 5 redirects"), "{error}");
}

#[test]
fn names_that_lead_to_private_addresses_are_refused() {
    let server = server();
    let config = SourceConfig { github_api_url: "https://localhost/api".to_owned(), ..server.config() };
    let error = read("ada/demo", None, limits(), filters(), &config).unwrap_err();
    assert_eq!(error.code(), "host_not_allowed", "{error}");
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let server = server();
    let config = server.config();
    drop(server);
    let error = read("ada/demo", None, limits(), filters(), &config).unwrap_err();
    assert_eq!(error.code(), "upstream_unavailable");
}

#[test]
fn a_token_of_somebody_else_reads_public_repositories_only() {
    let server = server();
    let mut private = Repository::empty("ada/hidden").commit(MAIN, "2024-05-01T12:00:00Z", &["main"], FILES);
    private.private = true;
    server.add(private);
    let own = SourceConfig { github_token: Token::new("s3cret"), ..server.config() };
    read("ada/hidden", None, limits(), filters(), &own).unwrap();
    let shared = SourceConfig { public_only: true, ..own };
    read("ada/demo", None, limits(), filters(), &shared).unwrap();
    let error = read("ada/hidden", None, limits(), filters(), &shared).unwrap_err();
    let absent = read("ada/absent", None, limits(), filters(), &shared).unwrap_err();
    assert_eq!(error.to_string(), absent.to_string().replace("absent", "hidden"));
    // Nor one of which the API does not say that it is public.
    for answer in [
        r#"{"full_name":"ada/demo","default_branch":"main"}"#,
        r#"{"full_name":"ada/demo","default_branch":"main","private":false,"visibility":"internal"}"#,
    ] {
        server.script(
            "/api/repos/ada/demo",
            vec![Answer::body("application/json", answer.as_bytes().to_vec())],
        );
        assert_eq!(
            read("ada/demo", None, limits(), filters(), &shared).unwrap_err().code(),
            "repo_not_found",
            "{answer}"
        );
    }
}
