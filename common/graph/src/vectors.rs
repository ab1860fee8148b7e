//! Vectors of chunks, checked at the door, and of the symbols that own them.

use docpack::ChunkId;
use ndarray::{Array2, ArrayView1};

use crate::repository::Repository;

/// One vector per chunk, all of one length and finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    /// Ascending, each with its row: rows stay where they came, for they are most of the memory.
    places: Vec<(ChunkId, u32)>,
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
    /// Checks rows laid out one after the other.
    ///
    /// `values` holds `dimensions` numbers per id of `chunk_ids`, in that order, which may be any.
    ///
    /// # Errors
    /// A wrong count of values, a value that is infinite or not a number, an id given twice.
    pub fn new(chunk_ids: Vec<ChunkId>, dimensions: usize, values: Vec<f32>) -> Result<Self, VectorError> {
        let shape = VectorError::Shape { n_values: values.len(), n_chunks: chunk_ids.len(), dimensions };
        let rows = Array2::from_shape_vec((chunk_ids.len(), dimensions), values).map_err(|_| shape)?;
        let mut places: Vec<(ChunkId, u32)> = chunk_ids.into_iter().zip(0..).collect();
        places.sort_unstable();
        if let Some(pair) = places.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(VectorError::Repeated { chunk_id: pair[0].0 });
        }
        let is_bad = |row: u32| rows.row(row as usize).iter().any(|value| !value.is_finite());
        if let Some(&(chunk_id, _)) = places.iter().find(|place| is_bad(place.1)) {
            return Err(VectorError::NotFinite { chunk_id });
        }
        Ok(Self { places, rows })
    }

    /// Returns the number of vectors.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Tells whether there is no vector.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    fn get(&self, chunk_id: ChunkId) -> Option<ArrayView1<'_, f32>> {
        let place = self.places.binary_search_by_key(&chunk_id, |place| place.0).ok()?;
        Some(self.rows.row(self.places[place].1 as usize))
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
        let none = Vectors { places: Vec::new(), rows: Array2::zeros((0, 0)) };
        let vectors = vectors.unwrap_or(&none);
        let mut owned: Vec<(u32, ChunkId)> = repository.owned_chunks().collect();
        owned.sort_unstable();
        owned.dedup();
        let dimensions = vectors.rows.ncols();
        let n_owners = owned.chunk_by(|a, b| a.0 == b.0).count();
        let mut nodes = Vec::with_capacity(n_owners);
        let mut values: Vec<f32> = Vec::with_capacity(n_owners * dimensions);
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
