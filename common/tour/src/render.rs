//! A tour as text: for a terminal, and as Markdown.

use std::fmt::Write as _;

use docpack::records::{Flow, FlowStep, Quote, Tour, TourEvidence, TourItem, TourSection};

use crate::text::count;

/// Sections before the flows: what it is, what its documentation explains, how it is laid out, where it starts.
const BEFORE_FLOWS: [&str; 4] = ["purpose", "documentation", "layout", "start"];
/// Places after one statement; the pack has them all.
const MAX_PLACES: usize = 2;
/// A longer path is shown by its last folders.
const MAX_PATH_CHARS: usize = 40;

/// Divides the sections into those before the flows and those after.
fn divided(tour: &Tour) -> (Vec<&TourSection>, Vec<&TourSection>) {
    tour.sections.iter().partition(|section| BEFORE_FLOWS.contains(&section.topic.as_str()))
}

/// Writes a tour for a terminal of this many columns.
pub fn plain(tour: &Tour, width: usize) -> String {
    let (before, after) = divided(tour);
    let mut page = Page { text: String::new(), width };
    before.into_iter().for_each(|section| page.section(section));
    if !tour.flows.is_empty() {
        page.heading("What happens, step by step");
        tour.flows.iter().for_each(|flow| page.flow(flow));
    }
    after.into_iter().for_each(|section| page.section(section));
    page.text.trim_end().to_owned()
}

struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn heading(&mut self, title: &str) {
        let line = "=".repeat(title.chars().count());
        let gap = if self.text.is_empty() { "" } else { "\n" };
        self.write(&format!("{gap}{title}\n{line}\n"));
    }

    fn section(&mut self, section: &TourSection) {
        self.heading(&section.title);
        for item in &section.items {
            self.item(item, 2 * item.depth as usize);
        }
        if section.left_out > 0 {
            self.wrapped("- ", "  ", &format!("and {} more", section.left_out));
        }
    }

    fn item(&mut self, item: &TourItem, indent: usize) {
        let quote = item.quote.as_ref().map(quoted).unwrap_or_default();
        let mut text = [item.text.as_str(), quote.as_str()].join(" ").trim().to_owned();
        let places = places(item);
        if !places.is_empty() {
            let _ = write!(text, "  ({places})");
        }
        let margin = " ".repeat(indent);
        self.wrapped(&format!("{margin}- "), &format!("{margin}  "), &text);
    }

    fn flow(&mut self, flow: &Flow) {
        let quote = flow.quote.as_ref().map(quoted).unwrap_or_default();
        let place = flow.quote.as_ref().map(|quote| format!("  ({}:{})", quote.file_path, quote.line));
        self.write("\n");
        self.wrapped("", "    ", format!("{} {quote}{}", flow.title, place.unwrap_or_default()).trim());
        let labels: Vec<String> =
            flow.steps.iter().map(|step| short_place(&step.file_path, step.line)).collect();
        let column = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let mut before = None;
        for (step, label) in flow.steps.iter().zip(&labels) {
            let margin = "  ".repeat(step.depth as usize);
            let head = format!("  {label:column$}  {margin}");
            let next = " ".repeat(column + 6 + margin.len());
            self.wrapped(&head, &next, &step_text(step, before));
            before = Some(step);
        }
        for end in &flow.ends {
            self.item(end, 2);
        }
        if flow.left_out > 0 {
            self.wrapped("  - ", "    ", &left_out(flow));
        }
    }

    fn wrapped(&mut self, first: &str, next: &str, text: &str) {
        prose::wrapped(&mut self.text, self.width, first, next, text);
    }

    fn write(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

fn quoted(quote: &Quote) -> String {
    format!("\u{201c}{}\u{201d}", quote.text)
}

fn left_out(flow: &Flow) -> String {
    format!("{} left out", count(flow.left_out as usize, "smaller step is", "smaller steps are"))
}

/// Writes a step; a condition that the step before it has too is not repeated.
fn step_text(step: &FlowStep, before: Option<&FlowStep>) -> String {
    // Further apart, two conditions may be written alike and be two decisions.
    let is_same = before.is_some_and(|before| {
        (before.symbol_id, before.depth, &before.condition) == (step.symbol_id, step.depth, &step.condition)
            && step.line.saturating_sub(before.line) <= 1
    });
    let condition = match &step.condition {
        Some(_) if is_same => "in the same case, ".to_owned(),
        Some(condition) => format!("{condition}: "),
        None => String::new(),
    };
    let quote = step.quote.as_ref().map(|quote| format!(" {}", quoted(quote))).unwrap_or_default();
    format!("{condition}{}{quote}", step.text)
}

/// Names the first places of an item: that of its quote, else those of its evidence.
fn places(item: &TourItem) -> String {
    if let Some(quote) = &item.quote {
        return format!("{}:{}", quote.file_path, quote.line);
    }
    let told = item.evidence.iter().filter_map(place).take(MAX_PLACES);
    told.collect::<Vec<_>>().join(", ")
}

fn place(evidence: &TourEvidence) -> Option<String> {
    let path = evidence.file_path.as_ref()?;
    Some(format!("{path}:{}", evidence.line?))
}

/// Shortens a place to its file and the folders before it that fit.
fn short_place(path: &str, line: u32) -> String {
    let mut shown = path;
    while shown.chars().count() > MAX_PATH_CHARS {
        let Some((_, rest)) = shown.split_once('/') else { break };
        shown = rest;
    }
    let mark = if shown.len() < path.len() { "…/" } else { "" };
    format!("{mark}{shown}:{line}")
}

/// Writes a tour as Markdown, with its diagrams.
pub fn markdown(tour: &Tour) -> String {
    let (before, after) = divided(tour);
    let mut text = String::new();
    before.into_iter().for_each(|section| markdown_section(section, &mut text));
    if !tour.flows.is_empty() {
        text.push_str("## What happens, step by step\n\n");
        tour.flows.iter().for_each(|flow| markdown_flow(flow, &mut text));
    }
    after.into_iter().for_each(|section| markdown_section(section, &mut text));
    text
}

fn markdown_section(section: &TourSection, text: &mut String) {
    let _ = writeln!(text, "## {}\n", section.title);
    for item in &section.items {
        markdown_item(item, item.depth as usize, text);
    }
    if section.left_out > 0 {
        let _ = writeln!(text, "- and {} more", section.left_out);
    }
    text.push('\n');
    markdown_diagram(section.diagram.as_deref(), text);
}

fn markdown_item(item: &TourItem, depth: usize, text: &mut String) {
    let quote = item.quote.as_ref().map(|quote| format!("“{}”", quote.text)).unwrap_or_default();
    let said = escaped([item.text.as_str(), quote.as_str()].join(" ").trim());
    let places = places(item);
    let places = if places.is_empty() { String::new() } else { format!(" ({})", escaped(&places)) };
    let _ = writeln!(text, "{}- {said}{places}", "  ".repeat(depth));
}

fn markdown_flow(flow: &Flow, text: &mut String) {
    let _ = writeln!(text, "### {}\n", escaped(&flow.title));
    if let Some(quote) = &flow.quote {
        let _ = writeln!(text, "> {} ({}:{})\n", escaped(&quote.text), escaped(&quote.file_path), quote.line);
    }
    let mut before = None;
    for step in &flow.steps {
        let margin = "  ".repeat(step.depth as usize);
        let place = escaped(&format!("{}:{}", step.file_path, step.line));
        let _ = writeln!(text, "{margin}- {} ({place})", escaped(&step_text(step, before)));
        before = Some(step);
    }
    for end in &flow.ends {
        markdown_item(end, 0, text);
    }
    if flow.left_out > 0 {
        let _ = writeln!(text, "- {}", left_out(flow));
    }
    text.push('\n');
    markdown_diagram(flow.diagram.as_deref(), text);
}

fn markdown_diagram(diagram: Option<&str>, text: &mut String) {
    if let Some(diagram) = diagram {
        let _ = writeln!(text, "```mermaid\n{}\n```\n", diagram.trim_end());
    }
}

/// Escapes what Markdown or HTML would obey outside of code.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A backtick without a partner opens nothing.
    let in_pairs = text.matches('`').count() / 2 * 2;
    let (mut n_ticks, mut in_code) = (0, false);
    for c in text.chars() {
        match c {
            '`' if n_ticks < in_pairs => {
                n_ticks += 1;
                in_code = !in_code;
                out.push(c);
            }
            '`' | '*' | '_' | '[' | ']' | '\\' | '#' if !in_code => out.extend(['\\', c]),
            '<' if !in_code => out.push_str("&lt;"),
            '>' if !in_code => out.push_str("&gt;"),
            '&' if !in_code => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
