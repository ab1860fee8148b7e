//! The process of the pack stage; `runtime::host::process` lists the ways to run it.

use std::process::ExitCode;

use doctown_stage_pack::PackStage;

fn main() -> ExitCode {
    runtime::host::process::main(|_| Ok(PackStage))
}
