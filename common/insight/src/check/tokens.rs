//! Prose as tokens: words, code in backticks, marks; each in its sentence.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    /// In lower case, for comparing words.
    pub(super) lower: String,
    pub(super) shape: Shape,
    pub(super) sentence: usize,
    pub(super) opens_sentence: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Word,
    /// Stood in backticks, or is written as only code is.
    Code,
    Mark,
}

impl Token<'_> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.shape == Shape::Word && self.lower == word
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        self.shape == Shape::Word && words.contains(&self.lower.as_str())
    }

    pub(super) fn is_code(&self) -> bool {
        self.shape == Shape::Code
    }

    pub(super) fn is_mark(&self, mark: &str) -> bool {
        self.shape == Shape::Mark && self.text == mark
    }
}

/// Splits text into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut splitter = Splitter { tokens: Vec::new(), sentence: 0, opens: true };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else if let Some((inner, used)) = quoted(rest) {
            splitter.push(inner, Shape::Code);
            rest = &rest[used..];
        } else {
            let end =
                rest.find(|c: char| c.is_whitespace() || c == '`').unwrap_or(rest.len()).max(c.len_utf8());
            let (word, after) = rest.split_at(end);
            splitter.word(word, after);
            rest = after;
        }
    }
    splitter.tokens
}

/// Returns how many sentences the text has.
pub(super) fn n_sentences(tokens: &[Token<'_>]) -> usize {
    let mut sentences: Vec<usize> =
        tokens.iter().filter(|it| it.shape != Shape::Mark).map(|it| it.sentence).collect();
    sentences.dedup();
    sentences.len()
}

fn quoted(rest: &str) -> Option<(&str, usize)> {
    let n_ticks = rest.len() - rest.trim_start_matches('`').len();
    if n_ticks == 0 || n_ticks > 2 {
        return None;
    }
    let (ticks, body) = rest.split_at(n_ticks);
    let end = body.find(ticks).filter(|&end| end > 0)?;
    Some((body[..end].trim(), n_ticks + end + n_ticks))
}

struct Splitter<'t> {
    tokens: Vec<Token<'t>>,
    sentence: usize,
    opens: bool,
}

impl<'t> Splitter<'t> {
    fn push(&mut self, text: &'t str, shape: Shape) {
        self.tokens.push(Token {
            text,
            lower: text.to_lowercase().replace('’', "'"),
            shape,
            sentence: self.sentence,
            opens_sentence: self.opens,
        });
        if shape != Shape::Mark {
            self.opens = false;
        }
    }

    /// Takes marks off both ends, then the word; ends the sentence where a mark does.
    fn word(&mut self, word: &'t str, after: &str) {
        let start = word.find(|c: char| !is_opening(c)).unwrap_or(word.len());
        self.marks(&word[..start], "", if start == word.len() { after } else { "x" });
        let word = &word[start..];
        let core = without_closing(word);
        if !core.is_empty() {
            let shape = if is_code_like(core) { Shape::Code } else { Shape::Word };
            self.push(core, shape);
        }
        self.marks(&word[core.len()..], core, after);
    }

    fn marks(&mut self, marks: &'t str, core: &str, after: &str) {
        let next = after.trim_start();
        let opens = |c: char| c.is_uppercase() || matches!(c, '`' | '"' | '\'' | '(' | '[' | '<');
        let next_opens =
            next.is_empty() || (after.starts_with(char::is_whitespace) && next.starts_with(opens));
        for (at, c) in marks.char_indices() {
            self.push(&marks[at..at + c.len_utf8()], Shape::Mark);
            let ends = matches!(c, '!' | '?' | '…') || (c == '.' && !is_abbreviation(core));
            if ends && next_opens && !self.opens {
                self.sentence += 1;
                self.opens = true;
            }
        }
    }
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '['
            | '{'
            | '"'
            | '\''
            | '“'
            | '‘'
            | '*'
            | ','
            | '.'
            | ';'
            | ':'
            | ')'
            | '/'
            | '—'
            | '–'
            | '|'
            | '#'
            | '>'
    )
}

/// The word without marks after it; brackets that it opens itself stay.
fn without_closing(word: &str) -> &str {
    let mut core = word;
    while let Some(c) = core.chars().next_back() {
        let balance = |open: char, close: char| core.matches(open).count() >= core.matches(close).count();
        let belongs = match c {
            ')' => balance('(', ')'),
            ']' => balance('[', ']'),
            '}' => balance('{', '}'),
            '>' => balance('<', '>'),
            _ => !matches!(
                c,
                '.' | ','
                    | ';'
                    | ':'
                    | '!'
                    | '?'
                    | '"'
                    | '\''
                    | '”'
                    | '’'
                    | '*'
                    | '…'
                    | '—'
                    | '–'
                    | '/'
                    | '|'
            ),
        };
        if belongs {
            break;
        }
        core = &core[..core.len() - c.len_utf8()];
    }
    for possessive in ["'s", "’s"] {
        core = core.strip_suffix(possessive).unwrap_or(core);
    }
    core
}

fn is_abbreviation(core: &str) -> bool {
    matches!(
        core.to_lowercase().as_str(),
        "e.g" | "i.e" | "etc" | "vs" | "cf" | "approx" | "resp" | "incl" | "no" | "fig" | "eq" | "al"
    )
}

/// Names of people's things that are written like code.
const PROPER: &[&str] = &[
    "javascript",
    "typescript",
    "github",
    "gitlab",
    "openapi",
    "oauth",
    "oauth2",
    "websocket",
    "websockets",
    "youtube",
    "macos",
    "ios",
    "pypi",
    "numpy",
    "scipy",
    "json5",
    "graphql",
    "postgresql",
    "mysql",
    "mongodb",
    "sqlite",
    "devops",
    "latex",
    "wifi",
    "ipv4",
    "ipv6",
    "node.js",
    "vue.js",
    "asp.net",
    "powershell",
    "bitbucket",
    "localstorage",
    "opentelemetry",
    "rabbitmq",
    "dynamodb",
    "cloudfront",
    "webassembly",
    "xpath",
    "rst",
    "toml",
    "nodejs",
    "protobuf",
    "unixtime",
    "bigquery",
];

/// Tells whether a word is written as only code is: `snake_case`, `camelCase`, `a::b`, `f()`, `--flag`, `x.py`.
pub(super) fn is_code_like(word: &str) -> bool {
    let bare = word.strip_suffix("'s").unwrap_or(word);
    let lower = bare.to_lowercase();
    if PROPER.contains(&lower.as_str()) || is_acronym(bare) || bare.contains("://") || is_abbreviation(&lower)
    {
        return false;
    }
    let inner_mark = |mark: char| {
        bare.split(mark).count() > 1
            && bare.split(mark).all(|part| !part.is_empty())
            && bare.starts_with(|c: char| c.is_alphabetic())
    };
    bare.contains("::")
        || bare.contains("->")
        || bare.contains("()")
        || (bare.contains('(') && bare.ends_with(')') && !bare.starts_with('('))
        || (bare.contains('_') && bare.chars().any(char::is_alphanumeric))
        || bare.starts_with("--")
        || bare.starts_with('@') && bare.len() > 1
        || bare.starts_with('$')
        || (bare.contains('<') && bare.ends_with('>') && !bare.starts_with('<'))
        || (inner_mark('.') && bare.chars().filter(char::is_ascii_alphabetic).count() > 2)
        || (bare.contains('/') && has_extension(bare))
        || is_humped(bare)
}

fn has_extension(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && matches!(
                extension,
                "rs" | "py" | "ts" | "tsx" | "js" | "jsx" | "mjs" | "go" | "toml" | "json" | "md"
            )
    })
}

/// `HTTP`, `URLs`, `UTF-8`, `HTTP/1.1`, `X.509`.
fn is_acronym(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    stem.chars().any(char::is_uppercase)
        && stem
            .chars()
            .all(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '+' | '#'))
}

/// A capital after a small letter within a part: `camelCase`, `HttpClient`, not `Non-ASCII` nor `I/O`.
fn is_humped(word: &str) -> bool {
    let parts = word.split(['-', '/']);
    let humped = |part: &str| {
        part.chars().zip(part.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase())
            && !is_acronym(part)
    };
    parts.into_iter().any(humped)
}
