//! The process of the assemble stage; `runtime::host::process` lists the ways to run it.

use std::process::ExitCode;

use doctown_stage_assemble::AssembleStage;
use runtime::host::StartError;
use writing::Writer;

fn main() -> ExitCode {
    runtime::host::process::main(|config| {
        let writer = Writer::from_config(&config.llm);
        let unusable = |error: writing::WriterError| StartError::new(error.code(), error.to_string());
        writer.map(AssembleStage::new).map_err(unusable)
    })
}
