//! One file's bytes to its facts.

use std::sync::Arc;

use docpack::{ByteRange, Digest, Language, SymbolId, SymbolKind, Visibility};
use model::facts::{FileFacts, Finding, Scope, ScopeKind, Symbol};
use model::role::FoundRole;

use crate::compile::Table;
use crate::languages;
use crate::pass::Pass;
use crate::roles::find_roles;
use crate::source::Source;
use crate::tape::{self, Tape};

/// Bounds on the work for one file, all of them counted, none timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseLimits {
    /// Longer files get a `file_too_large` finding and no symbols but their own.
    pub max_bytes: usize,
    /// What is nested deeper is left out, with a `parse_too_deep` finding.
    pub max_depth: u32,
    /// The file is read up to this many symbols, with a `too_many_symbols` finding.
    pub max_symbols: usize,
    /// One hundred parser steps more for each so many bytes; then a `parse_budget_exceeded` finding.
    pub bytes_per_parser_callback: u64,
}

/// The default limit of one file: a longer source file is generated or data.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Real files reach 3,300 levels; far below what could exhaust anything, as nothing here recurses.
pub const MAX_DEPTH: u32 = 5_000;

/// Ten times what the largest hand-written files define.
pub const MAX_SYMBOLS: usize = 50_000;

/// Parser steps, in hundreds, that every file may take: enough for error recovery in a small one.
const MIN_PARSER_CALLBACKS: u64 = 5_000;

/// Ordinary code takes a hundred steps per 125 to 150 bytes, tables of short numbers per 17.
pub const BYTES_PER_PARSER_CALLBACK: u64 = 12;

impl Default for ParseLimits {
    fn default() -> Self {
        Self {
            max_bytes: MAX_FILE_BYTES,
            max_depth: MAX_DEPTH,
            max_symbols: MAX_SYMBOLS,
            bytes_per_parser_callback: BYTES_PER_PARSER_CALLBACK,
        }
    }
}

/// Reads one file; broken code gives what could be read and a finding, never an error.
///
/// `file_path` is relative to the repository, with `/`. Names that are not UTF-8 are decoded with U+FFFD,
/// while ranges stay exact. `chunks` is left empty. Equal arguments give equal facts.
pub fn parse(language: Language, file_path: &str, text: &[u8], limits: &ParseLimits) -> FileFacts {
    parse_shown(language, file_path, text, None, limits)
}

/// The same, where parts of the text are not to be seen: what bodies and default values quote is taken from
/// `masked`, which is as long as the text.
pub fn parse_masked(
    language: Language,
    file_path: &str,
    text: &[u8],
    masked: &[u8],
    limits: &ParseLimits,
) -> FileFacts {
    parse_shown(language, file_path, text, Some(masked), limits)
}

fn parse_shown(
    language: Language,
    file_path: &str,
    text: &[u8],
    masked: Option<&[u8]>,
    limits: &ParseLimits,
) -> FileFacts {
    let mut facts = parse_code(language, file_path, text, masked, limits);
    find_roles(&mut facts, text);
    facts
}

fn parse_code(
    language: Language,
    file_path: &str,
    text: &[u8],
    masked: Option<&[u8]>,
    limits: &ParseLimits,
) -> FileFacts {
    let table = languages::table(language, file_path);
    let readable = if text.len() <= limits.max_bytes.min(u32::MAX as usize) { text } else { &[] };
    let source = Source::new(readable);
    let mut facts =
        empty_facts(language, file_path, text, table.source.module_word, table.source.module_path);
    if readable.len() < text.len() {
        let message = format!("file is {} bytes, the limit is {}", text.len(), limits.max_bytes);
        facts.findings.push(finding(&facts, "file_too_large", None, message));
        return facts;
    }
    facts.n_lines = source.n_lines();
    facts.symbols[0].line_range.end = facts.n_lines.max(1);
    let max_callbacks = MIN_PARSER_CALLBACKS + text.len() as u64 / limits.bytes_per_parser_callback.max(1);
    let Some(tape) = read(table, text, max_callbacks, limits.max_depth) else {
        let message =
            format!("the parser gave up after {max_callbacks} hundred steps for {} bytes", text.len());
        facts.findings.push(finding(&facts, "parse_budget_exceeded", None, message));
        return facts;
    };
    add_findings(&mut facts, &tape, &source, limits);
    let masked = masked.map(Source::new);
    let shown = masked.as_ref().unwrap_or(&source);
    let (mut facts, full) = Pass::new(table, &source, shown, tape, facts, limits.max_symbols).run();
    if full {
        let message = format!("only the first {} symbols are read", limits.max_symbols);
        facts.findings.push(finding(&facts, "too_many_symbols", None, message));
    }
    facts
}

/// Reads a file; one with errors once more, where the language knows a cause that the grammar is at fault for.
fn read(table: &Table, text: &[u8], max_callbacks: u64, max_depth: u32) -> Option<Tape> {
    let tape = tape::read(table, text, max_callbacks, max_depth)?;
    if tape.n_error_nodes == 0 {
        return Some(tape);
    }
    let mended =
        (table.source.mended)(text).and_then(|text| tape::read(table, &text, max_callbacks, max_depth));
    Some(mended.filter(|mended| mended.n_error_nodes < tape.n_error_nodes).unwrap_or(tape))
}

fn add_findings(facts: &mut FileFacts, tape: &Tape, source: &Source<'_>, limits: &ParseLimits) {
    facts.n_error_nodes = tape.n_error_nodes;
    if tape.n_error_nodes > 0 {
        // What is missing at the very end lies behind the last line.
        let line = source.line(tape.first_error_byte.unwrap_or(0)).min(facts.n_lines.max(1));
        let message = format!("{} places cannot be parsed", tape.n_error_nodes);
        facts.findings.push(finding(facts, "syntax_error", Some(line), message));
    }
    if tape.too_deep {
        let message = format!("what is nested deeper than {} levels is left out", limits.max_depth);
        facts.findings.push(finding(facts, "parse_too_deep", None, message));
    }
}

fn finding(facts: &FileFacts, code: &str, line: Option<u32>, message: String) -> Finding {
    Finding { code: code.to_owned(), file_path: facts.file_path.clone(), line, message }
}

/// The facts of a file of which nothing is read: its own symbol and scope.
fn empty_facts(
    language: Language,
    file_path: &str,
    text: &[u8],
    module_word: &str,
    module_path: fn(&str) -> String,
) -> FileFacts {
    FileFacts {
        file_path: file_path.to_owned(),
        language,
        size_bytes: text.len() as u64,
        sha256: Digest::of(text),
        n_lines: 0,
        role: FoundRole::default(),
        symbols: vec![file_symbol(language, file_path, text.len(), module_word, module_path(file_path))],
        scopes: vec![Scope { kind: ScopeKind::File, parent: None, symbol: Some(0) }],
        bindings: Vec::new(),
        imports: Vec::new(),
        references: Vec::new(),
        exports: Vec::new(),
        n_error_nodes: 0,
        findings: Vec::new(),
        chunks: Vec::new(),
        flow: Arc::default(),
    }
}

fn file_symbol(
    language: Language,
    file_path: &str,
    len: usize,
    word: &str,
    qualified_name: String,
) -> Symbol {
    let name = qualified_name.rsplit(['/', ':', '.']).next().unwrap_or_default().to_owned();
    let signature = format!("{word} {qualified_name}");
    let id = SymbolId::derive(language, file_path, &qualified_name, SymbolKind::Module, &signature, 0);
    let byte_range = ByteRange { start: 0, end: u32::try_from(len).unwrap_or(u32::MAX) };
    Symbol {
        id,
        name,
        qualified_name,
        kind: SymbolKind::Module,
        byte_range,
        line_range: docpack::LineRange { start: 1, end: 1 },
        body_range: None,
        signature,
        parameters: Vec::new(),
        return_type: None,
        generics: Vec::new(),
        modifiers: Vec::new(),
        visibility: Visibility::Public,
        exported: true,
        bases: Vec::new(),
        implements: Vec::new(),
        doc_comment: None,
        attributes: Vec::new(),
        parent: None,
        scope: Some(0),
        complexity: None,
        split_points: Vec::new(),
        body_digest: None,
        role: None,
        body: None,
    }
}
