"""Tables: from drawn rules where there are some, else from the gaps that consecutive rows share.

A table becomes one `Word` with rows of cells of lines; it then takes its place in the reading order like a word.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from kb.readers.glyphs import Word
from kb.readers.lines import WIDE_GAP, Row, extent, main_size, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.readers.glyphs import Rule

_TOUCH = 2.5
_MOST_RULES = 1500
_NEXT_LINE = 1.45


def ruled_tables(words: list[Word], rules: list[Rule]) -> tuple[list[Word], list[Word]]:
    """Return (tables, words outside them) of a page with drawn rules."""
    tables: list[Word] = []
    if len(rules) > _MOST_RULES:
        return tables, words
    for grid in _grids(rules):
        inside = [word for word in words if grid.holds(word)]
        rows = grid.rows(inside)
        if sum(len(row) > 1 for row in rows) == 0 or len(rows) < 2:
            continue
        tables.append(_as_word(rows, inside))
        words = [word for word in words if not grid.holds(word)]
    return tables, words


def loose_table(rows: list[Row]) -> tuple[Word, list[Row]]:
    """Return a table of rows that share gaps, and the rows at the end that do not belong to it."""
    size = main_size(word for row in rows for word in row)
    edges = _column_edges(rows, WIDE_GAP * size)
    end = len(rows)
    while end > 1 and len({_column_of(word, edges) for word in rows[end - 1]}) < 2:
        if rows[end - 1][0].x0 >= edges[0] and rows[end - 1][0].y - rows[end - 2][0].y <= _NEXT_LINE * size:
            break
        end -= 1
    body = rows[:end]
    groups: list[list[Row]] = []
    steps = [after[0].y - before[0].y for before, after in itertools.pairwise(body)]
    padded = bool(steps) and max(steps) > 1.2 * min(steps) and min(steps) <= 1.35 * size
    for index, row in enumerate(body):
        if groups and not _begins_row(row, steps[index - 1], edges, size, min(steps) if padded else None):
            groups[-1].append(row)
        else:
            groups.append([row])
    return _as_word(
        [_cells([word for row in group for word in row], edges) for group in groups], [w for row in body for w in row]
    ), rows[end:]


def _begins_row(row: Row, step: float, edges: list[float], size: float, tight: float | None) -> bool:
    if step > _NEXT_LINE * size and (tight is None or step > 1.15 * tight):
        return True
    if tight is not None:
        return step > 1.15 * tight
    return row[0].x0 < edges[0]


def _column_edges(rows: list[Row], gap: float) -> list[float]:
    """Return the left edges of all columns but the first: where a strip that no row covers ends."""
    spans = sorted((word.x0, word.x1) for row in rows for word in row)
    edges: list[float] = []
    reach = spans[0][1]
    for x0, x1 in spans:
        if x0 - reach >= gap:
            edges.append(x0 - 0.1)
        reach = max(reach, x1)
    return edges or [reach]


def _column_of(word: Word, edges: Sequence[float]) -> int:
    return sum(word.x0 >= edge for edge in edges)


def _cells(words: list[Word], edges: list[float]) -> list[tuple[str, ...]]:
    columns: list[list[Word]] = [[] for _ in range(len(edges) + 1)]
    for word in words:
        columns[_column_of(word, edges)].append(word)
    return [_cell_lines(column) for column in columns if column]


def _cell_lines(words: Iterable[Word]) -> tuple[str, ...]:
    return tuple(" ".join(word.text for word in row) for row in rows_of(words))


def _as_word(rows: list[list[tuple[str, ...]]], words: list[Word]) -> Word:
    x0, x1 = extent(words)
    bottom, top = max(word.y for word in words), min(word.top for word in words)
    packed = tuple(tuple("\n".join(cell) for cell in row) for row in rows)
    return Word("", x0, x1, bottom, main_size(words), rows=packed, top=top)


class _Grid:
    """Rules that touch each other, and the cells between them."""

    def __init__(self, rules: list[Rule]) -> None:
        self._across = [rule for rule in rules if rule.y0 == rule.y1]
        self._down = [rule for rule in rules if rule.y0 != rule.y1]
        self._xs = _levels([rule.x0 for rule in self._down] + [x for r in self._across for x in (r.x0, r.x1)])
        self._ys = _levels([rule.y0 for rule in self._across] + [y for r in self._down for y in (r.y0, r.y1)])

    def holds(self, word: Word) -> bool:
        x, y = (word.x0 + word.x1) / 2, word.y - word.size / 3
        return self._xs[0] <= x <= self._xs[-1] and self._ys[0] <= y <= self._ys[-1]

    def rows(self, words: list[Word]) -> list[list[tuple[str, ...]]]:
        """Return the words as rows of cells; a cell over several rows or columns counts where it begins."""
        owner = self._merged()
        cells: dict[tuple[int, int], list[Word]] = {}
        for word in words:
            at = (
                _between(self._ys, word.y - word.size / 3),
                _between(self._xs, (word.x0 + word.x1) / 2),
            )
            cells.setdefault(owner.get(at, at), []).append(word)
        rows: dict[int, list[tuple[str, ...]]] = {}
        for (row, _), inside in sorted(cells.items()):
            rows.setdefault(row, []).append(_cell_lines(inside))
        return list(rows.values())

    def _merged(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return for each cell of the raster the first cell that no rule parts it from."""
        owner: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(len(self._ys) - 1):
            for column in range(len(self._xs) - 1):
                owner[row, column] = row, column
                middle_y = (self._ys[row] + self._ys[row + 1]) / 2
                middle_x = (self._xs[column] + self._xs[column + 1]) / 2
                if column and self._down and not self._parted_left(self._xs[column], middle_y):
                    owner[row, column] = owner[row, column - 1]
                elif row and not self._parted_above(self._ys[row], middle_x):
                    owner[row, column] = owner[row - 1, column]
        return owner

    def _parted_left(self, x: float, y: float) -> bool:
        return any(abs(rule.x0 - x) <= _TOUCH and rule.y0 - _TOUCH <= y <= rule.y1 + _TOUCH for rule in self._down)

    def _parted_above(self, y: float, x: float) -> bool:
        return any(abs(rule.y0 - y) <= _TOUCH and rule.x0 - _TOUCH <= x <= rule.x1 + _TOUCH for rule in self._across)

    @property
    def is_table(self) -> bool:
        return len(self._ys) > 2 and len(self._xs) > 2


def _grids(rules: list[Rule]) -> list[_Grid]:
    """Return the groups of touching rules that enclose at least two rows and two columns."""
    groups: list[list[Rule]] = []
    for rule in rules:
        touching = [group for group in groups if any(_touch(rule, other) for other in group)]
        merged = [rule, *(other for group in touching for other in group)]
        groups = [group for group in groups if all(group is not other for other in touching)]
        groups.append(merged)
    grids = [_Grid(group) for group in groups if len(group) >= 4]
    return [grid for grid in grids if grid.is_table]


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 - _TOUCH <= other.x1
        and other.x0 - _TOUCH <= one.x1
        and one.y0 - _TOUCH <= other.y1
        and other.y0 - _TOUCH <= one.y1
    )


def _levels(values: list[float]) -> list[float]:
    """Return the distinct values, those within a touch of each other as one."""
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _TOUCH:
            levels.append(value)
    return levels


def _between(levels: list[float], value: float) -> int:
    return max(sum(level <= value for level in levels) - 1, 0)
