//! Expressions that stand for one other are left out: most uses of a name do.

use model::flow::{Expression, ExpressionIdx, Flow, Store};

/// Longer chains are followed no further.
const MAX_STEPS: usize = 16;

pub(super) fn shorten(flow: &mut Flow) {
    let ends: Vec<ExpressionIdx> =
        (0..flow.expressions.len() as ExpressionIdx).map(|idx| end(&flow.expressions, idx)).collect();
    let short = |idx: &mut ExpressionIdx| *idx = ends[*idx as usize];
    for (idx, expression) in flow.expressions.iter_mut().enumerate() {
        if ends[idx] == idx as ExpressionIdx {
            parts(expression, short);
        } else {
            *expression = Expression::Unknown;
        }
    }
    for store in &mut flow.stores {
        match store {
            Store::Member { of, value, .. } => [of, value].into_iter().for_each(short),
            Store::Item { of, key, value } => [of, key, value].into_iter().for_each(short),
        }
    }
    for function in &mut flow.functions {
        function.results.iter_mut().chain(&mut function.yields).for_each(short);
    }
    flow.members.iter_mut().for_each(|(_, _, value)| short(value));
}

fn end(expressions: &[Expression], from: ExpressionIdx) -> ExpressionIdx {
    let mut idx = from;
    for _ in 0..MAX_STEPS {
        match &expressions[idx as usize] {
            Expression::AnyOf(of) if of.len() == 1 && of[0] != idx => idx = of[0],
            _ => return idx,
        }
    }
    // Names that stand for one another in a circle stand for nothing.
    from
}

fn parts(expression: &mut Expression, short: impl Fn(&mut ExpressionIdx)) {
    match expression {
        Expression::AnyOf(of) => of.iter_mut().for_each(short),
        Expression::Member(of, _)
        | Expression::Slice { of, .. }
        | Expression::Element(of, _)
        | Expression::ListOf(of)
        | Expression::TableOf(of)
        | Expression::Declared { of, .. }
        | Expression::Raised(of, _)
        | Expression::Parameter(Some(of)) => short(of),
        Expression::Item(of, key) => [of, key].into_iter().for_each(short),
        Expression::List(list) => list.iter_mut().for_each(|part| short(&mut part.value)),
        Expression::Table(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            key.iter_mut().for_each(&short);
            short(value);
        }),
        Expression::Call { callee, arguments, .. } => {
            short(callee);
            arguments.iter_mut().for_each(|argument| short(&mut argument.value));
        }
        Expression::Decorated { call, definition } => [call, definition].into_iter().for_each(short),
        Expression::Unknown
        | Expression::Symbol(_)
        | Expression::Lambda(_)
        | Expression::Import(_)
        | Expression::Global(_)
        | Expression::Text(_)
        | Expression::Number(_)
        | Expression::Super(_)
        | Expression::Parameter(None) => {}
    }
}
