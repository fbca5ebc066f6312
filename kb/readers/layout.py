"""Paragraphs, headings, lists and tables of a PDF, rebuilt from where its words stand.

Lines belong to one paragraph as long as nothing speaks against it: space between them, another type size, an indent,
or a line that ended although the next word had room in it (line breaking fills lines, so such an end was wanted).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.readers.lines import Line, is_bullet, is_marker, usual_gap

if TYPE_CHECKING:
    from collections.abc import Iterable

_MORE_SPACE = 1.3
_INDENT = 0.8
_SAME_SIZE = 0.07
_FLUSH, _TELLING_FLUSH = 1.5, 2
_TELLING_LINES = 6
"""Columns of so many lines show themselves how wide they are."""
_SENTENCE_END = re.compile(r"[.!?:;…][\"'»”’)\]]*$")
_OPENS = re.compile(r"^[\"'«“‘(\[]?[^\W_a-zа-яёўқғҳ]")
_LEADERS = re.compile(r"\.{4,}\s*\w{0,6}$|(?:\. ){4,}\w{0,6}$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Consecutive lines of one page that are one block."""

    lines: tuple[Line, ...]
    listed: bool = False

    @property
    def size(self) -> float:
        """Type size in points."""
        return self.lines[0].size

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)


class Spacing:
    """The usual distance from line to line, by type size, over a whole document."""

    def __init__(self, pages: Iterable[list[Line]]) -> None:
        steps: dict[float, Counter[float]] = defaultdict(Counter)
        for lines in pages:
            for before, after in itertools.pairwise(lines):
                step = after.y - before.y
                if before.size == after.size and 0.8 * after.size < step < 2.6 * after.size:
                    steps[after.size][round(step * 2) / 2] += 1
        self._usual = {size: self._tightest(counts) for size, counts in steps.items()}

    @staticmethod
    def _tightest(counts: Counter[float]) -> float:
        """Return the smallest step that is frequent: larger ones have space between paragraphs in them."""
        enough = 0.2 * max(counts.values())
        return min(step for step, count in counts.items() if count >= enough)

    def usual(self, size: float) -> float:
        """Return points from baseline to baseline within a paragraph of that type size."""
        known = self._usual.get(size)
        return 1.35 * size if known is None else min(known, 2.4 * size)


def paragraphs(lines: list[Line], spacing: Spacing, marks: list[tuple[float, float]]) -> list[Paragraph]:
    """Return the lines of one page, in reading order, as paragraphs.

    `marks` are the places (right edge, baseline) of bullets that are drawn instead of written.
    """
    found: list[Paragraph] = []
    current: list[Line] = []
    listed = False
    for line, after in zip(lines, [*lines[1:], None], strict=False):
        marked = _drawn_bullet(line, marks)
        begins = marked or (len(current) == 1 and _both_indented(current[0], line, after) and not listed)
        if current and (begins or not _continues(current, line, spacing, listed=listed)):
            found.append(Paragraph(tuple(current), listed))
            current = []
        if not current:
            listed = marked or _begins_item(line)
        current.append(line)
    if current:
        found.append(Paragraph(tuple(current), listed))
    return found


def _drawn_bullet(line: Line, marks: list[tuple[float, float]]) -> bool:
    return any(0 < line.x0 - x < 2.5 * line.size and 0 < line.y - y < line.size for x, y in marks)


def _both_indented(before: Line, line: Line, after: Line | None) -> bool:
    """Tell whether two lines are each the first of an indented paragraph, which the line after the second shows."""
    indent = _INDENT * line.size
    if line.x0 - line.column[0] <= indent or abs(before.x0 - line.x0) > 1 or before.size != line.size:
        return False
    if after is None or after.column != line.column or after.y < line.y:
        return bool(_SENTENCE_END.search(before.text))
    return line.x0 - after.x0 > indent


def _begins_item(line: Line) -> bool:
    first = line.words[0].text
    return len(line.words) > 1 and (is_bullet(first[0]) or is_marker(first)) and not line.is_table


def _continues(current: list[Line], line: Line, spacing: Spacing, *, listed: bool) -> bool:
    before = current[-1]
    if _is_apart(before, line, spacing):
        return False
    if line.y - before.y <= 0.5 * line.size:
        return _runs_on(current, line, listed=listed)
    if _hyphenated(before) or (before.bold == line.bold and _both_centred(before, line)):
        return True
    if is_bullet(line.words[0].text[0]) and len(line.words) > 1:
        return False
    if listed and len(current) == 1 and line.x0 > before.x0 + 1:
        return not _begins_item(line) or not _ended_early(before, current, line)
    return not _begins_anew(current, line, listed=listed)


def _is_apart(before: Line, line: Line, spacing: Spacing) -> bool:
    """Tell whether two lines cannot be of one paragraph: a table, other type, space between or another place."""
    step = line.y - before.y
    below = step > 0.5 * line.size
    return (
        line.is_table
        or before.is_table
        or bool(_LEADERS.search(before.text))
        or abs(line.size - before.size) > _SAME_SIZE * max(line.size, before.size)
        or (below and step > _MORE_SPACE * spacing.usual(line.size))
        or (below and (line.x0 > before.column[1] or line.x1 < before.column[0]))
    )


def _begins_anew(current: list[Line], line: Line, *, listed: bool) -> bool:
    """Tell whether a line at the usual distance begins a paragraph of its own."""
    before = current[-1]
    ended = _ended_early(before, current, line)
    if _is_indented(current, line, listed=listed) or _weight_changes(before, line, ended=ended):
        return True
    if not ended:
        return False
    slack = _right_edge(before, current) - before.x1
    wide = slack > 0.25 * (before.column[1] - before.column[0])
    opens = _SENTENCE_END.search(before.text) or _OPENS.match(line.text) or _begins_item(line)
    return wide or bool(opens)


def _is_indented(current: list[Line], line: Line, *, listed: bool) -> bool:
    """Tell whether a line begins further right than its paragraph's lines, or left of them (a hanging indent)."""
    before = current[-1]
    following = [one for one in current[1:] if one.column == before.column]
    left = following[0].x0 if following else line.column[0]
    if line.x0 - left > _INDENT * line.size and (following or before.x0 < line.x0 - 1) and not listed:
        return True
    return bool(following) and before.x0 - line.x0 > _INDENT * line.size


def _weight_changes(before: Line, line: Line, *, ended: bool) -> bool:
    """Tell whether a heading ends or begins between two lines; a bold run at a paragraph's start is none."""
    if before.bold and line.bold and _begins_item(line) and _begins_item(before):
        return True
    if before.bold == line.words[0].bold:
        return False
    return ended or (before.bold and not _SENTENCE_END.search(before.text))


def _right_edge(before: Line, current: list[Line]) -> float:
    """Return how far the lines of the paragraph reach: its own lines tell when there are three or more."""
    own = [line.x1 for line in current if line.column == before.column]
    if len(own) >= 3:
        return max(own)
    return before.column[1]


def _ended_early(before: Line, current: list[Line], line: Line) -> bool:
    """Tell whether the next line's first word had room on the line before it, or all lines but this one are flush."""
    edge = _right_edge(before, current)
    flush = [abs(edge - one.x1) <= _FLUSH for one in current[:-1] if one.column == before.column]
    if len(flush) >= _TELLING_FLUSH and all(flush) and before.x1 < edge - 2 * _FLUSH and not _hyphenated(before):
        return True
    first = line.words[0]
    space = max(usual_gap(list(before.words)), 0.25 * before.size)
    return before.x1 + first.x1 - first.x0 + space < edge - 0.1 * before.size


def _runs_on(current: list[Line], line: Line, *, listed: bool) -> bool:
    """Tell whether a paragraph goes on at the top of the next column."""
    before = current[-1]
    if _hyphenated(before):
        return True
    if line.bold != before.bold or _begins_item(line):
        return False
    if _ended_early(before, current, line) and (_SENTENCE_END.search(before.text) or not line.text[0].islower()):
        return False
    return listed or line.x0 - line.column[0] <= _INDENT * line.size


def _hyphenated(line: Line) -> bool:
    text = line.text
    return len(text) > 1 and text[-1] in "\ufffe\u00ad\u2010" and text[-2].isalpha()


def _both_centred(before: Line, line: Line) -> bool:
    """Tell whether two lines are set on one axis; a full line is only where no sentence ends with it."""
    for one in (before, line):
        left, right = one.column
        if abs((one.x0 - left) - (right - one.x1)) > 0.05 * (right - left):
            return False
    inset = [min(one.x0 - one.column[0], one.column[1] - one.x1) > one.size for one in (before, line)]
    return all(inset) or (any(inset) and (line.bold or not _SENTENCE_END.search(before.text)))


def widen_columns(pages: list[list[Line]]) -> list[list[Line]]:
    """Return the lines with short columns as wide as others that begin at the same place anywhere in the document.

    The last page may hold only short lines; where its column ends is then seen on other pages.
    """
    heights = [Counter(line.column for line in lines) for lines in pages]
    rights: dict[int, Counter[float]] = defaultdict(Counter)
    for heights_of_page in heights:
        for (left, right), count in heights_of_page.items():
            for place in range(round(left / 3) - 1, round(left / 3) + 2):
                rights[place][round(right)] += count
    widened: list[list[Line]] = []
    for lines, heights_of_page in zip(pages, heights, strict=True):
        widened.append([])
        for line in lines:
            common = rights[round(line.column[0] / 3)].most_common(1)[0][0]
            wider = heights_of_page[line.column] < _TELLING_LINES and common > line.column[1] + 1
            widened[-1].append(Line(line.words, (line.column[0], common)) if wider else line)
    return widened
