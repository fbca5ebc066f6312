"""Rows, lines and the page's measures: the small geometry that columns, tables and paragraphs share."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.readers.glyphs import Word

Row = list["Word"]
"""Words on one baseline, from left to right."""

SAME_BASELINE = 0.4
"""How far apart, in type sizes, two baselines may lie and still be one row (superscripts)."""
WIDE_GAP = 0.8
"""Narrowest gap, in type sizes, that may part two columns."""

_MARKER = re.compile(
    r"^(?:[•●○◦▪▫■□◆◇‣⁃∙·\uf0b7\uf0a7\uf0d8\uf02d\u2713\u2714*–—-]|\(?\d{1,3}[.)]|\(?[a-zа-яўқғҳёʻ]{1,2}\)|[ivx]{1,5}[.)]"
    r"|\d{1,3}(?:\.\d{1,3}){1,4}\.?\)?)$",
    re.IGNORECASE,
)
_BULLETS = "•●○◦▪▫■□◆◇‣⁃∙\uf0b7\uf0a7\uf0d8"


@dataclass(frozen=True)
class Line:
    """One line of running text as it is read; `column` is the left and right edge of what it stands in."""

    words: tuple[Word, ...]
    column: tuple[float, float]

    @property
    def x0(self) -> float:
        """Left edge in points."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge in points."""
        return self.words[-1].x1

    @property
    def y(self) -> float:
        """Baseline in points from the top."""
        return self.words[0].y

    @cached_property
    def text(self) -> str:
        """Its words with single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def size(self) -> float:
        """Type size of most of it in points."""
        return main_size(self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether every word with a letter or digit is bold."""
        return all(word.bold for word in self.words if any(map(str.isalnum, word.text))) and self.words[0].bold

    @property
    def is_table(self) -> bool:
        """Whether a table stands in for the line."""
        return bool(self.words[0].rows)


def main_size(words: Iterable[Word]) -> float:
    """Return the type size of most characters, in points."""
    counts: Counter[float] = Counter()
    for word in words:
        counts[word.size] += len(word.text) or 1
    return min(counts, key=lambda size: (-counts[size], size)) if counts else 0.0


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Return the words as rows from top to bottom."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: (word.y, word.x0)):
        if rows and word.y - rows[-1][0].y <= SAME_BASELINE * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word.x0)
    return rows


def segments(row: Row, gap: float) -> list[Row]:
    """Return a row cut where words are at least `gap` points apart."""
    cut: list[Row] = []
    for word in row:
        if cut and word.x0 - cut[-1][-1].x1 < gap:
            cut[-1].append(word)
        else:
            cut.append([word])
    return cut


def usual_gap(row: Row) -> float:
    """Return the median space between the words of a row, 0 for a single word."""
    gaps = [after.x0 - before.x1 for before, after in itertools.pairwise(row)]
    return median(gaps) if gaps else 0.0


def is_marker(text: str) -> bool:
    """Tell whether a word alone is a bullet or a number of a list."""
    return bool(_MARKER.match(text))


def is_bullet(text: str) -> bool:
    """Tell whether a word is a bullet that nothing else is."""
    return len(text) == 1 and text in _BULLETS


def extent(words: Sequence[Word]) -> tuple[float, float]:
    """Return the left and right edge of some words."""
    return min(word.x0 for word in words), max(word.x1 for word in words)
