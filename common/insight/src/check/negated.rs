//! Statements that something is not so, and what types and absence words say.

use super::facts::{Facts, identifiers};
use super::grounding::{stem, words_of};
use super::phrases::is_negated;
use super::tokens::{Shape, Token};
use super::{Report, shown};

pub(super) fn check(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    absences(tokens, facts, report);
    purpose(tokens, facts, report);
    plain_returns(tokens, facts, report);
    status(tokens, facts, report);
}

/// `is not implemented`, `is not yet available`: only where comment or source say something like it.
fn status(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    const STATES: &[&str] = &[
        "implemented",
        "available",
        "supported",
        "finished",
        "complete",
        "completed",
        "ready",
        "documented",
        "defined",
        "described",
        "specified",
        "provided",
        "included",
    ];
    let said = format!("{} {}", facts.doc, facts.source).to_lowercase();
    for (idx, token) in tokens.iter().enumerate().filter(|(_, it)| it.is_one_of(STATES)) {
        let before: Vec<&Token<'_>> = tokens[..idx].iter().rev().take(2).collect();
        let is_denied = before.first().is_some_and(|it| it.is_word("not"))
            || before.first().is_some_and(|it| it.is_word("yet"))
                && before.last().is_some_and(|it| it.is_word("not"));
        let root = stem(&token.lower);
        if is_denied && !said.contains(&root) {
            report.fault("unfounded_status", format!("nothing says that it is not {}", token.lower));
        }
    }
}

/// `returns nothing`, `takes no parameters`, `has no callers`, `is never called`.
fn absences(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    let context = facts.context;
    let text: String = {
        let words =
            tokens.iter().map(|it| if it.shape == Shape::Mark { ",".to_owned() } else { it.lower.clone() });
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(*phrase));
    let returned = context.return_type.as_deref().unwrap_or("None");
    let returns_something =
        !matches!(returned, "None" | "()" | "void" | "undefined" | "" | "NoReturn" | "never");
    let n_inputs = context
        .parameters
        .iter()
        .filter(|it| !matches!(it.name.trim_start_matches(['&', '*']), "self" | "cls" | "this" | "mut self"))
        .count();
    let rules: [(&[&str], bool, &str); 6] = [
        (
            &[
                " returns nothing ",
                " returns no value ",
                " not return anything ",
                " not return a value ",
                " return nothing ",
            ],
            returns_something && context.kind.is_callable(),
            "the signature has a return type",
        ),
        (
            &[
                " takes no parameter",
                " takes no argument",
                " takes no input",
                " without parameters ",
                " without arguments ",
                " accepts no ",
                " not take any ",
                " has no parameters ",
            ],
            n_inputs > 0 && context.kind.is_callable(),
            "the signature has parameters",
        ),
        (
            &[
                " no callers ",
                " no known callers ",
                " never called ",
                " not called by any",
                " not called anywhere",
                " nothing calls ",
                " is unused ",
                " never used ",
                " not used anywhere",
            ],
            context.n_called_by > 0 || !context.callers_complete,
            "it is not known that nothing calls this symbol",
        ),
        (
            &[" calls nothing ", " not call any", " calls no other ", " no calls "],
            context.n_calls > 0,
            "the symbol does call others",
        ),
        (
            &[
                " no members ",
                " no fields ",
                " no methods ",
                " no variants ",
                " without members ",
                " without fields ",
                " is empty ",
            ],
            context.n_members > 0,
            "the symbol has members",
        ),
        (
            &[" no base class", " no bases ", " not extend any", " not inherit from any", " implements no "],
            !facts.bases.is_empty(),
            "the symbol has bases",
        ),
    ];
    for (phrases, is_false, message) in rules {
        if is_false && says(phrases) {
            report.fault("negated", message);
        }
    }
}

/// `does not validate` of `validate_header`: the name says that it does.
fn purpose(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    const HINTS: &[&str] = &[
        "not", "no", "never", "without", "ignore", "skip", "disable", "un", "non", "avoid", "suppress",
        "don't", "doesn't", "lazy",
    ];
    let names: Vec<String> = words_of(&facts.context.name).map(|word| stem(&word)).collect();
    let lead = crate::lead_sentence(&facts.doc).unwrap_or_default();
    let leads: Vec<String> = identifiers(&lead).take(2).map(stem).collect();
    let texts = format!("{} {}", facts.context.name, facts.doc).to_lowercase();
    let is_hinted =
        HINTS.iter().any(|hint| texts.split(|c: char| !c.is_alphabetic() && c != '\'').any(|it| it == *hint));
    if is_hinted {
        return;
    }
    for (idx, token) in tokens.iter().enumerate().filter(|(_, it)| it.shape == Shape::Word) {
        let auxiliary = idx >= 2
            && (tokens[idx - 1].is_word("not") && tokens[idx - 2].is_one_of(&["does", "do"])
                || tokens[idx - 1].is_one_of(&["never"]));
        let short = idx >= 1 && tokens[idx - 1].is_one_of(&["doesn't", "don't", "never", "cannot"]);
        let root = stem(&token.lower);
        if (auxiliary || short) && root.len() > 2 && (names.contains(&root) || leads.contains(&root)) {
            report.fault("negated", format!("{} is what the symbol does do", shown(token.text)));
        }
    }
}

/// Groups of words for one simple type, and of how languages write it.
const TYPES: [(&[&str], &[&str]); 6] = [
    (&["boolean", "bool", "flag"], &["bool", "boolean", "Boolean", "TypeGuard", "TypeIs"]),
    (
        &["string", "str", "text"],
        &["str", "string", "String", "Str", "Text", "AnyStr", "OsString", "CString"],
    ),
    (
        &["integer", "int"],
        &[
            "int", "usize", "isize", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "u128", "i128",
            "number", "int64", "int32", "uint", "uint64", "uint32", "byte", "rune", "Int",
        ],
    ),
    (&["float"], &["float", "f32", "f64", "number", "float64", "float32"]),
    (
        &["list", "array", "vector", "slice"],
        &[
            "list",
            "List",
            "Vec",
            "Sequence",
            "Array",
            "ReadonlyArray",
            "[",
            "MutableSequence",
            "Collection",
            "Iterable",
        ],
    ),
    (
        &["dictionary", "dict"],
        &[
            "dict",
            "Dict",
            "Mapping",
            "map",
            "Map",
            "HashMap",
            "BTreeMap",
            "MutableMapping",
            "TypedDict",
            "Record",
        ],
    ),
];

/// `returns a string` where the signature says `bool`.
fn plain_returns(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    let Some(returned) = facts.context.return_type.as_deref().filter(|_| facts.context.kind.is_callable())
    else {
        return;
    };
    let written: Vec<&str> = returned.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '[').collect();
    let is_of = |words: &[&str]| {
        words.iter().any(|word| written.contains(word) || (*word == "[" && returned.contains('[')))
    };
    // Only where the signature's own type is one of the simple ones is another one wrong.
    let Some((own, _)) = TYPES.iter().find(|(_, types)| types.iter().any(|it| *it == returned.trim())) else {
        return;
    };
    for (idx, token) in tokens.iter().enumerate() {
        if !token.is_one_of(&["returns", "returning", "yields"]) || is_negated(tokens, idx) {
            continue;
        }
        let Some(noun) =
            tokens.get(idx + 1).filter(|it| it.is_one_of(&["a", "an"])).and_then(|_| tokens.get(idx + 2))
        else {
            continue;
        };
        let ends = tokens.get(idx + 3).is_none_or(|it| {
            it.shape == Shape::Mark
                || it.is_one_of(&[
                    "of",
                    "that",
                    "with",
                    "containing",
                    "when",
                    "if",
                    "for",
                    "from",
                    "or",
                    "and",
                    "describing",
                ])
        });
        let said = TYPES.iter().find(|(words, _)| noun.is_one_of(words));
        if let Some((words, types)) = said.filter(|_| ends)
            && words != own
            && !is_of(types)
        {
            report.fault(
                "wrong_return",
                format!("the return type is {}, not {}", shown(returned), shown(&noun.lower)),
            );
        }
    }
}
