"""One question in one form, asked and judged; and the means of many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from kb.evaluation import measures
from kb.evaluation.questions import Gold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kb.evaluation.judging import Judgement
    from kb.evaluation.questions import Half
    from kb.records import AnswerStatus, Hit

Kind = Literal["single", "broad", "unanswerable"]
ALL = "all"
_KINDS: tuple[Kind, ...] = ("single", "broad", "unanswerable")
_RESAMPLES = 1000

MANY_GOLD = 6
"""Gold passages that a broad question has at least to count for how many of them an answer cites."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well one list of hits holds the gold. Shares between 0 and 1; `found` counts gold within depth k.

    `first` is the rank of the first hit that holds any, None when none does within depth k.
    """

    ndcg_10: float
    alpha_ndcg_10: float
    recall_10: float
    recall_k: float
    rr_10: float
    success_1: float
    found: tuple[tuple[str, int, int], ...]
    first: int | None


@dataclass(frozen=True, slots=True)
class Answering:
    """What `ask` made of one question: whether it answered, quoted gold, and how many quotes are verbatim.

    `gold_quoted` counts distinct gold that is quoted, `gold_quotes` the quotes that are gold, `gold_passages` the
    distinct passages with gold that are quoted from, of `gold_passages_in_all`. `short_right` says whether the words
    marked in the quotes are the short answer of the question file, None where it has none.
    """

    status: AnswerStatus
    cites_gold: bool
    quotes: int
    verbatim: int
    milliseconds: float
    gold_quoted: int = 0
    gold_quotes: int = 0
    gold_passages: int = 0
    gold_passages_in_all: int = 0
    short_right: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question in one form. `language` is that of its gold; `ranking` is None for an unanswerable question."""

    question: str
    form: str
    text: str
    half: Half
    kind: Kind
    language: str
    search_milliseconds: float
    ranking: Ranking | None
    answering: Answering | None


@dataclass(frozen=True, slots=True)
class Row:
    """Means over a group of outcomes. `form` or `language` is "all" where the group is not narrowed by it.

    `intervals` are 95 % percentile bootstrap intervals with whole questions, not forms, drawn (Efron 1979; seed 0).
    """

    half: str
    kind: Kind
    form: str
    language: str
    questions: int
    measures: dict[str, float]
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)


def rank(hits: Sequence[Hit], judged: Mapping[Gold, Judgement], depth: int) -> Ranking:
    """Judge one list of hits against the gold of its question.

    A hit's gain is the best grade among the gold that it is the first to hold; the ideal list shows one gold a rank.
    For α-nDCG a nugget is a document: it rewards an answer gathered from many of them.
    """
    holders: dict[int, set[Gold]] = {}
    for gold, judgement in judged.items():
        for passage_id in judgement.passage_ids:
            holders.setdefault(passage_id, set()).add(gold)
    found: list[set[Gold]] = []
    seen: set[Gold] = set()
    for hit in hits[:depth]:
        held = set[Gold]().union(*(holders.get(one, ()) for one in (hit.passage.id, *hit.duplicates)))
        found.append(held - seen)
        seen |= held
    gains = [max((gold.grade for gold in held), default=0) for held in found]
    nuggets = [frozenset(gold.document for gold in held) for held in found]
    totals = Counter(judgement.language for judgement in judged.values())
    return Ranking(
        ndcg_10=measures.ndcg(gains, [gold.grade for gold in judged], 10),
        alpha_ndcg_10=measures.alpha_ndcg(nuggets, [frozenset([gold.document]) for gold in judged], 10),
        recall_10=measures.recall(found, len(judged), 10),
        recall_k=measures.recall(found, len(judged), depth),
        rr_10=measures.reciprocal_rank(gains, 10),
        success_1=measures.success(gains, 1),
        found=tuple(
            (language, sum(judged[gold].language == language for gold in seen), total)
            for language, total in sorted(totals.items())
        ),
        first=next((place for place, gain in enumerate(gains, start=1) if gain > 0), None),
    )


def rows(outcomes: Sequence[Outcome], halves: Sequence[str], depth: int) -> tuple[Row, ...]:
    """Return the means: for each half and kind all of it, by question form, and by form and document language."""
    made: list[Row] = []
    for half in halves:
        for kind in _KINDS:
            chosen = [one for one in outcomes if one.kind == kind and half in {ALL, one.half}]
            if chosen:
                made.append(_refusing(_row((half, kind, ALL, ALL), chosen, depth), outcomes))
            for form in dict.fromkeys(one.form for one in chosen):
                of_form = [one for one in chosen if one.form == form]
                made.append(_refusing(_row((half, kind, form, ALL), of_form, depth), outcomes))
                if kind == "single":
                    made += [
                        _row((half, kind, form, language), [one for one in of_form if one.language == language], depth)
                        for language in sorted({one.language for one in of_form})
                    ]
                elif kind == "broad":
                    made += _recall_rows(half, form, of_form, depth)
    return tuple(made)


def _row(group: tuple[str, Kind, str, str], chosen: Sequence[Outcome], depth: int) -> Row:
    half, kind, form, language = group
    values = [values_of(one, depth) for one in chosen]
    names = list(dict.fromkeys(name for one in values for name in one))
    quotes = sum(one.answering.quotes for one in chosen if one.answering)
    means = {name: _mean(one[name] for one in values if name in one) for name in names}
    if quotes:
        means["verbatim"] = sum(one.answering.verbatim for one in chosen if one.answering) / quotes
    intervals: dict[str, tuple[float, float]] = {}
    if form == language == ALL:
        ids = [one.question for one in chosen]
        for name in names:
            held = [(own, one[name]) for own, one in zip(ids, values, strict=True) if name in one]
            intervals[name] = _interval([own for own, _ in held], [value for _, value in held])
    return Row(half, kind, form, language, len({one.question for one in chosen}), means, intervals)


def _refusing(row: Row, outcomes: Sequence[Outcome]) -> Row:
    """Return the row of unanswerable questions with the share of all refusals, of the same forms, that are right."""
    refused = [
        one.kind == "unanswerable"
        for one in outcomes
        if row.half in {ALL, one.half} and row.form in {ALL, one.form}
        if one.answering and one.answering.status == "not_found"
    ]
    if row.kind != "unanswerable" or not refused:
        return row
    return replace(row, measures=row.measures | {"refused-rightly": sum(refused) / len(refused)})


def values_of(outcome: Outcome, depth: int) -> dict[str, float]:
    """Return the measures of one outcome by the names that reports give them."""
    values: dict[str, float] = {}
    if outcome.ranking is not None:
        ranking = outcome.ranking
        values |= {"ndcg@10": ranking.ndcg_10, "recall@10": ranking.recall_10, f"recall@{depth}": ranking.recall_k}
        values |= {"rr@10": ranking.rr_10, "success@1": ranking.success_1}
        if outcome.kind == "broad":
            values["alpha-ndcg@10"] = ranking.alpha_ndcg_10
    if outcome.answering is not None:
        answering = outcome.answering
        answered = float(answering.status != "not_found")
        if outcome.kind == "unanswerable":
            values["refused"] = 1.0 - answered
        else:
            values |= {"answered": answered, "cites-gold": float(answering.cites_gold)}
            if answering.short_right is not None:
                values["short-right"] = float(answering.short_right)
        if outcome.kind == "broad":
            values |= _of_points(answering)
    return values


def _of_points(answering: Answering) -> dict[str, float]:
    """Return how much of the gold a broad answer gathers, and how much of what it gathers is gold."""
    values = {"points-gold": answering.gold_quotes / answering.quotes} if answering.quotes else {}
    if answering.gold_passages_in_all >= MANY_GOLD:
        values |= {
            "gold-passages": float(answering.gold_passages),
            "gold-quoted": float(answering.gold_quoted),
            "points": float(answering.quotes),
        }
    return values


def _recall_rows(half: str, form: str, chosen: Sequence[Outcome], depth: int) -> list[Row]:
    """Return recall among the gold of each document language, each a mean over the questions that have some."""
    shares: dict[str, list[float]] = {}
    for outcome in chosen:
        for language, found, total in outcome.ranking.found if outcome.ranking else ():
            shares.setdefault(language, []).append(found / total)
    return [
        Row(half, "broad", form, language, len(values), {f"recall@{depth}": _mean(values)})
        for language, values in sorted(shares.items())
    ]


def _interval(ids: Sequence[str], values: Sequence[float]) -> tuple[float, float]:
    by_id: dict[str, list[float]] = {}
    for name, value in zip(ids, values, strict=True):
        by_id.setdefault(name, []).append(value)
    means = np.array([_mean(one) for one in by_id.values()])
    drawn = np.random.default_rng(0).integers(0, len(means), (_RESAMPLES, len(means)))
    low, high = np.quantile(means[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def _mean(values: Iterable[float]) -> float:
    values = list(values)
    return sum(values) / len(values) if values else 0.0
