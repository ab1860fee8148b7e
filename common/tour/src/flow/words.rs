//! How conditions, raised values and calls of libraries are written for a reader.

use docpack::records::{Body, Condition, Step};
use docpack::{ConditionKind, Effect, LiteralKind};

use crate::text::code;

/// Conditions around a step that are told, the innermost.
const MAX_CONDITIONS: usize = 2;
/// Follows a call that is awaited.
pub(crate) const WAITS: &str = " and waits for it";

/// The conditions around a step.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    pub(crate) text: Option<String>,
    /// The step runs after an error, or at the end in any case.
    pub(crate) is_aside: bool,
    /// The step runs again and again until something in it ends the loop.
    pub(crate) is_endless: bool,
}

/// Writes the conditions around a step, the outer before the inner.
pub(crate) fn around(body: &Body, under: Option<u32>) -> Around {
    let mut told = Vec::new();
    let mut found = Around::default();
    let mut next = under;
    while let Some(condition) = next.and_then(|at| body.conditions.get(at as usize)) {
        if told.len() < MAX_CONDITIONS {
            told.extend(condition_text(condition));
        }
        let kind = condition.kind.known();
        found.is_endless |= kind == Some(ConditionKind::Loop)
            && matches!(condition.text.as_str(), "" | "True" | "true" | "1" | "while True" | ";;");
        found.is_aside |= matches!(kind, Some(ConditionKind::Catch | ConditionKind::Finally));
        // A condition comes before those within it; anything else is no pack of ours.
        next = condition.within.filter(|within| Some(*within) < next);
    }
    told.reverse();
    found.text = (!told.is_empty()).then(|| told.join(", "));
    found
}

fn condition_text(condition: &Condition) -> Option<String> {
    let text = condition.text.as_str();
    let told = match condition.kind.known()? {
        ConditionKind::If => format!("if {}", code(text)),
        ConditionKind::Otherwise => format!("unless {}", code(text)),
        ConditionKind::Loop if text.is_empty() => "in a loop".to_owned(),
        ConditionKind::Loop => format!("in a loop ({})", code(text)),
        ConditionKind::Case => case(text),
        ConditionKind::Catch if text.is_empty() => "after an error".to_owned(),
        ConditionKind::Catch => format!("after {}", code(text)),
        ConditionKind::Finally => "at the end in any case".to_owned(),
        ConditionKind::Closure => "in an inner function".to_owned(),
    };
    Some(told)
}

/// Writes a case: `result: Ok(code)` is a value and the pattern that it has.
fn case(text: &str) -> String {
    match text.split_once(": ") {
        Some((value, "_" | "default" | "else")) => format!("when {} is anything else", code(value)),
        Some((value, pattern)) => format!("when {} is {}", code(value), code(pattern)),
        None => format!("in case {}", code(text)),
    }
}

/// Writes what is raised, with its message or its arguments.
pub(crate) fn raised(step: &Step) -> String {
    let message = step.literals.iter().find(|literal| literal.kind == LiteralKind::Text);
    let message = message.map(|it| format!(" with the message {}", code(&joined(&it.text))));
    match (step.text.as_str(), message) {
        // A bare `raise` or `throw;` stands where an error was caught.
        ("", _) => "raises the caught error again".to_owned(),
        ("assert", message) => format!("fails an assertion{}", message.unwrap_or_default()),
        (text, Some(message)) => format!("raises {}{message}", code(text)),
        (text, None) if step.arguments.is_empty() => format!("raises {}", code(text)),
        (text, None) => format!("raises {}", code(&format!("{text}({})", step.arguments.join(", ")))),
    }
}

/// Joins the pieces of a literal that stands on several lines: `one" f"two` is `onetwo`.
pub(crate) fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\'']) {
        let tail = &rest[at + 1..];
        let gap = tail.trim_start();
        let inner = gap.trim_start_matches(['f', 'F', 'r', 'R', 'b', 'u']);
        let is_seam = gap.len() < tail.len() && gap.len() - inner.len() < 3 && inner.starts_with(['"', '\'']);
        if is_seam {
            out.push_str(&rest[..at]);
            rest = &inner[1..];
        } else {
            out.push_str(&rest[..=at]);
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// Says what a call of a library does, where it acts on the world outside or is given a value that means something.
pub(crate) fn library(step: &Step) -> Option<&'static str> {
    const TELLING: [LiteralKind; 5] = [
        LiteralKind::Status,
        LiteralKind::Header,
        LiteralKind::Route,
        LiteralKind::Environment,
        LiteralKind::Sql,
    ];
    const LOGS: [&str; 7] = ["log", "slog", "logger", "logging", "console", "fmt", "tracing"];
    let is_telling =
        step.literals.iter().any(|it| it.kind.known().is_some_and(|kind| TELLING.contains(&kind)));
    let head = step.text.split(['.', ':', '(']).next().unwrap_or_default();
    let effect = step.effect.as_ref().and_then(docpack::Open::known);
    match effect {
        Some(Effect::FileRead) => Some("reads the file system:"),
        Some(Effect::FileWrite) => Some("writes to the file system:"),
        Some(Effect::Network) => Some("uses the network:"),
        Some(Effect::Database) => Some("uses a database:"),
        Some(Effect::Process) => Some("deals with processes:"),
        Some(Effect::Environment) => Some("uses the environment:"),
        Some(Effect::Spawn) => Some("starts a task:"),
        Some(Effect::Lock) => Some("waits for others or locks them out:"),
        // What is logged does not change what happens.
        _ => (is_telling && !LOGS.contains(&head)).then_some("calls a library:"),
    }
}

/// Tells whether a returned value says nothing by itself: a constant, a local variable, or an error passed on.
pub(crate) fn is_plain_value(text: &str) -> bool {
    let is_word =
        |word: &str| word.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '"' | '\''));
    text.split(',').all(is_word)
}

/// Tells whether a write keeps a value under its own name: `self.name = name`.
pub(crate) fn is_same_name(target: &str, value: &str) -> bool {
    let name = target.rsplit(['.', '>']).next().unwrap_or(target);
    name.trim_start_matches(['#', '_', '@', '$']) == value.trim_start_matches('$')
}

/// Tells whether a write sets a field to a constant, to something empty or to a part of itself.
pub(crate) fn is_start_value(target: &str, value: &str) -> bool {
    let is_empty = !value.chars().any(char::is_alphanumeric);
    !target.ends_with(']') && (is_empty || is_plain_value(value) || value.starts_with(target))
}

/// Chooses the article of a name.
pub(crate) fn article(name: &str) -> &'static str {
    let name = name.trim_start_matches(['`', '_', '#']);
    if name.starts_with(['A', 'E', 'I', 'O', 'a', 'e', 'i', 'o']) { "an" } else { "a" }
}
