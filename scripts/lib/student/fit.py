"""Fits a vector per word of the vocabulary to the vectors that the network gives to whole texts."""

import struct

import numpy
import scipy.sparse

# A word's weight is A / (A + its share of all words), so that words of every text say little.
RARITY = 1e-3
# How strongly a word's vector is held to the network's vector of the word alone; a stronger pull found less.
PULL = 0.02
STEPS = 40
# Words of a text's first line, the path and the name, count as often as this.
FIRST_LINE = 3
# How much of the direction that all texts share is taken out of them: with this share the nearest texts are as
# near each other as the network's are, on which the floors of `related` edges and clusters depend.
SHARED = 0.4
MAGIC = b"dtwords1"


def counts(ids, n_words, power=0.5):
    """A matrix of texts by words: how often each counts there, to this power; `ids` go with the first line's number."""
    rows = [times(*each) for each in ids]
    ends = numpy.cumsum([0, *(len(words) for words, _ in rows)])
    values = numpy.concatenate([n for _, n in rows]).astype(numpy.float32) ** numpy.float32(power)
    words = numpy.concatenate([words for words, _ in rows])
    return scipy.sparse.csr_matrix((values, words, ends), shape=(len(ids), n_words), dtype=numpy.float32)


def times(ids, n_first):
    """The words of a text, and how often each counts."""
    words, places = numpy.unique(ids, return_inverse=True)
    return words, numpy.bincount(places, numpy.where(numpy.arange(len(ids)) < n_first, FIRST_LINE, 1))


def fit(ids, vectors, alone, say):
    """Returns a weighted vector per word: ridge regression towards `alone`, by conjugate gradients."""
    n_words = len(alone)
    n_times = numpy.asarray(counts(ids, n_words, power=1.0).sum(0)).ravel()
    weights = (RARITY / (RARITY + n_times / n_times.sum())).astype(numpy.float32)
    texts = counts(ids, n_words).multiply(weights[None, :]).tocsr().astype(numpy.float32)
    sums = numpy.maximum(numpy.asarray(texts.sum(1)).ravel(), 1e-6)
    texts = (scipy.sparse.diags((1 / sums).astype(numpy.float32)) @ texts).tocsr()
    words, transposed = alone.copy(), texts.T.tocsr()
    rest = transposed @ (vectors - texts @ words)
    direction, square = rest.copy(), (rest * rest).sum(0)
    for step in range(STEPS):
        product = transposed @ (texts @ direction) + numpy.float32(PULL) * direction
        length = square / numpy.maximum((direction * product).sum(0), 1e-20)
        words += length * direction
        rest -= length * product
        before, square = square, (rest * rest).sum(0)
        direction = rest + (square / numpy.maximum(before, 1e-20)) * direction
        if step % 10 == 9:
            say(f"step {step + 1}: mean square of what is left {float(((texts @ words - vectors) ** 2).sum(1).mean()):.4f}")
    return words * weights[:, None]


def levelled(words, ids):
    """Takes a share of the direction out of all words that the texts have in common."""
    texts = counts(ids, len(words)) @ words
    texts /= numpy.maximum(numpy.sqrt((texts * texts).sum(1, keepdims=True)), 1e-9)
    common = texts.mean(0)
    common /= max(numpy.sqrt((common * common).sum()), 1e-9)
    return words - numpy.float32(SHARED) * numpy.outer(words @ common, common)


def table(words, vocabulary, max_tokens):
    """Writes words in 8 bits with a weight of 16 bits each, as common/embed/src/table.rs reads them."""
    largest = numpy.abs(words).max(1)
    unit = largest.max() / 127 / 65_535
    weights = numpy.clip(numpy.round(largest / 127 / unit), (largest > 0).astype(int), 65_535).astype(numpy.int64)
    divisor = numpy.where(weights > 0, weights, 1) * unit
    rows = numpy.clip(numpy.round(words / divisor[:, None]), -127, 127).astype(numpy.int8)
    head = MAGIC + struct.pack("<III", words.shape[1], max_tokens, len(words))
    names = b"".join(bytes([len(name.encode())]) + name.encode() for name in vocabulary)
    return head + names + weights.astype("<u2").tobytes() + rows.tobytes()
