//! Which symbols a text relates its subject to, and whether that is so.

use std::collections::BTreeSet;

use model::context::Neighbour;

use super::facts::{Facts, bare};
use super::phrases::{Relation, Stated, begins_phrase, stated};
use super::tokens::{Shape, Token};
use super::verify::{Verdict, verify};
use super::{Report, shown};

/// Looks up every stated relation; returns the sentences of those that hold and tell more than a place.
pub(super) fn check(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) -> BTreeSet<usize> {
    let mut telling = BTreeSet::new();
    for found in stated(tokens) {
        if is_of_another(tokens, &found, facts) {
            continue;
        }
        let objects = objects(tokens, &found, facts);
        for object in &objects {
            let holds = judge(&found, object, facts, report);
            // `An implementation of itself` holds as well.
            let is_label = match found.relation {
                Relation::DefinedIn | Relation::MemberOf => true,
                Relation::Implements => {
                    let name = bare(object);
                    facts.own.contains(&name) && !facts.bases.contains(&name)
                }
                _ => false,
            };
            if holds && !is_label {
                telling.insert(tokens[found.start].sentence);
            }
        }
        if objects.is_empty() && found.relation == Relation::Raises {
            raises_at_all(tokens, &found, facts, report);
        }
    }
    telling
}

/// Tells whether the relation holds.
fn judge(found: &Stated, object: &str, facts: &Facts<'_>, report: &mut Report) -> bool {
    let verdict = verify(found.relation, object, facts);
    match (verdict, found.is_negated) {
        (Verdict::Holds(evidence), false) => {
            report.rests_on(evidence);
            return true;
        }
        (Verdict::Holds(_), true) => {
            report.fault("negated", format!("the facts say the opposite about {}", shown(object)));
        }
        (Verdict::Plausible, _) => {}
        (Verdict::Reversed, false) => {
            report.fault("reversed", format!("the relation to {} goes the other way round", shown(object)));
        }
        (Verdict::Unfounded, false) => {
            let (code, words) = told(found.relation);
            report.fault(code, format!("{} is not among what this symbol {words}", shown(object)));
        }
        (Verdict::Unfounded | Verdict::Reversed, true) => {}
    }
    false
}

fn told(relation: Relation) -> (&'static str, &'static str) {
    match relation {
        Relation::Calls => ("wrong_callee", "calls"),
        Relation::CalledBy => ("wrong_caller", "is called by"),
        Relation::Uses => ("wrong_use", "uses"),
        Relation::UsedBy => ("wrong_user", "is used by"),
        Relation::Implements => ("wrong_interface", "implements"),
        Relation::ImplementedBy => ("wrong_implementor", "is implemented by"),
        Relation::Extends => ("wrong_base", "extends"),
        Relation::ExtendedBy => ("wrong_subclass", "is extended by"),
        Relation::Returns => ("wrong_return", "returns"),
        Relation::Takes => ("wrong_parameter", "takes"),
        Relation::Raises => ("wrong_raise", "raises"),
        Relation::Touches => ("wrong_access", "reads or writes"),
        Relation::DefinedIn => ("wrong_place", "is defined in"),
        Relation::MemberOf => ("wrong_owner", "belongs to"),
        Relation::Contains => ("wrong_member", "contains"),
        Relation::Imports => ("wrong_import", "imports"),
        Relation::ImportedBy => ("wrong_importer", "is imported by"),
    }
}

/// `when the router calls`, `` `Other` calls ``, `, which calls`: the subject is something else.
fn is_of_another(tokens: &[Token<'_>], found: &Stated, facts: &Facts<'_>) -> bool {
    const CONDITIONS: &[&str] =
        &["when", "if", "until", "once", "while", "unless", "where", "because", "whose", "whenever", "what"];
    let Some(before) = found.start.checked_sub(1).map(|idx| &tokens[idx]) else { return false };
    let is_finite = tokens[found.start].lower.ends_with('s');
    let names_other = before.is_code()
        && is_finite
        && before.sentence == tokens[found.start].sentence
        && !facts.own.contains(&bare(before.text))
        && !facts.context.qualified_name.ends_with(&bare(before.text));
    if names_other || before.is_word("which") || before.is_word("who") {
        return true;
    }
    let clause = tokens[..found.start].iter().rev().take_while(|it| {
        it.sentence == tokens[found.start].sentence
            && !(it.is_mark(",") || it.is_mark(";") || it.is_mark(":"))
    });
    is_finite && clause.clone().any(|it| it.is_one_of(CONDITIONS))
}

/// Words that may stand between a phrase and the name it is about.
const DETERMINERS: &[&str] = &[
    "the",
    "a",
    "an",
    "its",
    "their",
    "own",
    "each",
    "every",
    "both",
    "either",
    "all",
    "any",
    "this",
    "that",
    "another",
    "new",
    "either",
    "itself",
    "to",
    "also",
    "only",
    "first",
    "then",
    "finally",
    "directly",
    "one",
    "two",
    "internally",
];
/// Words after which what follows is no longer what the phrase is about.
const STOPS: &[&str] = &[
    "of", "for", "from", "with", "by", "in", "on", "at", "into", "that", "which", "who", "when", "if",
    "whether", "while", "until", "because", "so", "as", "where", "how", "what", "than", "before", "after",
    "using", "via", "through", "over", "per", "is", "are", "was", "has", "have", "but", "and", "or", "not",
    "without", "during", "under", "between", "to", "about",
];
/// `a list of X` is X many times: the phrase is about X as well.
const CONTAINERS: &[&str] = &[
    "list",
    "lists",
    "vector",
    "array",
    "iterator",
    "sequence",
    "tuple",
    "set",
    "map",
    "dict",
    "dictionary",
    "slice",
    "pair",
    "stream",
    "instance",
    "copy",
    "promise",
    "future",
    "collection",
    "subclass",
    "instances",
    "mapping",
    "kind",
    "form",
    "variant",
    "generator",
];
/// Words between a phrase and a name at most.
const MAX_WORDS_BETWEEN: usize = 5;
/// `calls back`, `called by hand`: no names.
const NO_NAMES: &[&str] = &[
    "back",
    "out",
    "itself",
    "it",
    "them",
    "once",
    "twice",
    "into",
    "through",
    "on",
    "upon",
    "for",
    "off",
    "up",
    "him",
    "anything",
    "nothing",
    "something",
    "everything",
    "default",
    "hand",
    "name",
    "tests",
    "test",
    "callers",
    "others",
    "users",
    "clients",
    "code",
    "many",
    "several",
    "various",
    "other",
    "everyone",
    "itself",
    "another",
    "handlers",
    "callbacks",
    "hooks",
    "functions",
];

/// The names that a phrase is about: `the hook`, `` `a`, `b` and `c` ``.
fn objects(tokens: &[Token<'_>], found: &Stated, facts: &Facts<'_>) -> Vec<String> {
    let mut objects: Vec<String> = Vec::new();
    let (mut idx, mut n_between, mut expects) = (found.end, 0, true);
    while let Some(token) = tokens.get(idx).filter(|it| it.sentence == tokens[found.start].sentence) {
        let is_first = objects.is_empty();
        if !is_first && token.shape == Shape::Word && begins_phrase(tokens, idx) {
            break;
        }
        if token.is_code() || is_bare_name(tokens, idx, found, n_between, expects, facts) {
            if !expects {
                break;
            }
            objects.push(token.text.to_owned());
            (expects, n_between) = (false, 0);
        } else if token.is_mark(",") || token.is_mark("/") || token.is_one_of(&["and", "or", "plus", "then"])
        {
            if is_first && !token.is_word("then") {
                break;
            }
            expects = true;
        } else if token.is_mark("(") || token.is_mark(")") || token.is_mark("\"") || token.is_mark(":") {
            // `calls the parser (`parse`)` names the parser.
        } else if token.shape == Shape::Mark {
            break;
        } else if token.is_word("of") && idx > 0 && tokens[idx - 1].is_one_of(CONTAINERS) {
            n_between += 1;
        } else if !expects || (token.is_one_of(STOPS) && !token.is_one_of(DETERMINERS)) {
            if expects || !is_noun_after_name(token) {
                break;
            }
        } else if !token.is_one_of(DETERMINERS) {
            n_between += 1;
        }
        if n_between > MAX_WORDS_BETWEEN || (token.is_one_of(&["that", "to"]) && n_between > 0) {
            break;
        }
        idx += 1;
    }
    objects
}

/// `` `parse` method and `run` ``: the noun belongs to the name before it.
fn is_noun_after_name(token: &Token<'_>) -> bool {
    const NOUNS: &[&str] = &[
        "method",
        "methods",
        "function",
        "functions",
        "class",
        "classes",
        "helper",
        "trait",
        "interface",
        "object",
        "objects",
        "parameter",
        "argument",
        "type",
        "instance",
        "instances",
        "error",
        "module",
    ];
    token.is_one_of(NOUNS)
}

/// A name without backticks: known among neighbours, or alone where only a name can stand.
fn is_bare_name(
    tokens: &[Token<'_>],
    idx: usize,
    found: &Stated,
    n_between: usize,
    expects: bool,
    facts: &Facts<'_>,
) -> bool {
    let token = &tokens[idx];
    if token.shape != Shape::Word || !expects || n_between > 0 || token.is_one_of(NO_NAMES) {
        return false;
    }
    let stands_first =
        idx == found.end || tokens[idx - 1].is_one_of(&["and", "or", "then"]) || tokens[idx - 1].is_mark(",");
    let ends = tokens
        .get(idx + 1)
        .is_none_or(|it| it.shape == Shape::Mark || it.is_one_of(&["and", "or", "to", "when"]));
    if !stands_first || !ends || token.is_one_of(STOPS) || token.is_one_of(DETERMINERS) {
        return false;
    }
    let context = facts.context;
    let is_of = |list: &[Neighbour]| list.iter().any(|it| it.name == token.text);
    let is_neighbour = is_of(&context.calls) || is_of(&context.called_by) || is_of(&context.related);
    let is_capital = token.text.starts_with(char::is_uppercase) && token.text.len() > 2;
    match found.relation {
        // `the call stack`: a noun names nothing.
        Relation::Calls if tokens[found.start].is_word("call") => false,
        Relation::Calls | Relation::CalledBy => idx == found.end || is_neighbour,
        Relation::Uses | Relation::UsedBy => is_neighbour,
        Relation::Implements | Relation::Extends | Relation::Returns | Relation::Raises => {
            is_capital && token.text.chars().skip(1).any(char::is_lowercase)
        }
        _ => false,
    }
}

/// `Raises an error if …`: something must show that it may.
fn raises_at_all(tokens: &[Token<'_>], found: &Stated, facts: &Facts<'_>, report: &mut Report) {
    const SHOWING: &[&str] = &[
        "raise",
        "throw",
        "panic",
        "err",
        "assert",
        "unwrap",
        "expect",
        "fail",
        "abort",
        "reject",
        "invalid",
        "exception",
        "exit",
        "die",
    ];
    let noun = tokens[found.end..].iter().take(4).any(|it| {
        it.is_one_of(&["error", "errors", "exception", "exceptions", "panic", "failure"])
            || it.lower.ends_with("error")
    });
    let is_panic = tokens[found.start].is_word("panics");
    if !(noun || is_panic) {
        return;
    }
    let shows = |text: &str| SHOWING.iter().any(|word| text.to_lowercase().contains(word));
    let calls = facts.context.calls.iter().any(|it| shows(&it.name));
    let is_shown = shows(&facts.source) || shows(&facts.doc) || shows(&facts.context.signature) || calls;
    match (is_shown, found.is_negated) {
        (false, false) => {
            report.fault("wrong_raise", "nothing in the facts shows that this symbol raises anything")
        }
        // `expect`, `error` may be mere words; only a raise itself contradicts.
        (true, true)
            if !shows(&facts.doc)
                && ["raise ", "throw ", "panic!("].iter().any(|mark| facts.source.contains(mark)) =>
        {
            report.fault("negated", "the source does raise");
        }
        _ => {}
    }
}
