//! The ledger on both databases: the same questions, the same answers.
//!
//! PostgreSQL is asked where `DOCTOWN_TEST_DATABASE_URL` names one, as `scripts/with-postgres` does.

use database::DatabaseError;
use doctown_ledger::{
    AccountCost, Claim, CommonsCursor, CommonsFilter, CommonsOrder, Cursor, DocpackFilter, DocpackRow,
    JobFilter, JobRow, LOCAL_USER, Ledger, LedgerError, Whose,
};

const VARIABLE: &str = "DOCTOWN_TEST_DATABASE_URL";

/// Runs a check on an empty ledger of each kind that is there.
fn on_each<F: Future<Output = ()>>(check: impl Fn(Ledger) -> F) {
    let host = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    host.block_on(async {
        let file = format!("sqlite://{}", folder.path().join("ledger.sqlite").display());
        check(Ledger::open(&file).await.unwrap()).await;
        let Ok(address) = std::env::var(VARIABLE) else {
            // Left out: `scripts/with-postgres` sets the variable.
            return;
        };
        // A schema for each check, since they run side by side.
        let schema = format!(
            "t{}",
            folder.path().file_name().unwrap().to_string_lossy().replace(['.', '-'], "").to_lowercase()
        );
        let admin = sqlx_admin(&address, &format!("CREATE SCHEMA {schema}")).await;
        let joint = if address.contains('?') { '&' } else { '?' };
        check(Ledger::open(&format!("{address}{joint}options=-c%20search_path%3D{schema}")).await.unwrap())
            .await;
        drop(admin);
    });
}

async fn sqlx_admin(address: &str, sql: &str) -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(address).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).execute(&pool).await.unwrap();
    pool
}

fn job(id: &str, created_at: u64, rev: u64) -> JobRow {
    JobRow {
        owner: LOCAL_USER.to_owned(),
        id: id.to_owned(),
        repository: "r1".to_owned(),
        name: "small".to_owned(),
        repo_url: None,
        git_ref: Some("main".to_owned()),
        has_default_options: true,
        commit_hash: None,
        phase: "queued".to_owned(),
        is_over: false,
        docpack_id: None,
        error_code: None,
        cost_micro_usd: None,
        duration_ms: None,
        created_at,
        completed_at: None,
        rev,
    }
}

fn docpack(id: &str, name: &str, created_at: u64) -> DocpackRow {
    DocpackRow {
        owner: LOCAL_USER.to_owned(),
        id: id.to_owned(),
        job_id: None,
        repository: "r1".to_owned(),
        name: name.to_owned(),
        repo_url: None,
        git_ref: None,
        commit_hash: None,
        is_partial: false,
        is_public: false,
        is_withdrawn: false,
        checksum: "sha256:0".to_owned(),
        size_bytes: 1 << 40,
        storage_url: "local/docpacks/a/b.docpack".to_owned(),
        statistics: Default::default(),
        created_at,
    }
}

#[test]
fn a_newer_state_replaces_an_older_one_and_never_the_other_way() {
    on_each(|ledger| async move {
        let over = JobRow {
            phase: "completed".to_owned(),
            is_over: true,
            cost_micro_usd: Some(7),
            ..job("a-1", 5, 3)
        };
        ledger.put_job(&job("a-1", 5, 1)).await.unwrap();
        assert_eq!(ledger.jobs_not_over(10).await.unwrap(), [job("a-1", 5, 1)]);
        ledger.put_job(&over).await.unwrap();
        ledger.put_job(&job("a-1", 5, 2)).await.unwrap();
        assert_eq!(ledger.job(LOCAL_USER, "a-1").await.unwrap(), Some(over));
        assert_eq!(ledger.jobs_not_over(10).await.unwrap(), []);
        assert_eq!(ledger.count_jobs().await.unwrap(), [("completed".to_owned(), 1)]);
        assert_eq!(ledger.job("somebody", "a-1").await.unwrap(), None);
        ledger.forget_job(LOCAL_USER, "a-1").await.unwrap();
        assert_eq!(ledger.job(LOCAL_USER, "a-1").await.unwrap(), None);
    });
}

#[test]
fn pages_hold_every_row_once_while_others_come_and_go() {
    on_each(|ledger| async move {
        // Two of one moment: the id decides.
        for (id, at) in [("a", 1), ("b", 2), ("c", 2), ("d", 3), ("e", 4)] {
            ledger.put_job(&job(id, at, 1)).await.unwrap();
        }
        let (mut seen, mut after) = (Vec::new(), None);
        for round in 0..10 {
            let page = ledger
                .jobs(Whose::Owner(LOCAL_USER), &JobFilter::default(), after.as_ref(), 2)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            after = Some(Cursor { created_at: last.created_at, id: last.id.clone() });
            seen.extend(page.into_iter().map(|row| row.id));
            ledger.put_job(&job(&format!("new-{round}"), 100 + round, 1)).await.unwrap();
            ledger.forget_job(LOCAL_USER, "e").await.unwrap();
        }
        assert_eq!(seen, ["e", "d", "c", "b", "a"]);
        let filter = JobFilter { phase: Some("failed".to_owned()), ..JobFilter::default() };
        assert_eq!(ledger.jobs(Whose::Owner(LOCAL_USER), &filter, None, 10).await.unwrap(), []);
    });
}

#[test]
fn docpacks_are_found_by_part_of_their_name_taken_literally() {
    on_each(|ledger| async move {
        for (id, name) in [("1", "Flask"), ("2", "100%_real"), ("3", "a'b")] {
            ledger.put_docpack(&docpack(id, name, 1)).await.unwrap();
        }
        let named = async |name: &str| {
            let filter = DocpackFilter { name: Some(name.to_owned()), ..DocpackFilter::default() };
            let found = ledger.docpacks(Whose::Owner(LOCAL_USER), &filter, None, 10).await.unwrap();
            found.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(named("FLA").await, ["1"]);
        assert_eq!(named("%_").await, ["2"]);
        assert_eq!(named("' OR 1=1 --").await, Vec::<String>::new());
        assert_eq!(named("a'b").await, ["3"]);
        let whole = DocpackFilter { is_partial: Some(true), ..DocpackFilter::default() };
        assert_eq!(ledger.docpacks(Whose::Owner(LOCAL_USER), &whole, None, 10).await.unwrap(), []);
        // A job that is found later is told, and the bytes stay those of the first.
        let later = DocpackRow { job_id: Some("a-1".to_owned()), size_bytes: 1, ..docpack("1", "Flask", 9) };
        ledger.put_docpack(&later).await.unwrap();
        let found = ledger.docpack(LOCAL_USER, "1").await.unwrap().unwrap();
        assert_eq!((found.job_id.as_deref(), found.size_bytes), (Some("a-1"), 1 << 40));
    });
}

#[test]
fn the_first_request_of_a_key_names_the_job() {
    on_each(|ledger| async move {
        let claim = |job: &str| Claim {
            request_digest: "d".to_owned(),
            job_id: job.to_owned(),
            answer: "{}".to_owned(),
        };
        assert_eq!(ledger.claim(LOCAL_USER, "k", 0).await.unwrap(), None);
        let claims: Vec<_> = (0..8).map(|n| claim(&format!("job-{n}"))).collect();
        let bound = futures_join(claims.iter().map(|it| ledger.bind_key(LOCAL_USER, "k", it, 10, 0))).await;
        assert!(bound.windows(2).all(|pair| pair[0] == pair[1]), "{bound:?}");
        assert_eq!(ledger.claim(LOCAL_USER, "k", 10).await.unwrap(), Some(bound[0].clone()));
        assert_eq!(ledger.claim("somebody", "k", 0).await.unwrap(), None);
        // Past its time the key is free again.
        assert_eq!(ledger.claim(LOCAL_USER, "k", 11).await.unwrap(), None);
        assert_eq!(ledger.bind_key(LOCAL_USER, "k", &claim("job-9"), 20, 11).await.unwrap(), claim("job-9"));
    });
}

async fn futures_join<T>(work: impl Iterator<Item = impl Future<Output = Result<T, LedgerError>>>) -> Vec<T> {
    let mut done = Vec::new();
    for one in futures_util::future::join_all(work).await {
        done.push(one.unwrap());
    }
    done
}

#[test]
fn tables_go_down_and_up_again() {
    on_each(|ledger| async move {
        ledger.put_job(&job("a", 1, 1)).await.unwrap();
        ledger.tear_down().await.unwrap();
        assert!(ledger.job(LOCAL_USER, "a").await.is_err());
        ledger.bring_up().await.unwrap();
        assert_eq!(ledger.job(LOCAL_USER, "a").await.unwrap(), None);
        ledger.put_job(&job("a", 1, 1)).await.unwrap();
    });
}

#[test]
fn addresses_of_other_databases_are_refused() {
    let host = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for address in ["", "mysql://x/y", "/tmp/x.sqlite", "postgres"] {
        let opened = host.block_on(Ledger::open(address));
        assert!(matches!(opened, Err(LedgerError::Database(DatabaseError::Address))), "{address}");
    }
}

#[test]
fn an_account_lists_what_it_ordered_and_nothing_else() {
    on_each(|ledger| async move {
        for owner in ["public", "a-1"] {
            ledger.add_user(owner).await.unwrap();
        }
        let of = |owner: &str, id: &str, docpack_id: &str| JobRow {
            owner: owner.to_owned(),
            docpack_id: Some(docpack_id.to_owned()),
            ..job(id, 10, 1)
        };
        for row in [of("public", "x", "1"), of("public", "y", "2"), of("a-1", "z", "3")] {
            ledger.put_job(&row).await.unwrap();
            let pack =
                DocpackRow { owner: row.owner.clone(), ..docpack(row.docpack_id.as_ref().unwrap(), "p", 10) };
            ledger.put_docpack(&pack).await.unwrap();
        }
        for (account, owner, id) in [("a-1", "public", "x"), ("a-1", "a-1", "z"), ("a-2", "public", "x")] {
            ledger.put_order(account, owner, id, 20).await.unwrap();
            ledger.put_order(account, owner, id, 30).await.unwrap();
        }
        for (account, jobs, packs) in
            [("a-1", vec!["z", "x"], vec!["3", "1"]), ("a-2", vec!["x"], vec!["1"]), ("a-3", vec![], vec![])]
        {
            let whose = Whose::Account(account);
            let listed = ledger.jobs(whose, &JobFilter::default(), None, 10).await.unwrap();
            assert_eq!(listed.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), jobs);
            let listed = ledger.docpacks(whose, &DocpackFilter::default(), None, 10).await.unwrap();
            assert_eq!(listed.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), packs);
        }
        assert_eq!(ledger.orderers("public", "x").await.unwrap(), ["a-1", "a-2"]);
        assert_eq!(ledger.owner_of_ordered("a-2", "x").await.unwrap().as_deref(), Some("public"));
        assert_eq!(ledger.owner_of_ordered("a-2", "z").await.unwrap(), None);
        assert!(ledger.has_docpack("a-2", "public", "1").await.unwrap());
        assert!(!ledger.has_docpack("a-2", "public", "2").await.unwrap());
        ledger.remove_order("a-2", "public", "x").await.unwrap();
        assert!(!ledger.has_docpack("a-2", "public", "1").await.unwrap());
        ledger.remove_owner("a-1").await.unwrap();
        assert_eq!(ledger.job("a-1", "z").await.unwrap(), None);
        assert_eq!(ledger.orderers("public", "x").await.unwrap(), [""; 0]);
        assert!(ledger.job("public", "x").await.unwrap().is_some(), "what others share stays");
    });
}

#[test]
fn the_commons_list_the_newest_of_each_repository_in_the_order_asked_for() {
    on_each(|ledger| async move {
        ledger.add_user("public").await.unwrap();
        let put = |id: &'static str, repository: &'static str, n_symbols: u64, created_at: u64| {
            let ledger = ledger.clone();
            async move {
                let (_, name) = repository.split_once('/').unwrap();
                let mut row = docpack(id, name, created_at);
                row.owner = "public".to_owned();
                row.repo_url = Some(format!("https://github.com/{repository}"));
                row.statistics.symbol_count = n_symbols;
                ledger.put_docpack(&row).await.unwrap();
                ledger.set_readers("public", id, true, false).await.unwrap();
            }
        };
        put("1", "Acme/zeta", 5, 10).await;
        put("2", "acme/Zeta", 6, 20).await;
        put("3", "acme/alpha", 9, 15).await;
        put("4", "acme_/beta", 1, 30).await;
        put("5", "other/gamma", 2, 40).await;
        ledger.set_readers("public", "5", false, false).await.unwrap();
        let list = |filter: CommonsFilter| {
            let ledger = ledger.clone();
            async move {
                let (mut ids, mut after) = (Vec::new(), None);
                // A page of one each time, so that every cursor is used.
                while let Some(row) =
                    ledger.commons("public", &filter, after.as_ref(), 1).await.unwrap().pop()
                {
                    let cursor = CommonsCursor::of(&row, filter.order).to_string();
                    after = Some(cursor.parse().unwrap());
                    ids.push(row.id);
                }
                ids.concat()
            }
        };
        let by = |order| CommonsFilter { order, ..CommonsFilter::default() };
        assert_eq!(list(by(CommonsOrder::Newest)).await, "423");
        assert_eq!(list(by(CommonsOrder::Name)).await, "342");
        assert_eq!(list(by(CommonsOrder::Symbols)).await, "324");
        let of_owner = |owner: &str| CommonsFilter {
            repository_owner: Some(owner.to_owned()),
            ..CommonsFilter::default()
        };
        assert_eq!(list(of_owner("ACME")).await, "23");
        assert_eq!(list(of_owner("acme_")).await, "4", "an underscore stands for itself");
        let address = Some("https://github.com/acme/zeta".to_owned());
        assert_eq!(list(CommonsFilter { address, ..CommonsFilter::default() }).await, "21");
        ledger.set_readers("public", "2", false, true).await.unwrap();
        assert_eq!(list(by(CommonsOrder::Newest)).await, "431");
        assert!("zz".parse::<CommonsCursor>().is_err() && "".parse::<CommonsCursor>().is_err());
    });
}

#[test]
fn a_repository_is_looked_at_by_one_process_and_again_when_it_is_due() {
    on_each(|ledger| async move {
        ledger.add_user("public").await.unwrap();
        for (id, url) in
            [("1", "https://a.example/x"), ("2", "https://a.example/X"), ("3", "https://a.example/y")]
        {
            let (owner, repo_url) = ("public".to_owned(), Some(url.to_owned()));
            ledger.put_docpack(&DocpackRow { owner, repo_url, ..docpack(id, "x", 100) }).await.unwrap();
        }
        let take = |before, now| {
            let ledger = ledger.clone();
            async move { ledger.take_looks("public", before, now, 10).await.unwrap() }
        };
        assert_eq!(take(100, 200).await, Vec::<String>::new(), "what was just made was just looked at");
        let (one, other) = tokio::join!(take(150, 200), take(150, 200));
        let mut both = [one, other].concat();
        both.sort();
        assert_eq!(both, ["https://a.example/x", "https://a.example/y"]);
        assert_eq!(take(150, 300).await, Vec::<String>::new());
        ledger.set_look("public", "https://a.example/y", 120).await.unwrap();
        assert_eq!(take(150, 300).await, ["https://a.example/y"]);
        assert_eq!(ledger.docpacks_at("public", "https://a.example/x").await.unwrap(), ["1", "2"]);
    });
}

#[test]
fn a_job_costs_whoever_ordered_it_first() {
    on_each(|ledger| async move {
        ledger.add_user("public").await.unwrap();
        for (id, created_at, cost_micro_usd) in
            [("a", 10, Some(5)), ("b", 19, Some(7)), ("c", 15, None), ("d", 20, Some(100))]
        {
            let job = JobRow { owner: "public".to_owned(), cost_micro_usd, ..job(id, created_at, 1) };
            ledger.put_job(&job).await.unwrap();
        }
        for (account, job, at) in [
            ("ada", "a", 12),
            ("bob", "a", 11),
            ("ada", "b", 19),
            ("ada", "c", 15),
            ("bob", "d", 20),
            ("cy", "b", 19),
        ] {
            ledger.put_order(account, "public", job, at).await.unwrap();
        }
        let cost = |account: &str, n_jobs, n_unpriced, cost_micro_usd| AccountCost {
            account: account.to_owned(),
            n_jobs,
            n_unpriced,
            cost_micro_usd,
        };
        let found = ledger.costs(10, 20).await.unwrap();
        assert_eq!(found, [cost("ada", 2, 1, 7), cost("bob", 1, 0, 5)]);
        assert_eq!(ledger.costs(21, 30).await.unwrap(), []);
    });
}
