//! A Doctown on another machine: signing in to it, and the jobs and docpacks of an account there.
//!
//! Which server a command uses: `--server`, else DOCTOWN_SERVER, else the one that was signed in to last. Commands
//! that also work on a store of this machine or a bucket use that instead if DOCTOWN_STORE is set and no server was
//! named, or if nobody is signed in.

mod address;
mod client;
mod credentials;
mod jobs;
mod login;
mod packs;

use runtime::config::Config;
use url::Url;

use crate::failure::{Exit, Failure};

pub(crate) use address::ServerUrl;
pub(crate) use client::Client;
pub(crate) use credentials::{Credentials, Key};
pub(crate) use jobs::{approve, cancel, events, retry, status, submit};
pub(crate) use login::{login, logout, whoami};
pub(crate) use packs::{fetched, library, pull, read_from};

/// Finds the server that a command uses; `None` if none was named and nobody is signed in.
fn chosen_server(
    given: Option<&str>,
    config: &Config,
    credentials: &Credentials,
) -> Result<Option<ServerUrl>, Failure> {
    match given.or(config.hosted.server.as_deref()) {
        Some(text) => ServerUrl::parse(text).map(Some),
        None => credentials.last_server().map(ServerUrl::parse).transpose(),
    }
}

/// Finds the key for a server: DOCTOWN_API_KEY, unless DOCTOWN_SERVER says that it is for another one; else the one
/// that was kept when somebody signed in.
fn chosen_key(
    server: &ServerUrl,
    config: &Config,
    credentials: &Credentials,
) -> Result<Option<Key>, Failure> {
    let is_for_this = match &config.hosted.server {
        Some(named) => ServerUrl::parse(named)? == *server,
        None => true,
    };
    match &config.hosted.api_key {
        Some(key) if is_for_this => Key::parse(key.expose()).map(Some),
        _ => Ok(credentials.of(server).map(|entry| entry.key.clone())),
    }
}

/// Connects to the server that a command uses; fails if there is none.
pub(crate) fn client(given: Option<&str>, config: &Config) -> Result<Client, Failure> {
    let credentials = Credentials::read(&config.home)?;
    let server = chosen_server(given, config, &credentials)?.ok_or_else(no_server)?;
    let key = chosen_key(&server, config, &credentials)?;
    Client::new(server, key, config)
}

/// Connects to the server of an address, with a key if there is one for it.
fn client_of(address: &Url, config: &Config) -> Result<Client, Failure> {
    let server = ServerUrl::parse(&address.origin().ascii_serialization())?;
    let credentials = Credentials::read(&config.home)?;
    let chosen = chosen_server(None, config, &credentials)?;
    let key = match chosen.is_some_and(|chosen| chosen == server) {
        true => chosen_key(&server, config, &credentials)?,
        false => credentials.of(&server).map(|entry| entry.key.clone()),
    };
    Client::new(server, key, config)
}

/// Connects to the server of a command that also works without one; `None` leaves it to the store.
pub(crate) fn client_or_store(given: Option<&str>, config: &Config) -> Result<Option<Client>, Failure> {
    let is_named = given.is_some() || config.hosted.server.is_some();
    if !is_named && (config.store_is_set || Credentials::read(&config.home)?.last_server().is_none()) {
        return Ok(None);
    }
    client(given, config).map(Some)
}

fn no_server() -> Failure {
    Failure::new(
        Exit::Usage,
        "server_missing",
        "no hosted Doctown is named, and you are not signed in to one",
    )
    .with_help(
        "sign in with `doctown login --server https://HOST`, or name one with `--server` or DOCTOWN_SERVER",
    )
}
