"""The lexical leg gives BM25 over weighted classes, however many passages there are and whatever it skips."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.retrieval.legs import best_rows
from kb.retrieval.lexical import K1, B, _best_of_all
from kb.retrieval.query import understand
from kb.store.units import LANGUAGES

QUESTIONS = [
    "What does the statute of Tolzor Charm say about votes?",
    "Сколько голосов нужно для решения правления кластера?",
    "klaster eksport salohiyati monitoringi",
]


@pytest.fixture(scope="module")
def scorer(small_base):
    return small_base._current().lexical


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_passage_has_the_score_of_the_formula(small_base, scorer, question):
    snapshot = small_base._current().snapshot
    query = understand(question, small_base._encoder)
    terms = {unit.passage_id: unit.terms for unit in small_base._database.units()}
    lengths = {number: sum(counts.values()) for number, counts in terms.items()}
    by_language = {code: snapshot.ids[snapshot.languages == code] for code in range(len(LANGUAGES))}
    expected = []
    for number, code in zip(snapshot.ids.tolist(), snapshot.languages.tolist(), strict=True):
        mean = np.mean([lengths[one] for one in by_language[code]])
        score = 0.0
        for term in scorer.terms_of(query):
            members = term.members.get(LANGUAGES[code], ())
            frequency = sum(weight * terms[number].get(word, 0) for word, weight in members)
            damper = K1 * (1 - B + B * lengths[number] / mean)
            score += term.idf * frequency * (K1 + 1) / (frequency + damper)
        expected.append(score)
    leg = scorer.leg(query, None, 10)
    rows = np.arange(snapshot.n, dtype=np.int32)
    assert np.allclose(leg.score(rows), expected, rtol=1e-5, atol=1e-6)
    assert leg.rows.tolist() == np.lexsort((rows, -leg.score(rows)))[:10].tolist()
    assert leg.mean == pytest.approx(np.mean(expected), rel=1e-4)


def test_only_allowed_rows_are_found(small_base, scorer):
    query = understand(QUESTIONS[0], small_base._encoder)
    free = scorer.leg(query, None, 5)
    allowed = np.ones(small_base._current().snapshot.n, dtype=np.bool_)
    allowed[free.rows[0]] = False
    assert scorer.leg(query, allowed, 4).rows.tolist() == free.rows[1:].tolist()
    assert scorer.leg(query, np.zeros_like(allowed), 4).rows.tolist() == []


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.5000001, 3.0]), min_size=1, max_size=40),
    st.integers(1, 60),
    st.integers(0, 2**31),
)
def test_skipping_blocks_of_rows_loses_none_of_the_best(values, limit, seed):
    scores = np.random.default_rng(seed).choice(np.asarray(values, dtype=np.float32), 8_000)
    rows = np.flatnonzero(scores).astype(np.int32)
    assert _best_of_all(scores, limit).tolist() == best_rows(rows, scores[rows], limit).tolist()


def test_a_question_of_unknown_words_has_no_leg(small_base, scorer):
    assert scorer.leg(understand("7391846", small_base._encoder), None, 5) is None


def test_scoring_twice_gives_the_same(small_base, scorer):
    query = understand(QUESTIONS[1], small_base._encoder)
    rows = np.arange(small_base._current().snapshot.n, dtype=np.int32)
    first, second = (scorer.leg(query, None, 9) for _ in range(2))
    assert np.array_equal(first.score(rows), second.score(rows))
    assert np.array_equal(first.rows, second.rows)
