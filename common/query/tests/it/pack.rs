//! Packs in a few words.

use docpack::SymbolId;
use docpack::lookup::Lookup;
use docpack::records::{Graph, Nodes, SourceMap};
use query::Map;
use serde_json::{Value, json};

/// Symbols as `kind qualified.name` and edges as `a calls b` with their confidence.
///
/// The n-th symbol, from 0, lies in lines 10n+1 to 10n+10 of `src/code.py`, or of the file after an `@`.
pub(crate) fn map(symbols: &[&str], edges: &[(&str, f64)]) -> Map {
    map_with(symbols, edges, &[])
}

/// As `map`, with ambiguous references `a name b,c`: a symbol, a name and the candidates.
pub(crate) fn map_with(symbols: &[&str], edges: &[(&str, f64)], ambiguous: &[&str]) -> Map {
    let names: Vec<&str> = symbols.iter().map(|symbol| qualified_name(symbol)).collect();
    let id = |name: &str| id(names.iter().position(|known| *known == name).expect("the symbol is listed"));
    let nodes: Vec<Value> = symbols.iter().enumerate().map(|(at, symbol)| node(at, symbol)).collect();
    let mut links: Vec<Value> = edges
        .iter()
        .map(|(edge, confidence)| {
            let words: Vec<&str> = edge.split(' ').collect();
            json!({
                "source": id(words[0]), "kind": words[1], "target": id(words[2]), "confidence": confidence,
                "evidence": "scope", "sites": [{"line": 10 * position(&names, words[0]) + 5, "byte_start": 0}],
            })
        })
        .collect();
    links.sort_by_key(|edge| format!("{}{}", edge["source"], edge["target"]));
    let ambiguous: Vec<Value> = ambiguous
        .iter()
        .map(|reference| {
            let words: Vec<&str> = reference.split(' ').collect();
            let candidates: Vec<Value> =
                words[2].split(',').map(|name| json!({"id": id(name), "confidence": 0.4})).collect();
            json!({"source": id(words[0]), "name": words[1], "line": 7, "candidates": candidates})
        })
        .collect();
    let nodes: Nodes = serde_json::from_value(json!({ "symbols": nodes })).expect("nodes are of the format");
    let graph: Graph = serde_json::from_value(json!({
        "confidence_floor": 0.5, "edges": links, "ambiguous": ambiguous, "unresolved": [],
        "metrics": {"density": 0.0, "modularity": 0.0, "coupling": []},
    }))
    .expect("the graph is of the format");
    Map::new(Lookup::of(&SourceMap::default(), &nodes, &graph))
}

fn position(names: &[&str], name: &str) -> usize {
    names.iter().position(|known| *known == name).expect("the symbol is listed")
}

fn id(at: usize) -> SymbolId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&(at as u64 + 1).to_be_bytes());
    SymbolId(bytes)
}

fn qualified_name(symbol: &str) -> &str {
    let name = symbol.split_once(' ').map_or(symbol, |(_, name)| name);
    name.split_once('@').map_or(name, |(name, _)| name)
}

fn node(at: usize, symbol: &str) -> Value {
    let kind = symbol.split_once(' ').map_or("function", |(kind, _)| kind);
    let qualified_name = qualified_name(symbol);
    let name = qualified_name.rsplit(['.', ':']).next();
    let file = symbol.split_once('@').map_or("src/code.py", |(_, file)| file);
    json!({
        "id": id(at), "name": name, "qualified_name": qualified_name, "kind": kind, "language": "python",
        "file_path": file, "byte_range": {"start": 0, "end": 1},
        "line_range": {"start": 10 * at + 1, "end": 10 * at + 10}, "signature": "", "parameters": [],
        "generics": [], "modifiers": [], "visibility": "public", "exported": true, "bases": [],
        "attributes": [], "centrality": 0.0, "in_degree": 0, "out_degree": 0, "callers_complete": true,
    })
}

/// Names symbols by their qualified names.
pub(crate) fn named(map: &Map, symbols: &[usize]) -> Vec<String> {
    symbols.iter().map(|at| map.qualified_name(*at).to_owned()).collect()
}
