//! Tarballs as GitHub packs them: a comment with the commit, then everything in one folder.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Packs `files` below `folder`; an empty folder name packs them at the top.
///
/// # Panics
/// When a path does not fit a tar header; tests choose their own paths.
pub fn tar_gz(folder: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let comment = b"52 comment=0123456789012345678901234567890123456789\n";
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::XGlobalHeader);
    header.set_size(comment.len() as u64);
    header.set_path("pax_global_header").expect("a short path fits");
    header.set_cksum();
    tar.append(&header, comment.as_slice()).expect("memory takes every byte");
    for (path, bytes) in files {
        let path = if folder.is_empty() { (*path).to_owned() } else { format!("{folder}/{path}") };
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, path, *bytes).expect("test paths fit");
    }
    let mut gzip = tar.into_inner().expect("memory takes every byte");
    gzip.flush().expect("memory takes every byte");
    gzip.finish().expect("memory takes every byte")
}
