"""How the translation tables lay out stems, and numbers of stems, so that they are read from the mapped file as it is.

Stems of a language are sorted by their UTF-8 and known by their place. Such a number takes two bytes, and a third one
in a column of its own where a language has more than 65,536 stems.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Arrays = Mapping[str, NDArray[Any]]

MOST_IN_TWO_BYTES = 1 << 16


def starts_of(lengths: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each of some parts laid end to end begins, and the end of the last."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def encode_stems(stems: Iterable[str], language: str) -> dict[str, NDArray[Any]]:
    """Return sorted stems, each of at most 255 bytes, as `<language>.terms` (UTF-8) and `.lengths` (bytes of each)."""
    encoded = [stem.encode() for stem in stems]
    return {
        f"{language}.terms": np.frombuffer(b"".join(encoded), np.uint8),
        f"{language}.lengths": np.array([len(stem) for stem in encoded], np.uint8),
    }


def encode_numbers(numbers: Sequence[int], name: str, stems: int) -> dict[str, NDArray[Any]]:
    """Return numbers below `stems` as `name` (their lower 16 bits) and, for many stems, `<name>.above` (the rest)."""
    whole = np.array(numbers, np.int64)
    columns: dict[str, NDArray[Any]] = {name: (whole % MOST_IN_TWO_BYTES).astype(np.uint16)}
    if stems > MOST_IN_TWO_BYTES:
        columns[f"{name}.above"] = (whole // MOST_IN_TWO_BYTES).astype(np.uint8)
    return columns


class Stems:
    """The sorted stems of one language; a sequence of bytes, so that `bisect` works on it."""

    def __init__(self, arrays: Arrays, language: str) -> None:
        self._blob = arrays[f"{language}.terms"]
        self._starts = starts_of(arrays[f"{language}.lengths"])
        self.find = lru_cache(maxsize=50_000)(self._find)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._blob[self._starts[number] : self._starts[number + 1]].tobytes()

    def _find(self, stem: str) -> int | None:
        """Return the number of a stem, or None."""
        wanted = stem.encode("utf-8", "replace")
        number = bisect_left(self, wanted)
        return number if number < len(self) and self[number] == wanted else None


class StemNumbers:
    """Numbers of stems as `encode_numbers` laid them out. Raises KeyError naming a column that is not there."""

    def __init__(self, arrays: Arrays, name: str, stems: int) -> None:
        self._low = arrays[name]
        self._above = arrays[f"{name}.above"] if stems > MOST_IN_TWO_BYTES else None

    def __getitem__(self, wanted: slice | NDArray[np.int64]) -> NDArray[np.int64]:
        numbers = self._low[wanted].astype(np.int64)
        if self._above is not None:
            numbers += self._above[wanted].astype(np.int64) * MOST_IN_TWO_BYTES
        return numbers
