//! Literals that mean something to a reader, told by where they stand.

use std::borrow::Cow;
use std::sync::LazyLock;

use docpack::{Effect, LiteralKind, StepKind};
use foldhash::{HashMap, HashMapExt};
use model::body::{Literal, MAX_ARGUMENTS, MAX_LITERALS, Step};

use super::code::{CodeIdx, Op, Slot};
use super::steps::Reader;
use super::text::{cut, unquoted};

/// Parts of arguments that are looked at for one step: a table is data, not a call's meaning.
const MAX_PARTS: usize = 64;

/// What the argument at a position is, by the last name of what is called.
const POSITIONS: &[(LiteralKind, usize, &[&str])] = &[
    (
        LiteralKind::Status,
        0,
        &[
            "abort",
            "status",
            "sendStatus",
            "WriteHeader",
            "writeHead",
            "set_status",
            "setStatus",
            "SendStatus",
            "Status",
            "from_u16",
            "AbortWithStatus",
            "NoContent",
        ],
    ),
    (
        LiteralKind::Status,
        1,
        &["redirect", "Redirect", "json", "JSON", "text", "String", "html", "HTML", "body", "HTTPException"],
    ),
    (LiteralKind::Status, 0, &["HTTPException", "HTTPError", "HttpError", "JSON", "String"]),
    (LiteralKind::Status, 2, &["Error"]),
    (LiteralKind::Status, 3, &["Redirect"]),
    (
        LiteralKind::Header,
        0,
        &[
            "setHeader",
            "getHeader",
            "removeHeader",
            "hasHeader",
            "header",
            "Header",
            "append_header",
            "insert_header",
            "set_header",
            "get_header",
        ],
    ),
    (
        LiteralKind::Option,
        0,
        &["add_argument", "add_option", "option", "addOption", "requiredOption", "long"],
    ),
    (
        LiteralKind::Route,
        0,
        &[
            "route",
            "add_url_rule",
            "use",
            "Handle",
            "HandleFunc",
            "Route",
            "Mount",
            "Group",
            "path",
            "re_path",
            "url",
            "nest",
            "mount",
            "add_route",
            "resource",
            "scope",
            "websocket",
            "Method",
            "MethodFunc",
            "route_service",
            "nest_service",
        ],
    ),
    (LiteralKind::Route, 1, &["Method", "MethodFunc", "on"]),
];

/// Methods that take a route before its handler; clients have methods of the same names.
const VERBS: &[&str] = &[
    "get", "post", "put", "patch", "delete", "head", "options", "all", "Get", "Post", "Put", "Patch",
    "Delete", "Head", "Options", "GET", "POST", "PUT", "PATCH", "DELETE",
];

/// What a value under a name is.
const NAMES: &[(LiteralKind, &[&str])] = &[
    (LiteralKind::Status, &["status", "status_code", "statusCode", "StatusCode", "code", "http_status"]),
    (LiteralKind::Header, &["headers", "Headers", "header"]),
    (LiteralKind::Method, &["method", "methods", "Method"]),
    (LiteralKind::Route, &["path", "route", "rule"]),
    (LiteralKind::Url, &["url", "base_url", "baseUrl", "baseURL"]),
];

/// What a name or text is by which an element of something with this last name is asked for.
const KEYS: &[(LiteralKind, &[&str])] = &[
    (LiteralKind::Header, &["headers", "header", "Header", "Headers", "HEADERS", "headers_mut"]),
    (LiteralKind::Option, &["config", "settings", "options", "opts", "conf", "Config", "Settings"]),
];

/// Methods whose first argument is a key.
const KEYED: &[&str] = &[
    "get",
    "set",
    "add",
    "append",
    "has",
    "delete",
    "insert",
    "remove",
    "setdefault",
    "pop",
    "contains_key",
    "entry",
    "Get",
    "Set",
    "Add",
    "Del",
    "Values",
    "getlist",
    "get_all",
];

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// What the tables say of calls with one last name.
#[derive(Debug, Default)]
struct Called {
    /// What the arguments at positions are, as in [`POSITIONS`].
    positions: Vec<(LiteralKind, usize)>,
    /// Of [`VERBS`].
    is_verb: bool,
    /// Of [`KEYED`].
    is_keyed: bool,
}

/// What is called is looked up once, not compared with every name.
static CALLED: LazyLock<HashMap<&'static str, Called>> = LazyLock::new(|| {
    let mut called: HashMap<&str, Called> = HashMap::new();
    for (kind, position, names) in POSITIONS {
        names.iter().for_each(|name| called.entry(name).or_default().positions.push((*kind, *position)));
    }
    VERBS.iter().for_each(|name| called.entry(name).or_default().is_verb = true);
    KEYED.iter().for_each(|name| called.entry(name).or_default().is_keyed = true);
    called
});

impl Called {
    fn at(&self, position: usize) -> Option<LiteralKind> {
        self.positions.iter().find(|(_, at)| *at == position).map(|(kind, _)| *kind)
    }
}

/// Literals among the arguments of a call, or of what is raised.
pub(super) fn of_call(reader: &Reader<'_, '_>, node: CodeIdx, step: &Step) -> Vec<Literal> {
    let mut names = step.text.rsplit(['.', ':']).filter(|name| !name.is_empty());
    let last = names.next().unwrap_or_default();
    let object = names.next().unwrap_or_default().trim_end_matches(['(', ')', '[', ']']);
    let called = CALLED.get(last);
    let mut found = Found::new(reader);
    let is_told = step.effect == Some(Effect::Log) || step.kind == StepKind::Raise || makes_error(&step.text);
    let parts = reader.code.parts_in(node, Slot::Argument).take(MAX_ARGUMENTS);
    let mut has_text = !is_told;
    for (position, argument) in parts.enumerate() {
        let is_text = reader.code.op(argument) == Op::Text;
        let hint = match () {
            () if position == 0 && step.effect == Some(Effect::Environment) => Some(LiteralKind::Environment),
            () if position == 0 && called.is_some_and(|it| it.is_keyed) && key_of(object).is_some() => {
                key_of(object)
            }
            () if position == 0
                && called.is_some_and(|it| it.is_verb)
                && takes_handler(reader, node, step) =>
            {
                Some(LiteralKind::Route)
            }
            () if !has_text && is_text => Some(LiteralKind::Text),
            () => None,
        };
        has_text |= is_text;
        let by_position = || called.and_then(|called| called.at(position));
        found.look(argument, hint.or_else(by_position));
    }
    found.literals
}

/// Tells whether the last argument of a call may be a function that serves a route.
fn takes_handler(reader: &Reader<'_, '_>, node: CodeIdx, step: &Step) -> bool {
    let last = reader.code.parts_in(node, Slot::Argument).skip(1).last();
    let is_handler = |last: CodeIdx| {
        matches!(reader.code.op(last), Op::Closure | Op::Definition | Op::Name | Op::Member | Op::Call)
    };
    !step.is_awaited && step.effect.is_none() && last.is_some_and(is_handler)
}

/// Literals of what a body gives: a status beside its answer.
pub(super) fn of_value(reader: &Reader<'_, '_>, node: CodeIdx) -> Vec<Literal> {
    let mut found = Found::new(reader);
    let code = reader.code;
    let several = match code.op(node) {
        Op::Return if code.only(node, Slot::Value).is_none() => Some(node),
        Op::List => Some(node),
        _ => None,
    };
    if let Some(several) = several {
        for part in code.parts(several).take(MAX_ARGUMENTS) {
            if matches!(code.op(part), Op::Number | Op::Member) {
                found.look(part, Some(LiteralKind::Status));
            }
        }
    }
    found.literals
}

pub(super) fn of_access(reader: &Reader<'_, '_>, node: CodeIdx, effect: Option<Effect>) -> Vec<Literal> {
    let mut found = Found::new(reader);
    if effect == Some(Effect::Environment)
        && let Some(key) = reader.code.part(node, Slot::Name)
    {
        found.add(LiteralKind::Environment, &found.text(key));
    }
    found.literals
}

/// Literals of a write: the key of what is set, and what it is set to.
pub(super) fn of_write(
    reader: &Reader<'_, '_>,
    target: CodeIdx,
    by: CodeIdx,
    effect: Option<Effect>,
) -> Vec<Literal> {
    let mut found = Found::new(reader);
    found.literals = of_access(reader, target, effect);
    let code = reader.code;
    let key = code.part(target, Slot::Name);
    if let (Op::Item, Some(key)) = (code.op(target), key)
        && let Some(object) = code.parts(target).next()
        && let Some(kind) = key_of(last_name(&found.text(object)))
        && code.op(key) == Op::Text
    {
        found.add(kind, &found.text(key));
    }
    let hint = key.and_then(|key| named(&found.text(key)));
    if let Some(value) = code.only(by, Slot::Value) {
        found.look(value, hint);
    }
    found.literals
}

struct Found<'r, 'p, 'a> {
    reader: &'r Reader<'p, 'a>,
    literals: Vec<Literal>,
}

impl<'r, 'p, 'a> Found<'r, 'p, 'a> {
    fn new(reader: &'r Reader<'p, 'a>) -> Self {
        Self { reader, literals: Vec::new() }
    }

    fn text(&self, node: CodeIdx) -> Cow<'a, str> {
        match self.reader.text(node) {
            Cow::Borrowed(text) => Cow::Borrowed(unquoted(text)),
            Cow::Owned(text) => Cow::Owned(unquoted(&text).to_owned()),
        }
    }

    fn add(&mut self, kind: LiteralKind, text: &str) {
        let literal = Literal { kind, text: cut(text.into(), false).into_owned() };
        if self.literals.len() < MAX_LITERALS && !text.is_empty() && !self.literals.contains(&literal) {
            self.literals.push(literal);
        }
    }

    /// Looks through an argument: its lists, its tables and what stands in them under a name.
    fn look(&mut self, node: CodeIdx, hint: Option<LiteralKind>) {
        let code = self.reader.code;
        let mut open = Vec::new();
        let mut next = Some((node, hint));
        let mut n_left = MAX_PARTS;
        while let Some((node, hint)) = next.take().or_else(|| open.pop()) {
            n_left = match n_left.checked_sub(1) {
                Some(left) => left,
                None => return,
            };
            match code.op(node) {
                Op::Text => self.look_at_text(node, hint),
                Op::Number => self.look_at_number(node, hint),
                Op::Name | Op::Member => self.look_at_name(node, hint),
                Op::Named => {
                    let name = code.part(node, Slot::Name).map(|name| self.text(name)).unwrap_or_default();
                    if hint == Some(LiteralKind::Header) {
                        self.add(LiteralKind::Header, &name);
                    } else {
                        let hint = named(&name).or(hint).or(Some(LiteralKind::Number));
                        open.extend(code.part(node, Slot::Value).map(|value| (value, hint)));
                    }
                }
                Op::List | Op::Table => {
                    let from = open.len();
                    open.extend(code.parts(node).take(MAX_ARGUMENTS).map(|part| (part, hint)));
                    open[from..].reverse();
                }
                _ => {}
            }
        }
    }

    fn look_at_text(&mut self, node: CodeIdx, hint: Option<LiteralKind>) {
        let text = self.text(node);
        let by_place = hint.filter(|kind| match kind {
            LiteralKind::Header | LiteralKind::Environment | LiteralKind::Text | LiteralKind::Option => true,
            LiteralKind::Route => text.starts_with('/'),
            _ => false,
        });
        match by_place.or_else(|| by_shape(&text)) {
            Some(LiteralKind::Sql) => {
                if let Some(sql) = self.statement(node) {
                    self.add(LiteralKind::Sql, &sql);
                }
            }
            Some(kind) => self.add(kind, &text),
            None => {}
        }
    }

    fn look_at_number(&mut self, node: CodeIdx, hint: Option<LiteralKind>) {
        let text = self.text(node);
        let is_status =
            text.len() == 3 && text.parse::<u32>().is_ok_and(|number| (100..600).contains(&number));
        match hint {
            Some(LiteralKind::Status) if is_status => self.add(LiteralKind::Status, &text),
            Some(LiteralKind::Number) => self.add(LiteralKind::Number, &text),
            _ => {}
        }
    }

    /// `http.StatusNotFound`, `StatusCode::NOT_FOUND`, `status.HTTP_404_NOT_FOUND`.
    fn look_at_name(&mut self, node: CodeIdx, _: Option<LiteralKind>) {
        let text = self.reader.text(node);
        let last = last_name(&text);
        let is_status = text.contains("StatusCode::")
            || text.contains("HTTPStatus.")
            || last.strip_prefix("HTTP_").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            || text.starts_with("http.Status") && last.len() > "Status".len();
        let is_method = text.starts_with("http.Method") || text.starts_with("Method::");
        if is_status {
            self.add(LiteralKind::Status, &text);
        } else if is_method {
            self.add(LiteralKind::Method, &text);
        }
    }

    /// A statement of SQL by its first word and its tables.
    fn statement(&self, node: CodeIdx) -> Option<String> {
        let node = self.reader.pass.tape.node(self.reader.code.node(node).at);
        let end = node.end.min(node.start.saturating_add(MAX_SQL_BYTES));
        statement(unquoted(&self.reader.pass.shown.text(node.start, end)))
    }
}

/// Of a longer statement the tables behind this are not told.
const MAX_SQL_BYTES: u32 = 2_000;

fn named(name: &str) -> Option<LiteralKind> {
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(kind, _)| *kind)
}

fn key_of(object: &str) -> Option<LiteralKind> {
    KEYS.iter().find(|(_, names)| names.contains(&object)).map(|(kind, _)| *kind)
}

fn last_name(path: &str) -> &str {
    let name = path.rsplit(['.', ':']).next().unwrap_or(path);
    name.trim_end_matches(['(', ')', '[', ']'])
}

/// Calls that make an error out of a text.
fn makes_error(path: &str) -> bool {
    let last = path.rsplit(['.', ':']).next().unwrap_or(path);
    path == "errors.New"
        || matches!(
            last,
            "Errorf" | "anyhow!" | "bail!" | "Error" | "context" | "expect" | "Fatal" | "Fatalf"
        )
}

fn by_shape(text: &str) -> Option<LiteralKind> {
    let is_option = text.strip_prefix("--").is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains(char::is_whitespace)
    });
    match () {
        () if METHODS.contains(&text) => Some(LiteralKind::Method),
        () if is_option => Some(LiteralKind::Option),
        () if is_url(text) => Some(LiteralKind::Url),
        () if is_header(text) => Some(LiteralKind::Header),
        () if begins_statement(text) => Some(LiteralKind::Sql),
        () => None,
    }
}

fn is_url(text: &str) -> bool {
    ["http://", "https://", "ws://", "wss://", "ftp://", "amqp://", "redis://", "postgres://", "mysql://"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme))
}

/// `Content-Type`, `X-Request-Id`: capitalised words with hyphens.
fn is_header(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().all(|c| c.is_ascii_alphanumeric())
    };
    text.len() <= 64 && text.contains('-') && text.split('-').all(is_word)
}

const STATEMENTS: &[(&str, &[&str])] = &[
    ("SELECT", &["FROM"]),
    ("INSERT", &["INTO"]),
    ("UPDATE", &["SET"]),
    ("DELETE", &["FROM"]),
    ("CREATE", &["TABLE", "INDEX", "VIEW"]),
    ("ALTER", &["TABLE"]),
    ("DROP", &["TABLE", "INDEX", "VIEW"]),
    ("WITH", &["SELECT"]),
];

fn begins_statement(text: &str) -> bool {
    let first = text.trim_start().split(char::is_whitespace).next().unwrap_or_default();
    STATEMENTS.iter().any(|(word, _)| word.eq_ignore_ascii_case(first))
}

/// A statement's first word and its tables; `None` for a sentence that begins with the same word.
fn statement(text: &str) -> Option<String> {
    let mut words = text
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | ';'))
        .filter(|word| !word.is_empty());
    let first = words.next()?.to_ascii_uppercase();
    let (_, needed) = STATEMENTS.iter().find(|(word, _)| *word == first)?;
    let rest: Vec<&str> = words.take(200).collect();
    let is_one = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    if !rest.iter().any(|word| is_one(word, needed)) {
        return None;
    }
    let mut tables: Vec<&str> = Vec::new();
    if first == "UPDATE" {
        tables.extend(rest.first());
    }
    for pair in rest.windows(2) {
        let is_table =
            |name: &str| name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '"' | '`'));
        if is_one(pair[0], &["FROM", "INTO", "JOIN", "TABLE", "VIEW"])
            && is_table(pair[1])
            && !is_one(pair[1], &["IF", "SELECT"])
            && !tables.contains(&pair[1])
        {
            tables.push(pair[1]);
        }
    }
    Some(format!("{first} {}", tables.join(", ")).trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_by_their_first_word_and_tables() {
        let told = |text| statement(text);
        assert_eq!(told("select a from users u join orders o on 1"), Some("SELECT users, orders".to_owned()));
        assert_eq!(told("UPDATE users SET a = 1"), Some("UPDATE users".to_owned()));
        assert_eq!(told("CREATE TABLE IF NOT EXISTS t (a)"), Some("CREATE".to_owned()));
        assert_eq!(told("Select a file to open"), None);
    }

    #[test]
    fn shapes_tell_methods_options_headers_and_addresses() {
        assert_eq!(by_shape("POST"), Some(LiteralKind::Method));
        assert_eq!(by_shape("--dry-run"), Some(LiteralKind::Option));
        assert_eq!(by_shape("X-Request-Id"), Some(LiteralKind::Header));
        assert_eq!(by_shape("https://example.org"), Some(LiteralKind::Url));
        assert_eq!(by_shape("a plain-text"), None);
    }
}
