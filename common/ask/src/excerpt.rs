//! The sentences of a text that fit a question best.

use prose::{first_sentence, plain};
use tour::text::clip;

use crate::terms::Terms;

/// A longer excerpt is no longer read.
const MAX_EXCERPT_CHARS: usize = 420;
/// The first sentence of a comment and an excerpt.
const MAX_COMMENT_CHARS: usize = 520;
/// Sentences of one text that are looked at.
const MAX_SENTENCES: usize = 60;
/// How a list follows what announces it, on one line.
const LISTS: [&str; 3] = [": - ", ": * ", ": + "];
/// What each further sentence costs, so that a sentence that adds nothing is left out.
const SENTENCE_COST: f64 = 0.04;

/// Cuts the consecutive sentences out that hold the most of the question; the beginning where none holds any.
pub(crate) fn best_sentences(text: &str, terms: &Terms) -> String {
    let text = plain(text);
    if text.chars().nth(MAX_EXCERPT_CHARS).is_none() {
        return text;
    }
    let sentences = sentences(&text);
    let mut best: Option<(f64, usize, usize)> = None;
    for from in 0..sentences.len() {
        for to in from + 1..=sentences.len() {
            let shown = sentences[from..to].join(" ");
            if to > from + 1 && shown.chars().count() > MAX_EXCERPT_CHARS {
                break;
            }
            let score = terms.worth_of(&shown) - SENTENCE_COST * (to - from) as f64;
            if best.is_none_or(|(other, ..)| score > other) {
                best = Some((score, from, to));
            }
        }
    }
    let mut chosen = best.map(|(_, from, to)| (from, sentences[from..to].join(" "))).unwrap_or_default();
    // A list that was announced is shown as far as it fits.
    if LISTS.iter().any(|mark| chosen.1.contains(mark)) {
        chosen.1 = sentences[chosen.0..].join(" ");
    }
    clip(&chosen.1, MAX_EXCERPT_CHARS)
}

fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && found.len() < MAX_SENTENCES {
        let first = first_sentence(rest);
        found.push(first);
        rest = rest[first.len()..].trim_start();
    }
    found
}

/// Takes the first sentence of a comment and, from the paragraph that fits the question best, its best sentences.
pub(crate) fn of_comment(comment: &str, terms: &Terms) -> Option<String> {
    let comment = without_fences(comment);
    let paragraphs: Vec<String> =
        comment.split("\n\n").take(MAX_SENTENCES).map(cleaned).filter(|it| !it.is_empty()).collect();
    let lead = plain(paragraphs.first()?);
    let lead = clip(first_sentence(&lead), MAX_EXCERPT_CHARS);
    let mut best = (terms.worth_of(&lead) + SENTENCE_COST, None);
    for paragraph in &paragraphs {
        let worth = terms.worth_of(paragraph);
        if worth > best.0 {
            best = (worth, Some(paragraph));
        }
    }
    let more = best.1.map(|paragraph| best_sentences(paragraph, terms)).unwrap_or_default();
    let text = match more {
        more if more.is_empty() || lead.starts_with(&more) => lead,
        more if more.starts_with(&lead) => more,
        more => clip(&format!("{lead} \u{2026} {more}"), MAX_COMMENT_CHARS),
    };
    (!text.is_empty()).then_some(text)
}

/// Leaves blocks of code out of a comment.
fn without_fences(comment: &str) -> String {
    let mut in_fence = false;
    let kept = comment.lines().filter(|line| {
        let is_fence = line.trim().trim_start_matches(['*', '/', '!', ' ']).starts_with("```");
        in_fence ^= is_fence;
        !in_fence && !is_fence
    });
    kept.map(str::trim).collect::<Vec<_>>().join("\n")
}

/// Takes the marks of comments off a paragraph; a block of code is no prose.
fn cleaned(paragraph: &str) -> String {
    let lines = paragraph.lines().map(|line| line.trim().trim_start_matches(['*', '/', '!']).trim());
    let prose: Vec<&str> = lines
        .take_while(|line| !line.starts_with("```") && !line.starts_with(">>>"))
        .filter(|line| !line.is_empty() && !line.starts_with(".. ") && !line.starts_with('#'))
        .collect();
    prose.join(" ")
}
