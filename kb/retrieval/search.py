"""Searching one snapshot: the legs side by side, fused, refined, equal content collapsed, made into hits.

The first legs score every passage, or ask an index that does. The later ones look at what these found: names and titles
at all of it, headings and directions at the best hundred, single sentences at the best twelve. What each counts depends
on whether one passage answers or many (`breadth`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from kb.records import Hit
from kb.retrieval.breadth import breadth
from kb.retrieval.dense import DenseScorer
from kb.retrieval.detail import detail_leg
from kb.retrieval.directions import direction_leg
from kb.retrieval.fusion import fuse, refine
from kb.retrieval.headings import heading_leg
from kb.retrieval.levels import level
from kb.retrieval.lexical import LexicalScorer
from kb.retrieval.matching import Matcher
from kb.retrieval.names import NameScorer
from kb.retrieval.operators import PHRASE_WEIGHT, Operators
from kb.retrieval.spread import spread
from kb.retrieval.titles import TitleScorer

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.models.translation import TranslationTables
    from kb.records import Document
    from kb.retrieval.directions import Agreement
    from kb.retrieval.filters import Filters
    from kb.retrieval.fusion import Fused
    from kb.retrieval.legs import Allowed
    from kb.retrieval.query import Query
    from kb.settings import LegWeights, RetrievalSettings
    from kb.store.database import Database
    from kb.store.snapshot import Snapshot


WITH_HEADINGS = 100
WITH_DETAIL = 12
"""How many of the best passages the later legs look at."""
LATER_LEGS = frozenset({"heading", "direction", "detail", "reading"})
"""Names of these legs, which rank no other passage."""


class Searcher:
    """Everything that is prepared once for a snapshot. Safe to share between threads: it only reads.

    `agreement` gives what compares passages with a question by their strategic directions, when a question first needs
    it; without it there is no such leg.
    """

    def __init__(
        self,
        database: Database,
        snapshot: Snapshot,
        tables: TranslationTables,
        agreement: Callable[[], Agreement] | None = None,
    ) -> None:
        self._database = database
        self._agreement = agreement
        self.snapshot = snapshot
        self.dense = DenseScorer(snapshot)
        self.lexical = LexicalScorer(snapshot, tables)
        self.titles = TitleScorer(snapshot)
        self.names = NameScorer(snapshot, self.lexical.synonyms, lambda: self._dates)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """All documents, for filters and years in questions: reading ten thousand takes a tenth of a second."""
        return tuple(self._database.documents())

    @cached_property
    def _dates(self) -> dict[int, str]:
        return {document.id: document.date for document in self.documents if document.date}

    def rank(self, query: Query, filters: Filters, settings: RetrievalSettings) -> Fused:
        """Return the ranking of all candidates of all legs."""
        weights = weights_for(query, settings)
        limit = settings.candidates
        allowed = None if filters.keeps_everything else filters.allowed(self.snapshot, self.documents)
        operators = Operators.of(query, self._database, self.snapshot)
        if operators is None:
            return self._refined(query, self._fused(query, allowed, weights, limit), weights)
        allowed = operators.allowed(allowed, lambda among: self._fused(query, among, weights, limit).rows)
        found = operators.kept(self._fused(query, allowed, weights, limit, operators))
        return self._refined(query, found, weights)

    def _fused(
        self,
        query: Query,
        allowed: Allowed | None,
        weights: LegWeights,
        limit: int,
        operators: Operators | None = None,
    ) -> Fused:
        legs = [
            self.dense.passage_leg(query, allowed, limit),
            self.dense.sentence_leg(query, allowed, limit),
            self.lexical.leg(query, allowed, limit),
        ]
        if operators is not None and allowed is not None:
            legs.append(operators.leg(legs, allowed, limit))
        found = [leg.rows for leg in legs if leg]
        terms = self.lexical.terms_of(query)
        if weights.title:
            legs.append(self.titles.leg(terms, found, limit))
        if weights.name:
            legs.append(self.names.leg(query, terms, found))
        return fuse(legs, {**asdict(weights), "phrase": PHRASE_WEIGHT})

    def _refined(self, query: Query, fused: Fused, weights: LegWeights) -> Fused:
        terms = self.lexical.terms_of(query)
        rows = fused.rows[:WITH_HEADINGS]
        heading = heading_leg(terms, rows, self.snapshot, self._database) if weights.heading else None
        direction = None
        if weights.direction and self._agreement is not None:
            direction = direction_leg(query, rows, self.snapshot, self._agreement())
        fused = refine(fused, heading, weights.heading, WITH_HEADINGS)
        fused = refine(fused, direction, weights.direction, WITH_HEADINGS)
        rows = fused.rows[:WITH_DETAIL]
        detail = detail_leg(query, terms, rows, self.snapshot, self._database) if weights.detail else None
        fused = refine(fused, detail, weights.detail, WITH_DETAIL)
        fused = level(fused, self.snapshot, weights.level, WITH_HEADINGS)
        return spread(fused, self.snapshot, weights.spread)

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
        explained = fused.explained([group[0] for group in places.values()]) if places else []
        hits: list[Hit] = []
        with self._database.view() as view:
            passages = view.passages([group[0] for group in ids])
            documents = view.documents_of({passage.document_id for passage in passages.values()})
            for group, group_ids, legs in zip(places.values(), ids, explained, strict=True):
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
                        legs=legs,
                        duplicates=tuple(group_ids[1:]),
                        matches=() if matcher is None else matcher.matches(passage),
                    )
                )
        return hits


def weights_for(query: Query, settings: RetrievalSettings) -> LegWeights:
    """Return the weights for the kind of answer that a question asks for."""
    broad = {"list": settings.lists, "comparison": settings.comparisons}
    return broad.get(breadth(query), settings)
