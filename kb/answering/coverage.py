"""How much of a question a text covers: the share of its terms, rare ones counting more, in the text's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from kb.records import Language
    from kb.retrieval.lexical import LexicalScorer
    from kb.retrieval.query import Query
    from kb.store.snapshot import Snapshot


class Coverage:
    """The question's terms as weighted classes of each passage language, prepared once a question."""

    def __init__(self, query: Query, snapshot: Snapshot, lexical: LexicalScorer) -> None:
        self._query = query
        self._snapshot = snapshot
        self._lexical = lexical
        self._classes: dict[Language, list[tuple[float, dict[str, float]]]] = {}

    def of(self, terms: Collection[str], language: Language) -> tuple[float, float]:
        """Return the idf-weighted share of the question's terms that occur, and the same of its rarest third."""
        classes = self._prepared(language)
        if not classes:
            return 0.0, 0.0
        present = set(terms)
        found = [max((weight for word, weight in words.items() if word in present), default=0.0) for _, words in classes]
        rare = max(1, len(classes) // 3)
        return _share(classes, found), _share(classes[:rare], found[:rare])

    def _prepared(self, language: Language) -> list[tuple[float, dict[str, float]]]:
        """Return (idf, {index term: weight}) of each question term, rarest first."""
        if language not in self._classes:
            postings = self._snapshot.lexical[language]
            prepared = []
            for term_class in self._lexical.synonyms.classes(self._query.terms, self._query.language, language):
                frequency = sum(weight * postings.document_frequency(word) for word, weight in term_class.members)
                frequency = min(frequency, float(postings.total))
                idf = float(np.log1p((postings.total - frequency + 0.5) / (frequency + 0.5)))
                prepared.append((idf, dict(term_class.members)))
            prepared.sort(key=lambda one: -one[0])
            self._classes[language] = prepared
        return self._classes[language]


def _share(classes: list[tuple[float, dict[str, float]]], found: list[float]) -> float:
    total = sum(idf for idf, _ in classes)
    return sum(idf * weight for (idf, _), weight in zip(classes, found, strict=True)) / total if total else 0.0
