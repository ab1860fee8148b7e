//! The JSON Schema of a family's answer, written by hand because the order of properties is meant.
//!
//! Whoever answers fills the properties in this order: first which claim, then what it says, at last the sentence.

use std::fmt::Write as _;

use crate::check::MAX_ANSWERED;
use crate::family::{Family, Kind, ValueType};

/// Writes the schema of an answer with one of these ids, about these claims.
///
/// Strict: nothing else may be added, nothing left out, ids and kinds are closed lists.
/// Without ids, a claim is any that the family can have.
pub fn schema(family: &Family, ids: &[&str]) -> String {
    let mut text = String::from(r#"{"type":"object","properties":{"claims":{"type":"array","maxItems":"#);
    // Writing to a string cannot fail.
    let _ = write!(text, r#"{MAX_ANSWERED},"items":{}}},"#, claim(family, ids));
    text.push_str(
        r#""sentence":{"type":"string"}},"required":["claims","sentence"],"additionalProperties":false}"#,
    );
    text
}

fn claim(family: &Family, ids: &[&str]) -> String {
    let id = match ids {
        [] => r#"{"type":"string"}"#.to_owned(),
        ids => words(ids.iter().copied()),
    };
    let kinds = words(family.kinds.iter().map(|kind| kind.kind.as_str()));
    let members = [
        ("claim", id),
        ("kind", kinds),
        ("subject", r#"{"type":"string"}"#.to_owned()),
        ("file", r#"{"type":"string"}"#.to_owned()),
        ("line", r#"{"type":"integer"}"#.to_owned()),
        ("rank", r#"{"type":"integer"}"#.to_owned()),
        ("value", format!(r#"{{"type":{}}}"#, value_types(family))),
    ];
    let properties: Vec<String> = members.iter().map(|(name, form)| format!(r#""{name}":{form}"#)).collect();
    let required: Vec<String> = members.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    format!(
        r#"{{"type":"object","properties":{{{}}},"required":[{}],"additionalProperties":false}}"#,
        properties.join(","),
        required.join(",")
    )
}

/// A family of which no kind counts anything has texts only; a kind without a measure has an empty text.
fn value_types(family: &Family) -> &'static str {
    let is = |kind: &Kind, wanted| kind.measure.as_ref().map_or(ValueType::Text, |it| it.value) == wanted;
    let has = |wanted| family.kinds.iter().any(|kind| is(kind, wanted));
    match (has(ValueType::Number), has(ValueType::Text)) {
        (true, true) => r#"["integer","string"]"#,
        (true, false) => r#""integer""#,
        (false, _) => r#""string""#,
    }
}

fn words<'w>(of: impl Iterator<Item = &'w str>) -> String {
    let quoted: Vec<String> = of.map(|word| format!("\"{word}\"")).collect();
    format!(r#"{{"type":"string","enum":[{}]}}"#, quoted.join(","))
}
