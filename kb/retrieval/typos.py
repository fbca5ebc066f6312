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
    from collections.abc import Callable, Iterable, Sequence

ONE_FROM, TWO_FROM = 5, 8
"""Letters that a stem must have for one slip to be forgiven, and for two."""

WEIGHTS = {1: 0.7, 2: 0.5}
MOST = 4
"""How many stems a mistyped one may stand for."""

_ALIKE = {"k": "kqgğc", "h": "hx", "v": "vw", "o": "oö"}
_LIKE = str.maketrans({letter: first for first, letters in _ALIKE.items() for letter in letters})


class NearStems:
    """The stems of one language, put where a mistyped one looks for them.

    `beginning` gives the stems that begin with some letters. Shelves are filled letter by letter, when a word asks for
    them: a vocabulary of half a million stems takes more than half a second.
    """

    def __init__(self, beginning: Callable[[str], Iterable[str]]) -> None:
        self._beginning = beginning
        self._shelves: dict[str, dict[int, list[str]]] = {}

    def _shelf(self, first: str, length: int) -> Sequence[str]:
        shelves = self._shelves.get(first)
        if shelves is None:
            shelves = {}
            for letter in _ALIKE.get(first, first):
                for one in self._beginning(letter):
                    if len(one) >= ONE_FROM - 1 and one.isalpha():
                        shelves.setdefault(len(one), []).append(one)
            self._shelves[first] = shelves
        return shelves.get(length, ())

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
                shelf = self._shelf(first, length)
                near = extract(stem, shelf, scorer=OSA.distance, score_cutoff=reach, limit=None)
                found += [(distance, -frequency(other), other) for other, distance, _ in near if distance]
        if not found:
            return []
        least = min(found)[0]
        best = sorted(one for one in found if one[0] == least)[:MOST]
        return [(other, WEIGHTS[int(distance)]) for distance, _, other in best]
