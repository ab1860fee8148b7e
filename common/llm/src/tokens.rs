//! How many tokens a text is, before anybody is asked.

use tiktoken_rs::CoreBPE;
use tiktoken_rs::tokenizer::{Tokenizer, get_tokenizer};

use crate::request::ChatRequest;

/// OpenAI wraps each message in this many tokens, its role among them.
const PER_MESSAGE: u64 = 4;
/// The answer begins with these.
const PER_ANSWER: u64 = 3;
/// More than any chat template puts around two messages.
const TEMPLATE_AT_MOST: u64 = 128;

/// Counts tokens with a model's own vocabulary, or estimates them with another one.
///
/// Vocabularies are read once per process, in about a tenth of a second, and shared by all counters.
#[derive(Clone, Copy)]
pub struct TokenCounter {
    vocabulary: &'static CoreBPE,
    is_estimate: bool,
}

/// Sizes of a request's texts: both messages and the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextSizes {
    pub n_bytes: u64,
    pub n_tokens: u64,
    /// Of these tokens, the schema's.
    pub schema_tokens: u64,
}

impl TokenCounter {
    /// Takes the model's vocabulary; of models that are not OpenAI's that of `gpt-4o`, as an estimate.
    pub fn for_model(model: &str) -> Self {
        let bare = model.rsplit('/').next().unwrap_or(model);
        let own = get_tokenizer(bare);
        let vocabulary = own.unwrap_or(Tokenizer::O200kBase);
        let vocabulary =
            tiktoken_rs::bpe_for_tokenizer(vocabulary).expect("vocabularies are part of the crate");
        Self { vocabulary, is_estimate: own.is_none() }
    }

    /// Tells whether both count the same numbers.
    pub(crate) fn has_vocabulary_of(&self, other: &Self) -> bool {
        std::ptr::eq(self.vocabulary, other.vocabulary)
    }

    /// Tells whether the vocabulary is another model's.
    pub fn is_estimate(&self) -> bool {
        self.is_estimate
    }

    /// Counts the tokens of a text; what looks like a special token is text.
    pub fn count(&self, text: &str) -> u64 {
        self.vocabulary.count_ordinary(text) as u64
    }

    /// Counts what a request sends: both messages, what wraps them, and the schema.
    pub fn count_request(&self, request: &ChatRequest) -> u64 {
        let messages = [request.system.as_str(), &request.user].into_iter().filter(|text| !text.is_empty());
        let texts: u64 = messages.map(|text| PER_MESSAGE + self.count(text)).sum();
        let schema = request.schema.as_ref().map_or(0, |schema| self.count(schema.json()));
        texts + schema + PER_ANSWER
    }

    /// Returns a number of tokens that a request does not exceed, for what money may be needed.
    ///
    /// With the model's own vocabulary it is the count, the schema twice: OpenAI does not say in which form
    /// the model gets it. Any other vocabulary of bytes makes at most one token of each byte.
    pub fn at_most(&self, request: &ChatRequest) -> u64 {
        if let Some(sizes) = request.counted_by(self) {
            return self.at_most_of(&sizes);
        }
        let texts = request.texts();
        let n_bytes = texts.iter().map(|text| text.len() as u64).sum();
        if self.is_estimate {
            return self.at_most_of(&TextSizes { n_bytes, n_tokens: 0, schema_tokens: 0 });
        }
        let [system, user, schema_tokens] = texts.map(|text| self.count(text));
        self.at_most_of(&TextSizes { n_bytes, n_tokens: system + user + schema_tokens, schema_tokens })
    }

    /// Returns the same number for texts that this counter counted before.
    pub fn at_most_of(&self, texts: &TextSizes) -> u64 {
        let texts = if self.is_estimate {
            texts.n_bytes
        } else {
            texts.n_tokens + texts.schema_tokens + 2 * PER_MESSAGE + PER_ANSWER
        };
        texts + TEMPLATE_AT_MOST
    }
}
