//! The tests' GitHub as a process: prints its addresses as one line of JSON, and runs until its standard input ends.
//!
//! `github-server LOGIN` signs somebody of this name in to it. It serves two small repositories, both theirs:
//! `acme/greetings`, and `acme/secret`, which is private.
//!
//! A line of JSON on standard input asks for something to happen there, and is answered with a line:
//!
//! - `{"do": "install", "webhook": URL, "secret": TEXT, "repositories": [NAME, …]}` installs the App on these and tells
//!   the webhook; a repository that is not there is made, without commits.
//! - `{"do": "push"}` commits to `acme/greetings` and tells the webhook; the answer has the commit.
//! - `{"do": "push", "repository": NAME, "commit": SHA, "folder": PATH, "files": [PATH, …]}` commits these files of a
//!   folder to another repository, and tells the webhook.
//! - `{"do": "checks", "commit": SHA}` lists the check runs of a commit.
//! - `{"do": "requests"}` counts the requests that were neither reading nor about check runs and tokens.

use std::io::{BufRead, Error, Write};
use std::path::Path;

use doctown_source::testserver::{
    APP_KEY, CLIENT_ID, CLIENT_SECRET, Repository, Request, TestInstallation, TestServer,
};
use ring::hmac;
use serde_json::{Value, json};

/// Number of the person who signs in.
const PERSON: u64 = 7;
const DATE: &str = "2024-05-01T12:00:00Z";
const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
const INSTALLATION: u64 = 77;
const SECRET_SHA: &str = "89abcdef0123456789abcdef0123456789abcdef";
const FILES: [(&str, &[u8]); 2] = [
    ("README.md", b"# Greetings\n\nSays hello.\n"),
    (
        "greet.py",
        b"def greet(person):\n    \"\"\"Says hello to a person.\"\"\"\n    return 'Hello, ' + name_of(person)\n\n\ndef name_of(person):\n    \"\"\"Joins first and last name.\"\"\"\n    return person.first + ' ' + person.last\n",
    ),
];
const SECRET_FILES: [(&str, &[u8]); 2] = [
    ("README.md", b"# Secret\n\nKeeps what nobody else may read.\n"),
    (
        "vault.py",
        b"def unlock(vault, code):\n    \"\"\"Opens a vault whose code is known.\"\"\"\n    return vault.door if is_right(vault, code) else None\n\n\ndef is_right(vault, code):\n    \"\"\"Compares a code with the vault's own.\"\"\"\n    return vault.code == code\n",
    ),
];

fn main() -> std::io::Result<()> {
    let login = std::env::args().nth(1).unwrap_or_else(|| "ada".to_owned());
    let server = TestServer::start()?;
    server.sign_in(PERSON, &login);
    let greetings = Repository { owner_id: PERSON, ..Repository::empty("acme/greetings") };
    server.add(greetings.commit(SHA, DATE, &["main"], &FILES));
    let secret = Repository {
        owner_id: PERSON,
        private: true,
        readers: [login.clone()].into(),
        ..Repository::empty("acme/secret")
    };
    server.add(secret.commit(SECRET_SHA, DATE, &["main"], &SECRET_FILES));
    let config = server.config();
    let told = serde_json::json!({
        "web_url": server.app(String::new()).web_url,
        "api_url": config.github_api_url,
        "download_hosts": config.github_download_hosts,
        "insecure_authorities": config.insecure_authorities,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "app_key": APP_KEY,
    });
    writeln!(std::io::stdout(), "{told}")?;
    let mut hook = Hook::default();
    for line in std::io::stdin().lock().lines() {
        let answer = act(&server, &mut hook, &login, &serde_json::from_str(&line?)?)?;
        writeln!(std::io::stdout(), "{answer}")?;
    }
    Ok(())
}

/// Where deliveries are posted, and what they are signed with.
#[derive(Default)]
struct Hook {
    url: String,
    secret: String,
    n_delivered: usize,
}

impl Hook {
    fn deliver(&mut self, event: &str, body: &Value) -> Result<u16, Error> {
        let body = body.to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.secret.as_bytes());
        let digest = hmac::sign(&key, body.as_bytes());
        let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        self.n_delivered += 1;
        let sending = reqwest::blocking::Client::new()
            .post(&self.url)
            .header("content-type", "application/json")
            .header("x-github-event", event)
            .header("x-github-delivery", format!("{event}-{}", self.n_delivered))
            .header("x-hub-signature-256", format!("sha256={hex}"))
            .body(body);
        Ok(sending.send().map_err(Error::other)?.status().as_u16())
    }
}

fn act(server: &TestServer, hook: &mut Hook, login: &str, asked: &Value) -> Result<Value, Error> {
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let list = |name: &str| -> Vec<String> {
        let items = asked[name].as_array().into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    match text("do").as_str() {
        "install" => {
            let repositories = list("repositories").iter().map(|name| repository(server, name).id).collect();
            server.install(TestInstallation {
                id: INSTALLATION,
                account_id: PERSON,
                account_login: login.to_owned(),
                repositories,
                may_write_checks: true,
                ..TestInstallation::default()
            });
            (hook.url, hook.secret) = (text("webhook"), text("secret"));
            let event = json!({
                "action": "created", "installation": {"id": INSTALLATION}, "sender": {"id": PERSON},
            });
            Ok(json!({"status": hook.deliver("installation", &event)?}))
        }
        "push" => {
            let (pushed, commit) = match text("repository").as_str() {
                "" => one_more_function(repository(server, "acme/greetings")),
                name => {
                    let read = |path: String| {
                        std::fs::read(Path::new(&text("folder")).join(&path)).map(|bytes| (path, bytes))
                    };
                    let files = list("files").into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
                    let files: Vec<(&str, &[u8])> =
                        files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
                    let commit = text("commit");
                    (repository(server, name).commit(&commit, DATE, &["main"], &files), commit)
                }
            };
            let event = json!({
                "ref": "refs/heads/main",
                "after": commit,
                "repository": {"id": pushed.id, "full_name": pushed.full_name, "default_branch": "main"},
                "installation": {"id": INSTALLATION},
                "sender": {"id": PERSON},
            });
            server.add(pushed);
            Ok(json!({"status": hook.deliver("push", &event)?, "commit": commit}))
        }
        "checks" => {
            let commit = text("commit");
            let of_commit = server.checks().into_iter().filter(|check| check.commit == commit);
            Ok(json!({"checks": of_commit.map(|check| check.body).collect::<Vec<_>>()}))
        }
        "requests" => {
            let is_allowed = |request: &Request| {
                let ends = ["/access_tokens", "/check-runs"].iter().any(|end| request.path.ends_with(end));
                request.method == "GET"
                    || ends
                    || request.path.contains("/check-runs/")
                    || request.path.contains("/login/")
            };
            let other = server.requests().into_iter().filter(|request| !is_allowed(request));
            Ok(json!({"other": other.map(|it| format!("{} {}", it.method, it.path)).collect::<Vec<_>>()}))
        }
        other => Err(Error::other(format!("`{other}` is nothing that can be done here"))),
    }
}

/// Finds a repository, or makes it without commits.
fn repository(server: &TestServer, name: &str) -> Repository {
    server.repository(name).unwrap_or_else(|| {
        let made = Repository { owner_id: PERSON, ..Repository::empty(name) };
        server.add(made.clone());
        made
    })
}

fn one_more_function(greetings: Repository) -> (Repository, String) {
    let n = greetings.commits.len();
    let commit = format!("{n:040x}");
    let more = format!(
        "def greet_{n}(people):\n    \"\"\"Greets everybody.\"\"\"\n    return [greet(it) for it in people]\n"
    );
    let more: [(&str, &[u8]); 1] = [("more.py", more.as_bytes())];
    let files: Vec<_> = FILES.iter().chain(&more).copied().collect();
    (greetings.commit(&commit, DATE, &["main"], &files), commit)
}
