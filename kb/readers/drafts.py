"""What a format's reader hands over, and how it becomes final pages: one place decides spaces and separators.

Readers say which blocks a page holds; `finish_page` alone writes `Page.text`, so that every format obeys the same
contract: an empty line between paragraphs, list items and table rows on lines of their own, single spaces, no
invisible characters, and every other character exactly as the file has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.records import Block, Page

if TYPE_CHECKING:
    from kb.records import BlockKind

CELL_SEPARATOR = " | "

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_OF_NO_ALPHABET = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SPACES = re.compile(r"[\s\u0085\u180e\u2800]+")
_CAPTION = re.compile(
    r"^(?:table|figure|fig\.|таблица|рисунок|рис\.|jadval|rasm|жадвал|расм)\s*\d|^\d+\s*-\s*(?:jadval|rasm|жадвал|расм)\b",
    re.IGNORECASE,
)
_COMPACT: frozenset[BlockKind] = frozenset({"list_item", "table_row"})


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """One block before it has a place on a page. `level` is 1-6 for headings, else 0."""

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(slots=True)
class DraftPage:
    """The blocks of one page in reading order, and the label printed on it."""

    label: str
    blocks: list[DraftBlock] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """A document as its format's reader saw it.

    `title` is one that the document itself shows; `metadata_title`, `metadata_date` (ISO 8601) and `metadata_status`
    are only claimed by the file's properties and serve where the text tells nothing.
    """

    pages: list[DraftPage]
    title: str = ""
    metadata_title: str = ""
    metadata_date: str | None = None
    metadata_status: str = ""
    warnings: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """Return `text` on one line: every run of white space as one space, invisible characters dropped."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def clean_row(cells: list[str]) -> str:
    """Return one table row, its cells that hold anything joined by " | "."""
    return CELL_SEPARATOR.join(text for cell in cells if (text := clean(cell)))


def is_caption(text: str) -> bool:
    """Tell whether a line names a table or figure; set in bold it still is no heading."""
    return bool(_CAPTION.match(text))


def finish_page(index: int, draft: DraftPage) -> Page:
    """Return the final page: its text, and blocks that cover all of it but the separators."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = 0
    for block in draft.blocks:
        text = clean(block.text)
        if not text:
            continue
        if blocks:
            compact = block.kind == blocks[-1].kind and block.kind in _COMPACT
            separator = "\n" if compact else "\n\n"
            parts.append(separator)
            position += len(separator)
        parts.append(text)
        blocks.append(Block(block.kind, position, position + len(text), block.level))
        position += len(text)
    return Page(index, draft.label, "".join(parts), tuple(blocks))


def unreadable_share(text: str) -> float:
    """Return the share (0-1) of visible characters that no alphabet knows: replacement and private use."""
    visible = sum(map(len, text.split()))
    return len(_OF_NO_ALPHABET.findall(text)) / visible if visible else 0.0
