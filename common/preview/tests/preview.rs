//! What is said of a pack and its places, and the picture of it.

use docpack::records::{Manifest, Quality, Symbol, Tour};
use doctown_preview::{Facts, HEIGHT, Place, Records, WIDTH, picture};
use serde_json::{Value, json};

const DIGEST: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

fn manifest(repo_url: Option<&str>) -> Manifest {
    let manifest = json!({
        "schema_version": "docpack/1.1",
        "docpack_id": DIGEST, "facts_digest": DIGEST, "semantics_digest": DIGEST, "prose_digest": DIGEST,
        "created_at": "2024-05-01T12:00:00Z",
        "source": { "repo_url": repo_url, "git_ref": null, "commit_hash": null, "tree_digest": DIGEST, "dirty": false },
        "generator": { "name": "doctown", "version": "0.1.0" },
        "options": {},
        "statistics": {
            "file_count": 83, "symbol_count": 2063, "edge_count": 1, "chunk_count": 1, "cluster_count": 1,
            "embedding_dimensions": 0
        },
        "optional": { "has_embeddings": false, "has_symbol_contexts": false, "has_history": false, "has_insights": false },
        "checksum": { "algorithm": "sha256", "value": DIGEST },
        "entries": [], "missing": []
    });
    serde_json::from_value(manifest).unwrap()
}

fn quality() -> Quality {
    let calls = json!({ "resolved": 1, "ambiguous": 0, "external": 0, "dynamic": 0, "unknown": 0 });
    let row = |language: &str, files: u32| json!({ "language": language, "files": files, "files_with_errors": 0, "error_nodes": 0, "calls": calls });
    let languages = json!([row("javascript", 2), row("python", 81)]);
    Quality { languages: serde_json::from_value(languages).unwrap(), ..Quality::default() }
}

fn tour(purpose: Value) -> Tour {
    let tour = json!({
        "sections": [
            { "topic": "purpose", "title": "What it is", "items": purpose },
            {
                "topic": "layout", "title": "How it is laid out", "items": [],
                "diagram": "flowchart TD\n  p0[\"src/app.py\"]\n  p1([\"src/json/\"])\n  p2[\"src/ctx.py\"]\n  p0 -->|9| p1\n  p0 -->|4| p2\n  p2 -->|1| p0\n"
            },
            {
                "topic": "errors", "title": "Errors",
                "items": [{ "text": "`NotFound` is raised where no route matches.", "evidence": [{ "file_path": "src/app.py" }] }]
            }
        ],
        "flows": [{
            "title": "What `Flask.wsgi_app` does", "symbol_id": symbol().id,
            "steps": [
                { "depth": 0, "kind": "call", "text": "calls `push`", "symbol_id": symbol().id, "file_path": "src/app.py", "line": 3 },
                { "depth": 1, "kind": "call", "text": "calls `inner`", "symbol_id": symbol().id, "file_path": "src/app.py", "line": 9 },
                { "depth": 0, "kind": "return", "text": "returns `response`", "symbol_id": symbol().id, "file_path": "src/app.py", "line": 4 }
            ]
        }]
    });
    serde_json::from_value(tour).unwrap()
}

fn quoted(text: &str) -> Value {
    json!([{ "quote": { "text": text, "file_path": "README.md", "line": 1 } }])
}

fn symbol() -> Symbol {
    let symbol = json!({
        "id": format!("sym_{}", "1".repeat(32)), "name": "wsgi_app", "qualified_name": "flask.app.Flask.wsgi_app",
        "kind": "method", "language": "python", "file_path": "src/app.py",
        "byte_range": { "start": 0, "end": 9 }, "line_range": { "start": 7, "end": 9 },
        "signature": "def wsgi_app(self,\n    environ)", "parameters": [], "generics": [], "modifiers": [],
        "visibility": "public", "exported": true, "bases": [], "attributes": [], "centrality": 0.5,
        "in_degree": 1, "out_degree": 1,
        "documentation": { "summary": "The actual `WSGI` application.", "source": "extractive", "verdict": "extractive", "evidence": [] }
    });
    serde_json::from_value(symbol).unwrap()
}

fn facts(purpose: Value) -> Facts {
    facts_of(&tour(purpose))
}

fn facts_of(tour: &Tour) -> Facts {
    let manifest = manifest(Some("https://github.com/pallets/flask"));
    Facts::of(Records { name: "flask", manifest: &manifest, quality: &quality(), tour: Some(tour) })
}

#[test]
fn a_pack_is_described_in_its_authors_words() {
    let words = facts(quoted("Flask is a `WSGI` framework. It is small.")).pack();
    assert_eq!(words.title, "pallets/flask");
    assert_eq!(words.description, "Flask is a WSGI framework. It is small.");
}

#[test]
fn a_long_description_ends_with_a_whole_sentence() {
    let long = format!("Flask is a framework. {} It goes on. ", "Word ".repeat(60));
    assert_eq!(facts(quoted(&long)).pack().description, "Flask is a framework.");
}

#[test]
fn a_pack_without_words_is_measured() {
    let measured =
        json!([{ "text": "It has 9 lines of Python in 2 files.", "evidence": [{ "file_path": "" }] }]);
    assert_eq!(facts(measured).pack().description, "It has 9 lines of Python in 2 files.");
    let manifest = manifest(None);
    let facts = Facts::of(Records { name: "local", manifest: &manifest, quality: &quality(), tour: None });
    assert_eq!(facts.pack().title, "local");
    assert_eq!(facts.pack().description, "Python, JavaScript, 83 files, 2,063 symbols");
}

#[test]
fn a_symbol_is_described_by_its_head_and_its_summary() {
    let words = facts(json!([])).symbol(&symbol());
    assert_eq!(words.title, "flask.app.Flask.wsgi_app (method in pallets/flask)");
    assert_eq!(words.description, "def wsgi_app(self, environ) The actual WSGI application.");
}

#[test]
fn chapters_are_described_by_their_beginning_and_unknown_ones_as_the_pack() {
    let facts = facts(quoted("Flask is a small framework."));
    assert_eq!(facts.chapter("operation").description, "NotFound is raised where no route matches.");
    let flow = facts.chapter("flow-1");
    assert_eq!(flow.title, "What Flask.wsgi_app does (pallets/flask)");
    assert_eq!(flow.description, "1. calls push 2. returns response");
    for unknown in ["flow-2", "reading", "x"] {
        assert_eq!(facts.chapter(unknown), facts.pack(), "{unknown}");
    }
}

#[test]
fn hidden_characters_and_line_ends_are_left_out() {
    let words = facts(quoted("A \u{202e}frame\u{200b}work\n\tfor all of you.")).pack();
    assert_eq!(words.description, "A framework for all of you.");
}

#[test]
fn a_link_leads_to_the_narrowest_place_that_it_names() {
    let place = |query: &str| {
        let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        Place::of_query(pairs.into_iter().map(|(name, value)| (name.into(), value.into())))
    };
    let symbol = Place::Symbol(symbol().id);
    let id = format!("sym_{}", "1".repeat(32));
    assert_eq!(place(&format!("view=files&file=a.py&symbol={id}")), symbol);
    assert_eq!(place("view=files&file=a.py&line=3"), Place::File("a.py".to_owned()));
    assert_eq!(place("chapter=flow-2"), Place::Chapter("flow-2".to_owned()));
    for whole in ["", "view=map", "symbol=1", "chapter=A b", "file="] {
        assert_eq!(place(whole), Place::Pack, "{whole}");
    }
    assert_eq!(symbol.parameter(), Some(("symbol", id)));
}

#[test]
fn a_picture_has_its_size_and_the_same_bytes_each_time() {
    let facts = facts(quoted("Flask is a lightweight framework."));
    let first = picture(&facts);
    assert_eq!(first, picture(&facts));
    let number = |at: usize| u32::from_be_bytes(first[at..at + 4].try_into().unwrap());
    assert_eq!((&first[..8], number(16), number(20)), (&b"\x89PNG\r\n\x1a\n"[..], WIDTH, HEIGHT));
    assert!(first.len() < 200_000, "{} bytes", first.len());
}

#[test]
fn pictures_are_drawn_whatever_the_texts_are() {
    let huge = "x".repeat(10_000);
    for text in ["", "\u{4e2d}\u{6587}\u{7684}\u{6846}\u{67b6}", "\u{1f600}\u{1f600}", &huge] {
        let manifest = manifest(Some(&format!("https://github.com/{text}/{text}")));
        let tour = tour(quoted(text));
        for tour in [None, Some(&tour)] {
            let facts = Facts::of(Records { name: text, manifest: &manifest, quality: &quality(), tour });
            assert!(picture(&facts).starts_with(b"\x89PNG"));
        }
    }
}
