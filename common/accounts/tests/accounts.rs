//! Accounts on both databases: the same questions, the same answers.
//!
//! PostgreSQL is asked where `DOCTOWN_TEST_DATABASE_URL` names one, as `scripts/with-postgres` does.

use doctown_accounts::{
    Accounts, AccountsError, Added, Awaited, BackupError, Channel, Dispute, Every, Grant, GrantState,
    Installation, InstalledRepository, Look, MAX_ENDPOINTS, MAX_SCHEDULES, MailWishes, Message, NewDelivery,
    NewKey, NewMessage, NotAdded, POLL_INTERVAL_MS, Payment, Person, Poll, RepositoryChoice, Schedule, Scope,
    SecretKeys, Sent, StripeEvent, Subscription, Visibility, WithdrawnBy, looks_like_key, own_path,
};
use proptest::prelude::*;

const VARIABLE: &str = "DOCTOWN_TEST_DATABASE_URL";
const DAY: u64 = 24 * 3_600_000;
/// 2026-11-24T16:00:00Z.
const NOW: u64 = 1_795_536_000_000;

/// Runs a check on empty tables of each kind that is there.
fn on_each<F: Future<Output = ()>>(check: impl Fn(Accounts, sqlx::AnyPool) -> F) {
    let host = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    host.block_on(async {
        let file = database::address_of(&folder.path().join("accounts.sqlite"));
        check(Accounts::open(&file).await.unwrap(), database::connect(&file).await.unwrap()).await;
        let Ok(address) = std::env::var(VARIABLE) else {
            // Left out: `scripts/with-postgres` sets the variable.
            return;
        };
        // A schema for each check, since they run side by side.
        let name = folder.path().file_name().unwrap().to_string_lossy().replace(['.', '-'], "");
        let schema = format!("a{}", name.to_lowercase());
        let admin = database::connect(&address).await.unwrap();
        let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
        sqlx::query(create).execute(&admin).await.unwrap();
        let joint = if address.contains('?') { '&' } else { '?' };
        let address = format!("{address}{joint}options=-c%20search_path%3D{schema}");
        check(Accounts::open(&address).await.unwrap(), database::connect(&address).await.unwrap()).await;
    });
}

fn person(github_id: u64, login: &str) -> Person {
    Person { github_id, login: login.to_owned(), avatar_url: None, email: None }
}

#[test]
fn a_person_is_known_by_github_s_number_whatever_its_name() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        assert!(ada.id.parse::<pipeline::Tenant>().is_ok() && ada.id.starts_with("a-"));
        let renamed = accounts.sign_in(&person(1, "lovelace"), NOW + 5).await.unwrap();
        assert_eq!((&renamed.id, renamed.login.as_str(), renamed.created_at), (&ada.id, "lovelace", NOW));
        let other = accounts.sign_in(&person(2, "ada"), NOW).await.unwrap();
        assert_ne!(other.id, ada.id, "a name that was given to somebody else is somebody else");
        assert_eq!(accounts.user(&ada.id).await.unwrap(), Some(renamed));
        assert!(accounts.set_plan(&ada.id, "team").await.unwrap());
        assert_eq!(accounts.sign_in(&person(1, "ada"), NOW).await.unwrap().plan, "team");
        assert!(!accounts.set_plan("a-0", "team").await.unwrap());
    });
}

#[test]
fn a_session_lasts_while_it_is_seen_and_ends_when_it_is_told_to() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        let (token, session) = accounts.begin_session(&ada.id, "a\nbrowser", NOW).await.unwrap();
        assert_eq!((token.len(), session.agent.as_str()), (43, "abrowser"));
        assert_eq!(accounts.session(&token, NOW + 60_000).await.unwrap(), Some(session.clone()));
        assert_eq!(accounts.session(&session.id, NOW).await.unwrap(), None, "its name opens nothing");
        // Seen after 29 days, it lasts 30 more.
        assert!(accounts.session(&token, NOW + 29 * DAY).await.unwrap().is_some());
        assert!(accounts.session(&token, NOW + 58 * DAY).await.unwrap().is_some());
        assert_eq!(accounts.session(&token, NOW + 89 * DAY).await.unwrap(), None);
        assert!(!accounts.end_session(&bob.id, &session.id).await.unwrap(), "it is not theirs");
        assert!(accounts.end_session(&ada.id, &session.id).await.unwrap());
        assert_eq!(accounts.session(&token, NOW + 58 * DAY).await.unwrap(), None);
        accounts.begin_session(&ada.id, "old", NOW).await.unwrap();
        accounts.begin_session(&ada.id, "new", NOW + 20 * DAY).await.unwrap();
        let left = accounts.sessions(&ada.id, NOW + 31 * DAY).await.unwrap();
        assert_eq!(left.iter().map(|session| session.agent.as_str()).collect::<Vec<_>>(), ["new"]);
    });
}

#[test]
fn a_key_works_until_it_is_revoked_or_expires_and_is_shown_once() {
    on_each(|accounts, pool| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        let new = |expires_at| NewKey {
            name: "ci".to_owned(),
            scopes: vec![Scope::JobsWrite, Scope::PacksRead],
            expires_at,
        };
        let (text, key) = accounts.make_key(&ada.id, &new(None), NOW).await.unwrap();
        assert!(looks_like_key(&text) && text.starts_with(&key.prefix), "{}", key.prefix);
        let found = accounts.key(&text, NOW + 1).await.unwrap().unwrap();
        assert_eq!((&found.id, &found.account, &found.scopes), (&key.id, &ada.id, &new(None).scopes));
        let (short, _) = accounts.make_key(&ada.id, &new(Some(NOW + DAY)), NOW).await.unwrap();
        assert!(accounts.key(&short, NOW + DAY - 1).await.unwrap().is_some());
        assert_eq!(accounts.key(&short, NOW + DAY).await.unwrap(), None);
        let listed = accounts.keys(&ada.id).await.unwrap();
        assert_eq!((listed.len(), accounts.keys(&bob.id).await.unwrap().len()), (2, 0));
        assert!(!accounts.revoke_key(&bob.id, &key.id, NOW).await.unwrap(), "it is not theirs");
        assert!(accounts.revoke_key(&ada.id, &key.id, NOW + 2).await.unwrap());
        assert_eq!(accounts.key(&text, NOW + 3).await.unwrap(), None);
        let rows: Vec<String> = sqlx::query_scalar("SELECT sha256 || prefix || name FROM account_keys")
            .fetch_all(&pool)
            .await
            .unwrap();
        assert!(rows.iter().all(|row| !row.contains(&text[13..])), "the secret is nowhere");
    });
}

#[test]
fn a_sign_in_ends_once_in_the_browser_that_began_it() {
    on_each(|accounts, _| async move {
        let begin = || accounts.begin_sign_in("browser", "verifier", "/library", NOW);
        let state = begin().await.unwrap();
        assert_eq!(accounts.finish_sign_in(&state, "another", NOW).await.unwrap(), None);
        let done = accounts.finish_sign_in(&state, "browser", NOW + 1).await.unwrap().unwrap();
        assert_eq!((done.verifier.as_str(), done.return_to.as_str()), ("verifier", "/library"));
        assert_eq!(accounts.finish_sign_in(&state, "browser", NOW + 2).await.unwrap(), None);
        let late = begin().await.unwrap();
        assert_eq!(accounts.finish_sign_in(&late, "browser", NOW + 10 * 60_000).await.unwrap(), None);
    });
}

#[test]
fn of_thirty_who_come_at_once_for_the_last_job_one_is_let_in() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        for job in ["job-1", "job-2", "job-3", "job-4"] {
            accounts.charge(&ada.id, 5, job, NOW).await.unwrap();
            assert!(accounts.charge(&ada.id, 5, job, NOW).await.is_ok(), "a retry is not another job");
        }
        let names: Vec<String> = (0..30).map(|n| format!("late-{n}")).collect();
        let charges = names.iter().map(|job| accounts.charge(&ada.id, 5, job, NOW));
        let ends = futures_util::future::join_all(charges).await;
        assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1);
        for end in ends.into_iter().filter_map(Result::err) {
            let AccountsError::OverQuota { used: 5, limit: 5, resets_at } = end else { panic!("{end}") };
            assert_eq!(resets_at, 1_796_083_200_000, "2026-12-01T00:00:00Z");
        }
        accounts.uncharge(&ada.id, "job-1").await.unwrap();
        accounts.uncharge(&ada.id, "job-1").await.unwrap();
        assert_eq!(accounts.usage(&ada.id, NOW).await.unwrap().jobs, 4);
        let next = accounts.charge(&ada.id, 5, "next", NOW + 10 * DAY).await.unwrap();
        assert_eq!(next.jobs, 1, "a month begins at nothing");
    });
}

#[test]
fn a_deleted_account_leaves_no_row_and_others_keep_theirs() {
    on_each(|accounts, pool| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        fill(&accounts, &ada.id, &bob.id).await;
        fill(&accounts, &bob.id, &ada.id).await;
        let n_rows = |id: String| {
            let pool = pool.clone();
            async move {
                let mut n_rows = 0;
                for count in [
                    "SELECT COUNT(*) FROM account_users WHERE id = $1",
                    "SELECT COUNT(*) FROM account_sessions WHERE account = $1",
                    "SELECT COUNT(*) FROM account_keys WHERE account = $1",
                    "SELECT COUNT(*) FROM account_usage WHERE account = $1",
                    "SELECT COUNT(*) FROM account_usage_entries WHERE account = $1",
                    "SELECT COUNT(*) FROM account_visibility WHERE account = $1",
                    "SELECT COUNT(*) FROM account_links WHERE account = $1",
                    "SELECT COUNT(*) FROM account_devices WHERE account = $1",
                    "SELECT COUNT(*) FROM account_wrong_codes WHERE account = $1",
                    "SELECT COUNT(*) FROM account_grants WHERE account = $1",
                    "SELECT COUNT(*) FROM account_withdrawals WHERE account = $1",
                    "SELECT COUNT(*) FROM account_customers WHERE account = $1",
                    "SELECT COUNT(*) FROM account_subscriptions WHERE account = $1",
                    "SELECT COUNT(*) FROM account_payments WHERE account = $1",
                    "SELECT COUNT(*) FROM account_stripe_events WHERE customer = 'cus_' || $1",
                    "SELECT COUNT(*) FROM account_members WHERE account = $1 OR member = $1",
                ] {
                    n_rows += sqlx::query_scalar::<_, i64>(count).bind(&id).fetch_one(&pool).await.unwrap();
                }
                n_rows
            }
        };
        assert_eq!(n_rows(ada.id.clone()).await, 17);
        accounts.delete_user(&ada.id).await.unwrap();
        accounts.delete_user(&ada.id).await.unwrap();
        assert_eq!((n_rows(ada.id).await, n_rows(bob.id).await), (0, 15));
        let left: Vec<u64> = accounts.installations().await.unwrap().iter().map(|it| it.id).collect();
        assert_eq!(left, [72]);
        assert_eq!(accounts.heads(71, 5).await.unwrap(), []);
        assert_eq!(accounts.heads(72, 5).await.unwrap().len(), 1);
        let said = "SELECT COUNT(*) FROM account_deliveries WHERE installation = 71 OR body IS NOT NULL";
        assert_eq!(
            sqlx::query_scalar::<_, i64>(said).fetch_one(&pool).await.unwrap(),
            1,
            "that of the other"
        );
    });
}

#[test]
fn a_link_opens_one_docpack_until_it_is_revoked_or_expires() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        let make = |expires_at| accounts.make_link(&ada.id, "public", "sha256:1", expires_at, NOW);
        let (token, link) = make(None).await.unwrap();
        assert_eq!(accounts.link(&token, NOW + DAY).await.unwrap(), Some(link.clone()));
        let (short, _) = make(Some(NOW + DAY)).await.unwrap();
        assert!(accounts.link(&short, NOW + DAY - 1).await.unwrap().is_some());
        assert_eq!(accounts.link(&short, NOW + DAY).await.unwrap(), None);
        assert_eq!(accounts.links(&ada.id, "public", "sha256:1").await.unwrap().len(), 2);
        assert_eq!(accounts.links(&bob.id, "public", "sha256:1").await.unwrap(), []);
        assert!(!accounts.revoke_link(&bob.id, &link.id, NOW).await.unwrap(), "it is not theirs");
        assert!(accounts.revoke_link(&ada.id, &link.id, NOW).await.unwrap());
        assert_eq!(accounts.link(&token, NOW).await.unwrap(), None);
    });
}

#[test]
fn what_was_said_of_a_docpack_last_counts() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let said = || accounts.visibility(&ada.id, "public", "sha256:1");
        assert_eq!(said().await.unwrap(), None);
        for visibility in [Visibility::Private, Visibility::Unlisted, Visibility::Public] {
            accounts.set_visibility(&ada.id, "public", "sha256:1", visibility).await.unwrap();
            assert_eq!(said().await.unwrap(), Some(visibility));
        }
        assert_eq!(accounts.all_visibilities().await.unwrap().len(), 1);
    });
}

#[test]
fn an_owner_s_withdrawal_outweighs_what_github_shows() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let was_asked_for = |name: &'static str| {
            let accounts = accounts.clone();
            async move { accounts.withdrawal(name).await.unwrap().map(|it| (it.was_asked_for, it.withdrawn_at)) }
        };
        accounts.withdraw("r1", WithdrawnBy::Doctown, NOW).await.unwrap();
        assert_eq!(was_asked_for("r1").await, Some((false, NOW)));
        accounts.withdraw("r1", WithdrawnBy::Owner(&ada.id), NOW + 5).await.unwrap();
        accounts.withdraw("r1", WithdrawnBy::Doctown, NOW + 6).await.unwrap();
        assert_eq!(was_asked_for("r1").await, Some((true, NOW)));
        assert_eq!(accounts.withdrawals(&ada.id).await.unwrap().len(), 1);
        accounts.delete_user(&ada.id).await.unwrap();
        assert_eq!(was_asked_for("r1").await, Some((true, NOW)), "it stays withdrawn");
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        accounts.withdraw("r1", WithdrawnBy::Operator, NOW).await.unwrap();
        accounts.withdraw("r1", WithdrawnBy::Owner(&bob.id), NOW).await.unwrap();
        assert_eq!(accounts.withdrawals(&bob.id).await.unwrap(), [], "the operator's word is stronger");
        accounts.reinstate("r1").await.unwrap();
        assert_eq!(was_asked_for("r1").await, None);
    });
}

/// Returns keys with these numbers.
fn secret_keys(numbers: &str) -> SecretKeys {
    let key = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";
    let pairs: Vec<String> = numbers.chars().map(|number| format!("{number}:{key}")).collect();
    pairs.join(",").parse().unwrap()
}

#[test]
fn of_ten_that_find_a_grant_stale_one_refreshes_it() {
    on_each(|accounts, pool| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let keys = secret_keys("1");
        let grant = |expires_at| Grant {
            access_token: "ghu_secret".to_owned(),
            access_expires_at: Some(expires_at),
            refresh_token: Some("ghr_secret".to_owned()),
        };
        assert_eq!(accounts.grant(&keys, &ada.id, NOW).await.unwrap(), GrantState::Absent);
        accounts.put_grant(&keys, &ada.id, &grant(NOW + DAY), NOW).await.unwrap();
        let state = accounts.grant(&keys, &ada.id, NOW).await.unwrap();
        assert_eq!(state, GrantState::Fresh(grant(NOW + DAY)));
        let sealed: String =
            sqlx::query_scalar("SELECT sealed FROM account_grants").fetch_one(&pool).await.unwrap();
        assert!(!sealed.contains("secret"));
        let ask = || accounts.grant(&keys, &ada.id, NOW + DAY);
        let states = futures_util::future::join_all((0..10).map(|_| ask())).await;
        let refreshes = states.into_iter().filter(|state| matches!(state, Ok(GrantState::Refresh(_))));
        assert_eq!(refreshes.count(), 1);
        // One that died is taken over.
        let later = accounts.grant(&keys, &ada.id, NOW + DAY + 30_000).await.unwrap();
        assert_eq!(later, GrantState::Refresh(grant(NOW + DAY)));
        accounts.put_grant(&keys, &ada.id, &grant(NOW + 3 * DAY), NOW + DAY).await.unwrap();
        assert_eq!(ask().await.unwrap(), GrantState::Fresh(grant(NOW + 3 * DAY)));

        let both = secret_keys("21");
        assert_eq!(accounts.rekey(&both).await.unwrap(), 1);
        assert_eq!(accounts.rekey(&both).await.unwrap(), 0);
        let new = secret_keys("2");
        let state = accounts.grant(&new, &ada.id, NOW + DAY).await.unwrap();
        assert_eq!(state, GrantState::Fresh(grant(NOW + 3 * DAY)));
        assert!(matches!(accounts.grant(&keys, &ada.id, NOW).await, Err(AccountsError::Seal(_))));
        accounts.remove_grant(&ada.id).await.unwrap();
        assert!(!accounts.has_grant(&ada.id).await.unwrap());
    });
}

#[test]
fn an_account_has_as_many_members_as_its_plan_allows() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "Bob"), NOW).await.unwrap();
        accounts.sign_in(&person(3, "cy"), NOW).await.unwrap();
        let add = |login: &'static str, limit| {
            let (accounts, id) = (accounts.clone(), ada.id.clone());
            async move { accounts.add_member(&id, login, limit, NOW).await.unwrap() }
        };
        assert_eq!(add("nobody", 2).await, Err(NotAdded::NoSuchPerson));
        assert_eq!(add("ada", 2).await, Err(NotAdded::NoSuchPerson), "an owner is no member");
        assert_eq!(add("bob", 1).await, Err(NotAdded::TooMany));
        let (one, other) = tokio::join!(add("bob", 2), add("cy", 2));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|is_ok| **is_ok).count(), 1);
        assert_eq!(accounts.members(&ada.id).await.unwrap().len(), 1);
        for login in ["bob", "bob", "cy"] {
            assert!(add(login, 3).await.is_ok());
        }
        assert_eq!(accounts.members(&ada.id).await.unwrap().len(), 2);
        assert_eq!(accounts.memberships(&bob.id).await.unwrap()[0].account, ada.id);
        assert!(accounts.is_member(&ada.id, &bob.id).await.unwrap());
        assert!(!accounts.is_member(&bob.id, &ada.id).await.unwrap());
        assert!(accounts.remove_member(&ada.id, &bob.id).await.unwrap());
        assert!(!accounts.remove_member(&ada.id, &bob.id).await.unwrap());
        accounts.delete_user(&ada.id).await.unwrap();
        assert_eq!(accounts.memberships(&bob.id).await.unwrap(), []);
        // Somebody else took the login of a person who was renamed.
        let new_bob = accounts.sign_in(&person(4, "bob"), NOW + 1).await.unwrap();
        let cy = accounts.sign_in(&person(3, "cy"), NOW).await.unwrap();
        let added = accounts.add_member(&cy.id, "bob", 2, NOW).await.unwrap().unwrap();
        assert_eq!(added.account, new_bob.id);
    });
}

#[test]
fn a_backup_restored_into_an_empty_database_is_the_same_backup() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        fill(&accounts, &ada.id, &bob.id).await;
        let (token, _) = accounts.begin_session(&ada.id, "browser", NOW).await.unwrap();
        let mut backup = Vec::new();
        let n_rows = accounts.backup(&mut backup).await.unwrap();
        assert_eq!(n_rows + 1, backup.split(|byte| *byte == b'\n').count() as u64 - 1);
        assert!(matches!(accounts.restore(&backup[..]).await, Err(BackupError::NotEmpty)));

        let folder = tempfile::tempdir().unwrap();
        let file = database::address_of(&folder.path().join("restored.sqlite"));
        let restored = Accounts::open(&file).await.unwrap();
        for (damaged, line) in [
            (&b""[..], 1),
            (b"{\"format\":\"other/1\"}\n", 1),
            (b"{\"format\":\"doctown-accounts/1\"}\n{\"table\":\"users; DROP\",\"row\":{\"a\":1}}\n", 2),
            (b"{\"format\":\"doctown-accounts/1\"}\n{\"table\":\"account_users\",\"row\":{\"a\":1}}\n", 2),
        ] {
            let error = restored.restore(damaged).await.unwrap_err();
            assert!(matches!(error, BackupError::Line { line: found, .. } if found == line), "{error}");
        }
        let cut = backup.len() - 10;
        assert!(restored.restore(&backup[..cut]).await.is_err());
        assert_eq!(restored.user(&ada.id).await.unwrap(), None, "all or nothing");
        assert_eq!(restored.restore(&backup[..]).await.unwrap(), n_rows);
        assert!(restored.session(&token, NOW + 1).await.unwrap().is_some());
        let mut again = Vec::new();
        restored.backup(&mut again).await.unwrap();
        let sorted = |bytes: &[u8]| {
            let mut lines: Vec<String> = String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&again), sorted(&backup));

        // Every table is in it but those of minutes.
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'account\\_%' ESCAPE '\\' \
             AND name NOT IN ('account_migrations', 'account_sign_ins', 'account_devices', \
             'account_wrong_codes') ORDER BY name",
        )
        .fetch_all(&database::connect(&file).await.unwrap())
        .await
        .unwrap();
        let text = String::from_utf8(backup).unwrap();
        for table in tables {
            assert!(text.contains(&format!("{{\"table\":\"{table}\"")), "{table} is not in the backup");
        }
    });
}

/// Gives an account a row of every table; `other` is a member of it.
async fn fill(accounts: &Accounts, account: &str, other: &str) {
    let new = NewKey { name: "ci".to_owned(), scopes: vec![Scope::JobsRead], expires_at: None };
    accounts.begin_session(account, "browser", NOW).await.unwrap();
    accounts.make_key(account, &new, NOW).await.unwrap();
    accounts.charge(account, 5, "job-1", NOW).await.unwrap();
    accounts.set_visibility(account, "public", "sha256:1", Visibility::Private).await.unwrap();
    accounts.make_link(account, "public", "sha256:1", None, NOW).await.unwrap();
    let grant = Grant { access_token: "ghu_1".to_owned(), access_expires_at: None, refresh_token: None };
    accounts.put_grant(&secret_keys("1"), account, &grant, NOW).await.unwrap();
    accounts.withdraw(&format!("of {account}"), WithdrawnBy::Owner(account), NOW).await.unwrap();
    accounts.add_endpoint(account, "https://example.org/hook", &["job.failed"], NOW).await.unwrap().unwrap();
    accounts.put_schedule(account, "https://github.com/a/b", None, Every::Night, NOW).await.unwrap().unwrap();
    accounts.renew_signing(&secret_keys("1"), account, NOW).await.unwrap();
    accounts.set_mail_wishes(account, MailWishes { on_finished: true, on_failed: true }).await.unwrap();
    let awaited = awaited(account, "job-1");
    accounts.await_job(&awaited).await.unwrap();
    accounts.settle(&awaited, &[message("evt-1", "https://example.org/hook")], NOW).await.unwrap();
    let login = accounts.user(other).await.unwrap().unwrap().login;
    accounts.add_member(account, &login, 5, NOW).await.unwrap().unwrap();
    buy(accounts, account, "creator").await;
    let device = accounts.begin_device("a laptop", &[Scope::JobsRead], NOW).await.unwrap();
    assert!(accounts.approve_device(account, &device.user_code, NOW).await.unwrap());
    assert!(!accounts.approve_device(account, "BBBB-BBBB", NOW).await.unwrap());
    let github_id = accounts.user(account).await.unwrap().unwrap().github_id;
    install(accounts, 70 + github_id, github_id).await;
    accounts.want_head(70 + github_id, 5, "main", NOW).await.unwrap();
    let delivery = delivery(&format!("guid of {account}"), 70 + github_id, "digest");
    accounts.add_delivery(&delivery, NOW).await.unwrap();
    accounts.take_round("test", NOW, NOW).await.unwrap();
}

/// Installs the App with the repository 5.
async fn install(accounts: &Accounts, id: u64, github_account: u64) {
    let installation = Installation {
        id,
        github_account,
        login: "acme".to_owned(),
        installer: None,
        is_suspended: false,
        may_write_checks: false,
        may_write_pulls: false,
    };
    accounts.put_installation(&installation, NOW).await.unwrap();
    let repository = InstalledRepository {
        installation: id,
        id: 5,
        full_name: "acme/greetings".to_owned(),
        is_private: true,
        default_branch: "main".to_owned(),
        branches: None,
        is_building: true,
        fails_on: Vec::new(),
        comments: false,
        delivered_at: None,
    };
    accounts.put_installed(&repository).await.unwrap();
}

fn delivery(guid: &str, installation: u64, digest: &str) -> NewDelivery {
    NewDelivery {
        guid: guid.to_owned(),
        event: "push".to_owned(),
        installation: Some(installation),
        repository: Some(5),
        body_sha256: digest.to_owned(),
        body: "{}".to_owned(),
    }
}

#[test]
fn a_delivery_is_kept_once_and_worked_on_by_one_process_at_a_time() {
    on_each(|accounts, pool| async move {
        let new = delivery("guid", 7, "digest");
        assert_eq!(accounts.add_delivery(&new, NOW).await.unwrap(), Added::New);
        assert_eq!(accounts.add_delivery(&new, NOW).await.unwrap(), Added::Again);
        let other = delivery("guid", 7, "another digest");
        assert_eq!(accounts.add_delivery(&other, NOW).await.unwrap(), Added::OtherBody);
        let takes = (0..10).map(|_| accounts.take_delivery(NOW, 1_000));
        let taken = futures_util::future::join_all(takes).await;
        let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!((taken.len(), taken[0].attempts), (1, 1));
        // Whoever took it died: another one goes on, and what the first does then counts for nothing.
        let again = accounts.take_delivery(NOW + 1_000, 1_000).await.unwrap().unwrap();
        assert_eq!(again.attempts, 2);
        accounts.finish_delivery(&taken[0], "late", NOW + 1_001).await.unwrap();
        assert_eq!(accounts.delivery_outcome("guid").await.unwrap(), None);
        accounts.finish_delivery(&again, "queued", NOW + 1_001).await.unwrap();
        assert_eq!(accounts.delivery_outcome("guid").await.unwrap().as_deref(), Some("queued"));
        assert_eq!(accounts.take_delivery(NOW + DAY, 1_000).await.unwrap(), None);
        // What it said is gone, what it was is known for ever.
        let body: Option<String> =
            sqlx::query_scalar("SELECT body FROM account_deliveries").fetch_one(&pool).await.unwrap();
        assert_eq!(body, None);
        assert_eq!(accounts.add_delivery(&new, NOW + 9 * DAY).await.unwrap(), Added::Again);
    });
}

#[test]
fn a_branch_is_held_by_one_process_and_a_push_meanwhile_is_seen_to_afterwards() {
    on_each(|accounts, _| async move {
        install(&accounts, 7, 1).await;
        accounts.want_head(7, 5, "main", NOW).await.unwrap();
        let takes = (0..10).map(|_| accounts.take_head(NOW, 1_000));
        let taken = futures_util::future::join_all(takes).await;
        let mut taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(taken.len(), 1);
        let mut head = taken.remove(0);
        assert!(head.is_wanted());
        accounts.want_head(7, 5, "main", NOW).await.unwrap();
        head.seen = head.wanted;
        head.job = Some(("job-1".to_owned(), "public".to_owned()));
        assert!(accounts.keep_head(&head).await.unwrap());
        assert_eq!(accounts.take_head(NOW, 1_000).await.unwrap(), None, "it is held");
        assert!(accounts.release_head(&head, None).await.unwrap());
        let next = accounts.take_head(NOW, 1_000).await.unwrap().unwrap();
        assert!(next.is_wanted() && next.job == head.job);
        assert!(!accounts.release_head(&head, None).await.unwrap(), "another one holds it");
        let mut done = next;
        (done.seen, done.job) = (done.wanted, None);
        assert!(accounts.release_head(&done, None).await.unwrap());
        assert_eq!(accounts.take_head(NOW + DAY, 1_000).await.unwrap(), None);
        // One that died is taken over.
        accounts.want_head(7, 5, "main", NOW + DAY).await.unwrap();
        assert!(accounts.take_head(NOW + DAY, 1_000).await.unwrap().is_some());
        assert_eq!(accounts.take_head(NOW + DAY, 1_000).await.unwrap(), None);
        assert!(accounts.take_head(NOW + DAY + 1_000, 1_000).await.unwrap().is_some());
    });
}

#[test]
fn an_installation_belongs_to_its_person_before_it_belongs_to_who_installed_it() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        let of = |github_account, installer| Installation {
            id: 7,
            github_account,
            login: "acme".to_owned(),
            installer,
            is_suspended: false,
            may_write_checks: true,
            may_write_pulls: true,
        };
        let owner = |of: Installation| {
            let accounts = accounts.clone();
            async move { accounts.account_of_installation(&of).await.unwrap().map(|user| user.id) }
        };
        assert_eq!(owner(of(1, Some(2))).await.as_ref(), Some(&ada.id));
        assert_eq!(owner(of(99, Some(2))).await.as_ref(), Some(&bob.id));
        assert_eq!(owner(of(99, None)).await, None);
        install(&accounts, 7, 99).await;
        accounts.put_installation(&of(99, Some(2)), NOW).await.unwrap();
        accounts.put_installation(&of(99, None), NOW).await.unwrap();
        let listed = accounts.installed_of(&bob.id).await.unwrap();
        assert_eq!(listed.len(), 1, "who installed it stays known");
        assert_eq!(accounts.installed_of(&ada.id).await.unwrap(), []);
        let branches = ["main".to_owned(), "release/1".to_owned()];
        let fails_on = vec!["api".to_owned(), "calls".to_owned()];
        let choice = RepositoryChoice {
            branches: Some(branches.to_vec()),
            is_building: true,
            fails_on: fails_on.clone(),
            comments: true,
        };
        accounts.choose(7, 5, &choice).await.unwrap();
        // Looking at the repository again changes nothing of that.
        accounts.put_installed(&listed[0].1).await.unwrap();
        let found = accounts.installed(7, 5).await.unwrap().unwrap();
        assert!(found.builds("release/1") && !found.builds("feature"));
        assert_eq!((found.fails_on, found.comments), (fails_on, true));
        assert!(accounts.installation(7).await.unwrap().unwrap().may_write_pulls);
        let nothing =
            RepositoryChoice { branches: None, is_building: false, fails_on: Vec::new(), comments: false };
        accounts.choose(7, 5, &nothing).await.unwrap();
        let found = accounts.installed(7, 5).await.unwrap().unwrap();
        assert!(!found.builds("main") && found.fails_on.is_empty() && !found.comments);
    });
}

#[test]
fn a_round_is_done_by_one_process_each_time() {
    on_each(|accounts, _| async move {
        let takes = (0..10).map(|_| accounts.take_round("daily", NOW - DAY, NOW));
        let taken = futures_util::future::join_all(takes).await;
        assert_eq!(taken.into_iter().filter(|taken| matches!(taken, Ok(true))).count(), 1);
        assert!(!accounts.take_round("daily", NOW, NOW + DAY).await.unwrap());
        assert!(accounts.take_round("daily", NOW + 1, NOW + DAY).await.unwrap());
    });
}

fn awaited(account: &str, job: &str) -> Awaited {
    let (account, owner, job) = (account.to_owned(), "public".to_owned(), job.to_owned());
    Awaited { account, owner, job, callback_url: None, since: NOW }
}

fn message<'a>(event_id: &'a str, target: &'a str) -> NewMessage<'a> {
    let (channel, endpoint) = (Channel::Webhook, Some("we-1"));
    NewMessage { event_id, event: "job.failed", channel, endpoint, target, body: "{}" }
}

#[test]
fn the_end_of_a_job_becomes_one_message_however_many_processes_see_it() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let job = awaited(&ada.id, "job-1");
        accounts.await_job(&job).await.unwrap();
        accounts.await_job(&job).await.unwrap();
        assert_eq!(accounts.awaited(10).await.unwrap(), vec![job.clone()]);
        let new = [message("evt-1", "https://example.org/a"), message("evt-1", "https://example.org/b")];
        let settling = (0..8).map(|_| accounts.settle(&job, &new, NOW));
        for settled in futures_util::future::join_all(settling).await {
            settled.unwrap();
        }
        assert_eq!(accounts.awaited(10).await.unwrap(), []);
        // A job that is ordered again and was told already is not told again.
        accounts.await_job(&job).await.unwrap();
        accounts.settle(&job, &new, NOW + 1).await.unwrap();
        let taking = (0..8).map(|_| accounts.take_messages(NOW, 10));
        let taken = futures_util::future::join_all(taking).await;
        let taken: Vec<Message> = taken.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(taken.len(), 2, "each by one process");
    });
}

#[test]
fn a_message_is_sent_again_for_a_day_and_then_given_up() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        accounts.queue_message(&ada.id, &message("evt-1", "https://example.org/a"), NOW).await.unwrap();
        let (mut now, mut n_attempts) = (NOW, 0);
        let failed = Sent::Failed { answer: "503".to_owned() };
        while let Some(taken) = accounts.take_messages(now, 10).await.unwrap().pop() {
            n_attempts += 1;
            assert_eq!(accounts.take_messages(now, 10).await.unwrap(), [], "whoever took it has a minute");
            accounts.message_sent(&taken, &failed, now).await.unwrap();
            now = accounts.messages(&ada.id, 10).await.unwrap()[0].due_at;
        }
        let last = &accounts.messages(&ada.id, 10).await.unwrap()[0];
        assert_eq!((n_attempts, last.state.as_str(), last.answer.as_deref()), (9, "failed", Some("503")));
        assert!((20 * 60 * MINUTE..24 * 60 * MINUTE).contains(&(now - NOW)), "{}", now - NOW);

        assert!(accounts.resend_message(&ada.id, &last.id, now).await.unwrap());
        let taken = accounts.take_messages(now, 10).await.unwrap().pop().unwrap();
        // A process that was killed reports nothing: another one sends it after a minute.
        let again = accounts.take_messages(now + 2 * MINUTE, 10).await.unwrap().pop().unwrap();
        accounts.message_sent(&again, &Sent::Delivered { answer: "200".to_owned() }, now).await.unwrap();
        accounts.message_sent(&taken, &failed, now).await.unwrap();
        assert_eq!(
            accounts.messages(&ada.id, 10).await.unwrap()[0].state,
            "delivered",
            "a late report changes nothing"
        );
        assert!(!accounts.resend_message("a-other", &last.id, now).await.unwrap());
        accounts.forget_messages(now + 31 * DAY).await.unwrap();
        assert_eq!(accounts.messages(&ada.id, 10).await.unwrap(), []);
    });
}

#[test]
fn a_new_signing_secret_is_used_beside_the_old_one_for_a_day() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let keys = secret_keys("1");
        assert_eq!(accounts.signing(&keys, &ada.id).await.unwrap(), None);
        let first = accounts.renew_signing(&keys, &ada.id, NOW).await.unwrap();
        assert_eq!(first.secrets(NOW), [&first.current]);
        let second = accounts.renew_signing(&keys, &ada.id, NOW).await.unwrap();
        assert_eq!(second.secrets(NOW + DAY - 1), [&second.current, &first.current]);
        assert_eq!(second.secrets(NOW + DAY), [&second.current]);
        assert_eq!(accounts.rekey(&secret_keys("21")).await.unwrap(), 1);
        assert_eq!(accounts.signing(&secret_keys("2"), &ada.id).await.unwrap(), Some(second));
    });
}

#[test]
fn an_account_has_at_most_ten_endpoints_and_what_waits_for_a_removed_one_is_given_up() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let adding =
            (0..15).map(|_| accounts.add_endpoint(&ada.id, "https://example.org/a", &["job.failed"], NOW));
        let added = futures_util::future::join_all(adding).await;
        assert_eq!(added.into_iter().filter_map(Result::unwrap).count() as u64, MAX_ENDPOINTS);
        let first = accounts.endpoints(&ada.id).await.unwrap().remove(0);
        let new = NewMessage { endpoint: Some(&first.id), ..message("evt-1", &first.url) };
        accounts.queue_message(&ada.id, &new, NOW).await.unwrap();
        assert!(!accounts.remove_endpoint("a-other", &first.id, NOW).await.unwrap());
        assert!(accounts.remove_endpoint(&ada.id, &first.id, NOW).await.unwrap());
        assert_eq!(accounts.take_messages(NOW, 10).await.unwrap(), []);
    });
}

fn look(account: &str, paid_plan: &str) -> Look {
    let subscription = Subscription {
        id: format!("sub_{account}"),
        price: "price_1".to_owned(),
        status: "active".to_owned(),
        amount: Some(1_900),
        currency: "usd".to_owned(),
        period: "month".to_owned(),
        n_periods: 1,
        started_at: NOW,
        period_end: NOW + 30 * DAY,
        cancel_at_period_end: true,
        ends_at: Some(NOW + 30 * DAY),
        unpaid_since: None,
    };
    let payment = Payment {
        charge: format!("ch_{account}"),
        amount: 1_900,
        amount_refunded: 400,
        currency: "usd".to_owned(),
        paid_at: NOW,
        dispute: Some(Dispute { status: "won".to_owned(), opened_at: NOW + DAY }),
    };
    Look {
        subscriptions: vec![subscription],
        payments: vec![payment],
        paid_plan: paid_plan.to_owned(),
        due_at: NOW + DAY,
    }
}

/// Has an account bought a plan.
async fn buy(accounts: &Accounts, account: &str, plan: &str) {
    let customer = format!("cus_{account}");
    assert_eq!(accounts.put_customer(account, &customer, NOW).await.unwrap(), customer);
    let event = StripeEvent {
        id: format!("evt_{account}"),
        kind: "customer.subscription.created".to_owned(),
        created: NOW,
        customer: Some(customer),
        charge: None,
    };
    assert!(accounts.keep_event(&event, NOW).await.unwrap());
    let number = accounts.begin_look(account).await.unwrap().unwrap();
    assert!(accounts.write_look(account, number, &look(account, plan), NOW).await.unwrap());
    accounts.finish_event(&event.id, event.customer.as_deref(), NOW).await.unwrap();
    assert!(!accounts.keep_event(&event, NOW + 1).await.unwrap(), "it is done");
}

#[test]
fn the_better_plan_of_what_the_operator_gave_and_what_is_paid_counts() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap().id;
        let plan = || async { accounts.user(&ada).await.unwrap().unwrap().plan };
        buy(&accounts, &ada, "creator").await;
        assert_eq!(plan().await, "creator");
        assert_eq!(accounts.subscriptions(&ada).await.unwrap(), look(&ada, "").subscriptions);
        assert_eq!(accounts.payments(&ada).await.unwrap(), look(&ada, "").payments);
        accounts.set_plan(&ada, "team").await.unwrap();
        assert_eq!(plan().await, "team");
        let number = accounts.begin_look(&ada).await.unwrap().unwrap();
        let gone = Look { subscriptions: vec![], ..look(&ada, "free") };
        assert!(accounts.write_look(&ada, number, &gone, NOW).await.unwrap());
        assert_eq!(plan().await, "team", "a subscription that is gone takes nothing that the operator gave");
        accounts.set_plan(&ada, "free").await.unwrap();
        assert_eq!(plan().await, "free");
    });
}

#[test]
fn what_an_earlier_look_found_replaces_nothing_that_a_later_one_found() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap().id;
        assert_eq!(accounts.begin_look(&ada).await.unwrap(), None, "no customer");
        accounts.put_customer(&ada, "cus_1", NOW).await.unwrap();
        assert_eq!(accounts.put_customer(&ada, "cus_2", NOW).await.unwrap(), "cus_1", "the first stays");
        assert_eq!(accounts.due_looks(NOW, 10).await.unwrap(), std::slice::from_ref(&ada));
        let early = accounts.begin_look(&ada).await.unwrap().unwrap();
        let late = accounts.begin_look(&ada).await.unwrap().unwrap();
        assert!(accounts.write_look(&ada, late, &look(&ada, "team"), NOW).await.unwrap());
        assert!(!accounts.write_look(&ada, early, &look(&ada, "free"), NOW).await.unwrap());
        assert_eq!(accounts.user(&ada).await.unwrap().unwrap().plan, "team");
        assert_eq!(accounts.due_looks(NOW + DAY - 1, 10).await.unwrap(), Vec::<String>::new());
        accounts.expect_payment(&ada, NOW).await.unwrap();
        assert_eq!(accounts.due_looks(NOW + 10 * MINUTE, 10).await.unwrap(), [ada]);
    });
}

#[test]
fn the_meter_is_told_of_jobs_of_customers_once() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap().id;
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap().id;
        accounts.put_customer(&ada, "cus_1", NOW).await.unwrap();
        for (account, job, at) in [(&ada, "old", NOW - 2 * DAY), (&ada, "one", NOW), (&bob, "two", NOW)] {
            accounts.charge(account, 5, job, at).await.unwrap();
            accounts.charge(account, 5, job, at + 1).await.unwrap();
        }
        let found = accounts.unmetered(NOW - DAY, NOW, 10).await.unwrap();
        let jobs: Vec<_> = found.iter().map(|it| (it.customer.as_str(), it.job.as_str())).collect();
        assert_eq!(jobs, [("cus_1", "one")]);
        accounts.set_metered(&ada, "one", NOW).await.unwrap();
        assert_eq!(accounts.unmetered(NOW - DAY, NOW, 10).await.unwrap(), []);
    });
}

const MINUTE: u64 = 60_000;

#[test]
fn an_approved_program_gets_one_key_with_the_name_and_scopes_it_asked_for() {
    on_each(|accounts, pool| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let scopes = [Scope::JobsRead, Scope::PacksRead];
        let new = accounts.begin_device("doctown on a laptop", &scopes, NOW).await.unwrap();
        assert_eq!((new.device_code.len(), new.user_code.len()), (43, 9));
        assert_eq!(new.expires_at, NOW + 15 * MINUTE);
        assert_eq!(accounts.poll_device(&new.device_code, NOW).await.unwrap(), Poll::Pending);
        let typed = new.user_code.to_lowercase().replace('-', "");
        let shown = accounts.device(&ada.id, &typed, NOW).await.unwrap().unwrap();
        assert_eq!((&shown.user_code, shown.client_name.as_str()), (&new.user_code, "doctown on a laptop"));
        assert_eq!((shown.scopes.as_slice(), shown.requested_at), (scopes.as_slice(), NOW));
        assert!(accounts.approve_device(&ada.id, &typed, NOW).await.unwrap());
        assert!(accounts.approve_device(&ada.id, &typed, NOW).await.unwrap(), "approving twice is harmless");
        let polls = (0..20).map(|_| accounts.poll_device(&new.device_code, NOW + 1));
        let polls = futures_util::future::join_all(polls).await;
        let keys: Vec<_> = polls
            .into_iter()
            .filter_map(|poll| match poll.unwrap() {
                Poll::Key(text, key) => Some((text, key)),
                other => {
                    assert!(matches!(other, Poll::Gone | Poll::Pending), "{other:?}");
                    None
                }
            })
            .collect();
        let [(text, key)] = keys.as_slice() else { panic!("{} keys", keys.len()) };
        assert_eq!((key.name.as_str(), key.scopes.as_slice()), ("doctown on a laptop", scopes.as_slice()));
        assert_eq!(key.expires_at, Some(NOW + 1 + 90 * DAY));
        assert_eq!(accounts.key(text, NOW + 2).await.unwrap().unwrap().account, ada.id);
        assert_eq!(accounts.keys(&ada.id).await.unwrap().len(), 1);
        assert_eq!(accounts.poll_device(&new.device_code, NOW + 2).await.unwrap(), Poll::Gone);
        assert_eq!(accounts.device(&ada.id, &new.user_code, NOW + 2).await.unwrap(), None);
        let secret = accounts.begin_device("another", &scopes, NOW).await.unwrap();
        let rows: Vec<String> =
            sqlx::query_scalar("SELECT device_sha256 || user_sha256 FROM account_devices")
                .fetch_all(&pool)
                .await
                .unwrap();
        let codes = [&secret.device_code, &secret.user_code, &secret.user_code.replace('-', "")];
        assert!(rows.iter().all(|row| codes.iter().all(|code| !row.contains(code.as_str()))));
    });
}

#[test]
fn a_program_is_told_that_it_was_denied_that_its_code_expired_or_that_it_polls_too_fast() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let begin = || accounts.begin_device("a laptop", &[Scope::JobsRead], NOW);
        let new = begin().await.unwrap();
        let poll = |at| accounts.poll_device(&new.device_code, at);
        assert_eq!(poll(NOW).await.unwrap(), Poll::Pending);
        assert_eq!(poll(NOW + POLL_INTERVAL_MS - 1).await.unwrap(), Poll::TooFast);
        assert_eq!(poll(NOW + POLL_INTERVAL_MS).await.unwrap(), Poll::Pending);
        // Whoever approved may still change their mind until the program has fetched its key.
        assert!(accounts.approve_device(&ada.id, &new.user_code, NOW).await.unwrap());
        assert!(accounts.deny_device(&ada.id, &new.user_code, NOW).await.unwrap());
        assert!(accounts.deny_device(&ada.id, &new.user_code, NOW).await.unwrap(), "twice is harmless");
        assert!(!accounts.approve_device(&ada.id, &new.user_code, NOW).await.unwrap(), "denied is final");
        assert_eq!(poll(NOW + 1).await.unwrap(), Poll::Denied);
        let late = begin().await.unwrap();
        assert!(accounts.approve_device(&ada.id, &late.user_code, NOW).await.unwrap());
        let end = NOW + 15 * MINUTE;
        assert_eq!(accounts.poll_device(&late.device_code, end).await.unwrap(), Poll::Gone);
        assert!(!accounts.approve_device(&ada.id, &late.user_code, end).await.unwrap());
        assert_eq!(accounts.poll_device("no such code", NOW).await.unwrap(), Poll::Gone);
        assert_eq!(accounts.keys(&ada.id).await.unwrap(), []);
    });
}

#[test]
fn a_code_belongs_to_the_account_that_decided_about_it() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        let new = accounts.begin_device("a laptop", &[Scope::JobsRead], NOW).await.unwrap();
        assert!(accounts.device(&bob.id, &new.user_code, NOW).await.unwrap().is_some());
        assert!(accounts.approve_device(&ada.id, &new.user_code, NOW).await.unwrap());
        assert_eq!(accounts.device(&bob.id, &new.user_code, NOW).await.unwrap(), None);
        assert!(!accounts.approve_device(&bob.id, &new.user_code, NOW).await.unwrap());
        assert!(!accounts.deny_device(&bob.id, &new.user_code, NOW).await.unwrap());
        let Poll::Key(_, key) = accounts.poll_device(&new.device_code, NOW).await.unwrap() else { panic!() };
        assert_eq!(key.account, ada.id);
    });
}

#[test]
fn approving_many_programs_at_once_gives_no_more_keys_than_the_plan_allows() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let scopes = [Scope::JobsRead];
        let begun = (0..10).map(|_| accounts.begin_device("a laptop", &scopes, NOW));
        let devices: Vec<_> =
            futures_util::future::join_all(begun).await.into_iter().map(Result::unwrap).collect();
        let approvals = devices.iter().map(|device| accounts.approve_device(&ada.id, &device.user_code, NOW));
        let ends = futures_util::future::join_all(approvals).await;
        // The free plan has two keys.
        assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 2);
        for end in ends.into_iter().filter_map(Result::err) {
            assert!(matches!(end, AccountsError::TooManyKeys { n_usable: 2, limit: 2 }), "{end}");
        }
        let new = NewKey { name: "ci".to_owned(), scopes: scopes.to_vec(), expires_at: None };
        let refused = accounts.make_key(&ada.id, &new, NOW).await.unwrap_err();
        assert!(matches!(refused, AccountsError::TooManyKeys { n_usable: 2, limit: 2 }), "{refused}");
        // A key of a larger plan takes a program's place on the smaller one, until it is revoked.
        accounts.set_plan(&ada.id, "creator").await.unwrap();
        let (_, other) = accounts.make_key(&ada.id, &new, NOW).await.unwrap();
        accounts.set_plan(&ada.id, "free").await.unwrap();
        let poll_all = || async {
            let polls = devices.iter().map(|device| accounts.poll_device(&device.device_code, NOW));
            let ends = futures_util::future::join_all(polls).await;
            ends.iter().filter(|end| matches!(end, Ok(Poll::Key(..)))).count()
        };
        assert!(poll_all().await <= 1);
        accounts.revoke_key(&ada.id, &other.id, NOW).await.unwrap();
        poll_all().await;
        let usable = accounts.keys(&ada.id).await.unwrap();
        assert_eq!(usable.iter().filter(|key| key.revoked_at.is_none()).count(), 2);
    });
}

#[test]
fn an_account_that_guesses_codes_is_stopped_for_a_while() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap();
        let bob = accounts.sign_in(&person(2, "bob"), NOW).await.unwrap();
        let new = accounts.begin_device("a laptop", &[Scope::JobsRead], NOW + 10 * MINUTE).await.unwrap();
        for _ in 0..100 {
            // A text that is no code guesses nothing.
            assert_eq!(accounts.device(&ada.id, "hello", NOW).await.unwrap(), None);
        }
        for n in 0..20 {
            let found = match n % 3 {
                0 => accounts.device(&ada.id, "BBBB-BBBB", NOW).await.unwrap().is_some(),
                1 => accounts.approve_device(&ada.id, "BBBB-BBBB", NOW).await.unwrap(),
                _ => accounts.deny_device(&ada.id, "BBBB-BBBB", NOW).await.unwrap(),
            };
            assert!(!found);
        }
        let stopped = accounts.device(&ada.id, &new.user_code, NOW + 1).await.unwrap_err();
        let AccountsError::TooManyWrongCodes { wait_ms } = stopped else { panic!("{stopped}") };
        let ends_at = NOW + 1 + wait_ms;
        assert_eq!(ends_at, NOW + 10 * MINUTE);
        assert!(accounts.approve_device(&ada.id, &new.user_code, NOW + 1).await.is_err());
        assert!(accounts.device(&bob.id, &new.user_code, NOW + 1).await.unwrap().is_some());
        assert!(accounts.device(&ada.id, &new.user_code, ends_at).await.unwrap().is_some());
        assert_eq!(accounts.device(&ada.id, "BBBB-BBBB", ends_at).await.unwrap(), None);
        assert!(accounts.device(&ada.id, &new.user_code, ends_at).await.unwrap().is_some());
    });
}

#[test]
fn the_number_of_open_codes_is_limited_and_expired_ones_make_room() {
    on_each(|accounts, pool| async move {
        let begin = |at| accounts.begin_device("a laptop", &[Scope::JobsRead], at);
        begin(NOW).await.unwrap();
        // 9,999 more, in one statement.
        sqlx::query(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) \
             INSERT INTO account_devices (device_sha256, user_sha256, client_name, scopes, created_at, expires_at) \
             SELECT 'd' || i, 'u' || i, 'x', 'jobs:read', $1, $2 FROM n",
        )
        .bind(NOW as i64)
        .bind((NOW + 15 * MINUTE) as i64)
        .execute(&pool)
        .await
        .unwrap();
        assert!(matches!(begin(NOW).await, Err(AccountsError::TooManyDevices)));
        begin(NOW + 15 * MINUTE).await.unwrap();
        let n_left: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM account_devices").fetch_one(&pool).await.unwrap();
        assert_eq!(n_left, 1);
    });
}

proptest! {
    #[test]
    fn no_text_but_a_key_is_taken_for_one(text in "(dtk_)?[a-zA-Z0-9_]{0,60}") {
        prop_assert!(!looks_like_key(&text));
    }

    #[test]
    fn whatever_is_asked_for_leads_to_our_own_site(text in "[/\\\\]{0,3}[ -~\\t\\n\\r]{0,20}") {
        let path = own_path(&text);
        let base = url::Url::parse("https://doctown.example/").unwrap();
        let led = base.join(path).unwrap();
        prop_assert_eq!((led.host_str(), led.scheme()), (Some("doctown.example"), "https"));
    }
}

#[test]
fn a_schedule_is_taken_when_it_is_due_by_one_process_and_keeps_what_it_came_to() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap().id;
        let repo = "https://github.com/a/b";
        let made = accounts.put_schedule(&ada, repo, None, Every::Night, NOW).await.unwrap().unwrap();
        assert_eq!(accounts.take_schedule(NOW, 1_000).await.unwrap(), None, "it is not due yet");
        let due = made.due_at;
        let taking = (0..5).map(|_| accounts.take_schedule(due, 1_000));
        let taken = futures_util::future::join_all(taking).await;
        let mut taken: Vec<Schedule> = taken.into_iter().filter_map(Result::unwrap).collect();
        assert_eq!(taken.len(), 1, "of several processes one gets it");
        let mut first = taken.remove(0);
        // The first one died; another takes it after its time.
        let mut second = accounts.take_schedule(due + 1_000, 1_000).await.unwrap().unwrap();
        assert_eq!((second.attempts, second.id.as_str()), (2, made.id.as_str()));
        first.outcome = Some("late".to_owned());
        assert!(!accounts.release_schedule(&first).await.unwrap(), "it has lost it");
        second.outcome = Some("building".to_owned());
        second.due_at = second.every.next(&second.id, due);
        assert!(accounts.release_schedule(&second).await.unwrap());
        let kept = accounts.schedules(&ada).await.unwrap().remove(0);
        assert_eq!((kept.outcome.as_deref(), kept.due_at), (Some("building"), second.due_at));
        let changed = accounts.put_schedule(&ada, repo, None, Every::Week, NOW).await.unwrap().unwrap();
        assert_eq!(
            (changed.id.as_str(), changed.every),
            (made.id.as_str(), Every::Week),
            "one for each branch"
        );
        accounts.put_schedule(&ada, repo, Some("next"), Every::Tag, NOW).await.unwrap().unwrap();
        assert_eq!(accounts.schedules(&ada).await.unwrap().len(), 2);
        assert!(!accounts.remove_schedule("a-other", &made.id).await.unwrap());
        assert!(accounts.remove_schedule(&ada, &made.id).await.unwrap());
    });
}

#[test]
fn an_account_has_a_limited_number_of_schedules() {
    on_each(|accounts, _| async move {
        let ada = accounts.sign_in(&person(1, "ada"), NOW).await.unwrap().id;
        let repos: Vec<_> = (0..MAX_SCHEDULES + 5).map(|n| format!("https://github.com/a/{n}")).collect();
        let adding = repos.iter().map(|repo| accounts.put_schedule(&ada, repo, None, Every::Week, NOW));
        let added = futures_util::future::join_all(adding).await;
        assert_eq!(added.into_iter().filter_map(Result::unwrap).count() as u64, MAX_SCHEDULES);
    });
}
