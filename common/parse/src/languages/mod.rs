//! The languages, each as data: a table, the hooks it names, its import rules.

mod rust;

use std::sync::LazyLock;

use docpack::Language;

use crate::compile::Table;
use crate::table::LanguageTable;

static RUST: LazyLock<Table> = LazyLock::new(|| compiled(&rust::TABLE));

/// Every table; the names in them are checked against their grammars by a test.
#[cfg(test)]
pub(crate) const ALL: &[&LanguageTable] = &[&rust::TABLE];

/// Finds the table for a file; the path tells apart the grammars of one language.
pub(crate) fn table(language: Language, _file_path: &str) -> &'static Table {
    match language {
        _ => &RUST,
    }
}

fn compiled(table: &'static LanguageTable) -> Table {
    Table::compile(table).expect("`every_table_compiles` has looked all names up")
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
