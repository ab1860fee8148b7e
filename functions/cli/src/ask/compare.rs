//! The embedding model, where it is set up: vectors of queries for packs of its own, and a second look at the best
//! hits in others.
//!
//! The model is loaded only for a text that it never read; the vectors of a pack are kept in the cache.

use std::collections::BTreeMap;

use docpack::Digest;
use embed::EmbedError;
use pipeline::options::EmbedderName;
use runtime::config::Config;
use search::bytes::{Reader, Writer};

use super::cache::{self, Cache};

/// Vectors that are kept for one pack, 3 MB; with more, those of the last question are kept.
const MAX_KEPT: usize = 2_000;
const DIGEST_BYTES: usize = 32;
const NUMBER_BYTES: usize = 4;

/// What a vector is of: a query by its digest, or a symbol by its place in `nodes.json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Query([u8; DIGEST_BYTES]),
    Symbol(u32),
}

/// Vectors of length one.
type Kept = BTreeMap<Of, Vec<f32>>;

/// The model as it is asked about one pack.
#[derive(Clone, Copy)]
pub(super) struct Model<'a> {
    pub(super) config: &'a Config,
    pub(super) cache: Option<&'a Cache>,
    /// The digest of the pack's manifest.
    pub(super) pack: Digest,
}

impl Model<'_> {
    /// Returns the digest of the weights, which the manifest of a pack with its vectors names.
    pub(super) fn digest(&self) -> Digest {
        embed::model_digest(stage_embed::precision_of(self.config.embed.precision))
    }

    /// Computes the vector of a query.
    pub(super) fn vector(&self, query: &str) -> Result<Option<Vec<f32>>, EmbedError> {
        let none = |_: &[u32]| Ok::<_, EmbedError>(Vec::new());
        Ok(self.read(query, &[], none)?.remove(&query_key(query)))
    }

    /// Finds how near the model finds symbols to a query.
    ///
    /// `texts_of` gives what symbols say, in their order; it is asked once, for those that the model never read.
    pub(super) fn cosines<E: From<EmbedError>>(
        &self,
        query: &str,
        symbols: &[u32],
        texts_of: impl FnOnce(&[u32]) -> Result<Vec<String>, E>,
    ) -> Result<Vec<(u32, f64)>, E> {
        let read = self.read(query, symbols, texts_of)?;
        let Some(asked) = read.get(&query_key(query)) else { return Ok(Vec::new()) };
        let cosine = |vector: &Vec<f32>| vector.iter().zip(asked).map(|(a, b)| a * b).sum::<f32>();
        let compared = symbols.iter().filter_map(|symbol| Some((*symbol, read.get(&Of::Symbol(*symbol))?)));
        Ok(compared.map(|(symbol, vector)| (symbol, f64::from(cosine(vector)))).collect())
    }

    /// Takes the vectors of a query and of symbols from the cache; the model reads the others.
    fn read<E: From<EmbedError>>(
        &self,
        query: &str,
        symbols: &[u32],
        texts_of: impl FnOnce(&[u32]) -> Result<Vec<String>, E>,
    ) -> Result<Kept, E> {
        let precision = self.config.embed.precision.as_str();
        let name = cache::name(self.pack, &format!("{}-{precision}", EmbedderName::Minilm.as_str()));
        let mut kept = self.cache.and_then(|cache| cache.read(&name, read)).unwrap_or_default();
        let asked = query_key(query);
        let wanted: Vec<Of> = symbols.iter().map(|symbol| Of::Symbol(*symbol)).chain([asked]).collect();
        let is_unread = |symbol: &u32| !kept.contains_key(&Of::Symbol(*symbol));
        let unread: Vec<u32> = symbols.iter().copied().filter(is_unread).collect();
        if unread.is_empty() && kept.contains_key(&asked) {
            return Ok(kept);
        }
        let mut texts = if unread.is_empty() { Vec::new() } else { texts_of(&unread)? };
        let mut of: Vec<Of> = unread.into_iter().take(texts.len()).map(Of::Symbol).collect();
        texts.push(query.to_owned());
        of.push(asked);
        let embedded = embed(self.config, &texts)?;
        if kept.len() + of.len() > MAX_KEPT {
            kept.retain(|of, _| wanted.contains(of));
        }
        kept.extend(of.into_iter().zip(embedded));
        if let Some(cache) = self.cache {
            cache.keep(&name, |out| write(&kept, out));
        }
        Ok(kept)
    }
}

fn query_key(query: &str) -> Of {
    Of::Query(Digest::of(query.as_bytes()).0)
}

fn embed(config: &Config, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
    let (wanted, settings) = (Some(EmbedderName::Minilm), &config.embed);
    let embedder = stage_embed::load_embedder(settings, wanted, settings.precision, settings.n_threads)?;
    let embedded = embedder.embed(texts, &|| false)?;
    Ok(embedded.vectors.rows().map(<[f32]>::to_vec).collect())
}

fn write(kept: &Kept, out: &mut Writer) {
    out.number(kept.values().next().map_or(0, Vec::len) as u64);
    out.list(kept.iter(), |out, (of, vector)| {
        match of {
            Of::Query(digest) => {
                out.number(0);
                out.bytes.extend_from_slice(digest);
            }
            Of::Symbol(place) => out.number(u64::from(*place) + 1),
        }
        out.bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
    });
}

fn read(input: &mut Reader<'_>) -> Option<Kept> {
    let n_bytes = usize::try_from(input.number()?).ok()?.checked_mul(NUMBER_BYTES)?;
    let rows = input.list(|input| {
        let of = match input.number()?.checked_sub(1) {
            None => Of::Query(input.take(DIGEST_BYTES)?.try_into().ok()?),
            Some(place) => Of::Symbol(place.try_into().ok()?),
        };
        let numbers = input.take(n_bytes)?.as_chunks().0;
        Some((of, numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()))
    })?;
    Some(rows.into_iter().collect())
}
