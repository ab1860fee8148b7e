//! A vector for each symbol whose own text was embedded.

use std::collections::HashMap;

use docpack::records::{Chunk, Nodes, SourceMap};
use docpack::{Contents, Embeddings, SymbolId};

/// Vectors of length one, by the symbol's place in `nodes.json`.
#[derive(Debug, Default)]
pub struct Vectors {
    dimensions: usize,
    places: Vec<u32>,
    rows: Vec<f32>,
    row_of: HashMap<u32, usize>,
}

/// A row of a pack's vectors, and the symbol that it belongs to, by its place in `nodes.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub row: u32,
    pub symbol: u32,
}

/// Finds whose the rows are: a chunk's vector belongs to the symbol that it is first in.
///
/// Rows are those of `embeddings.bin` where the pack has them, else of `vectors.bin`.
pub fn owners(nodes: &Nodes, source_map: &SourceMap, exact: Option<&Embeddings>) -> Vec<Owner> {
    let place_of: HashMap<SymbolId, u32> =
        (0..).zip(&nodes.symbols).map(|(place, symbol)| (symbol.id, place)).collect();
    let chunks = source_map.files.iter().flat_map(|file| &file.chunks);
    let owner = |(n, chunk): (u32, &Chunk)| {
        let symbol = *place_of.get(chunk.symbol_ids.first()?)?;
        let row = match exact {
            None => n,
            Some(exact) => exact.chunk_ids().binary_search(&chunk.chunk_id).ok()? as u32,
        };
        Some(Owner { row, symbol })
    };
    (0..).zip(chunks).filter_map(owner).collect()
}

impl Vectors {
    /// Reads the vectors of a pack; `None` where it has none.
    pub fn of(contents: &Contents) -> Option<Self> {
        let exact = contents.embeddings.as_ref();
        let owners = owners(&contents.nodes, &contents.source_map, exact);
        Self::of_rows(exact, contents.vectors.as_ref(), &owners)
    }

    /// Adds up the rows of each symbol: a long one has several chunks, a field none of its own.
    ///
    /// `None` without rows. Of two forms of them, the finer one is taken.
    pub fn of_rows(
        exact: Option<&Embeddings>,
        coarse: Option<&docpack::Vectors>,
        owners: &[Owner],
    ) -> Option<Self> {
        let dimensions = exact.map(|it| it.dimensions()).or(coarse.map(|it| it.dimensions()))? as usize;
        let mut vectors = Self { dimensions, ..Self::default() };
        let exact: Option<Vec<&[f32]>> = exact.map(|rows| rows.rows().collect());
        for Owner { row, symbol } in owners {
            let row = *row as usize;
            match (&exact, coarse.and_then(|rows| rows.row(row))) {
                (Some(rows), _) => {
                    vectors.add(*symbol, rows.get(row).copied().into_iter().flatten().copied())
                }
                (None, Some(row)) if row.is_present() => vectors.add(*symbol, row.floats()),
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
