//! Vectors of the symbols that a second model read, so that it reads each once.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::explore::SymbolIdx;

/// 6 MB of vectors; with more, those read so far are forgotten.
const MAX_VECTORS: usize = 4_000;

/// Vectors of length one, by the symbol's place.
#[derive(Default)]
pub(super) struct Compared(Mutex<HashMap<SymbolIdx, Vec<f32>>>);

impl Compared {
    /// Lists the symbols that were not read.
    pub(super) fn unread(&self, places: &[SymbolIdx]) -> Vec<SymbolIdx> {
        let Ok(read) = self.0.lock() else { return places.to_vec() };
        places.iter().copied().filter(|place| !read.contains_key(place)).collect()
    }

    pub(super) fn add(&self, vectors: impl ExactSizeIterator<Item = (SymbolIdx, Vec<f32>)>) {
        let Ok(mut read) = self.0.lock() else { return };
        if read.len() + vectors.len() > MAX_VECTORS {
            read.clear();
        }
        read.extend(vectors);
    }

    /// Says how near the symbols are to a query.
    pub(super) fn cosines(&self, places: &[SymbolIdx], asked: &[f32]) -> Vec<(SymbolIdx, f64)> {
        let Ok(read) = self.0.lock() else { return Vec::new() };
        let cosine = |vector: &Vec<f32>| vector.iter().zip(asked).map(|(a, b)| a * b).sum::<f32>();
        places.iter().filter_map(|place| Some((*place, f64::from(cosine(read.get(place)?))))).collect()
    }
}
