"""The title leg: how much of a question stands in a document's title, in any language.

Titles are already part of what the other legs score, passage by passage. Counted once more by themselves they prefer
the document that the question names ("in the Zarbulak strategy") over passages that merely share words with it:
+.01 nDCG@10 on the fitting half of the questions. The leg scores what the others found; it finds nothing itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.retrieval.legs import LegResult, Rows, Scores, best_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from kb.retrieval.synonyms import QueryTerm
    from kb.store.snapshot import Snapshot

SAMPLE_DOCUMENTS = 64


class TitleScorer:
    """The title leg over one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        count = len(snapshot.title_documents)
        self._sample = np.arange(0, count, max(1, count // SAMPLE_DOCUMENTS))

    def leg(self, query_terms: Sequence[QueryTerm], found: Iterable[Rows], limit: int) -> LegResult | None:
        """Return the leg over the rows that other legs found, or None when no title holds any term."""
        rows = np.unique(np.concatenate([np.empty(0, np.int32), *found]))
        if not len(rows) or not query_terms:
            return None
        of_title = self._scores(query_terms)

        def score(wanted: Rows) -> Scores:
            places = np.searchsorted(self._snapshot.title_documents, self._snapshot.document_ids[wanted])
            return of_title[places].astype(np.float32)

        scores = score(rows)
        if not scores.any():
            return None
        sample = of_title[self._sample]
        best = best_rows(rows[scores > 0], scores[scores > 0], limit)
        return LegResult("title", best, score, float(sample.mean()), float(max(sample.std(), scores.std())))

    def _scores(self, query_terms: Sequence[QueryTerm]) -> NDArray[np.float64]:
        """Return the score of every title: of each term its best member's weight, times the term's idf."""
        count = len(self._snapshot.title_documents)
        scores = np.zeros(count)
        for term in query_terms:
            best = np.zeros(count)
            for language, members in term.members.items():
                for word, weight in members:
                    places, _ = self._snapshot.titles[language].lookup(word)
                    best[places] = np.maximum(best[places], weight)
            scores += term.idf * best
        return scores
