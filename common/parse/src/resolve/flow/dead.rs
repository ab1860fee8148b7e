//! Expressions that can never hold anything: most of what a program computes with what it did not define.

use foldhash::HashMap;
use model::flow::Expression;

use crate::resolve::repository::{FileIdx, Sym};
use crate::resolve::slim::SlimImported;
use crate::resolve::solver::{Question, Value as Solved};

use super::SiteKey;
use super::engine::Engine;
use super::packed::Unpacked;
use super::values::{Known, Library};

/// Walks over the expressions of a file; what is not settled by then may hold something.
const MAX_WALKS: usize = 16;

impl Engine<'_, '_> {
    /// Marks what can hold nothing, whatever is called: operations that would wait for it are not made.
    ///
    /// Parameters may get anything, members of modules may be set from outside, and a callee may be assumed.
    pub(super) fn mark_dead(&mut self, file: FileIdx, flow: &Unpacked, known: &HashMap<SiteKey, Sym>) {
        let mut alive = vec![false; flow.expressions.len()];
        for (_, _, value) in &self.flows[file as usize].members {
            alive[*value as usize] = true;
        }
        for (idx, expression) in flow.expressions.iter().enumerate() {
            if let Expression::Call { callee, site, .. } = expression {
                alive[*callee as usize] |= known.contains_key(&(file, *site));
            }
            alive[idx] |= self.begins(file, expression);
        }
        if !spread(&flow.expressions, &mut alive) {
            return;
        }
        let base = self.base(file);
        for (place, _) in (base..).zip(alive).filter(|(_, is_alive)| !is_alive) {
            self.set_dead(place);
        }
    }

    /// Tells whether an expression holds something whatever others hold.
    fn begins(&mut self, file: FileIdx, expression: &Expression) -> bool {
        match expression {
            Expression::Symbol(_)
            | Expression::Lambda(_)
            | Expression::Text(_)
            | Expression::Number(_)
            | Expression::Super(_)
            | Expression::List(_)
            | Expression::Table(_)
            | Expression::ListOf(_)
            | Expression::TableOf(_)
            | Expression::Parameter(_) => true,
            Expression::Import(idx) => self.brings(file, *idx),
            Expression::Global(name) => {
                let name = self.solver.text(self.flow_word(file, *name));
                let imports = &self.solver.repository.file(file).imports;
                Known::of(Library::Builtins, name).is_some()
                    || imports.iter().any(|import| import.what == SlimImported::Star)
            }
            _ => false,
        }
    }

    /// Tells whether an import leads to something of ours, or to a module that calls back.
    fn brings(&mut self, file: FileIdx, idx: u32) -> bool {
        self.solver.refill();
        let answer = self.solver.ask(Question::Import(file, idx));
        let module = self.solver.text(self.solver.repository.file(file).imports[idx as usize].module);
        let is_known = Library::named(module).is_some();
        answer.iter().any(|found| is_known || !matches!(found.value, Solved::External(_)))
    }
}

/// Follows what each expression is made of until nothing changes; false when that takes too long.
fn spread(expressions: &[Expression], alive: &mut [bool]) -> bool {
    let n = expressions.len();
    for walk in 0..MAX_WALKS {
        let mut has_changed = false;
        for at in 0..n {
            let idx = if walk % 2 == 0 { n - 1 - at } else { at };
            if !alive[idx] && is_fed(&expressions[idx], alive) {
                alive[idx] = true;
                has_changed = true;
            }
        }
        if !has_changed {
            return true;
        }
    }
    false
}

fn is_fed(expression: &Expression, alive: &[bool]) -> bool {
    match expression {
        Expression::AnyOf(of) => of.iter().any(|idx| alive[*idx as usize]),
        Expression::Member(of, _)
        | Expression::Item(of, _)
        | Expression::Slice { of, .. }
        | Expression::Element(of, _)
        | Expression::Declared { of, .. }
        | Expression::Raised(of, _)
        | Expression::Call { callee: of, .. } => alive[*of as usize],
        Expression::Decorated { call, definition } => alive[*call as usize] || alive[*definition as usize],
        _ => false,
    }
}
