"""Nearest indexed stems of a mistyped word.

Distance counts the slips of Damerau (1964), letters left out, added, replaced or swapped, in its restricted form, the
optimal string alignment: no letter takes part in two slips. Only stems of nearly the same length whose first letter is
the word's first or second one (a letter too many, or two swapped, at the very beginning) are compared, so that a
vocabulary of half a million stems is searched in milliseconds. Letters that Uzbek typing confuses (x and h, q and k)
count as one where the first letter is looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ONE_FROM, TWO_FROM = 5, 8
"""Letters that a stem must have for one slip to be forgiven, and for two."""

WEIGHTS = {1: 0.7, 2: 0.5}
MOST = 4
"""How many stems a mistyped one may stand for."""

_LIKE = str.maketrans({"q": "k", "g": "k", "ğ": "k", "c": "k", "x": "h", "w": "v", "ö": "o"})


class NearStems:
    """The stems of one language, put where a mistyped one looks for them."""

    def __init__(self, stems: Iterable[str]) -> None:
        self._shelves: dict[tuple[str, int], list[str]] = {}
        for one in stems:
            if len(one) >= ONE_FROM - 1 and one.isalpha():
                self._shelves.setdefault((one[0].translate(_LIKE), len(one)), []).append(one)

    def near(self, stem: str, frequency: Callable[[str], int]) -> list[tuple[str, float]]:
        """Return up to four nearest stems and their weights: the nearest distance only, frequent ones first.

        Empty for a stem of fewer than five letters, and when nothing is near.
        """
        reach = 2 if len(stem) >= TWO_FROM else 1 if len(stem) >= ONE_FROM else 0
        if not reach:
            return []
        found: list[tuple[float, int, str]] = []
        for first in sorted({letter.translate(_LIKE) for letter in stem[:2]}):
            for length in range(len(stem) - reach, len(stem) + reach + 1):
                shelf = self._shelves.get((first, length), [])
                near = extract(stem, shelf, scorer=OSA.distance, score_cutoff=reach, limit=None)
                found += [(distance, -frequency(other), other) for other, distance, _ in near if distance]
        if not found:
            return []
        least = min(found)[0]
        best = sorted(one for one in found if one[0] == least)[:MOST]
        return [(other, WEIGHTS[int(distance)]) for distance, _, other in best]
