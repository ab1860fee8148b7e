//! A small web server as a pack: a router, its error, a session, and a document.

use docpack::records::{
    Bodies, Body, Condition, Document, Edge, Graph, GraphMetrics, Nodes, Section, Site, SourceFile,
    SourceMap, Step, Symbol, Tour,
};
use docpack::{
    ByteRange, ConditionKind, EdgeKind, Evidence, Language, LineRange, Role, SourceTexts, StepKind, SymbolId,
    SymbolKind, Visibility,
};
use doctown_ask::{Answer, Index, Question, Records, answer};

pub(crate) const PATH: &str = "src/server.py";
const GUIDE: &str = "Read this before you deploy the server behind another one.

# Guide

## Sessions

A session is kept in a signed cookie, so nothing is stored on the server.

```python
session[\"user\"] = 1
```

## Errors

Every error page can be replaced by a template of your own.
";

pub(crate) struct Pack {
    pub(crate) nodes: Nodes,
    pub(crate) graph: Graph,
    pub(crate) source_map: SourceMap,
    pub(crate) bodies: Option<Bodies>,
    pub(crate) tour: Option<Tour>,
    pub(crate) source: Option<SourceTexts>,
}

impl Pack {
    pub(crate) fn records(&self) -> Records<'_> {
        Records {
            nodes: &self.nodes,
            graph: &self.graph,
            source_map: &self.source_map,
            bodies: self.bodies.as_ref(),
            tour: self.tour.as_ref(),
            source: self.source.as_ref(),
        }
    }

    pub(crate) fn ask(&self, question: &str) -> Answer {
        self.ask_for(question, 8)
    }

    pub(crate) fn ask_for(&self, question: &str, limit: usize) -> Answer {
        let question = Question::parse(question).expect("the test asks something");
        answer(&self.records(), &Index::of(&self.records()), &question, &[], limit)
    }

    fn symbol(&mut self, name: &str, comment: &str, line: u32, role: Role) -> SymbolId {
        let parent = self.nodes.symbols.iter().find(|it| it.kind == SymbolKind::Module).map(|it| it.id);
        let kind = if parent.is_some() { SymbolKind::Function } else { SymbolKind::Module };
        let path = if role == Role::Test { "tests/test_server.py" } else { PATH };
        let qualified_name = if parent.is_some() { format!("server.{name}") } else { name.to_owned() };
        let id = SymbolId::derive(Language::Python, path, &qualified_name, kind, "", 0);
        self.nodes.symbols.push(Symbol {
            id,
            name: name.to_owned(),
            qualified_name,
            kind: kind.into(),
            language: Language::Python.into(),
            file_path: path.to_owned(),
            byte_range: ByteRange { start: line * 100, end: line * 100 + 90 },
            line_range: LineRange { start: line, end: line + 9 },
            signature: format!("def {name}(request)"),
            parameters: Vec::new(),
            return_type: None,
            generics: Vec::new(),
            modifiers: Vec::new(),
            visibility: Visibility::Public.into(),
            exported: true,
            bases: Vec::new(),
            implements: None,
            doc_comment: Some(comment.to_owned()).filter(|comment| !comment.is_empty()),
            attributes: Vec::new(),
            role: Some(role.into()),
            role_reason: None,
            body_digest: None,
            parent,
            complexity: None,
            cluster_id: None,
            centrality: 0.0,
            in_degree: 0,
            out_degree: 0,
            callers_complete: true,
            documentation: None,
        });
        id
    }

    fn calls(&mut self, source: SymbolId, target: SymbolId, line: u32) {
        self.graph.edges.push(Edge {
            source,
            target,
            kind: EdgeKind::Calls.into(),
            confidence: 1.0,
            evidence: Evidence::Scope.into(),
            weight: None,
            sites: vec![Site { line, byte_start: line * 100 }],
        });
    }
}

fn step(kind: StepKind, text: &str, line: u32, under: Option<u32>) -> Step {
    Step {
        kind: kind.into(),
        under,
        line,
        byte_start: line * 100,
        text: text.to_owned(),
        arguments: Vec::new(),
        value: None,
        effect: None,
        literals: Vec::new(),
        awaited: false,
    }
}

fn file(path: &str, role: Role) -> SourceFile {
    SourceFile {
        file_path: path.to_owned(),
        language: Language::Python.into(),
        bytes: 10_000,
        sha256: "0".repeat(64),
        lines: 100,
        role: Some(role.into()),
        role_reason: None,
        imports: Vec::new(),
        chunks: Vec::new(),
        gaps: Vec::new(),
    }
}

fn guide() -> Document {
    let heading = |line: &str| GUIDE.find(line).expect("the heading stands in the guide") as u32;
    let section = |title: &str, level: u32, mark: &str, line: u32, end: u32| Section {
        title: title.to_owned(),
        level,
        line,
        byte_range: ByteRange { start: heading(mark), end },
        symbol_ids: Vec::new(),
    };
    let end = GUIDE.len() as u32;
    Document {
        file_path: "docs/guide.md".to_owned(),
        bytes: u64::from(end),
        sha256: "0".repeat(64),
        role: Role::Documentation.into(),
        sections: vec![
            section("Guide", 1, "# Guide", 3, end),
            section("Sessions", 2, "## Sessions", 5, heading("## Errors")),
            section("Errors", 2, "## Errors", 13, end),
        ],
    }
}

/// `serve` calls `dispatch`, which calls `find_route` and `save_session`.
pub(crate) fn server() -> Pack {
    let metrics = GraphMetrics::default();
    let graph = Graph {
        confidence_floor: 0.9,
        edges: Vec::new(),
        ambiguous: Vec::new(),
        unresolved: Vec::new(),
        metrics,
    };
    let files = vec![file(PATH, Role::Product), file("tests/test_server.py", Role::Test)];
    let mut source = SourceTexts::default();
    source.push("docs/guide.md".to_owned(), GUIDE, Vec::new()).expect("one text fits");
    let mut it = Pack {
        nodes: Nodes::default(),
        graph,
        source_map: SourceMap { files, skipped: Vec::new(), documents: vec![guide()] },
        bodies: None,
        tour: None,
        source: Some(source),
    };
    it.symbol("server", "", 1, Role::Product);
    let serve = it.symbol("serve", "Answers requests until it is stopped.", 10, Role::Product);
    let dispatch = it.symbol("dispatch", "Hands a request to its view.", 20, Role::Product);
    let find = it.symbol(
        "find_route",
        "Finds the view of a request.\n\nRoutes are tried in the order in which they were added.",
        30,
        Role::Product,
    );
    let save = it.symbol("save_session", "", 40, Role::Product);
    let test = it.symbol("test_find_route", "Checks that no route matches.", 5, Role::Test);
    for (source, target, line) in
        [(serve, dispatch, 12), (dispatch, find, 22), (dispatch, save, 23), (test, find, 6)]
    {
        it.calls(source, target, line);
    }
    let raise =
        Condition { kind: ConditionKind::If.into(), text: "rule is None".to_owned(), line: 33, within: None };
    let body =
        |symbol_id, conditions: Vec<Condition>, steps| Body { symbol_id, conditions, steps, cut: false };
    let mut bodies = vec![
        body(serve, Vec::new(), vec![step(StepKind::Call, "dispatch", 12, None)]),
        body(
            dispatch,
            Vec::new(),
            vec![
                step(StepKind::Call, "find_route", 22, None),
                step(StepKind::Call, "save_session", 23, None),
            ],
        ),
        body(
            find,
            vec![raise],
            vec![
                step(StepKind::Raise, "NotFound", 34, Some(0)),
                step(StepKind::Return, "rule.view", 35, None),
            ],
        ),
        body(save, Vec::new(), vec![step(StepKind::Write, "response.cookie", 42, None)]),
    ];
    bodies.sort_by_key(|body| body.symbol_id);
    it.bodies = Some(Bodies { bodies });
    it.nodes.symbols.sort_by_key(|symbol| symbol.id);
    it
}
