"""The directions of passages: of all of a snapshot when a filter or the matrix asks for them, kept until it changes.

A search shows those of its hits only; in a large snapshot they alone are scored.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.directions.features import Evidence
from kb.directions.model import load_model
from kb.directions.taxonomy import load_taxonomy
from kb.errors import QueryError
from kb.records import DirectionScore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.directions.taxonomy import Taxonomy
    from kb.models.encoder import Encoder, FloatArray
    from kb.records import Hit, Language
    from kb.store.snapshot import Snapshot


SCORED_AT_ONCE = 5_000
"""Up to this many passages all are scored at the first search."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Probabilities (n, d) of one snapshot's passages, and where they reach the threshold."""

    names: tuple[str, ...]
    probabilities: NDArray[np.float32]
    present: NDArray[np.bool_]

    def of_row(self, row: int) -> tuple[DirectionScore, ...]:
        """Return the directions that a passage has, surest first."""
        values = self.probabilities[row]
        places = sorted(np.flatnonzero(self.present[row]).tolist(), key=lambda place: (-values[place], place))
        return tuple(DirectionScore(self.names[place], round(float(values[place]), 4)) for place in places)


class Directions:
    """Scores passages by the directions of one taxonomy. Safe to share between threads.

    `folder` is where vectors of definitions may be kept. Raises ModelError when the bundled model is damaged (on first
    use).
    """

    def __init__(self, taxonomy: Taxonomy, encoder: Encoder, folder: Path | None = None) -> None:
        self.taxonomy = taxonomy
        self._encoder = encoder
        self._folder = folder
        self._kept: tuple[Snapshot, Scores] | None = None
        self._computing = threading.Lock()

    @cached_property
    def _evidence(self) -> Evidence:
        return Evidence(self.taxonomy, load_taxonomy(), self._encoder, load_model().rarity, self._folder)

    def of(self, snapshot: Snapshot) -> Scores:
        """Return the scores of a snapshot's passages."""
        with self._computing:
            if self._kept is None or self._kept[0] is not snapshot:
                self._kept = (snapshot, self._scores(snapshot))
            return self._kept[1]

    def of_rows(self, snapshot: Snapshot, rows: NDArray[np.integer[Any]]) -> Scores:
        """Return the scores of a few passages, as long as nothing asked for those of all of a large snapshot."""
        kept = self._kept
        if snapshot.n <= SCORED_AT_ONCE or (kept is not None and kept[0] is snapshot):
            scores = self.of(snapshot)
            return Scores(scores.names, scores.probabilities[rows], scores.present[rows])
        return self._scores(snapshot, rows)

    def _scores(self, snapshot: Snapshot, rows: NDArray[np.integer[Any]] | None = None) -> Scores:
        model, names = load_model(), self.taxonomy.names
        probabilities = model.probabilities(self._evidence.features(snapshot, rows), names)
        return Scores(names, probabilities, probabilities >= model.threshold)

    def agreement(
        self,
        snapshot: Snapshot,
        rows: NDArray[np.integer[Any]],
        terms: Sequence[str],
        language: Language,
        vector: FloatArray,
    ) -> NDArray[np.float32]:
        """Return how far passages are of the directions that a question is of, shape (len(rows),).

        The question is read like a passage, by its stems and its vector (d,): the sum over directions of the product
        of both probabilities.
        """
        asked = load_model().probabilities(self._evidence.of_question(terms, language, vector), self.taxonomy.names)
        return np.asarray(np.vecdot(self.of_rows(snapshot, rows).probabilities, asked[0]), dtype=np.float32)

    def checked(self, names: Iterable[str] | None) -> frozenset[str] | None:
        """Return the names as a filter wants them, None for no filter. Raises QueryError for an unknown one."""
        if names is None:
            return None
        asked = frozenset((names,) if isinstance(names, str) else names)
        unknown = sorted(asked - set(self.taxonomy.names))
        if unknown:
            known = ", ".join(map(repr, self.taxonomy.names))
            raise QueryError(f"Unknown direction {', '.join(map(repr, unknown))}. Use one of {known}.")
        return asked

    def allowed(self, snapshot: Snapshot, names: frozenset[str]) -> NDArray[np.bool_]:
        """Return which passages have any of the directions, shape (n,)."""
        kept = [place for place, name in enumerate(self.taxonomy.names) if name in names]
        return np.asarray(self.of(snapshot).present[:, kept].any(axis=1))

    def annotated(self, hits: Sequence[Hit], snapshot: Snapshot) -> list[Hit]:
        """Return the hits of a search over `snapshot`, each with its directions."""
        if not hits:
            return []
        rows = snapshot.rows_of(np.array([hit.passage.id for hit in hits], dtype=np.int64))
        known = rows >= 0
        scores = self.of_rows(snapshot, rows[known])
        places = np.cumsum(known) - 1
        return [
            replace(hit, directions=scores.of_row(place)) if held else hit
            for hit, place, held in zip(hits, places.tolist(), known.tolist(), strict=True)
        ]
