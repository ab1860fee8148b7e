//! One layer of a type as Go writes it; what it is made of stays text.

/// Pointers and parentheses nested deeper than this are not followed.
const MAX_LAYERS: usize = 16;

/// The outermost part of a written type, pointers left out: a pointer passes methods and fields on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Written<'t> {
    /// `Item`, `store.Item`; type arguments are left out.
    Named(&'t str),
    /// A slice, array, map or channel; `key` is what a loop's first variable holds, where that is a type of its own.
    Elements {
        key: Option<&'t str>,
        element: &'t str,
    },
    Function {
        parameters: &'t str,
        results: &'t str,
    },
    /// The fields between the braces.
    Struct(&'t str),
    /// Several results of a function.
    Results(&'t str),
    Other,
}

/// Reads the outermost part of a type.
pub(crate) fn outermost(text: &str) -> Written<'_> {
    let mut text = text;
    for _ in 0..MAX_LAYERS {
        text = text.trim_matches([' ', ';', '*', '\n', '\t']);
        if !text.starts_with('(') {
            return layer(text);
        }
        let Some((list, "")) = enclosed(text) else { return Written::Other };
        match typed_names(list).as_slice() {
            [(_, only)] => text = only,
            [] => return Written::Other,
            _ => return Written::Results(list),
        }
    }
    Written::Other
}

fn layer(text: &str) -> Written<'_> {
    let channel = text.strip_prefix("<-chan").or_else(|| text.strip_prefix("chan<-"));
    if let Some(element) = channel.or_else(|| text.strip_prefix("chan ")) {
        return Written::Elements { key: Some(element), element };
    }
    let after = |word| text.strip_prefix(word).map(str::trim_start).and_then(enclosed);
    if let Some((key, element)) = after("map").filter(|_| text.starts_with("map[")) {
        return Written::Elements { key: Some(key), element };
    }
    if text.starts_with('[') {
        return enclosed(text)
            .map_or(Written::Other, |(_, element)| Written::Elements { key: None, element });
    }
    if let Some((parameters, results)) = after("func").filter(|_| !is_name(text)) {
        return Written::Function { parameters, results };
    }
    if let Some((fields, "")) = after("struct").filter(|_| !is_name(text)) {
        return Written::Struct(fields);
    }
    let head = text.split('[').next().unwrap_or(text).trim();
    if is_name(head) { Written::Named(head) } else { Written::Other }
}

fn is_name(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

/// Splits `(a) b` into what the first bracket encloses and what follows.
fn enclosed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then(|| (&text[1..at], text[at + 1..].trim()));
        }
    }
    None
}

/// Cuts at a separator that stands in no bracket.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut depth = 0usize;
    let cut = move |c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c == separator
    };
    text.split(cut).map(|part| part.trim_matches([' ', ';'])).filter(|part| !part.is_empty())
}

/// The names and types of a list: either all have names, and `a, b T` share a type, or none has.
pub(crate) fn typed_names(list: &str) -> Vec<(Option<&str>, &str)> {
    let entries: Vec<&str> = parts(list, ',').collect();
    if !entries.iter().any(|entry| named(entry).is_some()) {
        return entries.into_iter().map(|entry| (None, entry)).collect();
    }
    let mut found = Vec::with_capacity(entries.len());
    let mut shared = "";
    for entry in entries.into_iter().rev() {
        let (name, written) = named(entry).unwrap_or((entry, shared));
        shared = written;
        found.push((Some(name), written));
    }
    found.reverse();
    found
}

/// Splits `name T`; `chan T` and other types of two words have no name.
fn named(entry: &str) -> Option<(&str, &str)> {
    let (name, written) = entry.split_once(' ')?;
    let is_word = matches!(name, "chan" | "func" | "map" | "struct" | "interface");
    (is_name(name) && !name.contains('.') && !is_word).then(|| (name, written.trim()))
}

/// The type at a place of a list.
pub(crate) fn nth_type(list: &str, nth: usize) -> Option<&str> {
    typed_names(list).get(nth).map(|(_, written)| *written)
}

/// The type of a field; an embedded type is a field of its own name.
pub(crate) fn field<'t>(fields: &'t str, name: &str) -> Option<&'t str> {
    parts(fields, ';').find_map(|line| {
        let entries = typed_names(line);
        let hit = entries.iter().find(|(field, written)| match field {
            Some(field) => *field == name,
            None => last_name(written) == name,
        });
        hit.map(|(_, written)| *written)
    })
}

fn last_name(written: &str) -> &str {
    let head = written.split('[').next().unwrap_or(written);
    head.rsplit(['.', '*']).next().unwrap_or(head).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_open_layer_by_layer() {
        assert_eq!(outermost("**store.Item[K, V]"), Written::Named("store.Item"));
        assert_eq!(outermost("[]*T"), Written::Elements { key: None, element: "*T" });
        assert_eq!(outermost("map[[2]K][]V"), Written::Elements { key: Some("[2]K"), element: "[]V" });
        assert_eq!(outermost("<-chan T"), Written::Elements { key: Some(" T"), element: " T" });
        assert_eq!(
            outermost("func(a, b A) (B, error)"),
            Written::Function { parameters: "a, b A", results: "(B, error)" }
        );
        assert_eq!(outermost("(t *T)"), Written::Named("T"));
        assert_eq!(outermost("(t *T, err error)"), Written::Results("t *T, err error"));
        assert_eq!(outermost("structure"), Written::Named("structure"));
        assert_eq!(outermost("interface{ Close() }"), Written::Other);
        assert_eq!(outermost("(["), Written::Other);
        assert_eq!(outermost(&"(".repeat(1000)), Written::Other);
    }

    #[test]
    fn lists_share_types_and_fields_have_names() {
        assert_eq!(nth_type("a, b *T, err error", 1), Some("*T"));
        assert_eq!(nth_type("chan T, error", 0), Some("chan T"));
        assert_eq!(nth_type("*T, error", 2), None);
        assert_eq!(field("a, b A;*store.Base;c []C;", "b"), Some("A"));
        assert_eq!(field("a, b A;*store.Base;c []C;", "Base"), Some("*store.Base"));
        assert_eq!(field("a, b A;*store.Base;c []C;", "c"), Some("[]C"));
        assert_eq!(field("a A", "z"), None);
    }
}
