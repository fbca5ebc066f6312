"""Everything that is needed to find passages for a text, bound together once for a question and its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.retrieval.query import understand

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kb.models.encoder import Encoder
    from kb.records import Hit
    from kb.retrieval.filters import Filters
    from kb.retrieval.fusion import Fused
    from kb.retrieval.glossary import Glossary
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.settings import RetrievalSettings
    from kb.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Found:
    """Hits of a question, best first, with the query, the searcher and the ranking that they come from."""

    query: Query
    searcher: Searcher
    fused: Fused
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds passages in one snapshot; `annotate` adds their directions to hits."""

    encoder: Encoder
    glossary: Glossary
    searcher: Searcher
    settings: RetrievalSettings
    annotate: Callable[[Sequence[Hit], Snapshot], list[Hit]]

    def understood(self, text: str) -> Query:
        """Return a text as a question. Raises QueryError for one that cannot be used."""
        return understand(text, self.encoder, self.glossary)

    def found(self, query: Query, k: int, filters: Filters) -> Found:
        """Return the k best hits of a question with what they were made of."""
        fused = self.searcher.rank(query, filters, self.settings)
        hits = self.searcher.hits(fused, k, query)
        return Found(query, self.searcher, fused, self.annotate(hits, self.searcher.snapshot))
