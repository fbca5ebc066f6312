"""IBM Model 1: which word of one language stands for which of another, learned from aligned rows alone.

Source: Brown et al. 1993, "The Mathematics of Statistical Machine Translation", section 4.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NULL = 0
"""The id of the empty source word, which explains target words that nothing else does."""


@dataclass(frozen=True)
class Rows:
    """One language's side of the aligned rows: the ids of row i are `ids[starts[i]:starts[i + 1]]`, each above NULL."""

    ids: Ints
    starts: Ints

    @classmethod
    def of(cls, rows: list[list[int]]) -> Rows:
        """Return the rows laid end to end."""
        lengths = [len(row) for row in rows]
        return cls(np.array([one for row in rows for one in row], np.int64), np.concatenate([[0], np.cumsum(lengths)]))

    def with_null(self) -> Rows:
        """Return the rows with NULL in front of each."""
        return Rows(np.insert(self.ids, self.starts[:-1], NULL), self.starts + np.arange(len(self.starts)))


@dataclass(frozen=True)
class Lexicon:
    """p(target | source) where it was seen: parallel arrays, sorted by source, then target; NULL left out."""

    source: Ints
    target: Ints
    probability: Floats
    count: Floats


def learn(source: Rows, target: Rows, weights: Floats, rounds: int, discount: float) -> Lexicon:
    """Return p(target | source) after `rounds` of expectation maximisation from a uniform start.

    Row i counts `weights[i]` times. `discount` is taken off each expected count in the last round, which removes words
    that met by chance. Memory: about 60 bytes for each pair of words that share a row.
    """
    source = source.with_null()
    widths, heights = np.diff(source.starts), np.diff(target.starts)
    sizes = widths * heights
    row = np.repeat(np.arange(len(sizes)), sizes)
    inside = np.arange(sizes.sum()) - np.repeat(np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    target_place = target.starts[row] + inside // widths[row]
    source_ids = source.ids[source.starts[row] + inside % widths[row]]
    keys = source_ids * (target.ids.max() + 1) + target.ids[target_place]
    pairs, cell = np.unique(keys, return_inverse=True)
    pair_source, pair_target = np.divmod(pairs, target.ids.max() + 1)
    weight = weights[row]
    del keys, source_ids, inside, row
    probability = np.ones(len(pairs))
    count = probability
    for one in range(rounds):
        share = probability[cell]
        share *= weight / np.bincount(target_place, share, minlength=len(target.ids))[target_place]
        count = np.bincount(cell, share, minlength=len(pairs))
        if one == rounds - 1:
            count = np.maximum(count - discount, 1e-12)
        probability = count / np.bincount(pair_source, count)[pair_source]
    known = pair_source != NULL
    return Lexicon(pair_source[known], pair_target[known], probability[known], count[known])


def both_ways(forward: Lexicon, backward: Lexicon, least_probability: float, least_count: float) -> Lexicon:
    """Return the forward lexicon's entries that hold both ways, with sqrt(p(t|s) * p(s|t)) as probability.

    The geometric mean drops hub words, which translate everything one way only (after Liang et al. 2006, "Alignment
    by Agreement").
    """
    base = int(max(forward.target.max(), backward.source.max())) + 1
    ahead, back = forward.source * base + forward.target, backward.target * base + backward.source
    order = np.argsort(back)
    place = np.searchsorted(back[order], ahead)
    place[place == len(back)] = 0
    there = back[order][place] == ahead
    other: NDArray[Any] = np.where(there, backward.probability[order][place], 0.0)
    kept = (forward.probability > least_probability) & (other > least_probability) & (forward.count > least_count)
    mean = np.sqrt(forward.probability * other)
    return Lexicon(forward.source[kept], forward.target[kept], mean[kept], forward.count[kept])
