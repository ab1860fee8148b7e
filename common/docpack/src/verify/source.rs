//! Documents, and the source texts against what `source_map.json` says of their files.

use std::collections::HashMap;

use super::known::{Known, in_order};
use super::records::{hex, plain};
use super::{Code, Findings};
use crate::contents::Contents;
use crate::digest::Digest;
use crate::entries;
use crate::records::{Document, SourceText};
use crate::source_texts::SourceTexts;

/// Checks documents and texts.
pub(super) fn check(contents: &Contents, known: &Known<'_>, findings: &mut Findings) {
    let map = &contents.source_map;
    in_order(&map.documents, |document| &document.file_path, entries::SOURCE_MAP, "documents", findings);
    let mut documents: HashMap<&str, &Document> = HashMap::with_capacity(map.documents.len());
    for document in &map.documents {
        let path = document.file_path.as_str();
        self::document(document, findings);
        let named = document.sections.iter().flat_map(|section| &section.symbol_ids);
        named.for_each(|id| known.expect_symbol(*id, entries::SOURCE_MAP, findings));
        if documents.insert(path, document).is_some() || known.file(path).is_some() {
            findings.add(Code::DuplicateId, entries::SOURCE_MAP, || format!("`{path}` occurs twice"));
        }
    }
    let Some(source) = &contents.source else { return };
    if !source.is_divided_by_size() {
        findings.add(Code::SourceMismatch, entries::SOURCE_INDEX, || {
            format!("a part ends behind the file that brings it to {} bytes", entries::SOURCE_PART_BYTES)
        });
    }
    for file in source.files() {
        let path = file.file_path.as_str();
        match (known.file(path), documents.get(path)) {
            (Some(code), _) => text(file, source, (code.bytes, &code.sha256), findings),
            (_, Some(document)) => text(file, source, (document.bytes, &document.sha256), findings),
            (None, None) => findings.add(Code::DanglingFile, entries::SOURCE_INDEX, || {
                format!("`{path}` is not in `{}`", entries::SOURCE_MAP)
            }),
        }
    }
}

fn document(document: &Document, findings: &mut Findings) {
    let entry = entries::SOURCE_MAP;
    plain(&document.file_path, "file_path", entry, findings);
    hex(&document.sha256, &document.file_path, findings);
    in_order(&document.sections, |section| section.byte_range, entry, "sections", findings);
    for section in &document.sections {
        let range = section.byte_range;
        if range.start > range.end || u64::from(range.end) > document.bytes {
            findings.add(Code::RangeOutsideFile, entry, || {
                format!(
                    "a section has bytes {}..{} of `{}` with {}",
                    range.start, range.end, document.file_path, document.bytes
                )
            });
        }
        if section.level == 0 || section.line == 0 {
            findings.add(Code::ValueOutOfRange, entry, || {
                format!("`level` and `line` of a section of `{}` begin with 1", document.file_path)
            });
        }
    }
}

/// A text without redactions is the file; one with them is as long and shows nothing of the secrets.
fn text(file: &SourceText, source: &SourceTexts, stated: (u64, &str), findings: &mut Findings) {
    let mismatch = |detail: &str, findings: &mut Findings| {
        findings.add(Code::SourceMismatch, &file.entry(), || format!("`{}` {detail}", file.file_path));
    };
    let (bytes, sha256) = stated;
    let text = source.get(&file.file_path).unwrap_or_default().as_bytes();
    if u64::from(file.bytes) != bytes {
        return mismatch("has another size", findings);
    }
    if file.redactions.is_empty() && Digest::of(text).hex() != sha256 {
        mismatch("has another digest", findings);
    }
    for redaction in &file.redactions {
        plain(&redaction.rule, "rule", entries::SOURCE_INDEX, findings);
        let hidden = text.get(redaction.start as usize..redaction.end as usize).unwrap_or_default();
        if hidden.iter().any(|byte| !matches!(byte, b'*' | b'\n')) {
            mismatch("has a redaction that is not all `*`", findings);
        }
    }
}
