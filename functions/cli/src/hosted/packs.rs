//! `doctown library` and `doctown pull`: the docpacks of an account.

use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::{Path, PathBuf};
use std::time::Duration;

use docpack::{Digest, Docpack, ReadLimits};
use pipeline::{Clock, Timestamp};
use runtime::SystemClock;
use runtime::config::Config;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::args::{Cli, LibraryArgs, PullArgs};
use crate::failure::{Exit, Failure};
use crate::hosted::{self, Client};
use crate::inspect;
use crate::output::{self, data, plural, size, table, talk};
use crate::shorthand::PACK_ENDING;
use crate::target;

/// Most items of one page, as the API has it.
const PAGE_ITEMS: usize = 100;
/// Docpacks that are looked through for the beginning of an id.
const MAX_LOOKED_THROUGH: usize = 1_000;
/// Digits of an id that a list shows, and least that `pull` takes.
const N_SHOWN_DIGITS: usize = 12;
const MIN_DIGITS: usize = 6;
const N_COMMIT_DIGITS: usize = 10;
/// Largest docpack that is read from an address into memory; larger ones are downloaded first.
const MAX_READ_BYTES: u64 = 500_000_000;

/// A docpack in the server's list: what this program reads of it.
#[derive(Debug, Clone, Deserialize)]
struct Listed {
    docpack_id: String,
    name: String,
    repo_url: Option<String>,
    git_ref: Option<String>,
    commit_hash: Option<String>,
    size_bytes: u64,
    created_at: Timestamp,
    /// Not every server lists it.
    visibility: Option<String>,
}

impl Listed {
    /// Names the repository as people do: `owner/name`.
    fn repository(&self) -> String {
        let of_url = self.repo_url.as_deref().and_then(|url| {
            let mut parts = url.trim_end_matches('/').rsplit('/');
            let (name, owner) = (parts.next()?, parts.next()?);
            Some(format!("{owner}/{name}"))
        });
        of_url.unwrap_or_else(|| self.name.clone())
    }

    fn digits(&self) -> &str {
        self.docpack_id.strip_prefix("sha256:").unwrap_or(&self.docpack_id)
    }

    fn row(&self, now: Timestamp) -> Vec<String> {
        let cut = |text: &str, n_chars| text.chars().take(n_chars).collect::<String>();
        let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.repository(),
            cut(self.digits(), N_SHOWN_DIGITS),
            shown(&self.git_ref),
            self.commit_hash.as_deref().map_or("-".to_owned(), |commit| cut(commit, N_COMMIT_DIGITS)),
            age(now.since(self.created_at)),
            size(self.size_bytes),
            shown(&self.visibility),
        ]
    }
}

/// Lists the docpacks of the account, newest first.
pub(crate) fn library(args: &LibraryArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let client = hosted::client(args.hosted.server.as_deref(), config)?;
    let (items, has_more) = list(&client, args.name.as_deref(), args.limit)?;
    if cli.json {
        let server = client.server().to_string();
        output::json("library", &json!({"server": server, "items": items, "has_more": has_more}));
        return Ok(());
    }
    let listed: Vec<Listed> = read_items(&client, items)?;
    if listed.is_empty() {
        if cli.quiet == 0 {
            talk(match args.name {
                Some(_) => "no docpack of yours has such a name",
                None => "you have no docpacks yet; `doctown submit owner/repo` builds one",
            });
        }
        return Ok(());
    }
    let now = SystemClock.now();
    let has_visibility = listed.iter().any(|listed| listed.visibility.is_some());
    let n_columns = if has_visibility { 7 } else { 6 };
    let header = ["repository", "id", "ref", "commit", "age", "size", "visibility"];
    let rows: Vec<Vec<String>> =
        listed.iter().map(|listed| listed.row(now).into_iter().take(n_columns).collect()).collect();
    data(&table(&header[..n_columns], &rows));
    if has_more && cli.quiet == 0 {
        talk(&format!("there are more; `--limit {}` shows them", args.limit * 5));
    }
    Ok(())
}

/// Reads pages of the list until there are enough items; says whether there are more.
fn list(client: &Client, name: Option<&str>, limit: usize) -> Result<(Vec<Value>, bool), Failure> {
    #[derive(Deserialize)]
    struct Page {
        items: Vec<Value>,
        next_cursor: Option<String>,
    }
    let (mut items, mut cursor): (Vec<Value>, Option<String>) = (Vec::new(), None);
    loop {
        let n_items = (limit - items.len()).clamp(1, PAGE_ITEMS).to_string();
        let mut query = vec![("limit", n_items.as_str())];
        query.extend(name.map(|name| ("name", name)));
        query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let page: Page = client.get(&["docpacks"], &query).map_err(|error| client.failure(error))?;
        let is_empty = page.items.is_empty();
        items.extend(page.items);
        match page.next_cursor {
            // A server that sends empty pages for ever is not followed.
            Some(next) if items.len() < limit && !is_empty => cursor = Some(next),
            next => {
                let has_more = next.is_some() || items.len() > limit;
                items.truncate(limit);
                return Ok((items, has_more));
            }
        }
    }
}

fn read_items(client: &Client, items: Vec<Value>) -> Result<Vec<Listed>, Failure> {
    let read = items.into_iter().map(serde_json::from_value).collect::<Result<_, _>>();
    read.map_err(|error| unreadable_answer(client, &error))
}

fn unreadable_answer(client: &Client, error: &serde_json::Error) -> Failure {
    let message = format!("`{}` sent a list that this program cannot read: {error}", client.server());
    Failure::new(Exit::Failed, "answer_unreadable", message).with_help("use a newer version of doctown")
}

/// Downloads a docpack and verifies it before it takes its name.
pub(crate) fn pull(args: &PullArgs, config: &Config, cli: &Cli) -> Result<(), Failure> {
    let client = hosted::client(args.hosted.server.as_deref(), config)?;
    let found = find(&client, &args.pack)?;
    let path = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(format!("{}{PACK_ENDING}", file_name(&found.name))));
    target::check(&path, None, "")?;
    download(&client, &found, &path)?;
    if cli.json {
        let Listed { docpack_id, size_bytes, .. } = &found;
        let server = client.server().to_string();
        output::json(
            "pull",
            &json!({"pack": path, "docpack_id": docpack_id, "size_bytes": size_bytes, "server": server}),
        );
        return Ok(());
    }
    data(&path.display().to_string());
    if cli.quiet == 0 {
        talk(&format!(
            "{}, verified: {}\nopen it with `doctown view {}`",
            size(found.size_bytes),
            found.docpack_id,
            path.display()
        ));
    }
    Ok(())
}

/// Makes a repository's name fit for a file.
fn file_name(name: &str) -> String {
    let fit: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect();
    let fit = fit.trim_start_matches('.');
    if fit.is_empty() { "repository".to_owned() } else { fit.to_owned() }
}

/// Downloads a docpack of this id to a file, and verifies it as `doctown verify` does.
pub(super) fn download_to(client: &Client, docpack_id: &str, path: &Path) -> Result<u64, Failure> {
    let found = by_id(client, docpack_id)?;
    download(client, &found, path)?;
    Ok(found.size_bytes)
}

fn download(client: &Client, found: &Listed, path: &Path) -> Result<(), Failure> {
    target::write_with(path, |file| {
        let n_bytes = client
            .download(&["docpacks", &found.docpack_id, "download"], found.size_bytes, file)
            .map_err(|error| client.failure(error))?;
        if n_bytes != found.size_bytes {
            let message = format!(
                "the download has {n_bytes} bytes{}, expected {}",
                if n_bytes > found.size_bytes { " or more" } else { "" },
                found.size_bytes
            );
            return Err(Failure::new(Exit::UpstreamDown, "download_incomplete", message)
                .with_help("run the same command again"));
        }
        check(file, path, &found.docpack_id)
    })
}

/// Reads one of the account's docpacks without keeping it; its name is as [`pull`] takes it.
pub(crate) fn fetched(client: &Client, text: &str) -> Result<Docpack, Failure> {
    let found = find(client, text)?;
    let mut bytes = Vec::new();
    let path = ["docpacks", found.docpack_id.as_str(), "download"];
    client.download(&path, found.size_bytes, &mut bytes).map_err(|error| client.failure(error))?;
    let pack = docpack::read(bytes.as_slice(), &ReadLimits::default());
    let pack = pack.map_err(|error| inspect::refused(Path::new(text), &error))?;
    let id = pack.manifest.docpack_id.to_string();
    if id == found.docpack_id { Ok(pack) } else { Err(mixed_up(&id, &found.docpack_id)) }
}

/// Reads a docpack from an address; a key is sent only to the server that it is for.
pub(crate) fn read_from(address: &str, config: &Config) -> Result<Docpack, Failure> {
    let malformed = |_| {
        Failure::new(Exit::Usage, "address_malformed", format!("`{address}` is not the address of a docpack"))
            .with_help(
                "give an address that begins with `https://`, a .docpack file, or the name of a docpack",
            )
    };
    let url = Url::parse(address).map_err(malformed)?;
    let client = hosted::client_of(&url, config)?;
    let mut bytes = Vec::new();
    let n_bytes =
        client.read_from(&url, MAX_READ_BYTES, &mut bytes).map_err(|error| client.failure(error))?;
    if n_bytes > MAX_READ_BYTES {
        let message = format!("`{address}` is larger than {}", size(MAX_READ_BYTES));
        return Err(Failure::new(Exit::InputRefused, "docpack_too_large", message)
            .with_help("download it, and give the file"));
    }
    docpack::read(bytes.as_slice(), &ReadLimits::default())
        .map_err(|error| inspect::refused(Path::new(address), &error))
}

/// Verifies a downloaded file, and that it is the docpack that was asked for.
fn check(file: &mut File, path: &Path, docpack_id: &str) -> Result<(), Failure> {
    let rewound = |file: &mut File| file.rewind().map_err(|error| target::unwritable(path, &error));
    rewound(file)?;
    let report = docpack::verify::report(BufReader::new(&*file), &ReadLimits::default());
    if !report.violations.is_empty() {
        return Err(inspect::violated(path, &report.violations));
    }
    rewound(file)?;
    let manifest = docpack::read_manifest(BufReader::new(&*file), &ReadLimits::default());
    let found = manifest.map(|manifest| manifest.docpack_id.to_string()).unwrap_or_default();
    if found != docpack_id {
        return Err(mixed_up(&found, docpack_id));
    }
    Ok(())
}

fn mixed_up(found: &str, docpack_id: &str) -> Failure {
    let message = format!("the server sent docpack `{found}` instead of `{docpack_id}`");
    Failure::new(Exit::VerificationFailed, "docpack_mixed_up", message)
        .with_help("run the same command again; if it happens again, tell whoever runs the server")
}

/// Finds a docpack by its id, its repository's name, or the beginning of its id.
fn find(client: &Client, text: &str) -> Result<Listed, Failure> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    if let Ok(id) = format!("sha256:{hex}").parse::<Digest>() {
        return by_id(client, &id.to_string());
    }
    if let Some(found) = by_name(client, text)? {
        return Ok(found);
    }
    let is_beginning = hex.len() >= MIN_DIGITS && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_beginning {
        let (items, _) = list(client, None, MAX_LOOKED_THROUGH)?;
        let mut found = read_items(client, items)?;
        let hex = hex.to_ascii_lowercase();
        found.retain(|listed| listed.digits().starts_with(&hex));
        if let Some(found) = the_only(text, found)? {
            return Ok(found);
        }
    }
    Err(Failure::new(Exit::InputRefused, "no_such_docpack", format!("you have no docpack `{text}`"))
        .with_help("`doctown library` lists your docpacks"))
}

fn by_id(client: &Client, id: &str) -> Result<Listed, Failure> {
    let found: Value = client.get(&["docpacks", id], &[]).map_err(|error| client.failure(error))?;
    serde_json::from_value(found).map_err(|error| unreadable_answer(client, &error))
}

/// Finds the newest docpack of `name`, `owner/name` or either with `@ref`.
fn by_name(client: &Client, text: &str) -> Result<Option<Listed>, Failure> {
    let (repository, git_ref) =
        text.split_once('@').map_or((text, None), |(name, git_ref)| (name, Some(git_ref)));
    let name = repository.rsplit('/').next().unwrap_or(repository);
    if name.is_empty() || name.chars().count() > 100 {
        return Ok(None);
    }
    let (items, _) = list(client, Some(name), MAX_LOOKED_THROUGH)?;
    let mut found = read_items(client, items)?;
    found.retain(|listed| {
        let is_named = match repository.contains('/') {
            true => listed.repository().eq_ignore_ascii_case(repository),
            false => listed.name.eq_ignore_ascii_case(name),
        };
        let is_of_ref = git_ref.is_none_or(|git_ref| {
            listed.git_ref.as_deref() == Some(git_ref)
                || listed.commit_hash.as_deref().is_some_and(|commit| commit.starts_with(git_ref))
        });
        is_named && is_of_ref
    });
    // Lists are newest first, so of one repository the newest is left.
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|listed| seen.insert(listed.repository()));
    the_only(text, found)
}

/// Takes the one that was found; refuses to choose between several.
fn the_only(text: &str, mut found: Vec<Listed>) -> Result<Option<Listed>, Failure> {
    if found.len() <= 1 {
        return Ok(found.pop());
    }
    let shown: Vec<String> = found
        .iter()
        .take(10)
        .map(|listed| format!("\n  {} {}", listed.repository(), listed.docpack_id))
        .collect();
    let candidates: Vec<Value> = found
        .iter()
        .take(10)
        .map(|listed| json!({"repository": listed.repository(), "docpack_id": listed.docpack_id}))
        .collect();
    let message = format!("`{text}` names {} docpacks:{}", found.len(), shown.concat());
    Err(Failure::new(Exit::Usage, "docpack_ambiguous", message)
        .with_help("name one by `owner/name` or by its id")
        .with_candidates(json!(candidates)))
}

/// Writes an age by its largest unit: `5 minutes`.
fn age(age: Duration) -> String {
    let (minutes, hours, days) = (age.as_secs() / 60, age.as_secs() / 3_600, age.as_secs() / 86_400);
    match (minutes, hours, days) {
        (0, ..) => "now".to_owned(),
        (minutes, 0, _) => plural(minutes, "minute", "minutes"),
        (_, hours, 0) => plural(hours, "hour", "hours"),
        (.., days) => plural(days, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_written_by_their_largest_unit() {
        for (seconds, written) in
            [(5, "now"), (60, "1 minute"), (3_599, "59 minutes"), (7_200, "2 hours"), (86_400 * 3, "3 days")]
        {
            assert_eq!(age(Duration::from_secs(seconds)), written);
        }
    }

    #[test]
    fn a_name_from_a_server_stays_in_the_current_folder() {
        for (name, fit) in
            [("flask", "flask"), ("../../etc/passwd", "-..-etc-passwd"), ("..", "repository"), ("a/b", "a-b")]
        {
            assert_eq!(file_name(name), fit);
        }
    }
}
