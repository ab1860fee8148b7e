//! What every answer has, and what every request must pass.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use crate::client::{ask, head};
use crate::world::{World, order};

#[test]
fn every_answer_has_an_id_and_is_no_page_for_others() {
    let world = World::start();
    for path in ["/v1/jobs", "/v1/nope", "/livez", "/"] {
        let answer = world.get(path);
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
    assert_eq!(world.get_with("/livez", &[("x-request-id", "a-1")]).header("x-request-id"), "a-1");
    assert_ne!(world.get_with("/livez", &[("x-request-id", "a b")]).header("x-request-id"), "a b");
    let home = world.get("/");
    assert!(
        String::from_utf8_lossy(&home.body).contains("npm run build") || home.body.starts_with(b"<!"),
        "{home:?}"
    );
    assert_eq!(world.get("/config.json").json(), serde_json::json!({"api_base_url": "", "accounts": false}));
}

#[test]
fn health_counts_and_codes_are_told() {
    let world = World::start();
    assert_eq!(world.get("/livez").json()["status"], "ok");
    let ready = world.get("/readyz");
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &true.into()));
    world.docpack();
    let metrics = String::from_utf8(world.get("/metrics").body).unwrap();
    for line in [
        "doctown_api_requests_total{method=\"POST\",route=\"/v1/jobs\",status=\"202\"} 1",
        "doctown_api_jobs{phase=\"completed\"} 1",
    ] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    let codes = world.get("/v1/errors").json();
    let words: Vec<&str> =
        codes["items"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    for word in ["no_such_job", "repo_not_found", "model_missing", "entry_digest_mismatch"] {
        assert!(words.contains(&word), "{word}");
    }
    let document = world.get("/v1/openapi.json");
    assert_eq!(document.json()["openapi"], "3.1.0");
    assert_eq!(world.get_with("/v1/openapi.json", &[("if-none-match", document.header("etag"))]).status, 304);
}

#[test]
fn pages_of_allowed_origins_may_read_and_others_may_not() {
    let world = World::start();
    let from = |origin: &str| world.get_with("/v1/jobs", &[("origin", origin)]);
    assert_eq!(from("https://pages.example").header("access-control-allow-origin"), "https://pages.example");
    assert_eq!(from("https://evil.example").header("access-control-allow-origin"), "");
    let asks = [("origin", "https://pages.example"), ("access-control-request-method", "POST")];
    let preflight = ask(world.address(), "OPTIONS", "/v1/jobs", &asks, b"");
    assert_eq!(preflight.status, 204);
    assert!(preflight.header("access-control-allow-headers").contains("idempotency-key"));
}

#[test]
fn a_page_of_another_site_changes_nothing() {
    let mut world = World::new();
    world.go(false);
    let job = world.submit();
    let from = |path: &str, headers: &[(&str, &str)]| ask(world.address(), "POST", path, headers, b"");
    for action in ["approve", "cancel", "retry"] {
        for headers in [
            [("origin", "https://evil.example"), ("content-type", "text/plain")],
            [("origin", "null"), ("content-type", "text/plain")],
            [("sec-fetch-site", "cross-site"), ("content-type", "text/plain")],
        ] {
            let refused = from(&format!("/v1/jobs/{job}/{action}"), &headers);
            assert_eq!(
                (refused.status, refused.problem().as_str()),
                (403, "origin_not_allowed"),
                "{headers:?}"
            );
        }
    }
    assert_eq!(world.get(&format!("/v1/jobs/{job}")).json()["is_over"], false);
    let path = format!("/v1/jobs/{job}/cancel");
    let own = format!("http://{}", world.address());
    for origin in [own.as_str(), "https://pages.example"] {
        assert_eq!(
            from(&path, &[("origin", origin), ("sec-fetch-site", "cross-site")]).status,
            200,
            "{origin}"
        );
    }
    assert_eq!(from(&path, &[]).status, 200);
}

#[test]
fn an_address_that_asks_too_often_is_told_to_wait() {
    let mut world = World::new();
    world.settings.writes_per_minute = 2;
    world.settings.reads_per_minute = 100;
    world.go(false);
    let first = world.post("/v1/jobs", &order("acme/greetings"));
    assert_eq!((first.status, first.header("ratelimit-policy")), (202, "\"writes\";q=2;w=60"));
    assert_eq!(world.post("/v1/jobs", &order("acme/greetings")).status, 202);
    let third = world.post("/v1/jobs", &order("acme/greetings"));
    assert_eq!((third.status, third.problem().as_str()), (429, "rate_limit_exceeded"));
    assert!(third.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=30).contains(&seconds)));
    let read = world.get("/v1/jobs");
    assert_eq!((read.status, read.header("ratelimit").starts_with("\"reads\";r=")), (200, true));
    assert_eq!(world.get("/livez").header("ratelimit"), "");
    // Nobody is believed about where a request comes from, unless a proxy is trusted.
    let feigned = world.post_with(
        "/v1/jobs",
        &[("x-forwarded-for", &Ipv4Addr::new(203, 0, 113, 9).to_string())],
        &order("acme/greetings"),
    );
    assert_eq!(feigned.status, 429);
}

#[test]
fn more_streams_than_are_kept_open_are_refused() {
    let mut world = World::new();
    world.settings.max_streams = 1;
    world.go(false);
    let job = world.submit();
    let path = format!("/v1/jobs/{job}/events");
    let accept = [("accept", "text/event-stream")];
    let mut open = crate::client::begin(world.address(), "GET", &path, &accept, b"");
    assert_eq!(head(&mut open).0, 200);
    let second = world.get_with(&path, &accept);
    assert_eq!((second.status, second.problem().as_str()), (503, "too_many_streams"));
    assert_eq!(world.get(&path).status, 200);
}

#[test]
fn a_name_that_leads_here_from_elsewhere_is_not_answered_to() {
    let world = World::start();
    for name in ["evil.example", "evil.example:80", "127.0.0.1.evil.example"] {
        for path in ["/", "/v1/jobs", "/livez"] {
            let refused = named(&world, name, path);
            assert_eq!((refused.0, refused.1.as_str()), (421, "misdirected_request"), "{name} {path}");
        }
    }
    assert_eq!(named(&world, "localhost", "/livez").0, 200);
    // A proxy asks by names of its own.
    let mut world = World::new();
    world.settings.n_trusted_proxies = 1;
    world.go(false);
    assert_eq!(named(&world, "docs.example", "/livez").0, 200);
}

/// Asks by a name; gives the status, and the code of a problem.
fn named(world: &World, name: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(world.address()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {name}\r\nconnection: close\r\n\r\n").unwrap();
    let mut reader = std::io::BufReader::new(stream);
    let (status, _) = head(&mut reader);
    let mut body = String::new();
    reader.read_to_string(&mut body).unwrap();
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
    (status, problem["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_client_that_never_ends_its_headers_is_hung_up_on() {
    let mut world = World::new();
    world.settings.header_timeout = Duration::from_millis(200);
    world.go(true);
    let mut slow = TcpStream::connect(world.address()).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    slow.write_all(b"GET /livez HTTP/1.1\r\nhost: localhost\r\nx-slow: ").unwrap();
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).expect("the server hangs up");
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    // One that has said what it wants may wait for it: a stream lasts as long as its job.
    world.docpack();
}

#[test]
fn a_connection_that_is_kept_open_is_answered_again() {
    let world = World::start();
    let mut stream = TcpStream::connect(world.address()).unwrap();
    let mut reader = std::io::BufReader::new(stream.try_clone().unwrap());
    for _ in 0..3 {
        write!(stream, "GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        let (status, headers) = head(&mut reader);
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        assert_eq!(status, 200);
    }
}

#[test]
fn answers_are_kept_from_pages_elsewhere_and_requests_name_one_host() {
    let world = World::start();
    for path in ["/livez", "/v1/jobs", "/v1/none"] {
        assert_eq!(world.get(path).header("cross-origin-resource-policy"), "same-origin", "{path}");
    }
    for second in ["localhost", "evil.example"] {
        let mut stream = TcpStream::connect(world.address()).unwrap();
        let text =
            format!("GET /livez HTTP/1.1\r\nhost: localhost\r\nhost: {second}\r\nconnection: close\r\n\r\n");
        stream.write_all(text.as_bytes()).unwrap();
        assert_eq!(head(&mut std::io::BufReader::new(stream)).0, 400, "{second}");
    }
}
