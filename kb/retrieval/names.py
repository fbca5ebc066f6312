"""The name leg: which passages hold the names and numbers of a question.

A question that names a place, a company or a year is rarely answered by a passage that does not hold it, however near
its meaning. A word is taken for a name when it begins with a capital where no sentence begins, or where one does and
the translation tables do not know it; numbers count as names. Names of other languages are found through the classes of
the lexical leg, and one that is the same by its consonants counts whole. The leg scores what the others found; a
question that is written without capitals has it for its numbers only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import scored_leg
from kb.retrieval.synonyms import NAME_WEIGHT
from kb.store.units import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.records import Language
    from kb.retrieval.legs import LegResult, Rows, Scores
    from kb.retrieval.query import Query
    from kb.retrieval.synonyms import QueryTerm, Synonyms
    from kb.store.snapshot import Snapshot

_BEGINNING = r"(?:^|[.?!:;]\s+)[\"«“„(\s]*"
_SPOKEN: tuple[Language, ...] = ("uz", "ru", "en")


class NameScorer:
    """The name leg over one snapshot."""

    def __init__(self, snapshot: Snapshot, synonyms: Synonyms) -> None:
        self._snapshot = snapshot
        self._synonyms = synonyms

    def leg(self, query: Query, terms: Sequence[QueryTerm], found: Iterable[Rows]) -> LegResult | None:
        """Return the leg over the rows that other legs found: the share of the names, by idf, that each holds.

        None when the question has no name or none of the rows holds one.
        """
        names = self.names(query, terms)
        total = sum(term.idf for term in names)
        rows = np.unique(np.concatenate([np.empty(0, np.int32), *found]))
        if not total or not len(rows):
            return None
        scores = np.zeros(len(rows), dtype=np.float32)
        for term in names:
            whole = np.minimum(held(self._snapshot, term, rows) / np.float32(NAME_WEIGHT), 1)
            scores += np.float32(term.idf / total) * whole
        return scored_leg("name", rows, scores)

    def names(self, query: Query, terms: Sequence[QueryTerm]) -> list[QueryTerm]:
        """Return those of the question's terms that are names or numbers."""
        written: dict[str, str] = {}
        for stem, word in zip(query.terms, query.written, strict=True):
            written.setdefault(stem, word)
        shouted = query.text.isupper()
        return [term for term in terms if self._is_name(term.stem, written.get(term.stem, ""), query, shouted=shouted)]

    def _is_name(self, stem: str, word: str, query: Query, *, shouted: bool) -> bool:
        if any(character.isdigit() for character in word):
            return True
        if shouted or not word[:1].isupper():
            return False
        if not re.search(_BEGINNING + re.escape(word), query.text):
            return True
        others = [language for language in _SPOKEN if language != query.language]
        return not any(self._synonyms.translates(stem, query.language, language) for language in others)


def held(snapshot: Snapshot, term: QueryTerm, rows: Rows) -> Scores:
    """Return for each row the weight of the best member of a term that the passage holds, 0 without any."""
    best = np.zeros(len(rows), dtype=np.float32)
    codes = snapshot.languages[rows]
    for language, members in term.members.items():
        own = np.flatnonzero(codes == LANGUAGES.index(language))
        if not len(own):
            continue
        wanted = rows[own]
        for word, weight in members:
            holders, _ = snapshot.lexical[language].lookup(word)
            if len(holders):
                places = np.minimum(np.searchsorted(holders, wanted), len(holders) - 1)
                best[own] = np.maximum(best[own], np.where(holders[places] == wanted, np.float32(weight), 0))
    return best
