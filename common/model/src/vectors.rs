//! Vectors of one chunk shard, as embed writes them and assemble and pack read them.

use docpack::ChunkId;

const ID_BYTES: usize = 16;
const HEADER_BYTES: usize = 8;
/// No model in use has more; a larger header is damage.
const MAX_DIMENSIONS: usize = 4_096;

/// One row per chunk, in the shard's order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VectorShard {
    pub n_dimensions: usize,
    pub chunk_ids: Vec<ChunkId>,
    /// Row after row, `chunk_ids.len() * n_dimensions` numbers.
    pub rows: Vec<f32>,
}

/// The bytes are not a vector shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedVectors;

impl std::fmt::Display for MalformedVectors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "vector shard does not have the length its header tells, or holds a number that is not finite",
        )
    }
}

impl std::error::Error for MalformedVectors {}

impl VectorShard {
    /// Writes count and dimensions as little-endian `u32`, then the ids, then the rows as `f32`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let n_bytes = HEADER_BYTES + self.chunk_ids.len() * ID_BYTES + self.rows.len() * 4;
        let mut bytes = Vec::with_capacity(n_bytes);
        bytes.extend_from_slice(&(self.chunk_ids.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&(self.n_dimensions as u32).to_le_bytes());
        for id in &self.chunk_ids {
            bytes.extend_from_slice(&id.0);
        }
        for number in &self.rows {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`VectorShard::to_bytes`] wrote; anything else is refused.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MalformedVectors> {
        let word = |at: usize| -> Option<usize> {
            let word = bytes.get(at..at + 4)?.try_into().ok()?;
            usize::try_from(u32::from_le_bytes(word)).ok()
        };
        let (n_rows, n_dimensions) = word(0).zip(word(4)).ok_or(MalformedVectors)?;
        let expected = (n_dimensions <= MAX_DIMENSIONS)
            .then(|| n_rows.checked_mul(ID_BYTES + n_dimensions * 4)?.checked_add(HEADER_BYTES))
            .flatten();
        if expected != Some(bytes.len()) {
            return Err(MalformedVectors);
        }
        let (ids, rows) = bytes[HEADER_BYTES..].split_at(n_rows * ID_BYTES);
        let chunk_ids = ids.as_chunks::<ID_BYTES>().0.iter().map(|id| ChunkId(*id)).collect();
        let rows: Vec<f32> =
            rows.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number)).collect();
        if rows.iter().any(|number| !number.is_finite()) {
            return Err(MalformedVectors);
        }
        Ok(Self { n_dimensions, chunk_ids, rows })
    }

    /// Returns the same rows in ascending id order.
    pub fn sorted(&self) -> Self {
        let mut order: Vec<usize> = (0..self.chunk_ids.len()).collect();
        order.sort_by_key(|row| self.chunk_ids[*row]);
        let row = |row: &usize| &self.rows[row * self.n_dimensions..(row + 1) * self.n_dimensions];
        Self {
            n_dimensions: self.n_dimensions,
            chunk_ids: order.iter().map(|row| self.chunk_ids[*row]).collect(),
            rows: order.iter().flat_map(row).copied().collect(),
        }
    }

    /// Puts another shard's rows behind this one's; the two agree on the dimensions.
    pub fn append(&mut self, mut other: Self) {
        self.n_dimensions = self.n_dimensions.max(other.n_dimensions);
        self.chunk_ids.append(&mut other.chunk_ids);
        self.rows.append(&mut other.rows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard() -> VectorShard {
        VectorShard {
            n_dimensions: 2,
            chunk_ids: vec![ChunkId([1; 16]), ChunkId([2; 16])],
            rows: vec![0.5, -0.5, 1.0, 0.0],
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        assert_eq!(VectorShard::from_bytes(&shard().to_bytes()), Ok(shard()));
        assert_eq!(VectorShard::from_bytes(&VectorShard::default().to_bytes()), Ok(VectorShard::default()));
    }

    #[test]
    fn refuses_every_shorter_or_longer_text_and_numbers_that_are_none() {
        let bytes = shard().to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(VectorShard::from_bytes(&bytes[..end]), Err(MalformedVectors), "cut at {end}");
        }
        assert_eq!(VectorShard::from_bytes(&[bytes.clone(), vec![0]].concat()), Err(MalformedVectors));
        assert_eq!(VectorShard::from_bytes(&[0xff; 64]), Err(MalformedVectors));
        let nan = VectorShard { rows: vec![f32::NAN; 4], ..shard() };
        assert_eq!(VectorShard::from_bytes(&nan.to_bytes()), Err(MalformedVectors));
    }
}
