//! The paragraphs and items of the documentation, and the files and symbols that each names.

mod names;
mod pages;
mod telling;

use std::collections::BTreeSet;
use std::ops::Range;

use docpack::records::{Quote, Section};
use prose::{Block, blocks, entries, plain};

use crate::code::Code;
use crate::rank::Ranks;
use crate::text::{MAX_QUOTE_CHARS, clip, first_sentences, sentences};

use self::names::{MARKS, Names, term};
pub(crate) use self::pages::Page;
pub(crate) use self::telling::DEFINES;

/// A paragraph with fewer words is a menu or a name.
const MIN_WORDS: usize = 6;
/// A sentence that introduces code needs more words to say something itself.
const MIN_LEADING_WORDS: usize = 10;
/// A definition, or a sentence that begins with a file or symbol, needs fewer.
const MIN_SAID: usize = 3;
/// A longer one is a story, of which the first sentences tell too little.
const MAX_WORDS: usize = 160;
/// More of a list is not quoted; the steps of a flow fit.
const MAX_LIST_CHARS: usize = 800;
/// Sentences of one passage that are quoted; what is about the code stands at the front.
const MAX_SENTENCES: usize = 4;
/// Things beyond these make a passage no more telling: it lists them.
const MAX_NAMED: usize = 4;
/// A passage about one thing is worth as many names.
const SUBJECT: usize = 2;

/// What a passage names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named<'a> {
    /// A file or folder of the repository, without a slash at its end.
    Path(&'a str),
    Symbol(usize),
}

/// A paragraph or item of a document that says something in whole words.
#[derive(Debug, Clone)]
pub(crate) struct Passage<'a> {
    /// Its place in [`Passages::documents`].
    pub(crate) document: usize,
    /// The heading above, by its place in the document.
    pub(crate) section: Option<usize>,
    pub(crate) line: u32,
    /// Without markup.
    pub(crate) text: String,
    /// The words that it defines: "Context" in "**Context**: what a view …".
    pub(crate) term: Option<String>,
    /// The thing at its beginning.
    pub(crate) subject: Option<Named<'a>>,
    /// Each once, in the order of the text.
    pub(crate) named: Vec<Named<'a>>,
    pub(crate) standing: Standing,
    /// How much it says of what something is, at least [`DEFINES`] for the thing of its heading.
    pub(crate) says: usize,
    /// Where the sentence begins that says so.
    start: usize,
}

/// How a passage stands in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Paragraph,
    /// A paragraph with the list below it.
    List,
    Item,
    /// An item of a list that is a passage as a whole.
    Listed,
    /// It begins with what it defines, a term or a piece of code.
    Definition,
    /// A row of a table or a line of a directory tree, which defines too.
    Entry,
}

impl<'a> Passage<'a> {
    /// Returns the file or folder that it is about.
    pub(crate) fn path(&self) -> Option<&'a str> {
        match self.subject {
            Some(Named::Path(path)) => Some(path),
            _ => None,
        }
    }

    /// Says how much a reader learns of the code, roughly.
    pub(crate) fn worth(&self) -> usize {
        self.named.len().min(MAX_NAMED) + if self.subject.is_some() { SUBJECT } else { 0 }
    }

    /// Tells whether it is understood without the sentence before it.
    pub(crate) fn stands_alone(&self) -> bool {
        is_understood(&self.text[self.start..])
    }

    /// Tells whether it says something in whole sentences.
    pub(crate) fn is_paragraph(&self) -> bool {
        matches!(self.standing, Standing::Paragraph | Standing::List)
    }
}

/// What the documentation says of the code, paragraph by paragraph.
pub(crate) struct Passages<'a> {
    /// The pages that explain the code.
    pub(crate) documents: Vec<Page<'a>>,
    /// In the order of the documents and their lines.
    pub(crate) list: Vec<Passage<'a>>,
    /// Where those of each document stand in the list.
    ranges: Vec<Range<usize>>,
    /// How many distinct things each document names.
    n_named: Vec<usize>,
    /// Under how many headings each document says what their subject is.
    n_defined: Vec<usize>,
}

impl<'a> Passages<'a> {
    pub(crate) fn new(code: &Code<'a>, ranks: &Ranks) -> Self {
        let names = Names::new(code, ranks);
        let documents = pages::pages(code);
        let mut found = Self {
            list: Vec::new(),
            ranges: Vec::new(),
            n_named: Vec::new(),
            n_defined: Vec::new(),
            documents,
        };
        for (at, page) in found.documents.iter().enumerate() {
            let start = found.list.len();
            found.list.extend(of_page(page, at, &names));
            let own = &found.list[start..];
            found.n_named.push(own.iter().flat_map(|passage| &passage.named).collect::<BTreeSet<_>>().len());
            let defined = own.iter().filter(|passage| passage.says >= DEFINES).map(|passage| passage.section);
            found.n_defined.push(defined.collect::<BTreeSet<_>>().len());
            found.ranges.push(start..found.list.len());
        }
        found
    }

    /// Quotes a passage from the sentence that says the most.
    pub(crate) fn quote(&self, passage: &Passage<'_>) -> Quote {
        let page = &self.documents[passage.document];
        let (file_path, line) = (page.document.file_path.clone(), page.line_of(passage.line));
        let said = &passage.text[passage.start..];
        let text = match passage.standing == Standing::List {
            // A list is one sentence.
            true => clip(said, MAX_LIST_CHARS),
            false => clip(&first_sentences(said, MAX_SENTENCES), MAX_QUOTE_CHARS),
        };
        let text = text.strip_suffix(':').map_or(text.clone(), |said| format!("{said}…"));
        Quote { text, file_path, line }
    }

    /// Quotes as much of a passage as is read at a glance.
    pub(crate) fn short(&self, passage: &Passage<'_>) -> Quote {
        let whole = self.quote(passage);
        Quote { text: sentences(&whole.text), ..whole }
    }

    /// Quotes what a passage says of the thing at its beginning, without its name.
    pub(crate) fn quote_about(&self, passage: &Passage<'_>) -> Quote {
        let quote = self.quote(passage);
        let said = MARKS.iter().filter_map(|mark| quote.text.split_once(mark));
        let said =
            said.min_by_key(|(name, _)| name.len()).filter(|(name, _)| !name.trim_matches('`').contains(' '));
        match said {
            Some((_, said)) if said.split_whitespace().count() > 1 => {
                Quote { text: said.to_owned(), ..quote }
            }
            _ => quote,
        }
    }

    /// Returns the heading above a passage.
    pub(crate) fn heading(&self, passage: &Passage<'_>) -> Option<&Section> {
        self.documents[passage.document].document.sections.get(passage.section?)
    }

    /// Returns how many distinct things a document names.
    pub(crate) fn n_named(&self, document: usize) -> usize {
        self.n_named[document]
    }

    /// Returns under how many headings a document says what their subject is.
    pub(crate) fn n_defined(&self, document: usize) -> usize {
        self.n_defined[document]
    }

    /// Finds the paragraph under a heading that says the most of its subject, the first of several as good.
    pub(crate) fn lead(&self, document: usize, section: Option<usize>) -> Option<&Passage<'a>> {
        let own = self.of(document).iter().filter(|passage| passage.section == section);
        let told = own.filter(|passage| passage.is_paragraph() && passage.stands_alone());
        told.min_by_key(|passage| passage.says < DEFINES)
    }

    /// Lists the passages of one document.
    pub(crate) fn of(&self, document: usize) -> &[Passage<'a>] {
        &self.list[self.ranges[document].clone()]
    }

    /// Finds the passage that tells the most of a thing at its beginning; of a folder else what its README says first.
    pub(crate) fn about(&self, thing: Named<'_>) -> Option<&Passage<'a>> {
        let about = self.list.iter().filter(|passage| passage.subject == Some(thing));
        // The first of two as good.
        let best = about.min_by_key(|passage| std::cmp::Reverse(passage.named.len().min(MAX_NAMED)));
        best.or_else(|| match thing {
            Named::Path(folder) => self.readme_of(folder),
            Named::Symbol(_) => None,
        })
    }

    fn readme_of(&self, folder: &str) -> Option<&Passage<'a>> {
        let is_readme = |page: &Page<'_>| {
            let document = &page.document;
            let (parent, name) = document.file_path.rsplit_once('/').unwrap_or(("", &document.file_path));
            parent == folder && name.to_ascii_lowercase().starts_with("readme.")
        };
        let at = self.documents.iter().position(is_readme).filter(|_| !folder.is_empty())?;
        let first =
            self.of(at).iter().find(|passage| passage.is_paragraph() && is_statement(&passage.text))?;
        self.lead(at, first.section).or(Some(first))
    }
}

/// Reads the passages of a page.
fn of_page<'a>(page: &Page<'a>, document: usize, names: &Names<'_, 'a>) -> Vec<Passage<'a>> {
    let section = |line: u32| page.document.sections.iter().rposition(|section| section.line <= line);
    let mut told: BTreeSet<usize> = BTreeSet::new();
    let read = |(block, standing): (Block, Standing)| {
        let (section, passage) = (section(block.line), of_block(&block, standing, names)?);
        // The first passage under a heading that names a folder is about the folder.
        let is_first = section.is_some_and(|section| told.insert(section));
        let heading = section.filter(|_| is_first).and_then(|at| page.document.sections.get(at));
        let named = || heading.and_then(|heading| names.of_heading(&heading.title));
        let subject = passage.subject.or_else(named);
        let title = section.and_then(|at| page.document.sections.get(at)).map_or("", |it| it.title.as_str());
        let (says, start) = telling::best(&passage.text, title);
        // What begins with its subject is told from there.
        let start = if subject.is_none() && passage.term.is_none() { start } else { 0 };
        Some(Passage { document, section, subject, says, start, ..passage })
    };
    let mut blocks = with_lists(said(page.text), section);
    blocks.extend(entries(page.text).into_iter().map(|entry| (entry, Standing::Entry)));
    blocks.sort_by_key(|(block, _)| block.line);
    blocks.into_iter().filter_map(read).collect()
}

/// Reads a block; `None` where it says nothing by itself.
fn of_block<'a>(block: &Block, standing: Standing, names: &Names<'_, 'a>) -> Option<Passage<'a>> {
    let text = plain(&block.text);
    let (term_of, subject, named) = names.of_text(&block.text);
    let is_defining = term(&block.text).is_some();
    let is_entry = standing == Standing::Entry;
    let standing = if is_defining && !is_entry { Standing::Definition } else { standing };
    let is_told = is_statement(&text) || (is_defining || subject.is_some()) && n_words(&text) >= MIN_SAID;
    let line = block.line;
    is_told.then_some(Passage {
        document: 0,
        section: None,
        line,
        text,
        term: term_of,
        subject,
        named,
        standing,
        says: 0,
        start: 0,
    })
}

/// Divides a document, without the entries of a table of contents.
fn said(text: &str) -> Vec<Block> {
    let is_entry = |block: &Block| {
        block.is_item
            && block.text.starts_with('[')
            && block.text.contains("](#")
            && block.text.ends_with(')')
    };
    blocks(text).into_iter().filter(|block| !is_entry(block)).collect()
}

/// Joins a paragraph with the list below it, and says of each block how it stands.
///
/// A list of definitions is none of the paragraph above: each item is about something of its own.
fn with_lists(blocks: Vec<Block>, section: impl Fn(u32) -> Option<usize>) -> Vec<(Block, Standing)> {
    let mut found: Vec<(Block, Standing)> = Vec::with_capacity(blocks.len());
    let mut above: Option<usize> = None;
    for block in blocks {
        let is_part = block.is_item && term(&block.text).is_none();
        let head = above.filter(|_| is_part).and_then(|head| found.get_mut(head));
        let head = head.filter(|(head, _)| section(head.line) == section(block.line));
        let standing = match head {
            Some((head, standing)) => {
                head.text.push_str(if *standing == Standing::List { "; " } else { " " });
                head.text.push_str(block.text.trim_end_matches(['.', ';', ',', ':']));
                *standing = Standing::List;
                Standing::Listed
            }
            None if block.is_item => Standing::Item,
            None => Standing::Paragraph,
        };
        match standing {
            Standing::Paragraph => above = Some(found.len()),
            Standing::Item => above = None,
            _ => {}
        }
        found.push((block, standing));
    }
    found
}

/// Tells whether a text is understood without the sentence before it.
fn is_understood(text: &str) -> bool {
    const REFERRING: [&str; 21] = [
        "and",
        "or",
        "such",
        "which",
        "above",
        "this",
        "that",
        "these",
        "those",
        "it",
        "they",
        "then",
        "however",
        "otherwise",
        "also",
        "where",
        "therefore",
        "anyway",
        "similarly",
        "but",
        "so",
    ];
    const PHRASES: [&str; 10] = [
        "as you",
        "here's",
        "let's",
        "now ",
        "we'll",
        "if that",
        "if this",
        "in this case",
        "for example",
        "examples:",
    ];
    // "This crate holds …" names what it speaks of.
    const NAMING: [&str; 12] = [
        "project",
        "repository",
        "repo",
        "library",
        "crate",
        "package",
        "module",
        "tool",
        "application",
        "program",
        "folder",
        "directory",
    ];
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| c.is_whitespace() || c == ',');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let refers = REFERRING.contains(&first) && !NAMING.contains(&second);
    let is_within = lower.starts_with([')', '(', ',', ';']);
    !refers && !is_within && !PHRASES.iter().any(|phrase| lower.starts_with(phrase))
}

/// Tells whether a text says something by itself, and is not an order, a question, a call or code alone.
fn is_statement(text: &str) -> bool {
    const ASIDES: [&str; 8] =
        ["see ", "note", "warning", "please", "todo", "copyright", "licensed", "more information"];
    const PICTURES: [&str; 4] = ["figure", "diagram", "image", "screenshot"];
    let lower = text.to_lowercase();
    // A sentence that ends in a colon introduces code; it is kept where it is long enough to say something itself.
    let min = if text.ends_with(':') { MIN_LEADING_WORDS } else { MIN_WORDS };
    // A list may be long.
    let max = if text.contains("; ") { 2 * MAX_WORDS } else { MAX_WORDS };
    let points_at_picture = PICTURES.iter().any(|picture| lower.contains(picture)) && text.ends_with(':');
    (min..=max).contains(&n_words(text))
        && !points_at_picture
        && !text.ends_with(['?', '!'])
        && !ASIDES.iter().any(|start| lower.starts_with(start))
}

/// Counts the words outside of code.
fn n_words(text: &str) -> usize {
    text.split('`').step_by(2).flat_map(str::split_whitespace).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_of_few_words_a_question_or_a_notice_says_nothing() {
        assert!(is_statement("The loop waits for the next event."));
        assert!(!is_statement("Run it now."));
        assert!(!is_statement("What happens when no route is found?"));
        assert!(!is_statement("See the other page for all of this."));
        assert!(!is_statement("The way of a session can be seen in the figure below:"));
        assert!(is_statement("The rules are kept in a file that looks like this, line by line:"));
        assert!(!is_statement("Feel free to change any of it!"));
        assert!(!is_statement("`a b c d e f g h` is code."));
    }
}
