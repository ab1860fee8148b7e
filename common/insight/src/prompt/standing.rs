//! Standing questions: a model chooses among the claims that answer them, and may not add any.

use docpack::InsightFamily;
use docpack::records::Insight;
use families::Family;

use super::{Asked, FRAME_TOKENS, PromptParams, Request, Subject, system};
use crate::hygiene::{LEFT_OUT, one_line, quote};
use crate::secrets::{self, SecretCounts};
use crate::tokens::CountTokens;

/// Six repeated claims and a sentence take at most about this many tokens.
const MAX_INSIGHT_TOKENS: u32 = 640;
/// Four claims and a sentence.
const EXPECTED_INSIGHT_TOKENS: u32 = 290;
/// A claim with the author's words.
const MAX_LINE_CHARS: usize = 700;
/// One family is one question, so its answer has one handle.
const HANDLE: &str = "s1";

/// Makes one request for each question, in their order; each has a schema of its own.
pub fn insight_requests<'a>(
    insights: impl IntoIterator<Item = &'a Insight>,
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Vec<Request> {
    insights.into_iter().filter_map(|insight| request(insight, params, counter)).collect()
}

/// The claims that a model is shown, and their ids.
struct Sheet {
    ids: Vec<String>,
    text: String,
    secrets: SecretCounts,
}

fn request(insight: &Insight, params: &PromptParams, counter: &impl CountTokens) -> Option<Request> {
    let family = Family::of(insight.family.known()?);
    let sheet = fitting(insight, params, counter)?;
    let system = system::for_insights(family, params.style_guide.as_ref());
    let user = format!(
        "## {HANDLE}\nQuestion: {}\nClaims:\n{}\n\n{}",
        family.question,
        quote(&sheet.text),
        system::CLOSING_INSIGHT
    );
    let ids: Vec<&str> = sheet.ids.iter().map(String::as_str).collect();
    let schema = families::schema(family, &ids);
    let schema_tokens = counter.count(&schema);
    let input = counter.count(&system) + counter.count(&user) + schema_tokens;
    Some(Request {
        asked: vec![asked(family.family)],
        system,
        user,
        schema,
        input_tokens: input.saturating_add(FRAME_TOKENS),
        schema_tokens,
        expected_output_tokens: EXPECTED_INSIGHT_TOKENS,
        max_output_tokens: MAX_INSIGHT_TOKENS,
        secrets: sheet.secrets,
    })
}

fn asked(family: InsightFamily) -> Asked {
    Asked { handle: HANDLE.to_owned(), subject: Subject::Insight(family), cuts: Vec::new() }
}

/// Shows fewer claims of each kind until they fit; the first of a kind is the most telling.
fn fitting(insight: &Insight, params: &PromptParams, counter: &impl CountTokens) -> Option<Sheet> {
    let most = insight.groups.iter().map(|group| group.claims.len()).max()?;
    (1..=most)
        .rev()
        .map(|n| sheet(insight, n))
        .find(|sheet| !sheet.ids.is_empty() && counter.count(&sheet.text) <= params.max_block_tokens)
}

fn sheet(insight: &Insight, n_of_kind: usize) -> Sheet {
    let first = insight.groups.iter().flat_map(|group| group.claims.iter().take(n_of_kind));
    let wanted: Vec<&str> = first.map(|claim| claim.id.as_str()).collect();
    let mut sheet = Sheet { ids: Vec::new(), text: String::new(), secrets: SecretCounts::new() };
    for (claim, line) in insight.claims().zip(families::sheet(insight)) {
        let line = one_line(&secrets::redact(&line, &mut sheet.secrets), MAX_LINE_CHARS);
        // A claim out of a line that speaks to a model is not chosen by one.
        if wanted.contains(&claim.id.as_str()) && line != LEFT_OUT {
            sheet.ids.push(claim.id.clone());
            sheet.text.push_str(&line);
            sheet.text.push('\n');
        }
    }
    sheet
}
