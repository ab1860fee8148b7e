//! `doctown diff`: what changed between two docpacks, and whether it breaks code that uses them.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use compare::{Comparison, Gate, Pack};
use docpack::{Docpack, ReadLimits};
use runtime::config::Config;

use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::inspect::{check_is_file, refused, unreadable};
use crate::output::{self, talk};
use crate::shorthand::is_pack;
use crate::{hosted, target};

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The older docpack: a file, an address, or one of your docpacks: `owner/name@ref`, a commit or an id.
    pub(crate) before: String,
    /// The newer docpack.
    pub(crate) after: String,
    /// Print Markdown, fit for a pull request.
    #[arg(long, conflicts_with = "html")]
    pub(crate) markdown: bool,
    /// Print one HTML page that needs nothing else.
    #[arg(long)]
    pub(crate) html: bool,
    /// File to write instead of stdout.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Number of rows of each list; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) limit: usize,
    /// Exit with 8 on such changes; may be repeated or separated by commas.
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) fail_on: Vec<FailOn>,
    #[command(flatten)]
    pub(crate) hosted: crate::args::HostedArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A breaking change of an exported symbol.
    Api,
    /// A call that became ambiguous, or a new call to an unknown target.
    Calls,
    /// A smaller share of resolved calls in a language.
    Quality,
}

impl FailOn {
    fn gate(self) -> Gate {
        match self {
            Self::Api => Gate::Api,
            Self::Calls => Gate::Calls,
            Self::Quality => Gate::Quality,
        }
    }
}

pub(crate) fn diff(
    args: &DiffArgs,
    cli: &Cli,
    config: impl Fn() -> Result<Config, Failure>,
) -> Result<(), Failure> {
    if cli.json && (args.markdown || args.html) {
        let message = "`--json` and another form of output were both asked for";
        return Err(Failure::new(Exit::Usage, "usage", message).with_help("leave out one of them"));
    }
    if let Some(path) = &args.output {
        target::check(path, Some(Path::new(&args.before)), "is one of the packs")?;
        target::check(path, Some(Path::new(&args.after)), "is one of the packs")?;
    }
    let (before, after) = (pack(&args.before, args, &config)?, pack(&args.after, args, &config)?);
    let comparison = compare::compare(&Pack::of(&before), &Pack::of(&after));
    note_sources(&comparison, cli);
    show(&comparison, args, cli)?;
    let failed = args.fail_on.iter().filter_map(|it| compare::failed(&comparison, it.gate()));
    let failed: Vec<String> = failed.collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Exit::ChangesFound, "changes_found", failed.join("; "))
        .with_help("`--fail-on` names what may not change; leave it out to see the changes only"))
}

/// Reads a pack from a file, an address or the account's docpacks.
fn pack(
    text: &str,
    args: &DiffArgs,
    config: &impl Fn() -> Result<Config, Failure>,
) -> Result<Docpack, Failure> {
    if text.contains("://") {
        return hosted::read_from(text, &config()?);
    }
    let path = Path::new(text);
    if is_pack(text) || path.exists() {
        check_is_file(path)?;
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        let read = docpack::read(BufReader::new(file), &ReadLimits::default());
        return read.map_err(|error| refused(path, &error));
    }
    hosted::fetched(&hosted::client(args.hosted.server.as_deref(), &config()?)?, text)
}

/// Packs of two repositories can be compared, but that is seldom meant.
fn note_sources(comparison: &Comparison, cli: &Cli) {
    let (before, after) = (&comparison.before.repo_url, &comparison.after.repo_url);
    if let (Some(before), Some(after)) = (before, after)
        && before != after
        && cli.quiet == 0
    {
        talk(&format!("these are two repositories: {before} and {after}"));
    }
}

fn show(comparison: &Comparison, args: &DiffArgs, cli: &Cli) -> Result<(), Failure> {
    let page = match (args.markdown, args.html) {
        (true, _) => compare::markdown(comparison),
        (_, true) => compare::html(comparison),
        _ if cli.json && args.output.is_none() => {
            output::json("diff", comparison);
            return Ok(());
        }
        _ if cli.json => format!(
            "{}\n",
            serde_json::json!({"schema": output::SCHEMA, "command": "diff", "data": comparison})
        ),
        _ => {
            let limit = if args.limit == 0 { usize::MAX } else { args.limit };
            compare::text(comparison, limit)
        }
    };
    match &args.output {
        Some(path) => target::write(path, page.as_bytes()),
        None => {
            output::data(page.trim_end());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_named_as_in_the_settings_of_a_server() {
        for it in FailOn::value_variants() {
            assert_eq!(it.to_possible_value().unwrap().get_name(), it.gate().word());
        }
        assert_eq!(FailOn::value_variants().len(), Gate::ALL.len());
    }
}
