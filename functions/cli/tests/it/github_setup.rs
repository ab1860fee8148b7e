//! `doctown github setup` against a GitHub on this machine: a browser's way, and every wrong turn of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use source::testserver::{APP_KEY, CLIENT_ID, CLIENT_SECRET, TestServer, WEBHOOK_SECRET};

use crate::program::{Ran, World};

const ARGUMENTS: [&str; 4] = ["github", "setup", "--url", "https://doctown.example"];

fn world(github: &TestServer) -> World {
    let authorities: Vec<_> = github.config().insecure_authorities.into_iter().collect();
    World::new()
        .with("DOCTOWN_GITHUB_WEB_URL", &github.app(String::new()).web_url)
        .with("DOCTOWN_GITHUB_API_URL", &github.api_url())
        .with("DOCTOWN_INSECURE_AUTHORITIES", &authorities.join(","))
        // A token of the operator that is not the App's.
        .with("DOCTOWN_GITHUB_TOKEN", "ghp_operator")
}

/// A setup that has printed its page and waits.
struct Setup {
    child: Child,
    stderr: BufReader<ChildStderr>,
    said: String,
    /// `HOST:PORT` of the page.
    authority: String,
    path: String,
}

impl Setup {
    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program was built for this test");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut said = String::new();
        let (authority, path) = loop {
            let mut line = String::new();
            assert!(stderr.read_line(&mut line).unwrap() > 0, "it ended: {said}");
            said.push_str(&line);
            if let Some(url) = line.trim().strip_prefix("http://") {
                let (authority, path) = url.split_once('/').expect("a path");
                break (authority.to_owned(), format!("/{path}"));
            }
        };
        Self { child, stderr, said, authority, path }
    }

    fn get(&self, path: &str) -> String {
        send(&self.authority, "GET", path, "")
    }

    fn end(mut self) -> Ran {
        let (mut stdout, mut stderr) = (String::new(), self.said);
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        Ran { code: self.child.wait().unwrap().code().unwrap_or(-1), stdout, stderr }
    }

    /// Presses the button of the page and comes back from GitHub; returns the path that it comes back to.
    fn press(&self) -> String {
        let page = self.get(&self.path);
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        let between = |from: &str| {
            let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from} in {page}"));
            rest.split_once('"').expect("it ends").0.replace("&quot;", "\"").replace("&amp;", "&")
        };
        let (action, manifest) = (between("action=\""), between("name=\"manifest\" value=\""));
        let action = action.strip_prefix("http://").expect("it is this machine's GitHub");
        let (github, path) = action.split_once('/').expect("a path");
        let form: String =
            url::form_urlencoded::Serializer::new(String::new()).append_pair("manifest", &manifest).finish();
        let sent = send(github, "POST", &format!("/{path}"), &form);
        let back = sent.lines().find_map(|line| line.strip_prefix("location: ")).expect("it leads back");
        back.trim().strip_prefix(&format!("http://{}", self.authority)).expect("to the page").to_owned()
    }
}

fn send(address: &str, method: &str, path: &str, body: &str) -> String {
    send_as(address, address, method, path, body)
}

fn send_as(address: &str, host: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    let n = body.len();
    stream.write_all(format!("{head}content-length: {n}\r\n\r\n{body}").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn one_command_makes_the_app_and_writes_settings_that_a_server_starts_with() {
    let github = TestServer::start().expect("loopback ports are free");
    let world = world(&github);
    std::fs::write(world.path("doctown.env"), "# mine\nDOCTOWN_LOCAL_PATHS=false\n").unwrap();
    let setup = Setup::start(world.command(&[&ARGUMENTS[..], &["--org", "acme", "--no-open"]].concat()));
    let back = setup.press();
    assert!(setup.get(&back).contains("GitHub has made the App"));
    let ran = setup.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("https://github.com/apps/doctown-test/installations/new"), "{}", ran.stdout);
    let (posted_to, manifest) = github.posted_manifests().remove(0);
    assert_eq!(posted_to, "/organizations/acme/settings/apps/new");
    assert_eq!(manifest["hook_attributes"]["url"], "https://doctown.example/v1/github/webhook");
    assert_eq!(manifest["callback_urls"][0], "https://doctown.example/v1/sign-in/callback");
    assert_eq!(manifest["default_permissions"]["pull_requests"], "write");
    let (settings, key) = (world.path("doctown.env"), world.path("doctown.github-app.pem"));
    let text = read(&settings);
    assert!(
        text.starts_with("# mine\nDOCTOWN_LOCAL_PATHS=false\n\n# GitHub App doctown-test, number 4711: "),
        "{text}"
    );
    assert_eq!(read(&key), APP_KEY);
    #[cfg(unix)]
    assert_eq!((mode(&settings), mode(&key)), (0o600, 0o600));
    let values: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once('=')).collect();
    let value = |name: &str| values.iter().find(|(found, _)| *found == name).map(|(_, value)| *value);
    assert_eq!(value("DOCTOWN_GITHUB_CLIENT_ID"), Some(CLIENT_ID));
    assert_eq!(value("DOCTOWN_GITHUB_WEBHOOK_SECRETS"), Some(WEBHOOK_SECRET));
    // The program reads them as they are.
    let mut shown = world.command(&["config", "show", "--json"]);
    let shown = shown.envs(values.iter().copied()).output().unwrap();
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    // No secret was printed, and no file beside the two was left.
    let line_of_key = APP_KEY.lines().nth(1).unwrap();
    let seal = value("DOCTOWN_SECRET_KEYS").unwrap();
    for secret in [CLIENT_SECRET, WEBHOOK_SECRET, line_of_key, seal] {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{secret}");
    }
    let sent = github.requests();
    let conversion = sent.iter().find(|it| it.path.contains("/conversions")).unwrap();
    assert_eq!(conversion.authorization, None, "the operator's token stays here");
    let names = std::fs::read_dir(settings.parent().unwrap()).unwrap();
    let names: Vec<String> = names.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| !name.contains("part") && !name.contains("probe")), "{names:?}");
    // A second App is made only where somebody says so, and the key that seals tokens stays.
    let again = world.run(&[&ARGUMENTS[..], &["--no-open"]].concat());
    assert_eq!((again.code, again.stderr.contains("github_app_exists")), (2, true), "{}", again.stderr);
    let setup =
        Setup::start(world.command(&[&ARGUMENTS[..], &["--no-open", "--replace", "--json"]].concat()));
    setup.get(&setup.press());
    let ran = setup.end();
    let told: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(told["data"]["app_id"], 4711);
    assert_eq!(github.posted_manifests()[1].0, "/settings/apps/new");
    assert!(read(&settings).contains(&format!("DOCTOWN_SECRET_KEYS={seal}\n")));
    assert_eq!(read(&settings).matches("DOCTOWN_GITHUB_CLIENT_ID=").count(), 1);
}

#[test]
fn only_the_answer_that_github_gives_to_this_page_counts_and_only_once() {
    let github = TestServer::start().expect("loopback ports are free");
    let world = world(&github);
    let setup = Setup::start(world.command(&[&ARGUMENTS[..], &["--no-open"]].concat()));
    // Nobody finds the page who was not told its address, by this name or by another one.
    assert!(setup.get("/").starts_with("HTTP/1.1 404"));
    let elsewhere = send_as(&setup.authority, "evil.example", "GET", &setup.path, "");
    assert!(elsewhere.starts_with("HTTP/1.1 421"), "{elsewhere}");
    let back = setup.press();
    let (_, state) = back.split_once("state=").unwrap();
    for wrong in
        ["/made?code=stolen&state=guess", "/made?code=stolen", &format!("/made?state={state}"), "/made"]
    {
        assert!(setup.get(wrong).starts_with("HTTP/1.1 400"), "{wrong}");
    }
    assert!(setup.get(&back).starts_with("HTTP/1.1 200"));
    assert_eq!(setup.end().code, 0);
}

#[test]
fn a_setup_that_comes_to_nothing_says_why_and_writes_nothing() {
    let github = TestServer::start().expect("loopback ports are free");
    let world = world(&github);
    let late = world.run(&[&ARGUMENTS[..], &["--no-open", "--wait", "1"]].concat());
    assert_eq!(late.code, 1);
    assert!(late.stderr.contains("did not send your browser back within 1 s"), "{}", late.stderr);
    // A code that GitHub does not know.
    let setup = Setup::start(world.command(&[&ARGUMENTS[..], &["--no-open"]].concat()));
    let back = setup.press();
    let (_, state) = back.split_once("state=").unwrap();
    setup.get(&format!("/made?code=used&state={state}"));
    let ran = setup.end();
    assert_eq!((ran.code, ran.stderr.contains("github_app_not_made")), (1, true), "{}", ran.stderr);
    let plain = world.run(&["github", "setup", "--url", "http://doctown.example", "--no-open"]);
    assert_eq!((plain.code, plain.stderr.contains("url_invalid")), (2, true));
    let nowhere = [&ARGUMENTS[..], &["--no-open", "-o", "missing/doctown.env"]].concat();
    assert_eq!(world.run(&nowhere).code, 2);
    assert!(!world.path("doctown.env").exists() && !world.path("doctown.github-app.pem").exists());
    assert!(github.requests().iter().all(|it| !it.path.contains("/access_tokens")));
}
