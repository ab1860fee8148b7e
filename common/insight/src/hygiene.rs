//! Repository text as data: cleaned, capped, and quoted so that it cannot end its own quotation.
//!
//! Whoever may write to a repository may write to its documenter. Nothing here trusts that a model
//! will see through it: what is removed is what a person could not see, what is quoted cannot close
//! its quotation, and lines that speak to a model are left out both as prompt and as evidence.

use std::sync::LazyLock;

use docpack::Digest;
use regex::Regex;

/// Longer comments are cut: what a thing is for stands at the top.
pub const MAX_COMMENT_CHARS: usize = 500;
/// Stands where a line that speaks to a model stood.
pub const LEFT_OUT: &str = "[line left out]";
/// Hex digits of a boundary. Text that holds the digest of itself cannot be found by trying.
const BOUNDARY_DIGITS: usize = 16;

/// Removes invisible characters, variation selectors, bidirectional marks and control characters.
///
/// Line feeds and tabs stay; carriage returns become line feeds.
pub fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified.chars().filter(|&c| matches!(c, '\n' | '\t') || !is_unseen(c)).collect()
}

/// Tells whether a character has no visible shape of its own.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Cleans and joins lines; a longer text ends in a mark, one that speaks to a model is left out.
pub fn one_line(text: &str, max_chars: usize) -> String {
    let joined = without_boundaries(&clean(text)).split_whitespace().collect::<Vec<_>>().join(" ");
    if addresses_model(text) || addresses_model(&joined) {
        LEFT_OUT.to_owned()
    } else {
        cap(&joined, max_chars)
    }
}

/// Cleans a comment, leaves out lines that speak to a model, and caps it at [`MAX_COMMENT_CHARS`].
pub fn comment(text: &str) -> String {
    cap(lines(text).trim(), MAX_COMMENT_CHARS)
}

/// Cleans text of many lines and leaves out those that speak to a model.
pub fn lines(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = unified.split('\n').map(|line| match addresses_model(line) {
        true => LEFT_OUT.to_owned(),
        false => clean(line).trim_end().to_owned(),
    });
    without_boundaries(&kept.collect::<Vec<_>>().join("\n"))
}

fn cap(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text.to_owned(),
        Some((at, _)) => format!("{} [cut]", text[..at].trim_end()),
    }
}

/// Encloses text between two lines that hold the digest of the text.
pub fn quote(text: &str) -> String {
    let text = without_boundaries(text);
    let hex = Digest::of(text.as_bytes()).hex();
    let boundary = &hex[..BOUNDARY_DIGITS];
    format!("<<<{boundary}\n{text}\n{boundary}>>>")
}

/// Removes what looks like one of our boundaries, until none is left.
fn without_boundaries(text: &str) -> String {
    static LOOK_ALIKE: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"(?i)[<＜‹«]{2,}\s*/?(?:data|end|boundary)?[\s:-]*[0-9a-f]{8,}|[0-9a-f]{8,}\s*[>＞›»]{3,}";
        Regex::new(pattern).expect("the pattern is constant and compiled by every test that quotes")
    });
    let mut text = text.to_owned();
    while LOOK_ALIKE.is_match(&text) {
        text = LOOK_ALIKE.replace_all(&text, "").into_owned();
    }
    text
}

/// Tells whether a line speaks to a model or to whoever documents the code, rather than about code.
pub fn addresses_model(line: &str) -> bool {
    static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&SPEECH.join("|")).expect("the patterns are constant and compiled by the corpus test")
    });
    hides(line) || SPEAKS.is_match(&fold(line))
}

/// Text turned round or written in characters that only machines read is meant to be read by one.
fn hides(line: &str) -> bool {
    line.chars()
        .any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'))
}

/// Lower case, look-alike letters as Latin ones, marks between letters removed.
fn fold(line: &str) -> String {
    line.chars()
        .filter(|c| !is_unseen(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'а' | 'ɑ' | 'α' => 'a',
            'е' | 'ё' | 'ε' => 'e',
            'о' | 'ο' | '０' => 'o',
            'р' | 'ρ' => 'p',
            'с' => 'c',
            'у' => 'y',
            'х' => 'x',
            'і' | 'ι' | 'ı' => 'i',
            'ѕ' => 's',
            'ј' => 'j',
            'ԁ' => 'd',
            'ո' => 'n',
            'ν' => 'v',
            'τ' => 't',
            '_' | '\u{a0}' => ' ',
            'ａ'..='ｚ' => char::from_u32(c as u32 - 'ａ' as u32 + 'a' as u32).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Ways in which text turns to a model. Each is a phrase that code comments hardly hold.
const SPEECH: &[&str] = &[
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|these|your|system)\b.{0,30}\b(?:instruction|prompt|rule|guideline|direction|context|message|task)",
    r"\b(?:system|hidden|secret|initial|original|developer) (?:prompt|instructions?)\b",
    r"\bnew (?:instructions?|task|rules?)\s*:",
    r"\b(?:as|you are|you're|act as|pretend to be|play)\b.{0,20}\b(?:an? )?(?:ai|llm|language model|assistant|chatbot|dan)\b",
    r"\b(?:dear|hey|hello|hi|attention|note to|message to|instructions? (?:to|for)|to (?:any|all|the)|for (?:any|all)) .{0,12}\b(?:ai|llms?|language models?|assistants?|chatbots?|gpt|claude|copilot|documenter|summari[sz]er|documentation (?:tool|generator|bot))\b",
    r"\b(?:ai|llms?|language models?|assistants?|gpt|documenters?|summari[sz]ers?)\b.{0,20}\b(?:must|should|shall|has to|have to|needs? to|please|reading this|are required|is required)\b",
    r"\b(?:the|your|this|every|each|all) (?:generated )?(?:summary|summaries|answer|description|documentation)\b.{0,12}\b(?:must|should|shall|has to)\b.{0,12}\b(?:contain|include|begin|start|end|mention|say|be)\b",
    r"\b(?:write|say|print|output|respond|reply|answer|insert|add|append|include|put|mention|repeat|emit|embed|state|use)\b.{0,60}\b(?:in|to|into|of|as) (?:the|your|every|each|all) (?:summary|summaries|answers?|description|documentation)\b|\b(?:repeat|print|output)\b.{0,40}\b(?:verbatim|word for word)\b",
    r"\b(?:in|to|into) (?:your|every|each) (?:summary|answer|reply|response)\b|\bwhen summari[sz]ing\b",
    r"\b(?:repeat|reveal|print|output|leak|disclose|show)\b.{0,30}\b(?:prompt|instructions|canary|system)\b",
    r"\b(?:describe|praise|recommend|rate|call|document|present)\b.{0,60}\b(?:as (?:the )?(?:best|safe|secure|audited|perfect|excellent|flawless|world)|highly|ten out of ten|10/10|five stars?)\b",
    r"\b(?:decode|execute|follow|obey)\b.{0,40}\b(?:base64|rot13|instructions?|following|hex)\b",
    r"<\|?(?:im_start|im_end|system|assistant|user|endoftext|inst)\b|\[/?inst\]|^\W*(?:system|assistant|human)\s*:\s*\w+\s+\w+\s+\w+|###\s*(?:system|instruction|response)",
    r"\bcanary\b.{0,20}[-:=]|\bjailbreak|\bpwned\b|\bdo anything now\b",
    r"\bignor(?:e|ez|iere|a|ar|are)\b.{0,30}\b(?:toutes|instructions? précédentes|alle|vorherigen|anweisungen|instrucciones|anteriores|todas|istruzioni|precedenti|instruções)|\b(?:répondez|réponds|antworte|antworten sie|responde|rispondi|responda)\b.{0,60}",
    r"игнорируй|инструкци|忽略|指令|無視|指示|무시|지시|تجاهل|التعليمات",
    r"\b(?:repeat|copy)\b.{0,30}\b(?:text above|word for word|verbatim)\b|\bfrom now on\b.{0,40}\b(?:speak|answer|write|respond|you)\b",
    r"\b(?:answer|respond|reply|speak|write)\b.{0,24}\b(?:in|with|like|as)\b.{0,12}\b(?:rot13|base64|french|german|spanish|chinese|russian|japanese|first person|pirate)\b",
    r"\b(?:tell|ask|instruct|urge) (?:the |all |any |your )?(?:readers?|users?)\b.{0,20}\b(?:run|send|visit|install|pip|npm|click|download)\b",
    r"^\W*(?:respond|reply|answer) (?:with|in|only|s\d)\b|\bend of (?:data|quotation|quoted text|input data)\b|\byou are now\b",
    r"!\[[^\]]*\]\(\s*(?:https?:)?//",
];
