//! The committed schemas are those of the records.

use std::path::PathBuf;

use docpack::schema::schemas;

/// Set to any value, it rewrites the schemas instead of comparing them.
const UPDATE: &str = "UPDATE_SCHEMAS";

#[test]
fn committed_schemas_are_fresh() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (entry, schema) in schemas() {
        let path = folder.join(entry.replace(".json", ".schema.json"));
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
