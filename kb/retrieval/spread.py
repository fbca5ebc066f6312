"""Spreading a broad answer over documents: what a document has shown already counts less.

Maximal marginal relevance (Carbonell and Goldstein 1998) with the document as what passages have in common, as in
xQuAD with one aspect a document (Santos, Macdonald and Ounis 2010): a passage loses a little for each passage of its
document that stands above it. One that nearly repeats a passage above it loses more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kb.retrieval.fusion import Fused
    from kb.store.snapshot import Snapshot

SPREAD_OVER = 60
"""How many of the best passages are put in another order."""
MOST_COUNTED = 3
REPEATS_FROM = 0.97
"""Cosine of two passages from which one repeats the other."""
REPEAT_COST = 3.0


def spread(fused: Fused, snapshot: Snapshot, cost: float) -> Fused:
    """Return the ranking with its first rows spread over documents; `cost` is in units of the fused score."""
    count = min(SPREAD_OVER, len(fused.rows))
    if not cost or count < 2:
        return fused
    rows = fused.rows[:count]
    documents = snapshot.document_ids[rows]
    vectors = snapshot.vectors(rows)
    scores = fused.scores[:count].astype(np.float64)
    above = np.zeros(count)
    repeats = np.zeros(count)
    left = np.ones(count, dtype=np.bool_)
    order, values = [], []
    for _ in range(count):
        worth = np.where(left, scores - cost * np.minimum(above, MOST_COUNTED) - repeats, -np.inf)
        best = int(np.argmax(worth))
        order.append(best)
        values.append(worth[best])
        left[best] = False
        above[documents == documents[best]] += 1
        repeats[np.vecdot(vectors, vectors[best]) >= REPEATS_FROM] = REPEAT_COST
    places = np.concatenate([np.asarray(order), np.arange(count, len(fused.rows))])
    lowered = np.concatenate([np.asarray(values), fused.scores[count:]])
    return replace(
        fused,
        rows=fused.rows[places],
        scores=np.minimum.accumulate(lowered).astype(np.float32),
        parts=fused.parts[:, places],
    )
