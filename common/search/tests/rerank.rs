//! A larger model orders the best hits anew, and nothing else.

use doctown_search::{Document, Found, Index, MAX_COMPARED, Query, Tier, compared, compared_text};

/// Documents that a query of two words finds: one by its name, and more than are compared by a word.
fn index() -> Index {
    let mut index = Index::default();
    let mut add = |name: &str, text: &str| {
        index.add(&Document {
            name: name.into(),
            qualified_name: format!("net.{name}").into(),
            documentation: text.into(),
            symbol_kind: "function".into(),
            exported: true,
            ..Document::default()
        });
    };
    add("retry_task", "");
    for n in 0..MAX_COMPARED + 20 {
        add(&format!("step{n}"), &"a task among others ".repeat(1 + n % 3));
    }
    index
}

fn found(index: &Index, query: &Query) -> Found {
    index.search(query, &[], |_| true, index.len())
}

fn order(found: &Found) -> Vec<u32> {
    found.hits.iter().map(|hit| hit.document).collect()
}

#[test]
fn a_name_stays_first_whatever_the_model_says() {
    let (index, query) = (index(), Query::parse("retry task"));
    let before = found(&index, &query);
    assert!(before.hits[0].document == 0 && before.hits[0].tier < Tier::Words);
    let near: Vec<(u32, f64)> =
        order(&before).into_iter().map(|place| (place, if place == 0 { 0.0 } else { 0.9 })).collect();
    assert_eq!(index.reranked(&query, before, &near).hits[0].document, 0);
}

#[test]
fn the_nearest_comes_first_and_hits_behind_those_compared_keep_their_places() {
    let (index, query) = (index(), Query::parse("task of nobody"));
    let before = found(&index, &query);
    let places = compared(&before, index.len());
    assert_eq!(places.len(), MAX_COMPARED);
    let last = places[MAX_COMPARED - 1];
    let near: Vec<(u32, f64)> =
        places.iter().map(|place| (*place, if *place == last { 0.9 } else { 0.1 })).collect();
    let after = index.reranked(&query, before.clone(), &near);
    assert_eq!(after.hits[0].document, last);
    assert_eq!(order(&after)[MAX_COMPARED..], order(&before)[MAX_COMPARED..]);
    assert_eq!((after.hits.len(), after.n_matches), (before.hits.len(), before.n_matches));
    assert!(after.hits.windows(2).all(|pair| pair[0].score >= pair[1].score));
}

#[test]
fn files_and_sections_are_not_compared() {
    let (index, query) = (index(), Query::parse("task of nobody"));
    let n_symbols = 10;
    assert!(compared(&found(&index, &query), n_symbols).iter().all(|place| *place < 10));
}

#[test]
fn the_text_for_a_model_has_the_words_of_the_path_then_the_code_without_comment_signs() {
    let text =
        compared_text("src/net/http.rs", "net::parseHeader", "/// Reads a header.\n    fn parse() {}\n");
    assert_eq!(text, "src net http rs parse header\nReads a header.\nfn parse() {}");
}
