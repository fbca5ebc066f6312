"""Searching one snapshot: the legs side by side, fused, equal content collapsed, made into hits."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kb.records import Hit
from kb.retrieval.dense import DenseScorer
from kb.retrieval.fusion import fuse
from kb.retrieval.lexical import LexicalScorer
from kb.retrieval.matching import Matcher
from kb.retrieval.operators import PHRASE_WEIGHT, Operators
from kb.retrieval.titles import TitleScorer

if TYPE_CHECKING:
    from kb.models.translation import TranslationTables
    from kb.records import Document
    from kb.retrieval.filters import Filters
    from kb.retrieval.fusion import Fused
    from kb.retrieval.legs import Allowed
    from kb.retrieval.query import Query
    from kb.settings import RetrievalSettings
    from kb.store.database import Database
    from kb.store.snapshot import Snapshot


class Searcher:
    """Everything that is prepared once for a snapshot. Safe to share between threads: it only reads."""

    def __init__(self, database: Database, snapshot: Snapshot, tables: TranslationTables) -> None:
        self._database = database
        self.snapshot = snapshot
        self.dense = DenseScorer(snapshot)
        self.lexical = LexicalScorer(snapshot, tables)
        self.titles = TitleScorer(snapshot)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """All documents, which only filters ask for: reading ten thousand takes a tenth of a second."""
        return tuple(self._database.documents())

    def rank(self, query: Query, filters: Filters, settings: RetrievalSettings) -> Fused:
        """Return the fused ranking of all candidates of all legs."""
        allowed = None if filters.keeps_everything else filters.allowed(self.snapshot, self.documents)
        operators = Operators.of(query, self._database, self.snapshot)
        if operators is None:
            return self._fused(query, allowed, settings)
        allowed = operators.allowed(allowed, lambda among: self._fused(query, among, settings).rows)
        return operators.kept(self._fused(query, allowed, settings, operators))

    def _fused(
        self, query: Query, allowed: Allowed | None, settings: RetrievalSettings, operators: Operators | None = None
    ) -> Fused:
        limit = settings.candidates
        legs = [
            self.dense.passage_leg(query, allowed, limit),
            self.dense.sentence_leg(query, allowed, limit),
            self.lexical.leg(query, allowed, limit),
        ]
        weights = {
            "dense": settings.dense,
            "sentence": settings.sentence,
            "lexical": settings.lexical,
            "title": settings.title,
        }
        if operators is not None and allowed is not None:
            legs.append(operators.leg(legs, allowed, limit))
            weights["phrase"] = PHRASE_WEIGHT
        if settings.title:
            legs.append(self.titles.leg(self.lexical.terms_of(query), [leg.rows for leg in legs if leg], limit))
        return fuse(legs, weights)

    def hits(self, fused: Fused, k: int, query: Query | None = None) -> list[Hit]:
        """Return the k best hits; passages with equal text are one hit that lists the others in `duplicates`.

        With the query, each hit says which of its words match.
        """
        matcher = None if query is None else Matcher(query, self.lexical.terms_of(query))
        keys = self.snapshot.content_keys
        places: dict[int, list[int]] = {}
        for place, row in enumerate(fused.rows):
            key = int(keys[row])
            if key in places:
                places[key].append(place)
            elif len(places) < k:
                places[key] = [place]
        ids = [[int(self.snapshot.ids[fused.rows[place]]) for place in group] for group in places.values()]
        hits: list[Hit] = []
        with self._database.view() as view:
            passages = view.passages([group[0] for group in ids])
            documents = view.documents_of({passage.document_id for passage in passages.values()})
            for group, group_ids in zip(places.values(), ids, strict=True):
                passage = passages.get(group_ids[0])
                if passage is None:
                    continue  # replaced after this snapshot was made; the next one will hold its successor
                page_index = passage.spans[0].page_index
                hits.append(
                    Hit(
                        rank=len(hits) + 1,
                        score=float(fused.scores[group[0]]),
                        passage=passage,
                        document=documents[passage.document_id],
                        page_index=page_index,
                        page_label=view.page(passage.document_id, page_index).label,
                        legs=fused.explain(group[0]),
                        duplicates=tuple(group_ids[1:]),
                        matches=() if matcher is None else matcher.matches(passage),
                    )
                )
        return hits
