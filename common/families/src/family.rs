//! The families, read from their folders.

use std::sync::LazyLock;

use docpack::InsightFamily;
use docpack::records::Measure;
use serde::Deserialize;

/// A question and the kinds of claims that answer it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    /// Which question.
    pub family: InsightFamily,
    /// Its heading.
    pub title: String,
    /// The question as a person asks it.
    pub question: String,
    /// In reading order.
    pub kinds: Vec<Kind>,
}

/// One kind of claims.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// A word.
    pub kind: String,
    /// The heading of its claims.
    pub title: String,
    /// What a claim of it says, for whoever answers.
    pub says: String,
    /// Why these are told and others are not.
    #[serde(default)]
    pub because: Option<String>,
    /// What the values are; without it, claims have none.
    #[serde(default)]
    pub measure: Option<Measured>,
    /// The first has the most.
    #[serde(default)]
    pub ordered: bool,
    /// Claims that are told; more are counted.
    pub most: usize,
}

/// What the values of a kind are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// What is counted or named.
    pub name: String,
    /// Where it comes from.
    pub fact: String,
    /// What the fact is, in words.
    pub means: String,
    /// Whether the values are numbers or texts.
    #[serde(rename = "type")]
    pub value: ValueType,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    Number,
    Text,
}

static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| {
    let texts = [
        include_str!("../families/purpose/family.json"),
        include_str!("../families/flow/family.json"),
        include_str!("../families/errors/family.json"),
        include_str!("../families/configuration/family.json"),
        include_str!("../families/extension/family.json"),
        include_str!("../families/data_model/family.json"),
        include_str!("../families/risks/family.json"),
    ];
    let family = |text| serde_json::from_str(text).expect("every test of this crate reads the families");
    texts.into_iter().map(family).collect()
});

impl Family {
    /// Lists the families in reading order.
    pub fn all() -> &'static [Self] {
        &FAMILIES
    }

    /// Finds a family.
    pub fn of(family: InsightFamily) -> &'static Self {
        let found = FAMILIES.iter().find(|it| it.family == family);
        found.expect("a test of this crate finds a folder for each word")
    }

    /// Finds a kind by its word.
    pub fn kind(&self, kind: &str) -> Option<&Kind> {
        self.kinds.iter().find(|it| it.kind == kind)
    }
}

impl Measured {
    pub(crate) fn record(&self) -> Measure {
        Measure { name: self.name.clone(), fact: self.fact.clone() }
    }
}
