//! Vectors that outlive their job.
//!
//! The vectors of a shard are kept together, under each of the two smallest digests of its texts: of a shard
//! that was edited in one place, one of the two smallest is one of those, and leads to all that it had.
//! Shards with the same smallest text share the object, which keeps the newest vectors.

use std::collections::{BTreeMap, BTreeSet};

use docpack::Digest;
use pipeline::port::Ports;
use pipeline::{StageError, UnitRun};

/// Names under which a shard's vectors are kept.
const MAX_NAMES: usize = 2;
/// Vectors in one object; four full shards, some 1.6 MB.
const MAX_KEPT: usize = 1_024;
const DIGEST_BYTES: usize = 32;

/// The vectors kept for a shard, and where.
pub(crate) struct Kept {
    class: Digest,
    n_dimensions: usize,
    names: Vec<Digest>,
    /// By the digest of their text, the newest first.
    vectors: Vec<(Digest, Vec<f32>)>,
}

impl Kept {
    /// Reads what is kept for these texts.
    pub(crate) async fn read<P: Ports>(
        unit: &UnitRun<P>,
        class: Digest,
        n_dimensions: usize,
        texts: &[Digest],
    ) -> Result<Self, StageError> {
        let distinct: BTreeSet<_> = texts.iter().copied().collect();
        let names: Vec<_> = distinct.into_iter().take(MAX_NAMES).collect();
        let mut vectors = Vec::new();
        for name in &names {
            let found = unit.get_cached_vectors(&class, name).await?;
            vectors = found.and_then(|bytes| parse(&bytes, n_dimensions)).unwrap_or_default();
            if !vectors.is_empty() {
                break;
            }
        }
        Ok(Self { class, n_dimensions, names, vectors })
    }

    /// Returns the vector of each text, where there is one.
    pub(crate) fn of(&self, texts: &[Digest]) -> Vec<Option<Vec<f32>>> {
        let kept: BTreeMap<_, _> = self.vectors.iter().map(|(text, vector)| (text, vector)).collect();
        texts.iter().map(|text| kept.get(text).map(|vector| (*vector).clone())).collect()
    }

    /// Keeps these vectors before those that were there.
    pub(crate) async fn add<P: Ports>(
        self,
        unit: &UnitRun<P>,
        vectors: BTreeMap<Digest, &[f32]>,
    ) -> Result<(), StageError> {
        let older = self.vectors.iter().filter(|(text, _)| !vectors.contains_key(text));
        let older = older.map(|(text, vector)| (text, vector.as_slice()));
        let all = vectors.iter().map(|(text, vector)| (text, *vector)).chain(older).take(MAX_KEPT);
        let bytes = write(all, self.n_dimensions);
        for name in &self.names {
            unit.put_cached_vectors(&self.class, name, &bytes).await?;
        }
        Ok(())
    }
}

/// The digest of the rest, then of each text its digest and the numbers: what is torn or foreign is nothing.
fn write<'a>(vectors: impl Iterator<Item = (&'a Digest, &'a [f32])>, n_dimensions: usize) -> Vec<u8> {
    let mut bytes = vec![0; DIGEST_BYTES];
    for (text, vector) in vectors.filter(|(_, vector)| vector.len() == n_dimensions) {
        bytes.extend_from_slice(&text.0);
        bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
    }
    let digest = Digest::of(&bytes[DIGEST_BYTES..]);
    bytes[..DIGEST_BYTES].copy_from_slice(&digest.0);
    bytes
}

fn parse(bytes: &[u8], n_dimensions: usize) -> Option<Vec<(Digest, Vec<f32>)>> {
    let (digest, rest) = bytes.split_at_checked(DIGEST_BYTES)?;
    let row_bytes = DIGEST_BYTES + n_dimensions * 4;
    if Digest::of(rest).0 != digest || rest.len() % row_bytes != 0 {
        return None;
    }
    let rows = rest.chunks_exact(row_bytes).map(|row| {
        let (text, numbers) = row.split_at(DIGEST_BYTES);
        let numbers = numbers.as_chunks::<4>().0.iter().map(|number| f32::from_le_bytes(*number));
        (Digest(text.try_into().expect("split at the length of a digest")), numbers.collect())
    });
    Some(rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_nothing() {
        let (one, two) = (Digest::of(b"one"), Digest::of(b"two"));
        let bytes = write([(&one, [0.5, -1.0].as_slice()), (&two, &[2.0, 0.0])].into_iter(), 2);
        assert_eq!(parse(&bytes, 2), Some(vec![(one, vec![0.5, -1.0]), (two, vec![2.0, 0.0])]));
        assert_eq!(parse(&bytes, 3), None, "of another length");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(parse(&damaged, 2), None, "byte {at}");
            assert_eq!(parse(&bytes[..at], 2), None, "cut at {at}");
        }
    }
}
