//! Markup of comments and READMEs as plain text.

/// More words between two asterisks are not emphasised.
const MAX_EMPHASIS_WORDS: usize = 8;

/// Removes links, pictures, roles, HTML tags, emphasis and invisible characters; keeps words and code names.
pub fn strip_markup(text: &str) -> String {
    let text = without_invisible(text);
    let text = without_references(&without_links(&text));
    let text = without_roles(&text);
    let text = without_html(&text);
    let text = text.replace("``", "`");
    let text = without_bold(&text);
    let text = without_urls(&without_escapes(&text));
    without_emphasis(text.split_whitespace().map(without_substitution).collect()).join(" ")
}

/// Removes the asterisks around bold words; those within code are part of it: `src/**/*.ts`.
fn without_bold(text: &str) -> String {
    let spans = text.split('`').enumerate();
    let spans = spans.map(|(at, span)| if at % 2 == 0 { span.replace("**", "") } else { span.to_owned() });
    spans.collect::<Vec<_>>().join("`")
}

/// `|name|_` of reStructuredText stands for what is defined elsewhere, and becomes `name`.
fn without_substitution(word: &str) -> &str {
    let inner = word.trim_end_matches('_').strip_prefix('|').and_then(|rest| rest.strip_suffix('|'));
    inner.filter(|inner| !inner.is_empty() && !inner.contains('|')).unwrap_or(word)
}

/// `*some words*,` becomes `some words,`; a lone asterisk means something else, and code is kept.
fn without_emphasis(words: Vec<&str>) -> Vec<String> {
    const END: [char; 7] = [',', '.', ';', ':', '!', '?', ')'];
    let mut out: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let mut at = 0;
    while at < words.len() {
        let opened = |mark: char| {
            let inner = words[at].trim_start_matches('(').strip_prefix(mark)?;
            (!inner.is_empty() && !inner.starts_with(mark)).then_some(mark)
        };
        let Some(mark) = opened('*').or_else(|| opened('_')) else {
            // What stands in code ends with it.
            let is_open = |word: &&&str| word.matches('`').count() % 2 == 1;
            let close = if is_open(&&words[at]) {
                words[at + 1..].iter().position(|word| is_open(&word))
            } else {
                None
            };
            at += close.map_or(1, |rest| rest + 2);
            continue;
        };
        let body = |word: &str| word.trim_end_matches(END).len();
        let close = (at..words.len().min(at + MAX_EMPHASIS_WORDS))
            .take_while(|it| !words[*it].contains('`'))
            .find(|it| {
                let inner = &words[*it][..body(words[*it])];
                inner.ends_with(mark)
                    && !inner.ends_with(&format!("{mark}{mark}"))
                    && inner.len() > 1 + usize::from(*it == at)
            });
        if let Some(close) = close {
            let end = body(words[close]) - 1;
            out[close].remove(end);
            let start = out[at].find(mark).unwrap_or_default();
            out[at].remove(start);
        }
        at = close.unwrap_or(at) + 1;
    }
    out
}

/// Removes backslashes that keep a character from meaning something, and the names of characters, outside of code.
fn without_escapes(text: &str) -> String {
    let plain = |at: usize, span: &str| {
        let mut span =
            span.replace("&mdash;", "\u{2014}").replace("&ndash;", "\u{2013}").replace("&nbsp;", " ");
        for c in ['(', ')', '[', ']', '*', '_', '<', '>'] {
            span = span.replace(&format!("\\{c}"), &c.to_string());
        }
        // In reStructuredText, letters right behind code are set off.
        match span.strip_prefix('\\').filter(|rest| at > 0 && rest.starts_with(char::is_alphanumeric)) {
            Some(rest) => rest.to_owned(),
            None => span,
        }
    };
    let spans = text.split('`').enumerate();
    let spans = spans.map(|(at, span)| if at % 2 == 0 { plain(at, span) } else { span.to_owned() });
    spans.collect::<Vec<_>>().join("`")
}

fn without_invisible(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

/// Finds characters that are not seen, or that turn the text around them.
pub fn is_hidden(c: char) -> bool {
    let is_mark = matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}');
    is_mark || (c.is_control() && !c.is_whitespace())
}

/// Tells whether code between backticks is a reference: `~pkg.Client` or `.Client`, not the file `.env` or `.A.yml`.
fn is_reference(inner: &str) -> bool {
    let of_name = inner.strip_prefix('.').filter(|name| !name.contains(['.', '/']));
    of_name.is_some_and(|name| name.starts_with(char::is_uppercase))
        || inner.strip_prefix('~').is_some_and(|name| name.starts_with(char::is_alphabetic))
}

/// Links of reStructuredText: `` `text <url>`_ `` and `` `text`_ `` become `text`, and `` `.Name` `` becomes `` `Name` ``.
fn without_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('`') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let Some(end) = tail[1..].find('`').map(|end| end + 1) else {
            out.push_str(tail);
            return out;
        };
        let (inner, after) = (&tail[1..end], &tail[end + 1..]);
        let behind = after.trim_start_matches('_');
        let is_link = behind.len() < after.len() && !behind.starts_with(|c: char| c.is_alphanumeric());
        if is_link && !inner.is_empty() {
            out.push_str(inner.split_once('<').map_or(inner, |(shown, _)| shown).trim());
            rest = behind;
        } else if is_reference(inner) {
            out.push_str(&role_target(inner));
            rest = after;
        } else {
            out.push_str(&tail[..=end]);
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// `[text](url)`, `[text][ref]`, ``[`Name`]`` become `text`; `{@link Name}` becomes `` `Name` ``; a picture goes.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '{', '!']) {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        // `list[idx]` and `Vec[T]` are code, not links.
        let is_apart =
            !out.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | ']' | '_' | '`' | '&'));
        let picture =
            tail.strip_prefix('!').and_then(bracket_link).map(|(_, used)| (String::new(), used + 1));
        let link = || bracket_link(tail).filter(|_| is_apart);
        if let Some((shown, used)) = picture.or_else(|| inline_tag(tail)).or_else(link) {
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
    // A picture within a link holds a link of its own.
    if let Some((_, used)) = body.strip_prefix('!').and_then(bracket_link) {
        let rest = body[1 + used..].strip_prefix(']')?;
        return Some((String::new(), 2 + used + 1 + target_len(rest).unwrap_or(0)));
    }
    let end = body.find(']')?;
    let shown = &body[..end];
    let is_word = shown.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        && shown.starts_with(|c: char| c.is_alphabetic());
    let is_name = shown.len() > 2 && (is_word || (shown.starts_with('`') && shown.ends_with('`')));
    let target_len = target_len(&body[end + 1..]).or(is_name.then_some(0))?;
    (!shown.is_empty()).then(|| (shown.to_owned(), end + 2 + target_len))
}

/// Counts the bytes of a link's target.
fn target_len(after: &str) -> Option<usize> {
    let close = match after.chars().next() {
        Some('(') => ')',
        Some('[') => ']',
        _ => return None,
    };
    after.find(close).map(|at| at + 1)
}

/// ``:class:`~pkg.Client` `` and ``:py:class:`~pkg.Client` `` become `` `Client` ``.
fn without_roles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(":`") {
        let (before, tail) = rest.split_at(at);
        let role = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == ':' || c == '-');
        // A role begins with a colon; letters right before it belong to the text.
        let role_start = before[role.len()..].find(':').map(|at| role.len() + at);
        let role_start = role_start.filter(|start| start + 1 < before.len());
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

/// An address becomes the name of its host, so that the sentence around it stays whole.
fn without_urls(text: &str) -> String {
    text.split(' ').map(without_url).collect::<Vec<_>>().join(" ")
}

fn without_url(word: &str) -> String {
    let start = ["http://", "https://", "ftp://"].iter().filter_map(|scheme| word.find(scheme)).min();
    let start =
        start.or_else(|| word.find("www.").filter(|at| !word[..*at].ends_with(char::is_alphanumeric)));
    let Some(start) = start else { return word.to_owned() };
    let address = word[start..].split("://").last().unwrap_or("");
    let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '@' | ':'));
    // What stands before an `@` says who may come in.
    let host = address.split(['/', '?', '#']).next().unwrap_or("").rsplit('@').next().unwrap_or("");
    let host = host.split(is_end).next().unwrap_or("").trim_end_matches(['.', ':', ',']);
    let tail_start = word.trim_end_matches([')', '>', '.', ',', ';', ':', ']', '"', '\'']).len().max(start);
    let (head, tail) = (word[..start].trim_end_matches('<'), &word[tail_start..]);
    let tail = tail.trim_start_matches('>');
    if host.is_empty() || head.contains('`') {
        format!("{head}{host}{tail}")
    } else {
        format!("{head}`{host}`{tail}")
    }
}
