//! HDBSCAN: dense regions among the vectors, noise to the nearest.

use hdbscan::{Hdbscan, HdbscanHyperParams, NnAlgorithm};
use ndarray::{Array2, ArrayView1};

use crate::assemble::{AssembleError, Clustering, MAX_HDBSCAN_VECTORS};
use crate::round::to_4_decimals;
use crate::vectors::{SymbolVectors, normalise};

/// The fewest vectors that make a region, and the neighbours that make a point dense.
const MIN_REGION_ROWS: usize = 5;
const MIN_SAMPLES: usize = 3;

/// Labels each row with its region, or the region of the nearest centre for noise.
pub(super) fn dense_regions(vectors: &SymbolVectors) -> Result<Vec<u32>, AssembleError> {
    let n_vectors = vectors.len();
    if n_vectors > MAX_HDBSCAN_VECTORS {
        let limit = MAX_HDBSCAN_VECTORS;
        return Err(AssembleError::TooManyVectors { clustering: Clustering::Hdbscan, n_vectors, limit });
    }
    if n_vectors < 2 * MIN_REGION_ROWS {
        return Ok(vec![0; n_vectors]);
    }
    let rows: Vec<Vec<f32>> = vectors.rows.outer_iter().map(|row| row.to_vec()).collect();
    let params = HdbscanHyperParams::builder()
        .min_cluster_size(MIN_REGION_ROWS)
        .min_samples(MIN_SAMPLES)
        .nn_algorithm(NnAlgorithm::BruteForce)
        .build();
    let found = Hdbscan::new(&rows, params).cluster();
    let labels = found.map_err(|error| AssembleError::Clustering {
        clustering: Clustering::Hdbscan,
        reason: error.to_string(),
    })?;
    Ok(without_noise(vectors, &labels))
}

fn without_noise(vectors: &SymbolVectors, labels: &[i32]) -> Vec<u32> {
    let n_regions = labels.iter().max().map_or(0, |&last| usize::try_from(last + 1).unwrap_or(0));
    if n_regions == 0 {
        return vec![0; labels.len()];
    }
    let mut centres = Array2::<f32>::zeros((n_regions, vectors.rows.ncols()));
    for (row, &label) in vectors.rows.outer_iter().zip(labels) {
        if let Ok(region) = usize::try_from(label) {
            let mut centre = centres.row_mut(region);
            centre += &row;
        }
    }
    for mut centre in centres.outer_iter_mut() {
        // A sum of zero stays zero and attracts nothing.
        let _ = centre.as_slice_mut().is_some_and(normalise);
    }
    let rows = vectors.rows.outer_iter().zip(labels);
    rows.map(|(row, &label)| u32::try_from(label).unwrap_or_else(|_| nearest(&centres, row))).collect()
}

fn nearest(centres: &Array2<f32>, row: ArrayView1<'_, f32>) -> u32 {
    let similarities = centres.outer_iter().map(|centre| to_4_decimals(centre.dot(&row)));
    let best = (0_u32..)
        .zip(similarities)
        .fold((0, f32::NEG_INFINITY), |best, it| if it.1 > best.1 { it } else { best });
    best.0
}
