//! What names in patterns and closures stand for, and the fields that have only a number.

use model::facts::BindingTarget;

use crate::pass::Pass;
use crate::table::Bind;
use crate::tape::NodeIdx;

const PATTERN: Bind = Bind::local("", "", "").parts(part);
/// A pattern nested deeper tells nothing.
const MAX_PATTERN_DEPTH: usize = 8;
/// Nor does one with more parts, or a call with more arguments.
const MAX_PARTS: usize = 256;

/// A match arm's pattern; the guard behind it binds nothing.
pub(super) fn match_pattern(pass: &mut Pass<'_>, idx: NodeIdx) {
    let pattern = pass.tape.children(idx).find(|child| pass.tape.node(*child).field == 0);
    let matched = matched_value(pass, idx);
    if let Some(pattern) = pattern {
        pass.bind_pattern(pattern, None, matched, PATTERN);
    }
}

/// The value of the `match` around an arm's pattern.
fn matched_value(pass: &Pass<'_>, pattern: NodeIdx) -> Option<NodeIdx> {
    let arm = pass.tape.parent(pattern)?;
    let block = pass.tape.parent(arm)?;
    let whole = pass.tape.parent(block).filter(|whole| pass.is_kind(*whole, "match_expression"))?;
    pass.child(whole, "value")
}

/// Finds the fields that lead from a pattern's value to a name in it.
pub(super) fn part(pass: &Pass<'_>, pattern: NodeIdx, name: NodeIdx) -> Option<String> {
    let mut fields = Vec::new();
    let mut inner = name;
    while inner != pattern {
        let outer = pass.tape.parent(inner).filter(|_| fields.len() < MAX_PATTERN_DEPTH)?;
        if pass.is_kind(outer, "field_pattern") {
            let of = pass.tape.parent(outer).filter(|of| pass.is_kind(*of, "struct_pattern"))?;
            let field = pass.child(outer, "name")?;
            fields.push(format!("~({}){}", path_of(pass, of)?, pass.text(field)));
            inner = of;
            continue;
        }
        fields.extend(step(pass, outer, inner)?);
        inner = outer;
    }
    fields.reverse();
    Some(fields.concat())
}

/// The step from a pattern to a pattern directly in it; none where both stand for the same value.
fn step(pass: &Pass<'_>, outer: NodeIdx, inner: NodeIdx) -> Option<Option<String>> {
    if pass.is_kind(outer, "tuple_pattern") {
        return Some(Some(format!("~(){}", place(pass, outer, inner, 0)?)));
    }
    if pass.is_kind(outer, "tuple_struct_pattern") {
        return Some(Some(format!("~({}){}", path_of(pass, outer)?, place(pass, outer, inner, 1)?)));
    }
    let same = [
        "captured_pattern",
        "ref_pattern",
        "mut_pattern",
        "reference_pattern",
        "or_pattern",
        "match_pattern",
    ];
    same.iter().any(|kind| pass.is_kind(outer, kind)).then_some(None)
}

/// The place among its siblings, when no `..` stands before it.
fn place(pass: &Pass<'_>, outer: NodeIdx, inner: NodeIdx, n_before: usize) -> Option<usize> {
    let is_rest = |child: NodeIdx| pass.is_kind(child, "remaining_field_pattern");
    let mut patterns = pass.tape.children(outer).skip(n_before).filter(|child| !pass.is_comment(*child));
    let end =
        patterns.by_ref().take(MAX_PARTS).enumerate().find(|(_, child)| *child == inner || is_rest(*child));
    end.filter(|(_, child)| *child == inner).map(|(at, _)| at)
}

fn path_of(pass: &Pass<'_>, pattern: NodeIdx) -> Option<String> {
    pass.child(pattern, "type").and_then(|named| pass.path(named)).filter(|path| !path.contains([')', '~']))
}

/// Parameters of a closure that is handed to a call take what the callee hands to it.
pub(super) fn closure_parameters(pass: &mut Pass<'_>, idx: NodeIdx) {
    let callee = callee_of(pass, idx);
    let parameters: Vec<NodeIdx> = pass.tape.children(idx).filter(|child| !pass.is_comment(*child)).collect();
    for (at, parameter) in parameters.into_iter().enumerate() {
        // Those with a type have a rule of their own.
        if pass.rule(parameter).rule.bind.is_some() {
            continue;
        }
        for name in pass.names_in(parameter) {
            pass.tape.take(name);
            let way = part(pass, parameter, name);
            let value = callee
                .as_ref()
                .zip(way)
                .map(|((callee, argument), way)| format!("{callee}^{argument}.{at}{way}"));
            let (text, start) = (pass.text(name).into_owned(), pass.tape.node(name).start);
            let target = match value {
                Some(value) => BindingTarget::Local { type_path: None, value: Some(value) },
                None => BindingTarget::Parameter { type_path: None },
            };
            pass.bind(text, start, target);
        }
    }
}

/// The call that takes the closure of these parameters, and the argument's place.
fn callee_of(pass: &Pass<'_>, parameters: NodeIdx) -> Option<(String, usize)> {
    let closure = pass.tape.parent(parameters)?;
    let arguments = pass.tape.parent(closure).filter(|list| pass.is_kind(*list, "arguments"))?;
    let call = pass.tape.parent(arguments).filter(|call| pass.is_kind(*call, "call_expression"))?;
    let callee = pass.child(call, "function").and_then(|callee| pass.path(callee))?;
    let mut all =
        pass.tape.children(arguments).filter(|argument| !pass.is_comment(*argument)).take(MAX_PARTS);
    Some((callee, all.position(|argument| argument == closure)?))
}

/// Binds fields without names in their type's scope: `0` of a struct, `Variant.0` of an enum.
pub(super) fn positional_fields(pass: &mut Pass<'_>, idx: NodeIdx) {
    let symbol = &pass.facts.symbols[pass.state.symbol as usize];
    let prefix = match symbol.kind {
        docpack::SymbolKind::EnumVariant => format!("{}.", symbol.name),
        _ => String::new(),
    };
    let field = pass.table.field("type");
    let types: Vec<NodeIdx> = pass.tape.children_in(idx, field).collect();
    for (at, node) in types.into_iter().enumerate() {
        let target = BindingTarget::Local { type_path: Some(pass.line_of(node)), value: None };
        pass.bind(format!("{prefix}{at}"), pass.tape.node(node).start, target);
    }
}
