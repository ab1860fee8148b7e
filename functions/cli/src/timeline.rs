//! `doctown timeline JOB`: when each stage worked, drawn from the job's events.

use std::collections::BTreeMap;

use pipeline::{Envelope, Event, StageName, Timestamp};
use runtime::config::Config;
use serde::Serialize;

use crate::events::{self, parse_job};
use crate::failure::Failure;
use crate::output::{data, json};

/// Columns of the drawing; with its labels it fits a terminal of 100.
const N_COLUMNS: u64 = 64;

/// When one try of a unit worked, from its first event to its last.
#[derive(Debug, Serialize)]
struct Span {
    stage: StageName,
    unit: String,
    from: Timestamp,
    to: Timestamp,
}

/// What the drawing shows.
#[derive(Debug, Serialize)]
struct Timeline {
    /// By how much the workers' clocks disagree, at least. Then each stage is drawn after those before it:
    /// only the lengths of its spans are known, each by one clock.
    clock_skew_ms: u64,
    spans: Vec<Span>,
}

pub(crate) fn timeline(job: &str, config: &Config, as_json: bool) -> Result<(), Failure> {
    let job = parse_job(job, "doctown submit")?;
    let envelopes = events::read(&job, config)?;
    let drawn = drawn(&envelopes);
    if as_json {
        json("timeline", &drawn);
        return Ok(());
    }
    let Timeline { clock_skew_ms, spans } = &drawn;
    let times = envelopes.iter().map(|envelope| envelope.time).filter(|_| *clock_skew_ms == 0);
    let (begins, ends) = (spans.iter().map(|span| span.from), spans.iter().map(|span| span.to));
    let begin = times.clone().chain(begins).min().unwrap_or_default();
    let end = times.chain(ends).max().unwrap_or(begin);
    let total_ms = end.since(begin).as_millis().max(1) as u64;
    for stage in StageName::ALL {
        let of_stage: Vec<&Span> = spans.iter().filter(|span| span.stage == stage).collect();
        if let Some(row) = row(&of_stage, begin, total_ms) {
            data(&format!("{stage:9} {row}"));
        }
    }
    data(&format!("{:9} 0 s{:>width$.1} s", "", total_ms as f64 / 1e3, width = N_COLUMNS as usize - 5));
    if *clock_skew_ms > 0 {
        data(&format!(
            "the workers' clocks disagree by {:.1} s or more: stages are drawn one after the other, waiting is left out",
            *clock_skew_ms as f64 / 1e3
        ));
    }
    Ok(())
}

fn drawn(envelopes: &[Envelope]) -> Timeline {
    let (clock_skew_ms, spans) = (clock_skew_ms(envelopes), spans(envelopes));
    let spans = if clock_skew_ms == 0 { spans } else { one_after_the_other(spans) };
    Timeline { clock_skew_ms, spans }
}

/// Finds by how much the times of the job's phases, in the order of the phases, go back.
fn clock_skew_ms(envelopes: &[Envelope]) -> u64 {
    let mut entered: Vec<_> = envelopes
        .iter()
        .filter_map(|envelope| match &envelope.event {
            Event::JobPhaseChanged(changed) => Some((changed.to, envelope.time)),
            _ => None,
        })
        .collect();
    entered.sort();
    let mut latest = envelopes
        .iter()
        .find(|envelope| matches!(envelope.event, Event::JobCreated(_)))
        .map_or(Timestamp(0), |envelope| envelope.time);
    let mut skew_ms = 0;
    for (_, at) in entered {
        skew_ms = skew_ms.max(latest.since(at).as_millis() as u64);
        latest = latest.max(at);
    }
    skew_ms
}

/// Moves all spans of a stage to the end of the stages before it; each keeps its length.
fn one_after_the_other(spans: Vec<Span>) -> Vec<Span> {
    let mut moved = Vec::with_capacity(spans.len());
    let mut begin = Timestamp(0);
    for stage in StageName::ALL {
        let mut end = begin;
        for span in spans.iter().filter(|span| span.stage == stage) {
            let to = begin.plus(span.to.since(span.from));
            end = end.max(to);
            moved.push(Span { stage, unit: span.unit.clone(), from: begin, to });
        }
        begin = end;
    }
    moved
}

/// When each try of a unit began and ended, by the try's number.
type Tries<'e> = BTreeMap<&'e str, (Timestamp, Timestamp)>;

fn spans(envelopes: &[Envelope]) -> Vec<Span> {
    let mut found: BTreeMap<(StageName, String), Tries<'_>> = BTreeMap::new();
    for envelope in envelopes {
        // A try that was lost is told of by another worker, by its own clock.
        if matches!(envelope.event, Event::UnitTryLost(_)) {
            continue;
        }
        // `job/stage/unit`; a job's own events have no stage.
        let mut parts = envelope.subject.splitn(3, '/').skip(1);
        let stage = parts.next().and_then(StageName::from_word);
        let (Some(stage), Some(unit)) = (stage, parts.next()) else { continue };
        let number = envelope.id.rsplit('/').nth(1).unwrap_or_default();
        let tries = found.entry((stage, unit.to_owned())).or_default();
        let span = tries.entry(number).or_insert((envelope.time, envelope.time));
        *span = (span.0.min(envelope.time), span.1.max(envelope.time));
    }
    let all = found.into_iter().flat_map(|((stage, unit), tries)| {
        tries.into_values().map(move |(from, to)| Span { stage, unit: unit.clone(), from, to })
    });
    all.collect()
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
    Some(format!("{drawing} {:.1} to {:.1} s, {} tries", seconds(first), seconds(last), spans.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(id: &str, time_ms: u64, event: serde_json::Value) -> Envelope {
        let subject = id.rsplitn(3, '/').nth(2).unwrap_or_default();
        let mut envelope = serde_json::json!({
            "specversion": "1.0", "id": id, "source": "doctown", "subject": subject,
            "time": Timestamp(time_ms), "datacontenttype": "application/json",
            "context": {"repo_url": null, "git_ref": null, "owner": "local"},
            "meta": {"producer_version": "", "trace_id": "0a", "idempotency_key": "", "parent_id": null, "tags": {}},
        });
        envelope.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
        serde_json::from_value(envelope).unwrap()
    }

    fn started(id: &str, time_ms: u64) -> Envelope {
        let event = serde_json::json!({"type": "pack.started.v1", "data": {"n_symbols": 1}});
        envelope(id, time_ms, event)
    }

    fn phase(n: u32, from: &str, to: &str, time_ms: u64) -> Envelope {
        let event = serde_json::json!({"type": "job.phase_changed.v1", "data": {"from": from, "to": to}});
        envelope(&format!("job-1/0/{n}"), time_ms, event)
    }

    /// Ingest by a clock that is ten minutes ahead, assemble by one that is ten minutes behind.
    fn skewed() -> Vec<Envelope> {
        const HOUR: u64 = 3_600_000;
        let created = serde_json::json!({"type": "job.created.v1", "data": {"parent": null}});
        vec![
            envelope("job-1/0/0", HOUR, created),
            phase(1, "queued", "ingest", HOUR),
            started("job-1/ingest/whole/1/0", HOUR + 600_000),
            started("job-1/ingest/whole/1/1", HOUR + 603_000),
            phase(2, "ingest", "embed", HOUR + 603_000),
            started("job-1/assemble/whole/1/0", HOUR - 597_000),
            started("job-1/assemble/whole/1/1", HOUR - 594_000),
            phase(3, "embed", "assemble", HOUR - 597_000),
        ]
    }

    #[test]
    fn clocks_that_disagree_do_not_lengthen_a_job() {
        let Timeline { clock_skew_ms, spans } = drawn(&skewed());
        assert_eq!(clock_skew_ms, 1_200_000);
        let drawn: Vec<_> = spans.iter().map(|span| (span.stage, span.from.0, span.to.0)).collect();
        assert_eq!(drawn, [(StageName::Ingest, 0, 3_000), (StageName::Assemble, 3_000, 6_000)]);
    }

    #[test]
    fn clocks_that_agree_keep_the_times() {
        let events = [started("job-1/pack/whole/1/0", 5_000), started("job-1/pack/whole/1/1", 9_000)];
        let Timeline { clock_skew_ms, spans } = drawn(&events);
        assert_eq!((clock_skew_ms, spans[0].from.0, spans[0].to.0), (0, 5_000, 9_000));
    }
}
