//! What each language's table reads, printed for people: one fixture a feature.

mod go;
mod javascript;
mod python;
mod rust;
mod typescript;

use std::fmt::Write;

use doctown_parse as parse;

use model::facts::{BindingTarget, FileFacts, Imported, Symbol};

/// Reads a fixture and prints the part that a feature test looks at.
pub(crate) fn read(file_path: &str, text: &str) -> FileFacts {
    let language = parse::detect(file_path, text.as_bytes()).expect("fixtures have a known extension");
    parse::parse(language, file_path, text.as_bytes(), &parse::ParseLimits::default())
}

/// Everything, in sections.
pub(crate) fn all(file_path: &str, text: &str) -> String {
    let facts = read(file_path, text);
    let mut out = symbols(&facts);
    for (title, section) in [
        ("imports", imports(&facts)),
        ("exports", exports(&facts)),
        ("references", references(&facts)),
        ("bindings", bindings(&facts)),
        ("findings", findings(&facts)),
    ] {
        if !section.is_empty() {
            let _ = write!(out, "-- {title}\n{section}");
        }
    }
    out
}

/// One line a symbol, indented below its parent, and what else is known of it below.
pub(crate) fn symbols(facts: &FileFacts) -> String {
    let mut out = String::new();
    for symbol in &facts.symbols {
        let indent = "  ".repeat(depth(facts, symbol));
        let lines = symbol.line_range;
        let _ = writeln!(
            out,
            "{indent}{} {} [{}-{}] {}{}",
            symbol.kind,
            symbol.qualified_name,
            lines.start,
            lines.end,
            symbol.visibility,
            if symbol.exported { " exported" } else { "" }
        );
        let _ = writeln!(out, "{indent}  | {}", symbol.signature);
        for (label, text) in details(symbol) {
            let _ = writeln!(out, "{indent}  {label}: {text}");
        }
    }
    out
}

fn depth(facts: &FileFacts, symbol: &Symbol) -> usize {
    std::iter::successors(symbol.parent, |parent| facts.symbols[*parent as usize].parent).count()
}

fn details(symbol: &Symbol) -> Vec<(&'static str, String)> {
    let parameter = |p: &model::facts::Parameter| match &p.type_name {
        Some(type_name) => format!("{}: {type_name}", p.name),
        None => p.name.clone(),
    };
    let parameters: Vec<_> = symbol.parameters.iter().map(parameter).collect();
    let complexity =
        symbol.complexity.map(|c| format!("{} cyclomatic, {} cognitive", c.cyclomatic, c.cognitive));
    let all = [
        ("doc", symbol.doc_comment.clone().map(|doc| doc.replace('\n', "⏎")).unwrap_or_default()),
        ("attributes", symbol.attributes.join(" ")),
        ("parameters", parameters.join(" | ")),
        ("returns", symbol.return_type.clone().unwrap_or_default()),
        ("generics", symbol.generics.join(" | ")),
        ("modifiers", symbol.modifiers.join(" ")),
        ("bases", symbol.bases.join(" | ")),
        ("implements", symbol.implements.join(" | ")),
        ("complexity", complexity.unwrap_or_default()),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

pub(crate) fn imports(facts: &FileFacts) -> String {
    let mut out = String::new();
    for import in &facts.imports {
        let what = match &import.what {
            Imported::Name(name) => format!("name {name}"),
            other => format!("{other:?}").to_lowercase(),
        };
        let local = import.local_name.as_deref().unwrap_or("-");
        let passed_on = if import.reexported { " reexported" } else { "" };
        let _ = writeln!(
            out,
            "{} = {what} of {} as {local}{passed_on} (line {})",
            import.path, import.module, import.line
        );
    }
    out
}

pub(crate) fn exports(facts: &FileFacts) -> String {
    let line = |export: &model::facts::Export| {
        let local = export.local.as_deref().unwrap_or("-");
        let import = export
            .import
            .map(|idx| format!(" from {}", facts.imports[idx as usize].path))
            .unwrap_or_default();
        format!("{} = {local}{import}\n", export.name)
    };
    facts.exports.iter().map(line).collect()
}

pub(crate) fn references(facts: &FileFacts) -> String {
    let mut out = String::new();
    for reference in &facts.references {
        let from = &facts.symbols[reference.from as usize].qualified_name;
        let kind = format!("{:?}", reference.kind).to_lowercase();
        let _ = writeln!(out, "{}: {kind} {} in {from}", reference.line, reference.path);
    }
    out
}

/// Names that are neither symbols nor imports.
pub(crate) fn bindings(facts: &FileFacts) -> String {
    let mut out = String::new();
    for binding in &facts.bindings {
        let (word, type_path, value) = match &binding.target {
            BindingTarget::Symbol(_) | BindingTarget::Import(_) => continue,
            BindingTarget::Parameter { type_path } => ("parameter", type_path, &None),
            BindingTarget::Local { type_path, value } => ("local", type_path, value),
            BindingTarget::Declared => ("declared", &None, &None),
            BindingTarget::Assigned { value, .. } => ("assigned", &None, value),
        };
        let _ = write!(out, "{word} {}", binding.name);
        if let Some(path) = type_path {
            let _ = write!(out, ": {path}");
        }
        if let Some(path) = value {
            let _ = write!(out, " = {path}");
        }
        let _ = writeln!(out, " (scope {})", binding.scope);
    }
    out
}

pub(crate) fn findings(facts: &FileFacts) -> String {
    let line = |finding: &model::facts::Finding| {
        format!("{} {:?}: {}\n", finding.code, finding.line, finding.message)
    };
    facts.findings.iter().map(line).collect()
}
