//! Arguments of the commands that answer questions about a docpack.

use std::path::PathBuf;

use clap::Args;

use crate::args::{ApprovalArgs, ServerArgs};

/// Which pack, and how much of the answer.
#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    /// The .docpack file [default: the only one in this folder, or in the nearest folder above].
    #[arg(long, value_name = "FILE")]
    pub(crate) pack: Option<PathBuf>,
    /// Number of rows to show; 0 shows all.
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub(crate) limit: usize,
    /// Show only rows of this role: product, test, example, benchmark, …; may be repeated.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SymbolArgs {
    /// A symbol: its name, the end of its qualified name, `path:line` or its id; before it a .docpack file.
    #[arg(required = true, num_args = 1..=2, value_name = "SYMBOL")]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PathArgs {
    /// The symbol where the path starts and the one where it ends; before them a .docpack file.
    #[arg(required = true, num_args = 2..=3, value_name = "SYMBOL")]
    pub(crate) words: Vec<String>,
    /// The .docpack file [default: the only one in this folder, or in the nearest folder above].
    #[arg(long, value_name = "FILE")]
    pub(crate) pack: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ImpactArgs {
    #[command(flatten)]
    pub(crate) symbol: SymbolArgs,
    /// Follow at most this many steps; 0 follows all.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) depth: u32,
    /// Ignore relations that are less sure than this, from 0 to 1.
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = parse_share)]
    pub(crate) min_confidence: f64,
}

fn parse_share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "expected a number from 0 to 1".to_owned())?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("expected a number from 0 to 1".to_owned()) }
}

#[derive(Debug, Args)]
pub(crate) struct QuestionArgs {
    /// The question; before it a .docpack file.
    #[arg(required = true, value_name = "QUESTION")]
    pub(crate) words: Vec<String>,
    /// The .docpack file [default: the only one in this folder, or in the nearest folder above].
    #[arg(long, value_name = "FILE")]
    pub(crate) pack: Option<PathBuf>,
    /// Most pieces of evidence, 1 to 50.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub(crate) limit: u8,
    /// Model that chooses among the evidence for a short answer; what does not stand there is left out.
    #[arg(long, value_name = "NAME")]
    pub(crate) model: Option<String>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) approval: ApprovalArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// A name, the beginning of one, or words; before them a .docpack file.
    #[arg(required = true, value_name = "WORDS")]
    pub(crate) words: Vec<String>,
    /// Leave out the embedding model, which compares the best hits of a question where it is set up.
    #[arg(long)]
    pub(crate) no_rerank: bool,
    #[command(flatten)]
    pub(crate) pack: PackArgs,
}
