//! Which pages explain the code: documents, and comments of main files that are as long as one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use docpack::records::{Document, Section};
use docpack::{ByteRange, Role};
use prose::plain;

use crate::Records;
use crate::code::Code;

/// A comment with fewer headings is told where its file is.
const MIN_HEADINGS: usize = 2;
/// Comments that are read like documents.
const MAX_COMMENTS: usize = 4;

/// A document, or the comment of a main file that is as long as one.
pub(crate) struct Page<'a> {
    pub(crate) document: Cow<'a, Document>,
    pub(crate) text: &'a str,
    /// Where a comment begins: its own lines are not known.
    line: Option<u32>,
}

impl Page<'_> {
    /// Returns the line of its file that holds one of its lines.
    pub(crate) fn line_of(&self, line: u32) -> u32 {
        self.line.unwrap_or(line)
    }

    /// Tells whether two pages begin alike or share most of their headings.
    pub(crate) fn says_as(&self, other: &Page<'_>) -> bool {
        let first = |page: &Page<'_>| crate::purpose::first_prose(page.text).map(|(_, words)| words);
        let titles = |page: &Page<'_>| -> BTreeSet<String> {
            page.document.sections.iter().map(|section| plain(&section.title)).collect()
        };
        let (own, others) = (titles(self), titles(other));
        first(self) == first(other) || own.intersection(&others).count() * 2 > others.len()
    }

    /// Tells whether it is a comment in code.
    pub(crate) fn is_comment(&self) -> bool {
        self.line.is_some()
    }
}

/// Lists the pages that explain the code: documents, then comments that say something else.
pub(super) fn pages<'a>(code: &Code<'a>) -> Vec<Page<'a>> {
    let written = explaining(code.records).into_iter().filter_map(|document| {
        let text = code.records.texts.get(&document.file_path)?;
        Some(Page { document: Cow::Borrowed(document), text, line: None })
    });
    let mut pages: Vec<Page<'a>> = written.collect();
    let comments = main_comments(code).into_iter();
    // A README is often the comment of its package too.
    let comments: Vec<Page<'a>> =
        comments.filter(|comment| !pages.iter().any(|page| page.says_as(comment))).collect();
    pages.extend(comments);
    pages
}

/// Lists the pages about the code: no templates, and of equal pages the one nearest to the root.
fn explaining<'a>(records: &Records<'a>) -> Vec<&'a Document> {
    let documents = records.source_map.documents.iter().filter(|it| is_explaining(it));
    let mut found: Vec<&Document> = documents.collect();
    found.sort_by_key(|document| (document.file_path.matches('/').count(), document.file_path.len()));
    let mut seen: BTreeSet<(&str, Vec<&str>)> = BTreeSet::new();
    found.retain(|document| {
        let name = document.file_path.rsplit('/').next().unwrap_or_default();
        let titles: Vec<&str> = document.sections.iter().map(|section| section.title.as_str()).collect();
        titles.is_empty() || seen.insert((name, titles))
    });
    found.sort_by_key(|document| &document.file_path);
    found
}

/// Reads the comments of main files that have headings, as crates and packages have them.
fn main_comments<'a>(code: &Code<'a>) -> Vec<Page<'a>> {
    const NAMES: [&str; 7] = ["lib.rs", "main.rs", "__init__.py", "doc.go", "index.ts", "index.js", "mod.ts"];
    let mut found: Vec<Page<'a>> = Vec::new();
    for at in code.ours().filter(|at| code.symbols[*at].parent.is_none()) {
        let path = code.path(at);
        let Some(text) = code.symbols[at].doc_comment.as_deref() else { continue };
        let sections = headings(text);
        if !NAMES.contains(&path.rsplit('/').next().unwrap_or(path)) || sections.len() < MIN_HEADINGS {
            continue;
        }
        let document = Document {
            file_path: path.to_owned(),
            bytes: text.len() as u64,
            sha256: String::new(),
            role: Role::Documentation.into(),
            sections,
        };
        found.push(Page { document: Cow::Owned(document), text, line: Some(code.line(at)) });
    }
    // That of the whole lies nearest to the root.
    found.sort_by_key(|page| page.document.file_path.matches('/').count());
    found.truncate(MAX_COMMENTS);
    found
}

/// Finds the headings of a comment in Markdown; a line of code may begin like one.
fn headings(text: &str) -> Vec<Section> {
    let mut found = Vec::new();
    let mut is_code = false;
    for (line, number) in text.lines().zip(1..) {
        is_code ^= line.trim_start().starts_with("```");
        let level = line.chars().take_while(|c| *c == '#').count();
        let title = line[level..].trim();
        if !is_code && (1..=6).contains(&level) && line[level..].starts_with(' ') && !title.is_empty() {
            let byte_range = ByteRange { start: 0, end: 0 };
            let title = title.to_owned();
            found.push(Section {
                title,
                level: level as u32,
                line: number,
                byte_range,
                symbol_ids: Vec::new(),
            });
        }
    }
    found
}

/// Tells by its name and title whether a document is about the code.
fn is_explaining(document: &Document) -> bool {
    /// Pages about the project rather than about the code.
    const ASIDE: [&str; 26] = [
        "benchmark",
        "changelog",
        "changes",
        "history",
        "news",
        "release",
        "licen",
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
        "ecosystem",
        "lts",
        "maintainer",
        "reporting security",
        "translat",
        "template",
    ];
    let title = document.sections.first().map_or("", |section| section.title.as_str());
    let path = document.file_path.to_lowercase();
    let named = format!("{path} {}", title.to_lowercase());
    document.role.known() == Some(Role::Documentation)
        && !path.starts_with(".github/")
        && !ASIDE.iter().any(|word| named.contains(word))
}
