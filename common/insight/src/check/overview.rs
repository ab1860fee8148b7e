//! Overviews against what was computed of the repository.

use std::collections::BTreeSet;

use model::context::{ModuleContext, Neighbour, RepositoryContext};

use super::facts::{Names, identifiers, names_of, numbers_in};
use super::names::is_known;
use super::numbers::WORDS;
use super::phrases::is_negated;
use super::substance::{self, Labels};
use super::tokens::{Shape, Token, tokens};
use super::{Checked, Report, form, shown};
use crate::hygiene;

/// Overviews are longer than summaries.
const MAX_OVERVIEW_CHARS: usize = 900;
const MAX_OVERVIEW_SENTENCES: usize = 6;
/// Number words below this are as often no count: `the two halves`.
const FIRST_COUNTED: u64 = 3;

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
    ground.counts([module.n_files, module.n_symbols, module.n_functions, module.n_types]);
    ground.folders.extend(repository.modules.iter().map(|it| it.path.clone()));
    let path = module.path.as_str();
    ground.relies.extend(module.depends_on.iter().map(|to| (path.to_owned(), to.clone())));
    ground.relies.extend(module.used_by.iter().map(|from| (from.clone(), path.to_owned())));
    ground.subject = Some(path.to_owned());
    ground.labels = repository.name.iter().chain([&module.path]).cloned().collect();
    ground.check(text)
}

/// Checks the overview of the whole repository.
pub fn check_architecture(text: &str, repository: &RepositoryContext) -> Checked {
    let mut ground = Ground { labels: repository.name.iter().cloned().collect(), ..Ground::default() };
    ground.texts(repository.name.as_deref());
    ground.texts(repository.external.iter().map(|it| it.package.as_str()));
    ground.texts(repository.languages.iter().map(|it| it.language.as_str()));
    ground.symbols(&repository.central);
    ground.symbols(&repository.entry_points);
    ground.prose(repository.readme_lead.as_deref());
    ground.prose(repository.description.as_deref());
    ground.counts([repository.n_files, repository.n_symbols, repository.n_edges]);
    ground.counts(
        [repository.modules.len(), repository.clusters.len(), repository.external.len()].map(|n| n as u32),
    );
    ground.counts(repository.languages.iter().flat_map(|it| [it.n_files, it.n_lines]));
    ground.counts(repository.external.iter().map(|it| it.n_sites));
    ground.counts([repository.languages.len() as u32, repository.entry_points.len() as u32]);
    for cluster in &repository.clusters {
        ground.texts([cluster.label.as_str()]);
        ground.symbols(&cluster.central);
        ground.counts([cluster.n_members]);
    }
    for module in &repository.modules {
        ground.texts([module.path.as_str()]);
        ground.symbols(&module.central);
        ground.counts([module.n_files, module.n_symbols, module.n_functions, module.n_types]);
        ground.folders.insert(module.path.clone());
        ground.relies.extend(module.depends_on.iter().map(|to| (module.path.clone(), to.clone())));
        ground.relies.extend(module.used_by.iter().map(|from| (from.clone(), module.path.clone())));
    }
    for pair in &repository.coupling {
        ground.texts([pair.from.as_str(), pair.to.as_str()]);
        ground.counts([pair.weight]);
        ground.relies.insert((pair.from.clone(), pair.to.clone()));
    }
    ground.check(text)
}

/// What an overview may rest on.
#[derive(Default)]
struct Ground {
    known: Names,
    numbers: BTreeSet<u64>,
    folders: BTreeSet<String>,
    /// Which folder relies on which.
    relies: BTreeSet<(String, String)>,
    /// The folder that a sentence without a subject is about.
    subject: Option<String>,
    /// What it is called.
    labels: Vec<String>,
}

impl Ground {
    fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        for text in texts {
            self.known.extend(names_of([text]));
            self.numbers.extend(numbers_in(text));
        }
    }

    fn symbols(&mut self, symbols: &[Neighbour]) {
        self.texts(symbols.iter().flat_map(|it| [it.display_name.as_str(), it.file_path.as_str()]));
    }

    fn prose(&mut self, text: Option<&str>) {
        let lines = hygiene::lines(text.unwrap_or_default());
        self.texts(lines.lines().filter(|line| *line != hygiene::LEFT_OUT));
    }

    fn counts(&mut self, counts: impl IntoIterator<Item = u32>) {
        self.numbers.extend(counts.into_iter().map(u64::from));
    }

    fn check(&self, text: &str) -> Checked {
        let mut report = Report::default();
        let limits = form::Limits { max_chars: MAX_OVERVIEW_CHARS, max_sentences: MAX_OVERVIEW_SENTENCES };
        let tokens = tokens(text);
        form::check(text, &tokens, &limits, &mut report);
        if report.is_unreadable {
            return report.finish();
        }
        for (idx, token) in tokens.iter().enumerate() {
            match token.shape {
                Shape::Code => self.name(token.text, &mut report),
                Shape::Word => {
                    self.capital(&tokens, idx, &mut report);
                    self.number(token, &mut report);
                }
                Shape::Mark => {}
            }
        }
        self.relations(&tokens, &mut report);
        let labels = Labels::of(self.labels.iter().map(String::as_str));
        substance::check(&tokens, &labels, &BTreeSet::new(), &mut report);
        report.finish()
    }

    fn name(&self, text: &str, report: &mut Report) {
        let is_folder = self.folders.contains(text.trim_end_matches('/'));
        let unknown = identifiers(text).find(|name| !is_known(name, &self.known));
        match unknown.filter(|_| !is_folder) {
            Some(name) => {
                report.fault("unknown_name", format!("{} does not stand in the facts", shown(name)))
            }
            None => report.rests_on(format!("name:{}", text.chars().take(60).collect::<String>())),
        }
    }

    /// A capital within a sentence is a name; languages and known words aside it must be one of ours.
    fn capital(&self, tokens: &[Token<'_>], idx: usize, report: &mut Report) {
        let token = &tokens[idx];
        let letters = token.text.chars().filter(|c| c.is_alphabetic());
        let is_shouted = letters.clone().count() >= 6 && letters.clone().all(char::is_uppercase);
        let has_digit = token.text.chars().any(|c| c.is_ascii_digit()) && letters.count() >= 3;
        let is_known =
            identifiers(token.text).all(|it| self.known.iter().any(|known| known.eq_ignore_ascii_case(it)));
        if (is_shouted || has_digit) && !is_known {
            report.fault(
                "odd_word",
                format!("{} is no word and does not stand in the facts", shown(token.text)),
            );
        }
    }

    fn number(&self, token: &Token<'_>, report: &mut Report) {
        let word = WORDS.iter().find(|(word, _)| *word == token.lower).map(|it| it.1);
        let numbers = word.map_or_else(|| numbers_in(token.text), |n| vec![n]);
        for n in numbers {
            let is_count = word.is_none() || n >= FIRST_COUNTED;
            match (is_count, self.numbers.contains(&n)) {
                (true, false) => {
                    report.fault("unknown_number", format!("the number {n} does not stand in the facts"))
                }
                (true, true) => report.rests_on("counts"),
                (false, _) => {}
            }
        }
    }

    /// `` `a` depends on `b` and `c` ``, `Relies on`, `Used by`.
    fn relations(&self, tokens: &[Token<'_>], report: &mut Report) {
        for idx in 0..tokens.len() {
            let Some((end, is_passive)) = reliance(tokens, idx) else { continue };
            let named = tokens[..idx]
                .iter()
                .rev()
                .find(|it| it.sentence == tokens[idx].sentence && self.is_folder(it));
            let Some(subject) = named.map(|it| it.text).or(self.subject.as_deref()) else { continue };
            let objects = tokens[end..]
                .iter()
                .take_while(|it| {
                    it.sentence == tokens[idx].sentence
                        && (it.is_code()
                            || it.is_mark(",")
                            || it.is_one_of(&["and", "or", "the", "folder", "module", "package", "both"]))
                })
                .filter(|it| self.is_folder(it));
            for object in objects {
                self.relies_on(subject, object.text, is_passive, is_negated(tokens, idx), report);
            }
        }
    }

    fn relies_on(
        &self,
        subject: &str,
        object: &str,
        is_passive: bool,
        is_negated: bool,
        report: &mut Report,
    ) {
        let pair = |from: &str, to: &str| (plain(from).to_owned(), plain(to).to_owned());
        let said = if is_passive { pair(object, subject) } else { pair(subject, object) };
        match (self.relies.contains(&said), is_negated) {
            (true, false) => report.rests_on(format!("relies:{}:{}", said.0, said.1)),
            (true, true) => {
                report.fault("negated", format!("{} does rely on {}", shown(&said.0), shown(&said.1)))
            }
            (false, false) if self.relies.contains(&(said.1.clone(), said.0.clone())) => {
                report
                    .fault("reversed", format!("it is {} that relies on {}", shown(&said.1), shown(&said.0)));
            }
            (false, false) => {
                report.fault(
                    "wrong_dependency",
                    format!("{} does not rely on {}", shown(&said.0), shown(&said.1)),
                );
            }
            (false, true) => {}
        }
    }

    fn is_folder(&self, token: &Token<'_>) -> bool {
        token.is_code() && self.folders.contains(plain(token.text))
    }
}

fn plain(path: &str) -> &str {
    path.trim_end_matches('/')
}

/// `depends on`, `used by` and the like; where it ends and whether the object is the one that relies.
fn reliance(tokens: &[Token<'_>], idx: usize) -> Option<(usize, bool)> {
    const PHRASES: &[(&[&str], bool)] = &[
        (&["depends", "on"], false),
        (&["depend", "on"], false),
        (&["relies", "on"], false),
        (&["rely", "on"], false),
        (&["builds", "on"], false),
        (&["rests", "on"], false),
        (&["imports"], false),
        (&["uses"], false),
        (&["calls"], false),
        (&["calls", "into"], false),
        (&["used", "by"], true),
        (&["relied", "on", "by"], true),
        (&["needed", "by"], true),
        (&["imported", "by"], true),
        (&["serves"], true),
        (&["called", "by"], true),
    ];
    PHRASES
        .iter()
        .filter(|(words, _)| {
            words.iter().enumerate().all(|(n, word)| tokens.get(idx + n).is_some_and(|it| it.is_word(word)))
        })
        .map(|(words, is_passive)| (idx + words.len(), *is_passive))
        .max()
}
