"""Points in groups under headings: by document, or by strategic direction where the question is about none or many."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING

from kb.answering.phrases import spelt
from kb.text.words import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.answering.points import Point
    from kb.directions.taxonomy import Direction, Taxonomy
    from kb.records import Document, Language
    from kb.retrieval.query import Query

_FEWEST_A_DIRECTION = 1.5
"""Points a direction on average from which grouping by directions tells more than a list of documents."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """Points under one heading, in the order in which they are shown."""

    heading: str
    document: Document | None
    direction: str | None
    points: tuple[Point, ...]


def grouped(points: Sequence[Point], query: Query, taxonomy: Taxonomy) -> list[Grouped]:
    """Return the points in groups, the strongest first.

    They go by document when the question is about one strategic direction, or when directions would not bring points
    together any better.
    """
    asked = directions_asked(query, taxonomy)
    if len(asked) != 1:
        by_direction = _by_direction(points, query, taxonomy, asked)
        if by_direction:
            return by_direction
    return by_document(points)


def by_document(points: Sequence[Point]) -> list[Grouped]:
    """Return the points by document, in reading order within each."""
    held: dict[int, list[Point]] = defaultdict(list)
    for point in points:
        held[point.sentence.hit.document.id].append(point)
    groups = [
        Grouped(document.title, document, None, tuple(sorted(own, key=_place)))
        for own in held.values()
        for document in (own[0].sentence.hit.document,)
    ]
    return _strongest_first(groups, points)


def directions_asked(query: Query, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the directions whose label, or a typical term of whose, stands in the question."""
    if query.language == "und":
        return ()
    held = set(query.terms)
    found: Counter[str] = Counter()
    for direction in taxonomy.directions:
        for phrase in _phrases(direction, query):
            if phrase and phrase <= held:
                found[direction.name] += len(phrase)
    most = max(found.values(), default=0)
    return tuple(name for name in taxonomy.names if found[name] and found[name] * 2 > most)


def _phrases(direction: Direction, query: Query) -> tuple[frozenset[str], ...]:
    said = (direction.label[query.language], *direction.terms[query.language])
    return _stems_of(said, query.language)


@lru_cache(maxsize=500)
def _stems_of(phrases: tuple[str, ...], language: Language) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(terms(phrase, language)) for phrase in phrases)


def _by_direction(
    points: Sequence[Point], query: Query, taxonomy: Taxonomy, asked: tuple[str, ...]
) -> list[Grouped] | None:
    """Return the points by direction, None where some have none or nearly each would stand alone."""
    documents = len({point.sentence.hit.document.id for point in points})
    weights: Counter[str] = Counter()
    for point in points:
        for one in point.sentence.hit.directions:
            if not asked or one.name in asked:
                weights[one.name] += one.score  # type: ignore[assignment]
    held: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        own = [one.name for one in point.sentence.hit.directions if weights[one.name]]
        if not own:
            return None
        held[max(own, key=lambda name: (weights[name], name))].append(point)
    if len(held) < 2 or len(points) < _FEWEST_A_DIRECTION * len(held) or len(held) >= documents:
        return None
    groups = [
        Grouped(
            spelt(taxonomy.label(name, query.language), query.language, query.spelling),
            None,
            name,
            tuple(sorted(own, key=lambda point: (-point.score, _place(point)))),
        )
        for name, own in held.items()
    ]
    return _strongest_first(groups, points)


def _place(point: Point) -> tuple[int, int, int]:
    hit = point.sentence.hit
    return hit.document.id, hit.passage.ordinal, point.sentence.start


def _strongest_first(groups: list[Grouped], points: Sequence[Point]) -> list[Grouped]:
    best = max(point.score for point in points)
    order = {id(point): place for place, point in enumerate(points)}

    def weight(group: Grouped) -> tuple[float, int]:
        return (-sum(exp(point.score - best) for point in group.points), min(order[id(one)] for one in group.points))

    return sorted(groups, key=weight)
