//! One symbol in one or two sentences: its author's, else what the facts say beyond its name.

mod actions;
mod relations;
mod shape;

use docpack::SymbolKind;
use model::context::{Summary, SummarySource, SymbolContext, Verdict};

use crate::wording::{code, join_within};
use prose::lead_about;

/// No summary is longer; readers show it on a card.
pub const MAX_SUMMARY_CHARS: usize = 300;
/// Names listed in a sentence; the rest is counted.
const MAX_NAMES: usize = 3;
/// Longer code is not repeated in prose.
const MAX_CODE_CHARS: usize = 60;

/// A sentence and what it rests on.
struct Statement {
    text: String,
    evidence: Vec<String>,
}

impl Statement {
    fn on(text: String, evidence: &str) -> Self {
        Self { text, evidence: vec![evidence.to_owned()] }
    }
}

/// Writes what is known about a symbol: its author's first sentence, else what it does or is made of, then how others
/// use it. `None` where that would only repeat its name, kind and parameters.
///
/// At most two sentences and [`MAX_SUMMARY_CHARS`]; equal contexts give equal text.
pub fn summarise(context: &SymbolContext) -> Option<Summary> {
    let (own, inherited) = (authors_words(context), inherited(context));
    let (purpose, relation) = match (own, inherited) {
        (Some(own), _) if context.kind == SymbolKind::Module => (Some(own), shape::contents(context)),
        (Some(own), _) => (Some(own), relations::beside_comment(context)),
        (None, Some(inherited)) => (Some(inherited), relations::uses(context)),
        (None, None) => {
            let computed = computed(context);
            let relation = relations::telling(context)
                .or_else(|| relations::uses(context).filter(|_| computed.is_some()));
            (computed, relation)
        }
    };
    let (mut sentences, mut evidence) = (Vec::new(), Vec::new());
    for statement in purpose.into_iter().chain(relation) {
        let n_chars = sentences.iter().map(|it: &String| it.chars().count() + 1).sum::<usize>();
        if sentences.is_empty() || n_chars + statement.text.chars().count() <= MAX_SUMMARY_CHARS {
            sentences.push(statement.text);
            evidence.extend(statement.evidence);
        }
    }
    let text = join_within(&sentences, MAX_SUMMARY_CHARS);
    let text = if text.chars().count() > MAX_SUMMARY_CHARS { cut(&text) } else { text };
    let (source, verdict) = (SummarySource::Extractive, Verdict::Extractive);
    (!text.is_empty()).then_some(Summary { id: context.id, text, source, verdict, evidence })
}

fn cut(text: &str) -> String {
    let head: String = text.chars().take(MAX_SUMMARY_CHARS - 1).collect();
    let at = head.rfind(' ').unwrap_or(head.len());
    format!("{}…", head[..at].trim_end_matches([',', ' ']))
}

/// The author's sentence about the symbol.
fn authors_words(context: &SymbolContext) -> Option<Statement> {
    let own = context.doc_comment.as_deref().and_then(|doc| lead_about(doc, &context.name));
    own.map(|text| Statement::on(text, "doc_comment"))
}

/// The author's sentence about the member that it overrides.
fn inherited(context: &SymbolContext) -> Option<Statement> {
    let standing = &context.standing;
    let overridden = standing.overrides.as_ref()?;
    let lead = lead_about(standing.inherited_doc.as_deref()?, &context.name)?;
    let text = format!("As {}: {lead}", code(&overridden.display_name));
    Some(Statement::on(text, &format!("overrides:{}", overridden.display_name)))
}

/// What the facts say of the symbol itself.
fn computed(context: &SymbolContext) -> Option<Statement> {
    match context.kind {
        SymbolKind::Function | SymbolKind::Method | SymbolKind::Constructor | SymbolKind::Macro => {
            if shape::is_test(context) {
                shape::test_case(context)
            } else {
                actions::of_body(context)
            }
        }
        SymbolKind::Module => shape::module(context).or_else(|| actions::of_body(context)),
        kind if kind.is_type() || kind == SymbolKind::Union => shape::type_(context),
        SymbolKind::Impl | SymbolKind::EnumVariant => None,
        _ => shape::value(context),
    }
}
