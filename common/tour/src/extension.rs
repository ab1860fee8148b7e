//! Where the repository can be extended: its own contracts with several implementations, and its registries.

use docpack::records::{Body, Step, TourItem, TourSection};
use docpack::{StepKind, SymbolKind, Topic};

use crate::item::{self, With, item, line, symbol};
use crate::text::{code, comment, count, lead, list};
use crate::types::{all_members, foreign_subtypes, subtypes, type_name};
use crate::{View, topics};

/// Contracts that are told.
const MAX_CONTRACTS: usize = 6;
/// Implementations that are named.
const MAX_NAMED: usize = 5;
/// Methods to implement that are named.
const MAX_METHODS: usize = 6;
/// Interfaces of plugins that are told.
const MAX_SHAPES: usize = 2;
/// Registries that are told.
const MAX_REGISTRIES: usize = 8;
/// Methods that most kinds write, and are named.
const MAX_MOSTLY: usize = 4;
/// What fewer kinds write is their own affair.
const MIN_SHARE_PERCENT: usize = 15;
/// With fewer, it is no point of extension yet.
const MIN_IMPLEMENTATIONS: usize = 2;

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let contracts = contracts(view);
    let mut items = topics::told(view, Topic::Extension);
    for at in contracts.iter().take(MAX_CONTRACTS) {
        items.extend(of_contract(view, *at));
    }
    items.extend(plug_ins(view));
    items.extend(shapes(view));
    items.extend(changing(view));
    let registries = registries(view);
    items.extend(registries.iter().take(MAX_REGISTRIES).map(|found| of_registry(view, *found)));
    let n_left_out =
        contracts.len().saturating_sub(MAX_CONTRACTS) + registries.len().saturating_sub(MAX_REGISTRIES);
    item::section(Topic::Extension, "How to extend it", items, n_left_out, None)
}

/// Lists types that several others extend or implement, the most first; contracts before classes.
pub(crate) fn contracts(view: &View<'_>) -> Vec<usize> {
    let is_told = |at: &usize| {
        view.code.is_type(*at)
            && subtypes(view, *at).len() + foreign_subtypes(view, *at).len() >= MIN_IMPLEMENTATIONS
            && !crate::errors::is_error(view, *at)
            && has_behaviour(view, *at)
    };
    let mut found: Vec<usize> = view.code.ours().filter(is_told).collect();
    found.sort_by_key(|at| {
        let is_public = view.code.is_public(*at);
        (
            std::cmp::Reverse((
                is_public,
                subtypes(view, *at).len() + foreign_subtypes(view, *at).len().min(5),
                view.ranks.of(*at),
            )),
            *at,
        )
    });
    found
}

/// Tells whether there is something to implement: data shared by embedding or extending is no contract.
fn has_behaviour(view: &View<'_>, at: usize) -> bool {
    let symbol = view.code.symbols[at];
    let is_embedded = symbol.language.as_str() == "go" && view.code.kind(at) != Some(SymbolKind::Interface);
    let has_methods = all_members(view, at).iter().any(|member| view.code.is_callable(*member));
    let is_class = view.code.kind(at) == Some(SymbolKind::Class);
    !is_embedded && (has_methods || (is_class && !symbol.bases.is_empty()))
}

fn of_contract(view: &View<'_>, at: usize) -> Vec<TourItem> {
    let mostly = mostly_written(view, at);
    std::iter::once(contract(view, at)).chain(must_have(view, at)).chain(mostly).collect()
}

/// Names the methods that the most kinds write themselves, beside those that they have to.
fn mostly_written(view: &View<'_>, at: usize) -> Option<TourItem> {
    let code_of = &view.code;
    let needed = to_write(view, at);
    let kinds: Vec<usize> = subtypes(view, at).into_iter().chain(foreign_subtypes(view, at)).collect();
    let is_free = |member: &usize| {
        let symbol = code_of.symbols[*member];
        code_of.kind(*member) == Some(SymbolKind::Method)
            && !symbol.name.starts_with('_')
            && !needed.iter().any(|needed| code_of.symbols[*needed].name == symbol.name)
    };
    let own = all_members(view, at).into_iter().filter(is_free);
    let has = |kind: usize, name: &str| {
        all_members(view, kind).into_iter().any(|member| code_of.symbols[member].name == name)
    };
    let mut found: Vec<(usize, usize)> = Vec::new();
    for member in own {
        let n = kinds.iter().filter(|kind| has(**kind, &code_of.symbols[member].name)).count();
        let is_known =
            found.iter().any(|(_, known)| code_of.symbols[*known].name == code_of.symbols[member].name);
        if n >= MIN_IMPLEMENTATIONS && n * 100 >= kinds.len() * MIN_SHARE_PERCENT && !is_known {
            found.push((n, member));
        }
    }
    found.sort_by_key(|(n, member)| (std::cmp::Reverse(*n), *member));
    found.truncate(MAX_MOSTLY);
    let of = kinds.len();
    let names: Vec<String> = found
        .iter()
        .map(|(n, member)| format!("`{}` (by {n} of {of})", code_of.symbols[*member].name))
        .collect();
    let evidence = found.iter().map(|(_, member)| symbol(code_of, *member));
    (!names.is_empty()).then(|| item(format!("Often overridden: {}.", list(&names))).with(evidence).below())
}

/// Tells who extends or implements a contract.
pub(crate) fn contract(view: &View<'_>, at: usize) -> TourItem {
    let subs = subtypes(view, at);
    let foreign = foreign_subtypes(view, at);
    let mut names: Vec<_> =
        subs.iter().take(MAX_NAMED).map(|sub| code(&apart(view, at, *sub, &subs))).collect();
    if subs.len() > MAX_NAMED {
        names.push(format!("{} more", subs.len() - MAX_NAMED));
    }
    if !foreign.is_empty() {
        names.push(count(foreign.len(), "type of the tests and examples", "types of the tests and examples"));
    }
    let is_contract = matches!(view.code.kind(at), Some(SymbolKind::Trait | SymbolKind::Interface));
    let verb = if is_contract { "implement" } else { "extend" };
    let text = format!("To add another kind, {verb} `{}`, as {} do.", view.code.name(at), list(&names));
    let evidence =
        std::iter::once(at).chain(subs.iter().chain(&foreign).copied()).map(|it| symbol(&view.code, it));
    item(text).with(evidence).quoting(lead(view.code.symbols[at]))
}

/// Names a type as the code beside another does: in Go with its package, unless it is the same.
fn named_from(view: &View<'_>, at: usize, other: usize) -> String {
    let name = type_name(view, other);
    let folder = |at: usize| view.code.path(at).rsplit_once('/').map_or("", |(folder, _)| folder);
    let package = folder(other).rsplit('/').next().unwrap_or_default();
    let is_apart = view.code.symbols[other].language.as_str() == "go" && folder(at) != folder(other);
    if is_apart && !package.is_empty() { format!("{package}.{name}") } else { name }
}

/// Names a type with its module where another in the list has its name.
fn apart(view: &View<'_>, at: usize, sub: usize, all: &[usize]) -> String {
    let name = named_from(view, at, sub);
    let is_double = all.iter().any(|other| *other != sub && named_from(view, at, *other) == name);
    if !is_double {
        return name;
    }
    let mut places = view.code.path(sub).rsplit('/').map(|part| part.split('.').next().unwrap_or(part));
    let of = places.find(|part| !matches!(*part, "__init__" | "index" | "mod" | "lib"));
    of.map_or(name.clone(), |of| format!("{of}.{name}"))
}

/// Lists the methods that an implementation has to have.
pub(crate) fn to_write(view: &View<'_>, at: usize) -> Vec<usize> {
    let is_abstract = |member: &usize| {
        let symbol = view.code.symbols[*member];
        let is_marked = symbol.modifiers.iter().any(|modifier| modifier == "abstract")
            || symbol.attributes.iter().any(|attribute| attribute.contains("abstractmethod"))
            || only_says_so(view, *member);
        view.code.is_callable(*member) && is_marked
    };
    all_members(view, at).into_iter().filter(is_abstract).collect()
}

/// Tells whether a method does nothing but raise `NotImplementedError`.
fn only_says_so(view: &View<'_>, at: usize) -> bool {
    let steps = view.code.body(at).map_or(&[][..], |body| &body.steps);
    let is_raised =
        |step: &Step| step.kind == StepKind::Raise && step.text.starts_with("NotImplementedError");
    let is_made = |step: &Step| step.kind == StepKind::Call && step.text == "NotImplementedError";
    steps.iter().any(is_raised) && steps.iter().all(|step| is_raised(step) || is_made(step))
}

/// Names the methods that an implementation has to have.
pub(crate) fn must_have(view: &View<'_>, at: usize) -> Option<TourItem> {
    let found = to_write(view, at);
    let mut names: Vec<_> =
        found.iter().take(MAX_METHODS).map(|at| format!("`{}`", view.code.symbols[*at].name)).collect();
    if found.len() > MAX_METHODS {
        names.push(format!("{} more", found.len() - MAX_METHODS));
    }
    let evidence = found.iter().take(MAX_METHODS).map(|at| symbol(&view.code, *at));
    (!names.is_empty()).then(|| {
        item(format!("It must have {}: {}.", count(found.len(), "method", "methods"), list(&names)))
            .with(evidence)
            .below()
    })
}

/// Tells where packages of others are found by the entry points that they declare.
fn plug_ins(view: &View<'_>) -> Vec<TourItem> {
    const FINDERS: [&str; 4] =
        ["entry_points", "iter_entry_points", "load_setuptools_entrypoints", "load_entry_points"];
    let mut items: Vec<TourItem> = Vec::new();
    for at in view.code.ours() {
        for step in view.code.body(at).into_iter().flat_map(|body| &body.steps) {
            let last = step.text.rsplit(['.', ':']).next().unwrap_or_default();
            let group = step.arguments.iter().find_map(|it| {
                let it = it.trim_start_matches("group=");
                it.starts_with(['"', '\'']).then(|| it.trim_matches(['"', '\'']))
            });
            let Some(group) = group.filter(|_| step.kind == StepKind::Call && FINDERS.contains(&last)) else {
                continue;
            };
            let text = format!(
                "`{}` finds what other packages declare as entry points of the group {}.",
                view.code.name(at),
                code(group)
            );
            items.push(item(text).with([line(&view.code, at, step.line)]));
        }
    }
    items.truncate(2);
    items
}

/// Lists the members of interfaces that plugins have by their name: nothing in the code extends those.
fn shapes(view: &View<'_>) -> Vec<TourItem> {
    const ENDINGS: [&str; 4] = ["Plugin", "Hooks", "Middleware", "Extension"];
    let code_of = &view.code;
    let members = |at: usize| -> Vec<usize> {
        let is_shown = |member: &usize| !code_of.symbols[*member].name.starts_with('_');
        all_members(view, at).into_iter().filter(is_shown).collect()
    };
    let is_shape = |at: &usize| {
        code_of.kind(*at) == Some(SymbolKind::Interface)
            && code_of.symbols[*at].language.as_str() == "typescript"
            && ENDINGS.iter().any(|ending| code_of.symbols[*at].name.ends_with(ending))
            && code_of.is_public(*at)
            && subtypes(view, *at).len() < MIN_IMPLEMENTATIONS
    };
    let mut found: Vec<usize> = code_of.ours().filter(is_shape).collect();
    found.sort_by_cached_key(|at| (std::cmp::Reverse(members(*at).len()), *at));
    found.retain(|at| members(*at).len() >= MIN_IMPLEMENTATIONS);
    let told = found.into_iter().take(MAX_SHAPES).map(|at| {
        let all = members(at);
        let mut names: Vec<String> =
            all.iter().take(MAX_METHODS).map(|it| format!("`{}`", code_of.symbols[*it].name)).collect();
        if all.len() > MAX_METHODS {
            names.push(format!("{} more", all.len() - MAX_METHODS));
        }
        let text = format!("The interface `{}` has the members {}.", code_of.name(at), list(&names));
        item(text).with([symbol(code_of, at)]).quoting(lead(code_of.symbols[at]))
    });
    told.collect()
}

/// Lists functions that change the methods of what they are given, and give it back: `withHistory(editor)`.
fn changing(view: &View<'_>) -> Option<TourItem> {
    let code_of = &view.code;
    let is_one = |at: &usize| {
        let symbol = code_of.symbols[*at];
        let Some(given) = symbol.parameters.first() else { return false };
        let given_type = given.type_name.as_deref().unwrap_or_default();
        let is_generic = symbol
            .generics
            .iter()
            .any(|it| it.split_once(" extends ").is_some_and(|(name, _)| name.trim() == given_type));
        let steps = code_of.body(*at).map_or(&[][..], |body| &body.steps);
        let n_changed = steps.iter().filter(|step| {
            let is_function = step
                .value
                .as_deref()
                .is_some_and(|value| value.contains("=>") || value.starts_with("function"));
            step.kind == StepKind::Write && step.text.contains('.') && is_function
        });
        code_of.owner_type(*at).is_none() && view.code.is_public(*at) && is_generic && n_changed.count() > 0
    };
    let found: Vec<usize> = code_of.ours().filter(|at| code_of.is_callable(*at)).filter(is_one).collect();
    let names: Vec<String> =
        found.iter().take(MAX_NAMED).map(|at| format!("`{}`", code_of.name(*at))).collect();
    let evidence = found.iter().map(|at| symbol(code_of, *at));
    (found.len() > 1).then(|| {
        let text = "take an object, put functions of their own in place of its methods and give it back; a plugin can do the same";
        item(format!("{} {text}.", list(&names))).with(evidence)
    })
}

/// A public callable that keeps one of its arguments, and the line where it does.
pub(crate) type Registry = (usize, u32);

/// Finds callables that put an argument into something they keep.
pub(crate) fn registries(view: &View<'_>) -> Vec<Registry> {
    let mut found: Vec<Registry> = view
        .code
        .ours()
        .filter(|at| view.code.is_public(*at) && view.code.is_callable(*at))
        .filter_map(|at| Some((at, kept(view, at, view.code.body(at)?)?)))
        .collect();
    found.sort_by_key(|(at, _)| (std::cmp::Reverse(view.ranks.of(*at)), *at));
    found
}

/// Finds the line where a body adds a parameter that can be called, or an object, to a collection that outlives it.
fn kept(view: &View<'_>, at: usize, body: &Body) -> Option<u32> {
    const ADDS: [&str; 6] = ["append", "add", "push", "insert", "setdefault", "register"];
    let parameters: Vec<&str> = view.code.symbols[at]
        .parameters
        .iter()
        .filter(|parameter| parameter.type_name.as_deref().is_some_and(is_behaviour))
        .map(|parameter| parameter.name.trim_start_matches(['*', '.']))
        .collect();
    let is_kept = |text: &str| parameters.contains(&text.trim());
    let step = body.steps.iter().find(|step| match step.kind.known() {
        Some(StepKind::Write) => step.text.contains(['[', '.']) && step.value.as_deref().is_some_and(is_kept),
        Some(StepKind::Call) => {
            let verb = step.text.rsplit(['.', ':']).next().unwrap_or_default();
            step.text.contains('.') && ADDS.contains(&verb) && step.arguments.iter().any(|it| is_kept(it))
        }
        _ => false,
    });
    step.map(|step| step.line)
}

/// Tells whether values of a type may be called.
fn is_behaviour(type_name: &str) -> bool {
    const WORDS: [&str; 9] =
        ["Callable", "func(", "Fn(", "FnMut(", "FnOnce(", "=>", "Handler", "Function", "T_"];
    WORDS.iter().any(|word| type_name.contains(word))
}

pub(crate) fn of_registry(view: &View<'_>, (at, at_line): Registry) -> TourItem {
    item(format!("`{}` keeps the function that it is given.", view.code.name(at)))
        .with([line(&view.code, at, at_line)])
        .quoting(comment(view.code.symbols[at]))
}
