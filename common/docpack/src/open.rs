//! Words that later versions of the format may add to.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest word: three times the longest one in use, and short enough for a column of a table.
pub const MAX_WORD_BYTES: usize = 64;

/// A list of words that this version of the format defines.
pub trait Word: Copy + Ord + fmt::Debug + 'static {
    /// Every word, in declaration order.
    const ALL: &'static [Self];

    /// The list's name in JSON Schemas.
    const NAME: &'static str;

    /// Returns the word as it is written.
    fn as_str(self) -> &'static str;

    /// Finds the value with this exact word.
    fn from_word(word: &str) -> Option<Self>;
}

/// A word of a record: one that this version defines, or one of a later version, kept as it is.
///
/// Known words sort before others, in declaration order; others sort by their text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Open<T> {
    /// A word that this version defines.
    Known(T),
    /// Any other word; made by [`Open::parse`] only, so that it is never a known one.
    Other(Box<str>),
}

/// The text is not a word.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a word is 1 to {MAX_WORD_BYTES} of the characters a-z, 0-9 and `_`")]
pub struct NotAWord;

impl<T: Word> Open<T> {
    /// Reads a word, known or not.
    pub fn parse(word: &str) -> Result<Self, NotAWord> {
        match T::from_word(word) {
            Some(known) => Ok(Self::Known(known)),
            None if is_word(word) => Ok(Self::Other(word.into())),
            None => Err(NotAWord),
        }
    }

    /// Returns the word as it is written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(known) => known.as_str(),
            Self::Other(other) => other,
        }
    }

    /// Returns the value if this version defines the word.
    pub fn known(&self) -> Option<T> {
        match self {
            Self::Known(known) => Some(*known),
            Self::Other(_) => None,
        }
    }
}

fn is_word(text: &str) -> bool {
    (1..=MAX_WORD_BYTES).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

impl<T> From<T> for Open<T> {
    fn from(known: T) -> Self {
        Self::Known(known)
    }
}

impl<T: PartialEq> PartialEq<T> for Open<T> {
    fn eq(&self, other: &T) -> bool {
        matches!(self, Self::Known(known) if known == other)
    }
}

impl<T: Word> fmt::Display for Open<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<T: Word> Serialize for Open<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, T: Word> Deserialize<'de> for Open<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor(PhantomData))
    }
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: Word> Visitor<'_> for WordVisitor<T> {
    type Value = Open<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a word of 1 to {MAX_WORD_BYTES} characters a-z, 0-9 and `_`")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Open<T>, E> {
        Open::parse(word).map_err(E::custom)
    }
}

impl<T: Word> JsonSchema for Open<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = T::ALL.iter().map(|word| word.as_str()).collect();
        json_schema!({
            "type": "string",
            "pattern": format!("^[a-z0-9_]{{1,{MAX_WORD_BYTES}}}$"),
            "x-known-words": words,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Language;

    #[test]
    fn known_word_becomes_its_value_and_another_is_kept() {
        assert_eq!(Open::parse("rust"), Ok(Open::Known(Language::Rust)));
        let java: Open<Language> = Open::parse("java").unwrap();
        assert_eq!((java.as_str(), java.known()), ("java", None));
        assert_eq!(serde_json::to_string(&java).unwrap(), r#""java""#);
        assert_eq!(serde_json::from_str::<Open<Language>>(r#""java""#).unwrap(), java);
    }

    #[test]
    fn text_that_is_no_word_is_refused() {
        let long = "a".repeat(MAX_WORD_BYTES + 1);
        for text in ["", "Java", "c++", "a b", "a-b", "caf\u{e9}", "\u{1b}[2J", &long] {
            assert_eq!(Open::<Language>::parse(text), Err(NotAWord), "{text:?}");
            assert!(serde_json::from_value::<Open<Language>>(text.into()).is_err(), "{text:?}");
        }
        assert!(Open::<Language>::parse(&long[1..]).is_ok());
    }

    #[test]
    fn known_words_sort_as_declared_and_before_others() {
        let mut words: Vec<Open<Language>> =
            ["zig", "go", "c", "rust"].iter().map(|word| Open::parse(word).unwrap()).collect();
        words.sort();
        let sorted: Vec<&str> = words.iter().map(Open::as_str).collect();
        assert_eq!(sorted, ["rust", "go", "c", "zig"]);
    }
}
