//! What a model may state: closed forms, each of which can be looked up.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// Claims of one answer that are looked at; more would not be shown.
pub const MAX_CLAIMS: usize = 6;
/// Longer texts of a claim are no name, literal or condition.
pub const MAX_CLAIM_CHARS: usize = 160;

/// One statement of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Claim {
    /// A word of [`SYMBOL_CLAIMS`] or [`PART_CLAIMS`].
    pub kind: String,
    /// What is returned, raised, called and so on, as written in the code.
    #[serde(default)]
    pub name: String,
    /// What belongs to it: a default, a type, what is written. Of a part's claim the part.
    #[serde(default)]
    pub value: String,
    /// The condition, as written in the code; empty where there is none.
    #[serde(default)]
    pub when: String,
}

macro_rules! claims {
    ($(#[$doc:meta])* $name:ident, $words:ident { $($variant:ident = $text:literal: $told:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum $name { $($variant,)+ }

        /// Each kind, and what a model is told of it.
        pub const $words: &[(&str, &str)] = &[$(($text, $told),)+];

        impl $name {
            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)+ _ => None }
            }

            pub(super) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

claims! {
    /// Claims about a symbol, in the order in which they are told.
    SymbolClaim, SYMBOL_CLAIMS {
        Returns = "returns": "`name` is the returned expression or type",
        Yields = "yields": "`name` is the yielded expression",
        Raises = "raises": "`name` is the error raised, thrown, panicked with or returned as an error",
        Handles = "handles": "`name` is the error caught",
        Effect = "effect": "`name` is one of file_read, file_write, network, database, process, log, clock, random, environment, lock, spawn; `value` the call that does it",
        Writes = "writes": "`name` is the field, element or outer variable set; `value` what it is set to",
        Literal = "literal": "`name` is one of status, method, route, header, option, environment, sql, url; `value` the literal",
        Default = "default": "`name` is a parameter, `value` its default",
        Takes = "takes": "`name` is a parameter, `value` its type",
        Calls = "calls": "`name` is what it calls",
        CalledBy = "called_by": "`name` is what calls it",
        Extends = "extends": "`name` is a base or an implemented interface",
        Member = "member": "`name` is one of its members",
    }
}

claims! {
    /// Claims about a folder or the whole, in the order in which they are told.
    PartClaim, PART_CLAIMS {
        WrittenIn = "written_in": "`name` is a language of it",
        EntryPoint = "entry_point": "`name` is where it starts to run",
        Central = "central": "`name` is one of its most central symbols",
        Contains = "contains": "`name` is a folder, symbol or group in it",
        DependsOn = "depends_on": "`name` is a folder it refers to",
        UsedBy = "used_by": "`name` is a folder that refers to it",
        UsesPackage = "uses_package": "`name` is a third-party package it calls",
    }
}

/// A claim that holds, in words of our own, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fact<K> {
    pub(super) kind: K,
    /// The name as the facts have it, in backticks where it is code.
    pub(super) object: String,
    /// ` if …`; empty where nothing decides it.
    pub(super) condition: String,
    pub(super) evidence: String,
}

/// Says that the facts do not show a claim.
pub(super) fn unfounded(claim: &Claim, why: &str) -> Finding {
    let parts = [&claim.kind, &claim.name, &claim.value, &claim.when];
    let shown: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Finding::new("unfounded_claim", format!("{}: {why}", super::shown(&shown.join(" "))))
}

/// A text without what does not matter: quotes, backticks, spaces, brackets of a call.
pub(super) fn bare(text: &str) -> String {
    let kept = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '`' | '"' | '\'' | ';'));
    kept.collect::<String>().trim_end_matches("()").to_owned()
}

pub(super) fn same_code(a: &str, b: &str) -> bool {
    // Of two empty texts in quotes nothing is left.
    let is_said = !a.trim().is_empty() && !b.trim().is_empty();
    is_said && bare(a) == bare(b)
}

/// Tells whether two paths name the same: one of them may begin further out.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (segments(a), segments(b));
    let n = a.len().min(b.len());
    n > 0 && a[a.len() - n..] == b[b.len() - n..]
}

/// The names of a path, without arguments, sigils and type arguments.
fn segments(text: &str) -> Vec<String> {
    let bare = bare(text);
    let path =
        bare.split(['(', '{', '<']).next().unwrap_or_default().trim_start_matches(['&', '*', '@', '!']);
    let path = path.replace("::", ".").replace("->", ".").replace(['/', '\\'], ".");
    path.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_equal_where_one_is_written_further_out() {
        for (a, b) in
            [("`errors.Full`", "Full"), ("StoreError::Locked", "Locked"), ("f()", "f"), ("a->b", "b")]
        {
            assert!(same_name(a, b) && same_name(b, a), "{a} {b}");
        }
        for (a, b) in [("errors.Full", "queue.Full"), ("Full", "Fuller"), ("", ""), ("close", "closed")] {
            assert!(!same_name(a, b), "{a} {b}");
        }
    }
}
