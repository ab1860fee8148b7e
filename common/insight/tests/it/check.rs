//! The check's rules, each with a summary that it refuses and one that it lets pass.

use std::collections::BTreeMap;
use std::fmt::Write;

use docpack::Language;
use doctown_insight::BytesOverFour;
use doctown_insight::check::{Checked, check_architecture, check_module, check_summary};
use doctown_insight::prompt::{PromptParams, Subject, overview_requests};
use model::assembly::Coupling;
use model::context::{ExternalUse, LanguageShare, ModuleContext, RepositoryContext, SymbolContext};
use proptest::prelude::*;

use crate::seeded::symbols;

fn context(name: &str) -> SymbolContext {
    let found = symbols::read().into_iter().find(|it| it.context.name == name);
    found.unwrap_or_else(|| panic!("symbols.txt has no `{name}`")).context
}

fn told(checked: &Checked) -> String {
    match checked {
        Checked::Verified { evidence } => format!("verified by {}", evidence.join(", ")),
        Checked::Rejected { findings } => {
            findings.iter().map(|it| format!("{} ({})", it.code, it.message)).collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn rules_by_example() {
    let send = [
        "Hands a parcel over, with pauses between attempts.",
        "Calls `Route.plan`, `backoff` and `DeliveryError`.",
        "Calls `Route.plan`, `Queue.drain` and `backoff`.",
        "Does not call `backoff`.",
        "Called by `Queue.drain`; delegates to `Route.plan`.",
        "Called by `backoff` when a parcel waits.",
        "Sends a parcel through frobnicate_all before it is stored.",
        "Returns a `Receipt` for the parcel.",
        "Returns a `Route` for the parcel.",
        "Takes `parcel` and `attempts`, 3 by default.",
        "Takes three parameters and returns a `Receipt`.",
        "Raises `DeliveryError` when all attempts fail.",
        "Raises `ValueError` when the parcel is empty.",
        "A synchronous function that sends a parcel.",
        "This class sends a parcel.",
        "Sends a parcel; defined in `courier/delivery.py`.",
        "Sends a parcel; defined in `courier/queue.py`.",
        "We send a parcel.",
        "Sends your parcel.",
        "Sends a parcel, see https://example.org.",
        "Sends a <b>parcel</b>.",
        "Sends a parcel in `32` pieces.",
        "Sends a parcel. It waits. It tries again.",
        "send",
        "",
        "Sends a par\u{200b}cel.",
        "Отправляет посылку.",
        "Sends a parcel (TODO).",
        "An excellent way to send a parcel.",
        "Does not send the parcel.",
        "send: a parcel",
        "The answer to the question about the parcel.",
        "The text is no sentence about a parcel.",
        "The symbol `send` is not a function, but a class that sends a parcel.",
        "The parcel is a parcel.",
        "Sending a parcel is not implemented in the current version.",
        "Sending a parcel is not available yet.",
        "The `send` function is a function that is used to perform the sending operation.",
        "The delivery module is a part of the delivery module.",
        "Provides the main functionality of `send` in `courier/delivery.py`.",
        "This function is responsible for handling specific tasks.",
        "Sends a parcel. It is a function of the courier module.",
        "Sends; it is called by `Queue.drain`.",
        "The subject is a parcel on its way.",
        "The parcel that was sent holds the following:",
        "A function which calls `Queue.drain` to hand a parcel over.",
        "A helper, which returns a `Route` for the parcel.",
        "While sending it calls `Queue.drain`.",
        "Without waiting it calls `Queue.drain`.",
        "Given `parcel` calls `Queue.drain`.",
        "Called by `Queue.drain`, which calls `anything` for a parcel.",
        "Sends a parcel when the router calls `Queue.drain`.",
        "Sends a parcel without calling `Queue.drain`.",
        "Sends a parcel without calling `backoff`.",
        "Does not ever have to call `backoff`.",
        "Waits thirty seconds before a parcel is sent.",
        "Tries twenty-five times to send a parcel.",
        "Sends a million parcels.",
        "Sends a parcel up to 2 times.",
        "Sends one parcel with three attempts by default.",
        "Sends 99999999999999999999999 parcels.",
        "Hands a `Receip` back for the parcel.",
        "Hands a parcel to `Delivery` after all.",
        "Sends a parcel; `attempts: int = 3` bounds it.",
    ];
    let context = context("send");
    let mut text = String::new();
    for summary in send {
        writeln!(text, "{summary}\n    {}", told(&check_summary(summary, &context)))
            .expect("memory takes every byte");
    }
    insta::assert_snapshot!(text);
}

fn repository() -> RepositoryContext {
    let module = |path: &str, depends_on: &[&str], used_by: &[&str]| ModuleContext {
        path: path.to_owned(),
        languages: vec![Language::Python],
        n_files: 3,
        n_symbols: 41,
        doc_comment: Some("Parcels on their way.".to_owned()),
        doc_file: None,
        readme_lead: None,
        central: vec![symbols::neighbour("Queue.drain", docpack::SymbolKind::Method)],
        cluster_labels: vec!["parcel delivery".to_owned()],
        depends_on: depends_on.iter().map(|it| (*it).to_owned()).collect(),
        used_by: used_by.iter().map(|it| (*it).to_owned()).collect(),
        n_functions: 17,
        n_types: 6,
    };
    RepositoryContext {
        name: Some("parcels".to_owned()),
        readme_lead: Some("Parcels is a small service that delivers things.".to_owned()),
        languages: vec![LanguageShare { language: Language::Python, n_files: 6, n_lines: 900 }],
        n_files: 6,
        n_symbols: 82,
        n_edges: 120,
        modules: vec![module("courier", &["geo"], &[]), module("geo", &[], &["courier"])],
        central: vec![symbols::neighbour("Queue.drain", docpack::SymbolKind::Method)],
        external: vec![ExternalUse { package: "httpx".to_owned(), n_sites: 4 }],
        coupling: vec![Coupling { from: "courier".to_owned(), to: "geo".to_owned(), weight: 12 }],
        ..RepositoryContext::default()
    }
}

#[test]
fn overviews_by_example() {
    let repository = repository();
    let mut text = String::new();
    for overview in [
        "Delivers parcels with 17 functions and 6 types in 3 files. It depends on `geo`, and `Queue.drain` is most central.",
        "Delivers parcels with 99 functions.",
        "Used by `geo` for everything.",
        "Built around `Queue.flush`.",
        "Depends on `geo`; see www.example.org for more.",
        "The courier folder contains the source code of the courier module.",
        "Delivers parcels; it holds 17 files.",
        "The geo folder relies on courier for parcels.",
        "Relies on geo for places.",
        "Contains `Queue`, and `Queue.drain` extends `Queue`.",
        "Delivers parcels with Celery and Redis.",
    ] {
        let checked = check_module(overview, &repository.modules[0], &repository);
        writeln!(text, "{overview}\n    {}", told(&checked)).expect("memory takes every byte");
    }
    for overview in [
        "A small service in Python, 900 lines long. The folder `courier` relies on `geo` (12 references) and calls leave for `httpx`.",
        "The folder `geo` relies on `courier`.",
        "The folder `courier` does not depend on `geo`.",
        "The work is done by seven folders.",
        "The folder `courier` has 17 files.",
        "The folder `courier` has seventeen functions in three files.",
        "The geo folder relies on courier.",
        "The courier package builds on geo.",
        "The folder `geo` finds places. It relies on `courier`.",
        "`Queue` extends `Queue.drain` and raises `Queue`.",
        "Built on Django and Celery.",
        "Parcels wait for ninety seconds.",
    ] {
        writeln!(text, "{overview}\n    {}", told(&check_architecture(overview, &repository)))
            .expect("memory takes every byte");
    }
    insta::assert_snapshot!(text);
}

#[test]
fn overview_prompts_roll_up_from_summaries() {
    let repository = repository();
    let id = repository.central[0].id;
    let summaries = BTreeMap::from([(id, "Empties the queue.".to_owned())]);
    let requests = overview_requests(&repository, &summaries, &PromptParams::standard(), &BytesOverFour);
    let subjects: Vec<_> = requests.iter().flat_map(|it| &it.asked).map(|it| it.subject.clone()).collect();
    let module = |path: &str| Subject::Module(path.to_owned());
    assert_eq!(subjects, [module("courier"), module("geo"), Subject::Architecture]);
    insta::assert_snapshot!(requests.iter().map(|it| it.user.as_str()).collect::<Vec<_>>().join("\n=====\n"));
}

#[test]
fn extractive_overviews_pass_their_own_check() {
    let repository = repository();
    let written = doctown_insight::overviews(&repository);
    for (overview, module) in written.modules.iter().zip(&repository.modules) {
        let checked = check_module(&overview.text, module, &repository);
        assert!(checked.is_verified(), "{} {checked:?}", overview.text);
    }
    let checked = check_architecture(&written.architecture.text, &repository);
    assert!(checked.is_verified(), "{} {checked:?}", written.architecture.text);
}

proptest! {
    /// Any text is judged, none is believed without evidence.
    #[test]
    fn nothing_panics(text in "([`.,;:()<>\\[\\]\"' ]|calls|called by|returns|not|`send`|3|[ -~]|\\PC){0,120}") {
        let checked = check_summary(&text, &context("send"));
        match checked {
            Checked::Verified { evidence } => prop_assert!(!evidence.is_empty(), "{}", text),
            Checked::Rejected { findings } => prop_assert!(!findings.is_empty()),
        }
        check_module(&text, &repository().modules[0], &repository());
    }
}

/// A sentence in the words of a name says nothing, unless it tells what is done or what it belongs to.
#[test]
fn names_in_other_words() {
    use docpack::SymbolKind::{Class, Function, Struct};
    let cases = [
        (Struct, "list.Entry", "list/list.go", "An entry in the list.", true),
        (Struct, "list.ListEntry", "list/list.go", "An entry in the list.", true),
        (Struct, "list.ListEntry", "list/list.go", "A list entry of the list.", false),
        (Struct, "list.Entry", "list/list.go", "An entry of the list package.", false),
        (Function, "worker.steal_work", "worker.rs", "Function responsible for stealing the workers.", true),
        (
            Function,
            "worker.steal_work",
            "worker.rs",
            "Function responsible for various work operations.",
            false,
        ),
        (Function, "core.shutdown", "core.rs", "Shuts down the core.", true),
        (Struct, "list.Entry", "list/list.go", "The list entry struct.", false),
        (Function, "argument.argOptional", "lib/argument.js", "Make argument optional.", true),
        (Function, "filters.do_mark_unsafe", "filters.py", "Mark a value as unsafe.", true),
        (Function, "gin.Mode", "gin/mode.go", "Mode returns current gin mode.", true),
        (Function, "gin.Mode", "gin/mode.go", "The gin mode function.", false),
        (Class, "nodes.EvalContextModifier", "nodes.py", "Modifies the eval context.", true),
        (Class, "nodes.EvalContextModifier", "nodes.py", "The eval context modifier class.", false),
        (Class, "nodes.Environment", "nodes.py", "Represents the environment of the nodes.", false),
        (Function, "visit.visit_Scope", "visit.py", "Do not visit into the scope.", true),
        (Function, "usage.SetUsageFunc", "usage.go", "SetUsageFunc sets usage function.", false),
        (Function, "tree.Walk", "tree/tree.go", "Walk walks any router tree of routers.", true),
    ];
    for (kind, name, file, text, tells) in cases {
        let last = name.rsplit('.').next().unwrap();
        let context = symbols::blank(Language::Python, kind, last, name, file);
        let checked = check_summary(text, &context);
        let is_empty = checked.findings().iter().any(|it| it.code == "says_nothing");
        assert_eq!(is_empty, !tells, "{text} {checked:?}");
    }
}

/// Texts that make rules look back at every word must not take time for each pair of them.
#[test]
fn hostile_texts_take_little_time() {
    let mut context = context("send");
    let pieces =
        ["(", "'", "calls which ", "when it ", "nine ", "`", "a million ", "not a ", "A_", "::<>(", "9"];
    let mut wide = repository();
    let folder = wide.modules[0].clone();
    wide.modules.extend((0..300).map(|n| ModuleContext { path: format!("folder{n}"), ..folder.clone() }));
    let started = std::time::Instant::now();
    for piece in pieces.into_iter().chain(["9 files in ", "`geo` uses `courier` ", "which uses "]) {
        let text = piece.repeat(4_000 / piece.len());
        context.source = Some(piece.repeat(12_000 / piece.len()));
        context.doc_comment = Some(text.clone());
        assert!(!check_summary(&text, &context).is_verified(), "{piece}");
        check_architecture(&text[..3_500.min(text.len())], &wide);
        assert!(!check_summary(&text[..1_100.min(text.len())], &context).is_verified(), "{piece}");
        assert!(!check_summary(&text.repeat(1_000), &context).is_verified(), "{piece}");
    }
    // Seconds where a rule is quadratic, about one in an unoptimised build where none is.
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
