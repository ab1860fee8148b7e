//! The same request sent again is the same job.

use std::collections::BTreeSet;
use std::thread;

use serde_json::json;

use crate::world::{World, order, repository};

#[test]
fn fifty_posts_of_one_key_are_one_job() {
    let mut world = World::new();
    world.go(false);
    let jobs: BTreeSet<String> = thread::scope(|scope| {
        let posts: Vec<_> = (0..50)
            .map(|_| {
                scope.spawn(|| {
                    let answer =
                        world.post_with("/v1/jobs", &[("idempotency-key", "k-1")], &order("acme/greetings"));
                    assert_eq!(answer.status, 202, "{}", answer.json());
                    answer.json()["job"]["job_id"].as_str().unwrap().to_owned()
                })
            })
            .collect();
        posts.into_iter().map(|post| post.join().unwrap()).collect()
    });
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    assert_eq!(world.get("/v1/jobs").json()["items"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_key_stands_for_its_request_also_after_a_restart_and_after_the_job() {
    let mut world = World::start();
    world.github.add(repository("acme/other"));
    let send =
        |world: &World, repo: &str| world.post_with("/v1/jobs", &[("idempotency-key", "k-2")], &order(repo));
    let first = send(&world, "acme/greetings").json();
    let job = first["job"]["job_id"].as_str().unwrap().to_owned();
    world.finish(&job);
    world.halt();
    world.go(true);
    let again = send(&world, "acme/greetings");
    assert_eq!((again.status, &again.json()["job"]["job_id"]), (202, &job.as_str().into()));
    assert_eq!(again.json()["estimate"], first["estimate"]);
    let other = send(&world, "acme/other");
    assert_eq!((other.status, other.problem().as_str()), (422, "idempotency_key_reused"));
    // Without a key, a build that is over is made anew.
    let anew = world.post("/v1/jobs", &order("acme/greetings")).json();
    assert_ne!(anew["job"]["job_id"], job.as_str());
}

#[test]
fn keys_that_are_none_are_refused() {
    let world = World::start();
    for key in [String::new(), "x".repeat(256), "ä".to_owned()] {
        let answer =
            world.post_with("/v1/jobs", &[("idempotency-key", &key)], &json!({"repo_url": "acme/greetings"}));
        assert_eq!((answer.status, answer.problem().as_str()), (400, "invalid_idempotency_key"), "{key}");
    }
}
