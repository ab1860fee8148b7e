//! The paragraphs of a doc comment that describe something, apart from its tags, sections and examples.

/// Comment text beyond this is never looked at: leads stand at the top.
const MAX_LOOKED_AT: usize = 4_000;
/// A tag with fewer words stands alone; a longer one may go on in the next line.
const MIN_TAG_TEXT_WORDS: usize = 3;

/// A longer line above code tells what the code is about, not only that it follows.
const MAX_ANNOUNCING_WORDS: usize = 5;

/// What a comment offers as its description.
#[derive(Default)]
pub(super) struct Comment {
    /// Prose, in the order in which it stands.
    pub(super) paragraphs: Vec<String>,
    /// What describes the subject where there is no prose: its result, a notice, a title.
    pub(super) fallbacks: Vec<String>,
}

/// What is passed over until it ends.
#[derive(Default)]
enum Skipping {
    #[default]
    Nothing,
    /// To the next blank line or tag.
    Block,
    /// A fenced example.
    Fence,
    /// The first line of a directive, and all that is indented deeper than its number of blanks.
    Directive(usize),
}

/// What a line of a comment is.
enum Line<'a> {
    Blank,
    Prose(&'a str),
    /// Starts a paragraph with what stands behind a tag.
    Description(&'a str),
    /// Says something only where nothing else does.
    Fallback(String),
    /// Describes nothing; the next line is on its own again.
    Passed,
    /// Describes nothing, with all lines up to a blank one.
    Block,
    Fence,
    Directive,
    /// A line below a title.
    Rule,
    /// What follows are parameters or examples.
    End,
}

impl Comment {
    /// Takes a comment apart, its markers removed.
    pub(super) fn read(doc: &str) -> Self {
        let mut reader = Reader::default();
        let mut looked_at = 0;
        for line in doc.lines() {
            if !reader.read(line) || looked_at > MAX_LOOKED_AT {
                break;
            }
            looked_at += line.len() + 1;
        }
        reader.close();
        reader.comment
    }
}

#[derive(Default)]
struct Reader {
    comment: Comment,
    paragraph: String,
    n_lines: usize,
    skipping: Skipping,
}

impl Reader {
    /// Reads one line; false where nothing that follows describes the subject.
    fn read(&mut self, line: &str) -> bool {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        let kind = classify(text, self.paragraph.is_empty());
        match self.skipping {
            Skipping::Fence => {
                if matches!(kind, Line::Fence) {
                    self.skipping = Skipping::Nothing;
                }
                return true;
            }
            Skipping::Directive(outer) if text.is_empty() || indent > outer => return true,
            Skipping::Block if matches!(kind, Line::Prose(_)) => return true,
            _ => self.skipping = Skipping::Nothing,
        }
        match kind {
            Line::Prose(text) => self.push(text),
            Line::Description(text) => {
                self.close();
                self.push(text);
            }
            Line::Rule => self.close_title(),
            Line::End => return false,
            kind => {
                self.close();
                self.pass_over(kind, indent);
            }
        }
        true
    }

    fn pass_over(&mut self, kind: Line<'_>, indent: usize) {
        match kind {
            Line::Fallback(text) => {
                self.comment.fallbacks.push(text);
                self.skipping = Skipping::Block;
            }
            Line::Block => self.skipping = Skipping::Block,
            Line::Fence => {
                self.comment.paragraphs.pop_if(|it| leads_to_code(it));
                self.skipping = Skipping::Fence;
            }
            Line::Directive => self.skipping = Skipping::Directive(indent),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if !self.paragraph.is_empty() {
            self.paragraph.push(' ');
        }
        self.paragraph.push_str(text);
        self.n_lines += 1;
        // A literal block follows.
        if text.ends_with("::") {
            self.close();
        }
    }

    fn close(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        self.n_lines = 0;
        if !paragraph.is_empty() {
            self.comment.paragraphs.push(paragraph);
        }
    }

    /// A single line above a line of marks is a title.
    fn close_title(&mut self) {
        if self.n_lines == 1 {
            self.comment.fallbacks.push(std::mem::take(&mut self.paragraph));
        }
        self.close();
    }
}

/// `Run with` and `In another terminal:` stand above a command, and describe nothing.
fn leads_to_code(paragraph: &str) -> bool {
    const OPENERS: [&str; 7] = ["in", "on", "with", "from", "then", "run", "test"];
    let mut words = paragraph.split_whitespace();
    let is_opener = words.next().is_some_and(|word| OPENERS.contains(&word.to_lowercase().as_str()));
    is_opener && words.count() < MAX_ANNOUNCING_WORDS && !paragraph.ends_with(['.', '!', '?'])
}

fn classify(text: &str, is_first: bool) -> Line<'_> {
    if text.is_empty() {
        return Line::Blank;
    }
    if text.starts_with("```") || text.starts_with("~~~") && !is_rule(text) {
        return Line::Fence;
    }
    if is_rule(text) {
        return Line::Rule;
    }
    if let Some(title) = heading(text) {
        return if is_section(&title.to_lowercase()) { Line::End } else { Line::Fallback(title.to_owned()) };
    }
    let text = if is_first { text.trim_start_matches(['*', '!', '=']).trim_start() } else { text };
    let lower = text.to_lowercase();
    if let Some(line) = returned(text, &lower) {
        return line;
    }
    if is_section(&lower) {
        return Line::End;
    }
    match text.chars().next() {
        None => Line::Passed,
        Some('@') => block_tag(text),
        Some(':') if !is_role(text) => field(text),
        _ if text.starts_with(".. ") => Line::Directive,
        // `[name]: address` says where a link leads.
        _ if text.starts_with('[') && text.contains("]: ") => Line::Block,
        _ if [">>>", "<!--", "| ", "- ", "* ", "+ "].iter().any(|start| text.starts_with(start)) => {
            Line::Block
        }
        _ => Line::Prose(text),
    }
}

/// A heading's underline or a separator.
pub(super) fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '~' | '*' | '#' | '_' | '/' | '^'))
}

/// The title of a Markdown heading.
fn heading(text: &str) -> Option<&str> {
    let title = text.trim_start_matches('#');
    let n_marks = text.len() - title.len();
    ((1..=6).contains(&n_marks) && title.starts_with(' ')).then(|| title.trim())
}

fn is_section(lower: &str) -> bool {
    const NAMES: [&str; 24] = [
        "args",
        "arguments",
        "parameters",
        "params",
        "keyword arguments",
        "keyword args",
        "other parameters",
        "returns",
        "raises",
        "yields",
        "warns",
        "receives",
        "example",
        "examples",
        "usage",
        "attributes",
        "notes",
        "note",
        "see also",
        "references",
        "panics",
        "errors",
        "safety",
        "todo",
    ];
    const WITH_TEXT: [&str; 7] =
        ["args:", "arguments:", "parameters:", "params:", "raises:", "example:", "usage:"];
    NAMES.contains(&lower.trim_end_matches(':').trim_end())
        || WITH_TEXT.iter().any(|it| lower.starts_with(it))
}

/// `Returns: the header` of a Google docstring.
fn returned<'a>(text: &'a str, lower: &str) -> Option<Line<'a>> {
    let at = ["returns:", "yields:"].iter().find(|it| lower.starts_with(**it))?.len();
    let said = text[at..].trim();
    (!said.is_empty()).then(|| Line::Fallback(format!("{} {said}", &text[..at - 1])))
}

/// A tag of JSDoc, JavaDoc or Doxygen.
fn block_tag(text: &str) -> Line<'_> {
    let (tag, said) = text[1..].split_once(char::is_whitespace).unwrap_or((&text[1..], ""));
    let said = said.trim();
    match tag.to_lowercase().as_str() {
        "description" | "desc" | "brief" | "summary" | "fileoverview" | "file" | "overview" | "classdesc"
        | "remarks" | "abstract" | "details" => {
            if said.is_empty() {
                Line::Passed
            } else {
                Line::Description(said)
            }
        }
        "returns" | "return" | "yields" if without_type(said).split_whitespace().count() > 1 => {
            let verb = if tag.starts_with('y') { "Yields" } else { "Returns" };
            Line::Fallback(format!("{verb} {}", uncapitalised(without_type(said))))
        }
        "deprecated" if !said.is_empty() => Line::Fallback(format!("Deprecated: {said}")),
        "param" | "arg" | "argument" | "prop" | "property" | "returns" | "return" | "throws"
        | "exception" | "yields" | "experimental" | "type" | "typedef" | "callback" | "template"
        | "typeparam" => Line::Block,
        "example" => Line::End,
        _ if goes_on(said) => Line::Block,
        _ => Line::Passed,
    }
}

/// Tells whether the text of a tag may go on in the next line.
fn goes_on(said: &str) -> bool {
    let last = said.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_complete = last.ends_with(['.', '}', ')']) || last.contains("://");
    said.split_whitespace().count() >= MIN_TAG_TEXT_WORDS && !is_complete
}

/// The text behind the type of a JSDoc tag: `{string} the name`.
fn without_type(said: &str) -> &str {
    let behind = said.strip_prefix('{').and_then(|inner| inner.split_once('}'));
    behind.map_or(said, |it| it.1).trim_start_matches([' ', '-'])
}

fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    let is_word = text.chars().nth(1).is_some_and(|c| c.is_lowercase() || c == ' ');
    match chars.next() {
        Some(first) if is_word => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// A field of a reStructuredText docstring, such as `:param name: the name`.
fn field(text: &str) -> Line<'_> {
    let Some((name, said)) = text[1..].split_once(':') else { return Line::Block };
    let said = said.trim();
    match name {
        "return" | "returns" if said.split_whitespace().count() > 1 => {
            Line::Fallback(format!("Returns {}", uncapitalised(said)))
        }
        _ => Line::Block,
    }
}

/// A line may open with a role such as ``:class:`Client` ``, which is prose.
pub(super) fn is_role(line: &str) -> bool {
    let Some(line) = line.strip_prefix(':') else { return false };
    line.find(":`")
        .is_some_and(|at| line[..at].chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '-')))
}
