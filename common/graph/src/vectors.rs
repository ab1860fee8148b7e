//! Vectors of chunks, checked at the door, and of the symbols that own them.

use docpack::ChunkId;
use ndarray::{Array2, ArrayView1};

use crate::repository::Repository;

/// One vector per chunk, all of one length, finite, in ascending chunk id order.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    chunk_ids: Vec<ChunkId>,
    rows: Array2<f32>,
}

/// Why rows are no usable vectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorError {
    #[error("{n_values} values are not {n_chunks} rows of {dimensions}")]
    Shape { n_values: usize, n_chunks: usize, dimensions: usize },
    #[error("the vector of `{chunk_id}` holds a value that is not a number; embed that chunk again")]
    NotFinite { chunk_id: ChunkId },
    #[error("`{chunk_id}` has two vectors")]
    Repeated { chunk_id: ChunkId },
}

impl Vectors {
    /// Checks and orders rows laid out one after the other.
    ///
    /// `values` holds `dimensions` numbers per id of `chunk_ids`, in that order, which may be any.
    ///
    /// # Errors
    /// A wrong count of values, a value that is infinite or not a number, an id given twice.
    pub fn new(chunk_ids: Vec<ChunkId>, dimensions: usize, values: Vec<f32>) -> Result<Self, VectorError> {
        let shape = VectorError::Shape { n_values: values.len(), n_chunks: chunk_ids.len(), dimensions };
        let given = Array2::from_shape_vec((chunk_ids.len(), dimensions), values).map_err(|_| shape)?;
        let mut order: Vec<usize> = (0..chunk_ids.len()).collect();
        order.sort_by_key(|&row| chunk_ids[row]);
        let sorted: Vec<ChunkId> = order.iter().map(|&row| chunk_ids[row]).collect();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(VectorError::Repeated { chunk_id: pair[0] });
        }
        let bad_row = order.iter().find(|&&row| given.row(row).iter().any(|value| !value.is_finite()));
        if let Some(&row) = bad_row {
            return Err(VectorError::NotFinite { chunk_id: chunk_ids[row] });
        }
        Ok(Self { chunk_ids: sorted, rows: given.select(ndarray::Axis(0), &order) })
    }

    /// Returns the number of vectors.
    pub fn len(&self) -> usize {
        self.chunk_ids.len()
    }

    /// Tells whether there is no vector.
    pub fn is_empty(&self) -> bool {
        self.chunk_ids.is_empty()
    }

    fn get(&self, chunk_id: ChunkId) -> Option<ArrayView1<'_, f32>> {
        self.chunk_ids.binary_search(&chunk_id).ok().map(|row| self.rows.row(row))
    }
}

/// Vectors of the symbols that own a chunk.
pub(crate) struct SymbolVectors {
    /// The symbols, ascending; row `r` of `rows` belongs to `nodes[r]`.
    pub(crate) nodes: Vec<u32>,
    /// Normalised.
    pub(crate) rows: Array2<f32>,
    row_of: Vec<Option<u32>>,
}

impl SymbolVectors {
    /// Averages each symbol's own chunks and normalises; a zero sum leaves the symbol without one.
    pub(crate) fn new(repository: &Repository<'_>, vectors: Option<&Vectors>) -> Self {
        let none = Vectors { chunk_ids: Vec::new(), rows: Array2::zeros((0, 0)) };
        let vectors = vectors.unwrap_or(&none);
        let mut owned: Vec<(u32, ChunkId)> = repository.owned_chunks().collect();
        owned.sort_unstable();
        owned.dedup();
        let dimensions = vectors.rows.ncols();
        let mut nodes = Vec::new();
        let mut values: Vec<f32> = Vec::new();
        for of_one in owned.chunk_by(|a, b| a.0 == b.0) {
            let mut sum = vec![0.0_f32; dimensions];
            for row in of_one.iter().filter_map(|&(_, chunk_id)| vectors.get(chunk_id)) {
                sum.iter_mut().zip(row).for_each(|(total, value)| *total += value);
            }
            if normalise(&mut sum) {
                nodes.push(of_one[0].0);
                values.extend(sum);
            }
        }
        let rows = Array2::from_shape_vec((nodes.len(), dimensions), values)
            .expect("one row of `dimensions` was pushed with each node");
        let mut row_of = vec![None; repository.len()];
        for (row, &node) in (0_u32..).zip(&nodes) {
            row_of[node as usize] = Some(row);
        }
        Self { nodes, rows, row_of }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub(crate) fn row_of(&self, node: u32) -> Option<u32> {
        self.row_of[node as usize]
    }
}

/// Scales to length 1; false, and untouched, where there is no direction.
pub(crate) fn normalise(vector: &mut [f32]) -> bool {
    let length = vector.iter().map(|value| f64::from(*value) * f64::from(*value)).sum::<f64>().sqrt();
    if !length.is_finite() || length < 1e-9 {
        return false;
    }
    let scale = (1.0 / length) as f32;
    vector.iter_mut().for_each(|value| *value *= scale);
    true
}
