//! What a summary may rest on, arranged for looking up.

use std::collections::BTreeSet;

use model::context::{Neighbour, SymbolContext};

use super::grounding::words_of;
use super::numerals::{counted_in, numbers_in};
use crate::hygiene;

/// Names by which something may be called.
pub(super) type Names = BTreeSet<String>;

/// The facts about one symbol.
pub(super) struct Facts<'c> {
    pub(super) context: &'c SymbolContext,
    /// Every identifier that stands anywhere in the context.
    pub(super) known: Names,
    /// Those of code itself: names, signatures, source; not of comments about it.
    pub(super) in_code: Names,
    pub(super) own: Names,
    pub(super) signature: Names,
    pub(super) inputs: Names,
    pub(super) returned: Names,
    pub(super) bases: Names,
    /// In lower case: the names that are known, and their words.
    pub(super) words: Names,
    /// Numbers that stand in a text, and those that were counted besides.
    pub(super) text_numbers: BTreeSet<u64>,
    pub(super) numbers: BTreeSet<u64>,
    /// What the comment says how many there are of.
    pub(super) doc_counts: BTreeSet<(u64, String)>,
    /// Without lines that speak to a model.
    pub(super) doc: String,
    pub(super) source: String,
    pub(super) doc_names: Names,
    pub(super) source_names: Names,
    /// Names followed by an opening bracket in the source.
    pub(super) source_calls: Names,
}

impl<'c> Facts<'c> {
    pub(super) fn new(context: &'c SymbolContext) -> Self {
        let doc = trusted(context.doc_comment.as_deref());
        let source = trusted(context.source.as_deref());
        let mut own = names_of([context.name.as_str(), &context.qualified_name]);
        if let Some(parent) = &context.parent {
            own.extend(names_of([parent.name.as_str(), &parent.display_name]));
        }
        let parameters = context.parameters.iter();
        let mut inputs =
            names_of(parameters.flat_map(|it| [Some(it.name.as_str()), it.type_name.as_deref()]).flatten());
        let mut signature = names_of([context.signature.as_str()]);
        signature.extend(inputs.iter().cloned());
        inputs.extend(signature_inputs(&context.signature));
        let returned = names_of(context.return_type.as_deref());
        signature.extend(returned.iter().cloned());
        let bases = names_of(context.bases.iter().chain(&context.implements).map(String::as_str));
        let mut in_code = names_of(computed_texts(context));
        let source_names = names_of([source.as_str()]);
        in_code.extend(names_of([without_texts(&source).as_str()]));
        let doc_names = names_of([doc.as_str()]);
        let mut known: Names = in_code.union(&doc_names).cloned().collect();
        known.extend(source_names.iter().cloned());
        let texts = computed_texts(context).chain([doc.as_str(), source.as_str()]);
        let mut text_numbers: BTreeSet<u64> = texts.flat_map(numbers_in).collect();
        let doc_counts: BTreeSet<(u64, String)> = counted_in(&doc).into_iter().collect();
        text_numbers.extend(doc_counts.iter().map(|it| it.0));
        text_numbers.extend(counted_in(&source).into_iter().map(|it| it.0));
        let numbers = text_numbers.iter().copied().chain(counts(context)).collect();
        let source_calls = called_in(&source);
        Self {
            context,
            words: lower_words(&known),
            known,
            in_code,
            own,
            signature,
            inputs,
            returned,
            bases,
            text_numbers,
            numbers,
            doc_counts,
            doc,
            source,
            doc_names,
            source_names,
            source_calls,
        }
    }

    /// Names that stand on lines of the source, or in sentences of the comment, that hold one of `marks`.
    pub(super) fn near(&self, marks: &[&str]) -> Names {
        let holds = |text: &str| {
            let lower = text.to_lowercase();
            marks.iter().any(|mark| lower.contains(mark))
        };
        // The line that defines the symbol names its parameters too.
        let defining = format!("{}(", self.context.name);
        let lines = self.source.lines().filter(|line| holds(line));
        let bodies = lines.map(|line| {
            line.split_once(&defining).map_or(line, |it| it.1.split_once(')').map_or("", |it| it.1))
        });
        let flowing = self.doc.replace('\n', " ");
        let sentences: Vec<&str> = flowing.split(". ").filter(|text| holds(text)).collect();
        names_of(bodies.chain(sentences))
    }
}

/// Text that speaks to a model is no evidence of anything.
fn trusted(text: Option<&str>) -> String {
    let cleaned = hygiene::lines(text.unwrap_or_default());
    cleaned.lines().filter(|line| *line != hygiene::LEFT_OUT).collect::<Vec<_>>().join("\n")
}

/// A source without what stands between quotation marks and behind comment marks, line by line.
fn without_texts(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    for line in source.lines() {
        let mut quote = None;
        let mut before = ' ';
        let has_pair = line.matches('\'').nth(1).is_some();
        for c in line.chars() {
            let is_mark = matches!(c, '"' | '`') || (c == '\'' && (quote.is_some() || has_pair));
            match quote {
                Some(open) if c == open && before != '\\' => quote = None,
                Some(_) => {}
                None if is_mark => quote = Some(c),
                None if c == '#' && before.is_whitespace() || (c == '/' && before == '/') => break,
                None => code.push(c),
            }
            before = c;
        }
        code.push('\n');
    }
    code
}

/// Names that no language takes without quotation marks are texts rather than names.
fn neighbour_texts(neighbours: &[Neighbour]) -> impl Iterator<Item = &str> {
    let texts = neighbours.iter().flat_map(|it| {
        let is_impl = it.kind == docpack::SymbolKind::Impl;
        [it.name.as_str(), &it.display_name, &it.file_path].map(|text| (text, is_impl))
    });
    texts.filter(|(text, is_impl)| *is_impl || !text.contains(char::is_whitespace)).map(|it| it.0)
}

/// Every text of the context that was computed or is a name: all but comment and source.
fn computed_texts(context: &SymbolContext) -> impl Iterator<Item = &str> {
    let parameters =
        context.parameters.iter().flat_map(|it| [Some(it.name.as_str()), it.type_name.as_deref()]).flatten();
    let lists = [&context.modifiers, &context.attributes, &context.bases, &context.implements];
    let lists = lists.into_iter().chain([&context.external, &context.imports]);
    let own = [&context.name, &context.qualified_name, &context.signature];
    let path = Some(context.file_path.as_str()).filter(|path| !path.contains(char::is_whitespace));
    own.into_iter()
        .map(String::as_str)
        .chain(path)
        .chain(context.return_type.as_deref())
        .chain(parameters)
        .chain(lists.flatten().map(String::as_str))
        .chain(neighbour_texts(context.parent.as_slice()))
        .chain(neighbour_texts(&context.members))
        .chain(neighbour_texts(&context.calls))
        .chain(neighbour_texts(&context.called_by))
        .chain(neighbour_texts(&context.related))
        // A name may be any text in some languages; one that speaks to a model is no evidence either.
        .filter(|text| !hygiene::addresses_model(text))
}

fn counts(context: &SymbolContext) -> Vec<u64> {
    let complexity = context.complexity.map_or((0, 0), |it| (it.cyclomatic, it.cognitive));
    let counts = [context.n_lines, context.n_members, context.n_calls, context.n_called_by];
    let n_parameters = context.parameters.len() as u32;
    let n_product = context.n_called_by.saturating_sub(context.n_called_by_support);
    let callers = [context.n_called_by_support, n_product];
    counts
        .into_iter()
        .chain(callers)
        .chain([n_parameters, complexity.0, complexity.1])
        .map(u64::from)
        .collect()
}

/// The identifiers of texts.
pub(super) fn names_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Names {
    texts.into_iter().flat_map(identifiers).map(str::to_owned).collect()
}

/// Names and their words in lower case, for looking up words of prose.
pub(super) fn lower_words(names: &Names) -> Names {
    names.iter().flat_map(|name| words_of(name).chain([name.to_lowercase()])).collect()
}

/// Letters, digits and underscores that do not begin with a digit.
pub(super) fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        .map(|it| it.trim_matches('$'))
        .filter(|it| it.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// The names within the brackets of a signature: destructured parameters have no name of their own.
fn signature_inputs(signature: &str) -> Names {
    let Some(open) = signature.find('(') else { return Names::new() };
    let close = signature.rfind(')').unwrap_or(signature.len()).max(open + 1);
    names_of([&signature[open..close]])
}

fn called_in(source: &str) -> Names {
    let mut called = Names::new();
    for (at, _) in source.match_indices('(') {
        let before = source[..at].trim_end_matches(['!', '?', '.']);
        // `collect::<Vec<_>>()` and `f[T](x)` call the name before the brackets.
        let generic = before.ends_with('>').then(|| within_reach(before).rsplit_once("::<")).flatten();
        let before = generic.map_or(before, |it| it.0);
        if let Some(name) = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next() {
            called.insert(name.to_owned());
        }
    }
    called.remove("");
    called
}

/// The end of a text that is long enough for generic arguments; without it many brackets would be read many times.
fn within_reach(text: &str) -> &str {
    const MAX_GENERIC_BYTES: usize = 200;
    let start = text.len().saturating_sub(MAX_GENERIC_BYTES);
    let start = (start..=text.len()).find(|&idx| text.is_char_boundary(idx)).unwrap_or(0);
    &text[start..]
}

/// Tells whether a name that a text mentions means this neighbour.
pub(super) fn means(mentioned: &str, neighbour: &Neighbour) -> bool {
    let mentioned = bare(mentioned);
    let plain = |text: &str| text.replace("::", ".").replace(['#', '/'], ".");
    let (said, full) = (plain(&mentioned), plain(&neighbour.display_name));
    if said == neighbour.name || said == full || mentioned == neighbour.name {
        return true;
    }
    let Some((holder, last)) = said.rsplit_once('.') else {
        return last_part(&neighbour.name) == said;
    };
    let holder = last_part(holder);
    let is_self = matches!(holder, "self" | "this" | "cls" | "super" | "Self" | "crate");
    let of_file = identifiers(&neighbour.file_path).any(|it| it == holder);
    last == last_part(&plain(&neighbour.name))
        && (is_self || of_file || identifiers(&neighbour.display_name).any(|it| it == holder))
}

fn last_part(path: &str) -> &str {
    path.rsplit(['.', ':', ' ']).next().unwrap_or(path)
}

/// A mention without call brackets, generics, references and quotes: `&Vec<T>` is `Vec`, `f(x)` is `f`.
pub(super) fn bare(mentioned: &str) -> String {
    let text = mentioned.trim().trim_start_matches(['&', '*', '@', '?']).trim_start_matches("mut ");
    let end = text.find(['(', '<', '[', '!', ' ']).filter(|&end| end > 0).unwrap_or(text.len());
    text[..end].trim_matches(['"', '\'', '.', ':']).to_owned()
}
