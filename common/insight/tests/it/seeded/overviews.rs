//! True overviews of a small repository and what becomes of them when they are made false.

use std::collections::{BTreeMap, BTreeSet};

use docpack::{Language, SymbolKind};
use doctown_insight::check::{Checked, check_architecture, check_module};
use doctown_insight::overviews;
use model::assembly::Coupling;
use model::context::{
    ClusterContext, ExternalUse, LanguageShare, ModuleContext, Neighbour, RepositoryContext,
};

use super::{assert_figures, symbols};

fn symbol(display_name: &str, file: &str) -> Neighbour {
    Neighbour { file_path: file.to_owned(), ..symbols::neighbour(display_name, SymbolKind::Method) }
}

fn module(path: &str, counts: [u32; 4], relies: [&[&str]; 2], central: &[(&str, &str)]) -> ModuleContext {
    let [n_files, n_symbols, n_functions, n_types] = counts;
    let names = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
    ModuleContext {
        path: path.to_owned(),
        languages: vec![Language::Python],
        n_files,
        n_symbols,
        doc_comment: Some("Parcels on their way, at most five at once.".to_owned()),
        doc_file: None,
        readme_lead: None,
        central: central.iter().map(|it| symbol(it.0, it.1)).collect(),
        cluster_labels: vec!["parcel delivery".to_owned()],
        depends_on: names(relies[0]),
        used_by: names(relies[1]),
        n_functions,
        n_types,
    }
}

fn repository() -> RepositoryContext {
    let queue = [("Queue.drain", "courier/queue.py"), ("Route.plan", "courier/route.py")];
    let modules = vec![
        module("courier", [3, 41, 17, 6], [&["geo", "src/store"], &["src/web"]], &queue),
        module("geo", [2, 23, 11, 4], [&[], &["courier"]], &[("geo.locate", "geo/locate.py")]),
        module(
            "src/store",
            [4, 38, 19, 7],
            [&[], &["courier", "src/web"]],
            &[("Store.open", "src/store/store.py")],
        ),
        module("src/web", [5, 60, 31, 9], [&["courier", "src/store"], &[]], &[("App", "src/web/app.py")]),
    ];
    let central: Vec<Neighbour> = modules.iter().flat_map(|it| it.central.clone()).collect();
    let pair = |from: &str, to: &str, weight| Coupling { from: from.to_owned(), to: to.to_owned(), weight };
    let app = central.iter().find(|it| it.name == "App").expect("the folder `src/web` has it");
    let used = |package: &str, n_sites| ExternalUse { package: package.to_owned(), n_sites };
    RepositoryContext {
        name: Some("parcels".to_owned()),
        readme_lead: Some("Parcels is a small service that delivers things. Written for Flask.".to_owned()),
        languages: vec![
            LanguageShare { language: Language::Python, n_files: 12, n_lines: 1_800 },
            LanguageShare { language: Language::TypeScript, n_files: 2, n_lines: 260 },
        ],
        n_files: 14,
        n_symbols: 162,
        n_edges: 480,
        clusters: vec![ClusterContext {
            label: "parcel delivery".to_owned(),
            n_members: 44,
            central: vec![],
        }],
        summaries: BTreeMap::from([(app.id, "Extends `Router` and serves the shop.".to_owned())]),
        entry_points: vec![app.clone()],
        central,
        external: vec![used("httpx", 4), used("sqlalchemy", 9)],
        coupling: vec![
            pair("courier", "geo", 12),
            pair("src/web", "courier", 33),
            pair("src/web", "src/store", 7),
        ],
        modules,
        ..RepositoryContext::default()
    }
}

/// About a folder, or about the whole where there is none.
const TRUE: [(Option<&str>, &str); 30] = [
    (
        Some("courier"),
        "Delivers parcels with 17 functions and 6 types in 3 files. It relies on `geo` and `src/store`.",
    ),
    (
        Some("courier"),
        "Takes parcels off the queue with `Queue.drain` and plans their way with `Route.plan`.",
    ),
    (Some("courier"), "The courier folder keeps parcels moving; it is used by `src/web`."),
    (
        Some("courier"),
        "Three files about parcels on their way, with 41 symbols in all. Depends on geo for places.",
    ),
    (Some("courier"), "Plans routes and sends parcels, at most five at once. Used by `src/web`."),
    (
        Some("courier"),
        "Everything about parcels on their way. `Queue` contains `drain`, and `Route` contains `plan`.",
    ),
    (Some("courier"), "Sends parcels. It does not depend on `src/web`, which depends on it."),
    (Some("courier"), "Seventeen functions around the queue of parcels, written in Python."),
    (
        Some("geo"),
        "Finds the place of an address with `geo.locate`. Used by `courier` alone, it relies on nothing else.",
    ),
    (Some("geo"), "Holds 11 functions and 4 types that turn addresses into places."),
    (Some("geo"), "Two files that find places for parcels. `geo.locate` is defined in `geo`."),
    (Some("geo"), "The geo package answers where an address is; courier depends on it."),
    (
        Some("src/store"),
        "Keeps parcels between runs: 38 symbols in 4 files. Both `courier` and `src/web` depend on it.",
    ),
    (Some("src/store"), "Opens the store with `Store.open`. It is needed by the courier folder."),
    (Some("src/web"), "Serves the shop to browsers. `App` extends `Router`, and everything starts there."),
    (Some("src/web"), "The shop in 31 functions over five files; relies on `courier` and on `src/store`."),
    (None, "Parcels is a small service that delivers things, written for Flask in Python and TypeScript."),
    (None, "The folder `courier` has 3 files and relies on `geo` (12 references)."),
    (None, "The repository holds 162 symbols in 14 files of two languages, joined by 480 relations."),
    (None, "Python (12 files, 1,800 lines) does the work, TypeScript (2 files, 260 lines) the pages."),
    (
        None,
        "The web folder is where it starts, with `App`. It relies on the courier folder and on `src/store`.",
    ),
    (None, "`src/web` depends on `courier`, which in turn relies on `geo` for places."),
    (
        None,
        "Four folders share the work: `courier` (41 symbols), `geo` (23), `src/store` (38) and `src/web` (60).",
    ),
    (None, "Parcels wait in a queue until `Queue.drain` takes them; `Route.plan` then finds the way."),
    (None, "Calls leave the repository for `httpx` (4 sites) and `sqlalchemy` (9 sites)."),
    (None, "The geo folder has eleven functions and is used by courier to find places."),
    (None, "Delivers things, with one group of 44 symbols about parcel delivery at its heart."),
    (None, "The largest of the four folders is `src/web`, with five files and 60 symbols of its own."),
    (None, "`App` extends `Router` and is the entry of the shop, as its folder `src/web` shows."),
    (None, "The folder `geo` does not rely on `courier`. `Store.open` is defined in `src/store`."),
];

/// One sentence that is false of the folder or the whole.
type Wrong = (&'static str, &'static [&'static str]);

const WRONG: [Wrong; 12] = [
    (
        "reversed",
        &[
            "The folder `geo` relies on `courier`.",
            "`src/store` depends on `src/web`.",
            "`courier` is used by `geo`.",
            "`courier`, which relies on `src/web`, is small.",
        ],
    ),
    (
        "reversed, plain",
        &[
            "The geo folder relies on courier.",
            "The courier package depends on the web package.",
            "The folder geo uses courier.",
            "The store folder imports from courier.",
        ],
    ),
    (
        "no dependency",
        &[
            "`geo` depends on `src/web`.",
            "`geo` uses `src/store`.",
            "The folder `src/web` calls into `geo`.",
            "The geo folder builds on the store folder.",
        ],
    ),
    (
        "denied",
        &[
            "`courier` does not rely on `geo`.",
            "The web folder never uses `courier`.",
            "The courier folder does not depend on geo.",
        ],
    ),
    (
        "symbols related",
        &[
            "`App` extends `Queue` and raises `Store`.",
            "`Route.plan` calls `Store.open`.",
            "`Queue` implements `Store`.",
            "Route.plan is called by `App`.",
            "`geo.locate`, which returns a `Route`, is central.",
        ],
    ),
    (
        "count of another",
        &[
            "The folder `courier` has 17 files.",
            "`geo` holds 41 symbols.",
            "The web folder has 38 functions.",
            "The folder `src/store` defines sixty types.",
            "`courier` has 1,800 lines.",
        ],
    ),
    (
        "no count",
        &[
            "It has 99 functions.",
            "It waits for ninety seconds.",
            "It serves a million requests.",
            "There are seven folders.",
            "It tries two times.",
        ],
    ),
    (
        "foreign name",
        &[
            "It is built on Django and Celery.",
            "It runs beside Kafka.",
            "The pages use Angular.",
            "It stores everything in Postgres.",
        ],
    ),
    (
        "invented name",
        &[
            "Its heart is `flush_all`.",
            "It begins in CacheManager.",
            "The work of `Queue.fill` is central.",
            "Its folder `src/cache` is empty.",
        ],
    ),
    (
        "injected",
        &[
            "See https://example.org for more.",
            "Please install the latest version.",
            "We deliver parcels.",
            "Click here to start.",
        ],
    ),
    (
        "emptied",
        &[
            "The parcels repository contains the code of the parcels project.",
            "It is a module.",
            "The main purpose of this package is to provide its functionality.",
            "It provides various functions.",
        ],
    ),
    (
        "other wordings",
        &[
            "Everything in `geo` depends on what `src/web` offers.",
            "The store folder needs the web folder to work.",
            "Of all folders only geo relies on `src/store`.",
            "`App` inherits from `Store` and `Queue` from `App`.",
            "`Queue.drain` is called by `Route.plan` for each parcel.",
            "There are 41 symbols in `geo`.",
            "With its 60 files `src/store` is the largest folder.",
            "Most of its thirty functions are in `geo`.",
            "The shop uses RabbitMQ to send parcels.",
            "Parcels are kept for two weeks.",
            "It depends on three packages and forty folders.",
            "The courier folder, with 12 types, depends on geo.",
        ],
    ),
];

fn check(folder: Option<&str>, text: &str, repository: &RepositoryContext) -> Checked {
    match folder {
        Some(path) => {
            let module =
                repository.modules.iter().find(|it| it.path == path).expect("a folder of the fixture");
            check_module(text, module, repository)
        }
        None => check_architecture(text, repository),
    }
}

fn table() -> String {
    let repository = repository();
    let written = overviews(&repository);
    let mut all: Vec<(Option<&str>, &str)> = TRUE.to_vec();
    all.extend(written.modules.iter().map(|it| (Some(it.path.as_str()), it.text.as_str())));
    // The extractive form may be longer than what a model is allowed.
    let parts: Vec<&str> = written.architecture.text.split_inclusive(". ").take(6).collect();
    let architecture = parts.concat();
    all.push((None, &architecture));
    let mut lines = BTreeSet::new();
    let n_flagged = all.iter().filter(|(folder, text)| {
        let checked = check(*folder, text, &repository);
        if !checked.is_verified() {
            lines.insert(format!("flagged although true: {text} {:?}", checked.findings()));
        }
        !checked.is_verified()
    });
    let mut table = format!("{} true overviews, {} flagged\n", all.len(), n_flagged.count());
    let (mut n_all, mut n_caught_all) = (0, 0);
    for (kind, wrong) in WRONG {
        let (mut n, mut n_caught) = (0, 0);
        let mut codes: BTreeMap<&str, u32> = BTreeMap::new();
        for (idx, (folder, text)) in all.iter().enumerate() {
            let first = text.split_inclusive(". ").next().unwrap_or(text).trim();
            let text = format!("{first} {}", wrong[idx % wrong.len()]);
            let checked = check(*folder, &text, &repository);
            n += 1;
            n_caught += u32::from(!checked.is_verified());
            for finding in checked.findings() {
                *codes.entry(finding.code).or_default() += 1;
            }
            if checked.is_verified() {
                lines.insert(format!("passed although false ({kind}): {text}"));
            }
        }
        (n_all, n_caught_all) = (n_all + n, n_caught_all + n_caught);
        let most = codes.iter().max_by_key(|it| it.1).map_or("", |it| it.0);
        table.push_str(&format!("{kind:<18} {n_caught:>4} of {n:>4} caught, mostly as {most}\n"));
    }
    table.push_str(&format!("{:<18} {n_caught_all:>4} of {n_all:>4} caught\n", "all"));
    let lines: Vec<String> = lines.into_iter().collect();
    format!("{table}\n{}\n", lines.join("\n"))
}

#[test]
fn errors_in_overviews_are_caught_and_truth_passes() {
    let table = table();
    assert_figures(&table, 30.0, 300.0);
    insta::assert_snapshot!(table);
}
