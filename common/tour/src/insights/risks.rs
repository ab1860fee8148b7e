//! What may break, and where it would hurt: only what can be counted, each with why it is told.

use std::collections::BTreeSet;

use docpack::records::{Body, Quality, Step};
use docpack::{ConditionKind, EdgeKind, Effect, InsightFamily, Role, StepKind, SymbolKind};
use families::{Claim, Form};
use prose::thousands;

use super::flow::done;
use super::purpose::name;
use crate::View;
use crate::item::{line, path, symbol};
use crate::layout;
use crate::parts::PartKind;
use crate::start::Start;
use crate::text::{code, comment, count, language, list};
use crate::types::n_users;

/// McCabe asks for a second look above 10; half as much again leaves out what only looks at many cases once.
const MIN_DECISIONS: u32 = 15;
/// And few of a code base may be its outliers.
const OUTLIERS_PERCENT: usize = 2;
/// What fewer files use is seen where it breaks.
const MIN_USERS: usize = 3;
/// A type with fewer functions is tested with what uses it.
const MIN_FUNCTIONS: usize = 3;
/// With a smaller share of open calls, little of what calls what is unknown.
const MIN_OPEN_PERCENT: usize = 5;
/// With fewer calls, a share says nothing.
const MIN_CALLS: usize = 50;

pub(super) fn form(view: &View<'_>, start: &Start, quality: &Quality) -> Form {
    let mut form = Form::new(InsightFamily::Risks);
    let tested = tested(view);
    form.group("complex", complex(view));
    form.group("untested", tested.iter().flat_map(|tested| untested(view, tested)));
    form.group("swallowed", view.code.ours().flat_map(|at| swallowed(view, at)));
    form.group("unguarded", unguarded(view, start));
    form.group("cycle", cycles(view));
    form.group("uncertain_calls", uncertain(quality));
    for limit in limits(view, &form, tested.is_some()) {
        form.limit(limit);
    }
    form
}

/// Says what was looked for and not found, and what was not looked for.
fn limits(view: &View<'_>, form: &Form, has_tests: bool) -> Vec<String> {
    let has_bodies = view.code.records.bodies.is_some();
    let is_thrown = has_bodies && view.code.ours().any(|at| throws(view, at));
    let is_looked_for = |kind: &str| match kind {
        "untested" => has_tests,
        "swallowed" | "unguarded" => is_thrown,
        _ => true,
    };
    let missing = form.kinds_without().into_iter().filter(|kind| is_looked_for(&kind.kind));
    let missing: Vec<String> = missing.map(|kind| format!("\"{}\"", kind.title)).collect();
    let found_nothing = format!("Nothing was found of {}.", list(&missing));
    let said = [
        (!missing.is_empty(), found_nothing.as_str()),
        (!has_tests, "There are no tests in the pack, so what no test reaches is not told."),
        (!has_bodies, "The pack has no bodies, so caught errors and effects are not looked at."),
        (
            has_bodies && view.code.ours().any(|at| !throws(view, at)),
            "In Go and Rust errors are values; what happens to them is not looked at.",
        ),
        (
            true,
            "Only what is counted stands here, not whether the code does what it should, or how often it changes.",
        ),
    ];
    said.into_iter().filter(|(holds, _)| *holds).map(|(_, limit)| limit.to_owned()).collect()
}

/// Tells whether errors of a symbol's language are thrown.
fn throws(view: &View<'_>, at: usize) -> bool {
    matches!(view.code.symbols[at].language.as_str(), "python" | "javascript" | "typescript")
}

/// Lists the functions with far more decisions than others.
fn complex(view: &View<'_>) -> Vec<Claim> {
    let decisions = |at: usize| view.code.symbols[at].complexity.map_or(0, |it| it.cyclomatic);
    let mut found: Vec<usize> = view.code.ours().filter(|at| decisions(*at) > 0).collect();
    found.sort_by_key(|at| (std::cmp::Reverse(decisions(*at)), *at));
    let n_outliers = (found.len() * OUTLIERS_PERCENT).div_ceil(100);
    found.truncate(n_outliers);
    found.retain(|at| decisions(*at) >= MIN_DECISIONS);
    found.into_iter().map(|at| of_complex(view, at, decisions(at) as usize)).collect()
}

fn of_complex(view: &View<'_>, at: usize, n: usize) -> Claim {
    let lines = view.code.symbols[at].line_range;
    let n_lines = lines.end.saturating_sub(lines.start) as usize + 1;
    let name = name(view, at);
    let text = format!("`{name}` has {n} decisions in {}.", count(n_lines, "line", "lines"));
    Claim::new(name, text).at(symbol(&view.code, at)).quoting(comment(view.code.symbols[at])).valued(n)
}

/// Collects what tests reach by any chain of references; `None` without tests.
fn tested(view: &View<'_>) -> Option<BTreeSet<usize>> {
    let code = &view.code;
    let mut open: Vec<usize> = code.all().filter(|at| code.role(*at) == Role::Test).collect();
    let mut reached: BTreeSet<usize> = open.iter().copied().collect();
    if open.is_empty() {
        return None;
    }
    while let Some(at) = open.pop() {
        // What a test imports is not yet used.
        let used = code.leaving(at).iter().filter(|link| link.kind != EdgeKind::Imports);
        let used = used.filter(|link| link.kind != EdgeKind::Contains || code.role(at) == Role::Test);
        open.extend(used.map(|link| link.other).filter(|other| reached.insert(*other)));
    }
    Some(reached)
}

/// Lists what many files use and no test reaches; a type is reached where one of its members is.
fn untested(view: &View<'_>, tested: &BTreeSet<usize>) -> Vec<Claim> {
    let code = &view.code;
    let is_reached = |at: usize| {
        tested.contains(&at) || crate::types::all_members(view, at).iter().any(|it| tested.contains(it))
    };
    let is_told = |at: &usize| {
        let is_code = (code.is_callable(*at) && !is_of_compiler(view, *at))
            || (code.is_type(*at) && has_behaviour(view, *at));
        is_code && layout::is_at_top(view, *at) && !view.parts.is_aside(code.path(*at)) && !is_reached(*at)
    };
    let mut found: Vec<(usize, usize)> = code
        .ours()
        .filter(is_told)
        .map(|at| (n_users(view, at), at))
        .filter(|(n, _)| *n >= MIN_USERS)
        .collect();
    found.sort_by_key(|(n, at)| (std::cmp::Reverse(*n), *at));
    found.into_iter().map(|(n, at)| of_untested(view, at, n)).collect()
}

fn has_behaviour(view: &View<'_>, at: usize) -> bool {
    let members = crate::types::all_members(view, at);
    members.iter().filter(|member| view.code.body(**member).is_some()).count() >= MIN_FUNCTIONS
}

/// What the compiler runs is used by tests in ways that no edge shows.
fn is_of_compiler(view: &View<'_>, at: usize) -> bool {
    let is_marked = |attribute: &String| attribute.contains("proc_macro");
    view.code.kind(at) == Some(SymbolKind::Macro) || view.code.symbols[at].attributes.iter().any(is_marked)
}

fn of_untested(view: &View<'_>, at: usize, n: usize) -> Claim {
    let name = name(view, at);
    let text = format!("`{name}` is used in {}.", count(n, "other file", "other files"));
    Claim::new(name, text).at(symbol(&view.code, at)).quoting(comment(view.code.symbols[at])).valued(n)
}

/// Lists the places of a body that catch something and do nothing with it.
fn swallowed(view: &View<'_>, at: usize) -> Vec<Claim> {
    let Some(body) = view.code.body(at).filter(|body| !body.cut) else { return Vec::new() };
    if view.parts.is_aside(view.code.path(at)) {
        return Vec::new();
    }
    let catches = body.conditions.iter().enumerate();
    let silent = catches.filter(|(place, it)| it.kind == ConditionKind::Catch && is_silent(body, *place));
    let told = silent.map(|(_, caught)| {
        let holder = name(view, at);
        let what = if caught.text.is_empty() { "everything".to_owned() } else { code(&caught.text) };
        let text = format!("`{holder}` catches {what} and goes on.");
        Claim::new(holder, text).at(line(&view.code, at, caught.line)).named(caught.text.as_str())
    });
    told.collect()
}

/// Tells whether no step of a body stands under a condition.
fn is_silent(body: &Body, condition: usize) -> bool {
    let is_under = |step: &Step| {
        let mut under = step.under;
        // A condition comes before those within it, so each turn goes to one further left.
        while let Some(at) = under.map(|at| at as usize) {
            if at == condition {
                return true;
            }
            under = body.conditions.get(at).and_then(|it| it.within).filter(|within| (*within as usize) < at);
        }
        false
    };
    !body.steps.iter().any(is_under)
}

/// Lists the effects that programs, commands and routes reach through functions none of which catches anything.
///
/// Errors of Go and Rust are values, which are handed on in plain sight.
fn unguarded(view: &View<'_>, start: &Start) -> Vec<Claim> {
    let code = &view.code;
    let guards = |at: usize| {
        code.body(at).is_none_or(|body| body.conditions.iter().any(|it| it.kind == ConditionKind::Catch))
    };
    let handlers = start.routes.iter().filter(|route| route.is_handler).map(|route| route.symbol);
    let entries = start.programs.iter().chain(&start.commands).copied().chain(handlers);
    let mut open: Vec<usize> =
        entries.filter(|at| throws(view, *at) && code.is_ours(*at) && !guards(*at)).collect();
    let mut reached: BTreeSet<usize> = open.iter().copied().collect();
    while let Some(at) = open.pop() {
        let calls =
            code.leaving(at).iter().filter(|link| link.kind == EdgeKind::Calls && code.is_ours(link.other));
        open.extend(calls.map(|link| link.other).filter(|other| !guards(*other) && reached.insert(*other)));
    }
    reached.into_iter().flat_map(|at| first_effect(view, at)).collect()
}

fn first_effect(view: &View<'_>, at: usize) -> Option<Claim> {
    let steps = &view.code.body(at)?.steps;
    steps.iter().filter(|step| step.kind == StepKind::Call).find_map(|step| {
        let effect = step.effect.as_ref()?.known()?;
        let fails = matches!(effect, Effect::Network | Effect::Database | Effect::Process);
        fails.then(|| done(view, at, step, effect))
    })
}

/// Lists the pairs of parts that use each other.
fn cycles(view: &View<'_>) -> Vec<Claim> {
    let parts = &view.parts;
    // What is too small for a part of its own belongs to none.
    let is_part = |at: usize| parts.list[at].kind != PartKind::Rest;
    let told = parts.mutual().into_iter().filter(|(a, b)| is_part(*a) && is_part(*b)).filter_map(|(a, b)| {
        let n = parts.uses.get(&(a, b))?.n.min(parts.uses.get(&(b, a))?.n);
        let item = layout::circle(view, a, b)?;
        Some(Claim::told(layout::name(&parts.list[a]), item).valued(n))
    });
    told.collect()
}

/// Tells of which languages many calls lead to no known target.
fn uncertain(quality: &Quality) -> Vec<Claim> {
    let mut found: Vec<(usize, Claim)> = Vec::new();
    for row in &quality.languages {
        let calls = row.calls;
        let n_open = (calls.ambiguous + calls.dynamic + calls.unknown) as usize;
        let n_all = n_open + (calls.resolved + calls.external) as usize;
        let percent = (n_open * 100).checked_div(n_all).unwrap_or(0);
        if n_all >= MIN_CALLS && percent >= MIN_OPEN_PERCENT {
            let language = language(row.language.as_str());
            let text = format!(
                "Of {}, {percent} in 100 lead to no known target: {} ambiguous, {} through values, {} unknown.",
                count(n_all, &format!("call of {language}"), &format!("calls of {language}")),
                thousands(calls.ambiguous.into()),
                thousands(calls.dynamic.into()),
                thousands(calls.unknown.into())
            );
            found.push((percent, Claim::new(language, text).at(path("")).valued(percent)));
        }
    }
    found.sort_by_key(|(percent, _)| std::cmp::Reverse(*percent));
    found.into_iter().map(|(_, claim)| claim).collect()
}
