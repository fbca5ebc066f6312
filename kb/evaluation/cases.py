"""Why a question went wrong: where its gold ended up, what each leg made of it, and what stood above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.evaluation.judging import fold_spaces, judge, overlaps
from kb.evaluation.measures import percentile
from kb.evaluation.outcomes import values_of
from kb.retrieval.search import LATER_LEGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb.evaluation.judging import Judgement
    from kb.evaluation.outcomes import Kind, Outcome
    from kb.evaluation.questions import Gold, Question
    from kb.evaluation.run import Evaluation
    from kb.knowledge_base import KnowledgeBase
    from kb.records import Hit, LegScore, Passage

REACH = 200
"""How many hits are looked through for gold that the measured depth does not hold."""

_ABOVE = 5


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """Where one gold ended up: its rank among the first 200 hits, and its passage.

    `passage` is None where the index holds no such passage, `rank` where the gold is not among those hits; then there
    are no `legs` either. `lost_by` names the legs that put it lowest, empty when it is first or not found.
    """

    gold: Gold
    passage: Passage | None
    rank: int | None
    legs: tuple[LegScore, ...]
    lost_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One question in one form, its value of nDCG@10, its gold, and the hits above the best of it (5 at most)."""

    question: str
    form: str
    text: str
    kind: Kind
    ndcg_10: float
    golds: tuple[GoldPlace, ...]
    above: tuple[Hit, ...]
    holding: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class LegLoss:
    """How often a leg put the gold lowest among `cases`, and the median of its rank for the gold that it ranked."""

    leg: str
    lost: int
    ranked: int
    median_rank: float


def worst_cases(
    base: KnowledgeBase, evaluation: Evaluation, questions: Sequence[Question], limit: int = 40
) -> tuple[Case, ...]:
    """Return the answerable questions with the lowest nDCG@10, worst first, each searched again to a depth of 200.

    Of single-answer and of broad questions `limit` each. Ties go by the number of the question and the form in the
    file, after one form of each question has had its turn, so that one hard question does not fill the list.
    """
    known = {one.id: one for one in questions}
    chosen: list[Outcome] = []
    for kind in ("single", "broad"):
        ranked = [one for one in evaluation.outcomes if one.kind == kind and one.ranking and one.ranking.ndcg_10 < 1]
        chosen += _spread_out(ranked)[:limit]
    judged = judge(base, (gold for one in chosen for gold in known[one.question].gold))
    return tuple(_case(base, one, known[one.question].gold, judged, evaluation.depth) for one in chosen)


def leg_losses(cases: Iterable[Case]) -> tuple[LegLoss, ...]:
    """Return for each leg how often it put gold lowest, most often first."""
    lost: dict[str, int] = {}
    ranks: dict[str, list[float]] = {}
    for place in (place for case in cases for place in case.golds):
        for leg in place.legs:
            lost[leg.leg] = lost.get(leg.leg, 0) + (leg.leg in place.lost_by)
            ranks.setdefault(leg.leg, [])
            if leg.rank is not None:
                ranks[leg.leg].append(leg.rank)
    losses = [LegLoss(leg, times, len(ranks[leg]), percentile(ranks[leg], 0.5)) for leg, times in lost.items()]
    return tuple(sorted(losses, key=lambda one: (-one.lost, one.leg)))


def _spread_out(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes by nDCG@10 rounded to two places, then by how many forms of a question went before."""
    ordered = sorted(outcomes, key=lambda one: one.ranking.ndcg_10 if one.ranking else 0.0)
    turns: dict[str, int] = {}
    keys: dict[int, tuple[float, int]] = {}
    for place, one in enumerate(ordered):
        turns[one.question] = turns.get(one.question, 0) + 1
        keys[place] = (round(one.ranking.ndcg_10 if one.ranking else 0.0, 2), turns[one.question])
    return [ordered[place] for place in sorted(keys, key=keys.__getitem__)]


def _case(
    base: KnowledgeBase, outcome: Outcome, golds: Sequence[Gold], judged: dict[Gold, Judgement], depth: int
) -> Case:
    hits = base.search(outcome.text, k=max(REACH, depth))
    own = {gold: judged[gold].passage_ids for gold in golds}
    places = sorted(
        (_place(base, gold, judged[gold], hits) for gold in golds),
        key=lambda one: (one.rank is None, one.rank or 0, -one.gold.grade),
    )
    best = next((one.rank for one in places if one.rank is not None), None)
    above = hits[: min(_ABOVE, best - 1)] if best is not None and best > 1 else hits[:_ABOVE]
    relevant = frozenset[int]().union(*own.values())
    return Case(
        question=outcome.question,
        form=outcome.form,
        text=outcome.text,
        kind=outcome.kind,
        ndcg_10=values_of(outcome, depth)["ndcg@10"],
        golds=tuple(places),
        above=tuple(above),
        holding=tuple(bool(_ids(hit) & relevant) for hit in above),
    )


def _place(base: KnowledgeBase, gold: Gold, judgement: Judgement, hits: Sequence[Hit]) -> GoldPlace:
    hit = next((one for one in hits if _ids(one) & judgement.passage_ids), None)
    if hit is not None:
        return GoldPlace(gold, hit.passage, hit.rank, hit.legs, _lowest(hit) if hit.rank > 1 else ())
    quote = fold_spaces(gold.quote)
    passages = (
        passage
        for document_id in sorted(judgement.document_ids)
        for passage in base.passages(document_id)
        if passage.id in judgement.passage_ids and overlaps(quote, fold_spaces(passage.text))
    )
    return GoldPlace(gold, next(passages, None), None, (), ())


def _lowest(hit: Hit) -> tuple[str, ...]:
    """Return the legs that rank a hit lowest; a leg that does not rank it at all is below every rank.

    Legs that look at the best few of the others only have lost nothing: they never saw what stands lower.
    """
    seen = [leg for leg in hit.legs if leg.leg not in LATER_LEGS]
    ranks = {leg.leg: float("inf") if leg.rank is None else leg.rank for leg in seen}
    last = max(ranks.values(), default=0)
    return tuple(leg for leg, rank in ranks.items() if rank == last) if last > 1 else ()


def _ids(hit: Hit) -> frozenset[int]:
    return frozenset((hit.passage.id, *hit.duplicates))
