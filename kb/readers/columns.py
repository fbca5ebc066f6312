"""Reading order: columns one after the other, tables row by row, everything else from top to bottom.

A gutter is a vertical strip that many consecutive rows leave free (the whitespace analysis of Breuel, 2002, in one
dimension). What stands beside it is prose in columns when its lines fill their width, else a table without rules.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from kb.readers.lines import WIDE_GAP, Line, Row, extent, is_marker, main_size, rows_of, segments
from kb.readers.tables import loose_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kb.readers.glyphs import Word

_GUTTER_TO_USUAL = 1.3
"""In a line that was stretched to fill its width all gaps are wide; a gutter is wider than its neighbours."""
_PROSE_FILL, _PROSE_CHARACTERS = 0.75, 18
_WIDEST_SPACE = 3.0
_EQUAL_GAPS = 0.12
_MIN_COLUMN_LINES, _MIN_TABLE_ROWS = 3, 2
_TABLE_SHARE = 0.4
_DEEPEST = 4
_SPLIT_GAP, _APART = 2.4, 1.9


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows `start:end` leave a strip ending at `x` free; the counts are of rows on either side and on both."""

    x: float
    start: int
    end: int
    left: int
    right: int
    both: int

    @property
    def weight(self) -> tuple[int, int, float]:
        return min(self.left, self.right), self.both, -self.x


def reading_order(words: Iterable[Word]) -> list[Line]:
    """Return the words of a page as lines in the order in which they are read."""
    return _order(rows_of(words), 0)


def _order(rows: list[Row], depth: int) -> list[Line]:
    band = _widest_band(rows) if depth < _DEEPEST and len(rows) >= _MIN_TABLE_ROWS else None
    if band is None:
        return _plain(rows)
    inside = rows[band.start : band.end]
    before, after = rows[: band.start], rows[band.end :]
    left, right = _sides(inside, band.x)
    if _is_prose(left, right, band):
        inside, tail = _without_tail(inside, band.x)
        parts = [_columns(part, band.x, depth) for part in _sections(inside, band.x)]
        middle = [line for part in parts for line in part]
        return _order(before, depth) + middle + _order(tail + after, depth)
    while inside and len(_cut(inside[0], band.x)) < 2:
        before, inside = [*before, inside[0]], inside[1:]
    table, rest = loose_table(inside)
    return [*_order(before, depth + 1), Line((table,), extent([table])), *_order(rest + after, depth + 1)]


def _plain(rows: list[Row]) -> list[Line]:
    words = [word for row in rows for word in row]
    if not words:
        return []
    column = extent(words)
    lines: list[Line] = []
    for row in rows:
        run: list[Word] = []
        for word in row:
            if word.rows:
                lines += [Line(tuple(run), column)] if run else []
                lines.append(Line((word,), column))
                run = []
            else:
                run.append(word)
        if run:
            lines.append(Line(tuple(run), column))
    return lines


def _columns(rows: list[Row], x: float, depth: int) -> list[Line]:
    left, right = _sides(rows, x)
    return _order(left, depth + 1) + _order(right, depth + 1)


def _cut(row: Row, x: float) -> list[Row]:
    """Return the parts of a row on either side of `x` that hold words."""
    left = [word for word in row if word.x0 < x]
    right = [word for word in row if word.x0 >= x]
    return [part for part in (left, right) if part]


def _sides(rows: list[Row], x: float) -> tuple[list[Row], list[Row]]:
    left = [part for row in rows if (part := [word for word in row if word.x0 < x])]
    right = [part for row in rows if (part := [word for word in row if word.x0 >= x])]
    return left, right


def _widest_band(rows: list[Row]) -> _Band | None:
    """Return the band that most rows have on both sides, or None when the rows are one column."""
    size = main_size(word for row in rows for word in row)
    starts: dict[int, list[float]] = defaultdict(list)
    left_edge = min(row[0].x0 for row in rows)
    for row in rows:
        for part in segments(row, WIDE_GAP * size):
            if part[0].x0 > left_edge + 2 * size:
                starts[round(part[0].x0 / 3)].append(part[0].x0)
    bands: list[_Band] = []
    for places in starts.values():
        if len(places) >= _MIN_TABLE_ROWS:
            bands += _bands(rows, min(places) - 0.2, size)
    return max(bands, key=lambda band: band.weight, default=None)


def _bands(rows: list[Row], x: float, size: float) -> list[_Band]:
    found: list[_Band] = []
    start = 0
    for end in range(len(rows) + 1):
        if end < len(rows) and not _crosses(rows[end], x, size):
            continue
        band = _band(rows, start, end, x)
        if band is not None:
            found.append(band)
        start = end + 1
    return found


def _crosses(row: Row, x: float, size: float) -> bool:
    left = max((word.x1 for word in row if word.x0 < x), default=None)
    if left is None:
        return False
    right = min((word.x0 for word in row if word.x0 >= x), default=None)
    if right is None:
        return left > x - WIDE_GAP * size / 2
    return right - left < WIDE_GAP * size


def _band(rows: list[Row], start: int, end: int, x: float) -> _Band | None:
    """Return rows `start:end` as a band, or None when they are neither columns nor a table."""
    inside = rows[start:end]
    left, right = _sides(inside, x)
    both = sum(len(_cut(row, x)) == 2 for row in inside)
    band = _Band(x, start, end, len(left), len(right), both)
    if not left or not right or all(len(row) == 1 and is_marker(row[0].text) for row in left):
        return None
    gutter = min(row[0].x0 for row in right) - max(row[-1].x1 for row in left)
    size = main_size(word for row in inside for word in row)
    if gutter < _GUTTER_TO_USUAL * _word_space(left, right, size):
        return None
    if _is_prose(left, right, band):
        return band
    markers = sum(is_marker(row[-1].text) and len(row) == 1 for row in left)
    if both < _MIN_TABLE_ROWS or both < _TABLE_SHARE * max(len(left), len(right)) or markers > len(left) / 2:
        return None
    if _is_stretched([row for row in inside if len(_cut(row, x)) == 2]):
        return None
    return band if gutter >= (1.0 if both > _MIN_TABLE_ROWS else 2.0) * size else None


def _word_space(left: list[Row], right: list[Row], size: float) -> float:
    """Return the usual space between words on the side where it is narrower; wider gaps part columns, not words."""
    usual: list[float] = []
    for side in (left, right):
        gaps = [after.x0 - before.x1 for row in side for before, after in pairwise(row)]
        gaps = [gap for gap in gaps if gap <= _WIDEST_SPACE * size]
        usual += [median(gaps)] if gaps else []
    return min(usual, default=0.0)


def _is_stretched(rows: list[Row]) -> bool:
    """Tell whether most rows are single lines stretched to fill their width: all gaps of such a line are equal."""
    stretched = [
        max(gaps) - min(gaps) <= _EQUAL_GAPS * max(gaps)
        for row in rows
        if len(gaps := [after.x0 - before.x1 for before, after in pairwise(row)]) > 1
    ]
    return 2 * sum(stretched) > len(stretched)


def _is_prose(left: list[Row], right: list[Row], band: _Band) -> bool:
    """Tell whether both sides are running text: their lines fill them."""
    if min(band.left, band.right) < _MIN_COLUMN_LINES:
        return False
    return all(_is_filled(side) for side in (left, right))


def _is_filled(side: list[Row]) -> bool:
    """Tell whether at least half of the characters are in lines that reach across most of their column."""
    west, east = extent([word for row in side for word in row])
    full = total = 0
    for row in side:
        length = sum(len(word.text) + 1 for word in row)
        total += length
        if length >= _PROSE_CHARACTERS and row[-1].x1 - row[0].x0 >= _PROSE_FILL * (east - west):
            full += length
    return 2 * full >= total


def _without_tail(rows: list[Row], x: float) -> tuple[list[Row], list[Row]]:
    """Return the rows without short ones at the end that stand apart below both columns, and those."""
    left, _ = _sides(rows, x)
    west, east = extent([word for row in left for word in row])
    leading = median(after[0].y - before[0].y for before, after in pairwise(rows))
    last_right = max(index for index, row in enumerate(rows) if row[-1].x0 >= x)
    for index in range(last_right + 1, len(rows)):
        tail = rows[index:]
        short = all(row[-1].x1 - row[0].x0 < _PROSE_FILL * (east - west) for row in tail)
        if short and tail[0][0].y - rows[index - 1][0].y > _APART * leading:
            return rows[:index], tail
    return rows, []


def _sections(rows: list[Row], x: float) -> list[list[Row]]:
    """Return the rows cut at headings that stand alone between two stretches of columns."""
    sections: list[list[Row]] = [[]]
    body = main_size(word for row in rows for word in row)
    for index, row in enumerate(rows):
        if sections[-1] and _is_section_heading(rows, index, x, body):
            sections.append([])
        sections[-1].append(row)
    return sections


def _is_section_heading(rows: list[Row], index: int, x: float, body: float) -> bool:
    row = rows[index]
    if row[-1].x0 >= x or not (all(word.bold for word in row) or main_size(row) > 1.1 * body):
        return False
    above = [other[-1].y for other in rows[:index] if other[-1].x0 >= x]
    below = [other[-1].y for other in rows[index + 1 :] if other[-1].x0 >= x]
    if not above or not below:
        return False
    left_above = max((other[0].y for other in rows[:index] if other[0].x0 < x), default=0.0)
    stands_apart = row[0].y - left_above > 1.5 * body
    return stands_apart and below[0] - above[-1] > _SPLIT_GAP * body and above[-1] < row[0].y - body
