//! What is taken to be so where no value arrived.

use foldhash::HashMap;

use crate::resolve::repository::Sym;

use super::SiteKey;
use super::engine::{Engine, OperationIdx};
use super::operations::Operation;
use super::values::{Held, Place, Value};

/// A definition behind a decorator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decorated {
    pub(super) by: Place,
    pub(super) call: Place,
    pub(super) definition: Place,
    pub(super) to: Place,
}

impl Engine<'_, '_> {
    /// Where nothing arrived: a decorator keeps what it decorates, a key may be any, a call leads where other rules say.
    pub(super) fn assume(&mut self, known: &HashMap<SiteKey, Sym>) -> bool {
        let mut has_kept = false;
        for decorated in std::mem::take(&mut self.decorated) {
            if self.keeps(decorated) {
                has_kept = true;
                self.add_operation(Operation::Copy { from: decorated.definition, to: decorated.to });
            } else {
                self.decorated.push(decorated);
            }
        }
        for (callee, site) in std::mem::take(&mut self.calls) {
            let of_ours = known
                .get(&self.site_key(site))
                .filter(|target| !self.solver.repository.symbol(**target).traits.is_decorated);
            match of_ours.filter(|_| self.is_empty(callee) && !self.is_over(callee)) {
                Some(target) => {
                    self.calls.push((callee, site));
                    self.assume_target(callee, *target);
                }
                None => self.calls.push((callee, site)),
            }
        }
        let mut unknown = Vec::new();
        for (idx, operation) in self.operations.iter().enumerate() {
            if let Operation::Item { key, of, .. } | Operation::PutItem { key, of, .. } = operation
                && !self.unknown_keys.contains(key)
                && !self.is_empty(*of)
                && !self.contents.held(*key).any(|(value, _)| value.is_key())
            {
                unknown.push((idx as OperationIdx, *key));
            }
        }
        for (idx, key) in unknown {
            self.unknown_keys.insert(key);
            self.enqueue(idx);
        }
        has_kept || !self.queue.is_empty()
    }

    /// What a decorator of ours gives that cannot be followed is taken for the definition; one from outside may give anything.
    fn keeps(&self, decorated: Decorated) -> bool {
        let Decorated { by, call, definition, .. } = decorated;
        let is_plain = |(value, _): Held| match value {
            Value::Code(sym) => !self.solver.repository.symbol(sym).traits.is_decorated,
            _ => false,
        };
        let is_silent = self.is_empty(call) && !self.is_over(call);
        is_silent && (!self.is_empty(by) || self.contents.held(definition).any(is_plain))
    }
}
