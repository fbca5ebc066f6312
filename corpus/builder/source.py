"""A source document: its blocks in order, and the way back from what a layout engine drew to the text itself.

Sources are Markdown of four kinds of line: `# title`, `## heading`, paragraphs, and `**bold**` inside paragraphs.
The second block is a note, the third a line with the date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

BlockKind = Literal["title", "note", "date", "heading", "paragraph"]
_MONTHS = {
    "yanvar": 1, "fevral": 2, "mart": 3, "aprel": 4, "may": 5, "sentabr": 9, "oktabr": 10, "noyabr": 11, "dekabr": 12,
    "феврал": 2, "май": 5, "ноябр": 11, "января": 1, "марта": 3, "апреля": 4, "июня": 6, "октября": 10, "ноября": 11,
    "january": 1, "february": 2, "march": 3, "july": 7, "september": 9, "november": 11, "december": 12,
}  # fmt: skip


class BuildError(Exception):
    """A built document would not say what its source says, or not where the builder believes it does."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one block's text in one weight."""

    text: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a source; `number` counts from 0 within its document."""

    number: int
    kind: BlockKind
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The words without markup."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Source:
    """A source document. `date` is ISO 8601; `language` is the main one, as an HTML `lang` value."""

    stem: str
    language: str
    date: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """The text of the title."""
        return self.blocks[0].text

    @property
    def headings(self) -> tuple[Block, ...]:
        """The numbered headings in order."""
        return tuple(block for block in self.blocks if block.kind == "heading")


def _runs(text: str) -> tuple[Run, ...]:
    parts = text.split("**")
    return tuple(Run(part, bool(position % 2)) for position, part in enumerate(parts) if part)


def _iso_date(line: str) -> str:
    lowered = line.lower() + " "
    months = {number for name, number in _MONTHS.items() if name in lowered}
    year = re.search(r"\b(20\d\d)\b", line)
    day = re.search(r"\b(\d{1,2})\b(?!\d)", line.replace(year.group(1), "") if year else line)
    if year is None or day is None or len(months) != 1:
        raise BuildError(f"no date in {line!r}: months {sorted(months)}")
    return f"{year.group(1)}-{months.pop():02d}-{int(day.group(1)):02d}"


def load(path: Path) -> Source:
    """Return the source in `path`. Raises BuildError for a layout other than the one described above."""
    blocks: list[Block] = []
    for number, chunk in enumerate(path.read_text(encoding="utf-8").strip().split("\n\n")):
        line = chunk.strip()
        if "\n" in line:
            raise BuildError(f"{path.name}: block {number} has more than one line")
        kind: BlockKind = "paragraph"
        if line.startswith("## "):
            kind, line = "heading", line[3:]
        elif line.startswith("# "):
            kind, line = "title", line[2:]
        elif number in {1, 2}:
            kind = "note" if number == 1 else "date"
        blocks.append(Block(number, kind, _runs(line)))
    if [block.kind for block in blocks[:3]] != ["title", "note", "date"]:
        raise BuildError(f"{path.name}: must begin with title, note and date")
    language = {"uz": "uz", "ru": "ru", "en": "en", "mi": "uz"}[path.stem[:2]]
    return Source(path.stem, language, _iso_date(blocks[2].text), tuple(blocks))


def letters(text: str) -> str:
    """Return the letters and digits of `text`: what no line break, hyphenation or column changes."""
    return "".join(character for character in text if character.isalnum())


def slices(text: str, drawn: list[str]) -> list[str]:
    """Cut `text` into the parts that an engine drew one after another, e.g. on either side of a page break.

    Raises BuildError where letters differ (a lost glyph, a changed word) or a word is broken between two parts.
    """
    if letters(text) != "".join(letters(part) for part in drawn):
        raise BuildError(f"drawn letters differ from the source: {text[:60]!r} became {''.join(drawn)[:60]!r}")
    cut: list[str] = []
    start = 0
    for position, part in enumerate(drawn):
        wanted = len(letters(part))
        end = start
        while end < len(text) and wanted:
            wanted -= text[end].isalnum()
            end += 1
        if position == len(drawn) - 1:
            end = len(text)
        while end < len(text) and not (text[end].isspace() or text[end].isalnum()):
            end += 1
        if end < len(text) and text[end].isalnum():
            raise BuildError(f"a word is broken between pages: {text[start:end][-30:]!r} | {text[end:][:20]!r}")
        cut.append(text[start:end].strip())
        start = end
    return cut
