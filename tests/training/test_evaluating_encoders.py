"""The measures of encoders give what can be worked out by hand."""

import numpy as np
import pytest
from evaluate_encoder import bitext, retrieval, spearman, v_measure
from published import MODELS, PUBLISHED, TITLES, comparison
from sklearn.metrics import f1_score


def test_bitext_f1_is_that_of_scikit_learn():
    draw = np.random.default_rng(1)
    left, right = draw.normal(size=(2, 200, 6))
    found = bitext(left, right)
    chosen = (left @ right.T).argmax(axis=1)
    assert found["f1"] == pytest.approx(f1_score(np.arange(200), chosen, average="weighted", zero_division=0))
    assert found["accuracy"] == np.mean(chosen == np.arange(200))


def test_a_tie_with_a_wrong_passage_counts_against_the_encoder():
    passages = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    assert retrieval(np.array([[1.0, 0.0]]), passages, [{0}])["ndcg@10"] == pytest.approx(1 / np.log2(3))
    assert retrieval(np.array([[0.0, 1.0]]), passages, [{2}]) == {"ndcg@10": 1.0, "first": 1.0}


def test_equal_values_share_their_rank():
    assert spearman(np.array([1.0, 1.0, 2.0]), np.array([5.0, 5.0, 9.0])) == pytest.approx(1)
    assert spearman(np.array([1.0, 2.0, 3.0]), np.array([3.0, 2.0, 1.0])) == pytest.approx(-1)


def test_topics_that_stand_apart_are_clustered_and_noise_is_not():
    draw = np.random.default_rng(2)
    topics = [f"topic {row % 4}" for row in range(400)]
    apart = np.array([np.eye(4)[row % 4] for row in range(400)]) + draw.normal(scale=0.02, size=(400, 4))
    assert v_measure(apart, topics) > 0.8
    assert v_measure(draw.normal(size=(400, 4)), topics) < 0.1
    assert v_measure(apart, topics) == v_measure(apart, topics)


def test_the_measured_row_stands_under_the_published_ones():
    lines = comparison("fast", {"belebele en>en": {"ndcg@10": 0.749}})
    assert [line[:30].strip() for line in lines[1:-1]] == [name[:30].strip() for name in MODELS]
    assert lines[-1].startswith("fast (measured here)")
    assert lines[-1].split()[3:].count(".749") == 1
    place = lines[0].index("en>en") + len("en>en")
    assert [line[place - 4 : place] for line in (lines[1], lines[-1])] == [".948", ".749"]


def test_every_published_row_is_complete():
    assert {len(values) for values in PUBLISHED.values()} == {len(MODELS)}
    assert {name for name, _ in PUBLISHED} == set(TITLES)
