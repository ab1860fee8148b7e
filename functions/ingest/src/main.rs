//! The process of the ingest stage; `runtime::host::process` lists the ways to run it.

use std::process::ExitCode;

use doctown_stage_ingest::IngestStage;

fn main() -> ExitCode {
    runtime::host::process::main(IngestStage::from_config)
}
