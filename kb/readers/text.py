"""Plain text: the encoding is found, form feeds are page breaks, wrapped lines become paragraphs again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.readers.drafts import Draft, DraftBlock, DraftPage, clean
from kb.readers.encodings import decode
from kb.readers.hyphens import HyphenJoiner
from kb.readers.limits import check_characters
from kb.readers.wrapping import blocks_of_text
from kb.text.status import mark_of

if TYPE_CHECKING:
    from pathlib import Path

    from kb.settings import ReadingSettings

_LONGEST_TITLE = 250
_STAMPS = 4
"""Lines before the title that may be stamps."""


def read(path: Path, data: bytes, limits: ReadingSettings) -> Draft:
    """Return the draft of a text file. Its first line that is no stamp ("DRAFT"), when short enough, is the title."""
    text, warnings = decode(path, data)
    check_characters(path, len(text), limits)
    parts = text.split("\f")
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    joiner = HyphenJoiner((word for line in text.splitlines() for word in line.split()[1:-1]), hyphenates=False)
    pages = [DraftPage(str(number), blocks_of_text(part, joiner)) for number, part in enumerate(parts, start=1)]
    draft = Draft(pages, warnings=warnings)
    first = next((page for page in pages if page.blocks), None)
    opening = [] if first is None else [clean(block.text) for block in first.blocks[:_STAMPS]]
    at = next((place for place, line in enumerate(opening) if mark_of(line) == "unknown"), 0)
    if first is not None and len(opening[at]) <= _LONGEST_TITLE and len(first.blocks) > at + 1:
        draft.title = opening[at]
        first.blocks[at] = DraftBlock("title", draft.title)
    return draft
