"""Measures give the values of worked examples, and never leave 0 to 1."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.evaluation import measures

# The worked example that encyclopaedias give for nDCG: six results, two more relevant ones not shown.
GRADES = [3, 2, 3, 0, 1, 2]


def test_dcg_of_the_worked_example():
    assert measures.dcg(GRADES, 6) == pytest.approx(6.861, abs=5e-4)


def test_dcg_stops_at_k():
    assert measures.dcg(GRADES, 2) == pytest.approx(3 + 2 / math.log2(3))


def test_ndcg_of_the_worked_example_counts_relevant_items_that_were_not_retrieved():
    assert measures.ndcg(GRADES, [*GRADES, 3, 2], 6) == pytest.approx(0.785, abs=5e-4)
    assert measures.ndcg(GRADES, GRADES, 6) == pytest.approx(0.961, abs=5e-4)


def test_ndcg_ideal_may_be_given_in_any_order():
    assert measures.ndcg([2, 1], [1, 2], 10) == 1.0


def test_reciprocal_rank_of_the_worked_example():
    ranked = [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert sum(measures.reciprocal_rank(one) for one in ranked) / 3 == pytest.approx(11 / 18)


def test_reciprocal_rank_is_cut_at_ten():
    assert measures.reciprocal_rank([0] * 9 + [1]) == pytest.approx(0.1)
    assert measures.reciprocal_rank([0] * 10 + [1]) == 0.0


def test_success_looks_at_the_first_k_only():
    assert measures.success([0, 2], 1) == 0.0
    assert measures.success([0, 2], 2) == 1.0


def test_recall_counts_an_item_held_by_two_passages_once():
    found = [{"a", "b"}, {"b"}, set(), {"c"}]
    assert measures.recall(found, 4, 2) == pytest.approx(0.5)
    assert measures.recall(found, 4, 4) == pytest.approx(0.75)


def test_alpha_dcg_halves_a_nugget_each_time_it_comes_again():
    ranked = [{"b", "d"}, {"d"}, {"d"}, set(), {"a", "c"}]
    assert measures.alpha_dcg(ranked, 1) == pytest.approx(2)
    assert measures.alpha_dcg(ranked, 2) == pytest.approx(2.315, abs=5e-4)
    assert measures.alpha_dcg(ranked, 3) == pytest.approx(2.440, abs=5e-4)
    assert measures.alpha_dcg(ranked, 5) == pytest.approx(3.214, abs=5e-4)


def test_alpha_ndcg_divides_by_the_greedy_best_order():
    pool = [{"x"}, {"x"}, {"y"}]
    ideal = 1 + 1 / math.log2(3) + 0.5 / 2
    assert measures.alpha_ndcg([{"x"}, {"x"}, {"y"}], pool, 3) == pytest.approx((1 + 0.5 / math.log2(3) + 0.5) / ideal)
    assert measures.alpha_ndcg([{"y"}, {"x"}, {"x"}], pool, 3) == pytest.approx(1.0)


def test_nothing_relevant_gives_zero_not_an_error():
    assert measures.ndcg([0, 0], [], 10) == 0.0
    assert measures.recall([set()], 0, 10) == 0.0
    assert measures.alpha_ndcg([set()], [], 10) == 0.0


def test_percentile_is_the_nearest_rank():
    values = [15.0, 20.0, 35.0, 40.0, 50.0]
    assert [measures.percentile(values, share) for share in (0.05, 0.3, 0.4, 0.5, 1.0)] == [15, 20, 20, 35, 50]
    assert measures.percentile([], 0.5) == 0.0


@given(st.lists(st.integers(0, 3), max_size=30), st.integers(0, 8), st.integers(1, 20))
def test_ndcg_stays_between_zero_and_one_and_a_sorted_list_is_best(gains, missing, k):
    ideal = [*gains, *[2] * missing]
    value = measures.ndcg(gains, ideal, k)
    best = measures.ndcg(sorted(gains, reverse=True), ideal, k)
    assert 0.0 <= value <= best + 1e-12
    assert best <= 1.0 + 1e-12


@given(st.lists(st.frozensets(st.sampled_from("abcd"), max_size=1), max_size=12), st.integers(1, 12))
def test_alpha_ndcg_of_one_nugget_items_is_one_for_the_greedy_order_and_no_order_beats_it(pool, k):
    assert 0.0 <= measures.alpha_ndcg(pool, pool, k) <= 1.0
    assert measures.alpha_dcg(pool, k) <= measures.alpha_dcg(measures._greedy(pool, k, 0.5), k) + 1e-12
