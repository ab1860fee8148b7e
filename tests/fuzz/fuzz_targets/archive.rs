//! Archives with arbitrary bytes: no panic, and nothing gets past the limits.
//!
//! The first byte chooses how the rest is used: as it is, as the tar inside a gzip (so that the
//! fuzzer need not guess checksums of compressed data), or as a zip.

#![no_main]

use std::io::Write;
use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use source::entry::Entry;
use source::filter::{FilterParams, Filters};
use source::limits::SourceLimits;

const MAX_FILE_BYTES: u64 = 4096;
const MAX_TOTAL_BYTES: u64 = 16_384;

fuzz_target!(|input: &[u8]| {
    let Some((mode, bytes)) = input.split_first() else { return };
    let limits = SourceLimits {
        max_file_bytes: MAX_FILE_BYTES,
        max_total_bytes: MAX_TOTAL_BYTES,
        max_decompressed_bytes: 1 << 20,
        max_entries: 100,
        max_path_bytes: 64,
        max_path_depth: 4,
        ..SourceLimits::default()
    };
    match mode % 3 {
        0 => read(bytes, false, &limits),
        1 => read(&stored_gzip(bytes), false, &limits),
        _ => read(bytes, true, &limits),
    }
});

fn read(bytes: &[u8], is_zip: bool, limits: &SourceLimits) {
    let filters = Filters::new(&FilterParams::default()).expect("no patterns, nothing to refuse");
    let mut n_total = 0;
    let mut each = |entry: Entry| {
        if let Entry::File { path, bytes, .. } = entry {
            n_total += bytes.len() as u64;
            assert!(bytes.len() as u64 <= MAX_FILE_BYTES && n_total <= MAX_TOTAL_BYTES);
            assert!(std::str::from_utf8(&bytes).is_ok());
            assert!(!path.is_empty() && path.len() <= 64 && path.split('/').count() <= 4);
            assert!(path.split('/').all(|part| !part.is_empty() && part != "." && part != ".."));
        }
        ControlFlow::Continue(())
    };
    // An error is the expected answer to most inputs.
    let _ = source::read_archive_bytes(bytes, is_zip, limits, &filters, &|_, _| true, &mut each);
}

fn stored_gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(bytes).expect("memory takes every byte");
    encoder.finish().expect("memory takes every byte")
}
