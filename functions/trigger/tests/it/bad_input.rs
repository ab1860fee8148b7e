//! What cannot be done is refused with a code, and with nothing else.

use serde_json::{Value, json};

use crate::client::ask;
use crate::world::{World, order};

#[test]
fn addresses_that_no_service_may_read_are_refused() {
    let world = World::start();
    for (repo_url, status, code) in [
        ("", 422, "invalid_url"),
        ("not a url", 422, "invalid_url"),
        ("file:///etc/passwd", 422, "scheme_not_allowed"),
        ("/etc", 422, "local_path_not_allowed"),
        ("../x", 422, "local_path_not_allowed"),
        ("ssh://git@gitlab.com/o/r", 422, "scheme_not_allowed"),
        ("ext::sh -c id", 422, "scheme_not_allowed"),
        ("--upload-pack=x", 422, "invalid_url"),
        ("https://github.com@evil.example/o/r", 422, "invalid_url"),
        ("https://169.254.169.254/o/r", 422, "host_not_allowed"),
        ("https://127.0.0.1/o/r", 422, "host_not_allowed"),
        ("https://0x7f000001/o/r", 422, "host_not_allowed"),
        ("https://[::1]/o/r", 422, "host_not_allowed"),
        ("acme/nothing", 404, "repo_not_found"),
        ("acme/greetings@nope", 404, "ref_not_found"),
    ] {
        let answer = world.post("/v1/jobs", &order(repo_url));
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (status, code),
            "{repo_url}: {}",
            answer.json()
        );
        let detail = answer.json()["detail"].to_string();
        assert!(!detail.contains(&world.folder().display().to_string()), "{detail}");
    }
    assert_eq!(world.get("/v1/jobs").json()["items"], json!([]));
}

#[test]
fn bodies_that_are_no_request_are_refused() {
    let world = World::start();
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let large = format!("{{\"repo_url\": \"{}\"}}", "x".repeat(300_000));
    for (body, kind, status, code) in [
        ("", "application/json", 400, "invalid_request"),
        ("{", "application/json", 400, "invalid_request"),
        (deep.as_str(), "application/json", 422, "invalid_field"),
        ("{}", "application/json", 422, "invalid_field"),
        ("[]", "application/json", 422, "invalid_field"),
        (r#"{"repo_url": 1}"#, "application/json", 422, "invalid_field"),
        (r#"{"repo_url": "a/b", "colour": 1}"#, "application/json", 422, "invalid_field"),
        (r#"{"repo_url": "a/b", "repo_url": "c/d"}"#, "application/json", 422, "invalid_field"),
        (
            r#"{"repo_url": "a/b", "options": {"limits": {"max_files": 1e400}}}"#,
            "application/json",
            400,
            "invalid_request",
        ),
        (
            r#"{"repo_url": "acme/greetings", "git_ref": "a", "options": {"git_ref": "b", "embeddings": false}}"#,
            "application/json",
            422,
            "invalid_field",
        ),
        (
            r#"{"repo_url": "acme/greetings", "options": {"include": ["["], "embeddings": false}}"#,
            "application/json",
            422,
            "invalid_glob",
        ),
        (
            r#"{"repo_url": "acme/greetings", "git_ref": "--help", "options": {"embeddings": false}}"#,
            "application/json",
            422,
            "invalid_ref",
        ),
        (r#"{"repo_url": "acme/greetings"}"#, "application/json", 422, "no_embedder"),
        (
            r#"{"repo_url": "acme/greetings", "options": {"embeddings": false, "prose": {"models": ["x"]}}}"#,
            "application/json",
            422,
            "model_not_configured",
        ),
        (r#"{"repo_url": "acme/greetings"}"#, "text/plain", 415, "unsupported_media_type"),
        (large.as_str(), "application/json", 413, "body_too_large"),
    ] {
        let answer = ask(world.address(), "POST", "/v1/jobs", &[("content-type", kind)], body.as_bytes());
        let shown: String = body.chars().take(80).collect();
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{shown}: {}", answer.json());
    }
}

#[test]
fn parameters_and_paths_that_mean_nothing_are_refused() {
    let world = World::start();
    let absent = format!("/v1/docpacks/sha256:{}", "0".repeat(64));
    let job = world.submit();
    for (path, status, code) in [
        ("/v1/jobs?limit=0".to_owned(), 400, "invalid_parameter"),
        ("/v1/jobs?limit=101".to_owned(), 400, "invalid_parameter"),
        ("/v1/jobs?limit=x".to_owned(), 400, "invalid_parameter"),
        ("/v1/jobs?phase=done".to_owned(), 400, "invalid_parameter"),
        ("/v1/jobs?cursor=xyz".to_owned(), 400, "invalid_cursor"),
        ("/v1/jobs?cursor=312e".to_owned(), 400, "invalid_cursor"),
        ("/v1/jobs?limit=1&limit=2".to_owned(), 400, "invalid_parameter"),
        ("/v1/jobs/nope".to_owned(), 404, "no_such_job"),
        ("/v1/jobs/..%2f..%2fetc".to_owned(), 404, "no_such_job"),
        ("/v1/jobs/nope/events".to_owned(), 404, "no_such_job"),
        (format!("/v1/jobs/{job}/events?after=9999.0"), 400, "invalid_cursor"),
        (format!("/v1/jobs/{job}/events?after=x"), 400, "invalid_cursor"),
        (absent.clone(), 404, "no_such_docpack"),
        ("/v1/docpacks/x".to_owned(), 404, "no_such_docpack"),
        (format!("{absent}/download"), 404, "no_such_docpack"),
        (format!("{absent}/search?q=x"), 404, "no_such_docpack"),
        (format!("{absent}/search"), 400, "invalid_parameter"),
        (format!("{absent}/search?q=x&kind=thing"), 400, "invalid_parameter"),
        (format!("{absent}/ask?q=why+x"), 404, "no_such_docpack"),
        (format!("{absent}/ask"), 400, "invalid_parameter"),
        (format!("{absent}/ask?q=%3F!"), 400, "invalid_parameter"),
        (format!("{absent}/ask?q={}", "a".repeat(501)), 400, "invalid_parameter"),
        (format!("{absent}/ask?q=x&limit=51"), 400, "invalid_parameter"),
        (format!("{absent}/symbols/x"), 404, "no_such_docpack"),
        ("/v1".to_owned(), 404, "not_found"),
        ("/v1/nope".to_owned(), 404, "not_found"),
    ] {
        let answer = world.get(&path);
        assert_eq!((answer.status, answer.problem().as_str()), (status, code), "{path}: {}", answer.json());
    }
    let other = ask(world.address(), "DELETE", "/v1/jobs", &[], b"");
    assert_eq!((other.status, other.problem().as_str()), (405, "method_not_allowed"));
    assert!(other.header("allow").contains("POST"), "{other:?}");
    let waits = world.post(&format!("/v1/jobs/{job}/approve"), &Value::Null);
    assert_eq!((waits.status, waits.problem().as_str()), (422, "invalid_field"));
    world.finish(&job);
    let over = world.post(&format!("/v1/jobs/{job}/approve"), &json!({}));
    assert_eq!((over.status, over.problem().as_str()), (409, "not_awaiting_approval"));
}
