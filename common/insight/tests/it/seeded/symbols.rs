//! Reads `symbols.txt`: contexts as a person writes them.

use docpack::{Language, SymbolId, SymbolKind, Visibility};
use model::context::{Neighbour, SymbolContext};
use model::facts::{Complexity, Parameter};
use model::role::FoundRole;

pub(crate) struct Symbol {
    pub(crate) context: SymbolContext,
    pub(crate) summaries: Vec<String>,
}

pub(crate) fn read() -> Vec<Symbol> {
    let text = include_str!("symbols.txt");
    text.split("\n== ").skip(1).map(symbol).collect()
}

fn symbol(block: &str) -> Symbol {
    let (head, body) = block.split_once('\n').expect("a block has a head");
    let mut words = head.splitn(3, ' ');
    let language = words.next().and_then(Language::from_word).expect("a head begins with a language");
    let kind = words.next().and_then(SymbolKind::from_word).expect("then comes a kind");
    let (qualified, file_path) =
        words.next().and_then(|it| it.rsplit_once(' ')).expect("then a name and a file");
    let name = match kind {
        SymbolKind::Impl => qualified,
        _ => qualified.rsplit(['.', ':']).next().expect("a split has one part at least"),
    };
    let mut context = blank(language, kind, name, qualified, file_path);
    let mut summaries = Vec::new();
    for line in body.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.strip_prefix(' ').unwrap_or(value);
        if key == "true" {
            summaries.push(value.to_owned());
        } else {
            set(&mut context, key, value);
        }
    }
    context.n_calls = context.calls.len() as u32;
    context.n_called_by = context.called_by.len() as u32;
    context.n_members = context.members.len() as u32;
    Symbol { context, summaries }
}

fn set(context: &mut SymbolContext, key: &str, value: &str) {
    let list = || value.split(", ").map(str::to_owned).collect::<Vec<_>>();
    match key {
        "sig" => context.signature = value.to_owned(),
        "params" => context.parameters = value.split(" | ").map(parameter).collect(),
        "returns" => context.return_type = Some(value.to_owned()),
        "mods" => context.modifiers = list(),
        "attributes" => context.attributes = list(),
        "parent" => context.parent = Some(kinded(value)),
        "members" => context.members = value.split(", ").map(kinded).collect(),
        "calls" => context.calls = value.split(", ").map(|it| neighbour(it, SymbolKind::Function)).collect(),
        "called_by" => {
            context.called_by = value.split(", ").map(|it| neighbour(it, SymbolKind::Function)).collect()
        }
        "bases" => context.bases = list(),
        "implements" => context.implements = list(),
        "imports" => context.imports = list(),
        "external" => context.external = list(),
        "doc" => context.doc_comment = Some(value.to_owned()),
        "callers_complete" => context.callers_complete = true,
        "private" => (context.visibility, context.exported) = (Visibility::Private, false),
        "lines" => context.n_lines = value.parse().expect("lines are a number"),
        "complexity" => {
            let (cyclomatic, cognitive) = value.split_once('/').expect("two numbers");
            let number = |it: &str| it.parse().expect("a number");
            context.complexity =
                Some(Complexity { cyclomatic: number(cyclomatic), cognitive: number(cognitive) });
        }
        "src" => {
            let source = context.source.get_or_insert_default();
            source.push_str(value);
            source.push('\n');
        }
        other => panic!("`{other}` is no key of symbols.txt"),
    }
}

fn parameter(text: &str) -> Parameter {
    match text.split_once(": ") {
        Some((name, type_name)) => {
            Parameter { name: name.to_owned(), type_name: Some(type_name.to_owned()), default: None }
        }
        None => Parameter { name: text.to_owned(), type_name: None, default: None },
    }
}

/// `method append`, `impl Store`.
fn kinded(text: &str) -> Neighbour {
    let (kind, name) = text.split_once(' ').expect("a kind and a name");
    let kind = SymbolKind::from_word(kind).expect("a kind of symbol");
    neighbour(if kind == SymbolKind::Impl { text } else { name }, kind)
}

pub(crate) fn neighbour(display_name: &str, kind: SymbolKind) -> Neighbour {
    let name = match kind {
        SymbolKind::Impl => display_name,
        _ => display_name.rsplit(['.', ':']).next().expect("a split has one part at least"),
    };
    Neighbour {
        id: SymbolId::derive(Language::Rust, "neighbours", display_name, kind, "", 0),
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        kind,
        file_path: "src/neighbours.rs".to_owned(),
    }
}

pub(crate) fn blank(
    language: Language,
    kind: SymbolKind,
    name: &str,
    qualified: &str,
    file: &str,
) -> SymbolContext {
    SymbolContext {
        id: SymbolId::derive(language, file, qualified, kind, "", 0),
        name: name.to_owned(),
        qualified_name: qualified.to_owned(),
        kind,
        language,
        file_path: file.to_owned(),
        role: FoundRole::of_file(file, "").role,
        n_lines: 1,
        signature: String::new(),
        parameters: Vec::new(),
        return_type: None,
        modifiers: Vec::new(),
        attributes: Vec::new(),
        visibility: Visibility::Public,
        exported: true,
        bases: Vec::new(),
        implements: Vec::new(),
        doc_comment: None,
        parent: None,
        members: Vec::new(),
        n_members: 0,
        calls: Vec::new(),
        n_calls: 0,
        called_by: Vec::new(),
        n_called_by: 0,
        n_called_by_support: 0,
        callers_complete: false,
        external: Vec::new(),
        imports: Vec::new(),
        related: Vec::new(),
        cluster_label: None,
        centrality: 0.0,
        complexity: None,
        body: None,
        standing: Default::default(),
        source: None,
    }
}
