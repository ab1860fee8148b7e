//! What the authors' documentation explains, page by page, in its own first sentences.

use std::collections::BTreeSet;

use docpack::records::{Document, Quote, TourItem, TourSection};
use docpack::{Role, Topic};
use prose::{first_sentence, plain};

use crate::View;
use crate::item::{self, With, item, place};
use crate::purpose::{first_prose, readme};
use crate::text::{MAX_QUOTE_CHARS, clip};

/// Pages that are told.
const MAX_PAGES: usize = 10;
/// Symbols beyond this make a page no more telling: a reference names everything.
const MAX_NAMED: usize = 12;
/// A page of this name says how the whole works, which is worth this many symbols.
const EXPLAINING: usize = 12;
/// Pages about the project rather than about the code.
const ASIDE: [&str; 25] = [
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

/// Quotes the first sentence of a page below its title.
fn page(document: &Document, text: &str) -> Option<TourItem> {
    let title = document.sections.first()?;
    let (line, words) = first_prose(text)?;
    let quote = Quote {
        text: clip(first_sentence(&words), MAX_QUOTE_CHARS),
        file_path: document.file_path.clone(),
        line,
    };
    let head = item(format!("\"{}\" in `{}`.", plain(title.title.trim_matches('|')), document.file_path));
    Some(head.with([place(&document.file_path, title.line)]).quoting(Some(quote)))
}
