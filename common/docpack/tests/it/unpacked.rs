//! A pack taken apart into its entries, to be changed and put together again as an attacker would.

use std::io::{Read, Write};

use docpack::Digest;
use docpack::canonical;
use docpack::records::Manifest;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

/// The uncompressed tar of a pack.
pub(crate) fn tar_of(pack: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    MultiGzDecoder::new(pack).read_to_end(&mut tar).unwrap();
    tar
}

/// Any bytes as one gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Entries in archive order, editable.
#[derive(Clone)]
pub(crate) struct Unpacked {
    pub(crate) entries: Vec<(String, Vec<u8>)>,
}

impl Unpacked {
    pub(crate) fn of(pack: &[u8]) -> Self {
        let tar = tar_of(pack);
        let mut archive = tar::Archive::new(tar.as_slice());
        let entries = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                (path, bytes)
            })
            .collect();
        Self { entries }
    }

    pub(crate) fn bytes(&mut self, path: &str) -> &mut Vec<u8> {
        &mut self.entries.iter_mut().find(|(entry, _)| entry == path).unwrap().1
    }

    /// Edits one JSON entry and writes it back in canonical form.
    pub(crate) fn edit(&mut self, path: &str, edit: impl FnOnce(&mut Value)) {
        let bytes = self.bytes(path);
        let mut value: Value = serde_json::from_slice(bytes).unwrap();
        edit(&mut value);
        *bytes = canonical::to_vec(&value).unwrap();
    }

    /// States the entries' true sizes and digests, and the pack id over them; not the layers' digests.
    pub(crate) fn seal(&mut self) {
        let entries: Vec<Value> = self.entries[1..]
            .iter()
            .map(|(path, bytes)| {
                serde_json::json!({ "path": path, "bytes": bytes.len(), "sha256": Digest::of(bytes).hex() })
            })
            .collect();
        self.edit("manifest.json", |manifest| manifest["entries"] = entries.into());
        self.seal_manifest();
    }

    /// States the pack id that follows from the manifest as it is.
    pub(crate) fn seal_manifest(&mut self) {
        self.edit("manifest.json", |manifest| {
            let mut bare = manifest.clone();
            bare.as_object_mut().unwrap().remove("docpack_id");
            bare["checksum"].as_object_mut().unwrap().remove("value");
            let id = Digest::of(&canonical::to_vec(&bare).unwrap()).to_string();
            manifest["docpack_id"] = id.clone().into();
            manifest["checksum"]["value"] = id.into();
        });
    }

    pub(crate) fn manifest(&mut self) -> Manifest {
        serde_json::from_slice(self.bytes("manifest.json")).unwrap()
    }

    /// Puts the entries into an archive, one gzip member in all.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut tar = Vec::new();
        for (path, bytes) in &self.entries {
            tar.extend(tar_entry(path, tar::EntryType::Regular, bytes));
        }
        tar.extend([0; 1024]);
        gzip(&tar)
    }
}

/// One entry with its header; `path` goes in as it is, however unsafe.
pub(crate) fn tar_entry(path: &str, kind: tar::EntryType, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
    header.set_entry_type(kind);
    header.set_size(bytes.len() as u64);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_cksum();
    let mut entry = header.as_bytes().to_vec();
    entry.extend(bytes);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}
