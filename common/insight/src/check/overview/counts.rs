//! Numbers of an overview, bound to what they count and to whom it belongs.

use std::collections::BTreeSet;

use super::super::numbers::{DURATIONS, MEASURES};
use super::super::numerals::{Numeral, numerals};
use super::super::tokens::{Shape, Token};
use super::super::{Report, shown};
use super::Ground;
use super::relations::Leads;

/// How many of something a folder, a language, a package or a group has; the subject's own have no owner.
pub(super) struct Count {
    pub(super) owner: String,
    pub(super) noun: Noun,
    pub(super) n: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Files,
    Symbols,
    Functions,
    Types,
    Lines,
    Folders,
    Languages,
    Groups,
    Packages,
    Relations,
    References,
    EntryPoints,
    Dependencies,
}

/// Words between a number and its noun at most, the noun included: `17 small public functions`.
const MAX_WORDS_TO_NOUN: usize = 3;
/// Words in which `of the folder x` follows the noun.
const MAX_WORDS_TO_OWNER: usize = 5;
/// Adjectives that leave a number what it is.
const FULL: &[&str] = &["source", "own", "parsed", "total", "distinct", "different", "separate", "entry"];

/// What a word counts, and whether its number may be a part of that: classes are some of the types.
fn nouns(word: &str) -> Option<(&'static [Noun], bool)> {
    Some(match word {
        "file" | "files" => (&[Noun::Files], false),
        "symbol" | "symbols" | "definitions" | "members" => (&[Noun::Symbols], false),
        "function" | "functions" | "callables" => (&[Noun::Functions], false),
        "method" | "methods" => (&[Noun::Functions], true),
        "type" | "types" => (&[Noun::Types], false),
        "class" | "classes" | "struct" | "structs" | "interface" | "interfaces" | "enum" | "enums"
        | "trait" | "traits" => (&[Noun::Types], true),
        "line" | "lines" => (&[Noun::Lines], false),
        "folder" | "folders" | "directory" | "directories" | "subfolders" | "subpackages" => {
            (&[Noun::Folders], false)
        }
        "module" | "modules" => (&[Noun::Folders, Noun::Files], false),
        "package" | "packages" => (&[Noun::Packages, Noun::Folders], false),
        "crate" | "crates" | "libraries" => (&[Noun::Packages, Noun::Folders], false),
        "language" | "languages" => (&[Noun::Languages], false),
        "group" | "groups" | "cluster" | "clusters" | "themes" => (&[Noun::Groups], false),
        "relation" | "relations" | "edges" => (&[Noun::Relations], false),
        "reference" | "references" | "sites" | "calls" => (&[Noun::References, Noun::Relations], false),
        "points" => (&[Noun::EntryPoints], false),
        "dependency" | "dependencies" | "dependents" => {
            (&[Noun::Dependencies, Noun::Packages, Noun::Folders], false)
        }
        _ => return None,
    })
}

/// A number's noun in a text.
struct Bound {
    nouns: &'static [Noun],
    is_partial: bool,
    word: String,
    end: usize,
}

impl Ground {
    pub(super) fn numbers(&self, tokens: &[Token<'_>], leads: &Leads, report: &mut Report) {
        let named: Vec<Option<&str>> = (0..tokens.len()).map(|idx| self.owner_at(tokens, idx)).collect();
        let all: BTreeSet<u64> =
            self.counts.iter().map(|it| it.n).chain(self.text_numbers.iter().copied()).collect();
        for numeral in numerals(tokens) {
            let Some(n) = numeral.value else {
                let text = shown(tokens[numeral.start].text);
                report.fault("unknown_number", format!("the number {text} cannot be compared"));
                continue;
            };
            // `one place for`, `zero cost`.
            if numeral.is_word && n <= 1 {
                continue;
            }
            match bound(tokens, &numeral) {
                Some(bound) => {
                    let has_lead = leads.contains_key(&tokens[numeral.start].sentence);
                    let owners = owners(tokens, &numeral, &bound, &named, has_lead);
                    self.counted(n, &bound, owners, report);
                }
                None => {
                    let known = if is_measure(tokens, &numeral) { &self.text_numbers } else { &all };
                    let is_free = numeral.is_word && n <= 2 && !is_measure(tokens, &numeral);
                    if known.contains(&n) {
                        report.rests_on("counts");
                    } else if !is_free {
                        report.fault("unknown_number", format!("the number {n} does not stand in the facts"));
                    }
                }
            }
        }
    }

    fn counted(&self, n: u64, bound: &Bound, owners: Vec<&str>, report: &mut Report) {
        let counts: Vec<&Count> = self.counts.iter().filter(|it| bound.nouns.contains(&it.noun)).collect();
        let has = |owner: &str| counts.iter().any(|it| it.owner == owner);
        // A folder that does not count this has none that could be told; a language leaves it to the whole.
        let names_folder = owners.iter().any(|it| self.folders.contains(*it));
        let mut allowed: Vec<&str> = owners.into_iter().filter(|it| has(it)).collect();
        if allowed.is_empty() && !names_folder {
            allowed.push("");
        }
        let mut of_owners = counts.iter().filter(|it| allowed.contains(&it.owner.as_str()));
        let fits = of_owners.any(|it| it.n == n || bound.is_partial && n <= it.n)
            || self.told.contains(&(n, bound.word.clone()));
        if fits {
            report.rests_on("counts");
        } else {
            report.fault("wrong_number", format!("{n} is not the number of {} that was counted", bound.word));
        }
    }

    fn owner_at(&self, tokens: &[Token<'_>], idx: usize) -> Option<&str> {
        if let Some(folder) = self.folder_at(tokens, idx, false) {
            return Some(folder);
        }
        let said = tokens[idx].lower.as_str();
        // A group's label may be several words: its last one stands for it where the others stand before.
        let matches = |owner: &str| {
            let words: Vec<&str> = owner.split(' ').collect();
            words.len() <= idx + 1
                && words.last().is_some_and(|it| it.eq_ignore_ascii_case(said))
                && words
                    .iter()
                    .rev()
                    .enumerate()
                    .all(|(n, it)| it.eq_ignore_ascii_case(&tokens[idx - n].lower))
        };
        let owners = self.counts.iter().map(|it| it.owner.as_str());
        owners.filter(|it| !it.is_empty() && tokens[idx].shape != Shape::Mark).find(|it| matches(it))
    }
}

/// Whose a number may be: who is named first and last before it, who is named after `of` or `in`, and the subject
/// where the sentence names nobody before its verb.
fn owners<'g>(
    tokens: &[Token<'_>],
    numeral: &Numeral<'_>,
    bound: &Bound,
    named: &[Option<&'g str>],
    has_lead: bool,
) -> Vec<&'g str> {
    const LINKS: &[&str] = &["of", "in", "under", "from", "within", "by", "about"];
    let sentence = tokens[numeral.start].sentence;
    let is_here = |idx: &usize| tokens[*idx].sentence == sentence;
    let last = (0..numeral.start).rev().take_while(is_here).filter_map(|idx| named[idx]);
    let before: Vec<&str> = last.collect();
    let mut owners: Vec<&str> = before.first().into_iter().chain(before.last()).copied().collect();
    let mut is_of_another = false;
    if tokens.get(bound.end).is_some_and(|it| it.sentence == sentence && it.is_one_of(LINKS)) {
        let mut after = (bound.end + 1..tokens.len().min(bound.end + MAX_WORDS_TO_OWNER)).filter(is_here);
        let found = after.find_map(|idx| Some((idx, named[idx]?)));
        owners.extend(found.map(|it| it.1));
        // What stands in `a` and `b` may be all that the subject has.
        let goes_on = |idx: usize| tokens.get(idx).is_some_and(|it| it.is_word("and") || it.is_mark(","));
        is_of_another = found.is_some_and(|(idx, _)| !goes_on(idx + 1));
    }
    if !is_of_another && !has_lead {
        owners.push("");
    }
    owners
}

fn bound(tokens: &[Token<'_>], numeral: &Numeral<'_>) -> Option<Bound> {
    let after = tokens[numeral.end..].iter().take(MAX_WORDS_TO_NOUN).take_while(|it| it.shape == Shape::Word);
    let words: Vec<&Token<'_>> = after.collect();
    let at = words.iter().position(|it| nouns(&it.lower).is_some())?;
    let (nouns, is_part) = nouns(&words[at].lower)?;
    let is_partial = is_part || words[..at].iter().any(|it| !it.is_one_of(FULL));
    Some(Bound { nouns, is_partial, word: words[at].lower.clone(), end: numeral.end + at + 1 })
}

fn is_measure(tokens: &[Token<'_>], numeral: &Numeral<'_>) -> bool {
    let next = tokens.get(numeral.end).filter(|it| it.shape == Shape::Word).map(|it| it.lower.as_str());
    numeral.unit.or(next).is_some_and(|it| DURATIONS.contains(&it) || MEASURES.contains(&it))
}
