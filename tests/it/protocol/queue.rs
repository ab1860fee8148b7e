//! Messages: sent, received, given back, acknowledged.

use super::Protocol;
use super::plan::Unit;
use super::worker::{Errand, Receipt, Step, Worker};
use super::world::World;

/// The messages of one unit that nobody works on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Mailbox {
    /// The two places of the queue; more messages of one unit are not told apart.
    pub(crate) waiting: [Option<Waiting>; 2],
    /// Messages that are not visible yet.
    pub(crate) n_delayed: u8,
    pub(crate) is_dead_letter_there: bool,
}

/// A message that may be received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Waiting {
    pub(crate) n_receives: u8,
}

impl Protocol {
    /// Adds a message that can be received at once.
    pub(crate) fn send(&self, world: &mut World, unit: Unit) {
        if world.faults.duplicates > 0 {
            world.sent.insert(unit);
        }
        world.mailboxes[unit].add(Waiting { n_receives: 0 });
    }

    /// Sends a worker's message again, which may come late.
    pub(crate) fn send_again(&self, world: &mut World, unit: Unit) {
        if !self.scenario.delays {
            return self.send(world, unit);
        }
        let mailbox = &mut world.mailboxes[unit];
        mailbox.n_delayed = (mailbox.n_delayed + 1).min(2);
    }

    /// Takes a waiting message; `None` where there is none.
    pub(crate) fn take(&self, world: &mut World, unit: Unit, place: usize) -> Option<Receipt> {
        let waiting = world.mailboxes[unit].waiting[place].take()?;
        Some(Receipt::Work { n_receives: waiting.n_receives + 1 })
    }

    /// Makes a message visible again; one that was received too often becomes a dead letter.
    pub(crate) fn give_back(&self, world: &mut World, unit: Unit, receipt: Receipt) {
        let mailbox = &mut world.mailboxes[unit];
        match receipt {
            Receipt::Work { n_receives } if n_receives < self.scenario.limits.max_receives => {
                mailbox.add(Waiting { n_receives });
            }
            Receipt::Work { .. } | Receipt::DeadLetter => mailbox.is_dead_letter_there = true,
            Receipt::Lapsed => {}
        }
    }

    /// Ends a worker's errand after a write: one step more in which it may crash.
    pub(crate) fn acknowledge_next(&self, world: &mut World, at: usize) {
        let has_message = matches!(world.workers[at].errand, Errand::Message { .. });
        // Without such faults nobody can tell the acknowledgement from the write before it.
        if !has_message || world.faults.crashes == 0 && world.faults.lapses == 0 {
            return self.leave(world, at);
        }
        world.workers[at].step = Step::Acknowledge;
    }

    /// Ends a worker's errand: its message is gone.
    pub(crate) fn leave(&self, world: &mut World, at: usize) {
        world.workers[at] = Worker::IDLE;
    }

    /// Ends a worker's errand without acknowledgement.
    pub(crate) fn abandon(&self, world: &mut World, at: usize) {
        if let Errand::Message { unit, receipt } = world.workers[at].errand {
            self.give_back(world, unit, receipt);
        }
        world.workers[at] = Worker::IDLE;
    }
}

impl Mailbox {
    /// Messages, dead letters left out.
    pub(crate) fn len(self) -> usize {
        self.waiting.iter().flatten().count() + usize::from(self.n_delayed)
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn add(&mut self, waiting: Waiting) {
        match self.waiting.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(waiting),
            // The message that was received more often gives way: the other one lasts longer.
            None => self.waiting[0] = self.waiting[0].min(Some(waiting)),
        }
        // The emptier place comes last, so that equal mailboxes look alike.
        self.waiting.sort_unstable_by(|one, other| other.cmp(one));
    }

    /// The places that hold a message; of two that are alike one.
    pub(crate) fn places(self) -> impl Iterator<Item = usize> {
        let is_taken = move |place: &usize| self.waiting[*place].is_some();
        (0..2).filter(is_taken).filter(move |place| *place == 0 || self.waiting[0] != self.waiting[1])
    }

    /// Puts the places in order after one was emptied.
    pub(crate) fn tidy(&mut self) {
        self.waiting.sort_unstable_by(|one, other| other.cmp(one));
    }
}
