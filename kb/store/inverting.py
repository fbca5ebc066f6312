"""Makes an inverted index out of passages that come one after the other.

Postings are collected in blocks of a few million, each sorted by term when it is full, six bytes a posting; merging the
blocks is then a matter of counting, since a term's postings of an earlier block come before those of a later one. A
million passages of seventy terms take half a gigabyte. Sort-based inversion: Witten, Moffat and Bell 1999, "Managing
Gigabytes", 5.2.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.store.postings import MOST_COUNTED
from kb.text.skeletons import skeletons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

_BLOCK = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Postings sorted by the builder's number of their term: the distinct numbers, how many each has, rows, counts."""

    numbers: NDArray[np.int64]
    sizes: NDArray[np.int64]
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]


class PostingsBuilder:
    """Collects the terms of passages of one language, row by row in ascending order."""

    def __init__(self, block: int = _BLOCK) -> None:
        self._block = block
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        self._blocks: list[_Block] = []
        self._clear()

    def add(self, row: int, terms: Mapping[str, int]) -> None:
        """Add one passage."""
        self._terms.extend(map(self._numbers.__getitem__, terms))
        self._counts.extend(terms.values())
        self._rows.append(row)
        self._sizes.append(len(terms))
        if len(self._terms) >= self._block:
            self._close()

    def keep(self, old: Mapping[str, NDArray[Any]], new_rows: NDArray[np.integer[Any]]) -> None:
        """Take over the postings of an older index, before any passage is added.

        `new_rows` maps its rows to rows here in the same order, -1 drops.
        """
        terms = old["terms"].tobytes()
        mine = [
            self._numbers[terms[start:end].decode("utf-8")] for start, end in pairwise(old["term_offsets"].tolist())
        ]
        numbers = np.asarray(mine, dtype=np.int64)
        for start in range(0, len(old["rows"]), self._block):
            part = slice(start, start + self._block)
            rows = new_rows[old["rows"][part]]
            places = np.arange(start, start + len(rows))
            owner = numbers[np.searchsorted(old["offsets"], places, side="right") - 1]
            kept = rows >= 0
            self._sort(owner[kept], rows[kept].astype(np.int32), old["counts"][part][kept])

    def build(self) -> dict[str, NDArray[Any]]:
        """Return the five arrays; terms without postings are left out. The builder is empty afterwards."""
        self._close()
        frequencies = np.zeros(len(self._numbers), dtype=np.int64)
        for block in self._blocks:
            frequencies[block.numbers] += block.sizes
        # Unicode's order of characters is the order of their UTF-8 bytes.
        ordered = sorted(term for term, number in self._numbers.items() if frequencies[number])
        numbers = np.asarray([self._numbers[term] for term in ordered], dtype=np.int64)
        self._numbers.clear()
        words = [term.encode("utf-8") for term in ordered]
        offsets = _starts(frequencies[numbers])
        free = np.zeros(len(frequencies), dtype=np.int64)
        free[numbers] = offsets[:-1]
        rows = np.empty(offsets[-1], dtype=np.int32)
        counts = np.empty(offsets[-1], dtype=np.uint16)
        for block in self._blocks:
            shift = free[block.numbers] - _starts(block.sizes)[:-1]
            places = np.repeat(shift, block.sizes) + np.arange(len(block.rows))
            rows[places], counts[places] = block.rows, block.counts
            free[block.numbers] += block.sizes
        self._blocks = []
        return {
            "terms": np.frombuffer(b"".join(words), dtype=np.uint8),
            "term_offsets": _starts([len(word) for word in words]),
            "offsets": offsets,
            "rows": rows,
            "counts": counts,
        }

    def _close(self) -> None:
        """Sort what was added since the last block."""
        if len(self._terms):
            rows = np.repeat(np.asarray(self._rows, dtype=np.int32), np.asarray(self._sizes, dtype=np.int64))
            counts = np.minimum(np.asarray(self._counts), MOST_COUNTED).astype(np.uint16)
            self._sort(np.asarray(self._terms, dtype=np.int64), rows, counts)
        self._clear()

    def _clear(self) -> None:
        self._terms, self._counts = array("i"), array("q")
        self._rows, self._sizes = array("i"), array("i")

    def _sort(self, owner: NDArray[np.int64], rows: NDArray[np.int32], counts: NDArray[np.uint16]) -> None:
        order = np.argsort(owner, kind="stable")
        owner = owner[order]
        firsts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1]))) if len(owner) else order
        sizes = np.diff(firsts, append=len(owner))
        self._blocks.append(_Block(owner[firsts], sizes, rows[order], counts[order]))


def by_skeleton(postings: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the three arrays by which terms are found that have the same consonants (`Postings.like`)."""
    joined = postings["terms"].tobytes()
    terms = [joined[start:end].decode("utf-8") for start, end in pairwise(postings["term_offsets"].tolist())]
    found = [bones.encode("utf-8") for bones in skeletons(terms)]
    order = sorted(range(len(found)), key=found.__getitem__)
    words = [found[place] for place in order]
    return {
        "skeletons": np.frombuffer(b"".join(words), dtype=np.uint8),
        "skeleton_offsets": _starts([len(word) for word in words]),
        "skeleton_terms": np.asarray(order, dtype=np.int32),
    }


def _starts(lengths: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the running sum of the lengths from 0: (len(lengths) + 1,)."""
    starts = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=starts[1:])
    return starts
