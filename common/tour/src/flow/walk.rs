//! Follows the calls of an entry point within bounds.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Flow, FlowStep, TourItem};
use docpack::{EdgeKind, FlowStepKind, StepKind};

use super::steps::{self, Found};
use crate::View;
use crate::diagram;
use crate::item::{With, item, line};
use crate::text::{comment, count, lead};

/// A longer flow is no longer read.
const MAX_STEPS: usize = 26;
/// Of a flow with fewer calls, the code says as much.
const MIN_CALLS: usize = 2;
/// Steps of one callable by its depth; those with the least weight are left out.
const MAX_OF_ONE: [usize; 4] = [12, 8, 5, 4];
/// Calls are followed this deep, wrappers aside.
const MAX_LEVEL: usize = 3;
/// Steps that are set in further do not fit a line.
const MAX_DEPTH: usize = 6;
/// A callable with fewer steps that leads to one call only is a wrapper, and no level of its own.
const MAX_WRAPPING: usize = 3;
/// Where a field or a table decides what runs, as much happens as behind this many calls.
const OPEN_END: usize = 8;
/// Further in, steps with less weight tell a reader nothing.
const MIN_WEIGHT: u32 = 2;
/// Places where the walk ends that are told.
const MAX_ENDS: usize = 4;

/// A callable that the flow goes through.
struct Visit {
    at: usize,
    depth: usize,
    /// How deep it is without the wrappers around it.
    level: usize,
    steps: Vec<Found>,
    n_left_out: usize,
}

impl Visit {
    /// Tells whether a callable does little but call one other.
    fn is_wrapper(&self) -> bool {
        let n_calls = self.steps.iter().filter(|step| is_followed(step) && step.target.is_some()).count();
        self.n_left_out == 0 && self.steps.len() <= MAX_WRAPPING && n_calls == 1
    }
}

/// Follows one entry point; `None` where little happens.
pub(crate) fn flow(view: &View<'_>, entry: usize) -> Option<Flow> {
    let mut walk = Walk { view, visits: BTreeMap::new(), n_steps: 0 };
    walk.visit(entry, 0, 0);
    while let Some((at, depth, level)) = walk.next() {
        walk.visit(at, depth, level);
    }
    let mut steps = Vec::new();
    walk.write(entry, &mut BTreeSet::from([entry]), &mut steps);
    let n_calls = steps.iter().filter(|step: &&FlowStep| step.target_id.is_some()).count();
    if n_calls < MIN_CALLS {
        return None;
    }
    let left_out = walk.visits.values().map(|visit| visit.n_left_out as u32).sum();
    let title = match view.code.symbols[entry].parent {
        None => format!("`{}`", view.code.path(entry)),
        Some(_) if view.code.symbols[entry].name == "main" => {
            format!("`main` in `{}`", view.code.path(entry))
        }
        Some(_) => format!("`{}`", view.code.name(entry)),
    };
    let diagram = diagram::sequence(view, entry, &steps);
    let quote = lead(view.code.symbols[entry]);
    let symbol_id = view.code.symbols[entry].id;
    Some(Flow { title, symbol_id, quote, ends: walk.ends(), left_out, diagram, steps })
}

struct Walk<'a, 'v> {
    view: &'v View<'a>,
    visits: BTreeMap<usize, Visit>,
    n_steps: usize,
}

impl Walk<'_, '_> {
    fn visit(&mut self, at: usize, depth: usize, level: usize) {
        let room = MAX_OF_ONE.get(level).copied().unwrap_or(0).min(MAX_STEPS.saturating_sub(self.n_steps));
        let mut steps = merged(steps::of(self.view, at));
        let n_found = steps.len();
        if depth > 0 {
            steps.retain(|step| step.weight >= MIN_WEIGHT);
        }
        keep_heaviest(&mut steps, room);
        self.n_steps += steps.len();
        self.visits.insert(at, Visit { at, depth, level, n_left_out: n_found - steps.len(), steps });
    }

    /// Chooses the call behind which the most happens.
    fn next(&self) -> Option<(usize, usize, usize)> {
        if self.n_steps >= MAX_STEPS {
            return None;
        }
        let mut best: Option<(usize, std::cmp::Reverse<usize>, usize, usize)> = None;
        for visit in self.visits.values().filter(|visit| visit.level < MAX_LEVEL && visit.depth < MAX_DEPTH) {
            let is_wrapper = visit.is_wrapper();
            for step in visit.steps.iter().filter(|step| is_followed(step)) {
                let Some(target) = step.target else { continue };
                let weight = self.weight(target);
                if weight == 0 || self.visits.contains_key(&target) || self.view.behind.is_helper(target) {
                    continue;
                }
                // What happens where nothing goes wrong comes first.
                let share = if step.is_aside { 3 } else { 8 };
                let level = if is_wrapper { visit.level } else { visit.level + 1 };
                let value = weight * share / (level + 1);
                best = best.max(Some((value, std::cmp::Reverse(target), visit.depth + 1, level)));
            }
        }
        best.map(|(_, target, depth, level)| (target.0, depth, level))
    }

    /// Counts the distinct callables of the repository that a callable calls, and the errors that it raises;
    /// what is behind those calls counts too.
    fn weight(&self, at: usize) -> usize {
        let code = &self.view.code;
        let calls =
            code.leaving(at).iter().filter(|link| link.kind == EdgeKind::Calls && code.is_ours(link.other));
        let inside = code.body(at).map_or(0, |body| {
            let n_raised = body.steps.iter().filter(|step| step.kind == StepKind::Raise).count();
            let is_lookup = body
                .steps
                .iter()
                .any(|step| step.kind == StepKind::Return && self.view.held.table(&step.text).is_some());
            let has_open_end = is_lookup || !steps::through_fields(self.view, at).is_empty();
            n_raised / 2 + body.steps.len().min(8) / 4 + if has_open_end { OPEN_END } else { 0 }
        });
        calls.count() + inside + 2 * self.view.behind.doublings(at) as usize
    }

    /// Writes the steps of a callable, each call followed by what the called one does.
    fn write(&self, at: usize, seen: &mut BTreeSet<usize>, out: &mut Vec<FlowStep>) {
        let Some(visit) = self.visits.get(&at) else { return };
        for step in &visit.steps {
            let is_first = step.target.is_some_and(|target| !seen.contains(&target));
            out.push(self.told(visit, step, seen));
            let next = step.target.filter(|_| is_followed(step) && is_first);
            let next =
                next.and_then(|target| self.visits.get(&target)).filter(|next| next.depth == visit.depth + 1);
            if let Some(next) = next {
                self.write(next.at, seen, out);
            }
        }
    }

    fn told(&self, visit: &Visit, step: &Found, seen: &mut BTreeSet<usize>) -> FlowStep {
        let code = &self.view.code;
        let is_visited =
            is_followed(step) && step.target.is_some_and(|target| self.visits.contains_key(&target));
        let is_again = step.target.is_some_and(|target| seen.contains(&target));
        let is_new = step.target.is_some_and(|target| seen.insert(target)) && is_followed(step);
        let quote = step.target.filter(|_| is_new).and_then(|at| comment(code.symbols[at]));
        FlowStep {
            depth: visit.depth as u32,
            kind: step.kind.into(),
            text: if is_again && is_visited {
                format!("{} (see above)", step.text)
            } else {
                step.text.clone()
            },
            condition: step.condition.clone(),
            quote,
            symbol_id: code.symbols[visit.at].id,
            target_id: step.target.map(|at| code.symbols[at].id),
            file_path: code.path(visit.at).to_owned(),
            line: step.line,
        }
    }

    /// Says where the walk does not go on.
    fn ends(&self) -> Vec<TourItem> {
        let mut found = Vec::new();
        for visit in self.visits.values() {
            let is_open = |step: &&Found| step.kind == FlowStepKind::Dynamic && step.target.is_none();
            for step in visit.steps.iter().filter(is_open) {
                found.push(line(&self.view.code, visit.at, step.line));
            }
        }
        let n = found.len();
        let text = format!(
            "{} not followed: the code alone does not say what runs.",
            count(n, "call is", "calls are")
        );
        let mut ends = Vec::new();
        if n > 0 {
            ends.push(item(text).with(found.into_iter().take(MAX_ENDS)));
        }
        let cut =
            self.visits.values().filter(|visit| self.view.code.body(visit.at).is_some_and(|body| body.cut));
        ends.extend(cut.take(MAX_ENDS).map(|visit| {
            let text = format!("`{}` is longer than what was read of it.", self.view.code.name(visit.at));
            item(text).with([line(&self.view.code, visit.at, self.view.code.line(visit.at))])
        }));
        ends
    }
}

/// Tells whether the step leads to one callable; of a call through a field, to what was put into it.
fn is_followed(step: &Found) -> bool {
    matches!(step.kind, FlowStepKind::Call | FlowStepKind::HandOver | FlowStepKind::Dynamic)
}

/// Puts equal calls behind one another together.
pub(crate) fn merged(steps: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::with_capacity(steps.len());
    for step in steps {
        let is_again = kept.iter().any(|other| other.text == step.text && other.condition == step.condition);
        if !is_again {
            kept.push(step);
        }
    }
    kept
}

/// Keeps the heaviest steps, in their order.
fn keep_heaviest(steps: &mut Vec<Found>, room: usize) {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(steps[*at].weight), *at));
    order.truncate(room);
    order.sort_unstable();
    *steps = order.into_iter().map(|at| steps[at].clone()).collect();
}
