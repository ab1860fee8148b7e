//! Stands for `cloud` in a program that was built without AWS support: each command says so.

use runtime::config::Config;

use crate::args::{ApproveArgs, Cli, SubmitArgs};
use crate::failure::{Exit, Failure};

pub(crate) fn submit(_args: &SubmitArgs, _config: &Config, _cli: &Cli) -> Result<(), Failure> {
    Err(left_out("submit"))
}

pub(crate) fn approve(_args: &ApproveArgs, _config: &Config, _as_json: bool) -> Result<(), Failure> {
    Err(left_out("approve"))
}

pub(crate) fn cancel(_job: &str, _config: &Config, _as_json: bool) -> Result<(), Failure> {
    Err(left_out("cancel"))
}

pub(crate) fn retry(_job: &str, _config: &Config, _as_json: bool) -> Result<(), Failure> {
    Err(left_out("retry"))
}

fn left_out(command: &str) -> Failure {
    let message = format!("`{command}` cannot use a bucket: this program was built without AWS support");
    Failure::new(Exit::Usage, "built_without_aws", message)
        .with_help("build the program with `--features aws`, or name a hosted Doctown with `--server URL`")
}
