//! What is raised, where, and who catches it.

use std::collections::BTreeMap;

use docpack::records::{TourItem, TourSection};
use docpack::{ConditionKind, EdgeKind, LiteralKind, StepKind, SymbolKind, Topic};

use crate::code::Link;
use crate::flow::words::{around, joined};
use crate::item::{self, With, edge, item, line, symbol};
use crate::text::{code, count, lead, list};
use crate::{View, failures, topics};

/// Error types that are told.
const MAX_TYPES: usize = 8;
/// Errors of libraries that are told.
const MAX_FOREIGN: usize = 5;
/// Places of one error that are named.
const MAX_PLACES: usize = 4;

/// Where something is raised or caught: the symbol and the line.
pub(crate) type Place = (usize, u32);

/// What bodies raise and catch, by the name of the error.
#[derive(Default)]
pub(crate) struct Seen {
    raised: BTreeMap<String, Vec<Place>>,
    caught: BTreeMap<String, Vec<Place>>,
}

impl Seen {
    /// Tells whether a body raises an error of this name.
    pub(crate) fn raises(&self, name: &str) -> bool {
        self.raised.contains_key(name)
    }

    /// Lists what is caught, and where.
    pub(crate) fn caught(&self) -> Vec<(Place, &str)> {
        let pairs = self.caught.iter();
        pairs.flat_map(|(name, places)| places.iter().map(move |place| (*place, name.as_str()))).collect()
    }
}

/// Tells whether a type is an error by its bases, its attributes or what it implements.
pub(crate) fn is_error(view: &View<'_>, at: usize) -> bool {
    let view_code = &view.code;
    let symbol = view_code.symbols[at];
    if !view_code.is_type(at) {
        return false;
    }
    let is_error_name = |name: &str| {
        let last =
            name.split(['<', '[', '(']).next().unwrap_or(name).rsplit(['.', ':']).next().unwrap_or(name);
        last.ends_with("Error") || last.ends_with("Exception") || last == "Warning"
    };
    let implements = |link: &&Link<'_>| {
        view_code.kind(link.other) == Some(SymbolKind::Impl)
            && view_code.symbols[link.other].name.contains("Error for ")
    };
    symbol.bases.iter().any(|base| is_error_name(base))
        || symbol
            .attributes
            .iter()
            .any(|attribute| attribute.contains("derive") && attribute.contains("Error"))
        || view_code.reaching(at).iter().any(|link| implements(&link))
        || view_code.members(at).iter().any(|member| is_error_method(view, *member))
        || (is_error_name(&symbol.name) && symbol.language.as_str() == "rust")
}

/// Finds `func (e T) Error() string`.
fn is_error_method(view: &View<'_>, at: usize) -> bool {
    let symbol = view.code.symbols[at];
    symbol.name == "Error"
        && view.code.is_callable(at)
        && symbol.language.as_str() == "go"
        && symbol.return_type.as_deref() == Some("string")
}

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let seen = seen(view);
    let types = types(view, &seen);
    let mut items = topics::told(view, Topic::Errors);
    items.extend(failures::exits(view));
    items.extend(failures::codes(view));
    items.extend(failures::documented(view));
    for at in types.iter().take(MAX_TYPES) {
        items.extend(of_type(view, *at, &seen));
    }
    let n_left_out = types.len().saturating_sub(MAX_TYPES);
    for (name, places) in foreign(view, &types, &seen).into_iter().take(MAX_FOREIGN) {
        items.extend(of_library(view, name, places));
    }
    items.extend(kept(view));
    item::section(Topic::Errors, "Errors", items, n_left_out, None)
}

/// Lists the errors that the repository defines, the most raised first.
pub(crate) fn types(view: &View<'_>, seen: &Seen) -> Vec<usize> {
    let mut types: Vec<usize> = view.code.ours().filter(|at| is_error(view, *at)).collect();
    let weight = |at: usize| places(view, at, seen).len();
    types.sort_by_cached_key(|at| (std::cmp::Reverse((weight(*at), view.ranks.of(*at))), *at));
    types
}

/// Collects what bodies raise and catch.
pub(crate) fn seen(view: &View<'_>) -> Seen {
    let mut seen = Seen::default();
    for at in view.code.ours() {
        let Some(body) = view.code.body(at) else { continue };
        for step in body.steps.iter().filter(|step| step.kind == StepKind::Raise) {
            seen.raised.entry(error_name(&step.text)).or_default().push((at, step.line));
        }
        for condition in body.conditions.iter().filter(|condition| condition.kind == ConditionKind::Catch) {
            for name in
                condition.text.split(['(', ')', ',', '|']).map(error_name).filter(|name| !name.is_empty())
            {
                seen.caught.entry(name).or_default().push((at, condition.line));
            }
        }
    }
    seen
}

/// Takes the name out of `exceptions.NotFound(path)` or `new Error("…")`.
fn error_name(text: &str) -> String {
    let text = text.trim().strip_prefix("new ").unwrap_or(text.trim());
    let head = text.split(['(', '{', ' ']).next().unwrap_or_default();
    head.rsplit(['.', ':']).next().unwrap_or_default().to_owned()
}

/// Lists where an error is raised; where no bodies are known, where it is made.
pub(crate) fn places(view: &View<'_>, at: usize, seen: &Seen) -> Vec<Place> {
    if let Some(places) = seen.raised.get(&view.code.symbols[at].name) {
        let own = of_this(view, at, places);
        if !own.is_empty() {
            return own;
        }
    }
    let constructors = view.code.members(at).iter().copied();
    let constructors = constructors.filter(|member| view.code.kind(*member) == Some(SymbolKind::Constructor));
    let mut found = Vec::new();
    let variants = view.code.members(at).iter().copied();
    let variants = variants.filter(|member| view.code.kind(*member) == Some(SymbolKind::EnumVariant));
    for target in std::iter::once(at).chain(constructors).chain(variants) {
        let made = view.code.reaching(target).iter().filter(|link| is_making(view, at, link));
        found.extend(made.filter_map(|link| Some((link.other, link.line()?))));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Tells whether code makes an error: it calls it, or in a language without constructors names it.
fn is_making(view: &View<'_>, at: usize, link: &Link<'_>) -> bool {
    let code = &view.code;
    let is_value = match code.symbols[at].language.as_str() {
        "go" => link.kind == EdgeKind::ReferencesType && !returns(view, link.other, at),
        "rust" => link.kind == EdgeKind::References,
        _ => false,
    };
    let is_own = code.owner_type(link.other) == Some(at) || link.other == at;
    code.is_ours(link.other)
        && !is_own
        && (link.kind == EdgeKind::Calls || is_value && code.is_callable(link.other))
}

/// Tells whether a callable's head names the type.
fn returns(view: &View<'_>, callable: usize, at: usize) -> bool {
    view.code.symbols[callable].signature.contains(view.code.symbols[at].name.as_str())
}

/// Keeps the places that mean this error, where several have its name.
fn of_this(view: &View<'_>, at: usize, places: &[Place]) -> Vec<Place> {
    let code = &view.code;
    let name = &code.symbols[at].name;
    let is_other = |(from, at_line): &Place| {
        let links = code.leaving(*from).iter();
        let here = links.filter(|link| link.sites.iter().any(|site| site.line == *at_line));
        let mut named = here.map(|link| code.owner_type(link.other).unwrap_or(link.other));
        let named: Vec<usize> = named.by_ref().filter(|other| code.symbols[*other].name == *name).collect();
        !named.is_empty() && !named.contains(&at)
    };
    let is_unknown = |(from, at_line): &Place| {
        let links = code.leaving(*from).iter();
        let mut here = links.filter(|link| link.sites.iter().any(|site| site.line == *at_line));
        let is_named =
            |link: &Link<'_>| code.symbols[code.owner_type(link.other).unwrap_or(link.other)].name == *name;
        !here.any(is_named)
    };
    let mut same = code.ours().filter(|other| code.symbols[*other].name == *name && is_error(view, *other));
    let has_double = same.by_ref().nth(1).is_some();
    // Where nothing says which is meant, it is that of the same file.
    let is_apart = |place: &Place| has_double && is_unknown(place) && code.path(place.0) != code.path(at);
    places.iter().copied().filter(|place| !is_other(place) && !is_apart(place)).collect()
}

fn of_type(view: &View<'_>, at: usize, seen: &Seen) -> Vec<TourItem> {
    let symbol_of = view.code.symbols[at];
    let bases: Vec<_> = symbol_of.bases.iter().take(2).map(|base| code(base)).collect();
    let name = view.code.name(at);
    let same = view.code.ours().filter(|other| is_error(view, *other) && view.code.name(*other) == name);
    let of = if same.count() > 1 { format!(" in `{}`", view.code.path(at)) } else { String::new() };
    let text = match bases.is_empty() {
        true => format!("`{name}`{of}."),
        false => format!("`{name}`{of} extends {}.", list(&bases)),
    };
    let mut items = vec![item(text).with([symbol(&view.code, at)]).quoting(lead(symbol_of))];
    let raised = places(view, at, seen);
    let is_raised = seen.raised.get(&symbol_of.name).is_some_and(|all| !of_this(view, at, all).is_empty());
    let verb = if is_raised { "Raised in" } else { "Made in" };
    items.extend(told(view, verb, &raised));
    items.extend(variants(view, at));
    if let Some(caught) = seen.caught.get(&symbol_of.name) {
        items.extend(told(view, "Caught in", &of_this(view, at, caught)));
    }
    items
}

/// Names the kinds of an error.
fn variants(view: &View<'_>, at: usize) -> Option<TourItem> {
    let members = view.code.members(at).iter().copied();
    let found: Vec<usize> =
        members.filter(|member| view.code.kind(*member) == Some(SymbolKind::EnumVariant)).collect();
    let mut names: Vec<String> =
        found.iter().take(MAX_TYPES).map(|member| format!("`{}`", view.code.symbols[*member].name)).collect();
    if found.len() > MAX_TYPES {
        names.push(format!("{} more", found.len() - MAX_TYPES));
    }
    let evidence = found.iter().take(MAX_TYPES).map(|member| symbol(&view.code, *member));
    (found.len() > 1).then(|| item(format!("Its kinds are {}.", list(&names))).with(evidence).below())
}

/// Names the callables of some places.
fn told(view: &View<'_>, verb: &str, places: &[Place]) -> Option<TourItem> {
    let mut told: Vec<Told> = Vec::new();
    // What users call comes before what they never see.
    let rank = |at: usize| {
        let owner = view.code.owner_type(at).map_or(0, |owner| view.ranks.of(owner));
        (!view.code.is_public(at), std::cmp::Reverse(view.ranks.of(at) + owner))
    };
    let mut sorted = places.to_vec();
    sorted.sort_by_cached_key(|place| (rank(place.0), *place));
    for place in &sorted {
        let name = holder(view, place.0);
        let condition = condition(view, *place);
        match told.iter_mut().find(|known| known.name == name) {
            Some(known) => known.conditions.extend(condition),
            None => told.push(Told { name, conditions: condition.into_iter().collect() }),
        }
    }
    let n = told.len();
    let evidence = sorted.iter().map(|(at, at_line)| line(&view.code, *at, *at_line));
    (n > 0).then(|| item(format!("{verb} {}.", words(&told))).with(evidence).below())
}

/// A callable and the conditions under which it raises or catches.
struct Told {
    name: String,
    conditions: Vec<String>,
}

fn words(told: &[Told]) -> String {
    let shown = &told[..told.len().min(MAX_PLACES)];
    let has_conditions = shown.iter().any(|it| !it.conditions.is_empty());
    let mut names: Vec<String> = shown.iter().map(Told::words).collect();
    if told.len() > shown.len() {
        names.push(count(told.len() - shown.len(), "more place", "more places"));
    }
    // Conditions have commas of their own.
    if has_conditions { names.join("; ") } else { list(&names) }
}

impl Told {
    fn words(&self) -> String {
        match self.conditions.as_slice() {
            [] => self.name.clone(),
            [first] => format!("{} {first}", self.name),
            [first, second] => format!("{} {first}, or {second}", self.name),
            [first, second, rest @ ..] => {
                let more = count(rest.len(), "more case", "more cases");
                format!("{} {first}, or {second}, and in {more}", self.name)
            }
        }
    }
}

/// Writes the conditions around what stands in a place.
pub(crate) fn condition(view: &View<'_>, (at, at_line): Place) -> Option<String> {
    let body = view.code.body(at)?;
    let is_telling = |step: &&docpack::records::Step| {
        step.line == at_line && matches!(step.kind.known(), Some(StepKind::Raise | StepKind::Call))
    };
    let step = body.steps.iter().find(is_telling)?;
    let status = step.literals.iter().find(|literal| literal.kind == LiteralKind::Status);
    let status = status.map(|literal| format!("with {}", code(&literal.text)));
    // What the user reads says more than the condition.
    let message = step.literals.iter().find(|literal| literal.kind == LiteralKind::Text);
    let message = message.filter(|it| step.kind == StepKind::Raise && it.text.split_whitespace().count() > 1);
    if let (Some(message), None) = (message, &status) {
        return Some(format!("with the message {}", code(&joined(&message.text))));
    }
    let told: Vec<String> = status.into_iter().chain(around(body, step.under).text).collect();
    (!told.is_empty()).then(|| told.join(" "))
}

pub(crate) fn holder(view: &View<'_>, at: usize) -> String {
    match view.code.symbols[at].parent {
        Some(_) => format!("`{}`", view.code.name(at)),
        None => format!("`{}`", view.code.path(at)),
    }
}

/// Lists the errors of libraries that are raised, the most raised first.
pub(crate) fn foreign<'s>(view: &View<'_>, own: &[usize], seen: &'s Seen) -> Vec<(&'s str, &'s [Place])> {
    let is_own = |name: &str| own.iter().any(|at| view.code.symbols[*at].name == name);
    // What ends the program is no kind of error.
    let is_type = |name: &str| {
        let is_macro = matches!(name, "bail!" | "ensure!" | "panic!" | "panic");
        // A method without a body of its own is a point of extension.
        let is_error = name.starts_with(|c: char| c.is_uppercase()) && !name.starts_with("Fatal");
        (is_error && !matches!(name, "NotImplementedError" | "SystemExit")) || is_macro
    };
    let mut found: Vec<_> = seen.raised.iter().filter(|(name, _)| !is_own(name) && is_type(name)).collect();
    found.sort_by_key(|(name, places)| (std::cmp::Reverse(places.len()), name.as_str()));
    found.into_iter().map(|(name, places)| (name.as_str(), places.as_slice())).collect()
}

fn of_library(view: &View<'_>, name: &str, places: &[Place]) -> Vec<TourItem> {
    let verb = if matches!(name, "bail!" | "ensure!") { "returns an error" } else { "is raised" };
    let text = format!("{} {verb} in {}.", code(name), count(places.len(), "place", "places"));
    let mut items = vec![item(text).with(places.iter().map(|(at, at_line)| line(&view.code, *at, *at_line)))];
    items.extend(told(view, "In", places));
    items
}

/// Lists the errors that Go keeps as values.
pub(crate) fn values(view: &View<'_>) -> Vec<usize> {
    let is_value = |at: &usize| {
        let symbol = view.code.symbols[*at];
        let is_named =
            symbol.name.strip_prefix("Err").is_some_and(|rest| rest.starts_with(char::is_uppercase));
        // A field of that name is a setting or a text.
        let is_own = view.code.owner_type(*at).is_none();
        symbol.language.as_str() == "go"
            && is_named
            && is_own
            && !view.code.is_type(*at)
            && !view.code.is_callable(*at)
    };
    view.code.ours().filter(is_value).collect()
}

fn kept(view: &View<'_>) -> Option<TourItem> {
    let found = values(view);
    let mut names: Vec<_> =
        found.iter().take(MAX_TYPES).map(|at| format!("`{}`", view.code.name(*at))).collect();
    if found.len() > MAX_TYPES {
        names.push(format!("{} more", found.len() - MAX_TYPES));
    }
    let uses = found.iter().filter_map(|at| {
        let link = view.code.reaching(*at).iter().find(|link| link.kind != EdgeKind::Contains)?;
        Some(edge(&view.code, link.other, *at, link.line()?))
    });
    let evidence: Vec<_> = found.iter().take(3).map(|at| symbol(&view.code, *at)).chain(uses).collect();
    (!names.is_empty()).then(|| item(format!("Errors kept as values: {}.", list(&names))).with(evidence))
}
