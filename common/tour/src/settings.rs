//! What can be set: variables of the environment, and types and options that configure.

use std::collections::BTreeMap;

use docpack::records::{Step, TourItem, TourSection};
use docpack::{Effect, LiteralKind, StepKind, SymbolKind, Topic};

use crate::item::{self, With, item, line, symbol};
use crate::text::{code, comment, count, list};
use crate::{View, command_line, topics};

/// Variables that are told.
const MAX_VARIABLES: usize = 8;
/// Types that are told.
const MAX_TYPES: usize = 5;
/// Settings of one type that are named.
const MAX_FIELDS: usize = 10;

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let mut items = topics::told(view, Topic::Configuration);
    let options = command_line::find(view).options;
    items.extend(command_line::told(view, "Options of the command line", &options));
    if options.is_empty() {
        items.extend(named(view));
    }
    let types = types(view);
    for at in types.iter().take(MAX_TYPES) {
        items.extend(of_type(view, *at));
    }
    let variables = variables(view);
    items.extend(variables.iter().take(MAX_VARIABLES).map(|(name, places)| variable(view, name, places)));
    if variables.is_empty() {
        items.extend(read(view));
    }
    let n_left_out = variables.len().saturating_sub(MAX_VARIABLES) + types.len().saturating_sub(MAX_TYPES);
    item::section(Topic::Configuration, "Configuration", items, n_left_out, None)
}

/// Where something is read: the symbol and the line.
pub(crate) type Place = (usize, u32);

/// Lists the literals of a kind that bodies name, with the places.
fn literals<'a>(
    view: &View<'a>,
    wanted: LiteralKind,
    is_told: impl Fn(&Step) -> bool,
) -> BTreeMap<&'a str, Vec<Place>> {
    let mut found: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for at in view.code.ours().filter(|at| !view.parts.is_aside(view.code.path(*at))) {
        for step in view.code.body(at).into_iter().flat_map(|body| &body.steps).filter(|step| is_told(step)) {
            for literal in step.literals.iter().filter(|literal| literal.kind == wanted) {
                found.entry(&literal.text).or_default().push((at, step.line));
            }
        }
    }
    found
}

/// Lists the variables of the environment that bodies name.
pub(crate) fn variables<'a>(view: &View<'a>) -> BTreeMap<&'a str, Vec<Place>> {
    let mut found = literals(view, LiteralKind::Environment, |_| true);
    // A name in small letters is a variable of the code, which holds the name.
    let is_name = |name: &str| {
        name.chars().any(char::is_uppercase)
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '(' | ')'))
    };
    // What is more than a name is a path with variables in it.
    found.retain(|name, _| is_name(name));
    found
}

pub(crate) fn variable(view: &View<'_>, name: &str, places: &[Place]) -> TourItem {
    let mut names: Vec<String> = places.iter().map(|(at, _)| holder(view, *at)).collect();
    names.sort();
    names.dedup();
    names.truncate(3);
    item(format!("The environment variable {} is used in {}.", code(name), list(&names)))
        .with(places.iter().map(|(at, at_line)| line(&view.code, *at, *at_line)))
}

/// Names a callable, or the file where code stands in none.
fn holder(view: &View<'_>, at: usize) -> String {
    match view.code.symbols[at].parent {
        Some(_) => format!("`{}`", view.code.name(at)),
        None => format!("`{}`", view.code.path(at)),
    }
}

/// Lists where the environment is read, where it is not known what is read.
pub(crate) fn readers(view: &View<'_>) -> Vec<Place> {
    const CALLS: [&str; 6] =
        ["os.getenv", "os.environ.get", "env::var", "env::var_os", "os.Getenv", "os.LookupEnv"];
    let mut places: Vec<Place> = Vec::new();
    for at in view.code.ours() {
        let steps = view.code.body(at).into_iter().flat_map(|body| &body.steps);
        let read =
            steps.filter(|step| step.effect.as_ref().is_some_and(|effect| *effect == Effect::Environment));
        places.extend(read.map(|step| (at, step.line)));
        let open =
            view.code.open(at).iter().filter(|open| CALLS.iter().any(|call| open.name.ends_with(call)));
        places.extend(open.map(|open| (at, open.line)));
    }
    places.sort_unstable();
    places.dedup();
    places
}

fn read(view: &View<'_>) -> Option<TourItem> {
    let places = readers(view);
    let mut names: Vec<_> = places.iter().map(|(at, _)| holder(view, *at)).collect();
    names.sort();
    names.dedup();
    let n = names.len();
    names.truncate(6);
    if n > names.len() {
        names.push(format!("{} more", n - 6));
    }
    let evidence = places.iter().map(|(at, at_line)| line(&view.code, *at, *at_line));
    (n > 0).then(|| item(format!("The environment is read in {}.", list(&names))).with(evidence))
}

/// Lists the types whose name says that they configure something.
pub(crate) fn types(view: &View<'_>) -> Vec<usize> {
    const ENDINGS: [&str; 7] =
        ["config", "configuration", "settings", "options", "opts", "preferences", "args"];
    let is_named = |name: &str| ENDINGS.iter().any(|ending| name.to_lowercase().ends_with(ending));
    // A base may have arguments and a module: `pydantic.BaseSettings`, `Config[T]`.
    let base = |base: &String| is_named(base.split(['[', '<', '(']).next().unwrap_or_default());
    let is_told = |at: &usize| {
        let symbol = view.code.symbols[*at];
        let is_subclass = view.code.kind(*at) == Some(SymbolKind::Class) && symbol.bases.iter().any(base);
        view.code.is_type(*at) && (is_named(&symbol.name) || is_subclass) && !fields(view, *at).is_empty()
    };
    let mut found: Vec<usize> = view.code.ours().filter(is_told).collect();
    found.sort_by_cached_key(|at| {
        let symbol = view.code.symbols[*at];
        let name = symbol.name.to_lowercase();
        // What configures the whole comes before the options of one function, and what users see before the rest.
        let is_of_one = ["options", "opts", "args"].iter().any(|ending| name.ends_with(ending));
        let is_hidden = !view.code.is_public(*at) && (symbol.name.starts_with('_') || is_of_one);
        let is_apart = view.parts.is_aside(view.code.path(*at)) || !crate::layout::is_at_top(view, *at);
        let weight = view.ranks.of(*at) + fields(view, *at).len().min(20) as u64;
        (is_apart, is_hidden, is_of_one, std::cmp::Reverse(weight), *at)
    });
    found
}

/// Lists the fields of a type that others may set.
pub(crate) fn fields(view: &View<'_>, at: usize) -> Vec<usize> {
    let code_of = &view.code;
    let is_field = |at: &usize| {
        use docpack::SymbolKind::{Field, Property};
        matches!(code_of.kind(*at), Some(Field | Property)) && !code_of.symbols[*at].name.starts_with('_')
    };
    crate::types::all_members(view, at).into_iter().filter(is_field).collect()
}

fn of_type(view: &View<'_>, at: usize) -> Vec<TourItem> {
    let code_of = &view.code;
    let fields = fields(view, at);
    let mut items = vec![
        item(format!("`{}` holds {}.", code_of.name(at), count(fields.len(), "setting", "settings")))
            .with([symbol(code_of, at)])
            .quoting(comment(code_of.symbols[at])),
    ];
    if fields.len() < 2 {
        items[0].text = format!("`{}`.", code_of.name(at));
    }
    let mut names: Vec<_> =
        fields.iter().take(MAX_FIELDS).map(|at| code(&signature(&code_of.symbols[*at].signature))).collect();
    if fields.len() > MAX_FIELDS {
        names.push(format!("{} more", fields.len() - MAX_FIELDS));
    }
    if names.len() > 1 {
        let evidence = fields.iter().take(MAX_FIELDS).map(|at| symbol(code_of, *at));
        items.push(item(format!("Settings: {}.", list(&names))).with(evidence).below());
    }
    items
}

/// Leaves the visibility out of a field's head.
fn signature(text: &str) -> String {
    let text = match text.strip_prefix("pub(").and_then(|rest| rest.split_once(") ")) {
        Some((_, rest)) => rest,
        None => text.strip_prefix("pub ").unwrap_or(text),
    };
    // A tag of Go repeats the name for each format.
    let text = text.split('`').next().unwrap_or(text).trim_end();
    text.trim_end_matches([';', ',']).to_owned()
}

fn is_of_constant(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
}

/// Tells whether a call defines an option; any other hands it to a program.
fn defines_option(step: &Step) -> bool {
    const NAMES: [&str; 11] = [
        "add_argument",
        "add_option",
        "option",
        "flag",
        "long",
        "bool",
        "string",
        "int",
        "duration",
        "count",
        "switch",
    ];
    const ENDS: [&str; 5] = ["flag", "option", "argument", "var", "varp"];
    let name = step.text.rsplit(['.', ':']).next().unwrap_or_default().to_lowercase();
    // A pattern or a comparison reads an option of the program's own.
    step.kind != StepKind::Call
        || NAMES.contains(&name.as_str())
        || ENDS.iter().any(|end| name.ends_with(end))
}

/// Lists the options of the command line and the constants that bodies name.
pub(crate) fn options<'a>(view: &View<'a>) -> BTreeMap<&'a str, Vec<Place>> {
    let mut found = literals(view, LiteralKind::Option, defines_option);
    found.retain(|name, _| name.starts_with('-') || name.chars().all(is_of_constant));
    found
}

fn named(view: &View<'_>) -> Option<TourItem> {
    let found = options(view);
    let mut names: Vec<_> = found.keys().take(MAX_VARIABLES).map(|name| code(name)).collect();
    if found.len() > MAX_VARIABLES {
        names.push(format!("{} more", found.len() - MAX_VARIABLES));
    }
    let places = found.values().filter_map(|places| places.first());
    let evidence = places.map(|(at, at_line)| line(&view.code, *at, *at_line));
    (!names.is_empty()).then(|| item(format!("Options named in the code: {}.", list(&names))).with(evidence))
}
