//! What the repository is, in its authors' words.

use docpack::records::{Document, Quote, Section, TourItem, TourSection};
use docpack::{Role, Topic};
use prose::{Block, blocks, plain};

use crate::item::{self, With, item, path, place, quoted};
use crate::parts::is_within;
use crate::text::{MAX_QUOTE_CHARS, clip, count, language, list, long_comment};
use crate::{Records, View};

/// Paragraphs of the README that are quoted.
const MAX_PARAGRAPHS: usize = 3;
/// Items of a list of features.
const MAX_FEATURES: usize = 7;
/// What a thing is stands under the first of its headings.
const MAX_HEADINGS_BEFORE: usize = 2;
/// Languages that are named.
const MAX_LANGUAGES: usize = 3;
/// A paragraph with fewer words is a menu or a name.
const MIN_WORDS: usize = 4;
/// Headings that say how to get or to change the thing, not what it is.
const OTHER_HEADINGS: [&str; 23] = [
    "backer",
    "collective",
    "enterprise",
    "install",
    "licen",
    "contribut",
    "donat",
    "sponsor",
    "credit",
    "author",
    "badge",
    "table of contents",
    "changelog",
    "support",
    "thanks",
    "acknowledg",
    "build",
    "develop",
    "test",
    "team",
    "contact",
    "security",
    "release",
];

/// Quotes the README, else the comment of the main file, and counts what there is.
pub(crate) fn section(view: &View<'_>) -> Option<TourSection> {
    let mut items = Vec::new();
    if let Some((document, text)) = view.code.readme {
        items.extend(introduction(document, text));
        items.extend(features(document, text));
    }
    items.extend(of_main_file(view, &items));
    items.extend(size(view));
    item::section(Topic::Purpose, "What it is", items, 0, None)
}

/// Finds the README that is nearest to the root; of several packages side by side, that of the largest.
pub(crate) fn readme<'a>(records: &Records<'a>) -> Option<(&'a Document, &'a str)> {
    let is_readme = |document: &&Document| {
        let name = document.file_path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        name.split('.').next() == Some("readme")
    };
    let texts = records.texts;
    let with_text = records.source_map.documents.iter().filter(is_readme).filter_map(|document| {
        let text = texts.get(&document.file_path)?;
        (!text.trim().is_empty()).then_some((document, text.as_str()))
    });
    with_text.min_by_key(|(document, _)| {
        let path = document.file_path.as_str();
        let is_aside = !matches!(document.role.known(), Some(Role::Documentation | Role::Product));
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        // `README.de.md` is a translation.
        let is_translated = name.matches('.').count() > 1;
        let size = std::cmp::Reverse(lines_of_product(records, folder));
        (is_aside, path.matches('/').count(), size, is_translated, path)
    })
}

fn lines_of_product(records: &Records<'_>, folder: &str) -> u64 {
    let files = records.source_map.files.iter();
    let product = files.filter(|file| file.role.as_ref().is_none_or(|role| *role == Role::Product));
    product.filter(|file| is_within(folder, &file.file_path)).map(|file| u64::from(file.lines)).sum()
}

fn introduction(document: &Document, text: &str) -> Vec<TourItem> {
    let about = about_the_thing(document);
    let is_introducing = |block: &Block| {
        let before = |section: &&Section| section.line <= block.line;
        let own = document.sections.iter().rev().find(before);
        let is_about = own.is_none_or(|own| about.iter().any(|section| section.line == own.line));
        is_about && about.iter().filter(|section| before(section)).count() <= MAX_HEADINGS_BEFORE
    };
    let found = blocks(text).into_iter().filter(is_introducing).filter_map(|block| prose_of(&block));
    found.take(MAX_PARAGRAPHS).map(|(line, words)| quoted(quote(document, line, &words))).collect()
}

/// Lists the sections that are about the thing itself: neither they nor those around them are about sponsors and the like.
fn about_the_thing(document: &Document) -> Vec<&Section> {
    let top = document.sections.iter().map(|section| section.level).min().unwrap_or_default();
    // One heading above all others is the title, whatever words the name is made of.
    let has_title = document.sections.iter().filter(|section| section.level == top).count() == 1;
    let mut around: Vec<(u32, bool)> = Vec::new();
    let is_about = |section: &&Section| {
        while around.last().is_some_and(|(level, _)| *level >= section.level) {
            around.pop();
        }
        let title = section.title.to_lowercase();
        let is_title = has_title && section.level == top;
        let is_other = title.trim().is_empty() || OTHER_HEADINGS.iter().any(|word| title.contains(word));
        let is_about = (is_title || !is_other) && around.last().is_none_or(|(_, is_about)| *is_about);
        around.push((section.level, is_about));
        is_about
    };
    document.sections.iter().filter(is_about).collect()
}

/// Finds the first paragraph of prose of a document, and its line.
pub(crate) fn first_prose(text: &str) -> Option<(u32, String)> {
    blocks(text).iter().find_map(prose_of)
}

fn prose_of(block: &Block) -> Option<(u32, String)> {
    let words = plain(&block.text);
    let is_prose = !block.is_item && words.split_whitespace().count() >= MIN_WORDS && !words.ends_with(':');
    (is_prose && !is_notice(&words)).then_some((block.line, words))
}

/// Finds notes, on the licence for example, which say nothing of what the thing is.
fn is_notice(words: &str) -> bool {
    const STARTS: [&str; 9] = [
        "more information",
        "dual-licensed",
        "licensed under",
        "please see",
        "please read",
        "see the",
        "copyright",
        "note:",
        "warning:",
    ];
    let lower = words.to_lowercase();
    STARTS.iter().any(|start| lower.starts_with(start))
}

fn quote(document: &Document, line: u32, words: &str) -> Quote {
    Quote { text: clip(words, MAX_QUOTE_CHARS), file_path: document.file_path.clone(), line }
}

/// Quotes the first list of the README under a heading that says what the thing does.
fn features(document: &Document, text: &str) -> Vec<TourItem> {
    const WANTED: [&str; 6] = ["feature", "highlight", "why", "what", "overview", "goal"];
    let is_wanted = |title: &str| {
        let title = title.to_lowercase();
        WANTED.iter().any(|word| title.contains(word))
    };
    let Some(wanted) = document.sections.iter().find(|section| is_wanted(&section.title)) else {
        return Vec::new();
    };
    let below = document.sections.iter().find(|other| other.line > wanted.line);
    let end = below.map_or(u32::MAX, |other| other.line);
    let items = blocks(text).into_iter().filter(|it| it.is_item && it.line > wanted.line && it.line < end);
    let quotes =
        items.take(MAX_FEATURES).map(|block| quoted(quote(document, block.line, &plain(&block.text))));
    let mut found: Vec<TourItem> = quotes.map(With::below).collect();
    if !found.is_empty() {
        let title = plain(&wanted.title);
        let head = item(format!("The README lists under \"{title}\":"));
        found.insert(0, head.with([place(&document.file_path, wanted.line)]));
    }
    found
}

/// Quotes what the main file says of itself, where the README does not say the same.
fn of_main_file(view: &View<'_>, told: &[TourItem]) -> Option<TourItem> {
    const NAMES: [&str; 9] = [
        "lib.rs",
        "main.rs",
        "__init__.py",
        "doc.go",
        "index.ts",
        "index.js",
        "mod.ts",
        "main.go",
        "__main__.py",
    ];
    let code = &view.code;
    let readme = code.readme.map_or("", |(document, _)| document.file_path.as_str());
    let folder = readme.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_own = |at: &usize| code.symbols[*at].parent.is_none() && !view.parts.is_aside(code.path(*at));
    let modules = code.ours().filter(is_own);
    let named = modules.filter_map(|at| {
        let (folders, name) = code.path(at).rsplit_once('/').unwrap_or(("", code.path(at)));
        let is_package = code.symbols[at].name == folders.rsplit('/').next().unwrap_or_default();
        let rank = NAMES.iter().position(|known| *known == name).or(is_package.then_some(NAMES.len()))?;
        // Of packages side by side, the one whose README was quoted.
        let is_other = !is_within(folder, code.path(at));
        Some(((is_other, code.path(at).matches('/').count(), rank), at))
    });
    let named: Vec<_> = named.collect();
    // Where the main files say nothing, others speak of something else.
    let first = named.iter().map(|(order, _)| *order).min()?;
    let mut mains = named.iter().filter(|(order, _)| *order == first);
    let (at, quote) = mains.find_map(|(_, at)| Some((*at, long_comment(code.symbols[*at])?)))?;
    let is_told = told.iter().any(|item| item.quote.as_ref().is_some_and(|told| told.text == quote.text));
    (!is_told).then(|| quoted(quote).with([item::symbol(code, at)]))
}

/// Counts the lines and files of the product by language, the most lines first.
pub(crate) fn lines_by_language(view: &View<'_>) -> Vec<(String, usize, usize)> {
    let code = &view.code;
    let ours: Vec<_> = code.files().filter(|file| view.parts.of(&file.file_path).is_some()).collect();
    let mut lines: Vec<(String, usize, usize)> = Vec::new();
    for file in &ours {
        let language = language(file.language.as_str());
        match lines.iter_mut().find(|(known, _, _)| *known == language) {
            Some((_, n_lines, n_files)) => {
                *n_lines += file.lines as usize;
                *n_files += 1;
            }
            None => lines.push((language, file.lines as usize, 1)),
        }
    }
    lines.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    lines
}

/// Tells how much there is of each language, and of tests.
fn size(view: &View<'_>) -> Option<TourItem> {
    let code = &view.code;
    let lines = lines_by_language(view);
    let told: Vec<_> = lines
        .iter()
        .take(MAX_LANGUAGES)
        .map(|(language, n_lines, n_files)| {
            format!(
                "{} of {language} in {}",
                count(*n_lines, "line", "lines"),
                count(*n_files, "file", "files")
            )
        })
        .collect();
    let n_tests: usize = code.files().filter(|file| is_test(file)).map(|file| file.lines as usize).sum();
    let tests = match n_tests {
        0 => String::new(),
        n => format!(", and {} of tests", count(n, "line", "lines")),
    };
    (!told.is_empty()).then(|| item(format!("It has {}{tests}.", list(&told))).with([path("")]))
}

fn is_test(file: &docpack::records::SourceFile) -> bool {
    file.role.as_ref().is_some_and(|role| *role == Role::Test)
}
