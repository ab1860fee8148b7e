//! Failures of commands: a stable code, a cause, a next step and an exit code.

use std::process::ExitCode;

use clap::builder::styling::{AnsiColor, Style};
use runtime::host::StartError;
use runtime::queue::OpenQueueError;
use source::failure::{FailureClass, SourceError};

use crate::output::{emphasized, exact_talk, visible, visible_json};

/// A command's failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) exit: Exit,
    /// What may have been meant, for programs.
    pub(crate) candidates: Option<serde_json::Value>,
}

/// Exit codes as the help lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Failed = 1,
    Usage = 2,
    InputRefused = 3,
    NotAuthorised = 4,
    UpstreamDown = 5,
    Budget = 6,
    VerificationFailed = 7,
    ChangesFound = 8,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Failure {
    pub(crate) fn new(exit: Exit, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), help: None, exit, candidates: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what may have been meant; `message` lists it for people.
    pub(crate) fn with_candidates(mut self, candidates: serde_json::Value) -> Self {
        self.candidates = Some(candidates);
        self
    }

    /// Writes the failure to stderr, as JSON when asked.
    pub(crate) fn report(&self, json: bool) {
        if json {
            let mut error =
                serde_json::json!({"code": self.code, "message": self.message, "help": self.help});
            if let Some(candidates) = &self.candidates {
                error["candidates"] = candidates.clone();
            }
            let line = serde_json::json!({"schema": crate::output::SCHEMA, "error": error});
            return exact_talk(&visible_json(&line.to_string()));
        }
        let bold = Style::new().bold();
        let red = bold.fg_color(Some(AnsiColor::Red.into()));
        let error = emphasized(&format!("error[{}]: ", self.code), red);
        let help = self.help.as_ref().filter(|help| !help.is_empty());
        let help =
            help.map_or(String::new(), |help| format!("\n  {}{}", emphasized("help: ", bold), visible(help)));
        // The colours are ours; what a server or a repository said is text.
        exact_talk(&format!("{error}{}{help}", visible(&self.message)));
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let exit = match error.code.as_str() {
            "token_malformed" => Exit::NotAuthorised,
            "store_not_shared" => Exit::Usage,
            "store_unavailable" => Exit::UpstreamDown,
            _ => Exit::Failed,
        };
        Self { code: error.code, message: error.message, help: error.help, exit, candidates: None }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(Exit::Failed, "internal", format!("{error:#}"))
    }
}

/// Reports a queue that another process holds, or that cannot be used.
pub(crate) fn of_queue(error: &OpenQueueError) -> Failure {
    match error {
        OpenQueueError::InUse { .. } => Failure::new(Exit::Failed, "store_in_use", error.to_string())
            .with_help("only one process at a time runs a build, or serves a store"),
        OpenQueueError::Unusable { .. } => store_unusable(error),
    }
}

/// Reports a folder that cannot be used.
pub(crate) fn store_unusable(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::Failed, "store_unavailable", error.to_string())
        .with_help("check its permissions and the free disk space, or set DOCTOWN_HOME to another folder")
}

/// Reports a source that could not be read.
pub(crate) fn of_source(error: &SourceError) -> Failure {
    Failure::new(exit_of(error.class()), error.code(), error.to_string()).with_help(error.help().terminal)
}

/// Reports a job that failed, with the terminal's text for its code.
pub(crate) fn of_job(code: &str, message: &str) -> Failure {
    let exit = source::failure::by_code(code).map_or(Exit::Failed, |(class, _)| exit_of(class));
    Failure::new(exit, code, message).with_help(trigger::errors::help(code).terminal)
}

fn exit_of(class: FailureClass) -> Exit {
    match class {
        FailureClass::Failed => Exit::Failed,
        FailureClass::Usage => Exit::Usage,
        FailureClass::Refused => Exit::InputRefused,
        FailureClass::Unauthorized => Exit::NotAuthorised,
        FailureClass::Upstream => Exit::UpstreamDown,
    }
}
