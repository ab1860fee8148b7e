"""Rankings of functions for a sentence: by words, by vectors, and both together."""

import collections
import math
import re
import struct

import fit
import numpy

SATURATION, LENGTH = 1.2, 0.75
# Reciprocal ranks: 1 / (this + rank).
RANKS = 10
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
STOP = set(
    "a an the of to and or in is for on by with as at from that this it be are if not self return def fn func function"
    " let const var pub".split()
)


class Static:
    """The table of common/embed/table.bin, computed as common/embed/src/table.rs does."""

    def __init__(self, bytes_):
        dimensions, self.max_tokens, n_words = struct.unpack("<III", bytes_[8:20])
        at = 20
        for _ in range(n_words):
            at += 1 + bytes_[at]
        self.weights = numpy.frombuffer(bytes_, "<u2", n_words, at).astype(numpy.int64)
        rows = numpy.frombuffer(bytes_, numpy.int8, n_words * dimensions, at + 2 * n_words)
        self.rows = rows.reshape(n_words, dimensions)

    def of_ids(self, ids, n_first):
        words, times = fit.times(ids, n_first)
        roots = numpy.array([math.isqrt(int(each) << 16) for each in times])
        sums = (((self.weights[words] * roots) >> 8)[:, None] * self.rows[words]).sum(0)
        largest = numpy.abs(sums).max()
        if largest == 0:
            return sums.astype(numpy.float32)
        components = numpy.sign(sums) * ((numpy.abs(sums) * 2 * 127 + largest) // (2 * largest))
        return (components / math.sqrt((components**2).sum())).astype(numpy.float32)


def words(text):
    found = (word.lower() for token in re.split(r"[^A-Za-z0-9]+", text) for word in WORD.findall(token))
    return [word for word in found if word not in STOP]


def bm25(texts, questions):
    """Scores by words, a row per question."""
    counts = [collections.Counter(words(text)) for text in texts]
    lengths = numpy.array([sum(each.values()) for each in counts], float)
    damping = SATURATION * (1 - LENGTH + LENGTH * lengths / lengths.mean())
    places = collections.defaultdict(list)
    for idx, count in enumerate(counts):
        for word, times in count.items():
            places[word].append((idx, times))
    scores = numpy.zeros((len(questions), len(texts)), numpy.float32)
    for row, question in enumerate(questions):
        for word in set(words(question)) & places.keys():
            rarity = math.log(1 + (len(texts) - len(places[word]) + 0.5) / (len(places[word]) + 0.5))
            for idx, times in places[word]:
                scores[row, idx] += rarity * times * (SATURATION + 1) / (times + damping[idx])
    return scores


def ranks(scores):
    order = numpy.argsort(-scores, axis=1, kind="stable")
    found = numpy.empty_like(order)
    numpy.put_along_axis(found, order, numpy.arange(scores.shape[1])[None, :], 1)
    return found


def fused(*parts):
    """Sums of weighted reciprocal ranks of (scores, weight)."""
    return sum(weight / (RANKS + 1 + ranks(scores)) for scores, weight in parts)


def reranked(scores, others, n_first=50):
    """Orders the first by both, the others' ranks counting twice; the rest stays behind them."""
    first = ranks(scores) < n_first
    return numpy.where(first, 1 + fused((scores, 1), (numpy.where(first, others, -2), 2)), scores)


def reciprocal(scores):
    """The mean reciprocal rank of the n-th function for the n-th question, none past the tenth."""
    at = ranks(scores)[numpy.arange(len(scores)), numpy.arange(len(scores))] + 1
    return float(numpy.where(at <= 10, 1 / at, 0).mean())


def nearest(vectors, n=5):
    similarity = vectors @ vectors.T
    numpy.fill_diagonal(similarity, -2)
    return numpy.argsort(-similarity, axis=1, kind="stable")[:, :n]
