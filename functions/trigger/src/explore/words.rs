//! Text to the words that are searched: identifiers are split by case, digits and punctuation.

/// Longer words are no words.
const MAX_WORD_CHARS: usize = 64;

/// Calls `each` with every word, lower case: the parts of an identifier, and the identifier as one.
pub(super) fn words(text: &str, each: &mut dyn FnMut(String)) {
    for identifier in text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|it| !it.is_empty()) {
        let parts = parts(identifier);
        let whole: String = identifier.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect();
        let is_one = matches!(parts.as_slice(), [part] if *part == whole);
        for part in parts {
            give(part, each);
        }
        if !is_one {
            give(whole, each);
        }
    }
}

fn give(word: String, each: &mut dyn FnMut(String)) {
    if !word.is_empty() && word.chars().count() <= MAX_WORD_CHARS {
        each(word);
    }
}

/// `parseHTTPHeader2` is `parse`, `http`, `header`, `2`.
fn parts(identifier: &str) -> Vec<String> {
    let chars: Vec<char> = identifier.chars().collect();
    let mut parts = vec![String::new()];
    for (idx, c) in chars.iter().enumerate() {
        let previous = idx.checked_sub(1).and_then(|before| chars.get(before));
        let next_is_lower = chars.get(idx + 1).is_some_and(|next| next.is_lowercase());
        let begins = match previous {
            Some(previous) if c.is_uppercase() => !previous.is_uppercase() || next_is_lower,
            Some(previous) => previous.is_numeric() != c.is_numeric(),
            None => false,
        };
        if *c == '_' || begins {
            parts.push(String::new());
        }
        if *c != '_' {
            parts.last_mut().expect("it is never empty").extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        words(text, &mut |word| found.push(word));
        found
    }

    #[test]
    fn identifiers_are_split_and_kept_whole() {
        assert_eq!(all("parseHTTPHeader2"), ["parse", "http", "header", "2", "parsehttpheader2"]);
        assert_eq!(all("snake_case_name"), ["snake", "case", "name", "snakecasename"]);
        assert_eq!(all("a::b(c: &str) -> D"), ["a", "b", "c", "str", "d"]);
        assert_eq!(all("__init__ Größe"), ["init", "größe"]);
        assert!(all("  --- ()").is_empty());
    }
}
