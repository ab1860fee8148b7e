//! Folders and the whole repository, told through what is known of their symbols.

use std::collections::BTreeMap;

use docpack::SymbolId;
use model::context::{ModuleContext, Neighbour, RepositoryContext};

use super::schema::Form;
use super::{AnswerSize, Block, MAX_OVERVIEW_TOKENS, PromptParams, Request, Subject, expected_tokens};
use super::{grouped, system};
use crate::hygiene::{comment, one_line, quote};
use crate::secrets::{self, SecretCounts};
use crate::tokens::CountTokens;
use prose::introduction;

const MAX_NAME_CHARS: usize = 160;
const MAX_SUMMARY_CHARS: usize = 300;
/// Folders, groups and couplings told of a repository.
const MAX_TOLD: usize = 20;

/// Makes the requests for one overview per folder, in path order, and at last one for the architecture.
///
/// `summaries` are the symbols' own, written before; a folder is told by those of its most central ones.
pub fn overview_requests(
    context: &RepositoryContext,
    summaries: &BTreeMap<SymbolId, String>,
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Vec<Request> {
    let system = system::for_overviews(params.style_guide.as_ref());
    let answer = AnswerSize { form: Form::Parts, max: MAX_OVERVIEW_TOKENS };
    let mut modules: Vec<&ModuleContext> = context.modules.iter().collect();
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    let folders = modules.into_iter().map(|it| {
        let text = |sheet: &mut Sheet| folder(sheet, it, summaries);
        let block = block(Subject::Module(it.path.clone()), text, params, counter);
        Block { expected_output_tokens: expected_tokens([it.depends_on.len(), it.used_by.len()]), ..block }
    });
    let mut requests = grouped(folders, &system, &answer, params, counter);
    if context.n_files > 0 {
        let whole = block(Subject::Architecture, |sheet| whole(sheet, context, summaries), params, counter);
        requests.extend(grouped(std::iter::once(whole), &system, &answer, params, counter));
    }
    requests
}

fn block(
    subject: Subject,
    write: impl Fn(&mut Sheet),
    params: &PromptParams,
    counter: &impl CountTokens,
) -> Block {
    // Fewer items until it fits: every list is ordered, most telling first.
    let mut max_items = MAX_TOLD;
    loop {
        let mut sheet = Sheet { max_items, ..Sheet::default() };
        write(&mut sheet);
        let n_tokens = counter.count(&sheet.text);
        if n_tokens <= params.max_block_tokens || max_items == 0 {
            return Block {
                subject,
                text: sheet.text,
                n_tokens,
                expected_output_tokens: expected_tokens([]),
                cuts: Vec::new(),
                secrets: sheet.secrets,
            };
        }
        max_items /= 2;
    }
}

/// Lines about one subject.
#[derive(Default)]
struct Sheet {
    text: String,
    secrets: SecretCounts,
    max_items: usize,
}

impl Sheet {
    fn wash(&mut self, text: &str, max_chars: usize) -> String {
        one_line(&secrets::redact(text, &mut self.secrets), max_chars)
    }

    fn line(&mut self, label: &str, value: &str) {
        self.text.push_str(&format!("{label}: {value}\n"));
    }

    fn quoted(&mut self, label: &str, text: Option<&str>) {
        let washed = comment(&secrets::redact(text.unwrap_or_default(), &mut self.secrets));
        let shown = if washed.is_empty() { "none".to_owned() } else { format!("\n{}", quote(&washed)) };
        self.line(label, shown.trim_end());
    }

    fn list<T>(&mut self, label: &str, items: &[T], show: impl Fn(&T) -> String) {
        let shown: Vec<String> =
            items.iter().take(self.max_items).map(|item| self.wash(&show(item), MAX_NAME_CHARS)).collect();
        let mark = if shown.len() < items.len() { " [cut]" } else { "" };
        let text = if items.is_empty() { "none".to_owned() } else { format!("{}{mark}", shown.join(", ")) };
        self.line(label, text.trim());
    }

    fn symbols(&mut self, label: &str, symbols: &[Neighbour], summaries: &BTreeMap<SymbolId, String>) {
        self.text.push_str(&format!("{label}:{}\n", if symbols.is_empty() { " none" } else { "" }));
        for symbol in symbols.iter().take(self.max_items) {
            let name = self.wash(&symbol.display_name, MAX_NAME_CHARS).replace('`', "'");
            let summary =
                summaries.get(&symbol.id).map_or(String::new(), |it| self.wash(it, MAX_SUMMARY_CHARS));
            self.text
                .push_str(&format!("- `{name}` ({}) {summary}\n", symbol.kind.as_str().replace('_', " ")));
        }
    }
}

fn code(name: &str) -> String {
    format!("`{}`", name.replace('`', "'"))
}

fn folder(sheet: &mut Sheet, module: &ModuleContext, summaries: &BTreeMap<SymbolId, String>) {
    let path = sheet.wash(&module.path, MAX_NAME_CHARS);
    sheet.line("Folder", &code(&path));
    let languages: Vec<&str> = module.languages.iter().map(|it| it.as_str()).collect();
    sheet.line("Languages", &languages.join(", "));
    let counts = [("Files", module.n_files), ("Symbols", module.n_symbols)];
    for (label, n) in counts.into_iter().chain([("Functions", module.n_functions), ("Types", module.n_types)])
    {
        sheet.line(label, &n.to_string());
    }
    sheet.list("Groups of related code in it", &module.cluster_labels, String::clone);
    sheet.list("Depends on folders", &module.depends_on, |it| code(it));
    sheet.list("Used by folders", &module.used_by, |it| code(it));
    sheet.symbols("Most central symbols", &module.central, summaries);
    sheet.quoted("Comment of its author", module.doc_comment.as_deref());
}

fn whole(sheet: &mut Sheet, context: &RepositoryContext, summaries: &BTreeMap<SymbolId, String>) {
    sheet.line("Subject", "the architecture of the whole repository");
    let name = context.name.as_deref().map_or("unknown".to_owned(), |name| sheet.wash(name, MAX_NAME_CHARS));
    sheet.line("Name", &code(&name));
    for (label, n) in
        [("Files", context.n_files), ("Symbols", context.n_symbols), ("Relations", context.n_edges)]
    {
        sheet.line(label, &n.to_string());
    }
    sheet.list("Languages", &context.languages, |it| {
        format!("{} ({} files, {} lines)", it.language.as_str(), it.n_files, it.n_lines)
    });
    sheet.list("Folders", &context.modules, |it| format!("{} ({} symbols)", code(&it.path), it.n_symbols));
    sheet.list("Groups of related code", &context.clusters, |it| {
        format!("{} ({} symbols)", it.label, it.n_members)
    });
    sheet.list("Dependencies between folders", &context.coupling, |it| {
        format!("{} on {} ({} references)", code(&it.from), code(&it.to), it.weight)
    });
    sheet.list("Third-party packages", &context.external, |it| {
        format!("{} ({} sites)", code(&it.package), it.n_sites)
    });
    sheet.symbols("Entry points", &context.entry_points, summaries);
    sheet.symbols("Most central symbols", &context.central, summaries);
    let lead = introduction(context.readme_lead.as_deref(), context.description.as_deref());
    sheet.quoted("What its authors say of it", lead.as_deref());
}
