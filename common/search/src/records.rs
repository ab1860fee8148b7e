//! The documents that a pack's records hold.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use docpack::records::{self, Documentation, Graph, Nodes, Overviews, SourceFile, SourceMap, Symbol};
use docpack::{Contents, EdgeKind, Role, SourceTexts, SymbolId};
use model::role::FoundRole;

use crate::document::{Document, Kind};

/// The part of a pack that is searched.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    pub nodes: &'a Nodes,
    pub source_map: &'a SourceMap,
    pub graph: &'a Graph,
    pub overviews: &'a Overviews,
    /// Where the pack holds the source text.
    pub source: Option<&'a SourceTexts>,
}

impl<'a> Records<'a> {
    /// Takes what is searched from a pack.
    pub fn of(contents: &'a Contents) -> Self {
        Self {
            nodes: &contents.nodes,
            source_map: &contents.source_map,
            graph: &contents.graph,
            overviews: &contents.overviews,
            source: contents.source.as_ref(),
        }
    }

    fn text(&self, path: &str) -> Option<&'a str> {
        self.source?.get(path)
    }
}

/// Calls `each` with every document of a pack: its symbols in their order, then its files, its folders, and the
/// sections of its documentation.
///
/// So a symbol's place among the documents is its place in `nodes.json`.
pub fn each_document<'a>(records: Records<'a>, each: &mut impl FnMut(&Document<'_>)) {
    let named = Named::of(records);
    for symbol in &records.nodes.symbols {
        each(&symbol_document(symbol, &named, records));
    }
    for file in &records.source_map.files {
        each(&file_document(file, &named));
    }
    for (path, text) in folders(records) {
        each(&Document {
            kind: Kind::Folder,
            id: path.into(),
            name: path.rsplit('/').next().unwrap_or(path).into(),
            qualified_name: path.into(),
            path: path.into(),
            summary: text.into(),
            role: role_of_path(path).into(),
            ..Document::default()
        });
    }
    for document in &records.source_map.documents {
        each_section(document, records, each);
    }
}

/// What symbols refer to and hold, by their ids.
struct Named<'a> {
    /// Names that a symbol calls, uses or cannot be followed to.
    references: HashMap<SymbolId, Vec<&'a str>>,
    members: HashMap<SymbolId, Vec<&'a Symbol>>,
    /// By path, the symbols of a file that no other symbol but its module holds.
    outer: HashMap<&'a str, Vec<&'a Symbol>>,
    /// Of the files whose role the pack tells.
    roles: HashMap<&'a str, &'a str>,
}

impl<'a> Named<'a> {
    fn of(records: Records<'a>) -> Self {
        let symbols = &records.nodes.symbols;
        let by_id: HashMap<SymbolId, &Symbol> = symbols.iter().map(|symbol| (symbol.id, symbol)).collect();
        let mut references: HashMap<SymbolId, Vec<&str>> = HashMap::new();
        let wanted = |kind: &str| kind == EdgeKind::Calls.as_str() || kind == EdgeKind::References.as_str();
        for edge in records.graph.edges.iter().filter(|edge| wanted(edge.kind.as_str())) {
            if let Some(target) = by_id.get(&edge.target) {
                references.entry(edge.source).or_default().push(&target.name);
            }
        }
        for unresolved in &records.graph.unresolved {
            references.entry(unresolved.source).or_default().push(&unresolved.name);
        }
        let mut members: HashMap<SymbolId, Vec<&Symbol>> = HashMap::new();
        let mut outer: HashMap<&str, Vec<&Symbol>> = HashMap::new();
        for symbol in symbols {
            let parent = symbol.parent.and_then(|parent| by_id.get(&parent));
            match parent {
                Some(parent) => members.entry(parent.id).or_default().push(symbol),
                None => outer.entry(&symbol.file_path).or_default().push(symbol),
            }
            if parent
                .is_some_and(|parent| parent.kind.as_str() == MODULE && parent.file_path == symbol.file_path)
            {
                outer.entry(&symbol.file_path).or_default().push(symbol);
            }
        }
        let files = records.source_map.files.iter();
        let roles = files.filter_map(|file| Some((file.file_path.as_str(), file.role.as_ref()?.as_str())));
        Self { references, members, outer, roles: roles.collect() }
    }
}

const MODULE: &str = "module";

fn symbol_document<'a>(symbol: &'a Symbol, named: &Named<'a>, records: Records<'a>) -> Document<'a> {
    Document {
        kind: Kind::Symbol,
        id: symbol.id.to_string().into(),
        name: symbol.name.as_str().into(),
        qualified_name: symbol.qualified_name.as_str().into(),
        path: symbol.file_path.as_str().into(),
        signature: symbol.signature.as_str().into(),
        documentation: symbol.doc_comment.as_deref().unwrap_or_default().into(),
        summary: symbol.documentation.as_ref().map(Documentation::shown).unwrap_or_default(),
        body: body(symbol, named, records).into(),
        symbol_kind: symbol.kind.as_str().into(),
        role: role_of(symbol, named).into(),
        centrality: symbol.centrality,
        exported: symbol.exported,
    }
}

/// The names of its members and its own source text, or the names that it refers to where there is no text.
fn body(symbol: &Symbol, named: &Named<'_>, records: Records<'_>) -> String {
    let members = named.members.get(&symbol.id).map_or(&[] as &[_], Vec::as_slice);
    let mut words: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    match records.text(&symbol.file_path) {
        Some(text) => words.extend(own_text(symbol, members, text)),
        None => words.extend(named.references.get(&symbol.id).into_iter().flatten()),
    }
    words.join(" ")
}

/// The text of a definition without the text of its members, which are found by themselves.
fn own_text<'t>(symbol: &Symbol, members: &[&Symbol], text: &'t str) -> Vec<&'t str> {
    let mut inner: Vec<_> = members.iter().filter(|member| member.file_path == symbol.file_path).collect();
    inner.sort_unstable_by_key(|member| (member.byte_range.start, member.byte_range.end));
    let mut at = symbol.byte_range.start;
    let mut own = Vec::new();
    for member in inner {
        own.extend(text.get(at as usize..member.byte_range.start.max(at) as usize));
        at = at.max(member.byte_range.end);
    }
    own.extend(text.get(at as usize..symbol.byte_range.end.max(at) as usize));
    own
}

fn file_document<'a>(file: &'a SourceFile, named: &Named<'a>) -> Document<'a> {
    let path = file.file_path.as_str();
    let symbols = named.outer.get(path).map_or(&[] as &[_], Vec::as_slice);
    let module = symbols.iter().find(|symbol| symbol.kind.as_str() == MODULE && symbol.parent.is_none());
    let names: Vec<&str> = symbols.iter().map(|symbol| symbol.name.as_str()).collect();
    Document {
        kind: Kind::File,
        id: path.into(),
        name: path.rsplit('/').next().unwrap_or(path).into(),
        qualified_name: path.into(),
        path: path.into(),
        documentation: module.and_then(|module| module.doc_comment.as_deref()).unwrap_or_default().into(),
        body: Cow::Owned(names.join(" ")),
        role: named.roles.get(path).copied().unwrap_or_else(|| role_of_path(path)).into(),
        ..Document::default()
    }
}

/// Calls `each` with the headings of a document, each with the text up to the next heading.
fn each_section<'a>(
    document: &'a records::Document,
    records: Records<'a>,
    each: &mut impl FnMut(&Document<'_>),
) {
    let path = document.file_path.as_str();
    let text = records.text(path).unwrap_or_default();
    let mut above: Vec<(u32, &str)> = Vec::new();
    for (at, section) in document.sections.iter().enumerate() {
        above.retain(|(level, _)| *level < section.level);
        above.push((section.level, &section.title));
        let next = document.sections.get(at + 1).map(|next| next.byte_range.start);
        let end = next.map_or(section.byte_range.end, |next| next.min(section.byte_range.end));
        let titles: Vec<&str> = above.iter().map(|(_, title)| *title).collect();
        each(&Document {
            kind: Kind::Section,
            id: format!("{path}#{}", section.line).into(),
            name: section.title.as_str().into(),
            qualified_name: titles.join(" > ").into(),
            path: path.into(),
            documentation: text
                .get(section.byte_range.start as usize..end as usize)
                .unwrap_or_default()
                .into(),
            role: document.role.as_str().into(),
            ..Document::default()
        });
    }
}

/// The folders of all files in path order, with their overviews.
fn folders(records: Records<'_>) -> BTreeMap<&str, &str> {
    let mut folders = BTreeMap::new();
    for file in &records.source_map.files {
        for (at, _) in file.file_path.match_indices('/') {
            folders.insert(&file.file_path[..at], "");
        }
    }
    for module in &records.overviews.modules {
        if let Some(text) = folders.get_mut(module.path.as_str()) {
            *text = &module.text;
        }
    }
    folders
}

fn role_of<'a>(symbol: &'a Symbol, named: &Named<'a>) -> &'a str {
    if let Some(role) = &symbol.role {
        return role.as_str();
    }
    if let Some(role) = named.roles.get(symbol.file_path.as_str()) {
        return role;
    }
    // In packs without roles: tests of Rust may lie within the file that they test.
    let is_inner_test = symbol.qualified_name.split("::").any(|scope| scope == "tests");
    if is_inner_test { Role::Test.as_str() } else { role_of_path(&symbol.file_path) }
}

fn role_of_path(path: &str) -> &'static str {
    FoundRole::of_file(path, "").role.as_str()
}
