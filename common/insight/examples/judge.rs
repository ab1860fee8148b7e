//! Shows what the check makes of the words in packs that were built with `--contexts` and a model.
//!
//!     judge comments PACK...          how many first sentences of comments it refuses, and which
//!     judge replies BEFORE AFTER REPLIES N    N symbols side by side, as rows of Markdown
//!
//! `comments` takes what people wrote about their code as true. `replies` needs a question for each symbol
//! (`--one-per-request`); BEFORE is a pack of the same source without a model, REPLIES the folder of the store that
//! keeps replies.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use docpack::records::Documentation;
use docpack::{Docpack, ReadLimits};
use doctown_insight::check::{Checked, check_summary};
use doctown_insight::{lead_sentence, prompt, reply};
use model::context::{Question, SymbolContext};
use serde::Deserialize;

/// How every question begins that names what was wrong with an answer.
const ASKED_AGAIN: &str = "These answers cannot be used:";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["comments", packs @ ..] if !packs.is_empty() => comments(packs),
        ["replies", before, after, kept, n_rows] => {
            let n_rows = n_rows.parse().context("N is no number")?;
            replies(&read(before)?, &read(after)?, Path::new(kept), n_rows)
        }
        _ => bail!("judge comments PACK... | judge replies BEFORE AFTER REPLIES N"),
    }
}

/// What a pack holds beside its records where it was built with `--contexts`.
#[derive(Deserialize)]
struct Asked {
    contexts: BTreeMap<String, SymbolContext>,
    #[serde(default)]
    questions: Vec<Question>,
}

fn read(path: &str) -> Result<Docpack> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{path}`"))?;
    docpack::read(bytes.as_slice(), &ReadLimits::default()).with_context(|| format!("`{path}` is no pack"))
}

fn asked(pack: &Docpack) -> Result<Asked> {
    let contexts = pack.contents.symbol_contexts.clone();
    Ok(serde_json::from_value(contexts.context("the pack was built without `--contexts`")?)?)
}

fn comments(packs: &[&str]) -> Result<()> {
    let (mut lines, mut codes) = (Vec::new(), BTreeMap::<&str, u32>::new());
    let (mut n_all, mut n_refused_all) = (0, 0);
    for path in packs {
        let (mut n, mut n_refused) = (0, 0);
        let asked = asked(&read(path)?)?;
        for context in asked.contexts.values().filter(|it| prompt::is_asked_about(it.kind)) {
            let Some(sentence) = context.doc_comment.as_deref().and_then(lead_sentence) else { continue };
            n += 1;
            let checked = check_summary(&sentence, context);
            for finding in checked.findings() {
                *codes.entry(finding.code).or_default() += 1;
            }
            if !checked.is_verified() {
                n_refused += 1;
                let SymbolContext { file_path, qualified_name, .. } = context;
                lines.push(format!("{file_path} `{qualified_name}`: {sentence}\n    {}", told(&checked)));
            }
        }
        say(&format!("{path}: {}", share(n_refused, n)))?;
        (n_all, n_refused_all) = (n_all + n, n_refused_all + n_refused);
    }
    say(&format!("all: {}\n{codes:?}\n", share(n_refused_all, n_all)))?;
    lines.iter().try_for_each(|line| say(line))
}

fn share(n: u32, of: u32) -> String {
    format!("{n} of {of} refused, {:.1} %", 100.0 * f64::from(n) / f64::from(of.max(1)))
}

fn told(checked: &Checked) -> String {
    let findings = checked.findings().iter().map(|it| format!("{} ({})", it.code, it.message));
    findings.collect::<Vec<_>>().join("; ")
}

fn replies(before: &Docpack, after: &Docpack, kept: &Path, n_rows: usize) -> Result<()> {
    let Asked { contexts, questions } = asked(after)?;
    let first = first_questions(&contexts, &questions);
    let (extracted, packed) = (documentation(before), documentation(after));
    let by_model = |id: &str| packed.get(id).is_some_and(|it| it.source == "model");
    let (passed, others): (Vec<&str>, Vec<&str>) = first.keys().partition(|id| by_model(id));
    say(&format!("{} symbols, {} told by the model\n", first.len(), passed.len()))?;
    // All that passed, then every so many of the others.
    let n_others = n_rows.saturating_sub(passed.len()).min(others.len());
    let some = (0..n_others).map(|n| others[n * others.len() / n_others]);
    for id in passed.iter().copied().take(n_rows).chain(some) {
        let (said, found) = judged(&reply_to(first[id], kept)?, &contexts[id]);
        let text =
            |words: &BTreeMap<String, &Documentation>| words.get(id).map_or("", |it| &it.summary).to_owned();
        let after = if by_model(id) { text(&packed) } else { "as before".to_owned() };
        let cells = [format!("`{}`", contexts[id].qualified_name), text(&extracted), said, found, after];
        let cells: Vec<String> = cells.iter().map(|it| it.replace('|', "\\|").replace('\n', " ")).collect();
        say(&format!("| {} | |", cells.join(" | ")))?;
    }
    Ok(())
}

/// The question that was asked first about each symbol: the longest of those without findings.
fn first_questions<'q>(
    contexts: &'q BTreeMap<String, SymbolContext>,
    questions: &'q [Question],
) -> BTreeMap<&'q str, &'q Question> {
    let mut first: BTreeMap<&str, &Question> = BTreeMap::new();
    for question in questions.iter().filter(|it| !it.user.contains(ASKED_AGAIN)) {
        let about = contexts.iter().filter(|(_, context)| is_about(question, context));
        for (id, _) in about {
            let longest = first.entry(id).or_insert(question);
            if question.user.len() > longest.user.len() {
                *longest = question;
            }
        }
    }
    first
}

fn is_about(question: &Question, context: &SymbolContext) -> bool {
    let line = |key: &str| question.user.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
    let signature = context.signature.lines().next().unwrap_or_default();
    line("Symbol: ").trim_matches('`') == context.qualified_name
        && line("File: ").trim_matches('`') == context.file_path
        && line("Signature: ").starts_with(signature)
}

fn documentation(pack: &Docpack) -> BTreeMap<String, &Documentation> {
    let symbols = pack.contents.nodes.symbols.iter();
    symbols.filter_map(|it| Some((it.id.to_string(), it.documentation.as_ref()?))).collect()
}

/// Reads a reply as it came.
fn reply_to(question: &Question, kept: &Path) -> Result<String> {
    let name = question.digest.hex();
    let path = kept.join(&name[..2]).join(&name);
    let bytes = std::fs::read(&path).with_context(|| format!("no reply at `{}`", path.display()))?;
    let reply: serde_json::Value = serde_json::from_slice(&bytes)?;
    Ok(reply["text"].as_str().unwrap_or_default().to_owned())
}

/// What a reply says of its one symbol, and the codes of what is wrong with it.
fn judged(text: &str, context: &SymbolContext) -> (String, String) {
    let reply = reply::read(text, &["s1"]);
    let Some(answer) = reply.answers.first() else {
        let n_chars = text.chars().count();
        return (format!("{n_chars} characters without an answer"), "unreadable".to_owned());
    };
    let checked = check_summary(&answer.text, context);
    let codes: Vec<String> = checked.findings().iter().map(|it| format!("`{}`", it.code)).collect();
    (answer.text.clone(), if codes.is_empty() { "nothing".to_owned() } else { codes.join(", ") })
}

fn say(line: &str) -> Result<()> {
    writeln!(io::stdout(), "{line}").context("nobody reads what is said")
}
