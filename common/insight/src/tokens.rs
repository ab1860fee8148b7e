//! The one thing that prompts need to know of a model.

/// Counts tokens as the model that will read the text does.
pub trait CountTokens {
    /// Returns the number of tokens of `text`; equal texts must give equal numbers.
    fn count(&self, text: &str) -> u32;
}

/// Counts a token for every four bytes, rounded up: a stand-in where no tokenizer is at hand.
#[derive(Debug, Clone, Copy, Default)]
pub struct BytesOverFour;

impl CountTokens for BytesOverFour {
    fn count(&self, text: &str) -> u32 {
        u32::try_from(text.len().div_ceil(4)).unwrap_or(u32::MAX)
    }
}
