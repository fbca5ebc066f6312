"""The passages that a model is shown, taken apart once for the gate: sentences, dates, numbers, names, vectors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.answering.coverage import Words, words_of
from kb.text.dates import WrittenDate, dates_in
from kb.text.sentences import sentence_spans
from kb.writing.names import KnownNames, known_names
from kb.writing.numbers import Quantity, of_dates, quantities

if TYPE_CHECKING:
    from kb.records import Hit, Language


CLAUSE_BREAK = r"[,;:()](?!\d)|\s[-\u2010-\u2015]\s"
"""Commas, semicolons, colons, brackets and dashes, but not inside a number."""

_CLAUSE = re.compile(CLAUSE_BREAK)


@dataclass(frozen=True, slots=True)
class SourceSentence:
    """One sentence of a passage, `passage.text[start:end]`."""

    text: str
    start: int
    end: int
    words: Words
    dates: tuple[WrittenDate, ...]
    quantities: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the gate sees it. `names` also holds those of its title and headings, which are shown beside it."""

    hit: Hit
    language: Language
    sentences: tuple[SourceSentence, ...]
    names: KnownNames


@lru_cache(maxsize=256)
def _sentences(text: str, language: Language) -> tuple[SourceSentence, ...]:
    return tuple(_sentence(text[start:end], start, end, language) for start, end in sentence_spans(text))


def _sentence(text: str, start: int, end: int, language: Language) -> SourceSentence:
    dates = tuple(dates_in(text))
    numbers = (*quantities(text, language, dates), *of_dates(dates))
    return SourceSentence(text, start, end, words_of(text, language), dates, numbers)


def clauses(sentence: SourceSentence, language: Language) -> list[SourceSentence]:
    """Return the parts of a sentence between commas, semicolons, colons and dashes; at least one."""
    parts = [part for part in _CLAUSE.split(sentence.text) if any(letter.isalpha() for letter in part)]
    return [_sentence(part, 0, len(part), language) for part in parts] or [sentence]


def source_of(hit: Hit) -> Source:
    """Return the source that a hit is."""
    passage = hit.passage
    names = known_names((passage.text, hit.document.title, *passage.headings), passage.language)
    return Source(hit, passage.language, _sentences(passage.text, passage.language), names)
