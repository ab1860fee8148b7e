//! The text of a block about one symbol, with named places for what is known.

use std::collections::BTreeMap;

/// Longer templates would crowd out what they are filled with.
pub const MAX_TEMPLATE_CHARS: usize = 4_000;

/// The names that a template may hold in braces.
pub const PLACEHOLDERS: &[&str] = &[
    "language",
    "name",
    "kind",
    "file",
    "signature",
    "parent",
    "bases",
    "members",
    "calls",
    "called_by",
    "imports",
    "related",
    "cluster",
    "centrality",
    "doc",
    "source",
];

const STANDARD: &str = "\
Symbol: {name}
Kind: {kind}
Language: {language}
File: {file}
Signature: {signature}
Part of: {parent}
Extends or implements: {bases}
Members: {members}
Calls: {calls}
Called by: {called_by}
Imports of its file: {imports}
Related: {related}
Cluster: {cluster}
Centrality (0 to 1): {centrality}
Doc comment:
{doc}
Source:
{source}
";

/// A checked template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("line {line}: `{{{name}}}` is no placeholder; known are {known}", known = PLACEHOLDERS.join(", "))]
    Unknown { name: String, line: usize },
    #[error("line {line}: `{{` is not closed; write `{{{{` for a brace")]
    Unclosed { line: usize },
    #[error("line {line}: `}}` opens nothing; write `}}}}` for a brace")]
    Unopened { line: usize },
    #[error("template does not hold `{{name}}`, so a model could not tell what to describe")]
    Nameless,
    #[error("template has {n_chars} characters, the limit is {max}", max = MAX_TEMPLATE_CHARS)]
    TooLong { n_chars: usize },
}

impl Template {
    /// The product's own.
    pub fn standard() -> Self {
        Self::parse(STANDARD).expect("the template is constant and parsed by every prompt test")
    }

    /// Reads a template; `{{` and `}}` stand for braces.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let n_chars = text.chars().count();
        if n_chars > MAX_TEMPLATE_CHARS {
            return Err(TemplateError::TooLong { n_chars });
        }
        let mut parts = Vec::new();
        let mut literal = String::new();
        let (mut rest, mut line) = (text, 1);
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            line += rest[..at].matches('\n').count();
            let tail = &rest[at..];
            rest = if tail.starts_with("{{") || tail.starts_with("}}") {
                literal.push_str(&tail[..1]);
                &tail[2..]
            } else if tail.starts_with('}') {
                return Err(TemplateError::Unopened { line });
            } else {
                let (place, used) = placeholder(tail, line)?;
                parts.push(Part::Text(std::mem::take(&mut literal)));
                parts.push(Part::Place(place));
                &tail[used..]
            };
        }
        literal.push_str(rest);
        parts.push(Part::Text(literal));
        if !parts.contains(&Part::Place("name")) {
            return Err(TemplateError::Nameless);
        }
        Ok(Self { parts })
    }

    /// Fills every place.
    pub(super) fn fill(&self, values: &BTreeMap<&'static str, String>) -> String {
        let filled = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.as_str(),
            Part::Place(name) => values.get(name).map_or("", String::as_str),
        });
        filled.collect()
    }
}

fn placeholder(tail: &str, line: usize) -> Result<(&'static str, usize), TemplateError> {
    let end = tail.find(['}', '\n']).filter(|&end| tail[end..].starts_with('}'));
    let end = end.ok_or(TemplateError::Unclosed { line })?;
    let name = tail[1..end].trim();
    match PLACEHOLDERS.iter().find(|known| **known == name) {
        Some(known) => Ok((known, end + 1)),
        None => Err(TemplateError::Unknown { name: name.chars().take(60).collect(), line }),
    }
}
