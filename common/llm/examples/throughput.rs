//! Measures how close many questions come to the speed that the endpoint's latency allows.
//!
//!     throughput [N_QUESTIONS [LATENCY_MS [N_PARALLEL]]]      by default 1000, 300, 10
//!
//! The endpoint is the scripted server, in this process; all questions go through `Chat::ask`, with a schema,
//! a budget and an audit record each.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use doctown_llm::testserver::{Script, TestServer};
use doctown_llm::{Budget, CallRecord, Chat, ChatError, ChatRequest, Endpoint, PriceTable, Schema};
use tokio::task::{JoinError, JoinSet};

const SCHEMA: &str = r#"{"type":"object","properties":{"id":{"type":"string"},"summary":{"type":"string"}},
    "required":["id","summary"],"additionalProperties":false}"#;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |usual: u64| arguments.next().map_or(Ok(usual), |text| text.parse());
    let (n_questions, latency_ms, n_parallel) = (number(1000)?, number(300)?, number(10)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(n_questions, latency_ms, usize::try_from(n_parallel)?))
}

async fn measure(n_questions: u64, latency_ms: u64, n_parallel: usize) -> Result<()> {
    let script = Script { n_kept: 0, ..Script::default() };
    let server = TestServer::start(script.with_latency(Duration::from_millis(latency_ms)))?;
    let endpoint = Endpoint::new(&server.base_url(), ["gpt-4o-mini"])?.with_parallel(n_parallel);
    let chat = Chat::new(endpoint, PriceTable::published())?;
    let budget = Budget::of_micro_usd(1_000_000_000);
    let schema = Schema::parse("summary", SCHEMA)?;
    let started = Instant::now();
    let (mut tasks, mut n_tries) = (JoinSet::new(), 0);
    for symbol in 0..n_questions {
        let (chat, budget) = (chat.clone(), budget.clone());
        let request =
            ChatRequest::new("One sentence on purpose.", prompt(symbol), 120).with_schema(schema.clone());
        // So that what waits stays small too: twice as many as can be under way.
        if tasks.len() >= 2 * n_parallel {
            n_tries += tries(tasks.join_next().await)?;
        }
        tasks.spawn(async move {
            let result = chat.ask(&request, 0, &budget).await;
            let record = chat.record(&request, 0, &result);
            result.map(|_| record)
        });
    }
    while !tasks.is_empty() {
        n_tries += tries(tasks.join_next().await)?;
    }
    let took = started.elapsed().as_secs_f64();
    ensure!(server.n_requests() as u64 == n_questions, "{} requests came", server.n_requests());
    let ideal = (latency_ms * n_questions.div_ceil(n_parallel as u64)) as f64 / 1000.0;
    writeln!(
        std::io::stdout(),
        "{n_questions} questions, {latency_ms} ms latency, at most {} at once, {n_tries} tries: \
         {took:.2} s, {:.3} times the ideal {ideal:.2} s; {} micro-USD; peak RSS {} MB, client and server",
        server.most_parallel(),
        took / ideal,
        budget.spent(),
        peak_rss_kb()? / 1024,
    )?;
    Ok(())
}

fn tries(done: Option<Result<Result<CallRecord, ChatError>, JoinError>>) -> Result<u32> {
    Ok(done.context("a task ended")???.n_tries)
}

/// A question as long as one about a function of ten lines.
fn prompt(symbol: u64) -> String {
    let body = "    let total = items.iter().map(|item| item.price * item.count).sum::<u64>();\n".repeat(10);
    format!(
        "Symbol sym_{symbol:032x}, a Rust function in src/order.rs:\n\nfn total(items: &[Item]) -> u64 {{\n{body}}}\n"
    )
}

fn peak_rss_kb() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak in the status")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
