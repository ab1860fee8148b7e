//! k-means through linfa: as many centres as `sqrt(n / 2)`.

use linfa::DatasetBase;
use linfa::traits::{Fit, FitWith, Predict};
use linfa_clustering::{IncrKMeansError, KMeans, KMeansInit};
use ndarray::{Array1, Array2, Axis};
use rand_xoshiro::Xoshiro256Plus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::assemble::{AssembleError, Clustering};
use crate::vectors::SymbolVectors;

/// Above this, batches: linfa compares point by point and would take seconds for a few thousand.
const MAX_FULL_VECTORS: usize = 2_500;
/// Vectors per batch, and the most batches there are.
const BATCH_ROWS: usize = 256;
const MAX_BATCHES: usize = 200;
/// Vectors per centre in the batch that places the centres.
const SEED_ROWS: usize = 8;
/// Rounds over all vectors, and the move of the centres that ends them.
const MAX_ROUNDS: u64 = 20;
const TOLERANCE: f32 = 1e-3;

/// Labels each row with the nearest of the centres that k-means settles on.
pub(super) fn around_centres(vectors: &SymbolVectors, seed: u64) -> Result<Vec<u32>, AssembleError> {
    let n_rows = vectors.len();
    let n_centres = ((n_rows as f64 / 2.0).sqrt().round() as usize).clamp(1, n_rows);
    let labels = if n_rows <= MAX_FULL_VECTORS {
        settle(&vectors.rows, n_centres, seed)
    } else {
        settle_in_batches(&vectors.rows, n_centres, seed)
    };
    let labels =
        labels.map_err(|reason| AssembleError::Clustering { clustering: Clustering::Kmeans, reason })?;
    Ok(labels.into_iter().map(|label| label as u32).collect())
}

fn settle(rows: &Array2<f32>, n_centres: usize, seed: u64) -> Result<Array1<usize>, String> {
    let model = KMeans::params_with_rng(n_centres, Xoshiro256Plus::seed_from_u64(seed))
        .init_method(KMeansInit::KMeansPlusPlus)
        .n_runs(1)
        .max_n_iterations(MAX_ROUNDS)
        .tolerance(TOLERANCE)
        .fit(&DatasetBase::from(rows.view()))
        .map_err(|error| error.to_string())?;
    Ok(model.predict(rows))
}

/// Batches are strides over the rows: in the order of symbol ids, which are hashes, a fair draw.
fn settle_in_batches(rows: &Array2<f32>, n_centres: usize, seed: u64) -> Result<Array1<usize>, String> {
    let n_rows = rows.nrows();
    let params = KMeans::params_with_rng(n_centres, Xoshiro256Plus::seed_from_u64(seed))
        .init_method(KMeansInit::KMeansPlusPlus)
        .n_runs(1)
        .tolerance(TOLERANCE);
    let n_batches = n_rows.div_ceil(BATCH_ROWS);
    let mut model = None;
    for batch in 0..MAX_BATCHES.min(n_batches * MAX_ROUNDS as usize) {
        // The first batch places the centres and holds several rows for each.
        let (start, stride) = if batch == 0 {
            (0, (n_rows / (SEED_ROWS * n_centres)).max(1))
        } else {
            (batch % n_batches, n_batches)
        };
        let picked: Vec<usize> = (start..n_rows).step_by(stride).collect();
        match params.fit_with(model.take(), &DatasetBase::from(rows.select(Axis(0), &picked))) {
            Ok(settled) => return Ok(settled.predict(rows)),
            Err(IncrKMeansError::NotConverged(moved)) => model = Some(moved),
            Err(error) => return Err(error.to_string()),
        }
    }
    model.map(|model| model.predict(rows)).ok_or_else(|| "no batch was left to settle on".to_owned())
}
