//! Packs that are no packs: each is refused with its own stable code, none panics.

use docpack::{ReadLimits, read, read_manifest, verify};
use tar::EntryType;

use crate::sample::{numbered, pack, small};
use crate::unpacked::{Unpacked, gzip, tar_entry, tar_of};

/// Reads with the default limits; the verifier must name the same code.
fn code(pack: &[u8]) -> &'static str {
    code_within(pack, &ReadLimits::default())
}

fn code_within(pack: &[u8], limits: &ReadLimits) -> &'static str {
    let code = read(pack, limits).unwrap_err().code();
    let violations = verify(pack, limits);
    assert!(violations.iter().any(|found| found.code == code), "{code} is not among {violations:?}");
    code
}

fn changed(change: impl FnOnce(&mut Unpacked)) -> Vec<u8> {
    let mut unpacked = Unpacked::of(&pack(&small()).0);
    change(&mut unpacked);
    unpacked.pack()
}

/// The small pack with one more tar entry right after the manifest.
fn with_entry(path: &str, kind: EntryType, bytes: &[u8]) -> Vec<u8> {
    let tar = tar_of(&pack(&small()).0);
    let manifest_bytes =
        512 + Unpacked::of(&pack(&small()).0).bytes("manifest.json").len().next_multiple_of(512);
    let (manifest, rest) = tar.split_at(manifest_bytes);
    gzip(&[manifest, &tar_entry(path, kind, bytes), rest].concat())
}

#[test]
fn row_49_neither_gzip_nor_tar() {
    assert_eq!(code(b""), "not_a_docpack");
    assert_eq!(code(b"PK\x03\x04 a zip"), "not_a_docpack");
    assert_eq!(code(b"\x1f"), "not_a_docpack");
    assert_eq!(code(b"\x1f\x8bnot gzip at all"), "gzip_corrupt");
    assert_eq!(code(&gzip(&[b'x'; 2048])), "tar_malformed");
    assert_eq!(code(&gzip(b"too short for a tar")), "truncated");
}

#[test]
fn row_50_manifest_missing_second_or_last() {
    assert_eq!(code(&gzip(&[0; 1024])), "manifest_missing");
    assert_eq!(code(&changed(|pack| drop(pack.entries.remove(0)))), "manifest_not_first");
    assert_eq!(code(&changed(|pack| pack.entries.swap(0, 1))), "manifest_not_first");
    assert_eq!(code(&changed(|pack| pack.entries.rotate_left(1))), "manifest_not_first");
}

#[test]
fn row_51_newer_versions_and_unknown_entries() {
    let version = |version: &str| {
        changed(|pack| pack.edit("manifest.json", |json| json["schema_version"] = version.into()))
    };
    assert_eq!(code(&version("docpack/2.0")), "docpack_too_new");
    let error = read_manifest(version("docpack/12.3").as_slice(), &ReadLimits::default()).unwrap_err();
    insta::assert_snapshot!(error, @"schema version `docpack/12.3` is newer than docpack/1; open it with `doctown 0.1.0` or newer");
    for unknown in
        ["docpack/0.9", "docpack/1", "docpack/1.x", "tarball/1.0", "docpack/-1.0", "docpack/99999999999.0"]
    {
        assert_eq!(code(&version(unknown)), "schema_version_unknown", "{unknown}");
    }
    let newer_minor = |later_entry: bool| {
        changed(|pack| {
            pack.edit("manifest.json", |json| {
                json["schema_version"] = "docpack/1.7".into();
                json["later_field"] = true.into();
            });
            pack.edit("quality.json", |json| json["summaries"]["later_field"] = 1.into());
            if later_entry {
                pack.entries.push(("later.json".to_owned(), b"{}".to_vec()));
            }
            pack.seal();
        })
    };
    let codes = |pack: &[u8]| -> Vec<_> {
        verify(pack, &ReadLimits::default()).into_iter().map(|found| found.code).collect()
    };
    assert_eq!(codes(&newer_minor(false)), ["prose_digest_mismatch"]);
    let with_entry = newer_minor(true);
    let read = read(with_entry.as_slice(), &ReadLimits::default()).unwrap();
    assert_eq!(read.contents.others["later.json"], b"{}");
    assert_eq!(codes(&with_entry), Vec::<&str>::new(), "the entry may belong to the layer");
}

#[test]
fn row_51_unlisted_entry_is_dropped_and_reported() {
    let pack = changed(|pack| pack.entries.push(("later.json".to_owned(), b"{}".to_vec())));
    assert!(read(pack.as_slice(), &ReadLimits::default()).unwrap().contents.others.is_empty());
    let violations = verify(pack.as_slice(), &ReadLimits::default());
    assert_eq!(violations.iter().map(|found| found.code).collect::<Vec<_>>(), ["entry_unlisted"]);
}

#[test]
fn row_52_digest_mismatch_in_any_entry() {
    let paths: Vec<String> =
        Unpacked::of(&pack(&small()).0).entries.into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths.len(), 16, "the manifest and fifteen more: {paths:?}");
    for path in &paths[1..] {
        let last = |pack: &mut Unpacked| *pack.bytes(path).last_mut().unwrap() ^= 1;
        assert_eq!(code(&changed(last)), "entry_digest_mismatch", "{path}");
        assert_eq!(code(&changed(|pack| pack.bytes(path).push(b'\n'))), "entry_size_mismatch", "{path}");
        let remove = |pack: &mut Unpacked| pack.entries.retain(|(entry, _)| entry != path);
        assert_eq!(code(&changed(remove)), "entry_missing", "{path}");
    }
}

#[test]
fn required_entry_that_the_manifest_does_not_list_is_missing() {
    for path in docpack::entries::REQUIRED {
        let remove = |pack: &mut Unpacked| {
            pack.entries.retain(|(entry, _)| entry != path);
            pack.seal();
        };
        assert_eq!(code(&changed(remove)), "entry_missing", "{path}");
    }
}

#[test]
fn row_53_embeddings() {
    let with = |change: fn(&mut Vec<u8>)| {
        changed(|pack| {
            change(pack.bytes("embeddings.bin"));
            pack.seal();
        })
    };
    assert_eq!(code(&with(Vec::clear)), "embeddings_malformed");
    assert_eq!(code(&with(|bytes| bytes.truncate(8))), "embeddings_malformed");
    assert_eq!(code(&with(|bytes| bytes.truncate(bytes.len() - 1))), "embeddings_malformed");
    assert_eq!(
        code(&with(|bytes| bytes[8..12].copy_from_slice(&f32::NAN.to_le_bytes()))),
        "embeddings_malformed"
    );
    assert_eq!(
        code(&with(|bytes| bytes[8..12].copy_from_slice(&f32::INFINITY.to_le_bytes()))),
        "embeddings_malformed"
    );
    assert_eq!(code(&with(|bytes| bytes[4..8].fill(0))), "embeddings_malformed");
    assert_eq!(code(&with(|bytes| bytes[..4].fill(0xff))), "embeddings_malformed");
    assert_eq!(code(&with(|bytes| bytes[..8].fill(0xff))), "embeddings_malformed");
    let shifted = changed(|pack| {
        pack.edit("embeddings_index.json", |json| {
            json["chunks"].as_object_mut().unwrap().values_mut().for_each(|offset| *offset = 8.into());
        });
        pack.seal();
    });
    assert_eq!(code(&shifted), "embeddings_malformed");
    let alone = changed(|pack| {
        pack.entries.retain(|(entry, _)| entry != "embeddings_index.json");
        pack.seal();
    });
    assert_eq!(code(&alone), "entry_missing");
}

#[test]
fn row_55_json_bombs() {
    let with = |json: &[u8]| {
        changed(|pack| {
            *pack.bytes("clusters.json") = json.to_vec();
            pack.seal();
        })
    };
    let deep = [b"{\"clusters\":".as_slice(), &b"[".repeat(100_000)].concat();
    assert_eq!(code(&with(&deep)), "json_malformed");
    let deep_and_unknown =
        [b"{\"clusters\":[],\"later\":".as_slice(), &b"[".repeat(5_000), &b"]".repeat(5_000), b"}"].concat();
    let violations = verify(with(&deep_and_unknown).as_slice(), &ReadLimits::default());
    assert!(violations.iter().any(|found| found.code == "entry_not_canonical"), "{violations:?}");
    assert_eq!(code(&with(b"{\"clusters\":[1e999]}")), "json_malformed");
    assert_eq!(code(&with(b"{\"clusters\":[],\"clusters\":[]}")), "json_malformed");
    assert_eq!(code(&with(b"{\"clusters\":\"\\ud800\"}")), "json_malformed");
    assert_eq!(code(&with(b"\xff\xfe")), "json_malformed");
    let many = [b"{\"clusters\":[],\"later\":[0".as_slice(), &b",0".repeat(2_000), b"]}"].concat();
    let few_values = ReadLimits { n_values: 1_000, ..ReadLimits::default() };
    assert_eq!(code_within(&with(&many), &few_values), "too_many_values");
}

#[test]
fn row_56_paths_and_links() {
    for path in [
        "../../x",
        "/etc/passwd",
        "C:\\x",
        "a//b",
        "a/../b",
        ".hidden",
        "a/.",
        "",
        "A.json",
        "caf\u{e9}",
        "a\nb",
    ] {
        assert_eq!(code(&with_entry(path, EntryType::Regular, b"")), "entry_path_unsafe", "{path:?}");
    }
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
        EntryType::GNULongName,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
        EntryType::GNUSparse,
    ] {
        assert_eq!(code(&with_entry("later.json", kind, b"")), "entry_type_forbidden", "{kind:?}");
    }
    assert_eq!(code(&with_entry("manifest.json", EntryType::Regular, b"{}")), "entry_duplicate");
}

#[test]
fn row_57_truncated_anywhere() {
    let (bytes, _) = pack(&numbered(120));
    assert!(bytes.len() > 20 * 4096, "{} bytes are too few to cut", bytes.len());
    let short_of_the_end = [1, 2, 8, 9, 20].map(|n| bytes.len() - n);
    for end in (4096..bytes.len()).step_by(4096).chain(short_of_the_end) {
        assert_eq!(code(&bytes[..end]), "truncated", "cut at {end}");
    }
}

#[test]
fn truncated_between_gzip_members() {
    let (bytes, written) = pack(&small());
    for entry in &written.index.entries[1..] {
        assert_eq!(code(&bytes[..entry.offset as usize]), "truncated", "cut before {}", entry.path);
    }
}

#[test]
fn bytes_behind_the_end() {
    let (bytes, _) = pack(&small());
    assert_eq!(code(&[bytes.as_slice(), b"and something more"].concat()), "trailing_bytes");
    assert_eq!(code(&[bytes.as_slice(), &gzip(b"more")].concat()), "trailing_bytes");
    assert_eq!(code(&[bytes.as_slice(), &gzip(&vec![0; 2_000_000])].concat()), "trailing_bytes");
    let padded = [bytes.as_slice(), &gzip(&[0; 9216])].concat();
    assert!(read(padded.as_slice(), &ReadLimits::default()).is_ok(), "tar tools pad to 10 KiB");
}

#[test]
fn limits_hold_before_memory_is_taken() {
    let (bytes, _) = pack(&small());
    let limits = ReadLimits::default();
    assert_eq!(code_within(&bytes, &ReadLimits { entry_bytes: 100, ..limits }), "entry_too_large");
    assert_eq!(code_within(&bytes, &ReadLimits { manifest_bytes: 100, ..limits }), "entry_too_large");
    assert_eq!(code_within(&bytes, &ReadLimits { embeddings_bytes: 8, ..limits }), "entry_too_large");
    assert_eq!(code_within(&bytes, &ReadLimits { total_bytes: 5_000, ..limits }), "docpack_too_large");
    assert_eq!(code_within(&bytes, &ReadLimits { n_entries: 3, ..limits }), "too_many_entries");
    let tar = tar_of(&bytes);
    let mut header = tar::Header::from_byte_slice(&tar[..512]).clone();
    header.set_size(1 << 60);
    header.set_cksum();
    let lying = [header.as_bytes().as_slice(), &tar[512..]].concat();
    assert_eq!(code(&gzip(&lying)), "entry_too_large");
}

#[test]
fn padding_and_checksums_are_looked_at() {
    let mut tar = tar_of(&pack(&small()).0);
    tar[0] ^= 1;
    assert_eq!(code(&gzip(&tar)), "tar_malformed");
    let mut tar = tar_of(&pack(&small()).0);
    let manifest_bytes = Unpacked::of(&pack(&small()).0).bytes("manifest.json").len();
    assert_ne!(manifest_bytes % 512, 0, "the sample's manifest needs padding");
    tar[512 + manifest_bytes] = b'x';
    assert_eq!(code(&gzip(&tar)), "tar_malformed");
}

/// Counts what a reader takes of a pack.
struct Metered<'a>(&'a [u8], usize);

impl std::io::Read for Metered<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n_read = std::io::Read::read(&mut self.0, buffer)?;
        self.1 += n_read;
        Ok(n_read)
    }
}

#[test]
fn an_entry_larger_than_stated_is_not_inflated() {
    // Packed, 256 MB of zeros are a quarter of a megabyte, which would be read to its end to inflate them.
    let pack = changed(|pack| *pack.bytes("embeddings.bin") = vec![0; 256 << 20]);
    assert!(pack.len() > 200_000, "{}", pack.len());
    let mut metered = Metered(&pack, 0);
    let violations = verify(&mut metered, &ReadLimits::default());
    assert!(violations.iter().any(|found| found.code == "entry_size_mismatch"), "{violations:?}");
    assert!(metered.1 < 140_000, "{} bytes were read", metered.1);
    let mut metered = Metered(&pack, 0);
    assert_eq!(read(&mut metered, &ReadLimits::default()).unwrap_err().code(), "entry_size_mismatch");
    assert!(metered.1 < 140_000, "{} bytes were read", metered.1);
}

#[test]
fn vectors_that_do_not_fit_their_chunks_are_refused() {
    let with = |change: fn(&mut Vec<u8>)| {
        changed(|pack| {
            change(pack.bytes("vectors.bin"));
            pack.seal();
        })
    };
    assert_eq!(code(&with(Vec::clear)), "vectors_malformed");
    assert_eq!(code(&with(|bytes| bytes.truncate(bytes.len() - 1))), "vectors_malformed");
    assert_eq!(code(&with(|bytes| bytes[..8].fill(0xff))), "vectors_malformed");
    let nan = |bytes: &mut Vec<u8>| bytes[8..12].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(code(&with(nan)), "vectors_malformed");
    // A row less is well-formed, and there are three chunks.
    let fewer = |bytes: &mut Vec<u8>| {
        bytes[0] = 2;
        bytes.drain(16..20);
        bytes.truncate(bytes.len() - 3);
    };
    assert_eq!(code(&with(fewer)), "vectors_malformed");
    let (bytes, _) = pack(&small());
    let limits = ReadLimits { embeddings_bytes: 24, ..ReadLimits::default() };
    assert_eq!(code_within(&bytes, &limits), "entry_too_large");
}

#[test]
fn texts_that_do_not_fit_their_index_are_refused() {
    let index = |change: fn(&mut serde_json::Value)| {
        changed(|pack| {
            pack.edit("source_index.json", change);
            pack.seal();
        })
    };
    assert_eq!(code(&index(|json| json["files"][0]["offset"] = 1.into())), "source_malformed");
    assert_eq!(code(&index(|json| json["files"][0]["part"] = 7.into())), "source_malformed");
    assert_eq!(code(&index(|json| json["files"][1]["bytes"] = 4_000_000_000_u32.into())), "source_malformed");
    assert_eq!(code(&index(|json| json["files"][1]["file_path"] = "A".into())), "source_malformed");
    assert_eq!(
        code(&index(|json| json["files"][1]["redactions"][0]["end"] = 401.into())),
        "source_malformed"
    );
    let longer = changed(|pack| {
        pack.bytes("source/0000.txt").push(b'x');
        pack.seal();
    });
    assert_eq!(code(&longer), "source_malformed");
    let second_only = changed(|pack| {
        let at = pack.entries.iter().position(|(path, _)| path == "source/0000.txt").unwrap();
        pack.entries[at].0 = "source/0001.txt".to_owned();
        pack.seal();
    });
    assert_eq!(code(&second_only), "entry_missing");
    let without_index = changed(|pack| {
        pack.entries.retain(|(path, _)| path != "source_index.json");
        pack.seal();
    });
    assert_eq!(code(&without_index), "entry_missing");
}
