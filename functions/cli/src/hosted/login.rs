//! `doctown login`, `logout` and `whoami`.

use std::io::{BufRead, IsTerminal};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pipeline::{Clock, Timestamp};
use runtime::SystemClock;
use runtime::config::Config;
use serde_json::{Value, json};
use trigger::wire::{ApiKeySummary, DeviceCodes, MadeKey, Me};

use crate::args::{Cli, LoginArgs};
use crate::desktop;
use crate::failure::{Exit, Failure};
use crate::hosted::client::AskError;
use crate::hosted::credentials::Entry;
use crate::hosted::{self, Client, Credentials, Key, ServerUrl};
use crate::output::{self, data, talk};

/// What commands of this program need: nothing here changes who may read a docpack.
const SCOPES: [&str; 3] = ["jobs:read", "jobs:write", "packs:read"];
const MAX_NAME_CHARS: usize = 100;
/// A server that says something else is wrong, or not one of ours.
const MIN_INTERVAL: Duration = Duration::from_secs(1);
const MAX_INTERVAL: Duration = Duration::from_secs(60);
/// RFC 8628: a program that polls too fast waits so much longer from then on.
const SLOWER: Duration = Duration::from_secs(5);
/// No code lives longer than its 15 minutes, whatever the server says.
const MAX_WAIT: Duration = Duration::from_secs(20 * 60);

/// Signs in to a server: by a code that is approved in a browser, or with a key from stdin.
pub(crate) fn login(args: &LoginArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let credentials = Credentials::read(&config.home)?;
    let server =
        hosted::chosen_server(args.hosted.server.as_deref(), config, &credentials)?.ok_or_else(no_server)?;
    let before = credentials.of(&server).map(|entry| entry.key.clone());
    let client = Client::new(server, None, config)?;
    let key = match args.with_key {
        true => read_key()?,
        false => approved_key(&client, args, config)?,
    };
    let client = client.with_key(key.clone());
    let signed_in = SignedIn::ask(&client)?;
    Credentials::keep(&config.home, client.server(), signed_in.entry(&key))?;
    if let Some(before) = before.filter(|before| *before != key) {
        // Nobody uses it any more, and a plan has few keys.
        if client.with_key(before.clone()).delete(&["me", "keys", "this"]).is_err() && cli.quiet == 0 {
            let page = client.server().page(&["account"]);
            talk(&format!("the earlier key {} may still work; you can revoke it at {page}", before.prefix()));
        }
    }
    if config.hosted.api_key.is_some() && cli.quiet == 0 {
        talk("DOCTOWN_API_KEY is set, and commands use it instead of this sign-in");
    }
    match cli.json {
        true => output::json("login", &signed_in.to_json(client.server())),
        false => data(&format!(
            "signed in to {} as {}, until {}",
            client.server(),
            signed_in.me.login,
            signed_in.key.expires_at.map_or("you sign out".to_owned(), day)
        )),
    }
    Ok(())
}

fn no_server() -> Failure {
    Failure::new(Exit::Usage, "server_missing", "there is no server to sign in to")
        .with_help("name it: `doctown login --server https://HOST`, or set DOCTOWN_SERVER")
}

/// Reads a key that somebody pipes in or pastes.
fn read_key() -> Result<Key, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        talk("paste the key and press Enter:");
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).map_err(|error| {
        Failure::new(Exit::Usage, "key_malformed", format!("cannot read the key from stdin: {error}"))
    })?;
    Key::parse(&line)
}

/// Has a key made by the device flow; returns it once it is kept.
fn approved_key(client: &Client, args: &LoginArgs, config: &Config) -> Result<Key, Failure> {
    let wanted = json!({"client_name": client_name(), "scopes": SCOPES});
    let codes: DeviceCodes =
        client.post(&["devices"], &wanted).map_err(|error| cannot_begin(client, error))?;
    // Without these lines nobody can sign in, so they are printed whatever is hidden.
    talk(&format!(
        "open this address in your browser:\n\n    {}\n\nand approve the code {} there; waiting…",
        codes.verification_url_complete, codes.user_code
    ));
    if !args.no_open
        && runtime::config::has_desktop()
        && is_page_of(&codes.verification_url_complete, client.server())
    {
        desktop::open(&codes.verification_url_complete);
    }
    let MadeKey { key, summary } = wait(client, &codes)?;
    let key = Key::parse(&key)?;
    // At once: whatever goes wrong from here on, the key is not lost.
    let entry = Entry { key: key.clone(), login: None, expires_at: summary.expires_at };
    Credentials::keep(&config.home, client.server(), entry)?;
    Ok(key)
}

/// Tells whether an address may be handed to the desktop, which opens more than web pages.
fn is_page_of(url: &str, server: &ServerUrl) -> bool {
    url.starts_with("https://") || (server.is_loopback() && url.starts_with("http://"))
}

fn cannot_begin(client: &Client, error: AskError) -> Failure {
    if error.code() == Some("not_found") {
        let message = format!("`{}` is of a version that signs in no programs", client.server());
        return Failure::new(Exit::Usage, "login_unsupported", message).with_help(format!(
            "make a key at {}, and run `doctown login --with-key`",
            client.server().page(&["account"])
        ));
    }
    client.failure(error)
}

/// Asks for the key until the user has decided, or the code has expired.
fn wait(client: &Client, codes: &DeviceCodes) -> Result<MadeKey, Failure> {
    let began = Instant::now();
    let mut interval = Duration::from_secs(codes.interval_seconds.into()).clamp(MIN_INTERVAL, MAX_INTERVAL);
    let body = json!({"device_code": codes.device_code});
    let mut is_told = false;
    while began.elapsed() < MAX_WAIT {
        std::thread::sleep(interval);
        let error = match client.post::<MadeKey>(&["devices", "token"], &body) {
            Ok(made) => return Ok(made),
            Err(error) => error,
        };
        match error.code() {
            Some("authorization_pending") => {}
            Some("slow_down") => interval = (interval + SLOWER).min(MAX_INTERVAL),
            Some("access_denied") => {
                return Err(Failure::new(
                    Exit::NotAuthorised,
                    "access_denied",
                    "the sign-in was denied in the browser",
                )
                .with_help("run the same command again if that was a mistake"));
            }
            Some("device_code_expired") => return Err(expired()),
            _ if error.is_transient() => {
                if !is_told {
                    talk(&format!("`{}` gives no answer; still trying", client.server()));
                }
                is_told = true;
            }
            _ => return Err(client.failure(error)),
        }
    }
    Err(expired())
}

fn expired() -> Failure {
    Failure::new(Exit::NotAuthorised, "device_code_expired", "nobody approved the code within 15 minutes")
        .with_help("run the same command again for a new code")
}

/// Names the key after this machine, so that its owner knows which one to revoke.
fn client_name() -> String {
    let of_kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let of_command = || {
        let ran = Command::new("hostname").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(ran.stdout).ok()
    };
    let host: String =
        of_kernel.or_else(of_command).unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let name = match host.trim() {
        "" => "doctown".to_owned(),
        host => format!("doctown on {host}"),
    };
    name.chars().take(MAX_NAME_CHARS).collect()
}

/// An account, and the key that it was asked with.
struct SignedIn {
    me: Me,
    key: ApiKeySummary,
}

impl SignedIn {
    fn ask(client: &Client) -> Result<Self, Failure> {
        let failed = |error| client.failure(error);
        Ok(Self {
            me: client.get(&["me"], &[]).map_err(failed)?,
            key: client.get(&["me", "keys", "this"], &[]).map_err(failed)?,
        })
    }

    fn entry(&self, key: &Key) -> Entry {
        Entry { key: key.clone(), login: Some(self.me.login.clone()), expires_at: self.key.expires_at }
    }

    fn to_json(&self, server: &ServerUrl) -> Value {
        json!({"server": server.to_string(), "account": self.me, "key": self.key})
    }
}

/// Shows whose account commands use, its plan, and what of it is used.
pub(crate) fn whoami(server: Option<&str>, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let client = hosted::client(server, config)?;
    if client.key().is_none() {
        return Err(not_signed_in(client.server()));
    }
    let signed_in = SignedIn::ask(&client)?;
    if cli.json {
        output::json("whoami", &signed_in.to_json(client.server()));
        return Ok(());
    }
    let SignedIn { me, key } = &signed_in;
    let (used, limit) = (me.usage.jobs, me.limits.jobs_per_month);
    data(&format!(
        "{} at {}\nplan  {}: {used} of {limit} jobs of this month used, starts again on {}\nkey   {} ({}), {}",
        me.login,
        client.server(),
        me.plan,
        day(me.usage.resets_at),
        key.prefix,
        key.name,
        key.expires_at.map_or("does not expire".to_owned(), |at| format!("expires on {}", expiry(at))),
    ));
    Ok(())
}

fn not_signed_in(server: &ServerUrl) -> Failure {
    Failure::new(Exit::NotAuthorised, "sign_in_required", format!("you are not signed in to `{server}`"))
        .with_help(format!("run `doctown login --server {server}`"))
}

/// Revokes the key of a server and forgets it; without the server, it is only forgotten.
pub(crate) fn logout(server: Option<&str>, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let credentials = Credentials::read(&config.home)?;
    let chosen = hosted::chosen_server(server, config, &credentials)?;
    let Some((server, entry)) = chosen.and_then(|server| Some((server.clone(), credentials.of(&server)?)))
    else {
        match cli.json {
            true => output::json("logout", &json!({"server": null, "revoked": false})),
            false => data("you were not signed in"),
        }
        return Ok(());
    };
    let client = Client::new(server.clone(), Some(entry.key.clone()), config)?;
    let revoked = match client.delete(&["me", "keys", "this"]) {
        Ok(()) => Ok(()),
        // It was revoked before, or has expired.
        Err(error) if error.code() == Some("invalid_credentials") => Ok(()),
        Err(error) => Err(client.failure(error)),
    };
    Credentials::forget(&config.home, &server)?;
    match (&revoked, cli.json) {
        (_, true) => {
            output::json("logout", &json!({"server": server.to_string(), "revoked": revoked.is_ok()}));
        }
        (Ok(()), false) => data(&format!("signed out of {server}; the key no longer works")),
        (Err(_), false) => data(&format!("forgot the key for {server}")),
    }
    if let Err(failure) = &revoked {
        let until = entry.expires_at.map_or("you revoke it".to_owned(), day);
        talk(&format!(
            "the key {} could not be revoked ({}) and works until {until}; you can revoke it at {}",
            entry.key.prefix(),
            failure.message,
            server.page(&["account"])
        ));
    }
    if config.hosted.api_key.is_some() && cli.quiet == 0 {
        talk("DOCTOWN_API_KEY is still set, and commands go on using it");
    }
    Ok(())
}

/// Writes a day in UTC, as the server counts them.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// Writes a day, and how far off it is.
fn expiry(at: Timestamp) -> String {
    let n_days = at.since(SystemClock.now()).as_secs() / 86_400;
    format!("{} (in {})", day(at), output::plural(n_days, "day", "days"))
}
