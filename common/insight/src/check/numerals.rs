//! Numbers as prose writes them: `3`, `1,000`, `twenty-five`, `a million`, `half a dozen`.

use super::tokens::{Shape, Token};

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral<'t> {
    /// Tokens it takes, half open.
    pub(super) start: usize,
    pub(super) end: usize,
    /// `None` where it is too large to be compared, or written in digits that are not compared.
    pub(super) value: Option<u64>,
    pub(super) is_word: bool,
    /// Digits within a word: `UTF-8`, `2D`.
    pub(super) is_glued: bool,
    /// What a hyphen joins to it: `second` of `thirty-second`.
    pub(super) unit: Option<&'t str>,
}

/// Words of one number at most: `nine hundred ninety-nine thousand nine hundred and ninety-nine`.
const MAX_WORDS: usize = 12;

const SMALL: &[(&str, u64)] = &[
    ("zero", 0),
    ("one", 1),
    ("single", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];
const SCALES: &[(&str, u64)] = &[
    ("dozen", 12),
    ("dozens", 12),
    ("hundred", 100),
    ("hundreds", 100),
    ("thousand", 1_000),
    ("thousands", 1_000),
    ("million", 1_000_000),
    ("millions", 1_000_000),
    ("billion", 1_000_000_000),
    ("billions", 1_000_000_000),
    ("trillion", 1_000_000_000_000),
    ("trillions", 1_000_000_000_000),
];

fn of(table: &[(&str, u64)], word: &str) -> Option<u64> {
    table.iter().find(|it| it.0 == word).map(|it| it.1)
}

/// Finds the numbers of a text, in text order.
pub(super) fn numerals<'t>(tokens: &[Token<'t>]) -> Vec<Numeral<'t>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].shape != Shape::Word {
            at += 1;
            continue;
        }
        let words: Vec<&str> = tokens[at..]
            .iter()
            .take(MAX_WORDS)
            .take_while(|it| it.shape == Shape::Word && it.sentence == tokens[at].sentence)
            .map(|it| it.lower.as_str())
            .collect();
        match spelled(&words) {
            Some(Spelled { value, n_words, has_unit }) => {
                let end = at + n_words;
                let last = tokens[end - 1].text;
                let unit = last.rsplit('-').next().filter(|_| has_unit);
                found.push(Numeral { start: at, end, value, is_word: true, is_glued: false, unit });
                at = end;
            }
            None => {
                found.extend(digits(&tokens[at], at));
                at += 1;
            }
        }
    }
    found
}

/// Numbers written in words, or in digits before a scale, and how many words each takes.
struct Spelled {
    value: Option<u64>,
    n_words: usize,
    has_unit: bool,
}

/// Reads the number that these words begin with.
fn spelled(words: &[&str]) -> Option<Spelled> {
    let is_scale = |idx: usize| words.get(idx).is_some_and(|it| of(SCALES, it).is_some());
    match words {
        ["half", "a", ..] if is_scale(2) => {
            let value = of(SCALES, words[2]).map(|n| n / 2);
            return Some(Spelled { value, n_words: 3, has_unit: false });
        }
        ["a" | "an", ..] if is_scale(1) => {
            return spelled(&words[1..]).map(|it| Spelled { n_words: it.n_words + 1, ..it });
        }
        _ => {}
    }
    let mut sum = Sum::default();
    let mut n_words = 0;
    let mut has_unit = false;
    for (idx, word) in words.iter().enumerate() {
        // `two hundred and fifty`, not `two and three`.
        if *word == "and" && sum.may_go_on && words.get(idx + 1).is_some_and(|next| begins(next)) {
            continue;
        }
        let mut parts = word.split('-').filter(|it| !it.is_empty());
        let n_before = sum.n_parts;
        let all_fit = parts.all(|part| sum.add(part));
        if sum.n_parts == n_before {
            break;
        }
        n_words = idx + 1;
        has_unit = !all_fit;
        if has_unit {
            break;
        }
    }
    let is_scaled_digits = sum.began_with_digits && sum.n_parts == 1;
    (n_words > 0 && !is_scaled_digits).then_some(Spelled { value: sum.value(), n_words, has_unit })
}

fn begins(word: &str) -> bool {
    word.split('-').next().is_some_and(|it| of(SMALL, it).is_some())
}

/// A number on the way from its words.
struct Sum {
    total: Option<u64>,
    current: Option<u64>,
    /// What the next word must be less than.
    below: u64,
    n_parts: usize,
    began_with_digits: bool,
    may_go_on: bool,
}

impl Default for Sum {
    fn default() -> Self {
        let (total, current) = (Some(0), Some(0));
        Self { total, current, below: u64::MAX, n_parts: 0, began_with_digits: false, may_go_on: false }
    }
}

impl Sum {
    /// Takes a word as the number's next one, unless it cannot be.
    fn add(&mut self, part: &str) -> bool {
        let plus = |a: Option<u64>, n: u64| a.and_then(|it| it.checked_add(n));
        if let Some(scale) = of(SCALES, part) {
            let factor = self.current.map(|it| it.max(1));
            let product = factor.and_then(|it| it.checked_mul(scale));
            let is_stacked = self.n_parts > 0 && self.current == Some(0);
            // A hundred is multiplied on by a thousand; both open a place for what is smaller.
            if is_stacked {
                // `a thousand million`
                self.total = self.total.and_then(|it| it.checked_mul(scale));
            } else if scale == 100 {
                self.current = product;
            } else {
                self.total = self.total.zip(product).and_then(|(a, b)| a.checked_add(b));
                self.current = Some(0);
            }
            self.below = scale;
            self.may_go_on = scale != 12;
        } else if let Some(n) = of(SMALL, part).filter(|n| *n < self.below) {
            self.current = plus(self.current, n);
            self.below = if n >= 20 { 10 } else { 0 };
            self.may_go_on = false;
        } else if self.n_parts == 0 && !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()) {
            self.current = part.parse().ok();
            (self.below, self.began_with_digits) = (0, true);
        } else {
            return false;
        }
        self.n_parts += 1;
        true
    }

    fn value(&self) -> Option<u64> {
        self.total?.checked_add(self.current?)
    }
}

/// The numbers that stand in a word in digits.
fn digits<'t>(token: &Token<'t>, at: usize) -> Vec<Numeral<'t>> {
    let is_glued = token.text.chars().any(char::is_alphabetic);
    let joined = token.text.split_once('-');
    let unit = joined.filter(|it| it.0.bytes().all(|c| c.is_ascii_digit())).map(|it| it.1);
    let new = |value| Numeral { start: at, end: at + 1, value, is_word: false, is_glued, unit };
    let is_other = token.text.chars().any(|c| !c.is_ascii() && c.is_numeric());
    let ascii = digit_runs(token.text).into_iter().map(|run| new(run.parse().ok()));
    ascii.chain(is_other.then(|| new(None))).collect()
}

/// Runs of digits, also within names; `1_000` and `1,000` are one run.
fn digit_runs(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let is_digit = |idx: usize| bytes.get(idx).is_some_and(u8::is_ascii_digit);
    let mut runs: Vec<String> = Vec::new();
    let mut goes_on = false;
    for (idx, byte) in bytes.iter().enumerate() {
        let is_separator = matches!(byte, b',' | b'_')
            && goes_on
            && is_digit(idx + 1)
            && is_digit(idx + 2)
            && is_digit(idx + 3);
        if byte.is_ascii_digit() {
            match runs.last_mut().filter(|_| goes_on) {
                Some(run) => run.push(char::from(*byte)),
                None => runs.push(char::from(*byte).to_string()),
            }
        }
        goes_on = byte.is_ascii_digit() || is_separator;
    }
    runs
}

/// The numbers of a text that are written in digits; those that are too large are left out.
pub(super) fn numbers_in(text: &str) -> Vec<u64> {
    digit_runs(text).iter().filter_map(|run| run.parse().ok()).collect()
}

/// Tells whether a number stands in the text that is too large to be compared.
pub(super) fn has_too_large(text: &str) -> bool {
    digit_runs(text).iter().any(|run| run.parse::<u64>().is_err())
}

/// The numbers of a text in digits or words, each with the word after it.
pub(super) fn counted_in(text: &str) -> Vec<(u64, String)> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | ','))
        .map(|it| it.trim_matches(['-', ',', '_']))
        .filter(|it| !it.is_empty())
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let next = |n_words: usize| words.get(at + n_words).map_or(String::new(), |it| (*it).to_owned());
        match spelled(&words[at..words.len().min(at + MAX_WORDS)]) {
            Some(it) => {
                let unit = words[at + it.n_words - 1].rsplit('-').next().filter(|_| it.has_unit);
                let noun = unit.map_or_else(|| next(it.n_words), str::to_owned);
                found.extend(it.value.map(|n| (n, noun)));
                at += it.n_words;
            }
            None => {
                found.extend(numbers_in(words[at]).into_iter().map(|n| (n, next(1))));
                at += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokens;
    use super::*;

    fn values(text: &str) -> Vec<Option<u64>> {
        numerals(&tokens(text)).iter().map(|it| it.value).collect()
    }

    #[test]
    fn words_are_numbers() {
        for (text, n) in [
            ("waits thirty seconds", 30),
            ("a twenty-five item list", 25),
            ("a million rows", 1_000_000),
            ("half a dozen tries", 6),
            ("two hundred and fifty", 250),
            ("one thousand two hundred ninety-nine", 1_299),
            ("three hundred thousand", 300_000),
            ("5 million rows", 5_000_000),
            ("a thirty-second pause", 30),
            ("dozens of them", 12),
            ("1,000 rows", 1_000),
            ("a thousand million rows", 1_000_000_000),
        ] {
            assert_eq!(values(text), [Some(n)], "{text}");
        }
        assert_eq!(values("one or two of three"), [Some(1), Some(2), Some(3)]);
        assert_eq!(values("two and three"), [Some(2), Some(3)]);
        assert_eq!(values("twenty thirty"), [Some(20), Some(30)]);
        assert_eq!(values("the first of a few"), []);
    }

    #[test]
    fn what_is_too_large_is_not_dropped() {
        assert_eq!(values("99999999999999999999999 rows"), [None]);
        assert_eq!(values("a billion billion billion trillion"), [None]);
        assert_eq!(values("３ rows"), [None]);
        assert!(has_too_large("x99999999999999999999999"));
    }

    #[test]
    fn a_unit_may_be_joined() {
        let text = tokens("a thirty-second pause after 5-minute waits");
        let units: Vec<_> = numerals(&text).iter().map(|it| it.unit).collect();
        assert_eq!(units, [Some("second"), Some("minute")]);
        assert_eq!(
            counted_in("At most three lines of 80 columns"),
            [(3, "lines".to_owned()), (80, "columns".to_owned())]
        );
    }
}
