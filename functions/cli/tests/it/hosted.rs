//! Signing in to a `doctown serve` with accounts, and working with it from another home.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use source::testserver::{CLIENT_ID, CLIENT_SECRET, Repository, TestServer};

use crate::program::{Ran, SMALL, World, files};

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

/// Seals tokens in these tests.
const KEY_1: &str = "1:QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";
const KEY_2: &str = "2:Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0M=";

/// A GitHub where somebody is signed in, and a server with accounts that trusts it.
struct Hosted {
    /// It runs as long as the server that trusts it.
    _github: TestServer,
    world: World,
    child: Child,
    address: String,
}

impl Hosted {
    fn start(login: &str) -> Self {
        let github = TestServer::start().expect("loopback ports are free");
        github.sign_in(7, login);
        let files: Vec<(&str, &[u8])> =
            files(SMALL).into_iter().map(|(path, text)| (path, text.as_bytes())).collect();
        github.add(Repository::empty("acme/small").commit(SHA, "2024-05-01T12:00:00Z", &["main"], &files));
        let config = github.config();
        let authorities: Vec<_> = config.insecure_authorities.iter().cloned().collect();
        let world = World::new()
            .with("DOCTOWN_ACCOUNTS", "github")
            .with("DOCTOWN_PUBLIC_URL", "http://doctown.example")
            .with("DOCTOWN_GITHUB_WEB_URL", &github.app(String::new()).web_url)
            .with("DOCTOWN_GITHUB_CLIENT_ID", CLIENT_ID)
            .with("DOCTOWN_GITHUB_CLIENT_SECRET", CLIENT_SECRET)
            .with("DOCTOWN_SECRET_KEYS", KEY_1)
            .with("DOCTOWN_GITHUB_API_URL", &github.api_url())
            .with("DOCTOWN_GITHUB_DOWNLOAD_HOSTS", &config.github_download_hosts.join(","))
            .with("DOCTOWN_INSECURE_AUTHORITIES", &authorities.join(","));
        let (child, address) = serve(&world, "0");
        Self { _github: github, world, child, address }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Starts the server again at the same address.
    fn start_again(&mut self) {
        let port = self.address.rsplit(':').next().expect("an address has a port").to_owned();
        (self.child, self.address) = serve(&self.world, &port);
    }

    /// Signs a browser in with GitHub, and returns its cookie.
    fn browser(&self) -> String {
        let left = get(&self.address, "/v1/sign-in", "");
        let way = left.cookie("__Host-doctown-sign-in");
        let at_github = left.header("location");
        let (authority, path) = at_github.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let back = get(authority, &format!("/{path}"), "").header("location");
        let path = back.strip_prefix("http://doctown.example").expect("it leads back").to_owned();
        let done = get(&self.address, &path, &way);
        assert_eq!(done.status, 303, "{}", done.head);
        done.cookie("__Host-doctown")
    }

    /// Decides about a code as the page `/device` does.
    fn decide(&self, browser: &str, code: &str, decision: &str) {
        let path = format!("/v1/devices/{code}/{decision}");
        let answer = send(&self.address, "POST", &path, browser);
        assert_eq!(answer.status, 204, "{}", answer.head);
    }

    /// Changes the rows of codes behind the server's back.
    fn change_codes(&self, statement: &'static str) {
        let file = database::address_of(&self.world.path("home").join("accounts.sqlite"));
        let host = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        host.block_on(async {
            let pool = database::connect(&file).await.unwrap();
            let changed = sqlx::query(statement).execute(&pool).await.unwrap();
            assert_eq!(changed.rows_affected(), 1);
            pool.close().await;
        });
    }
}

impl Drop for Hosted {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(world: &World, port: &str) -> (Child, String) {
    let mut command = world.command(&["serve", "--port", port, "--no-embeddings"]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the program was built for this test");
    let mut line = String::new();
    let mut said = BufReader::new(child.stderr.take().expect("it is piped"));
    said.read_line(&mut line).expect("it says where it listens");
    let address = line.trim_start_matches("http://").split(' ').next().unwrap_or_default().to_owned();
    assert!(address.starts_with("127.0.0.1:"), "{line}");
    // Nobody may block the server's standard error.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    (child, address)
}

struct Answer {
    status: u16,
    head: String,
}

impl Answer {
    fn header(&self, name: &str) -> String {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found = lines.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("no {name} in {}", self.head)).1.to_owned()
    }

    /// Returns a cookie that is set, as a browser sends it back.
    fn cookie(&self, name: &str) -> String {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let is_it = |value: &str| value.starts_with(&format!("{name}="));
        let found = lines.find(|(found, value)| found.eq_ignore_ascii_case("set-cookie") && is_it(value));
        found.unwrap_or_else(|| panic!("no {name} in {}", self.head)).1.split(';').next().unwrap().to_owned()
    }
}

fn get(address: &str, path: &str, cookie: &str) -> Answer {
    send(address, "GET", path, cookie)
}

fn send(address: &str, method: &str, path: &str, cookie: &str) -> Answer {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    let rest = format!("cookie: {cookie}\r\ncontent-length: 0\r\n\r\n");
    stream.write_all((head + &rest).as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = String::from_utf8_lossy(&answer).into_owned();
    Answer { status: head[9..12].parse().expect("a status"), head }
}

/// A `doctown login` that has printed its code and waits.
struct Login {
    child: Child,
    stderr: BufReader<ChildStderr>,
    code: String,
    said: String,
}

impl Login {
    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program was built for this test");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut said = String::new();
        let code = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "it ended: {said}");
            said.push_str(&line);
            if let Some((_, code)) = line.trim().split_once("/device?code=") {
                break code.to_owned();
            }
        };
        Self { child, stderr, code, said }
    }

    fn end(mut self) -> Ran {
        let (mut stdout, mut stderr) = (String::new(), self.said);
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        Ran { code: self.child.wait().unwrap().code().unwrap_or(-1), stdout, stderr }
    }
}

fn data(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let value: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    value["data"].clone()
}

fn credentials(me: &World) -> Value {
    let text = std::fs::read(me.path("home").join("credentials.json")).expect("it was written");
    serde_json::from_slice(&text).expect("JSON")
}

#[test]
fn somebody_signs_in_submits_lists_downloads_and_signs_out() {
    let mut hosted = Hosted::start("ada");
    let (url, browser, me) = (hosted.url(), hosted.browser(), World::new());
    let login = Login::start(me.command(&["login", "--server", &url]));
    hosted.decide(&browser, &login.code, "approve");
    let signed_in = login.end();
    assert_eq!(signed_in.code, 0, "{}", signed_in.stderr);
    assert!(signed_in.stdout.contains(&format!("signed in to {url} as ada")), "{}", signed_in.stdout);
    let kept = credentials(&me);
    let key = kept["servers"][&url]["key"].as_str().expect("it is kept").to_owned();
    for text in [&signed_in.stdout, &signed_in.stderr] {
        assert!(!text.contains(&key[12..]), "the key is never printed");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(me.path("home").join("credentials.json")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
    let who = data(&me.run(&["whoami", "--json"]));
    assert_eq!((&who["account"]["login"], &who["account"]["plan"]), (&json!("ada"), &json!("free")));
    assert_eq!(who["key"]["prefix"].as_str(), Some(&key[..12]));
    let told = me.run(&["whoami"]).stdout;
    assert!(told.starts_with(&format!("ada at {url}\nplan  free: 0 of 5 jobs")), "{told}");

    let built = me.run(&["submit", "acme/small", "--no-embeddings", "--wait"]);
    assert_eq!(built.code, 0, "{}", built.stderr);
    assert!(built.stderr.contains("  ingest  ") && built.stderr.contains("    pack  "), "{}", built.stderr);
    let page = built.stdout.trim();
    let id = page.strip_prefix(&format!("{url}/packs/")).expect("the link of the pack");
    assert_eq!(data(&me.run(&["whoami", "--json"]))["account"]["usage"]["jobs"], 1);
    let again = me.run(&["submit", "acme/small", "--no-embeddings", "-q"]);
    let job = again.stdout.trim().to_owned();
    let status = me.run(&["status", &job, "-o", "by-status.docpack"]);
    assert!(
        status.stdout.contains(&format!("{job} completed")) && status.stdout.contains(page),
        "{}",
        status.stdout
    );
    assert_eq!(me.run(&["verify", "by-status.docpack"]).code, 0);
    let events = me.run(&["events", &job]).stdout;
    assert!(events.contains("job.created.v1") && events.contains("job.completed.v1"), "{events}");
    assert!(me.run(&["events", &job, "--json"]).stdout.lines().all(|line| line.starts_with('{')));

    let listed = me.run(&["library"]).stdout;
    assert!(listed.contains("acme/small") && listed.contains(&id[..12]), "{listed}");
    assert_eq!(
        data(&me.run(&["library", "--json", "--name", "small"]))["items"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(data(&me.run(&["library", "--json", "--name", "large"]))["items"], json!([]));
    for (name, file) in [("small", "small.docpack"), ("acme/small@main", "a"), (&id[..8], "b"), (id, "c")] {
        let mut arguments = vec!["pull", name];
        arguments.extend(if file == "small.docpack" { vec![] } else { vec!["-o", file] });
        let pulled = me.run(&arguments);
        assert_eq!((pulled.code, pulled.stdout.trim()), (0, file), "{}", pulled.stderr);
        assert_eq!(me.run(&["verify", file]).code, 0);
    }
    let absent = me.run(&["pull", "large"]);
    assert!(absent.code == 3 && absent.stderr.contains("error[no_such_docpack]"), "{}", absent.stderr);

    let signed_out = me.run(&["logout"]);
    assert_eq!(signed_out.code, 0, "{}", signed_out.stderr);
    assert_eq!(credentials(&me)["servers"], json!({}));
    let mut command = me.command(&["whoami", "--server", &url]);
    let refused = command.env("DOCTOWN_API_KEY", &key).output().unwrap();
    assert_eq!(refused.status.code(), Some(4));
    let stderr = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(stderr.contains("error[invalid_credentials]") && !stderr.contains(&key[12..]), "{stderr}");
    assert_eq!(me.run(&["logout", "--server", &url]).code, 0, "signing out twice is harmless");
    hosted.stop();
    let down = me.run(&["login", "--server", &url]);
    assert!(down.code == 5 && down.stderr.contains("error[server_unreachable]"), "{}", down.stderr);
}

#[test]
fn a_login_that_is_denied_or_expires_leaves_nobody_signed_in() {
    let hosted = Hosted::start("ada");
    let (url, browser, me) = (hosted.url(), hosted.browser(), World::new());
    let (denied, late) = std::thread::scope(|scope| {
        let denied = scope.spawn(|| {
            let login = Login::start(me.command(&["login", "--server", &url, "--json"]));
            hosted.decide(&browser, &login.code, "deny");
            login.end()
        });
        let denied = denied.join().unwrap();
        let login = Login::start(me.command(&["login", "--server", &url]));
        hosted.change_codes("UPDATE account_devices SET expires_at = 1 WHERE decision IS NULL");
        (denied, login.end())
    });
    assert_eq!(denied.code, 4);
    let last = denied.stderr.lines().last().unwrap();
    let error: Value = serde_json::from_str(last).expect("with --json an error is JSON");
    assert_eq!(error["error"]["code"], "access_denied");
    assert!(late.code == 4 && late.stderr.contains("error[device_code_expired]"), "{}", late.stderr);
    assert!(!me.path("home").join("credentials.json").exists());
}

#[test]
fn a_key_from_stdin_is_checked_before_it_is_kept_and_signing_out_works_without_the_server() {
    let mut hosted = Hosted::start("ada");
    let (url, browser, me) = (hosted.url(), hosted.browser(), World::new());
    let with_key = |key: &str| {
        let mut command = me.command(&["login", "--server", &url, "--with-key"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{key}\n").as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (key, code, word) in [("", 2, "key_malformed"), ("dtk_nope", 4, "invalid_credentials")] {
        let (found, stderr) = with_key(key);
        assert!(found == code && stderr.contains(&format!("error[{word}]")), "{key}: {stderr}");
    }
    assert!(!me.path("home").join("credentials.json").exists());
    let other = World::new();
    let login = Login::start(other.command(&["login", "--server", &url]));
    hosted.decide(&browser, &login.code, "approve");
    assert_eq!(login.end().code, 0);
    let key = credentials(&other)["servers"][&url]["key"].as_str().unwrap().to_owned();
    assert_eq!(with_key(&key).0, 0);
    assert_eq!(data(&me.run(&["whoami", "--json"]))["account"]["login"], "ada");
    // The key of DOCTOWN_API_KEY is for DOCTOWN_SERVER, and goes to no other server.
    let mut command = me.command(&["library", "--json", "--server", &url]);
    command.env("DOCTOWN_SERVER", "https://doctown.example").env("DOCTOWN_API_KEY", "dtk_other");
    assert!(command.output().unwrap().status.success(), "the key that was kept is used");
    hosted.stop();
    let down = me.run(&["library"]);
    assert!(down.code == 5 && down.stderr.contains("error[server_unreachable]"), "{}", down.stderr);
    let out = me.run(&["logout"]);
    assert_eq!(out.code, 0, "{}", out.stderr);
    assert!(out.stderr.contains("could not be revoked") && out.stderr.contains(&key[..12]), "{}", out.stderr);
    assert_eq!(credentials(&me)["servers"], json!({}));
    hosted.start_again();
    assert_eq!(data(&other.run(&["whoami", "--json"]))["account"]["login"], "ada", "the key still works");
}

#[test]
fn a_second_login_revokes_the_key_of_the_first() {
    let hosted = Hosted::start("ada");
    let (url, browser, me) = (hosted.url(), hosted.browser(), World::new());
    let sign_in = || {
        let login = Login::start(me.command(&["login", "--server", &url]));
        hosted.decide(&browser, &login.code, "approve");
        let ended = login.end();
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        credentials(&me)["servers"][&url]["key"].as_str().unwrap().to_owned()
    };
    let first = sign_in();
    assert_ne!(sign_in(), first);
    let mut command = me.command(&["whoami"]);
    assert_eq!(command.env("DOCTOWN_API_KEY", &first).output().unwrap().status.code(), Some(4));
    assert_eq!(me.run(&["whoami"]).code, 0);
}

#[test]
fn commands_name_the_place_that_they_cannot_find_or_trust() {
    let me = World::new();
    for (arguments, code, word) in [
        (&["login"][..], 2, "server_missing"),
        (&["whoami"], 2, "server_missing"),
        (&["library"], 2, "server_missing"),
        (&["pull", "small"], 2, "server_missing"),
        (&["submit", "acme/small"], 2, "server_missing"),
        (&["cancel", "job-1"], 2, "server_missing"),
        (&["login", "--server", "http://doctown.example"], 2, "server_insecure"),
        (&["login", "--server", "https://ada:hush@doctown.example"], 2, "server_malformed"),
        (&["whoami", "--server", "http://127.0.0.1:9"], 4, "sign_in_required"),
        (&["library", "--server", "http://127.0.0.1:9"], 5, "server_unreachable"),
        (&["submit", ".", "--server", "https://doctown.example"], 3, "local_path_not_allowed"),
    ] {
        let ran = me.run(arguments);
        assert!(
            ran.code == code && ran.stderr.contains(&format!("error[{word}]")),
            "{arguments:?}: {}",
            ran.stderr
        );
        assert!(!ran.stderr.contains("hush"), "{}", ran.stderr);
    }
    assert_eq!(me.run(&["logout"]).code, 0);
    let shown = me.command(&["config", "show"]).env("DOCTOWN_API_KEY", "dtk_hush").output().unwrap();
    assert!(!String::from_utf8_lossy(&shown.stdout).contains("dtk_hush"));
    let bucket = me.run(&["submit", "acme/small", "--wait"]);
    assert_eq!(bucket.code, 2, "{}", bucket.stderr);
}

/// Answers one request after the other with these bytes.
fn fake(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback ports are free");
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else { return };
            let mut buffer = [0; 16_384];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

#[test]
fn what_is_no_doctown_is_not_taken_for_one() {
    let me = World::new();
    for (given, code, word) in [
        (answer("200 OK", "text/html", "<html>"), 2, "server_unknown"),
        (answer("404 Not Found", "text/html", "<html>"), 2, "server_unknown"),
        (answer("502 Bad Gateway", "text/html", "<html>"), 5, "server_unavailable"),
        ("HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(), 2, "server_unknown"),
        ("nonsense\r\n\r\n".to_owned(), 5, "server_unreachable"),
    ] {
        let url = fake(vec![given.clone()]);
        let ran = me.run(&["library", "--server", &url]);
        assert!(ran.code == code && ran.stderr.contains(&format!("error[{word}]")), "{given}: {}", ran.stderr);
    }
}

#[test]
fn a_download_that_is_cut_or_altered_leaves_no_file() {
    let me = World::new();
    me.build(&me.write("small", SMALL), "small.docpack", &[]);
    let bytes = std::fs::read(me.path("small.docpack")).unwrap();
    let id = data(&me.run(&["inspect", "small.docpack", "manifest", "--json"]))["docpack_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let listed = |id: &str, size: usize| {
        let time = "2026-11-24T16:00:00.000Z";
        answer("200 OK", "application/json", &json!({"docpack_id": id, "name": "small", "repo_url": null, "git_ref": null, "commit_hash": null, "size_bytes": size, "created_at": time}).to_string())
    };
    let other = format!("sha256:{}", "0".repeat(64));
    for (id, size, body, code, word) in [
        (&id, bytes.len(), "short", 5, "download_incomplete"),
        (&id, 5, "wrong", 7, "verification_failed"),
        (&id, 4, "longer", 5, "download_incomplete"),
        (&other, 5, "wrong", 7, "verification_failed"),
    ] {
        let url = fake(vec![listed(id, size), answer("200 OK", "application/vnd.docpack", body)]);
        let ran = me.run(&["pull", id, "-o", "pulled.docpack", "--server", &url]);
        assert!(ran.code == code && ran.stderr.contains(&format!("error[{word}]")), "{body}: {}", ran.stderr);
    }
    let left: Vec<_> =
        std::fs::read_dir(me.path("")).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().starts_with("pulled")), "{left:?}");
}

#[test]
fn a_program_that_polls_too_fast_slows_down_and_survives_a_restart_of_the_server() {
    let me = World::new();
    let codes = json!({"device_code": "d", "user_code": "BCDF-GHJK", "verification_url": "http://x/device",
        "verification_url_complete": "http://x/device?code=BCDF-GHJK", "expires_at": "2026-11-24T16:00:00.000Z", "interval_seconds": 1});
    let problem = |code: &str| {
        let body = json!({"type": "", "title": "", "status": 400, "detail": "", "instance": "", "code": code, "help": "", "request_id": ""});
        answer("400 Bad Request", "application/problem+json", &body.to_string())
    };
    let url = fake(vec![
        answer("201 Created", "application/json", &codes.to_string()),
        problem("authorization_pending"),
        answer("503 Service Unavailable", "text/plain", "restarting"),
        problem("slow_down"),
        problem("access_denied"),
    ]);
    let began = Instant::now();
    let ran = me.run(&["login", "--server", &url]);
    assert!(ran.code == 4 && ran.stderr.contains("error[access_denied]"), "{}", ran.stderr);
    // Three times a second, and then five seconds longer.
    assert!(began.elapsed() >= Duration::from_secs(9), "{:?}", began.elapsed());
}

#[test]
fn the_operator_backs_accounts_up_restores_them_and_changes_keys_and_plans() {
    let mut hosted = Hosted::start("ada");
    hosted.browser();
    let world = &hosted.world;
    let run = |world: &World, arguments: &[&str], keys: &str| {
        let output = world.command(arguments).env("DOCTOWN_SECRET_KEYS", keys).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, told, _) = run(world, &["accounts", "plan", "Ada", "creator"], KEY_1);
    assert!(
        code == Some(0) && told.starts_with("ada (a-") && told.ends_with(") is on the plan creator\n"),
        "{told}"
    );
    let (code, _, told) = run(world, &["accounts", "plan", "ada", "gold"], KEY_1);
    assert!(
        code == Some(2) && told.contains("error[no_such_plan]") && told.contains("creator, free, team"),
        "{told}"
    );
    let (code, _, told) = run(world, &["accounts", "plan", "bob", "team"], KEY_1);
    assert!(code == Some(2) && told.contains("error[no_such_person]"), "{told}");

    let (code, told, error) = run(world, &["accounts", "backup", "people.jsonl"], KEY_1);
    assert!(code == Some(0) && told.ends_with(" rows written to people.jsonl\n"), "{told} {error}");
    let backup = std::fs::read_to_string(world.path("people.jsonl")).unwrap();
    assert!(backup.contains("\"login\":\"ada\"") && !backup.contains("ghu_"), "{backup}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.path("people.jsonl")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let (code, _, told) = run(world, &["accounts", "restore", "people.jsonl"], KEY_1);
    assert!(code == Some(3) && told.contains("error[accounts_not_empty]"), "{told}");
    hosted.stop();
    let world = &hosted.world;
    std::fs::rename(world.path("home/accounts.sqlite"), world.path("old.sqlite")).unwrap();
    for rest in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(world.path(&format!("home/accounts.sqlite{rest}")));
    }
    std::fs::write(world.path("damaged.jsonl"), "people\n").unwrap();
    let (code, _, told) = run(world, &["accounts", "restore", "damaged.jsonl"], KEY_1);
    assert!(code == Some(3) && told.contains("error[backup_damaged]") && told.contains("line 1"), "{told}");
    let (code, told, error) = run(world, &["accounts", "restore", "people.jsonl"], KEY_1);
    assert!(code == Some(0) && told.ends_with(" rows restored from people.jsonl\n"), "{told} {error}");

    let both = format!("{KEY_2},{KEY_1}");
    let (code, told, _) = run(world, &["accounts", "rekey"], &both);
    assert!(code == Some(0) && told.starts_with("1 token sealed with the first key"), "{told}");
    let (code, told, _) = run(world, &["--json", "accounts", "rekey"], KEY_2);
    assert!(code == Some(0) && told.contains("\"n_sealed\":0"), "{told}");
    let (code, _, told) = run(&World::new(), &["accounts", "rekey"], KEY_1);
    assert!(code == Some(2) && told.contains("error[accounts_off]"), "{told}");
}

#[test]
fn the_operator_withdraws_repositories_gives_them_back_and_deletes_accounts() {
    let hosted = Hosted::start("ada");
    let (url, browser, me) = (hosted.url(), hosted.browser(), World::new());
    let login = Login::start(me.command(&["login", "--server", &url]));
    hosted.decide(&browser, &login.code, "approve");
    login.end();
    let built = me.run(&["submit", "acme/small", "--no-embeddings", "--wait"]);
    let page = built.stdout.trim().to_owned();
    let id = page.strip_prefix(&format!("{url}/packs/")).expect("the link of the pack").to_owned();
    let pack = format!("/v1/docpacks/{id}");
    assert_eq!(get(&hosted.address, &pack, "").status, 200);

    let operate = |arguments: &[&str]| hosted.world.run(&[&["accounts"], arguments].concat());
    assert!(operate(&["withdraw", "no such place"]).stderr.contains("error[repository_unknown]"));
    let none = operate(&["reinstate", "acme/small"]);
    assert!(none.code == 2 && none.stderr.contains("error[no_such_withdrawal]"), "{}", none.stderr);
    let withdrawn = operate(&["withdraw", "acme/small"]);
    assert!(withdrawn.stdout.ends_with("its packs are shown to nobody\n"), "{}", withdrawn.stderr);
    assert_eq!(get(&hosted.address, &pack, "").status, 404);
    let given_back = data(&operate(&["--json", "reinstate", "acme/small"]));
    assert_eq!(given_back["is_withdrawn"], false);
    assert_eq!(get(&hosted.address, &pack, "").status, 200);

    let report = data(&operate(&["--json", "margin"]));
    let cost = report["total"]["cost_micro_usd"].as_i64().expect("a cost");
    assert!(cost > 0 && report["total"]["n_jobs"] == 1, "{report}");
    let row = &report["accounts"][0];
    assert_eq!((&row["login"], &row["price_micro_usd"]), (&json!("ada"), &json!(0)), "{report}");
    assert_eq!(row["margin_micro_usd"], -cost, "nobody pays for the job");
    assert!(operate(&["margin"]).stdout.contains("ada"));
    assert_eq!(data(&operate(&["--json", "margin", "--month", "2020-01"]))["accounts"], json!([]));
    assert!(operate(&["margin", "--month", "2020-13"]).stderr.contains("error[month_invalid]"));

    let asked = operate(&["delete", "ada"]);
    assert!(asked.code == 2 && asked.stderr.contains("error[not_confirmed]"), "{}", asked.stderr);
    let deleted = operate(&["delete", "Ada", "--yes"]);
    assert!(deleted.code == 0 && deleted.stdout.starts_with("ada (a-"), "{}", deleted.stderr);
    assert_eq!(me.run(&["whoami"]).code, 4, "the key went with the account");
    // Nobody who ordered it shares it any more.
    assert_eq!(get(&hosted.address, &pack, "").status, 404);
    let gone = operate(&["delete", "ada", "--yes"]);
    assert!(gone.code == 2 && gone.stderr.contains("error[no_such_person]"), "{}", gone.stderr);
}

#[test]
fn a_server_that_others_can_reach_starts_only_with_accounts_or_when_told_to_be_open() {
    let ran = World::new().run(&["serve", "--host", "0.0.0.0", "--port", "0", "--no-embeddings"]);
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("error[server_exposed]") && ran.stderr.contains("`open`"), "{}", ran.stderr);
}
