//! What happens from the entry points on: where the flows of the tour lead, and how they end.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Flow, FlowStep};
use docpack::{Effect, FlowStepKind, InsightFamily, SymbolId};
use families::{Claim, Form};

use super::purpose::name;
use crate::View;
use crate::flow::words::around;
use crate::item::{line, place, symbol};
use crate::text::{code, count, list};

/// Functions on the way that are named.
const MAX_NAMED: usize = 4;
/// Errors of one function; its others are found beside them.
const MAX_OF_ONE: usize = 2;

pub(super) fn form(view: &View<'_>, flows: &[Flow]) -> Form {
    let mut form = Form::new(InsightFamily::Flow);
    let mut entries: Vec<(usize, Claim)> = flows.iter().filter_map(|flow| entry(view, flow)).collect();
    entries.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    form.group("entry", entries.into_iter().map(|(_, claim)| claim));
    form.group("effect", effects(view, flows));
    form.group("fails", failures(view, flows));
    form.group("open", flows.iter().filter_map(|flow| open(view, flow)));
    form
}

/// Names the functions behind an entry point in the order in which they run.
fn entry(view: &View<'_>, flow: &Flow) -> Option<(usize, Claim)> {
    let at = view.code.place(flow.symbol_id)?;
    let mut behind: Vec<usize> = Vec::new();
    for target in flow.steps.iter().filter_map(|step| view.code.place(step.target_id?)) {
        if target != at && !behind.contains(&target) {
            behind.push(target);
        }
    }
    let mut names: Vec<_> =
        behind.iter().take(MAX_NAMED).map(|at| format!("`{}`", view.code.name(*at))).collect();
    if behind.len() > MAX_NAMED {
        names.push(format!("{} more", behind.len() - MAX_NAMED));
    }
    let text = format!("{} leads to {}.", flow.title, list(&names));
    let claim = Claim::new(name(view, at), text).at(symbol(&view.code, at)).quoting(flow.quote.clone());
    (!behind.is_empty()).then(|| (behind.len(), claim.valued(behind.len())))
}

/// Lists what the callables of the flows do to the world outside, each once.
fn effects(view: &View<'_>, flows: &[Flow]) -> Vec<Claim> {
    let visited: BTreeSet<_> = flows.iter().flat_map(|flow| &flow.steps).map(|step| step.symbol_id).collect();
    let mut places: Vec<usize> = visited.into_iter().filter_map(|id| view.code.place(id)).collect();
    places.sort_unstable();
    let mut claims = Vec::new();
    for at in places {
        let mut told: BTreeSet<Effect> = BTreeSet::new();
        for step in view.code.body(at).into_iter().flat_map(|body| &body.steps) {
            let effect = step.effect.as_ref().and_then(docpack::Open::known).filter(|it| is_told(*it));
            let Some(effect) = effect.filter(|effect| told.insert(*effect)) else { continue };
            claims.push(done(view, at, step, effect));
        }
    }
    claims
}

/// What only a program's own log, clock or threads see is no news to a newcomer.
fn is_told(effect: Effect) -> bool {
    use Effect::{Database, FileRead, FileWrite, Network, Process};
    matches!(effect, FileRead | FileWrite | Network | Database | Process)
}

/// Says what a step does to the world outside.
pub(super) fn done(view: &View<'_>, at: usize, step: &docpack::records::Step, effect: Effect) -> Claim {
    let does = match effect {
        Effect::FileRead => "reads files",
        Effect::FileWrite => "writes or changes files",
        Effect::Network => "uses the network",
        Effect::Database => "uses a database",
        Effect::Process => "runs or ends a process",
        other => other.as_str(),
    };
    let condition = view.code.body(at).and_then(|body| around(body, step.under).text);
    let condition = condition.map_or(String::new(), |it| format!(", {it}"));
    let text = format!("`{}` {does} by {}{condition}.", name(view, at), code(&step.text));
    Claim::new(name(view, at), text).at(line(&view.code, at, step.line)).named(effect.as_str())
}

/// Lists the steps of the flows that raise something, each place once.
fn failures(view: &View<'_>, flows: &[Flow]) -> Vec<Claim> {
    let mut told: BTreeMap<SymbolId, BTreeSet<u32>> = BTreeMap::new();
    let steps = flows.iter().flat_map(|flow| &flow.steps);
    let raised = steps.filter(|step| step.kind == FlowStepKind::Raise);
    let is_new = |step: &&FlowStep| {
        let lines = told.entry(step.symbol_id).or_default();
        lines.len() < MAX_OF_ONE && lines.insert(step.line)
    };
    raised.filter(is_new).filter_map(|step| failure(view, step)).collect()
}

fn failure(view: &View<'_>, step: &FlowStep) -> Option<Claim> {
    let at = view.code.place(step.symbol_id)?;
    let body = view.code.body(at)?;
    let is_it = |it: &&docpack::records::Step| it.line == step.line && it.kind == docpack::StepKind::Raise;
    let raised = body.steps.iter().find(is_it)?;
    let condition = step.condition.as_ref().map_or(String::new(), |it| format!(" {it}"));
    let text = format!("`{}` {}{condition}.", name(view, at), step.text);
    Some(Claim::new(name(view, at), text).at(place(&step.file_path, step.line)).named(raised.text.clone()))
}

/// Counts the calls of a flow that lead nowhere.
fn open(view: &View<'_>, flow: &Flow) -> Option<Claim> {
    let at = view.code.place(flow.symbol_id)?;
    let is_open = |step: &&FlowStep| step.kind == FlowStepKind::Dynamic && step.target_id.is_none();
    let found: Vec<_> = flow.steps.iter().filter(is_open).collect();
    let calls = count(found.len(), "call goes", "calls go");
    let text = format!("On the way from {}, {calls} through values.", flow.title);
    let places = found.iter().map(|step| place(&step.file_path, step.line));
    let claim = places.fold(Claim::new(name(view, at), text), Claim::at);
    (!found.is_empty()).then(|| claim.valued(found.len()))
}
