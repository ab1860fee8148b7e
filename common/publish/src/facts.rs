//! What ingest left, read by both stages that make something whole of it.

use model::ingest::{Facts, IngestOutput};
use pipeline::port::Ports;
use pipeline::{StageError, StageName, UnitRun};

/// Facts of a file take about this many times its bytes as JSON.
const JSON_PER_SOURCE_BYTE: u64 = 5;

/// Reads the facts, or takes what an earlier stage of this process left of them.
pub async fn facts<P: Ports>(unit: &UnitRun<P>) -> Result<Facts, StageError> {
    let output = unit.output_of(StageName::Ingest).await?;
    if let Some(facts) = unit.taken(&output) {
        return Ok(facts);
    }
    let ingest: IngestOutput = unit.get_json(&output).await?;
    let segments = unit.get_all_json_named(StageName::Ingest, &ingest.segments).await?;
    let resolution = unit.get_all_json_named(StageName::Ingest, &ingest.resolution).await?;
    Ok(Facts::new(ingest, segments, resolution))
}

/// Leaves the facts to a later stage of this process.
pub async fn leave_facts<P: Ports>(unit: &UnitRun<P>, facts: Facts) -> Result<(), StageError> {
    let output = unit.output_of(StageName::Ingest).await?;
    unit.leave(&output, facts.n_source_bytes().saturating_mul(JSON_PER_SOURCE_BYTE), facts);
    Ok(())
}
