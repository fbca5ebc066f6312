"""The fusion's fit ranks as the search does, and its learners learn what there is to learn."""

import numpy as np
import pytest
from fusion_learning import FOLDS, Packed, fitted, fold
from fusion_scores import Asked, Bench, features_of, measured, ranked, reciprocal_ranks
from msgspec.structs import replace

from kb.retrieval.filters import Filters
from kb.retrieval.query import understand
from kb.retrieval.search import weights_for
from kb.settings import RetrievalSettings


@pytest.fixture(scope="module")
def bench(small_folder, tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("bench") / "index", small_folder, "fast")


@pytest.mark.parametrize(
    "text",
    [
        "What does a Kukdaryo farmer forfeit for selling part of a contracted crop?",
        "Кто платит за общую лабораторию в Толзоре?",
        "Klasterlar monitoringi haqida hujjatlarda nima deyilgan?",
        "Which risks do the documents name?",
    ],
)
def test_scores_kept_as_columns_rank_as_the_search_does(bench, text):
    query = understand(text, bench.encoder)
    settings = RetrievalSettings()
    expected = bench.searcher.rank(query, Filters(), settings)
    asked = Asked("q", "single", True, bench, features_of(bench, text), ())
    assert ranked(asked, weights_for(query, settings))[:12].tolist() == expected.rows[:12].tolist()


def asked_about(gold, **columns):
    return Asked("q", "single", True, None, {name: np.asarray(values) for name, values in columns.items()}, gold)


def test_reciprocal_ranks_add_up_over_legs():
    one = asked_about((), dense=[3.0, 2.0, 1.0, 0.0], lexical=[0.0, 2.0, 3.0, 1.0])
    assert reciprocal_ranks(one, ("dense", "lexical")).tolist() == [2, 1, 0, 3]


def test_a_passage_with_two_quotes_fills_one_rank():
    gold = (("a", 2, frozenset([0])), ("a", 1, frozenset([0])), ("b", 2, frozenset([1])))
    ndcg, recall, _, success, alpha = measured(asked_about(gold, dense=[1.0, 0.5, 0.1]), np.asarray([0, 1, 2]))
    assert recall == 1
    assert success == 1
    assert 0.8 < ndcg < 1
    assert 0.8 < alpha < 1


def problem():
    random = np.random.default_rng(0)
    values = random.normal(size=(40, 12, 3))
    grades = np.zeros((40, 12))
    grades[np.arange(40), np.argmax(values @ np.asarray([1.0, 2.0, 0.0]), axis=1)] = 2
    filled = np.ones((40, 12), bool)
    filled[:10, 9:] = False
    grades[~filled] = 0
    grades[grades.sum(axis=1) == 0, 0] = 1
    return Packed(values, grades, filled, np.full(40, 1 / 40))


@pytest.mark.parametrize("pairs", [False, True])
def test_weights_grow_where_they_tell_gold_from_the_rest(pairs):
    found = fitted(problem(), np.zeros(3), 0.001, pairs=pairs)
    assert found[1] > found[0] > 3 * abs(found[2])


@pytest.mark.parametrize("pairs", [False, True])
def test_a_strong_ridge_keeps_the_weights_in_use(pairs):
    start = np.asarray([0.7, 1.3, 1.2])
    assert fitted(problem(), start, 1e6, pairs=pairs) == pytest.approx(start, abs=1e-3)


def test_all_forms_of_a_question_fall_into_one_of_the_folds():
    assert {fold(f"q{number}") for number in range(100)} == set(range(FOLDS))


def test_a_weight_of_zero_leaves_a_leg_out(bench):
    text = "What do the documents say about financing?"
    asked = Asked("q", "lists", True, bench, features_of(bench, text), ())
    lists = RetrievalSettings().lists
    assert ranked(asked, lists).tolist() != ranked(asked, replace(lists, heading=0.0)).tolist()
    blank = {**asked.features, "heading": np.zeros_like(asked.features["heading"])}
    emptied = Asked("q", "lists", True, bench, blank, ())
    assert ranked(emptied, lists).tolist() == ranked(asked, replace(lists, heading=0.0)).tolist()
