//! How the repository is laid out: its parts as layers, and what uses what.

mod modules;

use std::collections::{BTreeMap, BTreeSet};

use docpack::Topic;
use docpack::records::{Quote, TourEvidence, TourItem, TourSection};

use crate::item::{self, With, edge, item, path};
use crate::parts::{Part, PartKind, is_within};
use crate::passages::{Named, Passage};
use crate::text::{count, lead, list};
use crate::{View, diagram};

pub(crate) use self::modules::words_of;

/// Parts that one sentence names.
const MAX_NAMED: usize = 3;
/// Pairs that use each other and are told.
const MAX_MUTUAL: usize = 4;
/// Symbols that stand for a part.
const MAX_SYMBOLS: usize = 4;
/// Files and folders of a part of which the documentation is quoted.
const MAX_INNER: usize = 4;
/// Folders around several parts of which the documentation is quoted.
const MAX_AROUND: usize = 4;
/// Of those, the ones whose comments are quoted where the part has none.
const MAX_QUOTED: usize = 2;

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let parts = &view.parts;
    if parts.list.len() < 2 {
        return None;
    }
    let mut items: Vec<TourItem> = around(view);
    for at in 0..parts.list.len() {
        items.extend(of_part(view, at));
        items.extend(uses(view, at));
    }
    items.extend(circles(view));
    item::section(Topic::Layout, "How it is laid out", items, 0, Some(diagram::layers(parts)))
}

/// Names a part for a sentence.
pub(crate) fn name(part: &Part<'_>) -> String {
    match (part.kind, part.path.as_str()) {
        (PartKind::Rest, "") => "smaller parts".to_owned(),
        (PartKind::Rest, path) => format!("smaller parts of `{path}`"),
        (_, "") => "the files at the root".to_owned(),
        (PartKind::Folder, path) => format!("`{path}/`"),
        (PartKind::Loose, path) => format!("`{path}/*`"),
        (PartKind::File, path) => format!("`{path}`"),
    }
}

/// Tells of a part; where its author says nothing of it, what the author says of its main symbols.
fn of_part(view: &View<'_>, at: usize) -> Vec<TourItem> {
    let part = &view.parts.list[at];
    let size = match part.files.len() {
        1 => count(part.n_symbols, "symbol", "symbols"),
        n => format!("{}, {}", count(n, "file", "files"), count(part.n_symbols, "symbol", "symbols")),
    };
    let (own, mut inner) = documented(view, part);
    if inner.len() < MAX_INNER {
        inner.extend(modules::commented(view, part, &inner));
    }
    let quote = words_of(view, part).or(own);
    let central = central(view, at);
    let mut text = format!("{} ({size})", capital(&name(part)));
    if !central.is_empty() {
        let names: Vec<_> = central.iter().map(|at| format!("`{}`", view.code.name(*at))).collect();
        text.push_str(&format!(": {}", list(&names)));
    }
    let places = match part.kind {
        PartKind::Rest => part.files.iter().take(3).map(|file| path(file)).collect(),
        _ => vec![path(&part.path)],
    };
    let symbols = central.iter().map(|at| item::symbol(&view.code, *at));
    let has_words = quote.is_some();
    let whole = item(format!("{text}.")).with(places.into_iter().chain(symbols)).quoting(quote);
    let quoted = central.iter().filter_map(|at| words_of_symbol(view, *at));
    let quoted = quoted.take(if has_words || !inner.is_empty() { 0 } else { MAX_QUOTED });
    std::iter::once(whole).chain(inner).chain(quoted).collect()
}

/// Quotes what the documentation says of a part, and of the files and folders in it.
fn documented(view: &View<'_>, part: &Part<'_>) -> (Option<Quote>, Vec<TourItem>) {
    let own = view
        .passages
        .about(Named::Path(&part.path))
        .filter(|_| part.kind == PartKind::Folder || part.kind == PartKind::File);
    let is_inside = |path: &str| match part.kind {
        PartKind::Folder | PartKind::File => path != part.path && is_within(&part.path, path),
        PartKind::Loose => part.files.contains(&path),
        PartKind::Rest => {
            path != part.path
                && is_within(&part.path, path)
                && part.files.iter().any(|file| is_within(path, file))
        }
    };
    let inner = of_paths(view, is_inside);
    let told = inner.into_iter().take(MAX_INNER).map(With::below).collect();
    (own.map(|passage| view.passages.quote_about(passage)), told)
}

/// Quotes what the documentation says of folders that hold several parts.
fn around(view: &View<'_>) -> Vec<TourItem> {
    let parts = &view.parts.list;
    let is_around = |path: &str| {
        let inside = parts.iter().filter(|part| part.path != path && is_within(path, &part.path));
        inside.count() > 1 && parts.iter().all(|part| part.path != path)
    };
    of_paths(view, is_around).into_iter().take(MAX_AROUND).collect()
}

/// Quotes what the documentation says of some paths, those with the most symbols first.
fn of_paths(view: &View<'_>, is_wanted: impl Fn(&str) -> bool) -> Vec<TourItem> {
    let subjects = view.passages.list.iter().filter_map(Passage::path);
    let mut paths: BTreeMap<&str, usize> =
        subjects.filter(|path| is_wanted(path)).map(|path| (path, 0)).collect();
    for at in view.code.ours() {
        let holding = paths.iter_mut().filter(|(path, _)| is_within(path, view.code.path(at)));
        holding.for_each(|(_, n)| *n += 1);
    }
    let mut order: Vec<(&str, usize)> = paths.into_iter().collect();
    order.sort_by_key(|(path, n)| (std::cmp::Reverse(*n), *path));
    let found = order.into_iter().filter_map(|(file, _)| {
        let quote = view.passages.quote_about(view.passages.about(Named::Path(file))?);
        Some(item(format!("`{file}`")).with([path(file)]).quoting(Some(quote)))
    });
    found.collect()
}

fn words_of_symbol(view: &View<'_>, at: usize) -> Option<TourItem> {
    let words = lead(view.code.symbols[at])?;
    let name = item(format!("`{}`", view.code.name(at)));
    Some(name.with([item::symbol(&view.code, at)]).quoting(Some(words)).below())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Lists the symbols of a part that are used the most, types before members.
fn central(view: &View<'_>, part: usize) -> Vec<usize> {
    let code = &view.code;
    let is_told = |at: &usize| {
        let is_of_part = view.parts.of(code.path(*at)) == Some(part);
        is_of_part
            && (code.is_type(*at) || code.is_callable(*at))
            && code.owner_type(*at).is_none()
            && code.kind(*at) != Some(docpack::SymbolKind::Impl)
            && is_at_top(view, *at)
    };
    let mut found: Vec<usize> = code.ours().filter(is_told).collect();
    let is_public = |at: usize| code.is_public(at);
    found.sort_by_key(|at| (std::cmp::Reverse((view.ranks.of(*at), is_public(*at))), *at));
    let mut told: BTreeSet<String> = BTreeSet::new();
    found.retain(|at| told.insert(code.name(*at)));
    found.truncate(MAX_SYMBOLS);
    found
}

/// Tells whether a symbol is not within a callable.
pub(crate) fn is_at_top(view: &View<'_>, at: usize) -> bool {
    view.code.owner(at).is_none_or(|owner| !view.code.is_callable(owner))
}

/// Tells which parts a part uses, with the first edge to each.
fn uses(view: &View<'_>, at: usize) -> Option<TourItem> {
    let parts = &view.parts;
    let ways = |is_user: bool| {
        let mut found: Vec<(usize, &crate::parts::Use)> = parts
            .uses
            .iter()
            .filter(|((from, to), _)| if is_user { *from == at } else { *to == at })
            .map(|((from, to), it)| (if is_user { *to } else { *from }, it))
            .collect();
        found.sort_by_key(|(other, it)| (std::cmp::Reverse(it.n), *other));
        found
    };
    let (down, up) = (ways(true), ways(false));
    let named = |found: &[(usize, &crate::parts::Use)]| {
        let mut names: Vec<_> =
            found.iter().take(MAX_NAMED).map(|(other, _)| name(&parts.list[*other])).collect();
        if found.len() > MAX_NAMED {
            names.push(format!("{} more", found.len() - MAX_NAMED));
        }
        list(&names)
    };
    let text = match (down.is_empty(), up.is_empty()) {
        (true, true) => return None,
        (false, true) => format!("Uses {}; no other part uses it.", named(&down)),
        (true, false) => format!("Uses no other part; used by {}.", named(&up)),
        (false, false) => format!("Uses {}; used by {}.", named(&down), named(&up)),
    };
    let evidence = down.iter().take(3).chain(up.iter().take(3)).map(|(_, it)| first(view, it));
    Some(item(text).with(evidence).below())
}

fn first(view: &View<'_>, it: &crate::parts::Use) -> TourEvidence {
    let (from, to, line) = it.first;
    edge(&view.code, from, to, line)
}

/// Names the parts that use each other.
fn circles(view: &View<'_>) -> Vec<TourItem> {
    let parts = &view.parts;
    parts.mutual().into_iter().take(MAX_MUTUAL).filter_map(|(a, b)| circle(view, a, b)).collect()
}

/// Tells of two parts that use each other.
pub(crate) fn circle(view: &View<'_>, a: usize, b: usize) -> Option<TourItem> {
    let parts = &view.parts;
    let (there, back) = (parts.uses.get(&(a, b))?, parts.uses.get(&(b, a))?);
    let (upper, lower) = (name(&parts.list[a]), name(&parts.list[b]));
    let text = format!(
        "{} and {lower} use each other: {} one way, {} back.",
        capital(&upper),
        count(there.n, "place", "places"),
        count(back.n, "place", "places")
    );
    Some(item(text).with([first(view, there), first(view, back)]))
}
