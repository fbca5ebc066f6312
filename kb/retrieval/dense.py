"""The dense legs: cosine of the question with each passage, and with each passage's best sentence.

The sum of both is better than either: a passage vector knows the subject, a sentence vector the detail. Products are
taken by `np.vecdot`: a matrix product of this shape makes BLAS start threads that cost more than they save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import Allowed, LegResult, Rows, Scores, best_rows, sample_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.models.encoder import FloatArray
    from kb.retrieval.query import Query
    from kb.store.snapshot import Snapshot

EXHAUSTIVE_ROWS = 500
FILTERED_EXHAUSTIVE_ROWS = 20_000
"""Up to this many passages, or passages that pass a filter, are scored one by one; beyond it FAISS is asked."""


class DenseScorer:
    """Both dense legs over one snapshot; keeps the sample that standardises scores of a large index."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sample = sample_rows(snapshot.n) if snapshot.n else np.empty(0, np.int32)
        self._sample_vectors: FloatArray | None = None
        self._sample_sentences: tuple[FloatArray, Rows] | None = None

    def passage_leg(self, query: Query, allowed: Allowed | None, limit: int) -> LegResult | None:
        """Return the leg over passage vectors, or None when the question has no vector."""
        vector = query.vector
        if not self._snapshot.n or not vector.any():
            return None
        if self._sample_vectors is None:
            self._sample_vectors = self._snapshot.vectors(self._sample)
        sample = np.vecdot(self._sample_vectors, vector)

        def score(rows: Rows) -> Scores:
            return np.asarray(np.vecdot(self._snapshot.vectors(rows), vector), dtype=np.float32)

        rows = self._candidates(allowed, limit, score, lambda want: self._snapshot.dense_search(vector, want))
        return LegResult("dense", rows, score, float(sample.mean()), float(sample.std()))

    def sentence_leg(self, query: Query, allowed: Allowed | None, limit: int) -> LegResult | None:
        """Return the leg over the best sentence of each passage, or None when the question has no vector."""
        vector = query.vector
        if not self._snapshot.n or not vector.any():
            return None
        if self._sample_sentences is None:
            self._sample_sentences = self._sentences_of(self._sample)
        sample = _best_of_each(self._sample_sentences, vector, len(self._sample))

        def score(rows: Rows) -> Scores:
            return _best_of_each(self._sentences_of(rows), vector, len(rows))

        rows = self._candidates(allowed, limit, score, lambda want: self._snapshot.sentence_search(vector, want))
        return LegResult("sentence", rows, score, float(sample.mean()), float(sample.std()))

    def _sentences_of(self, rows: Rows) -> tuple[FloatArray, Rows]:
        """Return the sentence vectors of the passages, shape (s, d), and the place in `rows` that each belongs to."""
        offsets = self._snapshot.sentence_offsets
        starts, ends = np.asarray(offsets[rows]), np.asarray(offsets[rows + 1])
        counts = (ends - starts).astype(np.int64)
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), counts)
        first = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        sentences = (first + np.arange(counts.sum())).astype(np.int64)
        return self._snapshot.sentence_vectors(sentences), owners

    def _candidates(
        self,
        allowed: Allowed | None,
        limit: int,
        score: Callable[[Rows], Scores],
        search: Callable[[int], tuple[Rows, Scores]],
    ) -> Rows:
        """Return the best allowed rows: exhaustively when they are few, else by asking FAISS for more and more."""
        count = self._snapshot.n if allowed is None else int(allowed.sum())
        if count <= (EXHAUSTIVE_ROWS if allowed is None else FILTERED_EXHAUSTIVE_ROWS):
            every = np.arange(self._snapshot.n, dtype=np.int32)
            rows = every if allowed is None else every[allowed]
            return best_rows(rows, score(rows), limit) if len(rows) else rows
        want = limit
        while True:
            rows, scores = search(want)
            kept = slice(None) if allowed is None else allowed[rows]
            if len(rows[kept]) >= limit or want >= self._snapshot.n:
                return best_rows(rows[kept], scores[kept], limit)
            want = min(want * 4, self._snapshot.n)


def _best_of_each(sentences: tuple[FloatArray, Rows], vector: FloatArray, count: int) -> Scores:
    """Return the greatest cosine among each passage's sentences; -1 for a passage without any."""
    vectors, owners = sentences
    best = np.full(count, -1.0, dtype=np.float32)
    np.maximum.at(best, owners, np.asarray(np.vecdot(vectors, vector), dtype=np.float32))
    return best
