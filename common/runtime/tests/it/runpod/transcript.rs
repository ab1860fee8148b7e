//! The requests of every scenario, as a text that a human reads.
//!
//! `scripts/check-runpod` runs RunPod's own worker through the same scenarios and compares.

use std::collections::BTreeSet;
use std::time::Duration;

use runtime::testserver::{Request, Route, SCENARIOS, TestServer, scenario};

use crate::runpod::by_mode::ByMode;
use crate::runpod::{settings, start};

/// What a job's work takes here; enough for the worker's polls to come in between.
const UNIT: Duration = Duration::from_millis(200);

#[test]
fn requests_are_those_of_the_protocol() {
    let transcripts: Vec<String> = SCENARIOS.into_iter().map(transcript).collect();
    insta::assert_snapshot!(transcripts.join("\n"));
}

fn transcript(name: &str) -> String {
    let scenario = scenario(name, UNIT).expect("the name is one of the list");
    let server = TestServer::start(scenario.script).expect("a port is free");
    let mut settings = settings(&server);
    settings.n_concurrent = scenario.n_concurrent;
    // Pieces of progress that are apart by a unit are to be sent, each of them.
    settings.waits.progress_spacing = Duration::ZERO;
    let running = start(&settings, ByMode);
    let (route, n_requests) = scenario.until;
    for (route, n_requests) in [(route, n_requests), (Route::Stop, 1), (Route::Ping, 1)] {
        server.wait_for(route, n_requests);
    }
    running.end().expect("the worker ends well");
    let requests = server.requests();
    let mut lines = vec![format!("# {name}")];
    let first_result = requests.iter().position(|request| request.route == Route::Done);
    let takes = requests[..first_result.unwrap_or(requests.len())].iter();
    lines.extend(distinct(takes.filter(|request| request.route == Route::Take)));
    lines.extend(distinct(requests.iter().filter(|request| request.route == Route::Stop)));
    // Whether a short job is named in any ping depends on the moment.
    let pings = requests.iter().filter(|request| request.route == Route::Ping);
    let pings = pings.filter(|ping| name == "heartbeat" || ping.parameter("job_id").is_none());
    lines.extend(BTreeSet::from_iter(distinct(pings)));
    let posts = requests.iter().filter(|request| matches!(request.route, Route::Done | Route::Stream));
    let mut posts: Vec<String> = posts.map(told).collect();
    if name == "batch" {
        posts.sort();
    }
    (lines.into_iter().chain(posts)).collect::<Vec<_>>().join("\n") + "\n"
}

/// How often something is asked depends on the moment; what is asked does not.
fn distinct<'a>(requests: impl Iterator<Item = &'a Request>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    requests.map(told).filter(|line| seen.insert(line.clone())).collect()
}

fn told(request: &Request) -> String {
    const HEADERS: [&str; 4] = ["authorization", "content-type", "charset", "x-request-id"];
    let headers = HEADERS.iter().filter_map(|name| Some(format!("{name}: {}", request.header(name)?)));
    format!("{request}\n    {}", headers.collect::<Vec<_>>().join(", "))
}
