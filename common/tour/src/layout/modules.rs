//! What authors say of a part, and of the modules in it, in the comments of its files.

use std::collections::{BTreeMap, BTreeSet};

use docpack::records::{Quote, Symbol, TourItem};
use prose::{blocks, plain};

use crate::View;
use crate::item::{With, item, symbol};
use crate::parts::{Part, PartKind};
use crate::text::{MAX_QUOTE_CHARS, clip, comment, lead};

/// Modules of one part that are told, and of one that has as many files as a whole repository.
const MAX_MODULES: usize = 3;
const MAX_OF_MANY: usize = 8;
/// Modules that nothing uses, such as migrations, are each about themselves.
const MAX_UNUSED: usize = 2;
/// A part with more files is told at length.
const MANY_FILES: usize = 12;
/// Files whose comments speak for their folder.
const MAIN: [&str; 8] =
    ["__init__.py", "lib.rs", "mod.rs", "main.rs", "doc.go", "index.ts", "index.js", "mod.ts"];

/// Finds what the author says of a part: in its main file, in the comment of its package, or in its only file.
pub(crate) fn words_of(view: &View<'_>, part: &Part<'_>) -> Option<Quote> {
    let rest = |file: &str| {
        let rest = file.strip_prefix(part.path.as_str()).unwrap_or(file).trim_start_matches('/').to_owned();
        rest.strip_prefix("src/").map_or(rest.clone(), str::to_owned)
    };
    let is_main = |file: &&&str| MAIN.contains(&rest(file).as_str());
    let is_direct = |file: &&&str| !rest(file).contains('/');
    let beside = format!("{}.rs", part.path);
    let module = |path: &str| view.code.module_of(path).and_then(|at| lead(view.code.symbols[at]));
    let of_package = || {
        let package = part.files.iter().filter(is_direct).filter(|file| is_of_package(view, file));
        package.copied().find_map(module)
    };
    match part.kind {
        PartKind::Rest => None,
        PartKind::File => module(part.files.first()?),
        _ => part
            .files
            .iter()
            .filter(is_main)
            .find_map(|file| module(file))
            .or_else(|| module(&beside))
            .or_else(of_package),
    }
}

/// Tells whether the comment of a file is that of its package, which any file of a package of Go may hold.
fn is_of_package(view: &View<'_>, path: &str) -> bool {
    let module = view.code.module_of(path).filter(|_| path.ends_with(".go"));
    let comment = module.and_then(|at| view.code.symbols[at].doc_comment.as_deref());
    comment.is_some_and(|comment| comment.trim_start().starts_with("Package "))
}

/// Quotes the comments of the modules in a part, those that the most other code uses first; `told` are told of before.
///
/// In a flat folder they are all that says which file does what.
pub(super) fn commented(view: &View<'_>, part: &Part<'_>, told: &[TourItem]) -> Vec<TourItem> {
    if part.files.len() < 2 {
        return Vec::new();
    }
    let code = &view.code;
    let mut n_uses: BTreeMap<&str, usize> = part.files.iter().map(|file| (*file, 0)).collect();
    for at in code.ours() {
        let path = code.path(at);
        let users = || code.reaching(at).iter().filter(|link| code.path(link.other) != path);
        if let Some(n) = n_uses.get_mut(path) {
            *n += users().count();
        }
    }
    let whole = words_of(view, part);
    let own = whole.as_ref().map(|quote| quote.file_path.as_str());
    let mut files: Vec<(&str, usize)> = n_uses.into_iter().collect();
    files.sort_by_key(|(file, n)| (std::cmp::Reverse(*n), *file));
    let is_used = files.first().is_some_and(|(_, n)| *n > 0);
    let names: BTreeSet<String> = told.iter().map(|item| item.text.clone()).collect();
    let mut told_words: BTreeSet<String> = BTreeSet::new();
    let quoted = files.into_iter().filter(|(file, _)| Some(*file) != own).filter_map(|(file, _)| {
        let at = code.module_of(file)?;
        let quote = said(code.symbols[at])?;
        let is_of_whole = whole.as_ref().is_some_and(|whole| whole.text.contains(&quote.text));
        let name = format!("`{}`", subject(view, file));
        // The same words in several files are about none of them.
        (!is_of_whole && !names.contains(&name) && told_words.insert(quote.text.clone()))
            .then(|| item(name).with([symbol(code, at)]).quoting(Some(quote)).below())
    });
    let max = match part.files.len() {
        _ if !is_used => MAX_UNUSED,
        n if n > MANY_FILES => MAX_OF_MANY,
        _ => MAX_MODULES,
    };
    quoted.take(max).collect()
}

/// Quotes the first sentence of a comment, with the list that it leads to.
fn said(symbol: &Symbol) -> Option<Quote> {
    let quote = comment(symbol)?;
    let Some(head) = quote.text.strip_suffix(':') else { return Some(quote) };
    let blocks = blocks(symbol.doc_comment.as_deref().unwrap_or_default());
    let below = blocks.iter().skip_while(|block| !plain(&block.text).ends_with(&quote.text)).skip(1);
    let items: Vec<String> = below
        .take_while(|block| block.is_item)
        .map(|block| plain(&block.text).trim_end_matches(['.', ';', ',']).to_owned())
        .collect();
    let text = if items.is_empty() { format!("{head}…") } else { format!("{head}: {}", items.join("; ")) };
    Some(Quote { text: clip(&text, MAX_QUOTE_CHARS), ..quote })
}

/// Names what the comment of a file is about: the file, or its folder.
fn subject<'p>(view: &View<'_>, path: &'p str) -> &'p str {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_main = MAIN.contains(&name) || is_of_package(view, path);
    if is_main && !folder.is_empty() { folder.strip_suffix("/src").unwrap_or(folder) } else { path }
}
