//! How English states relations between symbols.

use super::tokens::{Shape, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Calls,
    CalledBy,
    Uses,
    UsedBy,
    Implements,
    ImplementedBy,
    Extends,
    ExtendedBy,
    Returns,
    Takes,
    Raises,
    Touches,
    DefinedIn,
    MemberOf,
    Contains,
    Imports,
    ImportedBy,
}

/// A phrase and the relation that it states to what follows. `*` stands for one adverb or none.
const PHRASES: &[(&str, Relation)] = &[
    ("calls", Relation::Calls),
    ("call", Relation::Calls),
    ("calling", Relation::Calls),
    ("invokes", Relation::Calls),
    ("invoke", Relation::Calls),
    ("invoking", Relation::Calls),
    ("delegates * to", Relation::Calls),
    ("delegate to", Relation::Calls),
    ("delegating * to", Relation::Calls),
    ("forwards to", Relation::Calls),
    ("defers to", Relation::Calls),
    ("deferring to", Relation::Calls),
    ("dispatches to", Relation::Calls),
    ("falls back to", Relation::Uses),
    ("called * by", Relation::CalledBy),
    ("called * from", Relation::CalledBy),
    ("called * in", Relation::CalledBy),
    ("called when", Relation::Uses),
    ("invoked * by", Relation::CalledBy),
    ("invoked * from", Relation::CalledBy),
    ("triggered * by", Relation::CalledBy),
    ("run * by", Relation::CalledBy),
    ("executed * by", Relation::CalledBy),
    ("callers are", Relation::CalledBy),
    ("callers include", Relation::CalledBy),
    ("callers including", Relation::CalledBy),
    ("callers such as", Relation::CalledBy),
    ("caller is", Relation::CalledBy),
    ("used * by", Relation::UsedBy),
    ("used * from", Relation::UsedBy),
    ("relied * on by", Relation::UsedBy),
    ("relied * upon by", Relation::UsedBy),
    ("needed * by", Relation::UsedBy),
    ("required * by", Relation::UsedBy),
    ("shared * by", Relation::UsedBy),
    ("serves", Relation::UsedBy),
    ("helper for", Relation::UsedBy),
    ("helper of", Relation::UsedBy),
    ("on behalf of", Relation::UsedBy),
    ("uses", Relation::Uses),
    ("using", Relation::Uses),
    ("relies * on", Relation::Uses),
    ("relying * on", Relation::Uses),
    ("depends * on", Relation::Uses),
    ("depending * on", Relation::Uses),
    ("wraps", Relation::Uses),
    ("wrapping", Relation::Uses),
    ("creates", Relation::Uses),
    ("creating", Relation::Uses),
    ("constructs", Relation::Uses),
    ("instantiates", Relation::Uses),
    ("builds", Relation::Uses),
    ("via", Relation::Uses),
    ("with", Relation::Uses),
    ("through", Relation::Uses),
    ("with the help of", Relation::Uses),
    ("by means of", Relation::Uses),
    ("implements", Relation::Implements),
    ("implement", Relation::Implements),
    ("implementing", Relation::Implements),
    ("implementation of", Relation::Implements),
    ("satisfies", Relation::Implements),
    ("conforms to", Relation::Implements),
    ("implemented * by", Relation::ImplementedBy),
    ("extends", Relation::Extends),
    ("extend", Relation::Extends),
    ("extending", Relation::Extends),
    ("inherits * from", Relation::Extends),
    ("inherits", Relation::Extends),
    ("inheriting from", Relation::Extends),
    ("derives from", Relation::Extends),
    ("derived from", Relation::Extends),
    ("subclass of", Relation::Extends),
    ("subclasses", Relation::Extends),
    ("subclassing", Relation::Extends),
    ("subtype of", Relation::Extends),
    ("specialises", Relation::Extends),
    ("specializes", Relation::Extends),
    ("specialisation of", Relation::Extends),
    ("specialization of", Relation::Extends),
    ("extended by", Relation::ExtendedBy),
    ("subclassed by", Relation::ExtendedBy),
    ("inherited by", Relation::ExtendedBy),
    ("base class of", Relation::ExtendedBy),
    ("base class for", Relation::ExtendedBy),
    ("superclass of", Relation::ExtendedBy),
    ("parent of", Relation::ExtendedBy),
    ("returns", Relation::Returns),
    ("return", Relation::Returns),
    ("returning", Relation::Returns),
    ("yields", Relation::Returns),
    ("yielding", Relation::Returns),
    ("resolves to", Relation::Returns),
    ("evaluates to", Relation::Returns),
    ("return type is", Relation::Returns),
    ("takes", Relation::Takes),
    ("take", Relation::Takes),
    ("taking", Relation::Takes),
    ("accepts", Relation::Takes),
    ("accept", Relation::Takes),
    ("accepting", Relation::Takes),
    ("receives", Relation::Takes),
    ("receiving", Relation::Takes),
    ("expects", Relation::Takes),
    ("parameterised by", Relation::Takes),
    ("parameterized by", Relation::Takes),
    ("raises", Relation::Raises),
    ("raise", Relation::Raises),
    ("raising", Relation::Raises),
    ("throws", Relation::Raises),
    ("throw", Relation::Raises),
    ("throwing", Relation::Raises),
    ("panics", Relation::Raises),
    ("fails with", Relation::Raises),
    ("failing with", Relation::Raises),
    ("rejects with", Relation::Raises),
    ("errors with", Relation::Raises),
    ("reads", Relation::Touches),
    ("reads from", Relation::Touches),
    ("writes", Relation::Touches),
    ("writes to", Relation::Touches),
    ("updates", Relation::Touches),
    ("modifies", Relation::Touches),
    ("mutates", Relation::Touches),
    ("sets", Relation::Touches),
    ("resets", Relation::Touches),
    ("increments", Relation::Touches),
    ("assigns", Relation::Touches),
    ("defined in", Relation::DefinedIn),
    ("declared in", Relation::DefinedIn),
    ("located in", Relation::DefinedIn),
    ("lives in", Relation::DefinedIn),
    ("resides in", Relation::DefinedIn),
    ("implemented in", Relation::DefinedIn),
    ("method of", Relation::MemberOf),
    ("method on", Relation::MemberOf),
    ("member of", Relation::MemberOf),
    ("function of", Relation::MemberOf),
    ("field of", Relation::MemberOf),
    ("field on", Relation::MemberOf),
    ("property of", Relation::MemberOf),
    ("attribute of", Relation::MemberOf),
    ("variant of", Relation::MemberOf),
    ("constructor of", Relation::MemberOf),
    ("constructor for", Relation::MemberOf),
    ("nested in", Relation::MemberOf),
    ("belongs to", Relation::MemberOf),
    ("contained in", Relation::MemberOf),
    ("contains", Relation::Contains),
    ("containing", Relation::Contains),
    ("consists of", Relation::Contains),
    ("fields are", Relation::Contains),
    ("declares", Relation::Contains),
    ("inherit from", Relation::Extends),
    ("derive from", Relation::Extends),
    ("imports", Relation::Imports),
    ("imported by", Relation::ImportedBy),
];

/// More ways to say what something holds; each is followed by a word for the members.
const HOLDING: &[&str] =
    &["has", "with", "holds", "holding", "groups", "exposes", "declares", "provides", "includes"];
const MEMBERS: &[&str] = &[
    "fields",
    "methods",
    "members",
    "variants",
    "attributes",
    "properties",
    "functions",
    "constants",
    "field",
    "method",
    "variant",
];

/// A relation that a text states: where its phrase begins and where what follows begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stated {
    pub(super) relation: Relation,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_negated: bool,
}

/// Finds the relations that are stated, in text order.
pub(super) fn stated(tokens: &[Token<'_>]) -> Vec<Stated> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match phrase_at(tokens, at) {
            Some((relation, end)) => {
                found.push(Stated { relation, start: at, end, is_negated: is_negated(tokens, at) });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// Tells whether a relation is stated from here on.
pub(super) fn begins_phrase(tokens: &[Token<'_>], at: usize) -> bool {
    phrase_at(tokens, at).is_some()
}

/// The longest phrase that begins here.
pub(super) fn phrase_at(tokens: &[Token<'_>], at: usize) -> Option<(Relation, usize)> {
    let fixed =
        PHRASES.iter().filter_map(|(phrase, relation)| Some((*relation, matched(tokens, at, phrase)?)));
    let held = tokens[at].is_one_of(HOLDING).then(|| {
        let after = (at + 1..(at + 5).min(tokens.len())).find(|&idx| tokens[idx].is_one_of(MEMBERS))?;
        let words = tokens[at + 1..after].iter().all(|it| it.shape == Shape::Word);
        words.then_some((Relation::Contains, after + 1))
    });
    fixed.chain(held.flatten()).chain(handed(tokens, at)).max_by_key(|(_, end)| *end)
}

/// `delegates the rest to`, `hands it over to`: a verb and its preposition with words between.
fn handed(tokens: &[Token<'_>], at: usize) -> Option<(Relation, usize)> {
    const DELEGATING: &[&str] =
        &["delegates", "delegating", "defers", "deferring", "dispatches", "dispatching"];
    const HANDING: &[&str] =
        &["hands", "handing", "passes", "passing", "forwards", "forwarding", "leaves", "leaving"];
    const MAX_WORDS_BETWEEN: usize = 5;
    let relation = match &tokens[at] {
        it if it.is_one_of(DELEGATING) => Relation::Calls,
        it if it.is_one_of(HANDING) => Relation::Uses,
        _ => return None,
    };
    let rest = tokens[at + 1..].iter().take(MAX_WORDS_BETWEEN + 1);
    let between = rest.take_while(|it| it.shape != Shape::Mark && !it.is_word("to")).count();
    let to = at + 1 + between;
    tokens.get(to).filter(|it| it.is_word("to")).map(|_| (relation, to + 1))
}

fn matched(tokens: &[Token<'_>], at: usize, phrase: &str) -> Option<usize> {
    let mut idx = at;
    for word in phrase.split(' ') {
        if word == "*" {
            while idx < tokens.len() && idx < at + 4 && is_adverb(&tokens[idx]) {
                idx += 1;
            }
            continue;
        }
        if !tokens.get(idx)?.is_word(word) {
            return None;
        }
        idx += 1;
    }
    Some(idx)
}

fn is_adverb(token: &Token<'_>) -> bool {
    const ADVERBS: &[&str] = &[
        "only", "both", "also", "once", "twice", "often", "either", "again", "solely", "then", "later",
        "next",
    ];
    token.shape == Shape::Word && (token.lower.ends_with("ly") || ADVERBS.contains(&token.lower.as_str()))
}

/// Words that deny the verb after them.
const DENYING: &[&str] = &[
    "not", "never", "cannot", "nor", "neither", "nothing", "nobody", "none", "hardly", "doesn't", "don't",
    "isn't", "aren't", "won't", "can't", "hasn't", "didn't", "needn't",
];
/// Words that deny the gerund or the noun after them.
const LACKING: &[&str] = &["without", "avoids", "avoiding", "no"];
/// `does not have to call`, `is not ever called`: words that may stand between a denial and its verb.
const BETWEEN_VERBS: &[&str] = &[
    "be", "been", "being", "ever", "to", "itself", "have", "has", "having", "need", "needs", "try", "tries",
    "yet", "actually", "get", "a", "an", "any", "the",
];
/// Words looked at before a verb.
const MAX_WORDS_BEFORE: usize = 5;

/// Tells whether a denial governs the verb that begins here: `does not call`, `without calling`.
///
/// `Without waiting it calls` and `never waits and calls` deny another verb.
pub(super) fn is_negated(tokens: &[Token<'_>], at: usize) -> bool {
    let sentence = tokens[at].sentence;
    let is_gerund = tokens[at].lower.ends_with("ing");
    let mut before = tokens[..at]
        .iter()
        .rev()
        .take(MAX_WORDS_BEFORE)
        .take_while(|it| it.shape == Shape::Word && it.sentence == sentence)
        .peekable();
    let mut has_gap = false;
    while let Some(token) = before.next() {
        if token.is_word("only") {
            return false;
        }
        if token.is_one_of(DENYING) {
            return true;
        }
        // `no subclass of`, `no longer calls`; `without a call to`.
        if token.is_one_of(LACKING) {
            return is_gerund || token.is_word("no") || has_gap || !tokens[at].lower.ends_with('s');
        }
        // `instead of calling`, `rather than calling`.
        let opens = before.peek().map_or("", |it| it.lower.as_str());
        if is_gerund && matches!((opens, token.lower.as_str()), ("instead", "of") | ("rather", "than")) {
            return true;
        }
        // `does not read or write`: the denial of a bare verb goes on.
        if token.is_word("or") && before.peek().is_some_and(|it| !it.lower.ends_with('s')) {
            before.next();
        } else if !(is_adverb(token) || token.is_one_of(BETWEEN_VERBS) || token.is_word("longer")) {
            return false;
        }
        has_gap = true;
    }
    false
}

/// Tells whether a noun or an adjective is denied: `is not a small class`, `no method`.
pub(super) fn is_noun_negated(tokens: &[Token<'_>], at: usize) -> bool {
    const MAX_ADJECTIVES: usize = 4;
    const OTHERS: &[&str] = &[
        "this", "that", "it", "which", "the", "and", "but", "then", "of", "for", "from", "to", "with", "in",
        "by", "on", "as",
    ];
    let before = tokens[..at].iter().rev().take(MAX_ADJECTIVES).take_while(|it| {
        it.shape == Shape::Word
            && it.sentence == tokens[at].sentence
            && !it.is_one_of(OTHERS)
            && !it.lower.ends_with("ing")
    });
    before.clone().any(|it| it.is_one_of(DENYING) || it.is_word("no"))
        && !before.clone().any(|it| it.is_word("only"))
}
