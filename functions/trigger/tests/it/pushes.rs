//! From a push to a docpack: deliveries that are lost, repeated, forged or out of order, and processes that die.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::{Duration, Instant};

use accounts::{Accounts, Head, User};
use doctown_trigger::PushLimits;
use github::WebhookSecrets;
use serde_json::{Value, json};
use source::testserver::{ListedDelivery, TestComment, TestInstallation, TestPull};

use crate::client::{Answer, ask};
use crate::people::{People, Shown, files_that_name};
use crate::world::{SHA, WEBHOOK_SECRETS, World, pushed, repository};

const INSTALLATION: u64 = 77;
const WEBHOOK: &str = "/v1/github/webhook";

fn sha(n: u64) -> String {
    format!("{n:07x}{n:033x}")
}

/// Sends a delivery as GitHub does.
fn deliver(people: &People, event: &str, guid: &str, body: &Value) -> Answer {
    deliver_signed(people, event, guid, body.to_string().as_bytes(), WEBHOOK_SECRETS[0])
}

fn deliver_signed(people: &People, event: &str, guid: &str, body: &[u8], secret: &str) -> Answer {
    let signature = WebhookSecrets::new([secret]).sign(body).unwrap();
    let headers = [
        ("content-type", "application/json"),
        ("x-github-event", event),
        ("x-github-delivery", guid),
        ("x-hub-signature-256", &signature),
    ];
    ask(people.world.address(), "POST", WEBHOOK, &headers, body)
}

/// Installs the App on repositories of this server's GitHub.
fn install(people: &People, id: u64, github_account: u64, names: &[&str]) {
    let repositories = names.iter().map(|name| id_of(people, name)).collect();
    people.world.github.install(TestInstallation {
        id,
        account_id: github_account,
        account_login: "acme".to_owned(),
        repositories,
        may_write_checks: true,
        may_write_pulls: true,
        is_suspended: false,
    });
}

fn id_of(people: &People, name: &str) -> u64 {
    people.world.github.repository(name).unwrap_or_else(|| panic!("there is no {name}")).id
}

fn created(id: u64, sender: u64) -> Value {
    json!({"action": "created", "installation": {"id": id}, "sender": {"id": sender}})
}

fn push_of(people: &People, name: &str, branch: &str) -> Value {
    let repository = json!({"id": id_of(people, name), "full_name": name, "default_branch": "main"});
    json!({"ref": format!("refs/heads/{branch}"), "repository": repository, "installation": {"id": INSTALLATION}})
}

/// Waits until something holds, for at most a minute.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < until, "{what} did not come true in a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn outcome(people: &People, guid: &str) -> Option<String> {
    people.world.block_on(people.accounts.delivery_outcome(guid)).unwrap()
}

/// Waits until a delivery was worked on, and returns what became of it.
fn finished(people: &People, guid: &str) -> String {
    eventually(&format!("the end of delivery {guid}"), || outcome(people, guid).is_some());
    outcome(people, guid).unwrap()
}

fn head(accounts: &Accounts, world: &World, repository: u64) -> Option<Head> {
    world.block_on(accounts.heads(INSTALLATION, repository)).unwrap().into_iter().next()
}

fn head_of(people: &People, name: &str) -> Option<Head> {
    head(&people.accounts, &people.world, id_of(people, name))
}

/// Waits until the head of a branch is built, and nothing is left to do for it.
fn built(people: &People, name: &str, commit: &str) {
    eventually(&format!("a docpack of {name} at {commit}"), || {
        head_of(people, name).is_some_and(|head| {
            head.job.is_none() && !head.is_wanted() && head.built.is_some_and(|built| built.commit == commit)
        })
    });
}

fn jobs(people: &People, shown: &Shown) -> Vec<Value> {
    let list = people.send("GET", "/v1/jobs?limit=100", shown, &Value::Null).json();
    list["items"].as_array().unwrap().clone()
}

/// Somebody with the App installed on public `acme/greetings`, which was built once.
fn with_greetings() -> (People, User, Shown) {
    let people = People::start();
    let ada = people.person(1);
    let shown = people.session(&ada, 0);
    install(&people, INSTALLATION, ada.github_id, &["acme/greetings"]);
    assert_eq!(deliver(&people, "installation", "installed", &created(INSTALLATION, 1)).status, 202);
    assert_eq!(finished(&people, "installed"), "installed");
    built(&people, "acme/greetings", SHA);
    (people, ada, shown)
}

/// Gives `acme/greetings` another head.
fn commit(people: &People, name: &str, n: u64) -> String {
    let before = people.world.github.repository(name).unwrap();
    people.world.github.add(pushed(before, &sha(n), n as usize));
    sha(n)
}

/// Gives a branch of `acme/greetings` another head: its files without some of `src/names.py`, or with more.
fn commit_on(people: &People, branch: &str, n: u64, names: &str) -> String {
    let before = people.world.github.repository("acme/greetings").unwrap();
    let greet = "from src.names import full_name\n\n\ndef greet(person):\n    return full_name(person)\n";
    let files = [("src/greet.py", greet.as_bytes()), ("src/names.py", names.as_bytes())];
    people.world.github.add(before.commit(&sha(n), "2024-06-01T12:00:00Z", &[branch], &files));
    sha(n)
}

const BOTH_NAMES: &str =
    "def full_name(person):\n    return person.last\n\n\ndef short_name(person):\n    return person.first\n";
const ONE_NAME: &str = "def full_name(person):\n    return person.last\n";

fn push(people: &People, guid: &str, branch: &str) {
    let body = push_of(people, "acme/greetings", branch);
    assert_eq!(deliver(people, "push", guid, &body).status, 202);
}

/// Chooses how pushes of `acme/greetings` are answered.
fn choose(people: &People, shown: &Shown, choice: &Value) -> Value {
    let path = format!("/v1/me/repositories/{}", id_of(people, "acme/greetings"));
    let answer = people.send("POST", &path, shown, choice);
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

/// Waits for the check run of a commit, and returns it.
fn check_of(people: &People, commit: &str) -> Value {
    let found = || people.world.github.checks().into_iter().find(|check| check.commit == commit);
    eventually(&format!("a check run of {commit}"), || found().is_some());
    found().unwrap().body
}

fn text_of<'a>(check: &'a Value, name: &str) -> &'a str {
    check["output"][name].as_str().unwrap()
}

/// Opens the pull request 5 from `feature` into `main`.
fn open_pull(people: &People) -> TestPull {
    let repository = id_of(people, "acme/greetings");
    let (base, head) = ("main".to_owned(), "feature".to_owned());
    let pull = TestPull { number: 5, repository, base, head_repository: repository, head, is_open: true };
    people.world.github.put_pull(pull.clone());
    pull
}

fn pull_request(people: &People, guid: &str, action: &str, head_repository: u64) {
    let body = json!({
        "action": action,
        "pull_request": {"head": {"ref": "feature", "repo": {"id": head_repository}}},
        "repository": {"id": id_of(people, "acme/greetings")},
        "installation": {"id": INSTALLATION},
    });
    assert_eq!(deliver(people, "pull_request", guid, &body).status, 202);
}

/// Waits for the comment that has this in it.
fn comment_with(people: &People, text: &str) -> TestComment {
    let found = || people.world.github.comments().into_iter().find(|it| it.by_app && it.body.contains(text));
    eventually(&format!("a comment with {text}"), || found().is_some());
    found().unwrap()
}

fn add_private(people: &People, name: &str) {
    let mut secret = repository(name);
    secret.private = true;
    people.world.github.add(secret);
}

#[test]
fn installing_the_app_on_three_repositories_builds_three_docpacks() {
    let people = People::start();
    let ada = people.person(1);
    let shown = people.session(&ada, 0);
    for name in ["acme/second", "acme/third"] {
        people.world.github.add(repository(name));
    }
    let names = ["acme/greetings", "acme/second", "acme/third"];
    install(&people, INSTALLATION, 1, &names);
    deliver(&people, "installation", "1", &created(INSTALLATION, 1));
    for name in names {
        built(&people, name, SHA);
    }
    assert_eq!(jobs(&people, &shown).len(), 3);
    let listed = people.send("GET", "/v1/me/repositories", &shown, &Value::Null).json();
    assert_eq!(listed["install_url"], "https://github.com/apps/doctown/installations/new");
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.iter().map(|it| it["full_name"].as_str().unwrap()).collect::<Vec<_>>(), names);
    for item in items {
        assert_eq!(item["branches"][0]["commit_hash"], SHA);
        assert_eq!(item["branches"][0]["outcome"], "completed");
        let docpack = item["branches"][0]["docpack_id"].as_str().unwrap();
        let found = people.send("GET", &format!("/v1/docpacks/{docpack}"), &shown, &Value::Null);
        assert_eq!(found.status, 200);
    }
    let bob = people.person(2);
    let of_bob = people.session(&bob, 0);
    let others = people.send("GET", "/v1/me/repositories", &of_bob, &Value::Null).json();
    assert_eq!(others["items"], json!([]));
    let usage = people.world.block_on(people.accounts.usage(&ada.id, people.now)).unwrap();
    assert_eq!(usage.jobs, 3);
}

#[test]
fn a_push_is_built_and_answered_by_a_check_run_and_the_repository_stays_as_it_is() {
    let (people, _, shown) = with_greetings();
    let new = commit(&people, "acme/greetings", 2);
    let before = format!("{:?}", people.world.github.repository("acme/greetings"));
    let begun = Instant::now();
    let answer = deliver(&people, "push", "push-1", &push_of(&people, "acme/greetings", "main"));
    assert_eq!((answer.status, begun.elapsed() < Duration::from_secs(5)), (202, true));
    built(&people, "acme/greetings", &new);
    assert_eq!(finished(&people, "push-1"), "queued");
    let checks = people.world.github.checks();
    let of_push: Vec<_> = checks.iter().filter(|check| check.commit == new).collect();
    let [check] = of_push[..] else { panic!("{} check runs", of_push.len()) };
    assert_eq!((&check.body["status"], &check.body["conclusion"]), (&json!("completed"), &json!("neutral")));
    let [newest, _] = &jobs(&people, &shown)[..] else { panic!("two jobs") };
    assert_eq!(check.body["external_id"], newest["job_id"]);
    let docpack = newest["docpack_id"].as_str().unwrap().trim_start_matches("sha256:");
    assert_eq!(check.body["details_url"], format!("http://doctown.example/packs/{docpack}"));
    let summary = check.body["output"]["summary"].as_str().unwrap();
    // It says what changed since the docpack before.
    let title = check.body["output"]["title"].as_str().unwrap();
    assert!(title.contains("symbol"), "{title}");
    let first =
        jobs(&people, &shown)[1]["docpack_id"].as_str().unwrap().trim_start_matches("sha256:").to_owned();
    assert!(summary.contains(&format!("/packs/{docpack}/changes?from={first}")), "{summary}");
    assert!(summary.contains(&format!("since `{}`", &SHA[..7])), "{summary}");
    // Nothing was written but check runs.
    assert_eq!(format!("{:?}", people.world.github.repository("acme/greetings")), before);
    for request in people.world.github.requests() {
        let is_allowed = request.method == "GET"
            || request.path.ends_with("/access_tokens")
            || request.path.contains("/check-runs");
        assert!(is_allowed, "{} {}", request.method, request.path);
    }
}

#[test]
fn a_private_repository_is_read_with_a_token_for_it_alone() {
    let people = People::start();
    let ada = people.person(1);
    let shown = people.session(&ada, 0);
    for name in ["acme/secret", "acme/other"] {
        add_private(&people, name);
    }
    install(&people, INSTALLATION, 1, &["acme/secret", "acme/other"]);
    deliver(&people, "installation", "1", &created(INSTALLATION, 1));
    built(&people, "acme/secret", SHA);
    built(&people, "acme/other", SHA);
    let [one, two] = &jobs(&people, &shown)[..] else { panic!("two jobs") };
    assert_eq!((&one["owner"], &two["owner"]), (&json!(ada.id), &json!(ada.id)));
    let (secret, other) = (id_of(&people, "acme/secret"), id_of(&people, "acme/other"));
    let given = people.world.github.given_tokens();
    let narrowed = given.iter().filter(|it| it.repositories.is_some());
    assert!(narrowed.clone().count() >= 4);
    for token in narrowed {
        let ids = token.repositories.clone().unwrap();
        assert!(ids == [secret].into() || ids == [other].into());
        assert_eq!(token.permissions.len(), 1);
        // Neither the store nor the tables have a token.
        assert_eq!(
            files_that_name(people.world.folder(), &format!("\"{}\"", token.token)),
            Vec::<String>::new()
        );
    }
    // A token of one repository is refused at the other, by GitHub itself.
    let of_secret = given.iter().find(|it| it.repositories == Some([secret].into())).unwrap();
    let api = url::Url::parse(&people.world.github.api_url()).unwrap();
    let address = format!("{}:{}", api.host_str().unwrap(), api.port().unwrap()).parse().unwrap();
    let bearer = format!("Bearer {}", of_secret.token);
    let status = |path: &str| ask(address, "GET", path, &[("authorization", &bearer)], b"").status;
    assert_eq!(status(&format!("/api/repositories/{secret}")), 200);
    assert_eq!(status(&format!("/api/repositories/{other}")), 404);
    assert_eq!(status("/api/repos/acme/other"), 404);
    // Strangers see nothing of it.
    let bob = people.person(2);
    let docpack = one["docpack_id"].as_str().unwrap();
    let of_bob = people.session(&bob, 0);
    assert_eq!(people.send("GET", &format!("/v1/docpacks/{docpack}"), &of_bob, &Value::Null).status, 404);
}

#[test]
fn what_is_not_signed_by_github_is_refused_before_it_is_read() {
    let (people, ..) = with_greetings();
    let push = push_of(&people, "acme/greetings", "main").to_string();
    let wrong = deliver_signed(&people, "push", "1", push.as_bytes(), "another secret");
    assert_eq!((wrong.status, wrong.problem().as_str()), (401, "invalid_signature"));
    // No JSON either, and the answer is the same: nobody looked.
    let broken = deliver_signed(&people, "push", "1", b"{", "another secret");
    assert_eq!(broken.problem(), "invalid_signature");
    let unsigned = people.world.post(WEBHOOK, &json!({}));
    assert_eq!(unsigned.problem(), "invalid_signature");
    assert!(!people.world.block_on(people.accounts.has_delivery("1")).unwrap());
    // Both secrets of a rotation count.
    for (guid, secret) in ["2", "3"].into_iter().zip(WEBHOOK_SECRETS) {
        assert_eq!(deliver_signed(&people, "push", guid, push.as_bytes(), secret).status, 202);
    }
    assert_eq!(deliver_signed(&people, "push", "4", b"{", WEBHOOK_SECRETS[0]).problem(), "invalid_request");
    assert_eq!(deliver_signed(&people, "star", "5", b"{}", WEBHOOK_SECRETS[0]).status, 204);
    assert_eq!(deliver(&people, "ping", "6", &json!({"zen": "Keep it logically awesome."})).status, 202);
    assert_eq!(finished(&people, "6"), "pong");
    let large = vec![b' '; 25_000_001];
    assert_eq!(deliver_signed(&people, "push", "7", &large, WEBHOOK_SECRETS[0]).status, 413);
}

#[test]
fn a_delivery_that_comes_again_with_another_body_is_refused() {
    let (people, ..) = with_greetings();
    let push = push_of(&people, "acme/greetings", "main");
    assert_eq!(deliver(&people, "push", "1", &push).status, 202);
    assert_eq!(deliver(&people, "push", "1", &push).status, 202);
    finished(&people, "1");
    assert_eq!(deliver(&people, "push", "1", &push).status, 202, "it is known for ever");
    let other = push_of(&people, "acme/greetings", "other");
    let refused = deliver(&people, "push", "1", &other);
    assert_eq!((refused.status, refused.problem().as_str()), (409, "delivery_reused"));
}

#[test]
fn a_delivery_that_names_the_repository_of_another_installation_gets_nothing() {
    let (people, ada, shown) = with_greetings();
    add_private(&people, "other/secret");
    let bob = people.person(2);
    install(&people, 88, bob.github_id, &["other/secret"]);
    let n_before = jobs(&people, &shown).len();
    // Signed as if by GitHub: installation 77 names a repository of 88.
    deliver(&people, "push", "1", &push_of(&people, "other/secret", "main"));
    assert_eq!(finished(&people, "1"), "repository_not_installed");
    let added = json!({
        "action": "added",
        "installation": {"id": INSTALLATION},
        "repositories_added": [{"id": id_of(&people, "other/secret"), "full_name": "other/secret"}],
    });
    deliver(&people, "installation_repositories", "2", &added);
    finished(&people, "2");
    // A number that is in the table by mistake is asked for again before it is built.
    let wanted = people.accounts.want_head(INSTALLATION, id_of(&people, "other/secret"), "main", 0);
    people.world.block_on(wanted).unwrap();
    people.world.block_on(people.app().work_on_pushes());
    assert_eq!(jobs(&people, &shown).len(), n_before);
    assert_eq!(people.world.block_on(people.accounts.installed_of(&ada.id)).unwrap().len(), 1);
    let reads = people.world.github.requests().into_iter().filter(|it| it.path.contains("other/secret"));
    assert_eq!(reads.count(), 0);
}

#[test]
fn a_repository_that_turns_private_is_withdrawn_at_once_and_then_built_for_its_owner() {
    let (people, ada, shown) = with_greetings();
    let docpack = jobs(&people, &shown)[0]["docpack_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/docpacks/{docpack}");
    assert_eq!(people.send("GET", &path, &Shown::Nothing, &Value::Null).status, 200);
    people.world.github.change("acme/greetings", |it| it.private = true);
    let privatized = json!({
        "action": "privatized",
        "installation": {"id": INSTALLATION},
        "repository": {"id": id_of(&people, "acme/greetings"), "full_name": "acme/greetings"},
    });
    deliver(&people, "repository", "1", &privatized);
    assert_eq!(finished(&people, "1"), "privatized");
    assert_eq!(people.send("GET", &path, &Shown::Nothing, &Value::Null).status, 404);
    eventually("a private docpack", || {
        head_of(&people, "acme/greetings")
            .and_then(|head| head.built)
            .is_some_and(|built| built.owner == ada.id)
    });
    // The delivery says less than GitHub does: it comes again after the repository was made public.
    people.world.github.change("acme/greetings", |it| it.private = false);
    deliver(&people, "repository", "2", &privatized);
    finished(&people, "2");
    assert_eq!(people.send("GET", &path, &Shown::Nothing, &Value::Null).status, 200);
}

#[test]
fn each_repository_of_a_list_is_added_or_removed() {
    let (people, ada, _) = with_greetings();
    let names = ["acme/b", "acme/c", "acme/d"];
    for name in names {
        people.world.github.add(repository(name));
    }
    let list = |names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| json!({"id": id_of(&people, name)})).collect()
    };
    install(&people, INSTALLATION, 1, &["acme/b", "acme/c", "acme/d"]);
    let change = json!({
        "action": "added",
        "installation": {"id": INSTALLATION},
        "repositories_added": list(&names),
        "repositories_removed": list(&["acme/greetings"]),
    });
    deliver(&people, "installation_repositories", "1", &change);
    for name in names {
        built(&people, name, SHA);
    }
    let of_ada = people.world.block_on(people.accounts.installed_of(&ada.id)).unwrap();
    assert_eq!(of_ada.iter().map(|(_, it)| it.full_name.as_str()).collect::<Vec<_>>(), names);
}

#[test]
fn a_suspended_installation_builds_nothing_until_it_is_resumed() {
    let (people, _, shown) = with_greetings();
    people.world.github.change_installation(INSTALLATION, |it| it.is_suspended = true);
    let change =
        |action: &str| json!({"action": action, "installation": {"id": INSTALLATION}, "sender": {"id": 1}});
    deliver(&people, "installation", "1", &change("suspend"));
    assert_eq!(finished(&people, "1"), "installation_suspended");
    let new = commit(&people, "acme/greetings", 2);
    deliver(&people, "push", "2", &push_of(&people, "acme/greetings", "main"));
    assert_eq!(finished(&people, "2"), "installation_suspended");
    assert_eq!(jobs(&people, &shown).len(), 1);
    people.world.github.change_installation(INSTALLATION, |it| it.is_suspended = false);
    deliver(&people, "installation", "3", &change("unsuspend"));
    built(&people, "acme/greetings", &new);
    people.world.github.uninstall(INSTALLATION);
    deliver(&people, "installation", "4", &change("deleted"));
    assert_eq!(finished(&people, "4"), "installation_removed");
    assert_eq!(people.world.block_on(people.accounts.installations()).unwrap(), []);
}

#[test]
fn the_branches_that_an_account_chose_are_built_and_no_others() {
    let (people, _, shown) = with_greetings();
    let id = id_of(&people, "acme/greetings");
    deliver(&people, "push", "1", &push_of(&people, "acme/greetings", "feature"));
    assert_eq!(finished(&people, "1"), "branch_not_built");
    let path = format!("/v1/me/repositories/{id}");
    let chosen = people.send("POST", &path, &shown, &json!({"branches": ["v1.0"], "is_building": true}));
    assert_eq!(chosen.json()["follows_default_branch"], false);
    eventually("a docpack of the branch", || {
        let listed = people.send("GET", "/v1/me/repositories", &shown, &Value::Null).json();
        listed["items"][0]["branches"][0]["outcome"] == "completed"
    });
    assert_eq!(jobs(&people, &shown)[0]["git_ref"], "v1.0");
    deliver(&people, "push", "2", &push_of(&people, "acme/greetings", "main"));
    assert_eq!(finished(&people, "2"), "branch_not_built");
    people.send("POST", &path, &shown, &json!({"is_building": false}));
    deliver(&people, "push", "3", &push_of(&people, "acme/greetings", "main"));
    assert_eq!(finished(&people, "3"), "building_off");
    for bad in [json!([]), json!([""]), json!(["a b"]), json!(vec!["x"; 21])] {
        let refused = people.send("POST", &path, &shown, &json!({"branches": bad, "is_building": true}));
        assert_eq!(refused.problem(), "invalid_field");
    }
    people.send("POST", &path, &shown, &json!({"is_building": true}));
    let n_before = jobs(&people, &shown).len();
    let again = people.send("POST", &format!("{path}/redeliver"), &shown, &Value::Null);
    assert_eq!(again.status, 202);
    eventually("the branch was looked at", || {
        people
            .world
            .block_on(people.accounts.heads(INSTALLATION, id))
            .unwrap()
            .iter()
            .all(|it| !it.is_wanted())
    });
    // The same commit of a public repository is answered by the docpack that is there.
    assert_eq!(jobs(&people, &shown).len(), n_before);
}

#[test]
fn a_plan_without_private_repositories_or_jobs_builds_none_and_says_why() {
    let people = People::start();
    let ada = people.person(1);
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    add_private(&people, "acme/secret");
    install(&people, INSTALLATION, 1, &["acme/secret", "acme/greetings"]);
    for n in 0..5 {
        people.world.block_on(people.accounts.charge(&ada.id, 5, &format!("job-{n}"), people.now)).unwrap();
    }
    deliver(&people, "installation", "1", &created(INSTALLATION, 1));
    for (name, code) in [("acme/secret", "private_not_in_plan"), ("acme/greetings", "quota_exceeded")] {
        eventually(code, || head_of(&people, name).and_then(|it| it.outcome).as_deref() == Some(code));
    }
    assert_eq!(jobs(&people, &people.session(&ada, 0)).len(), 0);
}

#[test]
fn an_app_that_is_installed_before_its_person_signs_in_is_found_afterwards() {
    let people = People::start();
    install(&people, INSTALLATION, 9, &["acme/greetings"]);
    deliver(&people, "installation", "1", &created(INSTALLATION, 2));
    assert_eq!(finished(&people, "1"), "no_account");
    deliver(&people, "push", "2", &push_of(&people, "acme/greetings", "main"));
    assert_eq!(finished(&people, "2"), "no_account");
    // The organisation 9 never signs in: what it owns is built for who installed the App.
    let bob = people.person(2);
    let shown = people.session(&bob, 0);
    let listed = people.send("GET", "/v1/me/repositories", &shown, &Value::Null).json();
    assert_eq!(listed["items"][0]["full_name"], "acme/greetings");
    built(&people, "acme/greetings", SHA);
    assert_eq!(jobs(&people, &shown).len(), 1);
}

#[test]
fn an_organisations_private_repository_is_built_only_while_its_person_may_see_it() {
    let people = People::start();
    let bob = people.person(2);
    add_private(&people, "acme/secret");
    install(&people, INSTALLATION, 9, &["acme/secret"]);
    deliver(&people, "installation", "1", &created(INSTALLATION, 2));
    // Bob never let Doctown see what he may see.
    eventually("a refusal", || {
        head_of(&people, "acme/secret").and_then(|it| it.outcome).as_deref()
            == Some("repository_access_required")
    });
    assert_eq!(jobs(&people, &people.session(&bob, 0)).len(), 0);
}

#[test]
fn what_no_delivery_told_is_found_by_comparing() {
    let mut people = People::stopped();
    people.world.settings.pushes.reconcile_every = Duration::from_secs(1);
    people.world.go(true);
    people.person(1);
    let listed = |id, guid: &str, status_code| {
        let delivered_at = pipeline::Timestamp(people.now).to_string();
        people.world.github.list_delivery(ListedDelivery {
            id,
            guid: guid.to_owned(),
            delivered_at,
            status_code,
        });
    };
    listed(501, "lost", 502);
    listed(502, "fine", 202);
    install(&people, INSTALLATION, 1, &["acme/greetings"]);
    built(&people, "acme/greetings", SHA);
    let new = commit(&people, "acme/greetings", 2);
    built(&people, "acme/greetings", &new);
    eventually("the lost delivery is asked for", || people.world.github.redelivered().contains(&501));
    assert!(!people.world.github.redelivered().contains(&502));
    people.world.github.uninstall(INSTALLATION);
    eventually("the installation is forgotten", || {
        people.world.block_on(people.accounts.installations()).unwrap().is_empty()
    });
}

#[test]
fn a_check_run_fails_by_the_rules_that_the_owner_chose_and_names_the_symbols() {
    let (people, _, shown) = with_greetings();
    let base = commit_on(&people, "main", 2, BOTH_NAMES);
    push(&people, "1", "main");
    // Without rules it blocks nothing, whatever broke.
    assert_eq!(check_of(&people, &base)["conclusion"], "neutral");
    built(&people, "acme/greetings", &base);
    let chosen = choose(&people, &shown, &json!({"is_building": true, "fails_on": ["calls", "api", "api"]}));
    assert_eq!(chosen["fails_on"], json!(["api", "calls"]));
    let worse = commit_on(&people, "main", 3, ONE_NAME);
    push(&people, "2", "main");
    let check = check_of(&people, &worse);
    assert_eq!(
        (&check["conclusion"], text_of(&check, "title")),
        (&json!("failure"), "Failed: 1 breaking change")
    );
    let summary = text_of(&check, "summary");
    assert!(
        summary.starts_with("#### Failed: No breaking change of an exported symbol (`api`)\n\n- `"),
        "{summary}"
    );
    assert!(summary.lines().nth(2).unwrap().contains("short_name"), "{summary}");
    built(&people, "acme/greetings", &worse);
    // What is chosen stays where a request does not name it.
    let kept = choose(&people, &shown, &json!({"is_building": true, "comments_on_pulls": true}));
    assert_eq!((&kept["fails_on"], &kept["comments_on_pulls"]), (&json!(["api", "calls"]), &json!(true)));
    let better = commit_on(&people, "main", 4, BOTH_NAMES);
    push(&people, "3", "main");
    let check = check_of(&people, &better);
    assert_eq!(check["conclusion"], "success");
    assert!(text_of(&check, "summary").starts_with("Passed: `api`, `calls`.\n"));
    built(&people, "acme/greetings", &better);
    // A build that fails blocks nothing: the files are gone before they are read.
    let lost = commit_on(&people, "main", 5, ONE_NAME);
    people.world.github.change("acme/greetings", |it| drop(it.tarballs.remove(&lost)));
    push(&people, "4", "main");
    let check = check_of(&people, &lost);
    assert_eq!(check["conclusion"], "neutral");
    assert!(text_of(&check, "title").starts_with("No docpack was built"), "{check}");
    let refused = people.send(
        "POST",
        &format!("/v1/me/repositories/{}", id_of(&people, "acme/greetings")),
        &shown,
        &json!({"is_building": true, "fails_on": ["everything"]}),
    );
    assert_eq!(refused.problem(), "invalid_field");
}

#[test]
fn a_pull_request_has_one_comment_that_follows_its_pushes() {
    let (people, _, shown) = with_greetings();
    let base = commit_on(&people, "main", 2, BOTH_NAMES);
    push(&people, "1", "main");
    built(&people, "acme/greetings", &base);
    let first = commit_on(&people, "feature", 3, BOTH_NAMES);
    let pull = open_pull(&people);
    pull_request(&people, "2", "opened", pull.repository);
    // Nobody asked for one.
    assert_eq!(finished(&people, "2"), "pull_requests_off");
    choose(&people, &shown, &json!({"is_building": true, "comments_on_pulls": true}));
    pull_request(&people, "3", "reopened", pull.repository);
    assert_eq!(finished(&people, "3"), "queued");
    let comment = comment_with(&people, &first[..7]);
    assert!(comment.body.contains(&format!("compared with `main` at `{}`", &base[..7])), "{}", comment.body);
    assert!(comment.body.contains("/changes?from="));
    let second = commit_on(&people, "feature", 4, ONE_NAME);
    pull_request(&people, "4", "synchronize", pull.repository);
    let edited = comment_with(&people, &second[..7]);
    assert_eq!(edited.id, comment.id);
    assert!(
        edited.body.contains("1 breaking change") && edited.body.contains("short_name"),
        "{}",
        edited.body
    );
    assert_eq!(people.world.github.comments().len(), 1);
    // The branch is judged against the base, not against its own push before.
    choose(&people, &shown, &json!({"is_building": true, "fails_on": ["api"]}));
    let third = commit_on(&people, "feature", 5, &format!("{ONE_NAME}\n\nOTHER = 1\n"));
    pull_request(&people, "5", "synchronize", pull.repository);
    assert_eq!(check_of(&people, &third)["conclusion"], "failure");
    comment_with(&people, &third[..7]);
    // The base moves on: what the branch lacks of it is not held against it.
    let fourth = commit_on(&people, "feature", 6, ONE_NAME);
    people.world.github.set_merge_base("main", &fourth, &sha(99));
    pull_request(&people, "6", "synchronize", pull.repository);
    let check = check_of(&people, &fourth);
    assert_eq!(check["conclusion"], "neutral");
    assert!(text_of(&check, "summary").starts_with("The rules of this repository were not applied"));
    assert!(comment_with(&people, &fourth[..7]).body.contains("appear the other way round"));
    // A base that was built before the newest one is found.
    people.world.github.set_merge_base("main", &fourth, SHA);
    let n_of_base = || {
        let comments = people.world.github.comments();
        comments.iter().filter(|it| it.body.contains(&format!("`main` at `{}`", &SHA[..7]))).count()
    };
    let edited = json!({
        "action": "edited",
        "changes": {"base": {"ref": {"from": "other"}}},
        "pull_request": {"head": {"ref": "feature", "repo": {"id": pull.repository}}},
        "repository": {"id": pull.repository},
        "installation": {"id": INSTALLATION},
    });
    assert_eq!(deliver(&people, "pull_request", "8", &edited).status, 202);
    eventually("a comparison with the older base", || n_of_base() == 1);
    assert_eq!(people.world.github.comments().len(), 1);
}

#[test]
fn nothing_is_built_or_read_for_the_pull_request_of_a_fork() {
    let (people, _, shown) = with_greetings();
    choose(&people, &shown, &json!({"is_building": true, "comments_on_pulls": true, "fails_on": ["api"]}));
    let mut fork = repository("mallory/greetings");
    fork.private = true;
    people.world.github.add(fork);
    let fork = id_of(&people, "mallory/greetings");
    // The repository has a branch of the same name, and the pull request is the fork's.
    commit_on(&people, "feature", 3, ONE_NAME);
    people.world.github.put_pull(TestPull { head_repository: fork, ..open_pull(&people) });
    let (n_before, n_jobs) = (people.world.github.requests().len(), jobs(&people, &shown).len());
    pull_request(&people, "1", "opened", fork);
    assert_eq!(finished(&people, "1"), "pull_request_of_fork");
    // A delivery that lies about the fork is not believed: GitHub lists no pull request of the branch.
    pull_request(&people, "2", "opened", id_of(&people, "acme/greetings"));
    assert_eq!(finished(&people, "2"), "queued");
    let heads =
        || people.world.block_on(people.accounts.heads(INSTALLATION, id_of(&people, "acme/greetings")));
    eventually("a refusal", || {
        heads().unwrap().iter().any(|it| it.outcome.as_deref() == Some("branch_not_built"))
    });
    assert_eq!(jobs(&people, &shown).len(), n_jobs);
    assert!(people.world.github.comments().is_empty());
    let requests = &people.world.github.requests()[n_before..];
    assert!(requests.iter().all(|it| !it.path.contains("mallory") && !it.path.contains(&fork.to_string())));
}

#[test]
fn an_installation_without_pull_requests_says_so_to_its_owner() {
    let (people, _, shown) = with_greetings();
    let pull = open_pull(&people);
    commit_on(&people, "feature", 3, BOTH_NAMES);
    let chosen = choose(&people, &shown, &json!({"is_building": true, "comments_on_pulls": true}));
    assert_eq!(chosen["has_pulls"], true);
    // The permission is taken back, and no delivery says so.
    people.world.github.change_installation(INSTALLATION, |it| it.may_write_pulls = false);
    pull_request(&people, "1", "opened", pull.repository);
    let has_pulls = || {
        let listed = people.send("GET", "/v1/me/repositories", &shown, &Value::Null).json();
        listed["items"][0]["has_pulls"] == true
    };
    eventually("the owner is shown it", || !has_pulls());
    pull_request(&people, "2", "synchronize", pull.repository);
    assert_eq!(finished(&people, "2"), "pull_requests_not_allowed");
    assert!(people.world.github.comments().is_empty());
    // Its owner accepts the permission.
    people.world.github.change_installation(INSTALLATION, |it| it.may_write_pulls = true);
    let accepted = json!({"action": "new_permissions_accepted", "installation": {"id": INSTALLATION}});
    deliver(&people, "installation", "3", &accepted);
    eventually("the owner is shown it", has_pulls);
    pull_request(&people, "4", "synchronize", pull.repository);
    comment_with(&people, "compared with");
}

#[test]
fn a_process_that_dies_anywhere_leaves_one_comment_on_a_pull_request() {
    let mut people = People::stopped();
    let pushes = &mut people.world.settings.pushes;
    (pushes.every, pushes.lease, pushes.max_attempts) =
        (Duration::ZERO, Duration::from_millis(40), u64::MAX / 2);
    pushes.look_every = Duration::ZERO;
    people.world.go(true);
    let ada = people.person(1);
    let shown = people.session(&ada, 0);
    install(&people, INSTALLATION, 1, &["acme/greetings"]);
    deliver(&people, "installation", "1", &created(INSTALLATION, 1));
    eventually("a docpack of the base", || {
        people.world.block_on(people.app().work_on_pushes());
        head_of(&people, "acme/greetings").is_some_and(|head| head.built.is_some())
    });
    choose(&people, &shown, &json!({"is_building": true, "comments_on_pulls": true}));
    let pull = open_pull(&people);
    commit_on(&people, "feature", 3, BOTH_NAMES);
    pull_request(&people, "2", "opened", pull.repository);
    let feature = || {
        let heads = people.world.block_on(people.accounts.heads(INSTALLATION, pull.repository)).unwrap();
        heads.into_iter().find(|head| head.branch == "feature")
    };
    let (mut n_killed, mut progress, mut k) = (0, None, 0);
    for _ in 0..2_000 {
        let is_whole = dies_after(&people, k);
        n_killed += u32::from(!is_whole);
        std::thread::sleep(Duration::from_millis(45));
        let head = feature();
        let is_built = head.as_ref().is_some_and(|head| head.built.is_some() && head.job.is_none());
        let now = head.map(|it| (it.job.is_some(), it.wanted, is_built));
        // Each step is killed from its first statement on.
        k = if progress.as_ref() == Some(&now) { k + 1 } else { 0 };
        progress = Some(now);
        if is_built && is_whole {
            break;
        }
    }
    assert!(n_killed > 20, "{n_killed}");
    let comments = people.world.github.comments();
    assert_eq!(comments.len(), 1, "{comments:?}");
    assert!(comments[0].body.starts_with("<!-- doctown -->\n"));
}

#[test]
fn a_running_job_is_ended_for_a_newer_head_and_not_counted() {
    let (people, ada, shown) = with_greetings();
    people.world.holds_jobs.store(true, Ordering::SeqCst);
    let old = commit_on(&people, "main", 2, ONE_NAME);
    push(&people, "1", "main");
    eventually("a job that has read the old head", || jobs(&people, &shown)[0]["phase"] == "assemble");
    // The same head again ends nothing.
    push(&people, "2", "main");
    eventually("the head is compared", || {
        head_of(&people, "acme/greetings").is_some_and(|it| !it.is_wanted())
    });
    assert_eq!(jobs(&people, &shown)[0]["phase"], "assemble");
    let new = commit_on(&people, "main", 3, BOTH_NAMES);
    push(&people, "3", "main");
    eventually("the old job is ended", || {
        jobs(&people, &shown).iter().any(|job| job["phase"] == "cancelled")
    });
    people.world.holds_jobs.store(false, Ordering::SeqCst);
    built(&people, "acme/greetings", &new);
    let phases: Vec<Value> = jobs(&people, &shown).iter().map(|job| job["phase"].clone()).collect();
    assert_eq!(phases, ["completed", "cancelled", "completed"]);
    assert!(people.world.github.checks().iter().all(|check| check.commit != old));
    let used = || people.world.block_on(people.accounts.usage(&ada.id, people.now)).unwrap().jobs;
    assert_eq!(used(), 2, "the ended job is not counted");
    // Whoever wants it all the same pays for it.
    let ended = jobs(&people, &shown)[1]["job_id"].as_str().unwrap().to_owned();
    assert_eq!(people.send("POST", &format!("/v1/jobs/{ended}/retry"), &shown, &Value::Null).status, 202);
    assert_eq!(used(), 3);
}

#[test]
fn a_branch_that_is_pushed_to_all_the_time_gets_docpacks() {
    let (people, _, shown) = with_greetings();
    people.world.holds_jobs.store(true, Ordering::SeqCst);
    let n_ended = || jobs(&people, &shown).iter().filter(|job| job["phase"] == "cancelled").count();
    for n in 2..5 {
        let newest = commit_on(&people, "main", n, &format!("{ONE_NAME}\n\nN = {n}\n"));
        push(&people, &format!("push-{n}"), "main");
        eventually("a job of the newest head", || {
            let newest_job = &jobs(&people, &shown)[0];
            newest_job["phase"] == "assemble" && newest_job["commit_hash"] == newest.as_str()
        });
    }
    assert_eq!(n_ended(), 2);
    let last = commit_on(&people, "main", 9, BOTH_NAMES);
    push(&people, "last", "main");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(n_ended(), 2, "the third is finished");
    people.world.holds_jobs.store(false, Ordering::SeqCst);
    built(&people, "acme/greetings", &last);
    assert!(people.world.github.checks().iter().any(|check| check.commit == sha(4)));
}

#[test]
fn a_hundred_pushes_in_ten_seconds_make_two_jobs_at_most_and_the_last_head_is_built() {
    let mut people = People::stopped();
    people.world.settings.pushes.rest = PushLimits::default().rest;
    people.world.go(true);
    let ada = people.person(1);
    let shown = people.session(&ada, 0);
    install(&people, INSTALLATION, 1, &["acme/greetings"]);
    let begun = Instant::now();
    let mut last = String::new();
    for n in 1..=100_u64 {
        last = commit(&people, "acme/greetings", 100 + n);
        let push = push_of(&people, "acme/greetings", "main");
        assert_eq!(deliver(&people, "push", &format!("push-{n}"), &push).status, 202);
        let due = begun + Duration::from_millis(n * 95);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    built(&people, "acme/greetings", &last);
    let phases: Vec<Value> = jobs(&people, &shown).iter().map(|job| job["phase"].clone()).collect();
    assert_eq!(phases.len(), 2, "{phases:?}");
    // The first may have been ended for a newer head, and is not counted then.
    let n_counted = phases.iter().filter(|phase| *phase != "cancelled").count() as u64;
    let usage = people.world.block_on(people.accounts.usage(&ada.id, people.now)).unwrap();
    assert_eq!(usage.jobs, n_counted);
}

/// Prints how long a push takes until its check run, less the time of its job. Run it by hand:
/// `cargo nextest run -p doctown-trigger -E 'test(push_to_check_run)' --run-ignored all --no-capture`.
#[test]
#[ignore = "a measurement of minutes"]
#[expect(clippy::print_stdout, reason = "the figures are the result")]
fn measures_the_time_from_push_to_check_run() {
    const N_PUSHES: u64 = 50;
    let mut people = People::stopped();
    people.world.settings.pushes = PushLimits::default();
    people.world.go(true);
    let ada = people.person(1);
    people.world.block_on(people.accounts.set_plan(&ada.id, "team")).unwrap();
    let shown = people.session(&ada, 0);
    install(&people, INSTALLATION, 1, &["acme/greetings"]);
    let (mut overheads_ms, mut waits_ms) = (Vec::new(), Vec::new());
    for n in 1..=N_PUSHES {
        let newest = commit(&people, "acme/greetings", 100 + n);
        let begun = Instant::now();
        push(&people, &format!("push-{n}"), "main");
        check_of(&people, &newest);
        let all_ms = begun.elapsed().as_millis() as u64;
        let id = jobs(&people, &shown)[0]["job_id"].as_str().unwrap().to_owned();
        let job = people.send("GET", &format!("/v1/jobs/{id}"), &shown, &Value::Null).json();
        let time = |text: &Value| text.as_str().unwrap().parse::<pipeline::Timestamp>().unwrap().0;
        let stages = job["stages"].as_array().unwrap().iter();
        let ended =
            stages.filter(|it| it["finished_at"].is_string()).map(|it| time(&it["finished_at"])).max();
        let build_ms = ended.unwrap().saturating_sub(time(&job["created_at"]));
        overheads_ms.push(all_ms.saturating_sub(build_ms));
        waits_ms.push(all_ms);
        // Pushes come from right after the one before to long after it.
        std::thread::sleep(Duration::from_millis(n * 7_919 % 5_000));
    }
    let at = |list: &mut Vec<u64>, percent: usize| {
        list.sort_unstable();
        list[(list.len() * percent).div_ceil(100) - 1]
    };
    println!(
        "{N_PUSHES} pushes: push to check run less the build p50 {} ms, p95 {} ms, max {} ms; with the build p95 {} ms",
        at(&mut overheads_ms, 50),
        at(&mut overheads_ms, 95),
        at(&mut overheads_ms, 100),
        at(&mut waits_ms, 95),
    );
}

#[test]
fn fifty_of_one_delivery_and_a_process_that_dies_anywhere_make_one_job_and_one_check_run() {
    let mut people = People::stopped();
    // Nothing is done by itself: each round below dies a little later than the one before.
    let pushes = &mut people.world.settings.pushes;
    (pushes.every, pushes.lease, pushes.max_attempts) =
        (Duration::ZERO, Duration::from_millis(40), u64::MAX / 2);
    pushes.look_every = Duration::ZERO;
    people.world.go(true);
    let ada = people.person(1);
    let shown = people.session(&ada, 0);
    add_private(&people, "acme/secret");
    install(&people, INSTALLATION, 1, &["acme/secret"]);
    let push = push_of(&people, "acme/secret", "main");
    let deliver_some = |n: usize| {
        for _ in 0..n {
            assert_eq!(deliver(&people, "push", "the-push", &push).status, 202);
        }
    };
    deliver_some(20);
    let mut n_killed = 0;
    let mut progress = None;
    let mut k = 0;
    for n in 0..2_000 {
        if n == 10 || n == 40 {
            deliver_some(15);
        }
        let is_whole = dies_after(&people, k);
        n_killed += u32::from(!is_whole);
        std::thread::sleep(Duration::from_millis(45));
        let head = head_of(&people, "acme/secret");
        let is_built = head.as_ref().is_some_and(|head| head.built.is_some() && head.job.is_none());
        let now =
            (outcome(&people, "the-push").is_some(), head.map(|it| (it.job.is_some(), it.wanted, is_built)));
        // Each step is killed from its first statement on.
        k = if progress.as_ref() == Some(&now) { k + 1 } else { 0 };
        progress = Some(now);
        if is_built && is_whole && n > 60 {
            break;
        }
    }
    assert!(n_killed > 40, "{n_killed}");
    built(&people, "acme/secret", SHA);
    assert_eq!(jobs(&people, &shown).len(), 1);
    let checks = people.world.github.checks();
    assert_eq!(checks.len(), 1, "{checks:?}");
    let usage = people.world.block_on(people.accounts.usage(&ada.id, people.now)).unwrap();
    assert_eq!(usage.jobs, 1);
}

/// Runs a round that dies when it has waited `k` times; reports whether it was over before.
fn dies_after(people: &People, k: u32) -> bool {
    let app = people.app();
    people.world.block_on(async {
        let mut round = pin!(app.work_on_pushes());
        let mut left = k;
        std::future::poll_fn(move |context| match round.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => {
                left -= 1;
                Poll::Pending
            }
        })
        .await
    })
}

#[test]
fn every_example_of_githubs_deliveries_is_answered() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../website/node_modules/@octokit/webhooks-examples/api.github.com/index.json"
    );
    let Ok(text) = std::fs::read_to_string(file) else {
        // Left out: `npm ci` in website/ brings the examples.
        return;
    };
    let people = People::start();
    people.person(1);
    let kinds: Value = serde_json::from_str(&text).unwrap();
    let mut n_sent = 0;
    for kind in kinds.as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        for (n, example) in kind["examples"].as_array().unwrap().iter().enumerate() {
            let answer = deliver(&people, name, &format!("{name}-{n}"), example);
            assert!(matches!(answer.status, 202 | 204), "{name} {n}: {}", answer.status);
            n_sent += 1;
            if answer.status == 202 {
                assert_ne!(finished(&people, &format!("{name}-{n}")), "gave_up", "{name} {n}");
            }
        }
    }
    assert!(n_sent > 100, "{n_sent}");
}

#[test]
fn a_server_without_an_app_says_that_it_has_none() {
    let world = World::start();
    let answer = world.post(WEBHOOK, &json!({}));
    assert_eq!((answer.status, answer.problem().as_str()), (404, "no_accounts"));
}
