"""Words and ruled lines of a PDF page with their places, from pdfium.

Only the first and last character of each word are measured: pdfium tells where words end, and a page then costs a few
milliseconds. Places are in points from the top left corner as the text runs (a page whose text runs sideways is
turned); a word stands on its baseline.
"""

from __future__ import annotations

import math
import re
from ctypes import byref, c_double, c_float, c_int, c_ushort, create_string_buffer
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

HYPHEN = "\ufffe"
"""Stands for a hyphen at the end of a line, hard or soft; pdfium does not tell and gives U+0002 or U+FFFE."""

_WORD = re.compile(r"[^\s\0\uffff\ufffe]*\ufffe|[^\s\0\uffff\ufffe]+")
"""A hyphen at a line's end ends a word, as nothing else parts it from the next line."""
_BOLD_NAME = re.compile(rb"bold|black|heavy|demi|semib", re.I)
_BOLD_WEIGHT = 600
_NEAR = 0.5
_THIN = 2.5
_SHORTEST_RULE = 8.0
_SMALLEST_MARK, _LARGEST_MARK = 1.5, 7.0


class Word(NamedTuple):
    """A word from `x0` to `x1`, standing at `y` (downwards). `rows` is set for a whole table standing in for a word."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn straight line, horizontal when `y0 == y1`, else vertical."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class PageGlyphs:
    """All of one page.

    `sideways` are words that run in another direction than most, in the file's order; `marks` are small drawn boxes
    (right edge, lower edge) such as bullets.
    """

    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    marks: list[tuple[float, float]] = field(default_factory=list)


def page_glyphs(page: Any) -> PageGlyphs:
    """Return what stands on a pypdfium2 page. Raises pypdfium2.PdfiumError when pdfium cannot load its text."""
    text_page = page.get_textpage()
    try:
        measured = list(_Measure(text_page.raw).words())
    finally:
        text_page.close()
    turns = [word.turn for word in measured for _ in word.text]
    turn = max(range(4), key=turns.count) if turns else 0
    left, bottom, right, top = page.get_bbox()
    box = _Box(left, bottom, right, top, turn)
    glyphs = PageGlyphs(*box.size())
    for word in measured:
        if word.turn == turn:
            glyphs.words.append(box.place(word))
        else:
            glyphs.sideways.append(word.text)
    if turn == 0 and len(glyphs.words) > 1:
        drawn = list(_boxes(page.raw, left, top))
        glyphs.marks = [(x1, y1) for x0, y0, x1, y1 in drawn if _is_mark(x1 - x0, y1 - y0)]
        glyphs.rules = [rule for box in drawn for rule in _rules(*box) if _inside(rule, glyphs)]
    return glyphs


class _Measured(NamedTuple):
    text: str
    x: float
    y: float
    end_x: float
    end_y: float
    size: float
    bold: bool
    turn: int


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float
    turn: int

    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.turn % 2 else (width, height)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the page in the coordinates of text that runs at `turn` times 90 degrees."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 1:
            return y - self.bottom, x - self.left
        if self.turn == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def place(self, word: _Measured) -> Word:
        x0, y = self._point(word.x, word.y)
        x1, _ = self._point(word.end_x, word.end_y)
        return Word(word.text, min(x0, x1), max(x0, x1), y, word.size, word.bold, top=y - word.size)


class _Measure:
    """Reads one text page; its buffers are reused for every call into pdfium."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._x, self._y = c_double(), c_double()
        self._matrix, self._rect = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
        self._name, self._flags = create_string_buffer(128), c_int()
        self._bold: dict[bytes, bool] = {}

    def words(self) -> Iterator[_Measured]:
        text = self._all_text()
        for match in _WORD.finditer(text):
            yield from self._word(match.start(), match.group())

    def _all_text(self) -> str:
        """Return the page's characters, one for each of pdfium's; spaces and what is no character are spaces."""
        count = pdfium.FPDFText_CountChars(self._raw)
        if count <= 0:
            return ""
        buffer = (c_ushort * (count + 1))()
        written = pdfium.FPDFText_GetText(self._raw, 0, count, buffer) - 1
        if written == count:
            text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
            if len(text) == count:
                return text.replace("\x02", HYPHEN)
        return "".join(_character(pdfium.FPDFText_GetUnicode(self._raw, index)) for index in range(count))

    def _word(self, start: int, text: str) -> Iterator[_Measured]:
        """Yield the word, in pieces where pdfium ran characters of several lines together."""
        end = start + len(text)
        x, y = self._origin(start)
        size, turn = self._size_and_turn(start)
        pdfium.FPDFText_GetLooseCharBox(self._raw, end - 1, self._rect)
        left, top, right, bottom = self._rect.left, self._rect.top, self._rect.right, self._rect.bottom
        if len(text) > 1:
            across = left - size < x < right + size if turn % 2 else bottom - _NEAR * size < y < top + _NEAR * size
            forward = (right > x, top > y, left < x, bottom < y)[turn]
            middle = end if across and forward else self._break(start, end, turn, size)
            if middle < end:
                yield from self._word(start, text[: middle - start])
                yield from self._word(middle, text[middle - start :])
                return
        end_x, end_y = ((right, y), (x, top), (left, y), (x, bottom))[turn]
        yield _Measured(text, x, y, end_x, end_y, size, self._is_bold(start), turn)

    def _break(self, start: int, end: int, turn: int, size: float) -> int:
        """Return the index of the first character that does not follow on the line of the first, `end` for none."""
        x, y = self._origin(start)
        for index in range(start + 1, end):
            next_x, next_y = self._origin(index)
            across = abs(next_x - x) if turn % 2 else abs(next_y - y)
            along = (next_x - x, next_y - y, x - next_x, y - next_y)[turn]
            if across > _NEAR * size or along < -size:
                return index
            if across == 0:
                x, y = next_x, next_y
        return end

    def _origin(self, index: int) -> tuple[float, float]:
        pdfium.FPDFText_GetCharOrigin(self._raw, index, byref(self._x), byref(self._y))
        return self._x.value, self._y.value

    def _size_and_turn(self, index: int) -> tuple[float, int]:
        """Return the type size as drawn, in points to a tenth, and the direction in quarter turns anticlockwise."""
        size = pdfium.FPDFText_GetFontSize(self._raw, index)
        matrix = self._matrix
        pdfium.FPDFText_GetMatrix(self._raw, index, matrix)
        scale = math.hypot(matrix.c, matrix.d)
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        return max(round(size * scale, 1), 0.1), turn

    def _is_bold(self, index: int) -> bool:
        length = pdfium.FPDFText_GetFontInfo(self._raw, index, self._name, 128, byref(self._flags))
        name = self._name.raw[: max(min(length, 128) - 1, 0)]
        known = self._bold.get(name)
        if known is None:
            weight = pdfium.FPDFText_GetFontWeight(self._raw, index)
            known = self._bold[name] = bool(_BOLD_NAME.search(name)) or weight >= _BOLD_WEIGHT
        return known


def _character(code: int) -> str:
    """Return the character of a code point, a space for what is none."""
    if code == 2:
        return HYPHEN
    if code in {0, 0xFFFF} or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return " "
    return chr(code)


def _boxes(raw: Any, left: float, top: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield the bounds (left, top, right, bottom) of what the page itself draws with lines and fills."""
    x0, y0, x1, y1 = c_float(), c_float(), c_float(), c_float()
    for index in range(pdfium.FPDFPage_CountObjects(raw)):
        drawing = pdfium.FPDFPage_GetObject(raw, index)
        if pdfium.FPDFPageObj_GetType(drawing) == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPageObj_GetBounds(
            drawing, byref(x0), byref(y0), byref(x1), byref(y1)
        ):
            yield x0.value - left, top - y1.value, x1.value - left, top - y0.value


def _is_mark(width: float, height: float) -> bool:
    return min(width, height) >= _SMALLEST_MARK and max(width, height) <= _LARGEST_MARK


def _rules(west: float, north: float, east: float, south: float) -> Iterator[Rule]:
    """Yield the straight lines that a drawn box shows: itself when it is thin, else its edges."""
    if south - north <= _THIN:
        if east - west >= _SHORTEST_RULE:
            yield Rule(west, (north + south) / 2, east, (north + south) / 2)
    elif east - west <= _THIN:
        if south - north >= _SHORTEST_RULE:
            yield Rule((west + east) / 2, north, (west + east) / 2, south)
    elif not _is_mark(east - west, south - north):
        yield Rule(west, north, east, north)
        yield Rule(west, south, east, south)
        yield Rule(west, north, west, south)
        yield Rule(east, north, east, south)


def _inside(rule: Rule, glyphs: PageGlyphs) -> bool:
    """Tell whether a rule is on the page and not the frame or background of all of it."""
    if rule.x1 < 0 or rule.x0 > glyphs.width or rule.y1 < 0 or rule.y0 > glyphs.height:
        return False
    return rule.x1 - rule.x0 < 0.97 * glyphs.width and rule.y1 - rule.y0 < 0.97 * glyphs.height
