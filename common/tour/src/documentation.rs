//! What the authors' documentation explains, page by page: its headings and the passages that tell of the code.

mod kind;

use std::collections::BTreeMap;

use docpack::Topic;
use docpack::records::{Document, Quote, Section, TourItem, TourSection};
use prose::plain;

use crate::View;
use crate::item::{self, With, item, place, quoted};
use crate::passages::{DEFINES, Passage, Standing};
use crate::purpose::first_prose;
use crate::text::{list, sentences};

pub(crate) use self::kind::{explains, is_concept, is_telling, worth};
use self::kind::{is_aside, is_readme};

/// Pages that are told.
const MAX_PAGES: usize = 8;
/// Pages about concepts that are told beyond these.
const MAX_MORE: usize = 4;
/// Headings of a page that are named.
const MAX_HEADINGS: usize = 4;
/// Passages of one page that are quoted.
const MAX_QUOTED: usize = 2;
/// Passages of one heading that are quoted: those of others tell something else.
const MAX_OF_HEADING: usize = 2;
/// The same of a page that explains the whole.
const MAX_OF_EXPLAINING: usize = 24;
const MAX_OF_EXPLAINED: usize = 5;
/// The same of a page about a concept, each under another heading.
const MAX_OF_CONCEPT: usize = 5;
/// Of those, the ones that say little of what something is and name little.
const MAX_WEAK: usize = 3;
/// Pages that are quoted at length.
const MAX_AT_LENGTH: usize = 2;
/// A passage that names less is about something else than the code.
const MIN_WORTH: usize = 2;

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let mut order: Vec<usize> = (0..view.passages.documents.len()).collect();
    // The order of the files is the order of ties.
    order.sort_by_cached_key(|at| (std::cmp::Reverse(worth(view, *at)), *at));
    let shown = view.code.readme.map(|(document, _)| document.file_path.as_str());
    let mut n_at_length = 0;
    let mut pages: Vec<(bool, Vec<TourItem>)> = Vec::new();
    for at in order {
        let is_at_length = n_at_length < MAX_AT_LENGTH && explains(view, at);
        n_at_length += usize::from(is_at_length);
        let is_telling = explains(view, at) || is_concept(view.passages.documents[at].document.as_ref());
        pages.extend(page(view, at, shown, is_at_length).map(|items| (is_telling, items)));
    }
    let n_left_out = pages.len();
    let kept = pages
        .into_iter()
        .enumerate()
        .filter(|(at, (is_telling, _))| *at < MAX_PAGES || *is_telling && *at < MAX_PAGES + MAX_MORE);
    let kept: Vec<Vec<TourItem>> = kept.map(|(_, (_, items))| items).collect();
    let n_left_out = n_left_out - kept.len();
    let items = kept.into_iter().flatten().collect();
    item::section(Topic::Documentation, "What the documentation explains", items, n_left_out, None)
}

/// Names the headings of a page, and quotes its first sentences and the passages that tell the most of the code.
///
/// The first sentences of the README at `shown` are told elsewhere; it is a page for what it says further down.
fn page(view: &View<'_>, at: usize, shown: Option<&str>, is_at_length: bool) -> Option<Vec<TourItem>> {
    let page = &view.passages.documents[at];
    let document = page.document.as_ref();
    let is_shown = Some(document.file_path.as_str()) == shown;
    let first = document.sections.first()?;
    let (line, quote) = head_of(view, at)?;
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
    let lines = std::iter::once(start).chain(lines);
    let evidence = lines.map(|line| place(&document.file_path, page.line_of(line)));
    let head = item(format!("{title}`{}`{about}.", document.file_path)).with(evidence);
    let head = head.quoting((!is_shown).then_some(quote));
    let below = below.into_iter().map(|passage| {
        let is_long = is_at_length || is_concept(document) && passage.standing == Standing::List;
        quoted(if is_long { view.passages.quote(passage) } else { view.passages.short(passage) }).below()
    });
    Some(std::iter::once(head).chain(below).collect())
}

/// Quotes the sentence below the title that says what the page is about, else its first words; also returns their line.
fn head_of(view: &View<'_>, at: usize) -> Option<(u32, Quote)> {
    let page = &view.passages.documents[at];
    let first = view.passages.of(at).iter().find(|passage| passage.is_paragraph());
    let lead = first.and_then(|first| view.passages.lead(at, first.section));
    let prose = first_prose(page.text);
    // What leads to a list or to code says something too.
    let is_first = |lead: &Passage<'_>| prose.as_ref().is_none_or(|(line, _)| lead.line < *line);
    if let Some(lead) = lead.filter(|lead| lead.says >= DEFINES || is_first(lead)) {
        let is_whole = lead.standing == Standing::List && is_concept(&page.document);
        let quote = if is_whole { view.passages.quote(lead) } else { view.passages.short(lead) };
        return Some((lead.line, quote));
    }
    let (line, words) = prose?;
    let file_path = page.document.file_path.clone();
    Some((line, Quote { text: sentences(&words), file_path, line: page.line_of(line) }))
}

/// Chooses the passages that tell the most, in the order of the page.
///
/// A page that explains how the whole works is quoted at length, under each of its headings and whether a passage names
/// code or not; one about a concept, under the headings that say the
/// most. Passages about one path stand with the parts, and definitions of terms in the glossary.
fn chosen<'v, 'a>(
    view: &'v View<'a>,
    document: usize,
    first: u32,
    is_at_length: bool,
) -> Vec<&'v Passage<'a>> {
    let of_concept = is_concept(view.passages.documents[document].document.as_ref());
    let (max, of_heading, min) = match (is_at_length, of_concept) {
        (true, _) => (MAX_OF_EXPLAINING, MAX_OF_EXPLAINED, 0),
        (false, true) => (MAX_OF_CONCEPT, 1, 0),
        (false, false) => (MAX_QUOTED, MAX_OF_HEADING, MIN_WORTH),
    };
    let is_told = |passage: &&Passage<'_>| {
        let is_told_here = passage.is_paragraph() || passage.standing == Standing::Item;
        let is_here = is_told_here && passage.path().is_none();
        let is_answer = view.passages.heading(passage).is_some_and(|it| is_asking(&it.title));
        let is_said =
            passage.stands_alone() && (is_answer || passage.worth() >= min || passage.says >= DEFINES);
        passage.line != first && is_here && is_said && !is_of_manners(view, passage)
    };
    let own = view.passages.of(document);
    let head = own.iter().find(|passage| passage.line == first).map(|passage| passage.section);
    let is_weak = |passage: &Passage<'_>| passage.says == 0 && passage.worth() < MIN_WORTH;
    let mut found: Vec<&Passage<'_>> = own.iter().filter(is_told).collect();
    found.sort_by_key(|passage| {
        // Under a heading about a concept, the first sentence that defines it tells more than a later one of more names.
        let is_defining = of_concept && passage.says >= DEFINES;
        let told = if is_defining { 0 } else { passage.worth() + passage.says };
        (!is_defining, std::cmp::Reverse(told), passage.line)
    });
    if of_concept && !is_at_length {
        found.retain(|passage| !is_weak(passage) || Some(passage.section) != head);
    }
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
    if of_concept && !is_at_length {
        let n_strong = kept.iter().filter(|passage| !is_weak(passage)).count();
        let mut n_weak = MAX_WEAK.saturating_sub(n_strong);
        kept.retain(|passage| {
            let is_kept = !is_weak(passage) || n_weak > 0;
            n_weak -= usize::from(is_weak(passage) && is_kept);
            is_kept
        });
    }
    kept.sort_by_key(|passage| passage.line);
    kept
}

/// Tells whether a heading asks how something works, which is answered below it, with names or without.
fn is_asking(title: &str) -> bool {
    const WORDS: [&str; 10] = [
        "architecture",
        "design",
        "internals",
        "lifecycle",
        "model",
        "overview",
        "pipeline",
        "process",
        "structure",
        "works",
    ];
    let lower = title.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    lower.starts_with("how ") || words.any(|word| WORDS.contains(&word))
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
