//! Requests as a model gets them.

use doctown_insight::prompt::{
    Cut, Grouping, MAX_ANSWER_TOKENS, PromptParams, Request, StyleGuide, StyleGuideError, Subject, Template,
    TemplateError, symbol_requests,
};
use doctown_insight::{BytesOverFour, CountTokens};
use model::context::SymbolContext;

use crate::seeded::symbols;

fn contexts() -> Vec<SymbolContext> {
    symbols::read().into_iter().map(|it| it.context).collect()
}

fn requests(contexts: &[SymbolContext], params: &PromptParams) -> Vec<Request> {
    symbol_requests(contexts, params, &BytesOverFour)
}

#[test]
fn a_request_reads_well() {
    let request = &requests(&contexts()[..1], &PromptParams::standard())[0];
    insta::assert_snapshot!(format!(
        "{}\n=====\n{}\n=====\n{}",
        request.system, request.user, request.schema
    ));
}

#[test]
fn order_of_contexts_changes_nothing() {
    let forward = contexts();
    let mut backward = contexts();
    backward.reverse();
    backward.extend(forward[..2].iter().cloned());
    let params = PromptParams::standard();
    assert_eq!(requests(&forward, &params), requests(&backward, &params));
}

#[test]
fn requests_hold_every_symbol_once_and_stay_within_their_limit() {
    let contexts = contexts();
    for max_request_tokens in [1, 900, 1_500, 3_000, 16_000] {
        let params = PromptParams { max_request_tokens, ..PromptParams::standard() };
        let requests = requests(&contexts, &params);
        let asked: Vec<_> = requests.iter().flat_map(|it| &it.asked).map(|it| it.subject.clone()).collect();
        let mut ids: Vec<_> = contexts.iter().map(|it| Subject::Symbol(it.id)).collect();
        ids.sort();
        assert_eq!(asked, ids);
        for request in &requests {
            assert!(
                request.input_tokens <= max_request_tokens || request.asked.len() == 1,
                "{}",
                request.input_tokens
            );
            assert_eq!(request.max_output_tokens, MAX_ANSWER_TOKENS * request.asked.len() as u32);
            assert!(request.handles().iter().all(|it| request.schema.contains(&format!("\"{it}\""))));
        }
    }
    let params = PromptParams { grouping: Grouping::OnePerRequest, ..PromptParams::standard() };
    assert_eq!(requests(&contexts, &params).len(), contexts.len());
}

/// A symbol with more of everything than fits.
fn oversized() -> SymbolContext {
    let mut context = contexts().remove(0);
    let many = |word: &str| {
        let names = (0..10).map(|n| format!("{word}_{n}_{}", "x".repeat(60)));
        names.map(|it| symbols::neighbour(&it, docpack::SymbolKind::Function)).collect::<Vec<_>>()
    };
    context.calls = many("callee");
    context.called_by = many("caller");
    context.related = many("relative")[..3].to_vec();
    context.imports = many("module").into_iter().map(|it| it.name).collect();
    context.doc_comment = Some("words about it ".repeat(60));
    context.source = Some((0..400).map(|n| format!("    let line_{n} = {n};\n")).collect());
    (context.n_calls, context.n_called_by) = (40, 10);
    context
}

#[test]
fn what_is_cut_first_is_what_is_missed_least() {
    let context = oversized();
    let mut told = String::new();
    for max_block_tokens in [2_000, 1_000, 640, 560, 400, 240, 160, 100, 40] {
        let params = PromptParams { max_block_tokens, ..PromptParams::standard() };
        let request = &requests(std::slice::from_ref(&context), &params)[0];
        let block = request.user.split("\n\nReply with JSON").next().unwrap_or_default();
        let cuts = &request.asked[0].cuts;
        // What is left when all is cut is the frame itself.
        assert!(BytesOverFour.count(block) <= max_block_tokens + 4 || cuts.contains(&Cut::Remainder));
        assert!(cuts.is_sorted());
        told.push_str(&format!("{max_block_tokens:>5}: {cuts:?}\n"));
    }
    let params = PromptParams { max_block_tokens: 400, ..PromptParams::standard() };
    let block = requests(&[context], &params).remove(0).user.replace(&"x".repeat(60), "x…");
    insta::assert_snapshot!(format!("{told}\n{block}"));
}

#[test]
fn unknown_callers_are_not_told_as_none() {
    let mut context = contexts().remove(0);
    let shown = |context: &SymbolContext| {
        let user = requests(std::slice::from_ref(context), &PromptParams::standard()).remove(0).user;
        user.lines().find(|it| it.starts_with("Called by:")).map(str::to_owned)
    };
    assert_eq!(
        shown(&context).as_deref(),
        Some("Called by: `cli::main`, `Replica::attach`, `tests::reopens`, perhaps others")
    );
    (context.called_by, context.n_called_by) = (Vec::new(), 0);
    assert_eq!(shown(&context).as_deref(), Some("Called by: unknown"));
    context.callers_complete = true;
    assert_eq!(shown(&context).as_deref(), Some("Called by: none"));
}

#[test]
fn templates_are_checked_with_the_line_of_the_fault() {
    let fault = |text: &str| Template::parse(text).map(|_| ()).expect_err("the template is wrong");
    assert_eq!(fault("{name}\n{nmae}"), TemplateError::Unknown { name: "nmae".to_owned(), line: 2 });
    assert_eq!(fault("{name}\n\n{doc"), TemplateError::Unclosed { line: 3 });
    assert_eq!(fault("{name} }"), TemplateError::Unopened { line: 1 });
    assert_eq!(fault("{doc}"), TemplateError::Nameless);
    assert!(matches!(fault(&"x".repeat(4_001)), TemplateError::TooLong { n_chars: 4_001 }));
    assert!(
        fault("{nmae}")
            .to_string()
            .starts_with("line 1: `{nmae}` is no placeholder; known are language, name,")
    );
    let template = Template::parse("{{{name}}} in {file}").expect("the template is right");
    let params = PromptParams { template, ..PromptParams::standard() };
    let user = requests(&contexts()[..1], &params).remove(0).user;
    assert!(user.starts_with("## s1\n{`crate::store::Store::open`} in src/store.rs\n"), "{user}");
}

#[test]
fn a_style_guide_stands_in_the_system_text_within_its_limit() {
    assert_eq!(StyleGuide::parse(" \u{200b}\n"), Err(StyleGuideError::Empty));
    assert_eq!(StyleGuide::parse(&"x".repeat(2_001)), Err(StyleGuideError::TooLong { n_chars: 2_001 }));
    let style_guide = StyleGuide::parse("British spelling.").ok();
    let params = PromptParams { style_guide, ..PromptParams::standard() };
    let request = requests(&contexts()[..1], &params).remove(0);
    assert!(request.system.ends_with("as far as the rules above allow:\nBritish spelling."));
}
