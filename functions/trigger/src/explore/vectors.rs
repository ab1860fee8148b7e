//! A vector for each symbol whose own text was embedded.

use std::collections::HashMap;

use docpack::records::SourceMap;
use docpack::{Embeddings, SymbolId};

use crate::explore::SymbolIdx;

/// Vectors of length one, by symbol.
pub(super) struct SymbolVectors {
    dimensions: usize,
    symbols: Vec<SymbolIdx>,
    rows: Vec<f32>,
    row_of: HashMap<SymbolIdx, usize>,
}

impl SymbolVectors {
    /// Adds up the chunks that a symbol is first in: a long one has several, a field none of its own.
    pub(super) fn of(
        embeddings: &Embeddings,
        files: &SourceMap,
        by_id: &HashMap<SymbolId, SymbolIdx>,
    ) -> Self {
        let dimensions = embeddings.dimensions() as usize;
        let (mut symbols, mut rows, mut row_of) = (Vec::new(), Vec::new(), HashMap::new());
        for chunk in files.files.iter().flat_map(|file| &file.chunks) {
            let idx = chunk.symbol_ids.first().and_then(|id| by_id.get(id));
            let (Some(idx), Some(vector)) = (idx, embeddings.get(&chunk.chunk_id)) else { continue };
            let row = *row_of.entry(*idx).or_insert_with(|| {
                symbols.push(*idx);
                rows.resize(rows.len() + dimensions, 0.0);
                symbols.len() - 1
            });
            let sum = &mut rows[row * dimensions..(row + 1) * dimensions];
            sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += number);
        }
        if dimensions > 0 {
            rows.chunks_exact_mut(dimensions).for_each(normalise);
        }
        Self { dimensions, symbols, rows, row_of }
    }

    /// Returns a symbol's own vector.
    pub(super) fn get(&self, idx: SymbolIdx) -> Option<&[f32]> {
        let row = *self.row_of.get(&idx)?;
        self.rows.get(row * self.dimensions..(row + 1) * self.dimensions)
    }

    /// Finds the nearest of the symbols that are wanted, nearest first; equals by place.
    pub(super) fn nearest(
        &self,
        vector: &[f32],
        limit: usize,
        wanted: impl Fn(SymbolIdx) -> bool,
    ) -> Vec<(SymbolIdx, f64)> {
        if vector.len() != self.dimensions || self.dimensions == 0 {
            return Vec::new();
        }
        let rows = self.symbols.iter().zip(self.rows.chunks_exact(self.dimensions));
        let mut near: Vec<(SymbolIdx, f64)> = rows
            .filter(|(idx, _)| wanted(**idx))
            .map(|(idx, row)| (*idx, rounded(row.iter().zip(vector).map(|(a, b)| a * b).sum::<f32>())))
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(limit);
        near
    }
}

fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|number| *number /= length);
    }
}

fn rounded(number: f32) -> f64 {
    (f64::from(number) * 1e6).round() / 1e6
}
