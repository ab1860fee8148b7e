//! Texts to token ids.

use std::path::Path;

use tokenizers::{Tokenizer, TruncationParams};

use crate::embedder::EmbedError;

/// Bytes that are read of a text, cut at a character: far past the last of 256 tokens in any real text,
/// and a bound on the work that one text can cause.
pub const MAX_TEXT_BYTES: usize = 64 << 10;

pub(crate) struct Tokens {
    tokenizer: Tokenizer,
    /// Without truncation, for counting.
    counter: Tokenizer,
}

impl Tokens {
    pub(crate) fn load(definition: &Path, max_tokens: usize) -> Result<Self, EmbedError> {
        let unusable = |error| EmbedError::TokenizerUnusable { reason: format!("{error}") };
        let mut counter = Tokenizer::from_file(definition).map_err(unusable)?;
        // The file asks for padding to 128 and for truncation at 128.
        counter.with_padding(None);
        counter.with_truncation(None).map_err(unusable)?;
        let mut tokenizer = counter.clone();
        let truncation = TruncationParams { max_length: max_tokens, ..TruncationParams::default() };
        tokenizer.with_truncation(Some(truncation)).map_err(unusable)?;
        Ok(Self { tokenizer, counter })
    }

    /// Encodes with the special tokens at both ends, at most the model's limit of tokens.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, EmbedError> {
        ids(&self.tokenizer, text)
    }

    /// Counts what [`Self::encode`] would give without the limit of tokens.
    pub(crate) fn count(&self, text: &str) -> Result<usize, EmbedError> {
        ids(&self.counter, text).map(|ids| ids.len())
    }
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Result<Vec<u32>, EmbedError> {
    let read = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
    let encoding = tokenizer
        .encode_fast(read, true)
        .map_err(|error| EmbedError::TokenizerUnusable { reason: error.to_string() })?;
    Ok(encoding.get_ids().to_vec())
}
