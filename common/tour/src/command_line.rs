//! Options and commands of a command line, as the code declares them to the library that reads it.

use docpack::StepKind;
use docpack::records::{Step, Symbol, TourItem};
use prose::{first_paragraph, first_sentence};

use crate::View;
use crate::code::Code;
use crate::item::{With, item, line};
use crate::text::{clip, code, list};

/// Names that one sentence lists.
const MAX_NAMED: usize = 12;
/// More of a help text is not quoted.
const MAX_HELP_CHARS: usize = 60;
/// Calls of one chain that declare an option: its help stands at the end.
const MAX_CHAIN: usize = 14;

/// An option or a command with its help text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) help: Option<String>,
    /// The symbol that declares it, and the line.
    pub(crate) place: (usize, u32),
}

/// What the code declares of its command line.
#[derive(Debug, Default)]
pub(crate) struct CommandLine {
    pub(crate) options: Vec<Declared>,
    pub(crate) commands: Vec<Declared>,
}

/// Collects what the product declares; what its authors' tools do only where nothing else does.
pub(crate) fn find(view: &View<'_>) -> CommandLine {
    let code = &view.code;
    let mut found = CommandLine::default();
    for at in code.ours().filter(|at| !view.parts.is_aside(code.path(*at))) {
        of_attributes(code, at, &mut found);
        let steps = code.body(at).map_or(&[][..], |body| &body.steps);
        for (n, step) in steps.iter().enumerate().filter(|(_, step)| step.kind == StepKind::Call) {
            let rest = &steps[n + 1..steps.len().min(n + 1 + MAX_CHAIN)];
            let declared = |(name, help): (String, Option<String>)| Declared {
                name,
                help: help.filter(|help| !help.is_empty()),
                place: (at, step.line),
            };
            let language = code.symbols[at].language.as_str();
            found.options.extend(option(language, step, rest).map(declared));
            found.commands.extend(command(language, step, rest).map(declared));
        }
    }
    for list in [&mut found.options, &mut found.commands] {
        settle(code, list);
    }
    found
}

/// Leaves tools and repetitions out, and puts the symbol that declares the most first.
fn settle(code: &Code<'_>, found: &mut Vec<Declared>) {
    let is_of_tools = |it: &Declared| {
        let folders = ["tools", "tool", "_tools", "hack", "xtask", "scripts"];
        code.path(it.place.0).split('/').rev().skip(1).any(|folder| folders.contains(&folder))
    };
    if !found.iter().all(is_of_tools) {
        found.retain(|it| !is_of_tools(it));
    }
    let holder =
        |it: &Declared| code.owner(it.place.0).filter(|owner| code.is_type(*owner)).unwrap_or(it.place.0);
    let n_of =
        |it: &Declared, all: &[Declared]| all.iter().filter(|other| holder(other) == holder(it)).count();
    let mut order: Vec<_> =
        found.iter().map(|it| (std::cmp::Reverse(n_of(it, found)), it.place, it.clone())).collect();
    order.sort_by_key(|(n, place, _)| (*n, *place));
    found.clear();
    for (_, _, it) in order {
        if !found.iter().any(|known| known.name == it.name) {
            found.push(it);
        }
    }
}

/// Reads `#[arg(long, help = "…")]` of a field, and `@click.option("--name", help="…")` of a function.
fn of_attributes(code: &Code<'_>, at: usize, found: &mut CommandLine) {
    let symbol = code.symbols[at];
    for attribute in &symbol.attributes {
        let (head, arguments) = attribute.split_once('(').unwrap_or((attribute, ""));
        let head = head.trim_start_matches(['#', '[', '@']);
        let last = head.rsplit(['.', ':']).next().unwrap_or_default();
        let is_clap = attribute.starts_with("#[") && matches!(head, "arg" | "clap" | "structopt");
        let has_long =
            arguments.split(',').any(|word| word.trim().trim_end_matches([')', ']']).starts_with("long"));
        let name = match (is_clap && has_long, attribute.starts_with('@') && last == "option") {
            (true, _) => Some(format!("--{}", symbol.name.trim_start_matches("r#").replace('_', "-"))),
            (_, true) => quoted_words(arguments).find(|word| word.starts_with("--")).map(str::to_owned),
            _ => None,
        };
        let of_help = ["help = ", "help="].iter().find_map(|mark| arguments.split_once(mark));
        let help = of_help.and_then(|(_, rest)| literal(rest.split("\",").next().unwrap_or(rest)));
        let help = help.map(str::to_owned).or_else(|| if is_clap { of_comment(symbol) } else { None });
        let place = (at, code.line(at));
        found.options.extend(name.map(|name| Declared { name, help, place }));
    }
}

fn of_comment(symbol: &Symbol) -> Option<String> {
    let paragraph = first_paragraph(symbol.doc_comment.as_deref()?)?;
    Some(first_sentence(&paragraph).to_owned())
}

/// Lists what stands between quotes.
fn quoted_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '\'']).skip(1).step_by(2)
}

/// Takes a text out of its quotes; one that was cut ends with an ellipsis.
pub(crate) fn literal(argument: &str) -> Option<&str> {
    let argument = argument.trim();
    let quote = argument.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inner = &argument[1..];
    let is_end = |(at, c): &(usize, char)| *c == quote && !inner[..*at].ends_with('\\');
    let end = inner.char_indices().find(is_end).map_or(inner.len(), |(at, _)| at);
    Some(&inner[..end])
}

/// Finds the help text of a Python call: `help="…"`.
fn python_help(step: &Step) -> Option<String> {
    let help = step.arguments.iter().find_map(|it| it.strip_prefix("help="))?;
    literal(help).map(str::to_owned)
}

/// Finds the argument of a later call in the same chain: `.help("…")`.
fn in_chain(step: &Step, rest: &[Step], head: &str, names: &[&str]) -> Option<String> {
    let chain = rest.iter().take_while(|it| !(it.text == step.text && it.kind == step.kind));
    let mut chain = chain.filter(|it| it.text.starts_with(head));
    let found = chain.find(|it| names.contains(&it.text.rsplit('.').next().unwrap_or_default()))?;
    literal(found.arguments.first()?).map(str::to_owned)
}

fn is_name(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

/// Reads the declaration of an option: its name and its help.
fn option(language: &str, step: &Step, rest: &[Step]) -> Option<(String, Option<String>)> {
    let last = step.text.rsplit(['.', ':']).next().unwrap_or_default();
    match language {
        "python" if matches!(last, "add_argument" | "add_option") => {
            let names = step.arguments.iter().filter_map(|it| literal(it));
            let name =
                names.filter(|name| name.starts_with('-')).max_by_key(|name| name.starts_with("--"))?;
            Some((name.to_owned(), python_help(step)))
        }
        "rust"
            if last == "long" && step.text.starts_with("Arg::new()")
                || step.text.ends_with("Arg::new().long") =>
        {
            let name = literal(step.arguments.first()?).filter(|name| is_name(name))?;
            Some((format!("--{name}"), in_chain(step, rest, "Arg::new()", &["help"])))
        }
        "go" => go_option(step, last),
        "javascript" | "typescript" if matches!(last, "option" | "requiredOption" | "addOption") => {
            let flags = literal(step.arguments.first()?).filter(|it| it.starts_with('-'))?;
            let name = flags.split([',', ' ', '|']).find(|word| word.starts_with("--")).unwrap_or(flags);
            Some((name.to_owned(), step.arguments.get(1).and_then(|it| literal(it)).map(str::to_owned)))
        }
        _ => None,
    }
}

/// Reads `flags.BoolVarP(&force, "force", "f", false, "Never ask")` of Go.
fn go_option(step: &Step, last: &str) -> Option<(String, Option<String>)> {
    const KINDS: [&str; 14] = [
        "Bool",
        "String",
        "Int",
        "Int64",
        "Uint",
        "Uint64",
        "Float64",
        "Duration",
        "Count",
        "StringSlice",
        "StringArray",
        "StringToString",
        "IntSlice",
        "Func",
    ];
    let bare = last.strip_suffix('P').unwrap_or(last);
    let (kind, is_var) = match bare.strip_suffix("Var") {
        Some(kind) => (kind, true),
        None => (bare, false),
    };
    let is_kind = KINDS.contains(&kind) || kind.is_empty() && is_var;
    let receiver = step.text.strip_suffix(last).unwrap_or_default().to_lowercase();
    let of_flags = receiver.contains("flag") || receiver.trim_end_matches('.') == "fs";
    let name = literal(step.arguments.get(usize::from(is_var))?).filter(|name| is_name(name))?;
    let help = step.arguments.get(2..).and_then(|rest| rest.last()).and_then(|it| literal(it));
    (is_kind && of_flags).then(|| (format!("--{name}"), help.map(str::to_owned)))
}

/// Reads the declaration of a command: its name and its help.
fn command(language: &str, step: &Step, rest: &[Step]) -> Option<(String, Option<String>)> {
    let last = step.text.rsplit(['.', ':']).next().unwrap_or_default();
    let first = || step.arguments.first().and_then(|it| literal(it));
    let named =
        |text: &str| text.split([' ', '<', '[']).next().filter(|name| is_name(name)).map(str::to_owned);
    match language {
        "python" if last == "add_parser" => Some((named(first()?)?, python_help(step))),
        "rust" if matches!(step.text.as_str(), "Command::new" | "App::new" | "SubCommand::with_name") => {
            let head = format!("{}()", step.text);
            // A command of the operating system has no words on it.
            let about = in_chain(step, rest, &head, &["about"])?;
            Some((named(first()?)?, Some(about)))
        }
        "javascript" | "typescript" if last == "command" && step.text.contains('.') => {
            let second = step.arguments.get(1).and_then(|it| literal(it)).map(str::to_owned);
            let help =
                second.or_else(|| in_chain(step, rest, &format!("{}()", step.text), &["description"]))?;
            Some((named(first()?)?, Some(help)))
        }
        _ => None,
    }
}

/// Lists options or commands in one sentence.
pub(crate) fn told(view: &View<'_>, what: &str, found: &[Declared]) -> Option<TourItem> {
    let mut names: Vec<String> = found.iter().take(MAX_NAMED).map(Declared::words).collect();
    if found.len() > MAX_NAMED {
        names.push(format!("{} more", found.len() - MAX_NAMED));
    }
    let evidence = found.iter().map(|it| line(&view.code, it.place.0, it.place.1));
    (!names.is_empty()).then(|| item(format!("{what}: {}.", list(&names))).with(evidence))
}

impl Declared {
    fn words(&self) -> String {
        match &self.help {
            Some(help) => {
                let help = clip(first_sentence(help).trim_end_matches('.'), MAX_HELP_CHARS);
                format!("{} (“{}”)", code(&self.name), help.replace("\\\"", "\""))
            }
            None => code(&self.name),
        }
    }
}

/// Lists the functions that make a command for a library of Go.
pub(crate) fn go_commands(view: &View<'_>) -> Option<TourItem> {
    const TYPES: [&str; 3] = ["*cobra.Command", "*cli.Command", "*ffcli.Command"];
    let code_of = &view.code;
    let is_made = |at: &usize| {
        let made = code_of.symbols[*at].return_type.as_deref().unwrap_or_default();
        code_of.is_callable(*at)
            && TYPES.contains(&made)
            && !code_of.symbols[*at].name.to_lowercase().contains("root")
    };
    let found: Vec<usize> = code_of.ours().filter(is_made).collect();
    let mut names: Vec<String> =
        found.iter().take(MAX_NAMED).map(|at| format!("`{}`", code_of.name(*at))).collect();
    if found.len() > MAX_NAMED {
        names.push(format!("{} more", found.len() - MAX_NAMED));
    }
    let evidence = found.iter().map(|at| crate::item::symbol(code_of, *at));
    (found.len() > 1).then(|| {
        item(format!("Each command is made by a function of its own: {}.", list(&names))).with(evidence)
    })
}
