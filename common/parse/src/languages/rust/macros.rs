//! What a macro is given: items, a block or expressions where it reads as such, else calls among tokens.

use model::facts::ReferenceKind;

use crate::body::code::Op;
use crate::compile::Table;
use crate::pass::Pass;
use crate::splice::Reading;
use crate::tape::{NodeIdx, Tape};

/// Macros of the standard library whose arguments are expressions; what others are given may be a pattern.
const TAKE_EXPRESSIONS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "panic",
    "print",
    "println",
    "ready",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Macros that call nothing of what they are given: it is code for another crate, a text or a question to the compiler.
const CALL_NOTHING: &[&str] = &[
    "cfg",
    "column",
    "compile_error",
    "concat",
    "env",
    "file",
    "include",
    "include_bytes",
    "include_str",
    "line",
    "module_path",
    "option_env",
    "parse_quote",
    "parse_quote_spanned",
    "quote",
    "quote_spanned",
    "stringify",
];

fn calls_nothing(name: &str) -> bool {
    CALL_NOTHING.contains(&name.rsplit("::").next().unwrap_or(name).trim())
}

/// Items where items may stand, also those that a `cfg_if!` chooses from; elsewhere a block or expressions.
pub(super) fn readings(table: &Table, tape: &Tape, text: &[u8], idx: NodeIdx) -> Vec<Reading> {
    let is = |node: NodeIdx, kind: &str| table.is(tape.node(node).kind, kind);
    let Some(tree) = tape.children(idx).find(|child| is(*child, "token_tree")) else { return Vec::new() };
    let name = tape.child(idx, table.field("macro")).map(|name| tape.node(name));
    let name = name.and_then(|name| text.get(name.start as usize..name.end as usize)).unwrap_or_default();
    if std::str::from_utf8(name).is_ok_and(calls_nothing) {
        return Vec::new();
    }
    let (start, end) = (tape.node(tree).start, tape.node(tree).end);
    let within = |node: NodeIdx| (tape.node(node).start + 1, tape.node(node).end.saturating_sub(1));
    let items = |node: NodeIdx| {
        let (start, end) = within(node);
        Reading { node, start, end, closed_by: "", accepts: is_items }
    };
    if stands_for_items(table, tape, idx) {
        let chosen = tape
            .children(tree)
            .filter(|group| is(*group, "token_tree") && is_chosen(text, start, tape.node(*group).start));
        return std::iter::once(tree).chain(chosen).map(items).collect();
    }
    match text.get(start as usize) {
        Some(b'{') => vec![Reading { node: tree, start, end, closed_by: "", accepts: is_block }],
        _ => vec![Reading { node: tree, start, end, closed_by: ";", accepts: is_expression }],
    }
}

/// Tells whether a macro is called where a module, an impl or a trait has its items.
fn stands_for_items(table: &Table, tape: &Tape, idx: NodeIdx) -> bool {
    let mut parent = tape.parent(idx);
    if let Some(statement) = parent.filter(|parent| table.is(tape.node(*parent).kind, "expression_statement"))
    {
        parent = tape.parent(statement);
    }
    parent.is_some_and(|parent| {
        ["source_file", "declaration_list"].iter().any(|kind| table.is(tape.node(parent).kind, kind))
    })
}

/// Tells whether a group in braces is one of several from which a condition chooses.
fn is_chosen(text: &[u8], from: u32, group: u32) -> bool {
    let before = text.get(from as usize..group as usize).unwrap_or_default().trim_ascii_end();
    let opens = text.get(group as usize) == Some(&b'{');
    opens && (before.ends_with(b"]") || before.ends_with(b"else") || before.ends_with(b"=>"))
}

fn is_items(table: &Table, tape: &Tape) -> bool {
    let is_item = |child: NodeIdx| {
        !table.is(tape.node(child).kind, "expression_statement")
            && !table.is(tape.node(child).kind, "let_declaration")
    };
    tape.children(0).all(is_item)
}

/// A block that defines nothing: what does may be a template.
fn is_block(table: &Table, tape: &Tape) -> bool {
    let Some(block) = only_expression(table, tape).filter(|block| table.is(tape.node(*block).kind, "block"))
    else {
        return false;
    };
    let defines = |child: NodeIdx| table.rule(tape.node(child).kind).rule.define.is_some();
    !tape.children(block).any(defines)
}

fn is_expression(table: &Table, tape: &Tape) -> bool {
    only_expression(table, tape).is_some()
}

fn only_expression(table: &Table, tape: &Tape) -> Option<NodeIdx> {
    let mut all = tape.children(0);
    let statement =
        all.next().filter(|statement| table.is(tape.node(*statement).kind, "expression_statement"))?;
    if all.next().is_some() { None } else { tape.children(statement).next() }
}

/// Leaves out what may be patterns, and finds calls among the tokens that read as nothing.
pub(super) fn arguments(pass: &mut Pass<'_>, idx: NodeIdx) {
    let Some(name) = pass.child(idx, "macro").map(|name| pass.text(name).into_owned()) else { return };
    if calls_nothing(&name) {
        return;
    }
    let takes_expressions = TAKE_EXPRESSIONS.contains(&name.rsplit("::").next().unwrap_or(&name));
    if !takes_expressions {
        leave_patterns(pass, idx);
    }
    let Some(tree) = pass.child_of_kind(idx, "token_tree") else { return };
    let end = pass.tape.node(tree).after;
    let mut node = tree;
    while node < end {
        node = if pass.is_kind(node, "token_tree") {
            call_among_tokens(pass, node);
            node + 1
        } else {
            pass.tape.node(node).after
        };
    }
}

/// `Some(x)` may be a pattern, which calls nothing; functions have no upper-case names.
fn leave_patterns(pass: &mut Pass<'_>, idx: NodeIdx) {
    for node in idx + 1..pass.tape.node(idx).after {
        if pass.is_kind(node, "call_expression")
            && let Some(path) = pass.child(node, "function").and_then(|called| pass.path(called))
            && names_variant(&path)
        {
            pass.tape.take(node);
        }
    }
}

fn names_variant(path: &str) -> bool {
    path.rsplit([':', '.']).next().is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// A name right before `(`, with the path that leads to it.
fn call_among_tokens(pass: &mut Pass<'_>, tree: NodeIdx) {
    let start = pass.tape.node(tree).start;
    if pass.source.bytes().get(start as usize) != Some(&b'(') {
        return;
    }
    let path_start = tokens_path_start(pass, tree);
    if path_start == start {
        return;
    }
    let path: String = pass.source.text(path_start, start).split_whitespace().collect();
    if names_variant(&path) {
        return;
    }
    let n_name = path.rsplit([':', '.']).next().unwrap_or_default().len() as u32;
    // A chain goes on from something that has no name.
    let path = if path.starts_with('.') { format!("?{path}") } else { path };
    pass.refer_path(ReferenceKind::Call, path, start - n_name);
}

/// Walks back over `name`, `.name` and `::name` from a bracket; the bracket's own start when none is there.
fn tokens_path_start(pass: &Pass<'_>, tree: NodeIdx) -> u32 {
    const MAX_BACK_BYTES: usize = 256;
    let bytes = pass.source.bytes();
    let end = pass.tape.node(tree).start as usize;
    let floor = end.saturating_sub(MAX_BACK_BYTES);
    let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':');
    let n_path = bytes[floor..end].iter().rev().take_while(|byte| is_path(byte)).count();
    let start = end - n_path;
    let text = &bytes[start..end];
    let starts_name = text.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    let goes_on = text.first() == Some(&b'.') && !text.starts_with(b"..");
    let before = bytes[..start].trim_ascii_end();
    let defines = [&b"fn"[..], b"$", b"struct", b"#["].iter().any(|word| before.ends_with(word));
    let ends_name = text.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let keyword = matches!(text, b"if" | b"match" | b"in" | b"while" | b"return" | b"let" | b"for" | b"as");
    if (starts_name || goes_on) && ends_name && !defines && !keyword { start as u32 } else { end as u32 }
}

/// The tokens of a macro are its arguments where they read as such.
pub(super) fn tokens(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    let first = pass.tape.children(idx).next();
    let is_read = first.is_some_and(|first| pass.is_kind(first, "expression_statement"));
    if is_read { Op::Through } else { Op::Unknown }
}

/// Brackets hold a list; those of a macro hold its arguments.
pub(super) fn list(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    let statement = pass.tape.parent(idx).filter(|parent| pass.is_kind(*parent, "expression_statement"));
    let tokens = statement.and_then(|statement| pass.tape.parent(statement));
    let is_of_macro = tokens.is_some_and(|tokens| pass.is_kind(tokens, "token_tree"));
    match is_of_macro {
        true if pass.is_kind(idx, "unit_expression") => Op::Skip,
        true => Op::Through,
        false => Op::List,
    }
}

/// `*guard` is what a reference leads to.
pub(super) fn operation(pass: &Pass<'_>, idx: NodeIdx) -> Op {
    let is_target = pass.source.bytes().get(pass.tape.node(idx).start as usize) == Some(&b'*');
    if is_target { Op::Item } else { Op::Unknown }
}
