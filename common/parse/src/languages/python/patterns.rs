//! What the patterns of a `case` say of values, and the names that they bind.

use model::facts::BindingTarget;

use crate::pass::Pass;
use crate::path;
use crate::table::Bind;
use crate::tape::NodeIdx;

use super::expressions::is_path;

/// More classes in one pattern are not told apart.
const MAX_CLASSES: usize = 8;

/// Within `case A(): …` the value that is matched is an `A`.
pub(super) fn case_clause(pass: &mut Pass<'_>, idx: NodeIdx) {
    let patterns: Vec<NodeIdx> =
        pass.tape.children(idx).filter(|child| pass.is_kind(*child, "case_pattern")).take(2).collect();
    let [pattern] = patterns[..] else { return };
    let Some((path, types)) = subject(pass, idx).zip(classes(pass, pattern)) else { return };
    let behind = pass.tape.node(pattern).after;
    pass.narrow((path, types), behind..pass.tape.node(idx).after);
}

/// The value behind `match`, where it is one that a path names.
fn subject(pass: &Pass<'_>, clause: NodeIdx) -> Option<String> {
    let block = pass.tape.parent(clause)?;
    let whole = pass.tape.parent(block).filter(|whole| pass.is_kind(*whole, "match_statement"))?;
    let subjects: Vec<NodeIdx> = pass.tape.children_in(whole, pass.table.field("subject")).take(2).collect();
    let [subject] = subjects[..] else { return None };
    let path = pass.text(subject).into_owned();
    is_path(&path).then_some(path)
}

/// The classes that a pattern is one of, as `A|b.B`.
fn classes(pass: &Pass<'_>, pattern: NodeIdx) -> Option<String> {
    let mut inner = pattern;
    let part = |of: NodeIdx, at| pass.tape.children(of).filter(|child| !pass.is_comment(*child)).nth(at);
    // `x=A() as a` is read as `(x=A()) as a`.
    for (kind, at) in [("case_pattern", 0), ("as_pattern", 0), ("case_pattern", 0), ("keyword_pattern", 1)] {
        if pass.is_kind(inner, kind) {
            inner = part(inner, at)?;
        }
    }
    let parts = match pass.is_kind(inner, "union_pattern") {
        true => pass.tape.children(inner).filter(|child| !pass.is_comment(*child)).collect(),
        false => vec![inner],
    };
    let class = |part: &NodeIdx| {
        let named = pass.tape.children(*part).next().filter(|_| pass.is_kind(*part, "class_pattern"))?;
        Some(pass.text(named).into_owned()).filter(|name| is_path(name))
    };
    let names = parts.iter().map(class).collect::<Option<Vec<_>>>()?;
    (!names.is_empty() && names.len() <= MAX_CLASSES).then(|| names.join("|"))
}

/// `A() as a` binds an `A`; where several classes are meant, what is matched narrowed down to them.
pub(super) fn alias(pass: &mut Pass<'_>, idx: NodeIdx) {
    let children: Vec<NodeIdx> = pass.tape.children(idx).filter(|child| !pass.is_comment(*child)).collect();
    let [pattern, name] = children[..] else { return };
    if !pass.is_kind(pattern, "case_pattern") || !pass.is_kind(name, "identifier") {
        return;
    }
    let types = classes(pass, pattern);
    let clause = pass.tape.parent(idx).and_then(|outer| pass.tape.parent(outer));
    let whole = clause.filter(|clause| pass.is_kind(*clause, "case_clause")).and_then(|it| subject(pass, it));
    let (type_path, value) = match (types, whole) {
        (Some(types), Some(whole)) => (None, Some(format!("{whole}{}", path::narrowed(&types)))),
        (Some(types), None) => (Some(types).filter(|types| !types.contains('|')), None),
        (None, whole) => (None, whole),
    };
    let text = pass.text(name).into_owned();
    pass.tape.take(name);
    pass.bind(text, pass.tape.node(name).start, BindingTarget::Local { type_path, value });
}

/// `A(x=y)` binds `y`.
pub(super) fn keyword(pass: &mut Pass<'_>, idx: NodeIdx) {
    let value = pass.tape.children(idx).filter(|child| !pass.is_comment(*child)).nth(1);
    let name = value.filter(|value| pass.is_kind(*value, "dotted_name"));
    if let Some(name) = name.filter(|name| !pass.text(*name).contains('.')) {
        pass.bind_pattern(name, None, None, Bind::local("", "", ""));
    }
}
