//! What one callable does, in the order of its lines.

use docpack::records::{Body, Candidate, Step};
use docpack::{EdgeKind, FlowStepKind, StepKind, SymbolKind};

use super::words;
use crate::View;
use crate::code::{Link, OpenCall, Why};
use crate::held::Written;
use crate::text::{code, count, list};

/// Possible targets of one call that are named.
const MAX_CANDIDATES: usize = 3;
/// A candidate that is less sure is not named.
const MIN_CONFIDENCE: f64 = 0.8;

/// One step of a callable before it is known which steps are told.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) kind: FlowStepKind,
    pub(crate) text: String,
    pub(crate) condition: Option<String>,
    /// It runs after an error, or at the end in any case.
    pub(crate) is_aside: bool,
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
            Why::Dynamic => dynamic(view, at, open.name, open.line),
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
        let around = words::around(body, step.under);
        let made = match step.kind.known() {
            Some(StepKind::Call) => of_call(view, at, step),
            // A bare assertion tells readers of types what the author is sure of; it says nothing of what happens.
            Some(StepKind::Raise) if step.text == "assert" && step.literals.is_empty() => None,
            Some(StepKind::Raise) => Some(raise(view, at, step)),
            Some(StepKind::Return) => returned(view, step, found.last_mut()),
            Some(StepKind::Yield) => Some(plain(FlowStepKind::Yield, "yields", step, 3)),
            Some(StepKind::Write) => write(step, found.last_mut()),
            _ => None,
        };
        if let Some(made) = made {
            // What runs for as long as the program does is the heart of it.
            let weight = made.weight + if around.is_endless && made.target.is_some() { 2 } else { 0 };
            found.push(Found { condition: around.text, is_aside: around.is_aside, weight, ..made });
        }
    }
    found.extend(handed);
    // What is handed back is told once, as what it leads to.
    let given = |line: u32| {
        move |it: &Found| {
            it.kind == FlowStepKind::HandOver && it.line == line && it.text.starts_with("returns ")
        }
    };
    let is_told =
        |it: &Found| it.kind == FlowStepKind::Return && found.iter().any(|other| given(it.line)(other));
    let kept: Vec<bool> = found.iter().map(|it| !is_told(it)).collect();
    found.into_iter().zip(kept).filter_map(|(it, is_kept)| is_kept.then_some(it)).collect()
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
        given(EdgeKind::Contains).filter(|(_, other)| code_of.is_callable(at) && n_calls(view, *other) > 1);
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
    let around = |line: u32| {
        let body = code_of.body(at)?;
        let step = body.steps.iter().find(|step| step.line == line)?;
        Some(words::around(body, step.under))
    };
    let step = |(line, other): (u32, usize)| Found {
        kind: if is_property(view, other) { FlowStepKind::Call } else { FlowStepKind::HandOver },
        text: used(view, at, other, line),
        condition: around(line).and_then(|it| it.text),
        is_aside: around(line).is_some_and(|it| it.is_aside),
        target: Some(other),
        line,
        weight: 3 + weight(view, other),
    };
    found.into_iter().map(step).collect()
}

/// Says what a callable does with another that it does not call itself.
fn used(view: &View<'_>, at: usize, other: usize, line: u32) -> String {
    let symbol = view.code.symbols[other];
    let name = view.code.name(other);
    let is_named = |text: &String| text.rsplit(['.', ':', '@']).next() == Some(symbol.name.as_str());
    let is_decorator = |text: &String| is_named(&text.split('(').next().unwrap_or_default().to_owned());
    if is_property(view, other) {
        return format!("reads `{name}`");
    }
    if view.code.symbols[at].attributes.iter().any(is_decorator) {
        return format!("runs within what the decorator `{name}` makes of it");
    }
    let steps = view.code.body(at).into_iter().flat_map(|body| &body.steps);
    let is_back = |step: &Step| step.kind == StepKind::Return && step.line == line && is_named(&step.text);
    if steps.clone().any(is_back) {
        return format!("returns `{name}`");
    }
    let mut given = steps.filter(|step| step.kind == StepKind::Call && step.arguments.iter().any(is_named));
    // The call may begin some lines before its argument.
    match given.rfind(|step| step.line <= line) {
        Some(call) => format!("hands `{name}` to {}", code(&call.text)),
        None => format!("names `{name}` without calling it"),
    }
}

/// Counts the calls of a callable, as far as they matter to a reader.
fn n_calls(view: &View<'_>, at: usize) -> u32 {
    calls(view, at).count().min(4) as u32
}

/// Weighs what happens behind a callable: much may do so behind a single call.
fn weight(view: &View<'_>, at: usize) -> u32 {
    match view.behind.is_helper(at) {
        true => 0,
        false => n_calls(view, at) + view.behind.doublings(at),
    }
}

/// Tells a call: of the repository, of one of several symbols, of a value, or of a library that does something.
fn of_call(view: &View<'_>, at: usize, step: &Step) -> Option<Found> {
    let here = |link: &&Link<'_>| link.sites.iter().any(|site| site.byte_start == step.byte_start);
    let mut targets: Vec<usize> = calls(view, at).filter(here).map(|link| link.other).collect();
    targets.dedup();
    // A class is created, whichever of its bases has the constructor.
    if targets.iter().any(|to| view.code.is_type(*to)) {
        targets.retain(|to| view.code.kind(*to) != Some(SymbolKind::Constructor));
    }
    match targets.as_slice() {
        [] => {}
        [only] => return Some(call(view, at, *only, step.line, Some(step))),
        several => return Some(one_of(view, several, step.line)),
    }
    let is_named = |open: &&OpenCall<'_>| open.line == step.line && open.name == step.text;
    let through_field = held(view, at, step);
    if through_field.is_some() {
        return through_field;
    }
    match view.code.open(at).iter().find(is_named).map(|open| open.why) {
        Some(Why::Ambiguous(candidates)) => uncertain(view, candidates, step.line, &step.text),
        Some(Why::Dynamic) => dynamic(view, at, &step.text, step.line),
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
            let made = format!("`{}`", of.map_or(name, |of| code_of.name(of)));
            format!("creates {} {made}", words::article(&made))
        }
        _ if code_of.kind(to) == Some(SymbolKind::Macro) => format!("uses the macro `{name}!`"),
        _ => format!("calls `{}`", as_written(view, to, step).unwrap_or(name)),
    };
    let text = if step.is_some_and(|step| step.awaited) { format!("{text}{}", words::WAITS) } else { text };
    let has_words = u32::from(code_of.symbols[to].doc_comment.is_some());
    let weight = 4 + weight(view, to) + has_words;
    Found { kind: FlowStepKind::Call, text, condition: None, is_aside: false, target: Some(to), line, weight }
}

/// Names a function with the module or object that the code takes it out of: `init::execute`, `Node.parent`.
fn as_written(view: &View<'_>, to: usize, step: Option<&Step>) -> Option<String> {
    let text = step?.text.as_str();
    if view.code.owner_type(to).is_some() || !view.code.is_callable(to) {
        return None;
    }
    let symbol = view.code.symbols[to];
    // A method of a type without members, such as `type Path string` of Go.
    if symbol.language.as_str() == "go" && view.code.kind(to) == Some(SymbolKind::Method) {
        let of = crate::code::prefix(&symbol.qualified_name)?.rsplit(['.', '/']).next()?;
        return Some(format!("{of}.{}", symbol.name));
    }
    let separator = if text.contains("::") { "::" } else { "." };
    let (before, name) = text.rsplit_once(separator)?;
    let of = before.rsplit_once(separator).map_or(before, |(_, last)| last);
    let is_word = !of.is_empty() && of.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_object = !matches!(of, "crate" | "self" | "super" | "this" | "Self");
    (is_word && is_object && name == symbol.name).then(|| format!("{of}{separator}{name}"))
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
        is_aside: false,
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
    Some(Found {
        kind: FlowStepKind::Uncertain,
        text,
        condition: None,
        is_aside: false,
        target: Some(first),
        line,
        weight: 5,
    })
}

/// Tells a call of a value; a method that no type of the repository has belongs to a library.
fn dynamic(view: &View<'_>, at: usize, name: &str, line: u32) -> Option<Found> {
    let last = name.rsplit(['.', ':']).next().unwrap_or(name);
    let is_plain = last == name && name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_own = is_plain || view.methods.contains(last);
    let mut parameters = view.code.symbols[at].parameters.iter();
    let is_given = is_plain && parameters.any(|it| it.name.trim_start_matches(['*', '.', '&']) == name);
    let text = match (is_given, is_plain) {
        (true, _) => format!("calls its argument {}: the caller decides what runs", code(name)),
        (_, true) => format!("calls {}, which a variable holds", code(name)),
        _ => format!("calls {}, on a value whose type the code does not say", code(name)),
    };
    is_own.then_some(Found {
        kind: FlowStepKind::Dynamic,
        text,
        condition: None,
        is_aside: false,
        target: None,
        line,
        weight: match (is_given, is_plain) {
            (true, _) => 8,
            (_, true) => 5,
            _ => 2,
        },
    })
}

/// Lists what the calls of a callable through fields run.
pub(crate) fn through_fields(view: &View<'_>, at: usize) -> Vec<usize> {
    let steps = view.code.body(at).into_iter().flat_map(|body| &body.steps);
    let calls = steps.filter(|step| step.kind == StepKind::Call);
    let held = calls.filter_map(|step| view.held.of_call(&view.code, at, &step.text)?.1.target);
    held.filter(|target| view.code.is_ours(*target)).collect()
}

/// Tells a call through a field, and what was put into the field.
fn held(view: &View<'_>, at: usize, step: &Step) -> Option<Found> {
    let (field, written, n_others) = view.held.of_call(&view.code, at, &step.text)?;
    let by = view.code.name(written.by);
    let place = format!("{}:{}", view.code.path(written.by), written.line);
    let value = code(written.value);
    let text = format!("calls {}, where `{by}` ({place}) sets `{field}` to {value}", code(&step.text));
    let others = match n_others {
        0 => String::new(),
        n => format!(", as {} in other ways", count(n, "other place does", "other places do")),
    };
    Some(Found {
        kind: FlowStepKind::Dynamic,
        text: text + &others,
        condition: None,
        is_aside: false,
        target: written.target.filter(|target| *target != at),
        line: step.line,
        weight: 12,
    })
}

/// Tells a call of a library that acts on the world outside, or that is given something that means something.
fn external(step: &Step) -> Option<Found> {
    let what = words::library(step)?;
    Some(plain(FlowStepKind::External, what, step, 6))
}

/// Tells a raised value with its message, and the symbol that defines it.
fn raise(view: &View<'_>, at: usize, step: &Step) -> Found {
    let links = view.code.leaving(at).iter().filter(|link| link.line() == Some(step.line));
    let target = links.map(|link| link.other).find(|other| {
        let name = &view.code.symbols[*other].name;
        view.code.is_type(*other) && step.text.contains(name.as_str())
    });
    Found { target, text: words::raised(step), ..plain(FlowStepKind::Raise, "raises", step, 6) }
}

/// Tells what is returned; the call that gives it says so itself.
fn returned(view: &View<'_>, step: &Step, before: Option<&mut Found>) -> Option<Found> {
    if let Some(call) = before.filter(|call| call.line == step.line && call.kind == FlowStepKind::Call) {
        if let Some(name) = call.text.strip_prefix("calls ") {
            let (name, waits) = match name.strip_suffix(words::WAITS) {
                Some(name) => (name, ", once it is there"),
                None => (name, ""),
            };
            call.text = format!("returns what {name} gives{waits}");
        } else if let Some(name) = call.text.strip_prefix("creates ") {
            call.text = format!("returns {name}");
        }
        return None;
    }
    let found = plain(FlowStepKind::Return, "returns", step, 2);
    match view.held.table(&step.text) {
        Some((table, writers)) => {
            let place = |it: &Written<'_>| format!("{}:{}", view.code.path(it.by), it.line);
            let by = writers.iter().map(|it| format!("`{}` ({})", view.code.name(it.by), place(it)));
            let verb = if writers.len() > 1 { "fill" } else { "fills" };
            let text = format!("{}, where {} {verb} `{table}`", found.text, list(&by.collect::<Vec<_>>()));
            Some(Found { kind: FlowStepKind::Dynamic, text, weight: 12, ..found })
        }
        None if step.text.is_empty() => None,
        None => Some(Found { weight: if words::is_plain_value(&step.text) { 1 } else { 2 }, ..found }),
    }
}

/// Tells what is set in an object; other writes are of no interest from outside.
fn write(step: &Step, before: Option<&mut Found>) -> Option<Found> {
    let value = step.value.as_deref().unwrap_or_default();
    if !step.text.contains(['.', '[']) || words::is_same_name(&step.text, value) {
        return None;
    }
    if let Some(call) = before.filter(|call| gives(call, step, value)) {
        call.text = format!("{}, kept in {}", call.text, code(&step.text));
        return None;
    }
    let text = match value {
        "" => format!("changes {}", code(&step.text)),
        value if value.contains("= ") && !value.starts_with(char::is_alphanumeric) => {
            format!("changes {}", code(&format!("{} {value}", step.text)))
        }
        value => format!("sets {} to {}", code(&step.text), code(value)),
    };
    let weight = if words::is_start_value(&step.text, value) { 1 } else { 2 };
    Some(Found { text, ..plain(FlowStepKind::Write, "", step, weight) })
}

/// Tells whether a written value is what a call gives: `make_config(…)` of `App.make_config`.
fn gives(call: &Found, step: &Step, value: &str) -> bool {
    let value = value.trim_start_matches("await ").trim_start_matches("new ");
    let callee = value.split('(').next().unwrap_or_default().rsplit(['.', ':']).next().unwrap_or_default();
    let is_whole = value.matches('(').count() == 1 && value.ends_with([')', '…']);
    call.line == step.line
        && call.kind == FlowStepKind::Call
        && is_whole
        && !callee.is_empty()
        && call.text.trim_end_matches(words::WAITS).ends_with(&format!("{callee}`"))
}

fn plain(kind: FlowStepKind, verb: &str, step: &Step, weight: u32) -> Found {
    let arguments = match (kind, step.arguments.is_empty()) {
        (FlowStepKind::External, false) => format!("({})", step.arguments.join(", ")),
        _ => String::new(),
    };
    let text = format!("{verb} {}", code(&format!("{}{arguments}", step.text)));
    Found { kind, text, condition: None, is_aside: false, target: None, line: step.line, weight }
}
