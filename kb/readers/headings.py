"""Which paragraphs of a PDF are its title and headings: what is set larger or bolder than the document's own body."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kb.readers.drafts import DraftBlock, clean, clean_row, is_caption

if TYPE_CHECKING:
    from kb.readers.hyphens import HyphenJoiner
    from kb.readers.layout import Paragraph

_LARGER = 1.1
_LONGEST, _MOST_LINES = 250, 5
_RUNNING_END = re.compile(r"[.;,]$")
_NUMBERED = re.compile(r"^(?:[\dIVXivx]{1,5}[.)]|\d{1,3}(?:\.\d{1,3})+\.?|§\s*\d+|\d+[-–](?:bob|боб|modda|модда)\b)")
_TITLE_WITHIN = 8
"""The title is looked for among so many first paragraphs."""


class Body:
    """The type of most of a document's text: `size` in points, and whether it is bold."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        sizes: Counter[float] = Counter()
        bold = total = 0
        for paragraph in paragraphs:
            for line in paragraph.lines:
                if line.is_table:
                    continue
                length = len(line.text)
                sizes[line.size] += length
                total += length
                bold += length if line.bold else 0
        self.size = min(sizes, key=lambda size: (-sizes[size], size)) if sizes else 0.0
        self.bold = bold > total / 2

    def is_heading(self, paragraph: Paragraph) -> bool:
        """Tell whether a paragraph is set like a heading above such text."""
        if paragraph.lines[0].is_table or len(paragraph.lines) > _MOST_LINES:
            return False
        text = paragraph.lines[0].text if len(paragraph.lines) == 1 else " ".join(line.text for line in paragraph.lines)
        if len(text) > _LONGEST or sum(map(str.isalpha, text)) < 2 or is_caption(text):
            return False
        larger = paragraph.size >= _LARGER * self.size
        bold = paragraph.bold and not self.bold and paragraph.size > 0.94 * self.size
        if not (larger or bold):
            return False
        if _RUNNING_END.search(text):
            return larger or (bool(_NUMBERED.match(text)) and text.endswith(".") and len(text) < 100)
        return True


def blocks_of(pages: list[list[Paragraph]], joiner: HyphenJoiner, metadata_title: str) -> list[list[DraftBlock]]:
    """Return the blocks of all pages; at most one of them is a title, on the first page that has text."""
    body = Body([paragraph for page in pages for paragraph in page])
    texts = [[joiner.join([line.text for line in paragraph.lines]) for paragraph in page] for page in pages]
    headings = {
        (number, at)
        for number, page in enumerate(pages)
        for at, paragraph in enumerate(page)
        if body.is_heading(paragraph)
    }
    title = _title(pages, texts, headings, metadata_title)
    levels = _levels([pages[number][at] for number, at in sorted(headings) if (number, at) != title])
    blocks: list[list[DraftBlock]] = []
    for number, page in enumerate(pages):
        blocks.append([])
        for at, paragraph in enumerate(page):
            if paragraph.lines[0].is_table:
                blocks[-1] += _table_rows(paragraph, joiner)
            elif (number, at) == title:
                blocks[-1].append(DraftBlock("title", texts[number][at]))
            elif (number, at) in headings:
                blocks[-1].append(DraftBlock("heading", texts[number][at], levels[_style(paragraph)]))
            else:
                blocks[-1].append(DraftBlock("list_item" if paragraph.listed else "paragraph", texts[number][at]))
    return blocks


def _table_rows(paragraph: Paragraph, joiner: HyphenJoiner) -> list[DraftBlock]:
    rows = paragraph.lines[0].words[0].rows
    return [DraftBlock("table_row", clean_row([joiner.join(cell.split("\n")) for cell in row])) for row in rows]


def _title(
    pages: list[list[Paragraph]], texts: list[list[str]], headings: set[tuple[int, int]], metadata_title: str
) -> tuple[int, int] | None:
    """Return the place of the title: the properties' title where it is printed, else the largest heading on top."""
    number = next((number for number, page in enumerate(pages) if page), None)
    if number is None:
        return None
    opening = range(min(len(pages[number]), _TITLE_WITHIN))
    claimed = clean(metadata_title).casefold()
    for at in opening:
        if claimed and clean(texts[number][at]).casefold() == claimed:
            return number, at
    candidates = [at for at in opening if (number, at) in headings]
    if not candidates:
        return None
    largest = min(candidates, key=lambda at: (-pages[number][at].size, at))
    others = [pages[other][at].size for other, at in headings if (other, at) != (number, largest)]
    unique = all(pages[number][largest].size > size for size in others)
    return (number, largest) if unique else (number, candidates[0])


def _style(paragraph: Paragraph) -> tuple[float, bool]:
    return round(paragraph.size * 2) / 2, paragraph.bold


def _levels(headings: list[Paragraph]) -> dict[tuple[float, bool], int]:
    """Return the level, 1-6, of each style of heading: larger first, then bold before not."""
    styles = sorted({_style(paragraph) for paragraph in headings}, key=lambda style: (-style[0], not style[1]))
    return {style: min(level, 6) for level, style in enumerate(styles, start=1)}
