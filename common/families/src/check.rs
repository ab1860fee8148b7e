//! An answer that somebody else gave, against what was computed.

use docpack::records::{Insight, InsightClaim, InsightGroup, InsightValue};
use serde::{Deserialize, Serialize};

/// Claims of one answer that are looked at; more would not be read.
pub const MAX_ANSWERED: usize = 6;

/// One claim of an answer: a computed claim, repeated with all that can be looked up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Answered {
    /// The id of the claim.
    pub claim: String,
    pub kind: String,
    pub subject: String,
    /// The file of its first place; empty where there is none.
    pub file: String,
    /// The line of its first place; 0 where there is none.
    pub line: u32,
    /// The place among claims of its kind, from 1; 0 where their order means nothing.
    pub rank: u32,
    /// The measure; an empty text where there is none.
    pub value: InsightValue,
}

/// A claim that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub claim: Answered,
    /// The member that is not as it was computed: `id`, `kind`, `subject`, `file`, `line`, `rank` or `value`.
    pub wrong: &'static str,
}

/// What of an answer holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged<'i> {
    /// In the order of the answer, each once.
    pub held: Vec<&'i InsightClaim>,
    pub refused: Vec<Refused>,
}

/// Decides each claim of an answer: all that it repeats must equal what was computed.
pub fn check<'i>(insight: &'i Insight, answer: &[Answered]) -> Judged<'i> {
    let mut judged = Judged::default();
    for answered in answer.iter().take(MAX_ANSWERED) {
        match decide(insight, answered) {
            Ok(claim) if judged.held.contains(&claim) => {}
            Ok(claim) => judged.held.push(claim),
            Err(wrong) => judged.refused.push(Refused { claim: answered.clone(), wrong }),
        }
    }
    judged
}

/// Writes computed claims as an answer has them; this answer always holds.
pub fn answer_of(insight: &Insight) -> Vec<Answered> {
    let of_group = |group: &InsightGroup| {
        let claims = group.claims.iter().enumerate();
        claims.map(|(at, claim)| answered(group, at, claim)).collect::<Vec<_>>()
    };
    insight.groups.iter().flat_map(of_group).collect()
}

fn answered(group: &InsightGroup, at: usize, claim: &InsightClaim) -> Answered {
    let (file, line) = place(claim);
    Answered {
        claim: claim.id.clone(),
        kind: group.kind.clone(),
        subject: claim.subject.clone(),
        file: file.to_owned(),
        line,
        rank: if group.ordered { at as u32 + 1 } else { 0 },
        value: claim.value.clone().unwrap_or(InsightValue::Text(String::new())),
    }
}

/// Returns where a claim stands: its first evidence, else its quote.
pub(crate) fn place(claim: &InsightClaim) -> (&str, u32) {
    let evidence = claim.evidence.first();
    let of_evidence = evidence.map(|it| (it.file_path.as_deref().unwrap_or_default(), it.line.unwrap_or(0)));
    let of_quote = claim.quote.as_ref().map(|it| (it.file_path.as_str(), it.line));
    of_evidence.or(of_quote).unwrap_or_default()
}

fn decide<'i>(insight: &'i Insight, answer: &Answered) -> Result<&'i InsightClaim, &'static str> {
    let Some((group, at, claim)) = find(insight, &answer.claim) else { return Err("id") };
    let right = answered(group, at, claim);
    let members = [
        ("kind", answer.kind == right.kind),
        ("subject", is_same(&answer.subject, &right.subject)),
        ("file", answer.file.trim() == right.file),
        ("line", answer.line == right.line),
        ("rank", answer.rank == right.rank),
        ("value", is_same_value(&answer.value, &right.value)),
    ];
    let wrong = members.into_iter().find(|(_, is_right)| !is_right);
    wrong.map_or(Ok(claim), |(member, _)| Err(member))
}

fn find<'i>(insight: &'i Insight, id: &str) -> Option<(&'i InsightGroup, usize, &'i InsightClaim)> {
    insight.groups.iter().find_map(|group| {
        let at = group.claims.iter().position(|claim| claim.id == id)?;
        Some((group, at, &group.claims[at]))
    })
}

/// Compares without spaces and backticks, which writers of prose add and leave out.
fn is_same(given: &str, right: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect::<String>();
    letters(given) == letters(right)
}

/// A number may be written as a text.
fn is_same_value(given: &InsightValue, right: &InsightValue) -> bool {
    match (given, right) {
        (InsightValue::Text(given), InsightValue::Number(right)) => given.trim() == right.to_string(),
        (InsightValue::Number(given), InsightValue::Text(right)) => given.to_string() == right.trim(),
        (InsightValue::Text(given), InsightValue::Text(right)) => is_same(given, right),
        (given, right) => given == right,
    }
}
