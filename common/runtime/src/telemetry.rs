//! Logs: to standard error, for people or for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Sends this process's log lines to standard error. Only the first call of a process has an effect.
pub fn start(config: &LogConfig) {
    // A directive that cannot be read is left out; the others still hold.
    let filter = EnvFilter::builder().parse_lossy(&config.filter);
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let colour = config.colour && std::io::stderr().is_terminal();
    // Refused when a log is set up already, which then stays.
    let _ = match config.format {
        LogFormat::Text => logs.with_ansi(colour).with_target(false).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
}
