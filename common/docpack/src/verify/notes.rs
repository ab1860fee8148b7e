//! What a pack holds that this version does not know.

use std::collections::BTreeMap;

use super::{Code, Findings, MAX_NOTES};
use crate::contents::Contents;
use crate::entries::{self, SCHEMA_MINOR, SCHEMA_VERSION};
use crate::read::version_numbers;
use crate::records::Manifest;
use crate::words;

/// Notes a later version, and entries that this one does not define.
pub(super) fn of_manifest(manifest: &Manifest, findings: &mut Findings) {
    let version = &manifest.schema_version;
    findings.is_later = version_numbers(version).is_some_and(|(_, minor)| minor > SCHEMA_MINOR);
    if findings.is_later {
        findings.note(Code::VersionLater, "", || format!("`{version}`, this reader knows {SCHEMA_VERSION}"));
    }
    for entry in manifest.entries.iter().filter(|entry| !entries::is_known(&entry.path)) {
        findings.has_later_entries = findings.is_later;
        findings.note(Code::EntryUnknown, &entry.path, || "its contents were not checked".to_owned());
    }
}

/// Notes each word that this version does not define once, with how often it occurs.
pub(super) fn of_words(contents: &Contents, findings: &mut Findings) {
    let mut counts: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    words::each_unknown(contents, &mut |unknown| {
        let key = (unknown.entry, unknown.field, unknown.word);
        // A pack may hold any number of words, and only so many are shown.
        if counts.len() < MAX_NOTES || counts.contains_key(&key) {
            *counts.entry(key).or_default() += 1;
        }
    });
    for ((entry, field, word), n) in counts {
        let records = if n == 1 { "1 record".to_owned() } else { format!("{n} records") };
        findings.note(Code::WordUnknown, entry, || format!("`{field}` is `{word}` in {records}"));
    }
}
