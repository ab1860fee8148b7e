//! Our vectors against those of sentence-transformers over torch, recorded by `scripts/record-parity`.

use docpack::Digest;
use doctown_embed::{EmbedParams, Precision, ProviderChoice, dimensions, network_tokens};
use serde::Deserialize;

use crate::model::{cosine, embedder_of, vectors};

#[derive(Deserialize)]
struct Recorded {
    text: String,
    /// In units of 0.00001.
    vector: Vec<i32>,
}

fn recorded() -> Vec<Recorded> {
    let recorded = include_str!("../../../../tests/parity/vectors.json");
    serde_json::from_str(recorded).unwrap()
}

/// The lowest and the mean cosine over the recorded chunks.
fn agreement(precision: Precision) -> Option<(f64, f64)> {
    // As many tokens as the network was made for, which is what the record has read.
    let (provider, max_tokens) = (ProviderChoice::Cpu, network_tokens());
    let embedder = embedder_of(EmbedParams { precision, n_sessions: 2, provider, max_tokens })?;
    let recorded = recorded();
    let texts: Vec<&str> = recorded.iter().map(|chunk| chunk.text.as_str()).collect();
    let ours = vectors(&embedder, &texts);
    let cosines: Vec<f64> = ours
        .rows()
        .zip(&recorded)
        .map(|(ours, theirs)| {
            cosine(ours, &theirs.vector.iter().map(|&unit| unit as f32).collect::<Vec<_>>())
        })
        .collect();
    Some((cosines.iter().copied().fold(1.0, f64::min), cosines.iter().sum::<f64>() / cosines.len() as f64))
}

#[test]
fn the_record_holds_fifty_different_chunks() {
    let recorded = recorded();
    let mut texts: Vec<Digest> = recorded.iter().map(|chunk| Digest::of(chunk.text.as_bytes())).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 50);
    assert!(recorded.iter().all(|chunk| chunk.vector.len() == dimensions()));
}

#[test]
fn fp32_agrees_with_sentence_transformers_to_six_digits() {
    let Some((lowest, _)) = agreement(Precision::Fp32) else { return };
    assert!(lowest > 0.999_999_5, "{lowest}");
}

#[test]
fn int8_stays_near_sentence_transformers() {
    let Some((lowest, mean)) = agreement(Precision::Int8) else { return };
    assert!(lowest > 0.97 && mean > 0.985, "lowest {lowest}, mean {mean}");
}
