//! Cuts TypeScript into tokens, as far as telling code from strings, comments and patterns needs.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, keyword or number.
    Word,
    /// One byte of punctuation.
    Mark,
    /// A string, a part of a template or a regular expression.
    Literal,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Words before which an expression begins, so that a `/` behind one begins a pattern.
const BEFORE_PATTERN: &[&[u8]] = &[b"return", b"typeof", b"case", b"in", b"of", b"do", b"else", b"void"];

/// A longer regular expression is a division that lost its way.
const MAX_PATTERN_BYTES: usize = 4096;

/// Lists the tokens of a file; a string without an end is taken to end with its line.
pub(super) fn tokens(text: &[u8]) -> Vec<Token> {
    let mut lexer = Lexer { text, tokens: Vec::new(), templates: Vec::new() };
    let mut at = 0;
    while at < text.len() {
        at = lexer.next(at);
    }
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t [u8],
    tokens: Vec<Token>,
    /// Braces open within each template that is open.
    templates: Vec<u32>,
}

impl Lexer<'_> {
    /// Reads what begins at a byte and returns where it ends.
    fn next(&mut self, at: usize) -> usize {
        let byte = self.text[at];
        let (kind, end) = match byte {
            _ if byte.is_ascii_whitespace() => return at + 1,
            b'/' if self.text[at..].starts_with(b"//") => return self.find(at, b"\n"),
            b'/' if self.text[at..].starts_with(b"/*") => {
                return (self.find(at + 2, b"*/") + 2).min(self.text.len());
            }
            b'/' if self.begins_pattern() => match self.pattern(at) {
                Some(end) => (Kind::Literal, end),
                None => (Kind::Mark, at + 1),
            },
            b'"' | b'\'' => (Kind::Literal, self.string(at, byte)),
            b'`' => (Kind::Literal, self.template(at + 1)),
            b'}' if self.templates.last() == Some(&0) => {
                self.templates.pop();
                (Kind::Literal, self.template(at + 1))
            }
            _ if is_word(byte) => {
                let length = self.text[at..].iter().take_while(|byte| is_word(**byte)).count();
                (Kind::Word, at + length)
            }
            _ => {
                if let Some(open) = self.templates.last_mut() {
                    *open = open.saturating_add(u32::from(byte == b'{')) - u32::from(byte == b'}');
                }
                (Kind::Mark, at + 1)
            }
        };
        self.tokens.push(Token { kind, start: at, end });
        end
    }

    fn find(&self, from: usize, what: &[u8]) -> usize {
        memchr::memmem::find(&self.text[from..], what).map_or(self.text.len(), |at| from + at)
    }

    fn string(&self, start: usize, quote: u8) -> usize {
        let mut at = start + 1;
        while let Some(&byte) = self.text.get(at) {
            match byte {
                b'\n' => return at,
                b'\\' => at += 1,
                _ if byte == quote => return at + 1,
                _ => {}
            }
            at += 1;
        }
        self.text.len()
    }

    /// Reads a template up to its end or its next `${`.
    fn template(&mut self, from: usize) -> usize {
        let mut at = from;
        while let Some(&byte) = self.text.get(at) {
            match byte {
                b'\\' => at += 1,
                b'`' => return at + 1,
                b'$' if self.text.get(at + 1) == Some(&b'{') => {
                    self.templates.push(0);
                    return at + 2;
                }
                _ => {}
            }
            at += 1;
        }
        self.text.len()
    }

    /// Tells whether a `/` here begins a regular expression rather than divides.
    fn begins_pattern(&self) -> bool {
        let Some(last) = self.tokens.last() else { return true };
        match last.kind {
            Kind::Literal => false,
            Kind::Word => BEFORE_PATTERN.contains(&&self.text[last.start..last.end]),
            Kind::Mark => !matches!(self.text[last.start], b')' | b']' | b'}' | b'<'),
        }
    }

    fn pattern(&self, start: usize) -> Option<usize> {
        let mut in_class = false;
        let mut at = start + 1;
        while let Some(&byte) = self.text[..self.text.len().min(start + MAX_PATTERN_BYTES)].get(at) {
            match byte {
                b'\n' => return None,
                b'\\' => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return Some(at + 1),
                _ => {}
            }
            at += 1;
        }
        None
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || !byte.is_ascii()
}
