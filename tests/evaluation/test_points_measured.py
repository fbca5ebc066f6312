"""How much of the gold a broad answer gathers, and how much of what it gathers is gold."""

import pytest
from corpus_files import CORPUS

from kb.evaluation.outcomes import Answering, Outcome, rows, values_of
from kb.evaluation.questions import load_questions
from kb.evaluation.run import evaluate


def outcome(name, *, kind="broad", status="answered", **counts):
    answering = Answering(status, counts.get("gold_quotes", 0) > 0, counts.pop("quotes", 0), 0, 1.0, **counts)
    return Outcome(name, "en", name, "fit", kind, "en", 1.0, None, answering)


def test_gold_passages_count_only_where_there_are_many():
    few = values_of(outcome("a", quotes=4, gold_quotes=1, gold_passages=1, gold_passages_in_all=5), 20)
    assert few["points-gold"] == 0.25
    assert "gold-passages" not in few
    many = values_of(outcome("b", quotes=12, gold_quotes=6, gold_quoted=5, gold_passages=4, gold_passages_in_all=6), 20)
    assert (many["gold-passages"], many["gold-quoted"], many["points"], many["points-gold"]) == (4, 5, 12, 0.5)


def test_means_and_intervals_are_over_the_questions_that_count():
    asked = [
        outcome("a", quotes=4, gold_quotes=4, gold_passages=2, gold_passages_in_all=5),
        outcome("b", quotes=10, gold_quotes=5, gold_passages=5, gold_passages_in_all=9),
        outcome("c", status="not_found", gold_passages_in_all=8),
    ]
    [overall, *_] = rows(asked, ("all",), 20)
    assert overall.measures["gold-passages"] == pytest.approx(2.5)
    assert overall.measures["points-gold"] == pytest.approx(0.75)
    assert overall.measures["answered"] == pytest.approx(2 / 3)
    assert overall.intervals["gold-passages"] == (0.0, 5.0)


def test_a_partly_answered_question_is_answered_and_not_refused():
    assert values_of(outcome("a", status="partly"), 20)["answered"] == 1.0
    assert values_of(outcome("a", kind="unanswerable", status="partly"), 20)["refused"] == 0.0


def test_a_list_gathers_gold_of_a_real_question(corpus_base):
    questions = [one for one in load_questions(CORPUS / "questions.jsonl") if one.id == "x-ecology_resources-1"]
    [measured] = evaluate(corpus_base, questions, forms=("ru",)).outcomes
    assert measured.answering.gold_passages_in_all >= 6
    assert measured.answering.gold_passages >= 4
    assert measured.answering.quotes == measured.answering.verbatim
    assert measured.answering.gold_quotes >= measured.answering.gold_quoted >= 4
