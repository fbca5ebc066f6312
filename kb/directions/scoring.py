"""The directions of all passages of a snapshot: computed when first asked for, kept until the snapshot changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

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
    from kb.models.encoder import Encoder
    from kb.records import Hit
    from kb.store.snapshot import Snapshot


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
                model, names = load_model(), self.taxonomy.names
                probabilities = model.probabilities(self._evidence.features(snapshot), names)
                self._kept = (snapshot, Scores(names, probabilities, probabilities >= model.threshold))
            return self._kept[1]

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
        scores = self.of(snapshot)
        rows = snapshot.rows_of(np.array([hit.passage.id for hit in hits], dtype=np.int64))
        return [
            replace(hit, directions=scores.of_row(row)) if row >= 0 else hit
            for hit, row in zip(hits, rows.tolist(), strict=True)
        ]
