//! Results go to stdout, messages to stderr; a closed pipe ends quietly.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use clap::builder::styling::Style;
use serde::Serialize;

pub(crate) use prose::thousands;

/// A column is not cut below this while a wider one is left.
const MIN_COLUMN_CHARS: usize = 6;
/// Between two columns.
const GAP: &str = "  ";

/// Names the form of everything that `--json` prints.
pub(crate) const SCHEMA: &str = "doctown.cli/1";

/// Writes results for people to stdout; control characters are shown, never sent.
pub(crate) fn data(lines: &str) {
    write_line(&mut io::stdout().lock(), &visible(lines));
}

/// Writes a message to stderr; control characters are shown, never sent.
pub(crate) fn talk(lines: &str) {
    write_line(&mut io::stderr().lock(), &visible(lines));
}

/// Writes a line for programs to stdout as it is: JSON, or a script.
pub(crate) fn exact(line: &str) {
    write_line(&mut io::stdout().lock(), line);
}

/// Writes a line for programs to stderr as it is.
pub(crate) fn exact_talk(line: &str) {
    write_line(&mut io::stderr().lock(), line);
}

/// Shows what could rewrite a terminal's screen or turn its text around as an escape: `\u{1b}`.
///
/// Packs, repositories and servers are strangers, and what is printed of them is text, not commands.
/// Line ends and tabs stay.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |c| is_command(c) && !matches!(c, '\n' | '\t'))
}

/// Shows a text within one line: line ends and tabs are escaped too.
pub(crate) fn visible_in_line(text: &str) -> Cow<'_, str> {
    escape(text, is_command)
}

fn escape(text: &str, is_shown: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_shown) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' if is_shown(c) => shown.extend(c.escape_default()),
            c if is_shown(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and what sets the direction of text.
fn is_command(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes a value as one line of JSON with the schema's name.
pub(crate) fn json<T: Serialize>(command: &str, value: &T) {
    let line = serde_json::json!({"schema": SCHEMA, "command": command, "data": value});
    exact(&visible_json(&line.to_string()));
}

/// Escapes in JSON what a terminal would obey; its value stays the same.
pub(crate) fn visible_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_command) {
        return Cow::Borrowed(json);
    }
    let escaped = |c: char| if is_command(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    Cow::Owned(json.chars().map(escaped).collect())
}

/// A closed pipe is the reader's choice, not an error.
fn write_line(out: &mut impl Write, line: &str) {
    if writeln!(out, "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Writes a number with what it counts: `1 file`, `2,014 files`.
pub(crate) fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// Writes a size in decimal units: `1.5 MB`.
pub(crate) fn size(n_bytes: u64) -> String {
    match n_bytes {
        0..1_000 => format!("{n_bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", n_bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n_bytes as f64 / 1e6),
        _ => format!("{:.2} GB", n_bytes as f64 / 1e9),
    }
}

/// Writes an amount to two digits, for people: `0.039`, `1.20`.
pub(crate) fn about_usd(micro: u64) -> String {
    let usd = micro as f64 / 1e6;
    match micro {
        0 => "0".to_owned(),
        1..100 => format!("{usd:.6}"),
        100..1_000 => format!("{usd:.5}"),
        1_000..10_000 => format!("{usd:.4}"),
        10_000..100_000 => format!("{usd:.3}"),
        _ => format!("{usd:.2}"),
    }
}

/// Writes the time of the local clock after a wait: `14:32`.
pub(crate) fn clock_time(after: Duration) -> String {
    let until = chrono::Local::now() + after;
    // Within a minute the seconds matter.
    let format = if after < Duration::from_secs(60) { "%H:%M:%S" } else { "%H:%M" };
    until.format(format).to_string()
}

/// Colours a word of a message to stderr, where that is a terminal and NO_COLOR is not set.
pub(crate) fn emphasized(text: &str, style: Style) -> String {
    if runtime::config::colours_stderr() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// Writes millionths of a US dollar as dollars.
pub(crate) fn usd(micro: u64) -> String {
    format!("{:.6}", micro as f64 / 1e6)
}

/// Lays rows out in columns that fit the terminal; nothing is cut where stdout is not one.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let is_terminal = io::stdout().is_terminal();
    let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    fitted(header, rows, width.filter(|_| is_terminal))
}

fn fitted(header: &[&str], rows: &[Vec<String>], max_chars: Option<usize>) -> String {
    let rows: Vec<Vec<Cow<'_, str>>> =
        rows.iter().map(|row| row.iter().map(|cell| visible_in_line(cell)).collect()).collect();
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    if let Some(max_chars) = max_chars {
        narrow(&mut widths, max_chars.saturating_sub(GAP.len() * header.len().saturating_sub(1)));
    }
    let line = |cells: Vec<&str>| -> String {
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{:width$}", cut(cell, *width)));
        cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    };
    let mut text = vec![line(header.to_vec())];
    text.extend(rows.iter().map(|row| line(row.iter().map(AsRef::as_ref).collect())));
    text.join("\n")
}

/// Takes from the widest column until all fit.
fn narrow(widths: &mut [usize], max_chars: usize) {
    while widths.iter().sum::<usize>() > max_chars {
        let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > MIN_COLUMN_CHARS) else {
            return;
        };
        *widest -= 1;
    }
}

fn cut(cell: &str, max_chars: usize) -> String {
    match cell.char_indices().nth(max_chars) {
        Some(_) => cell.chars().take(max_chars.saturating_sub(1)).chain(['…']).collect(),
        None => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).into()
    }

    #[test]
    fn tables_fit_the_terminal_and_are_whole_without_one() {
        let long = "a_very_long_name_of_a_symbol_that_no_terminal_shows_whole";
        let rows =
            [row(["fn", long, "src/deep/folder/of/files/module.rs:120"]), row(["class", "B", "src/b.rs:1"])];
        let header = ["kind", "name", "where"];
        let narrow = fitted(&header, &rows, Some(60));
        assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
        assert_eq!(narrow.lines().nth(1).map(|line| line.matches('…').count()), Some(2), "{narrow}");
        assert!(narrow.contains("class") && narrow.contains("src/b.rs:1"), "{narrow}");
        assert!(fitted(&header, &rows, None).contains(long));
        assert_eq!(fitted(&header, &rows, Some(500)), fitted(&header, &rows, None));
    }

    #[test]
    fn a_terminal_too_narrow_for_any_table_still_shows_one() {
        let shown = fitted(&["a", "b", "c"], &[row(["123456789", "123456789", "123456789"])], Some(5));
        assert_eq!(shown.lines().nth(1), Some("12345…  12345…  12345…"));
    }

    #[test]
    fn amounts_are_short() {
        for (micro, told) in
            [(0, "0"), (38_708, "0.039"), (1_200_000, "1.20"), (4_567, "0.0046"), (12, "0.000012")]
        {
            assert_eq!(about_usd(micro), told);
        }
    }

    #[test]
    fn commands_to_a_terminal_are_shown_and_not_sent() {
        let shown = |text| visible(text).into_owned();
        assert_eq!(shown("\u{1b}]0;PWNED\u{7}\u{1b}[2J"), "\\u{1b}]0;PWNED\\u{7}\\u{1b}[2J");
        assert_eq!(shown("a\rb\u{8}c\u{7f}d\u{9b}2Je\0"), "a\\rb\\u{8}c\\u{7f}d\\u{9b}2Je\\u{0}");
        assert_eq!(shown("exe.\u{202e}cod\u{2066}"), "exe.\\u{202e}cod\\u{2066}");
        assert_eq!(shown("two\nlines\tand a \\ stay, ä 日本 too"), "two\nlines\tand a \\ stay, ä 日本 too");
    }

    #[test]
    fn json_keeps_its_value_and_sends_no_commands() {
        let value = serde_json::json!({"name": "a\u{9b}2J\u{202e}\u{7f}\n日本"});
        let (json, shown) = (value.to_string(), visible_json(&value.to_string()).into_owned());
        assert!(json.contains(is_command) && !shown.contains(is_command), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("it is JSON"), value);
    }

    #[test]
    fn a_cell_keeps_to_its_row() {
        let rows = [vec!["a\nb\u{1b}[1A".to_owned(), "c\td".to_owned()]];
        assert_eq!(fitted(&["name", "value"], &rows, None), "name           value\na\\nb\\u{1b}[1A  c\\td");
    }
}
