//! The conditions of a body: written down when the first step stands under them, and
//! what catches errors in any case.

use docpack::ConditionKind;
use model::body::{Condition, MAX_CONDITIONS};

use super::code::{CodeIdx, Slot};

/// Index of a [`Pending`] condition; none at the top of a body.
pub(super) type Under = Option<u32>;

/// Of what a condition's text is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wording {
    Nothing,
    /// A node.
    Whole(CodeIdx),
    /// The parts of a node in a slot.
    Parts(CodeIdx, Slot),
    /// The value of a switch, and the patterns of its cases from the first to the last of these.
    Cases {
        switch: CodeIdx,
        first: CodeIdx,
        last: CodeIdx,
    },
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Pending {
    pub(super) kind: ConditionKind,
    pub(super) wording: Wording,
    /// Where it stands in the code.
    pub(super) node: CodeIdx,
    pub(super) within: Under,
    /// Its place among the conditions of the body.
    written: Option<u32>,
}

/// Conditions that the reading came to, and those among them that a step stands under.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    pending: Vec<Pending>,
    pub(super) written: Vec<Condition>,
}

/// Conditions of a body beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

impl Conditions {
    /// Ends a body: returns its conditions and forgets them.
    pub(super) fn take(&mut self) -> Vec<Condition> {
        self.pending.clear();
        self.written.drain(..).collect()
    }

    pub(super) fn open(
        &mut self,
        kind: ConditionKind,
        wording: Wording,
        node: CodeIdx,
        within: Under,
    ) -> Under {
        self.pending.push(Pending { kind, wording, node, within, written: None });
        Some(self.pending.len() as u32 - 1)
    }

    /// Gives a condition its place, behind those around it.
    pub(super) fn write(
        &mut self,
        under: Under,
        mut words: impl FnMut(Pending) -> Condition,
    ) -> Result<Option<u32>, TooMany> {
        let mut missing = Vec::new();
        let mut next = under;
        let mut within = None;
        while let Some(idx) = next {
            let pending = self.pending[idx as usize];
            if pending.written.is_some() {
                within = pending.written;
                break;
            }
            missing.push(idx);
            next = pending.within;
            if self.written.len() + missing.len() > MAX_CONDITIONS {
                return Err(TooMany);
            }
        }
        for idx in missing.into_iter().rev() {
            let place = self.written.len() as u32;
            let condition = words(self.pending[idx as usize]);
            self.written.push(Condition { within, ..condition });
            self.pending[idx as usize].written = Some(place);
            within = Some(place);
        }
        Ok(within)
    }
}
