//! What is found, how it is shown, and what is left unknown.

use docpack::{ByteRange, Role, SymbolKind};
use doctown_ask::{
    Answer, Item, ItemKind, Lack, MAX_QUESTION_CHARS, Outcome, Question, QuestionError, plain,
};

use crate::pack::{PATH, Pack, server};

fn of(answer: &Answer, kind: ItemKind) -> Vec<&Item> {
    answer.items.iter().filter(|item| item.kind == kind).collect()
}

fn symbol<'a>(answer: &'a Answer, name: &str) -> &'a Item {
    let found = answer.items.iter().find(|item| item.kind == ItemKind::Symbol && item.title == name);
    found.unwrap_or_else(|| panic!("`{name}` is not in {answer:#?}"))
}

#[test]
fn authors_words_are_quoted_with_their_line_and_headings() {
    let answer = server().ask("how is the session kept?");
    assert_eq!(answer.outcome, Outcome::Evidence);
    let passage = of(&answer, ItemKind::Passage)[0];
    assert_eq!((passage.title.as_str(), passage.line), ("Guide > Sessions", 7));
    let quote = passage.quote.as_ref().expect("a passage is quoted");
    assert!(quote.text.starts_with("A session is kept in a signed cookie"), "{}", quote.text);
}

#[test]
fn text_before_the_first_heading_is_evidence() {
    let answer = server().ask("what to read before a deploy");
    let passage = of(&answer, ItemKind::Passage)[0];
    assert_eq!((passage.title.as_str(), passage.line), ("guide.md", 1));
}

#[test]
fn denied_words_find_the_error_and_its_condition() {
    let answer = server().ask("what happens when no route matches?");
    let found = symbol(&answer, "find_route");
    let raise = found.steps.iter().find(|step| step.line == 34).expect("the error is told");
    assert_eq!(raise.condition.as_deref(), Some("if `rule is None`"));
    assert!(raise.text.contains("NotFound"), "{}", raise.text);
}

#[test]
fn sentence_that_answers_follows_the_first_sentence_of_a_comment() {
    let answer = server().ask("in which order are routes tried?");
    let quote = symbol(&answer, "find_route").quote.clone().expect("it has a comment");
    assert_eq!(
        quote.text,
        "Finds the view of a request. \u{2026} Routes are tried in the order in which they were added."
    );
    assert_eq!((quote.file_path.as_str(), quote.line), (PATH, 30));
}

#[test]
fn text_that_denies_what_the_question_denies_fits_better_than_one_that_does_not() {
    let mut pack = server();
    for (symbol, comment) in pack.nodes.symbols.iter_mut().filter(|it| it.kind == SymbolKind::Function).zip([
        "Answers if no route matches a request.",
        "Answers if one route matches a request.",
        "Sleeps.",
        "Sleeps.",
        "Sleeps.",
    ]) {
        symbol.doc_comment = Some(comment.to_owned());
        symbol.name = comment.split(' ').nth(2).unwrap_or("sleep").to_owned();
        symbol.qualified_name = format!("server.{}", symbol.name);
        symbol.role = Some(Role::Product.into());
    }
    pack.bodies = None;
    pack.graph.edges.clear();
    let answer = pack.ask("what happens when no route matches?");
    assert!(symbol(&answer, "no").score > symbol(&answer, "one").score, "{answer:#?}");
}

#[test]
fn kind_of_evidence_with_the_best_item_comes_first() {
    let kinds = |question: &str| -> Vec<ItemKind> {
        let mut kinds: Vec<ItemKind> = server().ask(question).items.iter().map(|item| item.kind).collect();
        kinds.dedup();
        kinds
    };
    assert_eq!(kinds("how is the session kept in a signed cookie on the server?")[0], ItemKind::Passage);
    assert_eq!(kinds("how does a request reach its route and session?")[0], ItemKind::Flow);
    let mut distinct = kinds("how does a request get to its route and session?");
    let n_groups = distinct.len();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(n_groups, distinct.len(), "items of one kind stand together");
}

#[test]
fn deprecated_symbol_fits_less_than_the_one_that_replaces_it() {
    let mut pack = server();
    let score = |pack: &Pack| symbol(&pack.ask("which view does a request find?"), "find_route").score;
    let before = score(&pack);
    let find = pack.nodes.symbols.iter_mut().find(|it| it.name == "find_route").expect("it is there");
    find.doc_comment =
        find.doc_comment.as_ref().map(|comment| format!("{comment}\n\n@deprecated Use `seek`."));
    assert!(score(&pack) < before);
}

#[test]
fn value_without_a_comment_is_shown_with_the_remark_above_its_line() {
    let mut pack = server();
    let text = "PORT = 1\n\n# Largest size of a parcel\n# in bytes.\nPARCEL_MAX = 4096  # 4 KiB\nOTHER = 2\n";
    let start = text.find("PARCEL_MAX").expect("it is there") as u32;
    let mut source = docpack::SourceTexts::default();
    source.push(PATH.to_owned(), text, Vec::new()).expect("one text fits");
    pack.source = Some(source);
    let value = pack.nodes.symbols.iter_mut().find(|it| it.name == "save_session").expect("it is there");
    (value.name, value.qualified_name) = ("PARCEL_MAX".to_owned(), "server.PARCEL_MAX".to_owned());
    (value.kind, value.signature) = (SymbolKind::Constant.into(), "PARCEL_MAX".to_owned());
    value.byte_range = ByteRange { start, end: start + "PARCEL_MAX = 4096".len() as u32 };
    pack.bodies = None;
    let answer = pack.ask("what is the largest parcel size?");
    let shown = symbol(&answer, "PARCEL_MAX").text.as_deref();
    assert_eq!(shown, Some("# Largest size of a parcel # in bytes. PARCEL_MAX = 4096 # 4 KiB"));
}

#[test]
fn flow_passes_through_the_best_symbols() {
    let answer = server().ask("how does a request get to its route and session?");
    let flow = of(&answer, ItemKind::Flow)[0];
    assert_eq!(flow.title, "serve");
    let lines: Vec<u32> = flow.steps.iter().map(|step| step.line).collect();
    let at = |line: u32| lines.iter().position(|other| *other == line);
    assert!(at(12) < at(22) && at(22) < at(23), "{lines:?}");
}

#[test]
fn tests_are_evidence_only_when_tests_are_asked_about() {
    let names = |question: &str| -> Vec<String> {
        server().ask(question).items.into_iter().map(|item| item.title).collect()
    };
    assert!(!names("what happens when no route matches?").contains(&"test_find_route".to_owned()));
    assert!(names("which test finds a route?").contains(&"test_find_route".to_owned()));
}

#[test]
fn named_symbol_comes_first() {
    let answer = server().ask("what does `save_session` do?");
    let first = of(&answer, ItemKind::Symbol)[0];
    assert_eq!((first.title.as_str(), first.steps[0].line), ("save_session", 42));
}

#[test]
fn weak_evidence_is_unknown_and_names_the_words_found_nowhere() {
    let answer = server().ask("how do I configure LDAP scopes for Kubernetes?");
    assert_eq!(answer.outcome, Outcome::Unknown);
    assert_eq!(answer.unknown_words, ["configure", "ldap", "scopes", "kubernetes"]);
    let text = plain(&answer, 80);
    assert!(text.starts_with("UNKNOWN: "), "{text}");
    assert!(text.contains("Found nowhere in this pack: configure, ldap, scopes, kubernetes."), "{text}");
}

#[test]
fn older_pack_answers_from_what_is_there_and_says_what_it_lacks() {
    let mut pack = server();
    (pack.bodies, pack.source) = (None, None);
    let answer = pack.ask("how are sessions and routes found?");
    assert_eq!(answer.lacks, [Lack::Bodies, Lack::Tour, Lack::Source]);
    assert!(!of(&answer, ItemKind::Symbol).is_empty());
    // The heading is known, and its text is not.
    let sections: Vec<_> = of(&pack.ask("sessions"), ItemKind::Passage).iter().map(|it| it.line).collect();
    assert_eq!(sections, [5]);
    assert!(plain(&answer, 80).contains("holds no source text"));
}

#[test]
fn every_item_names_a_place_and_the_words_that_it_holds() {
    let pack = server();
    for question in ["how does a request reach its view", "what is stored in a session", "error page"] {
        let answer = pack.ask(question);
        assert!(!answer.items.is_empty(), "{question}");
        for item in &answer.items {
            assert!(!item.file_path.is_empty() && item.line > 0 && !item.words.is_empty(), "{item:?}");
        }
    }
}

#[test]
fn items_keep_to_their_limit_and_equal_questions_to_equal_answers() {
    let pack = server();
    for limit in 1..=8 {
        let answer = pack.ask_for("how does a request find its route and session", limit);
        assert!((1..=limit).contains(&answer.items.len()), "{limit}: {}", answer.items.len());
        assert_eq!(answer, pack.ask_for("how does a request find its route and session", limit));
    }
}

#[test]
fn empty_and_endless_questions_are_refused_with_a_code() {
    let code = |text: &str| Question::parse(text).err().map(QuestionError::code);
    assert_eq!(code(" ?! "), Some("question_empty"));
    assert_eq!(code(&"a".repeat(MAX_QUESTION_CHARS + 1)), Some("question_too_long"));
    assert_eq!(code(&"why ".repeat(MAX_QUESTION_CHARS / 4)), None);
}

#[test]
fn lines_of_the_terminal_are_no_wider_than_it() {
    let text = plain(&server().ask("in which order are routes tried?"), 60);
    assert!(text.lines().all(|line| line.chars().count() <= 60), "{text}");
    assert!(text.contains("In the code\n") && text.contains("src/server.py:30"), "{text}");
}

#[test]
fn names_in_capitals_are_words_and_their_single_letters_are_not() {
    let unknown = server().ask("where is OAuth2 for HTTP?").unknown_words;
    assert_eq!(unknown, ["auth", "http"]);
}

#[test]
fn words_that_deny_are_not_what_is_asked_about() {
    assert_eq!(server().ask("what is a route without kubernetes?").unknown_words, ["kubernetes"]);
}

#[test]
fn two_words_of_a_question_find_the_one_word_of_the_code() {
    let mut pack = server();
    pack.nodes.symbols[0].doc_comment = Some("Closes the sockets at shutdown.".to_owned());
    let answer = pack.ask("how does it shut down?");
    assert_eq!((answer.outcome, answer.unknown_words.len()), (Outcome::Evidence, 0), "{answer:#?}");
}

#[test]
fn pack_without_symbols_is_unknown() {
    let mut pack: Pack = server();
    pack.nodes.symbols.clear();
    pack.graph.edges.clear();
    pack.source_map.documents.clear();
    (pack.bodies, pack.source) = (None, None);
    let answer = pack.ask("what happens when no route matches?");
    assert_eq!((answer.outcome, answer.items.len()), (Outcome::Unknown, 0));
}

#[test]
fn changelogs_are_evidence_only_when_changes_are_asked_about() {
    let mut pack = server();
    pack.source_map.documents[0].file_path = "CHANGELOG.md".to_owned();
    let mut source = docpack::SourceTexts::default();
    let text = pack.source.as_ref().and_then(|it| it.get("docs/guide.md")).expect("it is there").to_owned();
    source.push("CHANGELOG.md".to_owned(), &text, Vec::new()).expect("one text fits");
    pack.source = Some(source);
    assert!(of(&pack.ask("how is the session kept?"), ItemKind::Passage).is_empty());
    assert!(!of(&pack.ask("how is the session kept since version 2?"), ItemKind::Passage).is_empty());
}

#[test]
fn document_with_the_title_of_a_changelog_is_one() {
    let mut pack = server();
    pack.source_map.documents[0].sections[0].title = "Changelog for 2.0".to_owned();
    assert!(of(&pack.ask("how is the session kept?"), ItemKind::Passage).is_empty());
}

#[test]
fn type_fits_less_where_behaviour_is_asked_for() {
    let mut pack = server();
    let find = pack.nodes.symbols.iter_mut().find(|it| it.name == "find_route").expect("it is there");
    find.kind = SymbolKind::Class.into();
    let score = |question: &str| symbol(&pack.ask(question), "find_route").score;
    assert!(score("how is the view of a request found?") < score("what finds the view of a request?"));
}

#[test]
fn heading_between_two_lines_of_marks_is_no_paragraph() {
    let mut pack = server();
    let text = "=====\nParcel houses of it\n=====\n\nA parcel is weighed twice before it leaves.\n";
    let document = &mut pack.source_map.documents[0];
    document.file_path = "docs/guide.rst".to_owned();
    document.sections.truncate(1);
    (document.sections[0].title, document.sections[0].line) = ("Parcel houses of it".to_owned(), 1);
    document.sections[0].byte_range = ByteRange { start: 0, end: text.len() as u32 };
    let mut source = docpack::SourceTexts::default();
    source.push("docs/guide.rst".to_owned(), text, Vec::new()).expect("one text fits");
    pack.source = Some(source);
    let quote = of(&pack.ask("how often is a parcel weighed?"), ItemKind::Passage)[0].quote.clone();
    assert_eq!(quote.expect("it is quoted").text, "A parcel is weighed twice before it leaves.");
}

#[test]
fn instructions_are_looked_for_in_the_documentation_first() {
    let pack = server();
    let first = |question: &str| pack.ask(question).items[0].kind;
    assert_eq!(first("how do I save the session of a request?"), ItemKind::Passage);
    assert_ne!(first("what saves the session of a request?"), ItemKind::Passage);
}

#[test]
fn what_deals_with_a_failure_tells_what_happens_after_it() {
    let mut pack = server();
    let find = pack.nodes.symbols.iter_mut().find(|it| it.name == "save_session").expect("it is there");
    find.doc_comment = Some("Recovers a parcel.".to_owned());
    let score = |question: &str| symbol(&pack.ask(question), "save_session").score;
    assert!(score("what happens when a parcel panics?") > score("when does a parcel panic?"));
}

#[test]
fn name_with_a_capital_within_the_sentence_is_a_name_even_if_it_is_a_common_word() {
    let mut pack = server();
    let at = pack.nodes.symbols.iter().position(|it| it.name == "save_session").expect("it is there");
    pack.nodes.symbols[at].name = "Use".to_owned();
    pack.nodes.symbols[at].qualified_name = "server.Use".to_owned();
    let score = |question: &str| symbol(&pack.ask(question), "Use").score;
    assert!(score("what does Use do to a request?") > score("what does use do to a request?"));
}

#[test]
fn words_scattered_over_several_items_carry_no_answer() {
    let answer = server().ask("how does a cookie template route telegrams to kubernetes?");
    assert_eq!(answer.outcome, Outcome::Unknown, "{answer:#?}");
}

#[test]
fn list_is_quoted_with_the_sentence_that_announces_it() {
    let mut pack = server();
    let list = "# Guide

Requests pass these gates, in order:

* The gate of the proxy, which checks the address of the client and the names of all hosts on the way.
* The gate of the session, which reads the cookie and refuses it if its signature is not that of the server.
* The gate of the view.
";
    let document = &mut pack.source_map.documents[0];
    document.sections.truncate(1);
    document.sections[0].byte_range = ByteRange { start: 0, end: list.len() as u32 };
    document.sections[0].line = 1;
    let mut source = docpack::SourceTexts::default();
    source.push("docs/guide.md".to_owned(), list, Vec::new()).expect("one text fits");
    pack.source = Some(source);
    let answer = pack.ask("in which order do requests pass the gates?");
    let quote = of(&answer, ItemKind::Passage)[0].quote.clone().expect("it is quoted");
    assert!(
        quote.text.contains("in order:") && quote.text.contains("The gate of the view."),
        "{}",
        quote.text
    );
}

#[test]
fn copy_with_the_same_name_and_comment_is_left_out() {
    let mut pack = server();
    let shown = |pack: &Pack| {
        let answer = pack.ask("which view does a request find?");
        of(&answer, ItemKind::Symbol).iter().filter(|item| item.title == "find_route").count()
    };
    let find = pack.nodes.symbols.iter().find(|it| it.name == "find_route").expect("it is there").clone();
    let other = pack.nodes.symbols.iter_mut().find(|it| it.name == "save_session").expect("it is there");
    (other.name, other.qualified_name) = (find.name.clone(), "aio.find_route".to_owned());
    other.doc_comment = Some("Saves what a request finds in a view.".to_owned());
    assert_eq!(shown(&pack), 2, "a namesake with a comment of its own stays");
    let other = pack.nodes.symbols.iter_mut().find(|it| it.qualified_name == "aio.find_route");
    other.expect("it is there").doc_comment = find.doc_comment;
    assert_eq!(shown(&pack), 1);
}

#[test]
fn value_is_shown_with_its_comment_and_fits_better_where_a_value_is_asked_for() {
    let mut pack = server();
    let text = "# Largest size of a parcel in bytes.\nPARCEL_MAX = 4096\n";
    let mut source = docpack::SourceTexts::default();
    source.push(PATH.to_owned(), text, Vec::new()).expect("one text fits");
    pack.source = Some(source);
    let value = pack.nodes.symbols.iter_mut().find(|it| it.name == "save_session").expect("it is there");
    (value.name, value.kind) = ("PARCEL_MAX".to_owned(), SymbolKind::Constant.into());
    value.byte_range = ByteRange { start: 0, end: text.len() as u32 - 1 };
    value.doc_comment = Some("Largest size of a parcel in bytes.".to_owned());
    pack.bodies = None;
    let answer = pack.ask("what is the maximum size of a parcel?");
    let item = symbol(&answer, "PARCEL_MAX");
    assert_eq!(item.text.as_deref(), Some("PARCEL_MAX = 4096"));
    assert_eq!(item.quote.as_ref().map(|it| it.text.as_str()), Some("Largest size of a parcel in bytes."));
    assert!(item.score > symbol(&pack.ask("where is the maximum size of a parcel?"), "PARCEL_MAX").score);
}

#[test]
fn phrase_means_what_programmers_call_it() {
    let mut pack = server();
    let find = pack.nodes.symbols.iter_mut().find(|it| it.name == "find_route").expect("it is there");
    find.doc_comment = Some("Tells whether a parcel is outdated.".to_owned());
    let answer = pack.ask("when is a parcel out of date?");
    assert_eq!((answer.outcome, answer.unknown_words.len()), (Outcome::Evidence, 0), "{answer:#?}");
    assert!(pack.ask("what keeps a parcel from being seen?").unknown_words.contains(&"prevent".to_owned()));
}

#[test]
fn underline_of_tildes_is_a_fence_in_markdown_only() {
    let mut pack = server();
    let text = "Guide\n~~~~~\n\nA parcel is weighed twice before it leaves the house.\n";
    let mut is_found = |path: &str| {
        let document = &mut pack.source_map.documents[0];
        document.file_path = path.to_owned();
        document.sections.truncate(1);
        document.sections[0].byte_range = ByteRange { start: 0, end: text.len() as u32 };
        document.sections[0].line = 1;
        let mut source = docpack::SourceTexts::default();
        source.push(path.to_owned(), text, Vec::new()).expect("one text fits");
        pack.source = Some(source);
        let answer = pack.ask("how often is a parcel weighed?");
        of(&answer, ItemKind::Passage).iter().any(|item| item.line == 4)
    };
    assert!(is_found("docs/guide.rst"));
    assert!(!is_found("docs/guide.md"));
}
