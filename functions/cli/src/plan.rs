//! `doctown plan`: the stages, as every part of the system goes by them.

use pipeline::{PLAN, Phase, StageName};
use serde::Serialize;

use crate::output::{data, json, table};

/// One row of the plan.
#[derive(Debug, Serialize)]
struct Row {
    stage: StageName,
    inputs: &'static [StageName],
    output: &'static str,
    queue: &'static str,
    fan_out_from: Option<StageName>,
    may_run_from: Phase,
    required: bool,
    time_limit_s: u64,
    max_attempts: u32,
    /// Of this program: a job that was made by another is left to workers of that one.
    release: String,
}

pub(crate) fn plan(as_json: bool) {
    let rows: Vec<Row> = PLAN
        .iter()
        .map(|row| Row {
            stage: row.stage,
            inputs: row.inputs,
            output: row.output,
            queue: row.queue,
            fan_out_from: row.fan_out_from,
            may_run_from: row.may_run_from,
            required: row.required,
            time_limit_s: row.time_limit.as_secs(),
            max_attempts: row.max_attempts,
            release: pipeline::release(),
        })
        .collect();
    if as_json {
        return json("plan", &rows);
    }
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            vec![
                row.stage.to_string(),
                if row.fan_out_from.is_some() { "many" } else { "one" }.to_owned(),
                if row.required { "required" } else { "optional" }.to_owned(),
                format!("{} min", row.time_limit_s / 60),
                row.output.to_owned(),
            ]
        })
        .collect();
    data(&table(&["stage", "units", "", "limit", "leaves behind"], &cells));
}
