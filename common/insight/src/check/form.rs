//! What no summary may be, whatever it is about.

use std::sync::LazyLock;

use regex::Regex;

use super::tokens::{Shape, Token, n_sentences, tokens};
use super::{Report, shown};
use crate::hygiene;

pub(super) struct Limits {
    pub(super) max_chars: usize,
    pub(super) max_sentences: usize,
}

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
        code: "placeholder",
        pattern: r"(?i)\b(?:TODO|TBD|FIXME|(?-i:XXX)|lorem ipsum|placeholder text|summary here|n/a)\b|^\W*(?:\.\.\.|…)\W*$|\{\{?[a-z_ ]+\}\}?|<[a-z]+ [a-z ]+>|\[(?:summary|name|insert|description|cut|line left out|redacted)[^\]]*\]",
        message: "the text holds a placeholder",
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
        code: "praise",
        pattern: r"(?i)\b(?:world|best|first|top)[- ](?:class|in-class|notch|rated)\b|\bstate[- ]of[- ]the[- ]art\b|\b(?:excellent|amazing|awesome|brilliant|flawless(?:ly)?|superb|outstanding|incredible|magnificent|unrivalled|unmatched|perfect(?:ly)? (?:safe|secure|written|tested|designed))\b|\b(?:award|industry)[- ](?:winning|leading)\b|\bhighly recommend|\b(?:bug|vulnerability)[- ]free\b|\b(?:the|simply|truly|by far) (?:the )?best (?:library|function|class|code|package|project|framework|tool|module|implementation|choice|ever|in|of)\b|\b(?:fully|independently|professionally|formally) (?:audited|certified|verified|vetted)\b|\baudited\b|\bblazing(?:ly)?\b|\bmost (?:secure|reliable|trusted|advanced)\b|\b(?:completely|totally|absolutely|100 ?%) (?:safe|secure)\b|\btrusted by\b|\bmilitary[- ]grade\b|\bno (?:known )?(?:bugs|vulnerabilities)\b|\bgreatest\b",
        message: "the text praises; say what the subject is for",
    },
    Ban {
        code: "label",
        pattern: r"^\S{1,160}:\s+[\w-]+(?:\s[\w-]+){0,3}\W*$",
        message: "the text labels the subject instead of describing it",
    },
    Ban { code: "question", pattern: r"\?\s*$|\?\s+[A-Z]", message: "the text asks a question" },
    Ban {
        code: "emoji",
        pattern: r"[\x{1F000}-\x{1FAFF}\x{2600}-\x{27BF}\x{2B00}-\x{2BFF}]",
        message: "the text holds a pictogram",
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

/// A character takes no more bytes. Longer texts are too long whatever they hold, and some rules take time for each
/// pair of words.
const MAX_BYTES_PER_CHAR: usize = 4;

/// Refuses a text that is too long to be looked at.
/// Takes a text apart and looks at its form; `None` where the other rules could make nothing of it.
pub(super) fn read<'t>(text: &'t str, limits: &Limits, report: &mut Report) -> Option<Vec<Token<'t>>> {
    if is_far_too_long(text, limits, report) {
        return None;
    }
    let tokens = tokens(text);
    check(text, &tokens, limits, report);
    (!report.is_unreadable).then_some(tokens)
}

fn is_far_too_long(text: &str, limits: &Limits, report: &mut Report) -> bool {
    let is_far = text.len() > limits.max_chars * MAX_BYTES_PER_CHAR;
    if is_far {
        let told = format!("the text has {} bytes, {} characters are allowed", text.len(), limits.max_chars);
        report.fault("too_long", told);
    }
    is_far
}

fn check(text: &str, tokens: &[Token<'_>], limits: &Limits, report: &mut Report) {
    if !tokens.iter().any(|it| it.shape != Shape::Mark && it.text.chars().any(char::is_alphabetic)) {
        report.fault("empty", "the text is empty");
        report.is_unreadable = true;
        return;
    }
    if tokens.iter().filter(|it| it.shape != Shape::Mark).count() < MIN_WORDS {
        report.fault("no_sentence", "the text is no sentence");
    }
    if text.trim_end().ends_with(':') {
        report.fault("no_sentence", "the text ends before what it announces");
    }
    size(text, tokens, limits, report);
    if text.chars().any(hygiene::is_unseen) {
        report.fault("unseen_characters", "the text holds control or invisible characters");
    }
    let prose = without_code(text);
    for (ban, pattern) in BANS.iter().zip(PATTERNS.iter()) {
        // A fence, a link or a tag is one wherever it stands; other patterns may be code in backticks.
        let is_anywhere = matches!(ban.code, "url" | "email" | "html" | "code_fence" | "instruction");
        if pattern.is_match(if is_anywhere { text } else { &prose }) {
            report.fault(ban.code, ban.message);
        }
    }
    if let Some(found) = crate::secrets::find(text).first() {
        report.fault("secret", format!("the text holds what looks like a secret ({})", found.rule));
    }
    voice(tokens, report);
    language(text, tokens, report);
}

/// Fewer words say nothing.
const MIN_WORDS: usize = 2;

/// The text with an `x` for each piece in backticks.
fn without_code(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd backtick quotes nothing.
    if pieces.len().is_multiple_of(2) {
        return text.to_owned();
    }
    pieces.iter().enumerate().map(|(idx, piece)| if idx % 2 == 1 { "x" } else { piece }).collect()
}

fn size(text: &str, tokens: &[Token<'_>], limits: &Limits, report: &mut Report) {
    let n_chars = text.chars().count();
    if n_chars > limits.max_chars {
        report.fault(
            "too_long",
            format!("the text has {n_chars} characters, {} are allowed", limits.max_chars),
        );
    }
    let n = n_sentences(tokens);
    if n > limits.max_sentences {
        report.fault(
            "too_many_sentences",
            format!("the text has {n} sentences, {} are allowed", limits.max_sentences),
        );
    }
}

/// First and second person.
fn voice(tokens: &[Token<'_>], report: &mut Report) {
    const FIRST: &[&str] = &[
        "we", "our", "ours", "me", "my", "mine", "i'm", "i've", "i'll", "we're", "we've", "we'll", "let's",
        "myself",
    ];
    const SECOND: &[&str] = &["you", "your", "yours", "you're", "you'll", "you've", "yourself"];
    for token in tokens.iter().filter(|it| it.shape == Shape::Word) {
        let is_i = token.text == "I" || (token.text == "us");
        if is_i || FIRST.contains(&token.lower.as_str()) {
            report.fault("first_person", format!("{} is the first person", shown(token.text)));
        }
        if SECOND.contains(&token.lower.as_str()) {
            report.fault("second_person", format!("{} speaks to the reader", shown(token.text)));
        }
    }
}

/// English words without which six others hardly stand.
const ENGLISH: &[&str] = &[
    "the", "a", "an", "of", "to", "for", "and", "in", "with", "from", "that", "by", "is", "on", "or", "it",
    "its", "this", "as", "into", "are", "at", "be", "if", "not", "when", "which", "any", "all", "one",
    "each", "whether", "returns", "calls", "called", "uses", "used", "holds", "takes", "given", "no",
    "without", "using", "type", "function", "method", "class", "value", "where", "while", "only", "over",
    "between", "how", "what", "has", "can", "their", "than", "via", "per", "then", "so", "but",
];
/// Words of other languages that are no English words.
const FOREIGN: &[&str] = &[
    "le", "les", "des", "du", "une", "est", "et", "pour", "avec", "dans", "qui", "cette", "sur", "der",
    "die", "das", "und", "ist", "ein", "eine", "einen", "mit", "für", "von", "den", "dem", "wird", "nicht",
    "auf", "el", "los", "las", "una", "para", "con", "que", "este", "esta", "del", "por", "il", "della",
    "che", "questo", "questa", "per", "sono", "gli", "um", "uma", "não", "os", "função", "och", "som", "att",
    "een", "het", "voor", "naar",
];
/// Shorter texts may do without any of the words above.
const MIN_WORDS_TO_JUDGE: usize = 10;

fn language(text: &str, tokens: &[Token<'_>], report: &mut Report) {
    let is_foreign_letter =
        |c: char| c.is_alphabetic() && !matches!(c, '\u{0}'..='\u{24f}' | 'Ω' | 'α'..='ω');
    if text.chars().any(is_foreign_letter) {
        report.fault("not_english", "the text holds letters that are not Latin");
        return;
    }
    let words: Vec<&str> =
        tokens.iter().filter(|it| it.shape == Shape::Word).map(|it| it.lower.as_str()).collect();
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(word)).count();
    let (n_english, n_foreign) = (count(ENGLISH), count(FOREIGN));
    let is_english = n_english > 0 || words.len() < MIN_WORDS_TO_JUDGE;
    if !is_english || (n_foreign >= 2 && n_foreign >= n_english) {
        report.fault("not_english", "the text is not in English");
    }
}
