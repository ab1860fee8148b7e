//! Call signatures that end with their line, which the grammar reads only where a `;` ends them.

/// Behind one of these a `<` at the head of a line begins no member of its own.
const GOES_ON: &[u8] = b"(,;=|&<?:";

/// Ends the member before each line that begins with type parameters; `None` where there is no such line.
///
/// The `;` takes the place of the blank before the `<`, so that no offset changes.
pub(super) fn ended(text: &[u8]) -> Option<Vec<u8>> {
    let mut ended: Option<Vec<u8>> = None;
    let mut last_code = b'(';
    let mut is_line_head = true;
    for (at, &byte) in text.iter().enumerate() {
        let begins_member = byte == b'<' && is_line_head && !GOES_ON.contains(&last_code);
        let is_named = text.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || *next == b'_');
        if begins_member && is_named && at > 0 && matches!(text[at - 1], b' ' | b'\t') {
            ended.get_or_insert_with(|| text.to_vec())[at - 1] = b';';
        }
        if byte == b'\n' {
            is_line_head = true;
        } else if !byte.is_ascii_whitespace() {
            is_line_head = false;
            last_code = byte;
        }
    }
    ended
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_lines_that_begin_a_member_are_ended() {
        let ended = |text: &str| super::ended(text.as_bytes()).map(|text| String::from_utf8(text).unwrap());
        assert_eq!(
            ended("{\n  <A>(a: A): A\n  <B>(b: B): B\n}"),
            Some("{\n ;<A>(a: A): A\n ;<B>(b: B): B\n}".into())
        );
        assert_eq!(ended("f(\n  <A>x,\n  <B>y)"), None);
        assert_eq!(ended("if (a\n  < b) c"), None);
    }
}
