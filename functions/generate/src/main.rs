//! The process of the generate stage; `runtime::host::process` says how it can be run.

use std::process::ExitCode;

use doctown_stage_generate::GenerateStage;

fn main() -> ExitCode {
    runtime::host::process::main(|_| Ok(GenerateStage))
}
