//! The syntax tree as a flat list in source order, so that the tree itself can be dropped at once.

use std::cell::Cell;
use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use crate::compile::{FIRST_CHILD, Field, Layout, Table};
use crate::splice::Splicer;

/// Index of a node on the tape.
pub(crate) type NodeIdx = u32;

/// The root has no parent; no tape is this long.
pub(crate) const NO_NODE: NodeIdx = u32::MAX;

/// One node: all named ones, and the tokens that the language's table asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) kind: u16,
    /// 0 for none.
    pub(crate) field: u16,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) parent: NodeIdx,
    /// The first node behind this one's subtree.
    pub(crate) after: NodeIdx,
    /// Another rule has dealt with it.
    pub(crate) taken: bool,
    /// The body of a definition, or the function that is its value: the definition opened the scope already.
    pub(crate) is_body: bool,
}

/// A leaf of the tree, or the end of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Code,
    /// Comments, and what formatters add or remove.
    LeftOut,
    /// The range of a block, behind its last token.
    BlockEnd,
    Comma,
}

/// A file's nodes in source order, parents first.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) nodes: Vec<Node>,
    /// In source order; literals are whole.
    pub(crate) tokens: Vec<Token>,
    pub(crate) n_error_nodes: u32,
    pub(crate) first_error_byte: Option<u32>,
    /// Something lay deeper than the limit and is not on the tape.
    pub(crate) too_deep: bool,
}

thread_local! {
    /// A parser keeps the blocks that its trees and stacks were made of, so each thread has one.
    static PARSER: Cell<Option<Parser>> = const { Cell::new(None) };
}

/// Parses and flattens; `None` when the parser used up `max_callbacks`.
pub(crate) fn read(table: &Table, text: &[u8], max_callbacks: u64, max_depth: u32) -> Option<Tape> {
    // One that a panic interrupted is not put back.
    let mut parser = PARSER.take().unwrap_or_default();
    let tape = read_with(&mut parser, table, text, max_callbacks, max_depth);
    // What was given up would else be resumed with the next file's text, and where splices lay be kept for it.
    parser.reset();
    parser.set_included_ranges(&[]).expect("no ranges are in order");
    PARSER.set(Some(parser));
    tape
}

fn read_with(
    parser: &mut Parser,
    table: &Table,
    text: &[u8],
    max_callbacks: u64,
    max_depth: u32,
) -> Option<Tape> {
    parser
        .set_language(table.grammar())
        .expect("every grammar's version is checked when its table is compiled");
    let mut n_callbacks = 0;
    let mut progress = |_: &ParseState| {
        n_callbacks += 1;
        if n_callbacks > max_callbacks { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    let mut rest_at = |offset: usize, _| text.get(offset..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut rest_at, None, Some(options))?;
    let tape = flatten(table, &tree, max_depth);
    drop(tree);
    Some(match table.splices() {
        true => Splicer::new(table, parser, text, max_depth, max_callbacks).splice(tape),
        false => tape,
    })
}

pub(crate) fn flatten(table: &Table, tree: &Tree, max_depth: u32) -> Tape {
    // More than either list will hold; room that is not used costs nothing.
    let n_nodes = tree.root_node().descendant_count();
    let (nodes, tokens) = (Vec::with_capacity(n_nodes), Vec::with_capacity(n_nodes));
    let mut tape = Tape { nodes, tokens, ..Tape::default() };
    let has_error = tree.root_node().has_error();
    let mut open: Vec<NodeIdx> = Vec::with_capacity(64);
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        let kind = node.kind_id();
        let keep = table.keep(kind);
        if has_error && (node.is_error() || node.is_missing()) {
            tape.n_error_nodes += 1;
            // Where the whole file is one error node, what lies inside says where it begins.
            if !open.is_empty() {
                tape.first_error_byte.get_or_insert(node.start_byte() as u32);
            }
        }
        if keep.on_tape {
            let field = cursor.field_id().map_or(0, |id| id.get());
            let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
            let parent = open.last().copied().unwrap_or(NO_NODE);
            let after = tape.nodes.len() as NodeIdx + 1;
            tape.nodes.push(Node { kind, field, start, end, parent, after, taken: false, is_body: false });
            if keep.children && cursor.goto_first_child() {
                if (open.len() as u32) < max_depth {
                    open.push(after - 1);
                    continue;
                }
                tape.too_deep = true;
                cursor.goto_parent();
            }
        }
        let around = open.last().map(|idx| table.keep(tape.node(*idx).kind).layout);
        tape.add_token(node.start_byte() as u32, node.end_byte() as u32, keep.layout, around);
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return tape;
            }
            close(table, &mut tape, &mut open);
        }
    }
}

fn close(table: &Table, tape: &mut Tape, open: &mut Vec<NodeIdx>) {
    let after = tape.nodes.len() as NodeIdx;
    if let Some(idx) = open.pop() {
        let node = &mut tape.nodes[idx as usize];
        node.after = after;
        let (kind, start, end) = (node.kind, node.start, node.end);
        if table.keep(kind).layout == Layout::Block {
            // The range of the whole block says whose it is: several blocks may end at one place.
            tape.tokens.push(Token { start, end, kind: TokenKind::BlockEnd });
        }
    }
}

impl Tape {
    /// Adds a leaf; one that closes a list makes the comma before it say nothing.
    fn add_token(&mut self, start: u32, end: u32, layout: Layout, around: Option<Layout>) {
        let kind = match layout {
            Layout::LeftOut => TokenKind::LeftOut,
            Layout::Comma => TokenKind::Comma,
            _ => TokenKind::Code,
        };
        if layout == Layout::Closing && around != Some(Layout::Tuple) {
            let last = self.tokens.iter_mut().rev().find(|token| token.kind != TokenKind::LeftOut);
            if let Some(comma) = last.filter(|token| token.kind == TokenKind::Comma) {
                comma.kind = TokenKind::LeftOut;
            }
        }
        if start < end {
            self.tokens.push(Token { start, end, kind });
        }
    }

    pub(crate) fn len(&self) -> NodeIdx {
        self.nodes.len() as NodeIdx
    }

    pub(crate) fn node(&self, idx: NodeIdx) -> &Node {
        &self.nodes[idx as usize]
    }

    pub(crate) fn take(&mut self, idx: NodeIdx) {
        self.nodes[idx as usize].taken = true;
    }

    /// Lists the children in source order.
    pub(crate) fn children(&self, idx: NodeIdx) -> impl Iterator<Item = NodeIdx> + '_ {
        let end = self.node(idx).after;
        let mut next = idx + 1;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let child = next;
            next = self.node(child).after;
            Some(child)
        })
    }

    /// Finds the first child with a field; field 0 is never found.
    pub(crate) fn child(&self, idx: NodeIdx, field: Field) -> Option<NodeIdx> {
        match field {
            0 => return None,
            FIRST_CHILD => return self.children(idx).next(),
            _ => {}
        }
        self.children(idx).find(|child| self.node(*child).field == field)
    }

    /// Lists the children with a field, in source order.
    pub(crate) fn children_in(&self, idx: NodeIdx, field: u16) -> impl Iterator<Item = NodeIdx> + '_ {
        self.children(idx).filter(move |child| field != 0 && self.node(*child).field == field)
    }

    /// Returns the parent, if there is one.
    pub(crate) fn parent(&self, idx: NodeIdx) -> Option<NodeIdx> {
        Some(self.node(idx).parent).filter(|parent| *parent != NO_NODE)
    }
}
