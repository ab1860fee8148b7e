//! Answers of a model against what was computed: each claim is looked up, and what is told is told by us.
//!
//! An answer is a list of claims in closed forms and at most one free sentence. Code decides each claim by the
//! signature, the body, the edges or the graph, and writes the sentences out of those that hold. The free
//! sentence is checked only where it says again what is shown; else it is `unchecked`, wherever it stands.

mod claim;
mod form;
mod part;
mod render;
mod sentence;
mod standing;
mod symbol;

use model::context::{ModuleContext, RepositoryContext, SymbolContext, Verdict};
use serde::Serialize;

use crate::finding::Finding;
use crate::summary::MAX_SUMMARY_CHARS;
use claim::Fact;
use families::Answered;
use part::Part;
use prose::{introduction, lead_sentence};
use sentence::{Free, Ground};

pub use standing::check_insight;

pub use claim::{Claim, MAX_CLAIM_CHARS, MAX_CLAIMS, PART_CLAIMS, SYMBOL_CLAIMS};

/// Overviews are longer than summaries.
const MAX_OVERVIEW_CHARS: usize = 900;
/// Of which the free sentence may take so much.
const MAX_SENTENCE_CHARS: usize = 300;

/// What a model said of one subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub claims: Vec<Claim>,
    /// Claims that repeat a computed one, of an answer to a standing question.
    pub repeated: Vec<Answered>,
    /// Free words; empty where it said none.
    pub sentence: String,
}

/// Words that may be shown, and how far they can be believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    pub text: String,
    pub verdict: Verdict,
    /// What the text rests on, each with its symbol or its line.
    pub evidence: Vec<String>,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Words(Words),
    /// It says nothing that the source does not say better.
    Extractive,
    /// Nothing of it can be used.
    Rejected,
}

/// An answer, decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    pub outcome: Outcome,
    /// What was wrong with it, also where the rest can be used.
    pub findings: Vec<Finding>,
    pub n_claims: usize,
    pub n_held: usize,
}

impl Judged {
    /// Returns the words, where there are some.
    pub fn words(&self) -> Option<&Words> {
        if let Outcome::Words(words) = &self.outcome { Some(words) } else { None }
    }
}

/// Decides what a model said of a symbol.
pub fn check_symbol(answer: &Answer, context: &SymbolContext) -> Judged {
    let mut decided = Decided::new(answer, |claim| symbol::decide(claim, context));
    let lead = context.doc_comment.as_deref().and_then(lead_sentence);
    let clauses =
        decided.facts.iter().map(|fact| render::symbol_clause(fact.kind, std::slice::from_ref(fact)));
    let ground = Ground { texts: texts(context), shown: lead.iter().cloned().chain(clauses).collect() };
    let free = sentence::judge(&answer.sentence, &ground, MAX_SUMMARY_CHARS);
    let opening = decided.opening(lead, free);
    let room = MAX_SUMMARY_CHARS.saturating_sub(opening.n_chars());
    let (told, evidence) = render::symbol_sentence(&decided.facts, room);
    decided.finish(opening, &told, evidence)
}

/// Decides what a model said of a folder.
pub fn check_module(answer: &Answer, module: &ModuleContext, repository: &RepositoryContext) -> Judged {
    let lead = module.doc_comment.as_deref().and_then(lead_sentence);
    check_part(answer, Part { repository, module: Some(module) }, lead)
}

/// Decides what a model said of the whole repository.
pub fn check_architecture(answer: &Answer, repository: &RepositoryContext) -> Judged {
    let lead = introduction(repository.readme_lead.as_deref(), repository.description.as_deref());
    check_part(answer, Part { repository, module: None }, lead)
}

fn check_part(answer: &Answer, part: Part<'_>, lead: Option<String>) -> Judged {
    let mut decided = Decided::new(answer, |claim| part::decide(claim, part));
    let whole = render::part_sentences(&decided.facts, MAX_OVERVIEW_CHARS);
    let shown = lead.iter().cloned().chain(whole.split(". ").map(str::to_owned)).collect();
    let free =
        sentence::judge(&answer.sentence, &Ground { texts: part_texts(part), shown }, MAX_SENTENCE_CHARS);
    let opening = decided.opening(lead, free);
    let told = render::part_sentences(&decided.facts, MAX_OVERVIEW_CHARS.saturating_sub(opening.n_chars()));
    let evidence = decided.facts.iter().map(|fact| fact.evidence.clone()).collect();
    decided.finish(opening, &told, evidence)
}

/// The claims of an answer, decided.
struct Decided<K> {
    facts: Vec<Fact<K>>,
    findings: Vec<Finding>,
    n_claims: usize,
}

/// What a text begins with.
struct Opening {
    text: String,
    is_checked: bool,
    evidence: Option<&'static str>,
    /// The author said it; without more there is nothing new.
    is_authors: bool,
}

impl Opening {
    fn n_chars(&self) -> usize {
        self.text.chars().count() + 1
    }
}

impl<K: Copy + Ord> Decided<K> {
    fn new(answer: &Answer, decide: impl Fn(&Claim) -> Result<Fact<K>, Finding>) -> Self {
        let claims = answer.claims.iter().take(MAX_CLAIMS);
        let (mut facts, mut findings, mut n_claims) = (Vec::new(), Vec::new(), 0);
        for claim in claims {
            n_claims += 1;
            match decide(claim) {
                Ok(fact) if is_showable(&fact) => facts.push(fact),
                // Shown, but by a text that nobody should read.
                Ok(_) => {}
                Err(finding) => findings.push(finding),
            }
        }
        facts.sort();
        facts.dedup();
        Self { facts, findings, n_claims }
    }

    /// The author's sentence before the model's: those are the best words.
    fn opening(&mut self, lead: Option<String>, free: Free) -> Opening {
        let (text, is_checked) = match (lead, free) {
            (Some(text), free) => {
                self.note(free);
                return Opening { text, is_checked: true, evidence: Some("doc_comment"), is_authors: true };
            }
            (None, Free::Checked(text)) => (text, true),
            (None, Free::Unchecked(text)) => (text, false),
            (None, free) => {
                self.note(free);
                (String::new(), true)
            }
        };
        Opening { text, is_checked, evidence: None, is_authors: false }
    }

    fn note(&mut self, free: Free) {
        if let Free::Refused(finding) = free {
            self.findings.push(finding);
        }
    }

    fn finish(self, opening: Opening, told: &str, evidence: Vec<String>) -> Judged {
        let Self { facts, findings, n_claims } = self;
        let n_held = facts.len();
        // A checked sentence of the model is made of the claims: the sentence of ours says the same better.
        let opening_text =
            if opening.is_checked && !opening.is_authors && !told.is_empty() { "" } else { &opening.text };
        let text = [opening_text, told].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ");
        let outcome = match () {
            // Whoever invents every claim invents the sentence too.
            () if n_claims > 0 && findings.len() >= n_claims && n_held == 0 => Outcome::Rejected,
            () if opening.is_authors && told.is_empty() => Outcome::Extractive,
            () if text.is_empty() && findings.is_empty() => Outcome::Extractive,
            () if text.is_empty() => Outcome::Rejected,
            () => {
                let verdict = if opening.is_checked { Verdict::Verified } else { Verdict::Unchecked };
                let evidence = opening.evidence.map(str::to_owned).into_iter().chain(evidence).collect();
                Outcome::Words(Words { text, verdict, evidence })
            }
        };
        Judged { outcome, findings, n_claims, n_held }
    }
}

/// Tells whether a fact may be repeated: its text stands in a repository that strangers write to.
fn is_showable<K>(fact: &Fact<K>) -> bool {
    let text = format!("{}{}", fact.object, fact.condition);
    !crate::hygiene::addresses_model(&text)
        && !text.chars().any(crate::hygiene::is_unseen)
        && crate::secrets::find(&text).is_empty()
}

/// Every text about a symbol that a model was shown.
fn texts(context: &SymbolContext) -> Vec<&str> {
    let parameters =
        context.parameters.iter().flat_map(|it| [Some(it.name.as_str()), it.type_name.as_deref()]).flatten();
    let lists = [&context.modifiers, &context.attributes, &context.bases, &context.implements];
    let own = [&context.name, &context.qualified_name, &context.signature, &context.file_path];
    let lists = lists.into_iter().chain([&context.external, &context.imports]).flatten();
    let neighbours = context.parent.iter().chain(&context.members).chain(&context.calls);
    let neighbours = neighbours.chain(&context.called_by).chain(&context.related);
    let optional = [&context.return_type, &context.doc_comment, &context.source];
    own.into_iter()
        .chain(lists)
        .chain(optional.into_iter().flatten())
        .map(String::as_str)
        .chain(parameters)
        .chain(neighbours.map(|it| it.display_name.as_str()))
        .collect()
}

fn part_texts(part: Part<'_>) -> Vec<&str> {
    let repository = part.repository;
    let modules = repository.modules.iter().flat_map(|it| {
        it.central.iter().map(|symbol| symbol.display_name.as_str()).chain([it.path.as_str()])
    });
    let symbols = repository.central.iter().chain(&repository.entry_points);
    let clusters = repository.clusters.iter().map(|it| it.label.as_str());
    let own = [&repository.name, &repository.readme_lead, &repository.description];
    let doc = part.module.and_then(|module| module.doc_comment.as_deref());
    let sayings = repository.summaries.values().map(String::as_str);
    own.into_iter()
        .flatten()
        .map(String::as_str)
        .chain(modules)
        .chain(symbols.map(|it| it.display_name.as_str()))
        .chain(clusters)
        .chain(repository.external.iter().map(|it| it.package.as_str()))
        .chain(doc)
        .chain(sayings)
        .collect()
}

/// A few words of a text for a message, without marks that could break it.
fn shown(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() && *c != '`').take(60).collect();
    format!("`{plain}`")
}
