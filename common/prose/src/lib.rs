//! Extracts authors' words as plain text: the sentence of a comment that describes its subject, and a README's purpose.

mod comment;
mod document;
mod listing;
mod markup;
mod number;
mod wrap;

use comment::Comment;
use markup::strip_markup;

pub use document::{Block, blocks};
pub use listing::entries;
pub use markup::{is_hidden, strip_markup as plain};
pub use number::thousands;
pub use wrap::wrapped;

/// Longer lead sentences are cut at a clause, so that a summary keeps room for a second one.
const MAX_LEAD_CHARS: usize = 240;
/// Shorter ones say no more than the name does.
const MIN_LEAD_CHARS: usize = 8;
/// With as many words, what ends in a colon is a sentence.
const MIN_ANNOUNCING_WORDS: usize = 3;
/// Shorter sentences of a README are slogans.
const MIN_README_WORDS: usize = 4;
/// What a thing is stands at the top of its README or nowhere.
const MAX_README_PARAGRAPHS: usize = 40;
/// Further down, a sentence that defines something defines another thing.
const MAX_DEFINING: usize = 3;
/// Paragraphs of a comment whose first sentence may describe its subject.
const MAX_PARAGRAPHS: usize = 6;

/// Finds the sentence of a doc comment that describes its subject, free of markup, links and tags.
///
/// It is the first of the prose, whatever tags, directives or examples stand before it; else what the comment says
/// of the result, else a notice or a title. `None` where nothing describes: a licence, parameters, a bare link.
pub fn lead_sentence(doc: &str) -> Option<String> {
    lead_where(doc, |_| true)
}

/// Finds the first such sentence that says more than the name of what it describes.
pub fn lead_about(doc: &str, name: &str) -> Option<String> {
    lead_where(doc, |sentence| says_more(sentence, name))
}

fn lead_where(doc: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    let Comment { paragraphs, fallbacks } = Comment::read(doc);
    let leads = |paragraph: &String| lead_of(paragraph.as_str(), &is_wanted);
    paragraphs.iter().take(MAX_PARAGRAPHS).find_map(leads).or_else(|| fallbacks.iter().find_map(leads))
}

/// Takes the first paragraph of prose out of a doc comment, without markup; `None` where none describes anything.
pub fn first_paragraph(doc: &str) -> Option<String> {
    let paragraphs = Comment::read(doc).paragraphs;
    let plain = paragraphs.iter().take(MAX_PARAGRAPHS).map(|paragraph| strip_markup(paragraph));
    let describes_it = |text: &String| {
        let n_letters = text.chars().filter(|c| c.is_alphabetic()).count();
        n_letters >= MIN_LEAD_CHARS && !announces(text) && describes(text)
    };
    plain.into_iter().find(describes_it)
}

/// The first sentence of a paragraph, or its second where the first is not wanted.
fn lead_of(paragraph: &str, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    // A bare link describes nothing.
    let said = paragraph.split_whitespace().filter(|word| !word.contains("://"));
    if said.flat_map(str::chars).filter(|c| c.is_alphabetic()).count() < MIN_LEAD_CHARS {
        return None;
    }
    let plain = strip_markup(paragraph);
    let first = first_sentence(&plain);
    let second = first_sentence(plain[first.len()..].trim_start());
    let fit = |sentence: &&str| {
        let n_letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
        n_letters >= MIN_LEAD_CHARS && !announces(sentence) && describes(sentence) && is_wanted(sentence)
    };
    [first, second].into_iter().map(str::trim).find(fit).map(|sentence| finish(&clip(sentence)))
}

/// A few words and a colon lead to a list or to code, which is left behind.
fn announces(sentence: &str) -> bool {
    sentence.ends_with(':') && sentence.split_whitespace().count() < MIN_ANNOUNCING_WORDS
}

/// A comment that only repeats the name tells nothing.
fn says_more(sentence: &str, name: &str) -> bool {
    const EMPTY: [&str; 12] =
        ["a", "an", "the", "this", "is", "of", "class", "function", "method", "struct", "type", "interface"];
    let words = sentence.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_lowercase);
    let told: String = words.filter(|word| !EMPTY.contains(&word.as_str())).collect();
    let letters = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    letters(&told) != letters(name)
}

/// Finds the sentence that says what a repository is, in the words of its authors.
///
/// It is the README's first that defines something, else the manifest's description, else the README's first
/// that is prose and no news; no heading, badge, picture, list or code.
pub fn introduction(readme: Option<&str>, description: Option<&str>) -> Option<String> {
    let sentences: Vec<_> = blocks(readme.unwrap_or_default())
        .into_iter()
        .filter(|block| !block.is_item)
        .take(MAX_README_PARAGRAPHS)
        .filter_map(|block| readme_sentence(&block.text))
        .collect();
    let defining = sentences.iter().take(MAX_DEFINING).find(|sentence| defines(sentence)).cloned();
    let prose = || sentences.iter().find(|sentence| !is_news(sentence)).cloned();
    defining.or_else(|| description.and_then(lead_sentence)).or_else(prose)
}

/// A few words before the first picture are a slogan or a menu, not a description.
fn readme_sentence(paragraph: &str) -> Option<String> {
    // What ends in a colon leads to a list or to code, which is left behind.
    let leads_on = first_sentence(paragraph.trim()).ends_with(':');
    let lead = lead_sentence(paragraph).filter(|_| !leads_on);
    lead.filter(|lead| lead.split_whitespace().count() >= MIN_README_WORDS)
}

/// Tells whether a sentence says what something is: `Demo is a library`, `A framework for …`.
fn defines(sentence: &str) -> bool {
    let words: Vec<_> = sentence.split_whitespace().take(8).map(str::to_lowercase).collect();
    let opens_with_kind = matches!(words.first().map(String::as_str), Some("a" | "an"));
    let is_pointing =
        matches!(words.first().map(String::as_str), Some("this" | "it" | "there" | "we" | "if"));
    let is_named =
        words.windows(2).skip(1).any(|pair| {
            matches!(pair[0].as_str(), "is" | "are") && matches!(pair[1].as_str(), "a" | "an" | "the" | "all")
        }) || words.get(1).is_some_and(|word| matches!(word.as_str(), "is" | "are" | "provides" | "lets"));
    opens_with_kind || (is_named && !is_pointing)
}

/// Tells whether a sentence speaks of the people or the day rather than of the thing.
fn is_news(sentence: &str) -> bool {
    const STARTS: [&str; 10] =
        ["we ", "we're ", "we’re ", "i ", "i'm ", "thank", "welcome", "please", "note", "this readme"];
    let lower = sentence.to_lowercase();
    STARTS.iter().any(|start| lower.starts_with(start)) || lower.contains("announce")
}

/// Comments that open files or silence tools rather than describe.
fn describes(sentence: &str) -> bool {
    const NOISE: [&str; 17] = [
        "copyright (c)",
        "copyright ©",
        "copyright 1",
        "copyright 2",
        "(c) copyright",
        "licensed under",
        "spdx-license",
        "eslint-",
        "eslint ",
        "@ts-",
        "noqa",
        "pylint:",
        "type: ignore",
        "prettier-ignore",
        "istanbul ignore",
        "code generated",
        "use of this source code is governed",
    ];
    // How mature something is, or for whom, does not say what it is.
    const STANDING: [&str; 5] =
        ["private api", "internal api", "not public api", "for internal use only", "internal use only"];
    const OPEN: [&str; 3] = ["TODO", "FIXME", "XXX"];
    let lower = sentence.to_lowercase();
    let is_open = OPEN.iter().any(|mark| {
        sentence.strip_prefix(mark).is_some_and(|rest| rest.starts_with([':', '(']) || rest.is_empty())
    });
    let is_standing =
        STANDING.contains(&lower.trim_end_matches('.')) || lower.ends_with("is an experimental feature.");
    let inner = sentence.trim_end_matches('.').strip_prefix('`').and_then(|it| it.strip_suffix('`'));
    let is_code = inner.is_some_and(|it| !it.contains('`'));
    !is_open
        && !is_code
        && !is_standing
        && !NOISE.iter().any(|start| lower.starts_with(start))
        && !lower.contains("copyright (c)")
        && !lower.contains("all rights reserved")
        && !lower.contains("license terms")
}

/// Takes text up to the first full stop that ends a sentence.
pub fn first_sentence(text: &str) -> &str {
    const ABBREVIATIONS: [&str; 14] = [
        "e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "resp.", "incl.", "no.", "fig.", "eq.", "al.",
        "a.k.a.", "mr.",
    ];
    let mut in_code = false;
    for (at, c) in text.char_indices() {
        in_code ^= c == '`';
        if in_code || !matches!(c, '.' | '!' | '?') {
            continue;
        }
        let end = at + c.len_utf8();
        let next = text[end..].trim_start_matches([')', '"', '\'']);
        let word = text[..end].rsplit([' ', '(']).next().unwrap_or("").to_lowercase();
        let abbreviated = c == '.' && ABBREVIATIONS.contains(&word.as_str());
        let spaced = next.is_empty() || next.starts_with(char::is_whitespace);
        let continues = next.trim_start().starts_with(|c: char| c.is_lowercase());
        if spaced && !abbreviated && !continues {
            return &text[..end];
        }
    }
    text
}

/// Cuts an over-long sentence at a clause, else at a word.
fn clip(sentence: &str) -> String {
    if sentence.chars().count() <= MAX_LEAD_CHARS {
        return sentence.to_owned();
    }
    let head: String = sentence.chars().take(MAX_LEAD_CHARS).collect();
    let clause = head.rfind("; ").or_else(|| head.rfind(", ")).or_else(|| head.rfind(" - "));
    match clause.filter(|at| *at > MAX_LEAD_CHARS / 3 && head[..*at].matches('`').count().is_multiple_of(2)) {
        Some(at) => format!("{}.", &head[..at]),
        None => {
            let at = head.rfind(' ').unwrap_or(head.len());
            let cut = head[..at].trim_end_matches([',', ';', ':', '-', ' ']);
            if cut.matches('`').count().is_multiple_of(2) {
                format!("{cut}…")
            } else {
                format!("{cut}`…")
            }
        }
    }
}

/// Gives the sentence a capital and a full stop.
fn finish(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches([':', ',', ';', '-', ' ']);
    let first_word = sentence.split([' ', ',']).next().unwrap_or("");
    let is_name =
        first_word.contains(['_', '.', ':', '(', '`']) || first_word.chars().skip(1).any(char::is_uppercase);
    let mut chars = sentence.chars();
    let capital = match chars.next() {
        Some(first) if !is_name => first.to_uppercase().chain(chars).collect(),
        _ => sentence.to_owned(),
    };
    if capital.ends_with(['.', '!', '?', '…']) { capital } else { format!("{capital}.") }
}
