//! An answer for a terminal.

use docpack::records::FlowStep;

use crate::answer::{Answer, Item, ItemKind, Lack, Outcome};

/// Writes an answer for a terminal of this many columns.
pub fn plain(answer: &Answer, width: usize) -> String {
    let mut page = Page { text: String::new(), width };
    if answer.outcome == Outcome::Unknown {
        page.wrapped("", "", "UNKNOWN: nothing in this pack carries an answer.");
    }
    if !answer.unknown_words.is_empty() {
        page.wrapped("", "", &format!("Found nowhere in this pack: {}.", answer.unknown_words.join(", ")));
    }
    if answer.outcome == Outcome::Unknown && !answer.items.is_empty() {
        page.wrapped("", "", "The nearest there is:");
    }
    let mut kind = None;
    for (number, item) in (1..).zip(&answer.items) {
        if kind != Some(item.kind) {
            kind = Some(item.kind);
            let gap = if page.text.is_empty() { "" } else { "\n" };
            page.text.push_str(&format!("{gap}{}\n", heading(item.kind)));
        }
        page.item(number, item);
    }
    for lack in &answer.lacks {
        page.text.push('\n');
        page.wrapped("", "", lack_text(*lack));
    }
    page.text.trim_end().to_owned()
}

fn heading(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Passage => "In the authors' words",
        ItemKind::Flow => "What happens, step by step",
        ItemKind::Symbol => "In the code",
        ItemKind::Statement => "From the tour",
    }
}

fn lack_text(lack: Lack) -> &'static str {
    match lack {
        Lack::Bodies => {
            "The pack does not say what bodies do; build it again to learn of conditions and errors."
        }
        Lack::Tour => "The pack has no tour; build it again to learn of flows.",
        Lack::Source => "The pack holds no source text, so documents are known by their headings only.",
    }
}

struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn item(&mut self, number: usize, item: &Item) {
        let kind = item.symbol_kind.as_ref().map(|kind| format!("{} ", kind.as_str())).unwrap_or_default();
        let head = format!("{kind}{} ({}:{})", item.title, item.file_path, item.line);
        self.wrapped(&format!("{number:>2}. "), "    ", &head);
        let quote = item.quote.as_ref().map(|quote| format!("\u{201c}{}\u{201d}", quote.text));
        for text in item.text.iter().chain(&quote) {
            self.wrapped("    ", "    ", text);
        }
        let labels: Vec<String> = item.steps.iter().map(|step| place(item, step)).collect();
        let column = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        for (step, label) in item.steps.iter().zip(&labels) {
            let margin = "  ".repeat(step.depth as usize);
            let first = format!("    {label:column$}  {margin}");
            let next = " ".repeat(column + 8 + margin.len());
            self.wrapped(&first, &next, &step_text(step));
        }
    }

    /// Writes a text between a first and a following margin.
    fn wrapped(&mut self, first: &str, next: &str, text: &str) {
        prose::wrapped(&mut self.text, self.width, first, next, text);
    }
}

/// A step in the file of its item is told by its line.
fn place(item: &Item, step: &FlowStep) -> String {
    if step.file_path == item.file_path {
        return format!(":{}", step.line);
    }
    let name = step.file_path.rsplit('/').next().unwrap_or(&step.file_path);
    format!("{name}:{}", step.line)
}

fn step_text(step: &FlowStep) -> String {
    let condition = step.condition.as_ref().map(|it| format!("{it}: ")).unwrap_or_default();
    format!("{condition}{}", step.text)
}
