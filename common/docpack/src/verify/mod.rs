//! Recomputes everything that a pack states of itself and lists what is off.

mod bodies;
mod codes;
mod insights;
mod known;
mod notes;
mod records;
mod source;
mod tour;
mod vectors;

use std::fmt;
use std::io::Read;

use crate::archive::Archive;
use crate::contents::Docpack;
use crate::entries;
use crate::layers::{self, LayerHasher};
use crate::lookup::Stored;
use crate::read::{Parts, ReadError, ReadLimits, check_digest, check_size, first_entry, stated_entries};
use crate::records::Manifest;
use crate::scan::{Cursor, ScanError};
use crate::write::lookup_bytes;

use known::Known;

pub use codes::Code;

/// A pack that is wrong throughout is not worth more lines than this.
pub const MAX_VIOLATIONS: usize = 1_000;

/// What a pack contains of later versions is summed up in this many notes.
pub const MAX_NOTES: usize = 100;

/// One thing that is wrong, or in a note one that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// A stable snake_case word: one of [`Code`] or a code of [`ReadError`].
    pub code: &'static str,
    /// The entry it is in; empty when it is the archive as a whole.
    pub entry: String,
    /// What stands there and what should.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry.as_str() {
            "" => write!(f, "{}: {}", self.code, self.detail),
            entry => write!(f, "{} in `{entry}`: {}", self.code, self.detail),
        }
    }
}

/// What there is to say about a pack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong, at most [`MAX_VIOLATIONS`]; if there are none, the pack holds.
    pub violations: Vec<Violation>,
    /// What this version does not know and could not check, at most [`MAX_NOTES`].
    pub notes: Vec<Violation>,
}

/// Lists what is wrong in a pack, at most [`MAX_VIOLATIONS`]; an empty list says that all of it holds.
pub fn verify<R: Read>(input: R, limits: &ReadLimits) -> Vec<Violation> {
    report(input, limits).violations
}

/// Lists what is wrong in a pack, and what of it this version does not know.
pub fn report<R: Read>(input: R, limits: &ReadLimits) -> Report {
    let mut findings = Findings::default();
    check(input, limits, &mut findings);
    findings.report
}

/// Reads a whole pack and verifies it in the same pass.
pub fn read_verified<R: Read>(input: R, limits: &ReadLimits) -> Result<Docpack, Vec<Violation>> {
    let mut findings = Findings::default();
    let docpack = check(input, limits, &mut findings);
    docpack.filter(|_| findings.report.violations.is_empty()).ok_or(findings.report.violations)
}

/// Reads a pack and checks all of it; `None` when no records could be put together.
fn check<R: Read>(input: R, limits: &ReadLimits, findings: &mut Findings) -> Option<Docpack> {
    let docpack = walk(input, limits, findings).unwrap_or_else(|error| {
        findings.read_error(&error);
        None
    });
    if let Some(docpack) = &docpack {
        notes::of_words(&docpack.contents, findings);
        let known = Known::new(docpack, findings);
        records::check(docpack, &known, findings);
        source::check(&docpack.contents, &known, findings);
        tour::check(&docpack.contents, &known, findings);
        insights::check(&docpack.contents, &known, findings);
        vectors::check(docpack, &known, findings);
    }
    docpack
}

/// Collects violations and notes up to their limits.
#[derive(Default)]
pub(crate) struct Findings {
    report: Report,
    /// The pack's minor version is later than this crate's.
    is_later: bool,
    /// And it has entries that this crate does not know.
    has_later_entries: bool,
}

impl Findings {
    pub(crate) fn add(&mut self, code: Code, entry: &str, detail: impl FnOnce() -> String) {
        if self.report.violations.len() < MAX_VIOLATIONS {
            let entry = entry.to_owned();
            self.report.violations.push(Violation { code: code.as_str(), entry, detail: detail() });
        }
    }

    pub(crate) fn note(&mut self, code: Code, entry: &str, detail: impl FnOnce() -> String) {
        if self.report.notes.len() < MAX_NOTES {
            let entry = entry.to_owned();
            self.report.notes.push(Violation { code: code.as_str(), entry, detail: detail() });
        }
    }

    /// Adds what an entry that only a later version knows may explain: a note in a pack with such entries.
    pub(crate) fn add_or_note(&mut self, code: Code, entry: &str, detail: impl FnOnce() -> String) {
        if self.has_later_entries { self.note(code, entry, detail) } else { self.add(code, entry, detail) }
    }

    /// Tells whether this version knows where in the archive the entry stands.
    fn has_place(&self, path: &str) -> bool {
        !self.is_later || entries::is_known(path)
    }

    fn read_error(&mut self, error: &ReadError) {
        let mut detail = error.to_string();
        if let ReadError::Io(cause) = error {
            detail = format!("{detail}: {cause}");
        }
        self.report.violations.push(Violation { code: error.code(), entry: String::new(), detail });
    }

    fn not_canonical(&mut self, entry: &str, error: &ScanError) {
        self.add(Code::EntryNotCanonical, entry, || error.to_string());
    }
}

/// Goes through the archive once; `None` when an entry was too broken to put records together.
fn walk<R: Read>(
    input: R,
    limits: &ReadLimits,
    findings: &mut Findings,
) -> Result<Option<Docpack>, ReadError> {
    let mut archive = Archive::new(input, *limits)?;
    let (manifest, manifest_bytes) = first_entry(&mut archive)?;
    notes::of_manifest(&manifest, findings);
    check_manifest(&manifest, &manifest_bytes, findings);
    let stated = stated_entries(&manifest);
    let mut hasher = LayerHasher::default();
    let mut parts = Parts::new(*limits);
    let mut previous = entries::MANIFEST.to_owned();
    let mut is_whole = true;
    let mut lookup = None;
    while let Some(header) = archive.next()? {
        if findings.has_place(&header.path) {
            if entries::place(&header.path) <= entries::place(&previous) {
                findings.add(Code::EntryOrder, &header.path, || format!("it comes after `{previous}`"));
            }
            previous.clone_from(&header.path);
        }
        let Some(stated) = stated.get(header.path.as_str()) else {
            findings.add(Code::EntryUnlisted, &header.path, || "the manifest does not list it".to_owned());
            archive.skip(&header)?;
            continue;
        };
        // Nothing behind an entry of another size is looked at: it may inflate to anything.
        check_size(&header, stated)?;
        let bytes = archive.body(&header)?;
        if let Err(error) = check_digest(&header, &bytes, stated) {
            findings.read_error(&error);
        }
        if let Err(error) = check_form(&header.path, &bytes, &mut hasher) {
            findings.not_canonical(&header.path, &error);
        }
        if header.path == entries::LOOKUP && Stored::is_of_this_form(&bytes) {
            lookup = Some(bytes.clone());
        }
        if let Err(error) = parts.add(&header.path, bytes) {
            findings.read_error(&error);
            is_whole = false;
        }
    }
    for path in stated.keys().filter(|path| !parts.taken.contains(**path)) {
        findings.read_error(&ReadError::EntryMissing { entry: (*path).to_owned() });
    }
    check_layers(&manifest, hasher, findings);
    if !is_whole {
        return Ok(None);
    }
    let contents = parts.finish(&manifest)?;
    let is_right = lookup.is_none_or(|found| lookup_bytes(&contents).is_ok_and(|right| found == right));
    if !is_right {
        findings
            .add(Code::LookupMismatch, entries::LOOKUP, || "symbols and graph give another one".to_owned());
    }
    Ok(Some(Docpack { manifest, contents }))
}

/// Checks that JSON is canonical in structure and adds it to the layers.
fn check_form(path: &str, bytes: &[u8], hasher: &mut LayerHasher) -> Result<(), ScanError> {
    hasher.add(path, bytes)?;
    if path.ends_with(".json") && !entries::is_typed(path) {
        let mut cursor = Cursor::new(bytes);
        cursor.value()?;
        cursor.finish()?;
    }
    Ok(())
}

fn check_layers(manifest: &Manifest, hasher: LayerHasher, findings: &mut Findings) {
    let found = hasher.finish();
    for (code, stated, found) in [
        (Code::FactsDigestMismatch, manifest.facts_digest, found.facts),
        (Code::SemanticsDigestMismatch, manifest.semantics_digest, found.semantics),
        (Code::ProseDigestMismatch, manifest.prose_digest, found.prose),
    ] {
        if stated != found {
            // A later version says which layer its entries belong to; this one cannot know.
            findings.add_or_note(code, entries::MANIFEST, || {
                format!("it states {stated}, the entries give {found}")
            });
        }
    }
}

fn check_manifest(manifest: &Manifest, bytes: &[u8], findings: &mut Findings) {
    let entry = entries::MANIFEST;
    match layers::docpack_id(bytes) {
        Ok(id) if id == manifest.docpack_id => {}
        Ok(id) => findings.add(Code::DocpackIdMismatch, entry, || {
            format!("it states {}, the manifest gives {id}", manifest.docpack_id)
        }),
        Err(error) => findings.not_canonical(entry, &error),
    }
    if manifest.checksum.value != manifest.docpack_id || manifest.checksum.algorithm != "sha256" {
        findings.add(Code::ChecksumMismatch, entry, || {
            "`checksum` must repeat `docpack_id` as sha256".to_owned()
        });
    }
    if !is_utc_time(&manifest.created_at) {
        findings.add(Code::CreatedAtMalformed, entry, || {
            "`created_at` must read like `2024-05-01T12:00:00Z`".to_owned()
        });
    }
    let placed = manifest.entries.iter().filter(|entry| findings.has_place(&entry.path));
    if !placed.is_sorted_by(|a, b| entries::place(&a.path) < entries::place(&b.path)) {
        findings.add(Code::EntryOrder, entry, || {
            "`entries` must list each entry once, in archive order".to_owned()
        });
    }
    if !manifest.missing.is_sorted_by(|a, b| a < b) {
        findings.add(Code::NotSorted, entry, || "`missing` must be sorted and free of duplicates".to_owned());
    }
}

/// Tells whether `text` has the form `2024-05-01T12:00:00Z`, with fields in range.
fn is_utc_time(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00Z";
    let has_form = text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            mark => byte == *mark,
        });
    let within = |range: std::ops::Range<usize>, least: u32, most: u32| {
        text.get(range)
            .and_then(|digits| digits.parse().ok())
            .is_some_and(|n: u32| (least..=most).contains(&n))
    };
    has_form
        && within(5..7, 1, 12)
        && within(8..10, 1, 31)
        && within(11..13, 0, 23)
        && within(14..16, 0, 59)
        && within(17..19, 0, 60)
}
