//! Code that the grammar leaves as bare tokens, such as a macro's arguments, parsed and put into the tape.

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Point, Range, Tree};

use crate::compile::Table;
use crate::tape::{self, NO_NODE, Node, NodeIdx, Tape};

/// Macros within the arguments of macros are read this deep; each level reads its text once more.
const MAX_LEVELS: u32 = 4;
/// Bytes read again, at most, for each byte of the file.
const MAX_SPLICED_BYTES_PER_BYTE: u64 = 4;

/// One way to read a node that holds tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// The node whose children are replaced.
    pub(crate) node: NodeIdx,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// What the text lacks to be whole, such as a semicolon.
    pub(crate) closed_by: &'static str,
    /// Tells by the kinds of its topmost nodes whether the text was what it was read as.
    pub(crate) accepts: fn(&Table, &Tape) -> bool,
}

/// Lists the ways to read what a node holds; what lies within a reading that fits is not read once more.
pub(crate) type Splice = fn(&Table, &Tape, text: &[u8], NodeIdx) -> Vec<Reading>;

/// Reads again what the table says is code, within limits.
pub(crate) struct Splicer<'a> {
    pub(crate) table: &'a Table,
    pub(crate) parser: &'a mut Parser,
    pub(crate) text: &'a [u8],
    pub(crate) max_depth: u32,
    bytes_left: u64,
    callbacks_left: u64,
}

impl<'a> Splicer<'a> {
    pub(crate) fn new(
        table: &'a Table,
        parser: &'a mut Parser,
        text: &'a [u8],
        max_depth: u32,
        max_callbacks: u64,
    ) -> Self {
        let bytes_left = text.len() as u64 * MAX_SPLICED_BYTES_PER_BYTE;
        Self { table, parser, text, max_depth, bytes_left, callbacks_left: max_callbacks }
    }

    /// Puts into a tape what its token nodes hold.
    pub(crate) fn splice(&mut self, tape: Tape) -> Tape {
        self.splice_level(tape, 1)
    }

    fn splice_level(&mut self, tape: Tape, level: u32) -> Tape {
        let mut inner: Vec<(NodeIdx, Tape)> = Vec::new();
        for idx in 0..tape.len() {
            let Some(splice) = self.table.rule(tape.node(idx).kind).rule.splice else { continue };
            for reading in splice(self.table, &tape, self.text, idx) {
                if inner.last().is_some_and(|(node, _)| reading.node < tape.node(*node).after) {
                    continue;
                }
                if let Some(read) = self.read(reading) {
                    let read = if level < MAX_LEVELS { self.splice_level(read, level + 1) } else { read };
                    inner.push((reading.node, read));
                }
            }
        }
        if inner.is_empty() { tape } else { merged(tape, &inner) }
    }

    fn read(&mut self, reading: Reading) -> Option<Tape> {
        let size_bytes = u64::from(reading.end.saturating_sub(reading.start));
        self.bytes_left = self.bytes_left.checked_sub(size_bytes).filter(|_| size_bytes > 0)?;
        let tree = self.parse(reading)?;
        if tree.root_node().has_error() {
            return None;
        }
        let tape = tape::flatten(self.table, &tree, self.max_depth);
        (!tape.too_deep && tape.len() > 1 && (reading.accepts)(self.table, &tape)).then_some(tape)
    }

    fn parse(&mut self, reading: Reading) -> Option<Tree> {
        let (start, end) = (reading.start as usize, reading.end as usize);
        let text = self.text.get(..end)?;
        let closing = reading.closed_by.as_bytes();
        // Only bytes are read of the tree, so that the points need no more than their order.
        let range = Range {
            start_byte: start,
            end_byte: end + closing.len(),
            start_point: Point::new(0, start),
            end_point: Point::new(0, end + closing.len()),
        };
        self.parser.set_included_ranges(&[range]).ok()?;
        let callbacks_left = &mut self.callbacks_left;
        let mut progress = |_: &ParseState| match callbacks_left.checked_sub(1) {
            Some(left) => {
                *callbacks_left = left;
                ControlFlow::Continue(())
            }
            None => ControlFlow::Break(()),
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let mut rest_at = |offset: usize, _| match offset.checked_sub(end) {
            None => &text[offset..],
            Some(behind) => closing.get(behind..).unwrap_or_default(),
        };
        let tree = self.parser.parse_with_options(&mut rest_at, None, Some(options));
        if tree.is_none() {
            self.parser.reset();
        }
        tree
    }
}

/// Copies a tape with the subtrees of some nodes, in their order, replaced by what other tapes have below
/// their root.
fn merged(outer: Tape, inner: &[(NodeIdx, Tape)]) -> Tape {
    let n_new: usize = inner.iter().map(|(_, tape)| tape.nodes.len()).sum();
    let mut nodes: Vec<Node> = Vec::with_capacity(outer.nodes.len() + n_new);
    // Where each node of the outer tape is now; `NO_NODE` for what was replaced.
    let mut places = vec![NO_NODE; outer.nodes.len() + 1];
    let mut inner = inner.iter().peekable();
    let mut idx = 0;
    while idx < outer.len() {
        let place = nodes.len() as NodeIdx;
        let node = *outer.node(idx);
        places[idx as usize] = place;
        let parent = places.get(node.parent as usize).copied().unwrap_or(NO_NODE);
        nodes.push(Node { parent, ..node });
        let replaced = inner.next_if(|(at, _)| *at == idx);
        idx += 1;
        if let Some((_, tape)) = replaced {
            let below = tape.nodes.iter().skip(1);
            nodes.extend(below.map(|node| Node {
                parent: node.parent + place,
                after: node.after + place,
                ..*node
            }));
            idx = node.after;
        }
    }
    places[outer.nodes.len()] = nodes.len() as NodeIdx;
    let kept = (0..outer.len()).filter(|idx| places[*idx as usize] != NO_NODE);
    for idx in kept {
        nodes[places[idx as usize] as usize].after = places[outer.node(idx).after as usize];
    }
    Tape { nodes, ..outer }
}
