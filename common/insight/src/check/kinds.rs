//! What a text says its subject is: a class, an async method, private.

use docpack::{SymbolKind, Visibility};
use model::context::SymbolContext;

use super::facts::Facts;
use super::phrases::is_noun_negated;
use super::tokens::{Shape, Token};
use super::{Report, shown};

/// Words for kinds, and the kinds that they may mean.
const KINDS: &[(&str, &[SymbolKind])] = &[
    ("function", CALLABLE),
    ("functions", CALLABLE),
    ("routine", CALLABLE),
    ("coroutine", CALLABLE),
    ("method", CALLABLE),
    ("getter", ACCESSOR),
    ("setter", ACCESSOR),
    ("constructor", CALLABLE),
    ("macro", &[SymbolKind::Macro]),
    ("class", CLASS),
    ("struct", CLASS),
    ("structure", CLASS),
    ("union", &[SymbolKind::Union, SymbolKind::TypeAlias]),
    ("enum", ENUM),
    ("enumeration", ENUM),
    ("variant", &[SymbolKind::EnumVariant]),
    ("trait", ABSTRACT),
    ("interface", ABSTRACT),
    ("protocol", ABSTRACT),
    ("type", TYPE),
    ("alias", ALIAS),
    ("module", &[SymbolKind::Module]),
    ("package", &[SymbolKind::Module]),
    ("namespace", &[SymbolKind::Module]),
    ("constant", VALUE),
    ("static", VALUE),
    ("variable", VALUE),
    ("field", MEMBER),
    ("property", MEMBER),
    ("attribute", MEMBER),
];

const CALLABLE: &[SymbolKind] = &[SymbolKind::Function, SymbolKind::Method, SymbolKind::Constructor];
const ACCESSOR: &[SymbolKind] =
    &[SymbolKind::Function, SymbolKind::Method, SymbolKind::Property, SymbolKind::Field];
const CLASS: &[SymbolKind] = &[SymbolKind::Class, SymbolKind::Struct, SymbolKind::Union, SymbolKind::Impl];
const ENUM: &[SymbolKind] = &[SymbolKind::Enum, SymbolKind::Class, SymbolKind::Impl];
const ABSTRACT: &[SymbolKind] =
    &[SymbolKind::Trait, SymbolKind::Interface, SymbolKind::Class, SymbolKind::Impl, SymbolKind::TypeAlias];
const ALIAS: &[SymbolKind] = &[
    SymbolKind::TypeAlias,
    SymbolKind::Constant,
    SymbolKind::Variable,
    SymbolKind::Method,
    SymbolKind::Function,
    SymbolKind::Property,
    SymbolKind::Field,
    SymbolKind::Interface,
];
const TYPE: &[SymbolKind] = &[
    SymbolKind::Class,
    SymbolKind::Struct,
    SymbolKind::Enum,
    SymbolKind::Union,
    SymbolKind::Trait,
    SymbolKind::Interface,
    SymbolKind::Impl,
    SymbolKind::TypeAlias,
    SymbolKind::EnumVariant,
    SymbolKind::Constant,
    SymbolKind::Variable,
];
const VALUE: &[SymbolKind] = &[
    SymbolKind::Constant,
    SymbolKind::Static,
    SymbolKind::Variable,
    SymbolKind::Field,
    SymbolKind::Property,
    SymbolKind::EnumVariant,
];
const MEMBER: &[SymbolKind] = &[
    SymbolKind::Field,
    SymbolKind::Property,
    SymbolKind::Variable,
    SymbolKind::Constant,
    SymbolKind::Static,
    SymbolKind::Method,
];

/// Words for what does something, besides those for kinds.
const DOERS: &[&str] = &[
    "helper",
    "utility",
    "wrapper",
    "factory",
    "callable",
    "procedure",
    "subroutine",
    "operation",
    "implementation",
    "object",
    "symbol",
    "code",
    "component",
    "hook",
    "builder",
    "definition",
    "generator",
    "exception",
];

/// Tells whether a noun may only mean the subject: `function`, `helper`.
pub(super) fn is_kind_word(token: &Token<'_>) -> bool {
    KINDS.iter().any(|(word, _)| token.is_word(word)) || token.is_one_of(DOERS)
}

pub(super) fn check(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    for (idx, token) in tokens.iter().enumerate() {
        if token.shape != Shape::Word {
            continue;
        }
        // `A variant of the function above` is no case of an enum.
        let is_likeness = token.is_word("variant") && tokens.get(idx + 1).is_some_and(|it| it.is_word("of"));
        let kinds = KINDS
            .iter()
            .filter(|_| !is_likeness)
            .find(|(word, _)| *word == token.lower)
            .map(|(_, kinds)| *kinds);
        if let Some(kinds) = kinds.filter(|_| claims_subject(tokens, idx)) {
            let negated = is_noun_negated(tokens, idx);
            if kinds.contains(&facts.context.kind) == negated && !is_kind_by_name(token, facts) {
                let kind = facts.context.kind.as_str().replace('_', " ");
                report.fault("wrong_kind", format!("the symbol is a {kind}, not a {}", token.lower));
            }
        }
        modifier(tokens, idx, facts, report);
    }
}

/// `MyMetaclass` may be called a class whatever it is; `make_function` no less.
fn is_kind_by_name(token: &Token<'_>, facts: &Facts<'_>) -> bool {
    let name = facts.context.name.to_lowercase();
    name.contains(token.lower.as_str())
        || (facts.context.kind == SymbolKind::Macro && token.is_one_of(&["function"]))
        || (facts.context.kind == SymbolKind::Class
            && token.is_one_of(&["function"])
            && facts.doc.to_lowercase().contains("function"))
}

/// Tells whether the word stands for the subject: `This class …`, `A method that …`, `It is a constant`.
fn claims_subject(tokens: &[Token<'_>], idx: usize) -> bool {
    let before: Vec<&Token<'_>> =
        tokens[..idx].iter().rev().take_while(|it| it.sentence == tokens[idx].sentence).collect();
    let next = tokens.get(idx + 1).filter(|it| it.sentence == tokens[idx].sentence);
    let closes = next.is_none_or(closes_noun);
    match before.first() {
        None => closes && next.is_some_and(|it| !it.is_mark(":")),
        Some(this) if this.is_word("this") => {
            // `registered by this module` speaks of where the symbol stands.
            let is_around = tokens[idx].is_one_of(&["module", "package", "namespace"]);
            before.len() == 1 || !is_around && tokens[idx + 1..].first().is_some_and(closes_noun)
        }
        Some(the) if the.is_word("the") => {
            before.len() == 1
                && next
                    .is_some_and(|it| it.shape == Shape::Word && it.lower.ends_with('s') && closes_noun(it))
        }
        Some(_) => closes && opens_with_article(&before),
    }
}

/// Only an article and adjectives stand before: `A small async …`, `… is a …`.
fn opens_with_article(before: &[&Token<'_>]) -> bool {
    const NO_ADJECTIVES: &[&str] = &[
        "of", "to", "for", "from", "in", "by", "with", "that", "which", "and", "or", "returns", "takes",
        "calls", "uses", "as", "into", "on", "wraps", "creates",
    ];
    let Some(article) = before.iter().position(|it| it.is_one_of(&["a", "an"])) else {
        // `Asynchronous method that …` opens with the adjective itself.
        return before.len() <= 2
            && before.iter().all(|it| it.shape == Shape::Word && MODIFIERS.contains(&it.lower.as_str()));
    };
    let adjectives = &before[..article];
    let plain = adjectives.iter().all(|it| it.shape == Shape::Word && !it.is_one_of(NO_ADJECTIVES));
    let opening = match before.get(article + 1) {
        None => true,
        // `It is not a function, but a class.`
        Some(but) if but.is_word("but") => before.iter().any(|it| it.is_word("not")),
        Some(verb) => {
            verb.is_word("is")
                && before.get(article + 2).is_none_or(|it| it.is_one_of(&["it", "this"]) || it.opens_sentence)
        }
    };
    adjectives.len() <= 4 && plain && opening
}

/// After these a noun is whole; before another noun it only describes it: `class decorator`.
fn closes_noun(token: &Token<'_>) -> bool {
    const CLOSING: &[&str] = &[
        "that",
        "which",
        "to",
        "for",
        "of",
        "with",
        "used",
        "called",
        "from",
        "in",
        "on",
        "whose",
        "and",
        "or",
        "by",
        "named",
        "returns",
        "takes",
        "calls",
        "holds",
        "provides",
        "represents",
        "checks",
        "parses",
        "handles",
        "creates",
        "builds",
        "adds",
        "reads",
        "writes",
        "wraps",
        "defines",
        "describes",
        "converts",
        "validates",
        "implements",
        "uses",
        "manages",
        "gives",
        "makes",
        "stores",
        "keeps",
        "where",
    ];
    token.shape != Shape::Word
        || CLOSING.contains(&token.lower.as_str())
        || (token.lower.ends_with("ing") && token.lower.len() > 5)
        || (token.lower.ends_with("ed") && token.lower.len() > 4)
}

const MODIFIERS: &[&str] = &[
    "async",
    "asynchronous",
    "synchronous",
    "static",
    "abstract",
    "public",
    "private",
    "protected",
    "internal",
    "exported",
    "generator",
    "final",
    "asynchronously",
    "synchronously",
    "non-async",
    "deprecated",
    "unsafe",
];
const NOUNS: &[&str] = &[
    "function",
    "method",
    "class",
    "member",
    "field",
    "property",
    "constructor",
    "helper",
    "struct",
    "constant",
    "trait",
    "interface",
    "getter",
    "setter",
    "type",
    "api",
    "enum",
    "module",
    "coroutine",
    "variable",
    "factory",
    "wrapper",
    "attribute",
    "classmethod",
    "utility",
    "entry",
];

/// `async`, `static`, `private` and the like where they describe the subject.
fn modifier(tokens: &[Token<'_>], idx: usize, facts: &Facts<'_>, report: &mut Report) {
    let token = &tokens[idx];
    if !MODIFIERS.contains(&token.lower.as_str()) {
        return;
    }
    let rest = tokens[idx + 1..].iter().take(3).take_while(|it| it.shape == Shape::Word);
    let noun = rest.clone().position(|it| NOUNS.contains(&it.lower.as_str()));
    let is_adverb = token.lower.ends_with("ously");
    let is_predicate = follows_subject(tokens, idx)
        && tokens.get(idx + 1).is_none_or(|it| it.shape == Shape::Mark || it.is_one_of(&["and", "but"]));
    let describes_subject = match noun {
        Some(at) => {
            claims_subject(tokens, idx + 1 + at) || at == 0 && (token.opens_sentence || opens(tokens, idx))
        }
        None => false,
    };
    if !(describes_subject || is_adverb && facts.context.kind.is_callable() || is_predicate) {
        return;
    }
    let negated = is_noun_negated(tokens, idx);
    if let Some(holds) = holds(token.lower.as_str(), facts)
        && holds == negated
    {
        report.fault("wrong_modifier", format!("{} is not so", shown(token.text)));
    }
}

/// `It is async`, `This method is not static`: nothing but the subject and the verb stand before.
fn follows_subject(tokens: &[Token<'_>], idx: usize) -> bool {
    let before: Vec<&Token<'_>> =
        tokens[..idx].iter().rev().take_while(|it| it.sentence == tokens[idx].sentence).collect();
    let subject = before.iter().position(|it| it.is_one_of(&["is", "runs"]));
    subject.is_some_and(|at| {
        at <= 1
            && before.len() - at <= 4
            && before.last().is_some_and(|it| it.is_one_of(&["it", "this", "the", "is"]))
    })
}

fn opens(tokens: &[Token<'_>], idx: usize) -> bool {
    let before: Vec<&Token<'_>> =
        tokens[..idx].iter().rev().take_while(|it| it.sentence == tokens[idx].sentence).collect();
    before
        .iter()
        .all(|it| it.is_one_of(&["a", "an", "the", "this"]) || MODIFIERS.contains(&it.lower.as_str()))
}

/// Whether a modifier is so; `None` where the facts cannot tell.
fn holds(word: &str, facts: &Facts<'_>) -> Option<bool> {
    let context = facts.context;
    let has = |word: &str| context.modifiers.iter().any(|it| it == word);
    let is_written = |word: &str| facts.known.iter().any(|it| it.to_lowercase() == word);
    match word {
        "async" | "asynchronous" | "asynchronously" => Some(is_async(context, facts)),
        "synchronous" | "synchronously" | "non-async" => Some(!has("async")),
        "static" => Some(
            has("static")
                || has("classmethod")
                || is_written("staticmethod")
                || is_bound_to_type(context)
                || is_written("static"),
        ),
        "abstract" => Some(
            has("abstract")
                || is_written("abstractmethod")
                || is_written("abstract")
                || is_written("abc")
                || is_open(context),
        ),
        "generator" => Some(
            has("generator")
                || facts.source.contains("yield")
                || facts.known.iter().any(|it| it.contains("Generator") || it.contains("Iterator")),
        ),
        "unsafe" => Some(has("unsafe") || is_written("unsafe")),
        "public" | "exported" => Some(context.exported || context.visibility == Visibility::Public),
        "private" => {
            let is_hidden = context.visibility != Visibility::Public || !context.exported;
            Some(
                is_hidden
                    || context.name.starts_with('_')
                    || context.file_path.contains("/_")
                    || context.file_path.contains("internal"),
            )
        }
        "protected" => Some(context.visibility == Visibility::Protected || context.name.starts_with('_')),
        "deprecated" => Some(is_written("deprecated")),
        _ => None,
    }
}

fn is_open(context: &SymbolContext) -> bool {
    matches!(context.kind, SymbolKind::Trait | SymbolKind::Interface)
        || context
            .parent
            .as_ref()
            .is_some_and(|it| matches!(it.kind, SymbolKind::Trait | SymbolKind::Interface))
}

/// A Rust function of a type without a receiver.
fn is_bound_to_type(context: &SymbolContext) -> bool {
    let first = context.parameters.first().map(|it| it.name.trim_start_matches(['&', '*']).to_owned());
    context.parent.is_some()
        && !first.is_some_and(|it| it.ends_with("self") || it == "this")
        && context.language == docpack::Language::Rust
}

fn is_async(context: &SymbolContext, facts: &Facts<'_>) -> bool {
    const SIGNS: &[&str] = &[
        "async",
        "await",
        "promise",
        "future",
        "awaitable",
        "coroutine",
        "asyncio",
        "anyio",
        "asynchronous",
    ];
    context.modifiers.iter().any(|it| it == "async")
        || facts.known.iter().any(|it| {
            let lower = it.to_lowercase();
            SIGNS.iter().any(|sign| lower.contains(sign))
                && !context.calls.iter().any(|call| call.name == *it)
        })
}
