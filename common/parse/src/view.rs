//! What the engine, shapes and hooks ask of the file.

use std::borrow::Cow;

use docpack::Language;
use model::facts::ReferenceKind;

use crate::body;
use crate::compile::{KindRule, PathFields};
use crate::pass::Pass;
use crate::path;
use crate::prose;
use crate::source::Source;
use crate::tape::NodeIdx;

impl<'a> Pass<'a> {
    pub(crate) fn rule(&self, idx: NodeIdx) -> &'a KindRule {
        self.table.rule(self.tape.node(idx).kind)
    }

    pub(crate) fn text(&self, idx: NodeIdx) -> Cow<'a, str> {
        let node = self.tape.node(idx);
        self.source.text(node.start, node.end)
    }

    /// Tells whether a part of the file's text is masked where it is shown.
    pub(crate) fn is_masked(&self) -> bool {
        !std::ptr::eq(self.source, self.shown)
    }

    /// A node as it may be shown, on one line and cut.
    pub(crate) fn short(&self, idx: NodeIdx) -> String {
        let node = self.tape.node(idx);
        body::text::short(self, node.start, node.end).into_owned()
    }

    /// What stands between two bytes on one line, comments left out.
    pub(crate) fn line_between<'s>(&self, source: &Source<'s>, start: u32, end: u32) -> Cow<'s, str> {
        let mut comments = self.comments_in(start, end).peekable();
        if comments.peek().is_none() {
            return prose::line_of(source.text(start, end));
        }
        let mut pieces = Vec::new();
        let mut from = start;
        for comment in comments {
            if from <= comment.start {
                pieces.push(source.text(from, comment.start));
                from = comment.end;
            }
        }
        pieces.push(source.text(from, end.max(from)));
        Cow::Owned(prose::one_line(pieces.iter().map(AsRef::as_ref)))
    }

    pub(crate) fn child(&self, idx: NodeIdx, field: &str) -> Option<NodeIdx> {
        self.tape.child(idx, self.table.field(field))
    }

    pub(crate) fn is_kind(&self, idx: NodeIdx, kind: &str) -> bool {
        self.table.is(self.tape.node(idx).kind, kind)
    }

    pub(crate) fn child_of_kind(&self, idx: NodeIdx, kind: &str) -> Option<NodeIdx> {
        self.tape.children(idx).find(|child| self.is_kind(*child, kind))
    }

    /// Tells whether a token that the table lists stands directly in a node.
    pub(crate) fn has_token(&self, idx: NodeIdx, token: &str) -> bool {
        let is_token = |child: &NodeIdx| self.rule(*child).token.is_some() && self.is_kind(*child, token);
        self.tape.children(idx).any(|child| is_token(&child))
    }

    pub(crate) fn is_comment(&self, idx: NodeIdx) -> bool {
        self.table.keep(self.tape.node(idx).kind).comment
    }

    pub(crate) fn path(&self, idx: NodeIdx) -> Option<String> {
        let path = path::render(self.table, &self.tape, self.source, idx)?;
        Some(if self.narrowings.is_empty() { path } else { self.with_known(idx, path) })
    }

    /// Reads the path of what a variable is set to, which may be a keyword alone: `const that = this`.
    pub(crate) fn value_path(&self, idx: NodeIdx) -> Option<String> {
        let is_keyword = matches!(self.rule(idx).path, PathFields::Keyword);
        self.path(idx).or_else(|| is_keyword.then(|| self.text(idx).into_owned()))
    }

    /// Returns where the last name of a node's path begins.
    pub(crate) fn name_start(&self, idx: NodeIdx) -> u32 {
        path::name_start(self.table, &self.tape, self.source, idx)
    }

    /// Reads a type's path, without its arguments.
    pub(crate) fn type_path(&self, idx: NodeIdx) -> Option<String> {
        let named = (self.table.source.named_type)(self, idx)?;
        let mut path = self.path(named)?;
        while path.ends_with("[]") {
            path.truncate(path.len() - 2);
        }
        Some(path)
    }

    /// Reads a declared type: its path, or all of it where arguments decide what members follow.
    pub(crate) fn declared_type(&self, idx: NodeIdx) -> Option<String> {
        match self.table.source.language {
            Language::Rust | Language::Python => Some(self.line_of(idx)),
            Language::TypeScript => Some(self.line_of(idx).trim_start_matches([':', ' ']).to_owned()),
            _ => self.type_path(idx),
        }
    }

    /// Finds the type of which an expression makes a value: `Foo {…}`, `&Foo{}`, `new Foo()`.
    pub(crate) fn constructed_type(&self, value: NodeIdx) -> Option<String> {
        let mut idx = value;
        loop {
            let rule = self.rule(idx);
            match (rule.rule.refer, rule.path) {
                (Some(refer), _) if refer.kind == ReferenceKind::Construct => {
                    let mut made = self.tape.child(idx, rule.refer).and_then(|named| self.path(named))?;
                    // `new Map<string, Item>()` says what it holds.
                    if let Some(arguments) = self.child_of_kind(idx, "type_arguments") {
                        made.push_str(&self.line_of(arguments));
                    }
                    return Some(made);
                }
                (_, PathFields::Through(field)) => idx = path::part(&self.tape, idx, field)?,
                _ => return None,
            }
        }
    }
}
