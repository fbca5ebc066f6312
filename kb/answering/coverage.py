"""How much of a question a text covers: the share of its terms, rare ones counting more, in the text's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from kb.records import Language
    from kb.retrieval.lexical import LexicalScorer
    from kb.retrieval.query import Query


class Coverage:
    """The question's terms with their weights, prepared once a question."""

    def __init__(self, query: Query, lexical: LexicalScorer) -> None:
        found = lexical.synonyms.query_terms(query.terms, query.language)
        self._terms = sorted(found, key=lambda term: -term.idf)

    def of(self, terms: AbstractSet[str], language: Language) -> tuple[float, float]:
        """Return the idf-weighted share of the question's terms that occur, and the same of its rarest third."""
        if not self._terms:
            return 0.0, 0.0
        found = [
            max((weight for word, weight in term.members.get(language, ()) if word in terms), default=0.0)
            for term in self._terms
        ]
        weights = [term.idf for term in self._terms]
        rare = max(1, len(found) // 3)
        return _share(weights, found), _share(weights[:rare], found[:rare])


def _share(weights: list[float], found: list[float]) -> float:
    return sum(weight * one for weight, one in zip(weights, found, strict=True)) / sum(weights)
