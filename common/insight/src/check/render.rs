//! Claims that hold, as sentences of our own.

use super::claim::{Fact, PartClaim, SymbolClaim};
use crate::wording::list;

/// Claims of one kind that are told in one clause.
const MAX_OF_KIND: usize = 4;

/// Writes one sentence for claims about a symbol, as far as it fits, and what it rests on.
pub(super) fn symbol_sentence(facts: &[Fact<SymbolClaim>], max_chars: usize) -> (String, Vec<String>) {
    let mut clauses: Vec<String> = Vec::new();
    let mut evidence = Vec::new();
    for of_kind in facts.chunk_by(|a, b| a.kind == b.kind) {
        let told = &of_kind[..of_kind.len().min(MAX_OF_KIND)];
        let clause = symbol_clause(told[0].kind, told);
        let n_chars: usize = clauses.iter().map(|it| it.chars().count() + 2).sum();
        if n_chars + clause.chars().count() + 1 > max_chars {
            continue;
        }
        clauses.push(clause);
        evidence.extend(told.iter().map(|fact| fact.evidence.clone()));
    }
    (sentence(&clauses.join("; ")), evidence)
}

pub(super) fn symbol_clause(kind: SymbolClaim, facts: &[Fact<SymbolClaim>]) -> String {
    let all = joined(facts);
    match kind {
        SymbolClaim::Returns => format!("returns {all}"),
        SymbolClaim::Yields => format!("yields {all}"),
        SymbolClaim::Raises => format!("raises {all}"),
        SymbolClaim::Handles => format!("handles {all}"),
        SymbolClaim::Effect => all,
        SymbolClaim::Writes => format!("sets {all}"),
        SymbolClaim::Literal => format!("uses {all}"),
        SymbolClaim::Default => format!("works with {all}"),
        SymbolClaim::Takes => format!("takes {all}"),
        SymbolClaim::Calls => format!("calls {all}"),
        SymbolClaim::CalledBy => format!("is called by {all}"),
        SymbolClaim::Extends => format!("extends {all}"),
        SymbolClaim::Member => format!("has {all}"),
    }
}

/// Writes a sentence for each kind of claim about a part, as far as they fit.
pub(super) fn part_sentences(facts: &[Fact<PartClaim>], max_chars: usize) -> String {
    let sentences: Vec<String> = facts
        .chunk_by(|a, b| a.kind == b.kind)
        .map(|of_kind| sentence(&part_clause(of_kind[0].kind, &joined(of_kind))))
        .collect();
    let whole = crate::wording::join_within(&sentences, max_chars);
    if whole.chars().count() > max_chars { String::new() } else { whole }
}

fn part_clause(kind: PartClaim, all: &str) -> String {
    match kind {
        PartClaim::WrittenIn => format!("written in {all}"),
        PartClaim::EntryPoint => format!("starts at {all}"),
        PartClaim::Central => format!("most central: {all}"),
        PartClaim::Contains => format!("contains {all}"),
        PartClaim::DependsOn => format!("depends on {all}"),
        PartClaim::UsedBy => format!("is used by {all}"),
        PartClaim::UsesPackage => format!("calls the packages {all}"),
    }
}

fn joined<K>(facts: &[Fact<K>]) -> String {
    let told: Vec<String> = facts.iter().map(|it| format!("{}{}", it.object, it.condition)).collect();
    list(&told, told.len())
}

fn sentence(clauses: &str) -> String {
    let mut chars = clauses.chars();
    chars.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
