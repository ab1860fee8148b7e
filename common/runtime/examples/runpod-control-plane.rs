//! A control plane for one run of any RunPod worker; for scripts/check-runpod.
//!
//!     runpod-control-plane SCENARIO UNIT_MS
//!
//! Writes three lines of JSON: the worker's environment; `true` once the scenario is over; and, when its
//! standard input ends, every request that it received.

extern crate doctown_runtime as runtime;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::time::Duration;

use runtime::testserver::{Route, SCENARIOS, TestServer, scenario};
use serde_json::{Value, json};

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let mut arguments = std::env::args().skip(1);
    let (name, unit_ms) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
    let unknown = || format!("`{name}` is not one of: {}", SCENARIOS.join(" "));
    let scenario = scenario(&name, Duration::from_millis(unit_ms.parse()?)).ok_or_else(unknown)?;
    let server = TestServer::start(scenario.script)?;
    let mut environment = BTreeMap::from_iter(server.environment());
    environment.insert("DOCTOWN_CONCURRENCY", scenario.n_concurrent.to_string());
    write_line(&json!(environment))?;
    let (route, n_requests) = scenario.until;
    for (route, n_requests) in [(route, n_requests), (Route::Stop, 1), (Route::Ping, 1)] {
        server.wait_for(route, n_requests);
    }
    write_line(&json!(true))?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    write_line(&server.requests().iter().map(|request| request.to_json()).collect())
}

fn write_line(value: &Value) -> Result<(), AnyError> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{value}")?;
    Ok(stdout.flush()?)
}
