"""Plain text: the encoding is found, form feeds are page breaks, wrapped lines become paragraphs again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.readers.drafts import Draft, DraftBlock, DraftPage, clean
from kb.readers.encodings import decode
from kb.readers.hyphens import HyphenJoiner
from kb.readers.limits import check_characters
from kb.readers.wrapping import blocks_of_text

if TYPE_CHECKING:
    from pathlib import Path

    from kb.settings import ReadingSettings

_LONGEST_TITLE = 250


def read(path: Path, data: bytes, limits: ReadingSettings) -> Draft:
    """Return the draft of a text file. Its first line, when it is short enough, is the title."""
    text, warnings = decode(path, data)
    check_characters(path, len(text), limits)
    parts = text.split("\f")
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    joiner = HyphenJoiner((word for line in text.splitlines() for word in line.split()[1:-1]), hyphenates=False)
    pages = [DraftPage(str(number), blocks_of_text(part, joiner)) for number, part in enumerate(parts, start=1)]
    draft = Draft(pages, warnings=warnings)
    first = next((page for page in pages if page.blocks), None)
    if first is not None and len(clean(first.blocks[0].text)) <= _LONGEST_TITLE and len(first.blocks) > 1:
        draft.title = clean(first.blocks[0].text)
        first.blocks[0] = DraftBlock("title", draft.title)
    return draft
