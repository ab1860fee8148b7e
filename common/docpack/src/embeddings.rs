//! `embeddings.bin`: little-endian `u32` count, `u32` dimensions, then `f32` rows in chunk-id order.

use std::io::{Read, Seek, SeekFrom};

use crate::ids::ChunkId;
use crate::records::EmbeddingsIndex;

/// Bytes before the first row.
pub const HEADER_BYTES: u64 = 8;

/// No model in use gives more; a header that claims more is an attack or damage.
pub const MAX_DIMENSIONS: u32 = 16_384;

/// The vectors are not what the format allows.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say what the variants and their fields mean")]
pub enum EmbeddingsError {
    #[error("`embeddings.bin` is {size_bytes} bytes, its header needs 8")]
    NoHeader { size_bytes: u64 },
    #[error("`embeddings.bin` has {dimensions} dimensions, allowed are 1 to {MAX_DIMENSIONS}")]
    Dimensions { dimensions: u32 },
    #[error("`embeddings.bin` is {size_bytes} bytes, {count} rows of {dimensions} need {expected_bytes}")]
    Length { size_bytes: u64, expected_bytes: u64, count: u32, dimensions: u32 },
    #[error("row {row} of `embeddings.bin` holds a number that is not finite")]
    NotFinite { row: u32 },
    #[error("{n_chunks} chunks do not fit {n_numbers} numbers of {dimensions} a row")]
    Shape { n_chunks: usize, n_numbers: usize, dimensions: u32 },
    #[error("chunk ids are not in strictly ascending order at row {row}")]
    Order { row: usize },
    #[error("`embeddings_index.json` does not list one offset per row, in order: {detail}")]
    Index { detail: String },
    #[error("row {row} was asked for, there are {count}")]
    NoSuchRow { row: u32, count: u32 },
    #[error("cannot read `embeddings.bin`")]
    Io(#[from] std::io::Error),
}

/// One vector per chunk, in ascending chunk-id order.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    dimensions: u32,
    chunk_ids: Vec<ChunkId>,
    /// Row after row.
    numbers: Vec<f32>,
}

impl Embeddings {
    /// Takes rows in ascending chunk-id order; refuses another order, another length, numbers not finite.
    pub fn new(dimensions: u32, chunk_ids: Vec<ChunkId>, numbers: Vec<f32>) -> Result<Self, EmbeddingsError> {
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(EmbeddingsError::Dimensions { dimensions });
        }
        if u32::try_from(chunk_ids.len()).is_err()
            || chunk_ids.len().checked_mul(dimensions as usize) != Some(numbers.len())
        {
            let (n_chunks, n_numbers) = (chunk_ids.len(), numbers.len());
            return Err(EmbeddingsError::Shape { n_chunks, n_numbers, dimensions });
        }
        if let Some(row) = chunk_ids.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(EmbeddingsError::Order { row: row + 1 });
        }
        if let Some(at) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(EmbeddingsError::NotFinite { row: (at / dimensions as usize) as u32 });
        }
        Ok(Self { dimensions, chunk_ids, numbers })
    }

    /// Returns how many numbers a vector has.
    pub fn dimensions(&self) -> u32 {
        self.dimensions
    }

    /// Returns the chunks in the order of their rows.
    pub fn chunk_ids(&self) -> &[ChunkId] {
        &self.chunk_ids
    }

    /// Returns the vector of one chunk.
    pub fn get(&self, chunk: &ChunkId) -> Option<&[f32]> {
        let row = self.chunk_ids.binary_search(chunk).ok()?;
        self.rows().nth(row)
    }

    /// Goes through the vectors in the order of [`Self::chunk_ids`].
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.numbers.chunks_exact(self.dimensions as usize)
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES as usize + self.numbers.len() * 4);
        bytes.extend_from_slice(&(self.chunk_ids.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.dimensions.to_le_bytes());
        for number in &self.numbers {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    pub(crate) fn index(&self) -> EmbeddingsIndex {
        let row_bytes = u64::from(self.dimensions) * 4;
        let offsets = (0..).map(|row: u64| HEADER_BYTES + row * row_bytes);
        EmbeddingsIndex { chunks: self.chunk_ids.iter().copied().zip(offsets).collect() }
    }

    /// Reads both entries and checks one against the other.
    pub(crate) fn from_entries(bytes: &[u8], index: &EmbeddingsIndex) -> Result<Self, EmbeddingsError> {
        let header = Header::parse(bytes, bytes.len() as u64)?;
        if index.chunks.len() != header.count as usize {
            let detail = format!("{} offsets for {} rows", index.chunks.len(), header.count);
            return Err(EmbeddingsError::Index { detail });
        }
        for (row, (chunk, offset)) in index.chunks.iter().enumerate() {
            if *offset != header.offset(row as u64) {
                let detail = format!("`{chunk}` is at {offset}, its row at {}", header.offset(row as u64));
                return Err(EmbeddingsError::Index { detail });
            }
        }
        let rows = bytes.get(HEADER_BYTES as usize..).unwrap_or_default();
        Self::new(header.dimensions, index.chunks.keys().copied().collect(), floats(rows))
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect()
}

struct Header {
    count: u32,
    dimensions: u32,
}

impl Header {
    /// Reads the first eight bytes and checks them against the size of the whole.
    fn parse(bytes: &[u8], size_bytes: u64) -> Result<Self, EmbeddingsError> {
        let Some(&[a, b, c, d, e, f, g, h]) = bytes.first_chunk::<8>() else {
            return Err(EmbeddingsError::NoHeader { size_bytes });
        };
        let (count, dimensions) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        if dimensions == 0 || dimensions > MAX_DIMENSIONS {
            return Err(EmbeddingsError::Dimensions { dimensions });
        }
        let header = Self { count, dimensions };
        let expected_bytes = header.offset(count.into());
        if expected_bytes != size_bytes {
            return Err(EmbeddingsError::Length { size_bytes, expected_bytes, count, dimensions });
        }
        Ok(header)
    }

    fn offset(&self, row: u64) -> u64 {
        HEADER_BYTES + row * u64::from(self.dimensions) * 4
    }
}

/// Reads single rows of an `embeddings.bin` that lies by itself, without loading it.
pub struct EmbeddingsReader<R> {
    input: R,
    header: Header,
}

impl<R: Read + Seek> EmbeddingsReader<R> {
    /// Reads the header and checks it against the input's length.
    pub fn new(mut input: R) -> Result<Self, EmbeddingsError> {
        let size_bytes = input.seek(SeekFrom::End(0))?;
        if size_bytes < HEADER_BYTES {
            return Err(EmbeddingsError::NoHeader { size_bytes });
        }
        let mut first = [0; HEADER_BYTES as usize];
        input.seek(SeekFrom::Start(0))?;
        input.read_exact(&mut first)?;
        Ok(Self { header: Header::parse(&first, size_bytes)?, input })
    }

    /// Returns the number of rows.
    pub fn count(&self) -> u32 {
        self.header.count
    }

    /// Returns how many numbers a row has.
    pub fn dimensions(&self) -> u32 {
        self.header.dimensions
    }

    /// Reads one row; refuses rows past the end and numbers not finite.
    pub fn row(&mut self, row: u32) -> Result<Vec<f32>, EmbeddingsError> {
        if row >= self.header.count {
            return Err(EmbeddingsError::NoSuchRow { row, count: self.header.count });
        }
        let mut bytes = vec![0; self.header.dimensions as usize * 4];
        self.input.seek(SeekFrom::Start(self.header.offset(row.into())))?;
        self.input.read_exact(&mut bytes)?;
        let numbers = floats(&bytes);
        if numbers.iter().all(|number| number.is_finite()) {
            Ok(numbers)
        } else {
            Err(EmbeddingsError::NotFinite { row })
        }
    }
}
