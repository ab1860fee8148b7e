//! What accounts have built again by itself: each night, each week, and for each new version.

use std::time::{Duration, Instant};

use accounts::{Every, Schedule, User};
use serde_json::{Value, json};

use crate::people::{People, Shown};
use crate::world::{pushed, repository};

const DAY_MS: u64 = 24 * 3_600_000;
const REPO: &str = "acme/greetings";

fn sha(n: u64) -> String {
    format!("{n:040x}")
}

/// Has a schedule be due now: it was set long ago.
fn make_due(people: &People, user: &User, every: Every) -> Schedule {
    let setting = people.accounts.put_schedule(&user.id, REPO, None, every, people.now - 8 * DAY_MS);
    people.world.block_on(setting).unwrap().unwrap()
}

fn only(people: &People, user: &User) -> Schedule {
    let mut all = people.world.block_on(people.accounts.schedules(&user.id)).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// Waits until the schedule was worked on after `before`, and returns it.
fn worked_on(people: &People, user: &User, before: &Schedule) -> Schedule {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let found = only(people, user);
        if found.due_at > people.now && found.ran_at != before.ran_at {
            return found;
        }
        assert!(Instant::now() < until, "the schedule was not worked on in a minute: {found:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Has the schedule be due now, and waits until it was worked on.
fn run(people: &People, user: &User, every: Every) -> Schedule {
    let before = make_due(people, user, every);
    worked_on(people, user, &before)
}

fn finish(people: &People, shown: &Shown, job: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let found = people.send("GET", &format!("/v1/jobs/{job}"), shown, &Value::Null).json();
        if ["completed", "failed", "partial"].contains(&found["phase"].as_str().unwrap_or_default()) {
            return found;
        }
        assert!(Instant::now() < until, "the job did not end in a minute: {found}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn push(people: &People, n: usize) {
    people.world.github.add(pushed(
        people.world.github.repository("acme/greetings").unwrap(),
        &sha(n as u64),
        n,
    ));
}

fn with_tags(people: &People, tags: &[&str]) {
    let mut repository = people.world.github.repository("acme/greetings").unwrap();
    let commit = repository.commits["main"].clone();
    for tag in tags.iter().filter(|tag| !repository.tags.contains(&(**tag).to_owned())).collect::<Vec<_>>() {
        repository.commits.insert((*tag).to_owned(), commit.clone());
    }
    repository.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    people.world.github.add(repository);
}

fn n_jobs(people: &People, shown: &Shown) -> usize {
    people.send("GET", "/v1/jobs?limit=100", shown, &Value::Null).json()["items"].as_array().unwrap().len()
}

#[test]
fn a_repository_is_built_each_night_that_it_has_a_new_commit() {
    let people = People::start();
    people.world.github.add(repository("acme/greetings"));
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    let set = people.send(
        "POST",
        "/v1/me/schedules",
        &session,
        &json!({"repo_url": "acme/greetings", "every": "nightly"}),
    );
    assert_eq!(set.status, 200, "{}", set.json());
    assert_eq!(
        (set.json()["name"].as_str(), set.json()["last_at"].is_null()),
        (Some("acme/greetings"), true)
    );
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(only(&people, &ada).outcome, None, "nothing is built before the first night");

    let first = run(&people, &ada, Every::Night);
    assert_eq!(first.outcome.as_deref(), Some("submitted"));
    let job = finish(&people, &session, first.job.as_ref().unwrap());
    assert_eq!(job["phase"], "completed", "{job}");
    assert_eq!(run(&people, &ada, Every::Night).outcome.as_deref(), Some("unchanged"));
    assert_eq!(n_jobs(&people, &session), 1);

    push(&people, 2);
    // The server remembers for five seconds where a branch was.
    std::thread::sleep(Duration::from_secs(6));
    let second = run(&people, &ada, Every::Night);
    assert_eq!(second.outcome.as_deref(), Some("submitted"));
    assert_ne!(second.job, first.job);
    assert_eq!(finish(&people, &session, second.job.as_ref().unwrap())["commit_hash"], sha(2));
    let listed = people.send("GET", "/v1/me/schedules", &session, &Value::Null).json();
    assert_eq!(listed["items"][0]["job"], json!(second.job));
    let path = format!("/v1/me/schedules/{}", second.id);
    assert_eq!(people.send("DELETE", &path, &session, &Value::Null).status, 204);
    assert_eq!(people.send("DELETE", &path, &session, &Value::Null).problem(), "no_such_schedule");
}

#[test]
fn a_new_version_is_built_at_its_tag_and_what_was_there_before_is_not() {
    let people = People::start();
    people.world.github.add(repository("acme/greetings"));
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    assert_eq!(run(&people, &ada, Every::Tag).outcome.as_deref(), Some("no_version"));
    with_tags(&people, &["v1.0.0", "v0.9.0"]);
    assert_eq!(run(&people, &ada, Every::Tag).outcome.as_deref(), Some("waiting"));
    let next_hour = |people: &People| {
        let before = only(people, &ada);
        let mut held =
            people.world.block_on(people.accounts.take_schedule(before.due_at, 1)).unwrap().unwrap();
        held.due_at = 0;
        people.world.block_on(people.accounts.release_schedule(&held)).unwrap();
        worked_on(people, &ada, &before)
    };
    with_tags(&people, &["v1.0.0", "v0.9.0", "v0.9.1"]);
    assert_eq!(
        next_hour(&people).outcome.as_deref(),
        Some("unchanged"),
        "an older line of versions is no news"
    );
    assert_eq!(n_jobs(&people, &session), 0);
    push(&people, 2);
    with_tags(&people, &["v1.0.0", "v0.9.0", "v0.9.1", "v1.1.0"]);
    let built = next_hour(&people);
    assert_eq!((built.outcome.as_deref(), built.seen_tag.as_deref()), (Some("submitted"), Some("v1.1.0")));
    let job = finish(&people, &session, built.job.as_ref().unwrap());
    assert_eq!((job["git_ref"].as_str(), &job["commit_hash"]), (Some("v1.1.0"), &json!(sha(2))));
    assert_eq!(next_hour(&people).outcome.as_deref(), Some("unchanged"));
    assert_eq!(n_jobs(&people, &session), 1);
}

#[test]
fn an_account_without_jobs_left_is_told_so_and_charged_nothing() {
    let people = People::start();
    people.world.github.add(repository("acme/greetings"));
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    for n in 0..5 {
        let job = format!("job-{n}");
        people.world.block_on(people.accounts.charge(&ada.id, 5, &job, people.now)).unwrap();
    }
    let refused = run(&people, &ada, Every::Week);
    assert_eq!((refused.outcome.as_deref(), refused.job), (Some("quota_exceeded"), None));
    assert!(refused.due_at > people.now + 60_000, "it waits for its next time");
    assert_eq!(n_jobs(&people, &session), 0);
    assert_eq!(people.send("GET", "/v1/me", &session, &Value::Null).json()["usage"]["jobs"], 5);
}

#[test]
fn a_schedule_that_cannot_be_meant_is_refused() {
    let people = People::start();
    let session = people.session(&people.person(1), 0);
    let set = |body: Value| people.send("POST", "/v1/me/schedules", &session, &body).problem();
    assert_eq!(set(json!({"repo_url": "no address", "every": "nightly"})), "invalid_url");
    assert_eq!(set(json!({"repo_url": "acme/greetings", "every": "hourly"})), "invalid_field");
    let both = json!({"repo_url": "acme/greetings", "every": "tag", "git_ref": "main"});
    assert_eq!(set(both), "invalid_field", "tags are of the whole repository");
}
