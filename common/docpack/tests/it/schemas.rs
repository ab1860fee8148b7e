//! The committed schemas are those of the records.

use std::path::PathBuf;

use docpack::schema::{entry_table, schemas};

/// Set to any value, it rewrites the schemas instead of comparing them.
const UPDATE: &str = "UPDATE_SCHEMAS";

#[test]
fn committed_schemas_are_fresh() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let named = |(entry, schema): (&str, _)| (entry.replace(".json", ".schema.json"), schema);
    let files = schemas().into_iter().map(named).chain([("entries.json".to_owned(), entry_table())]);
    for (name, schema) in files {
        let path = folder.join(name);
        let fresh = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os(UPDATE).is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &fresh).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == fresh,
            "{} is stale, run `{UPDATE}=1 cargo test -p docpack schemas`",
            path.display()
        );
    }
}
