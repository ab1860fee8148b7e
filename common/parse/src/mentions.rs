//! The code that a text about code names: in backticks, in roles, in directives of a reference, in links.

/// More names of one section are a list of everything.
const MAX_NAMES: usize = 128;
/// Longer code is an example, no name.
const MAX_NAME_BYTES: usize = 120;
/// Lines of one section that are read.
const MAX_LINES: usize = 2_000;

/// Lists the names of code in a section's text, in order, each once.
///
/// Fenced examples are left out: what they name is used there, not explained.
pub(crate) fn names(text: &str) -> Vec<String> {
    let mut found = Found::default();
    let mut in_fence = false;
    for line in text.lines().take(MAX_LINES) {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_fence = !in_fence;
            continue;
        }
        if in_fence {
            continue;
        }
        if let Some(signature) = directive(trimmed) {
            found.add(signature);
        }
        in_quotes(line, &mut found);
    }
    found.names
}

#[derive(Default)]
struct Found {
    names: Vec<String>,
}

impl Found {
    /// Adds a piece of code where it is a name, with or without its arguments.
    fn add(&mut self, code: &str) {
        let Some(name) = name_of(code) else { return };
        if self.names.len() < MAX_NAMES && !self.names.iter().any(|it| it == name) {
            self.names.push(name.to_owned());
        }
    }
}

/// The target of a directive that documents one symbol: `.. autofunction:: flask.render_template`, `::: pkg.mod`.
fn directive(line: &str) -> Option<&str> {
    if let Some(target) = line.strip_prefix("::: ") {
        return Some(target.trim());
    }
    let (name, target) = line.strip_prefix(".. ")?.split_once("::")?;
    const KINDS: [&str; 14] = [
        "function",
        "class",
        "method",
        "attribute",
        "exception",
        "data",
        "module",
        "staticmethod",
        "classmethod",
        "decorator",
        "property",
        "struct",
        "interface",
        "type",
    ];
    let kind = name.rsplit(':').next().unwrap_or(name);
    let kind = kind.strip_prefix("auto").unwrap_or(kind);
    KINDS.contains(&kind).then(|| target.trim())
}

/// Adds what stands between backticks; of a role with a title, its target.
fn in_quotes(line: &str, found: &mut Found) {
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let inner = &rest[at + ticks..];
        let Some(end) = inner.find('`') else { return };
        let code = &inner[..end];
        let target = code.rsplit_once('<').and_then(|(_, target)| target.strip_suffix('>'));
        found.add(target.filter(|_| rest[..at].ends_with(':')).unwrap_or(code));
        rest = inner[end..].trim_start_matches('`');
    }
}

/// `a.b.c`, `A::b` and `A#b` without arguments, generics, a sign for short titles, or a leading dot.
fn name_of(code: &str) -> Option<&str> {
    let code = code.trim().trim_start_matches(['~', '!', '.', '@', '&', '*']);
    let name = code.split(['(', '<', '[', ' ']).next().unwrap_or_default();
    // Two words in backticks are an example or an expression, unless the first is called.
    let is_whole = name.len() == code.len() || code[name.len()..].starts_with(['(', '<', '[']);
    let name = name.trim_end_matches(['.', ':', '!', ',']);
    let is_path = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '#' | '$'));
    let begins = name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '$'));
    (is_whole && is_path && begins && name.len() > 1 && name.len() <= MAX_NAME_BYTES).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_backticks_roles_directives_and_links() {
        for (text, expected) in [
            ("Call `render_template()` or `Flask.route`.", &["render_template", "Flask.route"][..]),
            (".. autofunction:: flask.render_template\n", &["flask.render_template"]),
            (".. py:method:: Flask.run(host=None)\n   :noindex:\n", &["Flask.run"]),
            (
                "See :func:`~flask.url_for` and :class:`the app <flask.Flask>`.",
                &["flask.url_for", "flask.Flask"],
            ),
            ("Built by [`Router::route`] of ``axum``.", &["Router::route", "axum"]),
            ("::: pkg.mod.Client\n", &["pkg.mod.Client"]),
            ("`Vec<T>` and `List[int]`, then `Vec<T>`", &["Vec", "List"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn prose_examples_and_expressions_name_nothing() {
        for text in [
            "Call render_template now.",
            "```python\n`render_template`\n```\n",
            "`a b`, `1 + 2`, `--flag`, `x`, `/path`, ``, ` `",
            ".. image:: logo.png\n",
            "an open ` tick",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }

    #[test]
    fn a_list_of_everything_is_cut() {
        let text: String = (0..1_000).map(|at| format!("`name_{at}`\n")).collect();
        assert_eq!(names(&text).len(), MAX_NAMES);
        assert!(names(&format!("`{}`", "é".repeat(200))).is_empty());
    }
}
