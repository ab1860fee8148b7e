//! The paragraphs and items of the documentation, and the files and symbols that each names.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use docpack::records::{Document, Quote, Section};
use docpack::{ByteRange, Role};
use prose::{Block, blocks, plain};

use crate::Records;
use crate::code::{Code, prefix};
use crate::rank::Ranks;
use crate::text::{MAX_QUOTE_CHARS, clip, first_sentences, sentences};

/// A paragraph with fewer words is a menu or a name.
const MIN_WORDS: usize = 6;
/// A comment with fewer headings is told where its file is.
const MIN_HEADINGS: usize = 2;
/// Comments that are read like documents.
const MAX_COMMENTS: usize = 4;
/// A sentence that leads to code says something with as many.
const MIN_LEADING_WORDS: usize = 10;
/// What is said of a thing that is named needs fewer.
const MIN_SAID: usize = 3;
/// A longer one is a story, of which the first sentences tell too little.
const MAX_WORDS: usize = 160;
/// A word this short is met everywhere, and names nothing by itself.
const MIN_NAME_CHARS: usize = 3;
/// Of more symbols with one name, none is meant for sure.
const MAX_CANDIDATES: usize = 4;
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
        const REFERRING: [&str; 17] = [
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
        const PHRASES: [&str; 5] = ["if that", "if this", "in this case", "for example", "examples:"];
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
        let lower = self.text.to_lowercase();
        let mut words = lower.split(|c: char| c.is_whitespace() || c == ',');
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let refers = REFERRING.contains(&first) && !NAMING.contains(&second);
        !refers && !PHRASES.iter().any(|phrase| lower.starts_with(phrase))
    }

    /// Tells whether it says something in whole sentences.
    pub(crate) fn is_paragraph(&self) -> bool {
        matches!(self.standing, Standing::Paragraph | Standing::List)
    }
}

/// A document, or the comment of a main file that is as long as one.
pub(crate) struct Page<'a> {
    pub(crate) document: Cow<'a, Document>,
    pub(crate) text: Cow<'a, str>,
    /// Where a comment begins: its own lines are not known.
    line: Option<u32>,
}

impl Page<'_> {
    /// Returns the line of its file that holds one of its lines.
    pub(crate) fn line_of(&self, line: u32) -> u32 {
        self.line.unwrap_or(line)
    }

    /// Tells whether two pages begin alike or share most of their headings.
    fn says_as(&self, other: &Page<'_>) -> bool {
        let first = |page: &Page<'_>| crate::purpose::first_prose(&page.text).map(|(_, words)| words);
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

/// What the documentation says of the code, paragraph by paragraph.
pub(crate) struct Passages<'a> {
    /// The pages that explain the code.
    pub(crate) documents: Vec<Page<'a>>,
    /// In the order of the documents and their lines.
    pub(crate) list: Vec<Passage<'a>>,
}

impl<'a> Passages<'a> {
    pub(crate) fn new(code: &Code<'a>, ranks: &Ranks) -> Self {
        let records = code.records;
        let names = Names::new(code, ranks);
        let written = explaining(records).into_iter().filter_map(|document| {
            let text = records.texts.get(&document.file_path)?;
            Some(Page { document: Cow::Borrowed(document), text: Cow::Borrowed(text), line: None })
        });
        let mut documents: Vec<Page<'a>> = written.collect();
        let comments = main_comments(code).into_iter();
        // A README is often the comment of its package too.
        let comments: Vec<Page<'a>> =
            comments.filter(|comment| !documents.iter().any(|page| page.says_as(comment))).collect();
        documents.extend(comments);
        let mut list = Vec::new();
        for (at, page) in documents.iter().enumerate() {
            let section = |line: u32| page.document.sections.iter().rposition(|section| section.line <= line);
            let found = with_lists(said(&page.text), section).into_iter();
            let mut told: BTreeSet<usize> = BTreeSet::new();
            list.extend(found.filter_map(|(block, standing)| {
                let (section, passage) = (section(block.line), names.passage(&block, standing)?);
                // What stands first under the name of a folder is about the folder.
                let is_first = section.is_some_and(|section| told.insert(section));
                let heading = section.filter(|_| is_first).and_then(|at| page.document.sections.get(at));
                let named = || heading.and_then(|heading| names.of_heading(&heading.title));
                Some(Passage { document: at, section, subject: passage.subject.or_else(named), ..passage })
            }));
        }
        Self { documents, list }
    }

    /// Quotes the first sentences of a passage.
    pub(crate) fn quote(&self, passage: &Passage<'_>) -> Quote {
        let page = &self.documents[passage.document];
        let (file_path, line) = (page.document.file_path.clone(), page.line_of(passage.line));
        let text = match passage.standing == Standing::List {
            // A list is one sentence.
            true => clip(&passage.text, MAX_LIST_CHARS),
            false => clip(&first_sentences(&passage.text, MAX_SENTENCES), MAX_QUOTE_CHARS),
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
        let said =
            [": ", " - ", " \u{2013} ", " \u{2014} "].iter().filter_map(|mark| quote.text.split_once(mark));
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

    /// Counts the terms that are defined under the same heading.
    pub(crate) fn n_terms(&self, passage: &Passage<'_>) -> usize {
        let beside = self.of(passage.document).filter(|other| other.section == passage.section);
        beside.filter(|other| other.term.is_some()).count()
    }

    /// Counts the distinct things that a document names.
    pub(crate) fn n_named(&self, document: usize) -> usize {
        self.of(document).flat_map(|passage| &passage.named).collect::<BTreeSet<_>>().len()
    }

    /// Lists the passages of one document.
    pub(crate) fn of(&self, document: usize) -> impl Iterator<Item = &Passage<'a>> {
        self.list.iter().filter(move |passage| passage.document == document)
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
        self.of(at).find(|passage| passage.is_paragraph() && is_statement(&passage.text))
    }
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

/// Tells whether a text says something by itself, and is not an order, a question, a call or code alone.
fn is_statement(text: &str) -> bool {
    const ASIDES: [&str; 8] =
        ["see ", "note", "warning", "please", "todo", "copyright", "licensed", "more information"];
    const PICTURES: [&str; 4] = ["figure", "diagram", "image", "screenshot"];
    let lower = text.to_lowercase();
    // What leads to code tells as much as other sentences, if it is long enough.
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
        found.push(Page {
            document: Cow::Owned(document),
            text: Cow::Borrowed(text),
            line: Some(code.line(at)),
        });
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

/// Where each file, folder and symbol of the product is found by its name.
struct Names<'c, 'a> {
    code: &'c Code<'a>,
    ranks: &'c Ranks,
    symbols: HashMap<&'a str, Vec<usize>>,
    paths: BTreeSet<&'a str>,
    /// By the last part of the path, without its ending.
    ends: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'c, 'a> Names<'c, 'a> {
    fn new(code: &'c Code<'a>, ranks: &'c Ranks) -> Self {
        let mut symbols: HashMap<&str, Vec<usize>> = HashMap::new();
        for at in code.ours().filter(|at| code.is_type(*at) || code.is_callable(*at)) {
            symbols.entry(&code.symbols[at].name).or_default().push(at);
        }
        let mut paths = BTreeSet::new();
        for file in code.files() {
            let path = file.file_path.as_str();
            paths.insert(path);
            paths.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        }
        let mut ends: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in &paths {
            ends.entry(stem(path)).or_default().push(path);
        }
        Self { code, ranks, symbols, paths, ends }
    }

    /// Reads a block; `None` where it says nothing by itself.
    fn passage(&self, block: &Block, standing: Standing) -> Option<Passage<'a>> {
        let text = plain(&block.text);
        let (term, subject, named) = self.of_text(&block.text);
        let is_defining = self::term(&block.text).is_some();
        let standing = if is_defining { Standing::Definition } else { standing };
        let is_told = is_statement(&text) || (is_defining || subject.is_some()) && n_words(&text) >= MIN_SAID;
        let line = block.line;
        is_told.then_some(Passage { document: 0, section: None, line, text, term, subject, named, standing })
    }

    /// Finds the term that a text defines, the thing at its beginning, and everything that it names.
    fn of_text(&self, text: &str) -> (Option<String>, Option<Named<'a>>, Vec<Named<'a>>) {
        let text = text.replace("``", "`");
        let term = term(&text);
        let mut named: Vec<Named<'a>> = Vec::new();
        let found = term.and_then(|term| self.thing(term).or_else(|| self.type_of(&joined(term))));
        let mut add = |thing: Option<Named<'a>>| named.extend(thing.filter(|thing| !named.contains(thing)));
        add(found);
        text.split("**").skip(1).step_by(2).for_each(|bold| add(self.type_of(&joined(bold))));
        let mut spans = text.split('`');
        while let Some(words) = spans.next() {
            words.split(|c: char| !c.is_alphanumeric() && c != '_').for_each(|word| add(self.compound(word)));
            links(words).for_each(|target| add(self.path(target)));
            add(spans.next().and_then(|code| self.thing(code)));
        }
        let first = text.strip_prefix('`').and_then(|rest| self.thing(rest.split('`').next()?));
        let words = term.filter(|term| is_words(term)).map(str::to_owned);
        (words, found.or(first), named)
    }

    /// Finds the file or folder that a heading names: "`ratatui-core`", "The `store` folder".
    fn of_heading(&self, title: &str) -> Option<Named<'a>> {
        let code = title.split('`').nth(1);
        let bare = title.split_whitespace().next().filter(|_| title.split_whitespace().count() == 1);
        code.or(bare).and_then(|name| self.path(name))
    }

    /// Finds what a piece of code names.
    fn thing(&self, code: &str) -> Option<Named<'a>> {
        let code = code.trim_matches(['`', '*', '[', ']', '<', '>']).trim();
        let code = code.rsplit('~').next().unwrap_or(code);
        let head = code.split(['(', '{', '<', ' ']).next().unwrap_or_default();
        let is_call = code.len() > head.len() && code[head.len()..].starts_with('(');
        self.path(head).or_else(|| self.symbol(head, is_call))
    }

    /// Finds a file or folder: by its whole path, or by the end of it where only one ends so.
    fn path(&self, written: &str) -> Option<Named<'a>> {
        let clean = written.trim_start_matches("./").trim_matches('/');
        let clean = clean.split('#').next().unwrap_or(clean);
        if let Some(path) = self.paths.get(clean) {
            return Some(Named::Path(path));
        }
        // A bare word with no ending may be anything.
        let has_mark = clean.contains('/') || clean.contains("::") || clean.matches('.').count() > 0;
        let as_path = clean.replace("::", "/");
        let dotted = if as_path.contains('/') { as_path } else { as_path.replace('.', "/") };
        [clean.to_owned(), dotted].iter().find_map(|wanted| self.ending(wanted).filter(|_| has_mark))
    }

    /// Finds the one path that ends in another, with or without the ending of its name.
    fn ending(&self, wanted: &str) -> Option<Named<'a>> {
        let is_end = |path: &&&str| {
            let end = path.strip_suffix(wanted).or_else(|| without_ending(path).strip_suffix(wanted));
            end.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let mut found = self.ends.get(stem(wanted))?.iter().filter(is_end);
        let first = found.next()?;
        found.next().is_none().then_some(Named::Path(first))
    }

    /// Finds the symbol of a name such as `Router`, `App.run` or `serve()`.
    fn symbol(&self, written: &str, is_call: bool) -> Option<Named<'a>> {
        let mut parts = written.trim_end_matches('!').rsplit(['.', ':', '#']).filter(|part| !part.is_empty());
        let (name, owner) = (parts.next()?, parts.next());
        let all = self.symbols.get(name)?;
        let is_of = |at: &&usize| {
            let scope = prefix(&self.code.symbols[**at].qualified_name).unwrap_or_default();
            owner.is_some_and(|owner| scope.rsplit(['.', ':', '/']).next() == Some(owner))
        };
        let is_top = |at: &&usize| self.code.owner_type(**at).is_none();
        let of_owner = all.iter().find(is_of);
        let is_name = is_call || name.chars().any(|c| c.is_uppercase() || c == '_');
        let is_sure = is_name && name.len() >= MIN_NAME_CHARS && all.len() <= MAX_CANDIDATES;
        let best = || all.iter().max_by_key(|at| (is_top(at), self.ranks.of(**at), std::cmp::Reverse(**at)));
        let only = || all.first().filter(|at| all.len() == 1 && is_top(at));
        of_owner.or_else(|| if is_sure { best() } else { only() }).map(|at| Named::Symbol(*at))
    }

    /// Finds the type of a word in prose that is made of several: `UserConfig`.
    fn compound(&self, word: &str) -> Option<Named<'a>> {
        let humps = word.chars().skip(1).filter(|c| c.is_uppercase()).count();
        let is_compound = word.chars().any(char::is_lowercase) && (humps > 0 || word.contains('_'));
        if is_compound { self.type_of(word) } else { None }
    }

    fn type_of(&self, word: &str) -> Option<Named<'a>> {
        let all = self.symbols.get(word)?;
        let types = all.iter().copied().filter(|at| self.code.is_type(*at));
        types.max_by_key(|at| (self.ranks.of(*at), std::cmp::Reverse(*at))).map(Named::Symbol)
    }
}

/// Writes a name of several words as code does: "Session Manager" is `SessionManager`.
fn joined(words: &str) -> String {
    words.split_whitespace().collect()
}

/// Finds what a paragraph defines: the code or the bold words before a colon or a dash.
fn term(text: &str) -> Option<&str> {
    let text = text.trim_start_matches('[');
    let (mark, rest) =
        ["**`", "**", "`", "*"].iter().find_map(|mark| Some((*mark, text.strip_prefix(mark)?)))?;
    let close: String = mark.chars().rev().collect();
    let (term, after) = rest.split_once(close.as_str())?;
    // `[name](target): …` and `**name:** …` define too.
    let after = after.trim_start_matches(']');
    let after =
        after.strip_prefix('(').and_then(|link| link.split_once(')')).map_or(after, |(_, after)| after);
    let is_end =
        |text: &str| [":", " - ", " \u{2013} ", " \u{2014} "].iter().any(|end| text.starts_with(end));
    let is_said = mark == "**" && [" is ", " are "].iter().any(|verb| after.starts_with(verb));
    (is_end(after) || is_said || term.ends_with(':')).then(|| term.trim_end_matches(':'))
}

/// Tells whether a term is of words, not a piece of code such as an option.
fn is_words(term: &str) -> bool {
    term.starts_with(char::is_alphabetic)
        && term.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '/'))
}

/// Lists the targets of links within a repository.
fn links(words: &str) -> impl Iterator<Item = &str> {
    let targets = words.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|target| !target.contains("://") && !target.starts_with('#'))
}

/// Returns the last part of a path without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    without_ending(name)
}

fn without_ending(path: &str) -> &str {
    let from = path.rfind('/').map_or(0, |at| at + 1);
    match path[from..].rfind('.').filter(|at| *at > 0) {
        Some(at) => &path[..from + at],
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_what_stands_before_a_colon_or_a_dash() {
        let found = [
            ("**Context**: what a view holds.", Some("Context")),
            ("**Window:** a part of the screen.", Some("Window")),
            ("`pkg/app`: starts everything.", Some("pkg/app")),
            ("[`core`](core/README.md) - the core.", Some("core")),
            ("**`App`** \u{2014} runs.", Some("App")),
            ("**Session Manager** is what keeps sessions.", Some("Session Manager")),
            ("`App` runs everything.", None),
            ("Text of no term: none.", None),
        ];
        for (text, wanted) in found {
            assert_eq!(term(text), wanted, "{text}");
        }
    }

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
