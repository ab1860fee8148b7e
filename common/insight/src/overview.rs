//! Folders and the whole repository in a short paragraph.

use docpack::{Language, Role};
use model::context::{
    GenerateInput, ModuleContext, Neighbour, Overview, OverviewSet, RepositoryContext, SummarySource,
    Verdict, Words,
};

use crate::summary::summarise;
use crate::wording::{code, count, list};
use prose::{introduction, lead_about, lead_sentence, thousands};

const MAX_CENTRAL: usize = 5;
const MAX_FOLDERS: usize = 5;
const MAX_PACKAGES: usize = 6;
const MAX_THEMES: usize = 6;
/// Folders of which a folder of tests is said to be.
const MAX_SUBJECTS: usize = 2;
/// Symbols told of a folder about which nobody says a word.
const MAX_PROVIDED: usize = 3;

/// Puts the contexts of a unit into words without a model.
pub fn extractive(input: &GenerateInput) -> Words {
    match input {
        GenerateInput::Symbols(contexts) => Words::Symbols(contexts.iter().filter_map(summarise).collect()),
        GenerateInput::Repository(context) => Words::Repository(Box::new(overviews(context))),
        GenerateInput::Insights(_) => Words::Insights(Vec::new()),
    }
}

/// Writes the architecture overview and one overview per folder, in path order.
pub fn overviews(context: &RepositoryContext) -> OverviewSet {
    OverviewSet {
        architecture: overview("", architecture_overview(context)),
        modules: context
            .modules
            .iter()
            .map(|module| overview(&module.path, module_overview(module)))
            .collect(),
    }
}

fn overview(path: &str, text: String) -> Overview {
    Overview { path: path.to_owned(), text, source: SummarySource::Extractive, verdict: Verdict::Extractive }
}

/// Describes the repository: what its README says, what it is made of, what everything rests on.
pub fn architecture_overview(context: &RepositoryContext) -> String {
    if context.n_files == 0 {
        return "No source file in a supported language was found.".to_owned();
    }
    let lead = introduction(context.readme_lead.as_deref(), context.description.as_deref());
    let sentences = [
        lead.unwrap_or_default(),
        composition(context),
        largest_folders(context),
        themes(context),
        names("Most relied upon: ", &context.central, "."),
        names("It starts at ", &context.entry_points, "."),
        packages(context),
        coupling(context),
    ];
    paragraphs(&sentences)
}

fn paragraphs(sentences: &[String]) -> String {
    sentences.iter().filter(|sentence| !sentence.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}

fn composition(context: &RepositoryContext) -> String {
    let shares: Vec<_> = context
        .languages
        .iter()
        .map(|share| {
            format!(
                "{} ({}, {})",
                language_name(share.language),
                count(share.n_files as usize, "file"),
                count(share.n_lines as usize, "line")
            )
        })
        .collect();
    let name = context.name.as_deref().map_or("The code".to_owned(), code);
    format!(
        "{name} is written in {}, defining {} joined by {}.",
        list(&shares, shares.len()),
        count(context.n_symbols as usize, "symbol"),
        count(context.n_edges as usize, "relation"),
    )
}

/// Returns the name as people write it.
fn language_name(language: Language) -> &'static str {
    match language {
        Language::Rust => "Rust",
        Language::Python => "Python",
        Language::TypeScript => "TypeScript",
        Language::JavaScript => "JavaScript",
        Language::Go => "Go",
    }
}

fn largest_folders(context: &RepositoryContext) -> String {
    if context.modules.len() < 2 {
        return String::new();
    }
    let mut largest: Vec<_> = context.modules.iter().collect();
    largest.sort_by(|a, b| b.n_symbols.cmp(&a.n_symbols).then_with(|| a.path.cmp(&b.path)));
    let names: Vec<_> = largest
        .iter()
        .take(MAX_FOLDERS)
        .map(|module| format!("{} ({})", folder(&module.path), thousands(module.n_symbols.into())))
        .collect();
    format!("Its largest folders by symbols of their own files are {}.", list(&names, context.modules.len()))
}

fn folder(path: &str) -> String {
    if path == "." || path.is_empty() { "the root folder".to_owned() } else { code(path) }
}

fn themes(context: &RepositoryContext) -> String {
    let labels: Vec<_> = context
        .clusters
        .iter()
        .filter(|c| !c.label.is_empty() && !c.central.is_empty())
        .take(MAX_THEMES)
        .map(|c| c.label.clone())
        .collect();
    if labels.is_empty() {
        return String::new();
    }
    format!("Its largest groups of related code are labelled {}.", list(&labels, labels.len()))
}

fn names(opening: &str, neighbours: &[Neighbour], end: &str) -> String {
    // Two that are shown alike tell a reader no more than one.
    let mut shown: Vec<String> = Vec::new();
    for name in neighbours.iter().map(|neighbour| code(&neighbour.display_name)) {
        if shown.len() < MAX_CENTRAL && !shown.contains(&name) {
            shown.push(name);
        }
    }
    if shown.is_empty() { String::new() } else { format!("{opening}{}{end}", list(&shown, shown.len())) }
}

fn packages(context: &RepositoryContext) -> String {
    let shown: Vec<_> = context.external.iter().take(MAX_PACKAGES).map(|used| code(&used.package)).collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("Calls leave the repository most often for {}.", list(&shown, shown.len()))
}

fn coupling(context: &RepositoryContext) -> String {
    let shown: Vec<_> = context
        .coupling
        .iter()
        .take(3)
        .map(|pair| {
            format!("{} on {} ({})", folder(&pair.from), folder(&pair.to), thousands(pair.weight.into()))
        })
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("The strongest dependencies between folders, by references, are {}.", list(&shown, shown.len()))
}

/// Describes a folder: what its author says of it, what it holds, what it depends on.
pub fn module_overview(module: &ModuleContext) -> String {
    let own = module.doc_comment.as_deref().and_then(lead_sentence).or_else(|| module.readme_lead.clone());
    let lead = own.or_else(|| support(module)).or_else(|| quoted(module)).or_else(|| provided(module));
    let sentences = [
        lead.unwrap_or_default(),
        contents(module),
        names("Most central: ", &module.central, "."),
        depends(module),
    ];
    paragraphs(&sentences)
}

/// What a folder of tests, examples or benchmarks is there for.
fn support(module: &ModuleContext) -> Option<String> {
    let what = match module.role {
        Some(Role::Test) => "Tests",
        Some(Role::Example) => "Example code",
        Some(Role::Benchmark) => "Benchmarks",
        _ => return None,
    };
    let of: Vec<_> = module.depends_on.iter().take(MAX_SUBJECTS).map(|path| folder(path)).collect();
    let link = if module.role == Some(Role::Example) { "that uses" } else { "of" };
    let rest = if of.is_empty() { String::new() } else { format!(" {link} {}", list(&of, of.len())) };
    Some(format!("{what}{rest}."))
}

/// What the author says of the most central part, where nobody says what the whole is.
fn quoted(module: &ModuleContext) -> Option<String> {
    let mut described = module.described.iter();
    let (symbol, lead) =
        described.find_map(|(symbol, comment)| Some((symbol, lead_about(comment, &symbol.name)?)))?;
    // In Go the comment begins with the name: `Client keeps …`.
    let is_verb = |rest: &&str| rest.split_whitespace().next().is_some_and(|word| word.ends_with('s'));
    let own = lead.strip_prefix(&symbol.name).filter(|rest| rest.starts_with(' ')).filter(is_verb);
    Some(match own {
        Some(rest) => format!("Most central is {}, which {}", code(&symbol.name), rest.trim_start()),
        None => format!("Most central is {}: {lead}", code(&symbol.name)),
    })
}

/// What others use of a folder about which nobody says a word.
fn provided(module: &ModuleContext) -> Option<String> {
    let mut shown: Vec<String> = module.central.iter().map(|it| code(&it.name)).collect();
    shown.dedup();
    let users: Vec<_> = module.used_by.iter().take(MAX_SUBJECTS).map(|path| folder(path)).collect();
    shown.truncate(MAX_PROVIDED);
    let is_told = !shown.is_empty() && !users.is_empty();
    is_told
        .then(|| format!("Provides {} to {}.", list(&shown, shown.len()), list(&users, module.used_by.len())))
}

fn contents(module: &ModuleContext) -> String {
    let languages: Vec<_> =
        module.languages.iter().map(|language| language_name(*language).to_owned()).collect();
    let mut held = Vec::new();
    if module.n_functions > 0 {
        held.push(count(module.n_functions as usize, "function"));
    }
    if module.n_types > 0 {
        held.push(count(module.n_types as usize, "type"));
    }
    if held.is_empty() {
        held.push(count(module.n_symbols as usize, "symbol"));
    }
    let place = capitalised_folder(&module.path);
    format!(
        "{place} holds {} in {} of {}.",
        list(&held, held.len()),
        count(module.n_files as usize, "file"),
        list(&languages, languages.len())
    )
}

fn capitalised_folder(path: &str) -> String {
    let name = folder(path);
    name.strip_prefix("the ").map_or(name.clone(), |rest| format!("The {rest}"))
}

fn depends(module: &ModuleContext) -> String {
    let shown = |paths: &[String]| -> String {
        let names: Vec<_> = paths.iter().take(3).map(|path| folder(path)).collect();
        list(&names, paths.len())
    };
    match (module.depends_on.is_empty(), module.used_by.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("Relies on {}.", shown(&module.depends_on)),
        (true, false) => format!("Used by {}.", shown(&module.used_by)),
        (false, false) => {
            format!("Relies on {}; used by {}.", shown(&module.depends_on), shown(&module.used_by))
        }
    }
}
