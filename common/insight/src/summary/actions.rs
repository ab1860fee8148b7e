//! What a body does, in one sentence: what it calls and sets, what it returns and raises, and when.

use docpack::{ConditionKind, Effect, Language, LiteralKind, StepKind};
use model::body::{Body, Condition, Literal, MAX_CONDITIONS, Step};
use model::context::SymbolContext;
use prose::thousands;

use super::Statement;
use crate::wording::{capitalised, code, list};

/// Longer code is not repeated in a sentence.
const MAX_CODE_CHARS: usize = 48;
/// Conditions of one clause; what stands deeper is left to the source.
const MAX_DEPTH: usize = 2;
/// Things listed in one clause; the rest is counted.
const MAX_LISTED: usize = 3;
/// Ways to return or fail that are told.
const MAX_OUTCOMES: usize = 3;
/// What the sentence may take, so that one about relations still fits behind it.
const MAX_SENTENCE_CHARS: usize = 230;

/// Says what the symbol's body does; `None` where that is no more than its name says.
pub(super) fn of_body(context: &SymbolContext) -> Option<Statement> {
    let body = context.body.as_deref()?;
    let reader = Reader { context, body };
    let outer = reader.clauses(false);
    let mut clauses = outer.fitting(MAX_SENTENCE_CHARS);
    let n_used: usize = clauses.iter().map(|it| it.text.chars().count() + 2).sum();
    let inner = reader.clauses(true).fitting(MAX_SENTENCE_CHARS.saturating_sub(n_used + 20));
    if !inner.is_empty() {
        let text = format!("an inner function {}", joined(&inner, " and "));
        clauses.push(Clause {
            text,
            lines: inner.iter().flat_map(|it| it.lines.clone()).collect(),
            weight: 0,
        });
    }
    if clauses.is_empty() || says_only_the_name(context, &clauses) {
        return None;
    }
    let text = format!("{}.", capitalised(&joined(&clauses, "; ")));
    let lines = clauses.iter().flat_map(|it| &it.lines);
    Some(Statement { text, evidence: lines.map(|line| format!("body:{line}")).collect() })
}

fn joined(clauses: &[Clause], link: &str) -> String {
    clauses.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(link)
}

/// What these return is what they are given, or the base's business.
const WRAPPERS: [&str; 7] = ["Ok", "Some", "Err", "Box::new", "Box::pin", "super", "Self"];
/// What makes an error out of a message.
const GO_ERRORS: [&str; 2] = ["errors.New", "fmt.Errorf"];

/// A verb with what belongs to it, and the lines that say so.
#[derive(Clone)]
struct Clause {
    text: String,
    lines: Vec<u32>,
    /// The lightest are left out first.
    weight: u32,
}

/// Clauses in the order in which they are told.
struct Clauses(Vec<Clause>);

impl Clauses {
    /// Leaves out the lightest until the rest fits.
    fn fitting(mut self, max_chars: usize) -> Vec<Clause> {
        while self.0.iter().map(|it| it.text.chars().count() + 2).sum::<usize>() > max_chars {
            let lightest = self.0.iter().enumerate().min_by_key(|(at, it)| (it.weight, usize::MAX - at));
            let Some((at, _)) = lightest else { break };
            self.0.remove(at);
        }
        self.0
    }
}

/// Tells whether every word of code in the clauses is one of the symbol's own name.
fn says_only_the_name(context: &SymbolContext, clauses: &[Clause]) -> bool {
    let own = words_of(&context.name);
    let quoted = clauses.iter().flat_map(|it| it.text.split('`').skip(1).step_by(2));
    let mut words = quoted.flat_map(words_of).peekable();
    let is_empty = words.peek().is_none();
    let known = |word: &String| own.contains(word) || matches!(word.as_str(), "self" | "this" | "get" | "is");
    !is_empty && words.all(|word| known(&word))
}

/// The words of identifiers in lower case.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

struct Reader<'a> {
    context: &'a SymbolContext,
    body: &'a Body,
}

impl<'a> Reader<'a> {
    /// The clauses of the body itself, or of the functions without a name within it.
    fn clauses(&self, is_inner: bool) -> Clauses {
        let steps: Vec<&Step> = self.body.steps.iter().filter(|it| self.is_inner(it) == is_inner).collect();
        let clauses = [
            self.nothing(&steps),
            self.effects(&steps),
            self.calls(&steps),
            self.writes(&steps),
            self.results(&steps, StepKind::Yield, "yields", 4),
            self.results(&steps, StepKind::Return, "returns", 5),
            self.errors(&steps),
        ];
        Clauses(clauses.into_iter().flatten().collect())
    }

    fn is_inner(&self, step: &Step) -> bool {
        self.around(step).any(|it| it.kind == ConditionKind::Closure)
    }

    /// The conditions around a step, innermost first.
    fn around(&self, step: &Step) -> impl Iterator<Item = &'a Condition> {
        let at = |at: u32| self.body.conditions.get(at as usize);
        std::iter::successors(step.under.and_then(at), move |it| it.within.and_then(at)).take(MAX_CONDITIONS)
    }

    /// When the step runs, as the end of a clause: empty where always, `None` where that takes too many words.
    fn when(&self, step: &Step) -> Option<String> {
        let around: Vec<&Condition> =
            self.around(step).take_while(|it| it.kind != ConditionKind::Closure).collect();
        if around.len() > MAX_DEPTH {
            return None;
        }
        let phrases = around.iter().rev().map(|it| phrase(it)).collect::<Option<Vec<_>>>()?;
        Some(phrases.iter().map(|it| format!(" {it}")).collect::<Vec<_>>().join(" and"))
    }

    /// A body that first of all may return at once.
    fn nothing(&self, steps: &[&Step]) -> Option<Clause> {
        let first = steps.first().filter(|it| it.kind == StepKind::Return && it.text.is_empty())?;
        let when = self.when(first).filter(|it| !it.is_empty())?;
        Some(Clause { text: format!("does nothing{when}"), lines: vec![first.line], weight: 1 })
    }

    fn effects(&self, steps: &[&Step]) -> Option<Clause> {
        let mut told: Vec<(Effect, String, u32)> = Vec::new();
        for step in steps.iter().filter(|it| it.kind == StepKind::Call) {
            let Some(effect) = step.effect.filter(|it| !matches!(it, Effect::Log | Effect::Clock)) else {
                continue;
            };
            if told.iter().all(|it| it.0 != effect) {
                told.push((effect, effect_phrase(effect, step), step.line));
            }
        }
        let phrases: Vec<String> = told.iter().take(MAX_LISTED).map(|it| it.1.clone()).collect();
        let lines = told.iter().map(|it| it.2).collect();
        (!phrases.is_empty()).then(|| Clause { text: list(&phrases, phrases.len()), lines, weight: 6 })
    }

    /// Calls of the repository's own code, and those that name something of an interface.
    fn calls(&self, steps: &[&Step]) -> Option<Clause> {
        let mut told: Vec<(String, u32)> = Vec::new();
        for step in steps.iter().filter(|it| it.kind == StepKind::Call && it.effect.is_none()) {
            let literals: Vec<String> = step.literals.iter().filter_map(literal_phrase).collect();
            if literals.is_empty() && !self.is_own(step)
                || is_long(&step.text)
                || self.is_told_elsewhere(step, steps)
            {
                continue;
            }
            let with = if literals.is_empty() {
                String::new()
            } else {
                format!(
                    " with {}",
                    list(&literals[..literals.len().min(MAX_LISTED)], literals.len().min(MAX_LISTED))
                )
            };
            let when = self.when(step).filter(|it| it.chars().count() <= MAX_CODE_CHARS);
            let text = format!("{}{with}", code(bare(&step.text)));
            let shown = match when {
                Some(when) => format!("{text}{when}"),
                None => text.clone(),
            };
            if told.iter().all(|it| !it.0.starts_with(&text)) {
                told.push((shown, step.line));
            }
        }
        let n_more = told.len().saturating_sub(MAX_LISTED);
        let lines = told.iter().take(MAX_LISTED).map(|it| it.1).collect();
        let names: Vec<String> = told.into_iter().take(MAX_LISTED).map(|it| it.0).collect();
        let text = match (names.as_slice(), n_more) {
            ([], _) => return None,
            (all, 0) => format!("calls {}", all.join(", then ")),
            (all, n) => format!("calls {}, and {} more", all.join(", then "), thousands(n as u64)),
        };
        Some(Clause { text, lines, weight: 3 })
    }

    /// Tells whether a call leads to the repository's own code.
    fn is_own(&self, step: &Step) -> bool {
        let name = last_part(&step.text);
        self.context.calls.iter().any(|it| it.name == name && it.id != self.context.id)
            || self.context.calls.iter().any(|it| it.display_name.rsplit(['.', ':']).next() == Some(name))
    }

    /// A call within what is returned or raised is told there.
    fn is_told_elsewhere(&self, step: &Step, steps: &[&Step]) -> bool {
        let outcomes = [StepKind::Return, StepKind::Yield, StepKind::Raise];
        steps
            .iter()
            .any(|it| it.line == step.line && outcomes.contains(&it.kind) && it.text.contains(&step.text))
    }

    fn writes(&self, steps: &[&Step]) -> Option<Clause> {
        let mut told: Vec<(&str, Option<&str>, u32)> = Vec::new();
        for step in steps.iter().filter(|it| it.kind == StepKind::Write && !is_long(&it.text)) {
            let value = step.value.as_deref().filter(|it| !is_long(it) && !matches!(*it, "++" | "--"));
            let is_same = value.is_some_and(|it| it == last_part(&step.text));
            let is_kept =
                is_same || value.is_some_and(|it| self.context.parameters.iter().any(|p| p.name == it));
            if told.iter().all(|it| it.0 != step.text) && !is_kept {
                told.push((bare(&step.text), value, step.line));
            }
        }
        let lines = told.iter().take(MAX_LISTED).map(|it| it.2).collect();
        let text = match told.as_slice() {
            [] => return None,
            [(target, Some(value), _)] => format!("sets {} to {}", code(target), code(value)),
            all => {
                let names: Vec<String> = all.iter().take(MAX_LISTED).map(|it| code(it.0)).collect();
                format!("sets {}", list(&names, all.len()))
            }
        };
        Some(Clause { text, lines, weight: 2 })
    }

    /// What is returned or yielded, and when.
    fn results(&self, steps: &[&Step], kind: StepKind, verb: &str, weight: u32) -> Option<Clause> {
        let mut told: Vec<(String, String, u32)> = Vec::new();
        let mut is_partial = false;
        let is_only = steps.iter().filter(|it| it.kind == kind).count() == 1;
        for step in steps.iter().filter(|it| it.kind == kind && !it.text.is_empty()) {
            if self.hands_on(step) || is_only && self.is_local(&step.text) {
                continue;
            }
            match (self.value(&step.text), self.when(step)) {
                (Some(value), Some(when)) => {
                    if told.iter().all(|it| (&it.0, &it.1) != (&value, &when)) {
                        told.push((value, when, step.line));
                    }
                }
                _ => is_partial = true,
            }
        }
        if told.len() > MAX_OUTCOMES {
            is_partial = true;
            told.truncate(MAX_OUTCOMES);
        }
        let lines = told.iter().map(|it| it.2).collect();
        let n = told.len();
        let parts: Vec<String> = told
            .into_iter()
            .enumerate()
            .map(|(at, (value, when, _))| {
                let otherwise = if at > 0 && at + 1 == n && when.is_empty() && kind == StepKind::Return {
                    "else "
                } else {
                    ""
                };
                format!("{otherwise}{value}{when}")
            })
            .collect();
        if parts.is_empty()
            || is_partial && parts.len() == 1 && parts[0].starts_with('`') && !parts[0].contains(" if ")
        {
            return None;
        }
        let or = if is_partial { ", or something else" } else { "" };
        Some(Clause { text: format!("{verb} {}{or}", parts.join(", ")), lines, weight })
    }

    /// Tells whether the step hands an error on as it came.
    fn hands_on(&self, step: &Step) -> bool {
        let is_go = self.context.language == Language::Go;
        is_go
            && self
                .around(step)
                .next()
                .is_some_and(|it| it.kind == ConditionKind::If && it.text.ends_with("err != nil"))
    }

    /// A value as the object of a sentence.
    fn value(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let text = match self.context.language {
            Language::Go => text.strip_suffix(", nil").unwrap_or(text),
            _ => text,
        };
        if matches!(text, "self" | "this" | "&mut self" | "&self") {
            return Some("itself".to_owned());
        }
        if !is_long(text) && !text.ends_with('…') {
            return Some(code(text));
        }
        let callee = text.strip_prefix("await ").unwrap_or(text).split('(').next().unwrap_or_default();
        if GO_ERRORS.contains(&callee) {
            return Some("an error".to_owned());
        }
        if WRAPPERS.contains(&callee) {
            return None;
        }
        let is_path = !callee.is_empty() && callee.chars().all(|c| c.is_alphanumeric() || "_.:$".contains(c));
        (is_path && !is_long(callee)).then(|| format!("what {} returns", code(bare(callee))))
    }

    /// A plain name that the body itself gave to a value says nothing outside of it.
    fn is_local(&self, text: &str) -> bool {
        const VALUES: [&str; 8] =
            ["true", "false", "null", "nil", "undefined", "arguments", "nullptr", "super"];
        let is_name = text.starts_with(|c: char| c.is_lowercase() || c == '_')
            && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_known = VALUES.contains(&text)
            || self.context.parameters.iter().any(|it| it.name == text)
            || self.context.calls.iter().any(|it| it.name == text);
        is_name && !is_known
    }

    fn errors(&self, steps: &[&Step]) -> Option<Clause> {
        let mut told: Vec<(String, u32)> = Vec::new();
        let raised = steps.iter().filter(|it| it.kind == StepKind::Raise && !it.text.is_empty());
        for step in raised {
            let name = step.text.trim_start_matches("new ").split('(').next().unwrap_or_default();
            if name.is_empty() || is_long(name) {
                continue;
            }
            let text = format!("{}{}", code(name), self.when(step).unwrap_or_default());
            if self.when(step).is_some() && told.iter().all(|it| it.0 != text) {
                told.push((text, step.line));
            }
        }
        let lines = told.iter().take(MAX_OUTCOMES).map(|it| it.1).collect();
        let shown: Vec<String> = told.iter().take(MAX_OUTCOMES).map(|it| it.0.clone()).collect();
        let verb = match self.context.language {
            Language::Python => "raises",
            Language::TypeScript | Language::JavaScript => "throws",
            Language::Rust | Language::Go => "panics with",
        };
        (!shown.is_empty()).then(|| Clause {
            text: format!("{verb} {}", list(&shown, told.len())),
            lines,
            weight: 7,
        })
    }
}

fn phrase(condition: &Condition) -> Option<String> {
    let text = condition.text.trim();
    if is_long(text) {
        return None;
    }
    Some(match condition.kind {
        ConditionKind::If => format!("if {}", code(text)),
        ConditionKind::Otherwise => format!("unless {}", code(text)),
        ConditionKind::Loop if text.is_empty() => "in a loop".to_owned(),
        ConditionKind::Loop if is_test(text) => format!("while {}", code(text)),
        ConditionKind::Loop => format!("in a loop over {}", code(text)),
        ConditionKind::Case => case(text)?,
        ConditionKind::Catch if text.is_empty() => "when an error is caught".to_owned(),
        ConditionKind::Catch => format!("when {} is caught", code(text)),
        ConditionKind::Finally => "in the end".to_owned(),
        ConditionKind::Closure => return None,
    })
}

/// Tells a loop's condition from what it goes over.
fn is_test(text: &str) -> bool {
    const SIGNS: [&str; 9] = [" < ", " > ", "<=", ">=", "==", "!=", " && ", "not ", "true"];
    text.starts_with('!') || SIGNS.iter().any(|it| text.to_lowercase().contains(it))
}

fn case(text: &str) -> Option<String> {
    let (value, pattern) = text.split_once(": ").or_else(|| text.split_once(':'))?;
    let (value, pattern) = (value.trim(), pattern.trim());
    Some(match (value, pattern) {
        (_, "" | "_" | "default") => "otherwise".to_owned(),
        ("", pattern) => format!("if {}", code(pattern)),
        (value, pattern) => format!("if {} is {}", code(value), code(pattern)),
    })
}

fn effect_phrase(effect: Effect, step: &Step) -> String {
    let callee = code(bare(&step.text));
    let named = |kind| step.literals.iter().find(|it| it.kind == kind).map(|it| code(&it.text));
    match effect {
        Effect::FileRead => format!("reads files with {callee}"),
        Effect::FileWrite => format!("writes files with {callee}"),
        Effect::Network => format!("uses the network through {callee}"),
        Effect::Database => match named(LiteralKind::Sql) {
            Some(sql) => format!("runs {sql} on the database"),
            None => format!("uses the database through {callee}"),
        },
        Effect::Process => format!("acts on processes with {callee}"),
        Effect::Random => format!("draws random values with {callee}"),
        Effect::Environment => match named(LiteralKind::Environment) {
            Some(name) => format!("uses the environment variable {name}"),
            None => format!("uses the environment through {callee}"),
        },
        Effect::Lock => format!("holds a lock ({callee})"),
        Effect::Spawn => format!("starts a task with {callee}"),
        Effect::Log => format!("logs with {callee}"),
        Effect::Clock => format!("reads the clock with {callee}"),
    }
}

fn literal_phrase(literal: &Literal) -> Option<String> {
    let text = literal.text.as_str();
    if is_long(text) {
        return None;
    }
    Some(match literal.kind {
        LiteralKind::Status => format!("status {text}"),
        LiteralKind::Method => format!("method {}", code(text)),
        LiteralKind::Route => format!("route {}", code(text)),
        LiteralKind::Header => format!("header {}", code(text)),
        LiteralKind::Option => format!("option {}", code(text)),
        LiteralKind::Environment => format!("environment variable {}", code(text)),
        LiteralKind::Sql => format!("SQL {}", code(text)),
        LiteralKind::Url | LiteralKind::Text | LiteralKind::Number => return None,
    })
}

fn is_long(text: &str) -> bool {
    text.chars().count() > MAX_CODE_CHARS
}

/// A path without the name of the object that the method belongs to.
fn bare(path: &str) -> &str {
    ["self.", "this.", "cls.", "await "].iter().find_map(|it| path.strip_prefix(it)).unwrap_or(path)
}

fn last_part(path: &str) -> &str {
    path.rsplit(['.', ':']).next().unwrap_or(path)
}
