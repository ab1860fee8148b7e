//! The answer's JSON Schema, written by hand because the order of properties is meant.
//!
//! A model fills properties in the order that the schema names them: the id first, so that what
//! follows is about that id; then claims, so that the sentence is about what is shown. A map sorted by name would
//! change that order.

use crate::check::{MAX_CLAIMS, PART_CLAIMS, SYMBOL_CLAIMS};

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Symbols,
    Parts,
}

impl Form {
    pub(super) fn claims(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Symbols => SYMBOL_CLAIMS,
            Self::Parts => PART_CLAIMS,
        }
    }

    fn members(self) -> &'static [&'static str] {
        match self {
            Self::Symbols => &["name", "value", "when"],
            Self::Parts => &["name", "value"],
        }
    }
}

/// Writes the schema of `{"answers": [{"id": …, "claims": […], "sentence": …}]}` with ids closed to these handles.
pub(super) fn answers(handles: &[&str], form: Form) -> String {
    let claim = object(&[("kind", words(form.claims().iter().map(|it| it.0)))], form.members());
    let claims = format!(r#"{{"type":"array","maxItems":{MAX_CLAIMS},"items":{claim}}}"#);
    let answer = object(&[("id", words(handles.iter().copied())), ("claims", claims)], &["sentence"]);
    object(&[("answers", format!(r#"{{"type":"array","items":{answer}}}"#))], &[])
}

fn words<'w>(of: impl Iterator<Item = &'w str>) -> String {
    let quoted: Vec<String> = of.map(|word| format!("\"{word}\"")).collect();
    format!(r#"{{"type":"string","enum":[{}]}}"#, quoted.join(","))
}

/// An object of these properties and of texts, all required, as strict output wants it.
fn object(properties: &[(&str, String)], texts: &[&str]) -> String {
    let texts = texts.iter().map(|name| (*name, r#"{"type":"string"}"#.to_owned()));
    let all: Vec<(&str, String)> = properties.iter().cloned().chain(texts).collect();
    let members: Vec<String> = all.iter().map(|(name, form)| format!("\"{name}\":{form}")).collect();
    let required: Vec<String> = all.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    format!(
        r#"{{"type":"object","properties":{{{}}},"required":[{}],"additionalProperties":false}}"#,
        members.join(","),
        required.join(",")
    )
}
