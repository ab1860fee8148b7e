//! What is told about symbols and about the whole.

use docpack::{EdgeKind, Evidence, Language, SymbolId};
use doctown_graph::{Clustering, Repository, RepositoryNotes, contexts, repository_context};
use model::context::{MAX_LISTED, Neighbour, SymbolContext};
use model::facts::{Import, Imported};
use model::ingest::Skipped;
use model::resolution::{Ambiguous, Candidate, Edge, Unresolved, UnresolvedReason};

use crate::fixture::{Fixture, WEB, edge, params};

fn context_of(fixture: &Fixture, name: &str) -> SymbolContext {
    let assembly = fixture.assemble(Clustering::Communities);
    let repository = fixture.repository();
    contexts(&repository, &assembly).find(|context| context.name == name).expect("the fixture has it")
}

fn names(neighbours: &[Neighbour]) -> Vec<&str> {
    neighbours.iter().map(|it| it.display_name.as_str()).collect()
}

fn id_of(fixture: &Fixture, name: &str) -> SymbolId {
    let mut symbols = fixture.files.iter().flat_map(|file| &file.symbols);
    symbols.find(|symbol| symbol.name == name).expect("the fixture has it").id
}

#[test]
fn a_context_names_callers_callees_and_place() {
    let fixture = Fixture::parse(WEB);
    let context = context_of(&fixture, "parse_request");
    assert_eq!(names(&context.calls).len(), 3);
    assert!(names(&context.calls).contains(&"parse::parse_header"));
    // The code that calls it comes before the tests that do.
    assert_eq!(context.called_by[0].display_name, "main::run_server");
    assert_eq!((context.n_calls, context.n_called_by), (3, 3));
    assert!(context.callers_complete);
    assert_eq!(context.parent, None);
    let method = context_of(&fixture, "compile_join");
    assert_eq!(method.parent.map(|it| it.display_name).as_deref(), Some("QueryCompiler"));
    let class = context_of(&fixture, "QueryCompiler");
    assert_eq!((class.members.len(), class.n_members), (3, 3));
    assert_eq!(class.members[0].display_name, "QueryCompiler::compile_condition");
}

#[test]
fn long_lists_are_cut_and_counted() {
    let callers: String = (0..25).map(|at| format!("fn caller_{at} -> target\n")).collect();
    let fixture = Fixture::parse(&format!("//- src/a.rs\nfn target\n{callers}"));
    let context = context_of(&fixture, "target");
    assert_eq!((context.called_by.len(), context.n_called_by), (MAX_LISTED, 25));
}

#[test]
fn a_call_that_may_mean_the_symbol_leaves_callers_incomplete() {
    let plain = Fixture::parse(WEB);
    let source = id_of(&plain, "main");
    let mut candidate = plain.clone();
    let candidates = vec![Candidate { id: id_of(&plain, "commit"), confidence: 0.5 }];
    candidate.resolution.ambiguous.push(Ambiguous {
        source,
        name: "db.save".to_owned(),
        line: 3,
        candidates,
    });
    assert!(!context_of(&candidate, "commit").callers_complete);
    for (reason, is_complete) in [(UnresolvedReason::Dynamic, false), (UnresolvedReason::External, true)] {
        let mut open = plain.clone();
        let name = "self.pool.commit".to_owned();
        open.resolution.unresolved.push(Unresolved { source, name, lines: vec![3], reason, package: None });
        assert_eq!(context_of(&open, "commit").callers_complete, is_complete, "{reason:?}");
    }
}

#[test]
fn what_an_attribute_names_may_be_called_by_a_macro() {
    for (attribute, is_complete) in [
        ("#[arg(value_parser=parse_millis)]", false),
        (r#"#[serde(default="time::parse_millis")]"#, false),
        ("#[cfg(parse_millis)]", true),
        ("#[parse_millis]", true),
    ] {
        let text = format!("//- src/time.rs\nfn parse_millis\n//- src/options.rs\nfield wait {attribute}\n");
        let context = context_of(&Fixture::parse(&text), "parse_millis");
        assert_eq!(context.callers_complete, is_complete, "{attribute}");
        let in_python = Fixture::parse(&text.replace(".rs", ".py"));
        assert!(context_of(&in_python, "parse_millis").callers_complete, "{attribute}");
    }
}

#[test]
fn a_function_that_is_handed_over_may_have_callers_that_nobody_knows() {
    let plain = Fixture::parse(WEB);
    let mut handed = plain.clone();
    handed.resolution.edges.push(Edge {
        source: id_of(&plain, "main"),
        target: id_of(&plain, "commit"),
        kind: EdgeKind::References,
        confidence: 0.97,
        evidence: Evidence::Import,
        weight: None,
        sites: vec![],
    });
    assert!(context_of(&plain, "commit").callers_complete);
    assert!(!context_of(&handed, "commit").callers_complete);
}

#[test]
fn a_callable_used_as_a_value_under_its_name_may_have_more_callers() {
    let mut fixture = Fixture::parse("//- app.py\nfn wsgi_app\nfn other\n");
    fixture.resolution.handed_over = vec!["wsgi_app".to_owned()];
    assert!(!context_of(&fixture, "wsgi_app").callers_complete);
    assert!(context_of(&fixture, "other").callers_complete);
}

#[test]
fn what_a_language_calls_unwritten_has_callers_that_are_not_listed() {
    let fixture =
        Fixture::parse("//- a.py\nstruct Shape\n  method __eq__\n  method __init__\n  method area\n");
    let is_complete = |name| context_of(&fixture, name).callers_complete;
    assert_eq!(["__eq__", "__init__", "area"].map(is_complete), [false, true, true]);
    let mut property = fixture.clone();
    let symbols = &mut property.files[0].symbols;
    let area = symbols.iter_mut().find(|it| it.name == "area").expect("in the fixture");
    area.attributes.push("@functools.cached_property".to_owned());
    assert!(!context_of(&property, "area").callers_complete);
}

#[test]
fn a_method_that_replaces_one_of_a_base_may_be_called_through_the_base() {
    let mut fixture = Fixture::parse(
        "//- a.py\nstruct Base\n  method run\n  method stop\nstruct Job\n  method run_job\n  method run\n",
    );
    let last = |name| {
        let mut all = fixture.files[0].symbols.iter().rev();
        all.find(|it| it.name == name).expect("in the fixture").id
    };
    let (job, base, run) = (last("Job"), last("Base"), last("run"));
    let is_complete = |fixture: &Fixture| {
        let assembly = fixture.assemble_without_vectors();
        assembly.metrics.iter().find(|it| it.id == run).expect("in the fixture").callers_complete
    };
    assert!(is_complete(&fixture));
    fixture.resolution.edges.push(edge(job, base, EdgeKind::Extends, Vec::new()));
    assert!(!is_complete(&fixture));
}

#[test]
fn exported_symbols_may_have_callers_in_files_that_are_not_read() {
    let fixture = Fixture::parse("//- src/a.ts\nfn shown\nfn hidden\n");
    let mut files = fixture.files.clone();
    files[0].symbols[1].exported = true;
    files[0].symbols[2].exported = false;
    for (file_path, reason, expected) in [
        ("src/App.vue", "unsupported_language", [false, true]),
        ("src/App.vue", "vendored", [true, true]),
        ("notes.ipynb", "unsupported_language", [true, true]),
    ] {
        let skipped = [Skipped { file_path: file_path.to_owned(), reason: reason.to_owned() }];
        let repository = Repository::new(&files, &fixture.resolution).with_skipped(&skipped);
        let assembly = doctown_graph::assemble(&repository, None, &params(Clustering::Communities)).unwrap();
        let is_complete = |at: usize| {
            let id = files[0].symbols[at].id;
            assembly.metrics.iter().find(|it| it.id == id).unwrap().callers_complete
        };
        assert_eq!([is_complete(1), is_complete(2)], expected, "{file_path} {reason}");
    }
}

#[test]
fn folders_depend_on_what_they_name_and_the_product_comes_first() {
    let mut fixture = Fixture::parse(
        "//- src/core/a.py\nfn work\n//- src/web/b.py\nfn serve -> work\n//- tests/c.py\nfn check -> work\n\
         fn case -> work\nfn fake\n",
    );
    let pairs = |fixture: &Fixture| -> Vec<(String, String)> {
        fixture.assemble_without_vectors().coupling.into_iter().map(|it| (it.from, it.to)).collect()
    };
    let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
    let expected = [pair("src/web", "src/core"), pair("tests", "src/core")];
    assert_eq!(pairs(&fixture), expected);
    // A test hands `fake` over, so the library calls it; its folder does not depend on the tests.
    let mut followed = edge(id_of(&fixture, "work"), id_of(&fixture, "fake"), EdgeKind::Calls, Vec::new());
    followed.evidence = Evidence::Flow;
    fixture.resolution.edges.push(followed);
    assert_eq!(pairs(&fixture), expected);
}

#[test]
fn callers_in_tests_are_counted_apart() {
    let fixture = Fixture::parse(
        "//- src/a.py\nfn work\nfn run -> work\n//- tests/b.py\nfn one -> work\nfn two -> work\n",
    );
    let context = context_of(&fixture, "work");
    assert_eq!((context.n_called_by, context.n_called_by_support), (3, 2));
    assert_eq!(names(&context.called_by)[0], "a.run");
}

#[test]
fn imports_and_third_party_packages_are_told() {
    let mut fixture = Fixture::parse(WEB);
    let import = |path: &str, what: Imported| Import {
        raw: String::new(),
        path: path.to_owned(),
        module: String::new(),
        what,
        local_name: None,
        reexported: false,
        line: 1,
        byte_start: 0,
        scope: 0,
    };
    fixture.files[0].imports = vec![
        import("crate::http::parse::parse_header", Imported::Name("parse_header".to_owned())),
        import("crate::http::parse::split_line", Imported::Name("split_line".to_owned())),
        import("serde", Imported::Module),
    ];
    let source = id_of(&fixture, "find_header");
    for (package, lines) in [("serde", vec![1]), ("std", vec![2, 3]), ("memchr", vec![4, 5])] {
        let package = Some(package.to_owned());
        let reason = UnresolvedReason::External;
        fixture.resolution.unresolved.push(Unresolved {
            source,
            name: "f".to_owned(),
            lines,
            reason,
            package,
        });
    }
    let context = context_of(&fixture, "find_header");
    assert_eq!(context.imports, ["crate::http::parse", "serde"]);
    assert_eq!(context.external, ["memchr", "serde"]);
}

#[test]
fn the_whole_is_told_without_its_tests() {
    let fixture = Fixture::parse(WEB);
    let assembly = fixture.assemble(Clustering::Communities);
    let notes = RepositoryNotes { name: Some("web".to_owned()), ..RepositoryNotes::default() };
    let whole = repository_context(&fixture.repository(), &assembly, notes);
    assert_eq!(names(&whole.entry_points), ["main::main"]);
    assert!(whole.central.iter().all(|it| !it.file_path.starts_with("tests/")));
    assert_eq!(
        whole.languages.iter().map(|it| (it.language, it.n_files)).collect::<Vec<_>>(),
        [(Language::Rust, 10)]
    );
    let paths: Vec<&str> = whole.modules.iter().map(|module| module.path.as_str()).collect();
    assert_eq!(paths, ["src/cli", "src/http", "src/sql", "src/template", "tests"]);
    let cli = &whole.modules[0];
    assert_eq!(cli.depends_on, ["src/sql", "src/http", "src/template"]);
    assert_eq!(whole.modules[1].used_by, ["src/cli"]);
    insta::assert_snapshot!(
        names(&whole.central).join("\n"),
        @r"
        compiler::quote_identifier
        Connection
        Condition
        QueryCompiler
        render::escape_html
        Renderer
        Response
        Query
        compiler::compile_query
        parse::split_line
        "    );
}

#[test]
fn a_module_file_speaks_for_its_folder() {
    let mut fixture = Fixture::parse(
        "//- src/net/mod.rs\n//- src/net/tcp.rs\nfn dial\n//- src/db.rs\n//- src/db/pool.rs\nfn open\n//- src/jwt/jwt.rs\n//- src/jwt/keys.rs\n",
    );
    for (file, doc) in [(0, "Sockets."), (1, "TCP."), (2, "Storage."), (4, "Tokens."), (5, "Keys.")] {
        fixture.files[file].symbols[0].doc_comment = Some(doc.to_owned());
    }
    let assembly = fixture.assemble_without_vectors();
    let whole = repository_context(&fixture.repository(), &assembly, RepositoryNotes::default());
    let docs: Vec<(&str, Option<&str>)> =
        whole.modules.iter().map(|module| (module.path.as_str(), module.doc_comment.as_deref())).collect();
    let (db, net) = (("src/db", Some("Storage.")), ("src/net", Some("Sockets.")));
    assert_eq!(
        docs,
        [("src", None), db, ("src/jwt", Some("Tokens.")), net],
        "a file of its name may speak for it too"
    );
}
