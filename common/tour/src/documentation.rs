//! What the authors' documentation explains, page by page: its headings and the passages that tell of the code.

use std::collections::BTreeMap;

use docpack::Topic;
use docpack::records::{Document, Quote, Section, TourItem, TourSection};
use prose::plain;

use crate::View;
use crate::item::{self, With, item, place, quoted};
use crate::passages::{Page, Passage, Standing};
use crate::purpose::{first_prose, readme};
use crate::text::{list, sentences};

/// Pages that are told.
const MAX_PAGES: usize = 8;
/// Things beyond this make a page no more telling: a reference names everything.
const MAX_NAMED: usize = 12;
/// Headings of a page that are named.
const MAX_HEADINGS: usize = 6;
/// The comment of a main file with as many headings introduces the whole.
const MIN_OF_GUIDE: usize = 4;
/// A page with fewer is about one thing.
const MIN_NAMED: usize = 4;
/// A page of this name says how the whole works, which is worth this many names.
const EXPLAINING: usize = 12;
/// A page for those who change the code is worth this many names.
const FOR_DEVELOPERS: usize = 6;
/// Passages of one page that are quoted.
const MAX_QUOTED: usize = 2;
/// Passages of one heading that are quoted: those of others tell something else.
const MAX_OF_HEADING: usize = 2;
/// The same of a page that explains the whole.
const MAX_OF_EXPLAINING: usize = 24;
const MAX_OF_EXPLAINED: usize = 3;
/// Pages that are quoted at length.
const MAX_AT_LENGTH: usize = 2;
/// A passage that names less is about something else than the code.
const MIN_WORTH: usize = 2;

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let mut order: Vec<usize> = (0..view.passages.documents.len()).collect();
    // The order of the files is the order of ties.
    order.sort_by_cached_key(|at| (std::cmp::Reverse(worth(view, *at)), *at));
    let shown = readme(view.code.records).map(|(document, _)| document.file_path.as_str());
    let mut n_at_length = 0;
    let mut pages: Vec<Vec<TourItem>> = Vec::new();
    for at in order {
        let is_at_length = n_at_length < MAX_AT_LENGTH && explains(view, at);
        n_at_length += usize::from(is_at_length);
        pages.extend(page(view, at, shown, is_at_length));
    }
    let n_left_out = pages.len().saturating_sub(MAX_PAGES);
    let items = pages.into_iter().take(MAX_PAGES).flatten().collect();
    item::section(Topic::Documentation, "What the documentation explains", items, n_left_out, None)
}

/// Counts what a page can teach: how much of the product it names, and whether it is there to explain.
fn worth(view: &View<'_>, at: usize) -> usize {
    let document = view.passages.documents[at].document.as_ref();
    let n_named = view.passages.n_named(at).min(MAX_NAMED);
    if is_aside(document) {
        return n_named / 2;
    }
    let for_developers = document.file_path.to_lowercase().contains("develop");
    let (whole, part) = (usize::from(explains(view, at)), usize::from(for_developers));
    n_named + whole * EXPLAINING + part * FOR_DEVELOPERS
}

/// Tells by its name, title and contents whether a page says how the whole works.
fn explains(view: &View<'_>, at: usize) -> bool {
    const WHOLE: [&str; 7] = [
        "architecture",
        "codebase",
        "code structure",
        "project structure",
        "internals",
        "how it works",
        "code map",
    ];
    // A design may be that of a small part.
    const PERHAPS: [&str; 5] = ["design", "overview", "concepts", "lifecycle", "technical"];
    const TITLES: [&str; 3] = ["development", "developer guide", "hacking"];
    let page = &view.passages.documents[at];
    let document = page.document.as_ref();
    let title = document.sections.first().map_or("", |section| section.title.as_str());
    let name = document.file_path.rsplit('/').next().unwrap_or_default();
    let name = format!("{} {title}", name.replace(['_', '-'], " ")).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // "How knip works".
    let is_how = name.contains("how ") && name.contains(" work");
    let is_titled = TITLES.contains(&title.to_lowercase().as_str());
    let perhaps = has(&PERHAPS) || is_titled;
    let is_guide = is_main_comment(view, at) && document.sections.len() >= MIN_OF_GUIDE;
    !is_aside(document)
        && (is_how || is_guide || has(&WHOLE) || perhaps && view.passages.n_named(at) >= MIN_NAMED)
}

/// Tells whether a page is the comment that lies nearest to the root, and no other as near.
fn is_main_comment(view: &View<'_>, at: usize) -> bool {
    let depth = |page: &Page<'_>| page.document.file_path.matches('/').count();
    let page = &view.passages.documents[at];
    let others =
        view.passages.documents.iter().enumerate().filter(|(other, page)| *other != at && page.is_comment());
    page.is_comment() && others.map(|(_, page)| page).all(|other| depth(other) > depth(page))
}

/// Tells whether a page is the README of a folder.
fn is_readme(document: &Document) -> bool {
    let name = document.file_path.rsplit('/').next().unwrap_or_default();
    name.to_lowercase().starts_with("readme.")
}

/// Tells whether a page is about getting or changing the thing, which says little of how it works.
fn is_aside(document: &Document) -> bool {
    const WORDS: [&str; 6] = ["install", "requirement", "contribut", "compil", "building", "docs sources"];
    /// Written for programs that write code; some hold a map of the code.
    const FOR_TOOLS: [&str; 4] = ["agents", "claude", "gemini", "copilot"];
    let title = document.sections.first().map_or("", |section| section.title.as_str());
    let path = document.file_path.to_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
    let named = format!("{name} {}", title.to_lowercase());
    let is_tutorial = path.contains("tutorial") || folders.contains("blog");
    is_tutorial
        || WORDS.iter().any(|word| named.contains(word))
        || FOR_TOOLS.iter().any(|tool| name.starts_with(tool))
}

/// Names the headings of a page, and quotes its first sentences and the passages that tell the most of the code.
///
/// The first sentences of the README at `shown` are told elsewhere; it is a page for what it says further down.
fn page(view: &View<'_>, at: usize, shown: Option<&str>, is_at_length: bool) -> Option<Vec<TourItem>> {
    let page = &view.passages.documents[at];
    let document = page.document.as_ref();
    let is_shown = Some(document.file_path.as_str()) == shown;
    let first = document.sections.first()?;
    let (line, words) = first_prose(page.text)?;
    let below = chosen(view, at, line, is_at_length);
    // The README of a folder is told with its part.
    let is_told = is_shown || is_aside(document) || is_readme(document);
    if is_told && below.is_empty() {
        return None;
    }
    // A heading below the first words is that of a part.
    let title = Some(first).filter(|first| first.line < line);
    let start = title.map_or(line, |title| title.line);
    let (named, lines) = headings(document, start);
    let about = if named.is_empty() { String::new() } else { format!(", about {}", list(&named)) };
    let title = title.map_or(String::new(), |title| format!("{} in ", heading(title)));
    let quote =
        Quote { text: sentences(&words), file_path: document.file_path.clone(), line: page.line_of(line) };
    let lines = std::iter::once(start).chain(lines);
    let evidence = lines.map(|line| place(&document.file_path, page.line_of(line)));
    let head = item(format!("{title}`{}`{about}.", document.file_path)).with(evidence);
    let head = head.quoting((!is_shown).then_some(quote));
    let below = below.into_iter().map(|passage| {
        quoted(if is_at_length { view.passages.quote(passage) } else { view.passages.short(passage) }).below()
    });
    Some(std::iter::once(head).chain(below).collect())
}

/// Chooses the passages that tell the most, in the order of the page.
///
/// A page that explains how the whole works is quoted at length, under each of its headings and whether a passage names
/// code or not. Passages about one path stand with the parts, and definitions of terms in the glossary.
fn chosen<'v, 'a>(
    view: &'v View<'a>,
    document: usize,
    first: u32,
    is_at_length: bool,
) -> Vec<&'v Passage<'a>> {
    let (max, of_heading, min) = match is_at_length {
        true => (MAX_OF_EXPLAINING, MAX_OF_EXPLAINED, 0),
        false => (MAX_QUOTED, MAX_OF_HEADING, MIN_WORTH),
    };
    let is_told = |passage: &&Passage<'_>| {
        let is_told_here = passage.is_paragraph() || passage.standing == Standing::Item;
        let is_here = is_told_here && passage.path().is_none();
        // A heading that asks how something works is answered below it, with names or without.
        let is_answer =
            view.passages.heading(passage).is_some_and(|it| it.title.to_lowercase().starts_with("how "));
        let is_said = passage.stands_alone() && (is_answer || passage.worth() >= min);
        passage.line != first && is_here && is_said && !is_of_manners(view, passage)
    };
    let mut found: Vec<&Passage<'_>> = view.passages.of(document).iter().filter(is_told).collect();
    found.sort_by_key(|passage| (std::cmp::Reverse(passage.worth()), passage.line));
    let mut places: BTreeMap<Option<usize>, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, &Passage<'_>)> = Vec::with_capacity(found.len());
    for passage in found {
        let n_before = places.entry(passage.section).or_default();
        ranked.push((*n_before, passage));
        *n_before += 1;
    }
    ranked.retain(|(n_before, _)| *n_before < of_heading);
    // The sort is stable: of those under different headings, what tells more comes first.
    ranked.sort_by_key(|(n_before, _)| *n_before);
    let mut kept: Vec<&Passage<'_>> = ranked.into_iter().take(max).map(|(_, passage)| passage).collect();
    kept.sort_by_key(|passage| passage.line);
    kept
}

/// Tells whether a heading around a passage is about how to write code, which says nothing of how it works.
fn is_of_manners(view: &View<'_>, passage: &Passage<'_>) -> bool {
    const WORDS: [&str; 9] =
        ["style", "contribut", "legacy", "licen", "release", "convention", "install", "feature", "version"];
    let sections = &view.passages.documents[passage.document].document.sections;
    let above = passage.section.and_then(|at| sections.get(..=at)).unwrap_or_default();
    let mut level = u32::MAX;
    let mut around = above.iter().rev().filter(|section| {
        let is_around = section.level < level;
        level = level.min(section.level);
        is_around
    });
    around.any(|section| WORDS.iter().any(|word| section.title.to_lowercase().contains(word)))
}

fn heading(section: &Section) -> String {
    format!("\"{}\"", plain(section.title.trim_matches('|')))
}

/// Names the uppermost headings below the title, and their lines.
fn headings(document: &Document, title: u32) -> (Vec<String>, Vec<u32>) {
    let below = || document.sections.iter().filter(|section| section.line > title);
    let top = below().map(|section| section.level).min();
    let found: Vec<&Section> =
        below().filter(|section| Some(section.level) == top && !plain(&section.title).is_empty()).collect();
    let mut named: Vec<String> = found.iter().take(MAX_HEADINGS).map(|section| heading(section)).collect();
    if found.len() > MAX_HEADINGS {
        named.push(format!("{} more", found.len() - MAX_HEADINGS));
    }
    (named, found.iter().take(MAX_HEADINGS).map(|section| section.line).collect())
}
