//! Text to the words that are indexed: identifiers split by case, digits and punctuation, then stemmed.

/// Longer runs of letters are data, such as hashes, and nobody types them.
const MAX_WORD_CHARS: usize = 40;
/// Shorter words are looked for in names as a whole only.
const MIN_WORD_CHARS: usize = 2;

/// Words that questions are made of and that say nothing about code.
const STOP_WORDS: &[&str] = &[
    "a",
    "about",
    "after",
    "all",
    "also",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "doing",
    "done",
    "each",
    "for",
    "from",
    "had",
    "happen",
    "happens",
    "has",
    "have",
    "how",
    "i",
    "if",
    "implement",
    "implemented",
    "implements",
    "in",
    "into",
    "is",
    "it",
    "its",
    "may",
    "me",
    "might",
    "my",
    "no",
    "not",
    "of",
    "on",
    "or",
    "our",
    "out",
    "over",
    "s",
    "should",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "to",
    "too",
    "up",
    "use",
    "used",
    "uses",
    "using",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "whether",
    "which",
    "while",
    "who",
    "why",
    "will",
    "with",
    "work",
    "works",
    "would",
    "you",
    "your",
];

/// Tells whether a word of lower-case letters says nothing about code.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Calls `each` with every word of a text, in lower case and not stemmed.
pub fn each_word(text: &str, each: &mut impl FnMut(&str)) {
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                each_part(&text[from..at], each);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        each_part(&text[from..], each);
    }
}

/// Splits letters and digits: `parseHTTPHeader2` is `parse`, `http`, `header`, `2`; `s3` and `v2` stay whole.
fn each_part(run: &str, each: &mut impl FnMut(&str)) {
    let mut start = 0;
    let mut n_chars = 0;
    let mut previous: Option<char> = None;
    let mut chars = run.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next_is_lower = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
        let begins = previous.is_some_and(|previous| match (previous.is_numeric(), c.is_numeric()) {
            (false, true) => n_chars >= MIN_WORD_CHARS,
            (true, false) => n_chars >= MIN_WORD_CHARS,
            _ => c.is_uppercase() && (!previous.is_uppercase() || next_is_lower),
        });
        if begins {
            give(&run[start..at], n_chars, each);
            (start, n_chars) = (at, 0);
        }
        n_chars += 1;
        previous = Some(c);
    }
    give(&run[start..], n_chars, each);
}

fn give(word: &str, n_chars: usize, each: &mut impl FnMut(&str)) {
    if n_chars > MAX_WORD_CHARS {
        return;
    }
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        each(word);
    } else {
        each(&word.to_lowercase());
    }
}

/// Calls `each` with the stem of every word that is long enough to be indexed.
pub(crate) fn each_stem(text: &str, each: &mut impl FnMut(&str)) {
    each_word(text, &mut |word| {
        if word.chars().nth(MIN_WORD_CHARS - 1).is_some() {
            each(stem(word));
        }
    });
}

/// Endings and what has to be left of a word without them, in the order in which they are tried.
const ENDINGS: &[(&str, usize)] = &[
    ("ization", 3),
    ("isation", 3),
    ("ation", 4),
    ("izing", 3),
    ("ising", 3),
    ("ating", 4),
    ("izer", 3),
    ("iser", 3),
    ("ator", 4),
    ("ated", 4),
    ("ized", 3),
    ("ised", 3),
    ("ment", 4),
    ("ate", 4),
    ("ize", 3),
    ("ise", 3),
    ("ion", 4),
    ("ing", 3),
    ("ed", 3),
    ("er", 3),
    ("or", 4),
    ("ly", 4),
    ("e", 3),
];

/// Cuts the plural and one ending off, so that `routes`, `routing`, `router` and `route` are one word.
///
/// Only words of ASCII letters are cut: the endings are English.
pub fn stem(word: &str) -> &str {
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word;
    }
    let word = singular(word);
    // `modification` is `modify`, while `application` is no `apply`.
    if let Some(rest) = word.strip_suffix("ication").filter(|rest| rest.len() >= 2 && rest.ends_with('f')) {
        return rest;
    }
    for (ending, min_rest) in ENDINGS {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= *min_rest
        {
            return undoubled(rest, word);
        }
    }
    word.strip_suffix('y').filter(|rest| rest.len() >= 3).unwrap_or(word)
}

/// Leaves `y` away as well, so that `entries` and `entry` meet, and `retried` and `retry`.
fn singular(word: &str) -> &str {
    let without_y = word.strip_suffix("ies").or_else(|| word.strip_suffix("ied"));
    if let Some(rest) = without_y.filter(|rest| rest.len() >= 3) {
        return rest;
    }
    if let Some(rest) = word.strip_suffix("es")
        && rest.len() >= 3
        && ["s", "x", "ch", "sh"].iter().any(|end| rest.ends_with(end))
    {
        return rest;
    }
    let is_plural = word.len() >= 4 && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    word.strip_suffix('s').filter(|_| is_plural).unwrap_or(word)
}

/// `running` is `run`; `calling` stays `call`, as most doubled `l` and `s` are written so without an ending.
fn undoubled<'a>(rest: &'a str, word: &str) -> &'a str {
    let bytes = rest.as_bytes();
    let [.., before, last] = bytes else { return rest };
    let is_cut = word.len() - rest.len() >= 2;
    if is_cut && before == last && rest.len() >= 4 && !b"lsaeiou".contains(last) {
        &rest[..rest.len() - 1]
    } else {
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        each_word(text, &mut |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn identifiers_are_split_by_case_digits_and_punctuation() {
        assert_eq!(words("parseHTTPHeader2"), ["parse", "http", "header", "2"]);
        assert_eq!(words("snake_case_name"), ["snake", "case", "name"]);
        assert_eq!(words("a::b(c: &str) -> D"), ["a", "b", "c", "str", "d"]);
        assert_eq!(words("__init__ Größe"), ["init", "größe"]);
        assert_eq!(words("s3Client http2 v2"), ["s3", "client", "http", "2", "v2"]);
        assert!(words("  --- ()").is_empty());
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            &["route", "routes", "routing", "router", "routed"] as &[&str],
            &["parse", "parses", "parser", "parsing", "parsed"],
            &["entry", "entries"],
            &["serialize", "serializes", "serialization", "serializer", "serializing"],
            &["validate", "validation", "validator", "validated"],
            &["run", "running", "runner", "runs"],
            &["match", "matches", "matching", "matched", "matcher"],
            &["create", "creates", "created", "creation"],
            &["dispatch", "dispatched", "dispatches", "dispatcher"],
            &["configure", "configuration", "configured"],
            &["authenticate", "authentication"],
            &["retry", "retries", "retried"],
            &["modify", "modifies", "modified", "modification"],
        ] {
            let stems: Vec<&str> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{forms:?} are {stems:?}");
        }
        for word in ["class", "status", "axis", "str", "größen", "s3"] {
            assert_eq!(stem(word), word);
        }
    }

    #[test]
    fn stop_words_are_sorted_so_that_they_are_found() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("how") && !is_stop_word("request"));
    }
}
