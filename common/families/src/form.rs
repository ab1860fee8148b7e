//! An answer out of facts.

use docpack::InsightFamily;
use docpack::records::{Insight, InsightClaim, InsightGroup, InsightValue, Quote, TourEvidence, TourItem};

use crate::family::{Family, Kind};

/// Places of one claim that are told; the first is the subject's own.
const MAX_EVIDENCE: usize = 3;

/// One statement before it has a place among others.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    subject: String,
    text: String,
    value: Option<InsightValue>,
    quote: Option<Quote>,
    evidence: Vec<TourEvidence>,
}

impl Claim {
    /// Makes a statement about a subject, as people name it.
    pub fn new(subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self { subject: subject.into(), text: text.into(), ..Self::default() }
    }

    /// Takes the words and the evidence of a statement of the tour.
    pub fn told(subject: impl Into<String>, item: TourItem) -> Self {
        let claim = Self::new(subject, item.text);
        item.evidence.into_iter().fold(Self { quote: item.quote, ..claim }, Self::at)
    }

    /// Adds what it follows from.
    pub fn at(mut self, evidence: TourEvidence) -> Self {
        if self.evidence.len() < MAX_EVIDENCE && !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
        self
    }

    /// Gives the number of what is measured.
    pub fn valued(mut self, number: usize) -> Self {
        self.value = Some(InsightValue::Number(number as u64));
        self
    }

    /// Gives the text of what is measured.
    pub fn named(mut self, text: impl Into<String>) -> Self {
        self.value = Some(InsightValue::Text(text.into()));
        self
    }

    /// Adds the author's words.
    pub fn quoting(mut self, quote: Option<Quote>) -> Self {
        self.quote = quote;
        self
    }
}

/// Collects the claims of one family.
#[derive(Debug)]
pub struct Form {
    family: &'static Family,
    groups: Vec<InsightGroup>,
    limits: Vec<String>,
}

impl Form {
    /// Begins an answer.
    pub fn new(family: InsightFamily) -> Self {
        Self { family: Family::of(family), groups: Vec::new(), limits: Vec::new() }
    }

    /// Adds the claims of a kind, the most telling first; those beyond the kind's limit are counted.
    ///
    /// Kinds that the family does not have, and claims without a value where the kind has a measure, are left out.
    pub fn group(&mut self, kind: &str, claims: impl IntoIterator<Item = Claim>) {
        let Some(kind) = self.family.kind(kind) else { return };
        let is_whole = |claim: &Claim| kind.measure.is_some() == claim.value.is_some();
        let mut all: Vec<Claim> = claims.into_iter().filter(is_whole).collect();
        let left_out = all.len().saturating_sub(kind.most) as u32;
        all.truncate(kind.most);
        let id = |at: usize| format!("{}.{}.{}", self.family.family, kind.kind, at + 1);
        let record = |(at, claim): (usize, Claim)| InsightClaim {
            id: id(at),
            subject: claim.subject,
            text: claim.text,
            value: claim.value,
            quote: claim.quote,
            evidence: claim.evidence,
        };
        let claims: Vec<_> = all.into_iter().enumerate().map(record).collect();
        if !claims.is_empty() {
            self.groups.push(InsightGroup {
                kind: kind.kind.clone(),
                title: kind.title.clone(),
                because: kind.because.clone(),
                measure: kind.measure.as_ref().map(|measure| measure.record()),
                ordered: kind.ordered,
                claims,
                left_out,
            });
        }
    }

    /// Lists the kinds that have no claim.
    pub fn kinds_without(&self) -> Vec<&'static Kind> {
        let is_told = |kind: &str| self.groups.iter().any(|group| group.kind == kind);
        self.family.kinds.iter().filter(|kind| !is_told(&kind.kind)).collect()
    }

    /// Says what could not be computed.
    pub fn limit(&mut self, text: impl Into<String>) {
        self.limits.push(text.into());
    }

    /// Ends the answer; `None` where there is no claim.
    pub fn finish(mut self) -> Option<Insight> {
        let place = |kind: &str| self.family.kinds.iter().position(|it| it.kind == kind);
        self.groups.sort_by_key(|group| place(&group.kind));
        (!self.groups.is_empty()).then(|| Insight {
            family: self.family.family.into(),
            title: self.family.title.clone(),
            question: self.family.question.clone(),
            groups: self.groups,
            limits: self.limits,
        })
    }
}
