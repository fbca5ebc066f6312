"""Levelling the languages of a broad answer: passages of one language are not better for being scored higher.

A question finds its own words in passages of its own language and of some more easily than in others; for the one
passage that answers, this matters little, but of twenty measures in three languages those of one crowd out the rest.
The scores of each language are moved towards each other by a share of the distance between their best passages.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kb.retrieval.fusion import Fused
    from kb.store.snapshot import Snapshot

BEST = 20
"""Of so many best passages of a language the mean score is taken."""
FEWEST = 3
"""A language with fewer passages is left as it is."""


def level(fused: Fused, snapshot: Snapshot, share: float, first: int) -> Fused:
    """Return the ranking with its `first` rows levelled: `share` is 0 for nothing and 1 for equal means."""
    rows = fused.rows[:first]
    codes = snapshot.languages[rows]
    scores = fused.scores[: len(rows)].astype(np.float64)
    spoken = [code for code in np.unique(codes) if np.count_nonzero(codes == code) >= FEWEST]
    if not share or len(spoken) < 2:
        return fused
    means = [scores[codes == code][:BEST].mean() for code in spoken]
    for code, mean in zip(spoken, means, strict=True):
        scores[codes == code] -= share * (mean - sum(means) / len(means))
    order = np.lexsort((rows, -scores))
    places = np.concatenate([order, np.arange(len(rows), len(fused.rows))])
    levelled = np.concatenate([scores[order], fused.scores[len(rows) :]])
    return replace(
        fused,
        rows=fused.rows[places],
        scores=np.minimum.accumulate(levelled).astype(np.float32),
        parts=fused.parts[:, places],
    )
