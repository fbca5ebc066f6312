"""Running heads, feet and page numbers: found by comparing pages, taken out of the text, and read for page labels.

A part of a row at the top or bottom of a page is furniture when other pages have the same at the same height, where
numbers that count with the pages are the same. What is printed as a page number becomes the page's label.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.readers.lines import Row, main_size, rows_of, segments
from kb.readers.numerals import roman, roman_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kb.readers.glyphs import PageGlyphs, Word

_ROWS_LOOKED_AT = 3
_MARGIN = 0.16
"""Share of the page's height, at the top and at the bottom, in which furniture is looked for."""
_SAME_HEIGHT = 3.0
_PART_GAP = 1.8
_COMMON_SHARE, _COMMON_COUNT, _SURELY_COMMON = 0.3, 3, 5
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_ONLY_NUMBER = re.compile(
    r"^[\W_]*(?:(?:page|p\.|стр\.?|страница|с\.|bet|бет|саҳифа|sahifa)\s*)?(\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|из|dan|дан|[-–]?\s*(?:bet|бет|стр\.?|sahifa|саҳифа))\s*(\d{1,4})?)?[\W_]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a row near a page's edge: `height` is its distance from that edge, negative from the bottom."""

    page: int
    words: tuple[Word, ...]
    height: float
    apart: bool
    text: str

    @property
    def key(self) -> str:
        return _NUMBER.sub("#", self.text).casefold()


@dataclass(slots=True)
class Furniture:
    """What was found: words to leave out, and printed labels ('' where a page has none), both by page."""

    words: list[set[Word]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def find_furniture(pages: list[PageGlyphs], labels: list[str] | None = None) -> Furniture:
    """Return the furniture of all pages of a document. `labels` are those that the file itself gives its pages."""
    parts = [list(_edge_parts(index, page)) for index, page in enumerate(pages)]
    everything = [part for page in parts for part in page]
    offsets = _number_offsets(everything)
    found = Furniture([set() for _ in pages], _labels(parts, offsets, len(pages)))
    for part in everything:
        given = labels is not None and _shown_label(part) == labels[part.page].casefold()
        if given or _is_page_number(part, offsets, len(pages)):
            found.words[part.page].update(part.words)
    body = _body_size(pages)
    for group in _by_key_and_height(everything):
        shows: dict[tuple[object, ...], set[int]] = defaultdict(set)
        for part in group:
            for sign in _signs(part):
                shows[sign].add(part.page)
        for part in group:
            if _is_common(part, max(len(shows[sign]) for sign in _signs(part)), len(pages), body):
                found.words[part.page].update(part.words)
    return found


def _edge_parts(index: int, page: PageGlyphs) -> Iterator[_Part]:
    rows = rows_of(page.words)
    for position, row in enumerate(rows):
        baseline = row[0].y
        top, bottom = baseline < _MARGIN * page.height, baseline > (1 - _MARGIN) * page.height
        outer = min(position, len(rows) - 1 - position)
        if outer >= _ROWS_LOOKED_AT or not (top or bottom):
            continue
        height = baseline if top else baseline - page.height
        apart = _stands_apart(rows, position, top=top)
        for part in segments(row, _PART_GAP * main_size(row)):
            yield _Part(index, tuple(part), height, apart, " ".join(word.text for word in part))


def _stands_apart(rows: list[Row], position: int, *, top: bool) -> bool:
    """Tell whether more than a line's space lies between the row and the text that it is above or below."""
    neighbour = position + 1 if top else position - 1
    if not 0 <= neighbour < len(rows):
        return True
    size = max(main_size(rows[position]), main_size(rows[neighbour]))
    return abs(rows[neighbour][0].y - rows[position][0].y) > 1.6 * size


def _body_size(pages: list[PageGlyphs]) -> float:
    return main_size(word for page in pages for word in page.words)


def _by_key_and_height(parts: list[_Part]) -> Iterator[list[_Part]]:
    """Yield the parts that differ at most in numbers and stand at one height."""
    by_key: dict[str, list[_Part]] = defaultdict(list)
    for part in sorted(parts, key=lambda part: part.height):
        by_key[part.key].append(part)
    for group in by_key.values():
        same: list[_Part] = []
        for part in group:
            if same and part.height - same[-1].height > _SAME_HEIGHT:
                yield same
                same = []
            same.append(part)
        yield same


def _signs(part: _Part) -> Iterator[tuple[object, ...]]:
    """Yield what a part has in common with the same furniture on other pages.

    That is its text, or its text with one number counting along with the pages.
    """
    yield ("text", part.text)
    numbers = _numbers(part.text)
    for at, (kind, number) in enumerate(numbers):
        yield (at, kind, number - part.page, *numbers[:at], *numbers[at + 1 :])


def _is_common(part: _Part, pages: int, page_count: int, body: float) -> bool:
    """Tell whether a part that so many pages show is furniture; on few pages it must also look like it."""
    if pages >= _COMMON_COUNT and (pages >= _COMMON_SHARE * page_count or pages >= _SURELY_COMMON):
        return True
    large = main_size(part.words) > 1.1 * body
    return pages >= 2 and pages >= _COMMON_SHARE * page_count and part.apart and not large


def _numbers(text: str) -> list[tuple[str, int]]:
    """Return the numbers in a text as (kind, value); kind is "arabic", "roman" or "ROMAN"."""
    found = []
    for match in _NUMBER.finditer(text):
        value = match.group()
        if value.isdigit():
            if len(value) <= 4:
                found.append(("arabic", int(value)))
        elif value.islower() or value.isupper():
            number = roman_value(value.lower())
            if number:
                found.append(("roman" if value.islower() else "ROMAN", number))
    return found


def _number_offsets(parts: list[_Part]) -> dict[tuple[str, int], set[int]]:
    """Return for each way of counting, (kind, number minus page), the pages that show it; only what counts on."""
    pages: dict[tuple[str, int], set[int]] = defaultdict(set)
    for part in parts:
        for kind, number in _numbers(part.text):
            pages[kind, number - part.page].add(part.page)
    return {way: seen for way, seen in pages.items() if len(seen) >= 2 and _mostly_consecutive(seen)}


def _mostly_consecutive(pages: set[int]) -> bool:
    return len(pages) >= 0.4 * (max(pages) - min(pages) + 1)


def _is_page_number(part: _Part, offsets: dict[tuple[str, int], set[int]], page_count: int) -> bool:
    match = _ONLY_NUMBER.match(part.text)
    numbers = _numbers(match.group(1)) if match else []
    if not numbers:
        return False
    kind, number = numbers[0]
    if (kind, number - part.page) in offsets:
        return True
    counted_from_one = kind == "arabic" and number == part.page + 1
    return part.apart and (counted_from_one or (page_count == 1 and kind == "arabic"))


def _shown_label(part: _Part) -> str:
    """Return what a part shows as a page number, in small letters; '' when it is none."""
    match = _ONLY_NUMBER.match(part.text)
    return match.group(1).casefold() if match else ""


def _labels(parts: list[list[_Part]], offsets: dict[tuple[str, int], set[int]], page_count: int) -> list[str]:
    """Return each page's printed number; pages between and just before numbered ones count along."""
    labels = [""] * page_count
    ways = sorted(offsets, key=lambda way: (-len(offsets[way]), way))
    for page, own in enumerate(parts):
        alone = [part for part in own if _is_page_number(part, offsets, page_count)]
        rest = [part for part in own if part not in alone]
        for candidates in (alone, rest):
            label = _label_of(page, candidates, ways, lonely=candidates is alone)
            if label:
                labels[page] = label
                break
    main = [way for way in ways if any(labels[page] for page in offsets[way])]
    for kind, offset in main[:3]:
        _fill(labels, kind, offset, offsets[kind, offset])
    return labels


def _label_of(page: int, parts: list[_Part], ways: list[tuple[str, int]], *, lonely: bool) -> str:
    shown = Counter(number for part in parts for number in _numbers(part.text))
    for kind, offset in ways:
        if shown[kind, page + offset]:
            return _written(kind, page + offset)
    if lonely and parts:
        numbers = _numbers(parts[0].text)
        return _written(*numbers[0]) if numbers else ""
    return ""


def _fill(labels: list[str], kind: str, offset: int, seen: set[int]) -> None:
    """Give pages without a printed number the one that they are counted as."""
    for page in range(min(seen), max(seen) + 1):
        labels[page] = labels[page] or _written(kind, page + offset)
    page = min(seen) - 1
    while page >= 0 and not labels[page] and page + offset >= 1:
        labels[page] = _written(kind, page + offset)
        page -= 1
    page = max(seen) + 1
    while page < len(labels) and not labels[page]:
        labels[page] = _written(kind, page + offset)
        page += 1


def _written(kind: str, number: int) -> str:
    if kind == "arabic":
        return str(number)
    return roman(number) if kind == "roman" else roman(number).upper()
