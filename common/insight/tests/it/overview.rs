use docpack::{Language, SymbolId, SymbolKind};
use doctown_insight::overviews;
use model::assembly::Coupling;
use model::context::{
    ClusterContext, ExternalUse, LanguageShare, ModuleContext, Neighbour, RepositoryContext,
};

fn neighbour(name: &str) -> Neighbour {
    Neighbour {
        id: SymbolId([1; 16]),
        name: name.to_owned(),
        display_name: name.to_owned(),
        kind: SymbolKind::Function,
        file_path: "src/lib.rs".to_owned(),
    }
}

fn module(path: &str, doc: Option<&str>) -> ModuleContext {
    ModuleContext {
        path: path.to_owned(),
        languages: vec![Language::Rust],
        n_files: 2,
        n_symbols: 20,
        doc_comment: doc.map(str::to_owned),
        doc_file: None,
        readme_lead: None,
        central: vec![neighbour("Client"), neighbour("send")],
        described: Vec::new(),
        role: Some(docpack::Role::Product),
        cluster_labels: vec!["http parsing".to_owned()],
        depends_on: vec![".".to_owned()],
        used_by: Vec::new(),
        n_functions: 12,
        n_types: 1,
    }
}

#[test]
fn tells_the_repository_and_its_folders() {
    let context = RepositoryContext {
        name: Some("demo".to_owned()),
        readme_lead: Some("A small HTTP library. It is fast.".to_owned()),
        description: None,
        languages: vec![LanguageShare { language: Language::Rust, n_files: 12, n_lines: 3400 }],
        n_files: 12,
        n_symbols: 1200,
        n_edges: 4000,
        modules: vec![module(".", None), module("src/http", Some("Headers and bodies.\n\nMore."))],
        clusters: vec![ClusterContext {
            label: "http parsing".to_owned(),
            n_members: 40,
            central: vec![neighbour("Client")],
        }],
        central: vec![neighbour("Client")],
        entry_points: vec![neighbour("main")],
        external: vec![ExternalUse { package: "serde".to_owned(), n_sites: 4 }],
        coupling: vec![Coupling { from: "src/http".to_owned(), to: ".".to_owned(), weight: 1500 }],
        summaries: std::collections::BTreeMap::new(),
    };
    let told = overviews(&context);
    let mut text = format!("{}\n", told.architecture.text);
    for module in &told.modules {
        text.push_str(&format!("\n{}\n  {}\n", module.path, module.text));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn an_empty_repository_says_so() {
    let told = overviews(&RepositoryContext::default());
    assert_eq!(told.architecture.text, "No source file in a supported language was found.");
    assert!(told.modules.is_empty());
}

#[test]
fn a_folder_is_introduced_by_its_own_module_or_readme() {
    let told = |folder: ModuleContext| {
        let context = RepositoryContext { n_files: 2, modules: vec![folder], ..RepositoryContext::default() };
        overviews(&context).modules[0].text.clone()
    };
    let mut folder = module("examples/sessions", Some("Run with\n```sh\ncargo run\n```"));
    assert!(told(folder.clone()).starts_with("`examples/sessions` holds"), "{}", told(folder.clone()));
    folder.role = Some(docpack::Role::Example);
    assert!(told(folder.clone()).starts_with("Example code that uses the root folder. "));
    folder.readme_lead = Some("Shows how sessions work.".to_owned());
    assert!(told(folder.clone()).starts_with("Shows how sessions work. `examples/sessions` holds"));
    assert!(!told(folder).contains("about"), "a label is no statement");
}

#[test]
fn a_folder_nobody_describes_has_the_words_of_its_central_part_or_what_it_provides() {
    let told = |folder: &ModuleContext| {
        let modules = vec![folder.clone()];
        let context = RepositoryContext { n_files: 2, modules, ..RepositoryContext::default() };
        overviews(&context).modules[0].text.clone()
    };
    let mut folder = module("net", None);
    folder.used_by = vec!["cli".to_owned()];
    assert!(told(&folder).starts_with("Provides `Client` and `send` to `cli`. "), "{}", told(&folder));
    folder.described = vec![(neighbour("Client"), "Client keeps connections open.".to_owned())];
    assert!(told(&folder).starts_with("Most central is `Client`, which keeps connections open. "));
    folder.described[0].1 = "A pool of connections.".to_owned();
    assert!(told(&folder).starts_with("Most central is `Client`: A pool of connections. "));
}
