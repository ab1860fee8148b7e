//! Words that whoever asks for a job gives it, to find its events by.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Tags of one job; every event of it carries them.
const MAX_TAGS: usize = 16;
const MAX_NAME_CHARS: usize = 64;
const MAX_VALUE_CHARS: usize = 256;

/// Names and values that change nothing of a docpack; at most 16.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "BTreeMap<String, String>")]
pub struct Tags(#[schemars(extend("maxProperties" = 16))] BTreeMap<String, String>);

/// Tags cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagsError {
    #[error("{n} tags, the limit is {MAX_TAGS}")]
    TooMany { n: usize },
    #[error("a tag's name has 1 to {MAX_NAME_CHARS} characters, `{name}` does not")]
    BadName { name: String },
    #[error("a tag's value has at most {MAX_VALUE_CHARS} characters, that of `{name}` has {n}")]
    LongValue { name: String, n: usize },
}

impl Tags {
    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns names and values.
    pub fn as_map(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl TryFrom<BTreeMap<String, String>> for Tags {
    type Error = TagsError;

    fn try_from(tags: BTreeMap<String, String>) -> Result<Self, TagsError> {
        if tags.len() > MAX_TAGS {
            return Err(TagsError::TooMany { n: tags.len() });
        }
        for (name, value) in &tags {
            if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
                return Err(TagsError::BadName { name: name.clone() });
            }
            let n = value.chars().count();
            if n > MAX_VALUE_CHARS {
                return Err(TagsError::LongValue { name: name.clone(), n });
            }
        }
        Ok(Self(tags))
    }
}
