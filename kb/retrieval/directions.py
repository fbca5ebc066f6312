"""The direction leg: whether a passage is of the strategic directions that a broad question is of.

"What keeps clusters from earning more abroad" asks for what the documents say on export, in whatever words. The scores
of directions come from outside (`kb.directions`), for the best passages of the other legs only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from kb.retrieval.legs import scored_leg

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kb.models.encoder import FloatArray
    from kb.records import Language
    from kb.retrieval.legs import LegResult, Rows, Scores
    from kb.retrieval.query import Query
    from kb.store.snapshot import Snapshot


_ALIKE = 1e-6


class Agreement(Protocol):
    """Says how far passages are of the directions of a question with these stems and this vector, 0 or more each."""

    def __call__(
        self,
        snapshot: Snapshot,
        rows: NDArray[np.integer[Any]],
        terms: Sequence[str],
        language: Language,
        vector: FloatArray,
        /,
    ) -> Scores:
        """Return the scores of the rows, shape (len(rows),)."""


def direction_leg(query: Query, rows: Rows, snapshot: Snapshot, agreement: Agreement) -> LegResult | None:
    """Return the leg over some rows, or None when all agree alike."""
    if not len(rows):
        return None
    scores = agreement(snapshot, rows, query.terms, query.language, query.vector)
    deviation = float(scores.std())
    if deviation < _ALIKE:
        return None
    return scored_leg("direction", rows, scores, mean=float(scores.mean()), deviation=deviation)
