"""PDF: pypdf looks first (bounds, encryption, labels, properties), pdfium gives the text, pypdf where pdfium fails."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdf.errors import LimitReachedError

from kb.readers.columns import reading_order
from kb.readers.drafts import Draft, DraftBlock, DraftPage
from kb.readers.furniture import find_furniture
from kb.readers.glyphs import PageGlyphs, page_glyphs
from kb.readers.headings import blocks_of
from kb.readers.hyphens import HyphenJoiner
from kb.readers.layout import Spacing, paragraphs, widen_columns
from kb.readers.pdf_facts import BROKEN, bomb, look_into
from kb.readers.tables import ruled_tables
from kb.readers.wrapping import blocks_of_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pypdf

    from kb.readers.glyphs import Word
    from kb.readers.lines import Line
    from kb.settings import ReadingSettings

_log = logging.getLogger(__name__)
_HYPHENATED_SHARE = 0.025
"""Share of lines that end in a hyphen from which on the document is taken to be hyphenated by a program."""
_HYPHENS = "-\u2010\u00ad\ufffe"


def read(path: Path, data: bytes, limits: ReadingSettings) -> Draft:
    """Return the draft of a PDF. Raises ReadError's children."""
    facts = look_into(path, data, limits)
    labels = facts.labels
    draft = Draft([], metadata_title=facts.title, metadata_date=facts.date)
    glyphs = _all_glyphs(path, data, facts.count, draft)
    fallback = {
        index: text
        for index, page in enumerate(glyphs)
        if not page.words and not page.sideways and (text := _fallback_text(path, facts.reader, index, draft))
    }
    furniture = find_furniture(glyphs, labels)
    lines: list[list[Line]] = []
    for page, dropped in zip(glyphs, furniture.words, strict=True):
        tables, words = ruled_tables([word for word in page.words if word not in dropped], page.rules)
        lines.append(reading_order([*words, *tables]))
    lines = widen_columns(lines)
    spacing = Spacing(lines)
    vocabulary, hyphenates = _vocabulary(glyphs)
    joiner = HyphenJoiner(vocabulary, hyphenates=hyphenates)
    built = [paragraphs(own, spacing, page.marks) for own, page in zip(lines, glyphs, strict=True)]
    for index, blocks in enumerate(blocks_of(built, joiner, draft.metadata_title)):
        printed = furniture.labels[index] or _unprinted(index, furniture.labels)
        if index in fallback:
            blocks.extend(blocks_of_text(fallback[index]))
        if glyphs[index].sideways:
            blocks.append(DraftBlock("paragraph", " ".join(glyphs[index].sideways)))
        draft.pages.append(DraftPage(labels[index] if labels else printed, blocks))
    draft.title = next((block.text for page in draft.pages for block in page.blocks if block.kind == "title"), "")
    return draft


def _all_glyphs(path: Path, data: bytes, count: int, draft: Draft) -> list[PageGlyphs]:
    """Return the glyphs of all pages; a page that pdfium cannot read comes out empty, with a warning."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        _log.info("%s: pdfium does not open it (%s); pypdf reads it", path, error)
        return [PageGlyphs(0, 0) for _ in range(count)]
    try:
        return [_one_page(document, index, draft) for index in range(count)]
    finally:
        document.close()


def _one_page(document: Any, index: int, draft: Draft) -> PageGlyphs:
    try:
        page = document[index]
    except (pypdfium2.PdfiumError, IndexError) as error:
        draft.warnings.append(f"Page {index + 1}: it is damaged and was read as far as possible ({error}).")
        return PageGlyphs(0, 0)
    try:
        return page_glyphs(page)
    except pypdfium2.PdfiumError as error:
        draft.warnings.append(f"Page {index + 1}: it is damaged and was read as far as possible ({error}).")
        return PageGlyphs(0, 0)
    finally:
        page.close()


def _fallback_text(path: Path, reader: pypdf.PdfReader | None, index: int, draft: Draft) -> str:
    """Return what pypdf reads on a page where pdfium read nothing, with a warning when it cannot read it either."""
    if reader is None:
        return ""
    try:
        return reader.pages[index].extract_text()
    except LimitReachedError as error:
        raise bomb(path, error) from error
    except BROKEN as error:
        draft.warnings.append(f"Page {index + 1}: its text cannot be read ({error}).")
        return ""


def _vocabulary(pages: list[PageGlyphs]) -> tuple[set[str], bool]:
    """Return the words that no line end broke, and whether a program hyphenated (so many lines end in a hyphen)."""
    words: set[str] = set()
    lines = broken_lines = 0
    for page in pages:
        lines += len({round(word.y) for word in page.words})
        for word, broken in _with_breaks(page.words):
            if not broken:
                words.add(word.text)
            elif word.text[-1] in "-\ufffe":
                broken_lines += 1
    return words, broken_lines > _HYPHENATED_SHARE * lines


def _with_breaks(words: list[Word]) -> Iterator[tuple[Word, bool]]:
    """Yield each word and whether a line's end is in it or in the one before it."""
    before: Word | None = None
    for word, after in zip(words, [*words[1:], None], strict=False):
        ends = word.text[-1] in _HYPHENS and (after is None or _other_line(word, after))
        yield word, ends or (before is not None and before.text[-1] in _HYPHENS and _other_line(before, word))
        before = word


def _other_line(word: Word, after: Word) -> bool:
    return abs(after.y - word.y) > word.size / 2


def _unprinted(index: int, labels: list[str]) -> str:
    """Return a label for a page that shows none: its place in the file.

    It is in brackets where that number is printed on another page (the bibliographers' sign for a missing number).
    """
    number = str(index + 1)
    return f"[{number}]" if number in labels else number
