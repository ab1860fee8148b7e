//! The embedding model's second look at the best hits, where the model is set up.
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

/// Finds how near the model finds symbols to a query.
///
/// `texts_of` gives what symbols say, in their order; it is asked once, for those that the model never read.
pub(super) fn cosines<E: From<EmbedError>>(
    (config, cache, pack): (&Config, Option<&Cache>, Digest),
    query: &str,
    symbols: &[u32],
    texts_of: impl FnOnce(&[u32]) -> Result<Vec<String>, E>,
) -> Result<Vec<(u32, f64)>, E> {
    let name =
        cache::name(pack, &format!("{}-{}", EmbedderName::Minilm.as_str(), config.embed.precision.as_str()));
    let mut kept = cache.and_then(|cache| cache.read(&name, read)).unwrap_or_default();
    let asked = Of::Query(Digest::of(query.as_bytes()).0);
    let wanted: Vec<Of> = symbols.iter().map(|symbol| Of::Symbol(*symbol)).chain([asked]).collect();
    let unread: Vec<u32> =
        symbols.iter().copied().filter(|symbol| !kept.contains_key(&Of::Symbol(*symbol))).collect();
    if !unread.is_empty() || !kept.contains_key(&asked) {
        let mut texts = if unread.is_empty() { Vec::new() } else { texts_of(&unread)? };
        let mut of: Vec<Of> = unread.into_iter().take(texts.len()).map(Of::Symbol).collect();
        texts.push(query.to_owned());
        of.push(asked);
        let embedded = embed(config, &texts)?;
        if kept.len() + of.len() > MAX_KEPT {
            kept.retain(|of, _| wanted.contains(of));
        }
        kept.extend(of.into_iter().zip(embedded));
        if let Some(cache) = cache {
            cache.keep(&name, |out| write(&kept, out));
        }
    }
    let Some(asked) = kept.get(&asked) else { return Ok(Vec::new()) };
    let cosine = |vector: &Vec<f32>| vector.iter().zip(asked).map(|(a, b)| a * b).sum::<f32>();
    let compared = symbols.iter().filter_map(|symbol| Some((*symbol, kept.get(&Of::Symbol(*symbol))?)));
    Ok(compared.map(|(symbol, vector)| (symbol, f64::from(cosine(vector)))).collect())
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
