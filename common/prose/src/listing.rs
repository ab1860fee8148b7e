//! What tables and directory trees say of each of their entries.

use crate::document::{Block, is_fence};
use crate::markup::strip_markup as plain;

/// A longer cell is no name.
const MAX_NAME_WORDS: usize = 6;
/// A shorter cell or comment says nothing of its entry.
const MIN_SAID_WORDS: usize = 2;
/// Fewer lines of paths with comments are code.
const MIN_COMMENTED: usize = 2;

/// Lists the rows of tables and the lines of directory trees that describe something, each as an item of a list would:
/// a name in bold or as code, a colon and the description.
pub fn entries(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut table: Vec<(u32, &str)> = Vec::new();
    let mut fence: Option<Vec<(u32, &str)>> = None;
    let mut n_before = 0;
    for (whole, at) in text.lines().zip(1..) {
        let line = whole.trim();
        let n_before = std::mem::replace(&mut n_before, line.chars().count());
        if is_fence(line, n_before) || fence.is_some() && line.starts_with("~~~") {
            match fence.take() {
                Some(lines) => found.extend(of_tree(&lines)),
                None => fence = Some(Vec::new()),
            }
        } else if let Some(lines) = &mut fence {
            lines.push((at, whole));
        } else if line.starts_with('|') {
            table.push((at, line));
        } else {
            found.extend(of_table(&std::mem::take(&mut table)));
        }
    }
    found.extend(of_table(&table));
    found
}

/// Reads a table of Markdown: the first column names, another one describes.
fn of_table(lines: &[(u32, &str)]) -> Vec<Block> {
    let [(_, head), (_, rule), rows @ ..] = lines else { return Vec::new() };
    let is_rule =
        cells(rule).iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':')));
    let rows: Vec<(u32, Vec<String>)> = rows.iter().map(|(at, row)| (*at, cells(row))).collect();
    let Some(column) = described(&cells(head), &rows).filter(|_| is_rule) else { return Vec::new() };
    let entry = |(line, cells): &(u32, Vec<String>)| {
        let (name, said) = (cells.first()?, cells.get(column)?);
        let n_words = plain(name).split_whitespace().count();
        let is_told = (1..=MAX_NAME_WORDS).contains(&n_words) && says(said);
        is_told.then(|| Block { line: *line, text: format!("{}: {said}", named(name)), is_item: true })
    };
    rows.iter().filter_map(entry).collect()
}

/// Finds the column that describes: by its heading, else the one with the most words.
fn described(head: &[String], rows: &[(u32, Vec<String>)]) -> Option<usize> {
    const WORDS: [&str; 9] = [
        "description",
        "purpose",
        "responsibilit",
        "role",
        "meaning",
        "what",
        "contents",
        "summary",
        "explanation",
    ];
    let is_wanted = |title: &String| WORDS.iter().any(|word| title.to_lowercase().contains(word));
    let n_words = |column: &usize| -> usize {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(*column));
        cells.map(|cell| plain(cell).split_whitespace().count()).sum()
    };
    let by_title = (1..head.len()).find(|at| is_wanted(&head[*at]));
    by_title.or_else(|| (1..head.len()).max_by_key(|at| (n_words(at), std::cmp::Reverse(*at))))
}

/// Divides a row; a bar in code or after a backslash is none between cells.
fn cells(row: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut is_code = false;
    let mut chars = row.trim().trim_start_matches('|').trim_end_matches('|').chars().peekable();
    while let Some(c) = chars.next() {
        is_code ^= c == '`';
        match c {
            '\\' if chars.peek() == Some(&'|') => {
                found.last_mut().map_or((), |cell| cell.extend(chars.next()))
            }
            '|' if !is_code => found.push(String::new()),
            _ => found.last_mut().map_or((), |cell| cell.push(c)),
        }
    }
    found.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Marks a name as such, unless it is marked.
pub(crate) fn named(name: &str) -> String {
    let name = name.trim_end_matches(':');
    let inner = name.strip_prefix('[').unwrap_or(name);
    if inner.starts_with(['`', '*', ':']) {
        return name.to_owned();
    }
    if let Some((label, target)) = inner.split_once("](").filter(|_| inner.len() < name.len()) {
        return format!("[**{label}**]({target}");
    }
    let is_code = !name.contains(' ') && name.contains(['_', '/', '.', '(']);
    if is_code { format!("`{name}`") } else { format!("**{name}**") }
}

fn says(text: &str) -> bool {
    plain(text).split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count()
        >= MIN_SAID_WORDS
}

/// Reads a directory tree with a comment behind some of its paths.
fn of_tree(lines: &[(u32, &str)]) -> Vec<Block> {
    let entries: Vec<(u32, Entry<'_>)> =
        lines.iter().filter_map(|(at, line)| Some((*at, entry_of(line)?))).collect();
    let n_filled = lines.iter().filter(|(_, line)| !line.trim_matches([' ', '│', '|']).is_empty()).count();
    let n_said = entries.iter().filter(|(_, entry)| !entry.said.is_empty()).count();
    let is_drawn = entries.iter().any(|(_, entry)| entry.is_drawn);
    let has_folder = entries.iter().any(|(_, entry)| entry.name.contains('/'));
    if !is_drawn && (entries.len() < n_filled || n_said < MIN_COMMENTED || !has_folder) {
        return Vec::new();
    }
    let mut around: Vec<(usize, &str)> = Vec::new();
    let mut found = Vec::new();
    for (line, Entry { column, name, said, .. }) in entries {
        around.retain(|(other, _)| *other < column);
        around.push((column, name.trim_end_matches('/')));
        let parts: Vec<&str> = around.iter().map(|(_, name)| *name).filter(|name| *name != ".").collect();
        if says(said) && !parts.is_empty() {
            found.push(Block { line, text: format!("`{}`: {said}", parts.join("/")), is_item: true });
        }
    }
    found
}

/// One line of a directory tree.
struct Entry<'t> {
    /// Where the name begins, which says how deep it lies.
    column: usize,
    name: &'t str,
    said: &'t str,
    /// Whether lines are drawn to it.
    is_drawn: bool,
}

/// Reads one line of a directory tree: what is drawn, a path and a comment.
fn entry_of(line: &str) -> Option<Entry<'_>> {
    const DRAWN: [char; 9] = ['│', '├', '└', '─', '┬', '|', '`', '+', '\u{a0}'];
    let rest = line.trim_start_matches(|c: char| c.is_whitespace() || DRAWN.contains(&c) || c == '-');
    let before = &line[..line.len() - rest.len()];
    let column = before.chars().count();
    let is_drawn =
        before.contains(['├', '└']) || ["|--", "`--", "+--"].iter().any(|mark| before.contains(mark));
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '*' | '@' | '[' | ']');
    let end = rest.find(|c: char| !is_path(c)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let said = after.trim_start();
    let comment = said.trim_start_matches(['#', '/', '<', '-', '←', '→', '—', '–', ':', '(', '=', '>']);
    // A comment is set off by a mark, or by its distance.
    let is_apart = comment.len() < said.len() || after.starts_with("  ") || after.starts_with('\t');
    let is_entry =
        !name.is_empty() && (said.is_empty() || is_apart && after.starts_with(char::is_whitespace));
    is_entry.then(|| Entry { column, name, said: comment.trim().trim_end_matches(')'), is_drawn })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(u32, String)> {
        entries(text).into_iter().map(|block| (block.line, block.text)).collect()
    }

    #[test]
    fn a_row_of_a_table_is_its_name_and_the_column_that_describes() {
        let text = "| Crate | Since | Description |\n|---|:-:|---|\n| `core` | 1.0 | Decides what `a|b` is. |\n| [web](web/) | 1.1 | Answers requests. |\n| Rule | 1.2 | - |\n";
        let wanted = [(3, "`core`: Decides what `a|b` is."), (4, "[**web**](web/): Answers requests.")];
        assert_eq!(found(text), wanted.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn bars_without_a_rule_below_the_first_are_no_table() {
        assert_eq!(found("| a line block |\n| of two lines |\n"), []);
    }

    #[test]
    fn a_directory_tree_describes_the_paths_that_have_a_comment() {
        let text = "```text\n.\n├── app/          # what users run\n│   ├── main.rs\n│   └── serve.rs  # answers requests\n└── docs\n```\n";
        let wanted = [(3, "`app`: what users run"), (5, "`app/serve.rs`: answers requests")];
        assert_eq!(found(text), wanted.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn an_indented_tree_needs_a_path_on_each_line() {
        let tree = "```\ncore/      the rules of it all\n  web.rs   - finds the page\n```\n";
        let wanted = [(2, "`core`: the rules of it all"), (3, "`core/web.rs`: finds the page")];
        assert_eq!(found(tree), wanted.map(|(line, text)| (line, text.to_owned())));
        assert_eq!(found("```sh\nmake build   # builds it all\nmake test    # tests it all\n```\n"), []);
        assert_eq!(found("```js\nlet a = 1    // the first one\n```\n"), []);
    }
}
