"""Our measures give what ir_measures (trec_eval and ndeval) gives for the same lists."""

import random

import ir_measures
import pytest
from ir_measures import RR, Qrel, R, ScoredDoc, Success, alpha_nDCG, nDCG

from kb.evaluation import measures

LISTS = 60


def drawn(seed):
    """A ranking of 30 items, grades of some of them and of items that were not retrieved."""
    source = random.Random(seed)
    items = [f"d{number:02d}" for number in range(40)]
    source.shuffle(items)
    grades = {item: source.choice((1, 2)) for item in source.sample(items, source.randint(3, 14))}
    return items[:30], grades


def run_of(ranked):
    return [ScoredDoc("q", item, float(len(ranked) - place)) for place, item in enumerate(ranked)]


@pytest.mark.parametrize("seed", range(LISTS))
def test_graded_measures_agree_with_trec_eval(seed):
    ranked, grades = drawn(seed)
    theirs = ir_measures.calc_aggregate(
        [nDCG @ 10, RR @ 10, R @ 10, R @ 20, Success @ 1],
        [Qrel("q", item, grade) for item, grade in grades.items()],
        run_of(ranked),
    )
    gains = [grades.get(item, 0) for item in ranked]
    found = [{item} & grades.keys() for item in ranked]
    assert measures.ndcg(gains, grades.values(), 10) == pytest.approx(theirs[nDCG @ 10])
    assert measures.reciprocal_rank(gains, 10) == pytest.approx(theirs[RR @ 10])
    assert measures.recall(found, len(grades), 10) == pytest.approx(theirs[R @ 10])
    assert measures.recall(found, len(grades), 20) == pytest.approx(theirs[R @ 20])
    assert measures.success(gains, 1) == pytest.approx(theirs[Success @ 1])


@pytest.mark.parametrize("seed", range(LISTS))
def test_alpha_ndcg_agrees_with_ndeval(seed):
    ranked, grades = drawn(seed)
    source = random.Random(seed + 1000)
    nuggets = {item: frozenset(source.sample("ABCDEF", source.randint(1, 2))) for item in grades}
    theirs = ir_measures.calc_aggregate(
        [alpha_nDCG @ 10],
        [Qrel("q", item, 1, nugget) for item, held in sorted(nuggets.items()) for nugget in sorted(held)],
        run_of(ranked),
    )
    # Where two items add as much to the best order, ndeval takes the one with the later name.
    pool = [nuggets[item] for item in sorted(nuggets, reverse=True)]
    ours = measures.alpha_ndcg([nuggets.get(item, frozenset()) for item in ranked], pool, 10)
    assert ours == pytest.approx(theirs[alpha_nDCG @ 10], abs=1e-5)
