//! Repositories by URL, from a local server that speaks GitHub's API.

use std::time::{Duration, Instant};

use source::testserver::{Answer, Repository, TestServer};

use crate::program::{SMALL, World, files};

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

fn world(server: &TestServer) -> World {
    let config = server.config();
    let authorities: Vec<_> = config.insecure_authorities.iter().cloned().collect();
    World::new()
        .with("DOCTOWN_GITHUB_API_URL", &server.api_url())
        .with("DOCTOWN_GITHUB_DOWNLOAD_HOSTS", &config.github_download_hosts.join(","))
        .with("DOCTOWN_INSECURE_AUTHORITIES", &authorities.join(","))
}

fn small_repository() -> Repository {
    let files: Vec<(&str, &[u8])> =
        files(SMALL).into_iter().map(|(path, text)| (path, text.as_bytes())).collect();
    Repository::empty("acme/small").commit(SHA, "2024-05-01T12:00:00Z", &["main", "v1.0"], &files)
}

#[test]
fn url_short_form_and_ref_give_one_pack_that_names_the_commit() {
    let server = TestServer::start().expect("loopback ports are free");
    server.add(small_repository());
    let world = world(&server);
    let forms = ["https://github.com/acme/small", "acme/small", "git@github.com:acme/small.git"];
    let mut packs = Vec::new();
    for form in forms {
        let ran = world.run(&["build", form, "--no-embeddings", "--json"]);
        assert_eq!(ran.code, 0, "{form}: {}", ran.stderr);
        let value: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let source = &value["data"]["manifest"]["source"];
        assert_eq!(source["repo_url"], "https://github.com/acme/small");
        assert_eq!(source["commit_hash"], SHA);
        assert_eq!(value["data"]["manifest"]["created_at"], "2024-05-01T12:00:00Z");
        packs.push(std::fs::read(world.path("small.docpack")).expect("the pack was written"));
    }
    assert!(packs.windows(2).all(|pair| pair[0] == pair[1]));
    let tagged = world.run(&["build", "acme/small@v1.0", "--no-embeddings", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&tagged.stdout).expect("JSON");
    assert_eq!(value["data"]["manifest"]["source"]["git_ref"], "v1.0");
}

#[test]
fn what_is_not_there_is_refused_with_exit_3() {
    let server = TestServer::start().expect("loopback ports are free");
    server.add(small_repository());
    let world = world(&server);
    let missing = world.run(&["build", "acme/nothing", "--no-embeddings"]);
    assert!(missing.code == 3 && missing.stderr.contains("error[repo_not_found]"), "{}", missing.stderr);
    let no_ref = world.run(&["build", "acme/small", "--ref", "nope", "--no-embeddings"]);
    assert!(no_ref.code == 3 && no_ref.stderr.contains("error[ref_not_found]"), "{}", no_ref.stderr);
}

/// What GitHub answers when the hour's requests are used up.
fn throttled(retry_after_s: u64) -> Answer {
    Answer::status(403).header("x-ratelimit-remaining", "0").header("retry-after", &retry_after_s.to_string())
}

#[test]
fn a_request_limit_that_lasts_too_long_is_told_at_once_and_ends_with_exit_5() {
    let server = TestServer::start().expect("loopback ports are free");
    server.add(small_repository());
    server.script("/api/repos/acme/small", vec![throttled(1_800)]);
    let world = world(&server);
    let began = Instant::now();
    let ran = world.run(&["build", "acme/small", "--no-embeddings"]);
    assert!(began.elapsed() < Duration::from_secs(60), "it does not wait for half an hour");
    assert_eq!(ran.code, 5, "{}", ran.stderr);
    let told = "error[rate_limited]: GitHub's request limit is used up until ";
    assert_eq!(ran.stderr.matches(told).count(), 1, "{}", ran.stderr);
    let time = ran.stderr.split(told).nth(1).and_then(|rest| rest.lines().next()).expect("a time");
    assert!(time.len() == 5 && time.as_bytes()[2] == b':', "{time}");
    assert!(ran.stderr.contains("help: set DOCTOWN_GITHUB_TOKEN"), "{}", ran.stderr);
    assert_eq!(world.run(&["jobs"]).stdout, "", "no job is left waiting");
    assert_eq!(world.run(&["build", "acme/small", "--no-embeddings"]).code, 0, "the limit is over");
}

#[test]
fn a_short_request_limit_is_waited_for_and_announced() {
    let server = TestServer::start().expect("loopback ports are free");
    server.add(small_repository());
    server.script("/api/repos/acme/small", vec![throttled(2)]);
    let world = world(&server);
    let ran = world.run(&["build", "acme/small", "--no-embeddings"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("GitHub's request limit is used up; waiting until "), "{}", ran.stderr);
    server.script("/api/repos/acme/small", vec![throttled(5)]);
    let ran = world.run(&["build", "acme/small", "--no-embeddings", "--fresh", "--wait", "1"]);
    assert_eq!(ran.code, 5, "{}", ran.stderr);
}
