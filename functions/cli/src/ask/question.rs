//! `doctown ask`.

use ::ask::{Index, Question, QuestionError, Records, answer, plain};

use super::args::QuestionArgs;
use super::pack;
use super::search::near;
use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::inspect::read;
use crate::output;
use crate::tour::width;

pub(crate) fn ask(args: &QuestionArgs, cli: &Cli) -> Result<(), Failure> {
    let (path, words) = pack::named(&args.words, args.pack.as_deref(), 1, cli.quiet > 0)?;
    let question = Question::parse(&words.join(" ")).map_err(|error| unusable(&error))?;
    let contents = read(&path)?.contents;
    let records = Records::of(&contents);
    let near = near(&contents, question.has_meaning(), question.text(), |_| true)?;
    let answer = answer(&records, &Index::of(&records), &question, &near, args.limit.into());
    match cli.json {
        true => output::json("ask", &answer),
        false => output::data(&plain(&answer, width())),
    }
    Ok(())
}

fn unusable(error: &QuestionError) -> Failure {
    Failure::new(Exit::Usage, error.code(), error.to_string())
        .with_help("ask one thing in a sentence: `doctown ask \"what happens when no route matches\"`")
}
