//! Lists and counts as a person would write them.

use prose::thousands;

use crate::hygiene;

/// Puts a name into backticks; names that hold one are quoted plainly. What nobody sees is left out.
pub(crate) fn code(name: &str) -> String {
    let name = hygiene::clean(name);
    if name.contains('`') { format!("\"{name}\"") } else { format!("`{name}`") }
}

/// Writes `a`, `b` and 3 more; `total` counts what was not listed too.
pub(crate) fn list(names: &[String], total: usize) -> String {
    let hidden = total.saturating_sub(names.len());
    match (names, hidden) {
        ([], 0) => String::new(),
        ([], n) => n.to_string(),
        ([only], 0) => only.clone(),
        (all, 0) => {
            let (last, rest) = all.split_last().expect("the empty and single lists are matched above");
            format!("{} and {last}", rest.join(", "))
        }
        (all, n) => format!("{} and {} more", all.join(", "), thousands(n as u64)),
    }
}

/// Writes `1 file`, `2 files`, `3,000 classes`.
pub(crate) fn count(n: usize, singular: &str) -> String {
    let plural = match singular {
        _ if n == 1 => singular.to_owned(),
        word if word.ends_with('s') => format!("{word}es"),
        word if word.ends_with("ry") || word.ends_with("ty") => format!("{}ies", &word[..word.len() - 1]),
        word => format!("{word}s"),
    };
    format!("{} {plural}", thousands(n as u64))
}

/// Joins sentences while they fit into `max_chars`; the first always stands.
pub(crate) fn join_within(sentences: &[String], max_chars: usize) -> String {
    let mut text = String::new();
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        let n_chars = text.chars().count() + 1 + sentence.chars().count();
        if !text.is_empty() && n_chars > max_chars {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(sentence);
    }
    text
}

/// Gives the text a capital, unless it begins with code.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
