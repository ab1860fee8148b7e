//! The process of the ingest stage; `runtime::host::process` says how it can be run.

use std::process::ExitCode;

use doctown_stage_ingest::IngestStage;

fn main() -> ExitCode {
    runtime::host::process::main(IngestStage::from_config)
}
