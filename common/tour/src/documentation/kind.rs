//! What kind of page a document is: one that explains how things work, a reference, or one about something else.

use docpack::records::Document;

use crate::View;
use crate::passages::Page;

/// Things beyond this make a page no more telling: a reference names everything.
const MAX_NAMED: usize = 8;
/// The comment of a main file with as many headings introduces the whole.
const MIN_OF_GUIDE: usize = 4;
/// A page with fewer is about one thing.
const MIN_NAMED: usize = 4;
/// A page of this name says how the whole works, which is worth this many names.
const EXPLAINING: usize = 12;
/// A page about a concept is worth as many.
const CONCEPT: usize = 12;
/// A page for those who change the code is worth this many names.
const FOR_DEVELOPERS: usize = 6;
/// Headings beyond this that say what their subject is make a page no more telling.
const MAX_DEFINED: usize = 6;

/// Counts what a page can teach: how much of the product it names, and whether it is there to explain.
pub(crate) fn worth(view: &View<'_>, at: usize) -> usize {
    let document = view.passages.documents[at].document.as_ref();
    let n_named = view.passages.n_named(at).min(MAX_NAMED);
    if is_aside(document) || is_example(document) || repeats(view, at) {
        return n_named / 2;
    }
    let whole = usize::from(explains(view, at)) * EXPLAINING;
    // A reference says what each name is, not how they work together.
    if whole == 0 && is_reference(document) {
        return n_named / 2;
    }
    let for_developers = document.file_path.to_lowercase().contains("develop");
    let of_concept = usize::from(is_concept(document)) * CONCEPT;
    // Words about other things than the code define much.
    let n_defined = view.passages.n_defined(at).min(MAX_DEFINED).min(n_named);
    n_named + n_defined + whole.max(of_concept) + usize::from(for_developers) * FOR_DEVELOPERS
}

/// Tells whether a page says the same as the README of the whole.
fn repeats(view: &View<'_>, at: usize) -> bool {
    let shown = view.code.readme.map(|(document, _)| document.file_path.as_str());
    let pages = &view.passages.documents;
    let readme = pages.iter().position(|page| Some(page.document.file_path.as_str()) == shown);
    readme.is_some_and(|readme| readme != at && pages[readme].says_as(&pages[at]))
}

/// Tells whether a page defines terms of the repository: one that explains, or that names much of the code.
pub(crate) fn is_telling(view: &View<'_>, at: usize) -> bool {
    let document = view.passages.documents[at].document.as_ref();
    let is_other = is_aside(document) || is_example(document) || is_reference(document);
    let is_about_code = view.passages.n_named(at) >= MIN_NAMED;
    explains(view, at) || !is_other && (is_concept(document) || is_about_code)
}

/// Tells by its name, title and contents whether a page says how the whole works.
pub(crate) fn explains(view: &View<'_>, at: usize) -> bool {
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
    // An overview of one of these is none of the whole.
    const PARTIAL: [&str; 4] = ["deploy", "performance", "security", "testing"];
    const TITLES: [&str; 3] = ["development", "developer guide", "hacking"];
    let page = &view.passages.documents[at];
    let document = page.document.as_ref();
    let title = title(document);
    let name = document.file_path.rsplit('/').next().unwrap_or_default();
    let name = format!("{} {title}", name.replace(['_', '-'], " ")).to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // "How knip works".
    let is_how = name.contains("how ") && name.contains(" work");
    let is_titled = TITLES.contains(&title.to_lowercase().as_str());
    let perhaps = (has(&PERHAPS) || is_titled) && !has(&PARTIAL);
    let is_guide = is_main_comment(view, at) && document.sections.len() >= MIN_OF_GUIDE;
    !is_aside(document)
        && (is_how || is_guide || has(&WHOLE) || perhaps && view.passages.n_named(at) >= MIN_NAMED)
}

/// Tells by the words of its path and title whether a page explains a concept.
pub(crate) fn is_concept(document: &Document) -> bool {
    const WORDS: [&str; 21] = [
        "architecture",
        "basics",
        "concept",
        "concepts",
        "definitions",
        "design",
        "explanation",
        "explanations",
        "fundamentals",
        "glossary",
        "internals",
        "introduction",
        "lifecycle",
        "limitations",
        "model",
        "overview",
        "principles",
        "terminology",
        "terms",
        "vocabulary",
        "workflows",
    ];
    has_word(document, &WORDS)
}

/// Tells whether a page lists names one by one: its path says so, or most of its headings are code.
pub(crate) fn is_reference(document: &Document) -> bool {
    const WORDS: [&str; 7] = ["api", "apis", "reference", "commands", "options", "configuration", "cli"];
    // The words of a title may be about anything.
    let folders = document.file_path.rsplit_once('/').map_or("", |(folders, _)| folders).to_lowercase();
    let is_filed = words(&folders).any(|word| WORDS.contains(&word)) || {
        let named = document.file_path.to_lowercase();
        let name = named.rsplit('/').next().unwrap_or_default();
        words(name).any(|word| WORDS.contains(&word))
    };
    let below = document.sections.get(1..).unwrap_or_default();
    let n_code = below.iter().filter(|section| is_code(&section.title)).count();
    is_filed || n_code * 2 > below.len()
}

/// Tells whether a heading is a call or a name in code.
fn is_code(title: &str) -> bool {
    title.contains("(") && title.contains(")") && !title.contains(") ") && !title.starts_with('(')
        || title.starts_with('`') && title.ends_with('`') && title.contains(['_', '.', '-', '('])
}

/// Tells whether a page shows how something is done, case by case.
fn is_example(document: &Document) -> bool {
    const WORDS: [&str; 14] = [
        "awesome",
        "cookbook",
        "example",
        "examples",
        "faq",
        "faqs",
        "patterns",
        "resources",
        "showcase",
        "snippets",
        "troubleshooting",
        "tips",
        "tricks",
        "versioning",
    ];
    has_word(document, &WORDS)
}

fn has_word(document: &Document, wanted: &[&str]) -> bool {
    let named = format!("{} {}", document.file_path, title(document)).to_lowercase();
    words(&named).any(|word| wanted.contains(&word))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

fn title(document: &Document) -> &str {
    document.sections.first().map_or("", |section| section.title.as_str())
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
pub(crate) fn is_readme(document: &Document) -> bool {
    let name = document.file_path.rsplit('/').next().unwrap_or_default();
    name.to_lowercase().starts_with("readme.")
}

/// Tells whether a page is about getting or changing the thing, which says little of how it works.
pub(crate) fn is_aside(document: &Document) -> bool {
    const WORDS: [&str; 9] = [
        "install",
        "requirement",
        "contribut",
        "participat",
        "compil",
        "building the",
        "packaging",
        "style",
        "docs sources",
    ];
    /// Written for programs that write code; some hold a map of the code.
    const FOR_TOOLS: [&str; 4] = ["agents", "claude", "gemini", "copilot"];
    let path = document.file_path.to_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path.as_str()));
    let title = title(document).to_lowercase();
    let named = format!("{name} {title}");
    let is_tutorial = path.contains("tutorial") || folders.contains("blog");
    is_tutorial
        || WORDS.iter().any(|word| named.contains(word))
        || name.starts_with("building")
        || title == "building"
        || FOR_TOOLS.iter().any(|tool| name.starts_with(tool))
}
