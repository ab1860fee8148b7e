//! What holds for any text.

use doctown_search::bytes::{Reader, Writer};
use doctown_search::{Document, Index, Query};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_text_can_be_indexed_and_any_query_asked(names in prop::collection::vec(".{0,20}", 1..20), query in ".{0,30}") {
        let mut index = Index::default();
        for name in &names {
            index.add(&Document { name: name.into(), qualified_name: name.into(), body: name.into(), ..Document::default() });
        }
        let found = index.search(&Query::parse(&query), &[], |_| true, 5);
        prop_assert!(found.hits.len() <= 5 && found.hits.len() <= found.n_matches);
        for pair in found.hits.windows(2) {
            prop_assert!(pair[0].tier < pair[1].tier || pair[0].tier == pair[1].tier && pair[0].score >= pair[1].score);
        }
    }

    #[test]
    fn a_document_is_found_by_its_own_name(name in "[a-zA-Z_][a-zA-Z0-9_]{0,20}") {
        let mut index = Index::default();
        index.add(&Document { name: (&name).into(), qualified_name: (&name).into(), ..Document::default() });
        let found = index.search(&Query::parse(&name), &[], |_| true, 1);
        prop_assert_eq!(found.hits.len(), 1);
    }
}

fn sample() -> Index {
    let mut index = Index::default();
    for (name, text) in
        [("parse_header", "Reads the header of a request."), ("Größe", "the size"), ("run", "")]
    {
        let qualified_name = format!("http.{name}");
        index.add(&Document {
            name: name.into(),
            qualified_name: qualified_name.into(),
            documentation: text.into(),
            role: "test".into(),
            ..Document::default()
        });
    }
    index
}

fn kept(index: &Index) -> Vec<u8> {
    let mut out = Writer::default();
    index.write(&mut out);
    out.bytes
}

#[test]
fn an_index_that_was_kept_finds_the_same() {
    let (made, bytes) = (sample(), kept(&sample()));
    let read = Index::read(&mut Reader::new(&bytes)).unwrap();
    assert_eq!(kept(&read), bytes);
    for query in ["parse", "header of requests", "größe", "ph", "http.run", "size"] {
        let query = Query::parse(query);
        assert_eq!(read.search(&query, &[], |_| true, 9), made.search(&query, &[], |_| true, 9), "{query:?}");
    }
}

proptest! {
    #[test]
    fn changed_bytes_are_no_index_or_one_that_answers(at in 0_usize..400, byte: u8, query in "[a-z ]{1,9}") {
        let mut bytes = kept(&sample());
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Some(index) = Index::read(&mut Reader::new(&bytes)) {
            index.search(&Query::parse(&query), &[], |_| true, 9);
        }
    }
}
