"""What the builder knows of a built document: which page carries which words, taken from the layout engine."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from builder.source import BuildError, slices

if TYPE_CHECKING:
    from builder.source import Source


@dataclass(frozen=True, slots=True)
class PageRecord:
    """A built page. `parts` are (source block, its words on this page); `furniture` repeats and is no content."""

    index: int
    label: str
    parts: tuple[tuple[int, str], ...]
    furniture: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain types for pages.json."""
        return {
            "index": self.index,
            "label": self.label,
            "furniture": list(self.furniture),
            "parts": [{"block": block, "text": text} for block, text in self.parts],
        }


@dataclass(slots=True)
class Ledger:
    """Filled by an engine while it draws: letters of each block page by page, and the furniture of each page."""

    drawn: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    furniture: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    def draw(self, block: int, page: int, text: str) -> None:
        """Note that `text` of `block` was drawn on `page` (from 1)."""
        self.drawn[block][page] = self.drawn[block].get(page, "") + text

    def records(self, source: Source, labels: list[str]) -> tuple[PageRecord, ...]:
        """Return the pages with the source's own words. Raises BuildError where other letters were drawn."""
        parts: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for block in source.blocks:
            pages = sorted(self.drawn.get(block.number, {}))
            if not pages or pages[-1] > len(labels):
                raise BuildError(f"{source.stem}: block {block.number} is on pages {pages} of {len(labels)}")
            texts = [self.drawn[block.number][page] for page in pages]
            for page, text in zip(pages, slices(block.text, texts), strict=True):
                parts[page].append((block.number, text))
        return tuple(
            PageRecord(index, label, tuple(parts[index]), tuple(dict.fromkeys(self.furniture[index])))
            for index, label in enumerate(labels, start=1)
        )


def roman(number: int) -> str:
    """Return 1-39 as a lower-case Roman numeral."""
    tens, units = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[units]
