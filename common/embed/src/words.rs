//! Texts to the ids of words and parts of words, as the network's own tokenizer finds them.

use std::collections::HashMap;

use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{Normalizer as _, OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer as _};

use crate::embedder::EmbedError;
use crate::tokens::MAX_TEXT_BYTES;

/// A longer word is unknown, as it is to the network's tokenizer.
const MAX_WORD_CHARS: usize = 100;
/// Marks the parts that continue a word.
const CONTINUED: &str = "##";
const FIRST: &str = "[CLS]";
const LAST: &str = "[SEP]";
const UNKNOWN: &str = "[UNK]";

/// What a text was split into.
#[derive(Debug, PartialEq)]
pub(crate) struct Encoded {
    pub(crate) ids: Vec<u32>,
    /// How many of the ids are of the first line; none where it is the only one.
    pub(crate) n_first_line: usize,
}

/// A vocabulary of WordPiece, ready to split texts.
pub(crate) struct Words {
    starts: HashMap<Box<[u8]>, u32>,
    continuations: HashMap<Box<[u8]>, u32>,
    first: u32,
    last: u32,
    unknown: u32,
}

impl Words {
    /// Makes the splitter of a vocabulary, in the order of its ids; `None` without the three special words.
    pub(crate) fn of<'a>(vocabulary: impl Iterator<Item = &'a str>) -> Option<Self> {
        let (mut starts, mut continuations) = (HashMap::new(), HashMap::new());
        for (id, word) in (0..).zip(vocabulary) {
            match word.strip_prefix(CONTINUED) {
                Some(rest) if !rest.is_empty() => continuations.insert(rest.as_bytes().into(), id),
                _ => starts.insert(word.as_bytes().into(), id),
            };
        }
        let special = |word: &str| starts.get(word.as_bytes()).copied();
        let (first, last, unknown) = (special(FIRST)?, special(LAST)?, special(UNKNOWN)?);
        Some(Self { starts, continuations, first, last, unknown })
    }

    /// Encodes with the special words at both ends, at most `max_tokens` with them.
    ///
    /// Of a text, the first [`MAX_TEXT_BYTES`] bytes are read.
    pub(crate) fn encode(&self, text: &str, max_tokens: usize) -> Result<Encoded, EmbedError> {
        let text = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
        let mut ids = Ids { ids: vec![self.first], max: max_tokens.saturating_sub(1) };
        let (first_line, rest) = text.split_once('\n').unwrap_or(("", text));
        self.encode_line(first_line, &mut ids)?;
        let n_first_line = if first_line.is_empty() { 0 } else { ids.ids.len() };
        self.encode_line(rest, &mut ids)?;
        ids.ids.push(self.last);
        Ok(Encoded { ids: ids.ids, n_first_line })
    }

    fn encode_line(&self, line: &str, ids: &mut Ids) -> Result<(), EmbedError> {
        for piece in line.split([' ', '\t', '\n', '\r']) {
            if ids.is_full() {
                break;
            }
            if piece.bytes().all(|byte| byte.is_ascii_graphic()) {
                self.encode_ascii(piece.as_bytes(), ids);
            } else {
                self.encode_any(piece, ids)?;
            }
        }
        Ok(())
    }

    /// Splits at punctuation, each sign of which is a word of its own.
    fn encode_ascii(&self, piece: &[u8], ids: &mut Ids) {
        let mut rest = piece;
        while !rest.is_empty() && !ids.is_full() {
            let n_letters = rest.iter().take_while(|byte| !byte.is_ascii_punctuation()).count();
            let (word, behind) = rest.split_at(n_letters.max(1));
            self.encode_word(&word.to_ascii_lowercase(), ids);
            rest = behind;
        }
    }

    /// Leaves accents, other scripts and control characters to the rules that the network's tokenizer has.
    fn encode_any(&self, piece: &str, ids: &mut Ids) -> Result<(), EmbedError> {
        let unusable = |error: tokenizers::Error| EmbedError::TokenizerUnusable { reason: error.to_string() };
        let mut split = PreTokenizedString::from(piece);
        let normalizer = BertNormalizer::default();
        split.normalize(|text| normalizer.normalize(text)).map_err(unusable)?;
        BertPreTokenizer.pre_tokenize(&mut split).map_err(unusable)?;
        for (word, ..) in split.get_splits(OffsetReferential::Normalized, OffsetType::Byte) {
            self.encode_word(word.as_bytes(), ids);
        }
        Ok(())
    }

    /// Takes the longest known part again and again; a word with an unknown rest is unknown as a whole.
    fn encode_word(&self, word: &[u8], ids: &mut Ids) {
        let n_before = ids.ids.len();
        let n_chars = word.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count();
        let mut at = 0;
        while at < word.len() && n_chars <= MAX_WORD_CHARS {
            let known = if at == 0 { &self.starts } else { &self.continuations };
            let longest =
                (at + 1..=word.len()).rev().find_map(|end| Some((end, *known.get(&word[at..end])?)));
            let Some((end, id)) = longest else { break };
            ids.ids.push(id);
            at = end;
        }
        if at < word.len() {
            ids.ids.truncate(n_before);
            ids.ids.push(self.unknown);
        }
        ids.ids.truncate(ids.max);
    }
}

/// Ids found so far, and how many there may be.
struct Ids {
    ids: Vec<u32>,
    max: usize,
}

impl Ids {
    fn is_full(&self) -> bool {
        self.ids.len() >= self.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOCABULARY: [&str; 12] =
        ["[UNK]", "[CLS]", "[SEP]", "parse", "##header", "##head", "##s", "(", "_", "grusse", "…", "你"];

    fn encode(text: &str, max_tokens: usize) -> String {
        let words = Words::of(VOCABULARY.into_iter()).unwrap();
        let ids = words.encode(text, max_tokens).unwrap().ids;
        ids.iter().map(|id| VOCABULARY[*id as usize]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_longest_known_part_is_taken_first() {
        assert_eq!(encode("parseHeader(parse_heads", 64), "[CLS] parse ##header ( parse _ [UNK] [SEP]");
        assert_eq!(encode("parseHeads", 64), "[CLS] parse ##head ##s [SEP]");
    }

    #[test]
    fn a_word_with_an_unknown_rest_is_unknown_as_a_whole() {
        assert_eq!(encode("parsex parse", 64), "[CLS] [UNK] parse [SEP]");
        assert_eq!(encode(&"parse".repeat(21), 64), "[CLS] [UNK] [SEP]");
    }

    #[test]
    fn accents_and_other_scripts_follow_the_network_s_rules() {
        assert_eq!(encode("Grüsse…你parse\u{0}Header", 64), "[CLS] grusse … 你 parse ##header [SEP]");
    }

    #[test]
    fn the_limit_counts_the_special_words() {
        assert_eq!(encode("parse ( _ (", 4), "[CLS] parse ( [SEP]");
        assert_eq!(encode("parseHeader parseHeader", 3), "[CLS] parse [SEP]");
        assert_eq!(encode("", 4), "[CLS] [SEP]");
    }

    #[test]
    fn the_first_line_of_several_is_counted() {
        let words = Words::of(VOCABULARY.into_iter()).unwrap();
        let n_first_line = |text| words.encode(text, 5).unwrap().n_first_line;
        // With the special word before it.
        assert_eq!(n_first_line("parseHeader\nparse"), 3);
        assert_eq!(n_first_line("parseHeader parse"), 0);
        assert_eq!(n_first_line("parse parse parse parse parse\nparse"), 4);
    }

    #[test]
    fn a_vocabulary_without_special_words_is_refused() {
        assert!(Words::of(["parse"].into_iter()).is_none());
    }
}
