//! What a template is filled with: each fact as a line, each text as a quotation.

use model::context::{Neighbour, SymbolContext};

use crate::hygiene::{comment, lines, one_line};
use crate::secrets::{self, SecretCounts};

/// Longer names are no names.
const MAX_NAME_CHARS: usize = 160;
const MAX_PATH_CHARS: usize = 240;
/// Longer signatures are lists of options.
const MAX_SIGNATURE_CHARS: usize = 600;
/// Source beyond this is not looked at: it would be cut to the block's budget anyway.
const MAX_SOURCE_CHARS: usize = 12_000;

/// The cleaned facts of one symbol, lists still open to be cut.
pub(super) struct Fields {
    pub(super) language: &'static str,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) file: String,
    pub(super) signature: String,
    pub(super) parent: String,
    pub(super) bases: Vec<String>,
    pub(super) members: Listed,
    pub(super) calls: Listed,
    pub(super) called_by: Listed,
    pub(super) imports: Listed,
    pub(super) related: Listed,
    pub(super) cluster: String,
    pub(super) centrality: String,
    pub(super) doc: String,
    pub(super) source_lines: Vec<String>,
    pub(super) secrets: SecretCounts,
}

/// Names of a list, and how many there are beyond those.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) names: Vec<String>,
    pub(super) n_total: usize,
    /// There may be more that nobody could find.
    pub(super) is_open: bool,
}

/// Cleans text and takes secrets out of it.
struct Washer {
    secrets: SecretCounts,
}

impl Washer {
    fn line(&mut self, text: &str, max_chars: usize) -> String {
        one_line(&secrets::redact(text, &mut self.secrets), max_chars)
    }

    fn name(&mut self, name: &str) -> String {
        let line = self.line(name, MAX_NAME_CHARS);
        format!("`{}`", line.replace('`', "'"))
    }

    fn neighbours(&mut self, neighbours: &[Neighbour], n_total: u32, is_open: bool) -> Listed {
        let names = neighbours.iter().map(|it| self.name(&it.display_name)).collect();
        Listed { names, n_total: n_total as usize, is_open }
    }
}

impl Fields {
    pub(super) fn new(context: &SymbolContext) -> Self {
        let mut washer = Washer { secrets: SecretCounts::new() };
        let mut bases: Vec<String> = context.bases.iter().chain(&context.implements).cloned().collect();
        bases.dedup();
        let imports: Vec<String> = context.imports.iter().map(|path| washer.name(path)).collect();
        let is_open = !context.callers_complete;
        Self {
            language: context.language.as_str(),
            name: washer.name(&context.qualified_name),
            kind: kind_words(context),
            file: washer.line(&context.file_path, MAX_PATH_CHARS),
            signature: washer.line(&context.signature, MAX_SIGNATURE_CHARS),
            parent: context.parent.as_ref().map_or("none".to_owned(), |it| washer.name(&it.display_name)),
            bases: bases.iter().map(|it| washer.name(it)).collect(),
            members: washer.neighbours(&context.members, context.n_members, false),
            calls: washer.neighbours(&context.calls, context.n_calls, false),
            called_by: washer.neighbours(&context.called_by, context.n_called_by, is_open),
            imports: Listed { n_total: imports.len(), names: imports, is_open: false },
            related: washer.neighbours(&context.related, context.related.len() as u32, false),
            cluster: context
                .cluster_label
                .as_deref()
                .map_or("none".to_owned(), |it| washer.line(it, MAX_NAME_CHARS)),
            centrality: format!("{:.2}", context.centrality),
            doc: washed(&mut washer, context.doc_comment.as_deref(), comment),
            source_lines: washed(&mut washer, context.source.as_deref(), source)
                .lines()
                .map(str::to_owned)
                .collect(),
            secrets: washer.secrets,
        }
    }
}

impl Fields {
    pub(super) fn expected_output_tokens(&self) -> u32 {
        let lists = [&self.members, &self.calls, &self.called_by];
        super::expected_tokens(lists.map(|list| list.names.len()).into_iter().chain([self.bases.len()]))
    }
}

fn washed(washer: &mut Washer, text: Option<&str>, clean: fn(&str) -> String) -> String {
    text.map_or(String::new(), |text| clean(&secrets::redact(text, &mut washer.secrets)))
}

fn source(text: &str) -> String {
    let head: String = text.chars().take(MAX_SOURCE_CHARS).collect();
    lines(&head)
}

/// `async static method`, `public struct`.
fn kind_words(context: &SymbolContext) -> String {
    let told = ["async", "static", "abstract", "generator", "getter", "setter", "unsafe", "const"];
    let mut words = vec![context.visibility.as_str()];
    words.extend(told.iter().filter(|word| context.modifiers.iter().any(|it| it == *word)));
    let kind = context.kind.as_str().replace('_', " ");
    format!("{} {kind}", words.join(" "))
}

impl Listed {
    /// Writes the names, `none`, or `unknown` where none was found but there may be some.
    pub(super) fn write(&self) -> String {
        let n_hidden = self.n_total.saturating_sub(self.names.len());
        let more = match (n_hidden, self.is_open) {
            (0, true) => ", perhaps others".to_owned(),
            (0, false) => String::new(),
            (n, _) => format!(" and {n} more"),
        };
        match (self.names.is_empty(), self.n_total, self.is_open) {
            (true, 0, true) => "unknown".to_owned(),
            (true, 0, false) => "none".to_owned(),
            (true, n, _) => format!("{n} [cut]"),
            (false, ..) => format!("{}{more}", self.names.join(", ")),
        }
    }
}
