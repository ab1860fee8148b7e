//! The keys that this user signed in with, one for each server, in a file that only this user can read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::path::Path;

use pipeline::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::{Exit, Failure};
use crate::hosted::ServerUrl;
use crate::target;

const SCHEMA: &str = "doctown.credentials/1";
const FILE: &str = "credentials.json";
const LOCK: &str = "credentials.lock";
/// A key has 56 characters; anything much longer is no key.
const MAX_KEY_BYTES: usize = 256;

/// An API key; prints as `Key(hidden)`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Key(String);

impl Key {
    /// Reads a key as somebody pasted it; whether it is valid, only its server knows.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        let is_one_word = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > MAX_KEY_BYTES || !is_one_word {
            return Err(Failure::new(Exit::Usage, "key_malformed", "this is not an API key")
                .with_help("keys begin with `dtk_`; make one at `/account` on the server's website"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the text, for the one header that needs it.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the beginning of the key, which names it in lists and is no secret.
    pub(crate) fn prefix(&self) -> &str {
        const N_PREFIX_BYTES: usize = 12;
        if self.0.starts_with("dtk_") { self.0.get(..N_PREFIX_BYTES).unwrap_or("dtk_…") } else { "the key" }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// How somebody is signed in to a server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    /// Null until the server has said it.
    pub(crate) login: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    schema: String,
    /// The server that was signed in to last.
    last_server: Option<String>,
    servers: BTreeMap<String, Entry>,
}

/// The file as it was read.
#[derive(Debug)]
pub(crate) struct Credentials {
    content: Content,
}

impl Credentials {
    /// Reads the file; without one, nobody is signed in anywhere.
    pub(crate) fn read(home: &Path) -> Result<Self, Failure> {
        let path = home.join(FILE);
        let content = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .ok()
                .filter(|content: &Content| content.schema == SCHEMA)
                .ok_or_else(|| damaged(&path))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Content { schema: SCHEMA.to_owned(), last_server: None, servers: BTreeMap::new() }
            }
            Err(error) => return Err(unusable("read", &path, &error)),
        };
        Ok(Self { content })
    }

    pub(crate) fn last_server(&self) -> Option<&str> {
        self.content.last_server.as_deref()
    }

    pub(crate) fn of(&self, server: &ServerUrl) -> Option<&Entry> {
        self.content.servers.get(&server.to_string())
    }

    /// Keeps how somebody signed in to a server, and makes it the one that commands use.
    pub(crate) fn keep(home: &Path, server: &ServerUrl, entry: Entry) -> Result<(), Failure> {
        Self::change(home, |content| {
            content.last_server = Some(server.to_string());
            content.servers.insert(server.to_string(), entry);
        })
    }

    /// Forgets a server; if one other is left, commands use that one.
    pub(crate) fn forget(home: &Path, server: &ServerUrl) -> Result<(), Failure> {
        let name = server.to_string();
        Self::change(home, |content| {
            content.servers.remove(&name);
            if content.last_server.as_ref() == Some(&name) {
                let mut left = content.servers.keys();
                content.last_server = left.next().filter(|_| left.next().is_none()).cloned();
            }
        })
    }

    /// Changes the file as it is now, while other processes that want to change it wait.
    fn change(home: &Path, change: impl FnOnce(&mut Content)) -> Result<(), Failure> {
        let lock_path = home.join(LOCK);
        fs::create_dir_all(home).map_err(|error| unusable("write", home, &error))?;
        let lock = File::create(&lock_path).and_then(|file| file.lock().map(|()| file));
        let _lock = lock.map_err(|error| unusable("lock", &lock_path, &error))?;
        let (path, mut content) = (home.join(FILE), Self::read(home)?.content);
        change(&mut content);
        let text = serde_json::to_string_pretty(&content).expect("it is plain data") + "\n";
        target::write_private(&path, text.as_bytes()).map_err(|error| unusable("write", &path, &error))
    }
}

fn damaged(path: &Path) -> Failure {
    let message = format!("`{}` is damaged, or of a later version of doctown", path.display());
    Failure::new(Exit::Failed, "credentials_damaged", message)
        .with_help("remove the file and sign in again with `doctown login`")
}

fn unusable(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(Exit::Failed, "credentials_unusable", format!("cannot {what} `{}`: {error}", path.display()))
        .with_help("check its permissions, or set DOCTOWN_HOME to a folder that may be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> Entry {
        Entry { key: Key::parse(key).expect("it is one word"), login: None, expires_at: None }
    }

    #[test]
    fn keys_are_kept_by_server_in_a_file_of_its_owner_alone() {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let home = home.path().join("new");
        let server = |text| ServerUrl::parse(text).expect("it is an address");
        let (a, b, c) =
            (server("https://a.example"), server("https://b.example"), server("https://c.example"));
        for server in [&a, &b, &c] {
            Credentials::keep(&home, server, entry("dtk_12345678_secret")).expect("it is written");
        }
        let read = || Credentials::read(&home).expect("it is whole");
        assert_eq!(read().last_server(), Some("https://c.example"));
        assert_eq!(read().of(&a).map(|entry| entry.key.prefix()), Some("dtk_12345678"));
        assert!(!format!("{:?}", read()).contains("secret"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(home.join(FILE)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        Credentials::forget(&home, &c).expect("it is written");
        assert_eq!(read().last_server(), None, "two are left, and neither is meant");
        Credentials::keep(&home, &b, entry("dtk_new")).expect("it is written");
        Credentials::forget(&home, &b).expect("it is written");
        assert_eq!(read().last_server(), Some("https://a.example"));
        fs::write(home.join(FILE), "{").expect("it is written");
        assert_eq!(Credentials::read(&home).expect_err("it is damaged").code, "credentials_damaged");
    }

    #[test]
    fn processes_that_sign_in_at_once_lose_nothing() {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        std::thread::scope(|scope| {
            for n in 0..20 {
                let home = home.path();
                scope.spawn(move || {
                    let server =
                        ServerUrl::parse(&format!("https://s{n}.example")).expect("it is an address");
                    // One process writes one part file; threads of a test share it, and the lock keeps them apart.
                    Credentials::keep(home, &server, entry("dtk_x")).expect("it is written");
                });
            }
        });
        let credentials = Credentials::read(home.path()).expect("it is whole");
        assert_eq!(credentials.content.servers.len(), 20);
    }

    #[test]
    fn what_is_no_key_is_refused_without_repeating_it() {
        for text in ["", "  ", "two words", "dtk_\u{e4}", &"x".repeat(257)] {
            let failure = Key::parse(text).expect_err("it is refused");
            assert_eq!((failure.code.as_str(), failure.exit), ("key_malformed", Exit::Usage));
        }
        assert_eq!(Key::parse(" dtk_1\n").expect("it is trimmed").expose(), "dtk_1");
    }
}
