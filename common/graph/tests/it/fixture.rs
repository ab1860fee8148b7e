//! A repository as text, one line per symbol.
//!
//! ```text
//! //- src/http/parse.rs
//! struct Request              /// What a client asked for.
//!   method header -> split    /// Finds a header.
//! fn split
//! ```
//! Indentation nests, `->` names what is called (first symbol of that name), `///` starts a doc comment.

use std::collections::BTreeMap;

use docpack::{
    ByteRange, ChunkId, Digest, EdgeKind, Evidence, Language, LineRange, SymbolId, SymbolKind, Visibility,
};
use doctown_graph::{AssembleParams, Clustering, DEFAULT_SEED, Repository, Vectors};
use model::assembly::Assembly;
use model::facts::Symbol;
use model::ingest::{ChunkRecord, FileRecord};
use model::resolution::{Edge, Resolution, Site};
use model::role::FoundRole;

/// Dimensions of the vectors made from names.
pub(crate) const DIMENSIONS: usize = 48;

#[derive(Debug, Clone, Default)]
pub(crate) struct Fixture {
    pub(crate) files: Vec<FileRecord>,
    pub(crate) resolution: Resolution,
}

impl Fixture {
    pub(crate) fn parse(text: &str) -> Self {
        let mut fixture = Self::default();
        let mut calls: Vec<(SymbolId, String, u32)> = Vec::new();
        let mut open: Vec<(usize, u32)> = Vec::new();
        for (line, text) in (1_u32..).zip(text.lines()) {
            if let Some(path) = text.strip_prefix("//- ") {
                fixture.files.push(file(path.trim()));
                open.clear();
                continue;
            }
            let (Some(file), false) = (fixture.files.last_mut(), text.trim().is_empty()) else { continue };
            let indent = text.len() - text.trim_start().len();
            open.retain(|it| it.0 < indent);
            let parent = open.last().map_or(0, |it| it.1);
            let (symbol, called) = symbol(file, text.trim(), line, parent);
            calls.extend(called.into_iter().map(|name| (symbol.id, name, line)));
            open.push((indent, file.symbols.len() as u32));
            push(file, symbol);
        }
        fixture.link(&calls);
        fixture
    }

    fn link(&mut self, calls: &[(SymbolId, String, u32)]) {
        let mut by_name: BTreeMap<&str, SymbolId> = BTreeMap::new();
        for symbol in self.files.iter().flat_map(|file| &file.symbols) {
            by_name.entry(&symbol.name).or_insert(symbol.id);
        }
        let mut edges: Vec<Edge> = calls
            .iter()
            .map(|(source, name, line)| {
                let target = by_name[name.as_str()];
                edge(*source, target, EdgeKind::Calls, vec![Site { line: *line, byte_start: line * 100 }])
            })
            .collect();
        for file in &self.files {
            for symbol in &file.symbols {
                let parent = symbol.parent.map(|parent| file.symbols[parent as usize].id);
                edges.extend(parent.map(|parent| edge(parent, symbol.id, EdgeKind::Contains, Vec::new())));
            }
        }
        edges.sort_by_key(|edge| (edge.source, edge.target, edge.kind));
        self.resolution.edges = edges;
    }

    pub(crate) fn repository(&self) -> Repository<'_> {
        Repository::new(&self.files, &self.resolution)
    }

    /// One vector per chunk, near for names that share words and for neighbours in a file.
    pub(crate) fn vectors(&self) -> Vectors {
        let mut chunk_ids = Vec::new();
        let mut values = Vec::new();
        for file in &self.files {
            for (chunk, symbol) in
                file.chunks.iter().map(|chunk| (chunk, &file.symbols[chunk.symbols[0] as usize]))
            {
                chunk_ids.push(chunk.chunk_id);
                let mut row = [0.0_f32; DIMENSIONS];
                let words = symbol.qualified_name.split(|it: char| !it.is_alphabetic());
                for word in words.filter(|word| !word.is_empty()) {
                    let hash = Digest::of(word.to_lowercase().as_bytes()).0;
                    row.iter_mut()
                        .zip(hash.iter().cycle())
                        .for_each(|(value, byte)| *value += f32::from(*byte) - 127.5);
                }
                let length = row.iter().map(|value| value * value).sum::<f32>().sqrt().max(1.0);
                values.extend(row.map(|value| value / length));
            }
        }
        Vectors::new(chunk_ids, DIMENSIONS, values).expect("rows were made of one length and finite")
    }

    pub(crate) fn assemble(&self, clustering: Clustering) -> Assembly {
        doctown_graph::assemble(&self.repository(), Some(&self.vectors()), &params(clustering))
            .expect("vectors are there")
    }

    pub(crate) fn assemble_without_vectors(&self) -> Assembly {
        doctown_graph::assemble(&self.repository(), None, &params(Clustering::Communities))
            .expect("needs no vectors")
    }

    pub(crate) fn name(&self, id: SymbolId) -> &str {
        let mut symbols = self.files.iter().flat_map(|file| &file.symbols);
        symbols.find(|symbol| symbol.id == id).map_or("?", |symbol| symbol.qualified_name.as_str())
    }
}

pub(crate) fn params(clustering: Clustering) -> AssembleParams {
    AssembleParams { clustering, seed: DEFAULT_SEED }
}

pub(crate) fn edge(source: SymbolId, target: SymbolId, kind: EdgeKind, sites: Vec<Site>) -> Edge {
    Edge { source, target, kind, confidence: 1.0, evidence: Evidence::Scope, weight: None, sites }
}

fn file(path: &str) -> FileRecord {
    let language = match path.rsplit('.').next() {
        Some("py") => Language::Python,
        Some("go") => Language::Go,
        Some("ts") => Language::TypeScript,
        _ => Language::Rust,
    };
    let mut file = FileRecord {
        file_path: path.to_owned(),
        language,
        size_bytes: 0,
        sha256: Digest::of(path.as_bytes()),
        n_lines: 1,
        role: FoundRole::of_file(path, ""),
        n_error_nodes: 0,
        symbols: Vec::new(),
        imports: Vec::new(),
        chunks: Vec::new(),
        findings: Vec::new(),
    };
    let stem = path.rsplit_once('.').map_or(path, |it| it.0).replace('/', "::");
    let mut module = blank(&file, &stem, SymbolKind::Module, 0);
    module.name = stem.rsplit("::").next().unwrap_or_default().to_owned();
    file.symbols.push(module);
    file
}

fn symbol(file: &FileRecord, text: &str, line: u32, parent: u32) -> (Symbol, Vec<String>) {
    let (head, doc) =
        text.split_once("///").map_or((text, None), |(head, doc)| (head, Some(doc.trim().to_owned())));
    let (head, calls) = head.split_once("->").unwrap_or((head, ""));
    let mut words = head.split_whitespace();
    let kind = match words.next() {
        Some("fn") => SymbolKind::Function,
        Some("const") => SymbolKind::Constant,
        Some(word) => SymbolKind::from_word(word).unwrap_or_else(|| panic!("line {line}: no kind `{word}`")),
        None => SymbolKind::Function,
    };
    let name = words.next().unwrap_or_default();
    let above = &file.symbols[parent as usize];
    let mut symbol = blank(file, &format!("{}::{name}", above.qualified_name), kind, line);
    name.clone_into(&mut symbol.name);
    symbol.attributes = words.map(str::to_owned).collect();
    let own = symbol.attributes.iter().find_map(|attribute| FoundRole::of_attribute(attribute));
    symbol.role = own.or_else(|| above.role.clone());
    symbol.parent = Some(parent);
    symbol.doc_comment = doc;
    (symbol, calls.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect())
}

fn blank(file: &FileRecord, qualified_name: &str, kind: SymbolKind, line: u32) -> Symbol {
    let signature = format!("{kind} {qualified_name}");
    Symbol {
        id: SymbolId::derive(file.language, &file.file_path, qualified_name, kind, &signature, line),
        name: qualified_name.to_owned(),
        qualified_name: qualified_name.to_owned(),
        kind,
        byte_range: ByteRange { start: line * 100, end: line * 100 + 99 },
        line_range: LineRange { start: line, end: line },
        body_range: None,
        signature,
        parameters: Vec::new(),
        return_type: None,
        generics: Vec::new(),
        modifiers: Vec::new(),
        visibility: Visibility::Public,
        exported: true,
        bases: Vec::new(),
        implements: Vec::new(),
        doc_comment: None,
        attributes: Vec::new(),
        parent: None,
        scope: None,
        complexity: None,
        split_points: Vec::new(),
        body_digest: None,
        role: None,
        body: None,
    }
}

/// Adds the symbol, with a chunk of its own for what is embedded alone.
fn push(file: &mut FileRecord, symbol: Symbol) {
    if symbol.kind.is_callable() || symbol.kind.is_type() {
        let text_sha256 = Digest::of(symbol.signature.as_bytes());
        file.chunks.push(ChunkRecord {
            chunk_id: ChunkId::derive(&file.file_path, &text_sha256, symbol.line_range.start),
            byte_range: symbol.byte_range,
            line_range: symbol.line_range,
            symbols: vec![file.symbols.len() as u32],
            text_sha256,
        });
    }
    file.symbols.push(symbol);
}

/// A small web framework: HTTP, SQL, templates, a command line, and tests of them.
pub(crate) const WEB: &str = "
//- src/http/request.rs
struct Request                          /// A request as it came over the wire.
  field method
  field headers
  method header -> find_header          /// Finds a header by name.
struct HeaderMap                        /// Headers in the order they came.
  method insert
fn find_header
//- src/http/parse.rs
fn parse_request -> parse_header, Request, HeaderMap /// Parses the head of an HTTP request.
fn parse_header -> split_line           /// Parses one header line.
fn split_line
const MAX_HEADER_BYTES
//- src/http/response.rs
struct Response                         /// A response to be sent.
  method status_line
fn write_response -> status_line, Response
fn write_header
//- src/sql/query.rs
struct Query                            /// A query over one table.
  method filter -> Condition
  method order_by
enum Condition
  enum_variant Equal
  enum_variant Less
fn build_query -> Query, Condition
//- src/sql/compiler.rs
struct QueryCompiler                    /// Compiles queries to SQL text.
  method compile_select -> compile_condition, quote_identifier
  method compile_condition -> quote_identifier
  method compile_join -> quote_identifier
fn quote_identifier
fn compile_query -> QueryCompiler, build_query
//- src/sql/connection.rs
struct Connection                       /// A connection to the database.
  method execute -> compile_query
  method commit
fn open_connection -> Connection
//- src/template/lexer.rs
struct Lexer                            /// Cuts a template into tokens.
  method next_token -> lex_block
fn lex_block
enum TokenKind
  enum_variant Text
  enum_variant Block
//- src/template/render.rs
struct Renderer                         /// Renders a template with its variables.
  method render_template -> render_block, Lexer
  method render_block -> escape_html
fn escape_html                          /// Escapes text for HTML.
fn render_page -> Renderer, render_template
//- src/cli/main.rs
fn main -> parse_arguments, run_server, run_migrations
fn parse_arguments                      /// Reads the command line.
fn run_server -> parse_request, write_response, render_page, open_connection
fn run_migrations -> open_connection, execute
//- tests/http.rs
fn parses_a_header #[test] -> parse_header
fn parses_a_request #[test] -> parse_request
fn refuses_a_long_header #[test] -> parse_header, parse_request
fn finds_a_header #[test] -> find_header
fn writes_a_response #[test] -> write_response
";
