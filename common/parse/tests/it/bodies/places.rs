//! Steps lie where their references do, and say what is masked nowhere.

use docpack::StepKind;
use doctown_parse::{ParseLimits, parse, parse_masked};
use model::body::Step;
use model::facts::{FileFacts, ReferenceKind};

use crate::languages::read;

/// Calls of bodies, and those among them at whose place a call is referred to.
fn calls_with_a_reference(facts: &FileFacts) -> (usize, usize) {
    let is_call = |kind: ReferenceKind| {
        matches!(kind, ReferenceKind::Call | ReferenceKind::Construct | ReferenceKind::MacroCall)
    };
    let bodies = facts.symbols.iter().filter_map(|symbol| symbol.body.as_deref());
    // A closure that is started has no name.
    let is_named = |step: &&Step| step.kind == StepKind::Call && !step.text.ends_with('…');
    let calls = bodies.flat_map(|body| &body.steps).filter(is_named);
    let (mut n_calls, mut n_found) = (0, 0);
    for call in calls {
        let mut references = facts.references.iter();
        n_calls += 1;
        n_found += usize::from(references.any(|it| it.byte_start == call.byte_start && is_call(it.kind)));
    }
    (n_calls, n_found)
}

#[test]
fn calls_lie_where_their_references_do() {
    for (path, text) in crate::bodies::FIXTURES {
        let facts = read(path, text);
        let (n_calls, n_found) = calls_with_a_reference(&facts);
        assert!(n_calls > 5, "{path}: {n_calls}");
        assert_eq!(n_found, n_calls, "{path}");
    }
}

#[test]
fn masked_text_reaches_no_body() {
    let text =
        "def f(pwd='hunter2-hunter2'):\n    connect('hunter2-hunter2')\n    return 'hunter2-hunter2'\n";
    let masked = text.replace("hunter2-hunter2", &"*".repeat(15));
    let limits = ParseLimits::default();
    let language = docpack::Language::Python;
    let facts = parse_masked(language, "a.py", text.as_bytes(), masked.as_bytes(), &limits);
    let told = format!("{:?} {:?}", facts.symbols[1].parameters, facts.symbols[1].body);
    assert!(!told.contains("hunter2") && told.contains("'***************'"), "{told}");
    let open = parse(language, "a.py", text.as_bytes(), &limits);
    assert_eq!(open.symbols[1].id, facts.symbols[1].id);
}
