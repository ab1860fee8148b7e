//! The static embedder: a vector per word of the vocabulary, and their weighted sum.
//!
//! All arithmetic is of integers until the last step, which divides two of them as IEEE 754 says, so a vector
//! has the same bytes on every machine.

use std::sync::LazyLock;

use docpack::Digest;

use crate::embedder::EmbedError;
use crate::words::{Encoded, Words};

/// The table that `scripts/train-student` made.
static BYTES: &[u8] = include_bytes!("../table.bin");
/// First bytes of a table, with the version of its form.
const MAGIC: &[u8; 8] = b"dtwords1";
/// Words in a vocabulary; that of the network has 30,522.
const MAX_WORDS: usize = 1 << 16;
/// Components of a vector; the network's has 384.
const MAX_DIMENSIONS: usize = 1 << 10;
/// With this many in each of the lines that count, the sum of the largest products fits 32 bits.
const MAX_TOKENS: usize = 64;
/// Words of the first line, the path and the name, count as often as this: they say most about a chunk.
const FIRST_LINE: usize = 3;

static BUILT_IN: LazyLock<Table> =
    LazyLock::new(|| Table::read(BYTES).expect("table.bin is a table; table::tests reads it"));

/// Vectors of words.
pub(crate) struct Table {
    pub(crate) digest: Digest,
    /// Of the vocabulary, which decides how texts are split.
    pub(crate) words_digest: Digest,
    pub(crate) dimensions: usize,
    pub(crate) max_tokens: usize,
    words: Words,
    /// What each row is multiplied by: how much its word says.
    weights: &'static [u8],
    rows: &'static [u8],
}

impl Table {
    /// Returns the table inside the program.
    pub(crate) fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads `MAGIC`; dimensions, tokens and words as `u32`; each word with its length in a byte; a weight as
    /// `u16` per word; a row of `i8` per word. All numbers have their lowest byte first.
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        if reader.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let (dimensions, max_tokens, n_words) = (reader.number()?, reader.number()?, reader.number()?);
        if !(1..=MAX_DIMENSIONS).contains(&dimensions) || max_tokens > MAX_TOKENS || n_words > MAX_WORDS {
            return None;
        }
        let before = reader.0;
        let vocabulary = (0..n_words).map(|_| reader.word()).collect::<Option<Vec<&str>>>()?;
        let words_digest = Digest::of(&before[..before.len() - reader.0.len()]);
        let weights = reader.take(n_words * 2)?;
        let rows = reader.take(n_words * dimensions)?;
        let words = Words::of(vocabulary.into_iter())?;
        let table =
            Self { digest: Digest::of(bytes), words_digest, dimensions, max_tokens, words, weights, rows };
        reader.0.is_empty().then_some(table)
    }

    /// Counts a text's tokens, past the limit too.
    pub(crate) fn count(&self, text: &str) -> Result<usize, EmbedError> {
        self.words.encode(text, usize::MAX).map(|encoded| encoded.ids.len())
    }

    /// Writes the text's vector, of length one or all zero, and returns how many tokens were read.
    pub(crate) fn embed(&self, text: &str, vector: &mut [f32]) -> Result<usize, EmbedError> {
        let Encoded { mut ids, n_first_line } = self.words.encode(text, self.max_tokens)?;
        let n_tokens = ids.len();
        for _ in 1..FIRST_LINE {
            ids.extend_from_within(..n_first_line);
        }
        ids.sort_unstable();
        let mut sums = vec![0; self.dimensions];
        for equal in ids.chunk_by(|one, other| one == other) {
            self.add(equal[0] as usize, equal.len() as u64, &mut sums);
        }
        write_unit(&sums, vector);
        Ok(n_tokens)
    }

    /// Adds a word's vector, times the root of how often it stands in the text: the second time says less.
    fn add(&self, word: usize, n_times: u64, sums: &mut [i32]) {
        let weight = u64::from(u16::from_le_bytes([self.weights[2 * word], self.weights[2 * word + 1]]));
        // The root to 8 binary places.
        let weight = ((weight * (n_times << 16).isqrt()) >> 8) as i32;
        let row = &self.rows[word * self.dimensions..(word + 1) * self.dimensions];
        for (sum, component) in sums.iter_mut().zip(row) {
            *sum += weight * i32::from(component.cast_signed());
        }
    }
}

/// Brings sums to 8 bits each, the largest to 127, and writes them with the scale that makes their length one.
fn write_unit(sums: &[i32], vector: &mut [f32]) {
    let largest = i64::from(sums.iter().map(|sum| sum.unsigned_abs()).max().unwrap_or(0));
    if largest == 0 {
        vector.fill(0.0);
        return;
    }
    let rounded = |sum: &i32| {
        let doubled = i64::from(sum.unsigned_abs()) * 2 * 127;
        let size = (doubled + largest) / (2 * largest);
        if *sum < 0 { -size } else { size }
    };
    let components: Vec<i64> = sums.iter().map(rounded).collect();
    let square: i64 = components.iter().map(|component| component * component).sum();
    // The root to 20 binary places; both numbers are rounded once, and so is their quotient.
    let root = (square.unsigned_abs() << 40).isqrt();
    let scale = (1_u32 << 20) as f32 / root as f32;
    for (value, component) in vector.iter_mut().zip(components) {
        *value = component as f32 * scale;
    }
}

/// What is left of the bytes.
struct Reader(&'static [u8]);

impl Reader {
    fn take(&mut self, n_bytes: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.0.split_at_checked(n_bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes) as usize)
    }

    fn word(&mut self) -> Option<&'static str> {
        let n_bytes = usize::from(*self.take(1)?.first()?);
        std::str::from_utf8(self.take(n_bytes)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of six words and two dimensions.
    fn small() -> Vec<u8> {
        let words = ["[UNK]", "[CLS]", "[SEP]", "up", "right", "left"];
        let weights: [u16; 6] = [0, 0, 0, 1000, 2000, 1000];
        let rows: [[i8; 2]; 6] = [[0, 0], [0, 0], [0, 0], [0, 100], [127, 0], [-127, 0]];
        let mut bytes = MAGIC.to_vec();
        bytes.extend([2_u32, 16, 6].iter().flat_map(|number| number.to_le_bytes()));
        bytes.extend(words.iter().flat_map(|word| [&[word.len() as u8], word.as_bytes()].concat()));
        bytes.extend(weights.iter().flat_map(|weight| weight.to_le_bytes()));
        bytes.extend(rows.iter().flatten().map(|component| component.cast_unsigned()));
        bytes
    }

    fn table(bytes: Vec<u8>) -> Option<Table> {
        Table::read(bytes.leak())
    }

    #[test]
    fn a_vector_is_the_weighted_sum_at_length_one() {
        let table = table(small()).unwrap();
        let mut vector = [0.0; 2];
        assert_eq!(table.embed("up Right", &mut vector).unwrap(), 4);
        // 1000 x 100 against 2000 x 127: 50 of 127.
        assert_eq!(vector, [127.0 * vector[0] / 127.0, 50.0 * (vector[0] / 127.0)]);
        assert!((vector[0].hypot(vector[1]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn words_of_the_first_line_of_several_count_three_times() {
        let table = table(small()).unwrap();
        let mut vector = [0.0; 2];
        table.embed("left left left left\nright right right", &mut vector).unwrap();
        // The root of 12 times 1000 against the root of 3 times 2000: as much to the left as to the right.
        assert!(vector[0].abs() < 0.01, "{vector:?}");
    }

    #[test]
    fn a_text_without_known_words_has_no_direction() {
        let table = table(small()).unwrap();
        let mut vector = [1.0; 2];
        for text in ["", "other words", "left right left left left"] {
            table.embed(text, &mut vector).unwrap();
            assert_eq!(vector, [0.0, 0.0], "{text}");
        }
    }

    #[test]
    fn a_torn_or_foreign_table_is_refused() {
        let bytes = small();
        assert!(table(bytes.clone()).is_some());
        for length in 0..bytes.len() {
            assert!(table(bytes[..length].to_vec()).is_none(), "cut at {length}");
        }
        assert!(table([bytes.as_slice(), b"x"].concat()).is_none());
        for (at, value) in [(0, b'x'), (8, 0), (11, 1), (15, 1), (19, 1), (20, 200)] {
            let mut other = bytes.clone();
            other[at] = value;
            assert!(table(other).is_none(), "byte {at}");
        }
    }
}
