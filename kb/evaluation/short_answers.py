"""Whether the words marked in a quote are the short answer that a question file gives.

Both are compared by their stems: the F1 of SQuAD (Rajpurkar et al. 2016), for languages with suffixes. Where the file's
answer holds numbers, it is these that count: "31 percent" and "31 foiz" answer alike.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kb.text.words import stem, tokenize

if TYPE_CHECKING:
    from kb.records import Answer, Language

ENOUGH = 0.5
"""F1 from which two answers say the same."""


def says_shortly(answer: Answer, expected: str) -> bool:
    """Return whether the words marked in an answer, or its first sentence where none are, say what is expected."""
    marked = [one for one in answer.sentences if one.short] or answer.sentences[:1]
    languages = {one.number: one.language for one in answer.citations}
    return any(
        is_right(one.text[slice(*one.short)] if one.short else one.text, expected, languages[one.citation])
        and (one.short is not None or alike(one.text, expected, languages[one.citation]) >= ENOUGH)
        for one in marked
    )


def alike(marked: str, expected: str, language: Language) -> float:
    """Return the F1 of the stems of two texts, 0 .. 1."""
    ours, theirs = _stems(marked, language), _stems(expected, language)
    common = sum((ours & theirs).values())
    return 2 * common / (sum(ours.values()) + sum(theirs.values())) if common else 0.0


def is_right(marked: str, expected: str, language: Language) -> bool:
    """Return whether the marked words say what is expected: all its numbers, or else half of its words (F1)."""
    numbers = {word for word in _stems(expected, language) if word[:1].isdigit()}
    if numbers:
        return numbers <= set(_stems(marked, language))
    return alike(marked, expected, language) >= ENOUGH


def _stems(text: str, language: Language) -> Counter[str]:
    return Counter(stem(text[token.start : token.end], language) for token in tokenize(text))
