"""The title leg: how much of a question stands in a document's title, in any language.

Titles are already part of what the other legs score, passage by passage. Counted once more by themselves they prefer
the document that the question names ("in the Zarbulak strategy") over passages that merely share words with it:
+.01 nDCG@10 on the fitting half of the questions. The leg scores what the others found; it finds nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import LegResult, Rows, Scores, best_rows
from kb.text.language import identify
from kb.text.words import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.records import Document, Language
    from kb.retrieval.synonyms import QueryTerm
    from kb.store.snapshot import Snapshot

SAMPLE_DOCUMENTS = 64


class TitleScorer:
    """The title leg over one snapshot. The terms of a title are taken when it is first scored, and kept."""

    def __init__(self, snapshot: Snapshot, documents: Sequence[Document]) -> None:
        self._snapshot = snapshot
        self._documents = {document.id: document for document in documents}
        self._terms: dict[int, tuple[Language, frozenset[str]]] = {}
        everyone = sorted(self._documents)
        self._sample = everyone[:: max(1, len(everyone) // SAMPLE_DOCUMENTS)]

    def leg(self, query_terms: Sequence[QueryTerm], found: Iterable[Rows], limit: int) -> LegResult | None:
        """Return the leg over the rows that other legs found, or None when no title holds any term."""
        rows = np.unique(np.concatenate([np.empty(0, np.int32), *found]))
        if not len(rows) or not query_terms:
            return None
        known: dict[int, float] = {}

        def score(wanted: Rows) -> Scores:
            owners = self._snapshot.document_ids[wanted]
            for document_id in set(owners.tolist()) - known.keys():
                known[document_id] = self._score(query_terms, document_id)
            return np.asarray([known[document_id] for document_id in owners.tolist()], dtype=np.float32)

        scores = score(rows)
        if not scores.any():
            return None
        everyone = np.asarray([self._score(query_terms, document_id) for document_id in self._sample])
        best = best_rows(rows[scores > 0], scores[scores > 0], limit)
        return LegResult("title", best, score, float(everyone.mean()), float(max(everyone.std(), scores.std())))

    def _score(self, query_terms: Sequence[QueryTerm], document_id: int) -> float:
        language, present = self._terms_of(document_id)
        return sum(
            term.idf * max((weight for word, weight in term.members.get(language, ()) if word in present), default=0.0)
            for term in query_terms
        )

    def _terms_of(self, document_id: int) -> tuple[Language, frozenset[str]]:
        found = self._terms.get(document_id)
        if found is None:
            document = self._documents.get(document_id)
            title = document.title if document else ""
            language = identify(title).language
            if language == "und" and document and document.languages:
                language = document.languages[0]
            found = self._terms[document_id] = (language, frozenset(terms(title, language)))
        return found
