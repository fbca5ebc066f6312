"""Which words of a hit answer to which words of the question: what an explanation marks.

A word is matched when its stem is in the class of a question's stem (`synonyms`) and weighs enough there: the tables
hold many faint translations that would mark every other word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.records import Match
from kb.retrieval.keys import placed_keys

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
        found = []
        for key in placed_keys(passage.text, passage.language):
            known = [words[term] for term in key.terms if term in words]
            if known:
                _, word, translated = max(known, key=lambda one: one[0])
                found.append(Match(word=word, start=key.start, end=key.end, translated=translated))
        return tuple(found)
