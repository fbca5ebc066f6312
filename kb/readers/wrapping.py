"""Paragraphs out of plain lines: texts wrapped at a width, and extractors that put an empty line after every line.

The rule is the one of the page layout, counted in characters: a line that ended although the next word had room in
it ended a paragraph.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from kb.readers.drafts import DraftBlock, clean
from kb.readers.hyphens import HyphenJoiner
from kb.readers.lines import is_bullet, is_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_WRAP = 160
"""Texts with longer lines are not wrapped: each line is a paragraph."""
_SENTENCE_END = re.compile(r"[.!?:;…][\"'»”’)\]]*$")
_NUMBERED_HEADING = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.)\s+\S")
_HEADING_WORDS, _HEADING_CHARACTERS = 14, 110
_DOUBLE_SPACED, _UNFINISHED = 0.85, 0.4


def blocks_of_text(text: str, joiner: HyphenJoiner | None = None) -> list[DraftBlock]:
    """Return the paragraphs, list items and headings of a plain text."""
    lines = [clean(line) for line in re.split(r"\r\n|\n|\r|\u2028|\u2029|\u0085", text)]
    joiner = joiner or HyphenJoiner(word for line in lines for word in line.split()[1:-1])
    groups = _groups(lines)
    width = _width([line for group in groups for line in group])
    blocks: list[DraftBlock] = []
    for group in groups:
        pieces = list(_pieces(group, width))
        blocks += [_block(joiner.join(piece), alone=len(group) == 1) for piece in pieces]
    return _only_headings_above_text(blocks)


def _groups(lines: list[str]) -> list[list[str]]:
    """Return the runs of lines between empty ones; where every line is followed by one, those do not count."""
    groups: list[list[str]] = [[]]
    empty = 0
    doubled = _is_double_spaced(lines)
    for line in lines:
        if not line:
            empty += 1
            continue
        if empty > (1 if doubled else 0):
            groups.append([])
        groups[-1].append(line)
        empty = 0
    return [group for group in groups if group]


def _is_double_spaced(lines: list[str]) -> bool:
    """Tell whether an empty line follows nearly every line, although sentences run on over it."""
    pairs = [(line, after) for line, after in itertools.pairwise(lines) if line]
    texts = [line for line in lines if line]
    if len(texts) < 4 or sum(not after for _, after in pairs) < _DOUBLE_SPACED * len(pairs):
        return False
    runs_on = [not _SENTENCE_END.search(line) and after[0].islower() for line, after in itertools.pairwise(texts)]
    return sum(runs_on) >= _UNFINISHED * len(runs_on)


def _width(lines: list[str]) -> int:
    """Return how many characters a line holds, 0 when the text is not wrapped."""
    lengths = sorted(len(line) for line in lines)
    if not lengths:
        return 0
    longest = lengths[-1] if len(lengths) < 20 else lengths[int(0.98 * (len(lengths) - 1))]
    return longest if longest <= _LONGEST_WRAP else 0


def _pieces(group: list[str], width: int) -> Iterator[list[str]]:
    """Yield the lines of each paragraph of a run without empty lines."""
    current: list[str] = []
    for line in group:
        if current and _begins_anew(current[-1], line, max(width, 1) if width else 0):
            yield current
            current = []
        current.append(line)
    yield current


def _begins_anew(before: str, line: str, width: int) -> bool:
    if not width:
        return True
    first = line.split(" ", 1)[0]
    if len(before) + 1 + len(first) > width:
        return False
    if before[-1] in "-\u2010" and before[-2:-1].isalpha() and line[0].islower():
        return False
    if _is_item(line):
        return True
    short = len(before) < 0.75 * width
    return (short or bool(_SENTENCE_END.search(before))) and not line[0].islower()


def _is_item(line: str) -> bool:
    first, _, rest = line.partition(" ")
    return bool(rest) and (is_bullet(first[0]) or is_marker(first))


def _block(text: str, *, alone: bool) -> DraftBlock:
    """Return the block of one paragraph; `alone` says that it is one line between empty ones."""
    short = len(text) <= _HEADING_CHARACTERS and len(text.split()) <= _HEADING_WORDS
    ends_openly = not _SENTENCE_END.search(text) and not text.endswith(",")
    lettered = sum(map(str.isalpha, text)) >= 3
    if alone and short and ends_openly and lettered:
        if _NUMBERED_HEADING.match(text):
            dots = text.split(" ", 1)[0].strip(".").count(".")
            return DraftBlock("heading", text, min(dots + 1, 6))
        if text.isupper() and not _is_item(text):
            return DraftBlock("heading", text, 1)
    return DraftBlock("list_item" if _is_item(text) else "paragraph", text)


def _only_headings_above_text(blocks: list[DraftBlock]) -> list[DraftBlock]:
    """Return the blocks with those headings that no longer text follows turned back into paragraphs."""
    kept: list[DraftBlock] = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=False):
        heads = after is not None and (after.kind == "heading" or len(after.text) > len(block.text))
        numbered = bool(_NUMBERED_HEADING.match(block.text))
        if block.kind == "heading" and not heads:
            kept.append(DraftBlock("list_item" if numbered else "paragraph", block.text))
        else:
            kept.append(block)
    return kept
