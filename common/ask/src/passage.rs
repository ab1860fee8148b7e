//! Paragraphs of documents with their lines.

use docpack::records::Document;

/// Paragraphs of one document; what follows is read by itself.
const MAX_PASSAGES: usize = 2_000;
/// A paragraph with fewer words says nothing.
const MIN_WORDS: usize = 4;

/// A shorter paragraph says little without the next one; lengths are counted as the website counts them.
const SHORT_UNITS: usize = 160;
/// Paragraphs that are put together are no longer than this.
const MAX_JOINED_UNITS: usize = 500;
/// A list stays with the sentence that announces it up to this length.
const MAX_LIST_UNITS: usize = 1_000;

/// One paragraph of a document's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// By its place in the document; `None` before the first heading.
    pub(crate) section: Option<usize>,
    /// 1-based, of the file.
    pub(crate) line: u32,
    /// In the file.
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) is_code: bool,
}

/// Divides a document into paragraphs at blank lines; headings and directives are left out.
pub(crate) fn passages(document: &Document, text: &str) -> Vec<Passage> {
    let mut found = Vec::new();
    let has_underlines = document.file_path.ends_with(".rst");
    let first = document.sections.first().map_or(text.len(), |it| it.byte_range.start as usize);
    read(text, 0..first, None, (1, ""), has_underlines, &mut found);
    for (at, section) in document.sections.iter().enumerate() {
        let next = document.sections.get(at + 1).map(|next| next.byte_range.start);
        let end = next.map_or(section.byte_range.end, |next| next.min(section.byte_range.end)) as usize;
        let start = section.byte_range.start as usize;
        read(text, start..end, Some(at), (section.line, &section.title), has_underlines, &mut found);
    }
    let mut found = joined(found, text);
    found.retain(|it| own(it, text).split_whitespace().count() >= MIN_WORDS);
    found.truncate(MAX_PASSAGES);
    found
}

fn own<'t>(passage: &Passage, text: &'t str) -> &'t str {
    text.get(passage.start..passage.end).unwrap_or_default()
}

/// Reads the paragraphs of one section, whose heading stands in the first line.
fn read(
    text: &str,
    range: std::ops::Range<usize>,
    section: Option<usize>,
    (first_line, title): (u32, &str),
    has_underlines: bool,
    found: &mut Vec<Passage>,
) {
    let Some(own) = text.get(range.clone()) else { return };
    let mut reader = Reader { section, open: None, in_fence: false, has_underlines, found };
    let mut offset = range.start;
    // A heading may stand between two lines of marks.
    let has_overline = own.lines().next().is_some_and(|line| is_underline(line.trim()));
    let title_line = first_line.saturating_add(has_overline.into());
    for (at, line) in own.split_inclusive('\n').enumerate() {
        let number = first_line.saturating_add(at as u32);
        let is_heading = section.is_some() && number == title_line && is_title(line, title);
        reader.line(line, number, offset, is_heading);
        offset += line.len();
    }
    reader.close(offset);
}

/// Puts a short paragraph, and one that announces what follows, together with the next of its section.
fn joined(paragraphs: Vec<Passage>, text: &str) -> Vec<Passage> {
    let mut found: Vec<Passage> = Vec::with_capacity(paragraphs.len());
    // The last passage is a list with the sentence that announces it.
    let mut is_announced = false;
    for next in paragraphs {
        if let Some(last) = found.last_mut().filter(|last| last.section == next.section) {
            let announces = own(last, text).trim_end().ends_with(':');
            let is_short = n_units(text, last.start, last.end) < SHORT_UNITS && last.is_code == next.is_code;
            let is_listed = (announces || is_announced) && is_point(own(&next, text));
            let n_units = n_units(text, last.start, next.end);
            let fits = n_units <= MAX_JOINED_UNITS || is_listed && n_units <= MAX_LIST_UNITS;
            if fits && (announces || is_short || is_listed) {
                last.end = next.end;
                is_announced = is_listed;
                continue;
            }
        }
        is_announced = false;
        found.push(next);
    }
    found
}

fn n_units(text: &str, start: usize, end: usize) -> usize {
    text.get(start..end).unwrap_or_default().encode_utf16().count()
}

fn is_title(line: &str, title: &str) -> bool {
    line.trim()
        .trim_matches(['#', '='])
        .trim()
        .starts_with(title.chars().take(20).collect::<String>().as_str())
        || line.trim_start().starts_with('#')
}

struct Reader<'f> {
    section: Option<usize>,
    open: Option<Passage>,
    in_fence: bool,
    /// In reStructuredText a row of tildes is the underline of a heading.
    has_underlines: bool,
    found: &'f mut Vec<Passage>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, number: u32, offset: usize, is_heading: bool) {
        let bare = line.trim();
        if bare.starts_with("```") || bare.starts_with("~~~") && !self.has_underlines {
            self.close(offset);
            self.in_fence = !self.in_fence;
            return;
        }
        let is_mark = !self.in_fence && (is_heading || is_underline(bare) || is_directive(bare));
        if bare.is_empty() && !self.in_fence || is_mark {
            self.close(offset);
            return;
        }
        // A point of a list is a passage of its own.
        if !self.in_fence && is_point(bare) {
            self.close(offset);
        }
        if self.open.is_none() {
            let is_indented = line.starts_with("    ") || line.starts_with('\t');
            let is_code = self.in_fence || is_indented && !bare.starts_with(['-', '*']);
            self.open =
                Some(Passage { section: self.section, line: number, start: offset, end: offset, is_code });
        }
    }

    fn close(&mut self, offset: usize) {
        if let Some(open) = self.open.take() {
            self.found.push(Passage { end: offset, ..open });
        }
    }
}

/// Tells whether a text begins with the mark of a list's point.
pub(crate) fn is_point(text: &str) -> bool {
    ["- ", "* ", "+ "].iter().any(|mark| text.trim_start().starts_with(mark))
}

/// Finds the line below a heading, rules, and the frames of tables.
fn is_underline(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| c.is_ascii_punctuation() || c == ' ')
}

/// Finds orders to the renderer: `.. code-block:: python`, `:name: value`, `<p align="center">`, `[ref]: url`.
fn is_directive(line: &str) -> bool {
    let is_option = line.starts_with(':')
        && line[1..].split_once(':').is_some_and(|(name, _)| !name.contains([' ', '`']) && !name.is_empty())
        && !line.contains(":`");
    let is_reference = line.starts_with('[') && line.contains("]: ");
    line.starts_with(".. ")
        || is_option
        || is_reference
        || line.starts_with("<!--")
        || line.starts_with('<') && line.ends_with('>')
}
