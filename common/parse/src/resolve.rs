//! Turns references into edges, over all files of a repository.
//!
//! In: the facts of every file, in any order, and the manifests that say where modules lie. Out:
//! [`Links`], from which the [`model::resolution::Resolution`] is made. A path is followed through scopes, imports, written types,
//! constructors and declared results; only what the language's own rules decide becomes an edge.
//! What may mean several symbols is listed with its candidates, and what leads nowhere with the reason.
//! A method on a receiver of unknown type is never bound by its name alone.
//!
//! One thread, no clock; every chain has a limit counted in steps, so that results depend on nothing
//! but the files.

mod bindings;
mod builtins;
mod callbacks;
mod callees;
mod decorators;
mod edges;
mod flow;
mod followed;
mod globals;
mod go;
mod imports;
mod links;
mod members;
mod modules;
mod names;
mod narrowed;
mod paths;
mod repository;
mod results;
mod roles;
mod rust_blankets;
mod rust_members;
mod rust_patterns;
mod rust_std;
mod rust_types;
mod script;
mod slim;
mod slim_callbacks;
mod slim_symbols;
mod solver;
mod stars;
mod type_text;
mod words;
mod written;

use model::facts::FileFacts;

use crate::manifests::Manifests;

pub use links::Links;
pub(crate) use words::imported_module;

/// Collects what linking needs, file by file, and links at the end.
#[derive(Debug, Default)]
pub struct Linker {
    manifests: Manifests,
    words: words::Words,
    files: Vec<slim::SlimFile>,
}

impl Linker {
    /// Creates a linker that has seen no file.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a manifest, such as `Cargo.toml`; other files change nothing.
    pub fn add_manifest(&mut self, path: &str, text: &str) {
        self.manifests.add(path, text);
    }

    /// What the package at the root is, in the words of its manifest.
    pub fn description(&self) -> Option<&str> {
        self.manifests.description()
    }

    /// Takes what linking needs; the facts may be dropped afterwards.
    ///
    /// The order of files changes nothing. Of two files with one path the first counts.
    pub fn add_file(&mut self, facts: &FileFacts) {
        if !facts.symbols.is_empty() {
            self.files.push(slim::slim(&mut self.words, facts));
        }
    }

    /// Resolves every reference of every file.
    pub fn finish(self) -> Links {
        let mut repository = repository::Repository::new(self.words, self.manifests, self.files);
        let roles = roles::settle(&mut repository);
        let mut links = edges::resolve(repository);
        links.roles = roles;
        links
    }
}
