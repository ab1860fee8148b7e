//! What the sections say, and that all of it has evidence.

use docpack::records::{Step, Tour};
use docpack::{ConditionKind, EdgeKind, Role, StepKind, SymbolKind};

use crate::repository::{Repository, condition, items, server, step, texts};

fn every_item_has_evidence(tour: &Tour) {
    for item in tour.sections.iter().flat_map(|section| &section.items) {
        assert!(item.quote.is_some() || !item.evidence.is_empty(), "{}", item.text);
    }
}

#[test]
fn the_readme_is_quoted_with_its_lines() {
    let mut it = server();
    let text = "# app\n\n[![build](a.svg)](b)\n\nApp answers *requests* from\n[people](x) by `HTTP`.\n\n## Features\n\n- Small and fast\n- No setup\n";
    it.document("README.md", text);
    let tour = it.tour();
    let found = items(&tour, "purpose");
    let quotes: Vec<_> = found.iter().filter_map(|item| item.quote.as_ref()).collect();
    let lines: Vec<_> = quotes.iter().map(|quote| (quote.text.as_str(), quote.line)).collect();
    assert_eq!(
        lines,
        [("App answers requests from people by `HTTP`.", 5), ("Small and fast", 10), ("No setup", 11)]
    );
    every_item_has_evidence(&tour);
}

#[test]
fn parts_stand_in_the_order_of_their_use_and_tests_are_none() {
    let mut it = Repository::new();
    for path in ["web/a.py", "web/b.py", "core/a.py", "core/b.py", "store/a.py"] {
        it.file(path);
    }
    it.file_of("tests/test_web.py", Role::Test);
    let page = it.function("web/a.py", "page", 10);
    let rule = it.function("core/a.py", "rule", 10);
    let save = it.function("store/a.py", "save", 10);
    let test = it.function("tests/test_web.py", "test_page", 10);
    it.calls(page, rule, 11);
    it.calls(rule, save, 12);
    it.calls(test, page, 13);
    let tour = it.tour();
    let layout = texts(&tour, "layout").join("\n");
    let at = |name: &str| layout.find(name).unwrap_or_else(|| panic!("{name} is not in {layout}"));
    assert!(at("`web/a.py`") < at("`core/a.py`") && at("`core/a.py`") < at("`store/"), "{layout}");
    assert!(!layout.contains("test"), "{layout}");
    assert!(texts(&tour, "tests").iter().any(|text| text == "1 test uses `web/a.py`, mostly `page`."));
    every_item_has_evidence(&tour);
}

#[test]
fn base_classes_with_several_subclasses_are_points_of_extension() {
    let mut it = server();
    let module = it.file("src/store.py");
    let base = it.symbol("src/store.py", "Store", SymbolKind::Class, 10, Some(module));
    let save = it.symbol("src/store.py", "save", SymbolKind::Method, 12, Some(base));
    it.edit(save).attributes = vec!["@abstractmethod".to_owned()];
    it.edit(base).doc_comment = Some("Keeps what the app knows.".to_owned());
    for (n, name) in ["Disk", "Memory"].into_iter().enumerate() {
        let sub = it.symbol("src/store.py", name, SymbolKind::Class, 30 + 10 * n as u32, Some(module));
        it.edge(sub, base, EdgeKind::Extends, 30 + 10 * n as u32);
    }
    let tour = it.tour();
    assert_eq!(
        texts(&tour, "extension"),
        ["To add another kind, extend `Store`, as `Disk` and `Memory` do.", "It must have 1 method: `save`."]
    );
    every_item_has_evidence(&tour);
}

#[test]
fn errors_are_told_with_where_they_are_made() {
    let mut it = server();
    let module = it.file("src/errors.py");
    let error = it.symbol("src/errors.py", "NotFound", SymbolKind::Class, 10, Some(module));
    it.edit(error).bases = vec!["KeyError".to_owned()];
    let handle = it.nodes.symbols.iter().find(|it| it.name == "handle").unwrap().id;
    it.calls(handle, error, 44);
    let tour = it.tour();
    assert_eq!(texts(&tour, "errors"), ["`NotFound` extends `KeyError`.", "Made in `handle`."]);
    assert_eq!(items(&tour, "errors")[1].evidence[0].line, Some(44));
}

#[test]
fn errors_are_told_with_the_condition_under_which_they_are_raised() {
    let mut it = server();
    let module = it.file("src/errors.py");
    let error = it.symbol("src/errors.py", "NotFound", SymbolKind::Class, 10, Some(module));
    it.edit(error).bases = vec!["KeyError".to_owned()];
    let handle = it.nodes.symbols.iter().find(|it| it.name == "handle").unwrap().id;
    let conditions = vec![condition(ConditionKind::If, "len(path) > 9", 43, None)];
    it.body(handle, conditions, vec![step(StepKind::Raise, "NotFound", 44, Some(0))]);
    assert_eq!(texts(&it.tour(), "errors")[1], "Raised in `handle` if `len(path) > 9`.");
}

#[test]
fn a_registered_route_names_what_answers_it() {
    let mut it = server();
    let find = |it: &Repository, name: &str| it.nodes.symbols.iter().find(|it| it.name == name).unwrap().id;
    let (main, handle) = (find(&it, "main"), find(&it, "handle"));
    let arguments = vec!["\"GET /users\"".to_owned(), "api.handle".to_owned()];
    let call = Step { arguments, ..step(StepKind::Call, "mux.HandleFunc", 14, None) };
    it.body(main, Vec::new(), vec![call]);
    it.edge(main, handle, EdgeKind::References, 14);
    let told = texts(&it.tour(), "start");
    assert!(told.contains(&"Route `GET /users` is answered by `handle`.".to_owned()), "{told:#?}");
}

#[test]
fn the_order_of_the_records_changes_nothing() {
    let mut it = server();
    it.document("README.md", "# app\n\nApp answers requests of people.\n");
    let tour = it.tour();
    it.nodes.symbols.reverse();
    it.graph.edges.reverse();
    it.source_map.files.reverse();
    assert_eq!(it.tour(), tour);
}

#[test]
fn likeness_and_history_are_not_followed() {
    let mut it = server();
    let tour = it.tour();
    let ids: Vec<_> = it.nodes.symbols.iter().map(|it| it.id).collect();
    it.edge(ids[1], ids[5], EdgeKind::Related, 1);
    it.edge(ids[2], ids[5], EdgeKind::CoChanged, 1);
    it.edit(ids[3]).centrality = 1.0;
    assert_eq!(it.tour(), tour);
}

#[test]
fn a_page_for_fifty_thousand_symbols_is_no_longer_than_one_for_fifty() {
    let mut it = Repository::new();
    for folder in 0..60 {
        let path = format!("f{folder}/a.py");
        let module = it.file(&path);
        for n in 0..20 {
            let class = it.symbol(&path, &format!("C{folder}x{n}"), SymbolKind::Class, 10 + n, Some(module));
            let target = it.nodes.symbols[(folder * n) as usize % it.nodes.symbols.len()].id;
            it.edge(class, target, EdgeKind::References, 10 + n);
        }
    }
    let tour = it.tour();
    let n_items: usize = tour.sections.iter().map(|section| section.items.len()).sum();
    assert!(n_items < 150, "{n_items}");
    every_item_has_evidence(&tour);
}

#[test]
fn pages_of_documentation_are_quoted_and_those_about_the_project_are_not() {
    let mut it = server();
    it.document("README.md", "# app\n\nApp answers requests from people.\n");
    it.document(
        "docs/routing.md",
        "# Routing\n\n- a list\n\nEager to start? The `Router` finds who answers a request.\n\n## Rules\n\n## Parameters\n\n### Types\n",
    );
    it.document("docs/architecture.md", "# Architecture\n\n.. toctree::\n\n   routing and all the other pages\n\nA request passes three layers on its way.\n");
    it.document("CHANGELOG.md", "# Changelog\n\nEverything that changed stands here, newest first.\n");
    let tour = it.tour();
    let found = items(&tour, "documentation");
    let told: Vec<_> = found
        .iter()
        .map(|item| {
            let quote = item.quote.as_ref().expect("a page is quoted");
            (item.text.as_str(), quote.text.as_str(), quote.line)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("\"Architecture\" in `docs/architecture.md`.", "A request passes three layers on its way.", 7),
            (
                "\"Routing\" in `docs/routing.md`, about \"Rules\" and \"Parameters\".",
                "Eager to start? The `Router` finds who answers a request.",
                5
            ),
        ]
    );
    every_item_has_evidence(&tour);
}

#[test]
fn words_of_thanks_to_sponsors_do_not_say_what_the_repository_is() {
    let mut it = server();
    let text = "# Sponsors\n\nA friendly company pays for all of this work.\n\n## Another\n\nIt sells many things to many people.\n\n# What is it?\n\nApp answers requests from people.\n";
    it.document("README.md", text);
    let tour = it.tour();
    let found = items(&tour, "purpose");
    let quotes: Vec<_> =
        found.iter().filter_map(|item| item.quote.as_ref()).map(|quote| quote.line).collect();
    assert_eq!(quotes, [11]);
    let mut it = server();
    it.document("README.md", "# pytest-support\n\nApp supports tests of all kinds.\n");
    assert!(items(&it.tour(), "purpose").iter().any(|item| item.quote.is_some()));
    assert!(found.iter().all(|item| !item.text.contains("Another")), "{found:?}");
}

#[test]
fn a_folder_of_files_that_stand_for_themselves_is_one_part() {
    let mut it = Repository::new();
    for name in ["gzip", "auth", "log", "trace", "cors"] {
        it.file(&format!("middleware/{name}.py"));
        it.function(&format!("middleware/{name}.py"), name, 10);
    }
    for name in ["router", "tree", "context"] {
        it.file(&format!("core/{name}.py"));
    }
    let find = it.function("core/router.py", "find", 10);
    let walk = it.function("core/tree.py", "walk", 10);
    let keep = it.function("core/context.py", "keep", 10);
    it.calls(find, walk, 12);
    it.calls(walk, keep, 13);
    let layout = texts(&it.tour(), "layout").join("\n");
    assert!(layout.contains("`middleware/` (5 files"), "{layout}");
    assert!(layout.contains("`core/tree.py` (2 symbols)"), "{layout}");
}

#[test]
fn a_part_without_words_of_its_own_quotes_those_of_its_main_symbols() {
    let mut it = server();
    let module = it.file("src/store.py");
    let store = it.symbol("src/store.py", "Store", SymbolKind::Class, 10, Some(module));
    it.edit(store).doc_comment = Some("Keeps what the app knows.".to_owned());
    let quoted = |it: &Repository| {
        let tour = it.tour();
        let found = items(&tour, "layout").into_iter().find(|item| item.text == "`Store`");
        found.and_then(|item| item.quote).map(|quote| quote.text)
    };
    assert_eq!(quoted(&it).as_deref(), Some("Keeps what the app knows."));
    it.edit(module).doc_comment = Some("Everything about keeping things.".to_owned());
    assert_eq!(quoted(&it), None);
}

#[test]
fn routes_without_a_named_handler_are_told_together() {
    let mut it = server();
    let main = it.nodes.symbols.iter().find(|it| it.name == "main").unwrap().id;
    let call = |path: &str, line| Step {
        arguments: vec![format!("\"{path}\""), "func() …".to_owned()],
        ..step(StepKind::Call, "mux.HandleFunc", line, None)
    };
    it.body(main, Vec::new(), vec![call("/users", 14), call("/items", 15)]);
    let told = texts(&it.tour(), "start");
    assert!(told.contains(&"`main` names the routes `/users` and `/items`.".to_owned()), "{told:#?}");
}

#[test]
fn of_packages_side_by_side_the_readme_of_the_largest_introduces_all() {
    let mut it = Repository::new();
    for path in ["app-core/a.py", "app/a.py", "app/b.py"] {
        it.file(path);
    }
    it.document("app-core/README.md", "# app-core\n\nThe traits that everything shares.\n");
    it.document("app/README.de.md", "# app\n\nApp beantwortet Anfragen von Menschen.\n");
    it.document("app/README.md", "# app\n\nApp answers requests from people.\n");
    let found = items(&it.tour(), "purpose");
    let quotes: Vec<_> = found.iter().filter_map(|item| item.quote.as_ref()).collect();
    assert_eq!(quotes[0].text, "App answers requests from people.");
}

#[test]
fn types_of_go_implement_an_interface_by_their_methods_and_not_by_embedding() {
    let mut it = Repository::new();
    let module = it.file("store.go");
    let mut types = Vec::new();
    let kinds =
        [("Store", SymbolKind::Interface), ("Disk", SymbolKind::Struct), ("Wrapper", SymbolKind::Struct)];
    for (n, (name, kind)) in kinds.into_iter().enumerate() {
        types.push(it.symbol("store.go", name, kind, 10 + 20 * n as u32, Some(module)));
    }
    let other = it.symbol("store.go", "Memory", SymbolKind::Struct, 90, Some(module));
    for owner in [types[0], types[1], other] {
        for (n, name) in ["Load", "Save"].into_iter().enumerate() {
            it.symbol("store.go", name, SymbolKind::Method, 12 + n as u32, Some(owner));
        }
    }
    it.edge(types[2], types[0], EdgeKind::Extends, 51);
    for symbol in &mut it.nodes.symbols {
        symbol.language = docpack::Language::Go.into();
    }
    let found = texts(&it.tour(), "extension").join("\n");
    assert!(found.contains("To add another kind, implement `Store`, as `Disk` and `Memory` do."), "{found}");
}

#[test]
fn two_errors_of_one_name_keep_their_places_apart() {
    let mut it = server();
    for (n, path) in [(0, "src/s3.py"), (1, "src/gcs.py")] {
        let module = it.file(path);
        let error = it.symbol(path, "InvalidDelete", SymbolKind::Class, 10, Some(module));
        it.edit(error).bases = vec!["Exception".to_owned()];
        let remove = it.function(path, &format!("remove{n}"), 20);
        it.calls(remove, error, 21);
        it.body(remove, Vec::new(), vec![step(StepKind::Raise, "InvalidDelete", 21, None)]);
    }
    let told = texts(&it.tour(), "errors");
    let of = |path: &str| {
        let at = told.iter().position(|text| text.contains(path)).unwrap();
        told[at + 1].clone()
    };
    assert_eq!(of("`src/s3.py`"), "Raised in `remove0`.");
    assert_eq!(of("`src/gcs.py`"), "Raised in `remove1`.");
}

#[test]
fn a_generic_error_is_told_by_its_messages() {
    let mut it = server();
    let message = docpack::records::Literal {
        kind: docpack::LiteralKind::Text.into(),
        text: "cannot find the path".to_owned(),
    };
    let raise = Step { literals: vec![message], ..step(StepKind::Raise, "Error", 44, None) };
    let handle = it.nodes.symbols.iter().find(|it| it.name == "handle").unwrap().id;
    it.body(handle, Vec::new(), vec![raise]);
    let told = texts(&it.tour(), "errors");
    assert_eq!(
        told,
        ["`Error` is raised in 1 place.", "In `handle` with the message `cannot find the path`."]
    );
}

#[test]
fn what_authors_document_of_failures_is_quoted() {
    let mut it = server();
    let load = it.nodes.symbols.iter().find(|it| it.name == "load").unwrap().id;
    it.edit(load).doc_comment = Some("Loads it.\n\nRaises:\n  OSError: if the file is gone.".to_owned());
    let found = items(&it.tour(), "errors");
    assert_eq!(found[0].text, "`load` may raise:");
    assert_eq!(found[0].quote.as_ref().unwrap().text, "OSError: if the file is gone.");
}

#[test]
fn methods_that_kinds_override_and_those_that_they_must_write_are_told() {
    let mut it = server();
    let module = it.file("src/task.py");
    let base = it.symbol("src/task.py", "Task", SymbolKind::Class, 10, Some(module));
    let run = it.symbol("src/task.py", "run", SymbolKind::Method, 12, Some(base));
    it.symbol("src/task.py", "output", SymbolKind::Method, 14, Some(base));
    it.body(run, Vec::new(), vec![step(StepKind::Raise, "NotImplementedError", 13, None)]);
    for (n, folder) in ["copy", "load"].into_iter().enumerate() {
        let path = format!("src/{folder}/__init__.py");
        let module = it.file(&path);
        let sub = it.symbol(&path, "Job", SymbolKind::Class, 30 + 10 * n as u32, Some(module));
        it.symbol(&path, "output", SymbolKind::Method, 31 + 10 * n as u32, Some(sub));
        it.edge(sub, base, EdgeKind::Extends, 30 + 10 * n as u32);
    }
    assert_eq!(
        texts(&it.tour(), "extension"),
        [
            "To add another kind, extend `Task`, as `copy.Job` and `load.Job` do.",
            "It must have 1 method: `run`.",
            "Often overridden: `output` (by 2 of 2).",
        ]
    );
}

#[test]
fn groups_of_entry_points_are_points_of_extension() {
    let mut it = server();
    let load = it.nodes.symbols.iter().find(|it| it.name == "load").unwrap().id;
    let arguments = vec!["group=\"app.ext\"".to_owned()];
    let call = Step { arguments, ..step(StepKind::Call, "importlib.metadata.entry_points", 22, None) };
    it.body(load, Vec::new(), vec![call]);
    assert_eq!(
        texts(&it.tour(), "extension"),
        ["`load` finds what other packages declare as entry points of the group `app.ext`."]
    );
}

#[test]
fn private_fields_are_counted() {
    let mut it = server();
    let class =
        it.symbol("src/app.py", "Book", SymbolKind::Class, 60, it.nodes.symbols.first().map(|it| it.id));
    it.symbol("src/app.py", "root", SymbolKind::Field, 61, Some(class));
    it.symbol("src/app.py", "_pages", SymbolKind::Field, 62, Some(class));
    let load = it.nodes.symbols.iter().find(|it| it.name == "load").unwrap().id;
    let other = it.file("src/other.py");
    it.edge(other, class, EdgeKind::References, 5);
    it.edge(load, class, EdgeKind::References, 22);
    assert!(texts(&it.tour(), "types").contains(&"Fields: `root` and 1 private field.".to_owned()));
}

#[test]
fn tests_are_counted_by_their_outermost_folder_and_apart_from_their_data() {
    let mut it = server();
    for path in ["pkg/test/a/one.py", "pkg/test/b/two.py", "pkg/test/fixtures/in.py"] {
        it.file_of(path, Role::Test);
        it.source_map.files.last_mut().unwrap().role_reason = Some("path:test/".to_owned());
    }
    assert_eq!(
        texts(&it.tour(), "tests"),
        ["The tests are 2 files in `pkg/test/`. 1 further file is in folders of test data."]
    );
}

#[test]
fn settings_are_classes_that_extend_a_configuration() {
    let mut it = server();
    let module = it.nodes.symbols.first().map(|it| it.id);
    let class = it.symbol("src/app.py", "scheduler", SymbolKind::Class, 60, module);
    it.edit(class).bases = vec!["pydantic.BaseSettings".to_owned()];
    for (n, name) in ["retries", "delay"].into_iter().enumerate() {
        let field = it.symbol("src/app.py", name, SymbolKind::Field, 61 + n as u32, Some(class));
        it.edit(field).signature = format!("{name}: int = 3");
    }
    assert_eq!(
        texts(&it.tour(), "configuration"),
        ["`scheduler` holds 2 settings.", "Settings: `retries: int = 3` and `delay: int = 3`."]
    );
}

#[test]
fn the_largest_part_is_not_aside_of_its_tools() {
    let mut it = server();
    it.file("tool/gen.py");
    let make = it.function("tool/gen.py", "generate", 10);
    let inner = it.function("tool/gen.py", "inner", 20);
    it.calls(make, inner, 11);
    let main = it.nodes.symbols.iter().find(|it| it.name == "main").unwrap().id;
    let arguments = vec!["2".to_owned()];
    it.body(main, Vec::new(), vec![Step { arguments, ..step(StepKind::Call, "sys.exit", 12, None) }]);
    assert_eq!(texts(&it.tour(), "errors"), ["The program ends with the exit code `2` in `main`."]);
}

#[test]
fn codes_of_errors_are_told_with_their_messages() {
    let mut it = server();
    let load = it.nodes.symbols.iter().find(|it| it.name == "load").unwrap().id;
    it.edit(load).language = docpack::Language::JavaScript.into();
    let codes = [("ERR_GONE", "It is gone"), ("ERR_FULL", "No room"), ("ERR_LATE", "Too late")];
    let made = codes.iter().enumerate().map(|(n, (code, text))| {
        let arguments = vec![format!("'{code}'"), format!("'{text}'")];
        Step { arguments, ..step(StepKind::Call, "createError", 21 + n as u32, None) }
    });
    it.body(load, Vec::new(), made.collect());
    assert_eq!(
        texts(&it.tour(), "errors"),
        ["Error codes: `ERR_GONE` (“It is gone”), `ERR_FULL` (“No room”) and `ERR_LATE` (“Too late”)."]
    );
}

#[test]
fn interfaces_of_plugins_are_told_with_their_members() {
    let mut it = server();
    let module = it.nodes.symbols.first().map(|it| it.id);
    let hooks = it.symbol("src/app.py", "PluginHooks", SymbolKind::Interface, 60, module);
    it.edit(hooks).language = docpack::Language::TypeScript.into();
    for (n, name) in ["load", "transform"].into_iter().enumerate() {
        it.symbol("src/app.py", name, SymbolKind::Property, 61 + n as u32, Some(hooks));
    }
    assert_eq!(
        texts(&it.tour(), "extension"),
        ["The interface `PluginHooks` has the members `load` and `transform`."]
    );
}
