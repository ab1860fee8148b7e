//! Private repositories, teams, withdrawn repositories and limits of plans, on a server with accounts.

use std::time::{Duration, Instant};

use accounts::{Grant, User};
use serde_json::{Value, json};

use crate::client::{Answer, ask};
use crate::people::{People, Shown, files_that_name};
use crate::world::repository;

/// Signs somebody in as a browser does, so that the server has a token of theirs.
fn sign_in(people: &People, github_id: u64, login: &str) -> (User, Shown) {
    people.world.github.sign_in(github_id, login);
    let left = people.world.get("/v1/sign-in");
    let (way, _) = left.header("set-cookie").split_once(';').unwrap();
    let url = url::Url::parse(left.header("location")).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let path = format!("{}?{}", url.path(), url.query().unwrap());
    let back = ask(host.parse().unwrap(), "GET", &path, &[], b"");
    let path = back.header("location").strip_prefix("http://doctown.example").unwrap().to_owned();
    let done = people.world.get_with(&path, &[("cookie", way)]);
    assert_eq!((done.status, done.header("location")), (303, "/"));
    let cookies = done.all("set-cookie");
    let session = cookies.iter().find_map(|line| line.strip_prefix("__Host-doctown=")).unwrap();
    let shown = Shown::Session(session.split_once(';').unwrap().0.to_owned());
    let me = get(people, "/v1/me", &shown).json();
    let account = me["account"].as_str().unwrap();
    (people.world.block_on(people.accounts.user(account)).unwrap().unwrap(), shown)
}

fn get(people: &People, path: &str, shown: &Shown) -> Answer {
    people.send("GET", path, shown, &Value::Null)
}

fn set_plan(people: &People, user: &User, plan: &str) {
    assert!(people.world.block_on(people.accounts.set_plan(&user.id, plan)).unwrap());
}

/// Adds a private repository that these people may see.
fn add_private(people: &People, name: &str, readers: &[&str]) {
    let mut secret = repository(name);
    secret.private = true;
    secret.readers = readers.iter().map(|login| (*login).to_owned()).collect();
    secret.owner_id = 1;
    people.world.github.add(secret);
}

/// Waits until something holds, for at most ten seconds.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < until, "{what} did not come true in ten seconds");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_private_repository_is_read_with_its_owner_s_token_and_stays_in_their_tenant() {
    let people = People::start();
    add_private(&people, "acme/secret", &["ada"]);
    let (ada, of_ada) = sign_in(&people, 1, "ada");
    let (_, of_bob) = sign_in(&people, 2, "bob");
    let refused = people.order(&of_ada, "acme/secret");
    assert_eq!((refused.status, refused.problem().as_str()), (402, "private_not_in_plan"));
    set_plan(&people, &ada, "creator");
    assert_eq!(
        get(&people, "/v1/me", &of_ada).json()["private_repositories"],
        json!({"allowed": true, "connected": true})
    );
    let (job, docpack) = people.docpack(&of_ada, "acme/secret");
    // To others it is as one that does not exist.
    for shown in [&of_bob, &Shown::Nothing] {
        assert_eq!(people.order(&of_bob, "acme/secret").problem(), "repo_not_found");
        assert_eq!(get(&people, &format!("/v1/docpacks/{docpack}"), shown).status, 404);
        let search = format!("/v1/docpacks/{docpack}/search?q=greet");
        assert_eq!(get(&people, &search, shown).status, 404);
        assert_ne!(get(&people, &format!("/v1/jobs/{job}/events"), shown).status, 200);
    }
    let commons = get(&people, "/v1/commons", &Shown::Nothing).json();
    assert_eq!(commons["items"], json!([]));
    let list = get(&people, "/v1/docpacks", &of_ada).json();
    assert_eq!(list["items"][0]["visibility"], "private");
    let path = format!("/v1/docpacks/{docpack}/sharing");
    let public = people.send("POST", &path, &of_ada, &json!({"visibility": "public"}));
    assert_eq!(public.problem(), "invalid_field", "what is private at GitHub is not made public here");
    // The operator's configuration has no part in it: every object lies in the tenant of the account.
    let names = |text: &str| files_that_name(people.world.folder(), text);
    assert!(!names(&docpack["sha256:".len()..]).is_empty());
    for file in names("acme/secret") {
        assert!(file.contains(&ada.id), "{file}");
    }
    // A private docpack that is taken off the list is deleted with what its job wrote.
    let path = format!("/v1/docpacks/{docpack}");
    assert_eq!(people.send("DELETE", &path, &of_ada, &Value::Null).status, 204);
    assert_eq!(get(&people, &path, &of_ada).status, 404);
    let left = names(&ada.id);
    assert!(!left.iter().any(|file| file.contains("/docpacks/") || file.contains("/artifacts/")), "{left:?}");
    // Tokens are in no object, and deleting the account leaves none of its objects.
    assert_eq!(names("ghu_"), Vec::<String>::new());
    assert_eq!(people.send("DELETE", "/v1/me", &of_ada, &Value::Null).status, 204);
    // A message that a worker is about to delete is the last thing to go.
    eventually("nothing is left", || names(&ada.id).is_empty() && names("acme/secret").is_empty());
}

#[test]
fn who_loses_the_right_to_see_a_repository_cannot_build_it_again() {
    let people = People::start();
    add_private(&people, "acme/secret", &["ada"]);
    let (ada, of_ada) = sign_in(&people, 1, "ada");
    set_plan(&people, &ada, "creator");
    people.docpack(&of_ada, "acme/secret");
    // A token that ends soon is refreshed, once, and works on.
    let keys = crate::world::SECRET_KEYS.parse().unwrap();
    let state = people.world.block_on(people.accounts.grant(&keys, &ada.id, people.now)).unwrap();
    let accounts::GrantState::Fresh(grant) = state else { panic!("{state:?}") };
    let put_stale = |grant: Grant| {
        let grant = Grant { access_expires_at: Some(people.now), ..grant };
        people.world.block_on(people.accounts.put_grant(&keys, &ada.id, &grant, people.now)).unwrap();
    };
    put_stale(grant.clone());
    assert_eq!(people.order(&of_ada, "acme/secret").status, 202);
    let state = people.world.block_on(people.accounts.grant(&keys, &ada.id, people.now)).unwrap();
    let accounts::GrantState::Fresh(fresh) = state else { panic!("{state:?}") };
    assert_ne!(fresh.access_token, grant.access_token);
    add_private(&people, "acme/secret", &[]);
    eventually("the look before is forgotten", || {
        people.order(&of_ada, "acme/secret").problem() == "repo_not_found"
    });
    // Who revokes the App at GitHub has no token here any more.
    people.world.github.revoke_tokens("ada");
    put_stale(fresh);
    assert_eq!(people.order(&of_ada, "acme/secret").problem(), "repo_not_found");
    assert_eq!(get(&people, "/v1/me", &of_ada).json()["private_repositories"]["connected"], false);
}

#[test]
fn a_repository_that_turns_private_is_shown_to_nobody_until_it_is_public_again() {
    let mut people = People::start();
    people.world.halt();
    // Each look is due at once.
    people.world.settings.repository_look_age = Duration::ZERO;
    people.world.go(true);
    let of_ada = people.session(&people.person(1), 0);
    let (_, docpack) = people.docpack(&of_ada, "acme/greetings");
    let path = format!("/v1/docpacks/{docpack}");
    let made = people.send("POST", &format!("{path}/links"), &of_ada, &json!({})).json();
    let ways = [
        path.clone(),
        format!("{path}/download"),
        format!("{path}/search?q=greet"),
        format!("{path}/entries/manifest.json?link={}", made["token"].as_str().unwrap()),
    ];
    let shown = || {
        let everybody = ways.iter().all(|way| get(&people, way, &Shown::Nothing).status == 200);
        let commons = get(&people, "/v1/commons", &Shown::Nothing).json();
        (everybody, commons["items"] != json!([]), get(&people, &path, &of_ada).status == 200)
    };
    assert_eq!(shown(), (true, true, true));
    add_private(&people, "acme/greetings", &[]);
    eventually("it is withdrawn", || shown() == (false, false, false));
    for way in &ways {
        assert_eq!(get(&people, way, &Shown::Nothing).status, 404, "{way}");
    }
    people.world.github.add(repository("acme/greetings"));
    eventually("it is back", || shown() == (true, true, true));
    people.world.github.remove("acme/greetings");
    eventually("it is gone", || shown() == (false, false, false));
}

#[test]
fn a_repository_is_withdrawn_when_an_order_finds_it_private() {
    let people = People::start();
    let of_ada = people.session(&people.person(1), 0);
    let (_, docpack) = people.docpack(&of_ada, "acme/greetings");
    let path = format!("/v1/docpacks/{docpack}");
    add_private(&people, "acme/greetings", &[]);
    // A look is good for some seconds.
    eventually("an order is refused", || people.submit(&of_ada).status == 404);
    assert_eq!(get(&people, &path, &Shown::Nothing).status, 404);
}

#[test]
fn only_who_administers_a_repository_withdraws_it_and_gives_it_back() {
    let people = People::start();
    let mut greetings = repository("acme/greetings");
    greetings.owner_id = 1;
    people.world.github.add(greetings);
    let (_, of_ada) = sign_in(&people, 1, "ada");
    let of_bob = people.session(&people.person(2), 0);
    let (_, docpack) = people.docpack(&of_bob, "acme/greetings");
    let read = || get(&people, &format!("/v1/docpacks/{docpack}"), &of_bob).status;
    let body = json!({"repo_url": "https://github.com/Acme/Greetings/tree/main"});
    let withdraw = |shown: &Shown| people.send("POST", "/v1/withdrawals", shown, &body);
    assert_eq!(withdraw(&of_bob).problem(), "not_repository_owner");
    assert_eq!((withdraw(&of_ada).status, withdraw(&of_ada).status, read()), (204, 204, 404));
    let listed = get(&people, "/v1/withdrawals", &of_ada).json();
    assert_eq!(listed["items"][0]["repo_url"], "https://github.com/acme/greetings");
    // Whoever orders it again sees no more of it.
    assert_eq!(people.submit(&of_bob).status, 202);
    assert_eq!(read(), 404);
    let give_back =
        |shown: &Shown| people.send("DELETE", "/v1/withdrawals?repo_url=acme/greetings", shown, &Value::Null);
    assert_eq!(give_back(&of_bob).problem(), "no_such_withdrawal");
    assert_eq!((give_back(&of_ada).status, read()), (204, 200));
}

#[test]
fn a_member_uses_the_account_but_does_not_own_it() {
    let people = People::start();
    add_private(&people, "acme/secret", &["ada", "bob"]);
    add_private(&people, "acme/hidden", &["ada"]);
    let (ada, of_ada) = sign_in(&people, 1, "ada");
    let (bob, of_bob) = sign_in(&people, 2, "bob");
    set_plan(&people, &ada, "team");
    let in_team = |path: &str| format!("{path}?account={}", ada.id);
    assert_eq!(get(&people, &in_team("/v1/jobs"), &of_bob).problem(), "no_such_account");
    let added = people.send("POST", "/v1/me/members", &of_ada, &json!({"login": "bob"}));
    assert_eq!((added.status, &added.json()["account"]), (201, &json!(bob.id)));
    let order = |name: &str| {
        let body = json!({"repo_url": name, "options": {"embeddings": false}});
        people.send("POST", &in_team("/v1/jobs"), &of_bob, &body)
    };
    assert_eq!(order("acme/secret").status, 202);
    // A member sees through an account no repository that they may not see themselves.
    assert_eq!(order("acme/hidden").problem(), "repo_not_found");
    let n_jobs =
        |path: &str, shown: &Shown| get(&people, path, shown).json()["items"].as_array().unwrap().len();
    assert_eq!((n_jobs("/v1/jobs", &of_ada), n_jobs("/v1/jobs", &of_bob)), (1, 0));
    assert_eq!(n_jobs(&in_team("/v1/jobs"), &of_bob), 1);
    let keys = people.send("GET", &in_team("/v1/me/keys"), &of_bob, &Value::Null);
    assert_eq!(keys.problem(), "owner_required");
    let me = get(&people, "/v1/me", &of_bob).json();
    assert_eq!(me["memberships"][0]["login"], "ada");
    let leave = format!("/v1/me/memberships/{}", ada.id);
    assert_eq!(people.send("DELETE", &leave, &of_bob, &Value::Null).status, 204);
    assert_eq!(get(&people, &in_team("/v1/jobs"), &of_bob).problem(), "no_such_account");
}

#[test]
fn an_account_runs_as_many_jobs_as_its_plan_allows_at_once() {
    let mut people = People::start();
    people.world.halt();
    people.world.go(false);
    let ada = people.person(1);
    set_plan(&people, &ada, "creator");
    let of_ada = people.session(&ada, 0);
    let names: Vec<String> = (0..10).map(|n| format!("acme/at-once-{n}")).collect();
    for name in &names {
        people.world.github.add(repository(name));
    }
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = names.iter().map(|name| scope.spawn(|| people.order(&of_ada, name))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let (accepted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 202);
    assert_eq!((accepted.len(), refused.len()), (3, 7));
    for answer in refused {
        assert_eq!((answer.problem().as_str(), answer.header("retry-after")), ("too_many_jobs", "30"));
    }
    let usage = &get(&people, "/v1/me", &of_ada).json()["usage"];
    assert_eq!(
        (&usage["jobs"], &usage["running_jobs"]),
        (&json!(3), &json!(3)),
        "refused jobs count nothing"
    );
    let with_model = json!({"repo_url": "acme/greetings", "options": {"prose": {"models": ["x"]}}});
    let order_model = || people.send("POST", "/v1/jobs", &of_ada, &with_model).problem();
    // The plan allows a model; this server has none.
    assert_eq!(order_model(), "no_embedder");
    set_plan(&people, &ada, "free");
    assert_eq!(order_model(), "model_not_in_plan");
    let mut large = repository("acme/large");
    large.size_kib = 300_000;
    people.world.github.add(large);
    assert_eq!(people.order(&of_ada, "acme/large").problem(), "repository_exceeds_plan");
}

#[test]
fn a_stream_ends_soon_after_its_session() {
    let mut people = People::start();
    people.world.halt();
    people.world.go(false);
    let of_ada = people.session(&people.person(1), 0);
    let job = people.submit(&of_ada).json()["job"]["job_id"].as_str().unwrap().to_owned();
    let Shown::Session(token) = &of_ada else { unreachable!() };
    let cookie = format!("__Host-doctown={token}");
    let headers = [("cookie", cookie.as_str()), ("accept", "text/event-stream")];
    let mut reader =
        crate::client::begin(people.world.address(), "GET", &format!("/v1/jobs/{job}/events"), &headers, b"");
    assert_eq!(crate::client::head(&mut reader).0, 200);
    assert!(crate::client::chunk(&mut reader).is_some(), "the job was created");
    assert_eq!(people.send("POST", "/v1/sign-out", &of_ada, &Value::Null).status, 204);
    let began = Instant::now();
    while crate::client::chunk(&mut reader).is_some() {
        assert!(began.elapsed() < Duration::from_secs(10), "the stream goes on without a session");
    }
}
