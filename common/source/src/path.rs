//! Paths inside a source: one clean form, or an escaped one that is refused.

use crate::limits::SourceLimits;

/// A path as it stands in an archive, a tree or a folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SourcePath {
    /// UTF-8, relative, parts joined by `/`, none of them empty, `.` or `..`.
    Clean(String),
    /// Names the root itself.
    Root,
    /// Not usable; shown with every odd byte escaped, so that no two paths look the same.
    Unsupported(String),
}

impl SourcePath {
    /// Checks `raw` and drops empty and `.` parts.
    pub(crate) fn parse(raw: &[u8], limits: &SourceLimits) -> Self {
        match clean(raw, limits) {
            Some(path) if path.is_empty() => Self::Root,
            Some(path) => Self::Clean(path),
            None => Self::Unsupported(escape(raw)),
        }
    }
}

fn clean(raw: &[u8], limits: &SourceLimits) -> Option<String> {
    let text = std::str::from_utf8(raw).ok()?;
    let odd = |c: char| c == '\\' || c.is_control();
    if raw.len() > limits.max_path_bytes || text.starts_with('/') || text.contains(odd) || has_drive(text) {
        return None;
    }
    let mut parts = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part => parts.push(part),
        }
    }
    (parts.len() <= limits.max_path_depth).then(|| parts.join("/"))
}

fn has_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// How much of a refused path is shown; archives may carry names of megabytes.
const MAX_SHOWN_BYTES: usize = 4096;

/// Shows `raw` losslessly up to a limit: odd bytes as `\xNN`, a backslash as `\\`.
pub(crate) fn escape(raw: &[u8]) -> String {
    let mut shown = String::with_capacity(raw.len().min(MAX_SHOWN_BYTES));
    for chunk in raw[..raw.len().min(MAX_SHOWN_BYTES)].utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => shown.push_str("\\\\"),
                c if c.is_control() => c.to_string().bytes().for_each(|byte| push_hex(&mut shown, byte)),
                c => shown.push(c),
            }
        }
        chunk.invalid().iter().for_each(|byte| push_hex(&mut shown, *byte));
    }
    if raw.len() > MAX_SHOWN_BYTES {
        shown.push('…');
    }
    shown
}

fn push_hex(shown: &mut String, byte: u8) {
    shown.push_str(&format!("\\x{byte:02x}"));
}

/// Returns the part after the last `/`.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
