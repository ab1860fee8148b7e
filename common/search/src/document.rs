//! What can be found, as plain values.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What a document stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Symbol,
    File,
    Folder,
    /// A heading of the documentation with the text below it.
    Section,
}

/// One thing that can be found. Texts that are not known are empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document<'a> {
    pub kind: Kind,
    /// A symbol's id, a path, or a path with `#` and the line of a section's heading.
    pub id: Cow<'a, str>,
    pub name: Cow<'a, str>,
    /// A symbol's through its scopes, the path of a file or folder, the headings above a section.
    pub qualified_name: Cow<'a, str>,
    /// Of the file that holds it.
    pub path: Cow<'a, str>,
    pub signature: Cow<'a, str>,
    pub documentation: Cow<'a, str>,
    pub summary: Cow<'a, str>,
    /// Words of the source text, or names that it refers to.
    pub body: Cow<'a, str>,
    /// A symbol's kind in the format's words; empty for other documents.
    pub symbol_kind: Cow<'a, str>,
    /// In the format's words, such as `product` and `test`.
    pub role: Cow<'a, str>,
    /// 0 to 1.
    pub centrality: f64,
    pub exported: bool,
}

/// A part of a document whose words are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    QualifiedName,
    Path,
    Signature,
    Documentation,
    Summary,
    Body,
}

/// How a field's words count.
pub(crate) struct FieldRule {
    pub(crate) field: Field,
    /// A word of this field counts as so many of the documentation's.
    pub(crate) weight: f64,
    /// How much a longer text counts less, 0 to 1.
    pub(crate) length_share: f64,
    /// The usual number of words. Being constant, it lets a document's words count the same in every index.
    pub(crate) usual_words: f64,
    /// Later words of the field are not indexed: by then the text has said what it is about.
    pub(crate) max_words: usize,
    pub(crate) keeps_stop_words: bool,
}

/// By place of the field.
pub(crate) const FIELDS: [FieldRule; 7] = [
    FieldRule {
        field: Field::Name,
        weight: 3.0,
        length_share: 0.6,
        usual_words: 2.0,
        max_words: 32,
        keeps_stop_words: true,
    },
    FieldRule {
        field: Field::QualifiedName,
        weight: 0.8,
        length_share: 0.5,
        usual_words: 5.0,
        max_words: 64,
        keeps_stop_words: true,
    },
    FieldRule {
        field: Field::Path,
        weight: 1.0,
        length_share: 0.5,
        usual_words: 4.0,
        max_words: 64,
        keeps_stop_words: true,
    },
    FieldRule {
        field: Field::Signature,
        weight: 0.7,
        length_share: 0.6,
        usual_words: 10.0,
        max_words: 128,
        keeps_stop_words: true,
    },
    FieldRule {
        field: Field::Documentation,
        weight: 1.0,
        length_share: 0.5,
        usual_words: 25.0,
        max_words: 400,
        keeps_stop_words: false,
    },
    FieldRule {
        field: Field::Summary,
        weight: 0.7,
        length_share: 0.6,
        usual_words: 18.0,
        max_words: 128,
        keeps_stop_words: false,
    },
    FieldRule {
        field: Field::Body,
        weight: 0.5,
        length_share: 0.7,
        usual_words: 30.0,
        max_words: 400,
        keeps_stop_words: false,
    },
];

impl Document<'_> {
    /// The texts in the order of [`FIELDS`].
    pub(crate) fn texts(&self) -> [&str; FIELDS.len()] {
        [
            &self.name,
            &self.qualified_name,
            &self.path,
            &self.signature,
            &self.documentation,
            &self.summary,
            &self.body,
        ]
    }

    /// How likely it is meant before anything of the query is compared: what it is, who relies on it.
    pub(crate) fn prior(&self) -> f64 {
        let reach = if self.exported || self.kind != Kind::Symbol { 1.0 } else { UNEXPORTED };
        self.kind_prior() * reach * (1.0 + CENTRALITY_SHARE * self.centrality.clamp(0.0, 1.0).sqrt())
    }

    fn kind_prior(&self) -> f64 {
        match self.kind {
            Kind::File => 0.7,
            Kind::Folder => 0.6,
            Kind::Section => 0.8,
            Kind::Symbol => match &*self.symbol_kind {
                "class" | "struct" | "trait" | "interface" | "function" | "macro" | "enum" | "union" => 1.0,
                "method" | "type_alias" => 0.95,
                "constructor" => 0.85,
                "constant" | "static" => 0.8,
                "module" => 0.75,
                "field" | "property" | "variable" | "enum_variant" => 0.65,
                "impl" => 0.4,
                _ => 0.9,
            },
        }
    }
}

const UNEXPORTED: f64 = 0.75;
/// What everything relies upon counts as so much more than what nothing relies upon.
const CENTRALITY_SHARE: f64 = 0.5;
