//! A document in Markdown or reStructuredText as paragraphs and items of lists.

use crate::comment::{is_role, is_rule};
use crate::listing::named;

/// A longer line is no term of a list of definitions.
const MAX_TERM_WORDS: usize = 4;

/// One paragraph, or one item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it begins, from 1.
    pub line: u32,
    /// Its lines, joined by spaces, with their markup.
    pub text: String,
    pub is_item: bool,
}

/// Divides a document into paragraphs and items of lists.
///
/// Titles, pictures, menus, tables, directives, comments and code are left out.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    let mut within = Within::default();
    let mut is_open = false;
    let mut lines = text.lines().zip(1..).peekable();
    while let Some((whole, at)) = lines.next() {
        let is_hidden = within.hides(whole);
        let below = lines.peek().map_or("", |(next, _)| *next);
        // A backslash at its end breaks a line where it stands.
        let line = whole.trim().trim_end_matches('\\').trim_end();
        let next = lines.peek().map_or("", |(next, _)| next.trim());
        if is_hidden
            || line.is_empty()
            || (item_of(line).is_none() && is_title(line, next))
            || is_furniture(line, whole, is_open) && !(is_open && line.starts_with(": "))
        {
            is_open = false;
            continue;
        }
        let item = item_of(line);
        match found.last_mut().filter(|_| is_open && item.is_none()) {
            Some(open) => {
                open.text.push(' ');
                open.text.push_str(line.trim_start_matches(": "));
            }
            None => {
                let term = term_of(whole, below).filter(|_| item.is_none());
                let text = item.map_or(line, str::trim_start).to_owned();
                let text = term.map_or(text, |term| format!("{}:", named(term)));
                found.push(Block { line: at, text, is_item: item.is_some() });
            }
        }
        is_open = true;
    }
    found
}

/// Finds the term of a list of definitions: a few words, of which the line below says what they are.
///
/// In reStructuredText that line is indented; in Markdown it begins with a colon.
fn term_of<'t>(line: &'t str, below: &str) -> Option<&'t str> {
    let is_said = below.starts_with("  ") || below.starts_with(": ");
    let term = line.split(" : ").next().unwrap_or(line).trim_end();
    let is_term = !line.starts_with(' ')
        && !term.ends_with(['.', ',', ';', ':', '!', '?', ')', '-'])
        && term.split_whitespace().count() <= MAX_TERM_WORDS;
    (is_said && is_term && item_of(below.trim()).is_none()).then_some(term)
}

/// Takes the mark off an item of a list: `- `, `1. `, `#. `.
fn item_of(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = || rest.strip_prefix(". ").or(rest.strip_prefix(") ")).filter(|_| rest.len() < line.len());
    ["- ", "* ", "+ ", "#. "].iter().find_map(|mark| line.strip_prefix(mark)).or_else(numbered)
}

/// What the lines so far have opened and not closed.
#[derive(Default)]
struct Within {
    code: bool,
    comment: bool,
    directive: bool,
    /// The settings of the page between two rules at its top.
    settings: bool,
    n_lines: usize,
    /// How many characters the line before has.
    n_before: usize,
}

impl Within {
    /// Reads one line, and tells whether it belongs to code, a comment or a directive.
    fn hides(&mut self, whole: &str) -> bool {
        let line = whole.trim();
        let n_before = std::mem::replace(&mut self.n_before, line.chars().count());
        self.n_lines += 1;
        let is_rule = line == "---";
        if self.settings || is_rule && self.n_lines == 1 {
            self.settings = !is_rule || self.n_lines == 1;
            return true;
        }
        // What is indented below a directive of reStructuredText belongs to it.
        self.directive =
            line.starts_with(".. ") || self.directive && (line.is_empty() || whole.starts_with(' '));
        if self.directive {
            return true;
        }
        let is_fence = is_fence(line, n_before) || self.code && line.starts_with("~~~");
        self.code ^= is_fence;
        // A comment is not shown, and may hold code that makes a part of the page.
        self.comment |= line.starts_with("<!--");
        let is_comment = self.comment;
        self.comment &= !line.ends_with("-->");
        is_fence || self.code || is_comment
    }
}

/// Tells whether a line opens or closes code; a row of tildes below a shorter line is the rule below a title.
pub(crate) fn is_fence(line: &str, n_before: usize) -> bool {
    let is_rule = || is_rule(line) && (1..=line.len()).contains(&n_before);
    line.starts_with("```") || line.starts_with("~~~") && !is_rule()
}

/// Tells whether a line is a title, or the rule below one.
fn is_title(line: &str, next: &str) -> bool {
    line.starts_with('#') || is_rule(next) || is_rule(line)
}

/// Finds pictures, badges, menus, tags, tables, directives and code.
///
/// An indented line that goes on with a paragraph or an item is no code.
fn is_furniture(line: &str, whole: &str, is_open: bool) -> bool {
    // `{{` and `{%` are filled in by the program that makes the page, `import` by the page itself.
    const STARTS: [&str; 9] = ["[!", "![", ".. ", "|", ">", "[[", "$ ", "{{", "{%"];
    let is_menu = line.starts_with('[') && (line.ends_with(')') || line.ends_with(']'));
    let is_target = line.starts_with('[') && line.contains("]: ");
    let is_marked = STARTS.iter().any(|start| line.starts_with(start)) || opens_with_tag(line);
    let is_field = line.starts_with(':') && !is_role(line);
    let is_code = whole.starts_with("    ") && !is_open && item_of(line).is_none();
    let is_import = line.starts_with("import ") && line.contains(" from ");
    is_menu || is_target || is_field || is_code || is_import || is_marked
}

/// Tells whether a line begins with an HTML tag; the address of a link may stand there too.
fn opens_with_tag(line: &str) -> bool {
    line.starts_with('<') && !line.starts_with("<http")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(u32, String, bool)> {
        blocks(text).into_iter().map(|block| (block.line, block.text, block.is_item)).collect()
    }

    #[test]
    fn paragraphs_and_items_have_the_line_where_they_begin() {
        let text = "# app\n\nApp answers\nrequests.\n- small\n- fast\n\nTitle\n=====\nMore.\n";
        let wanted = [
            (3, "App answers requests.", false),
            (5, "small", true),
            (6, "fast", true),
            (10, "More.", false),
        ];
        assert_eq!(found(text), wanted.map(|(line, text, is_item)| (line, text.to_owned(), is_item)));
    }

    #[test]
    fn tildes_below_a_title_open_no_code() {
        let text = "First\n~~~~~\nIt asks.\n\nSecond\n~~~~~~\nIt answers.\n\n~~~\ncode\n~~~\n";
        let wanted = [(3, "It asks."), (7, "It answers.")];
        assert_eq!(found(text), wanted.map(|(line, text)| (line, text.to_owned(), false)));
    }

    #[test]
    fn a_list_of_definitions_names_each_term() {
        let text = "retry_count\n  How often a task\n  is tried.\n\nPage\n: What a visitor sees.\n\nOne line\nand the next.\n";
        let wanted = [
            (1, "`retry_count`: How often a task is tried."),
            (5, "**Page**: What a visitor sees."),
            (8, "One line and the next."),
        ];
        assert_eq!(found(text), wanted.map(|(line, text)| (line, text.to_owned(), false)));
    }

    #[test]
    fn a_number_before_a_line_makes_an_item_and_one_within_does_not() {
        let text = "Two steps:\n1. Read.\n2) Write\n   it.\n3.5 of them.\n";
        let wanted = [(1, "Two steps:", false), (2, "Read.", true), (3, "Write it. 3.5 of them.", true)];
        assert_eq!(found(text), wanted.map(|(line, text, is_item)| (line, text.to_owned(), is_item)));
    }

    #[test]
    fn steps_of_restructuredtext_are_items_and_a_break_at_the_end_of_a_line_is_none_of_its_words() {
        let text = "#. Asks \\\n   the store.\n\n#. Answers.\n";
        let wanted = [(1, "Asks the store.", true), (4, "Answers.", true)];
        assert_eq!(found(text), wanted.map(|(line, text, is_item)| (line, text.to_owned(), is_item)));
    }

    #[test]
    fn an_indented_line_goes_on_with_its_item_and_is_code_after_a_blank_line() {
        let text = "#.  It asks\n    the store.\n\n    code()\n\nEnd.\n";
        let wanted = [(1, "It asks the store.", true), (6, "End.", false)];
        assert_eq!(found(text), wanted.map(|(line, text, is_item)| (line, text.to_owned(), is_item)));
    }

    #[test]
    fn settings_at_the_top_imports_and_short_codes_are_left_out() {
        let text = "---\ntitle: Page\nweight: 3\n---\nimport Card from './card';\n\n{{< cards >}}\n\nText.\n\n---\n\nMore.\n";
        let wanted = [(9, "Text.", false), (13, "More.", false)];
        assert_eq!(found(text), wanted.map(|(line, text, is_item)| (line, text.to_owned(), is_item)));
    }

    #[test]
    fn a_paragraph_goes_on_after_a_role_and_ends_before_a_field() {
        let text = "Passed to the\n:data:`current_app` proxy.\n:orphan: yes\n";
        assert_eq!(found(text), [(1, "Passed to the :data:`current_app` proxy.".to_owned(), false)]);
    }

    #[test]
    fn code_comments_directives_tables_and_badges_are_left_out() {
        let text = "[![build](a.svg)](b)\n\n```sh\nrun it\n```\n<!-- a\nb -->\n.. note::\n\n   below\n\n| a | b |\n\nText.\n";
        assert_eq!(found(text), [(14, "Text.".to_owned(), false)]);
    }
}
