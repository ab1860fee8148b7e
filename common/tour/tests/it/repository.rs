//! A repository of records, symbol by symbol.

use std::collections::BTreeMap;

use docpack::records::{
    Bodies, Body, Condition, Document, Edge, Graph, GraphMetrics, Nodes, Section, Site, SourceFile,
    SourceMap, Step, Symbol, Tour, TourItem,
};
use docpack::{
    ByteRange, ConditionKind, EdgeKind, Evidence, Language, LineRange, Role, StepKind, SymbolId, SymbolKind,
    Visibility,
};

pub(crate) struct Repository {
    pub(crate) nodes: Nodes,
    pub(crate) graph: Graph,
    pub(crate) source_map: SourceMap,
    pub(crate) bodies: Bodies,
    pub(crate) texts: BTreeMap<String, String>,
}

impl Repository {
    pub(crate) fn new() -> Self {
        Self {
            nodes: Nodes::default(),
            graph: Graph {
                confidence_floor: 0.9,
                edges: Vec::new(),
                ambiguous: Vec::new(),
                unresolved: Vec::new(),
                metrics: GraphMetrics::default(),
            },
            source_map: SourceMap::default(),
            bodies: Bodies::default(),
            texts: BTreeMap::new(),
        }
    }

    /// Adds a file of 1,000 lines with its module.
    pub(crate) fn file(&mut self, path: &str) -> SymbolId {
        self.file_of(path, Role::Product)
    }

    pub(crate) fn file_of(&mut self, path: &str, role: Role) -> SymbolId {
        self.source_map.files.push(SourceFile {
            file_path: path.to_owned(),
            language: Language::Python.into(),
            bytes: 100_000,
            sha256: "0".repeat(64),
            lines: 1_000,
            role: Some(role.into()),
            role_reason: None,
            imports: Vec::new(),
            chunks: Vec::new(),
            gaps: Vec::new(),
        });
        let name = path.rsplit('/').next().unwrap().trim_end_matches(".py");
        self.symbol(path, name, SymbolKind::Module, 1, None)
    }

    /// Adds a symbol of ten lines.
    pub(crate) fn symbol(
        &mut self,
        path: &str,
        name: &str,
        kind: SymbolKind,
        line: u32,
        parent: Option<SymbolId>,
    ) -> SymbolId {
        let scope = parent.and_then(|id| self.nodes.symbols.iter().find(|it| it.id == id));
        let qualified_name = scope.map_or(name.to_owned(), |it| format!("{}.{name}", it.qualified_name));
        let id = SymbolId::derive(Language::Python, path, &qualified_name, kind, "", 0);
        let role = self.source_map.files.iter().find(|file| file.file_path == path).unwrap().role.clone();
        self.nodes.symbols.push(Symbol {
            id,
            name: name.to_owned(),
            qualified_name,
            kind: kind.into(),
            language: Language::Python.into(),
            file_path: path.to_owned(),
            byte_range: ByteRange { start: line * 100, end: line * 100 + 900 },
            line_range: LineRange { start: line, end: line + 9 },
            signature: String::new(),
            parameters: Vec::new(),
            return_type: None,
            generics: Vec::new(),
            modifiers: Vec::new(),
            visibility: Visibility::Public.into(),
            exported: true,
            bases: Vec::new(),
            implements: None,
            doc_comment: None,
            attributes: Vec::new(),
            role,
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
        if let Some(parent) = parent {
            self.edge(parent, id, EdgeKind::Contains, line);
        }
        id
    }

    pub(crate) fn function(&mut self, path: &str, name: &str, line: u32) -> SymbolId {
        let module =
            self.nodes.symbols.iter().find(|it| it.file_path == path && it.parent.is_none()).unwrap().id;
        self.symbol(path, name, SymbolKind::Function, line, Some(module))
    }

    pub(crate) fn edit(&mut self, id: SymbolId) -> &mut Symbol {
        self.nodes.symbols.iter_mut().find(|it| it.id == id).unwrap()
    }

    pub(crate) fn edge(&mut self, source: SymbolId, target: SymbolId, kind: EdgeKind, line: u32) {
        let sites = vec![Site { line, byte_start: line * 100 }];
        let (kind, evidence) = (kind.into(), Evidence::Scope.into());
        self.graph.edges.push(Edge { source, target, kind, confidence: 1.0, evidence, weight: None, sites });
    }

    pub(crate) fn calls(&mut self, source: SymbolId, target: SymbolId, line: u32) {
        self.edge(source, target, EdgeKind::Calls, line);
    }

    pub(crate) fn body(&mut self, id: SymbolId, conditions: Vec<Condition>, steps: Vec<Step>) {
        self.bodies.bodies.push(Body { symbol_id: id, conditions, steps, cut: false });
    }

    pub(crate) fn document(&mut self, path: &str, text: &str) {
        let headings = text.lines().enumerate().filter(|(_, line)| line.starts_with('#'));
        let sections = headings.map(|(at, line)| Section {
            title: line.trim_start_matches('#').trim().to_owned(),
            level: line.chars().take_while(|c| *c == '#').count() as u32,
            line: at as u32 + 1,
            byte_range: ByteRange { start: 0, end: 0 },
            symbol_ids: Vec::new(),
        });
        self.source_map.documents.push(Document {
            file_path: path.to_owned(),
            bytes: text.len() as u64,
            sha256: "0".repeat(64),
            role: Role::Documentation.into(),
            sections: sections.collect(),
        });
        self.texts.insert(path.to_owned(), text.to_owned());
    }

    pub(crate) fn tour(&self) -> Tour {
        let bodies = Some(&self.bodies).filter(|bodies| !bodies.bodies.is_empty());
        let (nodes, graph, source_map, texts) = (&self.nodes, &self.graph, &self.source_map, &self.texts);
        doctown_tour::tour(&doctown_tour::Records { nodes, graph, source_map, bodies, texts })
    }
}

pub(crate) fn condition(kind: ConditionKind, text: &str, line: u32, within: Option<u32>) -> Condition {
    Condition { kind: kind.into(), text: text.to_owned(), line, within }
}

pub(crate) fn step(kind: StepKind, text: &str, line: u32, under: Option<u32>) -> Step {
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

/// Returns the items of a section.
pub(crate) fn items(tour: &Tour, topic: &str) -> Vec<TourItem> {
    let found = tour.sections.iter().filter(|section| section.topic.as_str() == topic);
    found.flat_map(|section| section.items.clone()).collect()
}

pub(crate) fn texts(tour: &Tour, topic: &str) -> Vec<String> {
    items(tour, topic).into_iter().map(|item| item.text).collect()
}

/// `main` calls `load` and `serve`; `serve` calls `handle`, which calls `send`.
pub(crate) fn server() -> Repository {
    let mut it = Repository::new();
    let app = "src/app.py";
    it.file(app);
    let main = it.function(app, "main", 10);
    let load = it.function(app, "load", 20);
    let serve = it.function(app, "serve", 30);
    let handle = it.function(app, "handle", 40);
    let send = it.function(app, "send", 50);
    it.edit(serve).doc_comment = Some("Answers requests until it is stopped.".to_owned());
    it.calls(main, serve, 13);
    it.calls(main, load, 12);
    it.calls(serve, handle, 32);
    it.calls(serve, load, 33);
    it.calls(handle, send, 42);
    it.calls(handle, load, 43);
    it
}
