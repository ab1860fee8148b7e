//! `doctown insights`: questions about the code in a docpack, answered with checkable claims.

use clap::Args;
use docpack::records::Insights;
use docpack::{InsightFamily, entries};

use crate::args::Cli;
use crate::ask;
use crate::failure::{Exit, Failure};
use crate::inspect::refused;
use crate::output;
use crate::tour::width;

#[derive(Debug, Args)]
pub(crate) struct InsightsArgs {
    /// One question: purpose, flow, errors, configuration, extension, data_model or risks; before it a .docpack file.
    #[arg(num_args = 0..=2, value_name = "FAMILY")]
    pub(crate) words: Vec<String>,
}

pub(crate) fn insights(args: &InsightsArgs, cli: &Cli) -> Result<(), Failure> {
    let (path, mut pack, words) = ask::opened_by(&args.words, cli.quiet > 0)?;
    let family = words.first().map(|word| family(word)).transpose()?;
    if !pack.manifest().optional.has_insights {
        let message = format!("`{}` has no insights; it was built by an earlier version", path.display());
        return Err(Failure::new(Exit::Failed, "insights_missing", message)
            .with_help("build the pack again with this version"));
    }
    let mut insights: Insights = pack.record(entries::INSIGHTS).map_err(|error| refused(&path, &error))?;
    if let Some(family) = family {
        insights.families.retain(|insight| insight.family == family);
        insights.words.retain(|words| words.family == family);
    }
    if cli.json {
        output::json("insights", &insights);
    } else if insights.families.is_empty() {
        output::data("The facts of this pack answer nothing to this question.");
    } else {
        output::data(&families::plain(&insights, width()));
    }
    Ok(())
}

fn family(word: &str) -> Result<InsightFamily, Failure> {
    let known = || InsightFamily::ALL.iter().map(|family| family.as_str()).collect::<Vec<_>>().join(", ");
    // People write words apart with a dash.
    InsightFamily::from_word(&word.replace('-', "_")).ok_or_else(|| {
        Failure::new(Exit::Usage, "usage", format!("`{word}` is no question; known are {}", known()))
            .with_help("put the .docpack file first, then the question")
    })
}
