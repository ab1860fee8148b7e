//! `doctown github setup`: makes the GitHub App of a server, and writes its settings to a file.
//!
//! A page on this machine posts a manifest to GitHub, GitHub sends the browser back with a code, and the code is given
//! in for the App's secrets. They go into files that only the operator can read, and are never printed.

mod loopback;
mod settings_file;

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clap::{Args, Subcommand};
use github::{ConvertError, CreatedApp, MAX_NAME_CHARS, Manifest, convert};
use runtime::config::Config;
use serde_json::json;
use source::failure::FailureClass;
use url::Url;

use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::github_app::loopback::Page;
use crate::github_app::settings_file::{has, with_values};
use crate::output::{self, data, talk};
use crate::reading::block_on;
use crate::{desktop, setting, target};

/// An App of a manifest has its code for an hour.
const MAX_WAIT_SECONDS: u64 = 3_600;

#[derive(Debug, Subcommand)]
pub(crate) enum GithubAction {
    /// Make the App at GitHub and write its settings to a file, which the server then reads as its environment.
    Setup(GithubSetupArgs),
}

#[derive(Debug, Args)]
pub(crate) struct GithubSetupArgs {
    /// Address at which people will reach the server, such as `https://doctown.example`.
    #[arg(long, value_name = "URL")]
    url: String,
    /// Organisation that is to own the App [default: the account that you are signed in to at GitHub].
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// Name of the App, which nobody else at GitHub has [default: `Doctown` and the host of the server].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// File to write settings to, only for you to read; other settings in it stay as they are.
    #[arg(long, short, value_name = "FILE", default_value = "doctown.env")]
    output: PathBuf,
    /// Replace the settings of the App that the file has.
    #[arg(long)]
    replace: bool,
    /// Port of the page on this machine; 0 takes any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Seconds to wait for GitHub to send your browser back, at most 3600.
    #[arg(long, value_name = "SECONDS", default_value_t = 900, value_parser = clap::value_parser!(u64).range(1..=MAX_WAIT_SECONDS))]
    wait: u64,
    /// Print the address of the page instead of opening it.
    #[arg(long)]
    no_open: bool,
}

pub(crate) fn run(action: &GithubAction, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let GithubAction::Setup(args) = action;
    setup(args, config, cli)
}

fn setup(args: &GithubSetupArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let server = public_url(&args.url)?;
    let name = app_name(args.name.as_deref(), &server)?;
    let web_url = Url::parse(&config.api.github_web_url)
        .map_err(|error| usage("setting_invalid", format!("DOCTOWN_GITHUB_WEB_URL is not a URL: {error}")))?;
    let files = Files::check(&args.output, args.replace)?;
    let source = setting::source_config(&config.source)?;
    let (state, path) = (random()?, random()?);
    let public_url = server.as_str().trim_end_matches('/').to_owned();
    let post_to = Manifest::post_to(&web_url, args.org.as_deref(), &state).ok_or_else(|| {
        usage("setting_invalid", "DOCTOWN_GITHUB_WEB_URL cannot be a base address".to_owned())
    })?;
    let wait = Duration::from_secs(args.wait);
    let code = block_on(async {
        let page = Page::listen(args.port, state, path).await?;
        let manifest = Manifest {
            name: name.clone(),
            public_url: public_url.clone(),
            callback_path: trigger::CALLBACK_PATH,
            webhook_path: trigger::WEBHOOK_PATH,
            redirect_url: page.redirect_url(),
        };
        let url = page.url();
        talk(&format!("open this page in a browser on this machine, within {} s:\n  {url}", args.wait));
        if !args.no_open && runtime::config::has_desktop() {
            desktop::open(&url);
        }
        page.code(&post_to, &manifest, wait).await
    })?;
    let app = convert(&source, &code).map_err(|error| not_converted(&error))?;
    files.write(&app, &public_url).map_err(|failure| {
        let page = &app.html_url;
        failure.with_help(format!(
            "the App was made ({page}), but its secrets are lost: delete it there and try again"
        ))
    })?;
    tell(&app, &files, &public_url, cli);
    Ok(())
}

/// Says what was made, and what is left to do.
fn tell(app: &CreatedApp, files: &Files, public_url: &str, cli: &Cli) {
    let install = format!("{}/installations/new", app.html_url);
    if cli.json {
        return output::json(
            "github setup",
            &json!({
                "app_id": app.id,
                "client_id": app.client_id,
                "app_url": app.html_url,
                "install_url": install,
                "settings_file": files.settings,
                "key_file": files.key,
            }),
        );
    }
    let (settings, key) = (files.settings.display(), files.key.display());
    data(&format!(
        "The App {} is made: {}\n\
         Its settings are in {settings}, and its private key is in {key}.\n\n\
         What is left to do:\n\
         1. Start every process of the server with these settings, for example `docker run --env-file {settings} …`,\n   \
         or `EnvironmentFile={settings}` in a systemd unit. The server's user must be able to read both files.\n\
         2. Put TLS in front of it, so that people and GitHub reach it at {public_url}.\n\
         3. Install the App on repositories: {install}\n\
         4. Keep a copy of DOCTOWN_SECRET_KEYS apart from backups of the database: it opens people's tokens.",
        app.slug, app.html_url
    ));
}

fn usage(code: &str, message: String) -> Failure {
    Failure::new(Exit::Usage, code, message)
}

/// Reads the address of the server: an origin, with TLS unless it is this machine.
fn public_url(text: &str) -> Result<Url, Failure> {
    let refused = |what: &str| {
        usage("url_invalid", format!("`{text}` {what}"))
            .with_help("write it as `--url https://doctown.example`")
    };
    let url = Url::parse(text).map_err(|_| refused("is not an address"))?;
    let is_own_machine = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_own_machine) {
        return Err(refused("does not begin with `https://`: people sign in there"));
    }
    let is_origin = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !is_origin || !url.username().is_empty() || url.password().is_some() {
        return Err(refused("has more than a host and a port"));
    }
    Ok(url)
}

/// Chooses the name of the App, which GitHub limits.
fn app_name(named: Option<&str>, server: &Url) -> Result<String, Failure> {
    let Some(name) = named else {
        let name = format!("Doctown {}", server.host_str().unwrap_or_default());
        return Ok(name
            .chars()
            .take(MAX_NAME_CHARS)
            .collect::<String>()
            .trim_end_matches(['.', '-'])
            .to_owned());
    };
    match (1..=MAX_NAME_CHARS).contains(&name.trim().chars().count()) {
        true => Ok(name.trim().to_owned()),
        false => Err(usage("name_invalid", format!("a name has 1 to {MAX_NAME_CHARS} characters"))
            .with_help("shorten it: `--name NAME`")),
    }
}

/// Makes 32 random bytes, as text that an address can hold.
fn random() -> Result<String, Failure> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes()?))
}

fn random_bytes() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(Exit::Failed, "no_randomness", error.to_string()))?;
    Ok(bytes)
}

fn not_converted(error: &ConvertError) -> Failure {
    let exit = match error {
        ConvertError::Source(error) if error.class() == FailureClass::Upstream => Exit::UpstreamDown,
        _ => Exit::Failed,
    };
    Failure::new(exit, "github_app_not_made", error.to_string()).with_help(
        "the App may exist by now: delete it in the settings of GitHub (Developer settings, GitHub Apps) and try again",
    )
}

/// The two files that are written, both only for their owner to read.
struct Files {
    settings: PathBuf,
    key: PathBuf,
    /// What the settings file had before.
    before: String,
}

impl Files {
    /// Finds out that both can be written before anything is made at GitHub: its secrets are told once.
    fn check(settings: &Path, replace: bool) -> Result<Self, Failure> {
        target::check(settings, None, "")?;
        let unusable = |error: &std::io::Error| {
            let message = format!("cannot write `{}`: {error}", settings.display());
            Failure::new(Exit::Failed, "output_unusable", message)
                .with_help("name a file in a folder that you may write to with `-o FILE`")
        };
        let folder =
            settings.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| unusable(&error))?;
        let name = settings.file_name().unwrap_or_default();
        // A link keeps its place, and the file that it leads to is written.
        let path = folder.join(name);
        let path = path.canonicalize().unwrap_or(path);
        let before = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unusable(&error)),
        };
        let key = path.with_extension("github-app.pem");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "/\\:._-+@~".contains(c);
        if !key.to_str().is_some_and(|text| text.chars().all(is_plain)) {
            let message = format!("`{}` has characters that a settings file cannot hold", key.display());
            return Err(
                usage("output_unusable", message).with_help("choose a path without spaces and quotes")
            );
        }
        if !replace && (has(&before, "DOCTOWN_GITHUB_CLIENT_ID") || key.exists()) {
            let message = format!("`{}` has the settings of a GitHub App already", path.display());
            return Err(usage("github_app_exists", message)
                .with_help("add `--replace` to use a new App, or name another file with `-o FILE`"));
        }
        for file in [&path, &key] {
            let probe = PathBuf::from(format!("{}.probe", file.display()));
            target::write_private(&probe, b"")
                .and_then(|()| std::fs::remove_file(&probe))
                .map_err(|error| unusable(&error))?;
        }
        Ok(Self { settings: path, key, before })
    }

    fn write(&self, app: &CreatedApp, public_url: &str) -> Result<(), Failure> {
        let key_path = self.key.to_string_lossy();
        let mut values = vec![
            ("DOCTOWN_ACCOUNTS", "github"),
            ("DOCTOWN_PUBLIC_URL", public_url),
            ("DOCTOWN_GITHUB_CLIENT_ID", &app.client_id),
            ("DOCTOWN_GITHUB_CLIENT_SECRET", &app.client_secret),
            ("DOCTOWN_GITHUB_APP_KEY", &key_path),
            ("DOCTOWN_GITHUB_WEBHOOK_SECRETS", &app.webhook_secret),
        ];
        // A key that seals people's tokens is never replaced: what it sealed could not be opened any more.
        let seal = format!("1:{}", STANDARD.encode(random_bytes()?));
        if !has(&self.before, "DOCTOWN_SECRET_KEYS") {
            values.push(("DOCTOWN_SECRET_KEYS", &seal));
        }
        let about = format!("GitHub App {}, number {}: {}", app.slug, app.id, app.html_url);
        let text = with_values(&self.before, &about, &values);
        target::write_private(&self.key, app.pem.as_bytes())
            .map_err(|error| target::unwritable(&self.key, &error))?;
        target::write_private(&self.settings, text.as_bytes())
            .map_err(|error| target::unwritable(&self.settings, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_an_origin_with_tls_or_on_this_machine() {
        for fine in [
            "https://doctown.example",
            "https://doctown.example:8443/",
            "http://localhost:8080",
            "http://127.0.0.1",
        ] {
            assert!(public_url(fine).is_ok(), "{fine}");
        }
        for refused in [
            "doctown.example",
            "http://doctown.example",
            "ftp://doctown.example",
            "https://doctown.example/a",
            "https://doctown.example/?a=b",
            "https://ada:pw@doctown.example",
            "http://localhost.example",
        ] {
            assert_eq!(public_url(refused).unwrap_err().code, "url_invalid", "{refused}");
        }
    }

    #[test]
    fn the_name_of_an_app_fits_what_github_takes() {
        let name = |named, url: &str| app_name(named, &Url::parse(url).unwrap()).map_err(|it| it.code);
        assert_eq!(name(None, "https://doctown.example").unwrap(), "Doctown doctown.example");
        assert_eq!(
            name(None, "https://doctown.internal.a.example.com").unwrap(),
            "Doctown doctown.internal.a.example"
        );
        assert_eq!(name(Some(" Ours "), "https://a.example").unwrap(), "Ours");
        assert_eq!(name(Some(""), "https://a.example").unwrap_err(), "name_invalid");
        assert_eq!(name(Some(&"a".repeat(35)), "https://a.example").unwrap_err(), "name_invalid");
    }
}
