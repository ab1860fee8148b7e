//! The process of the assemble stage; `runtime::host::process` says how it can be run.

use std::process::ExitCode;

use doctown_stage_assemble::AssembleStage;

fn main() -> ExitCode {
    runtime::host::process::main(|_| Ok(AssembleStage))
}
