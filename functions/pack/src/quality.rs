//! How far what is in the pack can be trusted, counted.

use std::collections::BTreeMap;

use docpack::records::{HistogramBucket, Quality, SummaryCounts};
use model::assembly::NeighbourSearch;
use model::context::{SummarySource, Verdict};
use model::resolution::CONFIDENCE_FLOOR;

use crate::Parts;

/// Width of a bucket of the confidence histogram.
const BUCKET_WIDTH: f64 = 0.05;

pub(crate) fn quality(parts: &Parts) -> Quality {
    Quality {
        languages: publish::languages(&parts.files, &parts.resolution),
        confidence_histogram: histogram(parts.resolution.edges.iter().map(|edge| edge.confidence)),
        summaries: summaries(parts),
        secrets_redacted: secrets(parts),
        neighbour_search: match parts.assembly.neighbour_search {
            NeighbourSearch::None => "none",
            NeighbourSearch::Exact => "exact",
            NeighbourSearch::Cells => "cells",
        }
        .to_owned(),
    }
}

/// Counts edges from the floor up to 1, in buckets of equal width.
fn histogram(confidences: impl Iterator<Item = f64>) -> Vec<HistogramBucket> {
    let n_buckets = ((1.0 - CONFIDENCE_FLOOR) / BUCKET_WIDTH).round() as usize;
    let mut counts = vec![0_u32; n_buckets];
    for confidence in confidences {
        // A hair above a bound belongs to the bucket that begins there, whatever the division rounds to.
        let bucket = ((confidence - CONFIDENCE_FLOOR) / BUCKET_WIDTH + 1e-9).floor().max(0.0) as usize;
        counts[bucket.min(n_buckets - 1)] += 1;
    }
    let bound = |idx: usize| CONFIDENCE_FLOOR + idx as f64 * BUCKET_WIDTH;
    counts
        .into_iter()
        .enumerate()
        .map(|(idx, edges)| HistogramBucket { from: bound(idx), to: bound(idx + 1), edges })
        .collect()
}

/// How many secrets each rule found, as the findings of the files say.
fn secrets(parts: &Parts) -> BTreeMap<String, u32> {
    let of_documents = parts.documents.iter().flat_map(|document| &document.findings);
    let findings = parts.files.iter().flat_map(|file| &file.findings).chain(of_documents);
    let mut counts = BTreeMap::new();
    for finding in findings.filter(|finding| finding.code == "secret_redacted") {
        let Some((n, rule)) = finding.message.split_once(" of rule `") else { continue };
        *counts.entry(rule.trim_end_matches('`').to_owned()).or_insert(0) += n.parse().unwrap_or(1);
    }
    counts
}

fn summaries(parts: &Parts) -> SummaryCounts {
    let model = parts.summaries.iter().filter(|summary| summary.source == SummarySource::Model).count();
    let unchecked = parts.summaries.iter().filter(|summary| summary.verdict == Verdict::Unchecked).count();
    SummaryCounts {
        model: model as u32,
        unchecked: unchecked as u32,
        extractive: (parts.summaries.len() - model) as u32,
        rejected: parts.n_rejected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_is_in_one_bucket() {
        let counts: Vec<_> =
            histogram([0.8, 0.85, 0.9, 0.949_999, 0.95, 1.0].into_iter()).iter().map(|b| b.edges).collect();
        assert_eq!(counts, [1, 1, 2, 2]);
    }
}
