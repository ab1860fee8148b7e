//! Takes the website's build, and the explorer as one file, into the program where they are.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let manifest = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let website = Path::new(&manifest).join("../../website");
    write("site.rs", &site(&website.join("build")));
    write("page.rs", &page(&website.join("dist/export.html")));
}

/// Lists the files of the site with their bytes.
fn site(folder: &Path) -> String {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for path in files {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(folder).expect("it lies below").to_string_lossy().replace('\\', "/");
        writeln!(list, "({name:?}, {}),", included(&path)).expect("a string takes it");
    }
    list.push(']');
    list
}

fn page(path: &Path) -> String {
    println!("cargo::rerun-if-changed={}", path.display());
    if path.is_file() { format!("Some({})", included(path)) } else { "None".to_owned() }
}

fn included(path: &Path) -> String {
    let absolute = path.canonicalize().expect("it was found");
    format!("include_bytes!({absolute:?}) as &[u8]")
}

fn write(name: &str, text: &str) {
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join(name), text).expect("the folder may be written");
}

/// A checkout that built no website has no such folder, and compiles all the same.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
