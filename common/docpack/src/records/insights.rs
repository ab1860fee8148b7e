//! `insights.json`: what the facts of a pack answer to a few questions, as claims that can be checked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::open::Open;
use crate::records::{Quote, TourEvidence};
use crate::vocabulary::InsightFamily;

/// `insights.json`: what the facts of a pack answer to a few questions, as claims that can be checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Insights {
    /// In reading order; a question that the facts answer nothing to is left out.
    pub families: Vec<Insight>,
    /// The same in a model's words, where one was asked; at most one of each family.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<InsightWords>,
}

/// What the facts answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Insight {
    /// Which question it is.
    pub family: Open<InsightFamily>,
    /// Its heading.
    pub title: String,
    /// The question as a person asks it.
    pub question: String,
    /// Claims of one kind each, in reading order; none is empty.
    pub groups: Vec<InsightGroup>,
    /// What could not be computed, and what the numbers do not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
}

/// Claims of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InsightGroup {
    /// A word; later versions may add others.
    pub kind: String,
    /// Its heading.
    pub title: String,
    /// Why these are told and others are not: the threshold and its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// What the claims' values are; left out where they have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// The order means something: the first claim has the most.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ordered: bool,
    /// At least one.
    pub claims: Vec<InsightClaim>,
    /// How many more there would be.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u32,
}

/// What the values of a group's claims are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Measure {
    /// What is counted or named: `decisions`.
    pub name: String,
    /// Where it comes from: a field, as in `nodes.complexity.cyclomatic`, or `computed.` and a name.
    pub fact: String,
}

/// One statement; names of code stand between backticks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InsightClaim {
    /// Family, kind and place: `risks.complex.1`.
    pub id: String,
    /// What it is about, as people name it: a symbol, a file, a variable, a language.
    pub subject: String,
    /// The statement; empty where the quote says it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// What the group's measure is of this subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<InsightValue>,
    /// The author's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// What it follows from, the subject's own place first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<TourEvidence>,
}

/// A number or a text of the code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum InsightValue {
    /// A whole number.
    Number(u64),
    /// As written in the code.
    Text(String),
}

/// A model's words on one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InsightWords {
    /// Which question.
    pub family: Open<InsightFamily>,
    /// The ids of the claims that it rests on, in the model's order.
    pub claims: Vec<String>,
    /// A sentence of the model's own; left out where the claims say it all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sentence: String,
    /// `verified`, or `unchecked`: nobody checked the sentence.
    pub verdict: String,
}

impl std::fmt::Display for InsightValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl Insight {
    /// Lists the claims of all kinds.
    pub fn claims(&self) -> impl Iterator<Item = &InsightClaim> {
        self.groups.iter().flat_map(|group| &group.claims)
    }
}

impl Insights {
    /// Finds the answer to one question.
    pub fn family(&self, family: &str) -> Option<&Insight> {
        self.families.iter().find(|insight| insight.family.as_str() == family)
    }

    /// Finds a model's words on one question.
    pub fn words_on(&self, family: &str) -> Option<&InsightWords> {
        self.words.iter().find(|words| words.family.as_str() == family)
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}
