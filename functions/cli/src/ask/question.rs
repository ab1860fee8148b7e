//! `doctown ask`.

use ::ask::{Answer, Index, Question, QuestionError, Records, answer, plain};

use runtime::config::Config;
use serde::Serialize;

use super::args::QuestionArgs;
use super::search::near;
use super::{compose, pack};
use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::inspect::read;
use crate::output;
use crate::tour::width;

/// Prints the evidence, and above it the short answer of a model where one is named.
pub(crate) fn ask(
    args: &QuestionArgs,
    cli: &Cli,
    configuration: impl FnOnce() -> Result<Config, Failure>,
) -> Result<(), Failure> {
    let (path, words) = pack::named(&args.words, args.pack.as_deref(), 1, cli.quiet > 0)?;
    let question = Question::parse(&words.join(" ")).map_err(|error| unusable(&error))?;
    let contents = read(&path)?.contents;
    let records = Records::of(&contents);
    let near = near(&contents, question.has_meaning(), question.text(), |_| true)?;
    let answer = answer(&records, &Index::of(&records), &question, &near, args.limit.into());
    let written = compose::written(&answer, args, configuration)?;
    match cli.json {
        true => output::json("ask", &Shown { answer: &answer, written: written.as_ref() }),
        false => {
            let told = written.map(|it| format!("{}\n\n", compose::told(&it.composed))).unwrap_or_default();
            output::data(&format!("{told}{}", plain(&answer, width())));
        }
    }
    Ok(())
}

/// What `--json` prints: the contract of the API, and what a model made of it.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    answer: &'a Answer,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    written: Option<&'a compose::Written>,
}

fn unusable(error: &QuestionError) -> Failure {
    Failure::new(Exit::Usage, error.code(), error.to_string())
        .with_help("ask one thing in a sentence: `doctown ask \"what happens when no route matches\"`")
}
