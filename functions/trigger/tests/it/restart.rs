//! Nothing is kept but the store: servers and ledgers come and go.

use ledger::{JobFilter, LOCAL_USER, Ledger};
use pipeline::{Coordinator, Tenant};
use runtime::{DirectoryStore, LocalPorts, MemoryQueue, SystemClock};
use std::sync::Arc;

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
        assert_eq!(ledger.jobs(LOCAL_USER, &JobFilter::default(), None, 10).await.unwrap(), []);
        let store = DirectoryStore::open(&world.folder().join("store")).unwrap();
        let queue = MemoryQueue::new(SystemClock);
        let ports = LocalPorts { store, queue, clock: SystemClock, observer: None };
        let coordinator = Coordinator::new(Arc::new(ports), "rebuild");
        let name_of = |source: &str| source.rsplit('/').next().unwrap_or_default().to_owned();
        let rebuilt = ledger::rebuild(&ledger, &coordinator, &Tenant::local(), name_of).await.unwrap();
        assert_eq!((rebuilt.n_jobs, rebuilt.n_left_out), (2, 0));
        ledger.close().await;
    });
    world.go(true);
    assert_eq!((world.get("/v1/jobs").json(), world.get("/v1/docpacks").json()), before);
    assert_eq!(world.get(&format!("{first}/download")).status, 200);
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
