//! The user's browser.

use std::process::{Command, Stdio};

use crate::output::talk;

/// What opens an address as the user has set it.
const OPENER: &str = if cfg!(target_os = "macos") {
    "open"
} else if cfg!(windows) {
    "explorer"
} else {
    "xdg-open"
};

/// Opens an address in the browser; without an opener, asks the user to open it.
pub(crate) fn open(url: &str) {
    let mut command = Command::new(OPENER);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // A browser that it starts would else be told of our Ctrl-C too.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    match command.spawn() {
        Ok(mut child) => {
            // It is waited for, so that nothing of it is left while we run.
            std::thread::spawn(move || child.wait());
        }
        Err(error) => {
            talk(&format!("cannot open a browser with `{OPENER}` ({error}); open the address yourself"))
        }
    }
}
