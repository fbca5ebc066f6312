"""The dense legs score a passage by its own vectors, whichever rows are asked for with it or were before."""

import numpy as np
import pytest

from kb.retrieval.query import understand


@pytest.fixture(scope="module")
def legs(small_base):
    searcher = small_base._current()
    query = understand("How many votes does a decision of the board need?", small_base._encoder)
    return (
        searcher.snapshot,
        query.vector,
        (
            searcher.dense.passage_leg(query, None, 20),
            searcher.dense.sentence_leg(query, None, 20),
        ),
    )


def test_scores_are_cosines_with_the_passage_and_with_its_best_sentence(legs):
    snapshot, vector, (dense, sentence) = legs
    rows = np.arange(snapshot.n, dtype=np.int32)
    best = np.full(snapshot.n, -1.0, dtype=np.float32)
    np.maximum.at(best, snapshot.sentence_owner, snapshot.arrays["sentence_vectors"].astype(np.float32) @ vector)
    assert np.allclose(dense.score(rows), snapshot.vectors(rows) @ vector, atol=1e-6)
    assert np.allclose(sentence.score(rows), best, atol=1e-6)
    for leg in (dense, sentence):
        scores = leg.score(rows)
        assert leg.rows.tolist() == np.lexsort((rows, -scores))[:20].tolist()
        assert leg.mean == pytest.approx(float(scores.mean()), abs=1e-6), "the sample of a small index is all of it"


@pytest.mark.parametrize("name", ["dense", "sentence"])
def test_remembered_scores_are_those_of_the_rows_asked_for(legs, name):
    snapshot, _, both = legs
    leg = next(one for one in both if one.name == name)
    alone = {row: leg.score(np.asarray([row], dtype=np.int32))[0] for row in range(0, snapshot.n, 3)}
    some = np.asarray(sorted(alone)[1:-1], dtype=np.int32)
    assert leg.score(some).tolist() == [alone[row] for row in some]
    for asked in ([sorted(alone)[0]], [some[2], some[1]], [some[-1] + 1], sorted(alone), []):
        rows = np.asarray(asked, dtype=np.int32)
        expected = [alone[row] if row in alone else leg.score(np.asarray([row, 0], dtype=np.int32))[0] for row in asked]
        assert leg.score(rows).tolist() == expected
