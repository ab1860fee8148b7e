//! What one callable does, in the order of its lines.

use docpack::records::{Body, Candidate, Condition, Step};
use docpack::{ConditionKind, EdgeKind, Effect, FlowStepKind, LiteralKind, StepKind, SymbolKind};

use crate::View;
use crate::code::{Link, OpenCall, Why};
use crate::text::{code, list};

/// Conditions around a step that are told, the innermost.
const MAX_CONDITIONS: usize = 2;
/// Possible targets of one call that are named.
const MAX_CANDIDATES: usize = 3;
/// A candidate that is less sure is not named.
const MIN_CONFIDENCE: f64 = 0.6;

/// One step of a callable before it is known which steps are told.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) kind: FlowStepKind,
    pub(crate) text: String,
    pub(crate) condition: Option<String>,
    pub(crate) target: Option<usize>,
    pub(crate) line: u32,
    /// Steps with less weight are left out first.
    pub(crate) weight: u32,
}

/// Lists the steps of a callable, or of a file when it is loaded.
pub(crate) fn of(view: &View<'_>, at: usize) -> Vec<Found> {
    match view.code.body(at) {
        Some(body) => of_body(view, at, body),
        None => of_edges(view, at),
    }
}

/// Takes the calls of a callable in the order of their lines.
fn of_edges(view: &View<'_>, at: usize) -> Vec<Found> {
    let mut found: Vec<(u32, u32, Found)> = Vec::new();
    for link in calls(view, at) {
        // Only the first of several equal calls is told.
        let Some(site) = link.sites.first() else { continue };
        found.push((site.line, site.byte_start, call(view, at, link.other, site.line, None)));
    }
    for open in view.code.open(at) {
        let step = match open.why {
            Why::Ambiguous(candidates) => uncertain(view, candidates, open.line, open.name),
            Why::Dynamic => dynamic(view, open.name, open.line),
            Why::External => None,
        };
        found.extend(step.map(|step| (open.line, u32::MAX, step)));
    }
    found.extend(handed_over(view, at).into_iter().map(|step| (step.line, u32::MAX, step)));
    found.sort_by_key(|(line, byte, _)| (*line, *byte));
    found.into_iter().map(|(_, _, found)| found).collect()
}

fn calls<'v>(view: &'v View<'_>, at: usize) -> impl Iterator<Item = &'v Link<'v>> {
    let is_call = |link: &&Link<'_>| {
        link.kind == EdgeKind::Calls && view.code.is_ours(link.other) && is_telling(view, link.other)
    };
    view.code.leaving(at).iter().filter(is_call)
}

/// Passes over variants of enums and what every type can do: they tell nothing of what happens.
pub(crate) fn is_telling(view: &View<'_>, at: usize) -> bool {
    const COMMON: [&str; 9] =
        ["Clone", "Debug", "Display", "Default", "PartialEq", "Hash", "From", "Deref", "DerefMut"];
    let code = &view.code;
    let block = code.symbols[at].parent.and_then(|id| code.place(id));
    let of_trait = block.and_then(|block| code.symbols[block].implements.as_deref()).unwrap_or_default();
    let name = of_trait.split('<').next().unwrap_or_default().rsplit(':').next().unwrap_or_default();
    code.kind(at) != Some(SymbolKind::EnumVariant) && !COMMON.contains(&name)
}

/// Tells whether a method is read like a field.
fn is_property(view: &View<'_>, at: usize) -> bool {
    let symbol = view.code.symbols[at];
    let is_decorated = symbol.attributes.iter().any(|attribute| attribute.contains("property"));
    is_decorated || symbol.modifiers.iter().any(|modifier| modifier == "getter")
}

fn of_body(view: &View<'_>, at: usize, body: &Body) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut handed = handed_over(view, at).into_iter().peekable();
    for step in &body.steps {
        while let Some(given) = handed.next_if(|given| given.line < step.line) {
            found.push(given);
        }
        let condition = condition(body, step.under);
        let made = match step.kind.known() {
            Some(StepKind::Call) => of_call(view, at, step),
            Some(StepKind::Raise) => Some(raise(view, at, step)),
            Some(StepKind::Return) => returned(step, found.last_mut()),
            Some(StepKind::Yield) => Some(plain(FlowStepKind::Yield, "yields", step, 3)),
            Some(StepKind::Write) => write(step),
            _ => None,
        };
        if let Some(made) = made {
            found.push(Found { condition, ..made });
        }
    }
    found.extend(handed);
    found
}

/// Lists the callables that a callable uses as values, and the inner ones that it does not call itself.
fn handed_over(view: &View<'_>, at: usize) -> Vec<Found> {
    let code_of = &view.code;
    let called: Vec<usize> = calls(view, at).map(|link| link.other).collect();
    let given = |kind: EdgeKind| {
        let links = code_of.leaving(at).iter().filter(move |link| link.kind == kind);
        links.filter_map(|link| Some((link.line()?, link.other)))
    };
    let inner =
        given(EdgeKind::Contains).filter(|(_, other)| code_of.is_callable(at) && weight(view, *other) > 1);
    let mut found: Vec<(u32, usize)> = given(EdgeKind::References)
        .chain(inner)
        .filter(|(_, other)| {
            code_of.is_callable(*other) && code_of.is_ours(*other) && !called.contains(other)
        })
        .collect();
    found.sort_unstable();
    let mut told: Vec<usize> = Vec::new();
    found.retain(|(_, other)| {
        !told.contains(other) && {
            told.push(*other);
            true
        }
    });
    let step = |(line, other): (u32, usize)| Found {
        kind: if is_property(view, other) { FlowStepKind::Call } else { FlowStepKind::HandOver },
        text: match is_property(view, other) {
            true => format!("reads `{}`", code_of.name(other)),
            false => format!("hands over `{}`", code_of.name(other)),
        },
        condition: None,
        target: Some(other),
        line,
        weight: 3 + weight(view, other).min(6),
    };
    found.into_iter().map(step).collect()
}

/// Counts the calls of a callable, as far as they matter to a reader.
fn weight(view: &View<'_>, at: usize) -> u32 {
    calls(view, at).count().min(6) as u32
}

/// Tells a call: of the repository, of one of several symbols, of a value, or of a library that does something.
fn of_call(view: &View<'_>, at: usize, step: &Step) -> Option<Found> {
    let here = |link: &&Link<'_>| link.sites.iter().any(|site| site.byte_start == step.byte_start);
    let mut targets: Vec<usize> = calls(view, at).filter(here).map(|link| link.other).collect();
    targets.dedup();
    match targets.as_slice() {
        [] => {}
        [only] => return Some(call(view, at, *only, step.line, Some(step))),
        several => return Some(one_of(view, several, step.line)),
    }
    let is_named = |open: &&OpenCall<'_>| open.line == step.line && open.name == step.text;
    match view.code.open(at).iter().find(is_named).map(|open| open.why) {
        Some(Why::Ambiguous(candidates)) => uncertain(view, candidates, step.line, &step.text),
        Some(Why::Dynamic) => dynamic(view, &step.text, step.line),
        _ => external(step),
    }
}

fn call(view: &View<'_>, from: usize, to: usize, line: u32, step: Option<&Step>) -> Found {
    let code_of = &view.code;
    let name = code_of.name(to);
    let is_made = code_of.is_type(to) || code_of.kind(to) == Some(SymbolKind::Constructor);
    let is_of_base = is_of_base(view, from, to) || step.is_some_and(|step| step.text.contains("super"));
    let text = match (is_made, is_of_base) {
        (true, false) => {
            let of = if code_of.is_type(to) { Some(to) } else { code_of.owner_type(to) };
            format!("makes a `{}`", of.map_or(name, |of| code_of.name(of)))
        }
        _ => format!("calls `{name}`"),
    };
    let text = if step.is_some_and(|step| step.awaited) { format!("{text} and waits for it") } else { text };
    let has_words = u32::from(code_of.symbols[to].doc_comment.is_some());
    let weight = 4 + weight(view, to) + 2 * has_words;
    Found { kind: FlowStepKind::Call, text, condition: None, target: Some(to), line, weight }
}

/// Tells whether a constructor calls that of a base type.
fn is_of_base(view: &View<'_>, from: usize, to: usize) -> bool {
    let code = &view.code;
    let owners = code.owner_type(from).zip(code.owner_type(to).or(Some(to)));
    let extends = |(own, base): (usize, usize)| {
        let links = code.leaving(own).iter();
        links.filter(|link| link.kind == EdgeKind::Extends).any(|link| link.other == base)
    };
    code.kind(from) == Some(SymbolKind::Constructor) && owners.is_some_and(extends)
}

fn one_of(view: &View<'_>, targets: &[usize], line: u32) -> Found {
    let mut names: Vec<_> =
        targets.iter().take(MAX_CANDIDATES).map(|at| format!("`{}`", view.code.name(*at))).collect();
    if targets.len() > MAX_CANDIDATES {
        names.push(format!("{} more", targets.len() - MAX_CANDIDATES));
    }
    let text = format!("calls one of {}, whichever the value is", list(&names));
    Found {
        kind: FlowStepKind::Uncertain,
        text,
        condition: None,
        target: targets.first().copied(),
        line,
        weight: 8,
    }
}

fn uncertain(view: &View<'_>, candidates: &[Candidate], line: u32, name: &str) -> Option<Found> {
    let places: Vec<usize> = candidates.iter().filter_map(|it| view.code.place(it.id)).collect();
    let ours: Vec<usize> = places.into_iter().filter(|at| view.code.is_ours(*at)).collect();
    let names: Vec<_> =
        ours.iter().take(MAX_CANDIDATES).map(|at| format!("`{}`", view.code.name(*at))).collect();
    // A method name that many types have says nothing about which one is meant.
    let is_likely =
        candidates.len() <= MAX_CANDIDATES && candidates.iter().any(|it| it.confidence >= MIN_CONFIDENCE);
    let first = ours.first().copied().filter(|_| is_likely)?;
    let text = format!("calls {}, probably {}", code(name), list(&names));
    Some(Found { kind: FlowStepKind::Uncertain, text, condition: None, target: Some(first), line, weight: 5 })
}

/// Tells a call of a value; a method that no type of the repository has belongs to a library.
fn dynamic(view: &View<'_>, name: &str, line: u32) -> Option<Found> {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    let is_plain = last == name && name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_own = is_plain || view.methods.contains(last);
    let text = format!("calls {}, a value: what runs is decided when the program runs", code(name));
    is_own.then_some(Found {
        kind: FlowStepKind::Dynamic,
        text,
        condition: None,
        target: None,
        line,
        weight: 5,
    })
}

/// Tells a call of a library that acts on the world outside, or that is given something that means something.
fn external(step: &Step) -> Option<Found> {
    const TELLING: [LiteralKind; 5] = [
        LiteralKind::Status,
        LiteralKind::Header,
        LiteralKind::Route,
        LiteralKind::Environment,
        LiteralKind::Sql,
    ];
    let effect = step.effect.as_ref().and_then(docpack::Open::known);
    let is_telling =
        step.literals.iter().any(|it| it.kind.known().is_some_and(|kind| TELLING.contains(&kind)));
    let what = match effect {
        Some(Effect::FileRead) => "reads a file",
        Some(Effect::FileWrite) => "writes a file",
        Some(Effect::Network) => "uses the network",
        Some(Effect::Database) => "asks a database",
        Some(Effect::Process) => "acts on a process",
        Some(Effect::Environment) => "uses the environment",
        Some(Effect::Spawn) => "starts a task",
        Some(Effect::Lock) => "takes a lock",
        _ if is_telling => "calls a library",
        _ => return None,
    };
    Some(plain(FlowStepKind::External, &format!("{what}:"), step, 6))
}

/// Tells a raised value with its message, and the symbol that defines it.
fn raise(view: &View<'_>, at: usize, step: &Step) -> Found {
    let links = view.code.leaving(at).iter().filter(|link| link.line() == Some(step.line));
    let target = links.map(|link| link.other).find(|other| {
        let name = &view.code.symbols[*other].name;
        view.code.is_type(*other) && step.text.contains(name.as_str())
    });
    let message = step.literals.iter().find(|literal| literal.kind == LiteralKind::Text);
    let message = message.map(|it| format!(" with the message {}", code(&it.text))).unwrap_or_default();
    let found = plain(FlowStepKind::Raise, "raises", step, 7);
    let said = match step.text.as_str() {
        "assert" => "fails an assertion",
        // A bare `raise` or `throw;` stands where an error was caught.
        "" => "raises the caught error again",
        _ => &found.text,
    };
    Found { target, text: format!("{said}{message}"), ..found }
}

/// Tells what is returned; the call that gives it says so itself.
fn returned(step: &Step, before: Option<&mut Found>) -> Option<Found> {
    if let Some(call) = before.filter(|call| call.line == step.line && call.kind == FlowStepKind::Call) {
        if let Some(name) = call.text.strip_prefix("calls ") {
            call.text = format!("returns what {name} gives");
        } else if let Some(name) = call.text.strip_prefix("makes a ") {
            call.text = format!("returns a new {name}");
        }
        return None;
    }
    (!step.text.is_empty()).then(|| plain(FlowStepKind::Return, "returns", step, 2))
}

/// Tells what is set in an object; other writes are of no interest from outside.
fn write(step: &Step) -> Option<Found> {
    let is_of_object = step.text.contains(['.', '[']);
    let text = match step.value.as_deref() {
        None | Some("") => format!("changes {}", code(&step.text)),
        Some(value) if value.contains("= ") && !value.starts_with(char::is_alphanumeric) => {
            format!("changes {}", code(&format!("{} {value}", step.text)))
        }
        Some(value) => format!("sets {} to {}", code(&step.text), code(value)),
    };
    is_of_object.then(|| Found { text, ..plain(FlowStepKind::Write, "", step, 3) })
}

fn plain(kind: FlowStepKind, verb: &str, step: &Step, weight: u32) -> Found {
    let arguments = match (kind, step.arguments.is_empty()) {
        (FlowStepKind::External, false) => format!("({})", step.arguments.join(", ")),
        _ => String::new(),
    };
    let text = format!("{verb} {}", code(&format!("{}{arguments}", step.text)));
    Found { kind, text, condition: None, target: None, line: step.line, weight }
}

/// Writes the conditions around a step, the outer before the inner.
fn condition(body: &Body, under: Option<u32>) -> Option<String> {
    let mut told = Vec::new();
    let mut next = under;
    while let Some(found) = next.and_then(|at| body.conditions.get(at as usize)) {
        told.extend(condition_text(found));
        // A condition comes before those within it; anything else is no pack of ours.
        next = found.within.filter(|within| Some(*within) < next);
        if told.len() == MAX_CONDITIONS {
            break;
        }
    }
    told.reverse();
    (!told.is_empty()).then(|| told.join(", "))
}

fn condition_text(condition: &Condition) -> Option<String> {
    let text = &condition.text;
    let told = match condition.kind.known()? {
        ConditionKind::If => format!("if {}", code(text)),
        ConditionKind::Otherwise => format!("if not {}", code(text)),
        ConditionKind::Loop if text.is_empty() => "in a loop".to_owned(),
        ConditionKind::Loop => format!("in a loop ({})", code(text)),
        ConditionKind::Case => format!("in case {}", code(text)),
        ConditionKind::Catch if text.is_empty() => "after an error".to_owned(),
        ConditionKind::Catch => format!("after {}", code(text)),
        ConditionKind::Finally => "at the end in any case".to_owned(),
        ConditionKind::Closure => "in an inner function".to_owned(),
    };
    Some(told)
}
