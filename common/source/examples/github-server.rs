//! The tests' GitHub as a process: prints its addresses as one line of JSON, and runs until its standard input ends.
//!
//! `github-server LOGIN` signs somebody of this name in to it. It serves two small repositories, both theirs:
//! `acme/greetings`, and `acme/secret`, which is private. The App is installed on both, may write check runs, and may
//! not yet read pull requests.

use std::io::{Read, Write};

use doctown_source::testserver::{
    APP_KEY, CLIENT_ID, CLIENT_SECRET, Repository, TestInstallation, TestServer, WEBHOOK_SECRET,
};

/// Number of the person who signs in.
const PERSON: u64 = 7;
const DATE: &str = "2024-05-01T12:00:00Z";
const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
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
        readers: [login].into(),
        ..Repository::empty("acme/secret")
    };
    server.add(secret.commit(SECRET_SHA, DATE, &["main"], &SECRET_FILES));
    let repositories = ["acme/greetings", "acme/secret"];
    server.install(TestInstallation {
        id: 77,
        account_id: PERSON,
        account_login: "acme".to_owned(),
        repositories: repositories
            .iter()
            .filter_map(|name| server.repository(name))
            .map(|it| it.id)
            .collect(),
        may_write_checks: true,
        may_write_pulls: false,
        is_suspended: false,
    });
    let config = server.config();
    let told = serde_json::json!({
        "web_url": server.app(String::new()).web_url,
        "api_url": config.github_api_url,
        "download_hosts": config.github_download_hosts,
        "insecure_authorities": config.insecure_authorities,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        // On one line, as a settings file has it.
        "app_key": APP_KEY.trim().replace('\n', "\\n"),
        "webhook_secret": WEBHOOK_SECRET,
    });
    writeln!(std::io::stdout(), "{told}")?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
