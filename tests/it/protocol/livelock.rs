//! Whether every state can still come to an end by itself.
//!
//! A promise about single states does not see a job that goes round in circles for ever. So all states
//! are kept with the steps between them, and those from which an end is reached are marked backwards.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use stateright::Model;

use super::Protocol;
use super::plan::Phase;
use super::world::World;

/// What such a search found.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) n_states: usize,
    /// States from which no end is reached without faults, deadlines or people.
    pub(crate) n_endless: usize,
    /// The first of them.
    pub(crate) example: Option<String>,
}

/// The states found so far, by their digests.
#[derive(Default)]
struct Graph {
    indices: HashMap<u64, u32>,
    has_end: Vec<bool>,
    /// Steps that are bound to happen: to, from.
    steps: Vec<(u32, u32)>,
    queue: VecDeque<(u32, World)>,
}

impl Graph {
    fn index_of(&mut self, world: World) -> u32 {
        let mut hasher = DefaultHasher::new();
        world.hash(&mut hasher);
        let fresh = u32::try_from(self.has_end.len()).expect("memory ends before u32 does");
        let index = *self.indices.entry(hasher.finish()).or_insert(fresh);
        if index == fresh {
            let phase = world.document.phase;
            self.has_end.push(phase.is_terminal() || phase == Phase::AwaitingApproval);
            self.queue.push_back((fresh, world));
        }
        index
    }

    /// Marks what leads to an end.
    fn mark_backwards(&mut self) {
        self.steps.sort_unstable();
        let mut open: Vec<u32> =
            (0..).zip(&self.has_end).filter(|(_, ends)| **ends).map(|(index, _)| index).collect();
        while let Some(to) = open.pop() {
            let first = self.steps.partition_point(|step| step.0 < to);
            for (_, from) in self.steps[first..].iter().take_while(|step| step.0 == to) {
                if !std::mem::replace(&mut self.has_end[*from as usize], true) {
                    open.push(*from);
                }
            }
        }
    }
}

/// Visits every state and counts those that cannot end.
pub(crate) fn search_ends(protocol: &Protocol) -> Ends {
    let mut graph = Graph::default();
    for world in protocol.init_states() {
        graph.index_of(world);
    }
    let mut actions = Vec::new();
    while let Some((from, world)) = graph.queue.pop_front() {
        protocol.actions(&world, &mut actions);
        for action in actions.drain(..) {
            let Some(next) = protocol.next_state(&world, action) else { continue };
            let to = graph.index_of(next);
            if action.is_certain() && to != from {
                graph.steps.push((to, from));
            }
        }
    }
    graph.mark_backwards();
    let n_states = graph.has_end.len();
    let first = graph.has_end.iter().position(|ends| !ends);
    let n_endless = graph.has_end.iter().filter(|ends| !**ends).count();
    Ends { n_states, n_endless, example: first.and_then(|index| example(protocol, &graph, index)) }
}

/// Finds the state of an index again; only its digest was kept.
fn example(protocol: &Protocol, graph: &Graph, index: usize) -> Option<String> {
    let mut again = Graph::default();
    for world in protocol.init_states() {
        again.index_of(world);
    }
    let mut actions = Vec::new();
    while let Some((from, world)) = again.queue.pop_front() {
        if from as usize == index {
            return Some(format!("{world:?}"));
        }
        protocol.actions(&world, &mut actions);
        for action in actions.drain(..) {
            protocol.next_state(&world, action).map(|next| again.index_of(next));
        }
    }
    debug_assert!(index < graph.has_end.len());
    None
}
