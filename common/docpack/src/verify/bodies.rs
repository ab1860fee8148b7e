//! What `bodies.json` says of symbols, and of its own conditions.

use super::known::{Known, in_order};
use super::{Code, Findings};
use crate::entries;
use crate::records::{
    Bodies, Body, MAX_ARGUMENTS, MAX_CONDITIONS, MAX_LITERALS, MAX_STEPS, MAX_TEXT_BYTES, Step,
};

const ENTRY: &str = entries::BODIES;

/// Checks that every body is of a symbol, that conditions are around what they hold, and the limits.
pub(super) fn check(bodies: &Bodies, known: &Known<'_>, findings: &mut Findings) {
    in_order(&bodies.bodies, |body| body.symbol_id, ENTRY, "bodies", findings);
    for pair in bodies.bodies.windows(2).filter(|pair| pair[0].symbol_id == pair[1].symbol_id) {
        findings.add(Code::DuplicateId, ENTRY, || format!("`{}` has two bodies", pair[0].symbol_id));
    }
    for body in &bodies.bodies {
        known.expect_symbol(body.symbol_id, ENTRY, findings);
        conditions(body, findings);
        limit(body, "steps", body.steps.len(), MAX_STEPS, findings);
        for step in &body.steps {
            self::step(body, step, findings);
        }
    }
}

fn conditions(body: &Body, findings: &mut Findings) {
    limit(body, "conditions", body.conditions.len(), MAX_CONDITIONS, findings);
    for (place, condition) in body.conditions.iter().enumerate() {
        text(body, &condition.text, findings);
        if condition.within.is_some_and(|within| within as usize >= place) {
            findings.add(Code::ValueOutOfRange, ENTRY, || {
                format!(
                    "condition {place} of `{}` is within one that does not come before it",
                    body.symbol_id
                )
            });
        }
    }
}

fn step(body: &Body, step: &Step, findings: &mut Findings) {
    if step.under.is_some_and(|under| under as usize >= body.conditions.len()) {
        findings.add(Code::ValueOutOfRange, ENTRY, || {
            format!("a step of `{}` is under a condition that is not there", body.symbol_id)
        });
    }
    limit(body, "arguments", step.arguments.len(), MAX_ARGUMENTS, findings);
    limit(body, "literals", step.literals.len(), MAX_LITERALS, findings);
    let literals = step.literals.iter().map(|literal| &literal.text);
    for written in step.arguments.iter().chain(&step.value).chain(literals).chain([&step.text]) {
        text(body, written, findings);
    }
}

fn text(body: &Body, text: &str, findings: &mut Findings) {
    limit(body, "bytes of a text", text.trim_end_matches('…').len(), MAX_TEXT_BYTES, findings);
}

fn limit(body: &Body, what: &str, count: usize, limit: usize, findings: &mut Findings) {
    if count > limit {
        findings.add(Code::ValueOutOfRange, ENTRY, || {
            format!("`{}` has {count} {what}, allowed are {limit}", body.symbol_id)
        });
    }
}
