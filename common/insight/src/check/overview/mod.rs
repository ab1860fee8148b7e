//! Overviews against what was computed of the repository.

mod counts;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use model::context::{ModuleContext, Neighbour, RepositoryContext};

use super::facts::{Names, identifiers, lower_words, names_of};
use super::names::{self, Lexicon, is_known};
use super::numerals::{counted_in, numbers_in};
use super::substance::{self, Labels};
use super::tokens::{Shape, Token};
use super::{Checked, Report, form, shown};
use crate::hygiene;
use counts::{Count, Noun};

/// Overviews are longer than summaries.
const MAX_OVERVIEW_CHARS: usize = 900;
const MAX_OVERVIEW_SENTENCES: usize = 6;

/// Checks the overview of a folder.
pub fn check_module(text: &str, module: &ModuleContext, repository: &RepositoryContext) -> Checked {
    let mut ground = Ground::default();
    ground.texts([module.path.as_str()]);
    ground.texts(module.cluster_labels.iter().map(String::as_str));
    ground.texts(module.depends_on.iter().chain(&module.used_by).map(String::as_str));
    ground.texts(module.languages.iter().map(|it| it.as_str()));
    ground.texts(repository.name.as_deref());
    ground.symbols(&module.central);
    ground.prose(module.doc_comment.as_deref());
    ground.sayings(&module.central, repository);
    ground.counts_of("", module);
    let is_other = |it: &&ModuleContext| it.path != module.path;
    for folder in repository.modules.iter().filter(is_other).chain([module]) {
        ground.folder(folder);
        ground.counts_of(&folder.path, folder);
    }
    ground.repository.clone_from(&repository.name);
    ground.subject = Some(module.path.clone());
    ground.labels = repository.name.iter().chain([&module.path]).cloned().collect();
    ground.check(text)
}

/// Checks the overview of the whole repository.
pub fn check_architecture(text: &str, repository: &RepositoryContext) -> Checked {
    let mut ground = Ground { labels: repository.name.iter().cloned().collect(), ..Ground::default() };
    ground.repository.clone_from(&repository.name);
    ground.texts(repository.name.as_deref());
    ground.texts(repository.external.iter().map(|it| it.package.as_str()));
    ground.texts(repository.languages.iter().map(|it| it.language.as_str()));
    ground.symbols(&repository.central);
    ground.symbols(&repository.entry_points);
    ground.prose(repository.readme_lead.as_deref());
    ground.prose(repository.description.as_deref());
    let of_folders = repository.modules.iter().map(|it| &it.central);
    let of_groups = repository.clusters.iter().map(|it| &it.central);
    for symbols in
        [&repository.central, &repository.entry_points].into_iter().chain(of_folders).chain(of_groups)
    {
        ground.sayings(symbols, repository);
    }
    let n_lines = repository.languages.iter().map(|it| it.n_lines).sum();
    ground.counts([
        ("", Noun::Files, repository.n_files),
        ("", Noun::Symbols, repository.n_symbols),
        ("", Noun::Relations, repository.n_edges),
        ("", Noun::Lines, n_lines),
        ("", Noun::Functions, repository.modules.iter().map(|it| it.n_functions).sum()),
        ("", Noun::Types, repository.modules.iter().map(|it| it.n_types).sum()),
        ("", Noun::Folders, repository.modules.len() as u32),
        ("", Noun::Groups, repository.clusters.len() as u32),
        ("", Noun::Packages, repository.external.len() as u32),
        ("", Noun::Languages, repository.languages.len() as u32),
        ("", Noun::EntryPoints, repository.entry_points.len() as u32),
        ("", Noun::Dependencies, repository.coupling.len() as u32),
    ]);
    for share in &repository.languages {
        let name = share.language.as_str();
        ground.counts([(name, Noun::Files, share.n_files), (name, Noun::Lines, share.n_lines)]);
    }
    for used in &repository.external {
        ground.packages.insert(used.package.clone());
        ground.counts([(used.package.as_str(), Noun::References, used.n_sites)]);
    }
    for cluster in &repository.clusters {
        ground.texts([cluster.label.as_str()]);
        ground.symbols(&cluster.central);
        ground.counts([(cluster.label.as_str(), Noun::Symbols, cluster.n_members)]);
    }
    for module in &repository.modules {
        ground.texts([module.path.as_str()]);
        ground.symbols(&module.central);
        ground.folder(module);
        ground.counts_of(&module.path, module);
    }
    for pair in &repository.coupling {
        ground.texts([pair.from.as_str(), pair.to.as_str()]);
        for folder in [&pair.from, &pair.to] {
            ground.counts([(folder.as_str(), Noun::References, pair.weight)]);
        }
        ground.relies.insert((pair.from.clone(), pair.to.clone()));
    }
    ground.check(text)
}

/// What an overview may rest on.
#[derive(Default)]
struct Ground {
    known: Names,
    /// Of names and paths, not of comments.
    in_code: Names,
    /// Numbers that stand in a name or a comment, and what the comments say how many there are of.
    text_numbers: BTreeSet<u64>,
    told: BTreeSet<(u64, String)>,
    counts: Vec<Count>,
    folders: BTreeSet<String>,
    packages: BTreeSet<String>,
    repository: Option<String>,
    /// Which folder relies on which.
    relies: BTreeSet<(String, String)>,
    /// Symbols as they are shown, and the files they stand in.
    symbols: BTreeMap<String, BTreeSet<String>>,
    /// What was written about a symbol, and its name; about anything, without one.
    sayings: BTreeSet<(Option<String>, String)>,
    /// The folder that a sentence without a subject is about.
    subject: Option<String>,
    /// What it is called.
    labels: Vec<String>,
}

impl Ground {
    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        for text in texts {
            let names = names_of([text]);
            self.known.extend(names.iter().cloned());
            self.in_code.extend(names);
            self.text_numbers.extend(numbers_in(text));
        }
    }

    fn symbols(&mut self, symbols: &[Neighbour]) {
        self.texts(symbols.iter().flat_map(|it| [it.display_name.as_str(), it.file_path.as_str()]));
        for symbol in symbols {
            let files = self.symbols.entry(symbol.display_name.clone()).or_default();
            files.insert(symbol.file_path.clone());
        }
    }

    fn prose(&mut self, text: Option<&str>) {
        let lines = hygiene::lines(text.unwrap_or_default());
        let kept: Vec<&str> = lines.lines().filter(|line| *line != hygiene::LEFT_OUT).collect();
        let text = kept.join("\n");
        self.known.extend(names_of([text.as_str()]));
        self.told.extend(counted_in(&text));
        self.text_numbers.extend(self.told.iter().map(|it| it.0));
        self.sayings.insert((None, text));
    }

    /// What was said of the symbols that are told about.
    fn sayings(&mut self, symbols: &[Neighbour], repository: &RepositoryContext) {
        for symbol in symbols {
            let Some(text) = repository.summaries.get(&symbol.id) else { continue };
            self.known.extend(names_of([text.as_str()]));
            self.sayings.insert((Some(symbol.display_name.clone()), text.clone()));
        }
    }

    fn folder(&mut self, module: &ModuleContext) {
        let path = module.path.as_str();
        self.folders.insert(path.to_owned());
        self.relies.extend(module.depends_on.iter().map(|to| (path.to_owned(), to.clone())));
        self.relies.extend(module.used_by.iter().map(|from| (from.clone(), path.to_owned())));
        // Where the repository is not known, its folders are the ones that are named.
        self.folders.extend(module.depends_on.iter().chain(&module.used_by).cloned());
    }

    fn counts_of(&mut self, owner: &str, module: &ModuleContext) {
        self.counts([
            (owner, Noun::Files, module.n_files),
            (owner, Noun::Symbols, module.n_symbols),
            (owner, Noun::Functions, module.n_functions),
            (owner, Noun::Types, module.n_types),
            (owner, Noun::Languages, module.languages.len() as u32),
            (owner, Noun::Groups, module.cluster_labels.len() as u32),
            (owner, Noun::Folders, module.depends_on.len() as u32),
            (owner, Noun::Folders, module.used_by.len() as u32),
            (owner, Noun::Dependencies, module.depends_on.len() as u32),
        ]);
    }

    fn counts<'o>(&mut self, counts: impl IntoIterator<Item = (&'o str, Noun, u32)>) {
        let counts = counts.into_iter();
        self.counts.extend(counts.map(|(owner, noun, n)| Count {
            owner: owner.to_owned(),
            noun,
            n: u64::from(n),
        }));
    }

    fn check(&self, text: &str) -> Checked {
        let mut report = Report::default();
        let limits = form::Limits { max_chars: MAX_OVERVIEW_CHARS, max_sentences: MAX_OVERVIEW_SENTENCES };
        let Some(tokens) = form::read(text, &limits, &mut report) else { return report.finish() };
        let words = lower_words(&self.known);
        let lexicon = Lexicon {
            known: &self.known,
            in_code: &self.in_code,
            words: &words,
            // `built on Django` is a claim that a package would have to show.
            free: &[names::PROPER],
        };
        for (idx, token) in tokens.iter().enumerate() {
            match token.shape {
                Shape::Code => self.name(token.text, &mut report),
                Shape::Word => names::odd_word(token, idx, &lexicon, &mut report),
                Shape::Mark => {}
            }
        }
        let leads = self.leads(&tokens);
        self.numbers(&tokens, &leads, &mut report);
        self.relations(&tokens, &leads, &mut report);
        let labels = Labels::of(self.labels.iter().map(String::as_str));
        substance::check(&tokens, &labels, &BTreeSet::new(), &mut report);
        report.finish()
    }

    fn name(&self, text: &str, report: &mut Report) {
        let is_folder = self.folders.contains(plain(text));
        let unknown = identifiers(text).find(|name| !is_known(name, &self.known));
        match unknown.filter(|_| !is_folder) {
            Some(name) => {
                report.fault("unknown_name", format!("{} does not stand in the facts", shown(name)))
            }
            None => report.rests_on(format!("name:{}", text.chars().take(60).collect::<String>())),
        }
    }

    /// The folder that a token names; a word does so only beside a word for folders, or where `is_certain`.
    fn folder_at(&self, tokens: &[Token<'_>], idx: usize, is_certain: bool) -> Option<&str> {
        let token = tokens.get(idx)?;
        match token.shape {
            Shape::Mark => None,
            Shape::Code => self.folder_called(plain(token.text)),
            Shape::Word => {
                let is_beside = tokens.get(idx + 1).is_some_and(is_folder_word)
                    || idx.checked_sub(1).is_some_and(|it| is_folder_word(&tokens[it]));
                if is_beside && token.is_word("root") {
                    return self.folders.iter().map(String::as_str).find(|it| matches!(*it, "." | ""));
                }
                let is_symbol = self.symbols.keys().any(|it| it == token.text);
                let said = plain(token.text);
                let found = self.folder_called(said).or_else(|| self.folder_called(&said.to_lowercase()));
                found.filter(|_| is_beside || is_certain && !is_symbol)
            }
        }
    }

    /// By its path, or by its last part where no other folder, symbol or package is called so.
    fn folder_called(&self, name: &str) -> Option<&str> {
        if let Some(path) = self.folders.get(name) {
            return Some(path);
        }
        let last = |path: &str| path.rsplit('/').next() == Some(name);
        let mut called = self.folders.iter().filter(|path| last(path));
        let (first, second) = (called.next(), called.next());
        let is_taken = self.symbols.contains_key(name) || self.packages.contains(name);
        first.filter(|_| second.is_none() && !is_taken && !name.is_empty()).map(String::as_str)
    }
}

fn plain(path: &str) -> &str {
    path.trim_end_matches('/')
}

fn is_folder_word(token: &Token<'_>) -> bool {
    token.is_one_of(&[
        "folder",
        "folders",
        "directory",
        "directories",
        "package",
        "packages",
        "module",
        "modules",
        "subpackage",
        "submodule",
        "subfolder",
        "crate",
    ])
}
