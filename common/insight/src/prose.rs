//! The first sentence of a comment as plain text.

use crate::check::is_quotable;

/// Longer lead sentences are cut at a clause, so that a summary keeps room for a second one.
const MAX_LEAD_CHARS: usize = 240;
/// Shorter ones say no more than the name does.
const MIN_LEAD_CHARS: usize = 8;
/// Shorter sentences of a README are slogans.
const MIN_README_WORDS: usize = 4;
/// What a thing is stands at the top of its README or nowhere.
const MAX_README_PARAGRAPHS: usize = 40;
/// Further down, a sentence that defines something defines another thing.
const MAX_DEFINING: usize = 3;
/// Comment text beyond this is never looked at: leads stand at the top.
const MAX_LOOKED_AT: usize = 4_000;

/// Finds the first sentence of a doc comment, free of markup, links and tags.
///
/// Returns `None` where the comment opens with something that describes nothing: a licence, a
/// directive, an example, a list of parameters; or with what a pack must not repeat: a link, HTML, a word to
/// the reader or to a model.
pub fn lead_sentence(doc: &str) -> Option<String> {
    let paragraph = first_paragraph(doc)?;
    let plain = strip_markup(&paragraph);
    let sentence = first_sentence(&plain);
    let sentence = clip(sentence.trim());
    let n_letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    (n_letters >= MIN_LEAD_CHARS && describes(&sentence) && is_quotable(&sentence)).then(|| finish(&sentence))
}

/// Finds the sentence that says what a repository is, in the words of its authors.
///
/// It is the README's first that defines something, else the manifest's description, else the README's first
/// that is prose and no news; no heading, badge, picture, list or code.
pub fn introduction(readme: Option<&str>, description: Option<&str>) -> Option<String> {
    let sentences: Vec<_> = paragraphs(readme.unwrap_or_default())
        .take(MAX_README_PARAGRAPHS)
        .filter_map(|text| readme_sentence(&text))
        .collect();
    let defining = sentences.iter().take(MAX_DEFINING).find(|sentence| defines(sentence)).cloned();
    let prose = || sentences.iter().find(|sentence| !is_news(sentence)).cloned();
    defining.or_else(|| description.and_then(lead_sentence)).or_else(prose)
}

/// Joins the lines of each paragraph of prose.
fn paragraphs(readme: &str) -> impl Iterator<Item = String> {
    let mut in_code = false;
    let mut lines = readme.lines().map(str::trim).peekable();
    std::iter::from_fn(move || {
        let mut paragraph = String::new();
        while let Some(line) = lines.next() {
            let is_fence = line.starts_with("```") || line.starts_with("~~~");
            in_code ^= is_fence;
            let is_title = lines.peek().is_some_and(|next| is_rule(next)) || is_rule(line);
            let is_prose = !in_code && !is_fence && !line.is_empty() && !is_title && !is_furniture(line);
            if is_prose {
                paragraph.push_str(line);
                paragraph.push(' ');
            } else if !paragraph.is_empty() {
                break;
            }
        }
        (!paragraph.is_empty()).then_some(paragraph)
    })
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

fn is_furniture(line: &str) -> bool {
    const STARTS: [&str; 13] = ["#", "[!", "![", "<", "..", "|", "- ", "* ", "+ ", ">", ":", "[[", "---"];
    let is_menu = line.starts_with('[') && (line.ends_with(')') || line.ends_with(']'));
    STARTS.iter().any(|start| line.starts_with(start)) || is_menu
}

/// Joins the lines up to the first blank line, tag, fence or section.
fn first_paragraph(doc: &str) -> Option<String> {
    let mut paragraph = String::new();
    let mut looked_at = 0;
    for line in doc.lines() {
        looked_at += line.len() + 1;
        let line = line.trim().trim_start_matches(['*', '#', '!', '=']).trim();
        let line = line.strip_prefix("@description").or(line.strip_prefix("@brief")).unwrap_or(line).trim();
        if line.is_empty() || is_rule(line) {
            if paragraph.is_empty() && looked_at < MAX_LOOKED_AT {
                continue;
            }
            break;
        }
        if ends_prose(line) {
            break;
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(line);
        if paragraph.len() > MAX_LOOKED_AT || line.ends_with("::") {
            break;
        }
    }
    (!paragraph.is_empty()).then_some(paragraph)
}

/// A heading's underline or a separator.
fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '=' | '~' | '*' | '#' | '_' | '/'))
}

/// What follows is no description any more.
fn ends_prose(line: &str) -> bool {
    const TAGS: [&str; 8] = ["```", "~~~", ">>>", "@", ":", ".. ", "<!--", "| "];
    const SECTIONS: [&str; 14] = [
        "args:",
        "arguments:",
        "parameters",
        "params:",
        "returns:",
        "raises:",
        "yields:",
        "example:",
        "examples:",
        "examples",
        "usage:",
        "attributes:",
        "note:",
        "todo",
    ];
    let lower = line.to_lowercase();
    let tagged = TAGS.iter().any(|tag| line.starts_with(tag)) && !is_role(line);
    tagged
        || SECTIONS
            .iter()
            .any(|section| lower == *section || (section.ends_with(':') && lower.starts_with(section)))
        || (lower.starts_with("- ") || lower.starts_with("* "))
}

/// A line may open with a role such as ``:class:`Client` ``, which is prose.
fn is_role(line: &str) -> bool {
    line.starts_with(':')
        && line[1..].find(":`").is_some_and(|at| line[1..=at].chars().all(char::is_alphanumeric))
}

/// Comments that open files or silence tools rather than describe.
fn describes(sentence: &str) -> bool {
    const NOISE: [&str; 16] = [
        "copyright",
        "licensed under",
        "license",
        "spdx",
        "eslint",
        "@ts-",
        "noqa",
        "pylint",
        "type: ignore",
        "prettier",
        "istanbul",
        "todo",
        "fixme",
        "xxx",
        "autogenerated",
        "code generated",
    ];
    let lower = sentence.to_lowercase();
    !NOISE.iter().any(|word| lower.starts_with(word))
        && !lower.contains("copyright (c)")
        && !lower.contains("all rights reserved")
        && !lower.contains("license terms")
}

/// Removes links, roles, HTML tags, emphasis and invisible characters; keeps words and code names.
fn strip_markup(text: &str) -> String {
    let text = without_invisible(text);
    let text = without_links(&text);
    let text = without_roles(&text);
    let text = without_html(&text);
    let text = text.replace("**", "");
    let text = text.replace("``", "`");
    let text = without_urls(&text);
    text.split_whitespace().map(without_emphasis).collect::<Vec<_>>().join(" ")
}

/// `*word*,` becomes `word,`; a lone asterisk means something else.
fn without_emphasis(word: &str) -> String {
    let end = word.trim_end_matches([',', '.', ';', ':', '!', '?', ')']);
    match end.strip_prefix('*').and_then(|inner| inner.strip_suffix('*')) {
        Some(inner) if !inner.is_empty() => format!("{inner}{}", &word[end.len()..]),
        _ => word.to_owned(),
    }
}

fn without_invisible(text: &str) -> String {
    let invisible = |c: char| {
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
            || (c.is_control() && !c.is_whitespace())
    };
    text.chars().filter(|c| !invisible(*c)).collect()
}

/// `[text](url)`, `[text][ref]`, ``[`Name`]`` become `text`; `{@link Name}` becomes `` `Name` ``.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '{']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        // `list[idx]` and `Vec[T]` are code, not links.
        let is_apart =
            !out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '_' | '`' | '&'));
        if let Some((shown, used)) = inline_tag(tail).or_else(|| bracket_link(tail).filter(|_| is_apart)) {
            out.push_str(&shown);
            rest = &tail[used..];
        } else {
            out.push_str(&tail[..1]);
            rest = &tail[1..];
        }
    }
    out.push_str(rest);
    out
}

fn inline_tag(tail: &str) -> Option<(String, usize)> {
    let body = tail.strip_prefix("{@")?;
    let end = body.find('}')?;
    let (tag, content) = body[..end].split_once(char::is_whitespace)?;
    let shown = match tag {
        "link" | "linkcode" | "linkplain" => content.split(['|', ' ']).next_back().unwrap_or(content),
        "code" => content,
        _ => return None,
    };
    Some((format!("`{}`", shown.trim().trim_matches('`')), end + 3))
}

fn bracket_link(tail: &str) -> Option<(String, usize)> {
    let body = tail.strip_prefix('[')?;
    let end = body.find(']')?;
    let shown = &body[..end];
    let after = &body[end + 1..];
    let is_word = shown.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        && shown.starts_with(|c: char| c.is_alphabetic());
    let is_name = shown.len() > 2 && (is_word || (shown.starts_with('`') && shown.ends_with('`')));
    let target_len = match after.chars().next() {
        Some('(') => after.find(')').map(|close| close + 1),
        Some('[') => after.find(']').map(|close| close + 1),
        _ => is_name.then_some(0),
    }?;
    (!shown.is_empty()).then(|| (shown.to_owned(), end + 2 + target_len))
}

/// ``:class:`~pkg.Client` `` becomes `` `Client` ``.
fn without_roles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(":`") {
        let (before, tail) = rest.split_at(at);
        let role_start = before.rfind(':').filter(|start| {
            let role = &before[start + 1..];
            !role.is_empty() && role.chars().all(|c| c.is_alphanumeric() || c == ':' || c == '-')
        });
        let close = tail[2..].find('`');
        if let (Some(start), Some(close)) = (role_start, close) {
            out.push_str(&before[..start]);
            out.push_str(&role_target(&tail[2..2 + close]));
            rest = &tail[close + 3..];
        } else {
            out.push_str(before);
            out.push_str(":`");
            rest = &tail[2..];
        }
    }
    out.push_str(rest);
    out
}

fn role_target(target: &str) -> String {
    let shown = target.split_once('<').map_or(target, |(title, _)| title.trim());
    let shown = match shown.strip_prefix('~') {
        Some(path) => path.rsplit('.').next().unwrap_or(path),
        None => shown.trim_start_matches(['.', '!']),
    };
    format!("`{shown}`")
}

/// Removes tags such as `<p>` or `</code>`; `Vec<T>` is not one, nor is anything within backticks.
fn without_html(text: &str) -> String {
    const TAGS: [&str; 20] = [
        "p", "br", "br/", "code", "pre", "b", "i", "em", "strong", "ul", "li", "ol", "a", "div", "span",
        "tt", "sub", "sup", "h1", "img",
    ];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut in_code = false;
    while let Some(at) = rest.find(['<', '`']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let tag_end = tail.find('>').filter(|_| !in_code && tail.starts_with('<'));
        let name =
            tag_end.map(|end| tail[1..end].trim_start_matches('/').split_whitespace().next().unwrap_or(""));
        if let (Some(end), Some(true)) = (tag_end, name.map(|n| TAGS.contains(&n.to_lowercase().as_str()))) {
            out.push_str(if matches!(name, Some("code" | "tt")) { "`" } else { " " });
            rest = &tail[end + 1..];
        } else {
            in_code ^= tail.starts_with('`');
            out.push_str(&tail[..1]);
            rest = &tail[1..];
        }
    }
    out.push_str(rest);
    out
}

fn without_urls(text: &str) -> String {
    let is_url = |word: &str| word.contains("://") || word.trim_start_matches(['(', '<']).starts_with("www.");
    let kept = text.split(' ').filter_map(|word| match is_url(word) {
        false => Some(word.to_owned()),
        true => word.ends_with('.').then(|| ".".to_owned()),
    });
    kept.collect::<Vec<_>>()
        .join(" ")
        .replace(" .", ".")
        .replace("()", "\u{2}")
        .replace("( )", "")
        .replace('\u{2}', "()")
}

/// Takes text up to the first full stop that ends a sentence.
fn first_sentence(text: &str) -> &str {
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
