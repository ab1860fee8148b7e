//! Which symbols a text relates its subject to, and whether that is so.

use std::collections::BTreeSet;

use model::context::Neighbour;

use super::facts::{Facts, bare};
use super::grounding::words_of;
use super::kinds::is_kind_word;
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
        // `rather than raising an error`: a comment that names it says the same.
        (Verdict::Holds(_), true) if is_denied_by_author(object, facts) => {}
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

/// The comment names the object and denies something.
fn is_denied_by_author(object: &str, facts: &Facts<'_>) -> bool {
    const DENIALS: [&str; 5] = ["rather than ", "instead of ", " not ", "never ", "without "];
    let name = bare(object);
    facts.doc_names.contains(&name) && DENIALS.iter().any(|it| facts.doc.contains(it))
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

/// `when the router calls`, `` `Other` calls ``, `the router, which calls`: the subject is something else.
fn is_of_another(tokens: &[Token<'_>], found: &Stated, facts: &Facts<'_>) -> bool {
    let sentence = tokens[found.start].sentence;
    let before = &tokens[..found.start];
    let from = before.iter().rposition(|it| it.sentence != sentence).map_or(0, |idx| idx + 1);
    let Some((nearest, rest)) = before[from..].split_last() else { return false };
    if nearest.is_one_of(&["which", "who"]) {
        return names_another(rest, facts);
    }
    if !tokens[found.start].lower.ends_with('s') {
        return false;
    }
    if nearest.is_code() {
        return !is_own(nearest, facts) && !opens_with_preposition(rest);
    }
    let clause = before[from..]
        .rsplit(|it| it.is_mark(",") || it.is_mark(";") || it.is_mark(":"))
        .next()
        .unwrap_or_default();
    let condition = clause.iter().rposition(|it| it.is_one_of(CONDITIONS));
    condition.is_some_and(|at| has_other_subject(&clause[at + 1..], facts))
}

const CONDITIONS: &[&str] =
    &["when", "if", "until", "once", "while", "unless", "where", "because", "whose", "whenever", "what"];
/// Words that end in no noun: what stands before `which` or a verb means something else or nothing.
const NO_NOUNS: &[&str] = &[
    "it",
    "this",
    "that",
    "these",
    "itself",
    "they",
    "one",
    "over",
    "back",
    "up",
    "out",
    "off",
    "on",
    "in",
    "to",
    "down",
    "away",
    "again",
    "once",
    "twice",
    "first",
    "then",
    "also",
    "and",
    "or",
    "but",
    "sent",
    "done",
    "found",
    "given",
    "set",
    "run",
    "read",
    "written",
    "made",
    "kept",
    "left",
    "lost",
    "shown",
    "known",
    "possible",
    "necessary",
    "not",
    "never",
    "needed",
    "always",
    "often",
    "ready",
    "true",
    "false",
    "empty",
    "is",
    "so",
    "yet",
    "now",
];

/// `` called by `Queue.drain`, which ``: a name or a noun that means neither the subject nor its kind.
fn names_another(before: &[Token<'_>], facts: &Facts<'_>) -> bool {
    let antecedent = before.iter().rev().find(|it| !it.is_mark(",") && !it.is_mark(")"));
    antecedent.is_some_and(|it| match it.shape {
        Shape::Code => !is_own(it, facts),
        Shape::Word => is_noun(it) && !is_kind_word(it) && !is_called(it, facts),
        Shape::Mark => false,
    })
}

/// Whether what stands between a condition and a verb is the verb's subject: `when the router`, not `while sending it`.
fn has_other_subject(between: &[Token<'_>], facts: &Facts<'_>) -> bool {
    for (idx, token) in between.iter().enumerate().rev() {
        let ends = idx + 1 == between.len();
        match token.shape {
            Shape::Code => return !is_own(token, facts),
            Shape::Mark => return false,
            Shape::Word if token.is_one_of(&["it", "this"]) => return false,
            Shape::Word if is_kind_word(token) || is_called(token, facts) => return false,
            Shape::Word if token.is_one_of(&["and", "or", "then", "also", "only"]) => {}
            Shape::Word if token.lower.ends_with("ly") => {}
            Shape::Word if is_noun(token) => return true,
            Shape::Word if ends && !between[idx..].iter().any(|it| it.is_one_of(&["and", "or"])) => {
                return false;
            }
            Shape::Word => {}
        }
    }
    false
}

/// `the process`, `a parcel`; not `waits`, `sending`, `it`.
fn is_noun(token: &Token<'_>) -> bool {
    let word = token.lower.as_str();
    let is_verb = word.ends_with("ing")
        && !matches!(word, "string" | "thing" | "setting" | "mapping" | "ring")
        || word.ends_with("ed") && word.len() > 4
        || word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us");
    token.shape == Shape::Word && !is_verb && !token.is_one_of(NO_NOUNS) && !word.ends_with("ly")
}

/// The subject of a type is called by its name's last word too: `an error which` of `DeliveryError`.
fn is_called(token: &Token<'_>, facts: &Facts<'_>) -> bool {
    let last = words_of(&facts.context.name).last();
    !facts.context.kind.is_callable() && last.is_some_and(|it| it == token.lower)
}

fn is_own(token: &Token<'_>, facts: &Facts<'_>) -> bool {
    let name = bare(token.text);
    let path = facts.context.qualified_name.strip_suffix(name.as_str());
    facts.own.contains(&name) || path.is_some_and(|it| it.is_empty() || it.ends_with(['.', ':', '#', '/']))
}

/// `` Given `parcel` ``, `` With `parcel` ``: what follows a preposition that opens a clause is no subject.
fn opens_with_preposition(before: &[Token<'_>]) -> bool {
    const PREPOSITIONS: &[&str] = &[
        "given", "with", "from", "for", "using", "via", "through", "after", "before", "without", "by", "on",
    ];
    let mut words = before.iter().rev().skip_while(|it| it.is_one_of(&["the", "a", "an", "its", "each"]));
    let is_preposition = words.next().is_some_and(|it| it.is_one_of(PREPOSITIONS));
    is_preposition && words.next().is_none_or(|it| it.shape == Shape::Mark)
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
