//! Programs, their command lines, and what happens behind them.

use docpack::records::Step;
use docpack::{ConditionKind, EdgeKind, Language, StepKind, SymbolId, SymbolKind};

use crate::repository::{Repository, condition, items, server, step, texts};

fn id(it: &Repository, name: &str) -> SymbolId {
    it.nodes.symbols.iter().find(|it| it.name == name).unwrap().id
}

fn call(text: &str, line: u32, arguments: &[&str]) -> Step {
    let arguments = arguments.iter().map(|it| (*it).to_owned()).collect();
    Step { arguments, ..step(StepKind::Call, text, line, None) }
}

#[test]
fn installed_programs_come_first_under_the_names_that_users_type() {
    let mut it = server();
    it.file("src/cli.py");
    let run = it.function("src/cli.py", "run", 10);
    it.calls(run, id(&it, "serve"), 11);
    it.calls(run, id(&it, "load"), 12);
    let file = it.source_map.files.iter_mut().find(|file| file.file_path == "src/cli.py").unwrap();
    file.role_reason = Some("manifest:program app=run app-web=run".to_owned());
    let tour = it.tour();
    let told = texts(&tour, "start");
    assert_eq!(told[0], "`run` in `src/cli.py` runs as the programs `app` and `app-web`.");
    assert_eq!(told[1], "Further programs: `main` in `src/app.py`.");
    assert_eq!(tour.flows[0].title, "`run`");
}

#[test]
fn a_program_that_an_object_runs_starts_where_the_object_decorates() {
    let mut it = server();
    let serve = id(&it, "serve");
    it.edit(serve).attributes = vec!["@app.meta.default".to_owned()];
    it.source_map.files[0].role_reason = Some("manifest:program web=app.meta".to_owned());
    assert_eq!(texts(&it.tour(), "start")[0], "`serve` in `src/app.py` runs as the program `web`.");
}

#[test]
fn tools_of_the_authors_are_further_programs() {
    let mut it = server();
    it.file("internal/tools/gen.py");
    let tool = it.function("internal/tools/gen.py", "main", 10);
    it.calls(tool, id(&it, "load"), 11);
    let told = texts(&it.tour(), "start");
    assert_eq!(told[0], "`main` in `src/app.py` runs as a program.");
    assert_eq!(told[1], "Further programs: `main` in `internal/tools/gen.py`.");
}

#[test]
fn wrappers_are_no_level_of_their_own() {
    let mut it = Repository::new();
    it.file("src/a.py");
    let names = ["main", "one", "two", "three", "four", "heart", "beat", "rest"];
    let ids: Vec<_> = (1u32..).zip(names).map(|(n, name)| it.function("src/a.py", name, 10 * n)).collect();
    for (n, pair) in (1u32..).zip(ids[..6].windows(2)) {
        it.calls(pair[0], pair[1], 10 * n + 1);
    }
    it.calls(ids[5], ids[6], 61);
    it.calls(ids[5], ids[7], 62);
    let tour = it.tour();
    let steps: Vec<_> = tour.flows[0].steps.iter().map(|step| (step.depth, step.text.as_str())).collect();
    assert_eq!(steps.last(), Some(&(5, "calls `rest`")), "{steps:#?}");
}

#[test]
fn a_class_is_created_whichever_base_has_the_constructor() {
    let mut it = server();
    let module = id(&it, "app");
    let base = it.symbol("src/app.py", "Base", SymbolKind::Class, 60, Some(module));
    let made = it.symbol("src/app.py", "__init__", SymbolKind::Constructor, 62, Some(base));
    let class = it.symbol("src/app.py", "Job", SymbolKind::Class, 80, Some(module));
    it.edge(class, base, EdgeKind::Extends, 80);
    let main = id(&it, "main");
    it.calls(main, made, 14);
    it.calls(main, class, 14);
    it.body(main, Vec::new(), vec![call("serve", 13, &[]), call("Job", 14, &[])]);
    let steps: Vec<_> = it.tour().flows[0].steps.iter().map(|step| step.text.clone()).collect();
    assert!(steps.contains(&"creates a `Job`".to_owned()), "{steps:#?}");
}

#[test]
fn functions_are_named_with_the_module_that_the_code_takes_them_from() {
    let mut it = server();
    let main = id(&it, "main");
    it.body(main, Vec::new(), vec![call("self.load", 12, &[]), call("pack.web.serve", 13, &[])]);
    let steps: Vec<_> = it.tour().flows[0].steps.iter().map(|step| step.text.clone()).collect();
    assert!(steps.contains(&"calls `web.serve`".to_owned()), "{steps:#?}");
    assert!(steps.contains(&"calls `load`".to_owned()), "{steps:#?}");
}

#[test]
fn a_call_of_an_argument_is_told_as_the_callers_choice() {
    let mut it = server();
    let main = id(&it, "main");
    it.edit(main).parameters =
        vec![docpack::records::Parameter { name: "callback".to_owned(), type_name: None, default: None }];
    it.graph.unresolved.push(docpack::records::Unresolved {
        source: main,
        name: "callback".to_owned(),
        lines: vec![15],
        reason: "dynamic".to_owned(),
        package: None,
    });
    let steps: Vec<_> = it.tour().flows[0].steps.iter().map(|step| step.text.clone()).collect();
    let told = "calls its argument `callback`: the caller decides what runs";
    assert!(steps.contains(&told.to_owned()), "{steps:#?}");
}

#[test]
fn options_and_commands_are_told_with_their_help() {
    let mut it = server();
    let help = "help=\"Port to listen on. Any is good.\"";
    let steps = vec![
        call("parser.add_argument", 11, &["\"-p\"", "\"--port\"", help]),
        call("parser.add_argument", 12, &["\"path\""]),
        call("subparsers.add_parser", 13, &["\"serve\"", "help='Answers requests'"]),
    ];
    it.body(id(&it, "main"), Vec::new(), steps);
    let tour = it.tour();
    let options = "Options of the command line: `--port` (“Port to listen on”).";
    assert_eq!(texts(&tour, "configuration")[0], options);
    let start = texts(&tour, "start");
    let commands = "Commands of the command line: `serve` (“Answers requests”).";
    assert!(start.contains(&commands.to_owned()), "{start:#?}");
}

#[test]
fn options_of_other_languages_are_read_too() {
    let told = |language: Language, steps: Vec<Step>| {
        let mut it = server();
        let load = id(&it, "load");
        it.edit(load).language = language.into();
        it.body(load, Vec::new(), steps);
        let found = texts(&it.tour(), "configuration");
        found.into_iter().find(|text| text.starts_with("Options")).unwrap_or_default()
    };
    let go = vec![
        call("cmd.Flags().BoolVarP", 21, &["&o.force", "\"force\"", "\"f\"", "false", "\"Never ask\""]),
        call("strings.Count", 22, &["\"text\"", "\"t\""]),
    ];
    assert_eq!(told(Language::Go, go), "Options of the command line: `--force` (“Never ask”).");
    let rust = vec![
        call("Arg::new", 21, &["\"port\""]),
        call("Arg::new().long", 21, &["\"port\""]),
        call("Arg::new().long().num_args", 22, &["1"]),
        call("Arg::new().long().num_args().help", 23, &["\"Port to use\""]),
    ];
    assert_eq!(told(Language::Rust, rust), "Options of the command line: `--port` (“Port to use”).");
    let script = vec![call("program.option", 21, &["'-p, --port <n>'", "'Port to use'"])];
    let found = told(Language::JavaScript, script);
    assert_eq!(found, "Options of the command line: `--port` (“Port to use”).");
}

#[test]
fn fields_that_declare_options_are_told() {
    let mut it = server();
    let module = id(&it, "app");
    let class = it.symbol("src/app.py", "Cli", SymbolKind::Struct, 60, Some(module));
    let field = it.symbol("src/app.py", "dry_run", SymbolKind::Field, 62, Some(class));
    it.edit(field).attributes = vec!["#[arg(short, long)]".to_owned()];
    it.edit(field).doc_comment = Some("Change nothing. Say what would change.".to_owned());
    let found = texts(&it.tour(), "configuration");
    assert_eq!(found[0], "Options of the command line: `--dry-run` (“Change nothing”).");
}

#[test]
fn exit_codes_are_told_before_the_errors() {
    let mut it = server();
    let conditions = vec![condition(ConditionKind::If, "failed", 11, None)];
    let steps = vec![
        Step { under: Some(0), ..call("sys.exit", 12, &["3"]) },
        call("sys.exit", 13, &["\"nothing to do\""]),
        call("sys.exit", 14, &["0"]),
    ];
    it.body(id(&it, "main"), conditions, steps);
    let tour = it.tour();
    assert_eq!(
        texts(&tour, "errors")[0],
        "The program ends with the exit code `3` in `main` if `failed`; `1`, with the message `nothing to do`, in `main`."
    );
    assert_eq!(items(&tour, "errors")[0].evidence[0].line, Some(12));
}
