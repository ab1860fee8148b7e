//! Looks at repositories whose host is slow on purpose.

use std::thread;
use std::time::{Duration, Instant};

use doctown_trigger::LookLimits;
use source::testserver::Answer;

use crate::world::{World, order};

const N_CLIENTS: usize = 24;

/// A world with a host that sends one byte after each pause, for ever.
fn world_with_slow_host(looks: LookLimits, n_answers: usize) -> World {
    let mut world = World::new();
    world.settings.looks = looks;
    let drip = Answer::body("application/x-git-upload-pack-advertisement", vec![b'0'; 100])
        .dripping(Duration::from_millis(20));
    world.github.script("/git/slow/info/refs", vec![drip; n_answers]);
    world.go(false);
    world
}

#[test]
fn hosts_that_drip_bytes_leave_the_server_answering() {
    let looks = LookLimits {
        max_at_once: 6,
        max_per_host: 4,
        wait: Duration::from_millis(700),
        timeout: Duration::from_millis(500),
    };
    let world = world_with_slow_host(looks, 200);
    let (url, address) = (world.github.git_url("slow"), world.address());
    let started = Instant::now();
    let clients: Vec<_> = (0..N_CLIENTS)
        .map(|n| {
            // Each asks for another ref, so that no answer serves two.
            let body = serde_json::json!({"repo_url": url, "git_ref": format!("b{n}"), "options": {"embeddings": false}});
            thread::spawn(move || {
                let json = [("content-type", "application/json")];
                crate::client::ask(address, "POST", "/v1/jobs", &json, body.to_string().as_bytes())
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(200));
    // While every place at the slow host is taken, everything else goes on.
    let look = Instant::now();
    assert_eq!(world.get("/readyz").status, 200);
    assert_eq!(world.post("/v1/jobs", &order("acme/greetings")).status, 202);
    assert!(look.elapsed() < Duration::from_secs(5), "{:?}", look.elapsed());
    let mut n_by_code = std::collections::BTreeMap::<String, usize>::new();
    for client in clients {
        let answer = client.join().unwrap();
        *n_by_code.entry(format!("{} {}", answer.status, answer.problem())).or_default() += 1;
    }
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(n_by_code.values().sum::<usize>(), N_CLIENTS);
    assert!(
        n_by_code
            .keys()
            .all(|code| ["502 upstream_unavailable", "503 too_many_lookups"].contains(&code.as_str())),
        "{n_by_code:?}"
    );
    assert!(n_by_code.contains_key("503 too_many_lookups"), "{n_by_code:?}");
    let n_asked =
        world.github.requests().iter().filter(|request| request.path == "/git/slow/info/refs").count();
    assert!(n_asked <= 12, "{n_asked} looks began, 4 at a time in 0.7 s of 0.5 s each");
}

#[test]
fn a_look_that_is_refused_for_want_of_a_place_says_when_to_come_back() {
    let looks =
        LookLimits { max_at_once: 1, max_per_host: 1, wait: Duration::ZERO, timeout: Duration::from_secs(2) };
    let world = world_with_slow_host(looks, 10);
    let (url, address) = (world.github.git_url("slow"), world.address());
    let first = thread::spawn(move || {
        let json = [("content-type", "application/json")];
        crate::client::ask(address, "POST", "/v1/jobs", &json, order(&url).to_string().as_bytes())
    });
    thread::sleep(Duration::from_millis(300));
    let second = world.post("/v1/jobs", &order("acme/greetings"));
    assert_eq!((second.status, second.problem().as_str()), (503, "too_many_lookups"));
    assert_eq!(second.header("retry-after"), "2");
    let first = first.join().unwrap();
    assert_eq!((first.status, first.problem().as_str()), (502, "upstream_unavailable"));
    assert!(first.json()["detail"].as_str().unwrap().contains("longer than 2 s"), "{}", first.json());
}
