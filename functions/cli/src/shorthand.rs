//! `doctown SOURCE` and `doctown PACK`, short for a build and its view.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::Command;

use crate::failure::{Exit, Failure};
use crate::help::AWS_COMMANDS;

/// The hidden command that the short form stands for.
const OPEN: &str = "open";
/// What ends a docpack's name.
pub(crate) const PACK_ENDING: &str = ".docpack";
const ARCHIVE_ENDINGS: [&str; 3] = [".zip", ".tar.gz", ".tgz"];

/// Names the command that a short form means; a subcommand is never taken for a source.
pub(crate) fn expanded(command: &Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let first = first_word(command, &arguments);
    if first.is_some_and(|first| !is_command(command, first) && is_source(first)) {
        arguments.insert(1, OPEN.into());
    }
    arguments
}

/// Returns the first argument that is neither an option nor the value of one, as in `--ref main owner/repo`.
fn first_word<'a>(command: &Command, arguments: &'a [OsString]) -> Option<&'a OsString> {
    let mut arguments = arguments.iter().skip(1);
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if !text.starts_with('-') {
            return Some(argument);
        }
        if takes_value(command, &text) {
            arguments.next();
        }
    }
    None
}

/// Tells whether the next argument is the value of this option; only options of the short form come first.
fn takes_value(command: &Command, option: &str) -> bool {
    let options = command.find_subcommand(OPEN).into_iter().flat_map(Command::get_arguments);
    let mut with_value = options.chain(command.get_arguments()).filter(|it| it.get_action().takes_values());
    match option.strip_prefix("--") {
        Some(long) => with_value.any(|it| it.get_long() == Some(long)),
        // `-o FILE` has its value behind it, `-oFILE` does not.
        None => with_value.any(|it| it.get_short().is_some_and(|short| option == format!("-{short}"))),
    }
}

/// Reports a command that this build of the program does not have.
pub(crate) fn left_out(command: &Command, arguments: &[OsString]) -> Option<Failure> {
    let first = first_word(command, arguments)?;
    let name = AWS_COMMANDS.iter().find(|name| *first == **name)?;
    let is_left_out = !is_command(command, first);
    is_left_out.then(|| {
        let message = format!("`{name}` is not in this program: it was built without AWS support");
        Failure::new(Exit::Usage, "built_without_aws", message)
            .with_help("build the program with `--features aws`, or build here with `doctown build`")
    })
}

/// Tells whether an argument names a docpack's file.
pub(crate) fn is_pack(argument: &str) -> bool {
    argument.ends_with(PACK_ENDING) && !argument.contains("://")
}

fn is_command(command: &Command, word: &OsStr) -> bool {
    word == "help" || command.get_subcommands().any(|command| command.get_name() == word)
}

/// Tells a source or a docpack from a mistyped command: it looks like an address or a file, or is one.
fn is_source(argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    matches!(&*text, "." | ".." | "~")
        || text.contains(['/', ':', '\\'])
        || is_pack(&text)
        || ARCHIVE_ENDINGS.iter().any(|ending| text.ends_with(ending))
        || Path::new(argument).exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Vec<String> {
        let arguments = std::iter::once("doctown").chain(arguments.iter().copied()).map(OsString::from);
        let expanded = expanded(&crate::help::command(), arguments.collect());
        expanded.iter().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn addresses_files_and_folders_are_opened() {
        for source in
            ["owner/repo", "https://github.com/a/b", "git@host:a/b", ".", "..", "x.docpack", "a.zip"]
        {
            assert_eq!(of(&[source]), ["open", source]);
        }
        assert_eq!(of(&["--json", "a/b", "--ref", "main"]), ["open", "--json", "a/b", "--ref", "main"]);
        for options in [["--ref", "main"], ["-o", "x/y.docpack"], ["--ref=main", "--json"]] {
            let arguments = [&options[..], &["a/b"]].concat();
            assert_eq!(of(&arguments), [&["open"], &arguments[..]].concat());
        }
        // Tests run in the folder of this crate.
        assert_eq!(of(&["src"]), ["open", "src"]);
    }

    #[test]
    fn commands_and_mistyped_words_are_left_alone() {
        for arguments in [["build", "a/b"], ["view", "x.docpack"], ["biuld", "a/b"], ["help", "build"]] {
            assert_eq!(of(&arguments), arguments);
        }
        assert_eq!(of(&["--help"]), ["--help"]);
        assert_eq!(of(&["--ref", "a/b", "build", "x"]), ["--ref", "a/b", "build", "x"]);
        assert_eq!(of(&["--ref", "a/b"]), ["--ref", "a/b"]);
    }

    #[test]
    fn a_command_of_another_build_names_what_is_missing() {
        let arguments = ["doctown", "worker", "--stages"].map(OsString::from);
        let failure = left_out(&Command::new("doctown"), &arguments).expect("it is left out");
        assert_eq!((failure.code.as_str(), failure.exit), ("built_without_aws", Exit::Usage));
        let with_it = Command::new("doctown").subcommand(Command::new("worker"));
        assert!(left_out(&with_it, &arguments).is_none());
    }
}
