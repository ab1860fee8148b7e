//! Runs the program in a world of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A home folder, a working folder and the settings that keep tests away from the user's own.
pub(crate) struct World {
    folder: TempDir,
    settings: Vec<(String, String)>,
}

/// What one run left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder can be made"), settings: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the files of one string below `name`: each begins with a line `//- /path`.
    pub(crate) fn write(&self, name: &str, fixture: &str) -> PathBuf {
        let root = self.path(name);
        for (path, text) in files(fixture) {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
                .expect("folders can be made");
            std::fs::write(path, text).expect("files can be written");
        }
        root
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doctown"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("DOCTOWN_HOME", self.path("home"));
        for name in [
            "DOCTOWN_STORE",
            "DOCTOWN_SERVER",
            "DOCTOWN_API_KEY",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "DOCTOWN_MODEL",
            "DOCTOWN_EMBEDDER",
            "DOCTOWN_GITHUB_TOKEN",
            "GITHUB_TOKEN",
            "DOCTOWN_LLM_BASE_URL",
            "DOCTOWN_LLM_KEY",
            "OPENAI_BASE_URL",
            "OPENAI_API_KEY",
            "HTTPS_PROXY",
            "https_proxy",
        ] {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().expect("the program was built for this test"))
    }

    /// Builds without vectors and returns the pack's bytes.
    pub(crate) fn build(&self, source: &Path, pack: &str, more: &[&str]) -> Vec<u8> {
        let source = source.to_str().expect("temporary paths are UTF-8");
        let mut arguments = vec!["build", source, "--no-embeddings", "-o", pack];
        arguments.extend(more);
        let ran = self.run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        std::fs::read(self.path(pack)).expect("the pack was written")
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("output is UTF-8"),
        }
    }
}

pub(crate) fn files(fixture: &str) -> Vec<(&str, &str)> {
    let parts = fixture.split("//- /").skip(1);
    parts.filter_map(|part| part.split_once('\n')).map(|(path, text)| (path.trim(), text)).collect()
}

/// A small program in each language, with calls within and across files.
pub(crate) const SMALL: &str = r#"//- /README.md
# Small

Small is a fixture that greets in five languages.
//- /Cargo.toml
[package]
name = "small"
//- /src/lib.rs
//! Greets people.
mod words;

/// Says hello to somebody.
pub fn greet(name: &str) -> String {
    words::join("hello", name)
}
//- /src/words.rs
/// Joins two words with a space.
pub fn join(a: &str, b: &str) -> String {
    format!("{a} {b}")
}
//- /py/greeter.py
"""Greets people, in Python."""
from py.words import join


class Greeter:
    """Remembers how to greet."""

    def __init__(self, word):
        self.word = word

    def greet(self, name):
        return join(self.word, name)
//- /py/words.py
def join(a, b):
    """Joins two words."""
    return a + " " + b
//- /web/greet.ts
import { join } from './words';

/** Greets on a page. */
export const greet = (name: string): string => join('hello', name);
//- /web/words.ts
export function join(a: string, b: string): string {
  return `${a} ${b}`;
}
//- /go/greet.go
// Package greet greets.
package greet

// Greet says hello.
func Greet(name string) string {
	return join("hello", name)
}
//- /go/words.go
package greet

func join(a, b string) string {
	return a + " " + b
}
//- /broken.py
def half(:
    return
//- /data.bin
binary
//- /Cargo.lock
# lock
"#;
