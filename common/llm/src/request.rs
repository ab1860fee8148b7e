//! A question, without the model that it goes to.

use std::fmt;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::tokens::{TextSizes, TokenCounter};

/// One question: texts, the form of the answer, and its longest length.
#[derive(Clone)]
pub struct ChatRequest {
    pub system: String,
    pub user: String,
    /// The form of the answer; without one it is free text.
    pub schema: Option<Schema>,
    pub max_output_tokens: u32,
    pub seed: Option<i64>,
    /// Tokens of the texts as they are, and who counted them.
    counted: Option<(TokenCounter, TextSizes)>,
}

/// A JSON Schema that answers follow, strictly.
#[derive(Clone)]
pub struct Schema {
    name: String,
    json: Box<RawValue>,
}

/// A schema that is no JSON object, or whose name an endpoint would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("schema `{name}` is not usable: {reason}")]
pub struct InvalidSchema {
    name: String,
    reason: String,
}

impl ChatRequest {
    pub fn new(system: impl Into<String>, user: impl Into<String>, max_output_tokens: u32) -> Self {
        Self {
            system: system.into(),
            user: user.into(),
            schema: None,
            max_output_tokens,
            seed: None,
            counted: None,
        }
    }

    pub fn with_schema(mut self, schema: Schema) -> Self {
        self.schema = Some(schema);
        self
    }

    pub fn with_seed(mut self, seed: i64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Takes what `counter` counted of the texts, so that a reservation need not count them once more.
    ///
    /// Texts of another length than the counted ones are counted anew.
    pub fn with_counted(mut self, counter: TokenCounter, sizes: TextSizes) -> Self {
        self.counted = Some((counter, sizes));
        self
    }

    /// Returns the sizes if the same vocabulary counted these texts.
    pub(crate) fn counted_by(&self, counter: &TokenCounter) -> Option<TextSizes> {
        let n_bytes: usize = self.texts().map(str::len).iter().sum();
        let is_counted = |(by, sizes): &(TokenCounter, TextSizes)| {
            by.has_vocabulary_of(counter) && sizes.n_bytes == n_bytes as u64
        };
        self.counted.filter(is_counted).map(|(_, sizes)| sizes)
    }

    /// Returns both messages and the schema.
    pub(crate) fn texts(&self) -> [&str; 3] {
        [&self.system, &self.user, self.schema.as_ref().map_or("", Schema::json)]
    }

    /// Returns the digest of everything that shapes the answer but the model.
    pub fn digest(&self) -> String {
        let schema = self.schema.as_ref();
        digest([
            self.system.as_str(),
            &self.user,
            schema.map_or("", |schema| &schema.name),
            schema.map_or("", Schema::json),
            &self.max_output_tokens.to_string(),
            &self.seed.map_or(String::new(), |seed| seed.to_string()),
        ])
    }

    /// Tells whether there is nothing to ask; some servers would answer that too.
    pub(crate) fn is_empty(&self) -> bool {
        self.system.trim().is_empty() && self.user.trim().is_empty()
    }
}

/// Prompts are nobody's business: only their sizes show.
impl fmt::Debug for ChatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatRequest")
            .field("system_bytes", &self.system.len())
            .field("user_bytes", &self.user.len())
            .field("schema", &self.schema.as_ref().map(Schema::name))
            .field("max_output_tokens", &self.max_output_tokens)
            .field("seed", &self.seed)
            .finish()
    }
}

impl Schema {
    /// Takes a schema as it is written: the order of its properties is the order in which models answer.
    pub fn parse(name: &str, json: &str) -> Result<Self, InvalidSchema> {
        let invalid = |reason: &str| InvalidSchema { name: name.to_owned(), reason: reason.to_owned() };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
            return Err(invalid("its name has 1 to 64 letters, digits, `_` and `-`"));
        }
        let json = RawValue::from_string(json.trim().to_owned());
        let json = json.map_err(|error| invalid(&error.to_string()))?;
        if !json.get().starts_with('{') {
            return Err(invalid("it is no JSON object"));
        }
        Ok(Self { name: name.to_owned(), json })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn json(&self) -> &str {
        self.json.get()
    }

    pub fn digest(&self) -> String {
        digest([self.json()])
    }

    pub(crate) fn raw(&self) -> &RawValue {
        &self.json
    }
}

/// Returns one digest of several texts.
pub(crate) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        // The length keeps two neighbours from being read as one another.
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    let bytes = digest.finalize();
    bytes.iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
