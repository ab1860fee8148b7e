//! A model's answer to a standing question: it chooses among computed claims.

use docpack::records::{Insight, InsightClaim};
use families::Refused;
use model::context::Verdict;

use super::sentence::{self, Free, Ground};
use super::{Answer, Judged, MAX_SENTENCE_CHARS, Outcome, Words};
use crate::finding::Finding;

/// Decides what a model answered to a standing question.
///
/// The words are its sentence, empty where it adds nothing; what they rest on are the ids of the claims that hold,
/// in its order.
pub fn check_insight(answer: &Answer, insight: &Insight) -> Judged {
    let judged = families::check(insight, &answer.repeated);
    let mut findings: Vec<Finding> = judged.refused.iter().map(unfounded).collect();
    findings
        .extend(answer.claims.iter().map(|_| Finding::new("unfounded", "a claim has no `claim`, its id")));
    let (n_claims, n_held) = (answer.repeated.len() + answer.claims.len(), judged.held.len());
    let (text, is_checked) = sentence_of(answer, insight, &judged.held, &mut findings);
    let is_empty = text.is_empty() && judged.held.is_empty();
    let outcome = match () {
        // Whoever invents every claim invents the sentence too.
        () if is_empty && findings.is_empty() => Outcome::Extractive,
        () if judged.held.is_empty() => Outcome::Rejected,
        () => Outcome::Words(Words {
            text,
            verdict: if is_checked { Verdict::Verified } else { Verdict::Unchecked },
            evidence: judged.held.iter().map(|claim| claim.id.clone()).collect(),
        }),
    };
    Judged { outcome, findings, n_claims, n_held }
}

/// Returns the free sentence, and whether nobody has to check it: a checked one says only what the claims say.
fn sentence_of(
    answer: &Answer,
    insight: &Insight,
    held: &[&InsightClaim],
    findings: &mut Vec<Finding>,
) -> (String, bool) {
    let texts = insight.claims().flat_map(texts).chain([insight.question.as_str()]).collect();
    let shown = held.iter().flat_map(|claim| [claim.text.as_str()].into_iter().chain(quote(claim)));
    let ground = Ground { texts, shown: shown.map(str::to_owned).collect() };
    match sentence::judge(&answer.sentence, &ground, MAX_SENTENCE_CHARS) {
        Free::Unchecked(text) => (text, false),
        Free::Refused(finding) => {
            findings.push(finding);
            (String::new(), true)
        }
        Free::Checked(_) | Free::None => (String::new(), true),
    }
}

fn quote(claim: &InsightClaim) -> Option<&str> {
    claim.quote.as_ref().map(|quote| quote.text.as_str())
}

fn texts(claim: &InsightClaim) -> impl Iterator<Item = &str> {
    [claim.subject.as_str(), claim.text.as_str()].into_iter().chain(quote(claim))
}

/// Says what is wrong with a claim, without a word of the repository.
fn unfounded(refused: &Refused) -> Finding {
    let id = super::shown(&refused.claim.claim);
    let message = match refused.wrong {
        "id" => format!("there is no claim {id}"),
        member => format!("the `{member}` of {id} is not the one that is given"),
    };
    Finding::new("unfounded", message)
}
