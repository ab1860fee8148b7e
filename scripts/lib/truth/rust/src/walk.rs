//! Reads the syntax trees of a folder.

use std::path::Path;

use crate::syntax::{self, Source};

/// Reads every file in the order of the paths; one that does not parse is named on standard error and left out.
pub fn read(folder: &Path) -> std::io::Result<Source> {
    let mut paths = Vec::new();
    list(folder, String::new(), &mut paths)?;
    paths.sort();
    let mut source = Source::default();
    for path in paths {
        let text = String::from_utf8_lossy(&std::fs::read(folder.join(&path))?).into_owned();
        if let Err(error) = syntax::add(&mut source, &path, &text) {
            eprintln!("{path}: {error}");
        }
    }
    Ok(source)
}

fn list(folder: &Path, below: String, paths: &mut Vec<String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && name != "target" {
            list(&entry.path(), path, paths)?;
        } else if kind.is_file() && name.ends_with(".rs") {
            paths.push(path);
        }
    }
    Ok(())
}
