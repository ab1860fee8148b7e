//! An App against a local server that checks its statements and gives tokens for what was asked only.

use github::{
    App, AppKey, CheckRun, Conclusion, ConvertError, GithubError, Manifest, Permissions, Pull, branch_head,
    convert, installed_repositories, merge_base, open_pulls, repository,
};
use source::testserver::{
    APP_KEY, CLIENT_ID, CLIENT_SECRET, ListedDelivery, Repository, TestInstallation, TestPull, TestServer,
    WEBHOOK_SECRET,
};

use doctown_github as github;

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

struct World {
    server: TestServer,
    app: App,
    ids: Vec<u64>,
}

/// A server with five private repositories, of which the installation 7 has the first three and 8 the last two.
fn world() -> World {
    let server = TestServer::start().expect("loopback ports are free");
    let mut ids = Vec::new();
    for name in ["acme/one", "acme/two", "acme/three", "other/four", "other/five"] {
        let mut made =
            Repository::empty(name).commit(SHA, "2024-05-01T12:00:00Z", &["main"], &[("a.py", b"a = 1\n")]);
        made.private = true;
        ids.push(made.id);
        server.add(made);
    }
    let install = |id, account_id, login: &str, ids: &[u64]| {
        let repositories = ids.iter().copied().collect();
        let account_login = login.to_owned();
        let may_write_checks = id == 7;
        server.install(TestInstallation {
            id,
            account_id,
            account_login,
            repositories,
            may_write_checks,
            may_write_pulls: id == 7,
            is_suspended: false,
        });
    };
    install(7, 1, "acme", &ids[..3]);
    install(8, 2, "other", &ids[3..]);
    let app = App::new(CLIENT_ID, AppKey::parse(APP_KEY).expect("it is a key"), server.config());
    World { server, app, ids }
}

#[test]
fn a_token_reaches_the_one_repository_that_it_was_made_for() {
    let World { server, app, ids } = world();
    let token = app.token(7, Some(ids[0]), Permissions::ReadContents).unwrap();
    assert_eq!(repository(&app, &token, ids[0]).unwrap().full_name, "acme/one");
    assert_eq!(branch_head(&app, &token, ids[0], "main").unwrap(), SHA);
    let absent = |what| Err(GithubError::Absent { what });
    assert_eq!(branch_head(&app, &token, ids[0], "gone"), absent("branch"));
    // A second private repository of the same installation is as absent as one of another.
    assert!(matches!(repository(&app, &token, ids[1]), Err(GithubError::Absent { .. })));
    assert!(matches!(repository(&app, &token, ids[4]), Err(GithubError::Absent { .. })));
    let given = server.given_tokens();
    assert_eq!(given[0].repositories, Some([ids[0]].into()));
    assert_eq!(given[0].permissions, [("contents".to_owned(), "read".to_owned())].into());
}

#[test]
fn a_repository_of_another_installation_gets_no_token() {
    let World { server: _server, app, ids } = world();
    let refused = app.token(7, Some(ids[3]), Permissions::ReadContents);
    assert_eq!(refused, Err(GithubError::NotCovered));
    assert_eq!(app.token(9, Some(ids[3]), Permissions::ReadContents), Err(GithubError::NotInstalled));
}

#[test]
fn a_suspended_or_removed_installation_has_a_code_of_its_own() {
    let World { server, app, ids } = world();
    server.change_installation(7, |it| it.is_suspended = true);
    let error = app.token(7, Some(ids[0]), Permissions::ReadContents).unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("installation_suspended", false));
    assert!(app.installation(7).unwrap().is_suspended);
    server.uninstall(7);
    assert_eq!(app.installation(7), Err(GithubError::NotInstalled));
}

#[test]
fn a_clock_that_is_wrong_by_an_hour_is_set_by_githubs_date() {
    for ahead in [3_600, -3_600] {
        let World { server, app, .. } = world();
        server.set_clock_ahead(ahead);
        assert_eq!(app.identity().unwrap().slug, "doctown");
        let n_before = server.requests().len();
        // The second request is right at once.
        app.installation(7).unwrap();
        assert_eq!(server.requests().len(), n_before + 1);
    }
}

#[test]
fn another_key_is_refused_and_not_taken_for_a_wrong_clock() {
    let World { server, .. } = world();
    let app = App::new("1", AppKey::parse(APP_KEY).unwrap(), server.config());
    assert_eq!(app.identity().unwrap_err(), GithubError::AppRefused);
}

#[test]
fn lists_are_read_to_their_last_page() {
    let World { server, app, ids } = world();
    server.install(TestInstallation { id: 9, account_id: 3, ..TestInstallation::default() });
    let found: Vec<u64> = app.installations().unwrap().iter().map(|it| it.id).collect();
    assert_eq!(found, [7, 8, 9]);
    let mut listed = Vec::new();
    installed_repositories(&app, 7, |page| {
        listed.extend(page.into_iter().map(|it| it.id));
        true
    })
    .unwrap();
    listed.sort_unstable();
    let mut expected = ids[..3].to_vec();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

#[test]
fn of_failed_deliveries_those_that_arrived_later_are_left_out() {
    let World { server, app, .. } = world();
    let list = |id, guid: &str, minute: u32, status_code| {
        let delivered_at = format!("2024-05-01T12:{minute:02}:00Z");
        server.list_delivery(ListedDelivery { id, guid: guid.to_owned(), delivered_at, status_code });
    };
    list(1, "old", 1, 502);
    list(2, "lost", 2, 502);
    list(3, "late", 3, 500);
    list(4, "fine", 4, 202);
    list(5, "lost", 5, 0);
    list(6, "late", 6, 202);
    let failed = app.failed_deliveries("2024-05-01T12:02:00Z").unwrap();
    assert_eq!(failed.iter().map(|it| (it.id, it.guid.as_str())).collect::<Vec<_>>(), [(5, "lost")]);
    app.redeliver(5).unwrap();
    assert_eq!(server.redelivered(), [5]);
}

#[test]
fn a_check_run_is_written_once_however_often_it_is_put() {
    let World { server, app, ids } = world();
    let run = CheckRun {
        commit: SHA.to_owned(),
        external_id: "job-1".to_owned(),
        title: "3 symbols".to_owned(),
        summary: "All of it.".to_owned(),
        details_url: "https://doctown.example/packs/1".to_owned(),
        conclusion: Conclusion::Neutral,
    };
    for _ in 0..3 {
        app.put_check_run(7, ids[0], "acme/one", &run).unwrap();
    }
    let checks = server.checks();
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].n_writes, checks[0].commit.as_str()), (3, SHA));
    assert_eq!(checks[0].body["conclusion"], "neutral");
    // An installation without the permission writes none.
    assert_eq!(app.put_check_run(8, ids[3], "other/four", &run), Err(GithubError::NotCovered));
    let given = server.given_tokens();
    assert!(given.iter().all(|it| it.repositories.as_ref().is_some_and(|ids| ids.len() == 1)));
}

fn pull(repository: u64, number: u64, head_repository: u64) -> TestPull {
    let (base, head) = ("main".to_owned(), "feature".to_owned());
    TestPull { number, repository, base, head_repository, head, is_open: true }
}

#[test]
fn only_open_pull_requests_of_the_repositorys_own_branch_are_listed() {
    let World { server, app, ids } = world();
    server.put_pull(pull(ids[0], 5, ids[0]));
    server.put_pull(pull(ids[0], 3, ids[0]));
    server.put_pull(TestPull { is_open: false, ..pull(ids[0], 2, ids[0]) });
    // A fork with a branch of the same name.
    server.put_pull(pull(ids[0], 4, ids[3]));
    let of = |number| Pull { number, base: "main".to_owned() };
    assert_eq!(open_pulls(&app, 7, ids[0], "acme", "feature"), Ok(vec![of(3), of(5)]));
    assert_eq!(open_pulls(&app, 7, ids[0], "acme", "other"), Ok(Vec::new()));
    // The owner of installation 8 did not allow it.
    assert_eq!(open_pulls(&app, 8, ids[3], "other", "feature"), Err(GithubError::NotCovered));
    let token = app.token(7, Some(ids[0]), Permissions::ReadContents).unwrap();
    assert_eq!(merge_base(&app, &token, ids[0], "main", "abc").as_deref(), Ok(SHA));
    server.set_merge_base("main", "abc", "def");
    assert_eq!(merge_base(&app, &token, ids[0], "main", "abc").as_deref(), Ok("def"));
}

#[test]
fn a_pull_request_has_one_comment_of_the_app_and_those_of_others_are_left_alone() {
    let World { server, app, ids } = world();
    server.put_pull(pull(ids[0], 3, ids[0]));
    // Somebody else's, with the marker in it, and enough to fill a page of this server.
    for text in ["<!-- doctown -->\nmine", "a", "b"] {
        server.comment(ids[0], 3, text, false);
    }
    let own = || server.comments().into_iter().filter(|it| it.by_app).collect::<Vec<_>>();
    app.put_comment(7, ids[0], 3, "one").unwrap();
    let [first] = &own()[..] else { panic!("{:?}", own()) };
    assert_eq!((first.body.as_str(), first.n_writes), ("<!-- doctown -->\none", 1));
    app.put_comment(7, ids[0], 3, "one").unwrap();
    assert_eq!(own()[0].n_writes, 1, "nothing changed");
    app.put_comment(7, ids[0], 3, "two").unwrap();
    let [edited] = &own()[..] else { panic!("{:?}", own()) };
    assert_eq!((edited.id, edited.body.as_str()), (first.id, "<!-- doctown -->\ntwo"));
    // Two processes made one at the same moment: the older stays.
    server.comment(ids[0], 3, "<!-- doctown -->\nanother", true);
    app.put_comment(7, ids[0], 3, "three").unwrap();
    assert_eq!(own().iter().map(|it| it.id).collect::<Vec<_>>(), [first.id]);
    assert_eq!(server.comments().len(), 4);
    assert_eq!(app.put_comment(8, ids[3], 1, "no"), Err(GithubError::NotCovered));
    let absent = Err(GithubError::Absent { what: "pull request" });
    assert_eq!(app.put_comment(7, ids[0], 99, "no"), absent);
}

#[test]
fn a_code_gives_the_new_app_once_and_its_secrets_never_show() {
    let server = TestServer::start().expect("loopback ports are free");
    let manifest = Manifest {
        name: "Doctown of acme".to_owned(),
        public_url: "https://doctown.example".to_owned(),
        callback_path: "/v1/sign-in/callback",
        webhook_path: "/v1/github/webhook",
        redirect_url: "http://127.0.0.1:1/made".to_owned(),
    };
    let web = url::Url::parse("https://github.example/").unwrap();
    let post_to = |organisation| Manifest::post_to(&web, organisation, "a state").unwrap().to_string();
    assert_eq!(post_to(None), "https://github.example/settings/apps/new?state=a+state");
    assert_eq!(
        post_to(Some("a/b")),
        "https://github.example/organizations/a%2Fb/settings/apps/new?state=a+state"
    );
    let json = manifest.json();
    assert_eq!(json["hook_attributes"]["url"], "https://doctown.example/v1/github/webhook");
    assert_eq!(json["callback_urls"][0], "https://doctown.example/v1/sign-in/callback");
    assert_eq!(json["default_permissions"]["contents"], "read");
    server.give_manifest_code("the-code", json);
    let made = convert(&server.config(), "the-code").unwrap();
    assert_eq!((made.client_id.as_str(), made.client_secret.as_str()), (CLIENT_ID, CLIENT_SECRET));
    assert_eq!((made.webhook_secret.as_str(), made.pem.as_str()), (WEBHOOK_SECRET, APP_KEY));
    let shown = format!("{made:?}");
    for secret in [CLIENT_SECRET, WEBHOOK_SECRET, APP_KEY.lines().nth(1).unwrap()] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(convert(&server.config(), "the-code"), Err(ConvertError::UnknownCode));
    assert_eq!(convert(&server.config(), "../app"), Err(ConvertError::UnknownCode));
}

#[test]
fn an_app_without_one_of_its_parts_is_refused_without_being_repeated() {
    let server = TestServer::start().expect("loopback ports are free");
    let answer = |body: &str| {
        let answer = source::testserver::Answer::body("application/json", body.as_bytes().to_vec());
        server.script("/api/app-manifests/code/conversions", vec![answer]);
        convert(&server.config(), "code").unwrap_err()
    };
    let two_lines = format!(
        r#"{{"id":1,"slug":"a","html_url":"b","client_id":"c","client_secret":"d\nDOCTOWN_X=1","webhook_secret":"e","pem":{}}}"#,
        serde_json::to_string(APP_KEY).unwrap()
    );
    for body in [r#"{"client_secret":"hidden"}"#, "[", "{}", &two_lines] {
        let error = answer(body);
        assert_eq!(error, ConvertError::Incomplete);
        assert!(!error.to_string().contains("hidden"));
    }
}
