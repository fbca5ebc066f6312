"""Cutting a document into passages: the cheapest of all divisions into runs of whole sentences.

A passage is what search ranks and a citation points at, so it should be about one thing, of even length and end
where the author paused. Each wish has a price; dynamic programming over the sentences finds the division with the
lowest total (the optimum-fit idea of Knuth & Plass 1981 for lines, of Utiyama & Isahara 2001 for text segments).
Ties go to the longer passage, so the same pages always give the same passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, groupby
from math import inf
from typing import TYPE_CHECKING

from kb.ingest.outline import Atom, Section, count_words, outline
from kb.records import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kb.records import Page
    from kb.settings import PassageSettings

# In units of one passage at the edge of the allowed length. Too short costs more than any join inside a section.
_TOO_SHORT = 3.0
_JOIN_RELATED = 0.5
_JOIN_UNRELATED = 2.0
_JOIN_HALVED = 0.5
_JOIN_LANGUAGES = 1.5
_CONTEXT_WORDS = 40


@dataclass(frozen=True, slots=True)
class CutPassage:
    """A passage before it is represented.

    `text` is the texts of `spans` joined by a newline, one span a page; `sentences` are (start, end) offsets into
    `text`, in order and without overlap; `headings` is the path above it, outermost first: the common part where
    short sections are joined, whose heading lines then stand in `text`. `ordinal` counts from 0.
    """

    ordinal: int
    text: str
    spans: tuple[Span, ...]
    headings: tuple[str, ...]
    sentences: tuple[tuple[int, int], ...]


def cut(pages: Sequence[Page], title: str, settings: PassageSettings) -> list[CutPassage]:
    """Return the passages of a document in reading order.

    Every sentence outside headings lies in exactly one passage, no passage exceeds `settings.max_words`, and one
    shorter than `settings.min_words` remains only where joining it would break that limit or mix long sections.
    """
    sections, atoms = outline(pages, title, settings.max_words)
    texts = {page.index: page.text for page in pages}
    division = _Division(sections, atoms, texts, settings)
    return [division.assemble(ordinal, start, end) for ordinal, (start, end) in enumerate(division.best())]


def context(title: str, headings: Sequence[str]) -> str:
    """Return "Title. Heading.", which is put in front of a passage for embedding and indexing, never for quoting."""
    parts = [" ".join(part.split()[:_CONTEXT_WORDS]) for part in (title, *headings)]
    return " ".join(part if part.endswith((".", "!", "?", "…", ":")) else f"{part}." for part in parts if part)


class _Division:
    """The search for the cheapest division of `atoms` into passages."""

    def __init__(
        self, sections: list[Section], atoms: list[Atom], texts: dict[int, str], settings: PassageSettings
    ) -> None:
        self.sections, self.atoms, self.texts, self.settings = sections, atoms, texts, settings
        self.sums = [0, *accumulate(atom.words for atom in atoms)]
        self.line_words = [
            sum(count_words(texts[line.page_index][line.start : line.end]) for line in section.lines)
            for section in sections
        ]

    def best(self) -> list[tuple[int, int]]:
        """Return the (first atom, atom after the last) of each passage."""
        costs = [0.0] + [inf] * len(self.atoms)
        starts = [0] * len(costs)
        for end in range(1, len(costs)):
            for start, cost in self._runs(end):
                total = costs[start] + cost
                if total <= costs[end]:
                    costs[end], starts[end] = total, start
        bounds = []
        end = len(self.atoms)
        while end:
            bounds.append((starts[end], end))
            end = starts[end]
        return bounds[::-1]

    def assemble(self, ordinal: int, start: int, end: int) -> CutPassage:
        """Return the passage of atoms `start` to `end` (exclusive)."""
        run = self.atoms[start:end]
        first, last = run[0].section, run[-1].section
        headings = self.sections[first].headings
        inside = [atom.span for atom in run]
        for number in range(first + 1, last + 1):
            headings = _common(headings, self.sections[number].headings)
            inside += self.sections[number].lines
        if first != last and (start == 0 or self.atoms[start - 1].section != first):
            inside += self.sections[first].lines
        inside.sort(key=lambda span: (span.page_index, span.start))
        spans = []
        offsets = {}
        position = 0
        for page_index, group in groupby(inside, key=lambda span: span.page_index):
            parts = list(group)
            span = Span(page_index, parts[0].start, parts[-1].end)
            offsets[page_index] = position - span.start
            position += span.end - span.start + 1
            spans.append(span)
        sentences = []
        for _, pieces in groupby(run, key=lambda atom: atom.sentence):
            whole = [atom.span for atom in pieces]
            head, tail = whole[0], whole[-1]
            sentences.append((head.start + offsets[head.page_index], tail.end + offsets[tail.page_index]))
        text = "\n".join(self.texts[span.page_index][span.start : span.end] for span in spans)
        return CutPassage(ordinal, text, tuple(spans), headings, tuple(sentences))

    def _runs(self, end: int) -> Iterator[tuple[int, float]]:
        """Yield every possible start of a passage before atom `end`, nearest first, and what that passage costs."""
        joins = 0.0
        extra = 0
        crossed = False
        for start in range(end - 1, -1, -1):
            atom = self.atoms[start]
            if start + 1 < end:
                after = self.atoms[start + 1]
                joins += _JOIN_LANGUAGES * after.language_change
                if after.section != atom.section:
                    joins += self._join(atom.section, after.section)
                    extra += self.line_words[after.section]
                    crossed = True
            words = self.sums[end] - self.sums[start] + extra
            if joins == inf or (words > self.settings.max_words and start + 1 < end):
                return
            cost = joins + (atom.cut if start else 0.0)
            if crossed and start and self.atoms[start - 1].section == atom.section:
                cost += _JOIN_HALVED
            elif crossed:
                words += self.line_words[atom.section]
            if words <= self.settings.max_words:
                yield start, cost + self._length_cost(words)

    def _join(self, left: int, right: int) -> float:
        a, b = self.sections[left], self.sections[right]
        if b.opens or min(a.words, b.words) >= self.settings.min_words:
            return inf
        shared = len(_common(a.headings, b.headings))
        related = shared >= min(len(a.headings), len(b.headings)) or a.headings[:-1] == b.headings[:-1]
        return _JOIN_RELATED if related else _JOIN_UNRELATED

    def _length_cost(self, words: int) -> float:
        wanted = self.settings
        if words < wanted.min_words:
            return _TOO_SHORT * (2 - words / wanted.min_words)
        room = wanted.max_words - wanted.target_words if words > wanted.target_words else 0
        room = room or wanted.target_words - wanted.min_words or 1
        return ((words - wanted.target_words) / room) ** 2


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    length = 0
    for a, b in zip(left, right, strict=False):
        if a != b:
            break
        length += 1
    return left[:length]
