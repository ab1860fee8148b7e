//! How symbols stand to each other beside calls.

use docpack::{ConditionKind, EdgeKind, StepKind};
use doctown_graph::{Clustering, contexts};
use model::body::{Body, Condition, Step};
use model::context::{Listed, SymbolContext};
use model::facts::{Parameter, Symbol};

use crate::fixture::{Fixture, edge};

fn context_of(fixture: &Fixture, qualified_name: &str) -> SymbolContext {
    let assembly = fixture.assemble(Clustering::Communities);
    let repository = fixture.repository();
    contexts(&repository, &assembly)
        .find(|it| it.qualified_name == qualified_name)
        .expect("the fixture has the symbol")
}

fn symbol<'f>(fixture: &'f mut Fixture, qualified_name: &str) -> &'f mut Symbol {
    let mut symbols = fixture.files.iter_mut().flat_map(|file| &mut file.symbols);
    symbols.find(|it| it.qualified_name == qualified_name).expect("the fixture has the symbol")
}

fn link(fixture: &mut Fixture, source: &str, target: &str, kind: EdgeKind) {
    let (source, target) = (symbol(fixture, source).id, symbol(fixture, target).id);
    fixture.resolution.edges.push(edge(source, target, kind, Vec::new()));
}

fn step(kind: StepKind, text: &str, value: Option<&str>) -> Step {
    Step {
        kind,
        under: None,
        line: 1,
        byte_start: 0,
        text: text.to_owned(),
        arguments: Vec::new(),
        value: value.map(str::to_owned),
        effect: None,
        literals: Vec::new(),
        is_awaited: false,
    }
}

fn with_steps(fixture: &mut Fixture, qualified_name: &str, steps: Vec<Step>) {
    symbol(fixture, qualified_name).body =
        Some(Box::new(Body { conditions: Vec::new(), steps, is_cut: false }));
}

fn names(listed: &Listed) -> Vec<&str> {
    listed.first.iter().map(|it| it.display_name.as_str()).collect()
}

#[test]
fn overloads_share_the_comment_of_one_of_them() {
    let text = "//- src/request.ts\nclass Request\n  method header /// Returns a header.\n  method header\n  method query\n";
    let mut fixture = Fixture::parse(text);
    let second = fixture.files[0].symbols[3].id;
    let assembly = fixture.assemble(Clustering::Communities);
    let repository = fixture.repository();
    let comments: Vec<_> = contexts(&repository, &assembly)
        .filter(|it| it.id == second || it.name == "query")
        .map(|it| it.doc_comment)
        .collect();
    assert_eq!(comments, [Some("Returns a header.".to_owned()), None]);
    // In Go two functions of one name are two functions.
    "src/request.go".clone_into(&mut fixture.files[0].file_path);
    fixture.files[0].language = docpack::Language::Go;
    let repository = fixture.repository();
    let shared = contexts(&repository, &assembly).filter(|it| it.doc_comment.is_some()).count();
    assert_eq!(shared, 1);
}

#[test]
fn a_member_overrides_that_of_the_nearest_base() {
    let text = "//- src/a.py\nclass Base\n  method run /// Runs the job.\n  method stop\nclass Middle\n  method stop\nclass Job\n  method run\n  method stop\n";
    let mut fixture = Fixture::parse(text);
    link(&mut fixture, "src::a::Middle", "src::a::Base", EdgeKind::Extends);
    link(&mut fixture, "src::a::Job", "src::a::Middle", EdgeKind::Extends);
    let run = context_of(&fixture, "src::a::Job::run").standing;
    assert_eq!(run.overrides.map(|it| it.display_name).as_deref(), Some("Base.run"));
    assert_eq!(run.inherited_doc.as_deref(), Some("Runs the job."));
    let stop = context_of(&fixture, "src::a::Job::stop").standing;
    assert_eq!(stop.overrides.map(|it| it.display_name).as_deref(), Some("Middle.stop"));
    assert_eq!(names(&context_of(&fixture, "src::a::Middle").standing.subtypes), ["Job"]);
}

#[test]
fn a_circle_of_bases_ends() {
    let mut fixture = Fixture::parse("//- src/a.py\nclass A\n  method run\nclass B\n");
    link(&mut fixture, "src::a::A", "src::a::B", EdgeKind::Extends);
    link(&mut fixture, "src::a::B", "src::a::A", EdgeKind::Extends);
    assert_eq!(context_of(&fixture, "src::a::A::run").standing.overrides, None);
}

#[test]
fn types_know_who_returns_and_takes_them() {
    let text = "//- src/a.rs\nstruct Point\nfn origin\nfn draw\n//- tests/a.rs\nfn check\n";
    let mut fixture = Fixture::parse(text);
    symbol(&mut fixture, "src::a::origin").return_type = Some("Option<Point>".to_owned());
    let point = Parameter { name: "at".to_owned(), type_name: Some("&Point".to_owned()), default: None };
    symbol(&mut fixture, "src::a::draw").parameters = vec![point.clone()];
    symbol(&mut fixture, "tests::a::check").parameters = vec![point];
    for source in ["src::a::origin", "src::a::draw", "tests::a::check"] {
        link(&mut fixture, source, "src::a::Point", EdgeKind::ReferencesType);
    }
    let standing = context_of(&fixture, "src::a::Point").standing;
    assert_eq!(
        (names(&standing.returned_by), names(&standing.taken_by)),
        (vec!["a::origin"], vec!["a::draw"])
    );
}

#[test]
fn decorators_are_told_from_handlers() {
    let text = "//- src/a.py\nfn setup\nfn handler\nfn route @setup\nfn register\n";
    let mut fixture = Fixture::parse(text);
    link(&mut fixture, "src::a::route", "src::a::setup", EdgeKind::References);
    link(&mut fixture, "src::a::register", "src::a::handler", EdgeKind::References);
    assert_eq!(names(&context_of(&fixture, "src::a::setup").standing.decorates), ["a.route"]);
    assert_eq!(names(&context_of(&fixture, "src::a::handler").standing.handed_over_by), ["a.register"]);
}

#[test]
fn bodies_say_where_fields_and_constants_are_used() {
    let text = "//- src/a.py\nconst LIMIT\nclass Pool\n  property size\n  method grow\n  method full\nclass Other\n  method grow\n";
    let mut fixture = Fixture::parse(text);
    with_steps(&mut fixture, "src::a", vec![step(StepKind::Write, "LIMIT", Some("100"))]);
    with_steps(&mut fixture, "src::a::Pool::grow", vec![step(StepKind::Write, "self.size", Some("LIMIT"))]);
    with_steps(&mut fixture, "src::a::Pool::full", vec![step(StepKind::Return, "\"LIMIT\"", None)]);
    with_steps(&mut fixture, "src::a::Other::grow", vec![step(StepKind::Write, "self.size", None)]);
    symbol(&mut fixture, "src::a::Pool::full").body.as_mut().expect("just set").conditions =
        vec![Condition { kind: ConditionKind::If, text: "self.size > 3".to_owned(), line: 1, within: None }];
    let limit = context_of(&fixture, "src::a::LIMIT").standing;
    assert_eq!((limit.value.as_deref(), names(&limit.read_by)), (Some("100"), vec!["Pool.grow"]));
    let size = context_of(&fixture, "src::a::Pool::size").standing;
    assert_eq!((names(&size.set_by), names(&size.read_by)), (vec!["Pool.grow"], vec!["Pool.full"]));
}

#[test]
fn a_file_is_told_by_its_most_central_documented_part() {
    let text = "//- src/sunset.go\nfn Sunset /// Sunset sets the header.\nfn helper\n";
    let main = context_of(&Fixture::parse(text), "src::sunset").standing.main_member;
    assert_eq!(
        main.map(|it| (it.0.name, it.1)),
        Some(("Sunset".to_owned(), "Sunset sets the header.".to_owned()))
    );
}
