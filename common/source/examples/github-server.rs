//! The tests' GitHub as a process: prints its addresses as one line of JSON, and runs until its standard input ends.
//!
//! `github-server LOGIN` signs somebody of this name in to it; it serves the small repository `acme/greetings`.

use std::io::{Read, Write};

use doctown_source::testserver::{CLIENT_ID, CLIENT_SECRET, Repository, TestServer};

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
const FILES: [(&str, &[u8]); 2] = [
    ("README.md", b"# Greetings\n\nSays hello.\n"),
    (
        "greet.py",
        b"def greet(person):\n    \"\"\"Says hello to a person.\"\"\"\n    return 'Hello, ' + name_of(person)\n\n\ndef name_of(person):\n    \"\"\"Joins first and last name.\"\"\"\n    return person.first + ' ' + person.last\n",
    ),
];

fn main() -> std::io::Result<()> {
    let login = std::env::args().nth(1).unwrap_or_else(|| "ada".to_owned());
    let server = TestServer::start()?;
    server.sign_in(7, &login);
    let repository = Repository::empty("acme/greetings");
    server.add(repository.commit(SHA, "2024-05-01T12:00:00Z", &["main"], &FILES));
    let config = server.config();
    let told = serde_json::json!({
        "web_url": server.app(String::new()).web_url,
        "api_url": config.github_api_url,
        "download_hosts": config.github_download_hosts,
        "insecure_authorities": config.insecure_authorities,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    });
    writeln!(std::io::stdout(), "{told}")?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
