//! `doctown tour`: an introduction to the code in a docpack.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use docpack::entries;
use docpack::records::Tour;

use crate::args::Cli;
use crate::ask;
use crate::failure::{Exit, Failure};
use crate::inspect::refused;
use crate::output;

/// Longer lines are hard to read, however wide the terminal is.
const MAX_WIDTH: usize = 110;

#[derive(Debug, Args)]
pub(crate) struct TourArgs {
    /// The .docpack file [default: the only one in this folder, or in the nearest folder above].
    pub(crate) pack: Option<PathBuf>,
    /// Print Markdown with Mermaid diagrams.
    #[arg(long)]
    pub(crate) markdown: bool,
}

pub(crate) fn tour(args: &TourArgs, cli: &Cli) -> Result<(), Failure> {
    let (path, mut pack) = ask::opened(args.pack.as_deref(), cli.quiet > 0)?;
    if !pack.manifest().optional.has_tour {
        let message = format!("`{}` has no tour; it was built by an earlier version", path.display());
        return Err(Failure::new(Exit::Failed, "tour_missing", message)
            .with_help("build the pack again with this version"));
    }
    let tour: Tour = pack.record(entries::TOUR).map_err(|error| refused(&path, &error))?;
    if cli.json {
        output::json("tour", &tour);
    } else if args.markdown {
        output::data(&tour::markdown(&tour));
    } else {
        output::data(&tour::plain(&tour, width()));
    }
    Ok(())
}

/// Returns how many columns a text may take.
pub(crate) fn width() -> usize {
    let size = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    size.filter(|_| io::stdout().is_terminal()).unwrap_or(MAX_WIDTH).min(MAX_WIDTH)
}
