"""The dense legs: cosine of the question with each passage, and with each passage's best sentence.

The sum of both is better than either: a passage vector knows the subject, a sentence vector the detail. Products are
taken by `np.vecdot`: a matrix product of this shape makes BLAS start threads that cost more than they save. They are
taken of a few hundred vectors at a time, which stay in the processor's cache, and what was scored for the fusion is
remembered for the explanation of the hits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import Allowed, LegResult, Rows, Scores, best_rows
from kb.store.sampling import sample_rows, sentences_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from kb.retrieval.query import Query
    from kb.store.snapshot import Snapshot

EXHAUSTIVE_ROWS = 500
FILTERED_EXHAUSTIVE_ROWS = 20_000
"""Up to this many passages, or passages that pass a filter, are scored one by one; beyond it FAISS is asked."""


class DenseScorer:
    """Both dense legs over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sample_counts = sentences_of(snapshot.sentence_offsets, sample_rows(snapshot.n))[1]

    def passage_leg(self, query: Query, allowed: Allowed | None, limit: int) -> LegResult | None:
        """Return the leg over passage vectors, or None when the question has no vector."""
        vector = query.vector
        if not self._snapshot.n or not vector.any():
            return None
        sample = np.vecdot(self._snapshot.arrays["sample_vectors"], vector)
        score = _Remembering(lambda rows: self._snapshot.products(rows, vector))
        rows = self._candidates(allowed, limit, score, lambda want: self._snapshot.dense_search(vector, want))
        return LegResult("dense", rows, score, float(sample.mean()), float(sample.std()))

    def sentence_leg(self, query: Query, allowed: Allowed | None, limit: int) -> LegResult | None:
        """Return the leg over the best sentence of each passage, or None when the question has no vector."""
        vector = query.vector
        if not self._snapshot.n or not vector.any():
            return None
        sample = _best_of_each(np.vecdot(self._snapshot.arrays["sample_sentences"], vector), self._sample_counts)

        def best(rows: Rows) -> Scores:
            sentences, counts = sentences_of(self._snapshot.sentence_offsets, rows)
            return _best_of_each(self._snapshot.sentence_products(sentences, vector), counts)

        score = _Remembering(best)
        rows = self._candidates(allowed, limit, score, lambda want: self._snapshot.sentence_search(vector, want))
        return LegResult("sentence", rows, score, float(sample.mean()), float(sample.std()))

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
        # Half as many more as would do if what is allowed lay evenly among what is near.
        want = limit if allowed is None else min(3 * limit * self._snapshot.n // (2 * count), self._snapshot.n)
        while True:
            rows, scores = search(want)
            kept = slice(None) if allowed is None else allowed[rows]
            if len(rows[kept]) >= limit or want >= self._snapshot.n:
                return best_rows(rows[kept], scores[kept], limit)
            want = min(want * 4, self._snapshot.n)


class _Remembering:
    """A way to score rows that keeps the scores of the last large call, which later ones ask for parts of."""

    def __init__(self, score: Callable[[Rows], Scores]) -> None:
        self._score = score
        self._kept: tuple[Rows, Scores] | None = None

    def __call__(self, rows: Rows) -> Scores:
        if self._kept is not None and len(rows) <= len(self._kept[0]):
            known, scores = self._kept
            places = np.minimum(np.searchsorted(known, rows), len(known) - 1)
            if np.array_equal(known[places], rows):
                return scores[places]
        scores = self._score(rows)
        if len(rows) > 1 and bool((np.diff(rows) > 0).all()):
            self._kept = rows, scores
        return scores


def _best_of_each(products: Scores, counts: NDArray[np.int64]) -> Scores:
    """Return the greatest of each passage's `counts` products; -1 for a passage without any."""
    best = np.full(len(counts), -1.0, dtype=np.float32)
    some = np.flatnonzero(counts)
    if len(some):
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))[some]
        best[some] = np.maximum(np.maximum.reduceat(products, starts), np.float32(-1.0))
    return best
