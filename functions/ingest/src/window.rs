//! A bounded reorder window: work is done in any order, its results come out in order.

use std::sync::{Condvar, Mutex};

/// Lets at most `width` items be in flight between reading and collecting.
///
/// Without it one slow file would let every later result pile up behind it.
pub(crate) struct Window {
    width: u64,
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    next: u64,
    closed: bool,
}

impl Window {
    pub(crate) fn new(width: u64) -> Self {
        Self { width, state: Mutex::new(State { next: 0, closed: false }), moved: Condvar::new() }
    }

    /// Waits until item `seq` may start; false once the window is closed.
    pub(crate) fn enter(&self, seq: u64) -> bool {
        let state =
            self.state.lock().expect("no holder panics: the critical sections only compare and assign");
        let blocked = |state: &mut State| !state.closed && seq >= state.next + self.width;
        let state = self.moved.wait_while(state, blocked).expect("no holder panics");
        !state.closed
    }

    /// Tells that everything before `next` has been collected.
    pub(crate) fn advance(&self, next: u64) {
        self.state.lock().expect("no holder panics").next = next;
        self.moved.notify_all();
    }

    /// Ends all waiting: the collector is gone or wants no more.
    pub(crate) fn close(&self) {
        self.state.lock().expect("no holder panics").closed = true;
        self.moved.notify_all();
    }
}
