"""The name leg: which passages hold the names and numbers of a question.

A question that names a place, a company or a year is rarely answered by a passage that does not hold it, however near
its meaning. A word is taken for a name when it begins with a capital where no sentence begins, or where one does and
the translation tables do not know it; numbers count as names. Names of other languages are found through the classes of
the lexical leg, and one that is the same by its consonants counts whole. The leg scores what the others found; a
question that is written without capitals has it for its numbers only.

Where the question names a year or a span of years, passages of documents dated in it gain too: "the 2024 report" need
not say 2024 on every page, nor in its title.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import scored_leg
from kb.retrieval.synonyms import NAME_WEIGHT
from kb.store.units import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kb.records import Language
    from kb.retrieval.legs import LegResult, Rows, Scores
    from kb.retrieval.query import Query
    from kb.retrieval.synonyms import QueryTerm, Synonyms
    from kb.store.snapshot import Snapshot

_BEGINNING = r"(?:^|[.?!:;]\s+)[\"«“„(\s]*"
DATED = 0.3
"""What a document's date adds where the question asks for its year, of what is left to 1."""
_YEAR = re.compile(r"(?<![\d.,/-])((?:19|20)\d\d)(?:\s?[-\u2010-\u2015]\s?((?:19|20)\d\d))?(?![\d/])(?![.,]\d)")
_SPOKEN: tuple[Language, ...] = ("uz", "ru", "en")


class NameScorer:
    """The name leg over one snapshot."""

    def __init__(self, snapshot: Snapshot, synonyms: Synonyms, dates: Callable[[], Mapping[int, str]]) -> None:
        """Prepare the leg. `dates` gives documents' dates, ISO 8601, by id; it is called when a question has a year."""
        self._snapshot = snapshot
        self._synonyms = synonyms
        self._dates = dates

    def leg(self, query: Query, terms: Sequence[QueryTerm], found: Iterable[Rows]) -> LegResult | None:
        """Return the leg over the rows that other legs found: the share of the names, by idf, that each holds.

        None when the question has no name or none of the rows holds one.
        """
        names = self.names(query, terms)
        total = sum(term.idf for term in names)
        years = years_of(query.text)
        rows = np.unique(np.concatenate([np.empty(0, np.int32), *found]))
        if not (total or years) or not len(rows):
            return None
        scores = np.zeros(len(rows), dtype=np.float32)
        for term in names:
            whole = np.minimum(held(self._snapshot, term, rows) / np.float32(NAME_WEIGHT), 1)
            scores += np.float32(term.idf / total) * whole
        if years:
            dates = self._dates()
            dated = [dates.get(int(number), "")[:4] in years for number in self._snapshot.document_ids[rows]]
            scores += np.float32(DATED) * (1 - scores) * np.asarray(dated, dtype=np.float32)
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


def years_of(text: str) -> frozenset[str]:
    """Return the years that a text names, those within its spans ("2022–2025") too, as four digits."""
    found: set[str] = set()
    for match in _YEAR.finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        found.update(map(str, range(first, max(first, last) + 1)))
    return frozenset(found)


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
