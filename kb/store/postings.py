"""The inverted index of one language: which passages hold a term, and how often.

It is five flat arrays, so that it can be mapped into memory and shared: the distinct terms sorted and joined as UTF-8,
where each term starts in them, where each term's postings start, and the postings themselves (row, count) by
ascending row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

FIELDS = ("terms", "term_offsets", "offsets", "rows", "counts")
_MOST_COUNTED = 65_535


@dataclass(frozen=True, eq=False)
class Postings:
    """Term → (rows, counts) of the passages of one language.

    `rows` (int32) and `counts` (uint16; 65,535 stands for all above it) lie term after term, those of term i at
    `offsets[i]:offsets[i + 1]`. `lengths` (n,) float32 is the number of terms of every passage of the snapshot;
    `total` counts the passages of this language and `mean_length` is their mean number of terms.
    """

    joined_terms: NDArray[np.uint8]
    term_offsets: NDArray[np.int64]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.float32]
    total: int
    mean_length: float

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def terms(self) -> Iterable[str]:
        """Return the terms in the order of their UTF-8 bytes."""
        return self._places.keys()

    def lookup(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """Return the rows (ascending) and counts of a term as views; both are empty for an unknown term."""
        place = self._places.get(term)
        if place is None:
            return self.rows[:0], self.counts[:0]
        start, end = self.offsets[place], self.offsets[place + 1]
        return self.rows[start:end], self.counts[start:end]

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold the term."""
        place = self._places.get(term)
        return 0 if place is None else int(self.offsets[place + 1] - self.offsets[place])

    @cached_property
    def _places(self) -> dict[str, int]:
        """Each term's place in the order; made on the first look-up, since a query looks up hundreds of terms."""
        terms = self.joined_terms.tobytes()
        bounds = pairwise(self.term_offsets.tolist())
        return {terms[start:end].decode("utf-8"): place for place, (start, end) in enumerate(bounds)}


class PostingsBuilder:
    """Collects the terms of passages of one language, row by row in ascending order."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._postings: list[tuple[int, int, int]] = []

    def add(self, row: int, terms: Mapping[str, int]) -> None:
        """Add one passage."""
        numbers = self._numbers
        for term, count in terms.items():
            number = numbers.setdefault(term.encode("utf-8"), len(numbers))
            self._postings.append((number, row, min(count, _MOST_COUNTED)))

    def keep(self, old: Mapping[str, NDArray[Any]], new_rows: NDArray[np.int64]) -> _Kept:
        """Return the postings of an older snapshot; `new_rows` maps its rows to rows here, -1 drops."""
        terms = old["terms"].tobytes()
        mine = [
            self._numbers.setdefault(terms[start:end], len(self._numbers))
            for start, end in pairwise(old["term_offsets"].tolist())
        ]
        owner = np.repeat(np.asarray(mine, dtype=np.int64), old["offsets"][1:] - old["offsets"][:-1])
        rows = new_rows[old["rows"].astype(np.int64)]
        kept = rows >= 0
        return _Kept(owner[kept], rows[kept], old["counts"].astype(np.int64)[kept])

    def build(self, kept: _Kept | None = None) -> dict[str, NDArray[Any]]:
        """Return the five arrays; terms without postings are left out."""
        fresh = np.asarray(self._postings, dtype=np.int64).reshape(-1, 3)
        owner, rows, counts = fresh[:, 0], fresh[:, 1], fresh[:, 2]
        if kept is not None:
            owner = np.concatenate([kept.owner, owner])
            rows = np.concatenate([kept.rows, rows])
            counts = np.concatenate([kept.counts, counts])
        frequencies = np.bincount(owner, minlength=len(self._numbers))
        ordered = sorted((word, number) for word, number in self._numbers.items() if frequencies[number])
        words = [word for word, _ in ordered]
        numbers = np.asarray([number for _, number in ordered], dtype=np.int64)
        place = np.zeros(len(self._numbers), dtype=np.int64)
        place[numbers] = np.arange(len(numbers))
        order = np.lexsort((rows, place[owner]))
        return {
            "terms": np.frombuffer(b"".join(words), dtype=np.uint8),
            "term_offsets": _starts([len(word) for word in words]),
            "offsets": _starts(frequencies[numbers]),
            "rows": rows[order].astype(np.int32),
            "counts": counts[order].astype(np.uint16),
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """Postings taken over: the builder's number of the term, the new row, the count."""

    owner: NDArray[np.int64]
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]


def _starts(lengths: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the running sum of the lengths from 0: (len(lengths) + 1,)."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
