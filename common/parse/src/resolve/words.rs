//! Interned words and reference paths, so that linking holds numbers instead of text.

use std::sync::Arc;

use foldhash::HashMap;

use crate::path::as_written;
use crate::resolve::type_text::{Shape, Within, WithinIdx};
use crate::resolve::written::{self, TypeIdx, Written};

/// A path with more steps than this is cut: what follows can't be typed anyway.
const MAX_STEPS: usize = 24;

/// An interned text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(u32);

/// An interned reference path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PathIdx(u32);

/// One step of a reference path such as `self.pool.get()`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// `scoped` when `::` stands before it.
    Name { word: Word, scoped: bool },
    /// The result of a call of what precedes.
    Call,
    /// An element of what precedes.
    Index,
    /// What a loop over what precedes gives.
    Each,
    /// Rust's `?`.
    Try,
    /// The module of `import("m")` in a type.
    Imported(Word),
    /// A value of the type written between braces; behind a name, a call that takes a type.
    Typed(Word),
    /// What a pattern names: a field of this path, or of a tuple.
    Pattern { path: Option<PathIdx>, field: Word },
    /// A parameter of the closure that is this argument of what precedes.
    Closure { argument: u8, parameter: u8 },
    /// An expression without a name.
    Unnamed,
}

/// Every word and path met so far.
#[derive(Debug, Default)]
pub(crate) struct Words {
    texts: Vec<Arc<str>>,
    by_text: HashMap<Arc<str>, Word>,
    steps: Vec<Step>,
    paths: Vec<(Word, u32, u32)>,
    /// By word: the path that is written so.
    by_word: Vec<Option<PathIdx>>,
    types: Vec<Written>,
    types_by_word: HashMap<Word, TypeIdx>,
    withins: Vec<Within>,
}

impl Words {
    pub(crate) fn word(&mut self, text: &str) -> Word {
        if let Some(word) = self.by_text.get(text) {
            return *word;
        }
        let word = Word(self.texts.len() as u32);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.by_text.insert(text, word);
        word
    }

    /// Finds a word that was met before.
    pub(crate) fn known(&self, text: &str) -> Option<Word> {
        self.by_text.get(text).copied()
    }

    pub(crate) fn text(&self, word: Word) -> &str {
        self.texts.get(word.0 as usize).map_or("", |text| text)
    }

    pub(crate) fn path(&mut self, text: &str) -> PathIdx {
        let word = self.word(text);
        if let Some(path) = self.by_word.get(word.0 as usize).copied().flatten() {
            return path;
        }
        let mut steps = Vec::new();
        for step in split(text) {
            steps.push(match step {
                RawStep::Name { text, scoped } => Step::Name { word: self.word(text), scoped },
                RawStep::Imported(module) => Step::Imported(self.word(module)),
                RawStep::Typed(text) => Step::Typed(self.word(text)),
                RawStep::Pattern { path, field } => {
                    let path = (!path.is_empty()).then(|| self.path(path));
                    Step::Pattern { path, field: self.word(field) }
                }
                RawStep::Other(step) => step,
            });
        }
        let start = self.steps.len() as u32;
        self.steps.extend_from_slice(&steps);
        let path = PathIdx(self.paths.len() as u32);
        let written = if text.contains("{:") { self.word(&as_written(text)) } else { word };
        self.paths.push((written, start, steps.len() as u32));
        if self.by_word.len() <= word.0 as usize {
            self.by_word.resize(self.texts.len(), None);
        }
        self.by_word[word.0 as usize] = Some(path);
        path
    }

    pub(crate) fn steps(&self, path: PathIdx) -> &[Step] {
        let Some((_, start, length)) = self.paths.get(path.0 as usize) else { return &[] };
        self.steps.get(*start as usize..(start + length) as usize).unwrap_or(&[])
    }

    /// Reads a Rust type.
    pub(crate) fn rust_type(&mut self, text: &str) -> TypeIdx {
        let word = self.word(text);
        if let Some(known) = self.types_by_word.get(&word) {
            return *known;
        }
        let idx = written::read(self, text);
        self.types_by_word.insert(word, idx);
        idx
    }

    pub(crate) fn written(&mut self, written: Written) -> TypeIdx {
        self.types.push(written);
        TypeIdx(self.types.len() as u32 - 1)
    }

    pub(crate) fn written_type(&self, idx: TypeIdx) -> &Written {
        self.types.get(idx.0 as usize).unwrap_or(&Written::Unknown)
    }

    /// Keeps a type within types of the standard library.
    pub(crate) fn within(&mut self, within: Within) -> WithinIdx {
        self.withins.push(within);
        self.withins.len() as WithinIdx - 1
    }

    pub(crate) fn within_of(&self, idx: WithinIdx) -> &Within {
        &self.withins[idx as usize]
    }

    /// How a type is held where every name around it is the standard library's.
    pub(crate) fn settled(&self, shape: Shape) -> Shape {
        match shape {
            Shape::Within(idx) => self.within_of(idx).shape,
            shape => shape,
        }
    }

    /// Returns the path as it was written.
    pub(crate) fn path_text(&self, path: PathIdx) -> &str {
        self.paths.get(path.0 as usize).map_or("", |(word, ..)| self.text(*word))
    }
}

enum RawStep<'t> {
    Name { text: &'t str, scoped: bool },
    Imported(&'t str),
    Typed(&'t str),
    Pattern { path: &'t str, field: &'t str },
    Other(Step),
}

/// Cuts a path into steps; arguments between brackets are skipped, whatever they hold.
fn split(text: &str) -> Vec<RawStep<'_>> {
    let mut steps = Vec::new();
    let mut rest = without_prefix(text);
    let mut scoped = false;
    let mut at_start = true;
    if let Some((module, length)) = imported_module(rest) {
        steps.push(RawStep::Imported(module));
        (rest, at_start) = (&rest[length..], false);
    }
    while let Some(first) = rest.chars().next() {
        if steps.len() == MAX_STEPS {
            return vec![RawStep::Other(Step::Unnamed)];
        }
        if let Some(after) = rest.strip_prefix("::") {
            (rest, scoped, at_start) = (after, true, true);
            continue;
        }
        if let Some(written) = braced(rest) {
            steps.push(RawStep::Typed(written));
            (rest, at_start) = (&rest[written.len() + 2..], false);
            continue;
        }
        let (step, length) = match first {
            '.' => {
                (rest, scoped, at_start) = (&rest[1..], false, true);
                continue;
            }
            '(' | '{' => (Some(if at_start { Step::Unnamed } else { Step::Call }), bracketed(rest)),
            '[' if !at_start && rest.starts_with("[*]") => (Some(Step::Each), 3),
            '[' => (Some(if at_start { Step::Unnamed } else { Step::Index }), bracketed(rest)),
            '~' => {
                let close = rest.find(')').unwrap_or(rest.len() - 1);
                let path = rest.get(2..close).unwrap_or_default();
                let field = &rest[close + 1..];
                let field = &field[..field.find(|c: char| !is_name_char(c)).unwrap_or(field.len())];
                steps.push(RawStep::Pattern { path, field });
                (None, close + 1 + field.len())
            }
            '^' => {
                let (step, length) = closure(rest);
                (Some(step), length)
            }
            '<' => (at_start.then_some(Step::Unnamed).filter(|_| !scoped), bracketed(rest)),
            '?' => (Some(if at_start { Step::Unnamed } else { Step::Try }), 1),
            _ if is_name_char(first) => {
                let length = rest.find(|c: char| !is_name_char(c)).unwrap_or(rest.len());
                let name = rest[..length].trim_end_matches('!');
                steps.push(RawStep::Name { text: name.strip_prefix("r#").unwrap_or(name), scoped });
                (None, length)
            }
            _ => (None, first.len_utf8()),
        };
        steps.extend(step.map(RawStep::Other));
        rest = &rest[length..];
        at_start = false;
    }
    steps
}

/// Returns the module of the `import("m")` that a type begins with, and the length of that.
pub(crate) fn imported_module(text: &str) -> Option<(&str, usize)> {
    let rest = text.strip_prefix("import(")?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (module, behind) = rest[1..].split_once(quote)?;
    let end = behind.find(')')? + 1;
    Some((module, text.len() - behind.len() + end))
}

/// Returns what stands between the first braces, if anything does.
fn braced(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 1usize;
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then(|| &inner[..at]);
        }
    }
    None
}

/// Reads `^argument.parameter`.
fn closure(text: &str) -> (Step, usize) {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())
    };
    let dot = 1 + digits(1);
    let end = dot + 1 + digits(dot + 1);
    let number = |from: usize, to: usize| text.get(from..to).and_then(|text| text.parse().ok());
    match (number(1, dot), number(dot + 1, end)) {
        (Some(argument), Some(parameter)) => (Step::Closure { argument, parameter }, end),
        _ => (Step::Unnamed, 1),
    }
}

fn without_prefix(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let shorter = text.trim_start_matches(['&', '*']).trim_start();
        let shorter = ["new ", "await ", "mut ", "dyn "]
            .iter()
            .fold(shorter, |text, prefix| text.strip_prefix(prefix).unwrap_or(text));
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '#' | '!' | '@') || !c.is_ascii()
}

/// Returns the length up to the bracket that closes the first one, or to the end.
pub(crate) fn bracketed(text: &str) -> usize {
    closing(text).map_or(text.len(), |at| at + 1)
}

/// Finds the bracket that closes the first one.
pub(crate) fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '<' | '[' | '(' | '{' => depth += 1,
            '>' if matches!(previous, '-' | '=') => {}
            '>' | ']' | ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
        previous = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut words = Words::default();
        let path = words.path(text);
        let steps = words.steps(path).iter().map(|step| match step {
            Step::Name { word, scoped: true } => format!("::{}", words.text(*word)),
            Step::Name { word, scoped: false } => words.text(*word).to_owned(),
            Step::Call => "()".to_owned(),
            Step::Index => "[]".to_owned(),
            Step::Each => "[*]".to_owned(),
            Step::Try => "?".to_owned(),
            Step::Imported(module) => format!("import {}", words.text(*module)),
            Step::Typed(written) => format!("{{{}}}", words.text(*written)),
            Step::Pattern { path, field } => {
                format!("~({}){}", path.map_or("", |path| words.path_text(path)), words.text(*field))
            }
            Step::Closure { argument, parameter } => format!("^{argument}.{parameter}"),
            Step::Unnamed => "_".to_owned(),
        });
        steps.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn paths_are_cut_into_steps() {
        assert_eq!(shown("self.client.get"), "self client get");
        assert_eq!(shown("a::b::<T>::new()?.run"), "a ::b ::new () ? run");
        assert_eq!(shown("?.items[].name"), "_ items [] name");
        assert_eq!(shown("&Foo{}"), "Foo ()");
        assert_eq!(shown("new Map<string, Foo>().get"), "Map () get");
        assert_eq!(shown("<T as Into>::into"), "_ ::into");
        assert_eq!(shown("{<-chan struct{ a A }}[].a"), "{<-chan struct{ a A }} [] a");
        assert_eq!(shown("new{*T}.run"), "new {*T} run");
        assert_eq!(shown("a.get()~(Some)0~()1.x"), "a get () ~(Some)0 ~()1 x");
        assert_eq!(shown("a.map^0.1.b"), "a map ^0.1 b");
        assert_eq!(shown("a.b[*].c[1]"), "a b [*] c []");
        assert_eq!(shown("import('./m').T"), "import ./m T");
        assert_eq!(shown("import(\"./m\", { with: {} })"), "import ./m");
        assert_eq!(shown("import(x).T"), "import () T");
        assert_eq!(shown("~"), "~()");
        assert_eq!(shown("(((("), "_");
        assert_eq!(shown(""), "");
    }
}
