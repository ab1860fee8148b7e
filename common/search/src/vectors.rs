//! A vector for each symbol whose own text was embedded.

use std::collections::HashMap;

use docpack::{Contents, SymbolId};

/// Vectors of length one, by the symbol's place in `nodes.json`.
#[derive(Debug, Default)]
pub struct Vectors {
    dimensions: usize,
    places: Vec<u32>,
    rows: Vec<f32>,
    row_of: HashMap<u32, usize>,
}

impl Vectors {
    /// Adds up the chunks that a symbol is first in: a long one has several, a field none of its own.
    ///
    /// `None` for a pack without vectors. Of two forms of them, the finer one is taken.
    pub fn of(contents: &Contents) -> Option<Self> {
        let (exact, coarse) = (contents.embeddings.as_ref(), contents.vectors.as_ref());
        let dimensions = exact.map(|it| it.dimensions()).or(coarse.map(|it| it.dimensions()))? as usize;
        let place_of: HashMap<SymbolId, u32> =
            (0..).zip(&contents.nodes.symbols).map(|(place, symbol)| (symbol.id, place)).collect();
        let mut vectors = Self { dimensions, ..Self::default() };
        let chunks = contents.source_map.files.iter().flat_map(|file| &file.chunks);
        for (n, chunk) in chunks.enumerate() {
            let Some(place) = chunk.symbol_ids.first().and_then(|id| place_of.get(id)) else { continue };
            match (exact, coarse.and_then(|rows| rows.row(n))) {
                (Some(rows), _) => {
                    vectors.add(*place, rows.get(&chunk.chunk_id).into_iter().flatten().copied())
                }
                (None, Some(row)) if row.is_present() => vectors.add(*place, row.floats()),
                _ => {}
            }
        }
        if dimensions > 0 {
            vectors.rows.chunks_exact_mut(dimensions).for_each(normalise);
        }
        Some(vectors)
    }

    fn add(&mut self, place: u32, vector: impl Iterator<Item = f32>) {
        let row = *self.row_of.entry(place).or_insert_with(|| {
            self.places.push(place);
            self.rows.resize(self.rows.len() + self.dimensions, 0.0);
            self.places.len() - 1
        });
        let sum = &mut self.rows[row * self.dimensions..(row + 1) * self.dimensions];
        sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += number);
    }

    /// Returns a symbol's own vector.
    pub fn get(&self, place: u32) -> Option<&[f32]> {
        let row = *self.row_of.get(&place)?;
        self.rows.get(row * self.dimensions..(row + 1) * self.dimensions)
    }

    /// Finds the nearest of the symbols that are wanted with their cosines, nearest first; equals by place.
    pub fn nearest(&self, vector: &[f32], limit: usize, is_wanted: impl Fn(u32) -> bool) -> Vec<(u32, f64)> {
        if vector.len() != self.dimensions || self.dimensions == 0 {
            return Vec::new();
        }
        let rows = self.places.iter().zip(self.rows.chunks_exact(self.dimensions));
        let mut near: Vec<(u32, f64)> = rows
            .filter(|(place, _)| is_wanted(**place))
            .map(|(place, row)| (*place, rounded(row.iter().zip(vector).map(|(a, b)| a * b).sum::<f32>())))
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
