//! Cyclomatic and cognitive complexity, counted while the pass goes by.
//!
//! Cyclomatic: one, and one for each further path (decision, loop with a condition, arm beyond the first,
//! `catch`, logical operator, early return by operator). Cognitive: each break in the linear reading costs
//! one more than it is nested deep; `else` and a run of equal logical operators cost one.
//! A nested named function has its own numbers; a closure counts to the function around it.

use crate::compile::KindRule;
use crate::pass::Pass;
use crate::table::{Branch, Token};
use crate::tape::NodeIdx;

impl Pass<'_> {
    pub(crate) fn enter_branch(&mut self, idx: NodeIdx, rule: &KindRule) {
        if rule.rule.branch == Branch::None && rule.token.is_none() {
            return;
        }
        match rule.token {
            Some(Token::Else) => return self.count(0, 1),
            Some(Token::Logical) => return self.enter_logical(idx),
            _ => {}
        }
        let nested = 1 + self.state.nesting;
        match rule.rule.branch {
            Branch::None => {}
            Branch::Decision { .. } if self.continues_chain(idx, rule) => self.count(1, 0),
            Branch::Decision { .. } => self.count_and_nest(idx, 1, nested),
            Branch::Switch | Branch::Loop => self.count_and_nest(idx, 0, nested),
            Branch::Path => self.count(1, 0),
            Branch::Arm => {
                self.count(u32::from(self.tape.parent(idx).is_some_and(|block| block + 1 != idx)), 0)
            }
            Branch::Else => self.count(0, 1),
            Branch::ElseIf => self.count(1, 1),
            Branch::Nest if self.tape.node(idx).is_body => {}
            Branch::Nest => self.count_and_nest(idx, 0, 0),
        }
    }

    fn count(&mut self, paths: u32, cost: u32) {
        if let Some(complexity) = self.complexity() {
            complexity.cyclomatic += paths;
            complexity.cognitive = complexity.cognitive.saturating_add(cost);
        }
    }

    fn count_and_nest(&mut self, idx: NodeIdx, paths: u32, cost: u32) {
        self.count(paths, cost);
        self.push_frame(idx);
        self.state.nesting += 1;
    }

    /// `else if`: the `else` has paid already, and nothing is nested deeper.
    fn continues_chain(&self, idx: NodeIdx, rule: &KindRule) -> bool {
        let Some(parent) = self.tape.parent(idx) else { return false };
        let field = self.tape.node(idx).field;
        let parent_rule = self.rule(parent);
        parent_rule.rule.branch == Branch::Else
            || (rule.chained_as != 0
                && field == rule.chained_as
                && self.tape.node(parent).kind == self.tape.node(idx).kind)
    }

    fn enter_logical(&mut self, token: NodeIdx) {
        let Some(operation) = self.tape.parent(token) else { return };
        if !self.rule(operation).rule.logical {
            return;
        }
        let continues = self.tape.parent(operation).is_some_and(|outer| self.has_operator(outer, token));
        self.count(1, u32::from(!continues));
    }

    /// Tells whether a node is a logical operation with the same operator.
    fn has_operator(&self, operation: NodeIdx, token: NodeIdx) -> bool {
        let kind = self.tape.node(token).kind;
        self.rule(operation).rule.logical
            && self.tape.children(operation).any(|child| self.tape.node(child).kind == kind)
    }
}
