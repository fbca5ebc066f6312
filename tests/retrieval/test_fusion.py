"""Fusion: what each leg adds, how ties fall, and what happens when a leg is absent."""

import numpy as np
import pytest

from kb.retrieval.fusion import fuse
from kb.retrieval.legs import LegResult, best_rows
from kb.store.sampling import sample_rows


def leg(name: str, scores: list[float], limit: int = 100) -> LegResult:
    values = np.asarray(scores, dtype=np.float32)
    rows = best_rows(np.arange(len(values), dtype=np.int32), values, limit)
    return LegResult(name, rows, lambda wanted: values[wanted], float(values.mean()), float(values.std()))


def test_a_leg_with_larger_numbers_does_not_outweigh_the_other():
    small, large = leg("a", [0.3, 0.2, 0.1]), leg("b", [100.0, 300.0, 200.0])
    fused = fuse([small, large], {"a": 1.0, "b": 1.0})
    alone = fuse([small, leg("b", [0.1, 0.3, 0.2])], {"a": 1.0, "b": 1.0})
    assert fused.rows.tolist() == alone.rows.tolist() == [1, 0, 2]


def test_ties_go_to_the_lower_row():
    fused = fuse([leg("a", [0.5, 0.9, 0.9, 0.1])], {"a": 1.0})
    assert fused.rows.tolist() == [1, 2, 0, 3]


def test_an_absent_leg_and_a_leg_of_no_weight_take_no_part():
    a = leg("a", [1.0, 2.0, 3.0])
    fused = fuse([a, None, leg("c", [9.0, 1.0, 1.0])], {"a": 1.0, "b": 1.0, "c": 0.0})
    assert [one.name for one in fused.legs] == ["a"]
    assert fused.rows.tolist() == [2, 1, 0]


def test_no_leg_at_all_gives_no_row():
    assert fuse([None, None], {}).rows.tolist() == []


def test_a_row_that_only_one_leg_found_is_scored_by_all():
    a, b = leg("a", [3.0, 2.0, 1.0], limit=1), leg("b", [1.0, 2.0, 3.0], limit=1)
    fused = fuse([a, b], {"a": 1.0, "b": 1.0})
    assert sorted(fused.rows.tolist()) == [0, 2]
    assert fused.parts.shape == (2, 2)


def test_the_explanation_names_rank_score_and_share():
    a, b = leg("a", [0.9, 0.1, 0.1]), leg("b", [5.0, 1.0, 1.0], limit=2)
    fused = fuse([a, b], {"a": 1.0, "b": 1.0})
    first, last = fused.explain(0), fused.explain(2)
    assert [(one.leg, one.rank) for one in first] == [("a", 1), ("b", 1)]
    assert sum(one.share for one in first) == pytest.approx(1.0)
    assert first[1].score == pytest.approx(5.0)
    assert last[1].rank is None


def test_best_rows_keeps_the_lower_of_tied_rows_at_the_limit():
    scores = np.asarray([0.5, 0.5, 0.5, 0.9], dtype=np.float32)
    assert best_rows(np.arange(4, dtype=np.int32), scores, 2).tolist() == [3, 0]


@pytest.mark.parametrize("count", [1, 5, 4096, 4097, 100_000])
def test_the_sample_is_spread_over_all_rows_without_repeats(count):
    sample = sample_rows(count)
    assert sample[0] == 0
    assert sample[-1] == count - 1
    assert len(np.unique(sample)) == len(sample) == min(count, 4096)
