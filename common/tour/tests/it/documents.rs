//! What the tour takes from the repository's documentation, and where it tells it.

use docpack::SymbolKind;
use docpack::records::Tour;

use crate::repository::{Repository, items, texts};

/// The quotes of a section with the texts before them, a line each.
fn told(tour: &Tour, topic: &str) -> Vec<String> {
    let line =
        |text: &str, quote: Option<&str>| [text, quote.unwrap_or_default()].join(" ").trim().to_owned();
    let found = items(tour, topic).into_iter();
    found.map(|item| line(&item.text, item.quote.as_ref().map(|quote| quote.text.as_str()))).collect()
}

/// A web application of three folders, with a type in each.
fn app() -> Repository {
    let mut it = Repository::new();
    for (folder, name) in [("web", "Router"), ("core", "RuleBook"), ("store", "Store")] {
        for file in ["a", "b"] {
            it.file(&format!("{folder}/{file}.py"));
        }
        let path = format!("{folder}/a.py");
        let module = it.nodes.symbols.iter().find(|symbol| symbol.file_path == path).map(|it| it.id);
        it.symbol(&path, name, SymbolKind::Class, 10, module);
    }
    it
}

#[test]
fn items_about_paths_are_told_with_the_parts() {
    let mut it = app();
    it.document(
        "docs/guide.md",
        "# Guide\n\n- `core/a.py`: Decides what a visitor may see.\n- `web/a.py` - Finds the page of an address.\n",
    );
    let layout = told(&it.tour(), "layout").join("\n");
    assert!(
        layout.contains("`core/a.py` (2 symbols): `RuleBook`. Decides what a visitor may see."),
        "{layout}"
    );
    assert!(layout.contains("Finds the page of an address."), "{layout}");
}

#[test]
fn the_readme_of_a_folder_tells_of_its_part() {
    let mut it = app();
    for file in ["c", "d", "e", "f"] {
        it.file(&format!("web/{file}.py"));
    }
    it.document("web/README.md", "# web\n\nEverything that a browser talks to lives here.\n");
    let layout = told(&it.tour(), "layout").join("\n");
    assert!(layout.contains("Everything that a browser talks to lives here."), "{layout}");
}

#[test]
fn words_about_a_folder_stand_with_it_and_not_with_each_part_inside() {
    let mut it = app();
    it.document("docs/guide.md", "# Guide\n\n- `core`: Decides what a visitor may see.\n");
    let layout = told(&it.tour(), "layout").join("\n");
    assert_eq!(layout.matches("Decides what a visitor may see.").count(), 1, "{layout}");
}

#[test]
fn entries_of_a_table_of_contents_are_not_quoted() {
    let mut it = app();
    let text = "# Architecture\n\nThe code has three parts in one folder each.\n\nWhat stands here is old.\n- [The state of it all](#state)\n- [The rules of it all](#rules)\n";
    it.document("docs/architecture.md", text);
    let found = told(&it.tour(), "documentation").join("\n");
    assert!(!found.contains("of it all"), "{found}");
}

#[test]
fn a_page_that_explains_the_whole_is_quoted_with_its_lists() {
    let mut it = app();
    let text = "# Architecture\n\nA short tour of the code for those who change it.\n\n## Requests\n\nA request passes these:\n\n1. `Router` finds the page.\n2. The rules are asked.\n\n## State\n\nAll parts share one `Store` behind a lock.\n";
    it.document("docs/architecture.md", text);
    assert_eq!(
        told(&it.tour(), "documentation"),
        [
            "\"Architecture\" in `docs/architecture.md`, about \"Requests\" and \"State\". A short tour of the code for those who change it.",
            "A request passes these: `Router` finds the page; The rules are asked",
            "All parts share one `Store` behind a lock.",
        ]
    );
}

#[test]
fn templates_orders_to_tools_hidden_folders_and_second_copies_are_no_documentation() {
    let mut it = app();
    let text = "# Overview\n\nThe `Router` finds the page for every address.\n";
    for path in ["docs/overview.md", "docs-next/more/overview.md", ".github/overview.md"] {
        it.document(path, text);
    }
    it.document("AGENTS.md", "# Agents\n\nThe `Router` must be changed by hand alone.\n");
    it.document("docs/ISSUE_TEMPLATE.md", "# Report\n\nThe `Router` did what, and what was wrong?\n");
    let found = told(&it.tour(), "documentation").join("\n");
    assert!(found.contains("`docs/overview.md`"), "{found}");
    assert!(!found.contains("next") && !found.contains("github"), "{found}");
    assert!(!found.contains("AGENTS") && !found.contains("TEMPLATE"), "{found}");
}

#[test]
fn headings_about_a_topic_are_quoted_in_its_section() {
    let mut it = app();
    it.document(
        "docs/use.md",
        "# Use\n\n## Configuration\n\nSettings are read from `app.toml` in the home folder.\n\n## Setting up\n\nTake any machine that you can find for this.\n",
    );
    it.document("docs/plugins.md", "# Plugins\n\nA plugin is a function that is given the `Router`.\n");
    let tour = it.tour();
    assert_eq!(
        told(&tour, "configuration"),
        ["\"Configuration\" in `docs/use.md`: Settings are read from `app.toml` in the home folder."]
    );
    assert_eq!(
        told(&tour, "extension"),
        ["\"Plugins\" in `docs/plugins.md`: A plugin is a function that is given the `Router`."]
    );
}

#[test]
fn terms_that_a_page_defines_stand_in_the_glossary() {
    let mut it = app();
    it.document(
        "docs/terms.md",
        "# Terms\n\n- **Page**: what a visitor sees at one address.\n- **Rule**: what decides about a page.\n- **Visitor**: whoever asks for a page.\n",
    );
    assert_eq!(
        told(&it.tour(), "glossary"),
        [
            "Page: what a visitor sees at one address.",
            "Rule: what decides about a page.",
            "Visitor: whoever asks for a page."
        ]
    );
}

#[test]
fn two_bold_words_make_no_glossary() {
    let mut it = app();
    it.document("docs/terms.md", "# Terms\n\n- **Note**: this is for later.\n- **Hint**: this is for you.\n");
    assert!(texts(&it.tour(), "glossary").is_empty());
}

#[test]
fn a_module_further_in_does_not_speak_for_the_repository() {
    let mut it = Repository::new();
    it.file("app/__init__.py");
    let inner = it.file("app/store/__init__.py");
    it.edit(inner).doc_comment = Some("Keeps everything that visitors write.".to_owned());
    let found = told(&it.tour(), "purpose").join("\n");
    assert!(!found.contains("Keeps everything"), "{found}");
}

#[test]
fn the_comment_of_a_main_file_with_headings_is_read_like_a_page() {
    let mut it = Repository::new();
    let main = it.file("app/__init__.py");
    it.file("app/web.py");
    it.edit(main).doc_comment = Some(
        "An app for visitors of all kinds.\n\n# Requests\n\nEach request is answered by one thread of a pool.\n\n# Storage\n\nWhat visitors write is kept in one file.\n\n# Shutdown\n\nOpen requests are answered before it ends.\n\n# Faults\n\nA fault ends one request and not the others.\n"
            .to_owned(),
    );
    let tour = it.tour();
    let found = items(&tour, "documentation");
    let quotes: Vec<_> = found.iter().filter_map(|item| item.quote.as_ref()).collect();
    let texts: Vec<&str> = quotes.iter().map(|quote| quote.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "An app for visitors of all kinds.",
            "Each request is answered by one thread of a pool.",
            "What visitors write is kept in one file.",
            "Open requests are answered before it ends.",
            "A fault ends one request and not the others."
        ]
    );
    assert!(quotes.iter().all(|quote| quote.line == 1), "the lines of a comment are not known");
}

#[test]
fn what_stands_first_under_the_name_of_a_folder_is_about_the_folder() {
    let mut it = app();
    it.document("docs/map.md", "# Map\n\n## `core`\n\nDecides what a visitor may see.\n\n## Other\n\nNothing that matters here at all.\n");
    let layout = told(&it.tour(), "layout").join("\n");
    assert_eq!(layout.matches("Decides what a visitor may see.").count(), 1, "{layout}");
}

#[test]
fn a_page_about_a_concept_is_told_before_a_reference_that_names_more() {
    let mut it = app();
    it.document(
        "docs/api/all.md",
        "# All names\n\nThis page has every name of `Router`, `RuleBook` and `Store` for you.\n\n## `Router.find()`\n\nFinds a page by `Router` and `RuleBook` and `Store`.\n",
    );
    it.document("docs/concepts/pages.md", "# Pages\n\nA page is what a visitor sees at one address.\n");
    let found = told(&it.tour(), "documentation");
    assert!(found[0].contains("docs/concepts/pages.md"), "{found:?}");
}

#[test]
fn the_sentence_that_says_what_something_is_is_quoted() {
    let mut it = app();
    let text = "# Rules\n\nYou have seen in the handbook how visitors are kept out.\n\nMuch of it comes from experience. Rules are functions that decide about a page.\n\n## Order\n\nIn most cases nobody has to think of it.\n\nThe order is a list of all rules by their names.\n";
    it.document("docs/concepts/rules.md", text);
    it.document("docs/plugins.md", "# Plugins\n\nWe have said much about how to extend it.\n\nA plugin is a function that is given the `Router`.\n");
    let tour = it.tour();
    let found = told(&tour, "documentation");
    assert!(found[0].ends_with("Rules are functions that decide about a page."), "{found:?}");
    assert!(found.contains(&"The order is a list of all rules by their names.".to_owned()), "{found:?}");
    assert!(told(&tour, "extension")[0].ends_with("A plugin is a function that is given the `Router`."));
}

#[test]
fn tables_and_directory_trees_tell_of_the_parts() {
    let mut it = app();
    it.document(
        "docs/map.md",
        "# Map\n\n| Folder | Purpose |\n|---|---|\n| `core/a.py` | Decides what a visitor may see. |\n\n```\nshop/\n├── web/\n│   └── a.py  # finds the page of an address\n└── store/    # keeps what visitors write\n```\n",
    );
    let layout = told(&it.tour(), "layout").join("\n");
    assert!(
        layout.contains("`core/a.py` (2 symbols): `RuleBook`. Decides what a visitor may see."),
        "{layout}"
    );
    assert!(layout.contains("finds the page of an address"), "{layout}");
    assert!(layout.contains("keeps what visitors write"), "{layout}");
}

#[test]
fn rows_of_a_table_define_terms() {
    let mut it = app();
    it.document(
        "docs/concepts.md",
        "# Concepts\n\n| Term | Meaning |\n|---|---|\n| Page | What a visitor sees. |\n| Rule | What decides about it. |\n| Visitor | Whoever asks for a page. |\n",
    );
    assert_eq!(
        told(&it.tour(), "glossary"),
        ["Page: What a visitor sees.", "Rule: What decides about it.", "Visitor: Whoever asks for a page."]
    );
}

#[test]
fn steps_of_a_guide_that_names_no_code_are_no_terms() {
    let mut it = app();
    it.document(
        "docs/card.md",
        "# Write a card\n\n- **Device**: select the one you have.\n- **System**: select the newest one.\n- **Write**: wait until it is done.\n",
    );
    assert!(texts(&it.tour(), "glossary").is_empty());
}

#[test]
fn modules_of_a_flat_folder_are_told_in_the_words_of_their_comments() {
    let mut it = Repository::new();
    for folder in ["web", "core", "store", "rules"] {
        it.file(&format!("{folder}/a.py"));
        it.file(&format!("{folder}/b.py"));
    }
    let worker = it.file("app/worker.py");
    it.edit(worker).doc_comment = Some("Runs the tasks that the scheduler gives it. And more.".to_owned());
    for file in ["x", "y"] {
        let other = it.file(&format!("app/{file}.py"));
        it.edit(other).doc_comment = Some("Helps with many things.".to_owned());
    }
    let layout = told(&it.tour(), "layout").join("\n");
    assert!(layout.contains("`app/worker.py` Runs the tasks that the scheduler gives it."), "{layout}");
    assert_eq!(layout.matches("Helps with many things.").count(), 1, "{layout}");
}

#[test]
fn any_file_of_a_package_of_go_may_speak_for_it() {
    let mut it = Repository::new();
    for folder in ["web", "core", "store", "rules", "app"] {
        it.file(&format!("{folder}/a.go"));
        it.file(&format!("{folder}/b.go"));
    }
    let core = it.file("core/z.go");
    it.edit(core).doc_comment = Some("Package core decides what a visitor may see.".to_owned());
    let layout = told(&it.tour(), "layout").join("\n");
    assert!(
        layout.contains("`core/` (3 files, 3 symbols). Package core decides what a visitor may see."),
        "{layout}"
    );
}

#[test]
fn words_before_a_colon_that_stand_for_something_else_each_time_are_no_terms() {
    let mut it = app();
    let one = "- **Kind**: one of many kinds.\n- **Next**: whatever comes after it.\n";
    it.document(
        "docs/concepts.md",
        &format!("# Hooks\n\n{one}- **Hook**: a function of a plugin.\n\n## More\n\n{one}{one}- **Rule**: what decides.\n"),
    );
    assert_eq!(told(&it.tour(), "glossary"), ["Hook: a function of a plugin.", "Rule: what decides."]);
}

#[test]
fn a_heading_about_a_process_is_answered_without_names() {
    let mut it = app();
    it.document(
        "docs/use.md",
        "# Use\n\nAll of it is used by hand.\n\n## The build process\n\nEach page goes through several steps.\n\n1. It is read.\n2. It is written.\n",
    );
    let found = told(&it.tour(), "documentation");
    assert!(
        found.contains(&"Each page goes through several steps. It is read; It is written".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_key_with_dots_is_no_file_of_another_language() {
    let mut it = app();
    for file in ["ui/menu.rs", "ui/text.rs"] {
        it.file(file);
    }
    it.document(
        "docs/themes.md",
        "# Themes\n\n| Key | Notes |\n|---|---|\n| `ui.menu` | Colour of all the menus. |\n| `core.a` | Decides what is seen. |\n",
    );
    let layout = told(&it.tour(), "layout").join("\n");
    assert!(!layout.contains("Colour of all the menus."), "{layout}");
    assert!(layout.contains("Decides what is seen."), "{layout}");
}
