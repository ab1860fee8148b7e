//! The headings of Markdown and reStructuredText, and which files are documents at all.

use docpack::ByteRange;
use model::ingest::Section;

use crate::mentions;

/// More headings of one document are an index that a program wrote.
const MAX_SECTIONS: usize = 1_000;
/// Longer titles are cut: a paragraph above a line of dashes is none.
const MAX_TITLE_BYTES: usize = 300;
/// A shorter line of marks below a text is no heading.
const MIN_UNDERLINE_CHARS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Markdown,
    ReStructuredText,
    Plain,
}

/// Tells by its path whether a file is a text about the code: Markdown, reStructuredText, or plain text among
/// the documents.
pub fn is_document(path: &str) -> bool {
    format(path).is_some()
}

fn format(path: &str) -> Option<Format> {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.to_ascii_lowercase();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    match ending {
        "md" | "markdown" | "mdx" => return Some(Format::Markdown),
        "rst" => return Some(Format::ReStructuredText),
        _ => {}
    }
    let is_among_documents = matches!(folders.split('/').next(), Some("doc" | "docs"));
    let is_text = ending == "txt" && is_among_documents && !stem.starts_with("requirements");
    (stem == "readme" && matches!(ending, "" | "txt") || is_text).then_some(Format::Plain)
}

/// A heading, before it is known where its section ends.
struct Heading {
    title: String,
    level: u32,
    /// From 0.
    line: usize,
}

/// Lists the sections of a document in file order; each reaches to the next heading of its level or above.
pub fn sections(path: &str, text: &str) -> Vec<Section> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut headings = match format(path) {
        Some(Format::Markdown) => markdown(&lines),
        Some(Format::ReStructuredText) => restructured(&lines),
        Some(Format::Plain) | None => Vec::new(),
    };
    headings.truncate(MAX_SECTIONS);
    let starts: Vec<u32> = lines
        .iter()
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len() as u32;
            Some(start)
        })
        .collect();
    let mut sections: Vec<Section> = Vec::with_capacity(headings.len());
    let mut open: Vec<usize> = Vec::new();
    for Heading { title, level, line } in headings {
        let start = starts[line];
        while let Some(closed) = open.pop_if(|open| sections[*open].level >= level) {
            sections[closed].byte_range.end = start;
        }
        open.push(sections.len());
        let byte_range = ByteRange { start, end: text.len() as u32 };
        sections.push(Section { title, level, line: line as u32 + 1, byte_range, names: Vec::new() });
    }
    name_all(&mut sections, text);
    sections
}

/// Tells of each section the code that its own text names, up to the next heading of any level.
fn name_all(sections: &mut [Section], text: &str) {
    let starts: Vec<u32> =
        sections.iter().skip(1).map(|it| it.byte_range.start).chain([text.len() as u32]).collect();
    for (section, end) in sections.iter_mut().zip(starts) {
        let own = section.byte_range.start as usize..end as usize;
        section.names = mentions::names(text.get(own).unwrap_or_default());
    }
}

fn markdown(lines: &[&str]) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut fence: Option<&str> = None;
    let mut line = front_matter(lines);
    while line < lines.len() {
        let text = lines[line].trim_end();
        let mark = fence_mark(text);
        match fence {
            Some(open) if mark.is_some_and(|mark| mark.starts_with(open) && text.trim() == mark) => {
                fence = None
            }
            Some(_) => {}
            None if mark.is_some() => fence = mark,
            None => {
                if let Some((level, title)) = hash_heading(text) {
                    headings.push(Heading { title, level, line });
                } else if let Some(level) = underlined(lines, line) {
                    headings.push(Heading { title: title(text), level, line });
                }
            }
        }
        line += 1;
    }
    headings
}

/// Counts the lines of settings that some sites put before the first line.
fn front_matter(lines: &[&str]) -> usize {
    if lines.first().is_none_or(|line| line.trim_end() != "---") {
        return 0;
    }
    lines.iter().skip(1).position(|line| line.trim_end() == "---").map_or(0, |at| at + 2)
}

/// Returns the marks that open or close a block of code.
fn fence_mark(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = text.len() - text.trim_start_matches(mark).len();
    (length >= 3 && line.len() - text.len() <= 3).then(|| &text[..length])
}

fn hash_heading(line: &str) -> Option<(u32, String)> {
    let text = line.trim_start_matches(' ');
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && line.len() - text.len() <= 3;
    if !is_heading || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    Some((level as u32, title(rest.trim_end().trim_end_matches('#'))))
}

/// Tells whether a line by itself is a heading because of the line below it.
fn underlined(lines: &[&str], line: usize) -> Option<u32> {
    let text = lines[line].trim_end();
    let is_text = !text.is_empty() && !text.starts_with([' ', '\t', '-', '*', '+', '>', '|', '<', '=']);
    let stands_alone = line == 0 || lines[line - 1].trim().is_empty();
    if !is_text || !stands_alone {
        return None;
    }
    match underline(lines.get(line + 1)?)? {
        '=' => Some(1),
        '-' => Some(2),
        _ => None,
    }
}

/// Finds the character that a line is made of, if it is made of one mark alone.
fn underline(line: &str) -> Option<char> {
    let text = line.trim_end();
    let mark = text.chars().next().filter(char::is_ascii_punctuation)?;
    (text.len() >= MIN_UNDERLINE_CHARS && text.chars().all(|c| c == mark)).then_some(mark)
}

fn restructured(lines: &[&str]) -> Vec<Heading> {
    // Each mark, with or without a line above the title, is one level deeper than those seen before it.
    let mut styles: Vec<(char, bool)> = Vec::new();
    let mut headings = Vec::new();
    let mut line = 0;
    while line + 1 < lines.len() {
        let above = underline(lines[line])
            .filter(|mark| Some(*mark) == lines.get(line + 2).and_then(|it| underline(it)));
        let at = line + usize::from(above.is_some());
        let text = lines[at].trim_end();
        let mark = lines.get(at + 1).and_then(|below| underline(below));
        let is_long_enough = || text.trim().chars().count() <= lines[at + 1].trim_end().len();
        let is_title = !text.trim().is_empty()
            && underline(text).is_none()
            && (above.is_some() || !text.starts_with(' '));
        let Some(mark) = mark.filter(|_| is_title && is_long_enough()) else {
            line += 1;
            continue;
        };
        let style = (mark, above.is_some());
        let level = styles.iter().position(|known| *known == style).unwrap_or_else(|| {
            styles.push(style);
            styles.len() - 1
        });
        headings.push(Heading { title: title(text), level: level as u32 + 1, line });
        line = at + 2;
    }
    headings
}

fn title(text: &str) -> String {
    let text = text.trim();
    text[..text.floor_char_boundary(MAX_TITLE_BYTES)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each section as level, title, line and the text of its last line.
    fn shown(path: &str, text: &str) -> Vec<String> {
        let last = |range: ByteRange| {
            let section = &text[range.start as usize..range.end as usize];
            section.trim_end().lines().next_back().unwrap_or_default().to_owned()
        };
        let line = |it: &Section| format!("{} {} @{} ..{}", it.level, it.title, it.line, last(it.byte_range));
        sections(path, text).iter().map(line).collect()
    }

    #[test]
    fn markdown_headings_open_sections() {
        let text = "---\ntitle: x\n---\n# One #\n\ntext\n\n```sh\n# no heading\n```\n\nTwo\n---\n\n- item\n---\n\n### Deep\nlast\n\n# Three\nend\n";
        assert_eq!(
            shown("README.md", text),
            ["1 One @4 ..last", "2 Two @12 ..last", "3 Deep @18 ..last", "1 Three @21 ..end"]
        );
        assert_eq!(shown("a.md", "#hashtag\n####### seven\n"), [""; 0]);
    }

    #[test]
    fn marks_of_restructured_text_are_levels_in_their_order() {
        let text = "=====\nTitle\n=====\n\nIntro\n\nUse\n---\n\na\n\nDeep\n~~~~\n\nb\n\nMore\n----\n\nc\n\n==== ====\nx    y\n==== ====\n";
        assert_eq!(
            shown("docs/a.rst", text),
            ["1 Title @1 ..==== ====", "2 Use @7 ..b", "3 Deep @12 ..b", "2 More @17 ..==== ===="]
        );
    }

    #[test]
    fn documents_are_known_by_their_paths() {
        for path in ["README", "readme.txt", "a/CHANGES.md", "docs/guide.txt", "doc/x/y.rst", "x.MD"] {
            assert!(is_document(path), "{path}");
        }
        for path in ["notes.txt", "docs/requirements.txt", "LICENSE", "docs/conf.py", "docs/a.svg", "md"] {
            assert!(!is_document(path), "{path}");
        }
    }

    #[test]
    fn hostile_documents_are_cut() {
        assert_eq!(sections("a.md", &"# x\n".repeat(2_000)).len(), MAX_SECTIONS);
        assert_eq!(sections("a.md", &format!("# {}", "é".repeat(400)))[0].title.len(), MAX_TITLE_BYTES);
        for text in ["", "\n", "---", "---\n", "===", "=\n=\n=", "```", "# "] {
            sections("a.md", text);
            sections("a.rst", text);
        }
    }
}
