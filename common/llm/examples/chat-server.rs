//! Runs the tests' scripted server on a port, for tests of whole programs.
//!
//!     chat-server [--port N] [--latency-ms N] [--sentence TEXT] [--other TEXT] [--every N] [SCENARIO]
//!
//! Every text of an answer is the sentence, each N-th the other one; `{name}` becomes the subject's name.
//! Prints the base URL and runs until its standard input ends. The scenario is played for every request, but a
//! request whose model has a scenario's name plays that one. `--list` prints the names.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use doctown_llm::testserver::{Scenario, Script, TestServer};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut port, mut latency_ms, mut every, mut usual) = (0, 0, 0, Scenario::Answer);
    let (mut sentence, mut other) = (None, String::new());
    while let Some(argument) = arguments.next() {
        let mut text = || arguments.next().with_context(|| format!("`{argument}` wants more"));
        let number =
            |text: String| -> Result<u64> { text.parse().with_context(|| format!("`{text}` is no number")) };
        match argument.as_str() {
            "--port" => port = u16::try_from(number(text()?)?)?,
            "--latency-ms" => latency_ms = number(text()?)?,
            "--sentence" => sentence = Some(text()?),
            "--other" => other = text()?,
            "--every" => every = number(text()?)?,
            "--list" => return say(&Scenario::names().collect::<Vec<_>>().join("\n")),
            name => match Scenario::named(name) {
                Some(scenario) => usual = scenario,
                None => bail!("unknown scenario `{name}`; `--list` prints them"),
            },
        }
    }
    let script = sentence
        .map_or_else(Script::default, |sentence| Script::saying_now_and_then(&sentence, &other, every));
    let script = script.usually(usual).with_latency(Duration::from_millis(latency_ms));
    let by_model = |script: Script, name| match Scenario::named(name) {
        Some(scenario) => script.for_model(name, scenario),
        None => script,
    };
    let server = TestServer::start_on(port, Scenario::names().fold(script, by_model))?;
    say(&server.base_url())?;
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    say(&format!("{} requests, at most {} at once", server.n_requests(), server.most_parallel()))
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
