"""Two encoders as one: their vectors side by side, so that an inner product is the weighted sum of both cosines.

The static encoder and the transformer err on different questions, so together they find more than either
(`docs/evaluation.md`). Nothing else needs to know: the index holds one vector a text.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from kb.models.static import unit

if TYPE_CHECKING:
    from kb.models.encoder import Encoder, FloatArray


class CombinedEncoder:
    """Gives unit vectors of `first.dimension + second.dimension` numbers; the first cosine weighs `share`."""

    def __init__(self, first: Encoder, second: Encoder, *, share: float, name: str) -> None:
        self._first, self._second = first, second
        self._scales = np.sqrt(np.float32(share)), np.sqrt(np.float32(1 - share))
        self.name = name
        self.dimension = first.dimension + second.dimension
        parts = f"{first.fingerprint} {second.fingerprint} {share}"
        self.fingerprint = hashlib.sha256(parts.encode()).hexdigest()[:16]

    def encode_queries(self, texts: list[str]) -> FloatArray:
        """Return the vectors (n, dimension) of questions."""
        return self._joined(self._first.encode_queries(texts), self._second.encode_queries(texts))

    def encode_passages(self, texts: list[str]) -> FloatArray:
        """Return the vectors (n, dimension) of passages or sentences."""
        return self._joined(self._first.encode_passages(texts), self._second.encode_passages(texts))

    def _joined(self, first: FloatArray, second: FloatArray) -> FloatArray:
        return unit(np.concatenate([first * self._scales[0], second * self._scales[1]], axis=1))
