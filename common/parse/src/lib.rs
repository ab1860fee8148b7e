//! Turns source bytes into facts: symbols, references, imports, chunks, edges.
//!
//! In: one file's path and bytes. Out: [`model::facts::FileFacts`], with findings for unreadable parts;
//! broken code is input, not an error. Every language is a table (`src/languages`) read by one engine
//! in a single pass over the syntax tree. Nothing recurses, every limit is counted in work, and nothing here
//! knows of folders, networks or clocks.
//!
//! ```
//! let limits = doctown_parse::ParseLimits::default();
//! let text = b"pub fn add(a: i32, b: i32) -> i32 { a + b }";
//! let language = doctown_parse::detect("src/math.rs", text).unwrap();
//! let facts = doctown_parse::parse(language, "src/math.rs", text, &limits);
//! assert_eq!(facts.symbols[1].qualified_name, "crate::math::add");
//! assert_eq!(facts.symbols[1].signature, "pub fn add(a: i32, b: i32) -> i32");
//! ```

pub mod chunk;
pub mod documents;
pub mod manifests;
mod mentions;
pub mod resolve;

mod assigned;
mod binding;
mod body;
mod compile;
mod complexity;
mod detect;
mod digest;
mod draft;
mod languages;
mod narrowing;
mod parse;
mod pass;
mod path;
mod prose;
mod references;
mod roles;
mod source;
mod splice;
mod table;
mod tape;
mod trivia;
mod view;

pub use detect::detect;
pub use parse::{
    BYTES_PER_PARSER_CALLBACK, MAX_DEPTH, MAX_FILE_BYTES, MAX_SYMBOLS, ParseLimits, parse, parse_masked,
};
pub use pass::name_symbols;
