//! Which sentence says what a thing is, where others lead to it, point at something or give an order.

use prose::first_sentence;

/// A sentence whose verb comes later is about several things.
const MAX_SUBJECT_WORDS: usize = 8;
/// A sentence that says what something is or does.
pub(crate) const SAYS: usize = 2;
/// The same of the thing that its heading names.
pub(crate) const DEFINES: usize = 4;
/// A thing that is named later is not what a sentence begins with.
const MAX_LEADING_WORDS: usize = 3;
/// Shorter words of a heading name nothing.
const MIN_NAME_CHARS: usize = 3;

/// Lists the sentences of a text by where they begin.
fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + rest.len() - rest.trim_start().len();
        let sentence = first_sentence(&text[start..]);
        at = start + sentence.len();
        (!sentence.is_empty()).then_some((start, sentence))
    })
}

/// Finds the sentence of a text that says the most of the thing in its heading, and how much that is.
///
/// The first of several as good; none may need the sentence before it.
pub(crate) fn best(text: &str, heading: &str) -> (usize, usize) {
    let told = sentences(text).filter(|(start, it)| *start == 0 || super::is_understood(it));
    let said = told.map(|(start, sentence)| (says(sentence, heading), start));
    // `max_by_key` takes the last of several.
    let (says, start) =
        said.max_by_key(|(says, start)| (*says, std::cmp::Reverse(*start))).unwrap_or_default();
    // What says something of another thing may need what stands before.
    // A first sentence that tells of the thing leads to the others.
    let is_led = sentences(text).next().is_some_and(|(_, first)| begins_with(first, heading));
    if says < DEFINES || is_led { (says, 0) } else { (says, start) }
}

/// Says whether a sentence tells what something is or does, and whether that is the thing of its heading.
fn says(sentence: &str, heading: &str) -> usize {
    let lower = sentence.to_lowercase();
    let words = words(&lower);
    let Some(verb) = verb(&words) else { return 0 };
    if is_named(&words[..verb], heading) { DEFINES } else { SAYS }
}

/// Tells whether a sentence begins with the thing of its heading.
fn begins_with(sentence: &str, heading: &str) -> bool {
    let lower = sentence.to_lowercase();
    let words = words(&lower);
    is_named(&words[..words.len().min(MAX_LEADING_WORDS)], heading)
}

fn words(lower: &str) -> Vec<&str> {
    lower.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).collect()
}

/// Tells whether a word of a heading is among some words.
fn is_named(words: &[&str], heading: &str) -> bool {
    const JOINING: [&str; 7] = ["and", "for", "from", "how", "the", "using", "with"];
    let title = heading.to_lowercase();
    let titles = title.split(|c: char| !c.is_alphanumeric());
    let mut titles = titles.filter(|it| it.len() >= MIN_NAME_CHARS && !JOINING.contains(it));
    titles.any(|title| words.iter().any(|word| is_same(word, title)))
}

/// Finds the verb of a sentence that says what its subject is or does.
fn verb(words: &[&str]) -> Option<usize> {
    // What opens a condition, an order or a story, or points at what was said before.
    const OPENING: [&str; 51] = [
        "a few",
        "after",
        "all",
        "although",
        "another",
        "as",
        "because",
        "before",
        "below",
        "but",
        "by",
        "during",
        "finally",
        "first",
        "for",
        "here",
        "how",
        "however",
        "i",
        "if",
        "in",
        "it",
        "let's",
        "many",
        "most",
        "next",
        "note",
        "now",
        "on",
        "once",
        "our",
        "please",
        "since",
        "some",
        "sometimes",
        "still",
        "that",
        "these",
        "they",
        "this",
        "those",
        "to",
        "we",
        "what",
        "when",
        "which",
        "while",
        "why",
        "with",
        "you",
        "your",
    ];
    const SEVERAL: [&str; 7] = ["two", "three", "four", "five", "six", "several", "different"];
    let first = words.first()?;
    if *first == "there" {
        return words.iter().take(4).any(|word| SEVERAL.contains(word)).then_some(1);
    }
    if OPENING.contains(first) {
        return None;
    }
    let found = (1..words.len().min(MAX_SUBJECT_WORDS + 1)).find(|at| is_verb(words, *at))?;
    let subject = &words[..found];
    // "The main reason that you …" is about the reader.
    (!subject.iter().any(|word| ["you", "we", "i", "which"].contains(word))).then_some(found)
}

/// Tells whether a word is a verb by which a sentence says what something is or does.
fn is_verb(words: &[&str], at: usize) -> bool {
    const BEING: [&str; 21] = [
        "a",
        "an",
        "the",
        "one",
        "that",
        "simply",
        "just",
        "where",
        "what",
        "how",
        "responsible",
        "built",
        "made",
        "composed",
        "organized",
        "divided",
        "based",
        "implemented",
        "represented",
        "stored",
        "used",
    ];
    const DOING: [&str; 33] = [
        "allow",
        "build",
        "come",
        "compare",
        "compute",
        "connect",
        "consist",
        "contain",
        "correspond",
        "define",
        "describe",
        "encapsulate",
        "evaluate",
        "execute",
        "expose",
        "govern",
        "handle",
        "hold",
        "implement",
        "keep",
        "let",
        "load",
        "manage",
        "parse",
        "provide",
        "represent",
        "run",
        "schedule",
        "send",
        "serve",
        "store",
        "track",
        "wrap",
    ];
    /// What says how things stand rather than what they are.
    const STATES: [&str; 16] = [
        "also",
        "always",
        "available",
        "different",
        "in",
        "many",
        "more",
        "no",
        "not",
        "often",
        "only",
        "other",
        "some",
        "still",
        "typically",
        "usually",
    ];
    let word = words[at];
    let next = words.get(at + 1);
    if word == "is" {
        return next.is_some_and(|next| BEING.contains(next));
    }
    // "Rules are functions": several things need no article.
    if word == "are" {
        return next
            .is_some_and(|next| !STATES.contains(next) && (BEING.contains(next) || !next.ends_with("ed")));
    }
    let singular = word.strip_suffix('s').is_some_and(|stem| DOING.contains(&stem));
    // A word such as "store" is a verb after several of something.
    let plural = DOING.contains(&word) && words[at - 1].ends_with('s') && at == 1;
    singular && at <= 4 || plural
}

/// Tells whether two words are one name, whatever their number.
fn is_same(word: &str, title: &str) -> bool {
    let stem = |word: &str| word.strip_suffix('s').unwrap_or(word).to_owned();
    stem(word) == stem(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_its_subject_is_or_does() {
        let found = [
            ("Rules are functions that decide about a page.", DEFINES),
            ("A rule is a function.", DEFINES),
            ("The `Rule` type stores what it decides.", DEFINES),
            ("A page is what a visitor sees.", SAYS),
            ("The store is a file.", SAYS),
            ("There are two kinds of it.", SAYS),
            ("If rules are functions, they are called.", 0),
            ("Sometimes rules are used.", 0),
            ("Rules help in many ways.", 0),
        ];
        for (text, wanted) in found {
            assert_eq!(says(text, "The rules"), wanted, "{text}");
        }
    }

    #[test]
    fn a_quote_begins_with_the_sentence_that_defines_unless_the_first_leads_to_it() {
        assert_eq!(best("Much of it is old. Rules are functions.", "Rules"), (DEFINES, 19));
        assert_eq!(best("A rule decides alone. Rules are functions.", "Rules"), (DEFINES, 0));
        assert_eq!(best("Much of it is old. It is a list.", "Rules"), (0, 0));
    }
}
