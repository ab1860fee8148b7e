//! Insights as text: for a person, and for whoever is to answer.

use std::fmt::Write as _;

use docpack::records::{Insight, InsightClaim, InsightGroup, Insights};
use prose::wrapped;

use crate::check::{answer_of, place};

/// Writes families for a terminal of this many columns.
pub fn plain(insights: &Insights, width: usize) -> String {
    let mut page = String::new();
    for insight in &insights.families {
        let line = "=".repeat(insight.title.chars().count());
        let gap = if page.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "{gap}{}\n{line}", insight.title);
        wrapped(&mut page, width, "", "", &insight.question);
        told(insights, insight, width, &mut page);
        for group in &insight.groups {
            of_group(group, width, &mut page);
        }
        for limit in &insight.limits {
            page.push('\n');
            wrapped(&mut page, width, "Note: ", "      ", limit);
        }
    }
    page.trim_end().to_owned()
}

/// Writes a model's words: the claims that it chose, and its sentence, marked where nobody checked it.
fn told(insights: &Insights, insight: &Insight, width: usize, page: &mut String) {
    let Some(words) = insights.words_on(insight.family.as_str()) else { return };
    page.push_str("\nIn short\n");
    if !words.sentence.is_empty() {
        let shown = docpack::records::shown_words(&words.sentence, &words.verdict);
        wrapped(page, width, "  ", "  ", &shown);
    }
    let chosen = words.claims.iter().filter_map(|id| insight.claims().find(|claim| claim.id == *id));
    for claim in chosen {
        wrapped(page, width, "  - ", "    ", &said(claim));
    }
}

fn of_group(group: &InsightGroup, width: usize, page: &mut String) {
    let _ = writeln!(page, "\n{}", group.title);
    if let Some(because) = &group.because {
        wrapped(page, width, "  ", "  ", because);
    }
    for (at, claim) in group.claims.iter().enumerate() {
        let mark = if group.ordered { format!("  {}. ", at + 1) } else { "  - ".to_owned() };
        let next = " ".repeat(mark.chars().count());
        wrapped(page, width, &mark, &next, &said(claim));
    }
    if group.left_out > 0 {
        wrapped(page, width, "  - ", "    ", &format!("and {} more", group.left_out));
    }
}

/// Writes a claim with the author's words and the first place.
fn said(claim: &InsightClaim) -> String {
    let quote = claim.quote.as_ref().map(|quote| format!("\u{201c}{}\u{201d}", quote.text));
    let text = [claim.text.as_str(), quote.as_deref().unwrap_or_default()].join(" ");
    match place(claim) {
        (_, 0) => text.trim().to_owned(),
        (file, line) => format!("{} ({file}:{line})", text.trim()),
    }
}

/// Writes the claims of a family one to a line, with all that an answer repeats.
pub fn sheet(insight: &Insight) -> Vec<String> {
    let claims = insight.claims().zip(answer_of(insight));
    let line = |(claim, answer): (&InsightClaim, crate::check::Answered)| {
        // A record of texts and numbers can always be written.
        let answer = serde_json::to_string(&answer).unwrap_or_default();
        format!("{answer} means: {}", said(claim))
    };
    claims.map(line).collect()
}
