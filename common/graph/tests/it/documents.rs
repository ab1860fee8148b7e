//! Sections of documents and the symbols that they name.

use docpack::{ByteRange, Digest};
use doctown_graph::{Clustering, contexts};
use model::ingest::{DocumentRecord, Section};
use model::role::FoundRole;

use crate::fixture::{Fixture, params};

const FLASK: &str = "\
//- src/flask/app.py
class Flask
  method run
  method route
fn url_for
fn get
//- src/flask/views.py
class View
  method run
//- tests/test_app.py
fn url_for
";

fn document(path: &str, names: &[&str], lead: Option<&str>) -> DocumentRecord {
    let section = Section {
        title: "Use".to_owned(),
        level: 1,
        line: 12,
        byte_range: ByteRange { start: 0, end: 10 },
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    DocumentRecord {
        file_path: path.to_owned(),
        size_bytes: 10,
        sha256: Digest::of(b"x"),
        role: FoundRole::of_document(path),
        sections: vec![section],
        lead: lead.map(str::to_owned),
        beginning: None,
        findings: Vec::new(),
    }
}

fn named(names: &[&str]) -> Vec<String> {
    let fixture = Fixture::parse(FLASK);
    let documents = [document("docs/api.rst", names, None)];
    let repository = fixture.repository().with_documents(&documents);
    let assembly = doctown_graph::assemble(&repository, None, &params(Clustering::Communities))
        .expect("communities need no vectors");
    let symbols = assembly.named_in.iter().flat_map(|it| &it.symbols);
    symbols.map(|id| fixture.name(*id).to_owned()).collect()
}

#[test]
fn a_section_is_linked_to_what_exactly_one_symbol_can_mean() {
    assert_eq!(
        named(&["flask.Flask", "Flask.route"]),
        ["src::flask::app::Flask", "src::flask::app::Flask::route"]
    );
    assert_eq!(
        named(&["url_for", "flask.url_for", "url_for"]),
        ["src::flask::app::url_for"],
        "tests mean nobody"
    );
    assert_eq!(named(&["View.run"]), ["src::flask::views::View::run"]);
}

#[test]
fn a_name_that_several_or_common_words_share_is_linked_to_none() {
    for names in [&["run"][..], &["get"], &["flask.run"], &["django.Flask"], &["Other.route"], &["unknown"]] {
        assert!(named(names).is_empty(), "{names:?}: {:?}", named(names));
    }
}

#[test]
fn a_symbol_has_the_words_of_the_document_that_it_includes() {
    let text = "//- src/router.rs\nstruct Router\n  method route doc=include_str!(\"../docs/route.md\")\n  method out doc=include_str!(\"../../x.md\")\n";
    let fixture = Fixture::parse(text);
    let documents = [document("docs/route.md", &[], Some("Add another route."))];
    let repository = fixture.repository().with_documents(&documents);
    let assembly = fixture.assemble(Clustering::Communities);
    let comments: Vec<_> = contexts(&repository, &assembly)
        .filter(|it| !it.attributes.is_empty())
        .map(|it| (it.name, it.doc_comment))
        .collect();
    assert!(comments.contains(&("route".to_owned(), Some("Add another route.".to_owned()))), "{comments:?}");
    assert!(comments.contains(&("out".to_owned(), None)));
}
