//! Nothing is kept but the store: servers and ledgers come and go.

use ledger::{JobFilter, LOCAL_USER, Ledger, Whose};
use pipeline::key::ArtifactKey;
use pipeline::port::PutMode;
use pipeline::{ArtifactStore, Coordinator, JobId, Tenant};
use runtime::{DirectoryStore, LocalPorts, MemoryQueue, SystemClock};
use source::testserver::Repository;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::world::World;

#[test]
fn a_job_that_was_accepted_is_finished_by_the_next_server() {
    let mut world = World::new();
    world.go(false);
    let job = world.submit();
    world.halt();
    world.go(true);
    assert_eq!(world.finish(&job)["phase"], "completed");
}

#[test]
fn the_stage_that_ends_a_job_is_the_one_that_failed() {
    let mut world = World::new();
    world.go(false);
    let job = world.submit();
    world.halt();
    // Its history is gone before anybody reads it.
    world.github.add(Repository::empty("acme/greetings"));
    world.go(true);
    let job = world.finish(&job);
    assert_eq!((&job["phase"], &job["error"]["stage"]), (&"failed".into(), &"ingest".into()), "{job}");
    let states: Vec<_> = job["stages"].as_array().unwrap().iter().map(|stage| &stage["state"]).collect();
    assert_eq!(states, ["failed", "skipped", "skipped", "skipped", "skipped"]);
}

#[test]
fn a_lost_ledger_is_rebuilt_from_the_store() {
    let mut world = World::start();
    let first = world.docpack();
    world.finish(&world.submit());
    let before = (world.get("/v1/jobs").json(), world.get("/v1/docpacks").json());
    assert_eq!(before.0["items"].as_array().map(Vec::len), Some(2));
    world.halt();
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", world.ledger_file().display()));
    }
    let address = format!("sqlite://{}", world.ledger_file().display());
    world.block_on(async {
        let ledger = Ledger::open(&address).await.unwrap();
        assert_eq!(ledger.jobs(Whose::Owner(LOCAL_USER), &JobFilter::default(), None, 10).await.unwrap(), []);
        let store = DirectoryStore::open(&world.folder().join("store")).unwrap();
        let queue = MemoryQueue::new(SystemClock);
        let ports = LocalPorts { store, queue, clock: SystemClock, observer: None };
        let coordinator = Coordinator::new(Arc::new(ports), "rebuild");
        let name_of = |source: &str| source.rsplit('/').next().unwrap_or_default().to_owned();
        let rebuilt = ledger::rebuild(&ledger, &coordinator, name_of, doctown_trigger::prices().as_ref())
            .await
            .unwrap();
        assert_eq!((rebuilt.n_jobs, rebuilt.n_left_out), (2, 0));
        ledger.close().await;
    });
    world.go(true);
    assert_eq!((world.get("/v1/jobs").json(), world.get("/v1/docpacks").json()), before);
    assert_eq!(world.get(&format!("{first}/download")).status, 200);
}

#[test]
fn a_job_that_cannot_be_read_holds_up_no_other() {
    let mut world = World::new();
    world.go(false);
    let damaged = world.submit();
    world.halt();
    // Whole, as the store wrote it, but of no state.
    let ports = |world: &World| {
        let store = DirectoryStore::open(&world.folder().join("store")).unwrap();
        LocalPorts { store, queue: MemoryQueue::new(SystemClock), clock: SystemClock, observer: None }
    };
    let key = ArtifactKey::State { job: &damaged.parse().unwrap() }.of(&Tenant::local());
    world.block_on(async {
        let store = ports(&world).store;
        store.put(&key, b"{}".to_vec(), PutMode::Overwrite).await.unwrap();
    });
    world.github.add(crate::world::repository("acme/second"));
    world.go(false);
    let watched = world.post("/v1/jobs", &crate::world::order("acme/second")).json()["job"]["job_id"].clone();
    // Somebody else cancels the one and makes another, and nobody asks this server about either.
    let adopted = world.block_on(async {
        let coordinator = Coordinator::new(Arc::new(ports(&world)), "elsewhere");
        let watched: JobId = watched.as_str().unwrap().parse().unwrap();
        let state = coordinator.cancel(&Tenant::local(), &watched).await.unwrap();
        let retry = pipeline::Makers {
            stage_versions: state.stage_versions.clone(),
            embedder: None,
            time_limit: Duration::from_secs(60),
        };
        coordinator.retry(&Tenant::local(), &watched, retry).await.unwrap().job.to_string()
    });
    let is_listed = |job: &str, is_over: bool| {
        let jobs = world.get("/v1/jobs").json();
        let mut jobs = jobs["items"].as_array().unwrap().iter();
        jobs.any(|listed| listed["job_id"] == job && listed["is_over"] == is_over)
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while !(is_listed(watched.as_str().unwrap(), true) && is_listed(&adopted, false)) {
        assert!(Instant::now() < deadline, "{}", world.get("/v1/jobs").json());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn pages_of_jobs_hold_every_job_once() {
    let world = World::start();
    let mut made: Vec<String> = (0..5)
        .map(|_| {
            let job = world.submit();
            world.finish(&job);
            job
        })
        .collect();
    let mut listed = Vec::new();
    let mut path = "/v1/jobs?limit=2&repo_url=acme%2Fgreetings".to_owned();
    loop {
        let answer = world.get(&path);
        let page = answer.json();
        listed.extend(
            page["items"].as_array().unwrap().iter().map(|job| job["job_id"].as_str().unwrap().to_owned()),
        );
        let Some(link) = answer.headers.get("link") else {
            assert!(page["next_cursor"].is_null());
            break;
        };
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
        assert!(path.contains(page["next_cursor"].as_str().unwrap()));
    }
    made.reverse();
    assert_eq!(listed, made);
}

#[test]
fn jobs_of_one_repository_are_told_apart_by_ref_and_options() {
    let mut world = World::new();
    world.go(false);
    let plain = crate::world::order("acme/greetings");
    let named = serde_json::json!({"repo_url": "acme/greetings", "git_ref": "v1.0", "options": {"embeddings": false}});
    for order in [&plain, &named] {
        let job = world.post("/v1/jobs", order).json()["job"].clone();
        assert_eq!((&job["git_ref"], &job["has_default_options"]), (&order["git_ref"], &false.into()));
        let alone = world.get(job["links"]["self"].as_str().unwrap()).json();
        assert_eq!((&alone["git_ref"], &alone["has_default_options"]), (&order["git_ref"], &false.into()));
    }
    let listed = world.get("/v1/jobs?repo_url=https%3A%2F%2Fgithub.com%2Facme%2Fgreetings").json();
    let told: Vec<_> = listed["items"].as_array().unwrap().iter().map(|job| &job["git_ref"]).collect();
    assert_eq!(
        (told.len(), told.contains(&&"v1.0".into()), told.contains(&&serde_json::Value::Null)),
        (2, true, true)
    );
    assert!(listed["items"].as_array().unwrap().iter().all(|job| job["has_default_options"] == false));
}
