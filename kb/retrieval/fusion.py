"""Fusing legs: the weighted sum of standardised scores over the union of each leg's best passages.

Measured on trilingual policy documents, it beats reciprocal rank fusion by .02 nDCG@10, because the distance between
two scores of one leg says something that their ranks forget.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kb.records import LegScore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb.retrieval.legs import LegResult, Rows, Scores


@dataclass(frozen=True, slots=True)
class Fused:
    """Rows best first with their fused scores, and each leg's part, shape (legs, rows)."""

    rows: Rows
    scores: Scores
    parts: Scores
    legs: tuple[LegResult, ...]

    def explain(self, place: int) -> tuple[LegScore, ...]:
        """Return each leg's rank, score and share for the row at `place`."""
        return self.explained([place])[0]

    def explained(self, places: Sequence[int]) -> list[tuple[LegScore, ...]]:
        """Return each leg's rank, score and share for the rows at some places."""
        rows = self.rows[list(places)]
        parts = np.maximum(self.parts[:, list(places)], 0)
        shares = parts / np.where(parts.sum(axis=0) > 0, parts.sum(axis=0), 1)
        ranks = [dict(zip(leg.rows.tolist(), range(1, len(leg.rows) + 1), strict=True)) for leg in self.legs]
        scores = [leg.score(rows) for leg in self.legs]
        return [
            tuple(
                LegScore(leg.name, rank.get(row), float(score[number]), float(share))
                for leg, rank, score, share in zip(self.legs, ranks, scores, shares[:, number], strict=True)
            )
            for number, row in enumerate(rows.tolist())
        ]


def refine(fused: Fused, leg: LegResult | None, weight: float, first: int) -> Fused:
    """Return the ranking with one more leg, which looks at its `first` rows only and so may be a slow one.

    A row beyond these gets what the leg gives the least of them, so that it rises above none for not being looked at.
    """
    if leg is None or not weight or not len(fused.rows):
        return fused
    part = leg.standardised(fused.rows[:first]) * np.float32(weight)
    part = np.concatenate([part, np.full(max(len(fused.rows) - first, 0), part.min(), dtype=np.float32)])
    total = fused.scores + part
    order = np.lexsort((fused.rows, -total))
    parts = np.concatenate([fused.parts, part[None, :]])[:, order]
    return Fused(fused.rows[order], total[order], parts, (*fused.legs, leg))


def fuse(legs: Sequence[LegResult | None], weights: Mapping[str, float]) -> Fused:
    """Return the union of the legs' rows by weighted standardised score; ties go to the lower row.

    A leg that is None or weighs 0 takes no part.
    """
    taking_part = tuple(leg for leg in legs if leg is not None and weights[leg.name] > 0)
    if not taking_part:
        empty = np.empty(0, np.float32)
        return Fused(np.empty(0, np.int32), empty, np.empty((0, 0), np.float32), ())
    rows = np.unique(np.concatenate([leg.rows for leg in taking_part]))
    parts = np.stack([leg.standardised(rows) * np.float32(weights[leg.name]) for leg in taking_part])
    total = parts.sum(axis=0)
    order = np.lexsort((rows, -total))
    return Fused(rows[order], total[order], parts[:, order], taking_part)
