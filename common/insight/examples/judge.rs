//! Checks statements about a package: claims, and sentences as a model would write them.
//!
//!     judge CASES [PACK]
//!
//! CASES is a file of `tests/words`, whose README explains its form; PACK was built with `--contexts` and a model, and
//! is left out if the statements are about no particular package. Prints a line of JSON for each statement.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use docpack::ReadLimits;
use doctown_insight::check::{Answer, Claim, Judged, check_architecture, check_symbol};
use model::context::{RepositoryContext, SymbolContext, Verdict};
use serde::Deserialize;
use serde_json::json;

/// Says that statements are about the repository as a whole.
const WHOLE: &str = "overview";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (cases, told) = match arguments.as_slice() {
        [cases] => (cases, Told::default()),
        [cases, pack] => (cases, read(pack)?),
        _ => bail!("judge CASES [PACK]"),
    };
    let text = std::fs::read_to_string(cases).with_context(|| format!("cannot read `{cases}`"))?;
    let mut subject = WHOLE.to_owned();
    for (idx, line) in text.lines().enumerate() {
        let at = || format!("{cases}:{}", idx + 1);
        if let Some(name) = line.strip_prefix("== ") {
            subject = name.trim().to_owned();
        } else if let Some(statement) = Statement::read(line).with_context(at)? {
            let judged = statement.judged(&subject, &told).with_context(at)?;
            let outcome = statement.outcome(&judged);
            let found: Vec<&str> = judged.findings.iter().map(|it| it.message.as_str()).collect();
            let Statement { kind, text, is_claim, .. } = &statement;
            let row = json!({
                "subject": subject, "kind": kind, "text": text, "is_claim": is_claim, "outcome": outcome,
                "words": judged.words().map(|it| &it.text), "findings": found,
            });
            writeln!(io::stdout(), "{row}").context("nobody reads what is said")?;
        }
    }
    Ok(())
}

/// What a pack holds beside its records where it was built with `--contexts`.
#[derive(Default, Deserialize)]
struct Told {
    contexts: BTreeMap<String, SymbolContext>,
    #[serde(default)]
    repository: RepositoryContext,
}

fn read(path: &str) -> Result<Told> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{path}`"))?;
    let pack = docpack::read(bytes.as_slice(), &ReadLimits::default())
        .with_context(|| format!("`{path}` is no pack"))?;
    let contexts = pack.contents.symbol_contexts.context("the pack was built without `--contexts`")?;
    Ok(serde_json::from_value(contexts)?)
}

/// One line of a file of cases.
struct Statement {
    /// `true`, or what is wrong with it.
    kind: String,
    is_claim: bool,
    text: String,
}

impl Statement {
    /// Reads `true: …`, `true claim: …`, `false KIND: …` or `false KIND claim: …`.
    fn read(line: &str) -> Result<Option<Self>> {
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with("package:") {
            return Ok(None);
        }
        let (head, text) = line.split_once(": ").context("a statement is `true: …` or `false KIND: …`")?;
        let is_claim = head.ends_with(" claim");
        let head = head.trim_end_matches(" claim");
        let kind = match head.split_once(' ') {
            Some(("false", kind)) => kind,
            None if head == "true" => head,
            _ => bail!("a statement is `true: …` or `false KIND: …`"),
        };
        Ok(Some(Self { kind: kind.to_owned(), is_claim, text: text.trim().to_owned() }))
    }

    fn answer(&self) -> Answer {
        if !self.is_claim {
            return Answer { sentence: self.text.clone(), ..Answer::default() };
        }
        let mut parts = self.text.split('|').map(|part| part.trim().to_owned());
        let mut next = || parts.next().unwrap_or_default();
        let claim = Claim { kind: next(), name: next(), value: next(), when: next() };
        Answer { claims: vec![claim], ..Answer::default() }
    }

    /// Without the author's words: those would stand instead of any sentence.
    fn judged(&self, subject: &str, told: &Told) -> Result<Judged> {
        if subject == WHOLE {
            let nothing =
                RepositoryContext { readme_lead: None, description: None, ..told.repository.clone() };
            return Ok(check_architecture(&self.answer(), &nothing));
        }
        let is_meant = |it: &&SymbolContext| {
            let name = it.qualified_name.replace("::", ".");
            name.strip_suffix(subject).is_some_and(|head| head.is_empty() || head.ends_with(['.', '/']))
        };
        let mut found: Vec<&SymbolContext> = told.contexts.values().filter(is_meant).collect();
        // Of overloads, the one with the body.
        found.sort_by_key(|it| (it.body.is_none(), it.qualified_name.len(), std::cmp::Reverse(it.n_lines)));
        let found = *found.first().with_context(|| format!("there is no symbol `{subject}`"))?;
        Ok(check_symbol(&self.answer(), &SymbolContext { doc_comment: None, ..found.clone() }))
    }

    fn outcome(&self, judged: &Judged) -> &'static str {
        match judged.words().map(|words| words.verdict) {
            _ if self.is_claim && judged.n_held > 0 => "holds",
            _ if self.is_claim => "fails",
            Some(Verdict::Verified | Verdict::Extractive) => "verified",
            Some(Verdict::Unchecked) => "unchecked",
            None => "refused",
        }
    }
}
