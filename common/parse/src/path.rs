//! Expressions and types as paths: `self.client.get`, `Foo::new`, `open().read`.

use std::borrow::Cow;

use crate::compile::{PathFields, Table};
use crate::source::Source;
use crate::tape::{NodeIdx, Tape};

/// A longer chain begins with `?`: its head is too far away to resolve, and every link of it is a path too.
const MAX_PATH_PARTS: usize = 24;

/// A longer single name is no name.
const MAX_NAME_BYTES: usize = 256;

/// Renders a node as a path; `None` when nothing in it has a name.
pub(crate) fn render(table: &Table, tape: &Tape, source: &Source<'_>, from: NodeIdx) -> Option<String> {
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    let mut next = Some(from);
    let mut named = false;
    while let Some(idx) = next {
        if parts.len() >= MAX_PATH_PARTS {
            parts.push("?".into());
            break;
        }
        let node = tape.node(idx);
        next = match table.rule(node.kind).path {
            PathFields::Nameless => {
                parts.push("?".into());
                None
            }
            PathFields::Name => {
                // The parser invents empty names where broken code leaves one out.
                named |= node.end > node.start;
                parts.push(name_text(source, node.start, node.end));
                None
            }
            PathFields::Keyword => {
                parts.push(name_text(source, node.start, node.end));
                None
            }
            PathFields::Join(left, separator, right) => {
                let right = tape.child(idx, right).map(|right| tape.node(right));
                parts.push(right.map_or("?".into(), |node| name_text(source, node.start, node.end)));
                parts.push(separator.into());
                named |= right.is_some_and(|node| node.end > node.start);
                tape.child(idx, left)
            }
            PathFields::Suffix(inner, suffix) => {
                parts.push(suffix.into());
                part(tape, idx, inner)
            }
            PathFields::Through(inner) => part(tape, idx, inner),
        };
    }
    named.then(|| parts.iter().rev().map(AsRef::as_ref).collect())
}

/// Finds the part of a node that its path goes on with.
pub(crate) fn part(tape: &Tape, idx: NodeIdx, field: u16) -> Option<NodeIdx> {
    if field == 0 { tape.children(idx).next() } else { tape.child(idx, field) }
}

fn name_text<'a>(source: &Source<'a>, start: u32, end: u32) -> Cow<'a, str> {
    if end == start || (end - start) as usize > MAX_NAME_BYTES { "?".into() } else { source.text(start, end) }
}
