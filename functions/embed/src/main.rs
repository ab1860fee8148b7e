//! The process of the embed stage; `runtime::host::process` lists the ways to run it.

use std::process::ExitCode;

use doctown_stage_embed::EmbedStage;

fn main() -> ExitCode {
    runtime::host::process::main(EmbedStage::from_config)
}
