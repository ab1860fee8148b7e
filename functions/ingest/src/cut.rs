//! Files in order to shards of chunks and segments of facts.

use docpack::Digest;
use model::facts::FileFacts;
use model::ingest::{ChunkRecord, ChunkShard, FactsSegment, FileRecord, ShardChunk};

/// Chunks embedded as one unit; the largest batch that transport carries.
pub(crate) const MAX_SHARD_CHUNKS: usize = 256;
/// Files per facts object: few enough to write early, many enough to keep objects few.
const MAX_SEGMENT_FILES: usize = 128;
/// Symbols per facts object, so that one of many large files stays small too.
const MAX_SEGMENT_SYMBOLS: usize = 4_096;

/// Something full, ready to be written.
pub(crate) enum Cut {
    Shard(ChunkShard),
    Segment(FactsSegment),
}

/// Gathers files until a shard or a segment is full.
///
/// A shard also ends after a file whose path hash says so, so that an edit moves few shards.
#[derive(Default)]
pub(crate) struct Cutter {
    shard: Vec<ShardChunk>,
    segment: FactsSegment,
    n_segment_symbols: usize,
}

impl Cutter {
    pub(crate) fn add(&mut self, facts: FileFacts, out: &mut Vec<Cut>) {
        let is_boundary = is_boundary(&facts.file_path);
        let record = self.take_texts(facts, out);
        if is_boundary {
            self.close_shard(out);
        }
        self.n_segment_symbols += record.symbols.len();
        self.segment.files.push(record);
        if self.segment.files.len() >= MAX_SEGMENT_FILES || self.n_segment_symbols >= MAX_SEGMENT_SYMBOLS {
            self.close_segment(out);
        }
    }

    pub(crate) fn finish(&mut self, out: &mut Vec<Cut>) {
        self.close_shard(out);
        self.close_segment(out);
    }

    /// Moves the texts into shards and keeps the rest.
    fn take_texts(&mut self, facts: FileFacts, out: &mut Vec<Cut>) -> FileRecord {
        let mut chunks = Vec::with_capacity(facts.chunks.len());
        for chunk in facts.chunks {
            chunks.push(ChunkRecord {
                chunk_id: chunk.chunk_id,
                byte_range: chunk.byte_range,
                line_range: chunk.line_range,
                symbols: chunk.symbols,
                text_sha256: chunk.text_sha256,
            });
            let (chunk_id, text_sha256, text) = (chunk.chunk_id, chunk.text_sha256, chunk.text);
            self.shard.push(ShardChunk { chunk_id, text_sha256, text });
            if self.shard.len() == MAX_SHARD_CHUNKS {
                self.close_shard(out);
            }
        }
        FileRecord {
            file_path: facts.file_path,
            language: facts.language,
            size_bytes: facts.size_bytes,
            sha256: facts.sha256,
            n_lines: facts.n_lines,
            n_error_nodes: facts.n_error_nodes,
            symbols: facts.symbols,
            imports: facts.imports,
            chunks,
            findings: facts.findings,
        }
    }

    fn close_shard(&mut self, out: &mut Vec<Cut>) {
        if !self.shard.is_empty() {
            out.push(Cut::Shard(ChunkShard { chunks: std::mem::take(&mut self.shard) }));
        }
    }

    fn close_segment(&mut self, out: &mut Vec<Cut>) {
        if !self.segment.files.is_empty() {
            out.push(Cut::Segment(std::mem::take(&mut self.segment)));
        }
        self.n_segment_symbols = 0;
    }
}

/// One file in sixteen, chosen by its path alone.
fn is_boundary(file_path: &str) -> bool {
    Digest::of(file_path.as_bytes()).0[31] & 0x0f == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_one_path_in_sixteen_is_a_boundary() {
        let n = (0..1_600).filter(|n| is_boundary(&format!("src/file_{n}.rs"))).count();
        assert!((60..160).contains(&n), "{n} of 1,600");
    }
}
