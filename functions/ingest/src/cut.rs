//! Files in order to shards of chunks and segments of facts.

use docpack::ChunkId;
use model::facts::FileFacts;
use model::ingest::{
    ChunkRecord, ChunkShard, DocumentRecord, FactsSegment, FileRecord, ShardChunk, SourceSegment, SourceText,
};

/// Chunks embedded as one unit; the largest batch that transport carries.
pub(crate) const MAX_SHARD_CHUNKS: usize = 256;
/// A shard closes at a boundary from this fill on: each unit costs some 30 requests, however small it is.
const MIN_SHARD_CHUNKS: usize = 192;
/// One chunk in so many is a boundary: of the 64 that a shard may end with, some two.
const BOUNDARY_EVERY: u8 = 32;
/// Files per facts object: few enough to write early, many enough to keep objects few.
const MAX_SEGMENT_FILES: usize = 128;
/// Symbols per facts object, so that one of many large files stays small too.
const MAX_SEGMENT_SYMBOLS: usize = 4_096;
/// Bytes of text per object; about as large as one of facts.
const SOURCE_SEGMENT_BYTES: usize = 1_000_000;

/// Something full, ready to be written.
pub(crate) enum Cut {
    Shard(ChunkShard),
    Segment(FactsSegment),
    Source(SourceSegment),
}

/// Gathers files until a shard or a segment is full.
///
/// A shard ends after the first chunk whose id says so, once it is three quarters full: after an edit the
/// shards soon end at the same chunks again, so that few of them move.
#[derive(Default)]
pub(crate) struct Cutter {
    shard: Vec<ShardChunk>,
    segment: FactsSegment,
    n_segment_symbols: usize,
    source: SourceSegment,
    n_source_bytes: usize,
}

impl Cutter {
    pub(crate) fn add(&mut self, facts: FileFacts, out: &mut Vec<Cut>) {
        let record = self.take_texts(facts, out);
        self.n_segment_symbols += record.symbols.len();
        self.segment.files.push(record);
        let n_files = self.segment.files.len() + self.segment.documents.len();
        if n_files >= MAX_SEGMENT_FILES || self.n_segment_symbols >= MAX_SEGMENT_SYMBOLS {
            self.close_segment(out);
        }
    }

    pub(crate) fn add_document(&mut self, document: DocumentRecord) {
        self.segment.documents.push(document);
    }

    pub(crate) fn add_source(&mut self, source: SourceText, out: &mut Vec<Cut>) {
        self.n_source_bytes += source.text.len();
        self.source.files.push(source);
        if self.n_source_bytes >= SOURCE_SEGMENT_BYTES {
            self.close_source(out);
        }
    }

    pub(crate) fn finish(&mut self, out: &mut Vec<Cut>) {
        self.close_shard(out);
        self.close_segment(out);
        self.close_source(out);
    }

    /// Moves the texts into shards and keeps the rest.
    fn take_texts(&mut self, facts: FileFacts, out: &mut Vec<Cut>) -> FileRecord {
        let mut chunks = Vec::with_capacity(facts.chunks.len());
        let texts = facts.chunks.into_iter().map(|chunk| {
            chunks.push(ChunkRecord {
                chunk_id: chunk.chunk_id,
                byte_range: chunk.byte_range,
                line_range: chunk.line_range,
                symbols: chunk.symbols,
                text_sha256: chunk.text_sha256,
            });
            let (chunk_id, text_sha256, text) = (chunk.chunk_id, chunk.text_sha256, chunk.text);
            ShardChunk { chunk_id, text_sha256, text }
        });
        self.add_chunks(texts, out);
        FileRecord {
            file_path: facts.file_path,
            language: facts.language,
            size_bytes: facts.size_bytes,
            sha256: facts.sha256,
            n_lines: facts.n_lines,
            role: facts.role,
            n_error_nodes: facts.n_error_nodes,
            symbols: facts.symbols,
            imports: facts.imports,
            chunks,
            findings: facts.findings,
        }
    }

    fn add_chunks(&mut self, chunks: impl Iterator<Item = ShardChunk>, out: &mut Vec<Cut>) {
        for chunk in chunks {
            let is_boundary = is_boundary(&chunk.chunk_id);
            self.shard.push(chunk);
            let is_filled = self.shard.len() >= MIN_SHARD_CHUNKS && is_boundary;
            if is_filled || self.shard.len() == MAX_SHARD_CHUNKS {
                self.close_shard(out);
            }
        }
    }

    fn close_shard(&mut self, out: &mut Vec<Cut>) {
        if !self.shard.is_empty() {
            out.push(Cut::Shard(ChunkShard { chunks: std::mem::take(&mut self.shard) }));
        }
    }

    fn close_segment(&mut self, out: &mut Vec<Cut>) {
        if !self.segment.files.is_empty() || !self.segment.documents.is_empty() {
            out.push(Cut::Segment(std::mem::take(&mut self.segment)));
        }
        self.n_segment_symbols = 0;
    }

    fn close_source(&mut self, out: &mut Vec<Cut>) {
        if !self.source.files.is_empty() {
            out.push(Cut::Source(std::mem::take(&mut self.source)));
        }
        self.n_source_bytes = 0;
    }
}

/// Tells whether a shard may end after the chunk; its id is a hash, and no other chunk decides.
fn is_boundary(chunk: &ChunkId) -> bool {
    chunk.0[15].is_multiple_of(BOUNDARY_EVERY)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use docpack::Digest;
    use model::ingest::ChunkShard;

    use super::*;

    /// Ids of chunks as a source of so many would have them.
    fn chunks(seed: &str, n: usize) -> Vec<ChunkId> {
        let id = |n: usize| {
            let hash = Digest::of(format!("{seed}/{n}").as_bytes()).0;
            ChunkId(hash[..16].try_into().expect("a digest has 32 bytes"))
        };
        (0..n).map(id).collect()
    }

    /// Cuts files of ten chunks each; returns the ids in each shard.
    fn shards(chunks: &[ChunkId]) -> Vec<Vec<ChunkId>> {
        let (mut cutter, mut cuts) = (Cutter::default(), Vec::new());
        for ids in chunks.chunks(10) {
            cutter.add_chunks(
                ids.iter().map(|id| ShardChunk {
                    chunk_id: *id,
                    text_sha256: Digest::of(b""),
                    text: String::new(),
                }),
                &mut cuts,
            );
        }
        cutter.finish(&mut cuts);
        let ids = |shard: ChunkShard| shard.chunks.iter().map(|chunk| chunk.chunk_id).collect();
        cuts.into_iter()
            .filter_map(|cut| match cut {
                Cut::Shard(shard) => Some(ids(shard)),
                Cut::Segment(_) | Cut::Source(_) => None,
            })
            .collect()
    }

    #[test]
    fn shards_are_at_least_three_quarters_full() {
        let chunks = chunks("source", 20_000);
        let shards = shards(&chunks);
        assert_eq!(shards.concat(), chunks, "every chunk is in one shard, in order");
        let (last, full) = shards.split_last().expect("there are chunks");
        assert!(full.iter().all(|shard| (192..=256).contains(&shard.len())));
        assert!(last.len() <= 256);
        let mean = chunks.len() / shards.len();
        assert!(mean >= 200, "{mean} chunks a shard");
    }

    #[test]
    fn an_edit_moves_few_shards() {
        let before = chunks("source", 20_000);
        let known: BTreeSet<_> = shards(&before).into_iter().collect();
        let mut n_moved = Vec::new();
        for edit in 0..100 {
            let at = 197 * edit;
            let mut after = before.clone();
            let new = chunks(&format!("edit {edit}"), 1 + edit % 7);
            // A changed chunk, some new ones, or some that are gone.
            match edit % 3 {
                0 => after[at] = new[0],
                1 => drop(after.splice(at..at, new)),
                _ => drop(after.drain(at..at + new.len())),
            }
            n_moved.push(shards(&after).iter().filter(|shard| !known.contains(*shard)).count());
        }
        n_moved.sort_unstable();
        let (median, usual, most) = (n_moved[50], n_moved[90], n_moved[99]);
        assert!(
            median <= 2 && usual <= 4 && most <= 30,
            "{median}, {usual}, {most} of {} shards",
            known.len()
        );
    }
}
