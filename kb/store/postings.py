"""The inverted index of one language: which passages, or titles, hold a term, and how often.

It is five flat arrays, so that it can be mapped into memory and shared: the distinct terms sorted and joined as UTF-8,
where each term starts in them, where each term's postings start, and the postings themselves (row, count) by
ascending row. A term is looked up by halving, so that opening an index of a million terms reads none of them.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

FIELDS = ("terms", "term_offsets", "offsets", "rows", "counts")
ALIKE = ("skeletons", "skeleton_offsets", "skeleton_terms")
MOST_COUNTED = 65_535
_MOST_KEPT = 20_000


@dataclass(frozen=True, eq=False)
class Inverted:
    """Term → (rows, counts).

    `rows` (int32) and `counts` (uint16; 65,535 stands for all above it) lie term after term, those of term i at
    `offsets[i]:offsets[i + 1]`.
    """

    joined_terms: NDArray[np.uint8]
    term_offsets: NDArray[np.int64]
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]
    _kept: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def terms(self, beginning: str = "") -> Iterator[str]:
        """Yield the terms, or those that begin with `beginning`, in the order of their UTF-8 bytes."""
        if not len(self):
            return
        first, last = self._sorted.beginning_with(beginning)
        bounds = self.term_offsets[first : last + 1]
        joined = self.joined_terms[bounds[0] : bounds[-1]].tobytes()
        for start, end in pairwise((bounds - bounds[0]).tolist()):
            yield joined[start:end].decode("utf-8")

    def lookup(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
        """Return the rows (ascending) and counts of a term as views; both are empty for an unknown term."""
        place = self.place(term)
        if place < 0:
            return self.rows[:0], self.counts[:0]
        start, end = self.offsets[place], self.offsets[place + 1]
        return self.rows[start:end], self.counts[start:end]

    def document_frequency(self, term: str) -> int:
        """Return how many passages hold the term."""
        place = self.place(term)
        return 0 if place < 0 else int(self.offsets[place + 1] - self.offsets[place])

    def place(self, term: str) -> int:
        """Return the term's place in the order of terms, -1 for an unknown one.

        A question asks for hundreds of terms, for most of them again and again: what was asked for is kept.
        """
        place = self._kept.get(term)
        if place is None:
            wanted = term.encode("utf-8")
            place = bisect_left(self._sorted, wanted)
            if place == len(self) or self._sorted[place] != wanted:
                place = -1
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[term] = place
        return place

    def counts_at(self, terms: Sequence[str], rows: NDArray[np.integer[Any]]) -> NDArray[np.uint16]:
        """Return how often each row holds each term, shape (len(terms), len(rows)).

        Reads a few numbers of each term's postings: for a few rows, whatever the size of the index.
        """
        found = np.zeros((len(terms), len(rows)), dtype=np.uint16)
        places = np.asarray([self.place(term) for term in terms], dtype=np.int64)
        known = np.flatnonzero(places >= 0)
        if not len(known) or not len(rows):
            return found
        ends = self.offsets[places[known] + 1][:, None]
        low = np.repeat(self.offsets[places[known]][:, None], len(rows), axis=1)
        high = np.broadcast_to(ends, low.shape)
        while (open_ := low < high).any():
            middle = (low + high) >> 1
            before = open_ & (self.rows.take(middle, mode="clip") < rows)
            low, high = np.where(before, middle + 1, low), np.where(before, high, middle)
        at = np.minimum(low, ends - 1)
        found[known] = np.where((low < ends) & (self.rows[at] == rows), self.counts[at], 0)
        return found

    @cached_property
    def _sorted(self) -> _Sorted:
        return _Sorted(self.joined_terms, self.term_offsets)


@dataclass(frozen=True, eq=False)
class Postings(Inverted):
    """The inverted index over the passages of one language.

    `lengths` (n,) float32 is the number of terms of every passage of the snapshot; `total` counts the passages of this
    language and `mean_length` is their mean number of terms. `skeletons` are the consonants of the terms, sorted and
    joined like these; `skeleton_terms` (int32) are the places of the terms that they belong to.
    """

    skeletons: NDArray[np.uint8]
    skeleton_offsets: NDArray[np.int64]
    skeleton_terms: NDArray[np.int32]
    lengths: NDArray[np.float32]
    total: int
    mean_length: float

    def like(self, beginning: str) -> Iterator[tuple[str, str]]:
        """Yield each term whose consonants begin with `beginning`, after its consonants."""
        bones = _Sorted(self.skeletons, self.skeleton_offsets)
        first, last = bones.beginning_with(beginning)
        for place in range(first, last):
            yield bones[place].decode("utf-8"), self._sorted[int(self.skeleton_terms[place])].decode("utf-8")


class _Sorted:
    """The terms as a sorted sequence of bytes, each cut out when it is asked for."""

    def __init__(self, joined: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self._joined = joined.data
        self._offsets = offsets.data

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, place: int) -> bytes:
        return bytes(self._joined[self._offsets[place] : self._offsets[place + 1]])

    def beginning_with(self, letters: str) -> tuple[int, int]:
        """Return the first place of those that begin with the letters, and the place after the last."""
        wanted = letters.encode("utf-8")
        # No byte of UTF-8 is 255.
        return bisect_left(self, wanted), bisect_left(self, wanted + b"\xff")
