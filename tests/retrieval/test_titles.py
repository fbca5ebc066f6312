"""The title leg prefers the document that a question names."""

import numpy as np
import pytest

from kb.records import Document
from kb.retrieval.query import understand
from kb.retrieval.titles import TitleScorer
from kb.text.language import identify
from kb.text.words import terms


@pytest.fixture(scope="module")
def scorer(small_base):
    searcher = small_base._current()
    return searcher, TitleScorer(searcher.snapshot)


def leg_of(scorer, small_base, question):
    searcher, titles = scorer
    query = understand(question, small_base._encoder)
    everything = np.arange(searcher.snapshot.n, dtype=np.int32)
    return titles.leg(searcher.lexical.terms_of(query), [everything], 100)


@pytest.mark.parametrize(
    "question",
    [
        "What does the statute of Tolzor Charm say about votes?",
        "Что говорит устав «Толзор Чарм» о голосах?",
        "«Tolzor Charm» ustavida ovozlar haqida nima deyilgan?",
    ],
)
def test_the_document_that_the_question_names_comes_first(scorer, small_base, question):
    leg = leg_of(scorer, small_base, question)
    owner = int(scorer[0].snapshot.document_ids[leg.rows[0]])
    assert "Tolzor Charm" in next(d.title for d in scorer[0].documents if d.id == owner)


def test_a_question_that_names_no_title_leaves_the_leg_out(scorer, small_base):
    assert leg_of(scorer, small_base, "1998") is None


def test_no_rows_and_no_terms_are_no_error(scorer, small_base):
    searcher, titles = scorer
    terms = searcher.lexical.terms_of(understand("monitoring of cluster programmes", small_base._encoder))
    assert titles.leg(terms, [], 10) is None
    assert titles.leg(terms, [np.empty(0, np.int32)], 10) is None
    assert titles.leg((), [np.arange(3, dtype=np.int32)], 10) is None


def test_a_title_counts_each_term_of_the_question_once_by_its_best_word(scorer, small_base):
    searcher, titles = scorer
    query = understand("Monitoring of cluster programmes and monitoring of the cluster", small_base._encoder)
    query_terms = searcher.lexical.terms_of(query)
    rows = np.arange(searcher.snapshot.n, dtype=np.int32)
    found = titles.leg(query_terms, [rows], 100).score(rows)
    for document in searcher.documents:
        language = identify(document.title).language
        present = set(terms(document.title, language))
        expected = sum(
            term.idf * max((weight for word, weight in term.members.get(language, ()) if word in present), default=0.0)
            for term in query_terms
        )
        own = found[searcher.snapshot.document_ids == document.id]
        assert own.tolist() == [np.float32(expected)] * document.passage_count
    assert found.any()


def test_every_passage_of_a_document_has_the_score_of_its_title(scorer, small_base):
    leg = leg_of(scorer, small_base, "monitoring of cluster programmes")
    rows = np.arange(scorer[0].snapshot.n, dtype=np.int32)
    by_document: dict[int, set[float]] = {}
    for row, score in zip(rows, leg.score(rows), strict=True):
        by_document.setdefault(int(scorer[0].snapshot.document_ids[row]), set()).add(float(score))
    assert all(len(scores) == 1 for scores in by_document.values())
    assert len(by_document) == len([d for d in scorer[0].documents if isinstance(d, Document)])
