"""What a leg is: a way to score passages for a query, apart from every other way.

A leg answers with a `LegResult`, or with None when it has nothing to say (no token, no vector): it then leaves the
fusion instead of burying the passages that it cannot see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
Allowed = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LegResult:
    """One leg's best rows of a snapshot, best first, and how to score any other row.

    `mean` and `deviation` describe the leg's scores over the whole snapshot (or a fixed sample of it), so that a
    score can be standardised without scoring every passage.
    """

    name: str
    rows: Rows
    score: Callable[[Rows], Scores]
    mean: float
    deviation: float

    def standardised(self, rows: Rows) -> Scores:
        """Return (score - mean) / deviation of the rows, shape (len(rows),)."""
        return ((self.score(rows) - self.mean) / max(self.deviation, 1e-9)).astype(np.float32)


def scored_leg(name: str, rows: Rows, scores: Scores, *, mean: float = 0.0, deviation: float = 1.0) -> LegResult | None:
    """Return a leg that knows the scores (n,) of some distinct rows (n,) and takes all others for 0.

    It ranks the rows that score more than 0; without any there is no leg.
    """
    if not (scores > 0).any():
        return None
    order = np.argsort(rows)
    known, of_known = rows[order], scores[order].astype(np.float32)

    def score(wanted: Rows) -> Scores:
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[places] == wanted, of_known[places], np.float32(0))

    positive = scores > 0
    return LegResult(name, best_rows(rows[positive], scores[positive], len(rows)), score, mean, deviation)


def best_rows(rows: Rows, scores: Scores, limit: int) -> Rows:
    """Return the `limit` best rows, best first, ties by row."""
    if len(rows) > limit:
        kept = np.argpartition(-scores, limit - 1)[:limit]
        # Everything that ties with the worst kept score competes by row, so that the cut is deterministic.
        kept = np.flatnonzero(scores >= scores[kept].min())
        rows, scores = rows[kept], scores[kept]
    return rows[np.lexsort((rows, -scores))][:limit]
