//! Comments and attributes, and the definitions they belong to.

use std::borrow::Cow;

use model::facts::SymbolIdx;

use crate::compile::KindRule;
use crate::draft::Draft;
use crate::pass::Pass;
use crate::prose;
use crate::table::Trivia;
use crate::tape::NodeIdx;

impl Pass<'_> {
    pub(crate) fn enter_trivia(&mut self, idx: NodeIdx, rule: &KindRule) {
        self.trivia.push(idx);
        if rule.rule.trivia == Trivia::Comment {
            self.behind_comment = self.tape.node(idx).after;
            let text = self.text(idx);
            if (self.table.source.is_inner_doc)(&text) {
                self.add_doc(self.state.symbol, &text);
            }
        }
    }

    /// Gives a draft the comments and attributes right before it, and the attributes inside it.
    pub(crate) fn attach_trivia(&mut self, draft: &mut Draft) {
        let mut next = self.statement_of(draft.outer);
        let parent = self.tape.node(next).parent;
        let mut docs = Vec::new();
        while let Some(idx) = self.trivia.pop() {
            let node = *self.tape.node(idx);
            if node.after != next || node.parent != parent {
                break;
            }
            if self.rule(idx).rule.trivia == Trivia::Attribute {
                draft.attributes.push(idx);
                draft.first_byte = Some(node.start);
            } else if self.is_doc(idx) {
                if !self.touches(idx, next) {
                    break;
                }
                docs.push(idx);
                draft.first_byte = Some(node.start);
            }
            // A comment that says nothing of the definition may stand between.
            next = idx;
        }
        self.trivia.clear();
        draft.attributes.reverse();
        self.attach_inner_attributes(draft);
        if !docs.is_empty() {
            let texts: Vec<_> = docs.iter().rev().map(|doc| self.text(*doc)).collect();
            draft.doc = join_docs(&texts);
        }
    }

    /// Comments stand before the statement, also where a grammar wraps what defines into one.
    fn statement_of(&self, idx: NodeIdx) -> NodeIdx {
        let is_all_of = |statement: NodeIdx| {
            let is_list = self.rule(statement).rule.statements || statement == 0;
            !is_list && self.tape.node(statement).start == self.tape.node(idx).start
        };
        self.tape.parent(idx).filter(|parent| *parent + 1 == idx && is_all_of(*parent)).unwrap_or(idx)
    }

    fn attach_inner_attributes(&self, draft: &mut Draft) {
        let is_attribute = |child: &NodeIdx| self.rule(*child).rule.trivia == Trivia::Attribute;
        draft.attributes.extend(self.tape.children(draft.outer).filter(is_attribute));
        if draft.outer != draft.node {
            draft.attributes.extend(self.tape.children(draft.node).filter(is_attribute));
        }
    }

    fn is_doc(&self, comment: NodeIdx) -> bool {
        (self.table.source.is_doc)(&self.text(comment))
            && self.source.starts_line(self.tape.node(comment).start)
    }

    fn touches(&self, comment: NodeIdx, next: NodeIdx) -> bool {
        let ends_line = u32::from(self.text(comment).ends_with('\n'));
        let last = self.tape.node(comment).end.saturating_sub(ends_line);
        let gap = self.source.line(self.tape.node(next).start).saturating_sub(self.source.line(last) + 1);
        // What opens a file and stands apart is about the file.
        gap == 0 || (gap <= self.table.source.max_doc_gap && self.tape.node(comment).start > 0)
    }

    /// Adds a comment or docstring to what a symbol's doc comment already says.
    pub(crate) fn add_doc(&mut self, symbol: SymbolIdx, comment: &str) {
        let Some(text) = prose::clean_comment(comment) else { return };
        match &mut self.facts.symbols[symbol as usize].doc_comment {
            Some(doc) => {
                doc.push('\n');
                doc.push_str(&text);
            }
            none => *none = Some(text),
        }
    }
}

/// Line comments share their indentation; block comments are cleaned each by itself.
fn join_docs(texts: &[Cow<'_, str>]) -> Option<String> {
    let lines: Vec<&str> = texts.iter().map(|text| text.trim_end()).collect();
    if !lines.iter().any(|line| line.starts_with("/*")) {
        return prose::clean_comment(&lines.join("\n"));
    }
    let cleaned: Vec<_> = lines.iter().filter_map(|line| prose::clean_comment(line)).collect();
    Some(cleaned.join("\n")).filter(|doc| !doc.is_empty())
}
