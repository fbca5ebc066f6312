"""A comparison: each side is searched for by itself, where its documents are, and shown beside the others.

One search for the whole question lets the side with more text win. A side that a document's title names is looked for
in those documents only; another must stand in the passages quoted for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kb.answering.candidates import gather
from kb.answering.points import Point, choose_points
from kb.answering.sides import without
from kb.answering.topic import on_topic
from kb.retrieval.breadth import strange_words
from kb.text.fold import fold, loose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.answering.model import AnswerModel
    from kb.answering.sides import Side
    from kb.records import Hit
    from kb.retrieval.filters import Filters
    from kb.retrieval.finding import Finder
    from kb.retrieval.query import Query
    from kb.retrieval.search import Searcher
    from kb.store.database import Database

POINTS_A_SIDE = 8
SIDE_HITS = 20
MOST_OF_A_DOCUMENT = 4
_TITLE_WEIGHT = 0.45
_OF_BEST_COVERED = 0.3
"""A point covers at least this share of what the best point of either side covers of the question."""

_AMONG_BEST = 4
_ALIKE = 0.35
"""Cosine from which two sentences with a measure in common are held against each other."""

_MANY = r"\d[\d.,\s]*(?:(?:ming|million|milliard|billion|trillion|mln|mlrd|trln|tisyach|thousand)\w*\s+)*"
_MEASURES = {
    "share": r"(?:%|foiz|percent|per cent|protsent)",
    "money": r"(?:som|soum|sum|dollar|yevro|euro)",
    "people": r"(?:ta |nafar )?(?:kishi|ishchi|ish ori?n|people|workers|jobs|chelovek|rabochi\w+ mest|mest\b|oila|semey"
    r"|famil|household|xonadon|shogird|uchenik|apprentice|usta\b|master)",
    "area": r"(?:gektar|ga\b|hectare|kvadrat|square)",
    "mass": r"(?:tonn|kilogram|kg\b|litr|kub)",
    "time": r"(?:-?\s*)(?:yil|oy\b|oydan|oyga|kun|soat|god|let\b|mesyats|dney|dnya|den\b|chas|year|month|day|week|hour"
    r"|hafta|nedel)",
}
_MEASURED = {name: re.compile(_MANY + pattern) for name, pattern in _MEASURES.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found for one side, no points when nothing was; `documents` are those that it names."""

    side: Side
    points: tuple[Point, ...]
    probability: float
    documents: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where sides are searched for."""

    database: Database
    finder: Finder
    filters: Filters


def compare(
    question: str, sides: tuple[Side, ...], sources: Sources, model: AnswerModel, *, least: float
) -> list[Shown]:
    """Return the points of each side in the question's order, those in the same measure first.

    A side whose probability of being answered is under `least` has none.
    """
    common = without(question, sides, None)
    found = [_of_side(side, without(question, sides, side), common, sources, model) for side in sides]
    most = max((point.coverage for one in found for point in one.points), default=0.0)
    kept = [
        replace(one, points=tuple(point for point in one.points if point.coverage >= _OF_BEST_COVERED * most))
        if one.probability >= least
        else replace(one, points=())
        for one in found
    ]
    return _measures_first(kept)


def _of_side(side: Side, question: str, common: str, sources: Sources, model: AnswerModel) -> Shown:
    """Return what is found for one side; `question` does not name the others, `common` names none."""
    finder = sources.finder
    query = finder.understood(question)
    documents = documents_named(side, query, finder.searcher)
    filters = sources.filters.within(documents) if documents else sources.filters
    found = finder.found(query, SIDE_HITS, filters)
    hits = _holding(side, found.hits, documents)
    wanted = on_topic(query, finder, common if documents else None)
    candidates = gather(wanted, hits, found.fused, sources.database, finder.searcher)
    if not candidates.sentences:
        return Shown(side, (), 0.0, documents)
    judgement = model.judge(candidates)
    points = choose_points(
        question,
        candidates,
        judgement.sentence_logits,
        most=POINTS_A_SIDE,
        most_of_a_document=POINTS_A_SIDE if len(documents) == 1 else MOST_OF_A_DOCUMENT,
    )
    return Shown(side, tuple(points), judgement.probability, documents)


def documents_named(side: Side, query: Query, searcher: Searcher) -> frozenset[int]:
    """Return the documents whose titles hold every word of a side, in any language; `query` holds them."""
    words = _words(side.label)
    own = {term for term, word in zip(query.terms, query.written, strict=True) if _words(word) <= words}
    terms = [term for term in searcher.lexical.terms_of(query) if term.stem in own]
    snapshot = searcher.snapshot
    held = np.full(len(snapshot.title_documents), bool(terms))
    for term in terms:
        here = np.zeros(len(held), dtype=np.bool_)
        for language, members in term.members.items():
            for word, weight in members:
                if weight >= _TITLE_WEIGHT:
                    places, _ = snapshot.titles[language].lookup(word)
                    here[places] = True
        held &= here
    return frozenset(snapshot.title_documents[held].tolist())


def _holding(side: Side, hits: Sequence[Hit], documents: frozenset[int]) -> list[Hit]:
    """Return the hits that are about a side: of a document of its own, or holding one of its words.

    A document has it for itself when its title names no other place or firm.
    """
    words = _words(side.label)
    own = {
        hit.document.id
        for hit in hits
        if hit.document.id in documents and len(strange_words(hit.document.title)) <= len(words)
    }
    return [hit for hit in hits if hit.document.id in own or any(_words(one.word) <= words for one in hit.matches)]


def _words(text: str) -> frozenset[str]:
    return frozenset(loose(fold(word)) for word in re.findall(r"[\w'‘’ʻʼ-]+", text))


def measures_in(text: str) -> frozenset[str]:
    """Return what a sentence gives numbers of: "share", "money", "people", "area", "mass", "time"."""
    key = loose(fold(text))
    return frozenset(name for name, pattern in _MEASURED.items() if pattern.search(key))


def _measures_first(found: list[Shown]) -> list[Shown]:
    """Put the pair of points first that give the same measure and are most alike, on the first two sides with any."""
    with_points = [at for at, one in enumerate(found) if one.points]
    if len(with_points) < 2:
        return found
    left, right = with_points[:2]
    best, pair = _ALIKE, None
    for one in found[left].points[:_AMONG_BEST]:
        for other in found[right].points[:_AMONG_BEST]:
            if measures_in(one.sentence.text) & measures_in(other.sentence.text):
                alike = float(one.vector @ other.vector)
                if alike > best:
                    best, pair = alike, (one, other)
    if pair is None:
        return found
    for at, first in zip((left, right), pair, strict=True):
        rest = tuple(point for point in found[at].points if point is not first)
        found[at] = replace(found[at], points=(first, *rest))
    return found
