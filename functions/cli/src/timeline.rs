//! `doctown timeline JOB`: when each stage worked, drawn from the job's events.

use std::collections::BTreeMap;

use pipeline::{Envelope, StageName, Timestamp};
use runtime::config::Config;
use serde::Serialize;

use crate::events::{self, parse_job};
use crate::failure::Failure;
use crate::output::{data, json};

/// Columns of the drawing; with its labels it fits a terminal of 100.
const N_COLUMNS: u64 = 64;

/// When one unit worked, from its first event to its last.
#[derive(Debug, Serialize)]
struct Span {
    stage: StageName,
    unit: String,
    from: Timestamp,
    to: Timestamp,
}

pub(crate) fn timeline(job: &str, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(job, "doctown submit")?;
    let envelopes = events::read(&job, config)?;
    let spans = spans(&envelopes);
    if as_json {
        json("timeline", &spans);
        return Ok(());
    }
    let begin = envelopes.first().map_or(Timestamp(0), |envelope| envelope.time);
    let end = envelopes.last().map_or(begin, |envelope| envelope.time);
    let total_ms = end.since(begin).as_millis().max(1) as u64;
    for stage in StageName::ALL {
        let of_stage: Vec<&Span> = spans.iter().filter(|span| span.stage == stage).collect();
        if let Some(row) = row(&of_stage, begin, total_ms) {
            data(&format!("{stage:9} {row}"));
        }
    }
    data(&format!("{:9} 0 s{:>width$.1} s", "", total_ms as f64 / 1e3, width = N_COLUMNS as usize - 5));
    Ok(())
}

fn spans(envelopes: &[Envelope]) -> Vec<Span> {
    let mut found: BTreeMap<(StageName, String), (Timestamp, Timestamp)> = BTreeMap::new();
    for envelope in envelopes {
        // `job/stage/unit`; a job's own events have no stage.
        let mut parts = envelope.subject.splitn(3, '/').skip(1);
        let stage = parts.next().and_then(StageName::from_word);
        let (Some(stage), Some(unit)) = (stage, parts.next()) else { continue };
        let span = found.entry((stage, unit.to_owned())).or_insert((envelope.time, envelope.time));
        *span = (span.0.min(envelope.time), span.1.max(envelope.time));
    }
    found.into_iter().map(|((stage, unit), (from, to))| Span { stage, unit, from, to }).collect()
}

/// Draws how many units of a stage worked in each column: a dot for none, `+` for more than nine.
fn row(spans: &[&Span], begin: Timestamp, total_ms: u64) -> Option<String> {
    let (first, last) = (spans.iter().map(|span| span.from).min()?, spans.iter().map(|span| span.to).max()?);
    let column =
        |at: Timestamp| (at.since(begin).as_millis() as u64 * N_COLUMNS / total_ms).min(N_COLUMNS - 1);
    let drawing: String = (0..N_COLUMNS)
        .map(|here| spans.iter().filter(|span| (column(span.from)..=column(span.to)).contains(&here)).count())
        .map(|n_units| match n_units {
            0 => '.',
            1..=9 => char::from_digit(n_units as u32, 10).unwrap_or('+'),
            _ => '+',
        })
        .collect();
    let seconds = |at: Timestamp| at.since(begin).as_millis() as f64 / 1e3;
    Some(format!("{drawing} {:.1} to {:.1} s, {} units", seconds(first), seconds(last), spans.len()))
}
