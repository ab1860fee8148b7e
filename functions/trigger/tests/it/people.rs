//! A server with accounts: who may do what, and what nobody else can see.

use accounts::{
    Accounts, Channel, Installation, InstalledRepository, NewDevice, NewKey, NewMessage, Person, Scope, User,
};
use doctown_trigger::App;
use doctown_trigger::contract::{Auth, Op, Verb};
use pipeline::Clock;
use runtime::SystemClock;
use serde_json::{Value, json};

use crate::client::{Answer, ask};
use crate::world::{World, order};

const DAY_MS: u64 = 24 * 3_600_000;

/// What a request shows of who sent it.
pub(crate) enum Shown {
    Nothing,
    Session(String),
    Key(String),
}

/// A world whose server has accounts.
pub(crate) struct People {
    pub(crate) world: World,
    pub(crate) accounts: Accounts,
    pub(crate) now: u64,
}

impl People {
    pub(crate) fn start() -> Self {
        Self::in_world(World::new())
    }

    /// Starts a world that was told what else there is.
    pub(crate) fn in_world(world: World) -> Self {
        let mut people = Self::of(world);
        people.world.go(true);
        people
    }

    /// Starts a server that sells plans.
    pub(crate) fn start_with_billing() -> Self {
        let mut world = World::new();
        world.stripe = Some(billing::testserver::TestServer::start().expect("loopback ports are free"));
        Self::in_world(world)
    }

    /// A world whose server does not run yet.
    pub(crate) fn stopped() -> Self {
        Self::of(World::new())
    }

    fn of(mut world: World) -> Self {
        let file = database::address_of(&world.folder().join("accounts.sqlite"));
        let accounts = world.block_on(Accounts::open(&file)).unwrap();
        world.accounts = Some(accounts.clone());
        Self { world, accounts, now: SystemClock.now().0 }
    }

    pub(crate) fn app(&self) -> &App {
        self.world.app.as_ref().expect("it was started")
    }

    pub(crate) fn person(&self, github_id: u64) -> User {
        let login = format!("person-{github_id}");
        let person = Person { github_id, login, avatar_url: None, email: None };
        let user = self.world.block_on(self.accounts.sign_in(&person, self.now)).unwrap();
        self.world.block_on(self.accounts.set_plan(&user.id, "team")).unwrap();
        user
    }

    /// Signs somebody in, so many milliseconds ago.
    pub(crate) fn session(&self, user: &User, ago: u64) -> Shown {
        let begun = self.accounts.begin_session(&user.id, "a browser", self.now - ago);
        Shown::Session(self.world.block_on(begun).unwrap().0)
    }

    pub(crate) fn key(&self, user: &User, scopes: &[Scope]) -> (Shown, String) {
        let new = NewKey { name: "a program".to_owned(), scopes: scopes.to_vec(), expires_at: None };
        let (text, key) = self.world.block_on(self.accounts.make_key(&user.id, &new, self.now)).unwrap();
        (Shown::Key(text), key.id)
    }

    pub(crate) fn send(&self, method: &str, path: &str, shown: &Shown, body: &Value) -> Answer {
        let mut headers = Vec::new();
        let text = match shown {
            Shown::Nothing => String::new(),
            Shown::Session(token) => format!("other=1; __Host-doctown={token}"),
            Shown::Key(key) => format!("Bearer {key}"),
        };
        match shown {
            Shown::Nothing => {}
            Shown::Session(_) => headers.push(("cookie", text.as_str())),
            Shown::Key(_) => headers.push(("authorization", text.as_str())),
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        ask(self.world.address(), method, path, &headers, body.as_bytes())
    }

    /// A webhook that nobody answers at, and a message to it that was given up.
    fn webhook_with_message(&self, user: &User) -> (String, String) {
        let (account, now) = (user.id.as_str(), self.now);
        self.world.block_on(async {
            for old in self.accounts.endpoints(account).await.unwrap() {
                self.accounts.remove_endpoint(account, &old.id, now).await.unwrap();
            }
            let url = "https://127.0.0.1/nobody";
            let added =
                self.accounts.add_endpoint(account, url, &["job.failed"], now).await.unwrap().unwrap();
            let new = NewMessage {
                event_id: &added.id,
                event: "job.failed",
                channel: Channel::Webhook,
                endpoint: Some(&added.id),
                target: url,
                body: "{}",
            };
            self.accounts.queue_message(account, &new, now).await.unwrap();
            let listed = self.accounts.messages(account, 100).await.unwrap();
            let message = listed.into_iter().find(|it| it.event_id == added.id).unwrap();
            (added.id, message.id)
        })
    }

    /// Has a repository built again by itself, and returns the schedule's id.
    fn schedule(&self, user: &User, repo: &str) -> String {
        let setting = self.accounts.put_schedule(&user.id, repo, None, accounts::Every::Week, self.now);
        self.world.block_on(setting).unwrap().unwrap().id
    }

    /// Notes an installation of the App with one repository, of which GitHub knows nothing.
    fn install(&self, id: u64, github_account: u64, repository: u64) {
        let installation = Installation {
            id,
            github_account,
            login: "acme".to_owned(),
            installer: None,
            is_suspended: false,
            may_write_checks: false,
            may_write_pulls: false,
        };
        let repository = InstalledRepository {
            installation: id,
            id: repository,
            full_name: "acme/fifth".to_owned(),
            is_private: false,
            default_branch: "main".to_owned(),
            branches: None,
            is_building: true,
            fails_on: Vec::new(),
            comments: false,
            delivered_at: None,
        };
        self.world.block_on(async {
            self.accounts.put_installation(&installation, self.now).await.unwrap();
            self.accounts.put_installed(&repository).await.unwrap();
        });
    }

    /// A program that waits to be signed in.
    fn device(&self) -> NewDevice {
        let begun = self.accounts.begin_device("a laptop", &[Scope::JobsRead], self.now);
        self.world.block_on(begun).unwrap()
    }

    fn approve(&self, user: &User, device: &NewDevice) {
        let approved = self.accounts.approve_device(&user.id, &device.user_code, self.now);
        assert!(self.world.block_on(approved).unwrap());
    }

    pub(crate) fn submit(&self, shown: &Shown) -> Answer {
        self.order(shown, "acme/greetings")
    }

    pub(crate) fn order(&self, shown: &Shown, name: &str) -> Answer {
        self.send("POST", "/v1/jobs", shown, &order(name))
    }

    /// Has a docpack made for somebody, and returns the ids of its job and of itself.
    pub(crate) fn docpack(&self, shown: &Shown, name: &str) -> (String, String) {
        let answer = self.order(shown, name);
        assert_eq!(answer.status, 202, "{}", answer.json());
        let job = answer.json()["job"]["job_id"].as_str().unwrap().to_owned();
        for _ in 0..600 {
            let found = self.send("GET", &format!("/v1/jobs/{job}"), shown, &Value::Null).json();
            if found["is_over"] == true {
                assert_eq!(found["phase"], "completed", "{found}");
                return (job, found["docpack_id"].as_str().unwrap().to_owned());
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("the job is not over after a minute");
    }

    /// Says who may read a docpack.
    pub(crate) fn share(&self, shown: &Shown, docpack: &str, visibility: &str) {
        let path = format!("/v1/docpacks/{docpack}/sharing");
        let answer = self.send("POST", &path, shown, &json!({"visibility": visibility}));
        assert_eq!((answer.status, &answer.json()["visibility"]), (200, &json!(visibility)));
    }
}

/// Who asks, by what they show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Stranger,
    OtherAccount,
    KeyWithoutScope,
    RevokedKey,
    ExpiredSession,
    KeyWithScope,
    Member,
    Owner,
}

const EVERYBODY: [Who; 8] = [
    Who::Stranger,
    Who::OtherAccount,
    Who::KeyWithoutScope,
    Who::RevokedKey,
    Who::ExpiredSession,
    Who::KeyWithScope,
    Who::Member,
    Who::Owner,
];

/// The status of a request about what is the owner's, where the owner is answered with `own`.
fn expected(op: Op, who: Who, own: u16) -> u16 {
    let operation = op.operation();
    let is_about_own = operation.path.contains("{job_id}")
        || operation.path.contains("{docpack_id}")
        || operation.path.contains("{session_id}")
        || operation.path.contains("{key_id}")
        || operation.path.contains("{account_id}")
        || operation.path.contains("{webhook_id}")
        || operation.path.contains("{message_id}")
        || operation.path.contains("{schedule_id}")
        || operation.path.contains("{repository_id}")
        // A withdrawal is named by the repository's address.
        || matches!(op, Op::ReinstateRepository);
    match (operation.auth, who) {
        (Auth::Key, Who::OtherAccount | Who::Member | Who::Owner) => 403,
        (Auth::Open, _) | (_, Who::Owner) => own,
        (_, Who::RevokedKey) => 401,
        // Nobody else administers the repository.
        (_, Who::OtherAccount) if op == Op::WithdrawRepository => 403,
        // What is somebody else's does not exist.
        (_, Who::OtherAccount) if is_about_own => 404,
        (_, Who::OtherAccount) => own,
        (Auth::Optional, Who::Stranger | Who::ExpiredSession) => 404,
        (_, Who::Stranger | Who::ExpiredSession) => 401,
        (Auth::Session, Who::KeyWithoutScope | Who::KeyWithScope) => 403,
        // What concerns the account itself stays its owner's.
        (Auth::Session, Who::Member) => 403,
        (_, Who::Member) => own,
        (_, Who::KeyWithoutScope) if operation.scope.is_some() => 403,
        (_, Who::KeyWithoutScope | Who::KeyWithScope) => own,
    }
}

#[test]
fn every_operation_answers_everybody_as_the_table_says() {
    let people = People::start_with_billing();
    let owner = people.person(1);
    let session = people.session(&owner, 0);
    let (job, docpack) = people.docpack(&session, "acme/greetings");
    people.share(&session, &docpack, "private");
    for name in ["acme/second", "acme/third", "acme/fourth"] {
        people.world.github.add(crate::world::repository(name));
    }
    let symbols =
        people.send("GET", &format!("/v1/docpacks/{docpack}/search?q=greet"), &session, &Value::Null);
    let symbol = symbols.json()["hits"][0]["symbol"]["id"].as_str().expect("it finds a symbol").to_owned();
    let mut n_asked = 0;
    for (n_op, op) in Op::ALL.into_iter().enumerate() {
        let operation = op.operation();
        // What ends a session, an account or an order is asked of another one, and so is what nobody bought yet.
        let is_last = matches!(op, Op::SignOut | Op::DeleteMe | Op::RemoveDocpack | Op::OpenPortal);
        let owner = if is_last { people.person(500 + n_op as u64) } else { owner.clone() };
        let session = people.session(&owner, 0);
        let docpack = match op {
            Op::RemoveDocpack => {
                let (_, docpack) = people.docpack(&session, "acme/third");
                people.share(&session, &docpack, "private");
                docpack
            }
            Op::CreateLink | Op::RevokeLink => {
                people.share(&session, &docpack, "unlisted");
                docpack.clone()
            }
            _ => docpack.clone(),
        };
        let expired = people.session(&owner, 31 * DAY_MS);
        // The plan has room for the keys of one operation.
        for key in people.world.block_on(people.accounts.keys(&owner.id)).unwrap() {
            people.world.block_on(people.accounts.revoke_key(&owner.id, &key.id, people.now)).unwrap();
        }
        let (revoked, revoked_id) = people.key(&owner, &Scope::ALL);
        let revoke = people.accounts.revoke_key(&owner.id, &revoked_id, people.now);
        assert!(people.world.block_on(revoke).unwrap());
        for (n_who, who) in EVERYBODY.into_iter().enumerate() {
            let other = people.person(1_000 + (n_op * EVERYBODY.len() + n_who) as u64);
            let (spare_session, (_, spare_key)) =
                (people.session(&owner, 0), people.key(&owner, &Scope::ALL));
            let Shown::Session(spare) = &spare_session else { unreachable!() };
            let found = people.world.block_on(people.accounts.session(spare, people.now)).unwrap().unwrap();
            if op == Op::RemoveDocpack && matches!(who, Who::Member | Who::Owner) {
                // Somebody has just taken it off the list.
                people.docpack(&session, "acme/third");
            }
            let link = match op {
                Op::RevokeLink => {
                    let made = people.accounts.make_link(&owner.id, "public", &docpack, None, people.now);
                    people.world.block_on(made).unwrap().1.id
                }
                _ => String::new(),
            };
            // Somebody who is a member of the account, or has it as a member.
            let related = match op {
                Op::RemoveMember | Op::LeaveAccount => {
                    let friend = people.person(9_000 + (n_op * EVERYBODY.len() + n_who) as u64);
                    let (account, member) = match op {
                        Op::RemoveMember => (&owner, &friend),
                        _ => (&friend, &owner),
                    };
                    let added = people.accounts.add_member(&account.id, &member.login, 1_000, people.now);
                    people.world.block_on(added).unwrap().unwrap();
                    friend.id
                }
                _ => String::new(),
            };
            if op == Op::ReinstateRepository {
                let withdrawn = people.accounts.withdraw(
                    "https://github.com/acme/fourth",
                    accounts::WithdrawnBy::Owner(&owner.id),
                    people.now,
                );
                people.world.block_on(withdrawn).unwrap();
            }
            let (mut webhook, mut message) = (String::new(), String::new());
            if matches!(op, Op::RemoveWebhook | Op::TestWebhook | Op::ResendMessage) {
                (webhook, message) = people.webhook_with_message(&owner);
            }
            let schedule = match op {
                Op::RemoveSchedule => people.schedule(&owner, "acme/second"),
                _ => String::new(),
            };
            if operation.path.contains("{repository_id}") {
                people.install(77, owner.github_id, 5);
            }
            // Each request has a program of its own; its key is fetched once it was approved.
            let device = people.device();
            if op == Op::PollDevice {
                people.approve(&owner, &device);
            }
            let path = operation
                .path
                .replace("{user_code}", &device.user_code)
                .replace("{link_id}", &link)
                .replace("{job_id}", &job)
                .replace("{docpack_id}", &docpack)
                .replace("{other_id}", &docpack)
                .replace("{entry_path}", "manifest.json")
                .replace("{symbol_id}", &symbol)
                .replace("{session_id}", &found.id)
                .replace("{key_id}", &spare_key)
                .replace("{webhook_id}", &webhook)
                .replace("{message_id}", &message)
                .replace("{schedule_id}", &schedule)
                .replace("{account_id}", &related)
                .replace("{repository_id}", "5");
            let path = match op {
                Op::SearchDocpack | Op::AskDocpack => path + "?q=greet",
                Op::ReinstateRepository => path + "?repo_url=acme/fourth",
                _ => path,
            };
            let without: Vec<Scope> =
                Scope::ALL.into_iter().filter(|scope| Some(*scope) != operation.scope).collect();
            let made;
            let shown = match who {
                Who::Stranger => &Shown::Nothing,
                Who::OtherAccount | Who::Member => {
                    made = people.session(&other, 0);
                    &made
                }
                Who::KeyWithoutScope => {
                    made = people.key(&owner, &without).0;
                    &made
                }
                Who::KeyWithScope => {
                    made = people.key(&owner, &Scope::ALL).0;
                    &made
                }
                Who::RevokedKey => &revoked,
                Who::ExpiredSession => &expired,
                Who::Owner => &session,
            };
            let path = match who {
                Who::Member => {
                    let login = format!("person-{}", other.github_id);
                    let added = people.accounts.add_member(&owner.id, &login, 1_000, people.now);
                    people.world.block_on(added).unwrap().unwrap();
                    let joint = if path.contains('?') { '&' } else { '?' };
                    format!("{path}{joint}account={}", owner.id)
                }
                _ => path,
            };
            let body = match op {
                Op::WithdrawRepository => json!({"repo_url": "acme/fourth"}),
                Op::AddMember => json!({"login": "person-1000"}),
                Op::BeginCheckout => json!({"price": "price_team"}),
                Op::CreateJob => order("acme/second"),
                Op::ChooseBranches => json!({"branches": ["main"], "is_building": false}),
                Op::SetVisibility => json!({"visibility": "private"}),
                Op::CreateKey => json!({"name": "ci", "scopes": ["jobs:read"]}),
                Op::SetSchedule => json!({"repo_url": "acme/second", "every": "weekly"}),
                Op::AddWebhook => json!({"url": "https://example.org/hook"}),
                Op::SetNotifications => json!({"on_finished": false, "on_failed": false}),
                Op::BeginDevice => json!({"client_name": "a laptop", "scopes": ["jobs:read"]}),
                Op::PollDevice => json!({"device_code": device.device_code}),
                _ => Value::Null,
            };
            let method = match operation.verb {
                Verb::Get => "GET",
                Verb::Post => "POST",
                Verb::Delete => "DELETE",
            };
            // Of the team plan's keys some are left for the operation itself.
            for key in people.world.block_on(people.accounts.keys(&owner.id)).unwrap() {
                if matches!(op, Op::CreateKey | Op::ApproveDevice) && who == Who::Owner {
                    people
                        .world
                        .block_on(people.accounts.revoke_key(&owner.id, &key.id, people.now))
                        .unwrap();
                }
            }
            let own = match op {
                Op::CreateJob
                | Op::RetryJob
                | Op::TestWebhook
                | Op::ResendMessage
                | Op::RebuildRepository => 202,
                // Nobody but GitHub and Stripe has the secrets.
                Op::ReceiveDelivery | Op::TakeStripeEvent => 401,
                Op::CreateKey | Op::CreateLink | Op::AddMember | Op::AddWebhook | Op::BeginDevice => 201,
                Op::ApproveJob => 409,
                // Nobody bought anything.
                Op::OpenPortal => 409,
                // To GitHub, and back to the page that says that nobody came from there.
                Op::BeginSignIn | Op::FinishSignIn => 303,
                Op::DeleteMe
                | Op::SignOut
                | Op::EndSession
                | Op::RevokeKey
                | Op::RevokeThisKey
                | Op::ApproveDevice
                | Op::DenyDevice
                | Op::RevokeLink
                | Op::WithdrawRepository
                | Op::ReinstateRepository
                | Op::RemoveMember
                | Op::LeaveAccount
                | Op::RemoveSchedule
                | Op::RemoveWebhook
                | Op::RemoveDocpack => 204,
                _ => 200,
            };
            let answer = people.send(method, &path, shown, &body);
            let text = String::from_utf8_lossy(&answer.body);
            assert_eq!(answer.status, expected(op, who, own), "{method} {path} by {who:?}: {text}");
            people.world.block_on(people.accounts.remove_member(&owner.id, &other.id)).unwrap();
            n_asked += 1;
        }
    }
    assert_eq!(n_asked, Op::ALL.len() * EVERYBODY.len());
}

#[test]
fn accounts_share_a_pack_of_a_public_commit_and_nothing_else() {
    let people = People::start();
    let (ada, bob) = (people.person(1), people.person(2));
    let (of_ada, of_bob) = (people.session(&ada, 0), people.session(&bob, 0));
    let (job, docpack) = people.docpack(&of_ada, "acme/greetings");
    people.share(&of_ada, &docpack, "private");
    let path = format!("/v1/docpacks/{docpack}");
    let other = people.send("GET", &path, &of_bob, &Value::Null);
    let absent = people.send("GET", &format!("/v1/docpacks/{}", "0".repeat(64)), &of_bob, &Value::Null);
    // Somebody else's and none at all differ in the id that was asked for alone.
    let said = |answer: &Answer| {
        let mut problem = answer.json();
        for field in ["request_id", "instance", "detail"] {
            problem[field] = Value::Null;
        }
        (answer.status, problem)
    };
    assert_eq!(said(&other), said(&absent));
    let n_requests =
        people.send("GET", "/v1/jobs", &of_bob, &Value::Null).json()["items"].as_array().unwrap().len();
    assert_eq!(n_requests, 0);
    // The same commit of the same public repository is answered by what is there.
    let answer = people.submit(&of_bob).json();
    assert_eq!(
        (answer["job"]["job_id"].as_str(), &answer["job"]["phase"]),
        (Some(job.as_str()), &json!("completed"))
    );
    assert_eq!(people.send("GET", &path, &of_bob, &Value::Null).status, 200);
    for shown in [&of_ada, &of_bob] {
        let usage = people.send("GET", "/v1/me", shown, &Value::Null).json()["usage"]["jobs"].clone();
        assert_eq!(usage, 1);
    }
    assert_eq!(people.send("DELETE", "/v1/me", &of_ada, &Value::Null).status, 204);
    assert_eq!(people.send("GET", "/v1/me", &of_ada, &Value::Null).problem(), "invalid_credentials");
    assert_eq!(people.send("GET", &path, &of_bob, &Value::Null).status, 200, "what others share stays");
    assert_eq!(files_that_name(people.world.folder(), &ada.id), Vec::<String>::new());
    assert!(!files_that_name(people.world.folder(), &bob.id).is_empty());
    let list = people.world.block_on(people.accounts.user(&ada.id)).unwrap();
    assert_eq!(list, None);
}

#[test]
fn the_first_request_of_an_account_may_carry_an_idempotency_key() {
    let people = People::start();
    let send = |user: &User| {
        let Shown::Session(token) = people.session(user, 0) else { unreachable!() };
        let cookie = format!("__Host-doctown={token}");
        let headers = [("idempotency-key", "k-1"), ("cookie", cookie.as_str())];
        let answer = people.world.post_with("/v1/jobs", &headers, &order("acme/greetings"));
        assert_eq!(answer.status, 202, "{}", answer.json());
        answer.json()["job"]["job_id"].clone()
    };
    let (ada, bob) = (people.person(1), people.person(2));
    assert_eq!(send(&ada), send(&ada));
    assert_eq!(send(&ada), send(&bob), "a key is an account's own; the public job is shared");
}

#[test]
fn of_thirty_who_submit_at_once_for_the_last_job_one_is_accepted() {
    let people = People::start();
    let ada = people.person(1);
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    let session = people.session(&ada, 0);
    for job in ["a", "b", "c", "d"] {
        people.world.block_on(people.accounts.charge(&ada.id, 5, job, people.now)).unwrap();
    }
    let names: Vec<String> = (0..30).map(|n| format!("acme/late-{n}")).collect();
    for name in &names {
        people.world.github.add(crate::world::repository(name));
    }
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = names
            .iter()
            .map(|name| scope.spawn(|| people.send("POST", "/v1/jobs", &session, &order(name))))
            .collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 1);
    for refused in answers.iter().filter(|answer| answer.status != 202) {
        assert_eq!((refused.status, refused.problem().as_str()), (402, "quota_exceeded"));
        assert!(refused.header("ratelimit-reset").ends_with("-01T00:00:00.000Z"), "{refused:?}");
    }
    let jobs = people.send("GET", "/v1/jobs", &session, &Value::Null).json();
    assert_eq!(jobs["items"].as_array().unwrap().len(), 1);
}

/// Finds objects of the store whose name or content has this text.
pub(crate) fn files_that_name(folder: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("store")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap_or_default();
            let has = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            if has || path.to_string_lossy().contains(text) {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[test]
fn a_job_that_others_wait_for_is_not_cancelled() {
    let mut people = People::start();
    people.world.halt();
    people.world.go(false);
    let (of_ada, of_bob) = (people.session(&people.person(1), 0), people.session(&people.person(2), 0));
    let jobs = [&of_ada, &of_bob].map(|shown| people.submit(shown).json()["job"]["job_id"].clone());
    assert_eq!(jobs[0], jobs[1], "both wait for one job");
    let path = format!("/v1/jobs/{}/cancel", jobs[0].as_str().unwrap());
    assert_eq!(people.send("POST", &path, &of_bob, &Value::Null).problem(), "job_shared");
    assert_eq!(people.send("DELETE", "/v1/me", &of_ada, &Value::Null).status, 204);
    assert_eq!(people.send("POST", &path, &of_bob, &Value::Null).json()["phase"], "cancelled");
}

#[test]
fn a_program_is_signed_in_by_a_code_that_its_user_approves_on_the_website() {
    let people = People::start();
    let ada = people.person(1);
    let session = people.session(&ada, 0);
    let send = |method: &str, path: &str, shown: &Shown, body: Value| people.send(method, path, shown, &body);
    let wanted = json!({"client_name": " doctown on a laptop ", "scopes": ["packs:read", "jobs:read"]});
    let begun = send("POST", "/v1/devices", &Shown::Nothing, wanted.clone());
    assert_eq!(begun.status, 201);
    let codes = begun.json();
    let user_code = codes["user_code"].as_str().unwrap();
    assert_eq!(codes["verification_url"], "http://doctown.example/device");
    let complete = format!("http://doctown.example/device?code={user_code}");
    assert_eq!(
        (&codes["verification_url_complete"], &codes["interval_seconds"]),
        (&json!(complete), &json!(5))
    );
    let poll = || {
        let body = json!({"device_code": codes["device_code"]});
        send("POST", "/v1/devices/token", &Shown::Nothing, body)
    };
    let first = poll();
    assert_eq!((first.status, first.problem().as_str()), (400, "authorization_pending"));
    assert_eq!(poll().problem(), "slow_down");
    let path = format!("/v1/devices/{}", user_code.to_lowercase());
    let shown = send("GET", &path, &session, Value::Null).json();
    assert_eq!(shown["client_name"], "doctown on a laptop");
    assert_eq!(
        (&shown["user_code"], &shown["scopes"]),
        (&json!(user_code), &json!(["jobs:read", "packs:read"]))
    );
    assert_eq!(send("POST", &format!("{path}/approve"), &session, Value::Null).status, 204);
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..10).map(|_| scope.spawn(poll)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let made: Vec<Value> = answers.iter().filter(|answer| answer.status == 200).map(Answer::json).collect();
    assert_eq!(made.len(), 1, "ten requests at once get one key");
    let key = Shown::Key(made[0]["key"].as_str().unwrap().to_owned());
    assert_eq!(made[0]["summary"]["name"], "doctown on a laptop");
    assert_eq!(poll().problem(), "device_code_expired");
    assert_eq!(send("GET", "/v1/me", &key, Value::Null).json()["login"], "person-1");
    let this = send("GET", "/v1/me/keys/this", &key, Value::Null).json();
    assert_eq!(
        (&this["id"], &this["scopes"]),
        (&made[0]["summary"]["id"], &json!(["jobs:read", "packs:read"]))
    );
    assert_eq!(send("DELETE", "/v1/me/keys/this", &key, Value::Null).status, 204);
    assert_eq!(send("DELETE", "/v1/me/keys/this", &key, Value::Null).problem(), "invalid_credentials");
    assert_eq!(send("GET", "/v1/me/keys/this", &session, Value::Null).problem(), "key_required");
    // A program that is denied, and one that the plan has no key for.
    let denied = people.device();
    let of_denied = format!("/v1/devices/{}", denied.user_code);
    assert_eq!(send("POST", &format!("{of_denied}/deny"), &session, Value::Null).status, 204);
    let body = json!({"device_code": denied.device_code});
    assert_eq!(send("POST", "/v1/devices/token", &Shown::Nothing, body).problem(), "access_denied");
    assert_eq!(send("GET", &of_denied, &session, Value::Null).problem(), "no_such_device_code");
    people.world.block_on(people.accounts.set_plan(&ada.id, "free")).unwrap();
    people.key(&ada, &[Scope::JobsRead]);
    people.key(&ada, &[Scope::JobsRead]);
    let refused =
        send("POST", &format!("/v1/devices/{}/approve", people.device().user_code), &session, Value::Null);
    assert_eq!((refused.status, refused.problem().as_str()), (409, "too_many_keys"));
    for (body, field) in [
        (json!({"client_name": "", "scopes": ["jobs:read"]}), "/client_name"),
        (json!({"client_name": "x".repeat(101), "scopes": ["jobs:read"]}), "/client_name"),
        (json!({"client_name": "a\u{1b}[2J", "scopes": ["jobs:read"]}), "/client_name"),
        (json!({"client_name": "a", "scopes": []}), "/scopes"),
        (json!({"client_name": "a", "scopes": ["everything"]}), "/scopes"),
    ] {
        let refused = send("POST", "/v1/devices", &Shown::Nothing, body);
        assert_eq!(
            (refused.problem().as_str(), &refused.json()["errors"][0]["pointer"]),
            ("invalid_field", &json!(field))
        );
    }
}

#[test]
fn an_account_that_guesses_codes_and_an_address_that_opens_many_are_told_to_wait() {
    let mut people = People::start();
    people.world.halt();
    people.world.settings.writes_per_minute = 600;
    people.world.go(false);
    let session = people.session(&people.person(1), 0);
    let guess = || people.send("GET", "/v1/devices/BBBB-BBBB", &session, &Value::Null);
    for _ in 0..20 {
        assert_eq!(guess().problem(), "no_such_device_code");
    }
    let stopped = guess();
    assert_eq!((stopped.status, stopped.problem().as_str()), (429, "rate_limit_exceeded"));
    let wait: u64 = stopped.header("retry-after").parse().unwrap();
    assert!((500..=600).contains(&wait), "{wait}");
    let wanted = json!({"client_name": "a laptop", "scopes": ["jobs:read"]});
    let begin = || people.send("POST", "/v1/devices", &Shown::Nothing, &wanted);
    let statuses: Vec<u16> = (0..22).map(|_| begin().status).collect();
    assert!(statuses[..20].iter().all(|status| *status == 201), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    let other = people.send("POST", "/v1/jobs", &session, &json!({}));
    assert_eq!(other.problem(), "invalid_field", "other requests have a limit of their own");
}

/// The value of a cookie that an answer sets, with everything that is said of it.
fn set_cookie(answer: &Answer, name: &str) -> (String, String) {
    let line = answer.header("set-cookie");
    let (value, rest) = line.split_once(';').unwrap_or((line, ""));
    assert_eq!(value.split_once('=').map(|(found, _)| found), Some(name), "{line}");
    (value.split_once('=').unwrap().1.to_owned(), rest.to_owned())
}

#[test]
fn somebody_signs_in_with_github_and_comes_back_to_the_page_that_was_asked_for() {
    let people = People::start();
    people.world.github.sign_in(7, "ada");
    let begin = |return_to: &str| people.world.get(&format!("/v1/sign-in?return_to={return_to}"));
    let left = begin("/jobs%3Fa=b");
    assert_eq!(left.status, 303);
    let (browser, said) = set_cookie(&left, "__Host-doctown-sign-in");
    assert_eq!(said, " Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
    let at_github = left.header("location").to_owned();
    assert!(at_github.contains("code_challenge_method=S256") && !at_github.contains(&browser), "{at_github}");
    let go = |address: &str| {
        let url = url::Url::parse(address).unwrap();
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let path = format!("{}?{}", url.path(), url.query().unwrap());
        ask(host.parse().unwrap(), "GET", &path, &[], b"")
    };
    let back = go(&at_github).header("location").to_owned();
    let path = back.strip_prefix("http://doctown.example").unwrap().to_owned();
    // In another browser, and with none at all, nobody is signed in.
    for cookie in ["", "__Host-doctown-sign-in=another"] {
        let refused = people.world.get_with(&path, &[("cookie", cookie)]);
        assert_eq!(refused.header("location"), "/login?error=sign_in_failed");
    }
    let way = format!("__Host-doctown-sign-in={browser}");
    let done = people.world.get_with(&path, &[("cookie", &way), ("user-agent", "a browser")]);
    assert_eq!((done.status, done.header("location")), (303, "/jobs?a=b"));
    let cookies = &done.all("set-cookie");
    let session = cookies.iter().find_map(|line| line.strip_prefix("__Host-doctown=")).unwrap();
    let (token, said) = session.split_once(';').unwrap();
    assert_eq!(said, " Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000");
    let shown = Shown::Session(token.to_owned());
    let me = people.send("GET", "/v1/me", &shown, &Value::Null).json();
    assert_eq!((&me["login"], &me["plan"]), (&json!("ada"), &json!("free")));
    let again = people.world.get_with(&path, &[("cookie", &way)]);
    assert_eq!(again.header("location"), "/login?error=sign_in_failed", "a way back is used once");
    // Signing in again in the same browser ends the session that was there.
    let left = begin("//evil.example");
    let (browser, _) = set_cookie(&left, "__Host-doctown-sign-in");
    let back = go(left.header("location")).header("location").to_owned();
    let both = format!("__Host-doctown={token}; __Host-doctown-sign-in={browser}");
    let done =
        people.world.get_with(back.strip_prefix("http://doctown.example").unwrap(), &[("cookie", &both)]);
    assert_eq!(done.header("location"), "/", "no other site is led to");
    assert_eq!(people.send("GET", "/v1/me", &shown, &Value::Null).problem(), "invalid_credentials");
    let denied = people.world.get_with("/v1/sign-in/callback?error=access_denied", &[]);
    assert_eq!(denied.header("location"), "/login?error=sign_in_failed");
}

#[test]
fn a_docpack_is_read_by_those_whom_its_owners_let() {
    let people = People::start();
    let (of_ada, of_bob) = (people.session(&people.person(1), 0), people.session(&people.person(2), 0));
    let (_, docpack) = people.docpack(&of_ada, "acme/greetings");
    let path = format!("/v1/docpacks/{docpack}");
    let reads = |path: &str| people.send("GET", path, &Shown::Nothing, &Value::Null).status;
    let commons = || {
        let listed = people.send("GET", "/v1/commons", &Shown::Nothing, &Value::Null).json();
        let ids = listed["items"].as_array().unwrap().iter().map(|item| item["docpack_id"].clone());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(
        (reads(&path), commons()),
        (200, vec![json!(docpack)]),
        "a public repository is for everybody"
    );
    people.share(&of_ada, &docpack, "private");
    assert_eq!((reads(&path), commons()), (404, vec![]));
    let links = format!("{path}/links");
    assert_eq!(people.send("POST", &links, &of_ada, &Value::Null).problem(), "docpack_private");
    people.share(&of_ada, &docpack, "unlisted");
    let made = people.send("POST", &links, &of_ada, &json!({"expires_in_days": 7})).json();
    let token = made["token"].as_str().unwrap();
    let with_link = format!("{path}/entries/manifest.json?link={token}");
    assert_eq!((reads(&path), reads(&with_link), commons()), (404, 200, vec![]));
    let other = format!("/v1/docpacks/sha256:{}?link={token}", "0".repeat(64));
    assert_eq!(reads(&other), 404, "a link opens one docpack");
    people.share(&of_ada, &docpack, "private");
    assert_eq!(reads(&with_link), 404, "a link opens nothing private");
    people.share(&of_ada, &docpack, "unlisted");
    let id = made["summary"]["id"].as_str().unwrap();
    assert_eq!(people.send("DELETE", &format!("{links}/{id}"), &of_ada, &Value::Null).status, 204);
    assert_eq!(reads(&with_link), 404);
    // Whoever orders the same pack speaks for itself.
    assert_eq!(people.send("GET", &format!("{path}/sharing"), &of_bob, &Value::Null).status, 404);
    people.docpack(&of_bob, "acme/greetings");
    assert_eq!((reads(&path), commons()), (200, vec![json!(docpack)]));
    let of_ada_s = people.send("GET", &format!("{path}/sharing"), &of_ada, &Value::Null).json();
    assert_eq!((&of_ada_s["visibility"], &of_ada_s["is_public"]), (&json!("unlisted"), &json!(true)));
    assert_eq!(people.send("DELETE", &path, &of_bob, &Value::Null).status, 204);
    assert_eq!((reads(&path), commons()), (404, vec![]));
    assert_eq!(people.send("GET", &path, &of_ada, &Value::Null).status, 200);
}
