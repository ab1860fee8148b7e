//! The entry point of an image with several functions: runs the one named by its first argument.
//!
//! `doctown-entry ingest --once FILE` replaces itself with `doctown-ingest --once FILE` from its own folder,
//! so signals, standard streams and the exit code are that function's. The image has no shell that could do it.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

const PREFIX: &str = "doctown-";
const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let told = run(std::env::args_os().skip(1));
    // Without standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "error[no_function]: {told}");
    ExitCode::from(EXIT_USAGE)
}

/// Returns only when there is no such function, with what to say.
fn run(mut arguments: impl Iterator<Item = OsString>) -> String {
    let entry = match std::env::current_exe() {
        Ok(entry) => entry,
        Err(error) => return format!("this program cannot find itself: {error}"),
    };
    let folder = entry.parent().unwrap_or(Path::new("/"));
    let functions = functions(folder);
    let Some(name) = arguments.next().and_then(|name| name.into_string().ok()) else {
        return format!("name one of: {}", functions.join(", "));
    };
    if !functions.contains(&name) {
        return format!("`{name}` is no function here; name one of: {}", functions.join(", "));
    }
    let error = Command::new(folder.join(format!("{PREFIX}{name}"))).args(arguments).exec();
    format!("`{name}` cannot be run: {error}")
}

/// Lists the functions that lie beside this program.
fn functions(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names =
        entries.filter_map(|entry| entry.file_name().to_str()?.strip_prefix(PREFIX).map(str::to_owned));
    let mut names: Vec<_> = names.filter(|name| name != "entry" && !name.contains('.')).collect();
    names.sort();
    names
}
