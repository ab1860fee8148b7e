//! What holds for any text.

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
