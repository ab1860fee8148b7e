//! Diagrams as Mermaid text, in which names from foreign code can only be labels.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use docpack::FlowStepKind;
use docpack::records::FlowStep;

use crate::View;
use crate::layout;
use crate::parts::{PartKind, Parts};
use crate::types::Shown;

/// Arrows of one picture; the heaviest are kept.
const MAX_ARROWS: usize = 28;
/// Messages of one sequence.
const MAX_MESSAGES: usize = 18;
/// Actors of one sequence.
const MAX_ACTORS: usize = 9;
/// A longer label makes a picture too wide.
const MAX_LABEL_CHARS: usize = 48;

/// Writes text as a label: whatever could mean something to Mermaid becomes a character code.
pub(crate) fn label(text: &str) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().filter(|c| !c.is_control() && *c != '`').enumerate() {
        if at == MAX_LABEL_CHARS {
            out.push('…');
            break;
        }
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '_' | '.' | '/' | '-' | ',' | '(' | ')' | '*' => {
                out.push(c)
            }
            c if c.is_alphanumeric() => out.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    match out.to_ascii_lowercase().as_str() {
        // A word of the language, which ends a block wherever it stands alone.
        "end" | "loop" | "opt" | "alt" | "else" | "par" | "and" | "note" => {
            format!("#{};{}", u32::from(out.as_bytes()[0]), &out[1..])
        }
        _ => out,
    }
}

/// Draws the parts, with arrows to what they use.
pub(crate) fn layers(parts: &Parts<'_>) -> String {
    let mut text = String::from("flowchart TD\n");
    for (at, part) in parts.list.iter().enumerate() {
        let name = layout::name(part);
        let (open, close) = if part.kind == PartKind::File { ("[\"", "\"]") } else { ("([\"", "\"])") };
        let _ = writeln!(text, "  p{at}{open}{}{close}", label(&name));
    }
    let mut arrows: Vec<_> = parts.uses.iter().collect();
    arrows.sort_by_key(|(pair, it)| (std::cmp::Reverse(it.n), **pair));
    arrows.truncate(MAX_ARROWS);
    arrows.sort_by_key(|(pair, _)| **pair);
    for ((from, to), it) in arrows {
        let _ = writeln!(text, "  p{from} -->|{}| p{to}", it.n);
    }
    text
}

/// Draws types with their members and what they extend.
pub(crate) fn classes(shown: &[Shown]) -> String {
    let mut text = String::from("classDiagram\n");
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, it) in shown.iter().enumerate() {
        numbers.insert(it.at, number);
        let _ = writeln!(text, "  class c{number}[\"{}\"]", label(&it.name));
        for field in &it.fields {
            let _ = writeln!(text, "  c{number} : {}", label(field));
        }
        for method in &it.methods {
            let _ = writeln!(text, "  c{number} : {}()", label(method));
        }
    }
    for it in shown {
        for base in it.bases.iter().filter_map(|base| numbers.get(base)) {
            let _ = writeln!(text, "  c{base} <|-- c{}", numbers[&it.at]);
        }
        for held in it.held.iter().filter_map(|held| numbers.get(held)) {
            let _ = writeln!(text, "  c{} --> c{held}", numbers[&it.at]);
        }
    }
    text
}

/// Draws the calls of a flow between types and files.
pub(crate) fn sequence(view: &View<'_>, entry: usize, steps: &[FlowStep]) -> Option<String> {
    let mut actors = Actors { view, names: Vec::new() };
    actors.of(entry)?;
    let mut messages = String::new();
    let mut n_messages = 0;
    let mut told = BTreeSet::new();
    for step in steps {
        let is_call = step.kind == FlowStepKind::Call && n_messages < MAX_MESSAGES;
        let places = (view.code.place(step.symbol_id), step.target_id.and_then(|id| view.code.place(id)));
        let (Some(from), Some(to)) = places else { continue };
        if !is_call || !told.insert((from, to)) {
            continue;
        }
        let (Some(source), Some(target)) = (actors.of(from), actors.of(to)) else { continue };
        n_messages += 1;
        let name = label(&view.code.symbols[to].name);
        match &step.condition {
            Some(condition) => {
                let _ = writeln!(
                    messages,
                    "  opt {}\n    a{source}->>a{target}: {name}()\n  end",
                    label(condition)
                );
            }
            None => {
                let _ = writeln!(messages, "  a{source}->>a{target}: {name}()");
            }
        }
    }
    let mut text = String::from("sequenceDiagram\n");
    for (number, name) in actors.names.iter().enumerate() {
        let _ = writeln!(text, "  participant a{number} as {}", label(name));
    }
    (n_messages > 1).then(|| text + &messages)
}

struct Actors<'a, 'v> {
    view: &'v View<'a>,
    names: Vec<String>,
}

impl Actors<'_, '_> {
    /// Numbers the type or the file of a symbol; `None` where there are too many.
    fn of(&mut self, at: usize) -> Option<usize> {
        let code = &self.view.code;
        let owner = code.owner_type(at).or_else(|| Some(at).filter(|at| code.is_type(*at)));
        let name = match owner {
            Some(owner) if code.is_type(owner) => code.name(owner),
            _ => code.path(at).rsplit('/').next().unwrap_or_default().to_owned(),
        };
        if let Some(known) = self.names.iter().position(|known| *known == name) {
            return Some(known);
        }
        if self.names.len() == MAX_ACTORS {
            return None;
        }
        self.names.push(name);
        Some(self.names.len() - 1)
    }
}
