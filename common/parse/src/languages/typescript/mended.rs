//! Rewrites TypeScript that the grammar does not know into text of the same length that it reads the same way.

mod tokens;

use tokens::{Kind, Token, tokens};

/// A line that begins with `<` continues the line before it after one of these.
const CONTINUES: &[u8] = b"(,;=|&<?:{[.";

/// Declaration words that may stand before `accessor`.
const MODIFIERS: &[&[u8]] =
    &[b"abstract", b"declare", b"override", b"private", b"protected", b"public", b"readonly", b"static"];

/// Applies every rewrite; `None` where there is nothing to rewrite.
///
/// Only the parser sees the result. Names and types are read from the file's own text, at the same offsets.
pub(super) fn mended(text: &[u8]) -> Option<Vec<u8>> {
    let mut mender = Mender { text, tokens: tokens(text), mended: None };
    for at in 1..mender.tokens.len() {
        match mender.word(at) {
            b"<" => mender.end_member(at),
            b"type" => mender.drop_type_of_export(at),
            b"in" | b"out" => mender.drop_variance(at),
            b"import" => mender.name_imported_type(at),
            b"accessor" => mender.drop_accessor(at),
            _ => {}
        }
    }
    mender.mended
}

struct Mender<'t> {
    text: &'t [u8],
    tokens: Vec<Token>,
    mended: Option<Vec<u8>>,
}

impl<'t> Mender<'t> {
    /// Returns a token's text; strings and what lies behind the last token are empty.
    fn word(&self, at: usize) -> &'t [u8] {
        match self.tokens.get(at) {
            Some(token) if token.kind != Kind::Literal => &self.text[token.start..token.end],
            _ => b"",
        }
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind == Kind::Word)
    }

    fn set(&mut self, start: usize, end: usize, byte: u8) {
        let mended = self.mended.get_or_insert_with(|| self.text.to_vec());
        mended[start..end].fill(byte);
    }

    fn blank(&mut self, at: usize) {
        let (start, end) = (self.tokens[at].start, self.tokens[at].end);
        self.set(start, end, b' ');
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text[self.tokens[at - 1].end..self.tokens[at].start].contains(&b'\n')
    }

    /// A call signature ends with its line; the grammar wants a `;` before the type parameters of the next.
    fn end_member(&mut self, at: usize) {
        let (before, start) = (self.tokens[at - 1], self.tokens[at].start);
        let continues = before.kind == Kind::Mark && CONTINUES.contains(&self.text[before.start]);
        let follows =
            self.is_name(at + 1) && (self.tokens[at + 1].start == start + 1 || self.begins_line(at + 1));
        if follows && !continues && self.begins_line(at) {
            let gap = &self.text[before.end..start];
            // A line comment would swallow a `;` in place of its newline.
            if gap.ends_with(b" ") || gap.ends_with(b"\t") || gap.iter().all(u8::is_ascii_whitespace) {
                self.set(start - 1, start, b';');
            }
        }
    }

    /// `export type * from "m"`.
    fn drop_type_of_export(&mut self, at: usize) {
        if self.word(at - 1) == b"export" && self.word(at + 1) == b"*" {
            self.blank(at);
        }
    }

    /// `<in T, out U, in out V>`.
    fn drop_variance(&mut self, at: usize) {
        let before = self.word(at - 1);
        let is_second = self.word(at) == b"out" && before == b"in" && at > 1;
        let opens = if is_second { self.word(at - 2) } else { before };
        if matches!(opens, b"<" | b"," | b"const") && self.is_name(at + 1) && self.word(at + 1) != b"extends"
        {
            self.blank(at);
        }
    }

    /// `import("m").T<A>` and `import("m").T[]`, which become one name each.
    fn name_imported_type(&mut self, at: usize) {
        let is_module = self.tokens.get(at + 2).is_some_and(|token| token.kind == Kind::Literal);
        if self.word(at + 1) != b"(" || !is_module || self.word(at + 3) != b")" {
            return;
        }
        let mut end = at + 3;
        while self.word(end + 1) == b"." && self.is_name(end + 2) {
            end += 2;
        }
        // A call of a member of what `import()` gives is code, not a type.
        let is_type = end > at + 3 && !matches!(self.word(end + 1), b"(" | b"." | b"?" | b"!");
        if is_type && !matches!(self.word(at - 1), b"." | b"typeof") {
            for byte in self.tokens[at].start..self.tokens[end].end {
                if !self.text[byte].is_ascii_alphanumeric() {
                    self.set(byte, byte + 1, b'_');
                }
            }
        }
    }

    /// `accessor name = value` in a class is read as a field.
    fn drop_accessor(&mut self, at: usize) {
        let before = self.word(at - 1);
        let begins =
            matches!(before, b"{" | b"}" | b";") || MODIFIERS.contains(&before) || self.begins_line(at);
        let is_named = self.is_name(at + 1) || matches!(self.word(at + 1), b"#" | b"[");
        if begins && is_named && !self.begins_line(at + 1) {
            self.blank(at);
        }
    }
}

#[cfg(test)]
mod tests {
    fn mended(text: &str) -> String {
        match super::mended(text.as_bytes()) {
            Some(mended) => {
                assert_eq!(mended.len(), text.len());
                String::from_utf8(mended).unwrap()
            }
            None => "-".to_owned(),
        }
    }

    #[test]
    fn only_lines_that_begin_a_member_are_ended() {
        assert_eq!(mended("{\n  <A>(a: A): A\n  <B>(b: B): B\n}"), "{\n  <A>(a: A): A\n ;<B>(b: B): B\n}");
        assert_eq!(mended("{\n  a: A\n  // two, \n  <\n    B\n  >(b: B): B\n}").matches(';').count(), 1);
        assert_eq!(mended("{\na: A // one\n<B>(b: B): B\n}"), "-");
        assert_eq!(mended("{\na: A\n<B>(b: B): B\n}"), "{\na: A;<B>(b: B): B\n}");
        assert_eq!(mended("f(\n  <A>x,\n  <B>y)"), "-");
        assert_eq!(mended("if (a\n  < b) c"), "-");
    }

    #[test]
    fn type_exports_lose_their_type() {
        assert_eq!(mended("export type * from 'a'"), "export      * from 'a'");
        assert_eq!(mended("export type * as b from 'a'"), "export      * as b from 'a'");
        assert_eq!(mended("export type A = B"), "-");
    }

    #[test]
    fn variance_is_dropped() {
        assert_eq!(mended("interface A<in T, out U> {}"), "interface A<   T,     U> {}");
        assert_eq!(mended("type A<in out T> = T"), "type A<       T> = T");
        assert_eq!(mended("type A<out> = out; for (a in b) { f(a, out) }"), "-");
    }

    #[test]
    fn imported_types_become_names() {
        assert_eq!(mended("let a: import('./m').T[]"), "let a: import____m___T[]");
        assert_eq!(mended("import('./m').then(f)"), "-");
        assert_eq!(mended("await import('./m')"), "-");
    }

    #[test]
    fn accessors_become_fields() {
        assert_eq!(
            mended("class A { accessor x = 1; static accessor #y }"),
            "class A {          x = 1; static          #y }"
        );
        assert_eq!(mended("f(accessor, a.accessor)"), "-");
    }

    #[test]
    fn strings_comments_and_patterns_are_left_alone() {
        for text in [
            " 'export type * from'",
            " // export type * from",
            " /* <in T> */",
            " `export type * from ${\"a\"}`",
            " = /<in T>/",
        ] {
            assert_eq!(mended(text), "-", "{text}");
        }
    }
}
