//! Text that a pack must not repeat, whoever wrote it.

use std::sync::LazyLock;

use regex::Regex;

use crate::finding::Finding;
use crate::hygiene;

/// A pattern that has no place in prose, its code, and what is said of it.
struct Ban {
    code: &'static str,
    pattern: &'static str,
    message: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        code: "url",
        pattern: r"(?i)\b[a-z][a-z0-9+.-]{1,12}:/{1,2}[^\s/]|\bwww\.[a-z0-9-]|\b(?:mailto|javascript):[^\s]|\bdata:[a-z]+/|\b[a-z0-9-]{2,}\.(?:com|net|org|io|dev|xyz|ru|cn|info|app|co|ai|me|ly|gg|onion|tk)\b(?:/|\s|[.,)]|$)|\bhxxps?\b|\[\.\]|\bdot com\b",
        message: "the text holds a link",
    },
    Ban {
        code: "email",
        pattern: r"(?i)[a-z0-9._%+-]+@[a-z0-9-]+\.[a-z]{2,}",
        message: "the text holds an address",
    },
    Ban {
        code: "html",
        pattern: r"(?i)(?:^|[^A-Za-z0-9_:>])</?(?:a|abbr|b|base|body|br|button|center|code|div|em|embed|font|form|h[1-6]|head|html|i|iframe|img|input|li|link|marquee|meta|object|ol|p|pre|script|span|strong|style|sub|sup|svg|table|td|tr|u|ul|video)\b[^>]*>|<!--|-->|<!|&(?:#x?[0-9a-f]+|lt|gt|amp|quot|nbsp);|\bon(?:error|click|load)\s*=",
        message: "the text holds HTML",
    },
    Ban {
        code: "markdown_link",
        pattern: r"!?\[[^\]]*\]\s?\([^)]*\)|!\[|^\[[^\]]+\]:|\]\[",
        message: "the text holds a Markdown link",
    },
    Ban { code: "code_fence", pattern: r"```|~~~", message: "the text holds a code block" },
    Ban {
        code: "markdown",
        pattern: r"(?m)^\s*(?:#{1,6}\s|[-*+]\s|\d+\.\s|>\s)|\*\*|__[^_\s][^_]*\s[^_]*__",
        message: "the text holds Markdown; plain prose is wanted",
    },
    Ban {
        code: "prompt_echo",
        pattern: r"(?i)<<<|>>>|\b(?:the|this) (?:provided|supplied) (?:code|context|facts|information|snippet|symbol)\b|\bthe given (?:context|facts|snippet|symbol)\b|\b(?:based on|according to|from) the (?:context|facts|prompt|information)\b|\bone or two sentences\b|\b1-2 sentences\b|\bdoc comment:|\bsignature:|\bcalled by:|\bcentrality\b|^\W*(?:s\d+|summary|answer)\s*:|\bthis (?:summary|answer)\b|\bhere (?:is|are) (?:the|a|your) (?:summary|description|answer)|\bpurpose, not (?:its )?implementation|\bmax(?:imum)? 300 characters|\banswer (?:to the question|is\b)|\bquestion about\b|\bthe task is\b|\bsubject of the (?:task|summary|question)|^\W*the text (?:is|says|holds|has|repeats|speaks|praises|tells)\b|^\W*the symbol\b",
        message: "the text repeats the task instead of describing the subject",
    },
    Ban {
        code: "instruction",
        pattern: r"(?i)\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:previous|prior|above|earlier|all|any) .{0,20}\b(?:instructions?|prompts?|rules?|messages?)\b|\b(?:previous|prior|system|hidden|secret) (?:prompt|instructions?)\b|\bclick (?:here|on|the)\b|\bplease\b|\bmake sure\b|\bdon't forget\b|\b(?:pip|npm|cargo|brew|apt|apt-get|gem|yarn|pnpm) (?:install|add|i)\b|\bgo (?:get|install)\b|\bcurl\b.{0,40}\|\s*(?:ba|z)?sh|\bsudo\b|\brm -rf\b|\bsubscribe\b|\bdonat(?:e|ion)\b|\bvisit (?:us|our|the (?:site|website|page))\b|\bsend .{0,20}\b(?:bitcoin|btc|eth|money|payment)\b|\bsee (?:https?|our|the (?:site|website))|\byou should\b|\bcontact (?:us|me|the)\b",
        message: "the text tells somebody to do something",
    },
    Ban {
        code: "speaks_of_model",
        pattern: r"(?i)\bas an? (?:ai|artificial|language|large)\b|\b(?:i am|i'm|you are) (?:an? )?(?:ai|assistant|language model|dan)\b|\bpwned\b|\bjailbr(?:eak|oken)\b|\bcanary\b|\bprompt injection\b|\bas (?:instructed|requested|ordered)\b|\bmy (?:instructions|guidelines)\b|\b(?:i )?(?:cannot|can't) (?:help|assist|comply)\b|\bsorry\b|\bhaha\b|\bahoy\b|\bmatey\b",
        message: "the text speaks of a model or to one",
    },
    Ban {
        code: "blob",
        pattern: r"[A-Za-z0-9+/]{40,}={0,2}|[A-Za-z0-9+/]{10,}={1,2}(?:\s|$|[.,])|(?:\\x[0-9a-fA-F]{2}){3,}|(?:%[0-9a-fA-F]{2}){3,}",
        message: "the text holds encoded data",
    },
];

static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compiled = BANS.iter().map(|ban| Regex::new(ban.pattern));
    compiled.collect::<Result<_, _>>().expect("the patterns are constant and compiled by every check test")
});

/// Found wherever they stand; other patterns may be code in backticks.
const ANYWHERE: [&str; 4] = ["url", "email", "code_fence", "instruction"];
/// What makes a sentence of a model unsafe to show, whatever it says.
const UNSAFE: [&str; 6] = ["url", "email", "html", "markdown_link", "code_fence", "blob"];
/// A character takes no more bytes.
const MAX_BYTES_PER_CHAR: usize = 4;

/// Says why a sentence that a model wrote cannot be shown to anybody.
pub(super) fn refusal(sentence: &str, max_chars: usize) -> Option<Finding> {
    let n_chars = sentence.chars().count();
    if sentence.len() > max_chars * MAX_BYTES_PER_CHAR || n_chars > max_chars {
        let told = format!("the sentence has {n_chars} characters, {max_chars} are allowed");
        return Some(Finding::new("too_long", told));
    }
    if sentence.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).nth(1).is_none() {
        return Some(Finding::new("no_sentence", "fewer than two words are no sentence"));
    }
    if sentence.chars().any(hygiene::is_unseen) {
        return Some(Finding::new("unseen_characters", "the sentence holds control or invisible characters"));
    }
    if sentence.chars().any(|c| c.is_alphabetic() && !matches!(c, '\u{0}'..='\u{24f}' | 'Ω' | 'α'..='ω')) {
        return Some(Finding::new("not_english", "the sentence holds letters that are not Latin"));
    }
    if let Some(ban) = found(sentence, &UNSAFE) {
        return Some(Finding::new(ban.code, ban.message));
    }
    crate::secrets::find(sentence).first().map(|found| {
        Finding::new("secret", format!("the sentence holds what looks like a secret ({})", found.rule))
    })
}

fn found(sentence: &str, codes: &[&str]) -> Option<&'static Ban> {
    let prose = without_code(sentence);
    let is_found = |(ban, pattern): &(&Ban, &Regex)| {
        let text = if ANYWHERE.contains(&ban.code) { sentence } else { &prose };
        codes.contains(&ban.code) && pattern.is_match(text)
    };
    BANS.iter().zip(PATTERNS.iter()).find(is_found).map(|(ban, _)| ban)
}

/// The text with an `x` for each piece in backticks.
fn without_code(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd backtick quotes nothing.
    if pieces.len().is_multiple_of(2) {
        return text.to_owned();
    }
    pieces.iter().enumerate().map(|(idx, piece)| if idx % 2 == 1 { "x" } else { piece }).collect()
}
