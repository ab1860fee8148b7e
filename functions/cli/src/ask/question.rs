//! `doctown ask`.

use ::ask::{Answer, Index, Question, QuestionError, Records, answer, plain};

use docpack::{ReadError, entries};
use runtime::config::Config;
use search::owners;
use serde::Serialize;

use super::args::QuestionArgs;
use super::cache::{self, Cache};
use super::compare::Model;
use super::pack::InputPack;
use super::search::near;
use super::{compose, pack};
use crate::args::Cli;
use crate::failure::{Exit, Failure};
use crate::inspect::refused;
use crate::output;
use crate::tour::width;

const WHAT: &str = "ask";
/// The entries that evidence is taken from.
const NEEDED: [&str; 6] = [
    entries::NODES,
    entries::GRAPH,
    entries::SOURCE_MAP,
    entries::BODIES,
    entries::TOUR,
    entries::SOURCE_INDEX,
];

/// Prints the evidence, and above it the short answer of a model where one is named.
pub(crate) fn ask(
    args: &QuestionArgs,
    cli: &Cli,
    configuration: impl FnOnce() -> Result<Config, Failure>,
) -> Result<(), Failure> {
    let (path, words) = pack::named(&args.words, args.pack.as_deref(), 1, cli.quiet > 0)?;
    let question = Question::parse(&words.join(" ")).map_err(|error| unusable(&error))?;
    let mut pack = pack::open_path(&path)?;
    let failed = |error: ReadError| refused(&path, &error);
    let found = pack.records(&NEEDED).map_err(failed)?;
    let missing = |entry: &str| failed(ReadError::EntryMissing { entry: entry.to_owned() });
    let nodes = found.nodes.ok_or_else(|| missing(entries::NODES))?;
    let graph = found.graph.ok_or_else(|| missing(entries::GRAPH))?;
    let source_map = found.source_map.ok_or_else(|| missing(entries::SOURCE_MAP))?;
    let records = Records {
        nodes: &nodes,
        graph: &graph,
        source_map: &source_map,
        bodies: found.bodies.as_ref(),
        tour: found.tour.as_ref(),
        source: found.source.as_ref(),
    };
    // Without a valid configuration there is no cache; a model's answer asks for it below.
    let config = Config::from_env().ok();
    let cache = Cache::of(config.as_ref());
    let index = index(&records, &pack, cache.as_ref());
    let model =
        config.as_ref().map(|config| Model { config, cache: cache.as_ref(), pack: pack.manifest_digest() });
    let near = match question.has_meaning() {
        true => {
            let exact = pack.records(&[entries::EMBEDDINGS_INDEX, entries::EMBEDDINGS]).map_err(failed)?;
            let owners = owners(&nodes, &source_map, exact.embeddings.as_ref());
            near(&mut pack, &owners, question.text(), model, |_| true, &failed)?
        }
        false => Vec::new(),
    };
    let answer = answer(&records, &index, &question, &near, args.limit.into());
    let written = compose::written(&answer, pack.manifest().docpack_id, args, configuration)?;
    match cli.json {
        true => output::json("ask", &Shown { answer: &answer, written: written.as_ref() }),
        false => {
            let told = written.map(|it| format!("{}\n\n", compose::told(&it.composed))).unwrap_or_default();
            output::data(&format!("{told}{}", plain(&answer, width())));
        }
    }
    Ok(())
}

/// Takes the index from the cache, or makes it and keeps it there.
fn index(records: &Records<'_>, pack: &InputPack, cache: Option<&Cache>) -> Index {
    let name = cache::name(pack.manifest_digest(), WHAT);
    if let Some(found) = cache.and_then(|cache| cache.read(&name, Index::read)) {
        return found;
    }
    let made = Index::of(records);
    if let Some(cache) = cache {
        cache.keep(&name, |out| made.write(out));
    }
    made
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
