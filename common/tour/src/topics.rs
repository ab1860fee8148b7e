//! What the documentation says under a heading about configuration, errors, tests or extension.

use docpack::Topic;
use docpack::records::TourItem;
use prose::plain;

use crate::View;
use crate::item::{With, item, place};
use crate::passages::{DEFINES, Passage, Standing};

/// Headings of one topic that are told.
const MAX_TOLD: usize = 3;
/// A heading of more words is a sentence, which may mention anything.
const MAX_TITLE_WORDS: usize = 6;

/// Words of headings; with an asterisk, whatever begins so.
fn words_of(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Configuration => &["config*", "settings", "options", "preferences", "environment"],
        Topic::Errors => &["error*", "exception*", "failure*", "exit"],
        Topic::Tests => &["test", "tests", "testing"],
        Topic::Extension => &["plugin*", "extension*", "extend*", "custom*", "hooks", "middleware*"],
        _ => &[],
    }
}

/// Quotes the first words below the headings that are about a topic, those that name the most code first.
pub(crate) fn told(view: &View<'_>, topic: Topic) -> Vec<TourItem> {
    let wanted = words_of(topic);
    let is_about = |passage: &&Passage<'_>| {
        passage.standing != Standing::Entry
            && view.passages.heading(passage).is_some_and(|it| is_wanted(&it.title, wanted))
    };
    let mut first: Vec<(&Passage<'_>, usize)> = Vec::new();
    for passage in view.passages.list.iter().filter(is_about) {
        match first.last_mut().filter(|(first, _)| place_of(first) == place_of(passage)) {
            Some((told, n_named)) => {
                *n_named += passage.named.len();
                // An item says little without the paragraph above its list.
                if is_item(told) && !is_item(passage) {
                    *told = passage;
                }
            }
            None => first.push((passage, passage.named.len())),
        }
    }
    // The title of a page tells more than a heading in it; the order of the documents is the order of ties.
    first.sort_by_key(|(passage, n_named)| (is_below(passage), std::cmp::Reverse(*n_named)));
    first.into_iter().take(MAX_TOLD).filter_map(|(passage, _)| of_passage(view, passage)).collect()
}

fn is_item(passage: &Passage<'_>) -> bool {
    !passage.is_paragraph() || !passage.stands_alone()
}

fn place_of(passage: &Passage<'_>) -> (usize, Option<usize>) {
    (passage.document, passage.section)
}

/// Tells whether the heading is not the title of its page.
fn is_below(passage: &Passage<'_>) -> bool {
    passage.section.is_some_and(|section| section > 0)
}

fn is_wanted(title: &str, wanted: &[&str]) -> bool {
    let title = title.to_lowercase();
    let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.clone().count() <= MAX_TITLE_WORDS
        && words.any(|word| {
            wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(start) => word.starts_with(start),
                None => word == *wanted,
            })
        })
}

fn of_passage(view: &View<'_>, passage: &Passage<'_>) -> Option<TourItem> {
    let heading = view.passages.heading(passage)?;
    let lead = view.passages.lead(passage.document, passage.section).filter(|lead| lead.says >= DEFINES);
    let quote = view.passages.quote(lead.unwrap_or(passage));
    let text = format!("\"{}\" in `{}`:", plain(&heading.title), quote.file_path);
    let evidence = place(&quote.file_path, heading.line);
    Some(item(text).with([evidence]).quoting(Some(quote)))
}
