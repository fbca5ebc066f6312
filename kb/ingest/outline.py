"""Pages as a sequence of sentences under headings: what the cutting of passages works on.

Readers say where blocks stand; cutting needs to know which sentences follow each other, under which headings,
and how badly a cut before each of them would hurt. This module turns the one into the other and loses no text:
characters outside every block count as paragraphs, and a heading with nothing beneath it counts as body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from kb.records import Block, Span
from kb.text.language import identify
from kb.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.records import Page

# What a cut costs, in units of one passage at the edge of the allowed length (which costs 1).
_INSIDE_SENTENCE = 10.0
_INSIDE_PARAGRAPH = 0.35
_AFTER_LEAD_IN = 1.0
_INSIDE_LIST = 0.5
_INSIDE_TABLE = 0.6

_LONGEST_WORD = 40
_LANGUAGE_WORDS = 8
_LANGUAGE_CONFIDENCE = 0.9
_LANGUAGE_CHARACTERS = 240
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CLAUSE_END = re.compile(r"[,;:—–)](?=\s)")
_SPACE = re.compile(r"\s+")
# Whatever its print size, the heading of a table of contents is above nothing but that table.
_CONTENTS = frozenset(["mundarija", "мундарижа", "содержание", "оглавление", "contents", "table of contents"])
_CLOSED = tuple(".!?…:;»”\"')")


@dataclass(frozen=True, slots=True)
class Section:
    """Text under one path of `headings`, outermost first.

    `lines` are the spans of the headings that stand right before it. `opens` is true where a new work begins
    (the document's title), so that nothing before may be joined to it. `words` counts its body.
    """

    headings: tuple[str, ...]
    lines: tuple[Span, ...]
    opens: bool
    words: int = 0


@dataclass(frozen=True, slots=True)
class Atom:
    """What no cut divides: a sentence, or a part of one that alone exceeds a passage.

    Atoms with the same `sentence` number are parts of one sentence. `cut` is what beginning a passage here costs,
    `language_change` whether the paragraph that begins here is in another language than the one before.
    """

    span: Span
    words: int
    section: int
    sentence: int
    cut: float
    language_change: bool = False


class _Part(NamedTuple):
    """A block or a stretch outside every block, without white space at its ends."""

    page: Page
    block: Block

    @property
    def text(self) -> str:
        return self.page.text[self.block.start : self.block.end]


def count_words(text: str) -> int:
    """Return the words between white space; one of more than 40 characters counts once for every 40 begun."""
    return sum((len(word) + _LONGEST_WORD - 1) // _LONGEST_WORD for word in text.split())


def outline(pages: Sequence[Page], title: str, max_words: int) -> tuple[list[Section], list[Atom]]:
    """Return the sections and, in reading order, the atoms of a document, none longer than `max_words`."""
    parts = _demote_bare_headings([part for page in pages for part in _parts(page)])
    sections: list[Section] = []
    atoms: list[Atom] = []
    stack: list[tuple[int, str]] = []
    lines: list[Span] = []
    opens = begins = True
    before: _Part | None = None
    language = ""
    sentence = 0
    for part, is_heading in parts:
        block = part.block
        if is_heading or block.kind in {"title", "heading"}:
            stack = [entry for entry in stack if entry[0] < _level(part)]
            begins = True
        if is_heading:
            heading = " ".join(part.text.split())
            is_title = _same(heading, title)
            if is_title or block.kind == "title":
                opens, lines = True, []
            if not is_title:
                stack.append((_level(part), heading))
                lines.append(Span(part.page.index, block.start, block.end))
            before = None
            continue
        if begins:
            sections.append(Section(tuple(text for _, text in stack), tuple(lines), opens))
            lines, opens, begins, before = [], False, False, None
        own = _language(part.text)
        change = bool(before and own and language and own != language)
        language = own or language
        continued = before is not None and _continues(before, part)
        cut = _INSIDE_SENTENCE if continued else _cut_before(before, part)
        sentence += not continued
        words = 0
        for number, (span, first) in enumerate(_pieces(part, max_words)):
            if number:
                sentence += first
                cut = _INSIDE_PARAGRAPH if first else _INSIDE_SENTENCE
            length = count_words(part.page.text[span.start : span.end])
            words += length
            atoms.append(Atom(span, length, len(sections) - 1, sentence, cut, change and not number))
        sections[-1] = replace(sections[-1], words=sections[-1].words + words)
        before = part
    return sections, atoms


def _parts(page: Page) -> Iterator[_Part]:
    """Yield the page's blocks in order, with what lies between them as paragraphs; overlaps go to the first."""
    position = 0
    for block in sorted(page.blocks, key=lambda block: (block.start, block.end)):
        start, end = max(block.start, position), min(block.end, len(page.text))
        if start < end:
            yield from _paragraphs(page, position, start)
            yield from _trimmed(page, replace(block, start=start, end=end))
            position = end
    yield from _paragraphs(page, position, len(page.text))


def _paragraphs(page: Page, start: int, end: int) -> Iterator[_Part]:
    for gap in _BLANK_LINE.finditer(page.text, start, end):
        yield from _trimmed(page, Block("paragraph", start, gap.start()))
        start = gap.end()
    yield from _trimmed(page, Block("paragraph", start, end))


def _trimmed(page: Page, block: Block) -> Iterator[_Part]:
    text = page.text[block.start : block.end]
    start = block.start + len(text) - len(text.lstrip())
    end = block.start + len(text.rstrip())
    if start < end:
        yield _Part(page, replace(block, start=start, end=end))


def _level(part: _Part) -> int:
    """Return 0 for a title, 1 to 6 for a heading, 7 for one that no other heading is under."""
    if part.block.kind == "title":
        return 0
    return 7 if part.text.strip(" .:").casefold() in _CONTENTS else min(max(part.block.level, 1), 6)


def _demote_bare_headings(parts: list[_Part]) -> list[tuple[_Part, bool]]:
    """Pair each part with whether it heads any text; headings that head none are text themselves."""
    covered = [False] * 8  # by level: does body text follow before the next heading of that level or above?
    paired: list[tuple[_Part, bool]] = []
    for part in reversed(parts):
        heads = False
        if part.block.kind in {"title", "heading"}:
            level = _level(part)
            heads = covered[level]
            covered = [state and lower < level for lower, state in enumerate(covered)]
        if not heads:
            covered = [True] * 8
        paired.append((part, heads))
    return paired[::-1]


def _same(heading: str, title: str) -> bool:
    return heading.casefold() == " ".join(title.split()).casefold()


def _language(text: str) -> str:
    """Return the language that a paragraph begins in when it is long enough to be sure of it, else ''."""
    if count_words(text) < _LANGUAGE_WORDS:
        return ""
    found = identify(text[:_LANGUAGE_CHARACTERS])
    return found.language if found.confidence >= _LANGUAGE_CONFIDENCE and found.language != "und" else ""


def _continues(before: _Part, part: _Part) -> bool:
    """Whether a page break divides one paragraph: open end before it, a small letter after it."""
    return (
        before.page.index != part.page.index
        and part.block.kind == "paragraph"
        and before.block.kind in {"paragraph", "list_item"}
        and not before.text.endswith(_CLOSED)
        and part.text[0].islower()
    )


def _cut_before(before: _Part | None, part: _Part) -> float:
    if before is None:
        return 0.0
    follows = part.block.kind == before.block.kind
    if part.block.kind == "list_item":
        return _INSIDE_LIST if follows else _AFTER_LEAD_IN
    if part.block.kind == "table_row":
        return _INSIDE_TABLE if follows else _AFTER_LEAD_IN
    return _AFTER_LEAD_IN if before.text.endswith(":") else 0.0


def _pieces(part: _Part, max_words: int) -> Iterator[tuple[Span, bool]]:
    """Yield the spans of a part's sentences, and whether each begins one; together they leave out only space."""
    page, block = part
    text = part.text
    found = [(0, len(text))] if block.kind == "table_row" else sentence_spans(text)
    starts = [0, *(start for start, _ in found[1:])]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        first = True
        for piece_start, piece_end in _divide(text, start, end, max_words):
            yield Span(page.index, block.start + piece_start, block.start + piece_end), first
            first = False


def _divide(text: str, start: int, end: int, max_words: int) -> Iterator[tuple[int, int]]:
    """Yield spans of at most `max_words`: at the clause end nearest the middle, else the space, else anywhere."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    end = start + len(piece)
    if start == end:
        return
    if count_words(piece) <= max_words or len(piece) == 1:
        yield start, end
        return
    middle = len(piece) // 2
    clauses = [match.end() for match in _CLAUSE_END.finditer(piece, len(piece) // 4, len(piece) * 3 // 4)]
    places = clauses or [match.start() for match in _SPACE.finditer(piece)] or [middle]
    place = start + min(places, key=lambda place: abs(place - middle))
    yield from _divide(text, start, place, max_words)
    yield from _divide(text, place, end, max_words)
