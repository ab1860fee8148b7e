//! Who relies on whom in an overview: folders by what was counted, symbols by what was written about them.

use std::collections::BTreeMap;

use super::super::facts::identifiers;
use super::super::names::BUILT_IN;
use super::super::phrases::{Relation, is_negated, phrase_at, stated};
use super::super::tokens::{Shape, Token, tokens as tokens_of};
use super::super::{Report, shown};
use super::{Ground, is_folder_word, plain};

/// Something that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Folder(String),
    /// A symbol, or a name that a comment mentions.
    Symbol(String),
    /// The repository, a package, a word of a language: nothing is known of what it does.
    Other,
}

/// What each sentence begins with, where it names something before its verb.
pub(super) type Leads = BTreeMap<usize, Named>;

/// A relation that an overview states.
struct Said {
    start: usize,
    end: usize,
    /// Whether the object is the one that relies; `None` where it is no reliance.
    is_passive: Option<bool>,
    relation: Option<Relation>,
    is_negated: bool,
}

/// Words between a relation and the names it is about at most.
const MAX_WORDS_BETWEEN: usize = 4;

impl Ground {
    /// `` `a` depends on `b` and `c` ``, `Relies on`, `Used by`, `` `Flask` extends `Scaffold` ``.
    pub(super) fn relations(&self, tokens: &[Token<'_>], leads: &Leads, report: &mut Report) {
        for said in said(tokens) {
            let subject = self.subject_of(tokens, &said, leads);
            for object in self.objects(tokens, &said) {
                self.judge(&said, subject.as_ref(), &object, report);
            }
        }
    }

    /// What each sentence names before it states anything.
    pub(super) fn leads(&self, tokens: &[Token<'_>]) -> Leads {
        let sentences = tokens.chunk_by(|a, b| a.sentence == b.sentence);
        let mut from = 0;
        let found = sentences.filter_map(|sentence| {
            let (start, end) = (from, from + sentence.len());
            from = end;
            let states = |idx: &usize| said_at(tokens, *idx).is_some() || is_verb(&tokens[*idx]);
            let lead =
                (start..end).take_while(|idx| !states(idx)).find_map(|idx| self.named_at(tokens, idx, false));
            lead.map(|it| (sentence[0].sentence, it))
        });
        found.collect()
    }

    fn subject_of(&self, tokens: &[Token<'_>], said: &Said, leads: &Leads) -> Option<Named> {
        const BETWEEN: &[&str] =
            &["is", "are", "was", "also", "then", "both", "not", "never", "does", "do", "in", "turn"];
        let sentence = tokens[said.start].sentence;
        let mut at = said.start;
        let mut is_adjacent = true;
        while at > 0 && tokens[at - 1].sentence == sentence {
            let before = &tokens[at - 1];
            if before.is_one_of(&["which", "that", "who"]) {
                is_adjacent = false;
            } else if before.is_mark(",") && !is_adjacent || before.is_one_of(BETWEEN) || is_adverb(before) {
            } else if is_folder_word(before) && at > 1 && tokens[at - 2].shape != Shape::Mark {
                // `the geo folder relies on`, `` the folder `geo` ``.
                if let Some(named) = self.named_at(tokens, at - 2, true) {
                    return Some(named);
                }
                break;
            } else if before.is_one_of(&["it", "this"]) {
                return self.last_subject(leads, sentence);
            } else {
                if let Some(named) = self.named_at(tokens, at - 1, true) {
                    return Some(named);
                }
                break;
            }
            at -= 1;
        }
        leads.get(&sentence).cloned().or_else(|| self.last_subject(leads, sentence))
    }

    /// The folder that the overview is about, else what the sentence before began with.
    fn last_subject(&self, leads: &Leads, sentence: usize) -> Option<Named> {
        let own = self.subject.clone().map(Named::Folder);
        own.or_else(|| sentence.checked_sub(1).and_then(|before| leads.get(&before).cloned()))
    }

    fn objects(&self, tokens: &[Token<'_>], said: &Said) -> Vec<Named> {
        let is_reliance = said.is_passive.is_some();
        let mut found = Vec::new();
        let mut n_between = 0;
        for idx in said.end..tokens.len() {
            let token = &tokens[idx];
            if token.sentence != tokens[said.start].sentence {
                break;
            }
            let is_list = token.is_mark(",")
                || token.is_one_of(&["and", "or", "the", "a", "an", "its", "both", "as", "well", "then"]);
            // `` contains `a`, and `b` contains ``: the next statement has a subject of its own.
            let next = tokens.get(idx + 1).filter(|_| !found.is_empty());
            let opens_another = next.is_some_and(|it| is_verb(it) || said_at(tokens, idx + 1).is_some());
            match self.named_at(tokens, idx, is_reliance).filter(|_| !opens_another) {
                Some(named) => found.push(named),
                None if is_list || is_folder_word(token) => {}
                None if token.shape == Shape::Word && found.is_empty() && n_between < MAX_WORDS_BETWEEN => {
                    n_between += 1;
                    if said_at(tokens, idx).is_some() {
                        break;
                    }
                }
                None => break,
            }
        }
        found
    }

    /// What stands here; words without backticks are names where they are a folder's or a known symbol's.
    fn named_at(&self, tokens: &[Token<'_>], idx: usize, is_certain: bool) -> Option<Named> {
        let token = tokens.get(idx)?;
        if let Some(folder) = self.folder_at(tokens, idx, is_certain) {
            return Some(Named::Folder(folder.to_owned()));
        }
        let name = token.text.trim_end_matches("()");
        let is_other = self.repository.as_deref() == Some(name)
            || self.packages.contains(name)
            || BUILT_IN.contains(&name);
        let is_symbol = |word: &str| self.symbols.keys().any(|it| last_of(it) == word || it == word);
        match token.shape {
            Shape::Code if is_other => Some(Named::Other),
            Shape::Code => Some(Named::Symbol(name.to_owned())),
            Shape::Word if name.starts_with(char::is_uppercase) && !is_other && is_symbol(name) => {
                Some(Named::Symbol(name.to_owned()))
            }
            _ => None,
        }
    }

    fn judge(&self, said: &Said, subject: Option<&Named>, object: &Named, report: &mut Report) {
        match (subject, object) {
            (Some(Named::Folder(subject)), Named::Folder(object)) => {
                if let Some(is_passive) = said.is_passive {
                    self.relies_on(subject, object, is_passive, said.is_negated, report);
                }
            }
            (Some(Named::Symbol(subject)), Named::Symbol(object)) => {
                self.between_symbols(said, subject, object, report);
            }
            (Some(Named::Symbol(subject)), Named::Other) => {
                self.between_symbols(said, subject, "", report);
            }
            (Some(Named::Folder(folder)), Named::Symbol(symbol)) => {
                self.folder_and_symbol(said, folder, symbol, false, report);
            }
            (Some(Named::Symbol(symbol)), Named::Folder(folder)) => {
                self.folder_and_symbol(said, folder, symbol, true, report);
            }
            _ => {}
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

    /// An overview's facts hold no edges between symbols: only what was written about one of them, and its name,
    /// can say that a relation is so.
    fn between_symbols(&self, said: &Said, subject: &str, object: &str, report: &mut Report) {
        let Some(relation) = said.relation.filter(|it| *it != Relation::Touches) else { return };
        if !said.is_negated
            && (self.is_member(relation, subject, object) || self.is_written(relation, subject, object))
        {
            report.rests_on(format!("name:{subject}"));
            return;
        }
        let names = if object.is_empty() {
            shown(subject)
        } else {
            format!("{} and {}", shown(subject), shown(object))
        };
        report.fault("unfounded_relation", format!("the facts do not tell this relation of {names}"));
    }

    /// `Queue.drain` is a member of `Queue`.
    fn is_member(&self, relation: Relation, subject: &str, object: &str) -> bool {
        let (holder, member) = match relation {
            Relation::Contains => (subject, object),
            Relation::MemberOf | Relation::DefinedIn => (object, subject),
            _ => return false,
        };
        self.symbols.keys().any(|it| {
            let parts: Vec<&str> = identifiers(it).collect();
            parts.last() == identifiers(member).last().as_ref()
                && parts.iter().rev().nth(1) == identifiers(holder).last().as_ref()
        })
    }

    /// A sentence about the subject states the same relation to the object.
    fn is_written(&self, relation: Relation, subject: &str, object: &str) -> bool {
        let (Some(subject), Some(object)) = (identifiers(subject).last(), identifiers(object).last()) else {
            return false;
        };
        self.sayings.iter().filter(|it| it.1.contains(object)).any(|(about, text)| {
            let is_about = about.as_deref().is_some_and(|it| last_of(it) == subject);
            let written = tokens_of(text);
            let names = |token: &Token<'_>, name: &str| identifiers(token.text).any(|it| it == name);
            stated(&written).iter().filter(|it| it.relation == relation && !it.is_negated).any(|it| {
                let is_here = |token: &&Token<'_>| token.sentence == written[it.start].sentence;
                let before = written[..it.start].iter().filter(is_here).any(|token| names(token, subject));
                let after = written[it.end..].iter().take_while(is_here).any(|token| names(token, object));
                (is_about || before) && after
            })
        })
    }

    /// `` `courier` contains `Queue` ``, `` `Queue` is defined in `courier` ``, `` `courier` uses `geo.locate` ``.
    fn folder_and_symbol(
        &self,
        said: &Said,
        folder: &str,
        symbol: &str,
        is_turned: bool,
        report: &mut Report,
    ) {
        let homes: Vec<&str> = self.homes(symbol).collect();
        if homes.is_empty() || said.is_negated {
            return;
        }
        let is_within =
            |home: &str| home == folder || home.starts_with(&format!("{folder}/")) || folder == ".";
        let holds = match said.relation {
            Some(Relation::Contains | Relation::DefinedIn | Relation::MemberOf | Relation::Implements) => {
                homes.iter().any(|home| is_within(home))
            }
            _ => match said.is_passive {
                Some(is_passive) => homes.iter().any(|home| {
                    let (from, to) = if is_passive != is_turned { (*home, folder) } else { (folder, *home) };
                    is_within(home) || self.relies.contains(&(from.to_owned(), to.to_owned()))
                }),
                None => true,
            },
        };
        if !holds {
            report.fault(
                "wrong_dependency",
                format!("{} and {} are not related so", shown(folder), shown(symbol)),
            );
        }
    }

    /// The folders whose files define a symbol.
    fn homes<'g>(&'g self, symbol: &'g str) -> impl Iterator<Item = &'g str> {
        let is_meant = move |it: &str| it == symbol || last_of(it) == symbol;
        let files = self.symbols.iter().filter(move |it| is_meant(it.0)).flat_map(|it| it.1);
        files.map(|file| file.rsplit_once('/').map_or(".", |it| it.0))
    }
}

fn last_of(name: &str) -> &str {
    identifiers(name).last().unwrap_or(name)
}

fn is_adverb(token: &Token<'_>) -> bool {
    token.shape == Shape::Word && token.lower.ends_with("ly")
}

/// A few verbs that state nothing that is looked up; what is named after them leads no sentence.
fn is_verb(token: &Token<'_>) -> bool {
    token.is_one_of(&[
        "is", "are", "has", "have", "holds", "hold", "defines", "delivers", "starts", "begins", "lives",
    ])
}

fn said(tokens: &[Token<'_>]) -> Vec<Said> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let said = said_at(tokens, at);
        at = said.as_ref().map_or(at + 1, |it| it.end);
        found.extend(said);
    }
    found
}

fn said_at(tokens: &[Token<'_>], idx: usize) -> Option<Said> {
    // `with`, `through` and `for` between names state too little to be wrong.
    const VAGUE: &[&str] = &["with", "through", "via", "called", "on", "helper", "return", "call", "take"];
    let phrase = phrase_at(tokens, idx);
    let is_vague = phrase.is_some_and(|it| it.1 == idx + 1) && tokens[idx].is_one_of(VAGUE);
    let phrase = phrase.filter(|_| !is_vague);
    let of_relation = phrase.and_then(|it| passive_of(it.0));
    let reliance = reliance(tokens, idx);
    let end = phrase.map(|it| it.1).into_iter().chain(reliance.map(|it| it.0)).max()?;
    let is_passive = reliance.map(|it| it.1).or(of_relation);
    let is_negated = is_negated(tokens, idx);
    Some(Said { start: idx, end, is_passive, relation: phrase.map(|it| it.0), is_negated })
}

/// Whether a relation makes the object the one that relies.
fn passive_of(relation: Relation) -> Option<bool> {
    match relation {
        Relation::Calls | Relation::Uses | Relation::Imports => Some(false),
        Relation::CalledBy | Relation::UsedBy | Relation::ImportedBy => Some(true),
        _ => None,
    }
}

/// Ways to say that folders rely on each other, besides those for symbols; where it ends and whether the object is
/// the one that relies.
fn reliance(tokens: &[Token<'_>], idx: usize) -> Option<(usize, bool)> {
    const PHRASES: &[(&[&str], bool)] = &[
        (&["depend", "on"], false),
        (&["depends", "upon"], false),
        (&["rely", "on"], false),
        (&["relies", "upon"], false),
        (&["builds", "on"], false),
        (&["builds", "upon"], false),
        (&["built", "on"], false),
        (&["rests", "on"], false),
        (&["rest", "on"], false),
        (&["import"], false),
        (&["imports", "from"], false),
        (&["use"], false),
        (&["needs"], false),
        (&["requires"], false),
        (&["calls", "into"], false),
        (&["draws", "on"], false),
        (&["refers", "to"], false),
        (&["depended", "on", "by"], true),
        (&["depended", "upon", "by"], true),
        (&["dependency", "of"], true),
        (&["supports"], true),
        (&["underlies"], true),
        (&["serves"], true),
    ];
    PHRASES
        .iter()
        .filter(|(words, _)| {
            words.iter().enumerate().all(|(n, word)| tokens.get(idx + n).is_some_and(|it| it.is_word(word)))
        })
        .map(|(words, is_passive)| (idx + words.len(), *is_passive))
        .max()
}
