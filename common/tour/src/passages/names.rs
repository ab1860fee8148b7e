//! The files, folders and symbols that a text names, and the term that it defines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Named;
use crate::code::{Code, prefix};
use crate::rank::Ranks;

/// A word this short is met everywhere, and names nothing by itself.
const MIN_NAME_CHARS: usize = 3;
/// Of more symbols with one name, none is meant for sure.
const MAX_CANDIDATES: usize = 4;
/// What stands between a term and what is said of it.
pub(super) const MARKS: [&str; 4] = [": ", " - ", " \u{2013} ", " \u{2014} "];

/// Where each file, folder and symbol of the product is found by its name.
pub(super) struct Names<'c, 'a> {
    code: &'c Code<'a>,
    ranks: &'c Ranks,
    symbols: HashMap<&'a str, Vec<usize>>,
    paths: BTreeSet<&'a str>,
    /// By the last part of the path, without its ending.
    ends: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'c, 'a> Names<'c, 'a> {
    pub(super) fn new(code: &'c Code<'a>, ranks: &'c Ranks) -> Self {
        let mut symbols: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in code.ours().filter(|at| code.is_type(*at) || code.is_callable(*at)) {
            symbols.entry(&code.symbols[at].name).or_default().push(at);
        }
        let mut paths = BTreeSet::new();
        for file in code.files() {
            let path = file.file_path.as_str();
            paths.insert(path);
            paths.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        }
        let mut ends: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in &paths {
            ends.entry(stem(path)).or_default().push(path);
        }
        Self { code, ranks, symbols, paths, ends }
    }

    /// Finds the term that a text defines, the thing at its beginning, and everything that it names.
    pub(super) fn of_text(&self, text: &str) -> (Option<String>, Option<Named<'a>>, Vec<Named<'a>>) {
        let text = text.replace("``", "`");
        let term = term(&text);
        let mut named: Vec<Named<'a>> = Vec::new();
        let found = term.and_then(|term| self.thing(term).or_else(|| self.type_of(&joined(term))));
        let mut add = |thing: Option<Named<'a>>| named.extend(thing.filter(|thing| !named.contains(thing)));
        add(found);
        text.split("**").skip(1).step_by(2).for_each(|bold| add(self.type_of(&joined(bold))));
        let mut spans = text.split('`');
        while let Some(words) = spans.next() {
            words.split(|c: char| !c.is_alphanumeric() && c != '_').for_each(|word| add(self.compound(word)));
            links(words).for_each(|target| add(self.path(target)));
            add(spans.next().and_then(|code| self.thing(code)));
        }
        let first = text.strip_prefix('`').and_then(|rest| self.thing(rest.split('`').next()?));
        let words = term.filter(|term| is_words(term)).map(str::to_owned);
        (words, found.or(first), named)
    }

    /// Finds the file or folder that a heading names: "`ratatui-core`", "The `store` folder".
    pub(super) fn of_heading(&self, title: &str) -> Option<Named<'a>> {
        let code = title.split('`').nth(1);
        let bare = title.split_whitespace().next().filter(|_| title.split_whitespace().count() == 1);
        code.or(bare).and_then(|name| self.path(name))
    }

    /// Finds what a piece of code names.
    fn thing(&self, code: &str) -> Option<Named<'a>> {
        let code = code.trim_matches(['`', '*', '[', ']', '<', '>']).trim();
        let code = code.rsplit('~').next().unwrap_or(code);
        let head = code.split(['(', '{', '<', ' ']).next().unwrap_or_default();
        let is_call = code.len() > head.len() && code[head.len()..].starts_with('(');
        self.path(head).or_else(|| self.symbol(head, is_call))
    }

    /// Finds a file or folder: by its whole path, or by the end of it where only one ends so.
    fn path(&self, written: &str) -> Option<Named<'a>> {
        let clean = written.trim_start_matches("./").trim_matches('/');
        let clean = clean.split('#').next().unwrap_or(clean);
        if let Some(path) = self.paths.get(clean) {
            return Some(Named::Path(path));
        }
        // In a directory tree, the repository may be the first folder.
        let inside = clean.split_once('/').filter(|(first, _)| !self.paths.contains(first));
        if let Some(path) = inside.and_then(|(_, below)| self.paths.get(below)) {
            return Some(Named::Path(path));
        }
        // A bare word with no ending may be anything.
        let has_mark = clean.contains('/') || clean.contains("::") || clean.matches('.').count() > 0;
        let as_path = clean.replace("::", "/");
        let is_dotted = !as_path.contains('/');
        let dotted = if is_dotted { as_path.replace('.', "/") } else { as_path };
        let own = self.ending(clean).filter(|_| has_mark);
        let by_module = || {
            let found = self.ending(&dotted).filter(|_| has_mark)?;
            // `ui.menu` is a module of Python; elsewhere it may be any key.
            let Named::Path(path) = found else { return None };
            let is_python =
                path.ends_with(".py") || self.paths.contains(format!("{path}/__init__.py").as_str());
            (!is_dotted || is_python).then_some(found)
        };
        own.or_else(by_module)
    }

    /// Finds the one path that ends in another, with or without the ending of its name.
    fn ending(&self, wanted: &str) -> Option<Named<'a>> {
        let is_end = |path: &&&str| {
            let end = path.strip_suffix(wanted).or_else(|| without_ending(path).strip_suffix(wanted));
            end.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let mut found = self.ends.get(stem(wanted))?.iter().filter(is_end);
        let first = found.next()?;
        found.next().is_none().then_some(Named::Path(first))
    }

    /// Finds the symbol of a name such as `Router`, `App.run` or `serve()`.
    fn symbol(&self, written: &str, is_call: bool) -> Option<Named<'a>> {
        let mut parts = written.trim_end_matches('!').rsplit(['.', ':', '#']).filter(|part| !part.is_empty());
        let (name, owner) = (parts.next()?, parts.next());
        let all = self.symbols.get(name)?;
        let is_of = |at: &&usize| {
            let scope = prefix(&self.code.symbols[**at].qualified_name).unwrap_or_default();
            owner.is_some_and(|owner| scope.rsplit(['.', ':', '/']).next() == Some(owner))
        };
        let is_top = |at: &&usize| self.code.owner_type(**at).is_none();
        let of_owner = all.iter().find(is_of);
        let is_name = is_call || name.chars().any(|c| c.is_uppercase() || c == '_');
        let is_sure = is_name && name.len() >= MIN_NAME_CHARS && all.len() <= MAX_CANDIDATES;
        let best = || all.iter().max_by_key(|at| (is_top(at), self.ranks.of(**at), std::cmp::Reverse(**at)));
        let only = || all.first().filter(|at| all.len() == 1 && is_top(at));
        of_owner.or_else(|| if is_sure { best() } else { only() }).map(|at| Named::Symbol(*at))
    }

    /// Finds the type of a word in prose that is made of several: `UserConfig`.
    fn compound(&self, word: &str) -> Option<Named<'a>> {
        let humps = word.chars().skip(1).filter(|c| c.is_uppercase()).count();
        let is_compound = word.chars().any(char::is_lowercase) && (humps > 0 || word.contains('_'));
        if is_compound { self.type_of(word) } else { None }
    }

    fn type_of(&self, word: &str) -> Option<Named<'a>> {
        let all = self.symbols.get(word)?;
        let types = all.iter().copied().filter(|at| self.code.is_type(*at));
        types.max_by_key(|at| (self.ranks.of(*at), std::cmp::Reverse(*at))).map(Named::Symbol)
    }
}

/// Writes a name of several words as code does: "Session Manager" is `SessionManager`.
fn joined(words: &str) -> String {
    words.split_whitespace().collect()
}

/// Finds what a paragraph defines: the code or the bold words before a colon or a dash.
pub(super) fn term(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('[');
    let (mark, rest) =
        ["**`", "**", "`", "*"].iter().find_map(|mark| Some((*mark, text.strip_prefix(mark)?)))?;
    let close: String = mark.chars().rev().collect();
    let (term, after) = rest.split_once(close.as_str())?;
    // `[name](target): …` and `**name:** …` define too.
    let after = after.trim_start_matches(']');
    let after =
        after.strip_prefix('(').and_then(|link| link.split_once(')')).map_or(after, |(_, after)| after);
    let is_end = after.starts_with(':') || MARKS.iter().any(|mark| after.starts_with(mark));
    let is_said = mark == "**" && [" is ", " are "].iter().any(|verb| after.starts_with(verb));
    // "**Layers.** Each …" is a heading within a list.
    let is_heading = mark == "**" && term.ends_with('.') && !after.trim().is_empty();
    (is_end || is_said || is_heading || term.ends_with(':')).then(|| term.trim_end_matches([':', '.']))
}

/// Tells whether a term is of words, not a piece of code such as an option.
fn is_words(term: &str) -> bool {
    term.starts_with(char::is_alphabetic)
        && term.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/'))
}

/// Lists the targets of links within a repository.
fn links(words: &str) -> impl Iterator<Item = &str> {
    let targets = words.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|target| !target.contains("://") && !target.starts_with('#'))
}

/// Returns the last part of a path without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    without_ending(name)
}

fn without_ending(path: &str) -> &str {
    let from = path.rfind('/').map_or(0, |at| at + 1);
    match path[from..].rfind('.').filter(|at| *at > 0) {
        Some(at) => &path[..from + at],
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_what_stands_before_a_colon_or_a_dash() {
        let found = [
            ("**Context**: what a view holds.", Some("Context")),
            ("**Window:** a part of the screen.", Some("Window")),
            ("`pkg/app`: starts everything.", Some("pkg/app")),
            ("[`core`](core/README.md) - the core.", Some("core")),
            ("**`App`** \u{2014} runs.", Some("App")),
            ("**Session Manager** is what keeps sessions.", Some("Session Manager")),
            ("**Layers.** Each uses the one below.", Some("Layers")),
            ("`App` runs everything.", None),
            ("Text of no term: none.", None),
        ];
        for (text, wanted) in found {
            assert_eq!(term(text), wanted, "{text}");
        }
    }
}
