//! What the real worker was seen to do, as scripts that any worker can be run against.

use std::time::Duration;

use serde_json::{Value, json};

use crate::testserver::{Answer, Route, Script, When};

/// The kind of machine in every template.
pub const GPU: &str = "NVIDIA GeForce RTX 4090";

/// One run of a worker.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub name: &'static str,
    pub script: Script,
    pub n_concurrent: usize,
    /// Over once this many requests of a route have come.
    pub until: (Route, usize),
}

/// Every scenario by its name.
pub const SCENARIOS: [&str; 9] =
    ["ok", "error", "null", "values", "progress", "stream", "batch", "stop", "heartbeat"];

/// Makes a scenario, `None` where there is none of that name.
///
/// `unit` is what a job's work takes: a second for RunPod's own worker, less for a quicker one.
pub fn scenario(name: &str, unit: Duration) -> Option<Scenario> {
    let name = SCENARIOS.into_iter().find(|known| *known == name)?;
    let work_ms = |n: u32| (unit * n).as_millis() as u64;
    let taking = |answers: Vec<Answer>| Script { idle: unit, ..Script::default() }.then(Route::Take, answers);
    let alone = |script, n_done| Scenario { name, script, n_concurrent: 1, until: (Route::Done, n_done) };
    Some(match name {
        "ok" => alone(taking(vec![job("job-ok-e1", "ok", 0)]), 1),
        "error" => alone(taking(vec![job("job-error-e1", "error", 0)]), 1),
        "null" => alone(taking(vec![job("job-null-e1", "null", 0)]), 1),
        "values" => {
            let jobs =
                ["list", "text", "number", "boolean"].map(|mode| job(&format!("job-{mode}-e1"), mode, 0));
            alone(taking(jobs.into()), 4)
        }
        // Two words of progress a unit and a half apart, then the result.
        "progress" => alone(taking(vec![job("job-progress-e1", "progress", work_ms(3) / 2)]), 3),
        "stream" => alone(taking(vec![job("job-stream-e1", "stream", 0)]), 1),
        "batch" => {
            let input = |mode: &str| json!({"mode": mode, "work_ms": work_ms(4)});
            let first = json!([{"id": "c1", "input": input("ok")}, {"id": "c2", "input": input("ok")}]);
            let second = json!([{"id": "c3", "input": input("ok")}]);
            let script = taking(vec![Answer::json(&first), Answer::json(&second)]);
            Scenario { name, script, n_concurrent: 4, until: (Route::Done, 3) }
        }
        "stop" => {
            let signal = Answer::json(&json!({"jobsToStop": ["job-stop-e1", "unknown"]}));
            let signal = signal.when(When::Seen(Route::Take, 1)).when(When::After(unit));
            let jobs = vec![job("job-stop-e1", "ok", work_ms(600)), job("job-after-e1", "ok", 0)];
            alone(taking(jobs).then(Route::Stop, [signal]), 1)
        }
        _ => alone(taking(vec![job("job-long-e1", "ok", work_ms(4))]), 1),
    })
}

fn job(id: &str, mode: &str, work_ms: u64) -> Answer {
    Answer::job(id, input(mode, work_ms))
}

fn input(mode: &str, work_ms: u64) -> Value {
    json!({"mode": mode, "work_ms": work_ms})
}
