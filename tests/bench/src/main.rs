//! The least an ingest can cost: walk a folder, read and parse every source file, keep nothing.
//!
//! `floor FOLDER [THREADS]` prints the number of files, bytes and tree nodes.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use tree_sitter::{Language, Parser};

/// The same limit as Doctown's default, so that both read the same files.
const MAX_FILE_BYTES: u64 = 1_000_000;

fn language(path: &std::path::Path) -> Option<Language> {
    let language = match path.extension()?.to_str()? {
        "rs" => tree_sitter_rust::LANGUAGE,
        "py" | "pyi" => tree_sitter_python::LANGUAGE,
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX,
        "js" | "jsx" | "mjs" | "cjs" => tree_sitter_javascript::LANGUAGE,
        "go" => tree_sitter_go::LANGUAGE,
        _ => return None,
    };
    Some(language.into())
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("usage: floor FOLDER [THREADS]");
    let n_threads = arguments.next().map_or(2, |n| n.parse().expect("THREADS is a number"));
    rayon::ThreadPoolBuilder::new().num_threads(n_threads).build_global().expect("the pool is built once");

    let mut files: Vec<(u64, PathBuf)> = ignore::WalkBuilder::new(&folder)
        .build()
        .flatten()
        .filter_map(|entry| {
            let size = entry.metadata().ok().filter(|m| m.is_file())?.len();
            (size <= MAX_FILE_BYTES && language(entry.path()).is_some()).then(|| (size, entry.into_path()))
        })
        .collect();
    files.sort_by(|a, b| b.cmp(a));

    let (n_nodes, n_bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    files.par_iter().for_each_init(Parser::new, |parser, (size, path)| {
        let Ok(text) = std::fs::read(path) else { return };
        let language = language(path).expect("only files with a language were kept");
        parser.set_language(&language).expect("the grammar fits the library");
        if let Some(tree) = parser.parse(&text, None) {
            n_nodes.fetch_add(tree.root_node().descendant_count() as u64, Ordering::Relaxed);
            n_bytes.fetch_add(*size, Ordering::Relaxed);
        }
    });
    println!("{} files, {} bytes, {} nodes", files.len(), n_bytes.into_inner(), n_nodes.into_inner());
}
