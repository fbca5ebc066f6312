"""Vectors of single words, from the bundled static encoder, for comparing texts word by word across languages."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kb.models.static import bundled_static

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.models.encoder import Encoder, FloatArray

_KEPT = 30_000


class WordVectors:
    """Unit vectors of words, of which up to 30,000 are remembered. Safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, FloatArray] = {}
        self._changing = threading.Lock()

    def of(self, words: Sequence[str]) -> FloatArray:
        """Return the vectors (n, dimension) of n words as written; zeros for a word without a token."""
        found = {word: vector for word in words if (vector := self._known.get(word)) is not None}
        new = [word for word in dict.fromkeys(words) if word not in found]
        if new:
            fresh = dict(zip(new, self._encoder.encode_passages(new), strict=True))
            found |= fresh
            with self._changing:
                if len(self._known) + len(fresh) > _KEPT:
                    self._known.clear()
                self._known |= fresh
        if not words:
            return np.empty((0, self._encoder.dimension), np.float32)
        return np.stack([found[word] for word in words])


@lru_cache(maxsize=1)
def load_word_vectors() -> WordVectors:
    """Return the word vectors of the bundled static encoder. Raises ModelError when it is missing or damaged."""
    return WordVectors(bundled_static())
