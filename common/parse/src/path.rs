//! Expressions and types as paths: `self.client.get`, `Foo::new`, `open().read`.

use std::borrow::Cow;
use std::ops::Range;

use docpack::Language;

use crate::compile::{PathFields, Table};
use crate::source::Source;
use crate::tape::{NodeIdx, Tape};

/// A longer chain begins with `?`: its head is too far away to resolve, and every link of it is a path too.
const MAX_PATH_PARTS: usize = 24;

/// Room for the parts of nearly every path.
const PARTS_OF_MOST: usize = 8;

/// A longer type is generated, or a table of tests of which no more than the fields matter.
const MAX_TYPE_BYTES: usize = 2048;

/// A longer single name is no name.
const MAX_NAME_BYTES: usize = 256;

/// Renders a node as a path; `None` when nothing in it has a name.
pub(crate) fn render(table: &Table, tape: &Tape, source: &Source<'_>, from: NodeIdx) -> Option<String> {
    let first = table.rule(tape.node(from).kind);
    if matches!((first.rule.reader, first.path), (None, PathFields::Name)) {
        let node = tape.node(from);
        return (node.end > node.start).then(|| name_text(source, node.start, node.end).into_owned());
    }
    let mut parts: Vec<Cow<'_, str>> = Vec::with_capacity(PARTS_OF_MOST);
    let mut next = Some(from);
    let mut named = false;
    while let Some(idx) = next {
        if parts.len() >= MAX_PATH_PARTS {
            parts.push("?".into());
            break;
        }
        let node = tape.node(idx);
        let rule = table.rule(node.kind);
        if let Some(reader) = rule.rule.reader {
            next = read(reader(&Tree { table, tape, source }, idx), source, &mut parts, &mut named);
            continue;
        }
        next = match rule.path {
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
    named.then(|| {
        let mut path = String::with_capacity(parts.iter().map(|part| part.len()).sum());
        parts.iter().rev().for_each(|part| path.push_str(part));
        path
    })
}

/// Returns where the last name of a path begins, so that the links of a chain lie at places of their own.
///
/// A callee without a name, such as the result of another call, has the position where it begins.
pub(crate) fn name_start(table: &Table, tape: &Tape, source: &Source<'_>, from: NodeIdx) -> u32 {
    let start = tape.node(from).start;
    let mut idx = from;
    for _ in 0..MAX_PATH_PARTS {
        let rule = table.rule(tape.node(idx).kind);
        let next = match (rule.rule.reader, rule.path) {
            (Some(reader), _) => match reader(&Tree { table, tape, source }, idx) {
                Reading::Through(part) => Some(part),
                _ => None,
            },
            (None, PathFields::Join(_, _, right)) => {
                return tape.child(idx, right).map_or(start, |right| tape.node(right).start);
            }
            (None, PathFields::Through(inner)) => part(tape, idx, inner),
            (None, PathFields::Name | PathFields::Keyword) => return tape.node(idx).start,
            (None, PathFields::Suffix(..) | PathFields::Nameless) => None,
        };
        let Some(next) = next else { return start };
        idx = next;
    }
    start
}

/// A file's tree as a language's readers see it.
pub(crate) struct Tree<'a> {
    table: &'a Table,
    pub(crate) tape: &'a Tape,
    source: &'a Source<'a>,
}

/// How an expression reads, as a language's reader says.
pub(crate) enum Reading {
    /// As this part of it.
    Through(NodeIdx),
    /// This part, and what follows it.
    Suffix(NodeIdx, &'static str),
    /// A value of the type written in this range: `{[]*Item}`.
    Value(Range<u32>),
    /// A call of what may be the language's own function, which takes a type: `new{Item}`.
    Made(NodeIdx, Range<u32>),
    /// A call of this part, narrowed down to what the class written in this range says: `super(){:B}`.
    Narrowed(NodeIdx, Range<u32>),
    Nameless,
}

impl Tree<'_> {
    pub(crate) fn child(&self, idx: NodeIdx, field: &str) -> Option<NodeIdx> {
        self.tape.child(idx, self.table.field(field))
    }

    pub(crate) fn is_javascript(&self) -> bool {
        self.table.source.language == Language::JavaScript
    }

    pub(crate) fn is_kind(&self, idx: NodeIdx, kind: &str) -> bool {
        self.table.is(self.tape.node(idx).kind, kind)
    }

    pub(crate) fn text(&self, idx: NodeIdx) -> Cow<'_, str> {
        let node = self.tape.node(idx);
        self.source.text(node.start, node.end)
    }

    pub(crate) fn range(&self, idx: NodeIdx) -> Range<u32> {
        let node = self.tape.node(idx);
        node.start..node.end
    }
}

/// Adds what a reader found, last part first; returns what goes on.
fn read(
    reading: Reading,
    source: &Source<'_>,
    parts: &mut Vec<Cow<'_, str>>,
    named: &mut bool,
) -> Option<NodeIdx> {
    match reading {
        Reading::Through(part) => return Some(part),
        Reading::Suffix(part, suffix) => {
            parts.push(suffix.into());
            return Some(part);
        }
        Reading::Value(range) => match type_text(source, range) {
            Some(text) => {
                *named = true;
                parts.push(format!("{{{text}}}").into());
            }
            None => parts.push("?".into()),
        },
        Reading::Made(by, of) => {
            parts.push(format!("{{{}}}", type_text(source, of).unwrap_or_default()).into());
            return Some(by);
        }
        Reading::Narrowed(part, by) => {
            let by = source.text(by.start, by.end);
            parts.push(format!("(){}", narrowed(&by)).into());
            return Some(part);
        }
        Reading::Nameless => parts.push("?".into()),
    }
    None
}

/// Stands before a class that a value is, it or an heir, rather than an object of it.
pub(crate) const ITSELF: &str = "=";

/// What stands in a path behind a value that is one of these types, `A|b.B`, `=A|=B`.
pub(crate) fn narrowed(types: &str) -> String {
    format!("{{:{types}}}")
}

/// A path as its source has it, without what it is narrowed down to.
pub(crate) fn as_written(path: &str) -> Cow<'_, str> {
    let mut written = Cow::Borrowed(path);
    if !path.contains('{') {
        return written;
    }
    while let Some(at) = written.find("{:") {
        let Some(end) = written[at..].find('}') else { break };
        written.to_mut().replace_range(at..=at + end, "");
    }
    written
}

/// Renders a written type on one line: comments and tags left out, `;` where a line ends.
pub(crate) fn type_text(source: &Source<'_>, range: Range<u32>) -> Option<String> {
    if range.is_empty() || (range.end - range.start) as usize > MAX_TYPE_BYTES {
        return None;
    }
    let text = source.text(range.start, range.end);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '`' | '"' => rest[1..].find(c).map_or(rest.len(), |at| at + 2),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            _ => c.len_utf8(),
        };
        match c {
            '`' | '"' | '/' => {}
            '\n' => end_line(&mut out),
            _ if c.is_whitespace() => {
                if !out.ends_with([' ', ';', '{']) {
                    out.push(' ');
                }
            }
            _ => out.push(c),
        }
        rest = &rest[length..];
    }
    Some(out)
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end().len());
    if !out.ends_with([';', '{', '(', ',']) {
        out.push(';');
    }
}

/// Finds the part of a node that its path goes on with.
pub(crate) fn part(tape: &Tape, idx: NodeIdx, field: u16) -> Option<NodeIdx> {
    if field == 0 { tape.children(idx).next() } else { tape.child(idx, field) }
}

fn name_text<'a>(source: &Source<'a>, start: u32, end: u32) -> Cow<'a, str> {
    if end == start || (end - start) as usize > MAX_NAME_BYTES { "?".into() } else { source.text(start, end) }
}
