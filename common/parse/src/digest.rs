//! What a definition says, whatever its layout: a digest over its tokens.

use std::cmp::Reverse;

use docpack::{BodyDigest, ByteRange, Digest};
use model::facts::Symbol;

use crate::tape::{Token, TokenKind};

/// Definitions with one range in common, as in `a, b = 1, 2`, and the tokens that lie in no other within it.
struct Open {
    range: ByteRange,
    symbols: Vec<usize>,
    tokens: Vec<u8>,
}

/// Gives every symbol the digest of its tokens; those of a symbol within it are that symbol's alone.
///
/// Each token is followed by a zero byte, and the end of a block is an empty token, because in Python no
/// other token tells where a block ends. `documentation` lists strings that are comments in effect, in order.
pub(crate) fn digest_bodies(
    text: &[u8],
    tokens: &[Token],
    documentation: &[ByteRange],
    symbols: &mut [Symbol],
) {
    let mut order: Vec<usize> = (0..symbols.len()).collect();
    order.sort_by_key(|idx| (symbols[*idx].byte_range.start, Reverse(symbols[*idx].byte_range.end)));
    let mut order = order.into_iter().peekable();
    let mut documentation = documentation.iter().peekable();
    let mut open: Vec<Open> = Vec::new();
    let mut behind = 0;
    for token in tokens {
        if token.kind == TokenKind::BlockEnd {
            end_block(token, &mut open);
            continue;
        }
        while let Some(closed) = open.pop_if(|open| open.range.end <= token.start) {
            close(closed, symbols);
        }
        while let Some(idx) = order.next_if(|idx| symbols[*idx].byte_range.start <= token.start) {
            let range = symbols[idx].byte_range;
            match open.last_mut().filter(|open| open.range == range) {
                Some(open) => open.symbols.push(idx),
                None => open.push(Open { range, symbols: vec![idx], tokens: Vec::new() }),
            }
        }
        while documentation.next_if(|range| range.end <= token.start).is_some() {}
        let is_documentation = documentation.peek().is_some_and(|range| range.start <= token.start);
        if let Some(open) = open.last_mut() {
            add_gap(text, behind, token.start, &mut open.tokens);
            match token.kind {
                TokenKind::Code if is_documentation => {}
                TokenKind::Code | TokenKind::Comma => add(text, token.start, token.end, &mut open.tokens),
                TokenKind::LeftOut | TokenKind::BlockEnd => {}
            }
        }
        behind = behind.max(token.end);
    }
    while let Some(closed) = open.pop() {
        close(closed, symbols);
    }
    // Behind the last token only what has none can begin.
    for idx in order {
        let range = symbols[idx].byte_range;
        close(Open { range, symbols: vec![idx], tokens: Vec::new() }, symbols);
    }
}

/// Adds the end of a block to the definition whose block it is, not to one that ends with it.
fn end_block(block: &Token, open: &mut [Open]) {
    let is_within = |range: ByteRange| range.start < block.start && block.end <= range.end;
    if let Some(around) = open.iter_mut().rev().find(|open| is_within(open.range)) {
        around.tokens.push(0);
    }
}

/// Adds what the grammar hides between two tokens, as one token; blanks and continued lines say nothing.
fn add_gap(text: &[u8], start: u32, end: u32, tokens: &mut Vec<u8>) {
    let is_layout = |byte: u8| byte.is_ascii_whitespace() || byte == b'\\';
    let hidden = text.get(start as usize..end as usize).unwrap_or_default();
    if !hidden.iter().all(|byte| is_layout(*byte)) {
        tokens.extend_from_slice(hidden.trim_ascii());
        tokens.push(0);
    }
}

fn add(text: &[u8], start: u32, end: u32, tokens: &mut Vec<u8>) {
    tokens.extend_from_slice(text.get(start as usize..end as usize).unwrap_or_default());
    tokens.push(0);
}

fn close(closed: Open, symbols: &mut [Symbol]) {
    let digest = Digest::of(&closed.tokens).0;
    let mut short = [0; 8];
    short.copy_from_slice(&digest[..8]);
    for idx in closed.symbols {
        symbols[idx].body_digest = Some(BodyDigest(short));
    }
}
