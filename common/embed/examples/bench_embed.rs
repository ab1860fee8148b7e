//! Measures the embedder on a JSON list of texts and prints one row; `scripts/bench-embed` prints the head.
//!
//! The row shows the median run. Peak memory is the process's, so measure each precision in its own process.
#![expect(clippy::print_stdout, reason = "a row is the result")]

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, bail};
use doctown_embed::{EmbedParams, Embedder, ModelFiles, Precision, ProviderChoice, max_tokens};

const USAGE: &str =
    "usage: bench_embed TEXTS.json MODEL_FOLDER [--int8] [--sessions N] [--runs N] [--cpu | --gpu]";

struct Arguments {
    texts: PathBuf,
    model: PathBuf,
    precision: Precision,
    n_sessions: usize,
    n_runs: usize,
    provider: ProviderChoice,
}

/// What one run cost.
struct Cost {
    wall_s: f64,
    cpu_s: f64,
    n_tokens: usize,
    n_multiply_adds: f64,
    n_batches: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments = parse_arguments()?;
    let json =
        fs::read(&arguments.texts).with_context(|| format!("cannot read `{}`", arguments.texts.display()))?;
    let texts: Vec<String> = serde_json::from_slice(&json).context("the texts are not a JSON list")?;
    print_row(&arguments, &texts)
}

fn print_row(arguments: &Arguments, texts: &[String]) -> anyhow::Result<()> {
    let Arguments { precision, n_sessions, n_runs, provider, .. } = *arguments;
    let params = EmbedParams { precision, n_sessions, provider, max_tokens: max_tokens() };
    let started = Instant::now();
    let embedder = Embedder::load(&ModelFiles::in_folder(&arguments.model), params)?;
    let load_ms = started.elapsed().as_millis();
    // Buffers grow to their size.
    let n_warm_up = texts.len().min(50);
    embedder.embed(&texts[..n_warm_up], &|| false)?;
    let mut runs = (0..n_runs).map(|_| run(&embedder, texts)).collect::<anyhow::Result<Vec<Cost>>>()?;
    runs.sort_by(|a, b| a.cpu_s.total_cmp(&b.cpu_s));
    let limit = embedder.measure_limit()?;
    let Some(Cost { wall_s, cpu_s, n_tokens, n_multiply_adds, n_batches }) = runs.get(runs.len() / 2) else {
        bail!("no run was asked for")
    };
    let (n_chunks, n_tokens) = (texts.len() as f64, *n_tokens as f64);
    let budget = embedder.class().batch_mode.token_budget();
    let fill = budget.map(|budget| n_tokens / (*n_batches * budget) as f64);
    println!(
        "| {} | {} | {n_sessions} | {n_chunks} | {n_tokens} | {:.1} | {:.0} | {:.1} | {:.0} | {} | {:.0}% of {:.0} G/s | {load_ms} | {} |",
        embedder.class().precision,
        embedder.class().provider,
        n_chunks / wall_s,
        n_tokens / wall_s,
        n_chunks / cpu_s,
        n_tokens / cpu_s,
        fill.map_or("one by one".to_owned(), |fill| format!("{:.0}%", 100.0 * fill)),
        100.0 * n_multiply_adds / wall_s / limit,
        limit / 1e9,
        peak_rss_mb()?,
    );
    Ok(())
}

fn run(embedder: &Embedder, texts: &[String]) -> anyhow::Result<Cost> {
    let (started, cpu_before_s) = (Instant::now(), cpu_s()?);
    let embedded = embedder.embed(texts, &|| false)?;
    Ok(Cost {
        wall_s: started.elapsed().as_secs_f64(),
        cpu_s: cpu_s()? - cpu_before_s,
        n_tokens: embedded.n_tokens,
        n_multiply_adds: embedded.n_multiply_adds,
        n_batches: embedded.n_batches,
    })
}

/// User and system time of the process; Linux counts it in hundredths of a second.
fn cpu_s() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().context("no fields in `/proc/self/stat`")?;
    let ticks: Vec<f64> = fields.split_whitespace().skip(11).take(2).flat_map(str::parse).collect();
    Ok(ticks.iter().sum::<f64>() / 100.0)
}

fn peak_rss_mb() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak in status")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024)
}

fn parse_arguments() -> anyhow::Result<Arguments> {
    let mut words = std::env::args().skip(1);
    let mut path = || words.next().map(PathBuf::from).context(USAGE);
    let mut arguments = Arguments {
        texts: path()?,
        model: path()?,
        precision: Precision::Fp32,
        n_sessions: std::thread::available_parallelism()?.get(),
        n_runs: 3,
        provider: ProviderChoice::Auto,
    };
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|word| word.parse().ok()).context(USAGE);
        match word.as_str() {
            "--sessions" => arguments.n_sessions = number()?,
            "--runs" => arguments.n_runs = number()?,
            "--int8" => arguments.precision = Precision::Int8,
            "--cpu" => arguments.provider = ProviderChoice::Cpu,
            "--gpu" => arguments.provider = ProviderChoice::Cuda,
            _ => bail!("unknown argument `{word}`; {USAGE}"),
        }
    }
    Ok(arguments)
}
