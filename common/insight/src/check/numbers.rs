//! Numbers must be the computed ones, or stand in the comment, the source or the signature.

use docpack::SymbolKind;

use super::facts::Facts;
use super::numerals::{Numeral, numerals};
use super::tokens::{Shape, Token};
use super::{Report, shown};

pub(super) fn check(tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    for numeral in numerals(tokens) {
        match numeral.value {
            Some(n) => one(n, &numeral, tokens, facts, report),
            None => report.fault(
                "unknown_number",
                format!("the number {} cannot be compared with the facts", shown(tokens[numeral.start].text)),
            ),
        }
    }
}

fn one(n: u64, numeral: &Numeral<'_>, tokens: &[Token<'_>], facts: &Facts<'_>, report: &mut Report) {
    let counted = counted(tokens, numeral, facts);
    let fits = match &counted {
        Some(Counted { exact, at_most }) => {
            exact.contains(&n) || n <= *at_most || stands_counted(n, tokens, numeral, facts)
        }
        None => is_grounded(n, numeral, tokens, facts),
    };
    if !fits && counted.is_some() {
        report.fault("wrong_number", format!("{n} is not the number that was counted"));
    } else if !fits {
        report
            .fault("unknown_number", format!("the number {n} does not stand in the facts about this symbol"));
    } else if counted.is_some() {
        report.rests_on("counts");
    }
}

/// What is measured or set rather than counted in code: only texts can tell how many.
pub(super) const DURATIONS: &[&str] = &[
    "second",
    "seconds",
    "sec",
    "secs",
    "ms",
    "millisecond",
    "milliseconds",
    "microsecond",
    "microseconds",
    "nanosecond",
    "nanoseconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "percent",
];
pub(super) const MEASURES: &[&str] = &[
    "times",
    "time",
    "retries",
    "retry",
    "attempt",
    "attempts",
    "tries",
    "rounds",
    "iterations",
    "byte",
    "bytes",
    "kilobytes",
    "megabytes",
    "gigabytes",
    "kb",
    "mb",
    "gb",
    "kib",
    "mib",
    "gib",
    "bit",
    "bits",
    "character",
    "characters",
    "digit",
    "digits",
    "decimals",
    "thread",
    "threads",
    "worker",
    "workers",
    "connections",
    "requests",
    "rows",
    "columns",
    "pixels",
    "spaces",
];

/// Whether a number that counts none of the facts stands in them.
fn is_grounded(n: u64, numeral: &Numeral<'_>, tokens: &[Token<'_>], facts: &Facts<'_>) -> bool {
    let nouns = nouns(tokens, numeral);
    let is_among = |list: &[&str]| nouns.iter().any(|it| list.contains(it));
    let is_article = numeral.is_word && n <= 1;
    if is_among(DURATIONS) || (is_among(MEASURES) && !is_article) {
        return facts.text_numbers.contains(&n);
    }
    // `one parcel`; `SHA-1`, `2D`.
    if is_article || (numeral.is_glued && n <= 2) || facts.numbers.contains(&n) {
        return true;
    }
    // `the two`, `compares two versions`: two of several are no claim.
    let is_countable = nouns.iter().any(|it| it.ends_with('s') && !it.ends_with("ss"));
    numeral.is_word && n == 2 && (!is_countable || facts.context.parameters.len() >= 2)
}

/// The words that a number may count: what is joined to it, or up to a noun.
fn nouns<'a>(tokens: &'a [Token<'_>], numeral: &Numeral<'a>) -> Vec<&'a str> {
    if let Some(unit) = numeral.unit {
        return vec![unit];
    }
    const ENDS: &[&str] = &[
        "of", "for", "to", "in", "on", "and", "or", "is", "are", "as", "by", "from", "with", "when", "that",
        "which", "at", "into", "has", "than",
    ];
    let after = tokens[numeral.end..].iter().take(MAX_ADJECTIVES + 1);
    after
        .take_while(|it| it.shape == Shape::Word && !it.is_one_of(ENDS))
        .map(|it| it.lower.as_str())
        .collect()
}

/// What a number before a noun must be: one of these, or (for a part of a list) no more than that.
struct Counted {
    exact: Vec<u64>,
    at_most: u64,
}

/// Adjectives between a number and its noun at most.
const MAX_ADJECTIVES: usize = 2;

fn counted(tokens: &[Token<'_>], numeral: &Numeral<'_>, facts: &Facts<'_>) -> Option<Counted> {
    let idx = numeral.start;
    let after =
        tokens[numeral.end..].iter().take(MAX_ADJECTIVES + 1).take_while(|it| it.shape == Shape::Word);
    let words: Vec<&str> = after.map(|it| it.lower.as_str()).collect();
    let context = facts.context;
    let exact =
        |numbers: &[u32]| Counted { exact: numbers.iter().map(|n| u64::from(*n)).collect(), at_most: 0 };
    let complexity = context.complexity.map_or(vec![], |it| vec![it.cyclomatic, it.cognitive]);
    let before = |words: &[&str]| tokens[..idx].iter().rev().take(3).any(|it| it.is_one_of(words));
    if before(&["complexity"]) && !complexity.is_empty() {
        return Some(exact(&complexity));
    }
    let at = words.iter().position(|word| NOUNS.contains(word))?;
    // `a single member of a file` counts nothing; `one parameter` does.
    if tokens[idx].is_one_of(&["one", "single"])
        && !words[at].starts_with("parameter")
        && !words[at].starts_with("argument")
    {
        return None;
    }
    let is_partial = at > 0 && !matches!(words[0], "other" | "more" | "direct" | "total");
    let mut found = match words[at] {
        "parameter" | "parameters" | "argument" | "arguments" | "inputs" if context.kind.is_callable() => {
            exact(&inputs(facts))
        }
        "caller" | "callers" => exact(&[context.n_called_by]),
        "callee" | "callees" => exact(&[context.n_calls]),
        "line" | "lines" if before(&["in", "spans", "has", "of", "spanning", "over", "is"]) => {
            exact(&[context.n_lines])
        }
        "member" | "members" | "field" | "fields" | "method" | "methods" | "variant" | "variants"
        | "attributes" | "properties"
            if context.n_members > 0 =>
        {
            members(words[at], facts)
        }
        "more" => exact(&remainders(tokens, idx, facts)),
        "branches" | "complexity" if !complexity.is_empty() => exact(&complexity),
        _ => return None,
    };
    if is_partial {
        found.at_most = found.exact.iter().copied().max().unwrap_or(0);
    }
    Some(found)
}

const NOUNS: &[&str] = &[
    "parameter",
    "parameters",
    "argument",
    "arguments",
    "inputs",
    "caller",
    "callers",
    "callee",
    "callees",
    "line",
    "lines",
    "member",
    "members",
    "field",
    "fields",
    "method",
    "methods",
    "variant",
    "variants",
    "more",
    "branches",
    "complexity",
];

/// With the receiver and without.
fn inputs(facts: &Facts<'_>) -> Vec<u32> {
    let parameters = &facts.context.parameters;
    let is_receiver = |name: &str| {
        matches!(name.trim_start_matches(['&', '*']).trim_start_matches("mut "), "self" | "cls" | "this")
    };
    let n = parameters.len() as u32;
    let n_receivers = parameters.iter().filter(|it| is_receiver(&it.name)).count() as u32;
    vec![n, n - n_receivers]
}

fn members(noun: &str, facts: &Facts<'_>) -> Counted {
    let context = facts.context;
    let of_kind =
        |kinds: &[SymbolKind]| context.members.iter().filter(|it| kinds.contains(&it.kind)).count() as u64;
    let n = match noun {
        "member" | "members" => u64::from(context.n_members),
        "method" | "methods" => of_kind(&[SymbolKind::Method, SymbolKind::Function, SymbolKind::Constructor]),
        "variant" | "variants" => of_kind(&[SymbolKind::EnumVariant]),
        _ => of_kind(&[SymbolKind::Field, SymbolKind::Property, SymbolKind::Constant, SymbolKind::Variable]),
    };
    // Where members are not all listed, those of one kind cannot be counted.
    let is_cut = context.n_members as usize > context.members.len();
    let at_most = if is_cut { u64::from(context.n_members) } else { 0 };
    Counted { exact: vec![n, u64::from(context.n_members)], at_most }
}

/// What `and 3 more` may be: a total less the names listed before it.
fn remainders(tokens: &[Token<'_>], idx: usize, facts: &Facts<'_>) -> Vec<u32> {
    let context = facts.context;
    let before = tokens[..idx].iter().filter(|it| it.sentence == tokens[idx].sentence && it.is_code());
    let n_listed = before.count() as u32;
    let totals = [context.n_calls, context.n_called_by, context.n_members, context.parameters.len() as u32];
    let smaller = (1..=n_listed).flat_map(|n| totals.iter().map(move |total| total.saturating_sub(n)));
    smaller.chain(totals.iter().map(|total| total.saturating_sub(n_listed + 1))).collect()
}

/// The comment counts the same thing: `three lines`, `2 arguments`.
fn stands_counted(n: u64, tokens: &[Token<'_>], numeral: &Numeral<'_>, facts: &Facts<'_>) -> bool {
    let noun = tokens.get(numeral.end).filter(|it| it.shape == Shape::Word);
    noun.is_some_and(|it| facts.doc_counts.contains(&(n, it.lower.clone())))
}
