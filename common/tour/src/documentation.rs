//! What the authors' documentation explains, page by page: its headings and its own first sentences.

use std::collections::BTreeSet;

use docpack::records::{Document, Quote, Section, TourItem, TourSection};
use docpack::{Role, Topic};
use prose::plain;

use crate::View;
use crate::item::{self, With, item, place};
use crate::purpose::{first_prose, readme};
use crate::text::{list, sentences};

/// Pages that are told.
const MAX_PAGES: usize = 10;
/// Symbols beyond this make a page no more telling: a reference names everything.
const MAX_NAMED: usize = 12;
/// Headings of a page that are named.
const MAX_HEADINGS: usize = 6;
/// A page of this name says how the whole works, which is worth this many symbols.
const EXPLAINING: usize = 12;
/// Pages about the project rather than about the code.
const ASIDE: [&str; 27] = [
    "benchmark",
    "changelog",
    "changes",
    "history",
    "news",
    "release",
    "licen",
    "contribut",
    "code of conduct",
    "code_of_conduct",
    "conduct",
    "security polic",
    "governance",
    "sponsor",
    "author",
    "credit",
    "acknowledg",
    "roadmap",
    "todo",
    "upgrad",
    "migrat",
    "faq",
    "ecosystem",
    "lts",
    "maintainer",
    "reporting security",
    "translat",
];

pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let records = view.code.records;
    let shown = readme(records).map(|(document, _)| document.file_path.as_str());
    let documents = records.source_map.documents.iter();
    let documents = documents.filter(|it| Some(it.file_path.as_str()) != shown && is_explaining(it));
    let mut pages: Vec<(usize, TourItem)> = documents
        .filter_map(|document| {
            Some((worth(view, document), page(document, records.texts.get(&document.file_path)?)?))
        })
        .collect();
    // The order of the files is the order of ties.
    pages.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
    let n_left_out = pages.len().saturating_sub(MAX_PAGES);
    let items = pages.into_iter().take(MAX_PAGES).map(|(_, item)| item).collect();
    item::section(Topic::Documentation, "What the documentation explains", items, n_left_out, None)
}

/// Tells by its name and title whether a document is about the code.
fn is_explaining(document: &Document) -> bool {
    let title = document.sections.first().map_or("", |section| section.title.as_str());
    let named = format!("{} {title}", document.file_path).to_lowercase();
    document.role.known() == Some(Role::Documentation) && !ASIDE.iter().any(|word| named.contains(word))
}

/// Counts what a page can teach: how many symbols of the product it names, and whether it is there to explain.
fn worth(view: &View<'_>, document: &Document) -> usize {
    const WORDS: [&str; 10] = [
        "architecture",
        "design",
        "structure",
        "overview",
        "concept",
        "internals",
        "how it works",
        "guide",
        "introduction",
        "lifecycle",
    ];
    let named: BTreeSet<usize> = document
        .sections
        .iter()
        .flat_map(|section| &section.symbol_ids)
        .filter_map(|id| view.code.place(*id))
        .filter(|at| view.code.is_ours(*at))
        .take(MAX_NAMED)
        .collect();
    let title = document.sections.first().map_or("", |section| section.title.as_str());
    let name = format!("{} {title}", document.file_path).to_lowercase();
    let explains = WORDS.iter().any(|word| name.contains(word));
    named.len() + usize::from(explains) * EXPLAINING
}

/// Names the headings of a page, and quotes the first sentences below its title.
fn page(document: &Document, text: &str) -> Option<TourItem> {
    let first = document.sections.first()?;
    let (line, words) = first_prose(text)?;
    // A heading below the first words is that of a part.
    let title = Some(first).filter(|first| first.line < line);
    let quote = Quote { text: sentences(&words), file_path: document.file_path.clone(), line };
    let start = title.map_or(line, |title| title.line);
    let (named, lines) = headings(document, start);
    let about = if named.is_empty() { String::new() } else { format!(", about {}", list(&named)) };
    let title = title.map_or(String::new(), |title| format!("{} in ", heading(title)));
    let head = item(format!("{title}`{}`{about}.", document.file_path));
    let evidence = std::iter::once(start).chain(lines).map(|line| place(&document.file_path, line));
    Some(head.with(evidence).quoting(Some(quote)))
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
