//! Takes the website's build into the program, where there is one.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let manifest = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let site = Path::new(&manifest).join("../../website/build");
    println!("cargo::rerun-if-changed={}", site.display());
    let mut files = Vec::new();
    collect(&site, &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&site).expect("it lies below").to_string_lossy().replace('\\', "/");
        let absolute = path.canonicalize().expect("it was listed");
        writeln!(list, "({name:?}, include_bytes!({absolute:?}) as &[u8]),").expect("a string takes it");
    }
    list.push(']');
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("site.rs"), list).expect("the folder may be written");
}

/// A checkout that built no website has no such folder, and compiles all the same.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
