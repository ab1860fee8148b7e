//! What the desktop and the terminal of this machine allow.

use std::io::IsTerminal;

/// Tells whether a browser may be opened: not by a machine that builds, nor where there is no screen.
pub fn has_desktop() -> bool {
    let has_screen =
        !cfg!(all(unix, not(target_os = "macos"))) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
    has_screen && !is_set("CI")
}

/// Tells whether messages on stderr may be coloured: on a terminal that knows colours, unless `NO_COLOR` is set.
pub fn colours_stderr() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !is_set("NO_COLOR") && !is_dumb && std::io::stderr().is_terminal()
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}
