"""Numbers that a source does hold, but of something else: "the railway 86 percent" of "roads 86 percent, rail 12"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from kb.text.dates import dates_in
from kb.text.words import tokenize
from kb.writing.numbers import is_year, quantities
from kb.writing.sources import CLAUSE_BREAK, clauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.records import Language
    from kb.writing.measure import Measure
    from kb.writing.numbers import Quantity
    from kb.writing.sources import SourceSentence

FOUND = 0.4
"""Score from which a word counts as held."""

SURE = 0.8
"""Score from which a word is the same, or its best translation."""

_NEIGHBOURS = 4
"""Words on either side of a number that say what it counts."""

_BREAKS = re.compile(
    CLAUSE_BREAK + r"|\b(?:and|but|while|or|и|а|но|или|va|hamda|esa|lekin|ammo|ва|ҳамда|эса|лекин|аммо)\b"
)


def stray_number(
    text: str,
    language: Language,
    measure: Measure,
    sentences: Sequence[SourceSentence],
    languages: Sequence[Language],
) -> str:
    """Return a number of `text` that the source sentences hold beside other words only; empty when there is none."""
    measured = measure.words(text, sentences, languages)
    rows = {word: row for row, word in enumerate(measured.words) if not word[0].isdecimal()}
    for quantity in quantities(text, language, dates_in(text)):
        if is_year(quantity):
            continue  # a year says when, and stands beside anything
        near = [rows[word] for word in _words_near(text, quantity) if word in rows]
        columns = [place for place, sentence in enumerate(sentences) if quantity.within(sentence.quantities)]
        if not near or not columns:
            continue
        beside = [rows[word] for word in _words_beside(text, quantity) if word in rows]
        of_another = all(
            _belongs_to_another(
                text, beside, quantity, measure=measure, sentence=sentences[place], language=languages[place]
            )
            for place in columns
        )
        if of_another or measured.scores[np.ix_(near, columns)].max() < FOUND:
            return text[quantity.start : quantity.end]
    return ""


def _belongs_to_another(
    text: str,
    beside: Sequence[int],
    quantity: Quantity,
    *,
    measure: Measure,
    sentence: SourceSentence,
    language: Language,
) -> bool:
    """Return whether a word beside the number (its row in `beside`) has another number in the source sentence.

    A clause may go without what an earlier one said, so only later ones count; and an Uzbek clause may go without what
    a later one says, so Uzbek sources are not judged.
    """
    parts = clauses(sentence, language)
    held = [place for place, part in enumerate(parts) if quantity.within(part.quantities)]
    if language == "uz" or not beside or not held:
        return False
    later = [place for place in range(held[-1] + 1, len(parts)) if parts[place].quantities]
    if not later:
        return False
    scores = measure.words(text, parts, [language] * len(parts)).scores[list(beside)]
    here, there = scores[:, : held[-1] + 1].max(axis=1), scores[:, later].max(axis=1)
    return bool(((here < FOUND) & (there >= SURE)).any())


def _words_near(text: str, quantity: Quantity) -> list[str]:
    """Return the words around a number, as many on either side."""
    tokens = tokenize(text)
    inside = [place for place, token in enumerate(tokens) if quantity.start <= token.start < quantity.end]
    around = tokens[max(inside[0] - _NEIGHBOURS, 0) : inside[-1] + 1 + _NEIGHBOURS]
    return [text[token.start : token.end] for token in around]


def _words_beside(text: str, quantity: Quantity) -> list[str]:
    """Return the words of the part of a text, between commas and conjunctions, that a number stands in."""
    ends = [match.span() for match in _BREAKS.finditer(text)]
    start = max((end for _, end in ends if end <= quantity.start), default=0)
    stop = min((begin for begin, _ in ends if begin >= quantity.end), default=len(text))
    return [text[token.start : token.end] for token in tokenize(text) if start <= token.start < stop]
