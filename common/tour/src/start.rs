//! Where the repository starts: programs, commands, routes and the public interface.

use std::collections::BTreeMap;

use docpack::records::{Step, TourEvidence, TourItem, TourSection};
use docpack::{EdgeKind, StepKind, SymbolKind, Topic};

use crate::item::{self, With, item, line, symbol};
use crate::layout::is_at_top;
use crate::programs::installed;
use crate::text::{code, comment, count, list};
use crate::{View, command_line};

/// Entry points of each sort that are told.
const MAX_TOLD: usize = 8;
/// Names that one sentence lists.
const MAX_NAMED: usize = 12;

/// What a reader or another program may start from; each list has the most important first.
#[derive(Debug, Default)]
pub(crate) struct Start {
    /// Functions and files that run as a program.
    pub(crate) programs: Vec<usize>,
    /// Those that a package installs, with the names that their users type, the main one first.
    pub(crate) names: Vec<(usize, String)>,
    /// Callables that are a command of a program.
    pub(crate) commands: Vec<usize>,
    pub(crate) routes: Vec<Route>,
    /// Public callables that are no member.
    pub(crate) functions: Vec<usize>,
    pub(crate) types: Vec<usize>,
}

impl Start {
    pub(crate) fn is_installed(&self, at: usize) -> bool {
        self.names.iter().any(|(program, _)| *program == at)
    }
}

/// A path of a URL and the symbol where it stands.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) symbol: usize,
    /// Where it is registered.
    line: (usize, u32),
    text: String,
    /// The symbol is what answers.
    pub(crate) is_handler: bool,
}

/// Finds everything that starts something.
pub(crate) fn find(view: &View<'_>) -> Start {
    let code = &view.code;
    let mut start = Start::default();
    for found in installed(code) {
        start.names.push((found.at, found.name.to_owned()));
        if !start.programs.contains(&found.at) {
            start.programs.push(found.at);
        }
    }
    let scripts = code.all().filter(|at| code.role(*at) == docpack::Role::Script && !code.is_ours(*at));
    start.programs.extend(scripts.filter(|at| is_program(view, *at)));
    let installed = start.programs.clone();
    for at in code.ours() {
        start.routes.extend(routes(view, at));
        let is_offered = is_offered(view, at) && code.owner_type(at).is_none() && is_at_top(view, at);
        if installed.contains(&at) {
            continue;
        } else if is_program(view, at) {
            start.programs.push(at);
        } else if is_command(view, at) {
            start.commands.push(at);
        } else if is_offered && code.is_callable(at) {
            start.functions.push(at);
        } else if is_offered && code.is_type(at) {
            start.types.push(at);
        }
    }
    // What answers a request tells more than what names a path; the program itself more than its tools.
    start.routes.sort_by_key(|route| !route.is_handler);
    let order = |at: &usize| {
        let place = start.names.iter().position(|(program, _)| program == at);
        let is_apart =
            !code.is_ours(*at) || view.parts.is_aside(code.path(*at)) || is_of_tools(code.path(*at));
        (place.unwrap_or(start.names.len()), is_apart, code.path(*at).matches('/').count(), *at)
    };
    start.programs.sort_by_key(order);
    view.ranks.sort(&mut start.functions);
    view.ranks.sort(&mut start.types);
    start
}

/// Tells whether others may use a symbol; what stands in a folder `internal` of Go they may not.
pub(crate) fn is_offered(view: &View<'_>, at: usize) -> bool {
    let is_internal = view.code.symbols[at].language.as_str() == "go"
        && view.code.path(at).split('/').any(|folder| folder == "internal");
    // A program of Go offers nothing.
    let is_of_program = view.code.symbols[at].language.as_str() == "go"
        && view.code.owner(at).is_some_and(|owner| view.code.symbols[owner].name == "main");
    view.code.is_public(at) && !is_internal && !is_of_program
}

/// Finds `main` functions, and files that are run.
fn is_program(view: &View<'_>, at: usize) -> bool {
    let code = &view.code;
    let (folders, name) = code.path(at).rsplit_once('/').unwrap_or(("", code.path(at)));
    let symbol = code.symbols[at];
    // A hidden folder holds the authors' tools.
    if folders.starts_with('.') {
        return false;
    }
    if symbol.parent.is_none() {
        let is_bin =
            folders.split('/').next_back() == Some("bin") && symbol.language.as_str() == "javascript";
        return (name == "__main__.py" || is_bin)
            && code.leaving(at).iter().any(|link| link.kind == EdgeKind::Calls);
    }
    let is_main = symbol.name == "main" && code.kind(at) == Some(SymbolKind::Function);
    let has_right_file = match symbol.language.as_str() {
        "rust" => name == "main.rs" || folders.split('/').any(|folder| folder == "bin"),
        "go" => code.owner(at).is_some_and(|owner| code.symbols[owner].name == "main"),
        // An exported function is there for others, unless its own file calls it.
        "typescript" | "javascript" => code.owner(at).is_some_and(|owner| {
            code.leaving(owner).iter().any(|link| link.kind == EdgeKind::Calls && link.other == at)
        }),
        _ => true,
    };
    is_main && has_right_file && is_at_top(view, at)
}

/// Tells by its decorators whether a callable is a command.
fn is_command(view: &View<'_>, at: usize) -> bool {
    let attributes = &view.code.symbols[at].attributes;
    let names_a_command = |attribute: &String| {
        let head = attribute.split('(').next().unwrap_or_default();
        head.rsplit('.')
            .next()
            .is_some_and(|last| matches!(last.trim_start_matches('@'), "command" | "group"))
    };
    view.code.is_callable(at) && attributes.iter().any(names_a_command)
}

/// Lists the routes that a symbol's decorators or its body name.
fn routes(view: &View<'_>, at: usize) -> Vec<Route> {
    let symbol = view.code.symbols[at];
    let of_attributes = symbol.attributes.iter().filter_map(|attribute| {
        let text = route_of(attribute)?;
        Some(Route { symbol: at, line: (at, view.code.line(at)), text, is_handler: true })
    });
    let steps = view.code.body(at).into_iter().flat_map(|body| &body.steps);
    of_attributes.chain(steps.filter_map(|step| registered(view, at, step))).collect()
}

/// Reads a route out of a call that registers one: `mux.HandleFunc("GET /users", showUsers)`.
fn registered(view: &View<'_>, at: usize, step: &Step) -> Option<Route> {
    const VERBS: [&str; 14] = [
        "route",
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "head",
        "options",
        "any",
        "all",
        "handle",
        "handlefunc",
        "mount",
        "add_url_rule",
    ];
    let verb = step.text.rsplit(['.', ':']).next()?.to_lowercase();
    let text = step.arguments.first()?.trim_matches(['"', '\'', '`']);
    let path = text.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start();
    // A call with one argument reads something under a path.
    let is_route = step.kind == StepKind::Call && step.arguments.len() > 1 && path.starts_with('/');
    if !is_route || text.len() == step.arguments[0].len() || !VERBS.contains(&verb.as_str()) {
        return None;
    }
    let is_method = VERBS[1..8].contains(&verb.as_str());
    let text = if is_method { format!("{} {path}", verb.to_uppercase()) } else { text.to_owned() };
    let handler = handler(view, at, step);
    let symbol = handler.unwrap_or(at);
    Some(Route { symbol, line: (at, step.line), text, is_handler: handler.is_some() })
}

/// Finds the callable that a registering call is given.
fn handler(view: &View<'_>, at: usize, step: &Step) -> Option<usize> {
    let code = &view.code;
    let links = code.leaving(at).iter().filter(|link| {
        link.kind == EdgeKind::References && link.sites.iter().any(|site| site.line == step.line)
    });
    let is_given = |other: &usize| {
        let name = &code.symbols[*other].name;
        let is_named = |argument: &String| argument.rsplit(['.', ':']).next() == Some(name.as_str());
        code.is_callable(*other) && step.arguments[1..].iter().any(is_named)
    };
    links.map(|link| link.other).find(is_given)
}

/// Reads the path out of `@app.get("/users")`.
fn route_of(attribute: &str) -> Option<String> {
    const METHODS: [&str; 8] = ["route", "get", "post", "put", "delete", "patch", "head", "websocket"];
    let (head, arguments) = attribute.split_once('(')?;
    let verb = head.rsplit(['.', ':', '@', '[']).next()?.to_lowercase();
    let quoted = arguments.split(['"', '\'']).nth(1)?;
    (METHODS.contains(&verb.as_str()) && quoted.starts_with('/')).then(|| match verb.as_str() {
        "route" | "websocket" => quoted.to_owned(),
        verb => format!("{} {quoted}", verb.to_uppercase()),
    })
}

pub(crate) fn section(view: &View<'_>, start: &Start) -> Option<TourSection> {
    let mut items = Vec::new();
    let mut n_left_out = 0;
    let mut tell = |found: Vec<TourItem>| {
        n_left_out += found.len().saturating_sub(MAX_TOLD);
        items.extend(found.into_iter().take(MAX_TOLD));
    };
    let n_main = main_programs(view, start);
    tell(start.programs[..n_main].iter().map(|at| program(view, start, *at)).collect());
    tell(further_programs(view, &start.programs[n_main..]).into_iter().collect());
    tell(start.commands.iter().map(|at| named(view, *at, "Command")).collect());
    let command_line = command_line::find(view);
    let commands = command_line::told(view, "Commands of the command line", &command_line.commands);
    tell(commands.or_else(|| command_line::go_commands(view)).into_iter().collect());
    let handled = start.routes.iter().filter(|route| route.is_handler);
    tell(handled.map(|route| of_route(view, route)).collect());
    let named = routes_by_function(view, &start.routes);
    let functions: Vec<TourItem> =
        by_name(view, &start.functions).into_iter().map(|found| function(view, &found)).collect();
    // Without a program, paths are those of a part that others may use.
    let is_program = !start.programs.is_empty() || !start.commands.is_empty();
    let lists = if is_program { [named, functions] } else { [functions, named] };
    lists.into_iter().for_each(&mut tell);
    items.extend(types(view, start));
    item::section(Topic::Start, "Where it starts", items, n_left_out, None)
}

pub(crate) fn program(view: &View<'_>, start: &Start, at: usize) -> TourItem {
    let names = start.names.iter().filter(|(program, _)| *program == at);
    let names: Vec<String> = names.map(|(_, name)| code(name)).collect();
    let what = match names.len() {
        0 => "a program".to_owned(),
        1 => format!("the program {}", list(&names)),
        _ => format!("the programs {}", list(&names)),
    };
    item(format!("{} runs as {what}.", place_name(view, at)))
        .with([symbol(&view.code, at)])
        .quoting(comment(view.code.symbols[at]))
}

/// Names a function with its file, or the file alone.
fn place_name(view: &View<'_>, at: usize) -> String {
    match view.code.symbols[at].parent {
        None => format!("`{}`", view.code.path(at)),
        Some(_) => format!("`{}` in `{}`", view.code.name(at), view.code.path(at)),
    }
}

/// Counts the programs that a newcomer starts from: those that are installed, else those as near to the root as the first.
fn main_programs(view: &View<'_>, start: &Start) -> usize {
    let n_installed = start.programs.iter().filter(|at| start.is_installed(**at)).count();
    if n_installed > 0 {
        return n_installed;
    }
    let key = |at: usize| {
        let path = view.code.path(at);
        let is_apart = !view.code.is_ours(at) || view.parts.is_aside(path) || is_of_tools(path);
        (is_apart, path.matches('/').count())
    };
    let first = start.programs.first().map(|at| key(*at)).filter(|(is_apart, _)| !is_apart);
    start.programs.iter().take_while(|at| Some(key(**at)) == first).count()
}

/// Names the programs of a repository's authors.
fn further_programs(view: &View<'_>, found: &[usize]) -> Option<TourItem> {
    const MAX_FURTHER: usize = 6;
    let mut names: Vec<String> = found.iter().take(MAX_FURTHER).map(|at| place_name(view, *at)).collect();
    if found.len() > MAX_FURTHER {
        names.push(format!("{} more", found.len() - MAX_FURTHER));
    }
    let evidence = found.iter().take(MAX_FURTHER).map(|at| symbol(&view.code, *at));
    (!names.is_empty()).then(|| item(format!("Further programs: {}.", list(&names))).with(evidence))
}

/// Tells whether a folder holds programs for the repository's authors.
fn is_of_tools(path: &str) -> bool {
    const FOLDERS: [&str; 6] = ["internal", "tools", "tool", "hack", "xtask", "scripts"];
    path.split('/').rev().skip(1).any(|folder| FOLDERS.contains(&folder))
}

pub(crate) fn named(view: &View<'_>, at: usize, what: &str) -> TourItem {
    item(format!("{what} `{}`.", view.code.name(at)))
        .with([symbol(&view.code, at)])
        .quoting(comment(view.code.symbols[at]))
}

fn of_route(view: &View<'_>, route: &Route) -> TourItem {
    item(format!("Route {} is answered by `{}`.", code(&route.text), view.code.name(route.symbol)))
        .with([place_of(view, route)])
}

fn place_of(view: &View<'_>, route: &Route) -> TourEvidence {
    line(&view.code, route.line.0, route.line.1)
}

/// Tells which routes a function names without a handler of a name.
fn routes_by_function(view: &View<'_>, routes: &[Route]) -> Vec<TourItem> {
    let mut groups: BTreeMap<usize, Vec<&Route>> = BTreeMap::new();
    for route in routes.iter().filter(|route| !route.is_handler) {
        groups.entry(route.symbol).or_default().push(route);
    }
    let mut groups: Vec<(usize, Vec<&Route>)> = groups.into_iter().collect();
    groups.sort_by_key(|(at, found)| (std::cmp::Reverse(found.len()), *at));
    groups.iter().map(|(at, found)| named_routes(view, *at, found)).collect()
}

fn named_routes(view: &View<'_>, at: usize, found: &[&Route]) -> TourItem {
    let mut names: Vec<String> = found.iter().take(MAX_NAMED).map(|route| code(&route.text)).collect();
    if found.len() > MAX_NAMED {
        names.push(format!("{} more", found.len() - MAX_NAMED));
    }
    let what = if found.len() == 1 { "route" } else { "routes" };
    item(format!("`{}` names the {what} {}.", view.code.name(at), list(&names)))
        .with(found.iter().map(|route| place_of(view, route)))
}

/// Groups symbols of one name, such as the overloads and the forms for several systems, in the order of the first.
fn by_name(view: &View<'_>, symbols: &[usize]) -> Vec<Vec<usize>> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in symbols {
        let place = *places.entry(view.code.name(*at)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(*at),
            None => groups.push(vec![*at]),
        }
    }
    groups
}

/// Tells of a function; `found` holds all that have its name.
fn function(view: &View<'_>, found: &[usize]) -> TourItem {
    let Some(first) = found.first() else { return TourItem::default() };
    let shown = if view.ranks.is_documented(*first) { ", shown in the README" } else { "" };
    let text = match view.code.kind(*first) {
        Some(SymbolKind::Macro) => format!("Public macro {}", code(&format!("{}!", view.code.name(*first)))),
        _ => format!("Public function {}", code(&head(view, *first))),
    };
    item(format!("{text}{shown}."))
        .with(found.iter().map(|at| symbol(&view.code, *at)))
        .quoting(found.iter().find_map(|at| comment(view.code.symbols[*at])))
}

/// Writes a callable with the names of its parameters.
fn head(view: &View<'_>, at: usize) -> String {
    let parameters = view.code.symbols[at].parameters.iter().map(|parameter| parameter.name.as_str());
    format!("{}({})", view.code.name(at), parameters.collect::<Vec<_>>().join(", "))
}

/// Names the public types; a section of its own tells more of the first.
fn types(view: &View<'_>, start: &Start) -> Option<TourItem> {
    let names: Vec<_> =
        start.types.iter().take(MAX_NAMED).map(|at| format!("`{}`", view.code.name(*at))).collect();
    let more = start.types.len().saturating_sub(MAX_NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let text = format!(
        "It offers {}: {}{more}.",
        count(start.types.len(), "public type", "public types"),
        list(&names)
    );
    let evidence = start.types.iter().take(MAX_NAMED).map(|at| symbol(&view.code, *at));
    (!names.is_empty()).then(|| item(text).with(evidence))
}
