//! `embeddings.bin` and `vectors.bin`.

use super::known::Known;
use super::{Code, Findings};
use crate::contents::Docpack;
use crate::embeddings::Embeddings;
use crate::entries;
use crate::vectors::{Row, Vectors};

/// How far the square of a length may be from 1: rounding of a few hundred numbers stays far below.
const LENGTH_TOLERANCE: f64 = 0.02;

/// The same for bytes, whose rounding moves each number by up to 1 in 254 of the largest.
const BYTES_LENGTH_TOLERANCE: f64 = 0.1;

/// Checks both forms of the vectors against the chunks and the model.
pub(super) fn check(docpack: &Docpack, known: &Known<'_>, findings: &mut Findings) {
    let (manifest, contents) = (&docpack.manifest, &docpack.contents);
    let has_any = contents.embeddings.is_some() || contents.vectors.is_some();
    if has_any && manifest.embedding_model.is_none() {
        findings.add(Code::OptionalMismatch, entries::MANIFEST, || {
            "there are vectors, `embedding_model` must name their model".to_owned()
        });
    }
    let is_normalized = manifest.embedding_model.as_ref().is_some_and(|model| model.normalized);
    if let Some(embeddings) = &contents.embeddings {
        self::embeddings(embeddings, known, is_normalized, findings);
    }
    if let Some(vectors) = &contents.vectors {
        self::vectors(vectors, is_normalized, findings);
    }
    if let (Some(embeddings), Some(vectors)) = (&contents.embeddings, &contents.vectors)
        && embeddings.dimensions() != vectors.dimensions()
    {
        findings.add(Code::ValueOutOfRange, entries::VECTORS, || {
            format!(
                "{} dimensions, `{}` has {}",
                vectors.dimensions(),
                entries::EMBEDDINGS,
                embeddings.dimensions()
            )
        });
    }
}

fn embeddings(embeddings: &Embeddings, known: &Known<'_>, is_normalized: bool, findings: &mut Findings) {
    for (chunk, row) in embeddings.chunk_ids().iter().zip(embeddings.rows()) {
        if !known.has_chunk(chunk) {
            findings.add(Code::DanglingChunk, entries::EMBEDDINGS_INDEX, || {
                format!("`{chunk}` is not in `{}`", entries::SOURCE_MAP)
            });
        }
        let square: f64 = row.iter().map(|number| f64::from(*number).powi(2)).sum();
        if !has_length(square, is_normalized, LENGTH_TOLERANCE) {
            findings.add(Code::ValueOutOfRange, entries::EMBEDDINGS, || {
                format!("the vector of `{chunk}` has a length of {:.4}", square.sqrt())
            });
        }
    }
}

fn vectors(vectors: &Vectors, is_normalized: bool, findings: &mut Findings) {
    for (n, row) in vectors.rows().enumerate() {
        if !is_quantised(row) {
            findings.add(Code::ValueOutOfRange, entries::VECTORS, || {
                format!("the largest number of row {n} is not 127 or -127")
            });
        }
        let square: f64 = row.floats().map(|number| f64::from(number).powi(2)).sum();
        if row.is_present() && !has_length(square, is_normalized, BYTES_LENGTH_TOLERANCE) {
            findings.add(Code::ValueOutOfRange, entries::VECTORS, || {
                format!("the vector of row {n} has a length of {:.4}", square.sqrt())
            });
        }
    }
}

/// The largest number is the scale's; a chunk without a vector has only zeros.
fn is_quantised(row: Row<'_>) -> bool {
    let largest = row.numbers.iter().map(|number| number.unsigned_abs()).max();
    largest == Some(if row.is_present() { 127 } else { 0 })
}

fn has_length(square: f64, is_normalized: bool, tolerance: f64) -> bool {
    if is_normalized { (square - 1.0).abs() <= tolerance } else { square > 0.0 }
}
