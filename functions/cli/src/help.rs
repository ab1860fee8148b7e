//! `doctown --help`: commands in groups, everyday ones first.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use crate::args::Cli;

/// Groups in the order of the help; a command that is in none of them is listed under the last one.
const GROUPS: &[(&str, &[&str])] = &[
    ("Everyday commands", &["build", "view", "inspect", "diff", "verify", "export", "estimate"]),
    ("Ask a docpack", &["tour", "insights", "ask", "search", "show", "callers", "callees", "path", "impact"]),
    ("Hosted Doctown", &["login", "logout", "whoami", "submit", "status", "library", "pull"]),
    ("Server", &["serve", "schedule", "jobs"]),
    ("Setup", &["setup", "doctor", "config", "completions"]),
    (
        "Operator commands",
        &["approve", "cancel", "retry", "worker", "redrive", "stage", "events", "audit", "timeline"],
    ),
];

const EXIT_CODES: &str = "Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 input refused, 4 not authorized, 5 host unavailable,\n            6 over budget, 7 verification failed, 8 changes that `diff --fail-on` names, 130 interrupted";

/// Commands of builds with AWS support; others name what is missing.
pub(crate) const AWS_COMMANDS: &[&str] = &["worker", "redrive"];

/// Builds the command line with its help in groups.
pub(crate) fn command() -> Command {
    let command = Cli::command();
    let template = template(&command);
    command
        .override_usage("doctown <SOURCE|PACK> [OPTIONS]\n       doctown <COMMAND>")
        .help_template(template)
}

fn template(command: &Command) -> String {
    let style = command.get_styles();
    let (heading, literal) = (style.get_header(), style.get_literal());
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    let short = [
        ("doctown SOURCE", "Build a URL, `owner/repo`, folder or archive, then open it in your browser"),
        ("doctown NAME.docpack", "Open a docpack in your browser"),
    ];
    let mut section = |name: &str, rows: &[(String, String)]| {
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let _ = write!(text, "\n{heading}{name}:{heading:#}\n");
        for (name, about) in rows {
            let _ = writeln!(text, "  {literal}{name}{literal:#}{:1$}  {about}", "", width - name.len());
        }
    };
    section("Quick start", &short.map(|(name, about)| (name.to_owned(), about.to_owned())));
    let shown: Vec<_> = command.get_subcommands().filter(|command| !command.is_hide_set()).collect();
    let about = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    let last = GROUPS.len() - 1;
    for (idx, (name, members)) in GROUPS.iter().enumerate() {
        let listed =
            members.iter().filter_map(|name| shown.iter().find(|command| command.get_name() == *name));
        let is_in_a_group = |name: &str| GROUPS.iter().any(|(_, members)| members.contains(&name));
        let others = shown.iter().filter(|command| idx == last && !is_in_a_group(command.get_name()));
        let rows: Vec<_> =
            listed.chain(others).map(|command| (command.get_name().to_owned(), about(command))).collect();
        section(name, &rows);
    }
    let _ = write!(text, "\n{heading}Options:{heading:#}\n{{options}}\n\n{EXIT_CODES}\n");
    text.push_str("`doctown COMMAND --help` explains a command.");
    text
}
