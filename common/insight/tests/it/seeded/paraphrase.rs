//! More true sentences: one fact each, in words that a model might choose.

use doctown_insight::summarise;
use model::context::SymbolContext;

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Sentences that follow from the facts, whatever the symbol.
pub(super) fn of(context: &SymbolContext) -> Vec<String> {
    let quoted = |it: &str| format!("`{it}`");
    let subject: Vec<&str> = context.name.split(' ').collect();
    let subject = quoted(subject.last().expect("a split has one part at least"));
    let kind = context.kind.as_str().replace('_', " ");
    let calls: Vec<String> = context.calls.iter().map(|it| quoted(&it.display_name)).collect();
    let callers: Vec<String> = context.called_by.iter().map(|it| quoted(&it.display_name)).collect();
    let members: Vec<String> = context.members.iter().map(|it| quoted(&it.name)).collect();
    let inputs: Vec<String> = context
        .parameters
        .iter()
        .filter(|it| !it.name.ends_with("self") && it.name != "cls")
        .map(|it| quoted(&it.name))
        .collect();
    let mut said = vec![
        format!("Fills {} lines with {subject}, defined in `{}`.", context.n_lines, context.file_path),
        format!("Works with {subject} over {} lines.", context.n_lines),
    ];
    // A bare name is what the check refuses on purpose.
    said.extend(summarise(context).map(|it| it.text).filter(|it| it.len() > 40));
    if context.kind.is_callable() && !calls.is_empty() {
        said.push(format!("Does the work of {subject} by calling {}.", listed(&calls)));
        said.push(format!(
            "When needed, {subject} hands over; internally it invokes {} and nothing hidden.",
            calls[0]
        ));
    }
    if !callers.is_empty() {
        said.push(format!("Supports its callers around {subject}. It is used by {}.", listed(&callers)));
        said.push(format!("{subject} is invoked by {}.", callers[0]));
    }
    if context.kind.is_callable() && !inputs.is_empty() {
        said.push(format!("A {kind} that accepts {} for {subject}.", listed(&inputs)));
    }
    if let Some(returned) = context.return_type.as_deref().filter(|_| context.kind.is_callable()) {
        said.push(format!("Works out {subject}, returning `{returned}`."));
    }
    if !members.is_empty() {
        said.push(format!("Has {} members: {}.", members.len(), listed(&members)));
    }
    for base in &context.bases {
        said.push(format!("Builds upon another type around {subject}: it inherits from `{base}`."));
    }
    for interface in &context.implements {
        said.push(format!("Gives {subject} its behaviour; it implements `{interface}`."));
    }
    if context.modifiers.iter().any(|it| it == "async") {
        said.push(format!("Runs {subject} asynchronously."));
    }
    if let Some(complexity) = context.complexity {
        said.push(format!("Steers {subject} with a cyclomatic complexity of {}.", complexity.cyclomatic));
    }
    said.extend(in_a_subclause(context, &subject, &kind));
    said.extend(numbered(context, &subject));
    said
}

/// True relations in the wordings that hide false ones, and such that are another symbol's.
fn in_a_subclause(context: &SymbolContext, subject: &str, kind: &str) -> Vec<String> {
    let mut said = Vec::new();
    let callee = context.calls.first().filter(|_| context.kind.is_callable());
    if let Some(callee) = callee.map(|it| &it.display_name) {
        said.push(format!("A {kind} which calls `{callee}` around {subject}."));
        said.push(format!("While working on {subject} it calls `{callee}`."));
        said.push(format!("Without further questions {subject} calls `{callee}`."));
    }
    if let Some(caller) = context.called_by.first().map(|it| &it.display_name) {
        said.push(format!("Part of what `{caller}` calls when it needs {subject}."));
        said.push(format!("Called by `{caller}`, which calls back once {subject} is through."));
        said.push(format!("Tells {subject} what to do whenever `{caller}` delegates to `{caller}`."));
    }
    for base in &context.bases {
        said.push(format!("The {kind} {subject}, which extends `{base}`."));
    }
    if context.n_called_by > 0 && context.kind.is_callable() {
        said.push(format!("Runs {subject} without calling again."));
    }
    said
}

/// What was counted, in words.
fn numbered(context: &SymbolContext, subject: &str) -> Vec<String> {
    const WORDS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 6] = ["", "", "twenty", "thirty", "forty", "fifty"];
    let spell = |n: usize| match (n / 10, n % 10) {
        (0 | 1, _) => WORDS[n].to_owned(),
        (tens, 0) => TENS[tens].to_owned(),
        (tens, ones) => format!("{}-{}", TENS[tens], WORDS[ones]),
    };
    let mut said = vec![format!("{subject} spans {} lines.", spell(context.n_lines as usize))];
    if context.n_called_by > 1 {
        said.push(format!("{subject} has {} callers.", spell(context.n_called_by as usize)));
    }
    said
}
