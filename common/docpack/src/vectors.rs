//! `vectors.bin`: one vector per chunk as bytes and a scale.
//!
//! Little-endian `u32` count and `u32` dimensions, then a scale per row as `f32`, then the rows as `i8`.
//! A component is its byte times the row's scale. The n-th row belongs to the n-th chunk of
//! `source_map.json`; a chunk without a vector has the scale 0.

use crate::embeddings::MAX_DIMENSIONS;

/// Bytes before the first scale.
const HEADER_BYTES: usize = 8;

/// The largest component of a vector becomes this.
const LARGEST: f32 = 127.0;

/// The vectors are not what the format allows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants and their fields mean")]
pub enum VectorsError {
    #[error("`vectors.bin` is {size_bytes} bytes, its header needs {HEADER_BYTES}")]
    NoHeader { size_bytes: usize },
    #[error("`vectors.bin` has {dimensions} dimensions, allowed are 1 to {MAX_DIMENSIONS}")]
    Dimensions { dimensions: u32 },
    #[error("`vectors.bin` is {size_bytes} bytes, {count} rows of {dimensions} need {expected_bytes}")]
    Length { size_bytes: usize, expected_bytes: u64, count: u32, dimensions: u32 },
    #[error("row {row} of the vectors has {found} numbers, each row needs {dimensions}")]
    Shape { row: usize, found: usize, dimensions: u32 },
    #[error("row {row} of `vectors.bin` has a scale that is negative or not finite")]
    Scale { row: usize },
    #[error("row {row} of the vectors holds a number that is not finite")]
    NotFinite { row: usize },
    #[error("`vectors.bin` has {n_rows} rows for {n_chunks} chunks")]
    Count { n_rows: usize, n_chunks: usize },
    #[error("there are more than {} vectors", u32::MAX)]
    TooMany,
}

/// One vector per chunk, in the order of the chunks in `source_map.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct Vectors {
    dimensions: u32,
    scales: Vec<f32>,
    /// Row after row.
    numbers: Vec<i8>,
}

/// The vector of one chunk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'v> {
    /// What each byte is multiplied by; 0 for a chunk without a vector.
    pub scale: f32,
    /// One byte per dimension.
    pub numbers: &'v [i8],
}

impl Row<'_> {
    /// Tells whether the chunk has a vector.
    pub fn is_present(&self) -> bool {
        self.scale > 0.0
    }

    /// Returns the vector's numbers.
    pub fn floats(&self) -> impl Iterator<Item = f32> {
        self.numbers.iter().map(|number| f32::from(*number) * self.scale)
    }
}

impl Vectors {
    /// Starts without rows.
    pub fn new(dimensions: u32) -> Result<Self, VectorsError> {
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(VectorsError::Dimensions { dimensions });
        }
        Ok(Self { dimensions, scales: Vec::new(), numbers: Vec::new() })
    }

    /// Appends the next chunk's vector as bytes: the largest component becomes 127 or -127.
    ///
    /// Halves are rounded away from zero. Every step is a single operation of `f32`, so the bytes are the
    /// same on every machine.
    pub fn push(&mut self, vector: &[f32]) -> Result<(), VectorsError> {
        let (row, dimensions) = (self.scales.len(), self.dimensions);
        if vector.len() != dimensions as usize {
            return Err(VectorsError::Shape { row, found: vector.len(), dimensions });
        }
        if vector.iter().any(|number| !number.is_finite()) {
            return Err(VectorsError::NotFinite { row });
        }
        let largest = vector.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
        let scale = largest / LARGEST;
        // Below the normal numbers of `f32` a scale has too few bits to give the vector back.
        if scale.is_normal() { self.push_row(scale, vector) } else { self.push_absent() }
    }

    /// Appends a row for a chunk without a vector.
    pub fn push_absent(&mut self) -> Result<(), VectorsError> {
        self.push_row(0.0, &[])
    }

    /// Appends one number per dimension; none of `vector` where the scale is 0.
    fn push_row(&mut self, scale: f32, vector: &[f32]) -> Result<(), VectorsError> {
        if self.scales.len() >= u32::MAX as usize {
            return Err(VectorsError::TooMany);
        }
        self.scales.push(scale);
        if scale > 0.0 {
            let quantised = |number: &f32| (number / scale).round().clamp(-LARGEST, LARGEST) as i8;
            self.numbers.extend(vector.iter().map(quantised));
        }
        self.numbers.resize(self.scales.len() * self.dimensions as usize, 0);
        Ok(())
    }

    /// Returns how many numbers a vector has.
    pub fn dimensions(&self) -> u32 {
        self.dimensions
    }

    /// Returns the number of rows: one for each chunk of the pack.
    pub fn count(&self) -> usize {
        self.scales.len()
    }

    /// Returns the row of the n-th chunk.
    pub fn row(&self, n: usize) -> Option<Row<'_>> {
        let start = n.checked_mul(self.dimensions as usize)?;
        let numbers = self.numbers.get(start..start + self.dimensions as usize)?;
        Some(Row { scale: *self.scales.get(n)?, numbers })
    }

    /// Goes through the rows in the order of the chunks.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let numbers = self.numbers.chunks_exact(self.dimensions as usize);
        self.scales.iter().zip(numbers).map(|(scale, numbers)| Row { scale: *scale, numbers })
    }

    /// Gives the bytes of `vectors.bin`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.scales.len() * 4 + self.numbers.len());
        bytes.extend_from_slice(&(self.scales.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.dimensions.to_le_bytes());
        bytes.extend(self.scales.iter().flat_map(|scale| scale.to_le_bytes()));
        bytes.extend(self.numbers.iter().map(|number| number.cast_unsigned()));
        bytes
    }

    /// Reads the bytes of `vectors.bin`; refuses another length, and scales that are negative or not finite.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VectorsError> {
        let size_bytes = bytes.len();
        let Some((&[a, b, c, d, e, f, g, h], rest)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Err(VectorsError::NoHeader { size_bytes });
        };
        let (count, dimensions) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        let mut vectors = Self::new(dimensions)?;
        let expected_bytes = HEADER_BYTES as u64 + u64::from(count) * (4 + u64::from(dimensions));
        if expected_bytes != size_bytes as u64 {
            return Err(VectorsError::Length { size_bytes, expected_bytes, count, dimensions });
        }
        let (scales, numbers) = rest.split_at(count as usize * 4);
        vectors.scales = scales.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        let is_wrong = |scale: &f32| !scale.is_finite() || scale.is_sign_negative();
        if let Some(row) = vectors.scales.iter().position(is_wrong) {
            return Err(VectorsError::Scale { row });
        }
        vectors.numbers = numbers.iter().map(|byte| byte.cast_signed()).collect();
        Ok(vectors)
    }

    /// Refuses another number of rows than there are chunks.
    pub(crate) fn check_count(&self, n_chunks: usize) -> Result<(), VectorsError> {
        let n_rows = self.count();
        if n_rows == n_chunks { Ok(()) } else { Err(VectorsError::Count { n_rows, n_chunks }) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn quantised(vector: &[f32]) -> Vectors {
        let mut vectors = Vectors::new(vector.len() as u32).unwrap();
        vectors.push(vector).unwrap();
        vectors
    }

    #[test]
    fn largest_component_becomes_127_and_halves_round_away_from_zero() {
        let vectors = quantised(&[254.0, -254.0, 3.0, -3.0, 1.0, 0.5, 0.0]);
        let row = vectors.row(0).unwrap();
        assert_eq!((row.scale, row.numbers), (2.0, [127, -127, 2, -2, 1, 0, 0].as_slice()));
    }

    #[test]
    fn bytes_are_header_then_scales_then_rows() {
        let mut vectors = quantised(&[254.0, -2.0]);
        vectors.push_absent().unwrap();
        let expected =
            [&[2, 0, 0, 0, 2, 0, 0, 0], [0, 0, 0, 0x40, 0, 0, 0, 0].as_slice(), &[127, 255, 0, 0]].concat();
        assert_eq!(vectors.to_bytes(), expected);
        assert!(!vectors.row(1).unwrap().is_present() && vectors.row(2).is_none());
    }

    #[test]
    fn numbers_too_small_for_a_scale_are_no_vector() {
        let vectors = quantised(&[f32::from_bits(1), 0.0]);
        assert!(!vectors.row(0).unwrap().is_present());
        assert_eq!(vectors.row(0).unwrap().numbers, [0, 0]);
    }

    #[test]
    fn wrong_lengths_scales_and_numbers_are_refused() {
        let good = quantised(&[1.0, 2.0]).to_bytes();
        assert_eq!(Vectors::from_bytes(&good[..7]), Err(VectorsError::NoHeader { size_bytes: 7 }));
        for length in 8..good.len() {
            assert!(matches!(Vectors::from_bytes(&good[..length]), Err(VectorsError::Length { .. })));
        }
        for scale in [f32::NAN, f32::INFINITY, -1.0, -0.0] {
            let mut bytes = good.clone();
            bytes[8..12].copy_from_slice(&scale.to_le_bytes());
            assert_eq!(Vectors::from_bytes(&bytes), Err(VectorsError::Scale { row: 0 }), "{scale}");
        }
        for header in [[0xff; 8], [1, 0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 1, 0x40, 0, 0]] {
            let mut bytes = good.clone();
            bytes[..8].copy_from_slice(&header);
            assert!(Vectors::from_bytes(&bytes).is_err(), "{header:?}");
        }
        let mut vectors = Vectors::new(2).unwrap();
        assert_eq!(vectors.push(&[f32::NAN, 0.0]), Err(VectorsError::NotFinite { row: 0 }));
        assert_eq!(vectors.push(&[0.0]), Err(VectorsError::Shape { row: 0, found: 1, dimensions: 2 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_number_is_within_half_a_step_and_bytes_come_back(
            rows in vec(vec(-1e30..1e30_f32, 5), 0..20),
        ) {
            let mut vectors = Vectors::new(5).unwrap();
            for row in &rows {
                vectors.push(row).unwrap();
            }
            for (row, stored) in rows.iter().zip(vectors.rows()) {
                for (number, found) in row.iter().zip(stored.floats()) {
                    prop_assert!((number - found).abs() <= stored.scale * 0.500_1, "{number} became {found}");
                }
            }
            prop_assert_eq!(Vectors::from_bytes(&vectors.to_bytes()).unwrap(), vectors);
        }
    }
}
