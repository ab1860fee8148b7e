//! Which language a file is written in, from its name and its first line.

use docpack::Language;

const EXTENSIONS: &[(&str, Language)] = &[
    ("rs", Language::Rust),
    ("py", Language::Python),
    ("pyi", Language::Python),
    ("ts", Language::TypeScript),
    ("tsx", Language::TypeScript),
    ("mts", Language::TypeScript),
    ("cts", Language::TypeScript),
    ("js", Language::JavaScript),
    ("jsx", Language::JavaScript),
    ("mjs", Language::JavaScript),
    ("cjs", Language::JavaScript),
    ("go", Language::Go),
];

/// Interpreters as named after `#!`; a version may follow (`python3.11`).
const INTERPRETERS: &[(&str, Language)] = &[
    ("python", Language::Python),
    ("node", Language::JavaScript),
    ("deno", Language::TypeScript),
    ("bun", Language::TypeScript),
];

/// No kernel reads a longer `#!` line.
const MAX_SHEBANG_BYTES: usize = 256;

/// Finds the language by extension, or by `#!` for a file without one.
///
/// `first_bytes` may be any prefix of the file; 256 bytes are enough.
pub fn detect(file_path: &str, first_bytes: &[u8]) -> Option<Language> {
    let file_name = file_path.rsplit('/').next().unwrap_or(file_path);
    match file_name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => by_extension(extension),
        _ => by_shebang(first_bytes),
    }
}

fn by_extension(extension: &str) -> Option<Language> {
    let found = EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    found.map(|&(_, language)| language)
}

fn by_shebang(first_bytes: &[u8]) -> Option<Language> {
    let head = &first_bytes[..first_bytes.len().min(MAX_SHEBANG_BYTES)];
    let line = head.strip_prefix(b"#!")?.split(|&byte| byte == b'\n').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace();
    let mut program = words.next()?.rsplit('/').next()?;
    if program == "env" {
        program = words.find(|word| !word.starts_with('-') && !word.contains('='))?;
    }
    let name = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    INTERPRETERS.iter().find(|(known, _)| *known == name).map(|&(_, language)| language)
}
