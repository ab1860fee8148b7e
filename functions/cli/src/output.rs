//! stdout is data, stderr is talk; a closed pipe ends quietly.

use std::io::{self, Write};

use serde::Serialize;

/// Names the form of everything that `--json` prints.
pub(crate) const SCHEMA: &str = "doctown.cli/1";

/// Writes a line of data to stdout.
pub(crate) fn data(line: &str) {
    write_line(&mut io::stdout().lock(), line);
}

/// Writes a line of talk to stderr.
pub(crate) fn talk(line: &str) {
    write_line(&mut io::stderr().lock(), line);
}

/// Writes a value as one line of JSON with the schema's name.
pub(crate) fn json<T: Serialize>(command: &str, value: &T) {
    let line = serde_json::json!({"schema": SCHEMA, "command": command, "data": value});
    data(&line.to_string());
}

/// A reader that went away wants no more; that is its right, not our failure.
fn write_line(out: &mut impl Write, line: &str) {
    if writeln!(out, "{line}").is_err() {
        std::process::exit(0);
    }
}

/// Writes a number with separators: `12,345`.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

/// Writes millionths of a US dollar as dollars.
pub(crate) fn usd(micro: u64) -> String {
    format!("{:.6}", micro as f64 / 1e6)
}

/// Lays rows out in columns; the last column is not padded.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| -> String {
        let last = cells.len().saturating_sub(1);
        let padded = cells.iter().enumerate().map(|(idx, cell)| match idx == last {
            true => (*cell).to_owned(),
            false => format!("{cell:width$}", width = widths.get(idx).copied().unwrap_or(0)),
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut text = vec![line(header.to_vec())];
    text.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    text.join("\n")
}
