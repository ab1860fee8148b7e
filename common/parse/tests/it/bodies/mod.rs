//! What bodies do in each language, printed beside the source for people.

mod limits;
mod places;

use std::fmt::Write;

use docpack::ConditionKind;
use model::body::{Body, Condition, Step};
use model::facts::{FileFacts, Symbol};

use crate::languages::read;

/// What the golden files are made of.
pub(crate) const FIXTURES: &[(&str, &str)] = &[
    ("src/store.py", include_str!("python.py.fixture")),
    ("store/store.go", include_str!("go.go.fixture")),
    ("src/store.rs", include_str!("rust.rs.fixture")),
    ("src/store.ts", include_str!("typescript.ts.fixture")),
    ("src/list.jsx", include_str!("javascript.jsx.fixture")),
];

#[test]
fn bodies_beside_their_source() {
    for (path, text) in FIXTURES {
        let name = path.rsplit('/').next().unwrap_or(path).replace('.', "_");
        insta::assert_snapshot!(name, beside(path, text));
    }
}

/// Every line of a file, with the steps that stand in it below; nested as their conditions are.
pub(crate) fn beside(file_path: &str, text: &str) -> String {
    let facts = read(file_path, text);
    let mut out = String::new();
    for (n, line) in text.lines().enumerate() {
        let _ = writeln!(out, "{line}");
        for symbol in &facts.symbols {
            notes(&mut out, symbol, n as u32 + 1);
        }
    }
    out
}

fn notes(out: &mut String, symbol: &Symbol, line: u32) {
    for parameter in symbol.parameters.iter().filter(|_| symbol.line_range.start == line) {
        if let Some(default) = &parameter.default {
            let _ = writeln!(out, "    | {}: {} defaults to {default}", symbol.name, parameter.name);
        }
    }
    let Some(body) = &symbol.body else { return };
    for step in body.steps.iter().filter(|step| step.line == line) {
        let _ = writeln!(out, "    | {}: {}{}", symbol.name, told(step), conditions(body, step));
    }
}

pub(crate) fn told(step: &Step) -> String {
    let mut out = format!("{} {}", step.kind, step.text).trim_end().to_owned();
    if !step.arguments.is_empty() {
        let _ = write!(out, " [{}]", step.arguments.join(" | "));
    }
    if let Some(value) = &step.value {
        let _ = write!(out, " := {value}");
    }
    if step.is_awaited {
        out.push_str(" awaited");
    }
    if let Some(effect) = step.effect {
        let _ = write!(out, " !{effect}");
    }
    for literal in &step.literals {
        let _ = write!(out, " <{} {}>", literal.kind, literal.text);
    }
    out
}

fn conditions(body: &Body, step: &Step) -> String {
    let around = |idx: &Option<u32>| idx.map(|idx| &body.conditions[idx as usize]);
    let words = std::iter::successors(around(&step.under), |condition| around(&condition.within));
    let told: Vec<String> = words.map(condition).collect();
    if told.is_empty() { String::new() } else { format!("   <- {}", told.join(" <- ")) }
}

fn condition(condition: &Condition) -> String {
    let word = match condition.kind {
        ConditionKind::Otherwise => "not",
        other => other.as_str(),
    };
    format!("{word} {}", condition.text).trim_end().to_owned()
}

/// Bodies of a file by the names of their symbols.
pub(crate) fn body<'a>(facts: &'a FileFacts, name: &str) -> &'a Body {
    let symbol = facts.symbols.iter().find(|symbol| symbol.name == name).expect("the fixture defines it");
    symbol.body.as_deref().expect("it has a body")
}
