//! Every name that a text mentions must stand in the context.

use super::facts::{Facts, Names, identifiers};
use super::numerals::{has_too_large, numbers_in};
use super::tokens::{Shape, Token};
use super::{Report, shown};

/// Words that belong to languages rather than to a repository.
pub(super) const BUILT_IN: &[&str] = &[
    "None",
    "True",
    "False",
    "null",
    "nil",
    "undefined",
    "true",
    "false",
    "self",
    "Self",
    "this",
    "super",
    "cls",
    "void",
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "list",
    "dict",
    "set",
    "tuple",
    "object",
    "string",
    "number",
    "boolean",
    "Array",
    "Object",
    "String",
    "Map",
    "Set",
    "Promise",
    "Vec",
    "Option",
    "Result",
    "Box",
    "usize",
    "u8",
    "u16",
    "u32",
    "u64",
    "i8",
    "i16",
    "i32",
    "i64",
    "isize",
    "f32",
    "f64",
    "char",
    "Some",
    "Ok",
    "Err",
    "async",
    "await",
    "const",
    "let",
    "var",
    "static",
    "fn",
    "def",
    "func",
    "function",
    "class",
    "struct",
    "enum",
    "trait",
    "impl",
    "interface",
    "type",
    "return",
    "yield",
    "for",
    "if",
    "else",
    "while",
    "match",
    "switch",
    "try",
    "catch",
    "except",
    "finally",
    "with",
    "import",
    "export",
    "default",
    "new",
    "error",
    "any",
    "unknown",
    "never",
    "NaN",
    "Infinity",
    "iota",
    "mut",
    "pub",
    "where",
];

/// The names among which a word of prose may be one.
pub(super) struct Lexicon<'n> {
    pub(super) known: &'n Names,
    /// Those of code itself.
    pub(super) in_code: &'n Names,
    /// Known names and their words in lower case.
    pub(super) words: &'n Names,
    /// Names that stand for themselves.
    pub(super) free: &'n [&'n [&'n str]],
}

pub(super) fn check(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    let lexicon = Lexicon {
        known: &facts.known,
        in_code: &facts.in_code,
        words: &facts.words,
        free: &[PROPER, PRODUCTS],
    };
    for (idx, token) in tokens.iter().enumerate() {
        match token.shape {
            Shape::Code => mentioned(token.text, facts, report),
            Shape::Word => {
                odd_word(token, idx, &lexicon, report);
                task_word(token, facts, report);
            }
            Shape::Mark => {}
        }
    }
}

/// Words of the task, which facts about a symbol seldom hold: `The subject is …`, `… in the summary`.
fn task_word(token: &Token<'_>, facts: &Facts<'_>, report: &mut Report) {
    const TASK: &[&str] = &["subject", "summary"];
    let Some(word) = TASK.iter().find(|word| token.is_word(word)) else { return };
    let is_there = stands_within(word, &facts.known);
    if !is_there {
        report.fault("prompt_echo", format!("{} is a word of the task, not of the facts", shown(word)));
    }
}

/// A name in backticks, or written as code.
fn mentioned(text: &str, facts: &Facts<'_>, report: &mut Report) {
    if is_literal(text, facts) {
        return;
    }
    for name in identifiers(text) {
        if !is_known(name, &facts.known) {
            report.fault(
                "unknown_name",
                format!("{} does not stand in the facts about this symbol", shown(name)),
            );
        }
    }
    if has_too_large(text) {
        report.fault("unknown_number", format!("{} holds a number that cannot be compared", shown(text)));
    }
    if let Some(n) = numbers_in(text).into_iter().find(|n| *n > 1 && !facts.numbers.contains(n)) {
        report
            .fault("unknown_number", format!("the number {n} does not stand in the facts about this symbol"));
    }
}

pub(super) fn is_known(name: &str, known: &Names) -> bool {
    BUILT_IN.contains(&name)
        || known.contains(name)
        || stem_of_plural(name).is_some_and(|it| known.contains(it))
}

fn stem_of_plural(name: &str) -> Option<&str> {
    name.strip_suffix('s').filter(|it| it.len() > 2)
}

/// A quoted piece of the source or comment stands for itself: `"utf-8"`, `a -> b`.
///
/// One name or path is no piece: `Config` is not known because `ConfigLoader` is.
fn is_literal(text: &str, facts: &Facts<'_>) -> bool {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '#' | '-' | '$' | '@');
    let plain = text.trim_matches(['"', '\'']);
    let is_quoted = plain.len() < text.len();
    plain.len() > 3
        && (is_quoted || !plain.trim_end_matches("()").chars().all(is_path))
        && (stands_whole(plain, &facts.source) || stands_whole(plain, &facts.doc))
}

/// Tells whether a piece stands in a text without cutting a name apart.
fn stands_whole(piece: &str, text: &str) -> bool {
    let is_name = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let (first, last) = (piece.chars().next(), piece.chars().next_back());
    text.match_indices(piece).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + piece.len()..].chars().next();
        !(is_name(first) && is_name(before) || is_name(last) && is_name(after))
    })
}

/// Words that are neither English nor code: `PWNED-17`, `Xq7Rt2`, `Frobnicator`.
pub(super) fn odd_word(token: &Token<'_>, idx: usize, lexicon: &Lexicon<'_>, report: &mut Report) {
    let word = token.text;
    let letters = word.chars().filter(|c| c.is_alphabetic());
    let (n_letters, n_capitals) = (letters.clone().count(), letters.filter(|c| c.is_uppercase()).count());
    let keyed = word
        .split(|c: char| !c.is_alphanumeric())
        .find(|part| is_keyed(part) && !stands_within(part, lexicon.in_code));
    let is_shouted = n_capitals == n_letters && n_capitals >= 6;
    let is_proper =
        n_capitals >= 1 && !token.opens_sentence && idx > 0 && word.starts_with(char::is_uppercase);
    // An acronym or a key in a comment alone is no code, and may be what somebody wants repeated.
    let is_odd = is_shouted && !identifiers(word).all(|it| stands(it, lexicon.in_code));
    if keyed.is_some() || is_odd {
        report.fault("odd_word", format!("{} is no word and does not stand in the code", shown(word)));
    } else if is_proper && !word.contains('–') && n_capitals < n_letters && !is_name(word, lexicon) {
        report.fault("unknown_name", format!("{} does not stand in the facts", shown(word)));
    }
}

/// Letters and digits mixed as in `7F3A` or `Xq7Rt2`; not `2nd`, `i18n` or the name of a common format.
fn is_keyed(part: &str) -> bool {
    const COMMON: [&str; 30] = [
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float32",
        "float64",
        "complex64",
        "complex128",
        "utf8",
        "utf16",
        "utf32",
        "ipv4",
        "ipv6",
        "sha1",
        "sha256",
        "sha512",
        "crc32",
        "base32",
        "base64",
        "ascii85",
        "latin1",
        "http2",
        "http3",
        "iso8601",
        "oauth2",
        "argon2",
    ];
    let has = |test: fn(char) -> bool| part.chars().any(test);
    let n_min = if has(char::is_uppercase) { 4 } else { 5 };
    let lower = part.to_lowercase();
    let stem = lower.strip_suffix('s').unwrap_or(&lower);
    part.len() >= n_min
        && has(|c| c.is_ascii_digit())
        && has(char::is_alphabetic)
        && !COMMON.contains(&lower.as_str())
        && !COMMON.contains(&stem)
}

/// `RFC3339` stands within `RFC3339TimeEncoder`.
fn stands_within(part: &str, names: &Names) -> bool {
    let lower = part.to_lowercase();
    names.iter().any(|it| it.to_lowercase().contains(&lower))
}

fn stands(name: &str, names: &Names) -> bool {
    let lower = name.to_lowercase();
    names
        .iter()
        .any(|it| it.to_lowercase().split('_').any(|part| part == lower) || it.to_lowercase() == lower)
}

/// Names of makers and programs: what code is for, or what it would have to be built on.
const PRODUCTS: &[&str] = &[
    "docker",
    "kubernetes",
    "redis",
    "kafka",
    "postgres",
    "apache",
    "nginx",
    "amazon",
    "google",
    "microsoft",
    "azure",
    "mozilla",
    "firefox",
    "chrome",
    "safari",
    "webkit",
    "node",
    "deno",
    "bun",
    "npm",
    "cargo",
    "django",
    "flask",
    "react",
    "vue",
    "angular",
    "svelte",
    "webpack",
    "babel",
    "sphinx",
    "jinja",
];

/// Names of languages, people and standards that English writes with a capital.
pub(super) const PROPER: &[&str] = &[
    "python",
    "rust",
    "go",
    "java",
    "kotlin",
    "swift",
    "ruby",
    "perl",
    "unicode",
    "unix",
    "linux",
    "windows",
    "posix",
    "edge",
    "markdown",
    "latin",
    "english",
    "gaussian",
    "euclidean",
    "boolean",
    "levenshtein",
    "dijkstra",
    "fibonacci",
    "huffman",
    "bayesian",
    "cartesian",
    "monte",
    "carlo",
    "bernoulli",
    "poisson",
    "laplacian",
    "fourier",
    "hamming",
    "jaccard",
    "cosine",
    "utc",
    "gregorian",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "git",
    "bash",
    "zlib",
    "gzip",
    "brotli",
    "bearer",
    "internet",
    "base64",
    "american",
    "european",
    "greek",
    "i",
    "unixes",
];

/// Tells whether a word with a capital is a known name.
fn is_name(word: &str, lexicon: &Lexicon<'_>) -> bool {
    word.split(['-', '/', '.', '#', '\'', '’', ',']).filter(|part| part.len() > 1).all(|part| {
        let lower = part.to_lowercase();
        let stem = lower.strip_suffix('s').unwrap_or(&lower);
        !part.starts_with(char::is_uppercase)
            || lexicon.free.iter().any(|list| list.contains(&lower.as_str()))
            || is_known(part, lexicon.known)
            || lexicon.words.contains(&lower)
            || lexicon.words.contains(stem)
    })
}
