"""Which words of a hit answer to which words of the question: what an explanation marks.

A word is matched when its stem is in the class of a question's stem (`synonyms`) and weighs enough there: the tables
hold many faint translations that would mark every other word.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kb.records import Match
from kb.retrieval.keys import passage_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.records import Language, Passage
    from kb.retrieval.query import Query
    from kb.retrieval.synonyms import QueryTerm

MARKED_FROM = 0.3
"""Weight in a class from which a word is marked."""


class Matcher:
    """The classes of one question, turned round: index term to question word, language by language."""

    def __init__(self, query: Query, terms: Sequence[QueryTerm]) -> None:
        written: dict[str, str] = {}
        for stem, word in zip(query.terms, query.written, strict=True):
            written.setdefault(stem, word)
        self._words: dict[Language, dict[str, tuple[float, str, bool]]] = {}
        for term in terms:
            for language, members in term.members.items():
                words = self._words.setdefault(language, {})
                for member, weight in members:
                    if weight >= MARKED_FROM and weight > words.get(member, (0.0,))[0]:
                        translated = language != query.language and member != term.stem
                        words[member] = (weight, written[term.stem], translated)

    def matches(self, passage: Passage) -> tuple[Match, ...]:
        """Return the matched words of a passage in order; each is one whole word or number of its text."""
        words = self._words.get(passage.language)
        if not words:
            return ()
        places = _places(passage.text, passage.language)
        found: dict[tuple[int, int], tuple[float, str, bool]] = {}
        for term in sorted(words.keys() & places.keys()):
            for place in places[term]:
                if place not in found or words[term][0] > found[place][0]:
                    found[place] = words[term]
        return tuple(
            Match(word=word, start=start, end=end, translated=translated)
            for (start, end), (_, word, translated) in sorted(found.items())
        )


@lru_cache(maxsize=1_024)
def _places(text: str, language: Language) -> dict[str, list[tuple[int, int]]]:
    """Return where each term of a passage stands; those of often found passages are asked for again and again."""
    places: dict[str, list[tuple[int, int]]] = {}
    for key in passage_keys(text, language):
        for term in key.terms:
            places.setdefault(term, []).append((key.start, key.end))
    return places
