//! Streams and pages of events: no gap, no double, whatever is cut.

use serde_json::Value;

use crate::client::{Told, follow};
use crate::world::World;

fn ids(told: &[Told]) -> Vec<&str> {
    told.iter().map(|event| event.id.as_str()).collect()
}

#[test]
fn a_stream_cut_at_each_event_goes_on_without_gap_or_double() {
    let world = World::start();
    let job = world.submit();
    let path = format!("/v1/jobs/{job}/events");
    let (_, whole) = follow(world.address(), &path, None, usize::MAX);
    assert!(whole.len() > 8, "{}", whole.len());
    assert_eq!(whole[0].kind, "job.created.v1");
    let n_ends = whole.iter().filter(|event| event.kind == "job.completed.v1").count();
    assert_eq!((n_ends, whole.last().map(|event| event.kind.as_str())), (1, Some("job.completed.v1")));
    for cut in 1..whole.len() {
        let (_, mut told) = follow(world.address(), &path, None, cut);
        let (_, rest) =
            follow(world.address(), &path, told.last().map(|event| event.id.as_str()), usize::MAX);
        told.extend(rest);
        assert_eq!(told, whole, "cut after {cut}");
    }
    // After the end there is nothing to come back for.
    assert_eq!(
        follow(world.address(), &path, Some(&whole[whole.len() - 1].id), usize::MAX),
        (204, Vec::new())
    );
}

#[test]
fn a_stream_that_is_cut_while_the_job_runs_goes_on_where_it_was() {
    let mut world = World::new();
    world.go(false);
    let job = world.submit();
    let path = format!("/v1/jobs/{job}/events");
    let (_, mut told) = follow(world.address(), &path, None, 1);
    assert_eq!(told[0].kind, "job.created.v1");
    world.halt();
    world.go(true);
    while told.last().is_some_and(|event| event.kind != "job.completed.v1") {
        let after = told.last().map(|event| event.id.clone());
        let (status, more) = follow(world.address(), &path, after.as_deref(), 2);
        assert_eq!(status, 200);
        told.extend(more);
    }
    let (_, whole) = follow(world.address(), &path, None, usize::MAX);
    assert_eq!(ids(&told), ids(&whole));
    // Another process, with nothing in memory, tells the same.
    world.halt();
    world.go(true);
    assert_eq!(follow(world.address(), &path, None, usize::MAX).1, whole);
}

#[test]
fn pages_say_what_streams_say() {
    let world = World::start();
    let job = world.submit();
    let path = format!("/v1/jobs/{job}/events");
    let (_, whole) = follow(world.address(), &path, None, usize::MAX);
    let mut polled: Vec<(String, Value)> = Vec::new();
    let mut after = String::new();
    loop {
        let page = world.get(&format!("{path}?limit=3{after}")).json();
        let events = page["events"].as_array().unwrap_or_else(|| panic!("{page}"));
        assert!(events.len() <= 3);
        polled
            .extend(events.iter().map(|it| (it["cursor"].as_str().unwrap().to_owned(), it["event"].clone())));
        if page["is_over"] == true {
            break;
        }
        after = format!("&after={}", page["next"].as_str().unwrap());
    }
    let streamed: Vec<(String, Value)> =
        whole.iter().map(|event| (event.id.clone(), serde_json::from_str(&event.data).unwrap())).collect();
    assert_eq!(polled, streamed);
}

#[test]
fn a_client_that_goes_away_does_not_stop_a_job_and_cancelling_does() {
    let mut world = World::new();
    world.go(false);
    let job = world.submit();
    let (_, told) = follow(world.address(), &format!("/v1/jobs/{job}/events"), None, 1);
    assert_eq!(told.len(), 1);
    assert_eq!(world.get(&format!("/v1/jobs/{job}")).json()["is_over"], false);
    let cancelled = world.post(&format!("/v1/jobs/{job}/cancel"), &Value::Null);
    assert_eq!((cancelled.status, &cancelled.json()["phase"]), (200, &"cancelled".into()));
    let (_, told) = follow(world.address(), &format!("/v1/jobs/{job}/events"), None, usize::MAX);
    assert_eq!(told.last().map(|event| event.kind.as_str()), Some("job.completed.v1"));
    // What is over can be made once more.
    let retried = world.post(&format!("/v1/jobs/{job}/retry"), &Value::Null);
    assert_eq!(retried.status, 202, "{}", retried.json());
    let again = retried.json()["job"]["job_id"].as_str().unwrap().to_owned();
    assert_eq!(world.get(&format!("/v1/jobs/{again}")).json()["parent_job_id"], job.as_str());
    let twice = world.post(&format!("/v1/jobs/{again}/retry"), &Value::Null);
    assert_eq!((twice.status, twice.problem().as_str()), (409, "job_not_over"));
}

#[test]
fn streams_that_begin_at_once_read_each_step_once() {
    let mut world = World::start();
    let job = world.submit();
    let path = format!("/v1/jobs/{job}/events");
    let (_, whole) = follow(world.address(), &path, None, usize::MAX);
    // The next process has nothing in memory.
    world.halt();
    world.go(true);
    let address = world.address();
    let told: Vec<Vec<Told>> = std::thread::scope(|scope| {
        let streams: Vec<_> =
            (0..60).map(|_| scope.spawn(|| follow(address, &path, None, usize::MAX).1)).collect();
        streams.into_iter().map(|stream| stream.join().unwrap()).collect()
    });
    assert!(told.iter().all(|told| *told == whole));
    let n_steps =
        1 + whole.iter().filter_map(|event| event.id.split('.').next()?.parse().ok()).max().unwrap_or(0);
    let metrics = String::from_utf8(world.get("/metrics").body).unwrap();
    let line = format!("doctown_api_event_steps_read_total {n_steps}");
    assert!(metrics.lines().any(|told| told == line), "{line}\n{metrics}");
}
