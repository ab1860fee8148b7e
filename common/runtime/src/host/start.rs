//! Why a process cannot begin its work.

/// A process cannot begin: something that it needs is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct StartError {
    /// Stable snake_case word.
    pub code: String,
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl StartError {
    /// Makes an error without help.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), help: None }
    }

    /// Says what to do about it.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
