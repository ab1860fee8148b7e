//! The languages, each as data: a table, the hooks it names, its import rules.

mod go;
mod javascript;
mod python;
mod rust;
mod typescript;

use std::sync::LazyLock;

use docpack::Language;

use crate::compile::Table;
use crate::table::LanguageTable;

static GO: LazyLock<Table> = LazyLock::new(|| compiled(&go::TABLE));
static JAVASCRIPT: LazyLock<Table> = LazyLock::new(|| compiled(&javascript::TABLE));
static PYTHON: LazyLock<Table> = LazyLock::new(|| compiled(&python::TABLE));
static RUST: LazyLock<Table> = LazyLock::new(|| compiled(&rust::TABLE));
static TSX: LazyLock<Table> = LazyLock::new(|| compiled(&typescript::TSX_TABLE));
static TYPESCRIPT: LazyLock<Table> = LazyLock::new(|| compiled(&typescript::TABLE));

/// Every table; the names in them are checked against their grammars by a test.
#[cfg(test)]
pub(crate) const ALL: &[&LanguageTable] = &[
    &go::TABLE,
    &javascript::TABLE,
    &python::TABLE,
    &rust::TABLE,
    &typescript::TABLE,
    &typescript::TSX_TABLE,
];

/// Finds the table for a file; the path tells apart the grammars of one language.
pub(crate) fn table(language: Language, file_path: &str) -> &'static Table {
    match language {
        Language::Go => &GO,
        Language::JavaScript => &JAVASCRIPT,
        Language::Python => &PYTHON,
        Language::Rust => &RUST,
        Language::TypeScript if file_path.to_ascii_lowercase().ends_with(".tsx") => &TSX,
        Language::TypeScript => &TYPESCRIPT,
    }
}

fn compiled(table: &'static LanguageTable) -> Table {
    match Table::compile(table) {
        Ok(compiled) => compiled,
        Err(error) => {
            unreachable!("`every_table_compiles` has looked up {}'s names: {error}", table.language)
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_table_compiles() {
        for table in super::ALL {
            if let Err(error) = crate::compile::Table::compile(table) {
                panic!("{}: {error}", table.language);
            }
        }
    }
}
