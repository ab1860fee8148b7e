//! Builds again what accounts want built each night, each week, or for each new version.
//!
//! Everything is done from the table of accounts: each schedule is worked on by one process at a time, and a step that
//! is repeated finds the job that is there.

use std::cmp::Ordering;
use std::time::Duration;

use accounts::{Every, Schedule};
use futures_util::future::join_all;
use pipeline::{BuildOptions, Tenant};
use source::config::SourceConfig;
use source::spec::SourceSpec;

use crate::app::App;
use crate::caller::Caller;
use crate::failure::{Answered, Failure};
use crate::http::door::now;
use crate::pushes::is_temporary;
use crate::routes::submit::{REPO_NOT_FOUND, submit_if_new};
use crate::wire::JobRequest;

/// Schedules that are worked on side by side; each asks the repository's host some three times.
const AT_ONCE: usize = 8;
/// How long one process may take for one of them before another one takes it.
const LEASE: Duration = Duration::from_secs(120);
/// When what failed for now is tried again, and how often before it waits for its next time.
const RETRY: Duration = Duration::from_secs(60);
const MAX_ATTEMPTS: u64 = 60;

/// Works until the server stops. Does nothing on a server without accounts.
pub(crate) async fn run(app: App) {
    if app.accounts().is_none() || app.settings().schedules_every.is_zero() {
        return;
    }
    loop {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(app.settings().schedules_every) => {}
        }
        app.work_on_schedules().await;
    }
}

/// Does what is due now, once.
pub(crate) async fn round(app: &App) -> Answered<()> {
    let Some(accounts) = app.accounts() else { return Ok(()) };
    loop {
        let mut due = Vec::new();
        while due.len() < AT_ONCE
            && !app.is_stopping()
            && let Some(schedule) = accounts.take_schedule(now(app).0, LEASE.as_millis() as u64).await?
        {
            due.push(schedule);
        }
        if due.is_empty() {
            return Ok(());
        }
        for worked in join_all(due.into_iter().map(|schedule| Box::pin(work(app, schedule)))).await {
            worked?;
        }
    }
}

/// Works on a schedule that this process holds, and lets go of it.
async fn work(app: &App, mut schedule: Schedule) -> Answered<()> {
    let Some(accounts) = app.accounts() else { return Ok(()) };
    let now = now(app).0;
    let next = schedule.every.next(&schedule.id, now);
    let outcome = Box::pin(step(app, &mut schedule)).await;
    let is_later =
        matches!(&outcome, Err(failure) if is_temporary(failure) && schedule.attempts < MAX_ATTEMPTS);
    (schedule.due_at, schedule.attempts) = match is_later {
        true => (next.min(now + RETRY.as_millis() as u64), schedule.attempts),
        false => (next, 0),
    };
    schedule.outcome = Some(match &outcome {
        Ok(outcome) => (*outcome).to_owned(),
        Err(failure) => failure.code.to_owned(),
    });
    schedule.ran_at = Some(now);
    accounts.release_schedule(&schedule).await?;
    Ok(())
}

/// Makes the job that is due, if there is anything new, and says what came of it.
async fn step(app: &App, schedule: &mut Schedule) -> Answered<&'static str> {
    let account: Tenant = schedule.account.parse().map_err(Failure::internal)?;
    let caller = Caller::of_installation(account);
    let mut git_ref = schedule.git_ref.clone();
    if schedule.every == Every::Tag {
        let tags = tags(app, &caller, &schedule.repo).await?;
        let Some(newest) = newest_version(&tags) else { return Ok("no_version") };
        let before = schedule.seen_tag.replace(newest.to_owned());
        match before {
            // What was there before the schedule is no news.
            None => return Ok("waiting"),
            Some(before) if !is_higher(newest, &before) => return Ok("unchanged"),
            Some(before) => {
                git_ref = Some(newest.to_owned());
                // Until its job is made, the version is news.
                schedule.seen_tag = Some(before);
            }
        }
    }
    let embeddings = app.embedder(&BuildOptions::default()).await.is_ok();
    let request = JobRequest {
        repo_url: schedule.repo.clone(),
        git_ref: git_ref.clone(),
        options: BuildOptions { embeddings, ..BuildOptions::default() },
        tags: pipeline::Tags::default(),
        callback_url: None,
    };
    let seen = schedule.seen_commit.as_deref().filter(|_| schedule.every != Every::Tag);
    let made = Box::pin(submit_if_new(app, &caller, request, seen)).await?;
    if schedule.every == Every::Tag {
        schedule.seen_tag = git_ref;
    }
    let Some((state, commit)) = made else { return Ok("unchanged") };
    schedule.job = Some(state.job.to_string());
    schedule.seen_commit = commit;
    Ok("submitted")
}

/// Lists the tags of a repository with the rights that everybody has, and where that shows nothing with the account's.
async fn tags(app: &App, caller: &Caller, repo: &str) -> Answered<Vec<String>> {
    let listed = tags_as(app.source().clone(), repo).await;
    let (Some(grants), Err(absent)) = (app.grants(), &listed) else { return listed };
    if absent.code != REPO_NOT_FOUND {
        return listed;
    }
    let own = caller.person()?.own.as_str();
    match stage_ingest::read_as(grants, own, app.source(), now(app).0).await {
        Ok(config) => tags_as(config, repo).await,
        Err(stage_ingest::AccessError::NoGrant) => listed,
        Err(error) => Err(error.into()),
    }
}

async fn tags_as(config: SourceConfig, repo: &str) -> Answered<Vec<String>> {
    let spec = SourceSpec::parse(repo, &config)?;
    let limits = stage_ingest::source_limits(&BuildOptions::default());
    let listing = tokio::task::spawn_blocking(move || source::tags(&spec, &limits, &config));
    Ok(listing.await.map_err(Failure::internal)??)
}

/// Finds the tag of the highest version.
fn newest_version(tags: &[String]) -> Option<&str> {
    let versions = tags.iter().filter(|tag| !numbers(tag).0.is_empty());
    versions.max_by(|one, other| compare(one, other)).map(String::as_str)
}

fn is_higher(tag: &str, other: &str) -> bool {
    compare(tag, other) == Ordering::Greater
}

/// Orders tags by the numbers of their versions; what is marked as unfinished comes before the version itself.
fn compare(one: &str, other: &str) -> Ordering {
    let ((numbers, rest), (other_numbers, other_rest)) = (numbers(one), numbers(other));
    let by_rest =
        || rest.is_empty().cmp(&other_rest.is_empty()).then_with(|| natural(rest).cmp(&natural(other_rest)));
    numbers.cmp(&other_numbers).then_with(by_rest).then_with(|| one.cmp(other))
}

/// Splits a tag into the numbers of its version and what follows: `v1.2.0-rc.1` is `[1, 2]` and `rc.1`.
fn numbers(tag: &str) -> (Vec<u64>, &str) {
    let from = tag.find(|c: char| c.is_ascii_digit()).unwrap_or(tag.len());
    let version = &tag[from..];
    let end =
        version.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '_')).unwrap_or(version.len());
    let parts = version[..end].split(['.', '-', '_']).filter(|part| !part.is_empty());
    let mut numbers: Vec<u64> = parts.map(|part| part.parse().unwrap_or(u64::MAX)).collect();
    // `1.0` and `1.0.0` are one version.
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    (numbers, &version[end..])
}

/// Words and numbers in turn, so that `rc.10` comes after `rc.9`.
fn natural(text: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let (number, after) =
            after.split_at(after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len()));
        parts.push((word.to_owned(), number.parse().unwrap_or_default()));
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(tags: &[&str]) -> Option<String> {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        newest_version(&tags).map(str::to_owned)
    }

    #[test]
    fn the_highest_version_is_found_however_tags_are_written() {
        for (tags, expected) in [
            (&["v1.9.0", "v1.10.0", "v1.2.0"][..], "v1.10.0"),
            (&["1.0.0-rc.9", "1.0.0-rc.10", "0.9"], "1.0.0-rc.10"),
            (&["1.0.0-rc.10", "1.0.0"], "1.0.0"),
            (&["tokio-1.40.0", "tokio-util-0.7.12"], "tokio-1.40.0"),
            (&["2024-01-02", "2024-01-10"], "2024-01-10"),
            (&["release_3_9", "release_3_10"], "release_3_10"),
            (&["3.13.0b1", "3.13.0a7", "3.12.9"], "3.13.0b1"),
        ] {
            assert_eq!(newest(tags).as_deref(), Some(expected), "{tags:?}");
        }
        assert_eq!(newest(&["nightly", "latest"]), None, "a tag without a number is no version");
        assert_eq!(newest(&[]), None);
    }

    #[test]
    fn one_version_written_twice_is_no_news() {
        assert!(!compare("1.0", "1.0.0").is_eq(), "ties are broken by the name");
        assert!(!is_higher("v1.0", "v1.0"));
        assert!(is_higher("v1.0.1", "v1.0") && !is_higher("v0.9", "v1.0"));
    }
}
